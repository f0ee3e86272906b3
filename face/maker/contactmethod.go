package maker

import (
	"storehouse/core/person"
	"storehouse/face/web"
	"storehouse/face/wire"
)

type contactMethod struct {
	ID        wire.UUID  `json:"id"`
	OrgID     wire.UUID  `json:"orgId"`
	ContactID wire.UUID  `json:"contactId"`
	Type      string     `json:"methodType" enum:"email,phone"`
	Value     string     `json:"value"`
	Label     wire.TextN `json:"label"`
	IsPrimary bool       `json:"isPrimary"`
	IsActive  bool       `json:"isActive"`
	CreatedAt wire.ISO   `json:"createdAt"`
	UpdatedAt wire.ISO   `json:"updatedAt"`
}

func methodOut(c *web.Call, m person.Method) contactMethod {
	return contactMethod{wire.UUID{Kind: wire.KindMethod, ID: m.ID}, orgID(c), wire.UUID{Kind: wire.KindPerson, ID: m.Person}, string(m.Type), m.Value,
		wire.TextN(m.Label), m.IsPrimary, m.IsActive, wire.ISO(m.CreatedAt), wire.ISO(m.UpdatedAt)}
}

type newMethod struct {
	pathID
	Type      string  `json:"type" required:"true" enum:"email,phone"`
	Value     string  `json:"value" required:"true" minLength:"1" maxLength:"255"`
	Label     *string `json:"label" maxLength:"255"`
	IsPrimary bool    `json:"isPrimary" null:"never"`
}

func addMethod(c *web.Call, in newMethod) (contactMethod, error) {
	id, err := in.of(wire.KindPerson, "contact")
	if err != nil {
		return contactMethod{}, err
	}
	m, err := person.AddMethod(c.Tx, person.Method{Person: id, Type: person.MethodType(in.Type), Value: in.Value, Label: text(in.Label), IsPrimary: in.IsPrimary})
	return methodOut(c, m), err
}

type methodsIn struct {
	pathID
	paging
}

func listMethods(c *web.Call, in methodsIn) (page[contactMethod], error) {
	p, err := personAt(c, in.pathID)
	if err != nil {
		return page[contactMethod]{}, err
	}
	after, err := parseIDCursor(in.Cursor)
	if err != nil {
		return page[contactMethod]{}, err
	}
	rows, err := person.Methods(c.Tx, p.ID)
	for len(rows) > 0 && rows[0].ID <= after {
		rows = rows[1:]
	}
	return paged(in.paging, rows, func(m person.Method) contactMethod { return methodOut(c, m) }, func(m person.Method) string { return idCursor(m.ID) }), err
}

type changedMethod struct {
	pathID
	Type      *string          `json:"type" null:"never" enum:"email,phone"`
	Value     *string          `json:"value" null:"never" minLength:"1" maxLength:"255"`
	Label     wire.Opt[string] `json:"label" maxLength:"255"`
	IsPrimary *bool            `json:"isPrimary" null:"never"`
	IsActive  *bool            `json:"isActive" null:"never"`
}

func updateMethod(c *web.Call, in changedMethod) (contactMethod, error) {
	id, err := in.of(wire.KindMethod, "contact method")
	if err != nil {
		return contactMethod{}, err
	}
	m, err := person.LockMethod(c.Tx, id)
	if err != nil {
		return contactMethod{}, err
	}
	change((*string)(&m.Type), in.Type)
	change(&m.Value, in.Value)
	patch(&m.Label, in.Label)
	changePrimary(&m.IsPrimary, &m.IsActive, in.IsPrimary, in.IsActive)
	m, err = person.UpdateMethod(c.Tx, m)
	return methodOut(c, m), err
}

// changePrimary changes the two flags of a method or link: what is switched
// off is primary no more, unless the caller asks for both.
func changePrimary(primary, active *bool, givenPrimary, givenActive *bool) {
	change(active, givenActive)
	*primary = *primary && *active
	change(primary, givenPrimary)
}

func deleteMethod(c *web.Call, in pathID) (deleted, error) {
	id, err := in.of(wire.KindMethod, "contact method")
	if err != nil {
		return deleted{}, err
	}
	return deletedOut(wire.KindMethod, id), person.DeleteMethod(c.Tx, id)
}
