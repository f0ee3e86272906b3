package maker

import (
	"storehouse/core/doc"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func organizationRoutes(*face) []web.Route {
	op := func(title string) web.Opt { return web.Title("Platform", title) }
	return []web.Route{
		web.Write("POST /api/organizations", org.None, createOrganization, web.Created, op("Create organization")),
		web.Read("GET /api/organizations/current", org.Viewer, getOrganization, op("Get current organization")),
		web.Write("PATCH /api/organizations/current", org.Admin, updateOrganization, op("Update current organization")),
		web.Write("DELETE /api/organizations/current", org.Owner, purgeOrganization, op("Delete current organization (purge)"),
			web.Doc("Everything that the organization has is deleted, for good.")),
		web.Read("GET /api/organizations/current/members", org.Viewer, listMembers, op("List organization members")),
		web.Write("PATCH /api/organizations/current/members/{userId}", org.Admin, updateRole, op("Update user role"),
			web.Doc("Only an owner makes or changes an owner. The last owner stays one.")),
		web.Write("DELETE /api/organizations/current/members/{userId}", org.Admin, removeMember, op("Remove user from org")),
		web.Write("POST /api/organizations/current/leave", org.Viewer, leave, op("Leave organization"),
			web.Doc("The last owner cannot leave. An organization is never deleted by leaving it: deletedOrg is false.")),
	}
}

type organization struct {
	ID           wire.UUID  `json:"id"`
	Name         string     `json:"name"`
	Slug         string     `json:"slug"`
	LegalName    wire.TextN `json:"legalName"`
	Address      wire.TextN `json:"address"`
	City         wire.TextN `json:"city"`
	State        wire.TextN `json:"state"`
	Country      wire.TextN `json:"country"`
	ZipCode      wire.TextN `json:"zipCode"`
	LogoURL      wire.TextN `json:"logoUrl"`
	ContactEmail wire.TextN `json:"contactEmail"`
	ContactPhone wire.TextN `json:"contactPhone"`
	CreatedAt    wire.ISO   `json:"createdAt"`
	UpdatedAt    wire.ISO   `json:"updatedAt"`
}

func organizationOut(o org.Organization) organization {
	n := func(s string) wire.TextN { return wire.TextN(s) }
	return organization{wire.UUID{Kind: wire.KindOrg, ID: o.ID}, o.Name, o.Slug, n(o.LegalName), n(o.Address), n(o.City), n(o.State), n(o.Country),
		n(o.ZipCode), n(o.LogoURL), n(o.ContactEmail), n(o.ContactPhone), wire.ISO(o.CreatedAt), wire.ISO(o.UpdatedAt)}
}

type organizationSettings struct {
	OrgID              wire.UUID `json:"orgId"`
	Currency           string    `json:"currency"`
	CurrencyPlaces     int64     `json:"currencyPlaces"`
	TimeZone           string    `json:"timeZone"`
	Oversell           string    `json:"oversell" enum:"refuse,allow"`
	DefaultLocationID  wire.UUID `json:"defaultLocationId"`
	OverReceiptPercent wire.Dec  `json:"overReceiptPercent"`
	LoyaltyMovesStock  bool      `json:"loyaltyMovesStock"`
	UpdatedAt          wire.ISO  `json:"updatedAt"`
}

type currentOrganization struct {
	Organization organization         `json:"organization"`
	Settings     organizationSettings `json:"settings"`
}

func currentOut(c *web.Call, o org.Organization) (currentOrganization, error) {
	s, err := org.LoadSettings(c.Tx)
	return currentOrganization{organizationOut(o), organizationSettings{orgID(c), s.Currency, s.CurrencyPlaces, s.TimeZone, s.Oversell,
		wire.UUID{Kind: wire.KindLocation, ID: s.DefaultLocation}, wire.Dec(s.OverReceiptPercent), s.LoyaltyMovesStock, wire.ISO(s.UpdatedAt)}}, err
}

type newOrganization struct {
	Name string `json:"name" required:"true" minLength:"1" maxLength:"255"`
	Slug string `json:"slug" required:"true" minLength:"2" maxLength:"100" format:"slug"`
}

type madeOrganization struct {
	Organization organization `json:"organization"`
	Membership   membership   `json:"membership"`
}

func createOrganization(c *web.Call, in newOrganization) (madeOrganization, error) {
	u, err := me(c, true)
	if err != nil {
		return madeOrganization{}, err
	}
	home := c.Org
	o, m, err := org.Create(c.Tx, org.Organization{Name: in.Name, Slug: in.Slug}, u.ID)
	c.Org = home
	return madeOrganization{organizationOut(o), membershipOut(o.ID, m)}, err
}

func getOrganization(c *web.Call, _ web.None) (currentOrganization, error) {
	o, err := org.Get(c.Tx)
	if err != nil {
		return currentOrganization{}, err
	}
	return currentOut(c, o)
}

type changedOrganization struct {
	Name         *string          `json:"name" null:"never" minLength:"1" maxLength:"255"`
	Slug         *string          `json:"slug" null:"never" minLength:"2" maxLength:"100" format:"slug"`
	LegalName    wire.Opt[string] `json:"legalName"`
	Address      wire.Opt[string] `json:"address"`
	City         wire.Opt[string] `json:"city"`
	State        wire.Opt[string] `json:"state"`
	Country      wire.Opt[string] `json:"country"`
	ZipCode      wire.Opt[string] `json:"zipCode"`
	LogoURL      wire.Opt[string] `json:"logoUrl"`
	ContactEmail wire.Opt[string] `json:"contactEmail"`
	ContactPhone wire.Opt[string] `json:"contactPhone"`
}

func updateOrganization(c *web.Call, in changedOrganization) (currentOrganization, error) {
	o, err := org.Lock(c.Tx)
	if err != nil {
		return currentOrganization{}, err
	}
	change(&o.Name, in.Name)
	change(&o.Slug, in.Slug)
	patch(&o.LegalName, in.LegalName)
	patch(&o.Address, in.Address)
	patch(&o.City, in.City)
	patch(&o.State, in.State)
	patch(&o.Country, in.Country)
	patch(&o.ZipCode, in.ZipCode)
	patch(&o.LogoURL, in.LogoURL)
	patch(&o.ContactEmail, in.ContactEmail)
	patch(&o.ContactPhone, in.ContactPhone)
	if o, err = org.Update(c.Tx, o); err != nil {
		return currentOrganization{}, err
	}
	return currentOut(c, o)
}

func purgeOrganization(c *web.Call, _ web.None) (deleted, error) {
	if err := org.Purge(c.Tx); err != nil {
		return deleted{}, err
	}
	c.Forget()
	return deleted{orgID(c)}, doc.DeleteFiles(c.Tx)
}

type membership struct {
	ID           wire.UUID `json:"id"`
	UserID       wire.UUID `json:"userId"`
	OrgID        wire.UUID `json:"orgId"`
	Role         string    `json:"role" enum:"owner,admin,member,viewer"`
	IsActive     bool      `json:"isActive"`
	JoinedAt     wire.ISO  `json:"joinedAt"`
	LastActiveAt wire.ISO  `json:"lastActiveAt"`
	CreatedAt    wire.ISO  `json:"createdAt"`
	UpdatedAt    wire.ISO  `json:"updatedAt"`
}

func membershipOut(o int64, m org.Membership) membership {
	return membership{wire.UUID{Kind: wire.KindMember, ID: m.ID}, userID(m.User), wire.UUID{Kind: wire.KindOrg, ID: o}, m.Role.String(), m.IsActive,
		wire.ISO(m.JoinedAt), wire.ISO(m.LastActiveAt), wire.ISO(m.CreatedAt), wire.ISO(m.UpdatedAt)}
}

type memberUser struct {
	ID          wire.UUID  `json:"id"`
	Email       wire.TextN `json:"email"`
	DisplayName wire.TextN `json:"displayName"`
}

type member struct {
	membership
	User memberUser `json:"user"`
}

func listMembers(c *web.Call, in paging) (page[member], error) {
	after, err := parseIDCursor(in.Cursor)
	if err != nil {
		return page[member]{}, err
	}
	all, err := org.ListMembers(c.Tx, org.MemberFilter{})
	var rows []org.MemberUser
	for _, m := range all {
		if m.ID > after {
			rows = append(rows, m)
		}
	}
	return paged(in, rows, func(m org.MemberUser) member {
		return member{membershipOut(c.Org, m.Membership), memberUser{userID(m.User), wire.TextN(m.Email), wire.TextN(m.DisplayName)}}
	}, func(m org.MemberUser) string { return idCursor(m.ID) }), err
}

type pathUser struct {
	User wire.Ref `path:"userId" required:"true" doc:"The user's id, a UUID."`
}

func (p pathUser) of() (int64, error) { return p.User.Of(wire.KindUser, "member") }

type changedRole struct {
	pathUser
	Role string `json:"role" required:"true" enum:"owner,admin,member,viewer"`
}

func updateRole(c *web.Call, in changedRole) (membership, error) {
	id, err := in.of()
	if err != nil {
		return membership{}, err
	}
	m, err := org.SetRole(c.Tx, c.Actor, id, org.ParseRole(in.Role))
	return membershipOut(c.Org, m), err
}

func removeMember(c *web.Call, in pathUser) (deleted, error) {
	id, err := in.of()
	if err != nil {
		return deleted{}, err
	}
	return deleted{userID(id)}, org.Expel(c.Tx, c.Actor, id)
}

type left struct {
	DeletedOrg bool `json:"deletedOrg"`
}

func leave(c *web.Call, _ web.None) (left, error) {
	return left{}, org.RemoveMember(c.Tx, c.Actor.User)
}
