// Package production is what the organization makes: work orders, at a work
// site, and production orders, at a location. The two are one kind of
// document. An order that is entered demands its inputs, as its bills of
// materials say then, and has its outputs on order; a receipt consumes inputs
// and produces outputs at what went into them.
package production

import (
	"slices"
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/stock"
)

// Kind says which kind of order.
type Kind string

// The kinds.
const (
	Work       Kind = "work"
	Production Kind = "production"
)

// words are how the kinds are called, in faults, in number series and in the
// ledger.
var words = map[Kind]struct{ name, series, doc, receipt string }{
	Work:       {"work order", "work_order", "work_order", "wo_receipt"},
	Production: {"production order", "production_order", "production_order", "po_receipt"},
}

// State is where an order stands.
type State string

// The states. Partial and Received are set by what was received.
const (
	Draft     State = "Draft"
	Entered   State = "Entered"
	Placed    State = "Placed"
	Making    State = "Production"
	InTransit State = "In Transit"
	Partial   State = "Partial"
	Received  State = "Received"
	Completed State = "Completed"
	Cancelled State = "Cancelled"
)

// States lists all states in the reference's order.
var States = []State{Draft, Entered, Placed, Making, InTransit, Partial, Received, Completed, Cancelled}

// moves are the steps that a caller may make; the others follow from receipts.
var moves = map[State][]State{
	Draft:     {Entered, Placed, Making, InTransit, Cancelled},
	Entered:   {Draft, Placed, Making, InTransit, Cancelled},
	Placed:    {Entered, Making, InTransit, Cancelled},
	Making:    {Placed, InTransit, Cancelled},
	InTransit: {Making, Cancelled},
	Partial:   {Cancelled},
	Received:  {Completed},
	Completed: {Received},
	Cancelled: {},
}

// open reports whether an order in this state stands in the ledger.
func (s State) open() bool { return s != Draft && s != Cancelled }

// allocates reports whether inputs are set aside in this state.
func (s State) allocates() bool {
	return s.open() && slices.Index(States, s) >= slices.Index(States, Making)
}

// step checks a move.
func step(from, to State) error {
	if from == to || slices.Contains(moves[from], to) {
		return nil
	}
	names := []string{}
	for _, s := range moves[from] {
		names = append(names, string(s))
	}
	return fault.Step(string(from), string(to), names)
}

// Order is a work order or a production order.
type Order struct {
	ID       int64
	Kind     Kind
	Number   string // WO-0001, PR-0001
	State    State
	Before   State // where it stood before its first receipt; "" where there was none
	Location int64

	DraftAt, EnteredAt, PlacedAt, MakingAt, InTransitAt, PartialAt, ReceivedAt, CompletedAt, CancelledAt time.Time
	ExpectedAt                                                                                           time.Time

	Notes                string
	CreatedBy            int64
	CreatedAt, UpdatedAt time.Time

	Lines []Line
}

// Line is what is made of a SKU.
type Line struct {
	ID, Order, Item int64
	Quantity        dec.D  // more than zero
	UnitCost        *dec.D // of making one, beside its inputs; nil is not said
	Received        dec.D  // in all receipts
	CreatedAt       time.Time

	Inputs []Input
}

// Input is what goes into a line.
type Input struct {
	ID, Order, Line, Item int64
	Kind                  string // of the item
	Quantity              dec.D  // for the whole line
	Consumed              dec.D  // in all receipts
}

// Receipt is what was made at once.
type Receipt struct {
	ID, Order, Location  int64
	At                   time.Time
	Notes                string
	CreatedBy            int64
	CreatedAt, UpdatedAt time.Time

	Lines []ReceiptLine
}

// ReceiptLine is what was made of a line. Without Inputs what its bill says
// went into it.
type ReceiptLine struct {
	ID, Receipt, Line, Item int64
	Quantity                dec.D
	Cost                    dec.D // of the whole quantity
	Lot                     string
	Inputs                  []ReceiptInput
}

// ReceiptInput is what went into a received line.
type ReceiptInput struct {
	ID, Line, Item int64 // Line is the receipt's
	Kind           string
	Quantity       dec.D
	Lot            string
}

// UnitCost is the cost of one.
func (l ReceiptLine) UnitCost() dec.D {
	d, _ := l.Cost.Div(l.Quantity)
	return d
}

func (o Order) doc() stock.Doc { return stock.Doc{Type: words[o.Kind].doc, ID: o.ID} }

func (o Order) receiptDoc(id int64) stock.Doc { return stock.Doc{Type: words[o.Kind].receipt, ID: id} }

// at tells where each line stands, by its id.
func (o Order) at() map[int64]int {
	m := make(map[int64]int, len(o.Lines))
	for n, l := range o.Lines {
		m[l.ID] = n
	}
	return m
}

// left is how much of an input the rest of its line needs.
func (l Line) left(i Input) dec.D {
	d, err := i.Quantity.MulDiv(max(0, l.Quantity-l.Received), l.Quantity)
	if err != nil {
		return 0
	}
	return d
}

// derive sets the state that follows from what was received.
func (o *Order) derive(now time.Time) {
	if !o.State.open() {
		return
	}
	some, all := false, len(o.Lines) > 0
	for _, l := range o.Lines {
		some, all = some || l.Received > 0, all && l.Received >= l.Quantity
	}
	switch {
	case some && all:
		if o.State != Completed {
			o.enter(Received, now)
		}
	case some:
		o.enter(Partial, now)
	case slices.Index(States, o.State) >= slices.Index(States, Partial):
		o.State, o.Before = o.before(), ""
		o.PartialAt, o.ReceivedAt, o.CompletedAt = time.Time{}, time.Time{}, time.Time{}
	}
}

// before is the state in which an order was before anything was received.
func (o Order) before() State {
	switch {
	case o.Before != "":
		return o.Before
	case !o.InTransitAt.IsZero():
		return InTransit
	case !o.MakingAt.IsZero():
		return Making
	case !o.PlacedAt.IsZero():
		return Placed
	}
	return Entered
}

func (o *Order) stamps() map[State]*time.Time {
	return map[State]*time.Time{Draft: &o.DraftAt, Entered: &o.EnteredAt, Placed: &o.PlacedAt, Making: &o.MakingAt, InTransit: &o.InTransitAt,
		Partial: &o.PartialAt, Received: &o.ReceivedAt, Completed: &o.CompletedAt, Cancelled: &o.CancelledAt}
}

// enter moves an order to a state: it stamps it, and clears the stamps of the
// states that it goes back from.
func (o *Order) enter(to State, now time.Time) {
	stamps := o.stamps()
	at, was := slices.Index(States, to), slices.Index(States, o.State)
	for i := at + 1; to != Cancelled && i <= was; i++ {
		*stamps[States[i]] = time.Time{}
	}
	if first := slices.Index(States, Partial); was < first && to != Cancelled {
		if o.Before = ""; at >= first {
			o.Before = o.State
		}
	}
	o.State = to
	if stamps[to].IsZero() {
		*stamps[to] = now
	}
}

// Use counts the orders of a kind at a location, for in-use checks.
func Use(tx *db.Tx, k Kind, location int64) (int64, error) {
	return db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM production_order WHERE org_id = ? AND location_id = ? AND kind = ?`, tx.Org, location, string(k))
}
