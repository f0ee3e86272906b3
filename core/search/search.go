// Package search keeps what lists are searched for, packed many rows to one,
// so that 100,000 names are looked through in a few milliseconds: as rows of
// their own they take ten times as long, on both engines, whatever the index.
//
// A list is named by its owner, which tells this package of every row that it
// adds, changes or removes, in the same transaction; Audit compares.
package search

import (
	"maps"
	"slices"
	"strings"
	"unicode/utf8"

	"storehouse/base/db"
)

// Row is what a list goes by.
type Row struct {
	ID    int64
	Key   string // the order of the list, and searched: a name in lower case
	Also  string // searched too: a code in lower case
	Marks Marks
}

// Marks is what else a list is narrowed by; its owner knows which is which.
type Marks [8]int64

// blocks is into how many blocks the rows of a list fall, by their ids: few
// enough to be read quickly, so many that a block of 100,000 rows fits a page
// of either engine and that writers seldom meet in one. It never changes.
const blocks = 4096

func blockOf(id int64) int64 { return id % blocks }

// maxText is how much of a text is kept, in bytes: more than any name has.
const maxText = 4096

func cut(s string) string {
	if len(s) <= maxText {
		return s
	}
	n := maxText
	for !utf8.RuneStart(s[n]) {
		n--
	}
	return s[:n]
}

// Add takes in rows that are new, in one statement.
func Add(tx *db.Tx, list string, rows []Row) error {
	bodies := map[int64]string{}
	for _, r := range rows {
		bodies[blockOf(r.ID)] += pack(r)
	}
	return write(tx, list, bodies, "search_block.body || excluded.body")
}

// Refresh takes in rows that may have been changed or removed: read returns
// those of ids that there are, as they are now. It is called when nobody else
// can refresh them, after what others did to them has become visible, so that
// the last to come takes in the work of all. What has not changed is not
// written.
func Refresh(tx *db.Tx, list string, ids []int64, read func(ids []int64) ([]Row, error)) error {
	if len(ids) == 0 {
		return nil
	}
	which := map[int64][]int64{}
	for _, id := range ids {
		which[blockOf(id)] = append(which[blockOf(id)], id)
	}
	bodies, err := lock(tx, list, slices.Sorted(maps.Keys(which)))
	if err != nil {
		return err
	}
	rows, err := read(ids)
	if err != nil {
		return err
	}
	now := make(map[int64]string, len(rows))
	for _, r := range rows {
		now[r.ID] = pack(r)
	}
	for block, ids := range which {
		old := bodies[block]
		if bodies[block] = replace(old, ids, now); bodies[block] == old {
			delete(bodies, block)
		}
	}
	return write(tx, list, bodies, "excluded.body")
}

// replace returns a body with rows as they are now; those that are no more
// are left out, those that are new come last.
func replace(body string, ids []int64, now map[int64]string) string {
	var b strings.Builder
	var seen []int64
	each(body, func(raw string, r *Row) {
		if !slices.Contains(ids, r.ID) {
			b.WriteString(raw)
			return
		}
		b.WriteString(now[r.ID])
		seen = append(seen, r.ID)
	})
	for _, id := range ids {
		if !slices.Contains(seen, id) {
			b.WriteString(now[id])
			seen = append(seen, id)
		}
	}
	return b.String()
}

// Query is what a list is asked for.
type Query struct {
	Text     string          // anywhere in Key or Also, in any case; "" is all
	Keep     func(*Row) bool // the rows that are meant; it must not hold on to the row
	AfterKey string          // with AfterID: those behind this row
	AfterID  int64           // 0 is the beginning
	Limit    int             // 0 is all
}

// Find returns the ids of rows in the order of Key, of one key by id.
func Find(tx *db.Tx, list string, q Query) ([]int64, error) {
	text := strings.ToLower(q.Text)
	best := newPage(q)
	err := read(tx, list, text, func(body string) {
		if !strings.Contains(body, text) {
			return
		}
		each(body, func(_ string, r *Row) {
			if q.Keep(r) && r.holds(text) && best.wants(r) {
				best.add(r)
			}
		})
	})
	return best.ids(), err
}

// Page returns what Find does. It looks first at the beginning of the list,
// which first reads by an index, narrowed by all that is not searched for: most
// searches find a page there, and are spared the rest.
func Page(tx *db.Tx, list string, q Query, first func(limit int) ([]Row, error)) ([]int64, error) {
	if q.Limit > 0 {
		rows, err := first(ahead(q.Limit))
		if err != nil {
			return nil, err
		}
		if ids, ok := begin(rows, q); ok {
			return ids, nil
		}
	}
	return Find(tx, list, q)
}

// begin looks for a page among the first rows of its list, and reports whether
// it is there; rows are all there are when they are fewer than was asked for.
func begin(rows []Row, q Query) (ids []int64, ok bool) {
	text := strings.ToLower(q.Text)
	for _, r := range rows {
		if r.holds(text) && q.Keep(&r) {
			if ids = append(ids, r.ID); len(ids) == q.Limit {
				return ids, true
			}
		}
	}
	return ids, len(rows) < ahead(q.Limit)
}

// ahead is how many rows of a list are worth a look before all are searched.
func ahead(limit int) int { return 8 * limit }

// InOrder returns rows in the order of their ids; those that were deleted
// since they were found are left out.
func InOrder[V any](ids []int64, rows map[int64]V) []V {
	list := make([]V, 0, len(ids))
	for _, id := range ids {
		if v, ok := rows[id]; ok {
			list = append(list, v)
		}
	}
	return list
}
