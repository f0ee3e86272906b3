package pos

import (
	"fmt"
	"time"

	"storehouse/base/fault"
	"storehouse/core/crm"
	"storehouse/core/org"
	"storehouse/core/party"
	"storehouse/core/staff"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).accountRoutes) }

func (f *face) accountRoutes() []web.Route {
	return []web.Route{
		web.Read("GET /connector/api/active-subscription", org.Viewer, f.subscription, web.Title("Superadmin", "Get active subscription details")),
		web.Read("GET /connector/api/packages", org.Viewer, f.packages, web.Title("Superadmin", "Get list of packages")),
		web.Read("GET /connector/api/notifications", org.Viewer, f.notifications, web.Title("Business", "Get notifications")),
		web.Read("GET /connector/api/get-location", org.Viewer, f.getLocation, web.Title("Business", "Get location details from coordinates")),
		web.Write("POST /connector/api/forget-password", org.Member, f.forgetPassword, web.Title("User management", "Recover forgotten password")),
	}
}

// packageDetails is what the subscription allows: everything, without limits.
// Apps show and hide their parts by these flags.
type packageDetails struct {
	LocationCount int    `json:"location_count"` // 0 is no limit
	UserCount     int    `json:"user_count"`
	ProductCount  int    `json:"product_count"`
	InvoiceCount  int    `json:"invoice_count"`
	Name          string `json:"name"`
	Connector     string `json:"connector_module"`
	CRM           string `json:"crm_module"`
	Essentials    string `json:"essentials_module"`
	FieldForce    string `json:"field_force_module"`
	WooCommerce   string `json:"woocommerce_module"`
	Manufacturing string `json:"manufacturing_module"`
}

var everything = packageDetails{Name: "Storehouse", Connector: "1", CRM: "1", Essentials: "1", FieldForce: "1", WooCommerce: "1", Manufacturing: "1"}

// subscriptionOut is a subscription that never ends and costs nothing: the
// program is one's own.
type subscriptionOut struct {
	ID            int64          `json:"id"`
	Business      int64          `json:"business_id"`
	Package       int64          `json:"package_id"`
	Start         string         `json:"start_date"`
	TrialEnd      wire.TextN     `json:"trial_end_date"`
	End           wire.TextN     `json:"end_date"`
	Price         wire.Dec4      `json:"package_price"`
	Details       packageDetails `json:"package_details"`
	CreatedBy     wire.IntN      `json:"created_id"`
	PaidVia       wire.TextN     `json:"paid_via"`
	TransactionID wire.TextN     `json:"payment_transaction_id"`
	Status        string         `json:"status"`
	DeletedAt     wire.Stamp     `json:"deleted_at"`
	CreatedAt     wire.Stamp     `json:"created_at"`
	UpdatedAt     wire.Stamp     `json:"updated_at"`
}

func (f *face) subscription(c *web.Call, _ web.None) (data[subscriptionOut], error) {
	o, err := org.Get(c.Tx)
	if err != nil {
		return data[subscriptionOut]{}, err
	}
	z, err := zone(c)
	s := stamps{z}
	return data[subscriptionOut]{subscriptionOut{ID: 1, Business: c.Org, Package: 1, Start: o.CreatedAt.In(z).Format(time.DateOnly), Details: everything,
		Status: "approved", CreatedAt: s.at(o.CreatedAt), UpdatedAt: s.at(o.CreatedAt)}}, err
}

type packageOut struct {
	ID            int64     `json:"id"`
	Name          string    `json:"name"`
	Description   string    `json:"description"`
	LocationCount int       `json:"location_count"`
	UserCount     int       `json:"user_count"`
	ProductCount  int       `json:"product_count"`
	InvoiceCount  int       `json:"invoice_count"`
	Interval      string    `json:"interval"`
	IntervalCount int       `json:"interval_count"`
	TrialDays     int       `json:"trial_days"`
	Price         wire.Dec4 `json:"price"`
	SortOrder     int       `json:"sort_order"`
	IsActive      wire.Bit  `json:"is_active"`
	IsPrivate     wire.Bit  `json:"is_private"`
}

func (f *face) packages(*web.Call, web.None) (data[[]packageOut], error) {
	return data[[]packageOut]{[]packageOut{{ID: 1, Name: everything.Name, Description: "Everything, without limits", Interval: "years", IntervalCount: 1,
		SortOrder: 1, IsActive: true}}}, nil
}

type notificationOut struct {
	Msg       string     `json:"msg"`
	Icon      string     `json:"icon_class"`
	Link      string     `json:"link"`
	ReadAt    wire.Stamp `json:"read_at"`
	CreatedAt wire.Stamp `json:"created_at"`
}

// maxNotifications is how many a user gets.
const maxNotifications = 30

// notifications are the user's follow-ups of which they have been reminded
// and that have not begun.
func (f *face) notifications(c *web.Call, _ web.None) (data[[]notificationOut], error) {
	out := data[[]notificationOut]{[]notificationOut{}}
	z, err := zone(c)
	if err != nil {
		return out, err
	}
	list, err := crm.Upcoming(c.Tx, c.Actor.User, maxNotifications)
	if err != nil {
		return out, err
	}
	var contacts []int64
	for _, v := range list {
		contacts = append(contacts, v.Party)
	}
	names := map[int64]string{}
	parties, err := party.GetMany(c.Tx, contacts)
	for _, p := range parties {
		names[p.ID] = p.Name
	}
	for _, v := range list {
		out.Data = append(out.Data, notificationOut{Msg: fmt.Sprintf("%s with %s at %s", v.Title, names[v.Party], v.StartsAt.In(z).Format(wire.StampLayout)),
			Icon: "fas fa fa-calendar-check bg-green", CreatedAt: stamps{z}.at(v.RemindAt())})
	}
	return out, err
}

type coordinatesIn struct {
	Lat wire.Num `query:"lat" required:"true" minimum:"-90" maximum:"90" doc:"Latitude"`
	Lon wire.Num `query:"lon" required:"true" minimum:"-180" maximum:"180" doc:"Longitude"`
}

type addressOut struct {
	Address string `json:"address"`
}

// getLocation answers the coordinates as a text: the program asks no map
// service where its users are.
func (f *face) getLocation(_ *web.Call, in coordinatesIn) (addressOut, error) {
	return addressOut{in.Lat.D.String() + ", " + in.Lon.D.String()}, nil
}

type forgetIn struct {
	Email wire.Text `json:"email" doc:"Users email id"`
}

func (f *face) forgetPassword(c *web.Call, in forgetIn) (doneOut, error) {
	if in.Email.S == "" {
		return doneOut{}, fault.Field("email", "is required")
	}
	return doneOut{1, "New password sent to " + in.Email.S + " successfully"}, staff.ForgotPassword(c.Tx, c.Actor, in.Email.S)
}
