package sale

import (
	"slices"
	"time"

	"storehouse/base/db"
)

// LastOf returns when parties bought last, drafts left out; who never did is
// not in the map.
func LastOf(tx *db.Tx, parties ...int64) (map[int64]time.Time, error) {
	last := map[int64]time.Time{}
	for part := range slices.Chunk(parties, 1000) {
		err := tx.Each(func(r db.Row) error {
			var party int64
			var at time.Time
			err := r.Scan(&party, db.T(&at))
			last[party] = at
			return err
		}, `SELECT party_id, MAX(sold_at) FROM sale WHERE org_id = ? AND party_id IN (`+db.Marks(len(part))+`) AND status = 'final' GROUP BY party_id`,
			append([]any{tx.Org}, db.Args(part)...)...)
		if err != nil {
			return nil, err
		}
	}
	return last, nil
}
