package sale_test

import (
	"strings"
	"testing"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/sale"
	"storehouse/core/stock"
)

// order is a sales order for mugs at the main location.
func (s *shop) order(state sale.State, quantity string) sale.New {
	return sale.New{Head: sale.Head{Origin: sale.Maker, State: state, Channel: s.Channel, Party: s.Ana, FulfillmentLocation: s.Location, MABD: "2026-02-01"},
		Lines: []sale.DraftLine{line(s.Mug, quantity, "5")}}
}

func (s *shop) move(id int64, to sale.State) sale.Sale {
	s.t.Helper()
	v, err := s.tryMove(id, to)
	if err != nil {
		s.t.Fatalf("to %s: %v", to, err)
	}
	return v
}

func (s *shop) tryMove(id int64, to sale.State) (v sale.Sale, err error) {
	err = s.try(func(tx *db.Tx) (err error) {
		v, err = sale.SetState(tx, id, to)
		return err
	})
	return v, err
}

// entries describes what a sale posted: "DEMAND 10, ALLOCATE 10/10".
func (s *shop) entries(id int64) string {
	s.t.Helper()
	var out []string
	s.do(func(tx *db.Tx) error {
		list, err := stock.OfDoc(tx, stock.Doc{Type: "sale", ID: id})
		out = nil
		for _, e := range list {
			text := string(e.Event) + " " + e.Quantity.String()
			if e.Settles != 0 {
				text += "/" + e.Settles.String()
			}
			out = append(out, text)
		}
		return err
	})
	return strings.Join(out, ", ")
}

func TestAnOrderGoesItsWayAndBack(t *testing.T) {
	each(t, func(s *shop) {
		v := s.create(s.order(sale.Received, "10"))
		if v.Number != "SO-0001" || v.Status != sale.Draft || v.Fulfillment != sale.Pending || v.ReceivedAt.IsZero() || !v.EnteredAt.IsZero() || v.PlacedAt.IsZero() {
			s.t.Errorf("received: %+v", v)
		}
		s.wantStock(s.Mug, "hand 100 demand 10 value 200")
		if v = s.move(v.ID, sale.Entered); v.EnteredAt.IsZero() || v.Fulfillment != sale.Pending || v.Lines[0].Allocated != m("10") {
			s.t.Errorf("entered: %s %s", v.Fulfillment, v.Lines[0].Allocated)
		}
		s.wantStock(s.Mug, "hand 100 allocated 10 value 200")
		if v = s.move(v.ID, sale.Shipped); v.Status != sale.Final || v.Fulfillment != sale.Fulfilled || v.PaymentStatus != sale.Due || v.ShippedAt.IsZero() {
			s.t.Errorf("shipped: %s %s %s", v.Status, v.Fulfillment, v.PaymentStatus)
		}
		s.wantStock(s.Mug, "hand 90 value 180")
		if got := s.owed(s.Ana); got != "due 50 return 0 advance 0" {
			s.t.Error(got)
		}
		if v = s.move(v.ID, sale.Paid); v.PaymentStatus != sale.PaidUp || len(v.Payments) != 1 || !v.InvoicedAt.IsZero() {
			s.t.Errorf("paid: %s, %d payments", v.PaymentStatus, len(v.Payments))
		}
		if got := s.owed(s.Ana); got != "due 0 return 0 advance 0" {
			s.t.Error(got)
		}
		if v = s.move(v.ID, sale.InDispute); v.DisputedAt.IsZero() || v.PaymentStatus != sale.PaidUp {
			s.t.Errorf("disputed: %s", v.PaymentStatus)
		}
		if v = s.move(v.ID, sale.Invoiced); v.PaymentStatus != sale.Due || len(v.Payments) != 0 || !v.DisputedAt.IsZero() {
			s.t.Errorf("invoiced: %s, %d payments", v.PaymentStatus, len(v.Payments))
		}
		if got := s.owed(s.Ana); got != "due 50 return 0 advance 0" {
			s.t.Error(got)
		}
		s.move(v.ID, sale.Shipped)
		v = s.move(v.ID, sale.Entered)
		if v.Status != sale.Draft || !v.ShippedAt.IsZero() || v.Fulfillment != sale.Pending {
			s.t.Errorf("entered again: %s %s", v.Status, v.Fulfillment)
		}
		s.wantStock(s.Mug, "hand 100 allocated 10 value 200")
		s.move(v.ID, sale.Received)
		s.wantStock(s.Mug, "hand 100 demand 10 value 200")
		v = s.move(v.ID, sale.Rejected)
		s.wantStock(s.Mug, "hand 100 value 200")
		if v.RejectedAt.IsZero() || s.owed(s.Ana) != "due 0 return 0 advance 0" {
			s.t.Errorf("rejected: %s", s.owed(s.Ana))
		}
		s.clean()
	})
}

