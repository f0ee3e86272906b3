package stock_test

import (
	"context"
	"fmt"
	"testing"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/core/stock"
)

// engines runs a benchmark on SQLite and, where there is one, on PostgreSQL.
func engines(b *testing.B, fn func(*testing.B, *db.DB, world)) {
	for name, open := range map[string]func(testing.TB) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) {
			d := open(b)
			fn(b, d, setup(b, d))
		})
	}
}

// BenchmarkPost posts three lines a commit.
func BenchmarkPost(b *testing.B) {
	engines(b, func(b *testing.B, d *db.DB, w world) {
		list := make([]stock.Entry, 3)
		for b.Loop() {
			for i := range list {
				list[i] = stock.Entry{Event: stock.Receive, Item: 101 + int64(i), Location: w.here, Quantity: dec.One}
			}
			if err := d.Update(context.Background(), 1, func(tx *db.Tx) error { _, err := stock.Post(tx, allow, list...); return err }); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkGet reads one balance: it must not depend on the number of entries.
func BenchmarkGet(b *testing.B) {
	for _, entries := range []int{1_000, 1_000_000} {
		b.Run(fmt.Sprint(entries), func(b *testing.B) {
			engines(b, func(b *testing.B, d *db.DB, w world) {
				fill(b, d, w, entries)
				for b.Loop() {
					if err := d.View(context.Background(), 1, func(tx *db.Tx) error { _, err := stock.Get(tx, 101, w.here); return err }); err != nil {
						b.Fatal(err)
					}
				}
			})
		})
	}
}

// BenchmarkEntries reads a page of the list.
func BenchmarkEntries(b *testing.B) {
	engines(b, func(b *testing.B, d *db.DB, w world) {
		fill(b, d, w, 100_000)
		for b.Loop() {
			if err := d.View(context.Background(), 1, func(tx *db.Tx) error {
				_, err := stock.Entries(tx, stock.EntryFilter{Kind: "sku"})
				return err
			}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// BenchmarkAsOf folds 100,000 entries of one item.
func BenchmarkAsOf(b *testing.B) {
	engines(b, func(b *testing.B, d *db.DB, w world) {
		fill(b, d, w, 100_000)
		for b.Loop() {
			if err := d.View(context.Background(), 1, func(tx *db.Tx) error {
				_, err := stock.AsOf(tx, 101, w.here, dbtest.Now, dbtest.Now)
				return err
			}); err != nil {
				b.Fatal(err)
			}
		}
	})
}

// fill posts entries of item 101.
func fill(b *testing.B, d *db.DB, w world, entries int) {
	b.Helper()
	for entries > 0 {
		list := make([]stock.Entry, min(5_000, entries))
		for i := range list {
			list[i] = stock.Entry{Event: stock.Receive, Item: 101, Location: w.here, Quantity: dec.One}
		}
		entries -= len(list)
		dbtest.Do(b, d, func(tx *db.Tx) error { _, err := stock.Post(tx, allow, list...); return err })
	}
}
