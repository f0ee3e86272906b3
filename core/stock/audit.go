package stock

import (
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
	a := auditor{folded: map[key]*tally{}, in: map[int64]dec.Sum{}, out: map[int64]dec.Sum{}}
	if err := a.fold(tx); err != nil {
		return nil, nil, err
	}
	differences, err = a.compare(tx)
	return differences, map[string]int64{"stockEntries": a.entries, "stockBalances": a.balances}, err
}

type auditor struct {
	folded            map[key]*tally
	in, out           map[int64]dec.Sum // value by item
	entries, balances int64
}

func (a *auditor) at(k key) *tally {
	b := a.folded[k]
	if b == nil {
		b = &tally{}
		a.folded[k] = b
	}
	return b
}

func (a *auditor) fold(tx *db.Tx) error {
	err := tx.Each(func(r db.Row) error {
		var item, location, to, n int64
		var lot string
		var ev Event
		var q, s, v dec.Sum
		if err := r.Scan(&item, &location, &to, &lot, &ev, &n, &q.Whole, &q.Rest, &s.Whole, &s.Rest, &v.Whole, &v.Rest); err != nil {
			return err
		}
		a.entries += n
		a.add(key{item, location, ""}, to, ev, q, s, v)
		if lot != "" {
			a.add(key{item, location, lot}, to, ev, q, s, dec.Sum{})
		}
		return nil
	}, `SELECT item_id, location_id, COALESCE(to_location_id, 0), lot, event, COUNT(*),
		`+db.Sum("quantity")+`, `+db.Sum("settles")+`, `+db.Sum("value")+`
		FROM stock_entry WHERE org_id = ? GROUP BY item_id, location_id, to_location_id, lot, event`, tx.Org)
	return err
}

// add is written out beside the table in effects.go, not from it, so that one
// checks the other.
func (a *auditor) add(k key, to int64, ev Event, q, s, v dec.Sum) {
	b := a.at(k)
	sign := int64(1)
	if of, ok := reversed[ev]; ok {
		ev, sign = of, -1
	}
	q, s, v = q.Times(sign), s.Times(sign), v.Times(sign)
	in := func(v dec.Sum) { b.value, a.in[k.item] = b.value.Plus(v), a.in[k.item].Plus(v) }
	out := func(v dec.Sum) { b.value, a.out[k.item] = b.value.Minus(v), a.out[k.item].Plus(v) }
	switch {
	case ev == Order:
		b.onOrder = b.onOrder.Plus(q)
	case ev == Receive || ev == Produce || ev == Adjust:
		b.onHand, b.onOrder = b.onHand.Plus(q), b.onOrder.Minus(s)
		in(v)
	case ev == Demand:
		b.demand = b.demand.Plus(q)
	case ev == Allocate:
		b.allocated, b.demand = b.allocated.Plus(q), b.demand.Minus(s)
	case ev == Consume || ev == Dispose:
		b.onHand, b.allocated = b.onHand.Minus(q), b.allocated.Minus(s)
		out(v)
	case ev == Transfer && to != 0:
		d := a.at(key{k.item, to, k.lot})
		b.onHand, d.inTransit = b.onHand.Minus(q), d.inTransit.Plus(q)
		b.value, d.transitValue = b.value.Minus(v), d.transitValue.Plus(v)
	case ev == Transfer:
		b.onHand, b.inTransit = b.onHand.Plus(q), b.inTransit.Minus(q)
		b.value, b.transitValue = b.value.Plus(v), b.transitValue.Minus(v)
	}
}

func (a *auditor) compare(tx *db.Tx) ([]Difference, error) {
	list := []Difference{}
	here := map[int64]dec.Sum{} // value on hand and in transit by item
	err := tx.Each(func(r db.Row) error {
		var s row
		if err := scanRow(r, &s); err != nil {
			return err
		}
		a.balances++
		k := key{s.Item, s.Location, s.lot}
		f := a.at(k)
		delete(a.folded, k)
		here[k.item] = here[k.item].Plus(dec.SumOf(s.Value)).Plus(dec.SumOf(s.TransitValue))
		list = append(list, differ(k, s.Balance, f)...)
		return nil
	}, `SELECT `+balanceCols+` FROM stock_balance WHERE org_id = ? ORDER BY item_id, location_id, lot`, tx.Org)
	if err != nil {
		return nil, err
	}
	for _, k := range slices.SortedFunc(maps.Keys(a.folded), compareKeys) {
		list = append(list, differ(k, Balance{}, a.folded[k])...)
	}
	for _, m := range []map[int64]dec.Sum{a.in, a.out} {
		for item := range m {
			here[item] = here[item].Plus(dec.Sum{}) // an item without balances is compared too
		}
	}
	for _, item := range slices.Sorted(maps.Keys(here)) {
		if want := a.in[item].Minus(a.out[item]); !here[item].Minus(want).IsZero() {
			d := Difference{Item: item, Column: "conservation"}
			d.Stored, _ = here[item].D() // the nearest that fits, to be shown
			d.Folded, _ = want.D()
			list = append(list, d)
		}
	}
	return list, nil
}

func differ(k key, stored Balance, f *tally) []Difference {
	var list []Difference
	var folded Balance
	_ = f.balance(&folded) // the nearest that fits, to be shown
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
