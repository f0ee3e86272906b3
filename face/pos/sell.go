package pos

import (
	"errors"
	"strconv"
	"strings"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/org"
	"storehouse/core/sale"
	"storehouse/core/stock"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).sellRoutes) }

func (f *face) sellRoutes() []web.Route {
	const tag = "Sales management"
	return []web.Route{
		web.Read("GET /connector/api/sell", org.Viewer, f.listSells, web.Title(tag, "List sells"), web.Output[pageOf[sellOut]]),
		web.Write("POST /connector/api/sell", org.Member, f.createSells, web.Title(tag, "Create sell"), web.Input[sellsIn], web.Output[data[[]sellOut]],
			web.Doc("Each sell of the batch stands alone: one that fails is an element with its error, and the others are kept. Clients of the upstream dialect get a bare array.")),
		web.Read("GET /connector/api/sell/{id}", org.Viewer, f.showSells, web.Title(tag, "Get the specified sell")),
		web.Write("PUT /connector/api/sell/{id}", org.Member, f.updateSell, web.Title(tag, "Update sell")),
		web.Write("PATCH /connector/api/sell/{id}", org.Member, f.updateSell, web.Title(tag, "Update sell (PATCH)")),
		web.Write("DELETE /connector/api/sell/{id}", org.Member, f.deleteSell, web.Title(tag, "Delete Sell")),
		web.Write("POST /connector/api/update-shipping-status", org.Member, f.updateShipping, web.Title(tag, "Update shipping status")),
	}
}

// sellsIn documents the body of POST sell; the handler reads it by hand,
// because each sell has its own verdict.
type sellsIn struct {
	Sells []sellIn `json:"sells" required:"true" doc:"sells details"`
}

// maxSells bounds a batch.
const maxSells = 1000

// createSells records a batch of sells (reference, "Create sell"). All in one
// go first; where one of them is refused, one by one, each in a savepoint.
func (f *face) createSells(c *web.Call, _ web.None) (any, error) {
	trees, form, ok, err := sellTrees(c)
	if err != nil {
		return nil, err
	}
	if !ok {
		return web.Undo{Body: f.dialect(c, []any{failed("Invalid form data")})}, nil
	}
	if len(trees) > maxSells {
		return nil, fault.Field("sells", "must not have more than %d sells", maxSells)
	}
	z, err := zone(c)
	if err != nil {
		return nil, err
	}
	out := f.seller(c.R, c.Org, stamps{z})
	drafts, verdicts := make([]sale.New, len(trees)), make([]error, len(trees))
	bad := false
	for i, tree := range trees {
		drafts[i], verdicts[i] = newSell(c, tree, form, out.when)
		bad = bad || verdicts[i] != nil
	}
	elements := make([]any, len(trees))
	if !bad {
		made, err := createAll(c, drafts)
		if err == nil {
			for i, s := range made {
				elements[i] = out.sell(s)
			}
			return f.dialect(c, elements), nil
		}
		if !refusal(err) {
			return nil, err
		}
		verdicts[0] = err
	}
	if len(trees) == 1 {
		msg, err := f.refused(c, verdicts[0])
		return web.Undo{Body: f.dialect(c, []any{failed(msg)})}, err
	}
	for i, d := range drafts {
		err := verdicts[i]
		if bad && err != nil {
			// refused before it could be tried
		} else if err = c.Try(func() error {
			made, err := sale.Create(c.Tx, d)
			if err == nil {
				elements[i] = out.sell(made[0])
			}
			return err
		}); err != nil && !refusal(err) {
			return nil, err
		}
		if err != nil {
			msg, err := f.refused(c, err)
			if err != nil {
				return nil, err
			}
			elements[i] = failed(msg)
		}
	}
	return f.dialect(c, elements), nil
}

// createAll makes all sells or none. A single one needs no savepoint: its
// refusal rolls the whole request back.
func createAll(c *web.Call, drafts []sale.New) (made []sale.Sale, err error) {
	if len(drafts) == 1 {
		return sale.Create(c.Tx, drafts...)
	}
	err = c.Try(func() (err error) {
		made, err = sale.Create(c.Tx, drafts...)
		return err
	})
	return made, err
}

// refusal reports whether an error is the caller's to see: a fault that is
// not the program's own.
func refusal(err error) bool {
	e, ok := errors.AsType[*fault.Error](err)
	return ok && e.Kind != fault.Internal && e.Kind != fault.TooMany
}

