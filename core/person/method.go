package person

import (
	"strings"
	"time"

	"storehouse/base/db"
	"storehouse/base/fault"
)

// MethodType says how a method reaches its person.
type MethodType string

// The types of methods.
const (
	Email MethodType = "email"
	Phone MethodType = "phone"
)

// Method is an e-mail address or a phone number of a person.
type Method struct {
	ID, Person           int64
	Type                 MethodType
	Value, Label         string // Label is the user's own: "work"
	IsPrimary            bool   // the first to try; never of an inactive method
	IsActive             bool
	CreatedAt, UpdatedAt time.Time
}

func (m *Method) tidy() error {
	m.Value, m.Label = strings.TrimSpace(m.Value), strings.TrimSpace(m.Label)
	var f flaws
	f.add(m.Type != Email && m.Type != Phone, "type", "must be one of email, phone")
	f.add(m.Value == "", "value", "must not be empty")
	f.long("value", m.Value, maxText)
	f.long("label", m.Label, maxText)
	f.add(m.IsPrimary && !m.IsActive, "is_primary", "needs an active method")
	return fault.Flaws(f)
}

// emailKey is what makes an address one person's; "" for anything else.
func (m Method) emailKey() string {
	if m.Type != Email || !m.IsActive {
		return ""
	}
	return key(m.Value)
}

// AddMethod adds a method to a person. An active e-mail address that a person
// has already is a Conflict.
func AddMethod(tx *db.Tx, m Method) (Method, error) {
	m.IsActive = true
	if err := m.tidy(); err != nil {
		return m, err
	}
	if err := lock(tx); err != nil {
		return m, err
	}
	if _, err := Get(tx, m.Person); err != nil {
		return m, err
	}
	if err := m.room(tx); err != nil {
		return m, err
	}
	return insertMethod(tx, m)
}

func insertMethod(tx *db.Tx, m Method) (Method, error) {
	id, err := tx.NextID("person_method")
	if err != nil {
		return m, err
	}
	m.ID, m.CreatedAt, m.UpdatedAt = id, tx.Now, tx.Now
	return m, tx.Insert("person_method", "org_id, "+methodCols+", email_key", [][]any{{tx.Org, m.ID, m.Person, string(m.Type), m.Value, db.Null(m.Label),
		m.IsPrimary, m.IsActive, m.CreatedAt, m.UpdatedAt, db.Null(m.emailKey())}})
}

// LockMethod returns a method that is about to be changed: who else wants to
// change methods or links waits for the end of this transaction.
func LockMethod(tx *db.Tx, id int64) (Method, error) {
	if err := lock(tx); err != nil {
		return Method{}, err
	}
	m, err := db.One(tx, scanMethod, `SELECT `+methodCols+` FROM person_method WHERE org_id = ? AND id = ?`, tx.Org, id)
	return m, named(err, "contact method")
}

// UpdateMethod stores a method that was read with LockMethod and changed; it
// stays its person's. One that is switched off is primary no more.
func UpdateMethod(tx *db.Tx, m Method) (Method, error) {
	if err := m.tidy(); err != nil {
		return m, err
	}
	if err := m.room(tx); err != nil {
		return m, err
	}
	m.UpdatedAt = tx.Now
	n, err := tx.Exec(`UPDATE person_method SET type = ?, value = ?, label = ?, email_key = ?, is_primary = ?, is_active = ?, updated_at = ? WHERE org_id = ? AND id = ?`,
		string(m.Type), m.Value, db.Null(m.Label), db.Null(m.emailKey()), m.IsPrimary, m.IsActive, m.UpdatedAt, tx.Org, m.ID)
	if err == nil && n == 0 {
		err = fault.Missing("contact method")
	}
	return m, err
}

// room makes room for a method: its address is nobody else's, and if it is
// primary no other is.
func (m Method) room(tx *db.Tx) error {
	if k := m.emailKey(); k != "" {
		other, err := methodOf(tx, k)
		switch {
		case err == nil && other.ID != m.ID:
			return &fault.Error{Kind: fault.Conflict, Msg: "the e-mail address is a contact's already", Fields: []fault.Flaw{{Field: "value", Msg: "is taken"}}}
		case err != nil && !fault.Is(err, fault.NotFound):
			return err
		}
	}
	if !m.IsPrimary {
		return nil
	}
	_, err := tx.Exec(`UPDATE person_method SET is_primary = 0, updated_at = ? WHERE org_id = ? AND person_id = ? AND type = ? AND is_primary = 1 AND id <> ?`,
		tx.Now, tx.Org, m.Person, string(m.Type), m.ID)
	return err
}

// DeleteMethod removes a method.
func DeleteMethod(tx *db.Tx, id int64) error {
	n, err := tx.Exec(`DELETE FROM person_method WHERE org_id = ? AND id = ?`, tx.Org, id)
	if err == nil && n == 0 {
		err = fault.Missing("contact method")
	}
	return err
}

// Methods returns the methods of people, those of a person in the order in
// which they were added.
func Methods(tx *db.Tx, people ...int64) ([]Method, error) {
	if len(people) == 0 {
		return nil, nil
	}
	return db.All(tx, scanMethod, `SELECT `+methodCols+` FROM person_method WHERE org_id = ? AND person_id IN (`+db.Marks(len(people))+`) ORDER BY person_id, id`,
		append([]any{tx.Org}, db.Args(people)...)...)
}

// methodOf returns the active e-mail method of an address.
func methodOf(tx *db.Tx, emailKey string) (Method, error) {
	return db.One(tx, scanMethod, `SELECT `+methodCols+` FROM person_method WHERE org_id = ? AND email_key = ?`, tx.Org, emailKey)
}

const methodCols = `id, person_id, type, value, label, is_primary, is_active, created_at, updated_at`

func scanMethod(r db.Row, m *Method) error {
	return r.Scan(&m.ID, &m.Person, (*string)(&m.Type), &m.Value, db.S(&m.Label), db.B(&m.IsPrimary), db.B(&m.IsActive), db.T(&m.CreatedAt), db.T(&m.UpdatedAt))
}
