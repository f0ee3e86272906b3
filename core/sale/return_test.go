package sale_test

import (
	"testing"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/money"
	"storehouse/core/org"
	"storehouse/core/sale"
	"storehouse/core/stock"
)

func (s *shop) giveBack(in sale.NewReturn) sale.Return {
	s.t.Helper()
	r, err := s.tryReturn(in)
	if err != nil {
		s.t.Fatal(err)
	}
	return r
}

func (s *shop) tryReturn(in sale.NewReturn) (r sale.Return, err error) {
	err = s.try(func(tx *db.Tx) (err error) {
		r, err = sale.Returns(tx, in)
		return err
	})
	return r, err
}

func TestAReturnIsOneDocumentWithAbsoluteQuantities(t *testing.T) {
	each(t, func(s *shop) {
		s.settings(func(o *org.Settings) {
			o.Points = org.PointsRule{Enabled: true, Name: "Points", AmountPerPoint: m("1"), RedeemValue: m("1"), ExpiryUnit: "year"}
		})
		v := s.create(s.sell(s.Ana, line(s.Mug, "5", "1"), line(s.Tea, "5", "1"))) // 10 points
		// New stock at another price: what comes back must come back at 2.
		s.do(func(tx *db.Tx) error {
			_, err := stock.Post(tx, stock.Policy{}, stock.Entry{Item: s.Mug, Location: s.Location, Event: stock.Adjust, Quantity: m("5"), UnitCost: p("10"), Doc: stock.Doc{Type: "opening", ID: 2}})
			return err
		})
		s.wantStock(s.Mug, "hand 100 value 240")
		mugs := v.Lines[0].ID
		back := func(quantity string) sale.NewReturn {
			return sale.NewReturn{Sale: v.ID, Lines: []sale.NewReturnLine{{Line: mugs, Quantity: m(quantity), UnitPriceIncTax: p("1")}}}
		}
		in := back("3")
		in.Discount = &sale.Off{Type: sale.PercentOff, Amount: m("12")}
		r := s.giveBack(in)
		if r.Number != "CN2026/0001" || r.Subtotal != m("3") || r.Total != m("2.64") || r.PaymentStatus != sale.Due || r.ID <= v.ID {
			s.t.Errorf("%d %s subtotal %s total %s %s", r.ID, r.Number, r.Subtotal, r.Total, r.PaymentStatus)
		}
		s.wantStock(s.Mug, "hand 103 value 246")
		if got := s.owed(s.Ana); got != "due 10 return 2.64 advance 0" {
			s.t.Error(got)
		}
		if s.points(s.Ana) != m("8") { // 2.64 of 10 took 2 of the 10
			s.t.Errorf("Ana has %s points", s.points(s.Ana))
		}
		if got := s.get(v.ID).Lines[0].Returned; got != m("3") {
			s.t.Errorf("returned %s", got)
		}
		again := s.giveBack(back("1")) // 1 in all
		if again.ID != r.ID || again.Number != r.Number || again.Total != m("0.88") {
			s.t.Errorf("%d %s total %s", again.ID, again.Number, again.Total)
		}
		s.wantStock(s.Mug, "hand 101 value 242")
		in = sale.NewReturn{Sale: v.ID, Lines: []sale.NewReturnLine{{SKU: "TEA", Quantity: m("5")}, {SKU: "MUG", Quantity: m("5")}}, Discount: &sale.Off{}}
		in.Payments = []money.Payment{pay("cash", "4")}
		all := s.giveBack(in)
		if all.Total != m("10") || all.PaidAmount != m("4") || all.PaymentStatus != sale.PartPaid || len(all.Payments) != 1 || all.Payments[0].Return != r.ID {
			s.t.Errorf("total %s paid %s %s", all.Total, all.PaidAmount, all.PaymentStatus)
		}
		s.wantStock(s.Mug, "hand 105 value 250")
		s.wantStock(s.Tea, "hand 100 value 100")
		if s.points(s.Ana) != 0 || s.owed(s.Ana) != "due 10 return 6 advance 0" {
			s.t.Errorf("%s points, %s", s.points(s.Ana), s.owed(s.Ana))
		}
		s.do(func(tx *db.Tx) error {
			list, more, err := sale.ListReturns(tx, sale.ReturnFilter{Sale: v.ID, Limit: 10})
			if len(list) != 1 || more || list[0].Of.ID != v.ID || len(list[0].Of.Lines) != 2 || len(list[0].Lines) != 2 || len(list[0].Payments) != 1 {
				s.t.Errorf("listed %+v", list)
			}
			return err
		})
		s.clean()
	})
}

