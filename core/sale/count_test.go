package sale_test

import (
	"fmt"
	"testing"
	"time"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/core/money"
	"storehouse/core/sale"
)

// statements counts those of fn.
func (s *shop) statements(fn func()) int64 {
	before, _ := s.d.Counts()
	fn()
	after, _ := s.d.Counts()
	return after - before
}

func TestASellTakesElevenStatements(t *testing.T) {
	each(t, func(s *shop) {
		n := s.sell(s.WalkIn, line(s.Mug, "1", "5"), line(s.Bag, "1", "5"), line(s.Tea, "2", "5"))
		n.Tax, n.Payments = s.Tax, []money.Payment{pay("cash", "22")}
		s.create(n) // makes the channel and the balances
		// One for what is asked, one for the items, three each for stock and
		// money, one for numbers, two to insert: authentication makes it twelve.
		if got := s.statements(func() { s.create(n) }); got > 11 {
			s.t.Errorf("a sell takes %d statements", got)
		}
		_, before := s.d.Counts()
		s.create(n)
		if _, after := s.d.Counts(); after-before != 1 {
			s.t.Errorf("%d commits", after-before)
		}
		n.Number = "MINE"
		if got := s.statements(func() { s.create(n) }); got > 11 {
			s.t.Errorf("a sell with its own number takes %d statements", got)
		}
		n.Number = ""
		list := make([]sale.New, 30)
		for i := range list {
			list[i] = n
		}
		all := s.statements(func() {
			s.do(func(tx *db.Tx) error { _, err := sale.Create(tx, list...); return err })
		})
		if all > 11 {
			s.t.Errorf("thirty sells together take %d statements", all)
		}
	})
}

func TestListsTakeAFixedNumberOfStatements(t *testing.T) {
	each(t, func(s *shop) {
		list := make([]sale.New, 40)
		for i := range list {
			list[i] = s.sell(s.Ana, line(s.Labour, "1", "5"))
			list[i].SoldAt = time.Date(2026, 1, 1, i, 0, 0, 0, time.UTC)
			list[i].Payments = []money.Payment{pay("cash", fmt.Sprint(i%7))}
		}
		s.do(func(tx *db.Tx) error { _, err := sale.Create(tx, list...); return err })
		see := func(f sale.Filter) (got []sale.Sale, more bool) {
			dbtest.See(s.t, s.d, func(tx *db.Tx) (err error) {
				got, more, err = sale.List(tx, f)
				return err
			})
			return got, more
		}
		for _, limit := range []int{2, 20} {
			if n := s.statements(func() { see(sale.Filter{Limit: limit}) }); n != 3 {
				s.t.Errorf("%d sales take %d statements", limit, n)
			}
		}
		page, more := see(sale.Filter{Limit: 10, Offset: 30, Order: sale.ByDateDesc})
		if len(page) != 10 || more || page[0].SoldAt.Hour() != 9 || len(page[0].Lines) != 1 || len(page[0].Payments) != 1 {
			s.t.Errorf("%d, %v, first %s", len(page), more, page[0].SoldAt)
		}
		day := time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)
		for want, f := range map[int]sale.Filter{
			24: {From: day, To: day.AddDate(0, 0, 1)},
			6:  {PaymentStatuses: []string{sale.Due}},                              // i%7 = 0
			30: {PaymentStatuses: []string{sale.Due, sale.PartPaid, sale.Overdue}}, // 0 to 4
			40: {Party: s.Ana, Location: s.Location, CreatedBy: s.User, Status: sale.Final, Origins: []sale.Origin{sale.POS}},
			0:  {Party: s.WalkIn},
			2:  {Numbers: []string{"AS0002", "AS0039"}},
		} {
			if got, _ := see(f); len(got) != want {
				s.t.Errorf("%+v lists %d, want %d", f, len(got), want)
			}
		}
		n := 0
		dbtest.See(s.t, s.d, func(tx *db.Tx) error {
			return sale.EachBatch(tx, sale.Filter{}, func(list []sale.Sale) error { n += len(list); return nil })
		})
		if n != 40 {
			s.t.Errorf("streamed %d", n)
		}
	})
}
