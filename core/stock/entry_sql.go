package stock

import (
	"slices"

	"storehouse/base/db"
	"storehouse/base/fault"
)

const entryCols = `id, kind, item_id, location_id, to_location_id, event, quantity, settles, value, lot, expires_at, ref, notes,
	doc_type, doc_id, doc_line, of_type, of_id, reverses_id, completes_id, effective_at, recorded_at, user_id`

func scanEntry(s db.Row, e *Entry) error {
	err := s.Scan(&e.ID, &e.Kind, &e.Item, &e.Location, db.I(&e.ToLocation), &e.Event, &e.Quantity, &e.Settles, &e.Value, &e.Lot,
		db.T(&e.Expires), &e.Ref, &e.Notes, &e.Doc.Type, &e.Doc.ID, &e.Line, db.S(&e.Of.Type), db.I(&e.Of.ID), db.I(&e.Reverses),
		db.I(&e.Completes), db.T(&e.EventDate), db.T(&e.RecordedAt), &e.Actor)
	e.finish()
	return err
}

func insert(tx *db.Tx, list []Entry) error {
	rows := make([][]any, len(list))
	for i := range list {
		e := &list[i]
		rows[i] = []any{tx.Org, e.ID, e.Kind, e.Item, e.Location, db.Null(e.ToLocation), string(e.Event), e.Quantity, e.Settles, e.Value,
			e.Lot, e.Expires, e.Ref, e.Notes, e.Doc.Type, e.Doc.ID, e.Line, db.Null(e.Of.Type), db.Null(e.Of.ID), db.Null(e.Reverses),
			db.Null(e.Completes), e.EventDate, e.RecordedAt, e.Actor}
	}
	return tx.Insert("stock_entry", "org_id, "+entryCols, rows)
}

// lockEntries reads entries by id and keeps others from taking them back at
// the same time.
func lockEntries(tx *db.Tx, ids []int64) (map[int64]*Entry, error) {
	ids = slices.Clone(ids)
	slices.Sort(ids)
	ids = slices.Compact(ids)
	found := make(map[int64]*Entry, len(ids))
	for chunk := range slices.Chunk(ids, keysAt) {
		list, err := db.All(tx, scanEntry, `SELECT `+entryCols+` FROM stock_entry WHERE org_id = ? AND id IN (`+db.Marks(len(chunk))+`)
			ORDER BY id`+tx.ForUpdate(), append([]any{tx.Org}, db.Args(chunk)...)...)
		if err != nil {
			return nil, err
		}
		for i := range list {
			found[list[i].ID] = &list[i]
		}
	}
	if len(found) != len(ids) {
		return nil, fault.Missing("ledger entry")
	}
	return found, nil
}

// GetEntry returns an entry; NotFound when there is none.
func GetEntry(tx *db.Tx, id int64) (Entry, error) {
	e, err := db.One(tx, scanEntry, `SELECT `+entryCols+` FROM stock_entry WHERE org_id = ? AND id = ?`, tx.Org, id)
	if fault.Is(err, fault.NotFound) {
		return e, fault.Missing("ledger entry")
	}
	return e, err
}

// OfDoc returns the entries that documents posted and those of other
// documents that keep their promises, oldest first.
func OfDoc(tx *db.Tx, docs ...Doc) ([]Entry, error) {
	if len(docs) == 0 {
		return []Entry{}, nil
	}
	list := []Entry{}
	for chunk := range slices.Chunk(docs, 400) {
		var args []any
		match := func(kind, id string) string {
			args = append(args, tx.Org)
			cond := ""
			for i, d := range chunk {
				if i > 0 {
					cond += " OR "
				}
				cond += kind + " = ? AND " + id + " = ?"
				args = append(args, d.Type, d.ID)
			}
			return cond
		}
		part, err := db.All(tx, scanEntry, `SELECT `+entryCols+` FROM stock_entry WHERE org_id = ? AND (`+match("doc_type", "doc_id")+`)
			UNION SELECT `+entryCols+` FROM stock_entry WHERE org_id = ? AND of_id IS NOT NULL AND (`+match("of_type", "of_id")+`)
			ORDER BY recorded_at, id`, args...)
		if err != nil {
			return nil, err
		}
		list = append(list, part...)
	}
	return list, nil
}
