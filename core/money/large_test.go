package money_test

import (
	"testing"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/core/money"
)

// TestSumsThatAreLargerOnTheirWay sells for nine million million and takes it
// back, three times: what was sold in all is more than an amount can be, what
// is owed is not.
func TestSumsThatAreLargerOnTheirWay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		setup(t, d)
		most := n("9000000000000.5")
		doc := money.Doc{Type: "sale", ID: 1}
		sell := func() {
			t.Helper()
			if err := post(d, nil, money.Entry{Account: money.Of(101), Event: money.Sale, Amount: most, Doc: doc}); err != nil {
				t.Fatal(err)
			}
		}
		for range 3 {
			sell()
			dbtest.Do(t, d, func(tx *db.Tx) error { return money.Reverse(tx, doc) })
		}
		audited(t, d)
		sell()
		audited(t, d)
		dbtest.Do(t, d, func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE money_balance SET balance = balance - 1 WHERE org_id = ?`, tx.Org)
			return err
		})
		dbtest.See(t, d, func(tx *db.Tx) error {
			diff, _, err := money.Audit(tx)
			if len(diff) != 1 || diff[0].Folded != most || diff[0].Stored != most-1 {
				t.Errorf("a millionth is missing: %+v", diff)
			}
			return err
		})
	})
}
