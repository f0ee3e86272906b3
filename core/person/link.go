package person

import (
	"strings"
	"time"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/party"
)

// Link says that a person speaks for a customer or a vendor. It goes when the
// party goes, or loses the role: see party.Update.
type Link struct {
	ID, Person, Party    int64
	As                   party.Role // Customer or Vendor
	Role, Notes          string     // Role is what the person does there: "Accounts payable"
	IsPrimary            bool       // the one to ask first; never of an inactive link
	IsActive             bool
	CreatedAt, UpdatedAt time.Time
}

func (l *Link) tidy() error {
	l.Role = strings.TrimSpace(l.Role)
	var f flaws
	f.add(l.As != party.Customer && l.As != party.Vendor, "entity_type", "must be one of customer, vendor")
	f.long("role", l.Role, maxText)
	f.add(l.IsPrimary && !l.IsActive, "is_primary", "needs an active link")
	return fault.Flaws(f)
}

// CheckParty fails with NotFound where a party is not there in a role.
func CheckParty(tx *db.Tx, id int64, as party.Role) error {
	if err := party.Hold(tx, id); err != nil {
		return err
	}
	p, err := party.Get(tx, id)
	if err == nil && !(as == party.Customer && p.IsCustomer || as == party.Vendor && p.IsVendor) || fault.Is(err, fault.NotFound) {
		return fault.Missing(string(as))
	}
	return err
}

// AddLink links a person to a party. A second link between the two in one
// role is a Conflict.
func AddLink(tx *db.Tx, l Link) (Link, error) {
	l.IsActive = true
	if err := l.tidy(); err != nil {
		return l, err
	}
	if err := lock(tx); err != nil {
		return l, err
	}
	if _, err := Get(tx, l.Person); err != nil {
		return l, err
	}
	if err := CheckParty(tx, l.Party, l.As); err != nil {
		return l, err
	}
	_, err := between(tx, l)
	if err == nil {
		return l, fault.New(fault.Conflict, "the contact is linked to this %s already", l.As)
	}
	if !fault.Is(err, fault.NotFound) {
		return l, err
	}
	return insertLink(tx, l)
}

func insertLink(tx *db.Tx, l Link) (Link, error) {
	if err := l.room(tx); err != nil {
		return l, err
	}
	id, err := tx.NextID("person_link")
	if err != nil {
		return l, err
	}
	l.ID, l.CreatedAt, l.UpdatedAt = id, tx.Now, tx.Now
	return l, tx.Insert("person_link", "org_id, "+linkCols, [][]any{{tx.Org, l.ID, l.Person, l.Party, string(l.As), db.Null(l.Role), db.Null(l.Notes),
		l.IsPrimary, l.IsActive, l.CreatedAt, l.UpdatedAt}})
}

// LockLink returns a link that is about to be changed: who else wants to
// change methods or links waits for the end of this transaction.
func LockLink(tx *db.Tx, id int64) (Link, error) {
	if err := lock(tx); err != nil {
		return Link{}, err
	}
	l, err := db.One(tx, scanLink, `SELECT `+linkCols+` FROM person_link WHERE org_id = ? AND id = ?`, tx.Org, id)
	return l, named(err, "contact link")
}

// UpdateLink stores a link that was read with LockLink and changed; whom it
// links stays.
func UpdateLink(tx *db.Tx, l Link) (Link, error) {
	if err := l.tidy(); err != nil {
		return l, err
	}
	if err := l.room(tx); err != nil {
		return l, err
	}
	l.UpdatedAt = tx.Now
	n, err := tx.Exec(`UPDATE person_link SET role = ?, notes = ?, is_primary = ?, is_active = ?, updated_at = ? WHERE org_id = ? AND id = ?`,
		db.Null(l.Role), db.Null(l.Notes), l.IsPrimary, l.IsActive, l.UpdatedAt, tx.Org, l.ID)
	if err == nil && n == 0 {
		err = fault.Missing("contact link")
	}
	return l, err
}

// room takes the place of the party's primary link, if this one is to be it.
func (l Link) room(tx *db.Tx) error {
	if !l.IsPrimary {
		return nil
	}
	_, err := tx.Exec(`UPDATE person_link SET is_primary = 0, updated_at = ? WHERE org_id = ? AND party_id = ? AND party_role = ? AND is_primary = 1 AND id <> ?`,
		tx.Now, tx.Org, l.Party, string(l.As), l.ID)
	return err
}

// DeleteLink removes a link.
func DeleteLink(tx *db.Tx, id int64) error {
	n, err := tx.Exec(`DELETE FROM person_link WHERE org_id = ? AND id = ?`, tx.Org, id)
	if err == nil && n == 0 {
		err = fault.Missing("contact link")
	}
	return err
}

// Links returns the links of a person in the order in which they were added.
func Links(tx *db.Tx, person int64) ([]Link, error) {
	return db.All(tx, scanLink, `SELECT `+linkCols+` FROM person_link WHERE org_id = ? AND person_id = ? ORDER BY id`, tx.Org, person)
}

// Linked is a person of a party, with the link that says so.
type Linked struct {
	Person
	Link Link
}

// Of returns the people of a party in a role by display name, those whose link
// is active, from after a place on; limit 0 is all.
func Of(tx *db.Tx, id int64, as party.Role, after *Cursor, limit int) ([]Linked, error) {
	q := `SELECT ` + qualified("p", cols) + `, ` + qualified("l", linkCols) + ` FROM person_link l JOIN person p ON p.org_id = l.org_id AND p.id = l.person_id
		WHERE l.org_id = ? AND l.party_id = ? AND l.party_role = ? AND l.is_active = 1`
	args := []any{tx.Org, id, string(as)}
	if after != nil {
		q += ` AND p.display_key >= ? AND (p.display_key > ? OR p.id > ?)`
		args = append(args, after.Key, after.Key, after.ID)
	}
	q += ` ORDER BY p.display_key, p.id`
	if limit > 0 {
		q += ` LIMIT ?`
		args = append(args, limit)
	}
	return db.All(tx, func(r db.Row, v *Linked) error { return r.Scan(append(v.fields(), v.Link.fields()...)...) }, q, args...)
}

func between(tx *db.Tx, l Link) (Link, error) {
	return db.One(tx, scanLink, `SELECT `+linkCols+` FROM person_link WHERE org_id = ? AND person_id = ? AND party_id = ? AND party_role = ?`,
		tx.Org, l.Person, l.Party, string(l.As))
}

const linkCols = `id, person_id, party_id, party_role, role, notes, is_primary, is_active, created_at, updated_at`

func scanLink(r db.Row, l *Link) error { return r.Scan(l.fields()...) }

func (l *Link) fields() []any {
	return []any{&l.ID, &l.Person, &l.Party, (*string)(&l.As), db.S(&l.Role), db.S(&l.Notes), db.B(&l.IsPrimary), db.B(&l.IsActive), db.T(&l.CreatedAt), db.T(&l.UpdatedAt)}
}

func qualified(table, cols string) string {
	return table + "." + strings.ReplaceAll(cols, ", ", ", "+table+".")
}
