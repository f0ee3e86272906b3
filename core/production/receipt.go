package production

import (
	"fmt"
	"slices"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/org"
	"storehouse/core/stock"
)

// Receive records what was made of an order: it consumes the inputs, those
// given or, scaled to what was made, those of the order, and produces the
// output at their cost and what making it costs besides. More than was
// ordered is refused beyond the organization's tolerance.
func Receive(tx *db.Tx, k Kind, order int64, x Receipt) (Order, Receipt, error) {
	o, err := lock(tx, k, order)
	if err != nil {
		return o, x, err
	}
	if !o.State.open() {
		return o, x, step(o.State, Received)
	}
	set, err := org.LoadSettings(tx)
	if err != nil {
		return o, x, err
	}
	r := receiving{o: &o, x: &x}
	if r.have, err = o.promised(tx); err != nil {
		return o, x, err
	}
	items, err := x.used(tx)
	if err != nil {
		return o, x, err
	}
	if err := r.lines(tx, items, set.OverReceiptPercent); err != nil {
		return o, x, err
	}
	p, err := stock.PolicyOf(tx)
	if err != nil {
		return o, x, err
	}
	if err := receive(tx, p, &r); err != nil {
		return o, x, err
	}
	if err := insertReceipts(tx, x); err != nil {
		return o, x, err
	}
	if err := saveProgress(tx, o, x.Lines); err != nil {
		return o, x, err
	}
	return o, x, o.settle(tx)
}

// settle stores the state that follows from what was received, and takes back
// what is wanted no more.
func (o *Order) settle(tx *db.Tx) error {
	o.derive(tx.Now)
	if err := saveOrder(tx, o); err != nil {
		return err
	}
	return o.sync(tx)
}

// receiving is a receipt on its way into the ledger.
type receiving struct {
	o       *Order
	x       *Receipt
	have    map[place]*promise
	consume []stock.Entry
	owner   []int // of each entry: the receipt line, -1 for an allocation
	at      map[int64]int
}

// used reads the items that are said to have gone into a receipt.
func (x Receipt) used(tx *db.Tx) (map[int64]catalog.Item, error) {
	var given []int64
	for _, l := range x.Lines {
		for _, i := range l.Inputs {
			given = append(given, i.Item)
		}
	}
	return catalog.GetItems(tx, given)
}

// lines checks the receipt's lines, completes them, and adds them to what the
// order has received. items are those that the receipt names.
func (r *receiving) lines(tx *db.Tx, items map[int64]catalog.Item, tolerance dec.D) error {
	if len(r.x.Lines) == 0 || len(r.x.Lines) > maxLines {
		return fault.Field("items", "must have 1 to %d items", maxLines)
	}
	o, x := r.o, r.x
	r.at = o.at()
	var err error
	if x.ID, err = tx.NextID("production_receipt"); err != nil {
		return err
	}
	x.Order, x.Location, x.At, x.CreatedBy, x.CreatedAt, x.UpdatedAt = o.ID, o.Location, later(x.At, tx), tx.Actor, tx.Now, tx.Now
	first, err := tx.NextIDs("production_receipt_line", len(x.Lines))
	if err != nil {
		return err
	}
	for n := range r.x.Lines {
		l := &r.x.Lines[n]
		l.ID, l.Receipt = first+int64(n), r.x.ID
		if err := r.line(n, items, tolerance); err != nil {
			return fault.Under(fmt.Sprintf("items.%d", n), err)
		}
	}
	count := 0
	for _, l := range r.x.Lines {
		count += len(l.Inputs)
	}
	id, err := tx.NextIDs("production_receipt_input", count)
	for n := range r.x.Lines {
		for m := range r.x.Lines[n].Inputs {
			r.x.Lines[n].Inputs[m].ID, r.x.Lines[n].Inputs[m].Line = id, r.x.Lines[n].ID
			id++
		}
	}
	return err
}

