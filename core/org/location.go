package org

import (
	"strings"
	"time"

	"storehouse/base/db"
	"storehouse/base/fault"
)

// Location is a place where stock is kept and sales are made.
type Location struct {
	ID        int64
	Code      string // pos location_id, "BL0001"; "" when it has none
	Name      string
	SortOrder int64
	Address   string // street; the pos face calls it landmark when Landmark is empty
	City      string
	State     string
	Country   string
	ZipCode   string
	Notes     string
	IsActive  bool
	Oversell  string // Refuse, Allow, or "" for the organization's

	Landmark               string
	Mobile                 string
	AlternateNumber        string
	Email                  string
	Website                string
	InvoicePrefix          string // "" for the organization's
	PriceGroup             int64  // lookup row, 0 for none
	DefaultPaymentAccounts string // JSON text, as pos clients send it
	CustomFields           [4]string

	CreatedAt, UpdatedAt time.Time
}

const locationCols = `id, code, name, sort_order, address, city, state, country, zip_code, notes, is_active, oversell, landmark, mobile,
	alternate_number, email, website, invoice_prefix, price_group_id, default_payment_accounts, custom_field1, custom_field2,
	custom_field3, custom_field4, created_at, updated_at`

func scanLocation(r db.Row, l *Location) error {
	return r.Scan(&l.ID, db.S(&l.Code), &l.Name, &l.SortOrder, db.S(&l.Address), db.S(&l.City), db.S(&l.State), db.S(&l.Country), db.S(&l.ZipCode),
		db.S(&l.Notes), db.B(&l.IsActive), db.S(&l.Oversell), db.S(&l.Landmark), db.S(&l.Mobile), db.S(&l.AlternateNumber), db.S(&l.Email),
		db.S(&l.Website), db.S(&l.InvoicePrefix), db.I(&l.PriceGroup), db.S(&l.DefaultPaymentAccounts), db.S(&l.CustomFields[0]),
		db.S(&l.CustomFields[1]), db.S(&l.CustomFields[2]), db.S(&l.CustomFields[3]), db.T(&l.CreatedAt), db.T(&l.UpdatedAt))
}

func (l Location) args() []any {
	return []any{l.ID, db.Null(l.Code), l.Name, l.SortOrder, db.Null(l.Address), db.Null(l.City), db.Null(l.State), db.Null(l.Country),
		db.Null(l.ZipCode), db.Null(l.Notes), l.IsActive, db.Null(l.Oversell), db.Null(l.Landmark), db.Null(l.Mobile), db.Null(l.AlternateNumber),
		db.Null(l.Email), db.Null(l.Website), db.Null(l.InvoicePrefix), db.Null(l.PriceGroup), db.Null(l.DefaultPaymentAccounts),
		db.Null(l.CustomFields[0]), db.Null(l.CustomFields[1]), db.Null(l.CustomFields[2]), db.Null(l.CustomFields[3]), l.CreatedAt, l.UpdatedAt}
}

func (l Location) check() error {
	var flaws []fault.Flaw
	if n := len([]rune(strings.TrimSpace(l.Name))); n < 1 || n > 100 {
		flaws = append(flaws, fault.Flaw{Field: "name", Msg: "must have 1 to 100 characters"})
	}
	if l.SortOrder < 0 {
		flaws = append(flaws, fault.Flaw{Field: "sortOrder", Msg: "must not be negative"})
	}
	if l.Oversell != "" && l.Oversell != Refuse && l.Oversell != Allow {
		flaws = append(flaws, fault.Flaw{Field: "oversell", Msg: "must be refuse or allow"})
	}
	return fault.Flaws(flaws)
}

// CreateLocation adds a location at the end of the list, in use at once, and
// returns it. The first location of an organization becomes its default.
func CreateLocation(tx *db.Tx, l Location) (Location, error) {
	if err := l.check(); err != nil {
		return l, err
	}
	id, err := tx.NextID("location")
	if err != nil {
		return l, err
	}
	last, err := db.One(tx, db.Value[int64], `SELECT CAST(COALESCE(MAX(sort_order), -1) AS bigint) FROM location WHERE org_id = ?`, tx.Org)
	if err != nil {
		return l, err
	}
	l.ID, l.SortOrder, l.IsActive, l.CreatedAt, l.UpdatedAt = id, last+1, true, tx.Now, tx.Now
	if err := tx.Insert("location", "org_id, "+locationCols, [][]any{append([]any{tx.Org}, l.args()...)}); err != nil {
		return l, err
	}
	_, err = tx.Exec(`UPDATE org_settings SET default_location_id = ? WHERE org_id = ? AND default_location_id IS NULL`, id, tx.Org)
	return l, err
}

