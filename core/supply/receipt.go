package supply

import (
	"fmt"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/org"
	"storehouse/core/stock"
)

// Receive records what came in of an order: it posts RECEIVE at landed cost,
// settling what was ordered. More than was ordered is refused beyond the
// organization's tolerance. A receipt's lines name Line, Quantity and perhaps
// Lot and Expires; the answer has the rest.
func Receive(tx *db.Tx, order int64, x Receipt) (Order, Receipt, error) {
	o, err := lock(tx, order)
	if err != nil {
		return o, x, err
	}
	if !o.State.open() {
		return o, x, fault.Step(string(o.State), string(Received), names(moves[o.State]))
	}
	set, err := org.LoadSettings(tx)
	if err != nil {
		return o, x, err
	}
	if x.Location, err = o.place(tx, set.DefaultLocation); err != nil {
		return o, x, err
	}
	if o.Location == 0 { // the default may have moved on since it was ordered
		if err := o.sync(tx, x.Location); err != nil {
			return o, x, err
		}
	}
	if x.ID, err = tx.NextID("purchase_receipt"); err != nil {
		return o, x, err
	}
	x.Order, x.At, x.CreatedBy, x.CreatedAt, x.UpdatedAt = o.ID, later(x.At, tx), tx.Actor, tx.Now, tx.Now
	entries, err := o.take(tx, &x, set.OverReceiptPercent)
	if err != nil {
		return o, x, err
	}
	if err := insertReceipts(tx, x); err != nil {
		return o, x, err
	}
	if err := saveReceived(tx, o, x.Lines); err != nil {
		return o, x, err
	}
	if _, err := stock.Post(tx, stock.Policy{}, entries...); err != nil {
		return o, x, err
	}
	o.derive(tx.Now)
	return o, x, saveOrder(tx, &o)
}

func names(list []State) []string {
	out := []string{}
	for _, s := range list {
		out = append(out, string(s))
	}
	return out
}

// take checks a receipt's lines, adds them to what the order has received,
// and returns their entries.
func (o *Order) take(tx *db.Tx, x *Receipt, tolerance dec.D) ([]stock.Entry, error) {
	if len(x.Lines) == 0 || len(x.Lines) > maxLines {
		return nil, fault.Field("items", "must have 1 to %d items", maxLines)
	}
	whole, err := landed(*o)
	if err != nil {
		return nil, err
	}
	first, err := tx.NextIDs("purchase_receipt_line", len(x.Lines))
	if err != nil {
		return nil, err
	}
	entries, lines := make([]stock.Entry, len(x.Lines)), o.at()
	for n := range x.Lines {
		r := &x.Lines[n]
		at := fmt.Sprintf("items.%d", n)
		i, ok := lines[r.Line]
		if !ok {
			return nil, fault.Field(at+".purchase_order_item_id", "does not exist")
		}
		l := &o.Lines[i]
		if r.Quantity <= 0 {
			return nil, fault.Field(at+".quantity", "must be more than zero")
		}
		var c dec.Calc
		most := c.Add(l.Quantity, c.Percent(l.Quantity, tolerance))
		total := c.Add(l.Received, r.Quantity)
		if c.Err() != nil || total > most {
			return nil, fault.Field(at+".quantity", "must be at most %s: %s of %s have been received", max(0, most-l.Received), l.Received, l.Quantity)
		}
		if r.Cost, err = partOf(*l, whole[l.ID], l.Received, r.Quantity); err != nil {
			return nil, fault.Under(at, err)
		}
		r.ID, r.Receipt, r.Item, r.Kind = first+int64(n), x.ID, l.Item, l.Kind
		cost := r.Cost
		entries[n] = stock.Entry{Event: stock.Receive, Item: l.Item, Location: x.Location, Quantity: r.Quantity,
			Settles: min(r.Quantity, max(0, l.Quantity-l.Received)), Cost: &cost, Ref: o.Number, Lot: r.Lot, Expires: r.Expires, Notes: x.Notes,
			EventDate: x.At, Doc: x.doc(), Of: o.doc(), Line: l.ID}
		l.Received = total
	}
	return entries, nil
}

// UpdateReceipt changes when a receipt came in. What it posted is taken back
// as of the old date and posted as of the new one, at the same cost.
func UpdateReceipt(tx *db.Tx, id int64, change func(*Receipt) error) (Receipt, error) {
	x, _, err := lockReceipt(tx, id)
	if err != nil {
		return x, err
	}
	old := x
	if err := change(&x); err != nil {
		return x, err
	}
	x.At, x.UpdatedAt = later(x.At, tx), tx.Now
	if _, err := tx.Exec(`UPDATE purchase_receipt SET received_at = ?, notes = ?, updated_at = ? WHERE org_id = ? AND id = ?`,
		x.At, db.Null(x.Notes), x.UpdatedAt, tx.Org, id); err != nil || x.At.Equal(old.At) {
		return x, err
	}
	list, err := stock.StandingOf(tx, x.doc())
	if err != nil {
		return x, err
	}
	var undo []stock.Undo
	var entries []stock.Entry
	for _, s := range list {
		undo = append(undo, stock.Undo{Entry: s.ID, EventDate: s.EventDate})
		e := s.Entry
		value := s.LeftValue
		e.Quantity, e.Settles, e.Cost, e.UnitCost, e.EventDate = s.Left, s.LeftSettles, &value, nil, x.At
		entries = append(entries, e)
	}
	_, err = stock.Apply(tx, stock.Policy{}, undo, entries)
	return x, err
}

// DeleteReceipt removes a receipt and takes back what it posted, as it was
// posted then.
func DeleteReceipt(tx *db.Tx, id int64) error {
	x, o, err := lockReceipt(tx, id)
	if err != nil {
		return err
	}
	if _, err := stock.ReverseDoc(tx, x.doc()); err != nil {
		return err
	}
	at := o.at()
	for _, r := range x.Lines {
		o.Lines[at[r.Line]].Received -= r.Quantity
	}
	if err := saveReceived(tx, o, x.Lines); err != nil {
		return err
	}
	if _, err := tx.Exec(`DELETE FROM purchase_receipt WHERE org_id = ? AND id = ?`, tx.Org, id); err != nil {
		return err
	}
	return o.changed(tx)
}

// lockReceipt locks the order of a receipt and returns both.
func lockReceipt(tx *db.Tx, id int64) (Receipt, Order, error) {
	x, err := GetReceipt(tx, id)
	if err != nil {
		return x, Order{}, err
	}
	o, err := lock(tx, x.Order)
	if err != nil {
		return x, o, err
	}
	x, err = GetReceipt(tx, id) // somebody may have deleted it meanwhile
	return x, o, err
}
