package books

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/supply"
)

// aPurchase picks a purchase order; -1 is none.
func (h history) aPurchase() int {
	if len(h.m.Purchases) == 0 {
		return -1
	}
	return h.pick("purchase", len(h.m.Purchases))
}

func (h history) buy() *step {
	goods := h.pick("goods", 4) == 0
	o := supply.Order{Vendor: h.vendor, Target: supply.Materials, State: supply.States[h.pick("state", len(supply.States))],
		Location: []int64{0, h.Location, h.second}[h.pick("ship to", 3)], Shipping: dec.D(h.cost("shipping")), Setup: dec.D(h.cost("setup"))}
	if goods {
		o.Target = supply.FinishedGoods
	}
	var lines []supply.NewLine
	for n := range 1 + h.pick("lines", 3) {
		lines = append(lines, h.newBought(fmt.Sprint("line ", n), goods))
	}
	var got supply.Order
	var receipts []supply.Receipt
	return &step{name: string(o.State), do: func(tx *db.Tx) (err error) {
		if got, err = supply.Create(tx, o, lines); err == nil {
			receipts, err = supply.Receipts(tx, got.ID, 0, 0)
		}
		return err
	}, then: func() fault.Kind {
		p := purchase{ID: got.ID, At: o.Location, Goods: goods, Costs: int64(o.Shipping + o.Setup)}
		var ids, all []int64
		for n, l := range lines {
			b := h.m.bought(got.Lines[n].ID, l)
			p.Lines, ids, all = append(p.Lines, b), append(ids, b.ID), append(all, b.Q)
		}
		switch o.State {
		case supply.Partial, supply.Received, supply.Paid:
			p.enter("In Transit")
		default:
			p.enter(string(o.State))
		}
		if o.State == supply.Received || o.State == supply.Paid {
			h.m.receive(&p, receipts[0].ID, 0, ids, all)
			p.State = string(o.State)
		}
		h.m.Purchases = append(h.m.Purchases, p)
		h.agree(&p, string(got.State))
		return none
	}}
}

// agree compares the state that the program says with the model's.
func (h history) agree(o *purchase, state string) {
	if state != "" && o.State != state { // "" is a step that was refused
		h.Fatalf("the purchase is %s, want %s", state, o.State)
	}
}

func (h history) newBought(what string, goods bool) supply.NewLine {
	l := supply.NewLine{Item: h.of(h.malt, h.can), Quantity: dec.D(h.amount(what, 20*one))}
	if goods {
		l.Item = h.of(h.shirt, h.ale)
	}
	if goods || rapid.Bool().Draw(h.T, what+" priced") {
		l.UnitCost = price(h.cost(what + " cost"))
	}
	return l
}

func (m *model) bought(id int64, l supply.NewLine) bought {
	b := bought{ID: id, Item: l.Item, Q: int64(l.Quantity), Cost: m.Prices[l.Item]}
	if l.UnitCost != nil {
		b.Cost = int64(*l.UnitCost)
	}
	return b
}

// changed is a step that changes a purchase; then its state is compared.
func (h history) changed(n int, name string, do func(*db.Tx, int64) error, then func(*purchase) fault.Kind) *step {
	id := h.m.Purchases[n].ID
	var state string
	return &step{name: name, do: func(tx *db.Tx) error {
		if err := do(tx, id); err != nil {
			return err
		}
		o, err := supply.Get(tx, id)
		state = string(o.State)
		return err
	}, then: func() fault.Kind {
		o := &h.m.Purchases[n]
		k := then(o)
		if k == none {
			h.agree(o, state)
		}
		return k
	}}
}

func (h history) movePurchase() *step {
	n := h.aPurchase()
	if n < 0 {
		return nil
	}
	to := likely(h, "to", supply.States, purchaseMoves[h.m.Purchases[n].State])
	return h.changed(n, string(to), func(tx *db.Tx, id int64) error {
		_, err := supply.Update(tx, id, func(o *supply.Order) error { o.State = to; return nil })
		return err
	}, func(o *purchase) fault.Kind {
		if string(to) != o.State && !slices.Contains(purchaseMoves[o.State], string(to)) {
			return fault.Transition
		}
		o.enter(string(to))
		return none
	})
}

func (h history) costs() *step {
	n := h.aPurchase()
	if n < 0 {
		return nil
	}
	costs := h.cost("other")
	return h.changed(n, "", func(tx *db.Tx, id int64) error {
		_, err := supply.Update(tx, id, func(o *supply.Order) error { o.Shipping, o.Setup, o.Other = 0, 0, dec.D(costs); return nil })
		return err
	}, func(o *purchase) fault.Kind { o.Costs = costs; return none })
}

func (h history) placePurchase() *step {
	n := h.aPurchase()
	if n < 0 {
		return nil
	}
	to := h.at()
	return h.changed(n, "", func(tx *db.Tx, id int64) error {
		_, err := supply.Update(tx, id, func(o *supply.Order) error { o.Location = to; return nil })
		return err
	}, func(o *purchase) fault.Kind { o.At = to; return none })
}

