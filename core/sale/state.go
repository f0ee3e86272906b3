package sale

import (
	"slices"
	"time"

	"storehouse/base/fault"
)

// Stage is how far a sale's stock is posted.
type Stage int64

// The stages. A till's final sale goes from Unposted to Gone at once; an order
// goes through all.
const (
	Unposted Stage = iota
	Demanded       // DEMAND
	Promised       // ALLOCATE of what was available
	Gone           // ALLOCATE of the rest, CONSUME
)

// chain is the way of an order, forwards.
var chain = []State{Received, Entered, Shipped, Invoiced, Paid, Completed}

// Next returns the states that may follow a state: any later one, the one
// before, and the side ways to Rejected and In-Dispute.
func Next(from State) []State {
	list := []State{}
	i := slices.Index(chain, from)
	switch {
	case from == InDispute:
		return append(list, Shipped, Invoiced, Paid, Completed)
	case i < 0:
		return list // Rejected is the end; a till's draft is no order
	case i > 0:
		list = append(list, chain[i-1])
	}
	list = append(list, chain[i+1:]...)
	if i < slices.Index(chain, Shipped) {
		return append(list, Rejected)
	}
	return append(list, InDispute)
}

// step checks a move.
func step(from, to State) error {
	if from == to {
		return nil
	}
	allowed := Next(from)
	if slices.Contains(allowed, to) {
		return nil
	}
	names := make([]string, len(allowed))
	for i, s := range allowed {
		names[i] = string(s)
	}
	return fault.Step(string(from), string(to), names)
}

// shipped reports whether goods of an order in this state have left, so that
// it is owed.
func (s State) shipped() bool {
	return slices.Index(chain, s) >= slices.Index(chain, Shipped) || s == InDispute
}

// reached reports whether the state is to or a later one.
func (s State) reached(to State) bool {
	return s != InDispute && slices.Index(chain, s) >= slices.Index(chain, to)
}

// wantStage returns how far a sale's stock should be posted.
func (w *world) wantStage(s *Sale) Stage {
	switch {
	case s.Origin == Loyalty && !w.settings.LoyaltyMovesStock:
		return Unposted
	case !ordered(s.Origin):
		if s.Status == Final {
			return Gone
		}
		return Unposted
	case s.State == Rejected:
		return Unposted
	case s.FulfillmentLocation == 0:
		return Demanded
	case s.State.shipped() || s.Fulfillment == Fulfilled:
		return Gone
	case s.State == Entered:
		return Promised
	}
	return Demanded
}

// settle brings the fields that follow from others up to date: how the till
// sees an order, how the order book sees a sell, what is paid, and the stamps.
func (s *Sale) settle(from State, now time.Time) {
	if ordered(s.Origin) {
		s.Status, s.SubStatus = Draft, ""
		if s.State.shipped() {
			s.Status = Final
		}
	}
	s.PaymentStatus = ""
	if s.Status == Final {
		s.PaymentStatus = paymentStatus(s.Total, s.PaidAmount)
	}
	if ordered(s.Origin) {
		s.settleFulfillment()
	} else {
		s.settleSell()
	}
	s.stamp(from, now)
}

// settleSell derives the order book's view of a sell.
func (s *Sale) settleSell() {
	if s.Status != Final {
		s.State, s.Fulfillment = "", ""
		return
	}
	handed := s.ShippingStatus == "" || s.ShippingStatus == "delivered"
	s.State, s.Fulfillment = Invoiced, Pending
	if handed {
		s.Fulfillment = Fulfilled
		if s.PaymentStatus == PaidUp {
			s.State = Completed
		}
	}
}

// settleFulfillment derives an order's fulfilment from what is posted. Where
// the system posts no shipment, the client's word stands.
func (s *Sale) settleFulfillment() {
	if s.Stage == Gone {
		s.Fulfillment = Fulfilled
		return
	}
	some, all := false, true
	for _, l := range s.Lines {
		if l.Stocked {
			some, all = some || l.Allocated > 0, all && l.Allocated >= l.Quantity
		}
	}
	switch {
	case s.Stage == Promised && some && !all:
		s.Fulfillment = Partial
	case s.Stage == Demanded && s.FulfillmentLocation == 0 && s.Fulfillment != Partial:
	default:
		s.Fulfillment = Pending
	}
}

// stamp sets the time of the state that the sale came to from another, and
// clears those of the states that it went back from.
func (s *Sale) stamp(from State, now time.Time) {
	if s.PlacedAt.IsZero() {
		s.PlacedAt = s.SoldAt
	}
	if !ordered(s.Origin) {
		s.stampSell()
		return
	}
	if s.State == from {
		return
	}
	i, was := slices.Index(chain, s.State), slices.Index(chain, from)
	if from == InDispute {
		was = len(chain) - 1 // it may have come from any
	}
	for j, t := range []*time.Time{&s.ReceivedAt, &s.EnteredAt, &s.ShippedAt, &s.InvoicedAt, &s.PaidAt, &s.CompletedAt} {
		switch {
		case j == i && t.IsZero():
			*t = now
		case was >= 0 && i >= 0 && j > i && j <= was:
			*t = time.Time{}
		}
	}
	if s.State == InDispute && s.DisputedAt.IsZero() {
		s.DisputedAt = now
	}
	if s.State == Rejected && s.RejectedAt.IsZero() {
		s.RejectedAt = now
	}
	if from == InDispute {
		s.DisputedAt = time.Time{}
	}
}

// stampSell derives a sell's stamps: it is invoiced and handed out when it is
// made.
func (s *Sale) stampSell() {
	for _, x := range []struct {
		t       *time.Time
		reached bool
	}{{&s.ShippedAt, s.Fulfillment == Fulfilled}, {&s.InvoicedAt, s.State != ""}, {&s.PaidAt, s.PaymentStatus == PaidUp}, {&s.CompletedAt, s.State == Completed}} {
		switch {
		case !x.reached && x.t == &s.InvoicedAt: // a draft that was final keeps its number
		case !x.reached:
			*x.t = time.Time{}
		case x.t.IsZero():
			*x.t = s.SoldAt
		}
	}
}
