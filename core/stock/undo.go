package stock

import (
	"maps"
	"slices"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
)

// Standing is an entry and what of it has not been taken back.
type Standing struct {
	Entry
	Left        dec.D // of Quantity; of a transfer out, what is still in transit
	LeftSettles dec.D
	LeftValue   dec.D
}

// Reverse takes back what is left of entries. Nothing left is a Conflict.
func Reverse(tx *db.Tx, entries ...int64) ([]Entry, error) {
	undo := make([]Undo, len(entries))
	for i, id := range entries {
		undo[i].Entry = id
	}
	return Apply(tx, Policy{}, undo, nil)
}

// ReverseDoc takes back everything that stands of what documents themselves
// posted, newest first, as it was posted then.
func ReverseDoc(tx *db.Tx, docs ...Doc) ([]Entry, error) {
	list, err := StandingOf(tx, docs...)
	if err != nil {
		return nil, err
	}
	var undo []Undo
	for _, s := range slices.Backward(list) {
		if slices.Contains(docs, s.Doc) {
			undo = append(undo, Undo{Entry: s.ID})
		}
	}
	return Apply(tx, Policy{}, undo, nil)
}

// Release takes back what documents have promised and not kept: open orders,
// demand and allocations. What came in or went out stays.
func Release(tx *db.Tx, docs ...Doc) ([]Entry, error) {
	undo, err := Promised(tx, docs...)
	if err != nil {
		return nil, err
	}
	return Apply(tx, Policy{}, undo, nil)
}

// Promised returns what takes back the open promises of documents, for Apply:
// allocations first, which open demand again, then demand and orders.
func Promised(tx *db.Tx, docs ...Doc) ([]Undo, error) {
	list, err := StandingOf(tx, docs...)
	if err != nil {
		return nil, err
	}
	type place struct {
		doc            Doc
		line           int64
		item, location int64
	}
	at := func(e Entry) place { return place{e.promiseOf(), e.Line, e.Item, e.Location} }
	open := map[place]*Balance{}
	for _, s := range list {
		if open[at(s.Entry)] == nil {
			open[at(s.Entry)] = &Balance{}
		}
		b := open[at(s.Entry)]
		ef, _ := effectOf(s.Event, s.ToLocation != 0)
		var c dec.Calc
		b.add(&c, ef.quantity, s.Left)
		b.add(&c, ef.settled, s.LeftSettles)
		if c.Err() != nil {
			return nil, c.Err()
		}
	}
	var undo []Undo
	take := func(ev Event, column func(*Balance) *dec.D, opens func(*Balance) *dec.D) {
		for _, s := range slices.Backward(list) {
			b := open[at(s.Entry)]
			left := column(b)
			q := min(s.Left, *left)
			if s.Event != ev || q <= 0 {
				continue
			}
			*left -= q
			settles := min(s.LeftSettles, q)
			if opens != nil {
				*opens(b) += settles
			}
			undo = append(undo, Undo{Entry: s.ID, Quantity: q, Settles: &settles})
		}
	}
	take(Allocate, func(b *Balance) *dec.D { return &b.Allocated }, func(b *Balance) *dec.D { return &b.Demand })
	take(Demand, func(b *Balance) *dec.D { return &b.Demand }, nil)
	take(Order, func(b *Balance) *dec.D { return &b.OnOrder }, nil)
	return undo, nil
}

// promiseOf names the document whose promise an entry makes or keeps.
func (e Entry) promiseOf() Doc {
	if e.Of != (Doc{}) {
		return e.Of
	}
	return e.Doc
}

// StandingOf returns what stands of the entries of documents, those of others
// that keep their promises included, oldest first. It leaves out what has been
// wholly taken back, and the entries that took it back within the same
// documents.
func StandingOf(tx *db.Tx, docs ...Doc) ([]Standing, error) {
	list, err := OfDoc(tx, docs...)
	if err != nil {
		return nil, err
	}
	mine := map[int64]bool{}
	entries := make(map[int64]*Entry, len(list))
	for i := range list {
		mine[list[i].ID] = true
		entries[list[i].ID] = &list[i]
	}
	left, err := standing(tx, entries)
	if err != nil {
		return nil, err
	}
	out := []Standing{}
	for _, e := range list {
		if s := left[e.ID]; s.Left > 0 && !mine[e.Reverses] {
			out = append(out, *s)
		}
	}
	return out, nil
}

