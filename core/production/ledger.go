package production

import (
	"slices"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/core/stock"
)

// place is where a line's promise stands in the ledger.
type place struct{ line, item, location int64 }

// promise is what stands promised at a place.
type promise struct{ order, demand, allocated dec.D }

// promised reads what stands of an order.
func (o Order) promised(tx *db.Tx) (map[place]*promise, error) {
	open, err := stock.Open(tx, o.doc())
	if err != nil {
		return nil, err
	}
	have := map[place]*promise{}
	for _, n := range open {
		k := place{n.Line, n.Total.Item, n.Total.Location}
		if have[k] == nil {
			have[k] = &promise{}
		}
		p := have[k]
		p.order, p.demand, p.allocated = p.order+n.Total.OnOrder, p.demand+n.Total.Demand, p.allocated+n.Total.Allocated
	}
	return have, nil
}

// wanted is what should stand promised: of each line what has not been made
// yet, and of its inputs what that needs (demand stands for both promises).
func (o Order) wanted() (order, need map[place]dec.D) {
	order, need = map[place]dec.D{}, map[place]dec.D{}
	if !o.State.open() {
		return order, need
	}
	for _, l := range o.Lines {
		order[place{l.ID, l.Item, o.Location}] += max(0, l.Quantity-l.Received)
		for _, i := range l.Inputs {
			need[place{l.ID, i.Item, o.Location}] += l.left(i)
		}
	}
	return order, need
}

// sync makes what stands promised in the ledger what the order asks for:
// outputs on order, inputs in demand, and set aside from Production on as far
// as they are there.
func (o Order) sync(tx *db.Tx) error {
	have, err := o.promised(tx)
	if err != nil {
		return err
	}
	order, need := o.wanted()
	undo, err := o.surplus(tx, have, order, need)
	if err != nil {
		return err
	}
	p, err := stock.PolicyOf(tx)
	if err != nil {
		return err
	}
	_, err = stock.Apply(tx, p, undo, o.lacking(have, order, need))
	return err
}

// lacking returns the entries for what is wanted and does not stand yet. have
// is what stands after surplus.
func (o Order) lacking(have map[place]*promise, order, need map[place]dec.D) []stock.Entry {
	var entries []stock.Entry
	at := func(k place) promise {
		if have[k] == nil {
			return promise{}
		}
		return *have[k]
	}
	for _, l := range o.Lines {
		base := stock.Entry{Location: o.Location, Doc: o.doc(), Line: l.ID, Ref: o.Number}
		k := place{l.ID, l.Item, o.Location}
		if more := order[k] - at(k).order; more > 0 {
			e := base
			e.Event, e.Item, e.Quantity = stock.Order, l.Item, more
			entries = append(entries, e)
		}
		for _, i := range l.Inputs {
			k := place{l.ID, i.Item, o.Location}
			stands := at(k)
			if more := need[k] - stands.demand - stands.allocated; more > 0 {
				e := base
				e.Event, e.Item, e.Quantity = stock.Demand, i.Item, more
				entries = append(entries, e)
				stands.demand += more
			}
			if o.State.allocates() && stands.demand > 0 && need[k] > 0 {
				e := base
				e.Event, e.Item, e.Quantity, e.Settles, e.UpTo = stock.Allocate, i.Item, stands.demand, stands.demand, true
				entries = append(entries, e)
			}
		}
	}
	return entries
}

// surplus returns what takes back what stands and is wanted no more, the
// youngest first, and takes it off have.
func (o Order) surplus(tx *db.Tx, have map[place]*promise, order, need map[place]dec.D) ([]stock.Undo, error) {
	if !slices.ContainsFunc(places(have), func(k place) bool {
		p := have[k]
		return p.order > order[k] || p.demand+p.allocated > need[k] || p.allocated > 0 && !o.State.allocates()
	}) {
		return nil, nil
	}
	list, err := stock.StandingOf(tx, o.doc())
	if err != nil {
		return nil, err
	}
	var undo []stock.Undo
	take := func(event stock.Event, most func(place) dec.D, took func(place, dec.D)) {
		for _, s := range slices.Backward(list) {
			k := place{s.Line, s.Item, s.Location}
			if s.Event != event || s.Doc != o.doc() || have[k] == nil {
				continue // what a receipt has set aside, it has consumed
			}
			if q := min(s.Left, most(k)); q > 0 {
				settles := min(s.LeftSettles, q)
				undo = append(undo, stock.Undo{Entry: s.ID, Quantity: q, Settles: &settles})
				took(k, q)
			}
		}
	}
	take(stock.Allocate, func(k place) dec.D {
		if !o.State.allocates() {
			return have[k].allocated
		}
		return have[k].allocated - need[k]
	}, func(k place, q dec.D) { have[k].allocated, have[k].demand = have[k].allocated-q, have[k].demand+q })
	take(stock.Demand, func(k place) dec.D { return min(have[k].demand, have[k].demand+have[k].allocated-need[k]) },
		func(k place, q dec.D) { have[k].demand -= q })
	take(stock.Order, func(k place) dec.D { return have[k].order - order[k] }, func(k place, q dec.D) { have[k].order -= q })
	return undo, nil
}

func places(have map[place]*promise) []place {
	var list []place
	for k := range have {
		list = append(list, k)
	}
	return list
}
