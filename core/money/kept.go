package money

import (
	"storehouse/base/db"
	"storehouse/base/dec"
)

// KeptIn returns what payments have put into each payment account, less what
// they took out; an account without payments is left out.
func KeptIn(tx *db.Tx) (map[int64]dec.D, error) {
	sums := map[int64]dec.D{}
	err := tx.Each(func(r db.Row) error {
		var id int64
		var sum dec.D
		err := r.Scan(&id, &sum)
		sums[id] = sum
		return err
	}, `SELECT account_id, CAST(SUM(balance) AS bigint) FROM money_balance WHERE org_id = ? AND account_kind = 'account' GROUP BY account_id`, tx.Org)
	return sums, err
}
