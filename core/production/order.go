package production

import (
	"fmt"
	"slices"
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/org"
	"storehouse/core/stock"
)

// maxLines is how many lines one order may have.
const maxLines = 5000

// Create adds an order and posts what its state asks for. One that is made
// Received or Completed has been made in whole. Partial is only ever set by
// receipts: an order made in it is in transit. Lines name Item, Quantity and
// perhaps UnitCost.
func Create(tx *db.Tx, o Order) (Order, error) {
	k, err := read(tx, o)
	if err != nil {
		return o, err
	}
	m, err := k.build(tx, o)
	if err != nil {
		return o, err
	}
	set, err := org.LoadSettings(tx)
	if err != nil {
		return o, err
	}
	list := []made{m}
	err = store(tx, set, list)
	return list[0].o, err
}

// check verifies what an order says of itself.
func (o Order) check(k known) error {
	if !slices.Contains(States, o.State) {
		return fault.Field("status", "is not an order status")
	}
	if !k.locations[o.Location] {
		return fault.Field(o.placeField(), "does not exist")
	}
	return nil
}

func (o Order) placeField() string {
	if o.Kind == Work {
		return "work_site_location_id"
	}
	return "location_id"
}

// add checks lines and adds them to the order without ids, with their inputs
// where the order has been entered.
func (o *Order) add(k known, lines []Line, now time.Time) error {
	if len(lines)+len(o.Lines) > maxLines {
		return fault.Field("items", "must have at most %d items", maxLines)
	}
	var flaws []fault.Flaw
	for n, l := range lines {
		at := fmt.Sprintf("items.%d.", n)
		if k.items[l.Item].Kind != catalog.SKU {
			flaws = append(flaws, fault.Flaw{Field: at + "sku_id", Msg: "does not exist"})
		}
		for _, f := range l.flaws() {
			flaws = append(flaws, fault.Flaw{Field: at + f.Field, Msg: f.Msg})
		}
		l.ID, l.Order, l.Received, l.CreatedAt, l.Inputs = 0, o.ID, 0, now, []Input{}
		o.Lines = append(o.Lines, l)
	}
	if err := fault.Flaws(flaws); err != nil {
		return err
	}
	if !o.State.open() {
		return nil
	}
	return k.explode(o.Lines[len(o.Lines)-len(lines):])
}

func (l Line) flaws() (flaws []fault.Flaw) {
	if l.Quantity <= 0 {
		flaws = append(flaws, fault.Flaw{Field: "quantity", Msg: "must be more than zero"})
	}
	if l.UnitCost != nil && *l.UnitCost < 0 {
		flaws = append(flaws, fault.Flaw{Field: "conversion_cost", Msg: "must not be negative"})
	}
	return flaws
}

// explode gives lines the inputs that their bills of materials say now, one
// level down: what a bill names is taken from stock, also when it is made here
// itself.
func (k known) explode(lines []Line) error {
	var c dec.Calc
	for n := range lines {
		l := &lines[n]
		l.Inputs = []Input{}
		for _, b := range k.bills[l.Item] {
			l.Inputs = append(l.Inputs, Input{Order: l.Order, Line: l.ID, Item: b.Item, Kind: k.items[b.Item].Kind, Quantity: c.Mul(b.Quantity, l.Quantity)})
		}
	}
	if c.Err() != nil {
		return fault.Field("quantity", "is too big")
	}
	return nil
}

// numberInputs gives the inputs of lines their ids.
func numberInputs(tx *db.Tx, lines []Line) error {
	n := 0
	for _, l := range lines {
		n += len(l.Inputs)
	}
	id, err := tx.NextIDs("production_input", n)
	for i := range lines {
		for j := range lines[i].Inputs {
			in := &lines[i].Inputs[j]
			in.ID, in.Line, id = id, lines[i].ID, id+1
		}
	}
	return err
}

// Update changes an order, but not its lines, and posts what its new state or
// place asks for. A state that may not follow is a Transition fault.
func Update(tx *db.Tx, kind Kind, id int64, change func(*Order) error) (Order, error) {
	o, err := lock(tx, kind, id)
	if err != nil {
		return o, err
	}
	old := o
	if err := change(&o); err != nil {
		return o, err
	}
	k, err := read(tx, o)
	if err != nil {
		return o, err
	}
	if err := o.check(k); err != nil {
		return o, err
	}
	if err := step(old.State, o.State); err != nil {
		return o, err
	}
	if to := o.State; to != old.State {
		given := o
		o.State = old.State
		o.enter(to, tx.Now)
		o.keep(old, given)
		if err := o.turn(tx, k, old.State); err != nil {
			return o, err
		}
	}
	if err := saveOrder(tx, &o); err != nil {
		return o, err
	}
	return o, o.sync(tx)
}

// keep lets the stamps that a caller has given stand.
func (o *Order) keep(old, given Order) {
	mine, was, now := o.stamps(), old.stamps(), given.stamps()
	for _, s := range States {
		if !now[s].Equal(*was[s]) {
			*mine[s] = *now[s]
		}
	}
}

// turn makes the inputs of an order that leaves its draft, and drops those of
// one that goes back to it.
func (o *Order) turn(tx *db.Tx, k known, from State) error {
	switch {
	case from == Draft && o.State.open():
		if err := k.explode(o.Lines); err != nil {
			return err
		}
		if err := numberInputs(tx, o.Lines); err != nil {
			return err
		}
		return insertInputs(tx, o.Lines)
	case o.State == Draft:
		for n := range o.Lines {
			o.Lines[n].Inputs = []Input{}
		}
		_, err := tx.Exec(`DELETE FROM production_input WHERE org_id = ? AND order_id = ?`, tx.Org, o.ID)
		return err
	}
	return nil
}

// Delete removes an order and takes back all that it and its receipts posted.
func Delete(tx *db.Tx, k Kind, id int64) error {
	o, err := lock(tx, k, id)
	if err != nil {
		return err
	}
	receipts, err := Receipts(tx, id, 0, 0)
	if err != nil {
		return err
	}
	docs := []stock.Doc{o.doc()}
	for _, x := range receipts {
		docs = append(docs, o.receiptDoc(x.ID))
	}
	if _, err := stock.ReverseDoc(tx, docs...); err != nil {
		return err
	}
	_, err = tx.Exec(`DELETE FROM production_order WHERE org_id = ? AND id = ?`, tx.Org, id)
	return err
}

func later(t time.Time, tx *db.Tx) time.Time {
	if t.IsZero() {
		return tx.Now
	}
	return t
}
