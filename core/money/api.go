package money

import (
	"errors"
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
)

var errSoon = errors.New("money: being written")

// Post stores payments and posts entries, in at most three statements. It
// gives ids to new payments, in the slice.
func Post(tx *db.Tx, payments []Payment, entries []Entry) error { return errSoon }

// Reverse posts the opposite of every standing entry of documents.
func Reverse(tx *db.Tx, docs ...Doc) error { return errSoon }

// DeletePayments takes back the entries of payments and removes their rows.
func DeletePayments(tx *db.Tx, ids ...int64) error { return errSoon }

// Payments of documents, oldest first; GetPayment returns one.
func PaymentsOfSales(tx *db.Tx, sales ...int64) ([]Payment, error)     { return nil, errSoon }
func PaymentsOfReturns(tx *db.Tx, returns ...int64) ([]Payment, error) { return nil, errSoon }
func PaymentsOfDocs(tx *db.Tx, docs ...Doc) ([]Payment, error)         { return nil, errSoon }
func PaymentsOfParty(tx *db.Tx, party int64) ([]Payment, error)        { return nil, errSoon }
func GetPayment(tx *db.Tx, id int64) (Payment, error)                  { return Payment{}, errSoon }

// PartyBalances returns the balances of parties, by party; one without
// entries is zero.
func PartyBalances(tx *db.Tx, parties ...int64) (map[int64]Balance, error) { return nil, errSoon }

// SetOpening makes amount a party's opening balance.
func SetOpening(tx *db.Tx, party int64, amount dec.D) error { return errSoon }

// CashRegister is a till's drawer from its opening to its closing.
type CashRegister struct {
	ID             int64
	Location, User int64
	IsOpen         bool
	OpenedAt       time.Time
	ClosedAt       time.Time
	ClosingAmount  dec.D
	CardSlips      int64
	Cheques        int64
	ClosingNote    string
	CreatedAt      time.Time
	UpdatedAt      time.Time
	Entries        []Entry // when asked for
}

// Totals is what went through a register.
type Totals struct {
	Opening      dec.D
	ByMethod     map[string]MethodTotal
	ExpectedCash dec.D
}

// MethodTotal is what went through a register by one payment method.
type MethodTotal struct{ Sales, Change, Refunds, Expenses, Other, Net dec.D }

// OpenRegister opens (or, with IsOpen false, records) a register with initial
// cash.
func OpenRegister(tx *db.Tx, r CashRegister, initial dec.D) (CashRegister, error) {
	return CashRegister{}, errSoon
}

// CloseRegister closes the register that a user has open; NotFound if none.
func CloseRegister(tx *db.Tx, user int64, closing dec.D, cardSlips, cheques int64, note string) (CashRegister, error) {
	return CashRegister{}, errSoon
}

// CurrentRegister returns the id of the register that a user has open at a
// location (0: anywhere), or 0.
func CurrentRegister(tx *db.Tx, user, location int64) (int64, error) { return 0, errSoon }

// RegisterFilter narrows the list of registers.
type RegisterFilter struct {
	IsOpen         *bool
	User, Location int64
	From, To       time.Time
	Limit, Offset  int
}

// ListRegisters returns registers, oldest first, with their entries, and how
// many there are in all.
func ListRegisters(tx *db.Tx, f RegisterFilter) ([]CashRegister, int64, error) {
	return nil, 0, errSoon
}

// GetRegisters returns registers by id, with their entries.
func GetRegisters(tx *db.Tx, ids ...int64) ([]CashRegister, error) { return nil, errSoon }

// RegisterTotals returns what went through a register.
func RegisterTotals(tx *db.Tx, id int64) (Totals, error) { return Totals{}, errSoon }

// Difference is a balance that is not the fold of its entries.
type Difference struct {
	Account        Account
	Bucket, Method string
	Stored, Folded dec.D
}

// Audit refolds the ledger and compares; checked counts what was looked at.
func Audit(tx *db.Tx) (differences []Difference, checked map[string]int64, err error) {
	return nil, nil, errSoon
}
