package pos

import (
	"errors"
	"strconv"
	"strings"

	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/doc"
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
		web.Read("GET /connector/api/sell", org.Viewer, f.listSells, web.Title(tag, "List sells"), may("sell.view"), web.Output[pageOf[sellOut]]),
		web.Write("POST /connector/api/sell", org.Member, f.createSells, web.Title(tag, "Create sell"), may("sell.create"), web.Input[sellsIn], web.Output[web.Either[data[[]madeOut], []madeOut]],
			web.Doc("Each sell of the batch stands alone: one that fails is an element with its error, and the others are kept. Clients of the upstream dialect get a bare array.")),
		web.Read("GET /connector/api/sell/{id}", org.Viewer, f.showSells, web.Title(tag, "Get the specified sell"), may("sell.view")),
		web.Write("PUT /connector/api/sell/{id}", org.Member, f.updateSell, web.Title(tag, "Update sell"), may("sell.update")),
		web.Write("PATCH /connector/api/sell/{id}", org.Member, f.updateSell, web.Title(tag, "Update sell (PATCH)"), may("sell.update")),
		web.Write("DELETE /connector/api/sell/{id}", org.Member, f.deleteSell, web.Title(tag, "Delete Sell"), may("sell.delete"), web.Output[sellDone]),
		web.Write("POST /connector/api/update-shipping-status", org.Member, f.updateShipping, web.Title(tag, "Update shipping status"), may("access_shipping"), web.Output[sellDone]),
	}
}

// sellsIn documents the body of POST sell; the handler reads it by hand,
// because each sell has its own verdict.
type sellsIn struct {
	Sells []sellIn `json:"sells" required:"true" doc:"sells details"`
}

// madeOut documents what becomes of a sell of a batch.
type madeOut = web.Either[sellOut, failure]

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
		msg, err := f.refused(c, verdicts[0], drafts[0].Party)
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
			msg, err := f.refused(c, err, d.Party)
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
	if form {
		m["sells"] = web.Nested(m["sells"])
	}
	list, wrapped := web.ListOf(m["sells"])
	if !wrapped {
		_, products := m["products"]
		_, lines := m["sell_lines"]
		if m["sells"] != nil || (!products && !lines) {
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
	n.Party = in.Contact.N
	if err := in.near(c); err != nil {
		return n, err
	}
	return n, in.onto(&n, w.zone)
}

// near refuses a contact with whom the caller does not deal.
func (in sellIn) near(c *web.Call) error {
	err := reach(c).Check(c.Tx, in.Contact.N)
	if fault.Is(err, fault.NotFound) {
		return fault.Field("contact_id", "does not exist")
	}
	return err
}

// refused says why a sell was refused, in the original's words where clients
// know them.
func (f *face) refused(c *web.Call, err error, contact int64) (string, error) {
	short := stock.Shortages(err)
	if len(short) == 0 {
		e := fault.Of(err)
		if len(e.Fields) > 0 && e.Fields[0] == (fault.Flaw{Field: "contact_id", Msg: "does not exist"}) {
			// A till looks for these words, makes the contact and sends the sell again.
			return noModel("Contact", strconv.FormatInt(contact, 10)).Error(), nil
		}
		return sentence(e), nil
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
	var s sale.Sale
	if err = in.near(c); err == nil {
		s, err = sale.Update(c.Tx, id, func(n *sale.New) error { return in.onto(n, z) })
	}
	if err != nil {
		if fault.Is(err, fault.NotFound) {
			return sellOut{}, noModel("Transaction", in.ID)
		}
		if !fault.Is(err, fault.Invalid) && !fault.Is(err, fault.Conflict) {
			return sellOut{}, err
		}
		msg, e := f.refused(c, err, in.Contact.N)
		return sellOut{}, errors.Join(e, fault.New(fault.Conflict, "%s", msg))
	}
	out := f.seller(c.R, c.Org, stamps{z})
	out.numbers = true
	return out.sell(s), nil
}

// mine returns the id of a sell that is the organization's, at a location that
// is open to the caller and of a contact with whom the caller deals.
func (f *face) mine(c *web.Call, text string) (int64, error) {
	id, err := strconv.ParseInt(text, 10, 64)
	if err != nil || id <= 0 {
		return 0, noModel("Transaction", text)
	}
	if c.Actor.Places != "" || c.Actor.Contacts != "" {
		s, err := sale.Get(c.Tx, id)
		if err == nil {
			err = reach(c).Check(c.Tx, s.Party)
		}
		if err != nil || c.Actor.MayUse(s.Location) != nil {
			return 0, noModel("Transaction", text)
		}
	}
	return id, nil
}

type sellDone struct {
	Success success `json:"success"`
	Msg     string  `json:"msg"`
}

// success is true or false where a sell is deleted, 1 or 0 elsewhere.
type success string

// MarshalJSON implements json.Marshaler.
func (s success) MarshalJSON() ([]byte, error) { return []byte(s), nil }

// Schema implements wire.Schemer.
func (success) Schema() map[string]any { return wire.Obj{"type": []any{"boolean", "integer"}} }

type sellID struct {
	ID string `path:"id" doc:"id of the sell to be deleted"`
}

// deleteSell deletes a sell. As the original it answers 200 for a sell that
// does not exist, and success false for one that was returned.
func (f *face) deleteSell(c *web.Call, in sellID) (any, error) {
	gone := sellDone{"true", "Sale deleted successfully"}
	id, err := f.mine(c, in.ID)
	if err == nil {
		err = sale.Delete(c.Tx, id)
	}
	if err == nil { // what the maker face attached to it goes too
		err = doc.DeleteOf(c.Tx, doc.OfSalesOrder, id)
	}
	switch {
	case err == nil, fault.Is(err, fault.NotFound):
		return gone, nil
	case fault.Is(err, fault.Conflict):
		return web.Undo{Body: sellDone{"false", fault.Of(err).Msg}}, nil
	}
	return nil, err
}

type shippingIn struct {
	ID          wire.Int  `json:"id" alias:"transaction_id" required:"true" doc:"id of the sale"`
	Status      wire.Text `json:"shipping_status" doc:"ordered, packed, shipped, delivered, cancelled"`
	DeliveredTo wire.Text `json:"delivered_to" doc:"Name of the consignee" maxLength:"191"`
}

func (f *face) updateShipping(c *web.Call, in shippingIn) (any, error) {
	ok := sellDone{"1", "Updated Successfully"}
	id, err := f.mine(c, strconv.FormatInt(in.ID.N, 10))
	if err != nil {
		return ok, nil // the original matches nothing and says so
	}
	var status, to *string
	if in.Status.Set {
		lower := strings.ToLower(in.Status.S)
		status = &lower
	}
	if in.DeliveredTo.Set {
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
