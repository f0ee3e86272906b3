package sale_test

import (
	"testing"
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/money"
	"storehouse/core/org"
	"storehouse/core/sale"
)

func TestTheIdenticalSellAgainIsAnsweredWithTheStoredOne(t *testing.T) {
	each(t, func(s *shop) {
		n := s.sell(s.Ana, line(s.Mug, "2", "5"))
		n.Number, n.Payments = "WOO-17", []money.Payment{pay("cash", "10")}
		first := s.create(n)
		again := s.create(n)
		if first.ID != again.ID || again.Number != "WOO-17" || len(again.Lines) != 1 || len(again.Payments) != 1 {
			s.t.Errorf("first %d, again %d with %d lines", first.ID, again.ID, len(again.Lines))
		}
		s.wantStock(s.Mug, "hand 98 value 196")
		n.Lines = []sale.DraftLine{line(s.Mug, "3", "5")}
		_, err := s.tryCreate(n)
		wantFault(s.t, err, fault.Conflict, "WOO-17")
		n.Lines[0] = line(s.Mug, "2", "5")
		n.Party = s.WalkIn
		_, err = s.tryCreate(n)
		wantFault(s.t, err, fault.Conflict, "WOO-17")
		s.wantStock(s.Mug, "hand 98 value 196")
		s.clean()
	})
}

func TestNumbersHaveNoGapsAndPassOverUsedOnes(t *testing.T) {
	each(t, func(s *shop) {
		n := s.sell(s.Ana, line(s.Mug, "1", ""))
		n.Number = "AS0002"
		s.create(n)
		n.Number = ""
		draft := n
		draft.Status, draft.SubStatus = sale.Draft, sale.Quotation
		if got := s.create(n).Number; got != "AS0001" {
			s.t.Errorf("first is %s", got)
		}
		if got := s.create(draft).Number; got != "2026/0001" {
			s.t.Errorf("draft is %s", got)
		}
		if _, err := s.tryCreate(s.sell(s.Ana, line(s.Mug, "1000", ""))); err == nil {
			s.t.Error("1000 mugs were sold")
		}
		if got := s.create(n).Number; got != "AS0003" {
			s.t.Errorf("third is %s", got)
		}
		s.do(func(tx *db.Tx) error { // three at once
			list, err := sale.Create(tx, n, draft, n)
			if err == nil && (list[0].Number != "AS0004" || list[1].Number != "2026/0002" || list[2].Number != "AS0005") {
				s.t.Errorf("got %s %s %s", list[0].Number, list[1].Number, list[2].Number)
			}
			return err
		})
	})
}

func TestADraftMovesNothingUntilItIsFinal(t *testing.T) {
	each(t, func(s *shop) {
		n := s.sell(s.Ana, line(s.Mug, "4", "5"))
		n.Status, n.Payments = sale.Draft, []money.Payment{pay("cash", "20")}
		v := s.create(n)
		if v.PaymentStatus != "" || v.State != "" || len(v.Payments) != 0 {
			s.t.Errorf("draft: %q %q, %d payments", v.PaymentStatus, v.State, len(v.Payments))
		}
		s.wantStock(s.Mug, "hand 100 value 200")
		v = s.update(v.ID, func(n *sale.New) {
			n.Status, n.Payments = sale.Final, []money.Payment{pay("card", "15")}
		})
		if v.Number != "AS0001" || v.PaymentStatus != sale.PartPaid || v.State != sale.Invoiced {
			s.t.Errorf("final: %s %s %s", v.Number, v.PaymentStatus, v.State)
		}
		s.wantStock(s.Mug, "hand 96 value 192")
		if got := s.owed(s.Ana); got != "due 5 return 0 advance 0" {
			s.t.Error(got)
		}
		v = s.update(v.ID, func(n *sale.New) { n.Status = sale.Draft })
		if len(s.get(v.ID).Payments) != 0 || v.Number != "AS0001" {
			s.t.Errorf("draft again: %s, %d payments", v.Number, len(v.Payments))
		}
		s.wantStock(s.Mug, "hand 100 value 200")
		if got := s.owed(s.Ana); got != "due 0 return 0 advance 0" {
			s.t.Error(got)
		}
		if v = s.update(v.ID, func(n *sale.New) { n.Status = sale.Final }); v.Number != "AS0001" {
			s.t.Errorf("it was AS0001 before and is %s", v.Number)
		}
		s.clean()
	})
}

