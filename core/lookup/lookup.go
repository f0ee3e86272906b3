// Package lookup keeps the short lists by which an organization names things:
// types, segments, brokers, order channels, brands, categories, price groups,
// types of service. One table, told apart by Kind. A name is unique in its
// list, whatever its case; below a parent it is unique among its siblings.
package lookup

import (
	"strings"
	"time"
	"unicode/utf8"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
)

// Kind is one list. A new list is a constant here, a line in referrers and
// a line in each face that shows it.
type Kind string

// The lists.
const (
	SKUType          Kind = "sku_type"
	MaterialType     Kind = "material_type"
	CustomerType     Kind = "customer_type"
	CustomerSegment  Kind = "customer_segment"
	Broker           Kind = "broker"
	OrderChannel     Kind = "order_channel"
	Brand            Kind = "brand"
	Category         Kind = "category" // with sub categories, by Parent
	PriceGroup       Kind = "price_group"
	CustomerGroup    Kind = "customer_group" // Amount is per cent, Calculation "percentage" or "selling_price_group"
	ServiceType      Kind = "service_type"   // Amount is the packing charge, Calculation "fixed" or "percent"
	Warranty         Kind = "warranty"
	LeadSource       Kind = "source"
	LifeStage        Kind = "life_stage"
	FollowupCategory Kind = "followup_category"
	ExpenseCategory  Kind = "expense_category" // with sub categories
	PaymentAccount   Kind = "payment_account"  // where money is kept; Code is the account number, Description the note
	Device           Kind = "device"
	Department       Kind = "hrm_department"
	Designation      Kind = "hrm_designation"
)

// Entry is a row of a list. Names that have no meaning for its kind are
// empty.
type Entry struct {
	ID          int64
	Kind        Kind
	Name        string // 1 to 255 characters
	SortOrder   int64  // place in the list; ties go by ID
	IsActive    bool
	Parent      int64 // entry of the same kind, 0 for none
	Code        string
	Description string
	Slug        string
	ExternalID  string // the id by which another system knows a category
	CreatedBy   int64
	CreatedAt   time.Time
	UpdatedAt   time.Time

	Amount             *dec.D
	Calculation        string
	PriceGroup         int64 // of a customer group
	EnableCustomFields bool
	LocationGroups     map[int64]int64 // of a type of service: location → price group, 0 for the default
}

// Key returns what names are compared by.
func Key(name string) string { return strings.ToLower(strings.TrimSpace(name)) }

// Create adds an entry at the end of its list. A name that its siblings have
// is a Conflict.
func Create(tx *db.Tx, e Entry) (Entry, error) {
	if err := check(tx, &e); err != nil {
		return e, err
	}
	last, err := db.One(tx, db.Value[int64], `SELECT COALESCE(MAX(sort_order), -1) FROM lookup WHERE org_id = ? AND kind = ?`, tx.Org, e.Kind)
	if err != nil {
		return e, err
	}
	if e.ID, err = tx.NextID("lookup"); err != nil {
		return e, err
	}
	e.SortOrder, e.IsActive, e.CreatedBy, e.CreatedAt, e.UpdatedAt = last+1, true, tx.Actor, tx.Now, tx.Now
	if err := insert(tx, e); err != nil {
		return e, named(e, err)
	}
	return e, saveGroups(tx, e)
}

// Update stores an entry that was read with Lock and changed.
func Update(tx *db.Tx, e Entry) (Entry, error) {
	if err := check(tx, &e); err != nil {
		return e, err
	}
	e.UpdatedAt = tx.Now
	n, err := update(tx, e)
	if err != nil {
		return e, named(e, err)
	}
	if n == 0 {
		return e, missing(e.Kind)
	}
	return e, saveGroups(tx, e)
}

// Delete removes an entry to which nothing refers; otherwise it is an InUse
// fault with counts. An order channel in use is switched off instead: then
// gone is false and the entry as it now stands comes back.
func Delete(tx *db.Tx, k Kind, id int64) (e Entry, gone bool, err error) {
	if e, err = Lock(tx, k, id); err != nil { // it may be switched off, and stays what else it is made meanwhile
		return e, false, err
	}
	use, err := UsageOf(tx, k, id)
	if err != nil {
		return e, false, err
	}
	if !use.InUse() {
		err = tx.Try(func() error {
			_, err := tx.Exec(`DELETE FROM lookup WHERE org_id = ? AND kind = ? AND id = ?`, tx.Org, k, id)
			return err
		})
		if err == nil || !fault.Is(err, fault.InUse) {
			return e, err == nil, err
		}
		if use, err = UsageOf(tx, k, id); err != nil { // somebody has just begun to use it
			return e, false, err
		}
	}
	if k != OrderChannel {
		return e, false, fault.Used(Label(k), use.Counts)
	}
	e.IsActive = false
	e, err = Update(tx, e)
	return e, false, err
}

