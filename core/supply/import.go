package supply

import (
	"fmt"

	"storehouse/base/db"
	"storehouse/core/catalog"
	"storehouse/core/org"
	"storehouse/core/party"
	"storehouse/core/stock"
)

// Draft is an order to be made.
type Draft struct {
	Order Order
	Lines []NewLine
}

// Import adds many orders, each as Create does: a bad row does not stop the
// others. Rows are stored together, in few statements, and apart where the
// books refuse one of them.
func Import(tx *db.Tx, drafts []Draft) ([]db.Verdict, error) {
	lines := 0
	for _, d := range drafts {
		lines += len(d.Lines)
	}
	// All ids at once: a transaction that runs out of them starts again.
	for series, n := range map[string]int{"purchase": len(drafts), "purchase_line": lines, "purchase_receipt": len(drafts),
		"purchase_receipt_line": lines, "stock_entry": 2 * lines} {
		if err := tx.ReserveN(series, n); err != nil {
			return nil, err
		}
	}
	set, err := org.LoadSettings(tx)
	if err != nil {
		return nil, err
	}
	out := []db.Verdict{}
	for len(out) < len(drafts) {
		rest := drafts[len(out):]
		list, err := importPart(tx, set, rest[:part(rest)])
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

// part returns how many drafts are stored together: as many as keep the
// memory that they take small.
func part(drafts []Draft) int {
	lines := 0
	for n, d := range drafts {
		if lines += len(d.Lines); n > 0 && (lines > maxLines || n == 250) {
			return n
		}
	}
	return len(drafts)
}

func importPart(tx *db.Tx, set org.Settings, drafts []Draft) ([]db.Verdict, error) {
	k, err := read(tx, drafts...)
	if err != nil {
		return nil, err
	}
	return tx.Apart(len(drafts), func(row int) error {
		_, err := k.build(tx, set, drafts[row])
		return err
	}, func(rows []int) ([]int64, error) {
		list, ids := make([]made, len(rows)), make([]int64, len(rows))
		for n, row := range rows {
			m, err := k.build(tx, set, drafts[row]) // anew: storing completes it
			if err != nil {
				return nil, err
			}
			list[n] = m
		}
		err := store(tx, set, list)
		for n, m := range list {
			ids[n] = m.o.ID
		}
		return ids, err
	})
}

// known is what orders refer to, read at once.
type known struct {
	vendors, locations map[int64]bool
	items              map[int64]catalog.Item
}

func read(tx *db.Tx, drafts ...Draft) (known, error) {
	k := known{map[int64]bool{}, map[int64]bool{}, nil}
	var vendors, items []int64
	for _, d := range drafts {
		vendors = append(vendors, d.Order.Vendor)
		for _, l := range d.Lines {
			items = append(items, l.Item)
		}
	}
	if err := party.Hold(tx, vendors...); err != nil {
		return k, err
	}
	parties, err := party.GetMany(tx, vendors)
	if err != nil {
		return k, err
	}
	for _, p := range parties {
		k.vendors[p.ID] = p.IsVendor
	}
	locations, err := org.ListLocations(tx)
	if err != nil {
		return k, err
	}
	for _, l := range locations {
		k.locations[l.ID] = true
	}
	k.items, err = catalog.GetItems(tx, items)
	return k, err
}

// made is an order on its way into the books: want is the state in which it
// is made.
type made struct {
	o    Order
	want State
}

// build checks a draft and returns the order that it asks for, without ids
// and number.
func (k known) build(tx *db.Tx, set org.Settings, d Draft) (made, error) {
	o := d.Order
	if err := o.check(k); err != nil {
		return made{}, err
	}
	want := o.State
	if err := o.add(k, d.Lines, tx.Now); err != nil {
		return made{}, err
	}
	if _, err := o.place(tx, set.DefaultLocation); err != nil {
		return made{}, err
	}
	o.CreatedBy, o.CreatedAt, o.UpdatedAt = tx.Actor, tx.Now, tx.Now
	o.State = Planning
	switch want {
	case Partial, Received, Paid:
		o.enter(InTransit, tx.Now)
		o.PlacedAt = later(o.PlacedAt, tx)
	default:
		placed := o.PlacedAt
		o.enter(want, tx.Now)
		if want == Planning || !placed.IsZero() {
			o.PlacedAt = placed
		}
	}
	return made{o, want}, nil
}

// store gives ids and numbers, inserts orders and posts what their states ask
// for: one that is placed stands as ordered; one that is made Received or Paid
// has come in whole.
func store(tx *db.Tx, set org.Settings, list []made) error {
	if err := number(tx, set, list); err != nil {
		return err
	}
	orders := make([]Order, len(list))
	var entries []stock.Entry
	var receipts []Receipt
	for n := range list {
		m := &list[n]
		at, err := m.o.place(tx, set.DefaultLocation)
		if err != nil {
			return err
		}
		for _, l := range m.o.Lines {
			if m.o.State.open() {
				entries = append(entries, m.o.ordered(l, at, l.Quantity))
			}
		}
		if m.want == Received || m.want == Paid {
			x, came, err := m.arrive(tx, at)
			if err != nil {
				return err
			}
			receipts, entries = append(receipts, x...), append(entries, came...)
		}
		orders[n] = m.o
	}
	if err := insertOrders(tx, orders...); err != nil {
		return err
	}
	if err := insertReceipts(tx, receipts...); err != nil {
		return err
	}
	_, err := stock.Post(tx, stock.Policy{}, entries...)
	return err
}

// number gives orders and their lines ids, and the orders numbers.
func number(tx *db.Tx, set org.Settings, list []made) error {
	id, err := tx.NextIDs("purchase", len(list))
	if err != nil {
		return err
	}
	lines := 0
	for _, m := range list {
		lines += len(m.o.Lines)
	}
	line, err := tx.NextIDs("purchase_line", lines)
	if err != nil {
		return err
	}
	first, err := tx.Numbers(map[string]int64{"purchase_order": int64(len(list))})
	if err != nil {
		return err
	}
	for n := range list {
		o := &list[n].o
		o.ID, o.Number = id+int64(n), fmt.Sprintf("%s%04d", set.Prefix("purchase_order"), first["purchase_order"]+int64(n))
		for i := range o.Lines {
			o.Lines[i].ID, o.Lines[i].Order = line, o.ID
			line++
		}
	}
	return nil
}

// arrive brings in the whole of an order that is made in a late state.
func (m *made) arrive(tx *db.Tx, at int64) ([]Receipt, []stock.Entry, error) {
	if len(m.o.Lines) == 0 {
		m.o.enter(m.want, tx.Now)
		return nil, nil, nil
	}
	id, err := tx.NextID("purchase_receipt")
	if err != nil {
		return nil, nil, err
	}
	x := Receipt{ID: id, Order: m.o.ID, Location: at, At: m.o.PlacedAt, CreatedBy: tx.Actor, CreatedAt: tx.Now, UpdatedAt: tx.Now}
	for _, l := range m.o.Lines {
		x.Lines = append(x.Lines, ReceiptLine{Line: l.ID, Quantity: l.Quantity})
	}
	entries, err := m.o.take(tx, &x, 0, map[int64]came{})
	if err != nil {
		return nil, nil, err
	}
	m.o.derive(tx.Now)
	if m.want == Paid {
		m.o.enter(Paid, tx.Now)
	}
	return []Receipt{x}, entries, nil
}
