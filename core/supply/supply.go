// Package supply is what the organization buys: purchase orders and what came
// in of them. An order that is placed stands in the stock ledger as ORDER
// until a receipt's RECEIVE settles it; a receipt comes in at landed cost,
// its lines' price with their share of what the order costs besides.
package supply

import (
	"slices"
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/stock"
)

// Target says what an order buys: materials or SKUs, never both.
type Target string

// The targets.
const (
	Materials     Target = "materials"
	FinishedGoods Target = "finished_goods"
)

// kind is the kind of the items that an order takes.
func (t Target) kind() string {
	if t == FinishedGoods {
		return catalog.SKU
	}
	return catalog.Material
}

// State is where an order stands.
type State string

// The states. Partial and Received are set by what was received.
const (
	Planning  State = "Planning"
	Placed    State = "Placed"
	InTransit State = "In Transit"
	Partial   State = "Partial"
	Received  State = "Received"
	Paid      State = "Paid"
	Cancelled State = "Cancelled"
)

// States lists all states in the reference's order.
var States = []State{Planning, Placed, InTransit, Partial, Received, Paid, Cancelled}

// moves are the steps that a caller may make; the others follow from receipts.
var moves = map[State][]State{
	Planning:  {Placed, InTransit, Cancelled},
	Placed:    {Planning, InTransit, Cancelled},
	InTransit: {Placed, Cancelled},
	Partial:   {Cancelled},
	Received:  {Paid},
	Paid:      {Received},
	Cancelled: {},
}

// open reports whether an order in this state stands in the ledger.
func (s State) open() bool { return s != Planning && s != Cancelled }

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

// Order is a purchase order.
type Order struct {
	ID       int64
	Number   string // PO-0001
	Vendor   int64
	Target   Target
	State    State
	Before   State // where it stood before its first receipt; "" where none came
	Location int64 // where it goes; 0 is the organization's default location

	PlanningAt, PlacedAt, InTransitAt, PartialAt, ReceivedAt, PaidAt, CancelledAt time.Time
	ShipDate, ExpectedAt                                                          time.Time

	Shipping, Setup, Other dec.D // costs of the whole order, beside its lines
	Notes                  string
	CreatedBy              int64
	CreatedAt, UpdatedAt   time.Time

	Lines []Line
}

// Line is what is bought of an item.
type Line struct {
	ID, Order, Item int64
	Kind            string // of the item
	Quantity        dec.D  // more than zero
	UnitCost        dec.D
	Received        dec.D // in all receipts
	CreatedAt       time.Time
}

// NewLine is a line to be added. Without a cost it is the item's own purchase
// price.
type NewLine struct {
	Item     int64
	Kind     string // what the caller says the item is; "" for whatever it is
	Quantity dec.D
	UnitCost *dec.D
}

// Receipt is what came in of an order at once.
type Receipt struct {
	ID, Order, Location  int64
	At                   time.Time
	Notes                string
	CreatedBy            int64
	CreatedAt, UpdatedAt time.Time

	Lines []ReceiptLine
}

// ReceiptLine is what came in of a line.
type ReceiptLine struct {
	ID, Receipt, Line int64
	Item              int64
	Kind              string
	Quantity          dec.D
	Cost              dec.D // landed, of the whole quantity
	Lot               string
	Expires           time.Time
}

// UnitCost is the landed cost of one.
func (l ReceiptLine) UnitCost() dec.D {
	d, _ := l.Cost.Div(l.Quantity)
	return d
}

func (o Order) doc() stock.Doc { return stock.Doc{Type: "purchase_order", ID: o.ID} }

// at tells where each line stands, by its id.
func (o Order) at() map[int64]int {
	m := make(map[int64]int, len(o.Lines))
	for n, l := range o.Lines {
		m[l.ID] = n
	}
	return m
}

func (r Receipt) doc() stock.Doc { return stock.Doc{Type: "purchase_receipt", ID: r.ID} }

// derive sets the state that follows from what was received: an order of
// which something came in is Partial or Received; one of which nothing did
// any more is what it was before.
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
		if o.State != Paid {
			o.enter(Received, now)
		}
	case some:
		o.enter(Partial, now)
	case o.State == Partial || o.State == Received || o.State == Paid:
		o.State, o.Before = o.before(), ""
		o.PartialAt, o.ReceivedAt, o.PaidAt = time.Time{}, time.Time{}, time.Time{}
	}
}

// before is the state in which an order was before anything came in.
func (o Order) before() State {
	switch {
	case o.Before != "":
		return o.Before
	case !o.InTransitAt.IsZero():
		return InTransit
	}
	return Placed
}

// enter moves an order to a state: it stamps it, and clears the stamps of the
// states after it.
func (o *Order) enter(to State, now time.Time) {
	stamps := map[State]*time.Time{Planning: &o.PlanningAt, Placed: &o.PlacedAt, InTransit: &o.InTransitAt, Partial: &o.PartialAt,
		Received: &o.ReceivedAt, Paid: &o.PaidAt, Cancelled: &o.CancelledAt}
	if at := slices.Index(States, to); to != Cancelled && o.State != to {
		for _, s := range States[at+1:] {
			*stamps[s] = time.Time{}
		}
	}
	if o.State == Placed || o.State == InTransit {
		if o.Before = ""; to != Cancelled && slices.Index(States, to) >= slices.Index(States, Partial) {
			o.Before = o.State
		}
	}
	o.State = to
	if stamps[to].IsZero() {
		*stamps[to] = now
	}
}

// Use counts the orders that refer to a vendor or a location, for in-use
// checks.
func Use(tx *db.Tx, what string, id int64) (int64, error) {
	q := map[string]string{
		"vendor": `SELECT COUNT(*) FROM purchase WHERE org_id = ? AND vendor_id = ?`,
		"location": `SELECT COUNT(*) FROM purchase p WHERE p.org_id = ? AND (p.location_id = ? OR EXISTS (
			SELECT 1 FROM purchase_receipt r WHERE r.org_id = p.org_id AND r.purchase_id = p.id AND r.location_id = ?))`,
	}[what]
	args := []any{tx.Org, id}
	if what == "location" {
		args = append(args, id)
	}
	return db.One(tx, db.Value[int64], q, args...)
}
