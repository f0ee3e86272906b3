package maker

import (
	"storehouse/core/org"
	"storehouse/core/party"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// Contacts are people at customers and vendors.
func contactRoutes(*face) []web.Route {
	op := func(title string) web.Opt { return web.Title("Contacts", title) }
	return []web.Route{
		web.Write("POST /api/contacts", org.Member, createContact, web.Created, op("Create contact")),
		web.Read("GET /api/contacts", org.Viewer, listContacts, op("List contacts")),
		web.Write("PATCH /api/contacts/{id}", org.Member, updateContact, op("Update contact")),
		web.Write("DELETE /api/contacts/{id}", org.Member, deleteContact, op("Delete contact")),
		web.Read("GET /api/contacts/{id}", org.Viewer, showContact, op("Get contact detail")),
		web.Write("POST /api/contacts/{id}/methods", org.Member, addMethod, web.Created, op("Add contact method")),
		web.Read("GET /api/contacts/{id}/methods", org.Viewer, listMethods, op("List methods for a contact")),
		web.Write("PATCH /api/contact-methods/{id}", org.Member, updateMethod, op("Update contact method")),
		web.Write("DELETE /api/contact-methods/{id}", org.Member, deleteMethod, op("Delete contact method")),
		web.Write("POST /api/contacts/{id}/links", org.Member, addLink, web.Created, op("Link contact to entity")),
		web.Write("PATCH /api/contact-links/{id}", org.Member, updateLink, op("Update contact-entity link")),
		web.Write("DELETE /api/contact-links/{id}", org.Member, deleteLink, op("Unlink contact from entity")),
		web.Write("POST /api/contacts/find-or-create", org.Member, findOrCreate, op("Find or create contact for entity")),
		web.Read("GET /api/contacts/by-entity", org.Viewer, contactsOf, op("List contacts linked to an entity")),
	}
}

type contact struct {
	ID          wire.UUID  `json:"id"`
	OrgID       wire.UUID  `json:"orgId"`
	DisplayName string     `json:"displayName"`
	FirstName   string     `json:"firstName"`
	LastName    wire.TextN `json:"lastName"`
	Title       wire.TextN `json:"title"`
	Notes       wire.TextN `json:"notes"`
	IsActive    bool       `json:"isActive"`
	CreatedAt   wire.ISO   `json:"createdAt"`
	UpdatedAt   wire.ISO   `json:"updatedAt"`
}

func contactOut(c *web.Call, p party.Person) contact {
	return contact{wire.UUID{Kind: wire.KindPerson, ID: p.ID}, orgID(c), p.DisplayName, p.FirstName, wire.TextN(p.LastName), wire.TextN(p.Title),
		wire.TextN(p.Notes), p.IsActive, wire.ISO(p.CreatedAt), wire.ISO(p.UpdatedAt)}
}

type newContact struct {
	FirstName   string  `json:"firstName" required:"true" minLength:"1"`
	LastName    *string `json:"lastName"`
	Title       *string `json:"title"`
	Notes       *string `json:"notes"`
	DisplayName *string `json:"displayName" doc:"The names unless given."`
}

func createContact(c *web.Call, in newContact) (contact, error) {
	p, err := party.CreatePerson(c.Tx, party.Person{FirstName: in.FirstName, LastName: text(in.LastName), Title: text(in.Title), Notes: text(in.Notes),
		DisplayName: text(in.DisplayName)})
	return contactOut(c, p), err
}

func listContacts(c *web.Call, in paging) (page[contact], error) {
	return contactPage(c, in, party.PersonFilter{})
}

func contactPage(c *web.Call, in paging, f party.PersonFilter) (page[contact], error) {
	name, id, err := web.ParseNameCursor(in.Cursor)
	if err != nil {
		return page[contact]{}, err
	}
	if in.Cursor != "" {
		f.After = &party.Cursor{Key: name, ID: id}
	}
	f.Limit = in.limit() + 1
	rows, err := party.ListPeople(c.Tx, f)
	return paged(in, rows, func(p party.Person) contact { return contactOut(c, p) },
		func(p party.Person) string { return web.NameCursor(p.Cursor().Key, p.ID) }), err
}

type contactsOfIn struct {
	paging
	EntityType string   `query:"entityType" required:"true" enum:"customer,vendor"`
	EntityID   wire.Ref `query:"entityId" required:"true"`
}

func contactsOf(c *web.Call, in contactsOfIn) (page[contact], error) {
	role := party.Role(in.EntityType)
	id, err := partyRef(c, "entityId", role, in.EntityID)
	if err != nil {
		return page[contact]{}, err
	}
	return contactPage(c, in.paging, party.PersonFilter{Role: role, Party: id})
}

func contactAt(c *web.Call, in pathID) (party.Person, error) {
	id, err := in.of(wire.KindPerson, "contact")
	if err != nil {
		return party.Person{}, err
	}
	return party.GetPerson(c.Tx, id)
}

type contactDetail struct {
	Contact contact  `json:"contact"`
	Methods []method `json:"methods"`
	Links   []link   `json:"links"`
}

func showContact(c *web.Call, in pathID) (contactDetail, error) {
	p, err := contactAt(c, in)
	if err != nil {
		return contactDetail{}, err
	}
	methods, err := party.Methods(c.Tx, p.ID)
	if err != nil {
		return contactDetail{}, err
	}
	links, err := party.Links(c.Tx, p.ID)
	out := contactDetail{contactOut(c, p), []method{}, []link{}}
	for _, m := range methods {
		out.Methods = append(out.Methods, methodOut(c, m))
	}
	for _, l := range links {
		out.Links = append(out.Links, linkOut(c, l))
	}
	return out, err
}

type changedContact struct {
	pathID
	FirstName   *string          `json:"firstName" minLength:"1"`
	LastName    wire.Opt[string] `json:"lastName"`
	Title       wire.Opt[string] `json:"title"`
	Notes       wire.Opt[string] `json:"notes"`
	DisplayName *string          `json:"displayName"`
	IsActive    *bool            `json:"isActive"`
}

func updateContact(c *web.Call, in changedContact) (contact, error) {
	p, err := contactAt(c, in.pathID)
	if err != nil {
		return contact{}, err
	}
	change(&p.FirstName, in.FirstName)
	patch(&p.LastName, in.LastName)
	patch(&p.Title, in.Title)
	patch(&p.Notes, in.Notes)
	change(&p.DisplayName, in.DisplayName)
	change(&p.IsActive, in.IsActive)
	p, err = party.UpdatePerson(c.Tx, p)
	return contactOut(c, p), err
}

func deleteContact(c *web.Call, in pathID) (deleted, error) {
	id, err := in.of(wire.KindPerson, "contact")
	if err != nil {
		return deleted{}, err
	}
	return deletedOut(wire.KindPerson, id), party.DeletePerson(c.Tx, id)
}

type findIn struct {
	FirstName  string   `json:"firstName" required:"true" minLength:"1"`
	LastName   *string  `json:"lastName"`
	Email      string   `json:"email" required:"true" format:"email"`
	EntityType string   `json:"entityType" required:"true" enum:"customer,vendor"`
	EntityID   wire.Ref `json:"entityId" required:"true"`
	Role       *string  `json:"role"`
}

type found struct {
	Contact contact `json:"contact"`
	Method  method  `json:"method"`
	Link    link    `json:"link"`
	Created bool    `json:"created"`
}

func findOrCreate(c *web.Call, in findIn) (found, error) {
	role := party.Role(in.EntityType)
	id, err := partyRef(c, "entityId", role, in.EntityID)
	if err != nil {
		return found{}, err
	}
	p, m, l, created, err := party.FindOrCreate(c.Tx, party.Person{FirstName: in.FirstName, LastName: text(in.LastName)}, in.Email,
		party.Link{Party: id, PartyRole: role, Role: text(in.Role)})
	return found{contactOut(c, p), methodOut(c, m), linkOut(c, l), created}, err
}
