// Package money is the ledger of what is owed and paid: payments as the tills
// send them, and entries on three kinds of account: parties, cash
// registers and the places where money is kept.
// Entries are only ever added; a balance is the fold of its entries, kept by
// Post. No other package names these tables.
package money

import (
	"time"

	"storehouse/base/dec"
)

// Doc names the document that posted an entry: "sale", "sale_return",
// "purchase_order", "expense", "opening", "payment", "register".
type Doc struct {
	Type string
	ID   int64
}

// Payment is one payment row. Ids are 0 and texts "" where nothing is said.
type Payment struct {
	ID       int64 // 0: a new one; otherwise the stored one is replaced
	Sale     int64
	Return   int64
	Doc      Doc // what else it pays: an expense, a purchase, an opening balance
	Party    int64
	Parent   int64 // the contact payment that this one is a part of
	Account  int64
	Register int64
	Amount   dec.D

	IsReturn  bool // change given back
	IsAdvance bool // a contact payment, which may leave an advance

	Method                string // "cash", "card", "cheque", "bank_transfer", "other", "custom_pay_1" …, "advance"
	TransactionNo         string
	CardTransactionNumber string
	CardNumber            string
	CardType              string
	CardHolderName        string
	CardMonth             string
	CardYear              string
	CardSecurity          string // never stored: it is "" when read
	ChequeNumber          string
	BankAccountNumber     string
	RefNo                 string // "SP2020/0002"; given by the caller
	Note                  string
	Document              string
	PaidOn                time.Time // zero is now
	CreatedBy             int64     // 0 is the transaction's actor

	CreatedAt time.Time
	UpdatedAt time.Time
}

// AdvanceMethod is the method of a payment that is taken from the party's
// advance.
const AdvanceMethod = "advance"

// Kind is a kind of account.
type Kind string

// The kinds of account.
const (
	Party    Kind = "party"
	Register Kind = "register"
	Kept     Kind = "account" // where money is kept: a payment account of core/lookup
)

// Account is whose money an entry is about.
type Account struct {
	Kind Kind
	ID   int64
}

// Of returns the account of a party; At that of a cash register; In that of a
// payment account.
func Of(party int64) Account    { return Account{Party, party} }
func At(register int64) Account { return Account{Register, register} }
func In(account int64) Account  { return Account{Kept, account} }

// Event is what happened to money.
type Event string

// The events. Which account they are for, which bucket they move and in which
// direction is the table in effects.go.
const (
	Sale            Event = "SALE"             // party: a sale's total is owed
	Pay             Event = "PAYMENT"          // party, register: a sale was paid
	Change          Event = "CHANGE"           // party, register: change was given back
	Return          Event = "RETURN"           // party: a return's total is owed to them
	Refund          Event = "REFUND"           // party, register: a return was paid back
	Opening         Event = "OPENING"          // party: owed from before
	OpeningPayment  Event = "OPENING_PAYMENT"  // party: that was paid
	Purchase        Event = "PURCHASE"         // party: a purchase's total is owed to them
	PurchasePayment Event = "PURCHASE_PAYMENT" // party: a purchase was paid
	Advance         Event = "ADVANCE"          // party: paid in advance
	UseAdvance      Event = "USE_ADVANCE"      // party: the advance paid for something; never below zero
	Open            Event = "OPEN"             // register: cash it was opened with
	Receipt         Event = "RECEIPT"          // register: money of another origin came in
	Expense         Event = "EXPENSE"          // register: an expense was paid from it
)

// Entry is one line of the ledger.
type Entry struct {
	Account     Account
	Event       Event  // or "REVERSE_" and an event
	Method      string // of registers: how it was paid
	Amount      dec.D  // the events give the sign; negative is the opposite
	Doc         Doc
	Payment     int64
	Note        string
	EffectiveAt time.Time // zero is now

	ID         int64
	Reverses   int64
	RecordedAt time.Time
	Actor      int64
}

// Balance is what a party owes and is owed.
type Balance struct {
	Party        int64
	Invoiced     dec.D // total of sales
	Paid         dec.D // paid for them
	Returned     dec.D // total of returns
	Refunded     dec.D // paid back for them
	Opening      dec.D
	OpeningPaid  dec.D
	Purchased    dec.D
	PurchasePaid dec.D
	Advance      dec.D
}

// Due is what the party owes for sales.
func (b Balance) Due() dec.D { return b.Invoiced - b.Paid }

// ReturnDue is what the party is owed for returns.
func (b Balance) ReturnDue() dec.D { return b.Returned - b.Refunded }

// PurchaseDue is what the party is owed for purchases.
func (b Balance) PurchaseDue() dec.D { return b.Purchased - b.PurchasePaid }

// OpeningDue is what is left of the opening balance.
func (b Balance) OpeningDue() dec.D { return b.Opening - b.OpeningPaid }
