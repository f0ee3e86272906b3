package books

import (
	"slices"

	"storehouse/base/fault"
)

// order is the model of a sales order, and of a sell at the till.
type order struct {
	ID    int64
	Till  bool
	Final bool  // of sells
	At    int64 // where its goods are, or are promised
	Ships bool  // it has a fulfilment location
	State string
	Word  string // the fulfilment status
	Stage string
	Lines []sold
}

// sold is a line: Set is set aside now, First was when it was entered, Outs
// is what left, Backs what came back. Of a Kit nothing moves but its parts,
// which follow it: Per is how much of one is in it.
type sold struct {
	ID, Item, Q, Back, Set, First int64
	Kit                           bool
	Of, Per                       int64
	Outs                          []move
	Backs                         []returned
}

// returned is what came back of one of a line's movements.
type returned struct {
	Move move
	Out  int
}

// orderMoves are the steps from each state: forwards any, back one, and the
// side ways.
var orderMoves = map[string][]string{
	"Received": {"Entered", "Shipped", "Invoiced", "Paid", "Completed", "Rejected"},
	"Entered":  {"Received", "Shipped", "Invoiced", "Paid", "Completed", "Rejected"},
	"Shipped":  {"Entered", "Invoiced", "Paid", "Completed", "In-Dispute"}, "Invoiced": {"Shipped", "Paid", "Completed", "In-Dispute"},
	"Paid": {"Invoiced", "Completed", "In-Dispute"}, "Completed": {"Paid", "In-Dispute"}, "In-Dispute": {"Shipped", "Invoiced", "Paid", "Completed"},
}

var orderStates = []string{"Received", "Entered", "Shipped", "Invoiced", "Paid", "Completed", "In-Dispute", "Rejected"}

// The stages, in their order.
var stages = []string{"", "demanded", "promised", "gone"}

func shipped(state string) bool { return slices.Index(orderStates, state) >= 2 && state != "Rejected" }

// stage is how far an order's stock should be posted.
func (o *order) stage() string {
	switch {
	case o.Till && o.Final:
		return "gone"
	case o.Till, o.State == "Rejected":
		return ""
	case !o.Ships:
		return "demanded"
	case shipped(o.State), o.Word == "Fulfilled":
		return "gone"
	case o.State == "Entered":
		return "promised"
	}
	return "demanded"
}

func (o *order) line(id int64) *sold {
	return &o.Lines[slices.IndexFunc(o.Lines, func(l sold) bool { return l.ID == id })]
}

func (o *order) gaveBack() bool {
	return slices.ContainsFunc(o.Lines, func(l sold) bool { return l.Back > 0 })
}

// demand is what is wanted of an item at a place and not set aside.
func (m *model) demand(p place) (n int64) {
	n = m.need(p)
	for _, o := range m.Makings {
		for _, l := range o.Lines {
			for _, i := range l.Inputs {
				if o.At == p.At && i.Item == p.Item {
					n -= i.Set
				}
			}
		}
	}
	for _, o := range m.Orders {
		for _, l := range o.Lines {
			if !o.Till && !l.Kit && o.At == p.At && l.Item == p.Item && (o.Stage == "demanded" || o.Stage == "promised") {
				n += l.Q - l.Set
			}
		}
	}
	return n
}

// rise brings a quantity of a line from nothing, or from what it has, to the
// order's stage.
func (m *model) rise(o *order, l *sold, q int64, from string, before map[place][2]int64) {
	at := place{l.Item, o.At}
	switch {
	case l.Kit:
	case o.Stage == "promised":
		more := max(0, min(q, m.available(at)))
		l.Set, l.First = l.Set+more, l.First+more
		if more > 0 {
			m.takes(before, at, false, true)
		}
	case o.Stage == "gone":
		m.takes(before, at, true, o.Till || q > l.Set)
		if from != "promised" {
			l.First = l.Q
		}
		l.Set = 0
		l.Outs = append(l.Outs, m.take(l.Item, o.At, q))
		m.Out += l.Outs[len(l.Outs)-1].V
	}
}

// fall takes back all that left for a line.
func (m *model) fall(l *sold) {
	for n := len(l.Outs) - 1; n >= 0; n-- {
		m.Out -= m.undo(&l.Outs[n], l.Outs[n].Q)
	}
	l.Outs = nil
}

// settle brings the lines of an order that was changed to where they belong.
// moved says that it went to another location.
func (m *model) settleOrder(o *order, moved bool) fault.Kind {
	from, to := o.Stage, o.stage()
	if from == "gone" && to == "gone" && moved && !o.Till {
		return fault.Transition
	}
	down := slices.Index(stages, to) < slices.Index(stages, from)
	if o.gaveBack() && (down || o.Till && !o.Final) {
		return fault.Conflict
	}
	before := m.standing()
	m.begin()
	o.Stage = to
	for n := range o.Lines {
		l := &o.Lines[n]
		if moved || down {
			m.fall(l)
		}
		switch {
		case moved, down && to != "promised":
			l.Set, l.First = 0, 0
		case down:
			l.Set = l.First
		}
	}
	for n := range o.Lines {
		l := &o.Lines[n]
		switch {
		case moved:
			m.rise(o, l, l.Q-l.Back, "", before)
		case !down && from != to:
			m.rise(o, l, l.Q-l.Back, from, before)
		}
	}
	if m.short() {
		return fault.Conflict
	}
	if !o.Till {
		o.word()
	}
	return none
}

