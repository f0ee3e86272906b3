package party

import (
	"strings"
	"time"

	"storehouse/base/db"
	"storehouse/base/fault"
)

// Person is somebody at a customer or a vendor.
type Person struct {
	ID                   int64
	DisplayName          string // "" is made from the names
	FirstName, LastName  string
	Title, Notes         string
	IsActive             bool
	CreatedBy            int64
	CreatedAt, UpdatedAt time.Time
}

// Cursor returns the person's place in a list by name.
func (p Person) Cursor() Cursor { return Cursor{key(p.DisplayName), p.ID} }

const personCols = `p.id, p.display_name, p.first_name, p.last_name, p.title, p.notes, p.is_active, p.created_by, p.created_at, p.updated_at`

func scanPerson(r db.Row, p *Person) error {
	return r.Scan(&p.ID, &p.DisplayName, &p.FirstName, db.S(&p.LastName), db.S(&p.Title), db.S(&p.Notes), db.B(&p.IsActive), db.I(&p.CreatedBy),
		db.T(&p.CreatedAt), db.T(&p.UpdatedAt))
}

// full is the name that a person without a display name is shown by.
func (p Person) full() string { return strings.TrimSpace(p.FirstName + " " + p.LastName) }

func (p *Person) tidyPerson() error {
	p.FirstName, p.LastName, p.DisplayName = strings.TrimSpace(p.FirstName), strings.TrimSpace(p.LastName), strings.TrimSpace(p.DisplayName)
	if p.FirstName == "" {
		return fault.Field("first_name", "must not be empty")
	}
	if p.DisplayName == "" {
		p.DisplayName = p.full()
	}
	return nil
}

// CreatePerson adds a person.
func CreatePerson(tx *db.Tx, p Person) (Person, error) {
	if err := p.tidyPerson(); err != nil {
		return p, err
	}
	id, err := tx.NextID("person")
	if err != nil {
		return p, err
	}
	p.ID, p.IsActive, p.CreatedBy, p.CreatedAt, p.UpdatedAt = id, true, tx.Actor, tx.Now, tx.Now
	return p, tx.Insert("person", "org_id, id, display_name, name_key, first_name, last_name, title, notes, is_active, created_by, created_at, updated_at",
		[][]any{{tx.Org, p.ID, p.DisplayName, key(p.DisplayName), p.FirstName, db.Null(p.LastName), db.Null(p.Title), db.Null(p.Notes), true,
			db.Null(p.CreatedBy), p.CreatedAt, p.UpdatedAt}})
}

// UpdatePerson stores a person who was read with GetPerson and changed. A
// display name that was only the names follows them.
func UpdatePerson(tx *db.Tx, p Person) (Person, error) {
	old, err := GetPerson(tx, p.ID)
	if err != nil {
		return p, err
	}
	if p.DisplayName == old.DisplayName && old.DisplayName == old.full() {
		p.DisplayName = ""
	}
	if err := p.tidyPerson(); err != nil {
		return p, err
	}
	p.UpdatedAt = tx.Now
	_, err = tx.Exec(`UPDATE person SET display_name = ?, name_key = ?, first_name = ?, last_name = ?, title = ?, notes = ?, is_active = ?, updated_at = ?
		WHERE org_id = ? AND id = ?`, p.DisplayName, key(p.DisplayName), p.FirstName, db.Null(p.LastName), db.Null(p.Title), db.Null(p.Notes), p.IsActive,
		p.UpdatedAt, tx.Org, p.ID)
	return p, err
}

// GetPerson returns one person.
func GetPerson(tx *db.Tx, id int64) (Person, error) {
	p, err := db.One(tx, scanPerson, `SELECT `+personCols+` FROM person p WHERE p.org_id = ? AND p.id = ?`, tx.Org, id)
	if fault.Is(err, fault.NotFound) {
		err = fault.Missing("contact")
	}
	return p, err
}

// PersonFilter narrows a list of people.
type PersonFilter struct {
	Role  Role  // with Party: linked to it in this role
	Party int64 // 0 for all
	After *Cursor
	Limit int
}

// ListPeople returns people by name.
func ListPeople(tx *db.Tx, f PersonFilter) ([]Person, error) {
	var w db.Where
	from := ` FROM person p`
	if f.Party != 0 {
		from += ` JOIN person_link l ON l.org_id = p.org_id AND l.person_id = p.id`
		w.Add("l.party_id = ?", f.Party)
		w.Add("l.party_role = ?", string(f.Role))
	}
	if f.After != nil {
		w.Add("(p.name_key > ? OR (p.name_key = ? AND p.id > ?))", f.After.Key, f.After.Key, f.After.ID)
	}
	args := append(append([]any{tx.Org}, w.Args...), f.Limit)
	return db.All(tx, scanPerson, `SELECT `+personCols+from+` WHERE p.org_id = ?`+w.And()+` ORDER BY p.name_key, p.id LIMIT ?`, args...)
}

