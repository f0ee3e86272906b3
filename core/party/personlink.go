package party

import (
	"time"

	"storehouse/base/db"
	"storehouse/base/fault"
)

// Link is what a person is to a customer or vendor.
type Link struct {
	ID, Person, Party    int64
	PartyRole            Role // Customer or Vendor
	Role, Notes          string
	IsPrimary, IsActive  bool // one primary a party and role
	CreatedAt, UpdatedAt time.Time
}

const linkCols = `id, person_id, party_id, party_role, role, notes, is_primary, is_active, created_at, updated_at`

func scanLink(r db.Row, l *Link) error {
	return r.Scan(&l.ID, &l.Person, &l.Party, &l.PartyRole, db.S(&l.Role), db.S(&l.Notes), db.B(&l.IsPrimary), db.B(&l.IsActive), db.T(&l.CreatedAt), db.T(&l.UpdatedAt))
}

// AddLink links a person to a customer or vendor, once: a second time is a
// Conflict. A new primary takes the place of the one before.
func AddLink(tx *db.Tx, l Link) (Link, error) {
	if _, err := GetPerson(tx, l.Person); err != nil {
		return l, err
	}
	p, err := Get(tx, l.Party)
	if err != nil && !fault.Is(err, fault.NotFound) {
		return l, err
	}
	if err != nil || l.PartyRole == Customer && !p.IsCustomer || l.PartyRole == Vendor && !p.IsVendor {
		return l, fault.Field("entityId", "does not exist")
	}
	id, err := tx.NextID("person_link")
	if err != nil {
		return l, err
	}
	l.ID, l.IsActive, l.CreatedAt, l.UpdatedAt = id, true, tx.Now, tx.Now
	if err := l.demote(tx); err != nil {
		return l, err
	}
	err = tx.Insert("person_link", "org_id, "+linkCols, [][]any{{tx.Org, l.ID, l.Person, l.Party, string(l.PartyRole), db.Null(l.Role), db.Null(l.Notes),
		l.IsPrimary, true, l.CreatedAt, l.UpdatedAt}})
	if fault.Is(err, fault.Conflict) {
		err = &fault.Error{Kind: fault.Conflict, Msg: "the contact is linked already", Err: err}
	}
	return l, err
}

func (l Link) demote(tx *db.Tx) error {
	if !l.IsPrimary {
		return nil
	}
	_, err := tx.Exec(`UPDATE person_link SET is_primary = 0 WHERE org_id = ? AND party_id = ? AND party_role = ? AND id <> ? AND is_primary = 1`,
		tx.Org, l.Party, string(l.PartyRole), l.ID)
	return err
}

// Links lists what a person is to whom, in the order in which it was said.
func Links(tx *db.Tx, person int64) ([]Link, error) {
	return db.All(tx, scanLink, `SELECT `+linkCols+` FROM person_link WHERE org_id = ? AND person_id = ? ORDER BY id`, tx.Org, person)
}

// UpdateLink changes what a person is to a customer or vendor.
func UpdateLink(tx *db.Tx, id int64, change func(*Link)) (Link, error) {
	l, err := db.One(tx, scanLink, `SELECT `+linkCols+` FROM person_link WHERE org_id = ? AND id = ?`, tx.Org, id)
	if fault.Is(err, fault.NotFound) {
		err = fault.Missing("contact link")
	}
	if err != nil {
		return l, err
	}
	change(&l)
	l.UpdatedAt = tx.Now
	if err := l.demote(tx); err != nil {
		return l, err
	}
	_, err = tx.Exec(`UPDATE person_link SET role = ?, notes = ?, is_primary = ?, is_active = ?, updated_at = ? WHERE org_id = ? AND id = ?`,
		db.Null(l.Role), db.Null(l.Notes), l.IsPrimary, l.IsActive, l.UpdatedAt, tx.Org, id)
	return l, err
}

// DeleteLink removes a link.
func DeleteLink(tx *db.Tx, id int64) error {
	n, err := tx.Exec(`DELETE FROM person_link WHERE org_id = ? AND id = ?`, tx.Org, id)
	if err == nil && n == 0 {
		err = fault.Missing("contact link")
	}
	return err
}

// FindOrCreate returns the person who has an e-mail address, linked to a
// customer or vendor, and makes of the three what is missing. Among several
// who have the address, one that is linked already goes first, then the
// oldest. Two concurrent calls make one person: they wait for each other.
func FindOrCreate(tx *db.Tx, p Person, email string, l Link) (Person, Method, Link, bool, error) {
	fail := func(err error) (Person, Method, Link, bool, error) { return Person{}, Method{}, Link{}, false, err }
	if _, err := tx.Number("person.find"); err != nil { // a counter row serializes them
		return fail(err)
	}
	m := Method{Type: "email", Value: email, IsPrimary: true}
	found, err := db.All(tx, scanMethod, `SELECT m.id, m.person_id, m.type, m.value, m.label, m.is_primary, m.is_active, m.created_at, m.updated_at
		FROM person_method m LEFT JOIN person_link l ON l.org_id = m.org_id AND l.person_id = m.person_id AND l.party_id = ? AND l.party_role = ?
		WHERE m.org_id = ? AND m.value_key = ? AND m.type = 'email' ORDER BY (CASE WHEN l.id IS NULL THEN 1 ELSE 0 END), m.id LIMIT 1`,
		l.Party, string(l.PartyRole), tx.Org, m.key())
	if err != nil {
		return fail(err)
	}
	created := len(found) == 0
	if created {
		if p, err = CreatePerson(tx, p); err != nil {
			return fail(err)
		}
		m.Person = p.ID
		m, err = AddMethod(tx, m)
	} else {
		m = found[0]
		p, err = GetPerson(tx, m.Person)
	}
	if err != nil {
		return fail(err)
	}
	links, err := Links(tx, p.ID)
	if err != nil {
		return fail(err)
	}
	for _, x := range links {
		if x.Party == l.Party && x.PartyRole == l.PartyRole {
			return p, m, x, created, nil
		}
	}
	l.Person = p.ID
	l, err = AddLink(tx, l)
	return p, m, l, created, err
}
