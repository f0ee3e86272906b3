package person

import (
	"storehouse/base/db"
	"storehouse/base/fault"
)

// Found is what FindOrCreate comes back with.
type Found struct {
	Person  Person
	Method  Method // the e-mail address
	Link    Link
	Created bool // the person is new
}

// FindOrCreate returns the person who has an active e-mail address, in any
// case, and makes one of p where nobody has it; either way the person is
// linked to a party afterwards. A person or link that is there stays as it
// is, but a link that was switched off is switched on. A new address is
// primary, a new link too where the party has no primary one. Callers at the
// same time get one person.
func FindOrCreate(tx *db.Tx, p Person, email string, l Link) (Found, error) {
	m := Method{Type: Email, Value: email, IsPrimary: true, IsActive: true}
	l.IsActive, l.IsPrimary = true, false
	if err := m.tidy(); err != nil {
		return Found{}, emailField(err)
	}
	if err := l.tidy(); err != nil {
		return Found{}, err
	}
	if err := CheckParty(tx, l.Party, l.As); err != nil {
		return Found{}, err
	}
	out, err := found(tx, m, l)
	if !fault.Is(err, fault.NotFound) {
		return out, err
	}
	// Something is missing: look again as the only one who writes.
	if err := lock(tx); err != nil {
		return Found{}, err
	}
	out, err = found(tx, m, l)
	if !fault.Is(err, fault.NotFound) {
		return out, err
	}
	if out.Person.ID == 0 {
		if out.Person, err = Create(tx, p); err != nil {
			return Found{}, err
		}
		m.Person, out.Created = out.Person.ID, true
		if out.Method, err = insertMethod(tx, m); err != nil {
			return Found{}, err
		}
	}
	l.Person = out.Person.ID
	out.Link, err = join(tx, l)
	return out, err
}

// found returns what is there already; NotFound where the person or an active
// link is missing.
func found(tx *db.Tx, m Method, l Link) (out Found, err error) {
	if out.Method, err = methodOf(tx, m.emailKey()); err != nil {
		return Found{}, err
	}
	if out.Person, err = Get(tx, out.Method.Person); err != nil {
		return Found{}, err
	}
	l.Person = out.Person.ID
	if out.Link, err = between(tx, l); err == nil && !out.Link.IsActive {
		err = fault.Missing("active link")
	}
	return out, err
}

// join makes a link, or switches the one that is there on.
func join(tx *db.Tx, l Link) (Link, error) {
	n, err := db.One(tx, db.Value[int64], `SELECT count(*) FROM person_link WHERE org_id = ? AND party_id = ? AND party_role = ? AND is_primary = 1`, tx.Org, l.Party, string(l.As))
	if err != nil {
		return l, err
	}
	old, err := between(tx, l)
	switch {
	case err == nil:
		old.IsActive = true
		return UpdateLink(tx, old)
	case !fault.Is(err, fault.NotFound):
		return l, err
	}
	l.IsPrimary = n == 0
	return insertLink(tx, l)
}

// emailField says "email" of a flaw in an e-mail method's value.
func emailField(err error) error {
	f := fault.Of(err)
	if f.Kind != fault.Invalid || len(f.Fields) == 0 {
		return err
	}
	return fault.Field("email", "%s", f.Fields[0].Msg)
}
