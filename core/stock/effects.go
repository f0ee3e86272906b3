package stock

import "slices"

// change is what one unit adds to each column of a balance.
type change struct{ onHand, onOrder, inTransit, demand, allocated int8 }

func (c change) negated() change {
	return change{-c.onHand, -c.onOrder, -c.inTransit, -c.demand, -c.allocated}
}

// effect is what an entry does: each unit of its quantity and each unit that
// it settles at its location, and each unit at the destination of a transfer.
// Where a unit goes on hand or in transit, its cost goes too.
type effect struct{ quantity, settled, destination change }

// effects is the definition of the ledger.
var effects = map[Event]effect{
	Order:    {quantity: change{onOrder: +1}},
	Receive:  {quantity: change{onHand: +1}, settled: change{onOrder: -1}},
	Produce:  {quantity: change{onHand: +1}, settled: change{onOrder: -1}},
	Demand:   {quantity: change{demand: +1}},
	Allocate: {quantity: change{allocated: +1}, settled: change{demand: -1}},
	Consume:  {quantity: change{onHand: -1}, settled: change{allocated: -1}},
	Transfer: {quantity: change{onHand: -1}, destination: change{inTransit: +1}},
	Adjust:   {quantity: change{onHand: +1}},
	Dispose:  {quantity: change{onHand: -1}},
}

// transferIn is the TRANSFER without a destination: it completes one that had
// its location for destination.
var transferIn = effect{quantity: change{onHand: +1, inTransit: -1}}

// opposites names what undoes an event.
var opposites = map[Event]Event{
	Order: ReverseOrder, Receive: ReverseReceive, Produce: ReverseProduce, Demand: ReverseDemand, Allocate: ReverseAllocate,
	Consume: ReverseConsume, Transfer: ReverseTransfer, Adjust: Dispose, Dispose: Adjust,
}

// reversed names the event that a REVERSE_ event undoes.
var reversed = map[Event]Event{
	ReverseOrder: Order, ReverseReceive: Receive, ReverseProduce: Produce, ReverseDemand: Demand, ReverseAllocate: Allocate,
	ReverseConsume: Consume, ReverseTransfer: Transfer,
}

// allEvents lists the events there are.
var allEvents = slices.Sorted(func(yield func(Event) bool) {
	for e, undone := range opposites {
		if !yield(e) {
			return
		}
		if _, ok := reversed[undone]; ok && !yield(undone) {
			return
		}
	}
})

// effectOf returns what an event does; out tells a transfer that has a
// destination from one that comes in.
func effectOf(ev Event, out bool) (effect, bool) {
	if of, ok := reversed[ev]; ok {
		e, _ := effectOf(of, out)
		return effect{e.quantity.negated(), e.settled.negated(), e.destination.negated()}, true
	}
	if ev == Transfer && !out {
		return transferIn, true
	}
	e, ok := effects[ev]
	return e, ok
}
