// Package stock is the ledger of goods. Entries are only ever added; a balance
// is the fold of its entries, kept by Post. Every quantity, promise and cost
// of an item at a location is posted here and nowhere else: no other package
// names these tables.
//
// What an event does to a balance is the table in effects.go. What goods cost
// is in cost.go: the moving weighted average of an item at a location, to the
// last digit.
package stock

import (
	"errors"
	"time"

	"storehouse/base/dec"
	"storehouse/base/fault"
)

// Event is what happened to goods.
type Event string

// The events, in the order of the reference. There is no REVERSE_ADJUST or
// REVERSE_DISPOSE: undoing one is the other.
const (
	Order    Event = "ORDER"    // goods were ordered
	Receive  Event = "RECEIVE"  // and came in
	Produce  Event = "PRODUCE"  // goods were made
	Demand   Event = "DEMAND"   // goods are wanted
	Allocate Event = "ALLOCATE" // goods on hand were set aside
	Consume  Event = "CONSUME"  // goods went out, or into something else
	Transfer Event = "TRANSFER" // goods left for another location, or came in from it
	Adjust   Event = "ADJUST"   // goods were found
	Dispose  Event = "DISPOSE"  // goods were lost or thrown away

	ReverseOrder    Event = "REVERSE_ORDER"
	ReverseReceive  Event = "REVERSE_RECEIVE"
	ReverseProduce  Event = "REVERSE_PRODUCE"
	ReverseDemand   Event = "REVERSE_DEMAND"
	ReverseAllocate Event = "REVERSE_ALLOCATE"
	ReverseConsume  Event = "REVERSE_CONSUME"
	ReverseTransfer Event = "REVERSE_TRANSFER"
)

// Events lists every event, in the reference's order.
var Events = []Event{Order, Receive, Produce, Demand, Allocate, Consume, Transfer, Adjust, Dispose,
	ReverseOrder, ReverseReceive, ReverseProduce, ReverseDemand, ReverseAllocate, ReverseConsume, ReverseTransfer}

// Doc names the document that posted an entry: "sale", "sale_return",
// "purchase_order", "purchase_receipt", "work_order", "production_order",
// "wo_receipt", "po_receipt", "transfer", "adjustment", "opening".
type Doc struct {
	Type string
	ID   int64
}

// Entry is one line of the ledger. The first group is the caller's, the
// second is what Post answers.
type Entry struct {
	Item       int64
	Location   int64
	ToLocation int64 // where a transfer goes to
	Event      Event
	Quantity   dec.D  // more than zero
	Settles    dec.D  // how much of Quantity keeps an earlier promise
	UnitCost   *dec.D // of what comes in; nil is the average, or else the last cost. Answers carry Value ÷ Quantity
	Cost       *dec.D // total cost of what comes in, exact; wins over UnitCost
	UpTo       bool   // take no more than is available: Quantity is cut, and an entry cut to zero is left out
	Ref        string
	Lot        string
	Expires    time.Time // of the lot
	Notes      string
	EventDate  time.Time // when it happened; zero is now
	Doc        Doc
	Of         Doc   // the document whose promise is kept, when it is not Doc: a receipt's order
	Line       int64 // line of Of (or Doc)

	ID         int64
	Kind       string // "sku" or "material"
	Value      dec.D  // total cost moved
	Reverses   int64  // the entry that this one undoes
	Completes  int64  // the transfer out that this one brings in
	RecordedAt time.Time
	Actor      int64
	Code       string // "SE-12"
}

// Policy says where more may go out than is available.
type Policy struct {
	Allow   bool           // everywhere
	AllowAt map[int64]bool // at these locations; what stands here wins over Allow
}

func (p Policy) allows(location int64) bool {
	if v, ok := p.AllowAt[location]; ok {
		return v
	}
	return p.Allow
}

// Undo takes back an entry, or a part of it, at the cost it was posted with.
type Undo struct {
	Entry     int64
	Quantity  dec.D     // zero is all that has not been taken back
	Settles   *dec.D    // how much of the promise is open again; nil: what was settled, after the unsettled part
	Doc       Doc       // the document that takes it back; zero is the entry's own
	Notes     string    // zero is "reverses SE-12"
	EventDate time.Time // zero is now
}

// Short is one item that there is not enough of.
type Short struct {
	Item      int64
	Location  int64
	Lot       string
	Available dec.D
	Wanted    dec.D
}

// Shortages returns the items for which Post refused, or nil when err is of
// another nature.
func Shortages(err error) []Short {
	e, ok := errors.AsType[*fault.Error](err)
	if !ok {
		return nil
	}
	list, _ := e.Details[shortKey].([]Short)
	return list
}

const shortKey = "shortages"

// short returns the Conflict fault of a Post that would take out too much.
func short(list []Short) error {
	return &fault.Error{Kind: fault.Conflict, Msg: "not enough stock", Details: map[string]any{shortKey: list}}
}

// Balance is what there is of an item at a location.
type Balance struct {
	Item         int64
	Location     int64
	Kind         string
	OnHand       dec.D
	OnOrder      dec.D
	InTransit    dec.D // on its way here
	Demand       dec.D
	Allocated    dec.D
	Value        dec.D // cost of what is on hand
	TransitValue dec.D // cost of what is on its way here
	LastCost     dec.D // unit cost last known
}

// Available is what may be sold: on hand and not set aside.
func (b Balance) Available() dec.D { return b.OnHand - b.Allocated }

// Projected is what there will be when every promise has been kept.
func (b Balance) Projected() dec.D {
	return b.OnHand + b.OnOrder + b.InTransit - b.Demand - b.Allocated
}

// UnitCost is the average cost of a unit on hand; where none is on hand, the
// last one known.
func (b Balance) UnitCost() dec.D {
	if b.OnHand > 0 && b.Value >= 0 {
		if c, err := b.Value.Div(b.OnHand); err == nil {
			return c
		}
	}
	return b.LastCost
}
