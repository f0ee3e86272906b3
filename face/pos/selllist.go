package pos

import (
	"strings"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/sale"
	"storehouse/core/stock"
	"storehouse/face/web"
	"storehouse/face/wire"
)

type sellsQuery struct {
	paging
	Location      rowID  `query:"location_id" doc:"id of the location"`
	Contact       rowID  `query:"contact_id" doc:"id of the customer"`
	Status        string `query:"status" doc:"Sell status. Available values final, draft, quotation, proforma"`
	PaymentStatus string `query:"payment_status" doc:"Comma separated values of payment statuses. Available values due, partial, paid, overdue"`
	Start         string `query:"start_date" doc:"format:Y-m-d"`
	End           string `query:"end_date" doc:"format:Y-m-d"`
	User          rowID  `query:"user_id" doc:"id of the user who created the sale"`
	Waiter        rowID  `query:"service_staff_id" doc:"id of the service staff assigned with the sale"`
	Shipping      string `query:"shipping_status" doc:"Shipping Status of the sale (ordered, packed, shipped, delivered, cancelled)"`
	Source        string `query:"source" doc:"Source of the sale"`
	Subscriptions flag   `query:"only_subscriptions" doc:"Filter only subcription invoices (1, 0)"`
	Suspended     flag   `query:"is_suspend" doc:"Filter only suspended invoices (1, 0)"`
	Quotation     flag   `query:"is_quotation" doc:"Filter only quotation invoices (1, 0)"`
	Purchases     flag   `query:"send_purchase_details" doc:"Get purchase details of each sell line (1, 0)"`
	Order         string `query:"order_by_date" doc:"Sort sell list by date (asc, desc)"`
}

func (q sellsQuery) filter(c *web.Call, w stamps) (sale.Filter, error) {
	f := sale.Filter{Party: q.Contact.N, CreatedBy: q.User.N, Waiter: q.Waiter.N, ShippingStatus: q.Shipping, Source: q.Source,
		Subscriptions: q.Subscriptions.V, Order: sale.ByID, Reach: reach(c)}
	var err error
	if f.Locations, err = places(c, q.Location.N); err != nil {
		return f, err
	}
	switch q.Status {
	case "":
	case "final", "draft":
		f.Status = sale.Status(q.Status)
	case sale.Quotation, sale.Proforma:
		f.Status, f.SubStatus = sale.Draft, q.Status
	default:
		return f, fault.Field("status", "must be one of final, draft, quotation, proforma")
	}
	if q.Quotation.Set && q.Quotation.V {
		f.Status, f.SubStatus = sale.Draft, sale.Quotation
	}
	if q.Suspended.Set {
		f.Suspended = &q.Suspended.V
	}
	for _, s := range strings.Split(q.PaymentStatus, ",") {
		switch s = strings.TrimSpace(s); s {
		case "":
		case sale.PaidUp, sale.PartPaid, sale.Due, sale.Overdue:
			f.PaymentStatuses = append(f.PaymentStatuses, s)
		default:
			return f, fault.Field("payment_status", "must be due, partial, paid or overdue")
		}
	}
	switch strings.ToLower(q.Order) {
	case "asc":
		f.Order = sale.ByDate
	case "desc":
		f.Order = sale.ByDateDesc
	}
	f.From, f.To, err = between(q.Start, q.End, w.zone)
	return f, err
}

