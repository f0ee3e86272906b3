package stock

import (
	"errors"
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
)

var errSoon = errors.New("stock: being written")

// Post adds entries to the ledger and moves the balances they touch, in at
// most three statements (four where a balance is new). It returns the entries
// as posted, in the given order.
func Post(tx *db.Tx, p Policy, entries ...Entry) ([]Entry, error) { return nil, errSoon }

// Apply takes back entries and posts new ones as one movement: the difference
// of an edited document. What is refused is decided on the outcome of both.
func Apply(tx *db.Tx, p Policy, undo []Undo, entries []Entry) ([]Entry, error) { return nil, errSoon }

// Reverse takes back what is left of entries.
func Reverse(tx *db.Tx, entries ...int64) ([]Entry, error) { return nil, errSoon }

// ReverseDoc takes back everything that stands of the entries that documents
// posted themselves.
func ReverseDoc(tx *db.Tx, docs ...Doc) ([]Entry, error) { return nil, errSoon }

// Release takes back what documents have promised and not kept: open orders,
// demand and allocations. What came in or went out stays.
func Release(tx *db.Tx, docs ...Doc) ([]Entry, error) { return nil, errSoon }

// OfDoc returns the entries of documents, oldest first, those of others that
// keep their promises among them.
func OfDoc(tx *db.Tx, docs ...Doc) ([]Entry, error) { return nil, errSoon }

// Standing is an entry and what of it has not been taken back.
type Standing struct {
	Entry
	Left        dec.D // of Quantity
	LeftSettles dec.D
	LeftValue   dec.D
}

// StandingOf returns the entries that documents posted (or that keep their
// promises) and that are not wholly taken back, without reversals.
func StandingOf(tx *db.Tx, docs ...Doc) ([]Standing, error) { return nil, errSoon }

// Net is what the entries of a document's line add up to.
type Net struct {
	Doc       Doc
	Line      int64
	Item      int64
	Location  int64
	OnHand    dec.D // negative: went out
	Value     dec.D
	OnOrder   dec.D
	InTransit dec.D
	Demand    dec.D
	Allocated dec.D
}

// Open returns what each line of documents has moved and still promises, the
// entries of others that keep its promises included.
func Open(tx *db.Tx, docs ...Doc) ([]Net, error) { return nil, errSoon }

// Move is a transfer.
type Move struct {
	Item      int64
	From, To  int64
	Quantity  dec.D
	Lot       string
	Ref       string // "" is numbered: "TR-12"
	Notes     string
	EventDate time.Time
}

// Send starts a transfer: the goods leave and are in transit under its Ref.
func Send(tx *db.Tx, p Policy, m Move) (Entry, error) { return Entry{}, errSoon }

// Complete brings a transfer in, once: a second time is a Conflict.
func Complete(tx *db.Tx, ref string, eventDate time.Time, notes string) (Entry, error) {
	return Entry{}, errSoon
}

// Filter narrows balances.
type Filter struct {
	Items     []int64
	Locations []int64
	Kind      string
	NonZero   bool
}

// Balances returns balances by item and location.
func Balances(tx *db.Tx, f Filter) ([]Balance, error) { return nil, errSoon }

// EachBalance streams them.
func EachBalance(tx *db.Tx, f Filter, fn func(Balance) error) error { return errSoon }

// Get returns one balance, zero where nothing was ever posted.
func Get(tx *db.Tx, item, location int64) (Balance, error) { return Balance{}, errSoon }

// AsOf folds the entries of an item at a location that happened until
// effective and were known at recorded; a zero time is no limit.
func AsOf(tx *db.Tx, item, location int64, effective, recorded time.Time) (Balance, error) {
	return Balance{}, errSoon
}

// Part is an entry and what it adds to a balance.
type Part struct {
	Entry
	OnHand, OnOrder, InTransit, Demand, Allocated, OnHandValue, TransitValue dec.D
}

// Explain streams the entries that add up to a balance, oldest first, and
// returns it.
func Explain(tx *db.Tx, item, location int64, effective, recorded time.Time, fn func(Part) error) (Balance, error) {
	return Balance{}, errSoon
}

// EntryFilter narrows the list of entries.
type EntryFilter struct {
	Item, Location int64
	Items          []int64
	Kind           string
	Event          Event
	Ref            string
	Lot            string
	Doc            Doc
	From, To       time.Time // of EventDate; To is not included
	After          int64     // cursor: the id of the last entry seen
	Limit          int
}

// Entries lists entries, newest first.
func Entries(tx *db.Tx, f EntryFilter) ([]Entry, error) { return nil, errSoon }

// GetEntry returns an entry.
func GetEntry(tx *db.Tx, id int64) (Entry, error) { return Entry{}, errSoon }

// Lot is what there is of a lot at a location.
type Lot struct {
	Item, Location    int64
	Lot               string
	OnHand, InTransit dec.D
	Expires           time.Time
}

// Lots returns the lots on hand of items, the first to expire first.
func Lots(tx *db.Tx, items, locations []int64) ([]Lot, error) { return nil, errSoon }

// LocationUse returns how many entries there are at a location, ItemUse how
// many of an item.
func LocationUse(tx *db.Tx, location int64) (int64, error) { return 0, errSoon }
func ItemUse(tx *db.Tx, item int64) (int64, error)         { return 0, errSoon }

// Difference is a balance that is not the fold of its entries.
type Difference struct {
	Item, Location int64
	Lot, Column    string
	Stored, Folded dec.D
}

// Audit refolds the ledger and compares; checked counts what was looked at.
func Audit(tx *db.Tx) (differences []Difference, checked map[string]int64, err error) {
	return nil, nil, errSoon
}