// word is the fulfilment status that follows from what is posted; where
// nothing is, the client's stands.
func (o *order) word() {
	some, all := false, true
	for _, l := range o.Lines {
		some, all = some || l.First > 0, all && (l.Kit || l.First >= l.Q)
	}
	switch {
	case o.Stage == "gone":
		o.Word = "Fulfilled"
	case o.Stage == "promised" && some && !all:
		o.Word = "Partial"
	case o.Stage == "demanded" && !o.Ships:
	default:
		o.Word = "Pending"
	}
}

// grow makes a line one of another quantity.
func (m *model) grow(o *order, l *sold, q int64, before map[place][2]int64) {
	delta := q - l.Q
	l.Q = q
	switch {
	case delta > 0:
		m.rise(o, l, delta, "", before)
	case o.Stage == "gone":
		for n := len(l.Outs) - 1; n >= 0 && delta < 0; n-- {
			part := min(-delta, l.Outs[n].Q)
			m.Out -= m.undo(&l.Outs[n], part)
			delta += part
		}
	case o.Stage == "promised":
		l.Set, l.First = min(l.Set, q), min(l.First, q)
	}
}

// resize changes a line's quantity, and its parts' with it.
func (m *model) resize(o *order, id, q int64) fault.Kind {
	l := o.line(id)
	if q < l.Back {
		return fault.Conflict
	}
	if o.Stage == "gone" && !o.Till && q != l.Q {
		return fault.Transition
	}
	before := m.standing()
	m.begin()
	from, to := o.family(id)
	for i := from; i < to; i++ {
		if l := &o.Lines[i]; i > from {
			m.grow(o, l, share(l.Per, q, one), before)
		} else {
			m.grow(o, l, q, before)
		}
	}
	if m.short() {
		return fault.Conflict
	}
	if !o.Till {
		o.word()
	}
	return none
}

// replace makes a line one of another item: family is what it is then, with
// its parts.
func (m *model) replace(o *order, id int64, family []sold) fault.Kind {
	l := o.line(id)
	switch {
	case l.Item == family[0].Item:
		return none
	case l.Back > 0:
		return fault.Conflict
	case o.Stage == "gone" && !o.Till:
		return fault.Transition
	}
	before := m.standing()
	m.begin()
	from, to := o.family(id)
	for i := from; i < to; i++ {
		m.fall(&o.Lines[i])
	}
	o.Lines = slices.Replace(o.Lines, from, to, family...)
	for i := range family {
		if l := &o.Lines[from+i]; o.Stage != "" {
			m.rise(o, l, l.Q, "", before)
		}
	}
	if m.short() {
		return fault.Conflict
	}
	o.reword()
	return none
}

// give books that Q of a line has come back in all.
func (m *model) give(o *order, id, q int64) fault.Kind {
	if o.Till && !o.Final || !o.Till && !shipped(o.State) {
		return fault.Conflict
	}
	l := o.line(id)
	if q > l.Q {
		return fault.Invalid
	}
	from, to := o.family(id)
	for i := from; i < to; i++ {
		if l := &o.Lines[i]; i > from {
			m.giveLine(l, share(l.Per, q, one))
		} else {
			m.giveLine(l, q)
		}
	}
	return none
}

func (m *model) giveLine(l *sold, q int64) {
	delta := q - l.Back
	l.Back = q
	for n := len(l.Outs) - 1; n >= 0 && delta > 0; n-- {
		if part := min(delta, l.Outs[n].Q); part > 0 {
			v := m.undo(&l.Outs[n], part)
			m.Seq++
			l.Backs = append(l.Backs, returned{move{Item: l.Item, At: l.Outs[n].At, Q: part, V: v, In: true, Seq: m.Seq}, n})
			m.Out -= v
			delta -= part
		}
	}
	for n := len(l.Backs) - 1; n >= 0 && delta < 0; n-- {
		b := &l.Backs[n]
		if part := min(-delta, b.Move.Q); part > 0 {
			v := m.undo(&b.Move, part)
			l.Outs[b.Out].Q, l.Outs[b.Out].V = l.Outs[b.Out].Q+part, l.Outs[b.Out].V+v
			m.Out += v
			delta += part
		}
	}
}

func (m *model) dropOrder(n int) fault.Kind {
	o := m.Orders[n]
	if o.gaveBack() {
		return fault.Conflict
	}
	var moves []*move
	for k := range o.Lines {
		for i := range o.Lines[k].Outs {
			m.Out -= o.Lines[k].Outs[i].V
			moves = append(moves, &o.Lines[k].Outs[i])
		}
	}
	m.undoAll(moves)
	m.Orders = slices.Delete(m.Orders, n, n+1)
	return none
}