// standing works out what is left of entries: their own quantity less what
// stands of the entries that undo or complete them, and so on down.
func standing(tx *db.Tx, entries map[int64]*Entry) (map[int64]*Standing, error) {
	all := map[int64]*Standing{}
	parent := map[int64]int64{}
	var order []int64 // parents before children
	level := slices.Sorted(maps.Keys(entries))
	for _, id := range level {
		e := entries[id]
		all[id] = &Standing{Entry: *e, Left: e.Quantity, LeftSettles: e.Settles, LeftValue: e.Value}
	}
	seen := map[int64]bool{}
	for len(level) > 0 {
		order = append(order, level...)
		children, err := childrenOf(tx, level)
		if err != nil {
			return nil, err
		}
		level = nil
		for i := range children {
			e := &children[i]
			if seen[e.ID] {
				continue
			}
			seen[e.ID] = true
			parent[e.ID] = e.Reverses + e.Completes // one of them is zero
			if all[e.ID] == nil {
				all[e.ID] = &Standing{Entry: *e, Left: e.Quantity, LeftSettles: e.Settles, LeftValue: e.Value}
				level = append(level, e.ID)
			}
		}
	}
	return all, fold(all, parent, order)
}

// fold takes the children off their parents, the youngest first.
func fold(all map[int64]*Standing, parent map[int64]int64, order []int64) error {
	// An entry asked for together with its parent stands before it in order:
	// depth decides.
	depth := func(id int64) (n int) {
		for p := parent[id]; p != 0 && n < 100; p = parent[p] {
			n++
		}
		return n
	}
	slices.SortStableFunc(order, func(a, b int64) int { return depth(b) - depth(a) })
	var c dec.Calc
	for _, id := range order {
		s := all[id]
		if p := all[parent[id]]; p != nil {
			p.Left = c.Sub(p.Left, s.Left)
			p.LeftValue = c.Sub(p.LeftValue, s.LeftValue)
			if s.Completes == 0 {
				p.LeftSettles = c.Sub(p.LeftSettles, s.LeftSettles)
			}
		}
	}
	return c.Err()
}

func childrenOf(tx *db.Tx, ids []int64) ([]Entry, error) {
	list := []Entry{}
	for chunk := range slices.Chunk(ids, keysAt) {
		marks := db.Marks(len(chunk))
		args := append([]any{tx.Org}, db.Args(chunk)...)
		part, err := db.All(tx, scanEntry, `SELECT `+entryCols+` FROM stock_entry WHERE org_id = ? AND reverses_id IN (`+marks+`)
			UNION ALL SELECT `+entryCols+` FROM stock_entry WHERE org_id = ? AND completes_id IN (`+marks+`)`, append(args, args...)...)
		if err != nil {
			return nil, err
		}
		list = append(list, part...)
	}
	return list, nil
}

// takeBack turns undos into entries with the value of what they undo.
func takeBack(tx *db.Tx, undo []Undo) ([]*posting, error) {
	if len(undo) == 0 {
		return nil, nil
	}
	ids := make([]int64, len(undo))
	for i, u := range undo {
		ids[i] = u.Entry
	}
	entries, err := lockEntries(tx, ids)
	if err != nil {
		return nil, err
	}
	left, err := standing(tx, entries)
	if err != nil {
		return nil, err
	}
	list := make([]*posting, 0, len(undo))
	for _, u := range undo {
		e, err := u.entry(left[u.Entry])
		if err != nil {
			return nil, err
		}
		list = append(list, &posting{Entry: e, valued: true, undoing: true})
	}
	return list, nil
}

// entry returns the opposite of a part of an entry, and takes the part off
// what is left of it.
func (u Undo) entry(s *Standing) (Entry, error) {
	q := u.Quantity
	if q == 0 {
		q = s.Left
	}
	switch {
	case q < 0:
		return Entry{}, fault.Field("quantity", "must be more than zero")
	case s.Left == 0:
		return Entry{}, fault.New(fault.Conflict, "%s has been taken back already", s.Code)
	case q > s.Left:
		return Entry{}, fault.New(fault.Conflict, "only %s of %s is left to take back", s.Left, s.Code)
	}
	settles := max(0, s.LeftSettles-(s.Left-q))
	if u.Settles != nil {
		settles = *u.Settles
	}
	if settles < 0 || settles > min(q, s.LeftSettles) {
		return Entry{}, fault.Field("settles", "must be between zero and what was settled")
	}
	value := s.LeftValue
	if q != s.Left {
		v, err := s.LeftValue.MulDiv(q, s.Left)
		if err != nil {
			return Entry{}, fault.Field("quantity", "is too big")
		}
		value = v
	}
	e := s.Entry
	e.Event = undoes(s.Event)
	e.ID, e.Reverses, e.Completes = 0, s.ID, 0
	e.Quantity, e.Settles, e.Value, e.EventDate, e.Notes = q, settles, value, u.EventDate, u.Notes
	if u.Doc != (Doc{}) && u.Doc != e.Doc {
		e.Of, e.Doc = s.promiseOf(), u.Doc
	}
	if e.Notes == "" {
		e.Notes = "reverses " + s.Code
	}
	s.Left, s.LeftSettles, s.LeftValue = s.Left-q, s.LeftSettles-settles, s.LeftValue-value
	return e, nil
}

// undoes returns the event that undoes an event; undoing a REVERSE_ is the
// event itself again.
func undoes(ev Event) Event {
	if of, ok := reversed[ev]; ok {
		return of
	}
	return opposites[ev]
}
