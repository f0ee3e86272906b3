package stock

import (
	"cmp"
	"maps"
	"slices"

	"storehouse/base/db"
	"storehouse/base/dec"
)

// Difference is a figure of the books that is not what its entries make it.
type Difference struct {
	Item, Location int64
	Lot            string
	Column         string // "on_hand" …, or "conservation"
	Stored, Folded dec.D
}

// Audit adds up the whole ledger anew, with nothing taken from the balances,
// and compares: every quantity and value of every item, location and lot, and
// that the value that came in is what went out, is on hand and is in transit.
// checked says how many entries and balances were looked at.
func Audit(tx *db.Tx) (differences []Difference, checked map[string]int64, err error) {
	a := auditor{folded: map[key]*Balance{}, in: map[int64]dec.D{}, out: map[int64]dec.D{}}
	if err := a.fold(tx); err != nil {
		return nil, nil, err
	}
	differences, err = a.compare(tx)
	return differences, map[string]int64{"stockEntries": a.entries, "stockBalances": a.balances}, err
}

type auditor struct {
	folded            map[key]*Balance
	in, out           map[int64]dec.D // value by item
	entries, balances int64
	calc              dec.Calc
}

func (a *auditor) at(k key) *Balance {
	b := a.folded[k]
	if b == nil {
		b = &Balance{}
		a.folded[k] = b
	}
	return b
}

func (a *auditor) fold(tx *db.Tx) error {
	err := tx.Each(func(r db.Row) error {
		var item, location, to, n int64
		var lot string
		var ev Event
		var q, s, v dec.D
		if err := r.Scan(&item, &location, &to, &lot, &ev, &n, &q, &s, &v); err != nil {
			return err
		}
		a.entries += n
		a.add(key{item, location, ""}, to, ev, q, s, v)
		if lot != "" {
			a.add(key{item, location, lot}, to, ev, q, s, 0)
		}
		return a.calc.Err()
	}, `SELECT item_id, location_id, COALESCE(to_location_id, 0), lot, event, COUNT(*),
		CAST(SUM(quantity) AS bigint), CAST(SUM(settles) AS bigint), CAST(SUM(value) AS bigint)
		FROM stock_entry WHERE org_id = ? GROUP BY item_id, location_id, to_location_id, lot, event`, tx.Org)
	return cmp.Or(err, a.calc.Err())
}

// add is written out beside the table in effects.go, not from it, so that one
// checks the other.
func (a *auditor) add(k key, to int64, ev Event, q, s, v dec.D) {
	c, b := &a.calc, a.at(k)
	sign := dec.D(1)
	if of, ok := reversed[ev]; ok {
		ev, sign = of, -1
	}
	q, s, v = sign*q, sign*s, sign*v
	in := func(v dec.D) { b.Value = c.Add(b.Value, v); a.in[k.item] = c.Add(a.in[k.item], v) }
	out := func(v dec.D) { b.Value = c.Sub(b.Value, v); a.out[k.item] = c.Add(a.out[k.item], v) }
	switch {
	case ev == Order:
		b.OnOrder = c.Add(b.OnOrder, q)
	case ev == Receive || ev == Produce || ev == Adjust:
		b.OnHand, b.OnOrder = c.Add(b.OnHand, q), c.Sub(b.OnOrder, s)
		in(v)
	case ev == Demand:
		b.Demand = c.Add(b.Demand, q)
	case ev == Allocate:
		b.Allocated, b.Demand = c.Add(b.Allocated, q), c.Sub(b.Demand, s)
	case ev == Consume || ev == Dispose:
		b.OnHand, b.Allocated = c.Sub(b.OnHand, q), c.Sub(b.Allocated, s)
		out(v)
	case ev == Transfer && to != 0:
		d := a.at(key{k.item, to, k.lot})
		b.OnHand, d.InTransit = c.Sub(b.OnHand, q), c.Add(d.InTransit, q)
		b.Value, d.TransitValue = c.Sub(b.Value, v), c.Add(d.TransitValue, v)
	case ev == Transfer:
		b.OnHand, b.InTransit = c.Add(b.OnHand, q), c.Sub(b.InTransit, q)
		b.Value, b.TransitValue = c.Add(b.Value, v), c.Sub(b.TransitValue, v)
	}
}

func (a *auditor) compare(tx *db.Tx) ([]Difference, error) {
	list := []Difference{}
	here := map[int64]dec.D{} // value on hand and in transit by item
	err := tx.Each(func(r db.Row) error {
		var s row
		if err := scanRow(r, &s); err != nil {
			return err
		}
		a.balances++
		k := key{s.Item, s.Location, s.lot}
		f := a.folded[k]
		if f == nil {
			f = &Balance{}
		}
		delete(a.folded, k)
		here[k.item] = a.calc.Add(here[k.item], s.Value, s.TransitValue)
		list = append(list, differ(k, s.Balance, *f)...)
		return nil
	}, `SELECT `+balanceCols+` FROM stock_balance WHERE org_id = ? ORDER BY item_id, location_id, lot`, tx.Org)
	if err != nil {
		return nil, err
	}
	for _, k := range slices.SortedFunc(maps.Keys(a.folded), compareKeys) {
		list = append(list, differ(k, Balance{}, *a.folded[k])...)
	}
	for _, m := range []map[int64]dec.D{a.in, a.out} {
		for item := range m {
			here[item] += 0 // an item without balances is compared too
		}
	}
	for _, item := range slices.Sorted(maps.Keys(here)) {
		if want := a.calc.Sub(a.in[item], a.out[item]); here[item] != want {
			list = append(list, Difference{Item: item, Column: "conservation", Stored: here[item], Folded: want})
		}
	}
	return list, a.calc.Err()
}

func differ(k key, stored, folded Balance) []Difference {
	var list []Difference
	for _, f := range []struct {
		column         string
		stored, folded dec.D
	}{
		{"on_hand", stored.OnHand, folded.OnHand}, {"on_order", stored.OnOrder, folded.OnOrder},
		{"in_transit", stored.InTransit, folded.InTransit}, {"demand", stored.Demand, folded.Demand},
		{"allocated", stored.Allocated, folded.Allocated}, {"value", stored.Value, folded.Value},
		{"transit_value", stored.TransitValue, folded.TransitValue},
	} {
		if f.stored != f.folded {
			list = append(list, Difference{k.item, k.location, k.lot, f.column, f.stored, f.folded})
		}
	}
	return list
}