func TestASuspendedSellMovesStockAndKeepsNoPayments(t *testing.T) {
	each(t, func(s *shop) {
		n := s.sell(s.Ana, line(s.Mug, "1", "5"))
		n.IsSuspended, n.Payments = true, []money.Payment{pay("cash", "5")}
		if v := s.create(n); len(v.Payments) != 0 || v.PaymentStatus != sale.Due {
			s.t.Errorf("%d payments, %s", len(v.Payments), v.PaymentStatus)
		}
		s.wantStock(s.Mug, "hand 99 value 198")
	})
}

func TestUpdateKeepsWhatIsNotNamedAndPostsTheDifference(t *testing.T) {
	each(t, func(s *shop) {
		n := s.sell(s.Ana, line(s.Mug, "10", "5"), line(s.Tea, "4", "3"))
		n.Tax, n.Payments = s.Tax, []money.Payment{pay("cash", "30"), pay("card", "38.2")}
		v := s.create(n) // 50 + 12 = 62, tax 6.20
		if v.Total != m("68.2") || v.PaymentStatus != sale.PaidUp {
			s.t.Fatalf("total %s %s", v.Total, v.PaymentStatus)
		}
		u := s.update(v.ID, func(n *sale.New) { n.SaleNote = "wrap it" })
		if u.Total != v.Total || u.Tax != s.Tax || len(u.Lines) != 2 || u.SaleNote != "wrap it" || u.Number != v.Number {
			s.t.Errorf("a note changed %+v", u)
		}
		u = s.update(v.ID, func(n *sale.New) { // 7 mugs, no tea, 5 bags
			n.Lines = []sale.DraftLine{line(s.Mug, "7", "5"), line(s.Bag, "5", "10")}
			n.Payments = n.Payments[:1]
			n.Payments[0].Amount = m("40")
		})
		if u.Total != m("93.5") || u.PaidAmount != m("40") || u.PaymentStatus != sale.PartPaid { // 35 + 50 = 85, tax 8.50
			s.t.Errorf("total %s paid %s %s", u.Total, u.PaidAmount, u.PaymentStatus)
		}
		if u.Lines[0].ID != v.Lines[0].ID || len(s.get(v.ID).Lines) != 2 || len(s.get(v.ID).Payments) != 1 {
			s.t.Error("the mugs' line is not the one that it was")
		}
		s.wantStock(s.Mug, "hand 93 value 186")
		s.wantStock(s.Tea, "hand 100 value 100")
		s.wantStock(s.Bag, "hand 95 value 2850")
		if got := s.owed(s.Ana); got != "due 53.5 return 0 advance 0" {
			s.t.Error(got)
		}
		s.update(v.ID, func(n *sale.New) { n.Party, n.Tax = s.WalkIn, 0 })
		if a, w := s.owed(s.Ana), s.owed(s.WalkIn); a != "due 0 return 0 advance 0" || w != "due 45 return 0 advance 0" {
			s.t.Errorf("Ana %s, walk-in %s", a, w)
		}
		_, err := s.tryUpdate(v.ID, func(n *sale.New) { n.Lines[0].ID = 999 })
		wantFault(s.t, err, fault.Invalid, "products.0.sell_line_id")
		_, err = s.tryUpdate(v.ID, func(n *sale.New) { n.Lines[0].Quantity = m("101") })
		wantFault(s.t, err, fault.Conflict, "not enough stock")
		s.do(func(tx *db.Tx) error { return sale.Delete(tx, v.ID) })
		s.wantStock(s.Mug, "hand 100 value 200")
		s.wantStock(s.Bag, "hand 100 value 3000")
		if got := s.owed(s.WalkIn); got != "due 0 return 0 advance 0" {
			s.t.Error(got)
		}
		s.clean()
	})
}

func TestChangeIsGivenBackAndCanBeChanged(t *testing.T) {
	each(t, func(s *shop) {
		n := s.sell(s.Ana, line(s.Mug, "3", "5"))
		n.Payments, n.ChangeReturn = []money.Payment{pay("cash", "20"), {}}, m("5")
		v := s.create(n)
		if len(v.Payments) != 2 || !v.Payments[1].IsReturn || v.PaidAmount != m("15") || v.PaymentStatus != sale.PaidUp {
			s.t.Errorf("%d payments, paid %s %s", len(v.Payments), v.PaidAmount, v.PaymentStatus)
		}
		v = s.update(v.ID, func(n *sale.New) {
			if n.ChangeReturn != m("5") || len(n.Payments) != 1 {
				s.t.Errorf("the draft has change %s and %d payments", n.ChangeReturn, len(n.Payments))
			}
			n.ChangeReturn = m("6")
		})
		if v.PaidAmount != m("14") || v.PaymentStatus != sale.PartPaid {
			s.t.Errorf("paid %s %s", v.PaidAmount, v.PaymentStatus)
		}
		if v = s.update(v.ID, func(n *sale.New) { n.ChangeReturn = 0 }); len(s.get(v.ID).Payments) != 1 {
			s.t.Error("the change is still there")
		}
		if got := s.owed(s.Ana); got != "due -5 return 0 advance 0" {
			s.t.Error(got)
		}
		s.clean()
	})
}

