package supply

import (
	"fmt"
	"slices"
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/org"
	"storehouse/core/stock"
)

// maxLines is how many lines one order may have.
const maxLines = 5000

// Create adds an order and posts what its state asks for: one that is placed
// stands as ordered; one that is made Received or Paid has come in whole.
// Partial is only ever set by receipts: an order made in it is in transit.
func Create(tx *db.Tx, o Order, lines []NewLine) (Order, error) {
	d := Draft{o, lines}
	k, err := read(tx, d)
	if err != nil {
		return o, err
	}
	set, err := org.LoadSettings(tx)
	if err != nil {
		return o, err
	}
	m, err := k.build(tx, set, d)
	if err != nil {
		return o, err
	}
	list := []made{m}
	err = store(tx, set, list)
	return list[0].o, err
}

// check verifies what an order says of itself.
func (o Order) check(k known) error {
	var flaws []fault.Flaw
	bad := func(wrong bool, field, msg string) {
		if wrong {
			flaws = append(flaws, fault.Flaw{Field: field, Msg: msg})
		}
	}
	bad(o.Target != Materials && o.Target != FinishedGoods, "target_type", "must be materials or finished_goods")
	bad(!slices.Contains(States, o.State), "status", "is not an order status")
	bad(o.Shipping < 0, "shipping_costs", "must not be negative")
	bad(o.Setup < 0, "setup_costs", "must not be negative")
	bad(o.Other < 0, "other_costs", "must not be negative")
	bad(!k.vendors[o.Vendor], "vendor_id", "does not exist")
	bad(o.Location != 0 && !k.locations[o.Location], "ship_to_location_id", "does not exist")
	return fault.Flaws(flaws)
}

// add checks lines, prices those that have no cost, and adds them to the
// order without ids.
func (o *Order) add(k known, lines []NewLine, now time.Time) error {
	if len(lines)+len(o.Lines) > maxLines {
		return fault.Field("items", "must have at most %d items", maxLines)
	}
	var flaws []fault.Flaw
	for n, l := range lines {
		i := k.items[l.Item]
		if l.Kind != "" && i.Kind != l.Kind {
			i.Kind = "" // named as what it is not: it does not exist
		}
		x := Line{Order: o.ID, Item: l.Item, Kind: i.Kind, Quantity: l.Quantity, UnitCost: i.PurchasePrice, CreatedAt: now}
		if l.UnitCost != nil {
			x.UnitCost = *l.UnitCost
		}
		at := fmt.Sprintf("items.%d.", n)
		for _, f := range x.flaws(*o) {
			if x.Kind == "" && l.Kind != "" && f.Msg == "does not exist" {
				f.Field = l.Kind + "_id" // as it was named
			}
			flaws = append(flaws, fault.Flaw{Field: at + f.Field, Msg: f.Msg})
		}
		o.Lines = append(o.Lines, x)
	}
	if err := fault.Flaws(flaws); err != nil {
		return err
	}
	_, err := landed(*o)
	return err
}

func (l Line) flaws(o Order) (flaws []fault.Flaw) {
	field := "material_id"
	if o.Target == FinishedGoods {
		field = "sku_id"
	}
	switch {
	case l.Kind == "":
		flaws = append(flaws, fault.Flaw{Field: field, Msg: "does not exist"})
	case l.Kind != o.Target.kind():
		flaws = append(flaws, fault.Flaw{Field: field, Msg: "is required: the order buys " + string(o.Target)})
	}
	if l.Quantity <= 0 {
		flaws = append(flaws, fault.Flaw{Field: "quantity", Msg: "must be more than zero"})
	}
	if l.UnitCost < 0 {
		flaws = append(flaws, fault.Flaw{Field: "unit_cost", Msg: "must not be negative"})
	}
	return flaws
}

