package maker

import (
	"storehouse/core/org"
	"storehouse/core/party"
	"storehouse/core/person"
	"storehouse/face/web"
	"storehouse/face/wire"
)

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
		web.Write("POST /api/contacts/find-or-create", org.Member, findContact, op("Find or create contact for entity")),
		web.Read("GET /api/contacts/by-entity", org.Viewer, contactsOf, op("List contacts linked to an entity"),
			web.Doc("Those whose link is active, each with the link and its methods.")),
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

func contactOut(c *web.Call, p person.Person) contact {
	return contact{wire.UUID{Kind: wire.KindPerson, ID: p.ID}, orgID(c), p.DisplayName, p.FirstName, wire.TextN(p.LastName), wire.TextN(p.Title),
		wire.TextN(p.Notes), p.IsActive, wire.ISO(p.CreatedAt), wire.ISO(p.UpdatedAt)}
}

type newContact struct {
	FirstName   string  `json:"firstName" required:"true" minLength:"1" maxLength:"255"`
	LastName    *string `json:"lastName" maxLength:"255"`
	Title       *string `json:"title" maxLength:"255"`
	Notes       *string `json:"notes"`
	DisplayName *string `json:"displayName" null:"never" maxLength:"511" doc:"First and last name unless given."`
}

func createContact(c *web.Call, in newContact) (contact, error) {
	p, err := person.Create(c.Tx, person.Person{FirstName: in.FirstName, LastName: text(in.LastName), Title: text(in.Title), Notes: text(in.Notes),
		DisplayName: text(in.DisplayName)})
	return contactOut(c, p), err
}

// personAfter reads the cursor of a list of people.
func personAfter(p paging) (*person.Cursor, error) {
	name, id, err := web.ParseNameCursor(p.Cursor)
	if err != nil || p.Cursor == "" {
		return nil, err
	}
	return &person.Cursor{Key: name, ID: id}, nil
}

func listContacts(c *web.Call, in paging) (page[contact], error) {
	after, err := personAfter(in)
	if err != nil {
		return page[contact]{}, err
	}
	rows, err := person.List(c.Tx, after, in.limit()+1)
	return paged(in, rows, func(p person.Person) contact { return contactOut(c, p) },
		func(p person.Person) string { return web.NameCursor(p.Cursor().Key, p.ID) }), err
}

func personAt(c *web.Call, in pathID) (person.Person, error) {
	id, err := in.of(wire.KindPerson, "contact")
	if err != nil {
		return person.Person{}, err
	}
	return person.Get(c.Tx, id)
}

type changedContact struct {
	pathID
	FirstName   *string          `json:"firstName" null:"never" minLength:"1" maxLength:"255"`
	LastName    wire.Opt[string] `json:"lastName" maxLength:"255"`
	Title       wire.Opt[string] `json:"title" maxLength:"255"`
	Notes       wire.Opt[string] `json:"notes"`
	DisplayName *string          `json:"displayName" null:"never" maxLength:"511"`
	IsActive    *bool            `json:"isActive" null:"never"`
}

func updateContact(c *web.Call, in changedContact) (contact, error) {
	id, err := in.of(wire.KindPerson, "contact")
	if err != nil {
		return contact{}, err
	}
	p, err := person.Lock(c.Tx, id)
	if err != nil {
		return contact{}, err
	}
	change(&p.FirstName, in.FirstName)
	patch(&p.LastName, in.LastName)
	patch(&p.Title, in.Title)
	patch(&p.Notes, in.Notes)
	change(&p.DisplayName, in.DisplayName)
	change(&p.IsActive, in.IsActive)
	p, err = person.Update(c.Tx, p)
	return contactOut(c, p), err
}

func deleteContact(c *web.Call, in pathID) (deleted, error) {
	id, err := in.of(wire.KindPerson, "contact")
	if err != nil {
		return deleted{}, err
	}
	return deletedOut(wire.KindPerson, id), person.Delete(c.Tx, id)
}

type contactDetail struct {
	Contact contact         `json:"contact"`
	Methods []contactMethod `json:"methods"`
	Links   []contactLink   `json:"links"`
}

func showContact(c *web.Call, in pathID) (contactDetail, error) {
	p, err := personAt(c, in)
	if err != nil {
		return contactDetail{}, err
	}
	out := contactDetail{Contact: contactOut(c, p), Methods: []contactMethod{}, Links: []contactLink{}}
	methods, err := person.Methods(c.Tx, p.ID)
	if err != nil {
		return out, err
	}
	for _, m := range methods {
		out.Methods = append(out.Methods, methodOut(c, m))
	}
	links, err := person.Links(c.Tx, p.ID)
	for _, l := range links {
		out.Links = append(out.Links, linkOut(c, l))
	}
	return out, err
}

type soughtContact struct {
	FirstName  string   `json:"firstName" required:"true" minLength:"1" maxLength:"255"`
	LastName   *string  `json:"lastName" maxLength:"255"`
	Email      string   `json:"email" required:"true" format:"email"`
	EntityType string   `json:"entityType" required:"true" enum:"customer,vendor"`
	EntityID   wire.Ref `json:"entityId" required:"true"`
	Role       *string  `json:"role" maxLength:"255"`
}

type foundContact struct {
	Contact contact       `json:"contact"`
	Method  contactMethod `json:"method"`
	Link    contactLink   `json:"link"`
	Created bool          `json:"created"`
}

func findContact(c *web.Call, in soughtContact) (foundContact, error) {
	l := person.Link{As: party.Role(in.EntityType), Role: text(in.Role)}
	var err error
	if l.Party, err = partyRef(c, "entityId", l.As, in.EntityID); err != nil {
		return foundContact{}, err
	}
	f, err := person.FindOrCreate(c.Tx, person.Person{FirstName: in.FirstName, LastName: text(in.LastName)}, in.Email, l)
	return foundContact{contactOut(c, f.Person), methodOut(c, f.Method), linkOut(c, f.Link), f.Created}, err
}
