package stock_test

import (
	"context"
	"fmt"
	"math/big"
	"testing"
	"time"

	"pgregory.net/rapid"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/stock"
)

// model is the ledger once more, in integers (millionths) and written without
// a look at the code: a cell an item and location, and what of each posted
// movement can still be taken back.
type model struct {
	cells map[place]*cell
	moves []*movement
	in    int64 // value that came in, less what of it was taken back
	out   int64
}

type place struct{ item, location int64 }

type cell struct{ hand, order, transit, demand, set, value, road, last int64 }

type movement struct {
	id        int64
	ref       string
	event     stock.Event
	item      int64
	from, to  int64
	q, s, v   int64 // what is left of it
	back      int64 // −1 for what takes back
	parent    *movement
	completes bool
}

func (m *model) at(item, location int64) *cell {
	p := place{item, location}
	if m.cells[p] == nil {
		m.cells[p] = &cell{}
	}
	return m.cells[p]
}

// share is a × b ÷ c, half away from zero; c is more than zero.
func share(a, b, c int64) int64 {
	p := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
	// Twice the product keeps odd divisors exact.
	p.Mul(p, big.NewInt(2)).Add(p, new(big.Int).Mul(big.NewInt(int64(p.Sign())), big.NewInt(c)))
	return p.Quo(p, big.NewInt(2*c)).Int64()
}

const one = 1_000_000

// worth is the value of an ordinary movement.
func (m *model) worth(ev stock.Event, c *cell, q int64, unit *int64) int64 {
	switch ev {
	case stock.Consume, stock.Dispose, stock.Transfer:
		switch {
		case c.hand <= 0:
			return share(q, c.last, one)
		case q < c.hand:
			return share(c.value, q, c.hand)
		}
		return c.value + share(q-c.hand, c.last, one)
	case stock.Receive, stock.Produce, stock.Adjust:
		switch {
		case unit != nil:
			return share(q, *unit, one)
		case c.hand > 0 && c.value >= 0:
			return share(c.value, q, c.hand)
		}
		return share(q, c.last, one)
	}
	return 0
}

// do moves the cells; sign −1 takes back.
func (m *model) do(mv *movement, sign, q, s, v int64) {
	c := m.at(mv.item, mv.from)
	q, s, v = sign*q, sign*s, sign*v
	in := false
	switch mv.event {
	case stock.Order:
		c.order += q
	case stock.Receive, stock.Produce:
		c.hand, c.order, c.value, in = c.hand+q, c.order-s, c.value+v, true
		m.in += v
	case stock.Adjust:
		c.hand, c.value, in = c.hand+q, c.value+v, true
		m.in += v
	case stock.Demand:
		c.demand += q
	case stock.Allocate:
		c.set, c.demand = c.set+q, c.demand-s
	case stock.Consume:
		c.hand, c.set, c.value = c.hand-q, c.set-s, c.value-v
		m.out += v
	case stock.Dispose:
		c.hand, c.value = c.hand-q, c.value-v
		m.out += v
	case stock.Transfer:
		if mv.completes {
			c.hand, c.transit, c.value, c.road, in = c.hand+q, c.transit-q, c.value+v, c.road-v, true
			break
		}
		d := m.at(mv.item, mv.to)
		c.hand, c.value = c.hand-q, c.value-v
		d.transit, d.road = d.transit+q, d.road+v
	}
	if sign < 0 {
		in = !in
	}
	moved := mv.event != stock.Order && mv.event != stock.Demand && mv.event != stock.Allocate
	if !moved || !in && sign > 0 && mv.back > 0 {
		return
	}
	switch {
	case c.hand > 0 && c.value >= 0:
		c.last = share(c.value, one, c.hand)
	case in && v*q >= 0 && q != 0:
		c.last = share(sign*v, one, sign*q)
	}
}

// TestHistories posts random histories and compares every figure with the
// model; taking everything back returns to the start.
func TestHistories(t *testing.T) { dbtest.Each(t, eachHistories) }

