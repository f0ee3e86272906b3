package points_test

import (
	"testing"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/core/points"
)

// TestSumsThatAreLargerOnTheirWay gives nine million million points and takes
// them back, three times: what was given in all is more than a figure can be,
// what there is is not.
func TestSumsThatAreLargerOnTheirWay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		setup(t, d)
		most := n("9000000000000.5")
		doc := points.Doc{Type: "sale", ID: 1}
		give := func() {
			t.Helper()
			if err := post(d, points.Entry{Party: 101, Event: points.Give, Points: most, Doc: doc}); err != nil {
				t.Fatal(err)
			}
		}
		for range 3 {
			give()
			dbtest.Do(t, d, func(tx *db.Tx) error { _, err := points.Reverse(tx, doc); return err })
		}
		audited(t, d)
		give()
		audited(t, d)
		dbtest.Do(t, d, func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE points_balance SET used = used + 1, balance = balance - 1 WHERE org_id = ?`, tx.Org)
			return err
		})
		dbtest.See(t, d, func(tx *db.Tx) error {
			diff, _, err := points.Audit(tx)
			if len(diff) != 2 || diff[0].Column != "balance" || diff[0].Folded != most || diff[1].Column != "used" || diff[1].Folded != 0 {
				t.Errorf("a millionth was spent: %+v", diff)
			}
			return err
		})
	})
}
