package sale_test

import (
	"testing"

	"storehouse/base/db"
	"storehouse/core/org"
	"storehouse/core/sale"
)

// TestStampsAfterADispute settles it: the stamps of
// states that an order is no longer in are gone, as after a step back.
func TestStampsAfterADispute(t *testing.T) {
	each(t, func(s *shop) {
		v := s.create(s.order(sale.Received, "1"))
		for _, to := range []sale.State{sale.Shipped, sale.Invoiced, sale.Paid, sale.Completed, sale.InDispute} {
			v = s.move(v.ID, to)
		}
		if v.PaidAt.IsZero() || v.CompletedAt.IsZero() || v.DisputedAt.IsZero() {
			s.t.Errorf("in dispute: %+v", v.Stamps)
		}
		v = s.move(v.ID, sale.Shipped)
		if v.ShippedAt.IsZero() || !v.InvoicedAt.IsZero() || !v.PaidAt.IsZero() || !v.CompletedAt.IsZero() || !v.DisputedAt.IsZero() {
			s.t.Errorf("shipped again: %+v", v.Stamps)
		}
		s.move(v.ID, sale.Paid)
		s.move(v.ID, sale.InDispute)
		v = s.move(v.ID, sale.Completed)
		if v.ShippedAt.IsZero() || v.PaidAt.IsZero() || v.CompletedAt.IsZero() || !v.DisputedAt.IsZero() {
			s.t.Errorf("completed: %+v", v.Stamps)
		}
	})
}

// TestPartialIsNeverTheClients sets it where nothing can be allocated or
// shipped: without a location that fulfils.
func TestPartialIsNeverTheClients(t *testing.T) {
	each(t, func(s *shop) {
		for _, state := range []sale.State{sale.Received, sale.Entered, sale.Shipped} {
			n := s.order(state, "1")
			n.FulfillmentLocation, n.Fulfillment = 0, sale.Partial
			v := s.create(n)
			if v.Fulfillment != sale.Pending {
				s.t.Errorf("%s: %s", state, v.Fulfillment)
			}
			// The client's word stands, where it is the client's to say.
			v = s.update(v.ID, func(n *sale.New) { n.Fulfillment = sale.Fulfilled })
			if v.Fulfillment != sale.Fulfilled {
				s.t.Errorf("%s: %s after Fulfilled", state, v.Fulfillment)
			}
			v = s.update(v.ID, func(n *sale.New) { n.Fulfillment = sale.Partial })
			if v.Fulfillment != sale.Pending || s.get(v.ID).Fulfillment != sale.Pending {
				s.t.Errorf("%s: %s after Partial", state, v.Fulfillment)
			}
		}
	})
}

// TestOrdersEarnNoPoints: the tills' sells do. An order earns none, however
// often it is changed after its shipment, and has none to be taken back.
func TestOrdersEarnNoPoints(t *testing.T) {
	each(t, func(s *shop) {
		s.settings(func(o *org.Settings) {
			o.Points = org.PointsRule{Enabled: true, Name: "Points", AmountPerPoint: m("10"), RedeemValue: m("0.5"), ExpiryUnit: "year"}
		})
		v := s.create(s.order(sale.Shipped, "10"))
		w := s.create(s.order(sale.Received, "10"))
		for _, to := range []sale.State{sale.Shipped, sale.Invoiced, sale.Paid} {
			s.move(v.ID, to)
			w = s.move(w.ID, to)
			if got := s.points(s.Ana); got != 0 || w.EarnedPoints != 0 {
				s.t.Errorf("%s: %s points, earned %s", to, got, w.EarnedPoints)
			}
		}
		s.create(s.sell(s.Ana, line(s.Mug, "6", "5")))
		if got := s.points(s.Ana); got != m("3") {
			s.t.Errorf("a sell of 30 earns %s points, want 3", got)
		}
		s.do(func(tx *db.Tx) error { return sale.Delete(tx, v.ID) })
		if got := s.points(s.Ana); got != m("3") {
			s.t.Errorf("%s points, want 3", got)
		}
		s.clean()
	})
}