func TestMovesOfAnOrder(t *testing.T) {
	all := map[sale.State]string{
		sale.Received:  "Entered Shipped Invoiced Paid Completed Rejected",
		sale.Entered:   "Received Shipped Invoiced Paid Completed Rejected",
		sale.Shipped:   "Entered Invoiced Paid Completed In-Dispute",
		sale.Invoiced:  "Shipped Paid Completed In-Dispute",
		sale.Paid:      "Invoiced Completed In-Dispute",
		sale.Completed: "Paid In-Dispute",
		sale.InDispute: "Shipped Invoiced Paid Completed",
		sale.Rejected:  "",
		"":             "",
	}
	for from, want := range all {
		var got []string
		for _, to := range sale.Next(from) {
			got = append(got, string(to))
		}
		if strings.Join(got, " ") != want {
			t.Errorf("after %s: %v, want %s", from, got, want)
		}
	}
	each(t, func(s *shop) {
		v := s.create(s.order(sale.Invoiced, "1"))
		_, err := s.tryMove(v.ID, sale.Received)
		wantFault(s.t, err, fault.Transition, "cannot go from Invoiced to Received")
		if allowed, _ := fault.Of(err).Details["allowed"].([]string); strings.Join(allowed, " ") != all[sale.Invoiced] {
			s.t.Errorf("allowed %v", allowed)
		}
		sell := s.create(s.sell(s.Ana, line(s.Mug, "1", "5")))
		_, err = s.tryMove(sell.ID, sale.Paid) // a sell's state follows its payments
		wantFault(s.t, err, fault.Transition, "cannot go from Invoiced to Paid")
	})
}

func TestAnOrderMadeInALaterStatePostsAllBefore(t *testing.T) {
	each(t, func(s *shop) {
		for state, want := range map[sale.State]string{
			sale.Received: "DEMAND 10", sale.Rejected: "", sale.Entered: "DEMAND 10, ALLOCATE 10/10",
			sale.Shipped: "DEMAND 10, ALLOCATE 10/10, CONSUME 10/10", sale.Completed: "DEMAND 10, ALLOCATE 10/10, CONSUME 10/10",
			sale.InDispute: "DEMAND 10, ALLOCATE 10/10, CONSUME 10/10",
		} {
			if got := s.entries(s.create(s.order(state, "10")).ID); got != want {
				s.t.Errorf("%s posted %q, want %q", state, got, want)
			}
		}
		s.clean()
	})
}

func TestAnOrderIsPromisedWhatThereIs(t *testing.T) {
	each(t, func(s *shop) {
		v := s.create(s.order(sale.Entered, "130"))
		if v.Fulfillment != sale.Partial || v.Lines[0].Allocated != m("100") || s.get(v.ID).Lines[0].Allocated != m("100") || s.get(v.ID).Fulfillment != sale.Partial {
			s.t.Errorf("%s, allocated %s", v.Fulfillment, v.Lines[0].Allocated)
		}
		s.wantStock(s.Mug, "hand 100 demand 30 allocated 100 value 200")
		_, err := s.tryCreate(s.sell(s.Ana, line(s.Mug, "1", "")))
		wantFault(s.t, err, fault.Conflict, "not enough stock")
		_, err = s.tryMove(v.ID, sale.Shipped)
		wantFault(s.t, err, fault.Conflict, "not enough stock")
		s.do(func(tx *db.Tx) error {
			_, err := stock.Post(tx, stock.Policy{}, stock.Entry{Item: s.Mug, Location: s.Location, Event: stock.Adjust, Quantity: m("50"), UnitCost: p("2"), Doc: stock.Doc{Type: "opening", ID: 2}})
			return err
		})
		s.move(v.ID, sale.Shipped)
		s.wantStock(s.Mug, "hand 20 value 40")
		v = s.move(v.ID, sale.Entered) // what shipping promised is free again
		s.wantStock(s.Mug, "hand 150 demand 30 allocated 100 value 300")
		if v.Fulfillment != sale.Partial {
			s.t.Errorf("back: %s", v.Fulfillment)
		}
		s.do(func(tx *db.Tx) error { return sale.Delete(tx, v.ID) })
		s.wantStock(s.Mug, "hand 150 value 300")
		s.clean()
	})
}

