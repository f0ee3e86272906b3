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
	if err := o.check(tx); err != nil {
		return o, err
	}
	want := o.State
	lines := o.Lines
	o.Lines = nil
	id, err := tx.NextID("production_order")
	if err != nil {
		return o, err
	}
	o.ID, o.CreatedBy, o.CreatedAt, o.UpdatedAt = id, tx.Actor, tx.Now, tx.Now
	given := o.PlacedAt
	o.State = Draft
	switch want {
	case Partial, Received, Completed:
		o.enter(InTransit, tx.Now)
	default:
		o.enter(want, tx.Now)
	}
	if !given.IsZero() {
		o.PlacedAt = given
	}
	if err := o.add(tx, lines); err != nil {
		return o, err
	}
	set, err := org.LoadSettings(tx)
	if err != nil {
		return o, err
	}
	n, err := tx.Number(words[o.Kind].series)
	if err != nil {
		return o, err
	}
	o.Number = fmt.Sprintf("%s%04d", set.Prefix(words[o.Kind].series), n)
	if err := insertOrder(tx, o); err != nil {
		return o, err
	}
	if err := o.sync(tx); err != nil {
		return o, err
	}
	if want == Received || want == Completed {
		return o.finish(tx, want)
	}
	return o, nil
}

// finish makes the whole of an order that is made in a late state.
func (o Order) finish(tx *db.Tx, want State) (Order, error) {
	if len(o.Lines) == 0 {
		o.enter(want, tx.Now)
		return o, saveOrder(tx, &o)
	}
	x := Receipt{At: o.PlacedAt}
	for _, l := range o.Lines {
		x.Lines = append(x.Lines, ReceiptLine{Line: l.ID, Quantity: l.Quantity})
	}
	o, _, err := Receive(tx, o.Kind, o.ID, x)
	if err != nil || want == Received {
		return o, err
	}
	return Update(tx, o.Kind, o.ID, func(o *Order) error { o.State = Completed; return nil })
}

// check verifies what an order says of itself.
func (o Order) check(tx *db.Tx) error {
	if !slices.Contains(States, o.State) {
		return fault.Field("status", "is not an order status")
	}
	_, err := org.GetLocation(tx, o.Location)
	if fault.Is(err, fault.NotFound) {
		return fault.Field(o.placeField(), "does not exist")
	}
	return err
}

func (o Order) placeField() string {
	if o.Kind == Work {
		return "work_site_location_id"
	}
	return "location_id"
}

// add checks lines and adds them to the order with new ids, and their inputs
// where the order has been entered.
func (o *Order) add(tx *db.Tx, lines []Line) error {
	if len(lines)+len(o.Lines) > maxLines {
		return fault.Field("items", "must have at most %d items", maxLines)
	}
	ids := make([]int64, len(lines))
	for n, l := range lines {
		ids[n] = l.Item
	}
	items, err := catalog.GetItems(tx, ids)
	if err != nil {
		return err
	}
	first, err := tx.NextIDs("production_line", len(lines))
	if err != nil {
		return err
	}
	var flaws []fault.Flaw
	for n, l := range lines {
		at := fmt.Sprintf("items.%d.", n)
		if items[l.Item].Kind != catalog.SKU {
			flaws = append(flaws, fault.Flaw{Field: at + "sku_id", Msg: "does not exist"})
		}
		for _, f := range l.flaws() {
			flaws = append(flaws, fault.Flaw{Field: at + f.Field, Msg: f.Msg})
		}
		l.ID, l.Order, l.Received, l.CreatedAt, l.Inputs = first+int64(n), o.ID, 0, tx.Now, []Input{}
		o.Lines = append(o.Lines, l)
	}
	if err := fault.Flaws(flaws); err != nil {
		return err
	}
	if o.State == Draft {
		return nil
	}
	return explode(tx, o.Lines[len(o.Lines)-len(lines):])
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
func explode(tx *db.Tx, lines []Line) error {
	outputs := make([]int64, len(lines))
	for n, l := range lines {
		outputs[n] = l.Item
	}
	boms, err := catalog.BOMs(tx, outputs)
	if err != nil {
		return err
	}
	var parts []int64
	count := 0
	for _, l := range lines {
		for _, b := range boms[l.Item] {
			parts = append(parts, b.Item)
			count++
		}
	}
	items, err := catalog.GetItems(tx, parts)
	if err != nil {
		return err
	}
	id, err := tx.NextIDs("production_input", count)
	if err != nil {
		return err
	}
	var c dec.Calc
	for n := range lines {
		l := &lines[n]
		l.Inputs = []Input{}
		for _, b := range boms[l.Item] {
			l.Inputs = append(l.Inputs, Input{ID: id, Order: l.Order, Line: l.ID, Item: b.Item, Kind: items[b.Item].Kind, Quantity: c.Mul(b.Quantity, l.Quantity)})
			id++
		}
	}
	if c.Err() != nil {
		return fault.Field("quantity", "is too big")
	}
	return nil
}

// Update changes an order, but not its lines, and posts what its new state or
// place asks for. A state that may not follow is a Transition fault.
func Update(tx *db.Tx, k Kind, id int64, change func(*Order) error) (Order, error) {
	o, err := lock(tx, k, id)
	if err != nil {
		return o, err
	}
	old := o
	if err := change(&o); err != nil {
		return o, err
	}
	if err := o.check(tx); err != nil {
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
		if err := o.turn(tx, old.State); err != nil {
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
func (o *Order) turn(tx *db.Tx, from State) error {
	switch {
	case from == Draft && o.State.open():
		if err := explode(tx, o.Lines); err != nil {
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
