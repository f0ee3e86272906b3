// Package person is the contact book: people, how to reach them (methods) and
// for whom they speak (links to customers and vendors). An e-mail address that
// is in use is one person's, in whatever case it is written. Of a person's
// methods of a type one is primary at most, and of the people of a customer or
// of a vendor one.
package person

import (
	"strings"
	"time"
	"unicode/utf8"

	"storehouse/base/db"
	"storehouse/base/fault"
)

// Person is somebody to talk to. Empty texts are absent.
type Person struct {
	ID                   int64
	FirstName, LastName  string
	DisplayName          string // the two names joined when absent
	Title, Notes         string // Title is what the person does: "Buyer"
	IsActive             bool
	CreatedBy            int64
	CreatedAt, UpdatedAt time.Time
}

// Cursor is a place in a list of people by display name.
type Cursor struct {
	Key string
	ID  int64
}

// Cursor returns the person's place in a list by display name.
func (p Person) Cursor() Cursor { return Cursor{key(p.DisplayName), p.ID} }

// key is how names and e-mails are compared.
func key(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

const maxText = 255 // characters of a name, a value, a label, a role

// flaws gathers the fields at fault.
type flaws []fault.Flaw

func (f *flaws) add(bad bool, field, msg string) {
	if bad {
		*f = append(*f, fault.Flaw{Field: field, Msg: msg})
	}
}

func (f *flaws) long(field, s string, most int) {
	f.add(utf8.RuneCountInString(s) > most, field, "is too long")
}

// tidy completes the display name and checks the rest. old is the person as
// stored, nil for a new one: a display name that was made of the names follows
// them.
func (p *Person) tidy(old *Person) error {
	for _, s := range []*string{&p.FirstName, &p.LastName, &p.DisplayName, &p.Title} {
		*s = strings.TrimSpace(*s)
	}
	if p.DisplayName == "" || old != nil && p.DisplayName == old.DisplayName && old.DisplayName == old.joined() {
		p.DisplayName = p.joined()
	}
	var f flaws
	f.add(p.FirstName == "", "first_name", "must not be empty")
	f.long("first_name", p.FirstName, maxText)
	f.long("last_name", p.LastName, maxText)
	f.long("display_name", p.DisplayName, 2*maxText+1)
	f.long("title", p.Title, maxText)
	return fault.Flaws(f)
}

func (p *Person) joined() string { return strings.TrimSpace(p.FirstName + " " + p.LastName) }

// Create adds a person.
func Create(tx *db.Tx, p Person) (Person, error) {
	if err := p.tidy(nil); err != nil {
		return p, err
	}
	id, err := tx.NextID("person")
	if err != nil {
		return p, err
	}
	p.ID, p.IsActive, p.CreatedBy, p.CreatedAt, p.UpdatedAt = id, true, tx.Actor, tx.Now, tx.Now
	return p, tx.Insert("person", "org_id, "+cols+", display_key", [][]any{{tx.Org, p.ID, p.FirstName, db.Null(p.LastName), p.DisplayName,
		db.Null(p.Title), db.Null(p.Notes), p.IsActive, db.Null(p.CreatedBy), p.CreatedAt, p.UpdatedAt, key(p.DisplayName)}})
}

// Lock returns a person who is about to be changed: who else wants to change
// that waits for the end of this transaction.
func Lock(tx *db.Tx, id int64) (Person, error) {
	if _, err := db.All(tx, db.Value[int64], `SELECT id FROM person WHERE org_id = ? AND id = ?`+tx.ForUpdate(), tx.Org, id); err != nil {
		return Person{}, err
	}
	return Get(tx, id)
}

// Update stores a person that was read with Lock and changed.
func Update(tx *db.Tx, p Person) (Person, error) {
	old, err := Get(tx, p.ID)
	if err != nil {
		return p, err
	}
	if err := p.tidy(&old); err != nil {
		return p, err
	}
	p.UpdatedAt = tx.Now
	_, err = tx.Exec(`UPDATE person SET first_name = ?, last_name = ?, display_name = ?, display_key = ?, title = ?, notes = ?, is_active = ?, updated_at = ?
		WHERE org_id = ? AND id = ?`, p.FirstName, db.Null(p.LastName), p.DisplayName, key(p.DisplayName), db.Null(p.Title), db.Null(p.Notes), p.IsActive, p.UpdatedAt, tx.Org, p.ID)
	return p, err
}

// Delete removes a person with all methods and links.
func Delete(tx *db.Tx, id int64) error {
	n, err := tx.Exec(`DELETE FROM person WHERE org_id = ? AND id = ?`, tx.Org, id)
	if err == nil && n == 0 {
		err = fault.Missing("contact")
	}
	return err
}

// Get returns one person.
func Get(tx *db.Tx, id int64) (Person, error) {
	p, err := db.One(tx, scan, `SELECT `+cols+` FROM person WHERE org_id = ? AND id = ?`, tx.Org, id)
	return p, named(err, "contact")
}

// List returns people by display name, from after a place on; limit 0 is all.
func List(tx *db.Tx, after *Cursor, limit int) ([]Person, error) {
	q, args := `SELECT `+cols+` FROM person WHERE org_id = ?`, []any{tx.Org}
	if after != nil {
		q += ` AND display_key >= ? AND (display_key > ? OR id > ?)`
		args = append(args, after.Key, after.Key, after.ID)
	}
	q += ` ORDER BY display_key, id`
	if limit > 0 {
		q += ` LIMIT ?`
		args = append(args, limit)
	}
	return db.All(tx, scan, q, args...)
}

const cols = `id, first_name, last_name, display_name, title, notes, is_active, created_by, created_at, updated_at`

func scan(r db.Row, p *Person) error { return r.Scan(p.fields()...) }

// fields are where the columns of cols go.
func (p *Person) fields() []any {
	return []any{&p.ID, &p.FirstName, db.S(&p.LastName), &p.DisplayName, db.S(&p.Title), db.S(&p.Notes), db.B(&p.IsActive), db.I(&p.CreatedBy),
		db.T(&p.CreatedAt), db.T(&p.UpdatedAt)}
}

// named says what is missing.
func named(err error, what string) error {
	if fault.Is(err, fault.NotFound) {
		return fault.Missing(what)
	}
	return err
}

// lock lets one transaction at a time change an organization's methods and
// links: who is primary and whose an address is cannot change between the look
// and the write.
func lock(tx *db.Tx) error {
	_, err := tx.Number("person.lock")
	return err
}
