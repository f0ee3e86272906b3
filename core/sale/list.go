package sale

import (
	"strings"
	"time"

	"storehouse/base/db"
	"storehouse/core/money"
	"storehouse/core/party"
)

// Filter narrows lists of sales. Zero fields do not narrow.
type Filter struct {
	IDs             []int64
	Origins         []Origin
	Status          Status
	SubStatus       string // Quotation or Proforma
	PlainDraft      bool   // drafts that are neither
	State           State
	Fulfillment     Fulfillment
	Channel         int64
	Location        int64
	Locations       []int64 // where the caller may look
	Party           int64
	Reach           *party.Reach // whose sales the caller may see
	CreatedBy       int64
	Waiter          int64
	CommissionAgent int64
	ServiceType     int64
	Table           int64
	PaymentStatuses []string // PaidUp, PartPaid, Due, Overdue
	ShippingStatus  string
	Source          string // "woocommerce" also finds what came from WooCommerce
	ExternalSource  string
	ExternalIDs     []string
	Numbers         []string
	From, To        time.Time // of SoldAt; To is not included
	Suspended       *bool
	Subscriptions   bool // recurring sells alone
	OrdersOnly      bool // what the order book shows: no drafts of the till
	CustomerGroup   int64
	Goods           Goods // what is among the lines

	Order  Order
	After  int64 // of ByNewest: the last id seen
	Limit  int   // 0 is all
	Offset int
}

// Goods narrows lists of sales to those with a line of such a product.
type Goods struct {
	Name, Code                string // parts of them; Code is the product's or the item's
	Custom1                   string
	Categories, SubCategories []int64
}

// where adds the condition. The lines are looked at below each sale, so that
// the list keeps its order and stops at its page.
func (g Goods) where(tx *db.Tx, w *db.Where) {
	var in db.Where
	in.AddIf(g.Name != "", `lower(p.name) LIKE ? ESCAPE '\'`, db.Like(g.Name))
	if g.Code != "" {
		in.Add(`(lower(p.code) LIKE ? ESCAPE '\' OR lower(i.code) LIKE ? ESCAPE '\')`, db.Like(g.Code), db.Like(g.Code))
	}
	in.AddIf(g.Custom1 != "", "p.custom_field1 = ?", g.Custom1)
	db.In(&in, "p.category_id", g.Categories)
	db.In(&in, "p.sub_category_id", g.SubCategories)
	if len(in.Args) == 0 {
		return
	}
	w.Add(`EXISTS (SELECT 1 FROM sale_line l
		JOIN item i ON i.org_id = l.org_id AND i.id = l.item_id
		JOIN product p ON p.org_id = i.org_id AND p.id = i.product_id
		WHERE l.org_id = ? AND l.sale_id = sale.id`+in.And()+`)`, append([]any{tx.Org}, in.Args...)...)
}

// Order is the order of a list.
type Order int

// The orders.
const (
	ByID       Order = iota // oldest entry first
	ByNewest                // newest entry first, with After for the next page
	ByDate                  // SoldAt, oldest first
	ByDateDesc              // SoldAt, newest first
)

var orderBy = map[Order]string{ByID: "id", ByNewest: "id DESC", ByDate: "sold_at, id", ByDateDesc: "sold_at DESC, id DESC"}

// List lists sales with their lines and payments, in three statements however
// many there are. more says that others follow.
func List(tx *db.Tx, f Filter) (list []Sale, more bool, err error) {
	if list, more, err = Heads(tx, f); err != nil {
		return nil, false, err
	}
	return list, more, fill(tx, list)
}

// Heads lists sales without their lines and payments, in one statement.
func Heads(tx *db.Tx, f Filter) (list []Sale, more bool, err error) {
	q, args := f.sql(tx)
	if list, err = all(tx, (*Sale).columns, q, args...); err != nil {
		return nil, false, err
	}
	if f.Limit > 0 && len(list) > f.Limit {
		list, more = list[:f.Limit], true
	}
	for i := range list {
		list[i].Lines, list[i].Payments = []Line{}, []money.Payment{}
	}
	return list, more, nil
}

func (f Filter) sql(tx *db.Tx) (string, []any) {
	w := f.where(tx)
	q := `SELECT ` + saleCols + ` FROM sale` + w.SQL() + ` ORDER BY ` + orderBy[f.Order]
	if f.Limit > 0 {
		q += ` LIMIT ? OFFSET ?`
		w.Args = append(w.Args, f.Limit+1, f.Offset)
	}
	return q, w.Args
}

// EachBatch lists all sales of a filter in bounded memory: fn is called with
// some at a time, with their lines and payments, and may run statements. The
// list is ordered by id.
func EachBatch(tx *db.Tx, f Filter, fn func([]Sale) error) error {
	f.Order, f.Limit, f.Offset = ByID, 500, 0
	for {
		list, more, err := List(tx, f)
		if err != nil {
			return err
		}
		if len(list) > 0 {
			if err := fn(list); err != nil {
				return err
			}
			f.After = list[len(list)-1].ID
		}
		if !more {
			return nil
		}
	}
}

// Count counts the sales of a filter. All of them are counted already, and so
// are the final ones but for the drafts, which are few, and the paid ones but
// for those that are not; those of a narrower filter are counted in its index.
func Count(tx *db.Tx, f Filter) (int64, error) {
	w := f.where(tx)
	const all = ` WHERE org_id = ?`
	switch w.SQL() {
	case all:
		list, err := db.All(tx, db.Value[int64], `SELECT last FROM counter WHERE org_id = ? AND series = ?`, tx.Org, counted)
		if err != nil || len(list) == 0 {
			return 0, err
		}
		return list[0], nil
	case all + ` AND status = 'final'`:
		drafts, err := Count(tx, Filter{Status: Draft})
		if err != nil {
			return 0, err
		}
		n, err := Count(tx, Filter{})
		return n - drafts, err
	case all + ` AND (payment_status = 'paid')`: // every final sale is paid, partly paid or due
		open, err := Count(tx, Filter{PaymentStatuses: []string{Due, PartPaid}})
		if err != nil {
			return 0, err
		}
		n, err := Count(tx, Filter{Status: Final})
		return n - open, err
	}
	return db.One(tx, db.Value[int64], `SELECT count(org_id) FROM sale`+w.SQL(), w.Args...)
}