func (r *receiving) line(n int, items map[int64]catalog.Item, tolerance dec.D) error {
	x := &r.x.Lines[n]
	at, ok := r.at[x.Line]
	if !ok {
		return fault.Field(words[r.o.Kind].series+"_item_id", "does not exist")
	}
	l := &r.o.Lines[at]
	if x.Quantity <= 0 {
		return fault.Field("quantity", "must be more than zero")
	}
	var c dec.Calc
	most := c.Add(l.Quantity, c.Percent(l.Quantity, tolerance))
	total := c.Add(l.Received, x.Quantity)
	if c.Err() != nil || total > most {
		return fault.Field("quantity", "must be at most %s: %s of %s have been received", max(0, most-l.Received), l.Received, l.Quantity)
	}
	x.Item = l.Item
	before := make([]dec.D, len(l.Inputs))
	for m, i := range l.Inputs {
		before[m] = l.left(i)
	}
	had := l.Received
	l.Received = total
	if x.Inputs == nil {
		if err := scaled(l, x, had); err != nil {
			return err
		}
	} else if err := checkInputs(x.Inputs, items); err != nil {
		return err
	}
	r.use(n, l, before)
	return nil
}

// checkInputs checks inputs that were given; their Kind is what the caller
// says that they are.
func checkInputs(list []ReceiptInput, items map[int64]catalog.Item) error {
	for m, i := range list {
		if items[i.Item].Kind != i.Kind {
			return fault.Field(fmt.Sprintf("inputs.%d.%s_id", m, i.Kind), "does not exist")
		}
		if i.Quantity <= 0 {
			return fault.Field(fmt.Sprintf("inputs.%d.quantity", m), "must be more than zero")
		}
	}
	return nil
}

// scaled gives a received line the inputs that its order says, for what was
// made: the parts of a line add up to its whole.
func scaled(l *Line, x *ReceiptLine, had dec.D) error {
	var c dec.Calc
	x.Inputs = []ReceiptInput{}
	for _, i := range l.Inputs {
		q := c.Sub(c.MulDiv(i.Quantity, l.Received, l.Quantity), c.MulDiv(i.Quantity, had, l.Quantity))
		if q > 0 {
			x.Inputs = append(x.Inputs, ReceiptInput{Item: i.Item, Kind: i.Kind, Quantity: q})
		}
	}
	if c.Err() != nil {
		return fault.Field("quantity", "is too big")
	}
	return nil
}

// use makes the entries that consume a received line's inputs. What the order
// has promised is settled: as much as was made asks for, or more where more
// went in, as far as it is set aside for this line. What of it was not set
// aside is set aside first.
func (r *receiving) use(n int, l *Line, before []dec.D) {
	x := r.x.Lines[n]
	settle := map[int64]dec.D{}
	for m := range l.Inputs {
		i := &l.Inputs[m]
		settle[i.Item] += before[m] - l.left(*i)
	}
	base := stock.Entry{Location: r.o.Location, Ref: r.o.Number, Notes: r.x.Notes, EventDate: r.x.At, Doc: r.o.receiptDoc(r.x.ID), Of: r.o.doc(), Line: l.ID}
	for _, in := range x.Inputs {
		for m := range l.Inputs {
			if l.Inputs[m].Item == in.Item {
				l.Inputs[m].Consumed += in.Quantity
			}
		}
		p := r.have[place{l.ID, in.Item, r.o.Location}]
		if p == nil {
			p = &promise{}
		}
		s := min(in.Quantity, max(settle[in.Item], p.allocated), p.demand+p.allocated)
		settle[in.Item] = max(0, settle[in.Item]-s)
		if more := s - p.allocated; more > 0 {
			e := base
			e.Event, e.Item, e.Quantity, e.Settles = stock.Allocate, in.Item, more, more
			r.consume, r.owner = append(r.consume, e), append(r.owner, -1)
			p.demand, p.allocated = p.demand-more, p.allocated+more
		}
		p.allocated -= s
		e := base
		e.Event, e.Item, e.Quantity, e.Settles, e.Lot = stock.Consume, in.Item, in.Quantity, s, in.Lot
		r.consume, r.owner = append(r.consume, e), append(r.owner, n)
	}
}

