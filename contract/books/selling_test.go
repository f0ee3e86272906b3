package books

import (
	"fmt"
	"slices"

	"pgregory.net/rapid"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/sale"
)

func (h history) newSold(what string) sale.DraftLine {
	l := sale.DraftLine{Price: price(one)}
	l.Item, l.Quantity = h.of(h.ale, h.pack, h.shirt, h.box), dec.D(h.amount(what, 4*one))
	return l
}

func (h history) draft(head sale.Head) sale.New {
	head.Party, head.Channel = h.customer, h.channel
	n := sale.New{Head: head}
	for i := range 1 + h.pick("lines", 3) {
		n.Lines = append(n.Lines, h.newSold(fmt.Sprint("line ", i)))
	}
	return n
}

// sell is a sell at the till, final or a draft.
func (h history) sell() *step {
	n := h.draft(sale.Head{Origin: sale.POS, Status: sale.Final, Location: h.at()})
	if h.pick("draft", 4) == 0 {
		n.Status = sale.Draft
	}
	return h.newSale(n, order{Till: true, Final: n.Status == sale.Final, At: n.Location})
}

// order is a sales order in any state, with or without a location that
// fulfils it.
func (h history) order() *step {
	n := h.draft(sale.Head{Origin: sale.Maker, State: sale.States[h.pick("state", len(sale.States))]})
	o := order{At: h.Location, State: string(n.State), Word: "Pending"}
	if h.pick("fulfil", 4) > 0 {
		n.FulfillmentLocation, o.Ships = h.at(), true
		o.At = n.FulfillmentLocation
	}
	if h.pick("fulfilled", 6) == 0 {
		n.Fulfillment, o.Word = sale.Fulfilled, "Fulfilled"
	}
	return h.newSale(n, o)
}

func (h history) newSale(n sale.New, o order) *step {
	var got sale.Sale
	return &step{name: string(n.State) + string(n.Status), do: func(tx *db.Tx) error {
		list, err := sale.Create(tx, n)
		if err == nil {
			got = list[0]
		}
		return err
	}, then: func() fault.Kind {
		o.ID = got.ID
		ids := topLines(got)
		for i, l := range n.Lines {
			var id int64
			if i < len(ids) {
				id = ids[i].ID
			}
			o.Lines = append(o.Lines, h.sold(id, l.Item, int64(l.Quantity))...)
		}
		h.m.Orders = append(h.m.Orders, o)
		p := &h.m.Orders[len(h.m.Orders)-1]
		k := h.m.settleOrder(p, false)
		if k == none {
			h.agreeSold(p, got)
		}
		return k
	}}
}

func (h history) agreeSold(o *order, got sale.Sale) {
	if got.ID != 0 && !o.Till && (string(got.State) != o.State || string(got.Fulfillment) != o.Word) {
		h.Fatalf("the order is %s, %s; want %s, %s", got.State, got.Fulfillment, o.State, o.Word)
	}
}

// resold is a step that changes a sale; then its state is compared.
func (h history) resold(n int, name string, do func(*db.Tx, int64) error, then func(*order) fault.Kind) *step {
	id := h.m.Orders[n].ID
	var got sale.Sale
	return &step{name: name, do: func(tx *db.Tx) (err error) {
		if err = do(tx, id); err == nil {
			got, err = sale.Get(tx, id)
		}
		return err
	}, then: func() fault.Kind {
		o := &h.m.Orders[n]
		k := then(o)
		if k == none {
			h.agreeSold(o, got)
		}
		return k
	}}
}

// aSale picks a sell or an order; -1 is none.
func (h history) aSale(till bool) int {
	var list []int
	for n, o := range h.m.Orders {
		if o.Till == till {
			list = append(list, n)
		}
	}
	if len(list) == 0 {
		return -1
	}
	return list[h.pick("sale", len(list))]
}

func (h history) moveOrder() *step {
	n := h.aSale(false)
	if n < 0 {
		return nil
	}
	to := likely(h, "to", sale.States, orderMoves[h.m.Orders[n].State])
	return h.resold(n, string(to), func(tx *db.Tx, id int64) error {
		_, err := sale.SetState(tx, id, to)
		return err
	}, func(o *order) fault.Kind {
		if string(to) != o.State && !slices.Contains(orderMoves[o.State], string(to)) {
			return fault.Transition
		}
		if o.State != string(to) && !shipped(string(to)) && slices.Index(orderStates, string(to)) < slices.Index(orderStates, o.State) {
			o.Word = "Pending" // going back takes the goods back
		}
		o.State = string(to)
		return h.m.settleOrder(o, false)
	})
}

// wordOrder is the client saying that an order is fulfilled, or is not.
func (h history) wordOrder() *step {
	n := h.aSale(false)
	if n < 0 {
		return nil
	}
	word := []sale.Fulfillment{sale.Fulfilled, sale.Pending}[h.pick("word", 2)]
	return h.resold(n, string(word), func(tx *db.Tx, id int64) error {
		_, err := sale.Update(tx, id, func(d *sale.New) error { d.Fulfillment = word; return nil })
		return err
	}, func(o *order) fault.Kind {
		o.Word = string(word)
		return h.m.settleOrder(o, false)
	})
}

// placeOrder gives an order a location that fulfils it, or takes it away.
func (h history) placeOrder() *step {
	n := h.aSale(false)
	if n < 0 {
		return nil
	}
	to := []int64{0, h.Location, h.second}[h.pick("fulfil at", 3)]
	return h.resold(n, fmt.Sprint(to), func(tx *db.Tx, id int64) error {
		_, err := sale.Update(tx, id, func(d *sale.New) error { d.FulfillmentLocation = to; return nil })
		return err
	}, func(o *order) fault.Kind {
		if to == 0 && o.Stage == "gone" && (shipped(o.State) || o.Word == "Fulfilled") {
			if o.gaveBack() {
				return fault.Conflict
			}
			return fault.Transition // it stays shipped, so it was shipped from somewhere
		}
		at := h.m.home(to)
		moved := at != o.At
		o.Ships, o.At = to != 0, at
		return h.m.settleOrder(o, moved)
	})
}

