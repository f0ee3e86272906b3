package money

import "storehouse/base/dec"

// effect is which bucket of an account an event moves, and in which direction.
type effect struct {
	bucket string
	sign   int8
}

// effects is the definition of the ledger: what each event does to each kind
// of account.
var effects = map[Kind]map[Event]effect{
	Party: {
		Sale:            {"invoiced", +1},
		Pay:             {"paid", +1},
		Change:          {"paid", -1},
		Return:          {"returned", +1},
		Refund:          {"refunded", +1},
		Opening:         {"opening", +1},
		OpeningPayment:  {"opening_paid", +1},
		Purchase:        {"purchased", +1},
		PurchasePayment: {"purchase_paid", +1},
		Advance:         {advanceBucket, +1},
		UseAdvance:      {advanceBucket, -1},
	},
	Register: {
		Open:    {"initial", +1},
		Pay:     {"sales", +1},
		Change:  {"sales", -1},
		Refund:  {"refunds", -1},
		Receipt: {"receipts", +1},
		Expense: {"expenses", -1},
	},
	Kept: {
		Pay:             {"sales", +1},
		Change:          {"sales", -1},
		Refund:          {"refunds", -1},
		Receipt:         {"receipts", +1},
		Expense:         {"expenses", -1},
		PurchasePayment: {"purchases", -1},
	},
}

// advanceBucket may not go below zero.
const advanceBucket = "advance"

// reversal is what the name of an undoing event begins with.
const reversal = "REVERSE_"

// undoes returns the event that undoes an event.
func undoes(ev Event) Event { return reversal + ev }

// effectOf returns what an event does to an account.
func effectOf(k Kind, ev Event) (effect, bool) {
	if len(ev) > len(reversal) && ev[:len(reversal)] == reversal {
		e, ok := effects[k][ev[len(reversal):]]
		return effect{e.bucket, -e.sign}, ok
	}
	e, ok := effects[k][ev]
	return e, ok
}

// Signed is what the entry adds to its account's bucket: of a register, money
// that came in is more than zero.
func (e Entry) Signed() dec.D {
	ef, _ := effectOf(e.Account.Kind, e.Event)
	return dec.D(ef.sign) * e.Amount
}

// Split spreads an amount over dues, the first first, and returns what each
// gets and what is left: the parts of a contact's payment.
func Split(amount dec.D, dues []dec.D) (parts []dec.D, rest dec.D) {
	parts = make([]dec.D, len(dues))
	for i, due := range dues {
		parts[i] = max(0, min(amount, due))
		amount -= parts[i]
	}
	return parts, amount
}
