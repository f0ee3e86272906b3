package books

import (
	"slices"

	"storehouse/base/fault"
)

// making is the model of a work order or a production order.
type making struct {
	ID       int64
	Work     bool
	At       int64
	State    string
	Been     map[string]bool // the states on the way here
	Lines    []made
	Receipts []yield
}

// made is what is made of an item; Cost is of making one, beside its inputs.
type made struct {
	ID, Item, Q, Cost, Got int64
	Inputs                 []input
}

// input is what goes into one, and what is set aside for what is still to be
// made.
type input struct{ Item, Per, Set int64 }

type yield struct {
	ID    int64
	Lines []yielded
}

type yielded struct {
	Line int64
	Out  move
	Cost int64 // of making it
	Ins  []used
}

// used is what went into something: Kept of it had been promised, New of that
// was set aside by the receipt itself.
type used struct {
	Move      move
	Kept, New int64
}

var makingStates = []string{"Draft", "Entered", "Placed", "Production", "In Transit", "Partial", "Received", "Completed", "Cancelled"}

var makingMoves = map[string][]string{
	"Draft": {"Entered", "Placed", "Production", "In Transit", "Cancelled"}, "Entered": {"Draft", "Placed", "Production", "In Transit", "Cancelled"},
	"Placed": {"Entered", "Production", "In Transit", "Cancelled"}, "Production": {"Placed", "In Transit", "Cancelled"},
	"In Transit": {"Production", "Cancelled"}, "Partial": {"Cancelled"}, "Received": {"Completed"}, "Completed": {"Received"},
}

func (o *making) open() bool { return o.State != "Draft" && o.State != "Cancelled" }

// keeps reports whether inputs are set aside.
func (o *making) keeps() bool { return o.open() && o.State != "Entered" && o.State != "Placed" }

func (o *making) line(id int64) *made {
	return &o.Lines[slices.IndexFunc(o.Lines, func(l made) bool { return l.ID == id })]
}

// left is what the rest of a line needs of an input.
func (l *made) left(i input) int64 { return share(i.Per, max(0, l.Q-l.Got), one) }

// need is what orders want of an item at a place, set aside or not.
func (m *model) need(p place) (n int64) {
	for _, o := range m.Makings {
		for _, l := range o.Lines {
			for _, i := range l.Inputs {
				if o.open() && o.At == p.At && i.Item == p.Item {
					n += l.left(i)
				}
			}
		}
	}
	return n
}

// explode gives a line the inputs of today's bill.
func (m *model) explode(l *made) {
	l.Inputs = nil
	for _, item := range m.BillOrder[l.Item] {
		l.Inputs = append(l.Inputs, input{Item: item, Per: m.Bills[l.Item][item]})
	}
}

// keep sets aside what is there of what an order still needs, and frees what
// it needs no more.
func (m *model) keep(o *making) {
	for n := range o.Lines {
		for k := range o.Lines[n].Inputs {
			i := &o.Lines[n].Inputs[k]
			if i.Set = min(i.Set, o.Lines[n].left(*i)); !o.keeps() {
				i.Set = 0
			}
		}
	}
	if !o.keeps() {
		return
	}
	for n := range o.Lines {
		for k := range o.Lines[n].Inputs {
			i := &o.Lines[n].Inputs[k]
			i.Set += max(0, min(o.Lines[n].left(*i)-i.Set, m.available(place{i.Item, o.At})))
		}
	}
}

func (m *model) enter(o *making, to string) {
	from := o.State
	at, was := slices.Index(makingStates, to), slices.Index(makingStates, from)
	for i := at + 1; to != "Cancelled" && i <= was; i++ {
		delete(o.Been, makingStates[i])
	}
	if o.Been == nil {
		o.Been = map[string]bool{}
	}
	o.State = to
	o.Been[to] = true
	for n := range o.Lines {
		switch {
		case from == "Draft" && o.open():
			m.explode(&o.Lines[n])
		case to == "Draft":
			o.Lines[n].Inputs = nil
		}
	}
}

func (m *model) settle(o *making) {
	if o.open() {
		some, all := false, len(o.Lines) > 0
		for _, l := range o.Lines {
			some, all = some || l.Got > 0, all && l.Got >= l.Q
		}
		switch {
		case some && all && o.State != "Completed":
			m.enter(o, "Received")
		case some && !all:
			m.enter(o, "Partial")
		case !some && slices.Contains([]string{"Partial", "Received", "Completed"}, o.State):
			to := "Entered"
			for _, s := range []string{"Placed", "Production", "In Transit"} {
				if o.Been[s] {
					to = s
				}
			}
			m.enter(o, to)
		}
	}
	m.keep(o)
}