func TestItemsOfAnOrderPostTheDifference(t *testing.T) {
	each(t, func(s *shop) {
		v := s.create(s.order(sale.Entered, "10"))
		mugs := v.Lines[0].ID
		var tea sale.Line
		s.do(func(tx *db.Tx) (err error) {
			tea, err = sale.AddLine(tx, v.ID, line(s.Tea, "4", ""))
			return err
		})
		if tea.Amount != m("12") || s.get(v.ID).Total != m("62") {
			s.t.Errorf("tea %s, total %s", tea.Amount, s.get(v.ID).Total)
		}
		s.wantStock(s.Tea, "hand 100 allocated 4 value 100")
		set := func(id int64, quantity string) error {
			return s.try(func(tx *db.Tx) error {
				_, err := sale.UpdateLine(tx, id, func(l *sale.DraftLine) error { l.Quantity = m(quantity); return nil })
				return err
			})
		}
		for quantity, want := range map[string]string{"15": "hand 100 allocated 15 value 200", "3": "hand 100 allocated 3 value 200", "120": "hand 100 demand 20 allocated 100 value 200"} {
			if err := set(mugs, quantity); err != nil {
				s.t.Fatal(err)
			}
			s.wantStock(s.Mug, want)
			if err := set(mugs, "10"); err != nil {
				s.t.Fatal(err)
			}
			s.wantStock(s.Mug, "hand 100 allocated 10 value 200")
		}
		wantFault(s.t, set(mugs, "0"), fault.Invalid, "quantity")
		s.do(func(tx *db.Tx) error { return sale.RemoveLine(tx, tea.ID) })
		s.wantStock(s.Tea, "hand 100 value 100")
		s.move(v.ID, sale.Shipped)
		wantFault(s.t, set(mugs, "11"), fault.Transition, "shipped")
		wantFault(s.t, s.try(func(tx *db.Tx) error { return sale.RemoveLine(tx, mugs) }), fault.Transition, "shipped")
		s.do(func(tx *db.Tx) error { // more goes out at once
			_, err := sale.AddLine(tx, v.ID, line(s.Mug, "2", "5"))
			return err
		})
		s.wantStock(s.Mug, "hand 88 value 176")
		s.do(func(tx *db.Tx) error { // a price is no quantity
			_, err := sale.UpdateLine(tx, mugs, func(l *sale.DraftLine) error { l.Price = p("6"); return nil })
			return err
		})
		if got := s.get(v.ID); got.Total != m("70") || s.owed(s.Ana) != "due 70 return 0 advance 0" {
			s.t.Errorf("total %s, %s", got.Total, s.owed(s.Ana))
		}
		s.do(func(tx *db.Tx) error { return sale.Delete(tx, v.ID) })
		s.wantStock(s.Mug, "hand 100 value 200")
		wantFault(s.t, set(mugs, "1"), fault.NotFound, "item")
		s.clean()
	})
}