// receive posts receipts: what went into them, and then, at what that cost,
// what came out.
func receive(tx *db.Tx, p stock.Policy, list ...*receiving) error {
	var entries []stock.Entry
	for _, r := range list {
		entries = append(entries, r.consume...)
	}
	posted, err := stock.Post(tx, p, entries...)
	if err != nil {
		return err
	}
	entries = nil
	for _, r := range list {
		n := len(r.consume)
		if err := r.sum(posted[:n]); err != nil {
			return err
		}
		posted, entries = posted[n:], append(entries, r.produce()...)
	}
	_, err = stock.Post(tx, p, entries...)
	return err
}

// produce returns the entries of what came out.
func (r *receiving) produce() []stock.Entry {
	entries := make([]stock.Entry, len(r.x.Lines))
	for n, x := range r.x.Lines {
		l := r.o.Lines[r.at[x.Line]]
		cost := x.Cost
		settles := dec.D(0)
		if p := r.have[place{l.ID, l.Item, r.o.Location}]; p != nil {
			settles = min(x.Quantity, p.order)
			p.order -= settles
		}
		entries[n] = stock.Entry{Event: stock.Produce, Item: l.Item, Location: r.o.Location, Quantity: x.Quantity, Settles: settles, Cost: &cost, Lot: x.Lot,
			Ref: r.o.Number, Notes: r.x.Notes, EventDate: r.x.At, Doc: r.o.receiptDoc(r.x.ID), Of: r.o.doc(), Line: l.ID}
	}
	return entries
}

// UpdateReceipt changes when a receipt was. What it posted is taken back as of
// the old date, and that again as of the new one, so that its cost stays.
func UpdateReceipt(tx *db.Tx, k Kind, id int64, change func(*Receipt) error) (Receipt, error) {
	x, o, err := lockReceipt(tx, k, id)
	if err != nil {
		return x, err
	}
	old := x
	if err := change(&x); err != nil {
		return x, err
	}
	x.At, x.UpdatedAt = later(x.At, tx), tx.Now
	if _, err := tx.Exec(`UPDATE production_receipt SET received_at = ?, updated_at = ? WHERE org_id = ? AND id = ?`, x.At, x.UpdatedAt, tx.Org, id); err != nil || x.At.Equal(old.At) {
		return x, err
	}
	list, err := stock.StandingOf(tx, o.receiptDoc(id))
	if err != nil {
		return x, err
	}
	var back, again []stock.Undo
	for _, s := range slices.Backward(list) {
		back = append(back, stock.Undo{Entry: s.ID, EventDate: old.At})
	}
	undone, err := stock.Apply(tx, stock.Policy{Allow: true}, back, nil)
	if err != nil {
		return x, err
	}
	for _, e := range slices.Backward(undone) {
		again = append(again, stock.Undo{Entry: e.ID, EventDate: x.At, Notes: x.Notes})
	}
	_, err = stock.Apply(tx, stock.Policy{Allow: true}, again, nil)
	return x, err
}

// DeleteReceipt removes a receipt and takes back what it posted, as it was
// posted then.
func DeleteReceipt(tx *db.Tx, k Kind, id int64) error {
	x, o, err := lockReceipt(tx, k, id)
	if err != nil {
		return err
	}
	if _, err := stock.ReverseDoc(tx, o.receiptDoc(id)); err != nil {
		return err
	}
	at := o.at()
	for _, r := range x.Lines {
		l := &o.Lines[at[r.Line]]
		l.Received -= r.Quantity
		for _, in := range r.Inputs {
			for m := range l.Inputs {
				if l.Inputs[m].Item == in.Item {
					l.Inputs[m].Consumed -= in.Quantity
				}
			}
		}
	}
	if err := saveProgress(tx, o, x.Lines); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM production_receipt WHERE org_id = ? AND id = ?`, tx.Org, id); err != nil {
		return err
	}
	return o.changed(tx)
}

// lockReceipt locks the order of a receipt and returns both.
func lockReceipt(tx *db.Tx, k Kind, id int64) (Receipt, Order, error) {
	x, err := GetReceipt(tx, k, id)
	if err != nil {
		return x, Order{}, err
	}
	o, err := lock(tx, k, x.Order)
	if err != nil {
		return x, o, err
	}
	x, err = GetReceipt(tx, k, id) // somebody may have deleted it meanwhile
	return x, o, err
}