func (h history) addSold() *step {
	n := h.aSale(false)
	if n < 0 {
		return nil
	}
	l := h.newSold("line")
	var got sale.Line
	return h.resold(n, "", func(tx *db.Tx, id int64) (err error) {
		got, err = sale.AddLine(tx, id, l)
		return err
	}, func(o *order) fault.Kind {
		from := len(o.Lines)
		o.Lines = append(o.Lines, h.sold(got.ID, l.Item, int64(l.Quantity))...)
		before := h.m.standing()
		h.m.begin()
		for i := range o.Lines[from:] {
			x := &o.Lines[from+i]
			h.m.rise(o, x, x.Q, "", before)
		}
		o.reword()
		return h.m.verdict()
	})
}

func (o *order) reword() {
	if !o.Till {
		o.word()
	}
}

// aSold picks a line of any sale; -1 is none.
func (h history) aSold() (n int, line int64) {
	n = h.aSale(rapid.Bool().Draw(h.T, "till"))
	if n < 0 || len(h.m.Orders[n].Lines) == 0 {
		return -1, 0
	}
	lines := h.m.Orders[n].ordered()
	return n, lines[h.pick("line", len(lines))].ID
}

func (h history) changeSold() *step {
	n, line := h.aSold()
	if n < 0 {
		return nil
	}
	q := h.amount("quantity", 5*one)
	return h.resold(n, "", func(tx *db.Tx, id int64) error {
		_, err := sale.UpdateLine(tx, line, func(l *sale.DraftLine) error { l.Quantity = dec.D(q); return nil })
		return err
	}, func(o *order) fault.Kind { return h.m.resize(o, line, q) })
}

// replaceSold makes a line one of another item, or of the same.
func (h history) replaceSold() *step {
	n, line := h.aSold()
	if n < 0 {
		return nil
	}
	item := h.of(h.ale, h.pack, h.shirt, h.box)
	return h.resold(n, "", func(tx *db.Tx, id int64) error {
		_, err := sale.UpdateLine(tx, line, func(l *sale.DraftLine) error { l.Item, l.Product = item, 0; return nil })
		return err
	}, func(o *order) fault.Kind { return h.m.replace(o, line, h.sold(line, item, o.line(line).Q)) })
}

// repriceSold changes what a line costs: no goods move, whatever the state.
func (h history) repriceSold() *step {
	n, line := h.aSold()
	if n < 0 {
		return nil
	}
	cost := h.cost("unit price")
	return h.resold(n, "", func(tx *db.Tx, id int64) error {
		_, err := sale.UpdateLine(tx, line, func(l *sale.DraftLine) error { l.Price = price(cost); return nil })
		return err
	}, func(*order) fault.Kind { return none })
}

func (h history) removeSold() *step {
	n, line := h.aSold()
	if n < 0 {
		return nil
	}
	return h.resold(n, "", func(tx *db.Tx, id int64) error { return sale.RemoveLine(tx, line) }, func(o *order) fault.Kind {
		l := o.line(line)
		switch {
		case o.Till && len(o.ordered()) == 1:
			return fault.Invalid
		case l.Back > 0:
			return fault.Conflict
		case o.Stage == "gone" && !o.Till:
			return fault.Transition
		}
		from, to := o.family(line)
		for i := from; i < to; i++ {
			h.m.fall(&o.Lines[i])
		}
		o.Lines = slices.Delete(o.Lines, from, to)
		o.reword()
		return none
	})
}

// finalize turns a till's draft into a final sell, or back.
func (h history) finalize() *step {
	n := h.aSale(true)
	if n < 0 {
		return nil
	}
	to := []sale.Status{sale.Final, sale.Draft}[h.pick("to", 2)]
	return h.resold(n, string(to), func(tx *db.Tx, id int64) error {
		_, err := sale.Update(tx, id, func(d *sale.New) error { d.Status = to; return nil })
		return err
	}, func(o *order) fault.Kind {
		o.Final = to == sale.Final
		return h.m.settleOrder(o, false)
	})
}

// giveBack returns goods of a sell or of an order that was shipped.
func (h history) giveBack() *step {
	n, line := h.aSold()
	if n < 0 || h.m.Orders[n].Stage != "gone" && h.pick("refused", 4) > 0 || !h.m.Orders[n].Till && h.m.Orders[n].Stage == "demanded" {
		return nil
	}
	return h.giveStep(n, line, int64(h.pick("halves", 9))*(one/2))
}

func (h history) giveStep(n int, line, q int64) *step {
	return h.resold(n, "", func(tx *db.Tx, id int64) error {
		_, err := sale.Returns(tx, sale.NewReturn{Sale: id, Lines: []sale.NewReturnLine{{Line: line, Quantity: dec.D(q)}}})
		return err
	}, func(o *order) fault.Kind { return h.m.give(o, line, q) })
}

func (h history) dropOrder() *step {
	if n := h.aSale(rapid.Bool().Draw(h.T, "till")); n >= 0 {
		return h.dropOrderStep(n)
	}
	return nil
}

func (h history) dropOrderStep(n int) *step {
	id := h.m.Orders[n].ID
	return &step{do: func(tx *db.Tx) error { return sale.Delete(tx, id) }, then: func() fault.Kind { return h.m.dropOrder(n) }}
}
