package crm

import (
	"slices"

	"storehouse/base/db"
)

// Around is what has happened last with a party and what comes next; either
// may be nil. What was called off counts as neither, what is completed is not
// to come.
type Around struct{ Last, Next *FollowUp }

// AroundNow returns the follow-ups around now of parties, by party, in two
// statements a thousand of them. Users are left out.
func AroundNow(tx *db.Tx, parties ...int64) (map[int64]Around, error) {
	out := map[int64]Around{}
	for part := range slices.Chunk(parties, 1000) {
		args := append(append([]any{tx.Org}, db.Args(part)...), tx.Now)
		// One row a party: the first in the given order.
		first := func(cond, order string) ([]FollowUp, error) {
			return db.All(tx, scan, `SELECT `+cols+` FROM (SELECT `+cols+`, ROW_NUMBER() OVER (PARTITION BY party_id ORDER BY `+order+`) AS place
				FROM followup WHERE org_id = ? AND party_id IN (`+db.Marks(len(part))+`) AND `+cond+`) AS f WHERE place = 1`, args...)
		}
		last, err := first(`starts_at < ? AND COALESCE(status, '') <> 'canceled'`, `starts_at DESC, id DESC`)
		if err != nil {
			return nil, err
		}
		next, err := first(`starts_at >= ? AND COALESCE(status, '') NOT IN ('canceled', 'completed')`, `starts_at, id`)
		if err != nil {
			return nil, err
		}
		for i := range last {
			a := out[last[i].Party]
			a.Last = &last[i]
			out[last[i].Party] = a
		}
		for i := range next {
			a := out[next[i].Party]
			a.Next = &next[i]
			out[next[i].Party] = a
		}
	}
	return out, nil
}