func TestModifiersCombosServicesAndSubUnits(t *testing.T) {
	each(t, func(s *shop) {
		mug := line(s.Mug, "2", "5")
		mug.Modifiers = []sale.DraftModifier{{Item: s.Cheese, Product: s.CheeseSet, Quantity: m("3")}, {Item: s.Cheese, Price: p("1")}}
		tea := line(s.Tea, "2", "30")
		tea.SubUnit = s.Dozen
		n := s.sell(s.Ana, mug, line(s.Box, "3", ""), line(s.Labour, "1.5", ""), tea)
		n.Discount = sale.Off{Type: sale.PercentOff, Amount: m("10")}
		v := s.create(n)
		// 10 + 3×12.50 + 1 = 48.50; 3×440 = 1320; 1.5×50 = 75; 2×30 = 60: 1503.50, less 10 %.
		if v.Subtotal != m("1503.5") || v.Total != m("1353.15") {
			s.t.Errorf("subtotal %s total %s", v.Subtotal, v.Total)
		}
		kinds := ""
		for _, l := range v.Lines {
			kinds += "[" + l.Children + " " + l.Quantity.String() + "]"
			if (l.Children != "") != (l.Parent != 0) || l.Parent != 0 && l.Parent >= l.ID {
				s.t.Errorf("line %d has parent %d", l.ID, l.Parent)
			}
		}
		if want := "[ 2][modifier 3][modifier 1][ 3][combo 6][combo 3][ 1.5][ 24]"; kinds != want {
			s.t.Errorf("lines %s, want %s", kinds, want)
		}
		s.wantStock(s.Mug, "hand 92 value 184")
		s.wantStock(s.Bag, "hand 97 value 2910")
		s.wantStock(s.Tea, "hand 76 value 76")
		if u := s.update(v.ID, func(n *sale.New) { n.StaffNote = "x" }); u.Total != v.Total || len(u.Lines) != len(v.Lines) {
			s.t.Errorf("a note made it %s with %d lines", u.Total, len(u.Lines))
		}
		u := s.update(v.ID, func(n *sale.New) { n.Lines = n.Lines[1:2]; n.Lines[0].Quantity = m("1") })
		if len(u.Lines) != 3 || u.Total != m("396") {
			s.t.Errorf("%d lines, total %s", len(u.Lines), u.Total)
		}
		s.wantStock(s.Mug, "hand 98 value 196")
		s.wantStock(s.Tea, "hand 100 value 100")
		s.clean()
	})
}

func TestPricesWhereTheLineSaysNone(t *testing.T) {
	each(t, func(s *shop) {
		taxed := line(s.Mug, "1", "")
		taxed.Tax = s.Tax
		byProduct := line(s.MugProduct, "1", "") // the product's id in the item's place
		byProduct.Product = s.MugProduct
		v := s.create(s.sell(s.WalkIn, line(s.Mug, "1", ""), taxed, byProduct))
		for i, want := range []string{"5", "5.5", "5"} {
			if got := v.Lines[i].Amount; got != m(want) || v.Lines[i].Item != s.Mug {
				s.t.Errorf("line %d is %s of item %d, want %s", i, got, v.Lines[i].Item, want)
			}
		}
	})
}

func TestStockThatIsNotThere(t *testing.T) {
	each(t, func(s *shop) {
		// Two lines and a combo of the same mugs are one demand: 50 + 49 + 2.
		n := s.sell(s.Ana, line(s.Mug, "50", ""), line(s.Mug, "49", ""), line(s.Box, "1", ""))
		_, err := s.tryCreate(n)
		wantFault(s.t, err, fault.Conflict, "not enough stock")
		s.wantStock(s.Mug, "hand 100 value 200")
		s.settings(func(o *org.Settings) { o.Oversell = org.Allow })
		s.create(n)
		s.wantStock(s.Mug, "hand -1 value -2")
		n.Location = s.Second
		s.do(func(tx *db.Tx) error {
			l, err := org.GetLocation(tx, s.Second)
			if err != nil {
				return err
			}
			l.Oversell = org.Refuse
			_, err = org.UpdateLocation(tx, l)
			return err
		})
		_, err = s.tryCreate(n)
		wantFault(s.t, err, fault.Conflict, "not enough stock")
		s.clean()
	})
}

