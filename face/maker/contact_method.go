package maker

import (
	"storehouse/core/party"
	"storehouse/face/web"
	"storehouse/face/wire"
)

type method struct {
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

func methodOut(c *web.Call, m party.Method) method {
	return method{wire.UUID{Kind: wire.KindMethod, ID: m.ID}, orgID(c), wire.UUID{Kind: wire.KindPerson, ID: m.Person}, m.Type, m.Value,
		wire.TextN(m.Label), m.IsPrimary, m.IsActive, wire.ISO(m.CreatedAt), wire.ISO(m.UpdatedAt)}
}

type newMethod struct {
	pathID
	Type      string  `json:"type" required:"true" enum:"email,phone"`
	Value     string  `json:"value" required:"true" minLength:"1"`
	Label     *string `json:"label"`
	IsPrimary *bool   `json:"isPrimary"`
}

func addMethod(c *web.Call, in newMethod) (method, error) {
	p, err := contactAt(c, in.pathID)
	if err != nil {
		return method{}, err
	}
	m := party.Method{Person: p.ID, Type: in.Type, Value: in.Value, Label: text(in.Label)}
	change(&m.IsPrimary, in.IsPrimary)
	m, err = party.AddMethod(c.Tx, m)
	return methodOut(c, m), err
}

func listMethods(c *web.Call, in orderItemsIn) (page[method], error) {
	p, err := contactAt(c, in.pathID)
	if err != nil {
		return page[method]{}, err
	}
	after, err := parseIDCursor(in.Cursor)
	if err != nil {
		return page[method]{}, err
	}
	all, err := party.Methods(c.Tx, p.ID)
	var rows []party.Method
	for _, m := range all {
		if m.ID > after {
			rows = append(rows, m)
		}
	}
	return paged(in.paging, rows, func(m party.Method) method { return methodOut(c, m) }, func(m party.Method) string { return idCursor(m.ID) }), err
}

type changedMethod struct {
	pathID
	Type      *string          `json:"type" enum:"email,phone"`
	Value     *string          `json:"value"`
	Label     wire.Opt[string] `json:"label"`
	IsPrimary *bool            `json:"isPrimary"`
	IsActive  *bool            `json:"isActive"`
}

func updateMethod(c *web.Call, in changedMethod) (method, error) {
	id, err := in.of(wire.KindMethod, "contact method")
	if err != nil {
		return method{}, err
	}
	m, err := party.UpdateMethod(c.Tx, id, func(m *party.Method) {
		change(&m.Type, in.Type)
		change(&m.Value, in.Value)
		patch(&m.Label, in.Label)
		change(&m.IsPrimary, in.IsPrimary)
		change(&m.IsActive, in.IsActive)
	})
	return methodOut(c, m), err
}

func deleteMethod(c *web.Call, in pathID) (deleted, error) {
	id, err := in.of(wire.KindMethod, "contact method")
	if err != nil {
		return deleted{}, err
	}
	return deletedOut(wire.KindMethod, id), party.DeleteMethod(c.Tx, id)
}

type link struct {
	ID         wire.UUID  `json:"id"`
	OrgID      wire.UUID  `json:"orgId"`
	ContactID  wire.UUID  `json:"contactId"`
	EntityType string     `json:"entityType" enum:"customer,vendor"`
	EntityID   wire.UUID  `json:"entityId"`
	Role       wire.TextN `json:"role"`
	IsPrimary  bool       `json:"isPrimary"`
	Notes      wire.TextN `json:"notes"`
	IsActive   bool       `json:"isActive"`
	CreatedAt  wire.ISO   `json:"createdAt"`
	UpdatedAt  wire.ISO   `json:"updatedAt"`
}

func linkOut(c *web.Call, l party.Link) link {
	return link{wire.UUID{Kind: wire.KindLink, ID: l.ID}, orgID(c), wire.UUID{Kind: wire.KindPerson, ID: l.Person}, string(l.PartyRole),
		wire.UUID{Kind: wire.KindParty, ID: l.Party}, wire.TextN(l.Role), l.IsPrimary, wire.TextN(l.Notes), l.IsActive,
		wire.ISO(l.CreatedAt), wire.ISO(l.UpdatedAt)}
}

type newLink struct {
	pathID
	EntityType string   `json:"entityType" required:"true" enum:"customer,vendor"`
	EntityID   wire.Ref `json:"entityId" required:"true"`
	Role       *string  `json:"role"`
	Notes      *string  `json:"notes"`
	IsPrimary  *bool    `json:"isPrimary"`
}

func addLink(c *web.Call, in newLink) (link, error) {
	p, err := contactAt(c, in.pathID)
	if err != nil {
		return link{}, err
	}
	l := party.Link{Person: p.ID, PartyRole: party.Role(in.EntityType), Role: text(in.Role), Notes: text(in.Notes)}
	change(&l.IsPrimary, in.IsPrimary)
	if err := idsOf(idOf{"entityId", in.EntityID, wire.KindParty, &l.Party}); err != nil {
		return link{}, err
	}
	l, err = party.AddLink(c.Tx, l)
	return linkOut(c, l), err
}

type changedLink struct {
	pathID
	Role      wire.Opt[string] `json:"role"`
	Notes     wire.Opt[string] `json:"notes"`
	IsPrimary *bool            `json:"isPrimary"`
	IsActive  *bool            `json:"isActive"`
}

func updateLink(c *web.Call, in changedLink) (link, error) {
	id, err := in.of(wire.KindLink, "contact link")
	if err != nil {
		return link{}, err
	}
	l, err := party.UpdateLink(c.Tx, id, func(l *party.Link) {
		patch(&l.Role, in.Role)
		patch(&l.Notes, in.Notes)
		change(&l.IsPrimary, in.IsPrimary)
		change(&l.IsActive, in.IsActive)
	})
	return linkOut(c, l), err
}

func deleteLink(c *web.Call, in pathID) (deleted, error) {
	id, err := in.of(wire.KindLink, "contact link")
	if err != nil {
		return deleted{}, err
	}
	return deletedOut(wire.KindLink, id), party.DeleteLink(c.Tx, id)
}
