package sale_test

import (
	"context"
	"fmt"
	"strings"
	"testing"
	"time"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/core/money"
	"storehouse/core/org/orgtest"
	"storehouse/core/sale"
	"storehouse/core/sale/saletest"
)

// TestListsFollowAnIndex checks with SQLite's own plan that no list of sales
// is sorted or searched through: an index carries its order.
func TestListsFollowAnIndex(t *testing.T) {
	d := dbtest.SQLite(t)
	day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
	on := true
	for name, f := range map[string]sale.Filter{
		"all":            {},
		"by date":        {Order: sale.ByDateDesc},
		"days":           {Order: sale.ByDateDesc, From: day, To: day.AddDate(0, 0, 1)},
		"a location's":   {Locations: []int64{1}},
		"a customer's":   {Party: 1, Order: sale.ByDate},
		"open":           {PaymentStatuses: []string{sale.Due, sale.PartPaid}},
		"drafts":         {Status: sale.Draft},
		"suspended":      {Suspended: &on},
		"subscriptions":  {Subscriptions: true},
		"shipping":       {ShippingStatus: "ordered"},
		"source":         {Source: "kiosk"},
		"waiter":         {Waiter: 1},
		"creator":        {CreatedBy: 1},
		"channel's last": {Channel: 1, Order: sale.ByNewest},
		"newest":         {Order: sale.ByNewest, After: 100},
	} {
		f.Limit = 50
		var plan []string
		err := d.View(context.Background(), 1, func(tx *db.Tx) error {
			q, args := sale.ListSQL(tx, f)
			return tx.Each(func(r db.Row) error {
				var id, parent, n int64
				var detail string
				err := r.Scan(&id, &parent, &n, &detail)
				plan = append(plan, detail)
				return err
			}, `EXPLAIN QUERY PLAN `+q, args...)
		})
		text := strings.Join(plan, "; ")
		if err != nil || strings.Contains(text, "TEMP B-TREE") || !strings.Contains(text, "SEARCH sale USING") {
			t.Errorf("%s: %s (%v)", name, text, err)
		}
	}
}

func TestTheCountOfAllSalesIsKept(t *testing.T) {
	each(t, func(s *shop) {
		same := func(what string, f sale.Filter) {
			s.t.Helper()
			dbtest.See(s.t, s.d, func(tx *db.Tx) error {
				n, err := sale.Count(tx, f)
				list, _, err2 := sale.List(tx, f)
				if int(n) != len(list) || err != nil || err2 != nil {
					s.t.Errorf("%s: counted %d, listed %d (%v, %v)", what, n, len(list), err, err2)
				}
				return nil
			})
		}
		same("nothing", sale.Filter{})
		n := s.sell(s.Ana, line(s.Labour, "1", "5"))
		n.Payments = []money.Payment{pay("cash", "5")}
		first := s.create(n)
		n.Number = "MINE"
		s.create(n)
		s.create(n) // the same again
		draft := n
		draft.Number, draft.Status, draft.Payments = "", sale.Draft, nil
		s.create(draft)
		bad := s.sell(s.Ana, line(s.Mug, "1000", "5"))
		if _, err := s.tryCreate(bad); err == nil {
			s.t.Error("sold what is not there")
		}
		s.do(func(tx *db.Tx) error { _, err := sale.Create(tx, draft, draft); return err })
		s.do(func(tx *db.Tx) error { return sale.Delete(tx, first.ID) })
		same("all", sale.Filter{})
		same("final", sale.Filter{Status: sale.Final})
		same("drafts", sale.Filter{Status: sale.Draft})
		same("paid", sale.Filter{PaymentStatuses: []string{sale.PaidUp}})
		n.Number, n.Payments = "", []money.Payment{pay("cash", "2")}
		part := s.create(n)
		n.Payments = nil
		due := s.create(n)
		same("paid, not in part nor due", sale.Filter{PaymentStatuses: []string{sale.PaidUp}})
		same("all but the paid", sale.Filter{PaymentStatuses: []string{sale.Due, sale.PartPaid}})
		s.do(func(tx *db.Tx) error {
			for _, v := range []sale.Sale{part, due} {
				if err := sale.Delete(tx, v.ID); err != nil {
					return err
				}
			}
			return nil
		})
		same("paid again", sale.Filter{PaymentStatuses: []string{sale.PaidUp}})
		dbtest.See(s.t, s.d, func(tx *db.Tx) error {
			if n, err := sale.Count(tx, sale.Filter{}); n != 4 || err != nil {
				s.t.Errorf("%d sales, want 4 (%v)", n, err)
			}
			return nil
		})
	})
}

// BenchmarkList reads a page of 50 sells with lines and payments, and the
// total, with few and with a million sells.
func BenchmarkList(b *testing.B) {
	for engine, open := range map[string]func(testing.TB) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		for _, n := range []int{1_000, 1_000_000} {
			b.Run(fmt.Sprintf("%s/%d", engine, n), func(b *testing.B) {
				d := open(b)
				o := orgtest.New(b, d, "acme")
				saletest.Fill(b, d, o.Org, o.Location, n)
				for b.Loop() {
					err := d.View(context.Background(), o.Org, func(tx *db.Tx) error {
						total, err := sale.Count(tx, sale.Filter{})
						if err != nil || total != int64(n) {
							return fmt.Errorf("%d sells: %w", total, err)
						}
						list, _, err := sale.List(tx, sale.Filter{Order: sale.ByDateDesc, Limit: 50})
						if err == nil && (len(list) != 50 || len(list[0].Lines) != 3 || len(list[0].Payments) != 1) {
							err = fmt.Errorf("%d sells", len(list))
						}
						return err
					})
					if err != nil {
						b.Fatal(err)
					}
				}
			})
		}
	}
}
