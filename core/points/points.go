// Package points is the ledger of reward points, one balance a customer,
// whichever face gives or takes them. Entries are only ever added; a balance
// is the fold of its entries, kept by Post. No other package names these
// tables.
package points

import (
	"time"

	"storehouse/base/dec"
)

// Event is what happened to points.
type Event string

// The events.
const (
	Earn   Event = "EARN"   // by the rule, on a sale
	Redeem Event = "REDEEM" // spent on a sale
	Give   Event = "GIVE"   // given by hand or by a programme
	Take   Event = "TAKE"   // taken by hand or by a programme
	Expire Event = "EXPIRE"

	ReverseEarn   Event = "REVERSE_EARN"
	ReverseRedeem Event = "REVERSE_REDEEM"
	ReverseGive   Event = "REVERSE_GIVE"
	ReverseTake   Event = "REVERSE_TAKE"
	ReverseExpire Event = "REVERSE_EXPIRE"
)

// Doc names the document that posted an entry: "sale", "sale_return",
// "transaction".
type Doc struct {
	Type string
	ID   int64
}

// Entry is one line of the ledger.
type Entry struct {
	Party       int64
	Event       Event
	Points      dec.D // more than zero; a negative GIVE is a TAKE
	Doc         Doc
	Concept     string
	Description string
	Branch      string
	Expires     time.Time // zero is never
	EffectiveAt time.Time // zero is now

	ID         int64
	Reverses   int64
	RecordedAt time.Time
	Actor      int64
}

// Signed is what the entry adds to the balance.
func (e Entry) Signed() dec.D {
	if effects[e.Event].balance < 0 {
		return -e.Points
	}
	return e.Points
}

// Balance is what a customer has. Balance is Earned − Used − Expired.
type Balance struct {
	Party   int64
	Balance dec.D
	Earned  dec.D
	Used    dec.D
	Expired dec.D
}

// effect is what one point of an event adds to each column of a balance.
type effect struct{ balance, earned, used, expired int8 }

// effects is the definition of the ledger.
var effects = map[Event]effect{
	Earn:   {balance: +1, earned: +1},
	Redeem: {balance: -1, used: +1},
	Give:   {balance: +1, earned: +1},
	Take:   {balance: -1, used: +1},
	Expire: {balance: -1, expired: +1},

	ReverseEarn:   {balance: -1, earned: -1},
	ReverseRedeem: {balance: +1, used: -1},
	ReverseGive:   {balance: -1, earned: -1},
	ReverseTake:   {balance: +1, used: -1},
	ReverseExpire: {balance: +1, expired: -1},
}

// opposites names what undoes an event.
var opposites = map[Event]Event{Earn: ReverseEarn, Redeem: ReverseRedeem, Give: ReverseGive, Take: ReverseTake, Expire: ReverseExpire}