func (h history) addBought() *step {
	n := h.aPurchase()
	if n < 0 {
		return nil
	}
	l := h.newBought("line", h.m.Purchases[n].Goods)
	var got supply.Line
	return h.changed(n, "", func(tx *db.Tx, id int64) (err error) {
		got, err = supply.AddLine(tx, id, l)
		return err
	}, func(o *purchase) fault.Kind {
		if o.State == "Cancelled" {
			return fault.Transition
		}
		o.Lines = append(o.Lines, h.m.bought(got.ID, l))
		o.derive()
		return none
	})
}

// aBought picks a line of a purchase; -1 is none.
func (h history) aBought() (n int, line int64) {
	if n = h.aPurchase(); n < 0 || len(h.m.Purchases[n].Lines) == 0 {
		return -1, 0
	}
	return n, h.m.Purchases[n].Lines[h.pick("line", len(h.m.Purchases[n].Lines))].ID
}

func (h history) changeBought() *step {
	n, line := h.aBought()
	if n < 0 {
		return nil
	}
	q, cost := h.amount("quantity", 20*one), h.cost("cost")
	return h.changed(n, "", func(tx *db.Tx, id int64) error {
		_, err := supply.UpdateLine(tx, line, func(l *supply.Line) error { l.Quantity, l.UnitCost = dec.D(q), dec.D(cost); return nil })
		return err
	}, func(o *purchase) fault.Kind {
		l := o.line(line)
		switch {
		case o.State == "Cancelled":
			return fault.Transition
		case q < l.Got && q < l.Q:
			return fault.Invalid
		}
		l.Q, l.Cost = q, cost
		o.derive()
		return none
	})
}

func (h history) removeBought() *step {
	n, line := h.aBought()
	if n < 0 {
		return nil
	}
	return h.changed(n, "", func(tx *db.Tx, id int64) error { return supply.RemoveLine(tx, line) }, func(o *purchase) fault.Kind {
		if o.line(line).Got > 0 {
			return fault.Conflict
		}
		o.Lines = slices.DeleteFunc(o.Lines, func(l bought) bool { return l.ID == line })
		o.derive()
		return none
	})
}

func (h history) receive() *step {
	n, first := h.aBought()
	if n < 0 {
		return nil
	}
	x := supply.Receipt{}
	var lines, quantities []int64
	for _, l := range h.m.Purchases[n].Lines {
		if l.ID == first || rapid.Bool().Draw(h.T, "this too") {
			q := h.amount("quantity", l.Q-l.Got+one/2)
			lines, quantities = append(lines, l.ID), append(quantities, q)
			x.Lines = append(x.Lines, supply.ReceiptLine{Line: l.ID, Quantity: dec.D(q)})
		}
	}
	var got supply.Receipt
	return h.changed(n, "", func(tx *db.Tx, id int64) (err error) {
		_, got, err = supply.Receive(tx, id, x)
		return err
	}, func(o *purchase) fault.Kind { return h.m.receive(o, got.ID, 0, lines, quantities) })
}

// anArrival picks a receipt of a purchase; -1 is none.
func (h history) anArrival() (n, receipt int) {
	var all [][2]int
	for n, o := range h.m.Purchases {
		for r := range o.Receipts {
			all = append(all, [2]int{n, r})
		}
	}
	if len(all) == 0 {
		return -1, 0
	}
	x := all[h.pick("receipt", len(all))]
	return x[0], x[1]
}

func (h history) redateReceipt() *step {
	n, r := h.anArrival()
	if n < 0 {
		return nil
	}
	days, id := int64(h.pick("days", 4)), h.m.Purchases[n].Receipts[r].ID
	return h.changed(n, "", func(tx *db.Tx, _ int64) error {
		_, err := supply.UpdateReceipt(tx, id, func(x *supply.Receipt) error { x.At = tx.Now.AddDate(0, 0, -int(days)); return nil })
		return err
	}, func(o *purchase) fault.Kind { h.m.redate(&o.Receipts[r], days); return none })
}

func (h history) unreceive() *step {
	n, r := h.anArrival()
	if n < 0 {
		return nil
	}
	id := h.m.Purchases[n].Receipts[r].ID
	return h.changed(n, "", func(tx *db.Tx, _ int64) error { return supply.DeleteReceipt(tx, id) },
		func(o *purchase) fault.Kind { h.m.unreceive(o, r); return none })
}

func (h history) dropPurchase() *step {
	if n := h.aPurchase(); n >= 0 {
		return h.dropPurchaseStep(n)
	}
	return nil
}

func (h history) dropPurchaseStep(n int) *step {
	id := h.m.Purchases[n].ID
	return &step{do: func(tx *db.Tx) error { return supply.Delete(tx, id) }, then: func() fault.Kind { h.m.dropPurchase(n); return none }}
}
