package sale_test

import (
	"sync"
	"testing"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/money"
	"storehouse/core/sale"
)

// together runs fn n times at once, from one barrier.
func together(n int, fn func(i int)) {
	start := make(chan struct{})
	var wg sync.WaitGroup
	for i := range n {
		wg.Go(func() {
			<-start
			fn(i)
		})
	}
	close(start)
	wg.Wait()
}

func TestSixteenSellersOfTheLastUnit(t *testing.T) {
	each(t, func(s *shop) {
		s.create(s.sell(s.Ana, line(s.Mug, "99", "5"), line(s.Bag, "99", "5")))
		errs := make([]error, 16)
		together(16, func(i int) {
			lines := []sale.DraftLine{line(s.Mug, "1", "5"), line(s.Bag, "1", "5")}
			if i%2 == 1 {
				lines[0], lines[1] = lines[1], lines[0]
			}
			_, errs[i] = s.tryCreate(s.sell(s.Ana, lines...))
		})
		sold := 0
		for _, err := range errs {
			if err == nil {
				sold++
			} else {
				wantFault(s.t, err, fault.Conflict, "not enough stock")
			}
		}
		if sold != 1 {
			s.t.Errorf("the last unit was sold %d times", sold)
		}
		s.wantStock(s.Mug, "hand 0 value 0")
		if v := s.create(s.sell(s.Ana, line(s.Labour, "1", ""))); v.Number != "AS0003" {
			s.t.Errorf("the numbers have a gap: %s", v.Number)
		}
		s.clean()
	})
}

func TestTheSameNumberAtOnce(t *testing.T) {
	each(t, func(s *shop) {
		ids, errs := make([]int64, 12), make([]error, 12)
		together(12, func(i int) {
			n := s.sell(s.Ana, line(s.Mug, "1", "5"))
			n.Number, n.Payments = "T-1", []money.Payment{pay("cash", "5")}
			if i%3 == 2 {
				n.Lines[0].Quantity = m("2") // another sale under the number
			}
			v, err := s.tryCreate(n)
			ids[i], errs[i] = v.ID, err
		})
		stored := map[int64]bool{}
		for i, err := range errs {
			if err == nil {
				stored[ids[i]] = true
			} else {
				wantFault(s.t, err, fault.Conflict, "T-1")
			}
		}
		if len(stored) != 1 {
			s.t.Errorf("stored %v", stored)
		}
		if got := s.stockOf(s.Mug, s.Location); got != "hand 99 value 198" && got != "hand 98 value 196" {
			s.t.Error(got)
		}
		s.clean()
	})
}

func TestReturnsAndChangesAtOnce(t *testing.T) {
	each(t, func(s *shop) {
		v := s.create(s.sell(s.Ana, line(s.Mug, "10", "5")))
		together(8, func(i int) {
			_, err := s.tryReturn(sale.NewReturn{Sale: v.ID, Lines: []sale.NewReturnLine{{Line: v.Lines[0].ID, Quantity: m("7")}}})
			if err != nil {
				s.t.Error(err)
			}
		})
		s.wantStock(s.Mug, "hand 97 value 194")
		if got := s.owed(s.Ana); got != "due 50 return 35 advance 0" {
			s.t.Error(got)
		}
		w := s.create(s.sell(s.Ana, line(s.Tea, "10", "5")))
		together(8, func(i int) {
			var err error
			switch i % 4 {
			case 0:
				_, err = s.tryUpdate(w.ID, func(n *sale.New) { n.Lines[0].Quantity = m("9") })
			case 1:
				_, err = s.tryReturn(sale.NewReturn{Sale: w.ID, Lines: []sale.NewReturnLine{{Line: w.Lines[0].ID, Quantity: m("9")}}})
			case 2:
				err = s.try(func(tx *db.Tx) error { return sale.Delete(tx, w.ID) })
			case 3:
				err = s.try(func(tx *db.Tx) error {
					_, _, err := sale.PayContact(tx, pay1(s.Ana, "3"))
					return err
				})
			}
			if k := fault.Of(err).Kind; err != nil && k != fault.NotFound && k != fault.Conflict {
				s.t.Error(err)
			}
		})
		s.clean()
	})
}
