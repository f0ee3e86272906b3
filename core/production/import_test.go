package production_test

import (
	"context"
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/production"
	"storehouse/core/stock"
)

// draft is an order to make some of an item.
func (s shop) draft(k production.Kind, state production.State, item, quantity int64) production.Order {
	return production.Order{Kind: k, Location: s.location, State: state, Lines: []production.Line{{Item: item, Quantity: dec.Int(quantity)}}}
}

// open puts goods on the shelf, at 1 each.
func (s shop) open(tb testing.TB, d *db.DB, quantity int64, items ...int64) {
	dbtest.Do(tb, d, func(tx *db.Tx) error {
		var list []stock.Entry
		cost := dec.Int(1)
		for _, i := range items {
			list = append(list, stock.Entry{Event: stock.Adjust, Item: i, Location: s.location, Quantity: dec.Int(quantity), UnitCost: &cost, Doc: stock.Doc{Type: "opening"}})
		}
		_, err := stock.Post(tx, stock.Policy{}, list...)
		return err
	})
}

// TestImport imports orders of both kinds in all states, bad ones among them,
// and one that uses what an earlier one has made: each has its verdict, and
// the ledger says what it would if they had come one by one.
func TestImport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newShop(t, d)
		s.open(t, d, 100, s.malt, s.can) // an ale takes 0.3 malt and a can, a pack three ales
		list := []production.Order{
			s.draft(production.Work, production.Draft, s.ale, 1), s.draft(production.Work, production.Completed, s.ale, 10),
			s.draft(production.Work, "Lost", s.ale, 1), s.draft(production.Production, production.Received, s.pack, 2),
			s.draft(production.Production, production.Received, s.pack, 2), // there are four ales left, it wants six
			s.draft(production.Work, production.Making, s.ale, 50), s.draft(production.Work, production.Entered, s.ale, 50),
			s.draft(production.Work, production.Making, s.ale, 50), // 40 cans are left
			s.draft(production.Work, production.Placed, s.malt, 1), s.draft(production.Work, production.Placed, s.ale, 0),
		}
		list = append(list, production.Order{Kind: production.Production, State: production.Completed, Location: s.location}, production.Order{Kind: production.Work, State: production.Draft, Location: 99})
		var got []string
		dbtest.Do(t, d, func(tx *db.Tx) error {
			verdicts, err := production.Import(tx, list)
			got = nil
			for n, v := range verdicts {
				switch f := fault.Of(v.Err); {
				case v.Err == nil:
					o, err := production.Get(tx, list[n].Kind, v.ID)
					if err != nil {
						return err
					}
					made := dec.D(0)
					for _, l := range o.Lines {
						made += l.Received
					}
					got = append(got, fmt.Sprint(o.Number, " ", o.State, " ", made))
				case f.Kind == fault.Conflict:
					got = append(got, f.Msg)
				default:
					got = append(got, f.Field())
				}
			}
			return err
		})
		want := []string{"WO-0001 Draft 0", "WO-0002 Completed 10", "status", "PR-0001 Received 2", "not enough stock", "WO-0003 Production 0", "WO-0004 Entered 0",
			"WO-0005 Production 0", "items.0.sku_id", "items.0.quantity", "PR-0002 Completed 0", "work_site_location_id"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		for item, want := range map[int64]string{
			s.malt: "hand 97 value 97 order 0 demand 15 set 30",
			s.can:  "hand 90 value 90 order 0 demand 60 set 90",
			s.ale:  "hand 4 value 5.2 order 150 demand 0 set 0", // ten for 3 malts and 10 cans, six of them gone
			s.pack: "hand 2 value 7.8 order 0 demand 0 set 0",
		} {
			dbtest.See(t, d, func(tx *db.Tx) error {
				b, err := stock.Get(tx, item, s.location)
				if got := fmt.Sprintf("hand %s value %s order %s demand %s set %s", b.OnHand, b.Value, b.OnOrder, b.Demand, b.Allocated); got != want {
					t.Errorf("item %d: %s, want %s", item, got, want)
				}
				return err
			})
		}
		audited(t, d)
	})
}

func audited(t *testing.T, d *db.DB) {
	t.Helper()
	dbtest.See(t, d, func(tx *db.Tx) error {
		diff, _, err := stock.Audit(tx)
		if len(diff) > 0 {
			t.Error(diff)
		}
		return err
	})
}

// BenchmarkImport imports 1,000 orders, a tenth of them completed: together,
// and for comparison one by one.
func BenchmarkImport(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		for _, way := range []string{"together", "one by one"} {
			b.Run(name+"/"+way, func(b *testing.B) {
				d := open(b)
				s := newShop(b, d)
				s.open(b, d, 1_000_000, s.malt, s.can)
				list := make([]production.Order, 1000)
				for n := range list {
					if list[n] = s.draft(production.Work, production.Making, s.ale, 5); n%10 == 0 {
						list[n].State = production.Completed
					}
				}
				for b.Loop() {
					start := time.Now()
					err := d.Update(context.Background(), 1, func(tx *db.Tx) error {
						if way == "together" {
							_, err := production.Import(tx, list)
							return err
						}
						for _, o := range list {
							if err := tx.Try(func() error { _, err := production.Create(tx, o); return err }); err != nil {
								return err
							}
						}
						return nil
					})
					if err != nil {
						b.Fatal(err)
					}
					b.ReportMetric(float64(time.Since(start).Milliseconds()), "ms/last")
				}
			})
		}
	}
}
