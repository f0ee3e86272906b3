package db_test

import (
	"testing"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/fault"
)

// A sum that is too big is said to be so, by both engines.
func TestASumThatIsTooBig(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		err := d.View(t.Context(), 0, func(tx *db.Tx) error {
			_, err := db.One(tx, db.Value[int64], `SELECT CAST(SUM(n) AS bigint) FROM (SELECT 9223372036854775807 AS n UNION ALL SELECT 1) AS t`)
			return err
		})
		if !fault.Is(err, fault.Invalid) {
			t.Errorf("%v, want invalid", err)
		}
	})
}
