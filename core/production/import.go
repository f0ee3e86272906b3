package production

import (
	"fmt"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/org"
	"storehouse/core/stock"
)

// Import adds many orders, each as Create does: a bad row does not stop the
// others. Rows are stored together, in few statements, and apart where the
// books refuse one of them.
func Import(tx *db.Tx, orders []Order) ([]db.Verdict, error) {
	if err := reserve(tx, orders); err != nil {
		return nil, err
	}
	set, err := org.LoadSettings(tx)
	if err != nil {
		return nil, err
	}
	out := []db.Verdict{}
	for len(out) < len(orders) {
		rest := orders[len(out):]
		list, err := importPart(tx, set, rest[:part(rest)])
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
	}
	return out, nil
}

// reserve sees to it that blocks of ids are large enough: a transaction that
// runs out of them starts again.
func reserve(tx *db.Tx, orders []Order) error {
	lines := 0
	for _, o := range orders {
		lines += len(o.Lines)
	}
	for series, n := range map[string]int{"production_order": len(orders), "production_line": lines, "production_input": 4 * lines,
		"production_receipt": len(orders), "production_receipt_line": lines, "production_receipt_input": 4 * lines, "stock_entry": 12 * lines} {
		if err := tx.ReserveN(series, n); err != nil {
			return err
		}
	}
	return nil
}

// part returns how many orders are stored together: as many as keep the memory
// that they take small.
func part(orders []Order) int {
	lines := 0
	for n, o := range orders {
		if lines += len(o.Lines); n > 0 && (lines > maxLines || n == 250) {
			return n
		}
	}
	return len(orders)
}

