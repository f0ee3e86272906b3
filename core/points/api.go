package points

import (
	"errors"

	"storehouse/base/db"
	"storehouse/base/dec"
)

var errSoon = errors.New("points: being written")

// Post adds entries and moves balances, in two statements. Spending more than
// there is is a Conflict.
func Post(tx *db.Tx, entries ...Entry) ([]Entry, error) { return nil, errSoon }

// Reverse takes back what documents have given and taken, as it was then.
func Reverse(tx *db.Tx, docs ...Doc) ([]Entry, error) { return nil, errSoon }

// Set posts the difference that makes a document's points earned and
// redeemed; for edits and returns.
func Set(tx *db.Tx, doc Doc, party int64, earned, redeemed dec.D) ([]Entry, error) {
	return nil, errSoon
}

// OfDoc returns the entries of documents, oldest first.
func OfDoc(tx *db.Tx, docs ...Doc) ([]Entry, error) { return nil, errSoon }

// Balances returns balances by party; one without entries is zero.
func Balances(tx *db.Tx, parties ...int64) (map[int64]Balance, error) { return nil, errSoon }

// List returns a party's entries, oldest first; after is the id of the last
// one seen.
func List(tx *db.Tx, party, after int64, limit int) ([]Entry, error) { return nil, errSoon }

// Top returns the n highest balances.
func Top(tx *db.Tx, n int) ([]Balance, error) { return nil, errSoon }

// GivenOnSales is the sum of points given for sales, net of reversals.
func GivenOnSales(tx *db.Tx) (dec.D, error) { return 0, errSoon }

// ExpireDue expires what is past its date, of all customers.
func ExpireDue(tx *db.Tx) ([]Entry, error) { return nil, errSoon }

// Difference is a balance that is not the fold of its entries.
type Difference struct {
	Party          int64
	Column         string
	Stored, Folded dec.D
}

// Audit refolds the ledger and compares; checked counts what was looked at.
func Audit(tx *db.Tx) (differences []Difference, checked map[string]int64, err error) {
	return nil, nil, errSoon
}
