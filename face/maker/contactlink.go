package maker

import (
	"storehouse/core/party"
	"storehouse/core/person"
	"storehouse/face/web"
	"storehouse/face/wire"
)

type contactLink struct {
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

func linkOut(c *web.Call, l person.Link) contactLink {
	return contactLink{wire.UUID{Kind: wire.KindLink, ID: l.ID}, orgID(c), wire.UUID{Kind: wire.KindPerson, ID: l.Person}, string(l.As),
		wire.UUID{Kind: wire.KindParty, ID: l.Party}, wire.TextN(l.Role), l.IsPrimary, wire.TextN(l.Notes), l.IsActive, wire.ISO(l.CreatedAt), wire.ISO(l.UpdatedAt)}
}

type newLink struct {
	pathID
	EntityType string   `json:"entityType" required:"true" enum:"customer,vendor"`
	EntityID   wire.Ref `json:"entityId" required:"true"`
	Role       *string  `json:"role" maxLength:"255"`
	Notes      *string  `json:"notes"`
	IsPrimary  bool     `json:"isPrimary" null:"never"`
}

func addLink(c *web.Call, in newLink) (contactLink, error) {
	p, err := personAt(c, in.pathID)
	if err != nil {
		return contactLink{}, err
	}
	l := person.Link{Person: p.ID, As: party.Role(in.EntityType), Role: text(in.Role), Notes: text(in.Notes), IsPrimary: in.IsPrimary}
	if l.Party, err = partyRef(c, "entityId", l.As, in.EntityID); err != nil {
		return contactLink{}, err
	}
	l, err = person.AddLink(c.Tx, l)
	return linkOut(c, l), err
}

type changedLink struct {
	pathID
	Role      wire.Opt[string] `json:"role" maxLength:"255"`
	Notes     wire.Opt[string] `json:"notes"`
	IsPrimary *bool            `json:"isPrimary" null:"never"`
	IsActive  *bool            `json:"isActive" null:"never"`
}

func updateLink(c *web.Call, in changedLink) (contactLink, error) {
	id, err := in.of(wire.KindLink, "contact link")
	if err != nil {
		return contactLink{}, err
	}
	l, err := person.LockLink(c.Tx, id)
	if err != nil {
		return contactLink{}, err
	}
	patch(&l.Role, in.Role)
	patch(&l.Notes, in.Notes)
	changePrimary(&l.IsPrimary, &l.IsActive, in.IsPrimary, in.IsActive)
	l, err = person.UpdateLink(c.Tx, l)
	return linkOut(c, l), err
}

func deleteLink(c *web.Call, in pathID) (deleted, error) {
	id, err := in.of(wire.KindLink, "contact link")
	if err != nil {
		return deleted{}, err
	}
	return deletedOut(wire.KindLink, id), person.DeleteLink(c.Tx, id)
}

type entityIn struct {
	paging
	EntityType string   `query:"entityType" required:"true" enum:"customer,vendor"`
	EntityID   wire.Ref `query:"entityId" required:"true"`
}

// linkedContact is a contact of a customer or vendor.
type linkedContact struct {
	contact
	Methods []contactMethod `json:"methods"`
	Link    contactLink     `json:"link"`
}

func contactsOf(c *web.Call, in entityIn) (page[linkedContact], error) {
	var none page[linkedContact]
	as := party.Role(in.EntityType)
	id, err := partyRef(c, "entityId", as, in.EntityID)
	if err != nil {
		return none, err
	}
	after, err := personAfter(in.paging)
	if err != nil {
		return none, err
	}
	rows, err := person.Of(c.Tx, id, as, after, in.limit()+1)
	if err != nil {
		return none, err
	}
	ids := make([]int64, len(rows))
	for i, r := range rows {
		ids[i] = r.ID
	}
	methods, err := person.Methods(c.Tx, ids...)
	if err != nil {
		return none, err
	}
	of := map[int64][]contactMethod{}
	for _, m := range methods {
		of[m.Person] = append(of[m.Person], methodOut(c, m))
	}
	return paged(in.paging, rows, func(l person.Linked) linkedContact {
		out := linkedContact{contactOut(c, l.Person), of[l.ID], linkOut(c, l.Link)}
		if out.Methods == nil {
			out.Methods = []contactMethod{}
		}
		return out
	}, func(l person.Linked) string { return web.NameCursor(l.Cursor().Key, l.ID) }), nil
}
