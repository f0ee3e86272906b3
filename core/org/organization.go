package org

import (
	"regexp"
	"strings"
	"time"

	"storehouse/base/db"
	"storehouse/base/fault"
)

// Organization is one business with its own books.
type Organization struct {
	ID                                     int64
	Name, Slug                             string // the slug is unique among all organizations
	LegalName                              string
	Address, City, State, Country, ZipCode string
	LogoURL                                string
	ContactEmail, ContactPhone             string
	CreatedAt, UpdatedAt                   time.Time
}

const organizationCols = `id, name, slug, legal_name, address, city, state, country, zip_code, logo_url, contact_email, contact_phone, created_at, updated_at`

func scanOrganization(r db.Row, o *Organization) error {
	return r.Scan(&o.ID, &o.Name, &o.Slug, db.S(&o.LegalName), db.S(&o.Address), db.S(&o.City), db.S(&o.State), db.S(&o.Country),
		db.S(&o.ZipCode), db.S(&o.LogoURL), db.S(&o.ContactEmail), db.S(&o.ContactPhone), db.T(&o.CreatedAt), db.T(&o.UpdatedAt))
}

func (o Organization) args() []any {
	return []any{o.ID, o.Name, o.Slug, db.Null(o.LegalName), db.Null(o.Address), db.Null(o.City), db.Null(o.State), db.Null(o.Country),
		db.Null(o.ZipCode), db.Null(o.LogoURL), db.Null(o.ContactEmail), db.Null(o.ContactPhone), o.CreatedAt, o.UpdatedAt}
}

var slugForm = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*[a-z0-9]$`)

func (o Organization) check() error {
	var flaws []fault.Flaw
	if n := len([]rune(strings.TrimSpace(o.Name))); n < 1 || n > 255 {
		flaws = append(flaws, fault.Flaw{Field: "name", Msg: "must have 1 to 255 characters"})
	}
	if !slugForm.MatchString(o.Slug) || len(o.Slug) > 100 {
		flaws = append(flaws, fault.Flaw{Field: "slug", Msg: "must be 2 to 100 small letters, digits and inner hyphens"})
	}
	return fault.Flaws(flaws)
}

// Create makes an organization with default settings and its owner's
// membership. The rest of the transaction is the new organization's: tx.Org
// is set to it.
func Create(tx *db.Tx, o Organization, owner int64) (Organization, Membership, error) {
	var m Membership
	if err := o.check(); err != nil {
		return o, m, err
	}
	id, err := tx.NextID("organization")
	if err != nil {
		return o, m, err
	}
	o.ID, o.CreatedAt, o.UpdatedAt = id, tx.Now, tx.Now
	err = tx.Try(func() error { return tx.Insert("organization", organizationCols, [][]any{o.args()}) })
	if fault.Is(err, fault.Conflict) {
		return o, m, &fault.Error{Kind: fault.Conflict, Msg: "slug is taken", Fields: []fault.Flaw{{Field: "slug", Msg: "is taken"}}}
	}
	if err != nil {
		return o, m, err
	}
	tx.Org = id
	if err := SaveSettings(tx, DefaultSettings()); err != nil {
		return o, m, err
	}
	m, err = addMember(tx, Membership{User: owner, Role: Owner, Profile: Profile{AllowLogin: true, AllLocations: true}})
	return o, m, err
}

// Get returns tx's organization.
func Get(tx *db.Tx) (Organization, error) {
	o, err := db.One(tx, scanOrganization, `SELECT `+organizationCols+` FROM organization WHERE id = ?`, tx.Org)
	if fault.Is(err, fault.NotFound) {
		err = fault.Missing("organization")
	}
	return o, err
}

// Lock returns tx's organization, which is about to be changed: who else wants
// to change it waits for the end of this transaction.
func Lock(tx *db.Tx) (Organization, error) {
	if _, err := db.All(tx, db.Value[int64], `SELECT id FROM organization WHERE id = ?`+tx.ForUpdate(), tx.Org); err != nil {
		return Organization{}, err
	}
	return Get(tx)
}

// Update replaces what is said of tx's organization and returns it.
func Update(tx *db.Tx, o Organization) (Organization, error) {
	if err := o.check(); err != nil {
		return o, err
	}
	o.ID, o.UpdatedAt = tx.Org, tx.Now
	err := tx.Try(func() error {
		n, err := tx.Exec(`UPDATE organization SET name = ?, slug = ?, legal_name = ?, address = ?, city = ?, state = ?, country = ?, zip_code = ?,
			logo_url = ?, contact_email = ?, contact_phone = ?, updated_at = ? WHERE id = ?`,
			o.Name, o.Slug, db.Null(o.LegalName), db.Null(o.Address), db.Null(o.City), db.Null(o.State), db.Null(o.Country), db.Null(o.ZipCode),
			db.Null(o.LogoURL), db.Null(o.ContactEmail), db.Null(o.ContactPhone), tx.Now, tx.Org)
		if err == nil && n == 0 {
			err = fault.Missing("organization")
		}
		return err
	})
	if fault.Is(err, fault.Conflict) {
		err = &fault.Error{Kind: fault.Conflict, Msg: "slug is taken", Fields: []fault.Flaw{{Field: "slug", Msg: "is taken"}}}
	}
	return o, err
}

// List returns every organization, for operators' work that goes through
// them one by one.
func List(tx *db.Tx) ([]Organization, error) {
	return db.All(tx, scanOrganization, `SELECT `+organizationCols+` FROM organization ORDER BY id`)
}
