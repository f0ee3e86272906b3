package books

import (
	"slices"

	"storehouse/base/fault"
)

// purchase is the model of a purchase order.
type purchase struct {
	ID       int64
	At       int64 // 0 is the default location
	State    string
	Sailed   bool // it was in transit before something came in
	Goods    bool // it buys SKUs
	Costs    int64
	Lines    []bought
	Receipts []arrival
}

type bought struct{ ID, Item, Q, Cost, Got int64 }

type arrival struct {
	ID, Days int64
	Lines    []arrived
}

type arrived struct {
	Line int64
	Move move
}

// purchaseMoves are the steps that a buyer may make.
var purchaseMoves = map[string][]string{
	"Planning": {"Placed", "In Transit", "Cancelled"}, "Placed": {"Planning", "In Transit", "Cancelled"},
	"In Transit": {"Placed", "Cancelled"}, "Partial": {"Cancelled"}, "Received": {"Paid"}, "Paid": {"Received"},
}

func (o *purchase) open() bool { return o.State != "Planning" && o.State != "Cancelled" }

func (m *model) home(at int64) int64 {
	if at == 0 {
		return m.Home
	}
	return at
}

// enter moves an order to a state that a buyer names.
func (o *purchase) enter(to string) {
	switch {
	case to == "In Transit":
		o.Sailed = true
	case o.State != to && (to == "Planning" || to == "Placed"):
		o.Sailed = false
	}
	o.State = to
}

// derive sets the state that what came in asks for.
func (o *purchase) derive() {
	if !o.open() {
		return
	}
	some, all := false, len(o.Lines) > 0
	for _, l := range o.Lines {
		some, all = some || l.Got > 0, all && l.Got >= l.Q
	}
	switch {
	case some && all && o.State != "Paid":
		o.State = "Received"
	case some && !all:
		o.State = "Partial"
	case !some && (o.State == "Partial" || o.State == "Received" || o.State == "Paid"):
		o.State = "Placed"
		if o.Sailed {
			o.State = "In Transit"
		}
	}
}

func (o *purchase) line(id int64) *bought {
	return &o.Lines[slices.IndexFunc(o.Lines, func(l bought) bool { return l.ID == id })]
}

// landed is what the whole of a line costs: its price and its share of what
// the order costs besides, by value or, where nothing has a value, by
// quantity; the shares add up.
func (o *purchase) landed(id int64) int64 {
	weight := func(l bought) int64 { return share(l.Q, l.Cost, one) }
	var total int64
	for _, l := range o.Lines {
		total += weight(l)
	}
	price := weight
	if total == 0 {
		price, weight = func(bought) int64 { return 0 }, func(l bought) int64 { return l.Q }
		for _, l := range o.Lines {
			total += l.Q
		}
	}
	var sum int64
	for _, l := range o.Lines {
		if l.ID == id {
			return price(l) + share(o.Costs, sum+weight(l), total) - share(o.Costs, sum, total)
		}
		sum += weight(l)
	}
	return 0
}

// part is what more of a line costs: with what has come in of it, the new
// receipt's included, it is its part of the whole, unless that came in at
// another price.
func (o *purchase) part(l *bought, x arrival, q int64) int64 {
	whole := o.landed(l.ID)
	var paid, parts int64
	for _, r := range append(slices.Clone(o.Receipts), x) {
		for _, y := range r.Lines {
			if y.Line == l.ID {
				paid, parts = paid+y.Move.V, parts+1
			}
		}
	}
	before := share(whole, l.Got, l.Q)
	if paid >= before-parts && paid <= before+parts {
		before = paid
	}
	return max(0, share(whole, l.Got+q, l.Q)-before)
}

// receive books what came in of lines.
func (m *model) receive(o *purchase, id, days int64, lines, quantities []int64) fault.Kind {
	if !o.open() {
		return fault.Transition
	}
	x := arrival{ID: id, Days: days}
	for n, line := range lines {
		l, q := o.line(line), quantities[n]
		if l.Got+q > l.Q+share(l.Q, tolerance, 100) {
			return fault.Invalid
		}
		v := o.part(l, x, q)
		x.Lines = append(x.Lines, arrived{line, m.bring(l.Item, m.home(o.At), q, v)})
		m.In += v
		l.Got += q
	}
	o.Receipts = append(o.Receipts, x)
	o.derive()
	return none
}

// redate books a receipt's goods anew, at the same cost.
func (m *model) redate(x *arrival, days int64) {
	if x.Days == days {
		return
	}
	x.Days = days
	for n := range x.Lines {
		mv := x.Lines[n].Move
		m.undo(&x.Lines[n].Move, mv.Q)
		x.Lines[n].Move = mv
	}
	for n := range x.Lines {
		mv := x.Lines[n].Move
		x.Lines[n].Move = m.bring(mv.Item, mv.At, mv.Q, mv.V)
	}
}

// unreceive takes a receipt back.
func (m *model) unreceive(o *purchase, n int) {
	x := o.Receipts[n]
	o.Receipts = slices.Delete(o.Receipts, n, n+1)
	var moves []*move
	for i := range x.Lines {
		l := &x.Lines[i]
		m.In -= l.Move.V
		o.line(l.Line).Got -= l.Move.Q
		moves = append(moves, &l.Move)
	}
	m.undoAll(moves)
	o.derive()
}

func (m *model) dropPurchase(n int) {
	o := m.Purchases[n]
	var moves []*move
	for _, x := range o.Receipts {
		for i := range x.Lines {
			m.In -= x.Lines[i].Move.V
			moves = append(moves, &x.Lines[i].Move)
		}
	}
	m.undoAll(moves)
	m.Purchases = slices.Delete(m.Purchases, n, n+1)
}

// onOrder is what of an item has been ordered to a place and has not come.
func (m *model) onOrder(p place) (n int64) {
	for _, o := range m.Purchases {
		for _, l := range o.Lines {
			if o.open() && l.Item == p.Item && m.home(o.At) == p.At {
				n += max(0, l.Q-l.Got)
			}
		}
	}
	for _, o := range m.Makings {
		for _, l := range o.Lines {
			if o.open() && l.Item == p.Item && o.At == p.At {
				n += max(0, l.Q-l.Got)
			}
		}
	}
	return n
}