func TestWhereAnOrderIsFulfilled(t *testing.T) {
	each(t, func(s *shop) {
		n := s.order(sale.Entered, "10")
		n.FulfillmentLocation = 0
		v := s.create(n)
		s.wantStock(s.Mug, "hand 100 demand 10 value 200") // nothing but demand, at the default location
		if v = s.move(v.ID, sale.Shipped); v.Fulfillment != sale.Pending || v.Status != sale.Final {
			s.t.Errorf("shipped from nowhere: %s %s", v.Fulfillment, v.Status)
		}
		s.wantStock(s.Mug, "hand 100 demand 10 value 200")
		v = s.move(v.ID, sale.Entered)
		v = s.update(v.ID, func(n *sale.New) { n.FulfillmentLocation = s.Second })
		if got := s.stockOf(s.Mug, s.Second); got != "hand 0 demand 10 value 0" || v.Location != s.Second {
			s.t.Error(got)
		}
		s.wantStock(s.Mug, "hand 100 value 200")
		s.update(v.ID, func(n *sale.New) { n.FulfillmentLocation = s.Location })
		s.wantStock(s.Mug, "hand 100 allocated 10 value 200")
		v = s.update(v.ID, func(n *sale.New) { n.Fulfillment = sale.Fulfilled }) // shipped without the word
		if v.State != sale.Entered || v.Fulfillment != sale.Fulfilled {
			s.t.Errorf("%s %s", v.State, v.Fulfillment)
		}
		s.wantStock(s.Mug, "hand 90 value 180")
		for _, to := range []int64{s.Second, 0} {
			_, err := s.tryUpdate(v.ID, func(n *sale.New) { n.FulfillmentLocation = to })
			wantFault(s.t, err, fault.Transition, "location")
		}
		s.wantStock(s.Mug, "hand 90 value 180")
		s.update(v.ID, func(n *sale.New) { n.Fulfillment = sale.Pending })
		s.wantStock(s.Mug, "hand 100 allocated 10 value 200")
		v = s.move(v.ID, sale.Shipped)
		_, err := s.tryUpdate(v.ID, func(n *sale.New) { n.FulfillmentLocation, n.Fulfillment = 0, sale.Pending })
		wantFault(s.t, err, fault.Transition, "location")
		s.wantStock(s.Mug, "hand 90 value 180")
		s.update(v.ID, func(n *sale.New) { n.FulfillmentLocation, n.State = 0, sale.Entered })
		s.wantStock(s.Mug, "hand 100 demand 10 value 200")
		s.clean()
	})
}

func TestTheTillSeesOrdersAndTheOrderBookSeesSells(t *testing.T) {
	each(t, func(s *shop) {
		early, late := s.create(s.order(sale.Entered, "1")), s.create(s.order(sale.Shipped, "1"))
		sell := s.create(s.sell(s.Ana, line(s.Mug, "1", "5")))
		n := s.sell(s.Ana, line(s.Mug, "1", "5"))
		n.Status = sale.Draft
		draft := s.create(n)
		ids := func(f sale.Filter) (got []int64) {
			s.do(func(tx *db.Tx) error {
				list, _, err := sale.List(tx, f)
				got = nil
				for _, v := range list {
					got = append(got, v.ID)
				}
				return err
			})
			return got
		}
		want := func(f sale.Filter, ids_ ...int64) {
			s.t.Helper()
			got := ids(f)
			if len(got) != len(ids_) {
				s.t.Fatalf("%+v lists %v, want %v", f, got, ids_)
			}
			for i := range got {
				if got[i] != ids_[i] {
					s.t.Fatalf("%+v lists %v, want %v", f, got, ids_)
				}
			}
		}
		want(sale.Filter{Status: sale.Final}, late.ID, sell.ID)
		want(sale.Filter{PlainDraft: true}, early.ID, draft.ID)
		want(sale.Filter{OrdersOnly: true, Order: sale.ByNewest}, sell.ID, late.ID, early.ID)
		want(sale.Filter{OrdersOnly: true, Order: sale.ByNewest, After: sell.ID, Limit: 1}, late.ID)
		if sell.Channel == 0 || sell.Channel == s.Channel || sell.State != sale.Invoiced {
			s.t.Errorf("the sell is %s on channel %d", sell.State, sell.Channel)
		}
		// The till makes the order final: it is shipped.
		if v := s.update(early.ID, func(n *sale.New) { n.Status = sale.Final }); v.State != sale.Shipped {
			s.t.Errorf("it is %s", v.State)
		}
		s.do(func(tx *db.Tx) error { // and a contact's payment pays it
			_, _, err := sale.PayContact(tx, pay1(s.Ana, "15"))
			return err
		})
		if v := s.get(late.ID); v.State != sale.Paid || v.PaymentStatus != sale.PaidUp || v.PaidAt.IsZero() {
			s.t.Errorf("paid order is %s %s", v.State, v.PaymentStatus)
		}
		s.clean()
	})
}

