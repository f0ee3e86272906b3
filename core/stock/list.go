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
	walks, err := f.walks(tx)
	if err != nil {
		return nil, err
	}
	const order = ` ORDER BY effective_at DESC, id DESC LIMIT ?`
	var parts []string
	var args []any
	for _, w := range walks {
		w.Join(rest)
		parts = append(parts, `SELECT `+entryCols+` FROM (SELECT `+entryCols+` FROM stock_entry`+w.SQL()+order+`) AS part`)
		args = append(append(args, w.Args...), f.Limit)
	}
	return db.All(tx, scanEntry, strings.Join(parts, ` UNION ALL `)+order, append(args, f.Limit)...)
}

// walks returns the conditions of a list, split so that each part is a walk
// along one index in the order of the list, which ends after a page: whatever
// a list is narrowed by, it reads hardly more entries than it shows. What one
// of several indexes is to serve is said so that the engines find no other;
// they know neither how few entries an item has nor how many there are of its
// kind.
func (f EntryFilter) walks(tx *db.Tx) ([]*db.Where, error) {
	if f.Ref != "" {
		w := where(tx, "ref = ? AND ref <> ''", f.Ref)
		unindexed(w, "item_id", f.Item)
		unindexed(w, "kind", f.Kind)
		w.AddIf(f.Location != 0, "CASE WHEN location_id = ? OR to_location_id = ? THEN 1 END = 1", f.Location, f.Location)
		w.AddIf(f.Event != "", "event = ?", string(f.Event))
		return []*db.Where{w}, nil
	}
	if f.Item == 0 {
		return f.walksOfKind(tx), nil
	}
	if f.Event != "" || f.Location != 0 { // the index of an item holds these too, but it may have very many entries
		others := f.walksOfKind(tx)
		busy, err := many(tx, where(tx, "item_id = ?", f.Item))
		if err == nil && busy {
			busy, err = many(tx, others...)
			if err == nil && !busy {
				for _, w := range others {
					unindexed(w, "item_id", f.Item)
				}
				return others, nil
			}
		}
		if err != nil {
			return nil, err
		}
	}
	return f.walksOfItem(tx), nil
}

func (f EntryFilter) walksOfItem(tx *db.Tx) []*db.Where {
	var list []*db.Where
	if f.Location == 0 {
		list = []*db.Where{where(tx, "item_id = ?", f.Item)}
	} else {
		list = []*db.Where{where(tx, "item_id = ? AND location_id = ?", f.Item, f.Location),
			where(tx, "item_id = ? AND to_location_id = ? AND to_location_id IS NOT NULL", f.Item, f.Location)}
	}
	for _, w := range list {
		unindexed(w, "kind", f.Kind) // without it no index of an event or a location is of use
		w.AddIf(f.Event != "", "event = ?", string(f.Event))
	}
	return list
}

// walksOfKind is the walks that look at no item.
func (f EntryFilter) walksOfKind(tx *db.Tx) []*db.Where {
	kinds, events := []string{f.Kind}, []Event{f.Event}
	if f.Kind == "" {
		kinds = []string{"material", "sku"}
	}
	if f.Event == "" {
		events = allEvents
	}
	var list []*db.Where
	for _, kind := range kinds {
		switch {
		case f.Location != 0:
			for _, event := range events {
				list = append(list, where(tx, "kind = ? AND location_id = ? AND event = ?", kind, f.Location, string(event)))
			}
			to := where(tx, "kind = ? AND to_location_id = ? AND to_location_id IS NOT NULL", kind, f.Location)
			to.AddIf(f.Event != "", "event = ?", string(f.Event))
			list = append(list, to)
		case f.Event != "":
			list = append(list, where(tx, "kind = ? AND event = ?", kind, string(f.Event)))
		default:
			list = append(list, where(tx, "kind = ?", kind))
		}
	}
	return list
}

func where(tx *db.Tx, cond string, args ...any) *db.Where {
	w := &db.Where{}
	w.Add("org_id = ?", tx.Org)
	w.Add(cond, args...)
	return w
}

// long is from how many entries on a walk is worth looking for another.
var long int64 = 10_000

// many reports whether walks are long: it counts along their indexes alone.
func many(tx *db.Tx, walks ...*db.Where) (bool, error) {
	var parts []string
	var args []any
	for _, w := range walks {
		parts = append(parts, `SELECT id FROM (SELECT id FROM stock_entry`+w.SQL()+` LIMIT ?) AS part`)
		args = append(append(args, w.Args...), long+1)
	}
	n, err := db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM (`+strings.Join(parts, ` UNION ALL `)+`) AS parts`, args...)
	return n > long, err
}

// unindexed adds "column = value", said so that no index is found for it; a
// zero value does not narrow.
func unindexed[V comparable](w *db.Where, column string, value V) {
	var zero V
	w.AddIf(value != zero, "CASE WHEN "+column+" = ? THEN 1 END = 1", value)
}
