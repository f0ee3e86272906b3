package pos

import (
	"slices"
	"strings"

	"storehouse/core/org"
	"storehouse/face/web"
)

// What a role may do, in the vendor's words: clients show and hide by them, and
// the routes name theirs with may, so that what is shown is what is allowed.
var (
	viewerMay = []string{"product.view", "customer.view", "supplier.view", "sell.view", "direct_sell.access", "list_drafts", "list_quotations",
		"view_cash_register", "purchase.view", "expense.access", "brand.view", "unit.view", "category.view", "tax_rate.view", "user.view",
		"crm.access_all_schedule", "crm.access_all_leads", "essentials.view_own_attendance", "visit.view", "profit_loss_report.view", "stock_report.view"}
	memberMay = []string{"sell.create", "sell.update", "sell.delete", "sell.payments", "access_sell_return", "access_shipping", "product.create", "product.update",
		"customer.create", "customer.update", "supplier.create", "supplier.update", "close_cash_register", "expense.add", "expense.edit", "brand.create",
		"edit_product_price_from_pos_screen", "edit_product_discount_from_pos_screen", "print_invoice", "access_tables", "access_types_of_service",
		"crm.add_schedule", "essentials.allow_users_for_attendance_from_api", "essentials.allow_users_for_attendance_from_web", "visit.create", "visit.update"}
	adminMay = []string{"user.create", "user.update", "user.delete", "roles.view", "business_settings.access", "account.access", "expense.delete",
		"essentials.crud_all_attendance", "superadmin.access_package_subscriptions"}
)

func permissions(a org.Actor) []string {
	list := append([]string{}, viewerMay...)
	if a.Role >= org.Member {
		list = append(list, memberMay...)
	}
	if a.Role >= org.Admin {
		list = append(list, adminMay...)
	}
	if a.Places == "" {
		return append(list, "access_all_locations")
	}
	for _, id := range strings.Split(string(a.Places), ",") {
		list = append(list, "location."+strings.TrimSpace(id))
	}
	return list
}

// may says which permission a route takes; the least role that has it follows.
// A permission that no role has is found at start.
func may(permission string) web.Opt {
	for role, list := range map[org.Role][]string{org.Viewer: viewerMay, org.Member: memberMay, org.Admin: adminMay} {
		if slices.Contains(list, permission) {
			return func(r *web.Route) { r.Role, r.Permission = role, permission }
		}
	}
	panic("pos: nobody has the permission " + permission)
}