func TestPointsAreEarnedRedeemedAndTakenBack(t *testing.T) {
	each(t, func(s *shop) {
		s.settings(func(o *org.Settings) {
			o.Points = org.PointsRule{Enabled: true, Name: "Points", AmountPerPoint: m("10"), MinOrder: m("20"), RedeemValue: m("0.5"), RedeemMin: m("2"), ExpiryUnit: "year"}
		})
		s.create(s.sell(s.WalkIn, line(s.Bag, "1", "100")))
		v := s.create(s.sell(s.Ana, line(s.Bag, "1", "105")))
		if s.points(s.WalkIn) != 0 || s.points(s.Ana) != m("10") || v.EarnedPoints != m("10") {
			s.t.Errorf("walk-in %s, Ana %s", s.points(s.WalkIn), s.points(s.Ana))
		}
		n := s.sell(s.Ana, line(s.Mug, "6", "5"))
		n.RedeemedPoints = m("1")
		_, err := s.tryCreate(n)
		wantFault(s.t, err, fault.Invalid, "rp_redeemed")
		n.RedeemedPoints = m("11")
		_, err = s.tryCreate(n)
		wantFault(s.t, err, fault.Conflict, "")
		n.RedeemedPoints = m("8") // worth 4: 30 − 4 = 26, which earns 2
		r := s.create(n)
		if r.Total != m("26") || s.points(s.Ana) != m("4") {
			s.t.Errorf("total %s, Ana has %s", r.Total, s.points(s.Ana))
		}
		s.update(v.ID, func(n *sale.New) { n.Lines[0].Price = p("205") }) // 20 instead of 10
		if s.points(s.Ana) != m("14") {
			s.t.Errorf("Ana has %s, want 14", s.points(s.Ana))
		}
		s.do(func(tx *db.Tx) error { return sale.Delete(tx, r.ID) }) // gives 8 back, takes 2
		if s.points(s.Ana) != m("20") {
			s.t.Errorf("Ana has %s, want 20", s.points(s.Ana))
		}
		s.do(func(tx *db.Tx) error { return sale.Delete(tx, v.ID) })
		if s.points(s.Ana) != 0 {
			s.t.Errorf("Ana has %s, want 0", s.points(s.Ana))
		}
		s.clean()
	})
}

func TestASellGoesIntoTheOpenRegister(t *testing.T) {
	each(t, func(s *shop) {
		var register int64
		s.do(func(tx *db.Tx) error {
			r, err := money.OpenRegister(tx, money.CashRegister{Location: s.Location, User: s.User, IsOpen: true}, m("50"))
			register = r.ID
			return err
		})
		n := s.sell(s.WalkIn, line(s.Mug, "2", "5"))
		n.Payments, n.ChangeReturn = []money.Payment{pay("cash", "12")}, m("2")
		v := s.create(n)
		n.Location, n.Lines = s.Second, []sale.DraftLine{line(s.Labour, "1", "")}
		if other := s.create(n); other.Payments[0].Register != 0 || v.Payments[0].Register != register {
			s.t.Errorf("registers %d and %d", v.Payments[0].Register, other.Payments[0].Register)
		}
		cash := func() (d dec.D) {
			s.do(func(tx *db.Tx) error {
				t, err := money.RegisterTotals(tx, register)
				d = t.ExpectedCash
				return err
			})
			return d
		}
		if got := cash(); got != m("60") {
			s.t.Errorf("the drawer should hold %s, want 60", got)
		}
		s.do(func(tx *db.Tx) error { return sale.Delete(tx, v.ID) })
		if got := cash(); got != m("50") {
			s.t.Errorf("the drawer should hold %s, want 50", got)
		}
		s.clean()
	})
}

