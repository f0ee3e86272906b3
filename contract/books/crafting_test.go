package books

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/production"
)

func (h history) aMaking() int {
	if len(h.m.Makings) == 0 {
		return -1
	}
	return h.pick("making", len(h.m.Makings))
}

func (o *making) kind() production.Kind {
	if o.Work {
		return production.Work
	}
	return production.Production
}

func (h history) newMade(what string) production.Line {
	l := production.Line{Item: h.of(h.ale, h.ale, h.pack, h.shirt), Quantity: dec.D(h.amount(what, 6*one))}
	if rapid.Bool().Draw(h.T, what+" costs") {
		l.UnitCost = price(h.cost(what + " cost"))
	}
	return l
}

func (m *model) made(o *making, id int64, l production.Line) made {
	x := made{ID: id, Item: l.Item, Q: int64(l.Quantity)}
	if l.UnitCost != nil {
		x.Cost = int64(*l.UnitCost)
	}
	if o.State != "Draft" {
		m.explode(&x)
	}
	return x
}

func (h history) make() *step {
	state := production.States[h.pick("state", len(production.States))]
	work, at := rapid.Bool().Draw(h.T, "work"), h.at()
	o := making{Work: work, At: at, State: "Draft"}
	var lines []production.Line
	for n := range 1 + h.pick("lines", 2) {
		lines = append(lines, h.newMade(fmt.Sprint("line ", n)))
	}
	var got production.Order
	var receipts []production.Receipt
	return &step{name: string(state), do: func(tx *db.Tx) (err error) {
		if got, err = production.Create(tx, production.Order{Kind: o.kind(), Location: at, State: state, Lines: slices.Clone(lines)}); err == nil {
			receipts, err = production.Receipts(tx, got.ID, 0, 0)
		}
		return err
	}, then: func() fault.Kind {
		o.ID = got.ID
		var all []produced
		for n, l := range lines {
			id := int64(-1 - n) // it was refused
			if n < len(got.Lines) {
				id = got.Lines[n].ID
			}
			x := h.m.made(&o, id, l)
			o.Lines, all = append(o.Lines, x), append(all, produced{Line: x.ID, Q: x.Q})
		}
		late := state == production.Received || state == production.Completed
		h.m.Makings = append(h.m.Makings, o)
		p := &h.m.Makings[len(h.m.Makings)-1]
		if late || state == production.Partial {
			h.m.enter(p, "In Transit")
		} else {
			h.m.enter(p, string(state))
		}
		h.m.keep(p)
		if !late {
			return h.agreeMade(p, string(got.State))
		}
		receipt := int64(0)
		if len(receipts) > 0 {
			receipt = receipts[0].ID
		}
		if k := h.m.produce(p, receipt, all); k != none {
			return k
		}
		if state == production.Completed {
			h.m.enter(p, "Completed")
		}
		return h.agreeMade(p, string(got.State))
	}}
}

func (h history) agreeMade(o *making, state string) fault.Kind {
	if state != "" && o.State != state { // "" is a step that was refused
		h.Fatalf("the making is %s, want %s", state, o.State)
	}
	return none
}

// remade is a step that changes a making; then its state is compared.
func (h history) remade(n int, name string, do func(*db.Tx, production.Kind, int64) error, then func(*making) fault.Kind) *step {
	id, kind := h.m.Makings[n].ID, h.m.Makings[n].kind()
	var got production.Order
	return &step{name: name, do: func(tx *db.Tx) error {
		if err := do(tx, kind, id); err != nil {
			return err
		}
		var err error
		got, err = production.Get(tx, kind, id)
		return err
	}, then: func() fault.Kind {
		o := &h.m.Makings[n]
		k := then(o)
		if k != none {
			return k
		}
		for _, l := range got.Lines {
			if int64(l.Received) != o.line(l.ID).Got {
				h.Fatalf("of a line %s were made, want %d", l.Received, o.line(l.ID).Got)
			}
			for _, i := range l.Inputs {
				if int64(i.Consumed) != o.consumed(l.ID, i.Item) {
					h.Fatalf("of an input %s were used, want %d", i.Consumed, o.consumed(l.ID, i.Item))
				}
			}
		}
		return h.agreeMade(o, string(got.State))
	}}
}

// consumed is how much of an item went into what was made of a line.
func (o *making) consumed(line, item int64) (n int64) {
	for _, x := range o.Receipts {
		for _, y := range x.Lines {
			for _, u := range y.Ins {
				if y.Line == line && u.Move.Item == item {
					n += u.Move.Q
				}
			}
		}
	}
	return n
}

func (h history) moveMaking() *step {
	n := h.aMaking()
	if n < 0 {
		return nil
	}
	to := likely(h, "to", production.States, makingMoves[h.m.Makings[n].State])
	return h.remade(n, string(to), func(tx *db.Tx, k production.Kind, id int64) error {
		_, err := production.Update(tx, k, id, func(o *production.Order) error { o.State = to; return nil })
		return err
	}, func(o *making) fault.Kind {
		if string(to) != o.State {
			if !slices.Contains(makingMoves[o.State], string(to)) {
				return fault.Transition
			}
			h.m.enter(o, string(to))
		}
		h.m.keep(o)
		return none
	})
}