// sellTrees returns the sells of the body: the list under "sells", or the
// body itself where it is an unwrapped sell.
func sellTrees(c *web.Call) (trees []map[string]any, form, ok bool, err error) {
	tree, form, err := c.Input()
	if err != nil {
		return nil, false, false, err
	}
	m, isMap := tree.(map[string]any)
	if !isMap {
		return nil, form, false, nil
	}
	list, wrapped := m["sells"].([]any)
	if !wrapped {
		_, products := m["products"]
		_, lines := m["sell_lines"]
		if _, has := m["sells"]; has || (!products && !lines) {
			return nil, form, false, nil
		}
		return []map[string]any{m}, form, true, nil
	}
	for _, e := range list {
		s, isMap := e.(map[string]any)
		if !isMap {
			return nil, form, false, nil
		}
		trees = append(trees, s)
	}
	return trees, form, len(trees) > 0, nil
}

func newSell(c *web.Call, tree map[string]any, form bool, w stamps) (sale.New, error) {
	n := sale.New{Head: sale.Head{Origin: sale.POS, Status: sale.Final, FromAPI: true}}
	var in sellIn
	if err := web.Bind(tree, form, &in); err != nil {
		return n, err
	}
	if in.Location.N == 0 {
		return n, fault.Field("location_id", "is required")
	}
	if err := c.Actor.MayUse(in.Location.N); err != nil {
		return n, fault.New(fault.Forbidden, "User not allowed to access location with id %d", in.Location.N)
	}
	if len(in.Products) == 0 {
		return n, fault.New(fault.Invalid, "No products added")
	}
	return n, in.onto(&n, w.zone)
}

// refused says why a sell was refused, in the original's words where clients
// know them.
func (f *face) refused(c *web.Call, err error) (string, error) {
	short := stock.Shortages(err)
	if len(short) == 0 {
		return sentence(fault.Of(err)), nil
	}
	items, e := catalog.GetItems(c.Tx, []int64{short[0].Item})
	if e != nil {
		return "", e
	}
	i := items[short[0].Item]
	return "ERROR: NOT ALLOWED: Mismatch between sold and purchase quantity. Product: " + i.Name + " SKU: " + i.Code + " Quantity: " + short[0].Wanted.String(), nil
}

// dialect wraps the answer of POST sell as the caller's program wants it.
func (f *face) dialect(c *web.Call, elements []any) any {
	if c.Actor.Dialect == org.Upstream {
		return elements
	}
	return data[[]any]{elements}
}

type sellsQuery struct {
	paging
	Location      wire.Int  `query:"location_id" doc:"id of the location"`
	Contact       wire.Int  `query:"contact_id" doc:"id of the customer"`
	Status        string    `query:"status" doc:"Sell status. Available values final, draft, quotation, proforma"`
	PaymentStatus string    `query:"payment_status" doc:"Comma separated values of payment statuses. Available values due, partial, paid, overdue"`
	Start         string    `query:"start_date" doc:"format:Y-m-d"`
	End           string    `query:"end_date" doc:"format:Y-m-d"`
	User          wire.Int  `query:"user_id" doc:"id of the user who created the sale"`
	Waiter        wire.Int  `query:"service_staff_id" doc:"id of the service staff assigned with the sale"`
	Shipping      string    `query:"shipping_status" doc:"Shipping Status of the sale (ordered, packed, shipped, delivered, cancelled)"`
	Source        string    `query:"source" doc:"Source of the sale"`
	Subscriptions wire.Bool `query:"only_subscriptions" doc:"Filter only subcription invoices (1, 0)"`
	Suspended     wire.Bool `query:"is_suspend" doc:"Filter only suspended invoices (1, 0)"`
	Quotation     wire.Bool `query:"is_quotation" doc:"Filter only quotation invoices (1, 0)"`
	Purchases     wire.Bool `query:"send_purchase_details" doc:"Get purchase details of each sell line (1, 0)"`
	Order         string    `query:"order_by_date" doc:"Sort sell list by date (asc, desc)"`
}