func eachHistories(t *testing.T, d *db.DB) {
	w := setup(t, d)
	run := 0
	rapid.Check(t, func(t *rapid.T) {
		run++
		// Each run has an item of its own: nothing is left over.
		item := int64(1000 + run)
		dbExec(t, d, func(tx *db.Tx) error {
			return tx.Insert("item", `org_id, id, kind, code, name, name_key, items_per_unit, is_active, purchase_price, purchase_price_inc_tax,
				profit_percent, sell_price, sell_price_inc_tax, created_at, updated_at`,
				[][]any{{tx.Org, item, "sku", fmt.Sprint("H", item), "h", "h", 1, 1, 0, 0, 0, 0, 0, tx.Now, tx.Now}})
		})
		m := &model{cells: map[place]*cell{}}
		for range rapid.IntRange(1, 25).Draw(t, "steps") {
			step(t, d, w, m, item)
		}
		m.compare(t, d, w, item)
		if rapid.Bool().Draw(t, "take all back") {
			takeAllBack(t, d, m)
			m.compare(t, d, w, item)
			for p, c := range m.cells {
				if c.last = 0; *c != (cell{}) {
					t.Fatalf("%v does not return to the start: %+v", p, *c)
				}
			}
		}
	})
	audited(t, d)
}

func dbExec(t *rapid.T, d *db.DB, fn func(*db.Tx) error) {
	t.Helper()
	if err := d.Update(context.Background(), 1, fn); err != nil {
		t.Fatal(err)
	}
}

func step(t *rapid.T, d *db.DB, w world, m *model, item int64) {
	here := rapid.SampledFrom([]int64{w.here, w.there}).Draw(t, "location")
	ev := rapid.SampledFrom([]stock.Event{stock.Order, stock.Receive, stock.Receive, stock.Produce, stock.Adjust, stock.Demand, stock.Allocate, stock.Consume, stock.Consume,
		stock.Dispose, stock.Transfer, "complete", "undo", "undo"}).Draw(t, "event")
	switch ev {
	case "complete":
		m.complete(t, d)
		return
	case "undo":
		m.undo(t, d)
		return
	}
	q := rapid.Int64Range(1, 5*one).Draw(t, "quantity")
	c := m.at(item, here)
	mv := &movement{event: ev, item: item, from: here, q: q, back: 1}
	e := stock.Entry{Event: ev, Item: item, Location: here, Quantity: dec.D(q), Lot: rapid.SampledFrom([]string{"", "", "L"}).Draw(t, "lot")}
	var unit *int64
	if rapid.Bool().Draw(t, "priced") && (ev == stock.Receive || ev == stock.Produce || ev == stock.Adjust) {
		u := rapid.Int64Range(0, 9*one).Draw(t, "unit cost")
		x := dec.D(u)
		unit, e.UnitCost = &u, &x
	}
	switch open := map[stock.Event]int64{stock.Receive: c.order, stock.Produce: c.order, stock.Allocate: c.demand, stock.Consume: c.set}[ev]; {
	case open > 0 && rapid.Bool().Draw(t, "settle"):
		mv.s = min(q, open)
		e.Settles = dec.D(mv.s)
	}
	if ev == stock.Transfer {
		mv.to = w.here + w.there - here
		e.ToLocation = mv.to
	}
	p := stock.Policy{Allow: rapid.Bool().Draw(t, "allow")}
	short := false
	switch ev {
	case stock.Allocate:
		short = c.hand-c.set-q < min(0, c.hand-c.set)
	case stock.Consume:
		short = c.hand-q < min(0, c.hand) || mv.s < q && c.hand-c.set-q+mv.s < min(0, c.hand-c.set)
	case stock.Dispose, stock.Transfer:
		short = true
		if c.hand-c.set >= q {
			short = false
		}
	}
	if e.Lot != "" && (ev == stock.Consume || ev == stock.Dispose || ev == stock.Transfer) {
		p.Allow = true // the model does not know lots
	}
	var out []stock.Entry
	err := d.Update(context.Background(), 1, func(tx *db.Tx) (err error) { out, err = stock.Post(tx, p, e); return err })
	if refused := short && !p.Allow; refused != fault.Is(err, fault.Conflict) || !refused && err != nil {
		t.Fatalf("%+v on %+v: %v", e, *c, err)
	} else if refused {
		return
	}
	mv.v = m.worth(ev, c, q, unit)
	if int64(out[0].Value) != mv.v {
		t.Fatalf("%+v on %+v carries %s, want %s", e, *c, out[0].Value, dec.D(mv.v))
	}
	mv.id, mv.ref = out[0].ID, out[0].Ref
	m.do(mv, 1, mv.q, mv.s, mv.v)
	m.moves = append(m.moves, mv)
}

