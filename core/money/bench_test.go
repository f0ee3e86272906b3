package money_test

import (
	"testing"
	"time"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/core/money"
)

// TestStatements counts what a Post of many rows takes.
func TestStatements(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		at := setup(t, d)
		var r money.CashRegister
		dbtest.Do(t, d, func(tx *db.Tx) (err error) {
			r, err = money.OpenRegister(tx, money.CashRegister{Location: at, IsOpen: true}, 0)
			return err
		})
		var list []money.Payment
		for i := range 50 {
			list = append(list, money.Payment{Sale: int64(i), Party: 101 + int64(i%20), Register: r.ID, Amount: dec.One, Method: "cash", PaidOn: time.Unix(1, 0)})
		}
		for range 2 { // the first reserves ids
			for i := range list {
				list[i].ID = 0
			}
			before, commits := d.Counts()
			if err := post(d, list, money.EntriesOf(list)...); err != nil {
				t.Fatal(err)
			}
			after, now := d.Counts()
			before, commits = after-before, now-commits
			t.Log(before, commits)
			if before > 3 && list[0].ID > 50 || commits != 1 {
				t.Errorf("%d statements, %d commits", before, commits)
			}
		}
		audited(t, d)
	})
}

func BenchmarkPost(b *testing.B) {
	d := dbtest.SQLite(b)
	setup(b, d)
	for b.Loop() {
		p := []money.Payment{{Sale: 1, Party: 101, Amount: dec.One, Method: "cash"}}
		if err := post(d, p, append(money.EntriesOf(p), money.Entry{Account: money.Of(101), Event: money.Sale, Amount: dec.One})...); err != nil {
			b.Fatal(err)
		}
	}
}
