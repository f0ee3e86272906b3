package books

import (
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/org"
	"storehouse/core/stock"

	"pgregory.net/rapid"
)

// transfer is the model of goods on their way.
type transfer struct {
	Ref            string
	Item, To, Q, V int64
	Done           bool
}

// policy is the organization's own: it refuses to take what is not there,
// where a location does not say otherwise.
func policy(tx *db.Tx, e stock.Entry) error {
	p, err := stock.PolicyOf(tx)
	if err == nil {
		_, err = stock.Post(tx, p, e)
	}
	return err
}

func (h history) adjust() *step {
	item, at, q := h.of(h.all()...), h.at(), h.amount("quantity", 20*one)
	var unit *dec.D
	if rapid.Bool().Draw(h.T, "priced") {
		unit = price(h.cost("cost"))
	}
	return h.found(item, at, q, unit)
}

// found is goods that were found, at a cost or at the average.
func (h history) found(item, at, q int64, unit *dec.D) *step {
	return &step{do: func(tx *db.Tx) error {
		return policy(tx, stock.Entry{Event: stock.Adjust, Item: item, Location: at, Quantity: dec.D(q), UnitCost: unit, Doc: stock.Doc{Type: "adjustment"}})
	}, then: func() fault.Kind {
		v := h.m.average(item, at, q)
		if unit != nil {
			v = share(q, int64(*unit), one)
		}
		h.m.bring(item, at, q, v)
		h.m.In += v
		return none
	}}
}

func (h history) dispose() *step {
	item, at, q := h.of(h.all()...), h.at(), h.amount("quantity", 5*one)
	return &step{do: func(tx *db.Tx) error {
		return policy(tx, stock.Entry{Event: stock.Dispose, Item: item, Location: at, Quantity: dec.D(q), Doc: stock.Doc{Type: "adjustment"}})
	}, then: func() fault.Kind {
		h.m.Out += h.m.leave(item, at, q).V
		return h.m.verdict()
	}}
}

// leave takes free goods off a shelf.
func (m *model) leave(item, at, q int64) move {
	before := m.standing()
	m.begin()
	m.takes(before, place{item, at}, true, true)
	return m.take(item, at, q)
}

func (m *model) verdict() fault.Kind {
	if m.short() {
		return fault.Conflict
	}
	return none
}

func (h history) send() *step {
	item, from, q := h.of(h.all()...), h.at(), h.amount("quantity", 5*one)
	to := h.Location + h.second - from
	var sent stock.Entry
	return &step{do: func(tx *db.Tx) error {
		p, err := stock.PolicyOf(tx)
		if err == nil {
			sent, err = stock.Send(tx, p, stock.Move{Item: item, From: from, To: to, Quantity: dec.D(q)})
		}
		return err
	}, then: func() fault.Kind {
		mv := h.m.leave(item, from, q)
		p := place{item, to}
		c := h.m.Cells[p]
		c.Transit, c.Road = c.Transit+q, c.Road+mv.V
		h.m.Cells[p] = c
		h.m.Transfers = append(h.m.Transfers, transfer{Ref: sent.Ref, Item: item, To: to, Q: q, V: mv.V})
		return h.m.verdict()
	}}
}

func (h history) complete() *step {
	if len(h.m.Transfers) == 0 {
		return nil
	}
	n := h.pick("transfer", len(h.m.Transfers))
	ref := h.m.Transfers[n].Ref
	return &step{do: func(tx *db.Tx) error {
		_, err := stock.Complete(tx, ref, time.Time{}, "")
		return err
	}, then: func() fault.Kind {
		x := &h.m.Transfers[n]
		if x.Done {
			return fault.Conflict
		}
		x.Done = true
		p := place{x.Item, x.To}
		c := h.m.Cells[p]
		c.Transit, c.Road = c.Transit-x.Q, c.Road-x.V
		h.m.Cells[p] = c
		h.m.bring(x.Item, x.To, x.Q, x.V)
		return none
	}}
}

// changePolicy lets goods be taken from a location that are not there, or no
// longer.
func (h history) changePolicy() *step {
	return h.policyStep(h.at(), h.pick("oversell", 2) == 0)
}

func (h history) policyStep(at int64, allow bool) *step {
	return &step{do: func(tx *db.Tx) error {
		l, err := org.GetLocation(tx, at)
		if err != nil {
			return err
		}
		if l.Oversell = org.Refuse; allow {
			l.Oversell = org.Allow
		}
		_, err = org.UpdateLocation(tx, l)
		return err
	}, then: func() fault.Kind {
		h.m.Oversell[at] = allow
		return none
	}}
}

// changeBill changes what goes into things from now on.
func (h history) changeBill() *step {
	output := h.of(h.ale, h.pack)
	per := func(what string) int64 { return int64(1+h.pick(what, 200)) * (one / 100) }
	bill, order := map[int64]int64{h.malt: per("malt")}, []int64{h.malt}
	if rapid.Bool().Draw(h.T, "with can") {
		bill[h.can], order = per("can"), append(order, h.can)
	}
	if output == h.pack {
		bill[h.ale], order = per("ale"), append([]int64{h.ale}, order...)
	}
	return &step{do: func(tx *db.Tx) error {
		next := model{Bills: map[int64]map[int64]int64{output: bill}, BillOrder: map[int64][]int64{output: order}}
		return catalog.ReplaceBOM(tx, output, next.bill(output))
	}, then: func() fault.Kind {
		h.m.Bills[output], h.m.BillOrder[output] = bill, order
		return none
	}}
}

// changePrice changes what an item costs where a purchase does not say.
func (h history) changePrice() *step {
	item, cost := h.of(h.malt, h.can), h.cost("price")
	return &step{do: func(tx *db.Tx) error {
		i, err := catalog.GetItem(tx, catalog.Material, item)
		if err != nil {
			return err
		}
		i.PurchasePrice = dec.D(cost)
		_, err = catalog.UpdateItem(tx, i)
		return err
	}, then: func() fault.Kind {
		h.m.Prices[item] = cost
		return none
	}}
}
