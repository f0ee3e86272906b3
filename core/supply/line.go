package supply

import (
	"errors"
	"slices"
	"strings"
	"time"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/catalog"
)

func later(t time.Time, tx *db.Tx) time.Time {
	if t.IsZero() {
		return tx.Now
	}
	return t
}

// AddLine adds a line to an order.
func AddLine(tx *db.Tx, order int64, l NewLine) (Line, error) {
	o, err := lock(tx, order)
	if err != nil {
		return Line{}, err
	}
	if o.State == Cancelled {
		return Line{}, errCancelled
	}
	k, err := read(tx, Draft{Order: o, Lines: []NewLine{l}})
	if err != nil {
		return Line{}, err
	}
	if err := o.add(k, []NewLine{l}, tx.Now); err != nil {
		return Line{}, bare(err)
	}
	line := &o.Lines[len(o.Lines)-1]
	if line.ID, err = tx.NextID("purchase_line"); err != nil {
		return Line{}, err
	}
	if err := insertLines(tx, []Line{*line}); err != nil {
		return Line{}, err
	}
	return *line, o.changed(tx)
}

var errCancelled = fault.New(fault.Transition, "the order is cancelled")

// bare takes "items.0." off the fields of a call about one line.
func bare(err error) error {
	f, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return err
	}
	c := *f
	c.Fields = slices.Clone(f.Fields)
	for i := range c.Fields {
		c.Fields[i].Field = strings.TrimPrefix(c.Fields[i].Field, "items.0.")
	}
	if len(c.Fields) > 0 {
		c.Msg = c.Fields[0].Field + " " + c.Fields[0].Msg
	}
	return &c
}

// changed settles an order whose lines were changed.
func (o Order) changed(tx *db.Tx) error {
	o.derive(tx.Now)
	if err := saveOrder(tx, &o); err != nil {
		return err
	}
	return o.sync(tx, 0)
}

// UpdateLine changes a line's item, quantity or cost. What has come in of it
// stays: the item may not change then, nor the quantity go below it.
func UpdateLine(tx *db.Tx, id int64, change func(*Line) error) (Line, error) {
	o, n, err := lineOf(tx, id)
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
	if l.Item != old.Item {
		items, err := catalog.GetItems(tx, []int64{l.Item})
		if err != nil {
			return old, err
		}
		if items[l.Item].Kind != l.Kind {
			l.Kind = ""
		}
	}
	if err := fault.Flaws(l.flaws(o)); err != nil {
		return old, err
	}
	if l.Received > 0 && l.Item != old.Item {
		return old, fault.New(fault.Conflict, "some of this item has been received")
	}
	if l.Quantity < l.Received && l.Quantity < old.Quantity {
		return old, fault.Field("quantity", "must be at least %s, which has been received", l.Received)
	}
	if _, err := landed(o); err != nil {
		return old, err
	}
	if _, err := tx.Exec(`UPDATE purchase_line SET item_id = ?, quantity = ?, unit_cost = ? WHERE org_id = ? AND id = ?`,
		l.Item, l.Quantity, l.UnitCost, tx.Org, id); err != nil {
		return old, err
	}
	return *l, o.changed(tx)
}

// lineOf locks the order of a line.
func lineOf(tx *db.Tx, id int64) (Order, int, error) {
	l, err := GetLine(tx, id)
	if err != nil {
		return Order{}, 0, err
	}
	o, err := lock(tx, l.Order)
	if err != nil {
		return o, 0, err
	}
	n := slices.IndexFunc(o.Lines, func(l Line) bool { return l.ID == id })
	if n < 0 {
		return o, 0, fault.Missing("item")
	}
	return o, n, nil
}

// RemoveLine removes a line of which nothing has come in.
func RemoveLine(tx *db.Tx, id int64) error {
	o, n, err := lineOf(tx, id)
	if err != nil {
		return err
	}
	if o.Lines[n].Received > 0 {
		return fault.New(fault.Conflict, "some of this item has been received")
	}
	o.Lines = slices.Delete(o.Lines, n, n+1)
	if _, err := tx.Exec(`DELETE FROM purchase_line WHERE org_id = ? AND id = ?`, tx.Org, id); err != nil {
		return err
	}
	return o.changed(tx)
}
