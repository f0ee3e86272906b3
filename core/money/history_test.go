package money_test

import (
	"context"
	"slices"
	"testing"

	"pgregory.net/rapid"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/money"
)

// TestHistories posts random histories and compares with a model of one
// number a figure; taking everything back returns to the start.
func TestHistories(t *testing.T) { dbtest.Each(t, eachHistories) }

func eachHistories(t *testing.T, d *db.DB) {
	at := setup(t, d)
	var register int64
	dbtest.Do(t, d, func(tx *db.Tx) error {
		r, err := money.OpenRegister(tx, money.CashRegister{Location: at, IsOpen: true}, 0)
		register = r.ID
		return err
	})
	doc := int64(0)
	var due, advance, drawer int64 // the model, of contact 101 and the cash in the drawer
	rapid.Check(t, func(t *rapid.T) {
		update := func(fn func(*db.Tx) error) error { return d.Update(context.Background(), 1, fn) }
		wasDue, wasAdvance, wasDrawer := due, advance, drawer
		var docs []money.Doc
		for range rapid.IntRange(1, 10).Draw(t, "steps") {
			doc++
			amount := rapid.Int64Range(1, 9_000_000).Draw(t, "amount")
			a := dec.D(amount)
			var payments []money.Payment
			var entries []money.Entry
			what := money.Doc{Type: "sale", ID: doc}
			dDue, dAdvance, dDrawer := int64(0), int64(0), int64(0)
			switch rapid.SampledFrom([]string{"sale", "sold for cash", "change", "advance", "use"}).Draw(t, "step") {
			case "sale":
				entries = []money.Entry{{Account: money.Of(101), Event: money.Sale, Amount: a, Doc: what}}
				dDue = amount
			case "sold for cash":
				payments = []money.Payment{{Sale: doc, Party: 101, Register: register, Amount: a, Method: "cash"}}
				entries = []money.Entry{{Account: money.Of(101), Event: money.Sale, Amount: a, Doc: what}}
				dDrawer = amount
			case "change":
				payments = []money.Payment{{Sale: doc, Party: 101, Register: register, Amount: a, Method: "cash", IsReturn: true}}
				dDue, dDrawer = amount, -amount
			case "advance":
				entries = []money.Entry{{Account: money.Of(101), Event: money.Advance, Amount: a, Doc: what}}
				dAdvance = amount
			case "use":
				payments = []money.Payment{{Sale: doc, Party: 101, Amount: a, Method: money.AdvanceMethod}}
				dDue, dAdvance = -amount, -amount
			}
			err := update(func(tx *db.Tx) error { // Post gives the payments their ids, and fn may run twice
				fresh := slices.Clone(payments)
				return money.Post(tx, fresh, append(money.EntriesOf(fresh), entries...))
			})
			if short := advance+dAdvance < 0; short != fault.Is(err, fault.Conflict) || !short && err != nil {
				t.Fatalf("advance %d%+d: %v", advance, dAdvance, err)
			} else if short {
				continue
			}
			due, advance, drawer, docs = due+dDue, advance+dAdvance, drawer+dDrawer, append(docs, what)
		}
		check := func() {
			err := d.View(context.Background(), 1, func(tx *db.Tx) error {
				m, err := money.PartyBalances(tx, 101)
				if err != nil {
					return err
				}
				totals, err := money.RegisterTotals(tx, register)
				if b := m[101]; b.Due() != dec.D(due) || b.Advance != dec.D(advance) || totals.ExpectedCash != dec.D(drawer) {
					t.Fatalf("%+v, drawer %s; want %d, %d, %d", b, totals.ExpectedCash, due, advance, drawer)
				}
				if err != nil {
					return err
				}
				diff, _, err := money.Audit(tx)
				if len(diff) > 0 {
					t.Fatalf("audit: %+v", diff)
				}
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		check()
		if rapid.Bool().Draw(t, "undo") {
			if err := update(func(tx *db.Tx) error { return money.Reverse(tx, docs...) }); err != nil {
				t.Fatal(err)
			}
			due, advance, drawer = wasDue, wasAdvance, wasDrawer
			check()
		}
	})
}
