package db_test

import (
	"errors"
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/fault"
)

// TestApart stores 40 rows, of which one is wrong in itself, two are refused
// and one, the 31st, only beside the 30th: the others are stored, in their order.
func TestApart(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var tries []int
		var stored []string
		var list []db.Verdict
		dbtest.Do(t, d, func(tx *db.Tx) (err error) {
			tries = nil
			list, err = tx.Apart(40, func(row int) error {
				if row == 5 {
					return fault.Field("name", "is required")
				}
				return nil
			}, func(rows []int) ([]int64, error) {
				tries = append(tries, len(rows))
				ids := make([]int64, len(rows))
				for n, row := range rows {
					if ids[n] = int64(1000 + row); row == 7 || row == 39 {
						return nil, fault.New(fault.Conflict, "no %d", row)
					}
					if _, err := tx.Exec(`INSERT INTO counter (org_id, series, last) VALUES (?, ?, 1)`, tx.Org, fmt.Sprintf("row %02d", row)); err != nil {
						return nil, err
					}
					if row == 31 {
						if n, err := tx.Number("row 30"); n > 1 || err != nil {
							return nil, errors.Join(err, fault.New(fault.Conflict, "no 31"))
						}
					}
				}
				return ids, nil
			})
			if err != nil {
				return err
			}
			stored, err = db.All(tx, db.Value[string], `SELECT series FROM counter WHERE org_id = ? AND series LIKE 'row %' ORDER BY series`, tx.Org)
			return err
		})
		var want []string
		for row, v := range list {
			switch refused := row == 5 || row == 7 || row == 31 || row == 39; {
			case refused != (v.Err != nil) || !refused && v.ID != int64(1000+row):
				t.Errorf("row %d: %d, %v", row, v.ID, v.Err)
			case !refused:
				want = append(want, fmt.Sprintf("row %02d", row))
			}
		}
		if diff := cmp.Diff(want, stored); diff != "" {
			t.Error(diff)
		}
		// 39 at once; 13 threes, and the three of them that are refused singly.
		if got := strings.Trim(fmt.Sprint(tries), "[]"); got != "39 3 3 3 1 1 1 3 3 3 3 3 3 3 3 1 1 1 3 3 1 1 1" {
			t.Error("tries:", got)
		}
		dbtest.Do(t, d, func(tx *db.Tx) error {
			broken := errors.New("broken")
			_, err := tx.Apart(3, func(int) error { return nil }, func([]int) ([]int64, error) { return nil, broken })
			if !errors.Is(err, broken) {
				t.Errorf("err = %v, want the error that is no verdict", err)
			}
			return nil
		})
	})
}

// TestTryGivesIDsBack takes ids in tries: those of one that failed are given
// again, so that an import that tries much does not run out of what it has
// reserved and begin again.
func TestTryGivesIDsBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		failed := errors.New("failed")
		var got []int64
		dbtest.Do(t, d, func(tx *db.Tx) error {
			got = nil
			take := func(n int) error {
				id, err := tx.NextIDs("thing", n)
				got = append(got, id)
				return err
			}
			if err := take(1); err != nil {
				return err
			}
			for _, n := range []int{3, 4} {
				err := tx.Try(func() error {
					if err := tx.Try(func() error { return take(2) }); err != nil {
						return err
					}
					if err := take(n); err != nil {
						return err
					}
					return failed
				})
				if !errors.Is(err, failed) {
					return err
				}
			}
			if err := tx.Try(func() error { return take(1) }); err != nil {
				return err
			}
			return take(1)
		})
		if diff := cmp.Diff([]int64{1, 2, 4, 2, 4, 2, 3}, got); diff != "" {
			t.Error(diff)
		}
	})
}