func TestReturnsThatAreRefused(t *testing.T) {
	each(t, func(s *shop) {
		v := s.create(s.sell(s.Ana, line(s.Mug, "5", "1")))
		n := s.sell(s.Ana, line(s.Mug, "5", "1"))
		n.Status = sale.Draft
		draft := s.create(n)
		in := func(sale_, line int64, sku, quantity string) sale.NewReturn {
			return sale.NewReturn{Sale: sale_, Lines: []sale.NewReturnLine{{Line: line, SKU: sku, Quantity: m(quantity)}}}
		}
		for text, r := range map[string]sale.NewReturn{
			"products.0.quantity":     in(v.ID, v.Lines[0].ID, "", "5.0001"),
			"must not be negative":    in(v.ID, v.Lines[0].ID, "", "-1"),
			"products.0.sell_line_id": in(v.ID, draft.Lines[0].ID, "", "1"),
			"is not a line":           in(v.ID, 0, "TEA", "1"),
			"products":                {Sale: v.ID},
		} {
			_, err := s.tryReturn(r)
			wantFault(s.t, err, fault.Invalid, text)
		}
		_, err := s.tryReturn(in(draft.ID, draft.Lines[0].ID, "", "1"))
		wantFault(s.t, err, fault.Conflict, "final")
		_, err = s.tryReturn(in(9999, 1, "", "1"))
		wantFault(s.t, err, fault.NotFound, "sale")
		s.giveBack(in(v.ID, 0, "MUG", "2"))
		err = s.try(func(tx *db.Tx) error { return sale.Delete(tx, v.ID) })
		wantFault(s.t, err, fault.Conflict, "Return exist")
		_, err = s.tryUpdate(v.ID, func(n *sale.New) { n.Lines[0].Quantity = m("1") })
		wantFault(s.t, err, fault.Conflict, "Return exist")
		_, err = s.tryUpdate(v.ID, func(n *sale.New) { n.Status = sale.Draft })
		wantFault(s.t, err, fault.Conflict, "Return exist")
		s.update(v.ID, func(n *sale.New) { n.Lines[0].Quantity = m("3") }) // one of them is still out
		s.wantStock(s.Mug, "hand 99 value 198")
		_, err = s.tryReturn(in(v.ID, 0, "MUG", "4"))
		wantFault(s.t, err, fault.Invalid, "must not be more than was sold")
		s.clean()
	})
}

func TestAComboAndADozenComeBack(t *testing.T) {
	each(t, func(s *shop) {
		tea := line(s.Tea, "2", "24")
		tea.SubUnit = s.Dozen
		v := s.create(s.sell(s.Ana, line(s.Box, "2", "500"), tea))
		s.wantStock(s.Mug, "hand 96 value 192")
		r := s.giveBack(sale.NewReturn{Sale: v.ID, Lines: []sale.NewReturnLine{{SKU: "BOX", Quantity: m("1")}, {SKU: "TEA", Quantity: m("1"), UnitPriceIncTax: p("24")}}})
		if r.Total != m("524") {
			s.t.Errorf("total %s, want 524", r.Total)
		}
		s.wantStock(s.Mug, "hand 98 value 196")
		s.wantStock(s.Bag, "hand 99 value 2970")
		s.wantStock(s.Tea, "hand 88 value 88")
		s.clean()
	})
}

func TestAContactsPaymentPaysTheOldestFirst(t *testing.T) {
	each(t, func(s *shop) {
		var ids []int64
		for _, price := range []string{"10", "20", "30"} {
			ids = append(ids, s.create(s.sell(s.Ana, line(s.Labour, "1", price))).ID)
		}
		s.do(func(tx *db.Tx) error { return money.SetOpening(tx, s.Ana, m("5")) })
		var parts []money.Payment
		take := func(amount string) {
			s.do(func(tx *db.Tx) (err error) {
				_, parts, err = sale.PayContact(tx, money.Payment{Party: s.Ana, Amount: m(amount), Method: "cash"})
				return err
			})
		}
		take("27") // 5 opening, 10, 12 of 20
		if len(parts) != 3 || parts[1].Sale != ids[0] || parts[2].Sale != ids[1] || parts[2].Amount != m("12") || parts[0].RefNo != "SP2026/0002" {
			s.t.Errorf("parts %+v", parts)
		}
		if a, b := s.get(ids[0]), s.get(ids[1]); a.PaymentStatus != sale.PaidUp || a.State != sale.Completed || b.PaymentStatus != sale.PartPaid || b.PaidAmount != m("12") {
			s.t.Errorf("%s %s, %s %s", a.PaymentStatus, a.State, b.PaymentStatus, b.PaidAmount)
		}
		if got := s.owed(s.Ana); got != "due 38 return 0 advance 0" {
			s.t.Error(got)
		}
		take("40") // the rest of both, and 2 in advance
		if got := s.owed(s.Ana); got != "due 0 return 0 advance 2" || s.get(ids[2]).PaymentStatus != sale.PaidUp {
			s.t.Error(got)
		}
		n := s.sell(s.Ana, line(s.Labour, "1", "7"))
		n.Payments = []money.Payment{pay("advance", "2"), pay("cash", "5")}
		if v := s.create(n); v.PaymentStatus != sale.PaidUp || s.owed(s.Ana) != "due 0 return 0 advance 0" {
			s.t.Errorf("%s, %s", v.PaymentStatus, s.owed(s.Ana))
		}
		s.do(func(tx *db.Tx) error { return sale.Delete(tx, ids[1]) }) // its 20 are an advance again
		if got := s.owed(s.Ana); got != "due 0 return 0 advance 20" {
			s.t.Error(got)
		}
		s.clean()
	})
}

func TestAnOrderOfWhichSomethingCameBackStaysShipped(t *testing.T) {
	each(t, func(s *shop) {
		v := s.create(s.order(sale.Shipped, "10"))
		s.giveBack(sale.NewReturn{Sale: v.ID, Lines: []sale.NewReturnLine{{SKU: "MUG", Quantity: m("4")}}})
		s.wantStock(s.Mug, "hand 94 value 188")
		_, err := s.tryMove(v.ID, sale.Entered)
		wantFault(s.t, err, fault.Conflict, "Return exist")
		s.move(v.ID, sale.Completed)
		s.giveBack(sale.NewReturn{Sale: v.ID, Lines: []sale.NewReturnLine{{SKU: "MUG", Quantity: 0}}})
		s.wantStock(s.Mug, "hand 90 value 180")
		s.do(func(tx *db.Tx) error { return sale.Delete(tx, v.ID) })
		s.wantStock(s.Mug, "hand 100 value 200")
		s.clean()
	})
}
