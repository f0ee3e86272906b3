package books

import (
	"bytes"
	"encoding/gob"
	"math/big"
	"slices"

	"storehouse/base/fault"
)

// one is a unit in millionths, in which the model counts.
const one = 1_000_000

// none is what is wrong with a step that is good.
const none fault.Kind = -1

// share is a × b ÷ c, half away from zero; c is more than zero.
func share(a, b, c int64) int64 {
	p := new(big.Int).Mul(big.NewInt(a), big.NewInt(b))
	// Twice the product keeps odd divisors exact.
	p.Mul(p, big.NewInt(2)).Add(p, new(big.Int).Mul(big.NewInt(int64(p.Sign())), big.NewInt(c)))
	return p.Quo(p, big.NewInt(2*c)).Int64()
}

// place is an item at a location.
type place struct{ Item, At int64 }

// cell is what there is at a place. What is promised is not in it: that is
// folded from the documents.
type cell struct{ Hand, Transit, Value, Road, Last int64 }

// move is goods that moved for a document: what of it has not been taken back.
type move struct {
	Item, At int64
	Q, V     int64
	In       bool  // goods came in
	Seq      int64 // the order in which things were posted
}

// model is what the books should say.
type model struct {
	Home      int64          // the default location
	Oversell  map[int64]bool // where what is not there may be taken
	Cells     map[place]cell
	In, Out   int64 // value that came in and went out, less what of it was taken back
	Seq       int64
	Prices    map[int64]int64           // purchase prices
	Bills     map[int64]map[int64]int64 // what goes into one of an item
	BillOrder map[int64][]int64         // in the order in which the bill lists it
	Box       map[int64]int64           // what a box is made of
	Purchases []purchase
	Makings   []making
	Orders    []order
	Transfers []transfer

	low map[place]lowered // by the posting under way
}

// lowered is what a posting that may be refused has found and taken.
type lowered struct {
	hand, free           int64 // before
	takesHand, takesFree bool
}

func (m *model) clone() *model {
	var b bytes.Buffer
	if err := gob.NewEncoder(&b).Encode(m); err != nil {
		panic(err)
	}
	c := &model{}
	if err := gob.NewDecoder(&b).Decode(c); err != nil {
		panic(err)
	}
	return c
}

// set is how much of an item is set aside at a place.
func (m *model) set(p place) (n int64) {
	for _, o := range m.Makings {
		for _, l := range o.Lines {
			for _, i := range l.Inputs {
				if o.At == p.At && i.Item == p.Item {
					n += i.Set
				}
			}
		}
	}
	for _, o := range m.Orders {
		for _, l := range o.Lines {
			if o.At == p.At && l.Item == p.Item {
				n += l.Set
			}
		}
	}
	return n
}

func (m *model) available(p place) int64 { return m.Cells[p].Hand - m.set(p) }

// begin starts a posting that may be refused for want of stock.
func (m *model) begin() { m.low = map[place]lowered{} }

// takes notes that a posting takes goods off a place, from the shelf or from
// what is free.
func (m *model) takes(before map[place][2]int64, p place, hand, free bool) {
	l, ok := m.low[p]
	if !ok {
		l.hand, l.free = before[p][0], before[p][1]
	}
	l.takesHand, l.takesFree = l.takesHand || hand, l.takesFree || free
	m.low[p] = l
}

// standing is what is on hand and free everywhere, before a posting.
func (m *model) standing() map[place][2]int64 {
	out := map[place][2]int64{}
	for p, c := range m.Cells {
		out[p] = [2]int64{c.Hand, m.available(p)}
	}
	return out
}

// short reports whether the posting has taken what was not there.
func (m *model) short() bool {
	for p, l := range m.low {
		if m.Oversell[p.At] {
			continue
		}
		if l.takesHand && m.Cells[p].Hand < min(0, l.hand) || l.takesFree && m.available(p) < min(0, l.free) {
			return true
		}
	}
	return false
}

// take moves goods out, at their share of the value on hand; what is not on
// hand goes at the last known cost.
func (m *model) take(item, at, q int64) move {
	p := place{item, at}
	c := m.Cells[p]
	var v int64
	switch {
	case c.Hand <= 0:
		v = share(q, c.Last, one)
	case q < c.Hand:
		v = share(c.Value, q, c.Hand)
	default:
		v = c.Value + share(q-c.Hand, c.Last, one)
	}
	c.Hand, c.Value = c.Hand-q, c.Value-v
	m.Cells[p] = c
	m.Seq++
	return move{Item: item, At: at, Q: q, V: v, Seq: m.Seq}
}

// bring moves goods in, at what they cost.
func (m *model) bring(item, at, q, v int64) move {
	m.shift(place{item, at}, q, v)
	m.Seq++
	return move{Item: item, At: at, Q: q, V: v, In: true, Seq: m.Seq}
}

// average is the cost of goods that come in without one.
func (m *model) average(item, at, q int64) int64 {
	c := m.Cells[place{item, at}]
	if c.Hand > 0 && c.Value >= 0 {
		return share(c.Value, q, c.Hand)
	}
	return share(q, c.Last, one)
}

// shift adds to a cell, and learns what a unit costs: the average, or where
// there is none the cost of what came in.
func (m *model) shift(p place, q, v int64) {
	c := m.Cells[p]
	c.Hand, c.Value = c.Hand+q, c.Value+v
	value, on := c.Value, c.Hand
	if c.Hand <= 0 || c.Value < 0 {
		value, on = v, q
	}
	if on > 0 {
		if unit := share(value, one, on); unit >= 0 {
			c.Last = unit
		}
	}
	m.Cells[p] = c
}

// undo takes back a part of a move at the cost that it had, and returns what
// that was.
func (m *model) undo(mv *move, q int64) (v int64) {
	if q == 0 {
		return 0
	}
	v = mv.V
	if q < mv.Q {
		v = share(mv.V, q, mv.Q)
	}
	mv.Q, mv.V = mv.Q-q, mv.V-v
	sign := int64(1)
	if mv.In {
		sign = -1
	}
	m.shift(place{mv.Item, mv.At}, sign*q, sign*v)
	return v
}

// undoAll takes back moves, the last first.
func (m *model) undoAll(moves []*move) {
	slices.SortStableFunc(moves, func(a, b *move) int { return int(b.Seq - a.Seq) })
	for _, mv := range moves {
		m.undo(mv, mv.Q)
	}
}
