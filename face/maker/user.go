package maker

import (
	"storehouse/base/fault"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func userRoutes(*face) []web.Route {
	op := func(title string) web.Opt { return web.Title("Platform", title) }
	return []web.Route{
		web.Write("POST /api/users", org.None, createUser, web.Created, op("Create user"),
			web.Doc("Makes the user of a Firebase sign-in, or finds it: it may be called at every sign-in.")),
		web.Read("GET /api/users/me", org.None, getUser, op("Get user")),
		web.Write("PATCH /api/users/me", org.None, updateUser, op("Update user")),
		web.Write("DELETE /api/users/me", org.None, deleteUser, op("Delete user"),
			web.Doc("Who is the last owner of an organization is refused: they make another owner, or delete the organization, first.")),
		web.Write("POST /api/users/me/tokens", org.None, createToken, web.Created, op("Create API token (PAT)")),
		web.Read("GET /api/users/me/tokens", org.None, listTokens, op("List my API tokens")),
		web.Write("DELETE /api/users/me/tokens/{id}", org.None, revokeToken, op("Revoke API token")),
	}
}

type user struct {
	ID          wire.UUID  `json:"id"`
	FirebaseUID wire.TextN `json:"firebaseUid"`
	Email       wire.TextN `json:"email"`
	DisplayName wire.TextN `json:"displayName"`
	IsActive    bool       `json:"isActive"`
	LastLoginAt wire.ISO   `json:"lastLoginAt"`
	CreatedAt   wire.ISO   `json:"createdAt"`
	UpdatedAt   wire.ISO   `json:"updatedAt"`
}

func userOut(u org.User) user {
	return user{userID(u.ID), wire.TextN(u.FirebaseUID), wire.TextN(u.Email), wire.TextN(u.DisplayName), u.IsActive,
		wire.ISO(u.LastLoginAt), wire.ISO(u.CreatedAt), wire.ISO(u.UpdatedAt)}
}

func userID(id int64) wire.UUID { return wire.UUID{Kind: wire.KindUser, ID: id} }

type newUser struct {
	Email       string  `json:"email" required:"true" format:"email"`
	DisplayName *string `json:"displayName" maxLength:"255"`
}

func createUser(c *web.Call, in newUser) (user, error) {
	if c.Actor.Subject == "" { // a personal token: its user is there
		u, err := org.GetUser(c.Tx, c.Actor.User)
		return userOut(u), err
	}
	email, verified := c.Actor.Email, c.Actor.Verified
	if email == "" { // signed in by telephone, say
		email, verified = in.Email, false
	}
	if clean, err := org.CleanEmail(in.Email); err != nil {
		return user{}, err
	} else if given, err := org.CleanEmail(email); err != nil || given != clean {
		return user{}, fault.Field("email", "is not the one that was signed in with")
	}
	u, _, err := org.SignIn(c.Tx, c.Actor.Subject, email, verified, text(in.DisplayName))
	return userOut(u), err
}

// me returns the user who calls. A Firebase sign-in without a user yet makes
// one, when the operation needs one; otherwise it is not found.
func me(c *web.Call, make bool) (org.User, error) {
	if c.Actor.User != 0 {
		return org.GetUser(c.Tx, c.Actor.User)
	}
	if !make || c.Actor.Subject == "" {
		return org.User{}, fault.Missing("user")
	}
	u, _, err := org.SignIn(c.Tx, c.Actor.Subject, c.Actor.Email, c.Actor.Verified, "")
	return u, err
}

type userOrganization struct {
	ID   wire.UUID `json:"id"`
	Name string    `json:"name"`
	Slug string    `json:"slug"`
	Role string    `json:"role" enum:"owner,admin,member,viewer"`
}

type ownUser struct {
	User          user               `json:"user"`
	Organizations []userOrganization `json:"organizations"`
}

func getUser(c *web.Call, _ web.None) (ownUser, error) {
	u, err := me(c, false)
	if err != nil {
		return ownUser{}, err
	}
	list, err := org.OrganizationsOf(c.Tx, u.ID)
	out := ownUser{userOut(u), []userOrganization{}}
	for _, o := range list {
		out.Organizations = append(out.Organizations, userOrganization{wire.UUID{Kind: wire.KindOrg, ID: o.ID}, o.Name, o.Slug, o.Role.String()})
	}
	return out, err
}

type changedUser struct {
	DisplayName wire.Opt[string] `json:"displayName" maxLength:"255"`
}

func updateUser(c *web.Call, in changedUser) (user, error) {
	u, err := me(c, false)
	if err != nil || !in.DisplayName.Set {
		return userOut(u), err
	}
	u, err = org.SetDisplayName(c.Tx, u.ID, in.DisplayName.V)
	return userOut(u), err
}

func deleteUser(c *web.Call, _ web.None) (deleted, error) {
	u, err := me(c, false)
	if err != nil {
		return deleted{}, err
	}
	return deleted{userID(u.ID)}, org.DeleteUser(c.Tx, u.ID)
}

type apiToken struct {
	ID         wire.UUID `json:"id"`
	Name       string    `json:"name"`
	OrgID      wire.UUID `json:"orgId"`
	Prefix     string    `json:"prefix"`
	ExpiresAt  wire.ISO  `json:"expiresAt"`
	LastUsedAt wire.ISO  `json:"lastUsedAt"`
	RevokedAt  wire.ISO  `json:"revokedAt"`
	CreatedAt  wire.ISO  `json:"createdAt"`
}

func tokenOut(t org.APIToken) apiToken {
	return apiToken{wire.UUID{Kind: wire.KindToken, ID: t.ID}, t.Name, wire.UUID{Kind: wire.KindOrg, ID: t.Org}, t.Prefix,
		wire.ISO(t.ExpiresAt), wire.ISO(t.LastUsedAt), wire.ISO(t.RevokedAt), wire.ISO(t.CreatedAt)}
}

type newToken struct {
	Name          string   `json:"name" required:"true" minLength:"1" maxLength:"255"`
	OrgID         wire.Ref `json:"orgId" required:"true"`
	ExpiresInDays *int64   `json:"expiresInDays" minimum:"1" maximum:"3650" doc:"Null is for ever."`
}

type madeToken struct {
	Token     apiToken `json:"token"`
	Plaintext string   `json:"plaintext" doc:"The token itself: it is shown this once."`
}

func createToken(c *web.Call, in newToken) (madeToken, error) {
	u, err := me(c, false)
	if err != nil {
		return madeToken{}, err
	}
	o, err := in.OrgID.Of(wire.KindOrg, "organization")
	if err != nil {
		return madeToken{}, missing("orgId", err)
	}
	days := int64(0)
	change(&days, in.ExpiresInDays)
	var t org.APIToken
	var plain string
	err = within(c, o, func() (err error) {
		t, plain, err = org.CreateToken(c.Tx, u.ID, in.Name, days)
		return err
	})
	return madeToken{tokenOut(t), plain}, err
}

// within runs fn in another organization of the caller's. The call goes back
// to its own: what the kit keeps of it belongs there.
func within(c *web.Call, o int64, fn func() error) error {
	home := c.Org
	defer func() { c.Org = home }()
	c.Org = o
	return fn()
}

func listTokens(c *web.Call, in paging) (page[apiToken], error) {
	u, err := me(c, false)
	if err != nil {
		return page[apiToken]{}, err
	}
	before, err := parseIDCursor(in.Cursor)
	if err != nil {
		return page[apiToken]{}, err
	}
	all, err := org.ListTokens(c.Tx, u.ID)
	var rows []org.APIToken
	for _, t := range all {
		if before == 0 || t.ID < before {
			rows = append(rows, t)
		}
	}
	return paged(in, rows, tokenOut, func(t org.APIToken) string { return idCursor(t.ID) }), err
}

func revokeToken(c *web.Call, in pathID) (deleted, error) {
	u, err := me(c, false)
	if err != nil {
		return deleted{}, err
	}
	id, err := in.of(wire.KindToken, "token")
	if err != nil {
		return deleted{}, err
	}
	return deletedOut(wire.KindToken, id), org.RevokeToken(c.Tx, u.ID, id)
}