// Reactivate switches an entry on again.
func Reactivate(tx *db.Tx, k Kind, id int64) (Entry, error) {
	e, err := Lock(tx, k, id)
	if err != nil {
		return e, err
	}
	e.IsActive = true
	return Update(tx, e)
}

// Find returns the entry of a list that has a name, whatever its case and
// parent; none is NotFound.
func Find(tx *db.Tx, k Kind, name string) (Entry, error) {
	list, err := db.All(tx, scan, `SELECT `+cols+` FROM lookup WHERE org_id = ? AND kind = ? AND name_key = ? ORDER BY id LIMIT 1`, tx.Org, k, Key(name))
	if err != nil || len(list) == 0 {
		return Entry{}, or(err, missing(k))
	}
	return list[0], nil
}

// Ensure returns the entry that has a name, and makes it if there is none.
func Ensure(tx *db.Tx, k Kind, name string) (Entry, error) {
	e, err := Find(tx, k, name)
	if err == nil || !fault.Is(err, fault.NotFound) {
		return e, err
	}
	err = tx.Try(func() error {
		e, err = Create(tx, Entry{Kind: k, Name: name})
		return err
	})
	if fault.Is(err, fault.Conflict) { // somebody else has just made it
		return Find(tx, k, name)
	}
	return e, err
}

// Ref is a field that names an entry, to be checked.
type Ref struct {
	Field string
	Kind  Kind
	ID    int64
}

// Check verifies that every reference other than 0 names an entry of its kind,
// in one statement. What does not is an Invalid fault about its field.
func Check(tx *db.Tx, refs ...Ref) error {
	ids := make([]int64, 0, len(refs))
	for _, r := range refs {
		if r.ID != 0 {
			ids = append(ids, r.ID)
		}
	}
	kinds, err := Kinds(tx, ids)
	if err != nil {
		return err
	}
	var flaws []fault.Flaw
	for _, r := range refs {
		if r.ID != 0 && kinds[r.ID] != r.Kind {
			flaws = append(flaws, fault.Flaw{Field: r.Field, Msg: "does not exist"})
		}
	}
	return fault.Flaws(flaws)
}

// Kinds returns the kind of each entry among ids that exists.
func Kinds(tx *db.Tx, ids []int64) (map[int64]Kind, error) {
	kinds := map[int64]Kind{}
	for part := range chunks(ids) {
		err := tx.Each(func(r db.Row) error {
			var id int64
			var k Kind
			err := r.Scan(&id, &k)
			kinds[id] = k
			return err
		}, `SELECT id, kind FROM lookup WHERE org_id = ? AND id IN (`+db.Marks(len(part))+`)`, append([]any{tx.Org}, db.Args(part)...)...)
		if err != nil {
			return nil, err
		}
	}
	return kinds, nil
}

func check(tx *db.Tx, e *Entry) error {
	e.Name = strings.TrimSpace(e.Name)
	if n := utf8.RuneCountInString(e.Name); n == 0 || n > 255 {
		return fault.Field("name", "must have 1 to 255 characters")
	}
	refs := []Ref{{"parent_id", e.Kind, e.Parent}, {"price_group_id", PriceGroup, e.PriceGroup}}
	for _, g := range e.LocationGroups {
		refs = append(refs, Ref{"location_price_group", PriceGroup, g})
	}
	if e.Parent != 0 && e.ID != 0 {
		// A parent may not stand below its own child.
		seen := map[int64]bool{e.ID: true}
		for p := e.Parent; p != 0; {
			if seen[p] {
				return fault.Field("parent_id", "would make a circle")
			}
			seen[p] = true
			up, err := Get(tx, e.Kind, p)
			if fault.Is(err, fault.NotFound) {
				break
			}
			if err != nil {
				return err
			}
			p = up.Parent
		}
	}
	return Check(tx, refs...)
}

func named(e Entry, err error) error {
	if fault.Is(err, fault.Conflict) {
		return &fault.Error{Kind: fault.Conflict, Msg: Label(e.Kind) + " " + e.Name + " already exists", Fields: []fault.Flaw{{Field: "name", Msg: "is taken"}}, Err: err}
	}
	return err
}

func missing(k Kind) error { return fault.Missing(Label(k)) }

// Label returns what an entry of a kind is called in messages: "SKU type".
func Label(k Kind) string {
	if k == SKUType {
		return "SKU type"
	}
	return strings.ReplaceAll(strings.TrimPrefix(string(k), "hrm_"), "_", " ")
}

func or(err, instead error) error {
	if err != nil {
		return err
	}
	return instead
}
