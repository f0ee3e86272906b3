package points

import (
	"cmp"
	"maps"
	"slices"
	"strconv"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
)

const entryCols = `id, party_id, event, points, doc_type, doc_id, concept, description, branch, expires_at, reverses_id, effective_at,
	recorded_at, user_id`

func scanEntry(r db.Row, e *Entry) error {
	return r.Scan(&e.ID, &e.Party, &e.Event, &e.Points, &e.Doc.Type, &e.Doc.ID, &e.Concept, &e.Description, &e.Branch, db.T(&e.Expires),
		db.I(&e.Reverses), db.T(&e.EffectiveAt), db.T(&e.RecordedAt), &e.Actor)
}

// Post adds entries and moves balances, in two statements whatever their
// number, and returns the entries as posted. Entries of no points are left
// out. What spends (REDEEM, TAKE) more than there is is a Conflict; a customer
// who does not exist is NotFound.
func Post(tx *db.Tx, entries ...Entry) ([]Entry, error) {
	list := make([]Entry, 0, len(entries))
	for _, e := range entries {
		if e.Points < 0 && e.Event == Give {
			e.Event, e.Points = Take, -e.Points
		}
		if e.Points == 0 {
			continue
		}
		if _, ok := opposites[e.Event]; !ok {
			return nil, fault.Field("event", "cannot be posted: %q", e.Event)
		}
		if e.Points < 0 {
			return nil, fault.Field("points", "must be more than zero")
		}
		e.Reverses = 0
		list = append(list, e)
	}
	return list, post(tx, list)
}

// spends are the events that need the points to be there. Taking back what
// was granted is not refused when it has been spent: the balance is below
// zero then, and nothing more can be spent.
var spends = map[Event]bool{Redeem: true, Take: true}

func post(tx *db.Tx, list []Entry) error {
	if len(list) == 0 {
		return nil
	}
	first, err := tx.NextIDs("points_entry", len(list))
	if err != nil {
		return err
	}
	sums := map[int64]*Balance{}
	guarded := map[int64]bool{}
	var c dec.Calc
	rows := make([][]any, len(list))
	for i := range list {
		e := &list[i]
		if e.Party == 0 {
			return fault.Field("contact", "is required")
		}
		e.ID, e.RecordedAt, e.Actor = first+int64(i), tx.Now, tx.Actor
		if e.EffectiveAt.IsZero() {
			e.EffectiveAt = tx.Now
		}
		if sums[e.Party] == nil {
			sums[e.Party] = &Balance{}
		}
		sums[e.Party].add(&c, *e)
		guarded[e.Party] = guarded[e.Party] || spends[e.Event]
		rows[i] = []any{tx.Org, e.ID, e.Party, string(e.Event), e.Points, e.Doc.Type, e.Doc.ID, e.Concept, e.Description, e.Branch,
			e.Expires, db.Null(e.Reverses), e.EffectiveAt, e.RecordedAt, e.Actor}
	}
	if c.Err() != nil {
		return errBig
	}
	if err := tx.Insert("points_entry", "org_id, "+entryCols, rows); err != nil {
		return err
	}
	return move(tx, sums, guarded)
}

var errBig = fault.Field("points", "are too many")

func (b *Balance) add(c *dec.Calc, e Entry) {
	ef := effects[e.Event]
	b.Balance = c.Add(b.Balance, dec.D(ef.balance)*e.Points)
	b.Earned = c.Add(b.Earned, dec.D(ef.earned)*e.Points)
	b.Used = c.Add(b.Used, dec.D(ef.used)*e.Points)
	b.Expired = c.Add(b.Expired, dec.D(ef.expired)*e.Points)
}

// move adds to balances, in one order, and looks at what they have become:
// the row is locked, so nobody spends the same points at the same time.
func move(tx *db.Tx, sums map[int64]*Balance, guarded map[int64]bool) error {
	for parties := range slices.Chunk(slices.Sorted(maps.Keys(sums)), 1000) {
		args := make([]any, 0, 6*len(parties))
		for _, id := range parties {
			b := sums[id]
			args = append(args, tx.Org, id, b.Balance, b.Earned, b.Used, b.Expired)
		}
		err := tx.Each(func(r db.Row) error {
			var id int64
			var balance, earned, used, expired any
			if err := r.Scan(&id, &balance, &earned, &used, &expired); err != nil {
				return err
			}
			for _, v := range []any{balance, earned, used, expired} {
				if _, ok := v.(int64); !ok { // SQLite's sum left the whole numbers
					return errBig
				}
			}
			if have := dec.D(balance.(int64)); have < 0 && guarded[id] && sums[id].Balance < 0 {
				return &fault.Error{Kind: fault.Conflict, Msg: "not enough points",
					Details: map[string]any{"contact": id, "available": max(0, have-sums[id].Balance).String(), "wanted": (-sums[id].Balance).String()}}
			}
			return nil
		}, `INSERT INTO points_balance (org_id, party_id, balance, earned, used, expired) VALUES `+db.Tuples(len(parties), 6)+`
			ON CONFLICT (org_id, party_id) DO UPDATE SET balance = points_balance.balance + excluded.balance,
				earned = points_balance.earned + excluded.earned, used = points_balance.used + excluded.used,
				expired = points_balance.expired + excluded.expired
			RETURNING party_id, balance, earned, used, expired`, args...)
		if fault.Is(err, fault.InUse) { // the party's reference
			return fault.Missing("contact")
		}
		if err != nil {
			return err
		}
	}
	return nil
}

