package party

import (
	"slices"

	"storehouse/base/db"
)

// Hold keeps the roles of parties as they are until the end of the
// transaction: who refers to a party in a role holds it, and then looks whether
// it has the role. The database's own reference keeps the row only, and a party
// of two roles stays when one is taken away. SQLite's only writer needs none.
func Hold(tx *db.Tx, ids ...int64) error {
	if !tx.Postgres() {
		return nil
	}
	ids = slices.Compact(slices.Sorted(slices.Values(ids)))
	for part := range slices.Chunk(ids, 1000) {
		if _, err := db.All(tx, db.Value[int64], `SELECT id FROM party WHERE org_id = ? AND id IN (`+db.Marks(len(part))+`) ORDER BY id FOR KEY SHARE`,
			append([]any{tx.Org}, db.Args(part)...)...); err != nil {
			return err
		}
	}
	return nil
}