func TestPaidHandedOverAndOverdue(t *testing.T) {
	each(t, func(s *shop) {
		n := s.sell(s.Ana, line(s.Mug, "2", "5"))
		n.ShippingStatus, n.PayTermNumber, n.PayTermType = "ordered", 30, "days"
		n.SoldAt = time.Date(2025, 12, 1, 10, 0, 0, 0, time.UTC) // to be paid until the end of 31 December
		v := s.create(n)
		if v.State != sale.Invoiced || v.Fulfillment != sale.Pending || !v.DueAt.Equal(time.Date(2026, 1, 1, 0, 0, 0, 0, time.UTC)) {
			s.t.Errorf("%s %s, due %s", v.State, v.Fulfillment, v.DueAt)
		}
		for now, want := range map[string]string{"2025-12-31T23:59:00Z": sale.Due, "2026-01-01T00:01:00Z": sale.Overdue} {
			if at, _ := time.Parse(time.RFC3339, now); v.PayStatus(at) != want {
				s.t.Errorf("at %s it is %s, want %s", now, v.PayStatus(at), want)
			}
		}
		s.do(func(tx *db.Tx) (err error) {
			who := "Mr Robin"
			done := "delivered"
			v, err = sale.UpdateShipping(tx, v.ID, &done, &who)
			return err
		})
		if v.State != sale.Invoiced || v.Fulfillment != sale.Fulfilled || v.DeliveredTo != "Mr Robin" {
			s.t.Errorf("delivered: %s %s", v.State, v.Fulfillment)
		}
		v = s.update(v.ID, func(n *sale.New) { n.Payments = append(n.Payments, pay("cash", "10")) })
		if v.State != sale.Completed || v.CompletedAt.IsZero() || v.PayStatus(v.DueAt.AddDate(1, 0, 0)) != sale.PaidUp {
			s.t.Errorf("paid: %s", v.State)
		}
	})
}

func TestBadSellsAreRefusedWhole(t *testing.T) {
	each(t, func(s *shop) {
		with := func(change func(*sale.New)) sale.New {
			n := s.sell(s.Ana, line(s.Mug, "1", "5"))
			change(&n)
			return n
		}
		for field, n := range map[string]sale.New{
			"products":                           with(func(n *sale.New) { n.Lines = nil }),
			"products.0.quantity":                with(func(n *sale.New) { n.Lines[0].Quantity = 0 }),
			"products.1.quantity":                with(func(n *sale.New) { n.Lines = append(n.Lines, line(s.Mug, "-1", "")) }),
			"products.0.variation_id":            with(func(n *sale.New) { n.Lines[0].Item = 0 }),
			"products.1.variation_id":            with(func(n *sale.New) { n.Lines = append(n.Lines, line(99999, "1", "")) }),
			"products.0.unit_price":              with(func(n *sale.New) { n.Lines[0].Price = p("-1") }),
			"products.0.tax_rate_id":             with(func(n *sale.New) { n.Lines[0].Tax = 77 }),
			"products.0.sub_unit_id":             with(func(n *sale.New) { n.Lines[0].SubUnit = 77 }),
			"products.0.discount_amount":         with(func(n *sale.New) { n.Lines[0].Discount.Amount = m("6") }),
			"products.0.modifiers.0.modifier_id": with(func(n *sale.New) { n.Lines[0].Modifiers = []sale.DraftModifier{{Item: 77}} }),
			"location_id":                        with(func(n *sale.New) { n.Location = 77 }),
			"contact_id":                         with(func(n *sale.New) { n.Party = 77 }),
			"tax_rate_id":                        with(func(n *sale.New) { n.Tax = 77 }),
			"status":                             with(func(n *sale.New) { n.Status = "sold" }),
			"sub_status":                         with(func(n *sale.New) { n.Status, n.SubStatus = sale.Draft, "promise" }),
			"shipping_status":                    with(func(n *sale.New) { n.ShippingStatus = "offline" }),
			"shipping_charges":                   with(func(n *sale.New) { n.ShippingCharges = m("-1") }),
			"discount_type":                      with(func(n *sale.New) { n.Discount.Type = "half" }),
			"types_of_service_id":                with(func(n *sale.New) { n.ServiceType = s.Channel }),
			"payments.0.amount":                  with(func(n *sale.New) { n.Payments = []money.Payment{pay("cash", "-1")} }),
			"change_return":                      with(func(n *sale.New) { n.ChangeReturn = m("-1") }),
			"rp_redeemed":                        with(func(n *sale.New) { n.RedeemedPoints = m("1") }),
			"pay_term_type":                      with(func(n *sale.New) { n.PayTermType = "weeks" }),
		} {
			_, err := s.tryCreate(n)
			if got := fault.Of(err); err == nil || got.Kind != fault.Invalid || got.Field() != field {
				s.t.Errorf("%s: %v", field, err)
			}
		}
		_, err := s.tryCreate(with(func(n *sale.New) { n.Payments = []money.Payment{pay("advance", "5")} }))
		wantFault(s.t, err, fault.Conflict, "Required advance balance not available")
		if v := s.create(with(func(n *sale.New) {})); v.Number != "AS0001" {
			s.t.Errorf("a refused sell took a number: %s", v.Number)
		}
		s.clean()
	})
}
