package production

import (
	"errors"
	"slices"
	"strings"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
)

var errCancelled = fault.New(fault.Transition, "the order is cancelled")

// AddLine adds a line to an order.
func AddLine(tx *db.Tx, kind Kind, order int64, l Line) (Line, error) {
	o, err := lock(tx, kind, order)
	if err != nil {
		return l, err
	}
	if o.State == Cancelled {
		return l, errCancelled
	}
	k, err := read(tx, Order{Lines: []Line{l}})
	if err != nil {
		return l, err
	}
	if err := o.add(k, []Line{l}, tx.Now); err != nil {
		return l, bare(err)
	}
	added := o.Lines[len(o.Lines)-1:]
	if added[0].ID, err = tx.NextID("production_line"); err != nil {
		return l, err
	}
	if err := numberInputs(tx, added); err != nil {
		return l, err
	}
	if err := insertLines(tx, added); err != nil {
		return l, err
	}
	return added[0], o.changed(tx)
}

// bare takes "items.0." off the fields of a call about one line.
func bare(err error) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok || len(f.Fields) == 0 {
		return err
	}
	c := *f
	c.Fields = slices.Clone(f.Fields)
	for i := range c.Fields {
		c.Fields[i].Field = strings.TrimPrefix(c.Fields[i].Field, "items.0.")
	}
	c.Msg = c.Fields[0].Field + " " + c.Fields[0].Msg
	return &c
}

// changed settles an order whose lines were changed.
func (o Order) changed(tx *db.Tx) error {
	o.derive(tx.Now)
	if err := saveOrder(tx, &o); err != nil {
		return err
	}
	return o.sync(tx)
}

// UpdateLine changes a line's quantity or cost. Its inputs grow and shrink
// with it; the quantity may not go below what has been received.
func UpdateLine(tx *db.Tx, k Kind, id int64, change func(*Line) error) (Line, error) {
	o, n, err := lineOf(tx, k, id)
	if err != nil {
		return Line{}, err
	}
	l := &o.Lines[n]
	old := *l
	if err := change(l); err != nil {
		return old, err
	}
	if o.State == Cancelled {
		return old, errCancelled
	}
	if err := fault.Flaws(l.flaws()); err != nil {
		return old, err
	}
	if l.Quantity < l.Received && l.Quantity < old.Quantity {
		return old, fault.Field("quantity", "must be at least %s, which has been received", l.Received)
	}
	var c dec.Calc
	for n := range l.Inputs {
		i := &l.Inputs[n]
		i.Quantity = c.MulDiv(i.Quantity, l.Quantity, old.Quantity)
	}
	if c.Err() != nil {
		return old, fault.Field("quantity", "is too big")
	}
	if err := saveLines(tx, []Line{*l}); err != nil {
		return old, err
	}
	return *l, o.changed(tx)
}

// lineOf locks the order of a line.
func lineOf(tx *db.Tx, k Kind, id int64) (Order, int, error) {
	order, err := db.One(tx, db.Value[int64], `SELECT order_id FROM production_line WHERE org_id = ? AND id = ?`, tx.Org, id)
	if fault.Is(err, fault.NotFound) {
		return Order{}, 0, fault.Missing("item")
	}
	if err != nil {
		return Order{}, 0, err
	}
	o, err := lock(tx, k, order)
	if fault.Is(err, fault.NotFound) {
		err = fault.Missing("item")
	}
	if err != nil {
		return o, 0, err
	}
	n := slices.IndexFunc(o.Lines, func(l Line) bool { return l.ID == id })
	if n < 0 {
		return o, 0, fault.Missing("item")
	}
	return o, n, nil
}

// RemoveLine removes a line of which nothing has been received.
func RemoveLine(tx *db.Tx, k Kind, id int64) error {
	o, n, err := lineOf(tx, k, id)
	if err != nil {
		return err
	}
	if o.Lines[n].Received > 0 {
		return fault.New(fault.Conflict, "some of this item has been received")
	}
	o.Lines = slices.Delete(o.Lines, n, n+1)
	if _, err := tx.Exec(`DELETE FROM production_line WHERE org_id = ? AND id = ?`, tx.Org, id); err != nil {
		return err
	}
	return o.changed(tx)
}