// produced is a line of a receipt; Ins are what is said to have gone into it,
// nil is what the order says.
type produced struct {
	Line, Q int64
	Ins     []input // Per is the quantity
}

func (m *model) produce(o *making, id int64, lines []produced) fault.Kind {
	if !o.open() {
		return fault.Transition
	}
	x := yield{ID: id}
	before := m.standing()
	m.begin()
	for _, p := range lines {
		l := o.line(p.Line)
		if l.Got+p.Q > l.Q+share(l.Q, tolerance, 100) {
			return fault.Invalid
		}
		x.Lines = append(x.Lines, m.consume(o, l, p, before))
	}
	if m.short() {
		return fault.Conflict
	}
	for n := range x.Lines {
		y := &x.Lines[n]
		l := o.line(y.Line)
		y.Cost = share(max(0, l.Cost), lines[n].Q, one)
		v := y.Cost
		for _, u := range y.Ins {
			v += u.Move.V
		}
		m.In += y.Cost
		y.Out = m.bring(l.Item, o.At, lines[n].Q, v)
	}
	o.Receipts = append(o.Receipts, x)
	m.settle(o)
	return none
}

// consume takes what goes into a line, which keeps the order's promises for
// as much as was made, and for more when more goes in and was set aside.
func (m *model) consume(o *making, l *made, p produced, before map[place][2]int64) yielded {
	y := yielded{Line: l.ID}
	keep := map[int64]int64{}
	ins := p.Ins
	for _, i := range l.Inputs {
		keep[i.Item] = min(share(i.Per, p.Q, one), l.left(i))
		if p.Ins == nil {
			ins = append(ins, input{Item: i.Item, Per: share(i.Per, p.Q, one)})
		}
	}
	l.Got += p.Q
	for _, in := range ins {
		at := place{in.Item, o.At}
		kept := min(in.Per, keep[in.Item])
		for _, i := range l.Inputs {
			if i.Item == in.Item {
				kept = max(kept, min(in.Per, i.Set))
			}
		}
		u := used{Kept: kept}
		for k := range l.Inputs {
			if i := &l.Inputs[k]; i.Item == in.Item {
				u.New = max(0, kept-i.Set)
				i.Set -= kept - u.New
			}
		}
		m.takes(before, at, true, u.New > 0 || kept < in.Per)
		u.Move = m.take(in.Item, o.At, in.Per)
		y.Ins = append(y.Ins, u)
	}
	return y
}

// back collects what a receipt moved, and takes what it cost off the value
// that came in.
func (m *model) back(x *yield) (moves []*move) {
	for n := range x.Lines {
		y := &x.Lines[n]
		m.In -= y.Cost
		moves = append(moves, &y.Out)
		for k := range y.Ins {
			moves = append(moves, &y.Ins[k].Move)
		}
	}
	return moves
}

func (m *model) unmake(o *making, n int) {
	x := o.Receipts[n]
	o.Receipts = slices.Delete(o.Receipts, n, n+1)
	for _, y := range x.Lines {
		l := o.line(y.Line)
		l.Got -= y.Out.Q
		for _, u := range y.Ins {
			for k := range l.Inputs {
				if l.Inputs[k].Item == u.Move.Item && u.Move.At == o.At {
					l.Inputs[k].Set += u.Kept - u.New
				}
			}
		}
	}
	m.undoAll(m.back(&x))
	m.settle(o)
}

// redateMade takes a receipt back, and that back again.
func (m *model) redateMade(x *yield) {
	moves := m.back(x)
	for _, y := range x.Lines {
		m.In += y.Cost
	}
	old := make([]move, len(moves))
	slices.SortStableFunc(moves, func(a, b *move) int { return int(b.Seq - a.Seq) })
	for n, mv := range moves {
		old[n] = *mv
		m.undo(mv, mv.Q)
	}
	for n, mv := range slices.Backward(moves) {
		*mv = old[n]
		sign := int64(-1)
		if mv.In {
			sign = 1
		}
		m.shift(place{mv.Item, mv.At}, sign*mv.Q, sign*mv.V)
	}
}

func (m *model) dropMaking(n int) {
	o := m.Makings[n]
	var moves []*move
	for k := range o.Receipts {
		moves = append(moves, m.back(&o.Receipts[k])...)
	}
	m.undoAll(moves)
	m.Makings = slices.Delete(m.Makings, n, n+1)
}
