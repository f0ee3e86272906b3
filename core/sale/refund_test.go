package sale_test

import (
	"testing"

	"storehouse/base/fault"
	"storehouse/core/money"
	"storehouse/core/sale"
)

// Five mugs at 1 were sold; what comes back is worth 1 each.
func TestAReturnThatIsSentAgainPaysNothingTwice(t *testing.T) {
	each(t, func(s *shop) {
		v := s.create(s.sell(s.Ana, line(s.Mug, "5", "1")))
		back := func(quantity string, payments ...money.Payment) sale.NewReturn {
			return sale.NewReturn{Sale: v.ID, Lines: []sale.NewReturnLine{{Line: v.Lines[0].ID, Quantity: m(quantity)}}, Payments: payments}
		}
		is := func(what string, r sale.Return, paid string, payments int, owed string) {
			s.t.Helper()
			if r.PaidAmount != m(paid) || len(r.Payments) != payments {
				s.t.Errorf("%s: %s paid back in %d payments, want %s in %d", what, r.PaidAmount, len(r.Payments), paid, payments)
			}
			if got := s.owed(s.Ana); got != owed {
				s.t.Errorf("%s: %s, want %s", what, got, owed)
			}
		}
		is("two come back, 1.50 is paid", s.giveBack(back("2", pay("cash", "1"), pay("card", "0.5"))), "1.5", 2, "due 5 return 0.5 advance 0")
		is("the same again", s.giveBack(back("2", pay("cash", "1"), pay("card", "0.5"))), "1.5", 2, "due 5 return 0.5 advance 0")
		is("in another order", s.giveBack(back("2", pay("card", "0.5"), pay("", "1"))), "1.5", 2, "due 5 return 0.5 advance 0")
		is("a part of it", s.giveBack(back("2", pay("cash", "1"))), "1.5", 2, "due 5 return 0.5 advance 0")
		is("with what was left", s.giveBack(back("2", pay("cash", "1"), pay("card", "0.5"), pay("cash", "0.5"))), "2", 3, "due 5 return 0 advance 0")
		_, err := s.tryReturn(back("2", pay("cash", "1"), pay("cash", "1")))
		wantFault(s.t, err, fault.Invalid, "payments") // there was one of 1
		is("a third comes back and is paid", s.giveBack(back("3", pay("cash", "1"))), "3", 4, "due 5 return 0 advance 0")
		is("and again", s.giveBack(back("3", pay("cash", "1"))), "3", 4, "due 5 return 0 advance 0")
		noted := pay("cash", "1")
		noted.Note = "second instalment"
		_, err = s.tryReturn(back("3", noted))
		wantFault(s.t, err, fault.Invalid, "payments") // all is paid back
		_, err = s.tryReturn(back("4", pay("cash", "1.01")))
		wantFault(s.t, err, fault.Invalid, "payments")
		is("a fourth, and another payment of 1", s.giveBack(back("4", noted)), "4", 5, "due 5 return 0 advance 0")
		s.wantStock(s.Mug, "hand 99 value 198")
		s.clean()
	})
}

func TestEightOfTheSameReturnAtOnce(t *testing.T) {
	each(t, func(s *shop) {
		v := s.create(s.sell(s.Ana, line(s.Mug, "5", "1")))
		errs := make([]error, 8)
		together(len(errs), func(i int) {
			_, errs[i] = s.tryReturn(sale.NewReturn{Sale: v.ID, Lines: []sale.NewReturnLine{{Line: v.Lines[0].ID, Quantity: m("3")}}, Payments: []money.Payment{pay("cash", "1.5")}})
		})
		for _, err := range errs {
			if err != nil {
				s.t.Error(err)
			}
		}
		if got := s.owed(s.Ana); got != "due 5 return 1.5 advance 0" {
			s.t.Error(got)
		}
		s.wantStock(s.Mug, "hand 98 value 196")
		s.clean()
	})
}
