package expense_test

import (
	"context"
	"testing"
	"time"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/expense"
	"storehouse/core/money"
	"storehouse/core/org/orgtest"
)

var day = 24 * time.Hour

func TestTaxIsInsideTheTotal(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := orgtest.New(t, d, "acme")
		var tax catalog.Tax
		dbtest.Do(t, d, func(tx *db.Tx) (err error) {
			tax, err = catalog.CreateTax(tx, catalog.Tax{Name: "VAT", Amount: dec.Int(10)})
			return err
		})
		for _, c := range []struct{ total, before, tax string }{
			{"110", "100", "10"}, {"100", "90.9091", "9.0909"}, {"0.01", "0.0091", "0.0009"},
		} {
			dbtest.Do(t, d, func(tx *db.Tx) error {
				e, err := expense.Create(tx, expense.Expense{Location: f.Location, FinalTotal: dec.Must(c.total), Tax: tax.ID}, nil)
				if err == nil && (e.TotalBeforeTax != dec.Must(c.before) || e.TaxAmount != dec.Must(c.tax)) {
					t.Errorf("%s: %s and tax %s, want %s and %s", c.total, e.TotalBeforeTax, e.TaxAmount, c.before, c.tax)
				}
				return err
			})
		}
	})
}

func TestExpensesLeaveTheDrawer(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := orgtest.New(t, d, "acme")
		as := func(fn func(*db.Tx) error) {
			t.Helper()
			dbtest.Do(t, d, func(tx *db.Tx) error { tx.Actor = f.User; return fn(tx) })
		}
		var register money.CashRegister
		as(func(tx *db.Tx) (err error) {
			register, err = money.OpenRegister(tx, money.CashRegister{Location: f.Location, User: f.User, IsOpen: true}, dec.Int(100))
			return err
		})
		var e expense.Expense
		as(func(tx *db.Tx) (err error) {
			e, err = expense.Create(tx, expense.Expense{Location: f.Location, FinalTotal: dec.Int(50)},
				[]money.Payment{{Amount: dec.Int(20)}, {Amount: 0}, {Amount: dec.Int(5), Method: "card"}})
			return err
		})
		if e.RefNo != "EP2026/0001" || e.PaymentStatus() != "partial" || len(e.Payments) != 2 || e.Payments[0].RefNo != "SP2026/0001" || e.Payments[1].RefNo != "SP2026/0002" {
			t.Errorf("expense %+v", e)
		}
		cash := func() dec.D {
			var n dec.D
			dbtest.See(t, d, func(tx *db.Tx) error {
				totals, err := money.RegisterTotals(tx, register.ID)
				n = totals.ExpectedCash
				return err
			})
			return n
		}
		if got := cash(); got != dec.Int(80) {
			t.Errorf("cash %s, want 100 - 20", got)
		}
		// Paid otherwise: 50 by cheque. The cash is back.
		as(func(tx *db.Tx) error {
			stored, err := expense.Get(tx, e.ID)
			if err != nil {
				return err
			}
			stored, err = expense.Update(tx, stored, &[]money.Payment{{Amount: dec.Int(50), Method: "cheque"}})
			if stored.PaymentStatus() != "paid" {
				t.Errorf("status %s", stored.PaymentStatus())
			}
			return err
		})
		if got := cash(); got != dec.Int(100) {
			t.Errorf("cash %s, want 100", got)
		}
		// What comes back comes in.
		as(func(tx *db.Tx) error {
			_, err := expense.Create(tx, expense.Expense{Location: f.Location, FinalTotal: dec.Int(10), IsRefund: true}, []money.Payment{{Amount: dec.Int(10)}})
			return err
		})
		if got := cash(); got != dec.Int(110) {
			t.Errorf("cash %s, want 110", got)
		}
		dbtest.See(t, d, func(tx *db.Tx) error {
			sum, err := expense.Total(tx, expense.Filter{From: dbtest.Now, To: dbtest.Now.Add(day)})
			if err != nil || sum != dec.Int(40) {
				t.Errorf("total %s, %v; want 50 - 10", sum, err)
			}
			diffs, _, err := money.Audit(tx)
			if len(diffs) > 0 {
				t.Errorf("the books do not add up: %+v", diffs)
			}
			return err
		})
	})
}

func TestExpensesAreCheckedAndFound(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f, rival := orgtest.New(t, d, "acme"), orgtest.New(t, d, "rival")
		yes, no := true, false
		dbtest.Do(t, d, func(tx *db.Tx) error {
			_, err := expense.Create(tx, expense.Expense{Location: rival.Location, Category: 9, Party: 9, SpentFor: rival.User, Tax: 9}, []money.Payment{{Amount: -1}})
			if n := len(fault.Of(err).Fields); n != 7 {
				t.Errorf("%d flaws: %v", n, err)
			}
			return nil
		})
		for i, e := range []expense.Expense{{FinalTotal: dec.One}, {FinalTotal: dec.Int(2), SpentFor: f.User}, {FinalTotal: dec.Int(3), IsRefund: true}} {
			dbtest.Do(t, d, func(tx *db.Tx) error {
				e.Location, e.SpentAt = f.Location, dbtest.Now.Add(time.Duration(i)*day)
				_, err := expense.Create(tx, e, []money.Payment{{Amount: dec.One}})
				return err
			})
		}
		dbtest.See(t, d, func(tx *db.Tx) error {
			for _, c := range []struct {
				f    expense.Filter
				want int
			}{{expense.Filter{}, 3}, {expense.Filter{Refund: &yes}, 1}, {expense.Filter{Refund: &no}, 2}, {expense.Filter{Status: "paid"}, 1},
				{expense.Filter{Status: "partial"}, 2}, {expense.Filter{Status: "due"}, 0}, {expense.Filter{SpentFor: f.User}, 1},
				{expense.Filter{From: dbtest.Now.Add(day)}, 2}, {expense.Filter{Locations: []int64{0}}, 0}} {
				list, err := expense.List(tx, c.f)
				n, err2 := expense.Count(tx, c.f)
				if err != nil || err2 != nil || len(list) != c.want || n != int64(c.want) {
					t.Errorf("%+v: %d and %d, want %d (%v, %v)", c.f, len(list), n, c.want, err, err2)
				}
			}
			return nil
		})
		err := d.View(context.Background(), rival.Org, func(tx *db.Tx) error { _, err := expense.Get(tx, 1); return err })
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("another organization's expense: %v", err)
		}
	})
}
