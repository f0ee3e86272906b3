package sale_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/core/money"
	"storehouse/core/sale"
)

// recur lets the job look at a moment, and returns the dates of what it made.
func (s *shop) recur(id int64, now time.Time) (dates []string) {
	s.t.Helper()
	s.do(func(tx *db.Tx) error {
		tx.Now = now
		dates = nil
		made, err := sale.Recur(tx, id)
		for _, m := range made {
			if m.RecurParent != id || m.PaymentStatus != sale.Due && m.Status == sale.Final || m.IsRecurring || len(m.Payments) > 0 {
				s.t.Errorf("made %+v", m)
			}
			dates = append(dates, m.SoldAt.Format("2006-01-02 15:04"))
		}
		return err
	})
	return dates
}

func (s *shop) owing(now time.Time) (list []int64) {
	s.do(func(tx *db.Tx) (err error) {
		tx.Now = now
		list, err = sale.Owing(tx)
		return err
	})
	return list
}

func day(y int, m time.Month, d int) time.Time { return time.Date(y, m, d, 12, 0, 0, 0, time.UTC) }

func TestRecurringSells(t *testing.T) {
	each(t, func(s *shop) {
		n := s.sell(s.Ana, line(s.Labour, "2", "50"))
		n.SoldAt, n.Payments = time.Date(2026, 1, 31, 9, 0, 0, 0, time.UTC), []money.Payment{pay("cash", "100")}
		n.IsRecurring, n.RecurInterval, n.RecurIntervalType, n.RecurRepetitions = true, 1, "months", 4
		first := s.create(n)
		if first.SubscriptionNo != "2026/0001" {
			t := s.t
			t.Errorf("subscription %q", first.SubscriptionNo)
		}
		for _, c := range []struct {
			now  time.Time
			want []string
		}{
			{day(2026, 2, 27), nil},
			{day(2026, 2, 28), []string{"2026-02-28 09:00"}},                    // February has no 31st
			{day(2026, 2, 28), nil},                                             // once
			{day(2026, 5, 1), []string{"2026-03-31 09:00", "2026-04-30 09:00"}}, // after a downtime
			{day(2027, 1, 1), []string{"2026-05-31 09:00"}},                     // the fourth is the last
			{day(2028, 1, 1), nil},
		} {
			if owes := slices.Contains(s.owing(c.now), first.ID); owes != (c.want != nil) {
				s.t.Errorf("on %s it owes: %v", c.now, owes)
			}
			if got := s.recur(first.ID, c.now); !slices.Equal(got, c.want) {
				s.t.Errorf("on %s it made %q, want %q", c.now, got, c.want)
			}
		}
		var made []sale.Sale
		dbtest.See(s.t, s.d, func(tx *db.Tx) (err error) {
			made, _, err = sale.List(tx, sale.Filter{Party: s.Ana})
			return err
		})
		if len(made) != 5 || made[4].Number != "AS0005" || made[4].Total != m("100") || made[4].SubscriptionNo != "2026/0001" || len(made[4].Lines) != 1 {
			s.t.Errorf("the list has %d, the last %+v", len(made), made[len(made)-1])
		}
	})
}

func TestRhythms(t *testing.T) {
	each(t, func(s *shop) {
		start := time.Date(2024, 2, 29, 23, 0, 0, 0, time.UTC)
		for _, c := range []struct {
			interval, on int64
			kind         string
			until        time.Time
			want         []string
		}{
			{10, 0, "days", day(2024, 3, 21), []string{"2024-03-10 23:00", "2024-03-20 23:00"}},
			{2, 15, "months", day(2024, 6, 16), []string{"2024-04-15 23:00", "2024-06-15 23:00"}},
			{1, 0, "years", day(2026, 3, 1), []string{"2025-02-28 23:00", "2026-02-28 23:00"}},
		} {
			n := s.sell(s.Ana, line(s.Labour, "1", "5"))
			n.SoldAt, n.IsRecurring, n.RecurInterval, n.RecurIntervalType, n.SubscriptionRepeatOn = start, true, c.interval, c.kind, c.on
			if got := s.recur(s.create(n).ID, c.until); !slices.Equal(got, c.want) {
				s.t.Errorf("every %d %s: %q, want %q", c.interval, c.kind, got, c.want)
			}
		}
	})
}

func TestARecurringSellIsStoppedAndTakenUpAgain(t *testing.T) {
	each(t, func(s *shop) {
		n := s.sell(s.Ana, line(s.Labour, "1", "5"))
		n.SoldAt, n.IsRecurring, n.RecurInterval, n.RecurIntervalType = day(2026, 1, 1), true, 1, "days"
		id := s.create(n).ID
		set := func(now time.Time, on bool) (v sale.Sale) {
			s.do(func(tx *db.Tx) (err error) {
				tx.Now = now
				v, err = sale.Update(tx, id, func(n *sale.New) error { n.IsRecurring = on; return nil })
				return err
			})
			return v
		}
		if v := set(day(2026, 1, 2), false); !v.RecurStoppedAt.Equal(day(2026, 1, 2)) {
			s.t.Errorf("stopped at %s", v.RecurStoppedAt)
		}
		if got := s.recur(id, day(2026, 1, 5)); got != nil {
			s.t.Errorf("stopped, it made %q", got)
		}
		set(day(2026, 1, 9), true)
		if got := s.recur(id, day(2026, 1, 10)); !slices.Equal(got, []string{"2026-01-10 12:00"}) {
			s.t.Errorf("taken up again, it made %q", got)
		}
	})
}

func TestARecurringSellWithoutStockBecomesADraft(t *testing.T) {
	each(t, func(s *shop) {
		n := s.sell(s.Ana, line(s.Mug, "60", "5"))
		n.SoldAt, n.IsRecurring, n.RecurIntervalType = day(2026, 1, 1), true, "years"
		id := s.create(n).ID // leaves 40 of 100
		if got := s.recur(id, day(2027, 1, 2)); len(got) != 1 {
			s.t.Fatalf("made %q", got)
		}
		dbtest.See(s.t, s.d, func(tx *db.Tx) error {
			list, _, err := sale.List(tx, sale.Filter{Status: sale.Draft})
			if len(list) != 1 || list[0].StaffNote == "" || list[0].RecurParent != id {
				s.t.Errorf("drafts: %+v", list)
			}
			return err
		})
	})
}

func TestTwoServersMakeARecurringInvoiceOnce(t *testing.T) {
	each(t, func(s *shop) {
		n := s.sell(s.Ana, line(s.Labour, "1", "5"))
		n.SoldAt, n.IsRecurring, n.RecurInterval, n.RecurIntervalType = day(2026, 1, 1), true, 1, "days"
		id := s.create(n).ID
		var wg sync.WaitGroup
		for range 4 {
			wg.Go(func() {
				if err := s.try(func(tx *db.Tx) error {
					tx.Now = day(2026, 1, 4)
					_, err := sale.Recur(tx, id)
					return err
				}); err != nil {
					s.t.Error(err)
				}
			})
		}
		wg.Wait()
		dbtest.See(s.t, s.d, func(tx *db.Tx) error {
			if n, err := sale.Count(tx, sale.Filter{}); n != 4 || err != nil {
				s.t.Errorf("%d sales, %v", n, err)
			}
			return nil
		})
	})
}
