package stock

import (
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
)

// Move is a transfer.
type Move struct {
	Item      int64
	From, To  int64
	Quantity  dec.D
	Lot       string
	Ref       string // "" is numbered: "TR-12"
	Notes     string
	EventDate time.Time
}

// Send starts a transfer: the goods leave and are in transit, with their
// cost, under the Ref of the answer. Too little stock is refused as by Post.
func Send(tx *db.Tx, p Policy, m Move) (Entry, error) {
	if m.Ref != "" {
		var used int64
		if err := tx.Each(func(r db.Row) error { return r.Scan(&used) },
			`SELECT COUNT(*) FROM stock_entry WHERE org_id = ? AND ref = ? AND ref <> '' AND to_location_id IS NOT NULL`, tx.Org, m.Ref); err != nil {
			return Entry{}, err
		}
		if used > 0 {
			return Entry{}, fault.New(fault.Conflict, "transfer %s exists already", m.Ref)
		}
	}
	list, err := Post(tx, p, Entry{Event: Transfer, Item: m.Item, Location: m.From, ToLocation: m.To, Quantity: m.Quantity, Lot: m.Lot,
		Ref: m.Ref, Notes: m.Notes, EventDate: m.EventDate, Doc: Doc{Type: "transfer"}})
	if err != nil {
		return Entry{}, err
	}
	return list[0], nil
}

// Complete brings in the transfer that is in transit under ref, once: a
// second time, or after it was taken back, is a Conflict.
func Complete(tx *db.Tx, ref string, eventDate time.Time, notes string) (Entry, error) {
	missing := fault.Missing("transfer")
	if ref == "" {
		return Entry{}, missing
	}
	ids, err := db.All(tx, db.Value[int64], `SELECT id FROM stock_entry WHERE org_id = ? AND ref = ? AND ref <> ''
		AND event = 'TRANSFER' AND to_location_id IS NOT NULL AND reverses_id IS NULL ORDER BY id`, tx.Org, ref)
	if err != nil {
		return Entry{}, err
	}
	if len(ids) == 0 {
		return Entry{}, missing
	}
	entries, err := lockEntries(tx, ids[:1])
	if err != nil {
		return Entry{}, err
	}
	left, err := standing(tx, entries)
	if err != nil {
		return Entry{}, err
	}
	s := left[ids[0]]
	if s.Left == 0 {
		return Entry{}, fault.New(fault.Conflict, "transfer %s is not in transit", ref)
	}
	e := s.Entry
	e.ID, e.Completes, e.Reverses = 0, s.ID, 0
	e.Location, e.ToLocation = s.ToLocation, 0
	e.Quantity, e.Value, e.EventDate, e.Notes = s.Left, s.LeftValue, eventDate, notes
	list, err := post(tx, Policy{}, []*posting{{Entry: e, valued: true}})
	if err != nil {
		return Entry{}, err
	}
	return list[0], nil
}
