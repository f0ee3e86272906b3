package sale

import (
	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/core/stock"
)

// postStock posts what new sales take out or promise, and reports whether a
// line got a promise, which is then noted on it.
func (w *world) postStock(tx *db.Tx, sales []*Sale) (bool, error) {
	var entries []stock.Entry
	for _, s := range sales {
		for i := range s.Lines {
			entries = append(entries, s.rise(s.Lines[i], Unposted, s.Stage)...)
		}
	}
	if len(entries) == 0 {
		return false, nil
	}
	posted, err := stock.Post(tx, w.policy(), entries...)
	if err != nil {
		return false, err
	}
	promised := false
	for _, s := range sales {
		if s.Stage == Gone && ordered(s.Origin) {
			s.promiseAll()
		}
		if s.Stage == Promised {
			promised = s.promise(posted) || promised
			s.settle(s.State, tx.Now)
		}
	}
	return promised, nil
}

// promise notes on the lines what was allocated for them.
func (s *Sale) promise(posted []stock.Entry) bool {
	any := false
	for _, e := range posted {
		if e.Event != stock.Allocate || e.Doc != s.doc() {
			continue
		}
		for i := range s.Lines {
			if s.Lines[i].ID == e.Line {
				s.Lines[i].Allocated += e.Quantity
				any = true
			}
		}
	}
	return any
}

// promiseAll notes that entering the order promised all: else shipping it
// would have been refused.
func (s *Sale) promiseAll() {
	for i := range s.Lines {
		if l := &s.Lines[i]; l.Stocked && l.Item != 0 {
			l.Allocated = l.Quantity
		}
	}
}

func (s *Sale) doc() stock.Doc { return stock.Doc{Type: "sale", ID: s.ID} }

// rise returns the entries that bring a line's stock from a stage to a later
// one.
func (s *Sale) rise(l Line, from, to Stage) []stock.Entry {
	if !l.Stocked || l.Item == 0 || to <= from {
		return nil
	}
	entry := func(ev stock.Event, quantity, settles dec.D) stock.Entry {
		e := stock.Entry{Item: l.Item, Location: s.Location, Event: ev, Quantity: quantity, Settles: settles, Ref: s.Number, Lot: l.Lot, Doc: s.doc(), Line: l.ID}
		if !ordered(s.Origin) {
			e.EventDate = s.SoldAt
		}
		return e
	}
	quantity := l.Quantity - l.Returned
	if quantity <= 0 {
		return nil
	}
	if !ordered(s.Origin) {
		return []stock.Entry{entry(stock.Consume, quantity, 0)}
	}
	var list []stock.Entry
	if from < Demanded {
		list = append(list, entry(stock.Demand, quantity, 0))
	}
	rest := quantity - l.Allocated
	if to == Promised && rest > 0 {
		e := entry(stock.Allocate, rest, rest)
		e.UpTo = true
		list = append(list, e)
	}
	if to == Gone {
		if rest > 0 {
			list = append(list, entry(stock.Allocate, rest, rest))
		}
		list = append(list, entry(stock.Consume, quantity, quantity))
	}
	return list
}

// mover collects the movements that turn what a stored sale has posted into
// what the changed one should have. What was posted is read when it is first
// needed.
type mover struct {
	tx      *db.Tx
	doc     stock.Doc // whose entries are taken back
	old     Sale
	s       *Sale
	stand   []stock.Standing
	read    bool
	undo    []stock.Undo
	entries []stock.Entry
	err     error
}

// up posts a line from a stage to its sale's.
func (m *mover) up(l *Line, from Stage) {
	if from == Unposted {
		l.Allocated = 0
	}
	m.entries = append(m.entries, m.s.rise(*l, from, m.s.Stage)...)
	if m.s.Stage == Gone && from < Promised && ordered(m.s.Origin) {
		// Entering it would have promised all, or shipping would be refused.
		l.Allocated = l.Quantity
	}
}

// line posts the difference of a line that stays.
func (m *mover) line(l *Line, o Line) {
	from, to := m.old.Stage, m.s.Stage
	delta := l.Quantity - o.Quantity
	same := o.Item == l.Item && o.Stocked == l.Stocked && o.Lot == l.Lot && m.old.Location == m.s.Location
	switch {
	case !o.Stocked && !l.Stocked:
	case !same || (delta != 0 && from != to):
		m.takeAll(o.ID)
		m.up(l, Unposted)
	case from < to:
		m.up(l, from)
	case from > to:
		m.down(l, to)
	case delta > 0:
		m.more(l, delta)
	case delta < 0:
		m.less(l, -delta)
	}
}

// more posts what a line has grown by.
func (m *mover) more(l *Line, delta dec.D) {
	part := *l
	part.Quantity, part.Returned, part.Allocated = delta, 0, 0
	m.entries = append(m.entries, m.s.rise(part, Unposted, m.s.Stage)...)
}

// less takes back what a line has shrunk by: what was not promised first.
func (m *mover) less(l *Line, delta dec.D) {
	switch m.s.Stage {
	case Gone:
		m.take(l.ID, stock.Consume, delta)
	case Promised:
		if keep := min(l.Allocated, l.Quantity); keep < l.Allocated {
			m.take(l.ID, stock.Allocate, l.Allocated-keep)
			l.Allocated = keep
		}
		m.take(l.ID, stock.Demand, delta)
	case Demanded:
		m.take(l.ID, stock.Demand, delta)
	}
}

// down takes back what a line's later stages posted.
func (m *mover) down(l *Line, to Stage) {
	if to == Unposted {
		l.Allocated = 0
		m.takeAll(l.ID)
		return
	}
	m.take(l.ID, stock.Consume, dec.Max)
	if to == Demanded {
		l.Allocated = 0
	}
	var promised dec.D
	for _, e := range m.standing() {
		if e.Line == l.ID && e.Event == stock.Allocate {
			promised += e.Left
		}
	}
	if promised > l.Allocated {
		m.take(l.ID, stock.Allocate, promised-l.Allocated)
	}
}

func (m *mover) standing() []stock.Standing {
	if !m.read && m.err == nil {
		m.read = true
		m.stand, m.err = stock.StandingOf(m.tx, m.doc)
	}
	return m.stand
}

// take takes back up to a quantity of a line's entries of one event, the
// newest first.
func (m *mover) take(line int64, event stock.Event, quantity dec.D) {
	list := m.standing()
	for i := len(list) - 1; i >= 0 && quantity > 0; i-- {
		e := &list[i]
		if e.Line != line || e.Event != event || e.Left <= 0 {
			continue
		}
		part := min(quantity, e.Left)
		m.undo = append(m.undo, stock.Undo{Entry: e.ID, Quantity: part})
		e.Left -= part
		quantity -= part
	}
}

// takeAll takes back all that stands of a line: last what came first.
func (m *mover) takeAll(line int64) {
	for _, ev := range []stock.Event{stock.Consume, stock.Allocate, stock.Demand} {
		m.take(line, ev, dec.Max)
	}
}