// listSells lists sells (reference, "List sells") in a fixed number of
// statements; per_page=-1 streams them in batches.
func (f *face) listSells(c *web.Call, q sellsQuery) (any, error) {
	if err := q.check(); err != nil {
		return nil, err
	}
	z, err := zone(c)
	if err != nil {
		return nil, err
	}
	out := f.seller(c.R, c.Org, stamps{z})
	filter, err := q.filter(c, out.when)
	if err != nil {
		return nil, err
	}
	if q.all() {
		return stream(func(emit func(sellOut) error) error {
			return sale.EachBatch(c.Tx, filter, func(batch []sale.Sale) error {
				list, err := f.sells(c, out, batch, q.Purchases.V)
				for i := 0; i < len(list) && err == nil; i++ {
					err = emit(list[i])
				}
				return err
			})
		}), nil
	}
	total, err := sale.Count(c.Tx, filter)
	if err != nil {
		return nil, err
	}
	filter.Limit, filter.Offset = q.perPage(), q.offset()
	found, _, err := sale.List(c.Tx, filter)
	if err != nil {
		return nil, err
	}
	list, err := f.sells(c, out, found, q.Purchases.V)
	return paged(f, asked(c), q.paging, list, int(total)), err
}

// sells spells a batch of sales, with what their lines cost where it is asked
// for.
func (f *face) sells(c *web.Call, out seller, batch []sale.Sale, purchases bool) ([]sellOut, error) {
	list := make([]sellOut, 0, len(batch))
	for _, s := range batch {
		list = append(list, out.sell(s))
	}
	if !purchases || len(batch) == 0 {
		return list, nil
	}
	return list, out.purchases(c.Tx, list)
}

type sellsShow struct {
	IDs       string `path:"id" doc:"comma separated ids of the sells"`
	Purchases flag   `query:"send_purchase_details" doc:"Get purchase details of each sell line (1, 0)"`
}

func (f *face) showSells(c *web.Call, in sellsShow) (data[[]sellOut], error) {
	z, err := zone(c)
	if err != nil {
		return data[[]sellOut]{}, err
	}
	found, err := sale.GetMany(c.Tx, ids(in.IDs)...)
	if err != nil {
		return data[[]sellOut]{}, err
	}
	found = open(c.Actor, found, func(s sale.Sale) int64 { return s.Location })
	if found, err = near(c.Tx, reach(c), found, func(s sale.Sale) int64 { return s.Party }); err != nil {
		return data[[]sellOut]{}, err
	}
	if len(found) == 0 {
		return data[[]sellOut]{}, noModel("Transaction", in.IDs)
	}
	list, err := f.sells(c, f.seller(c.R, c.Org, stamps{z}), found, in.Purchases.V)
	return data[[]sellOut]{list}, err
}

// purchaseOut is what a line's goods had cost, with send_purchase_details=1.
type purchaseOut struct {
	ID       int64        `json:"id"`
	Line     int64        `json:"sell_line_id"`
	Quantity wire.Dec4    `json:"quantity"`
	Returned wire.Dec4    `json:"qty_returned"`
	Purchase purchaseCost `json:"purchase_line"`
}

type purchaseCost struct {
	Price       wire.Dec4  `json:"purchase_price"`
	PriceIncTax wire.Dec4  `json:"purchase_price_inc_tax"`
	Lot         wire.TextN `json:"lot_number"`
}

// purchases reads the entries by which the sells' goods went out, in one
// statement, and puts them to their lines.
func (o seller) purchases(tx *db.Tx, list []sellOut) error {
	docs := make([]stock.Doc, 0, len(list))
	at := map[int64]*sellLineOut{}
	for i := range list {
		docs = append(docs, stock.Doc{Type: "sale", ID: list[i].ID})
		for j := range list[i].Lines {
			at[list[i].Lines[j].ID] = &list[i].Lines[j]
		}
	}
	entries, err := stock.StandingOf(tx, docs...)
	if err != nil {
		return err
	}
	for _, e := range entries {
		l := at[e.Line]
		if e.Event != stock.Consume || l == nil {
			continue
		}
		var cost dec.D
		if e.UnitCost != nil {
			cost = *e.UnitCost
		}
		l.Purchases = append(l.Purchases, purchaseOut{ID: e.ID, Line: e.Line, Quantity: wire.Dec4(e.Quantity), Returned: wire.Dec4(e.Quantity - e.Left),
			Purchase: purchaseCost{wire.Dec4(cost), wire.Dec4(cost), wire.TextN(e.Lot)}})
	}
	return nil
}
