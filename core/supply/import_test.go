package supply_test

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
	"storehouse/core/catalog"
	"storehouse/core/lookup"
	"storehouse/core/org/orgtest"
	"storehouse/core/party"
	"storehouse/core/stock"
	"storehouse/core/supply"
)

type shop struct{ location, vendor, malt, shirt int64 }

func newShop(tb testing.TB, d *db.DB) (s shop) {
	tb.Helper()
	s.location = orgtest.New(tb, d, "acme").Location
	dbtest.Do(tb, d, func(tx *db.Tx) error {
		v, err := party.Create(tx, party.Party{IsVendor: true, Name: "Maltings"})
		if err != nil {
			return err
		}
		s.vendor = v.ID
		for kind, typ := range map[string]lookup.Kind{catalog.Material: lookup.MaterialType, catalog.SKU: lookup.SKUType} {
			e, err := lookup.Ensure(tx, typ, "Any")
			if err != nil {
				return err
			}
			i, err := catalog.CreateItem(tx, kind, catalog.Item{Code: kind, Name: kind, Type: e.ID, PurchasePrice: dec.Int(2)})
			if err != nil {
				return err
			}
			if kind == catalog.SKU {
				s.shirt = i.ID
			} else {
				s.malt = i.ID
			}
		}
		return nil
	})
	return s
}

// draft is an order for some of a kind at 2 each.
func (s shop) draft(state supply.State, quantity int64) supply.Draft {
	return supply.Draft{Order: supply.Order{Vendor: s.vendor, Target: supply.Materials, State: state}, Lines: []supply.NewLine{{Item: s.malt, Quantity: dec.Int(quantity)}}}
}

// TestImport imports orders in all states, bad ones among them: each has its
// verdict, the good ones have numbers without gaps and stand in the ledger.
func TestImport(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newShop(t, d)
		drafts := []supply.Draft{s.draft(supply.Planning, 1), s.draft(supply.Placed, 10), s.draft("Lost", 1), s.draft(supply.Paid, 100), s.draft(supply.Partial, 1000),
			s.draft(supply.Placed, -1), s.draft(supply.Received, 10000), s.draft(supply.Placed, 1), s.draft(supply.Cancelled, 1)}
		drafts[3].Order.Shipping = dec.Int(50) // 100 at 2 and 50 more: 250
		drafts[7].Order.Vendor = 999
		// Good in itself, too much for the books together with what there is.
		drafts = append(drafts, s.draft(supply.Placed, 9_000_000_000_000), s.draft(supply.Placed, 9_000_000_000_000))
		zero := dec.D(0)
		drafts[9].Lines[0].UnitCost, drafts[10].Lines[0].UnitCost = &zero, &zero
		var got []string
		dbtest.Do(t, d, func(tx *db.Tx) error {
			list, err := supply.Import(tx, drafts)
			got = nil
			for _, v := range list {
				if v.Err != nil {
					got = append(got, fault.Of(v.Err).Field())
					continue
				}
				o, err := supply.Get(tx, v.ID)
				if err != nil {
					return err
				}
				got = append(got, fmt.Sprint(o.Number, " ", o.State, " ", o.Lines[0].Received))
			}
			return err
		})
		want := []string{"PO-0001 Planning 0", "PO-0002 Placed 0", "status", "PO-0003 Paid 100", "PO-0004 In Transit 0", "items.0.quantity",
			"PO-0005 Received 10000", "vendor_id", "PO-0006 Cancelled 0", "PO-0007 Placed 0", "quantity"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Error(diff)
		}
		dbtest.See(t, d, func(tx *db.Tx) error {
			b, err := stock.Get(tx, s.malt, s.location)
			if b.OnHand != dec.Int(10100) || b.OnOrder != dec.Int(9_000_000_001_010) || b.Value != dec.Int(20250) {
				t.Errorf("on hand %s, on order %s, value %s", b.OnHand, b.OnOrder, b.Value)
			}
			if err != nil {
				return err
			}
			diff, _, err := stock.Audit(tx)
			if len(diff) > 0 {
				t.Error(diff)
			}
			return err
		})
	})
}

// BenchmarkImport imports 1,000 orders of three lines, a tenth of them
// received: together, and for comparison one by one.
func BenchmarkImport(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		for _, way := range []string{"together", "one by one"} {
			b.Run(name+"/"+way, func(b *testing.B) {
				d := open(b)
				s := newShop(b, d)
				drafts := make([]supply.Draft, 1000)
				for n := range drafts {
					if drafts[n] = s.draft(supply.Placed, 5); n%10 == 0 {
						drafts[n].Order.State = supply.Received
					}
					drafts[n].Lines = append(drafts[n].Lines, drafts[n].Lines[0], drafts[n].Lines[0])
				}
				for b.Loop() {
					start := time.Now()
					err := d.Update(context.Background(), 1, func(tx *db.Tx) error {
						if way == "together" {
							_, err := supply.Import(tx, drafts)
							return err
						}
						for _, x := range drafts {
							if err := tx.Try(func() error { _, err := supply.Create(tx, x.Order, x.Lines); return err }); err != nil {
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