func (m *model) complete(t *rapid.T, d *db.DB) {
	var out *movement
	for _, mv := range m.moves {
		if mv.event == stock.Transfer && !mv.completes && mv.parent == nil {
			out = mv
		}
	}
	if out == nil {
		return
	}
	var in stock.Entry
	err := d.Update(context.Background(), 1, func(tx *db.Tx) (err error) { in, err = stock.Complete(tx, out.ref, time.Time{}, ""); return err })
	if done := out.q == 0; done != fault.Is(err, fault.Conflict) || !done && err != nil {
		t.Fatalf("complete %+v: %v", *out, err)
	} else if done {
		return
	}
	mv := &movement{id: in.ID, event: stock.Transfer, completes: true, item: out.item, from: out.to, q: out.q, v: out.v, back: 1, parent: out}
	out.q, out.v = 0, 0
	m.do(mv, 1, mv.q, 0, mv.v)
	m.moves = append(m.moves, mv)
}

func (m *model) undo(t *rapid.T, d *db.DB) {
	if len(m.moves) == 0 {
		return
	}
	mv := m.moves[rapid.IntRange(0, len(m.moves)-1).Draw(t, "which")]
	if mv.q == 0 {
		return
	}
	m.takeBack(t, d, mv, rapid.Int64Range(1, mv.q).Draw(t, "part"))
}

func (m *model) takeBack(t *rapid.T, d *db.DB, mv *movement, q int64) {
	s, v := max(0, mv.s-(mv.q-q)), mv.v
	if q < mv.q {
		v = share(mv.v, q, mv.q)
	}
	var out []stock.Entry
	dbExec(t, d, func(tx *db.Tx) (err error) {
		out, err = stock.Apply(tx, stock.Policy{}, []stock.Undo{{Entry: mv.id, Quantity: dec.D(q)}}, nil)
		return err
	})
	if e := out[0]; int64(e.Value) != v || int64(e.Settles) != s {
		t.Fatalf("took back %d of %+v: %+v, want %d and %d", q, *mv, e, v, s)
	}
	mv.q, mv.s, mv.v = mv.q-q, mv.s-s, mv.v-v
	// What was taken back and now is not can be taken back again.
	for p, sign := mv.parent, int64(1); p != nil; p, sign = p.parent, -sign {
		p.q, p.s, p.v = p.q+sign*q, p.s+sign*s, p.v+sign*v
	}
	back := &movement{id: out[0].ID, event: mv.event, completes: mv.completes, item: mv.item, from: mv.from, to: mv.to, q: q, s: s, v: v, back: -mv.back, parent: mv}
	m.do(mv, -mv.back, q, s, v)
	m.moves = append(m.moves, back)
}

// takeAllBack takes back, the newest first, what stands and takes nothing
// back itself.
func takeAllBack(t *rapid.T, d *db.DB, m *model) {
	for i := len(m.moves) - 1; i >= 0; i-- {
		mv := m.moves[i]
		if mv.back > 0 && mv.parent == nil && mv.q > 0 || mv.completes && mv.back > 0 && mv.q > 0 {
			m.takeBack(t, d, mv, mv.q)
		}
	}
}

func (m *model) compare(t *rapid.T, d *db.DB, w world, item int64) {
	t.Helper()
	err := d.View(context.Background(), 1, func(tx *db.Tx) error {
		total := int64(0)
		for _, location := range []int64{w.here, w.there} {
			c := m.at(item, location)
			b, err := stock.Get(tx, item, location)
			if err != nil {
				return err
			}
			got := cell{int64(b.OnHand), int64(b.OnOrder), int64(b.InTransit), int64(b.Demand), int64(b.Allocated), int64(b.Value), int64(b.TransitValue), int64(b.LastCost)}
			if got != *c {
				t.Fatalf("at %d: %+v, want %+v", location, got, *c)
			}
			total += got.value + got.road
			folded, err := stock.AsOf(tx, item, location, time.Time{}, time.Time{})
			if err != nil {
				return err
			}
			if b.LastCost, folded.Kind = 0, b.Kind; folded != b {
				t.Fatalf("at %d: the fold is %+v, the balance %+v", location, folded, b)
			}
		}
		if m.in-m.out != total {
			t.Fatalf("%d came in, %d went out, %d is here", m.in, m.out, total)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