// UpdateLocation replaces all that is said of a location, but not when it was
// made, and returns it.
func UpdateLocation(tx *db.Tx, l Location) (Location, error) {
	if err := l.check(); err != nil {
		return l, err
	}
	l.UpdatedAt = tx.Now
	args := l.args()
	n, err := tx.Exec(`UPDATE location SET code = ?, name = ?, sort_order = ?, address = ?, city = ?, state = ?, country = ?, zip_code = ?, notes = ?,
		is_active = ?, oversell = ?, landmark = ?, mobile = ?, alternate_number = ?, email = ?, website = ?, invoice_prefix = ?, price_group_id = ?,
		default_payment_accounts = ?, custom_field1 = ?, custom_field2 = ?, custom_field3 = ?, custom_field4 = ?, updated_at = ?
		WHERE org_id = ? AND id = ?`, append(args[1:len(args)-2:len(args)-2], tx.Now, tx.Org, l.ID)...)
	if err == nil && n == 0 {
		err = fault.Missing("location")
	}
	return l, err
}

// DeleteLocation removes a location. The caller has counted what refers to it
// and answers in use; what slips through is refused by the database. The
// organization's default moves on to the next location.
func DeleteLocation(tx *db.Tx, id int64) error {
	if _, err := GetLocation(tx, id); err != nil {
		return err
	}
	next, err := db.All(tx, db.Value[int64], `SELECT id FROM location WHERE org_id = ? AND id <> ? ORDER BY sort_order, name, id LIMIT 1`, tx.Org, id)
	if err != nil {
		return err
	}
	var to any
	if len(next) > 0 {
		to = next[0]
	}
	if _, err := tx.Exec(`UPDATE org_settings SET default_location_id = ? WHERE org_id = ? AND default_location_id = ?`, to, tx.Org, id); err != nil {
		return err
	}
	n, err := tx.Exec(`DELETE FROM location WHERE org_id = ? AND id = ?`, tx.Org, id)
	if err == nil && n == 0 {
		err = fault.Missing("location") // another was quicker
	}
	return err
}

// GetLocation returns one location.
func GetLocation(tx *db.Tx, id int64) (Location, error) {
	l, err := db.One(tx, scanLocation, `SELECT `+locationCols+` FROM location WHERE org_id = ? AND id = ?`, tx.Org, id)
	if fault.Is(err, fault.NotFound) {
		err = fault.Missing("location")
	}
	return l, err
}

// LockLocation returns a location that is about to be changed: who else wants
// to change it waits for the end of this transaction.
func LockLocation(tx *db.Tx, id int64) (Location, error) {
	if _, err := db.All(tx, db.Value[int64], `SELECT id FROM location WHERE org_id = ? AND id = ?`+tx.ForUpdate(), tx.Org, id); err != nil {
		return Location{}, err
	}
	return GetLocation(tx, id)
}

// ListLocations returns the locations in their order; ids, when given, narrows.
func ListLocations(tx *db.Tx, ids ...int64) ([]Location, error) {
	w := db.Where{}
	w.Add("org_id = ?", tx.Org)
	db.In(&w, "id", ids)
	return db.All(tx, scanLocation, `SELECT `+locationCols+` FROM location`+w.SQL()+` ORDER BY sort_order, name, id`, w.Args...)
}

// LocationByName finds a location by its name or code, whatever the case;
// none is a NotFound fault.
func LocationByName(tx *db.Tx, name string) (Location, error) {
	name = strings.ToLower(strings.TrimSpace(name))
	l, err := db.One(tx, scanLocation, `SELECT `+locationCols+` FROM location WHERE org_id = ? AND (lower(name) = ? OR lower(code) = ?)
		ORDER BY sort_order, name, id LIMIT 1`, tx.Org, name, name)
	if fault.Is(err, fault.NotFound) {
		err = fault.Missing("location")
	}
	return l, err
}