func (q sellsQuery) filter(c *web.Call, w stamps) (sale.Filter, error) {
	f := sale.Filter{Party: q.Contact.N, CreatedBy: q.User.N, Waiter: q.Waiter.N, ShippingStatus: q.Shipping, Source: q.Source,
		Subscriptions: q.Subscriptions.V, Order: sale.ByID}
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
	return paged(f, c.R, q.paging, list, int(total)), err
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
	IDs       string    `path:"id" doc:"comma separated ids of the sells"`
	Purchases wire.Bool `query:"send_purchase_details" doc:"Get purchase details of each sell line (1, 0)"`
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
	if len(found) == 0 {
		return data[[]sellOut]{}, noModel("Transaction", in.IDs)
	}
	list, err := f.sells(c, f.seller(c.R, c.Org, stamps{z}), found, in.Purchases.V)
	return data[[]sellOut]{list}, err
}

// noModel is Laravel's fault of a row that is not there.
func noModel(model, id string) error {
	return fault.New(fault.NotFound, `No query results for model [App\%s] %s`, model, id)
}

type sellUpdate struct {
	ID string `path:"id" doc:"id of sell to update"`
	sellIn
}

// updateSell changes a sell (reference, "Update sell"). The location stays;
// what is not sent stays, lines and taxes too (DOMAIN §8).
func (f *face) updateSell(c *web.Call, in sellUpdate) (sellOut, error) {
	id, err := f.mine(c, in.ID)
	if err != nil {
		return sellOut{}, err
	}
	z, err := zone(c)
	if err != nil {
		return sellOut{}, err
	}
	in.Location = wire.Int{}
	s, err := sale.Update(c.Tx, id, func(n *sale.New) error { return in.onto(n, z) })
	if err != nil {
		if len(stock.Shortages(err)) > 0 {
			msg, e := f.refused(c, err)
			return sellOut{}, errors.Join(e, fault.New(fault.Conflict, "%s", msg))
		}
		return sellOut{}, err
	}
	out := f.seller(c.R, c.Org, stamps{z})
	out.numbers = true
	return out.sell(s), nil
}

// mine returns the id of a sell that is the organization's and at a location
// that is open to the caller.
func (f *face) mine(c *web.Call, text string) (int64, error) {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id <= 0 {
		return 0, noModel("Transaction", text)
	}
	if c.Actor.Places != "" {
		s, err := sale.Get(c.Tx, id)
		if err != nil || c.Actor.MayUse(s.Location) != nil {
			return 0, noModel("Transaction", text)
		}
	}
	return id, nil
}

type sellDone struct {
	Success any    `json:"success"`
	Msg     string `json:"msg"`
}

type sellID struct {
	ID string `path:"id" doc:"id of the sell to be deleted"`
}

// deleteSell deletes a sell. As the original it answers 200 for a sell that
// does not exist, and success false for one that was returned.
func (f *face) deleteSell(c *web.Call, in sellID) (any, error) {
	gone := sellDone{true, "Sale deleted successfully"}
	id, err := f.mine(c, in.ID)
	if err == nil {
		err = sale.Delete(c.Tx, id)
	}
	switch {
	case err == nil, fault.Is(err, fault.NotFound):
		return gone, nil
	case fault.Is(err, fault.Conflict):
		return web.Undo{Body: sellDone{false, fault.Of(err).Msg}}, nil
	}
	return nil, err
}

type shippingIn struct {
	ID          wire.Int   `json:"id" alias:"transaction_id" required:"true" doc:"id of the sale"`
	Status      wire.Text  `json:"shipping_status" doc:"ordered, packed, shipped, delivered, cancelled"`
	DeliveredTo *wire.Text `json:"delivered_to" doc:"Name of the consignee" maxLength:"191"`
}

func (f *face) updateShipping(c *web.Call, in shippingIn) (any, error) {
	ok := sellDone{1, "Updated Successfully"}
	id, err := f.mine(c, strconv.FormatInt(in.ID.N, 10))
	if err != nil {
		return ok, nil // the original matches nothing and says so
	}
	status := strings.ToLower(in.Status.S)
	var to *string
	if in.DeliveredTo != nil && in.DeliveredTo.Set {
		to = &in.DeliveredTo.S
	}
	_, err = sale.UpdateShipping(c.Tx, id, status, to)
	switch {
	case fault.Is(err, fault.NotFound):
		return ok, nil
	case fault.Is(err, fault.Invalid):
		return nil, fault.New(fault.Invalid, "Invalid shipping status")
	}
	return ok, err
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
