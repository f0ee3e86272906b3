package search

import (
	"fmt"
	"iter"
	"maps"
	"slices"
	"strings"

	"storehouse/base/db"
)

// Difference is a row that a list does not have as its owner has it.
type Difference struct {
	List             string
	ID               int64
	Stored, Expected string // as they are packed; "" is not there
}

// Audit compares a list with the rows that its owner has, and returns how
// many it has.
func Audit(tx *db.Tx, list string, rows iter.Seq2[Row, error]) ([]Difference, int64, error) {
	stored := map[int64]string{}
	var out []Difference
	err := read(tx, list, "", func(body string) {
		body = strings.Clone(body)
		whole := 0
		each(body, func(raw string, r *Row) {
			if stored[r.ID] != "" {
				out = append(out, Difference{list, r.ID, raw, "once"})
			}
			stored[r.ID] = raw
			whole += len(raw)
		})
		if whole != len(body) {
			out = append(out, Difference{list, 0, fmt.Sprintf("%q", body[whole:]), "a row"})
		}
	})
	if err != nil {
		return nil, 0, err
	}
	var n int64
	for r, err := range rows {
		if err != nil {
			return nil, 0, err
		}
		n++
		if want := pack(r); stored[r.ID] != want {
			out = append(out, Difference{list, r.ID, stored[r.ID], want})
		}
		delete(stored, r.ID)
	}
	for _, id := range slices.Sorted(maps.Keys(stored)) {
		out = append(out, Difference{list, id, stored[id], ""})
	}
	return out, n, nil
}

// Fill makes a list anew from the rows that its owner has.
func Fill(tx *db.Tx, list string, rows iter.Seq2[Row, error]) error {
	bodies := map[int64]string{}
	for r, err := range rows {
		if err != nil {
			return err
		}
		bodies[blockOf(r.ID)] += pack(r)
	}
	if _, err := tx.Exec(`DELETE FROM search_block WHERE org_id = ? AND list = ?`, tx.Org, list); err != nil {
		return err
	}
	return write(tx, list, bodies, "excluded.body")
}