func importPart(tx *db.Tx, set org.Settings, orders []Order) ([]db.Verdict, error) {
	k, err := read(tx, orders...)
	if err != nil {
		return nil, err
	}
	return tx.Apart(len(orders), func(row int) error {
		_, err := k.build(tx, orders[row])
		return err
	}, func(rows []int) ([]int64, error) {
		list, ids := make([]made, len(rows)), make([]int64, len(rows))
		for n, row := range rows {
			m, err := k.build(tx, orders[row]) // anew: storing completes it
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

// known is what orders refer to, read at once: the items of their lines with
// their bills of materials, and the items that these name.
type known struct {
	locations map[int64]bool
	items     map[int64]catalog.Item
	bills     map[int64][]catalog.BOMLine
}

func read(tx *db.Tx, orders ...Order) (known, error) {
	k := known{locations: map[int64]bool{}}
	var outputs, parts []int64
	for _, o := range orders {
		for _, l := range o.Lines {
			outputs = append(outputs, l.Item)
		}
	}
	locations, err := org.ListLocations(tx)
	if err != nil {
		return k, err
	}
	for _, l := range locations {
		k.locations[l.ID] = true
	}
	if k.bills, err = catalog.BOMs(tx, outputs); err != nil {
		return k, err
	}
	for _, bill := range k.bills {
		for _, b := range bill {
			parts = append(parts, b.Item)
		}
	}
	k.items, err = catalog.GetItems(tx, append(outputs, parts...))
	return k, err
}

// made is an order on its way into the books: want is the state in which it
// is made.
type made struct {
	o    Order
	want State
}

// late reports whether the order is made when all of it has been made.
func (m made) late() bool { return (m.want == Received || m.want == Completed) && len(m.o.Lines) > 0 }

// build checks an order, and completes it without ids and number.
func (k known) build(tx *db.Tx, o Order) (made, error) {
	if err := o.check(k); err != nil {
		return made{}, err
	}
	want, lines, given := o.State, o.Lines, o.PlacedAt
	o.CreatedBy, o.CreatedAt, o.UpdatedAt, o.Lines = tx.Actor, tx.Now, tx.Now, nil
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
	err := o.add(k, lines, tx.Now)
	if len(lines) == 0 && (want == Received || want == Completed) {
		o.enter(want, tx.Now)
	}
	return made{o, want}, err
}

// store gives ids and numbers, posts what the orders' states ask for, and
// inserts them.
func store(tx *db.Tx, set org.Settings, list []made) error {
	if err := number(tx, set, list); err != nil {
		return err
	}
	p, err := stock.PolicyOf(tx)
	if err != nil {
		return err
	}
	var receipts []Receipt
	for first := 0; first < len(list); {
		n := together(list[first:])
		done, err := post(tx, p, list[first:first+n])
		if err != nil {
			return err
		}
		receipts = append(receipts, done...)
		first += n
	}
	orders := make([]Order, len(list))
	for n, m := range list {
		orders[n] = m.o
	}
	if err := insertOrders(tx, orders...); err != nil {
		return err
	}
	return insertReceipts(tx, receipts...)
}

// together returns how many orders can be posted at once: up to one that
// touches what an earlier one has made, which must be there and have its cost
// by then.
func together(list []made) int {
	fresh := map[int64]bool{}
	for n, m := range list {
		for _, l := range m.o.Lines {
			for _, i := range l.Inputs {
				if fresh[i.Item] {
					return n
				}
			}
		}
		for _, l := range m.o.Lines {
			if m.late() {
				fresh[l.Item] = true
			}
		}
	}
	return len(list)
}

// post posts what new orders promise, and makes the whole of those that are
// made in a late state. It returns the receipts of these.
func post(tx *db.Tx, p stock.Policy, list []made) ([]Receipt, error) {
	var entries []stock.Entry
	for _, m := range list {
		order, need := m.o.wanted()
		entries = append(entries, m.o.lacking(nil, order, need)...)
	}
	posted, err := stock.Post(tx, p, entries...)
	if err != nil {
		return nil, err
	}
	stands := map[stock.Doc]map[place]*promise{}
	for _, e := range posted {
		if stands[e.Doc] == nil {
			stands[e.Doc] = map[place]*promise{}
		}
		stand(stands[e.Doc], e)
	}
	var all []*receiving
	var receipts []Receipt
	for n := range list {
		m := &list[n]
		if !m.late() {
			continue
		}
		x := &Receipt{At: m.o.PlacedAt}
		for _, l := range m.o.Lines {
			x.Lines = append(x.Lines, ReceiptLine{Line: l.ID, Quantity: l.Quantity})
		}
		r := &receiving{o: &m.o, x: x, have: stands[m.o.doc()]}
		if err := r.lines(tx, nil, 0); err != nil {
			return nil, err
		}
		all = append(all, r)
	}
	if err := receive(tx, p, all...); err != nil {
		return nil, err
	}
	for _, r := range all {
		receipts = append(receipts, *r.x)
	}
	for n := range list {
		if m := &list[n]; m.late() {
			m.o.derive(tx.Now)
			if m.want == Completed {
				m.o.enter(Completed, tx.Now)
			}
		}
	}
	return receipts, nil
}

// stand adds an entry of a promise to what stands of it.
func stand(have map[place]*promise, e stock.Entry) {
	k := place{e.Line, e.Item, e.Location}
	if have[k] == nil {
		have[k] = &promise{}
	}
	switch p := have[k]; e.Event {
	case stock.Order:
		p.order += e.Quantity
	case stock.Demand:
		p.demand += e.Quantity
	case stock.Allocate:
		p.allocated, p.demand = p.allocated+e.Quantity, p.demand-e.Settles
	}
}

// number gives orders, lines and inputs ids, and the orders numbers.
func number(tx *db.Tx, set org.Settings, list []made) error {
	var lines, inputs int
	want := map[string]int64{}
	for _, m := range list {
		want[words[m.o.Kind].series]++
		lines += len(m.o.Lines)
		for _, l := range m.o.Lines {
			inputs += len(l.Inputs)
		}
	}
	id, err := tx.NextIDs("production_order", len(list))
	if err != nil {
		return err
	}
	line, err := tx.NextIDs("production_line", lines)
	if err != nil {
		return err
	}
	input, err := tx.NextIDs("production_input", inputs)
	if err != nil {
		return err
	}
	next, err := tx.Numbers(want)
	if err != nil {
		return err
	}
	for n := range list {
		o := &list[n].o
		series := words[o.Kind].series
		o.ID, o.Number = id+int64(n), fmt.Sprintf("%s%04d", set.Prefix(series), next[series])
		next[series]++
		for i := range o.Lines {
			l := &o.Lines[i]
			l.ID, l.Order = line, o.ID
			line++
			for j := range l.Inputs {
				l.Inputs[j].ID, l.Inputs[j].Order, l.Inputs[j].Line = input, o.ID, l.ID
				input++
			}
		}
	}
	return nil
}

// sum adds up what posted entries are worth, and what making costs besides.
func (r *receiving) sum(posted []stock.Entry) error {
	var c dec.Calc
	for n, e := range posted {
		if at := r.owner[n]; at >= 0 {
			r.x.Lines[at].Cost = c.Add(r.x.Lines[at].Cost, e.Value)
		}
	}
	for n := range r.x.Lines {
		x := &r.x.Lines[n]
		if l := r.o.Lines[r.at[x.Line]]; l.UnitCost != nil {
			x.Cost = c.Add(x.Cost, c.Mul(*l.UnitCost, x.Quantity))
		}
	}
	if c.Err() != nil {
		return fault.Field("quantity", "costs too much")
	}
	return nil
}