// undo is a part of an entry to take back.
func (e Entry) undo(points dec.D) Entry {
	u := e
	u.ID, u.Reverses, u.Event, u.Points = 0, e.ID, opposites[e.Event], points
	u.Description = "reverses " + strconv.FormatInt(e.ID, 10)
	return u
}

// Reverse takes back what documents gave and took and what still stands of
// it: the points of then, not of today's rule. Nothing standing is no error.
// The documents' own rows must be locked by the caller, or be unique, so that
// two calls do not take back the same.
func Reverse(tx *db.Tx, docs ...Doc) ([]Entry, error) {
	var list []Entry
	for _, d := range docs {
		left, err := standing(tx, d)
		if err != nil {
			return nil, err
		}
		for _, s := range left {
			u := s.Entry.undo(s.left)
			u.EffectiveAt = tx.Now
			list = append(list, u)
		}
	}
	return list, post(tx, list)
}

type stands struct {
	Entry
	left dec.D
}

// standing returns the entries of a document that are not wholly taken back,
// oldest first.
func standing(tx *db.Tx, d Doc) ([]stands, error) {
	list, err := lockDoc(tx, d)
	if err != nil {
		return nil, err
	}
	var out []stands
	for _, e := range list {
		if e.Reverses != 0 {
			continue
		}
		s := stands{e, e.Points}
		for _, r := range list {
			if r.Reverses == e.ID {
				s.left -= r.Points
			}
		}
		if s.left > 0 {
			out = append(out, s)
		}
	}
	return out, nil
}

// lockDoc reads the entries of a document. It first takes the balances of
// their parties, so that two transactions that take back the same document
// wait for each other; a reversal carries the document of what it reverses.
func lockDoc(tx *db.Tx, d Doc) ([]Entry, error) {
	if tx.Postgres() {
		if err := tx.Each(func(db.Row) error { return nil }, `SELECT party_id FROM points_balance WHERE org_id = ? AND party_id IN (
			SELECT party_id FROM points_entry WHERE org_id = ? AND doc_type = ? AND doc_id = ?) ORDER BY party_id`+tx.ForUpdate(),
			tx.Org, tx.Org, d.Type, d.ID); err != nil {
			return nil, err
		}
	}
	return OfDoc(tx, d)
}

// Set posts the difference that makes what a document has earned and redeemed
// for a customer stand at these points: for edits and returns. What was
// granted too much is taken back from the entries that granted it; what is
// missing is granted. Redeeming more than there is is a Conflict.
func Set(tx *db.Tx, doc Doc, party int64, earned, redeemed dec.D) ([]Entry, error) {
	if earned < 0 || redeemed < 0 {
		return nil, fault.Field("points", "must not be negative")
	}
	left, err := standing(tx, doc)
	if err != nil {
		return nil, err
	}
	var list []Entry
	for _, goal := range []struct {
		event  Event
		points dec.D
	}{{Redeem, redeemed}, {Earn, earned}} {
		have := dec.D(0)
		for _, s := range left {
			if s.Event == goal.event && s.Party == party {
				have += s.left
			}
		}
		if have < goal.points {
			list = append(list, Entry{Party: party, Event: goal.event, Points: goal.points - have, Doc: doc})
			continue
		}
		for _, s := range slices.Backward(left) {
			if cut := min(s.left, have-goal.points); s.Event == goal.event && s.Party == party && cut > 0 {
				u := s.Entry.undo(cut)
				u.EffectiveAt = tx.Now
				list, have = append(list, u), have-cut
			}
		}
	}
	return list, post(tx, list)
}

// OfDoc returns the entries of documents, oldest first.
func OfDoc(tx *db.Tx, docs ...Doc) ([]Entry, error) {
	list := []Entry{}
	for _, d := range docs {
		part, err := db.All(tx, scanEntry, `SELECT `+entryCols+` FROM points_entry WHERE org_id = ? AND doc_type = ? AND doc_id = ? ORDER BY id`,
			tx.Org, d.Type, d.ID)
		if err != nil {
			return nil, err
		}
		list = append(list, part...)
	}
	slices.SortFunc(list, func(a, b Entry) int { return cmp.Compare(a.ID, b.ID) })
	return list, nil
}