// Update changes an order, but not its lines, and posts what its new state or
// place asks for. A state that may not follow is a Transition fault.
func Update(tx *db.Tx, id int64, change func(*Order) error) (Order, error) {
	o, err := lock(tx, id)
	if err != nil {
		return o, err
	}
	old := o
	if err := change(&o); err != nil {
		return o, err
	}
	k, err := read(tx, Draft{Order: o})
	if err != nil {
		return o, err
	}
	if err := o.check(k); err != nil {
		return o, err
	}
	if err := step(old.State, o.State); err != nil {
		return o, err
	}
	if o.Target != old.Target && len(o.Lines) > 0 {
		return o, fault.New(fault.Conflict, "the order has items of the other kind")
	}
	if to := o.State; to != old.State {
		given := o
		o.State = old.State
		o.enter(to, tx.Now)
		o.keep(old, given)
	}
	if _, err := landed(o); err != nil {
		return o, err
	}
	if err := saveOrder(tx, &o); err != nil {
		return o, err
	}
	set, err := org.LoadSettings(tx)
	if err != nil {
		return o, err
	}
	return o, o.sync(tx, set.DefaultLocation)
}

// keep lets the stamps that a caller has given stand.
func (o *Order) keep(old, given Order) {
	if given.PlacedAt != old.PlacedAt {
		o.PlacedAt = given.PlacedAt
	}
	if given.InTransitAt != old.InTransitAt {
		o.InTransitAt = given.InTransitAt
	}
	if given.PaidAt != old.PaidAt {
		o.PaidAt = given.PaidAt
	}
	if given.CancelledAt != old.CancelledAt {
		o.CancelledAt = given.CancelledAt
	}
}

// Delete removes an order and takes back all that it and its receipts posted.
func Delete(tx *db.Tx, id int64) error {
	o, err := lock(tx, id)
	if err != nil {
		return err
	}
	receipts, err := Receipts(tx, id, 0, 0)
	if err != nil {
		return err
	}
	docs := []stock.Doc{o.doc()}
	for _, x := range receipts {
		docs = append(docs, x.doc())
	}
	if _, err := stock.ReverseDoc(tx, docs...); err != nil {
		return err
	}
	_, err = tx.Exec(`DELETE FROM purchase WHERE org_id = ? AND id = ?`, tx.Org, id)
	return err
}

// sync makes the ledger's open orders what the order's lines and state ask
// for: what was ordered and has not come in. home is the organization's
// default location; 0 has it read.
func (o Order) sync(tx *db.Tx, home int64) error {
	at, err := o.place(tx, home)
	if err != nil {
		return err
	}
	type key struct{ line, item, location int64 }
	want := map[key]dec.D{}
	if o.State.open() {
		for _, l := range o.Lines {
			want[key{l.ID, l.Item, at}] = max(0, l.Quantity-l.Received)
		}
	}
	open, err := stock.Open(tx, o.doc())
	if err != nil {
		return err
	}
	have := map[key]dec.D{}
	for _, n := range open {
		have[key{n.Line, n.Total.Item, n.Total.Location}] += n.Total.OnOrder
	}
	var entries []stock.Entry
	for _, l := range o.Lines {
		k := key{l.ID, l.Item, at}
		if more := want[k] - have[k]; more > 0 {
			entries = append(entries, o.ordered(l, at, more))
		}
	}
	list, err := stock.StandingOf(tx, o.doc())
	if err != nil {
		return err
	}
	var undo []stock.Undo
	for _, s := range slices.Backward(list) {
		k := key{s.Line, s.Item, s.Location}
		if s.Event != stock.Order || s.Doc != o.doc() {
			continue
		}
		if q := min(s.Left, have[k]-want[k]); q > 0 {
			have[k] -= q
			undo = append(undo, stock.Undo{Entry: s.ID, Quantity: q})
		}
	}
	_, err = stock.Apply(tx, stock.Policy{}, undo, entries)
	return err
}

// ordered is the entry of goods of a line that are on order.
func (o Order) ordered(l Line, at int64, quantity dec.D) stock.Entry {
	return stock.Entry{Event: stock.Order, Item: l.Item, Location: at, Quantity: quantity, Doc: o.doc(), Line: l.ID, Ref: o.Number, EventDate: o.PlacedAt}
}

// place is where an order goes.
func (o Order) place(tx *db.Tx, home int64) (int64, error) {
	if o.Location != 0 {
		return o.Location, nil
	}
	if home == 0 {
		set, err := org.LoadSettings(tx)
		if err != nil {
			return 0, err
		}
		home = set.DefaultLocation
	}
	if home == 0 {
		return 0, fault.Field("ship_to_location_id", "is required: the organization has no default location")
	}
	return home, nil
}