// DeletePerson removes a person with their methods and links.
func DeletePerson(tx *db.Tx, id int64) error {
	n, err := tx.Exec(`DELETE FROM person WHERE org_id = ? AND id = ?`, tx.Org, id)
	if err == nil && n == 0 {
		err = fault.Missing("contact")
	}
	return err
}

// Method is a way to reach a person.
type Method struct {
	ID, Person           int64
	Type                 string // "email" or "phone"
	Value, Label         string
	IsPrimary, IsActive  bool // one primary a person and type
	CreatedAt, UpdatedAt time.Time
}

func scanMethod(r db.Row, m *Method) error {
	return r.Scan(&m.ID, &m.Person, &m.Type, &m.Value, db.S(&m.Label), db.B(&m.IsPrimary), db.B(&m.IsActive), db.T(&m.CreatedAt), db.T(&m.UpdatedAt))
}

const methodCols = `id, person_id, type, value, label, is_primary, is_active, created_at, updated_at`

func (m *Method) check() error {
	m.Value = strings.TrimSpace(m.Value)
	switch {
	case m.Type != "email" && m.Type != "phone":
		return fault.Field("type", "must be email or phone")
	case m.Value == "":
		return fault.Field("value", "must not be empty")
	}
	return nil
}

func (m Method) key() string {
	if m.Type == "phone" {
		return digits(m.Value)
	}
	return emailKey(m.Value)
}

// AddMethod adds a way to reach a person. A new primary takes the place of
// the one before.
func AddMethod(tx *db.Tx, m Method) (Method, error) {
	if err := m.check(); err != nil {
		return m, err
	}
	if _, err := GetPerson(tx, m.Person); err != nil {
		return m, err
	}
	id, err := tx.NextID("person_method")
	if err != nil {
		return m, err
	}
	m.ID, m.IsActive, m.CreatedAt, m.UpdatedAt = id, true, tx.Now, tx.Now
	if err := m.demote(tx); err != nil {
		return m, err
	}
	return m, tx.Insert("person_method", "org_id, id, person_id, type, value, value_key, label, is_primary, is_active, created_at, updated_at",
		[][]any{{tx.Org, m.ID, m.Person, m.Type, m.Value, m.key(), db.Null(m.Label), m.IsPrimary, true, m.CreatedAt, m.UpdatedAt}})
}

// demote leaves a primary method the only one of its type.
func (m Method) demote(tx *db.Tx) error {
	if !m.IsPrimary {
		return nil
	}
	_, err := tx.Exec(`UPDATE person_method SET is_primary = 0 WHERE org_id = ? AND person_id = ? AND type = ? AND id <> ? AND is_primary = 1`,
		tx.Org, m.Person, m.Type, m.ID)
	return err
}

// Methods lists the ways to reach a person, in the order in which they were
// added.
func Methods(tx *db.Tx, person int64) ([]Method, error) {
	return db.All(tx, scanMethod, `SELECT `+methodCols+` FROM person_method WHERE org_id = ? AND person_id = ? ORDER BY id`, tx.Org, person)
}

// UpdateMethod changes a way to reach a person.
func UpdateMethod(tx *db.Tx, id int64, change func(*Method)) (Method, error) {
	m, err := db.One(tx, scanMethod, `SELECT `+methodCols+` FROM person_method WHERE org_id = ? AND id = ?`, tx.Org, id)
	if fault.Is(err, fault.NotFound) {
		err = fault.Missing("contact method")
	}
	if err != nil {
		return m, err
	}
	change(&m)
	if err := m.check(); err != nil {
		return m, err
	}
	m.UpdatedAt = tx.Now
	if err := m.demote(tx); err != nil {
		return m, err
	}
	_, err = tx.Exec(`UPDATE person_method SET type = ?, value = ?, value_key = ?, label = ?, is_primary = ?, is_active = ?, updated_at = ?
		WHERE org_id = ? AND id = ?`, m.Type, m.Value, m.key(), db.Null(m.Label), m.IsPrimary, m.IsActive, m.UpdatedAt, tx.Org, id)
	return m, err
}

// DeleteMethod removes a way to reach a person.
func DeleteMethod(tx *db.Tx, id int64) error {
	n, err := tx.Exec(`DELETE FROM person_method WHERE org_id = ? AND id = ?`, tx.Org, id)
	if err == nil && n == 0 {
		err = fault.Missing("contact method")
	}
	return err
}