func TestALineThatWaitsForItsItem(t *testing.T) {
	each(t, func(s *shop) {
		n := s.order(sale.Entered, "2")
		n.Origin, n.Channel, n.ExternalSource, n.ExternalID = sale.Shop, 0, "woo:1", "727"
		unknown := sale.DraftLine{LineHead: sale.LineHead{SKU: "CUP-9", Name: "Cup", Quantity: m("3")}, Price: p("4")}
		n.Lines = append(n.Lines, unknown)
		v := s.create(n)
		if v.Total != m("22") || v.Lines[1].Item != 0 || v.Lines[1].SKU != "CUP-9" || v.Lines[1].Stocked {
			s.t.Errorf("total %s, line %+v", v.Total, v.Lines[1])
		}
		s.do(func(tx *db.Tx) error {
			found, ok, err := sale.Find(tx, "woo:1", "727")
			if !ok || found.ID != v.ID {
				s.t.Errorf("found %d", found.ID)
			}
			return err
		})
		_, err := s.tryCreate(n)
		wantFault(s.t, err, fault.Conflict, "")
		s.do(func(tx *db.Tx) error { // matched later
			_, err := sale.UpdateLine(tx, v.Lines[1].ID, func(l *sale.DraftLine) error { l.Item = s.Tea; return nil })
			return err
		})
		s.wantStock(s.Tea, "hand 100 allocated 3 value 100")
		if got := s.get(v.ID); got.Total != m("22") || got.Lines[1].SKU != "CUP-9" {
			s.t.Errorf("matched: total %s %+v", got.Total, got.Lines[1])
		}
		s.clean()
	})
}

func TestTimelineNotes(t *testing.T) {
	each(t, func(s *shop) {
		v := s.create(s.order(sale.Received, "1"))
		s.do(func(tx *db.Tx) error {
			a, err := sale.AddNote(tx, sale.Note{Sale: v.ID, Text: "called"})
			if err != nil {
				return err
			}
			b, err := sale.AddNote(tx, sale.Note{Sale: v.ID, Text: "shipped late", State: sale.Shipped})
			if err != nil {
				return err
			}
			list, err := sale.Notes(tx, v.ID, 0, 10)
			if len(list) != 2 || list[0].ID != b.ID || list[1].State != sale.Received || list[0].State != sale.Shipped {
				s.t.Errorf("notes %+v", list)
			}
			if err != nil {
				return err
			}
			if err := sale.DeleteNote(tx, a.ID); err != nil {
				return err
			}
			wantFault(s.t, sale.DeleteNote(tx, a.ID), fault.NotFound, "note")
			_, err = sale.Notes(tx, 999, 0, 1)
			wantFault(s.t, err, fault.NotFound, "sale")
			return nil
		})
	})
}

func TestImportGivesEachRowAVerdict(t *testing.T) {
	each(t, func(s *shop) {
		var rows []sale.New
		for i := range 600 {
			n := s.order(sale.Received, "1")
			switch i {
			case 7:
				n.Party = 999
			case 300:
				n.State, n.Lines[0].Quantity = sale.Shipped, m("101")
			case 599:
				n.Lines[0].Quantity = m("-1")
			}
			rows = append(rows, n)
		}
		var out []db.Verdict
		s.do(func(tx *db.Tx) (err error) {
			out, err = sale.Import(tx, rows)
			return err
		})
		bad := map[int]fault.Kind{7: fault.Invalid, 300: fault.Conflict, 599: fault.Invalid}
		for i, v := range out {
			if kind, is := bad[i]; is != (v.Err != nil) || is && fault.Of(v.Err).Kind != kind || !is && v.ID == 0 {
				s.t.Errorf("row %d: %+v", i, v)
			}
		}
		if f := fault.Of(out[599].Err).Field(); f != "products.0.quantity" {
			s.t.Errorf("the fault names %q", f)
		}
		s.wantStock(s.Mug, "hand 100 demand 597 value 200")
		s.clean()
	})
}