func (h history) placeMaking() *step {
	n := h.aMaking()
	if n < 0 {
		return nil
	}
	to := h.at()
	return h.remade(n, "", func(tx *db.Tx, k production.Kind, id int64) error {
		_, err := production.Update(tx, k, id, func(o *production.Order) error { o.Location = to; return nil })
		return err
	}, func(o *making) fault.Kind {
		if o.At != to {
			for n := range o.Lines {
				for k := range o.Lines[n].Inputs {
					o.Lines[n].Inputs[k].Set = 0
				}
			}
		}
		o.At = to
		h.m.keep(o)
		return none
	})
}

func (h history) addMade() *step {
	n := h.aMaking()
	if n < 0 {
		return nil
	}
	l := h.newMade("line")
	var got production.Line
	return h.remade(n, "", func(tx *db.Tx, k production.Kind, id int64) (err error) {
		got, err = production.AddLine(tx, k, id, l)
		return err
	}, func(o *making) fault.Kind {
		if o.State == "Cancelled" {
			return fault.Transition
		}
		o.Lines = append(o.Lines, h.m.made(o, got.ID, l))
		h.m.settle(o)
		return none
	})
}

func (h history) aMade() (n int, line int64) {
	if n = h.aMaking(); n < 0 || len(h.m.Makings[n].Lines) == 0 {
		return -1, 0
	}
	return n, h.m.Makings[n].Lines[h.pick("line", len(h.m.Makings[n].Lines))].ID
}

func (h history) changeMade() *step {
	n, line := h.aMade()
	if n < 0 {
		return nil
	}
	q, cost := h.amount("quantity", 6*one), h.cost("cost")
	return h.remade(n, "", func(tx *db.Tx, k production.Kind, _ int64) error {
		_, err := production.UpdateLine(tx, k, line, func(l *production.Line) error { l.Quantity, l.UnitCost = dec.D(q), price(cost); return nil })
		return err
	}, func(o *making) fault.Kind {
		l := o.line(line)
		switch {
		case o.State == "Cancelled":
			return fault.Transition
		case q < l.Got && q < l.Q:
			return fault.Invalid
		}
		l.Q, l.Cost = q, cost
		h.m.settle(o)
		return none
	})
}

func (h history) removeMade() *step {
	n, line := h.aMade()
	if n < 0 {
		return nil
	}
	return h.remade(n, "", func(tx *db.Tx, k production.Kind, _ int64) error { return production.RemoveLine(tx, k, line) }, func(o *making) fault.Kind {
		if o.line(line).Got > 0 {
			return fault.Conflict
		}
		o.Lines = slices.DeleteFunc(o.Lines, func(l made) bool { return l.ID == line })
		h.m.settle(o)
		return none
	})
}

func (h history) produce() *step {
	n, first := h.aMade()
	if n < 0 {
		return nil
	}
	x := production.Receipt{}
	var lines []produced
	for _, l := range h.m.Makings[n].Lines {
		if l.ID != first && !rapid.Bool().Draw(h.T, "this too") {
			continue
		}
		p := produced{Line: l.ID, Q: h.amount("quantity", l.Q-l.Got+one/2)}
		r := production.ReceiptLine{Line: l.ID, Quantity: dec.D(p.Q)}
		if h.pick("given", 4) == 0 {
			p.Ins = []input{{Item: h.of(h.malt, h.can), Per: h.amount("used", 2*one)}}
			r.Inputs = []production.ReceiptInput{{Item: p.Ins[0].Item, Kind: catalog.Material, Quantity: dec.D(p.Ins[0].Per)}}
		}
		lines, x.Lines = append(lines, p), append(x.Lines, r)
	}
	var got production.Receipt
	return h.remade(n, "", func(tx *db.Tx, k production.Kind, id int64) (err error) {
		try := x
		try.Lines = slices.Clone(x.Lines)
		_, got, err = production.Receive(tx, k, id, try)
		return err
	}, func(o *making) fault.Kind { return h.m.produce(o, got.ID, lines) })
}

// aYield picks a receipt of a making; -1 is none.
func (h history) aYield() (n, receipt int) {
	var all [][2]int
	for n, o := range h.m.Makings {
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

func (h history) redateMade() *step {
	n, r := h.aYield()
	if n < 0 {
		return nil
	}
	id := h.m.Makings[n].Receipts[r].ID
	return h.remade(n, "", func(tx *db.Tx, k production.Kind, _ int64) error {
		_, err := production.UpdateReceipt(tx, k, id, func(x *production.Receipt) error {
			x.At = x.At.AddDate(0, 0, -1)
			return nil
		})
		return err
	}, func(o *making) fault.Kind { h.m.redateMade(&o.Receipts[r]); return none })
}

func (h history) unmake() *step {
	n, r := h.aYield()
	if n < 0 {
		return nil
	}
	id := h.m.Makings[n].Receipts[r].ID
	return h.remade(n, "", func(tx *db.Tx, k production.Kind, _ int64) error { return production.DeleteReceipt(tx, k, id) },
		func(o *making) fault.Kind { h.m.unmake(o, r); return none })
}

func (h history) dropMaking() *step {
	if n := h.aMaking(); n >= 0 {
		return h.dropMakingStep(n)
	}
	return nil
}

func (h history) dropMakingStep(n int) *step {
	id, kind := h.m.Makings[n].ID, h.m.Makings[n].kind()
	return &step{do: func(tx *db.Tx) error { return production.Delete(tx, kind, id) }, then: func() fault.Kind { h.m.dropMaking(n); return none }}
}