func (f Filter) where(tx *db.Tx) db.Where {
	var w db.Where
	w.Add("org_id = ?", tx.Org)
	db.In(&w, "id", f.IDs)
	db.In(&w, "origin", texts(f.Origins))
	// Literals, so that the partial indexes apply.
	w.AddIf(f.Status == Draft || f.PlainDraft || f.SubStatus != "", "status = 'draft'")
	w.AddIf(f.Status == Final, "status = 'final'")
	w.AddIf(f.SubStatus != "", "sub_status = ?", f.SubStatus)
	w.AddIf(f.PlainDraft, "sub_status IS NULL")
	w.AddIf(f.State != "", "order_status = ?", string(f.State))
	w.AddIf(f.OrdersOnly, "order_status <> ''")
	w.AddIf(f.Fulfillment != "", "fulfillment_status = ?", string(f.Fulfillment))
	w.AddIf(f.Channel != 0, "channel_id = ?", f.Channel)
	w.AddIf(f.Location != 0, "location_id = ?", f.Location)
	db.In(&w, "location_id", f.Locations)
	w.AddIf(f.Party != 0, "party_id = ?", f.Party)
	w.AddIf(f.CreatedBy != 0, "created_by = ?", f.CreatedBy)
	w.AddIf(f.Waiter != 0, "waiter_id = ?", f.Waiter)
	w.AddIf(f.CommissionAgent != 0, "commission_agent_id = ?", f.CommissionAgent)
	w.AddIf(f.ServiceType != 0, "service_type_id = ?", f.ServiceType)
	w.AddIf(f.Table != 0, "table_id = ?", f.Table)
	w.AddIf(f.ShippingStatus != "", "shipping_status = ?", f.ShippingStatus)
	if strings.EqualFold(f.Source, "woocommerce") {
		w.Add("(source = ? OR woocommerce_order_id IS NOT NULL)", f.Source)
	} else {
		w.AddIf(f.Source != "", "source = ?", f.Source)
	}
	w.AddIf(f.ExternalSource != "", "external_source = ?", f.ExternalSource)
	db.In(&w, "external_id", f.ExternalIDs)
	db.In(&w, "number", f.Numbers)
	w.AddIf(!f.From.IsZero(), "sold_at >= ?", f.From)
	w.AddIf(!f.To.IsZero(), "sold_at < ?", f.To)
	if f.Suspended != nil {
		w.AddIf(*f.Suspended, "is_suspend = 1")
		w.AddIf(!*f.Suspended, "is_suspend = 0")
	}
	w.AddIf(f.Subscriptions, "is_recurring = 1")
	w.AddIf(f.After != 0 && f.Order == ByNewest, "id < ?", f.After)
	w.AddIf(f.After != 0 && f.Order == ByID, "id > ?", f.After)
	w.AddIf(f.CustomerGroup != 0, "customer_group_id = ?", f.CustomerGroup)
	reach, args := f.Reach.Where(tx, "party_id")
	w.AddIf(reach != "", reach, args...)
	f.wherePaid(tx, &w)
	f.Goods.where(tx, &w)
	return w
}

// wherePaid adds the payment statuses. Due and PartPaid find what is overdue
// too: that is how it is stored.
func (f Filter) wherePaid(tx *db.Tx, w *db.Where) {
	if len(f.PaymentStatuses) == 0 {
		return
	}
	var parts []string
	var args []any
	open := true
	for _, p := range f.PaymentStatuses {
		switch p {
		case PaidUp:
			open = false
			parts = append(parts, "payment_status = 'paid'")
		case Due:
			parts = append(parts, "payment_status = 'due'")
		case PartPaid:
			parts = append(parts, "payment_status = 'partial'")
		case Overdue:
			parts = append(parts, "due_at < ?")
			args = append(args, tx.Now)
		default:
			open = false
			parts = append(parts, "1 = 0")
		}
	}
	w.AddIf(open, "payment_status IN ('due', 'partial')")
	if cond := "(" + strings.Join(parts, " OR ") + ")"; open || len(args) == 0 {
		w.Add(cond, args...)
	} else {
		w.Add(strings.ReplaceAll(cond, "due_at < ?", "payment_status IN ('due', 'partial') AND due_at < ?"), args...)
	}
}

func texts(list []Origin) []string {
	out := make([]string, len(list))
	for i, o := range list {
		out[i] = string(o)
	}
	return out
}

// Find returns the sale of an external id; ok is false where there is none.
func Find(tx *db.Tx, source, id string) (s Sale, ok bool, err error) {
	list, _, err := List(tx, Filter{ExternalSource: source, ExternalIDs: []string{id}, Limit: 1})
	if err != nil || len(list) == 0 {
		return Sale{}, false, err
	}
	return list[0], true, nil
}

// ByNumber returns the sale with a number; ok is false where there is none.
func ByNumber(tx *db.Tx, number string) (s Sale, ok bool, err error) {
	list, _, err := List(tx, Filter{Numbers: []string{number}, Limit: 1})
	if err != nil || len(list) == 0 {
		return Sale{}, false, err
	}
	return list[0], true, nil
}
