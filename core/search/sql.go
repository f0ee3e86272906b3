package search

import (
	"errors"
	"iter"
	"maps"
	"slices"

	"storehouse/base/db"
)

// keysAt is how many blocks a statement names.
const keysAt = 1000

// read gives fn the bodies of a list in which a text may stand, in no order. A
// body is lent: fn clones what it keeps.
func read(tx *db.Tx, list, text string, fn func(body string)) error {
	query, args := `SELECT body FROM search_block WHERE org_id = ? AND list = ?`, []any{tx.Org, list}
	if tx.Postgres() && text != "" {
		// What it need not send is saved; SQLite sends nothing, and would be slower. A backslash escapes without being told, and faster.
		// OFFSET 0 keeps the planner from thinking that there is little to return: it would start parallel workers, which takes longer.
		query, args = `SELECT body FROM (`+query+` OFFSET 0) AS list WHERE body LIKE ?`, append(args, db.Like(text))
	}
	var body string
	to := db.Lent(&body)
	return tx.Each(func(r db.Row) error {
		if err := r.Scan(to); err != nil {
			return err
		}
		fn(body)
		return nil
	}, query, args...)
}

// lock reads blocks that are about to be changed, and makes those that are
// missing: who else wants to change them waits.
func lock(tx *db.Tx, list string, which []int64) (map[int64]string, error) {
	bodies := make(map[int64]string, len(which))
	keep := func(r db.Row) error {
		var block int64
		var body string
		err := r.Scan(&block, &body)
		bodies[block] = body
		return err
	}
	for part := range slices.Chunk(which, keysAt) {
		if err := tx.Each(keep, `SELECT block, body FROM search_block WHERE org_id = ? AND list = ? AND block IN (`+db.Marks(len(part))+`)
			ORDER BY block`+tx.ForUpdate(), append([]any{tx.Org, list}, db.Args(part)...)...); err != nil {
			return nil, err
		}
		var args []any
		for _, block := range part {
			if _, ok := bodies[block]; !ok {
				args = append(args, tx.Org, list, block, "")
			}
		}
		if len(args) == 0 {
			continue
		}
		if err := tx.Each(keep, `INSERT INTO search_block (org_id, list, block, body) VALUES `+db.Tuples(len(args)/4, 4)+`
			ON CONFLICT (org_id, list, block) DO UPDATE SET body = search_block.body RETURNING block, body`, args...); err != nil {
			return nil, err
		}
	}
	return bodies, nil
}

// write stores bodies; body is what becomes of one that is there.
func write(tx *db.Tx, list string, bodies map[int64]string, body string) error {
	rows := make([][]any, 0, len(bodies))
	for _, block := range slices.Sorted(maps.Keys(bodies)) {
		rows = append(rows, []any{tx.Org, list, block, bodies[block]})
	}
	return tx.Insert("search_block", "org_id, list, block, body", rows, `ON CONFLICT (org_id, list, block) DO UPDATE SET body = `+body)
}

// Rows streams the rows of an owner's table, each read by scan and made a row
// of its list. Nobody may ask the database for anything else meanwhile.
func Rows[V any](tx *db.Tx, scan func(db.Row, *V) error, row func(V) Row, query string, args ...any) iter.Seq2[Row, error] {
	return func(yield func(Row, error) bool) {
		stopped := errors.New("stopped")
		err := tx.Each(func(r db.Row) error {
			var v V
			if err := scan(r, &v); err != nil {
				return err
			}
			if !yield(row(v), nil) {
				return stopped
			}
			return nil
		}, query, args...)
		if err != nil && !errors.Is(err, stopped) {
			yield(Row{}, err)
		}
	}
}
