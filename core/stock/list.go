package stock

import (
	"strings"
	"time"

	"storehouse/base/db"
	"storehouse/base/fault"
)

// EntryFilter narrows the list of entries; what is zero does not.
type EntryFilter struct {
	Item     int64
	Location int64 // transfers to it too
	Kind     string
	Event    Event
	Ref      string
	From, To time.Time // of EventDate; To is not included
	After    int64     // the id of the last entry seen
	Limit    int       // 0 is 50
}

// Entries lists entries by EventDate, the newest first; what happened at one
// instant, the last recorded first.
func Entries(tx *db.Tx, f EntryFilter) ([]Entry, error) {
	if f.Limit <= 0 {
		f.Limit = 50
	}
	rest := &db.Where{}
	rest.AddIf(!f.From.IsZero(), "effective_at >= ?", f.From)
	rest.AddIf(!f.To.IsZero(), "effective_at < ?", f.To)
	if f.After != 0 {
		// Read first: only a value bounds the walk along the index.
		last, err := GetEntry(tx, f.After)
		if fault.Is(err, fault.NotFound) {
			return []Entry{}, nil
		}
		if err != nil {
			return nil, err
		}
		rest.Add("(effective_at, id) < (?, ?)", last.EventDate, f.After)
	}
	const order = ` ORDER BY effective_at DESC, id DESC LIMIT ?`
	var parts []string
	var args []any
	for _, w := range f.walks(tx) {
		w.Join(rest)
		parts = append(parts, `SELECT `+entryCols+` FROM (SELECT `+entryCols+` FROM stock_entry`+w.SQL()+order+`) AS part`)
		args = append(append(args, w.Args...), f.Limit)
	}
	return db.All(tx, scanEntry, strings.Join(parts, ` UNION ALL `)+order, append(args, f.Limit)...)
}

// walks returns the conditions of a list, split so that each part is a walk
// along one index in the order of the list, which ends after a page: whatever
// a list is narrowed by, it reads no more entries than it shows. What one of
// several indexes is to serve is said so that the engines find no other; they
// know neither how few entries an item has nor how many there are of its kind.
func (f EntryFilter) walks(tx *db.Tx) []*db.Where {
	var list []*db.Where
	walk := func(cond string, args ...any) {
		w := &db.Where{}
		w.Add("org_id = ?", tx.Org)
		w.Add(cond, args...)
		list = append(list, w)
	}
	kinds, events := []string{f.Kind}, []Event{f.Event}
	if f.Kind == "" {
		kinds = []string{"material", "sku"}
	}
	switch {
	case f.Ref != "":
		walk("ref = ? AND ref <> ''", f.Ref)
		unindexed(list[0], "item_id", f.Item)
		list[0].AddIf(f.Location != 0, "CASE WHEN location_id = ? OR to_location_id = ? THEN 1 END = 1", f.Location, f.Location)
	case f.Item != 0 && f.Location != 0:
		walk("item_id = ? AND location_id = ?", f.Item, f.Location)
		walk("item_id = ? AND to_location_id = ? AND to_location_id IS NOT NULL", f.Item, f.Location)
	case f.Item != 0:
		walk("item_id = ?", f.Item)
	case f.Location != 0:
		if f.Event == "" {
			events = allEvents
		}
		for _, kind := range kinds {
			for _, event := range events {
				walk("kind = ? AND location_id = ? AND event = ?", kind, f.Location, string(event))
			}
			walk("kind = ? AND to_location_id = ? AND to_location_id IS NOT NULL", kind, f.Location)
			list[len(list)-1].AddIf(f.Event != "", "event = ?", string(f.Event))
		}
		return list
	case f.Event != "":
		for _, kind := range kinds {
			walk("kind = ? AND event = ?", kind, string(f.Event))
		}
		return list
	default:
		for _, kind := range kinds {
			walk("kind = ?", kind)
		}
		return list
	}
	for _, w := range list {
		unindexed(w, "kind", f.Kind) // without it no index of an event or a location is of use
		w.AddIf(f.Event != "", "event = ?", string(f.Event))
	}
	return list
}

// unindexed adds "column = value", said so that no index is found for it; a
// zero value does not narrow.
func unindexed[V comparable](w *db.Where, column string, value V) {
	var zero V
	w.AddIf(value != zero, "CASE WHEN "+column+" = ? THEN 1 END = 1", value)
}
