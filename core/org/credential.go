package org

import (
	"fmt"
	"time"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/base/secret"
)

// What our tokens begin with. Every one names its organization in clear.
const (
	TokenPrefix   = "shp" // personal API token
	AccessPrefix  = "sho" // OAuth access token
	RefreshPrefix = "shx" // OAuth refresh token
	ClientPrefix  = "shs" // secret of an OAuth client
	FeedPrefix    = "shf" // the stock feed's key
	ProgramPrefix = "shl" // a loyalty programme's apikey
	InvitePrefix  = "shi" // invitation
	RegPrefix     = "shr" // lets a shop's user register
	ChangePrefix  = "shc" // lets a shop change a lead's status
	HookPrefix    = "shw" // key in a webhook's address
)

// TokenOrg returns the organization that a token of ours names, whatever its
// kind; 0 when it is none. It proves nothing: see the Auth functions.
func TokenOrg(token string) int64 {
	for _, p := range []string{TokenPrefix, AccessPrefix, RefreshPrefix, FeedPrefix, ProgramPrefix, InvitePrefix, RegPrefix, ChangePrefix, HookPrefix} {
		if org, ok := secret.Org(p, token); ok {
			return org
		}
	}
	return 0
}

// errBadCredential is what every failed authentication answers: it does not
// say which part was wrong.
func errBadCredential() error { return fault.New(fault.Unauthorized, "invalid credentials") }

// AuthToken says who bears a personal API token of tx's organization, with
// the role that they have now. One statement.
func AuthToken(tx *db.Tx, token string) (Actor, error) {
	a := Actor{Org: tx.Org}
	var id int64
	var expires, revoked time.Time
	var member, user bool
	var subject string
	_, err := db.One(tx, func(r db.Row, _ *struct{}) error {
		return r.Scan(&id, db.T(&expires), db.T(&revoked), &a.User, &a.Role, db.B(&member), db.B(&user), db.S(&a.Name), db.S(&a.Email), db.S(&subject))
	}, `SELECT t.id, t.expires_at, t.revoked_at, t.user_id, m.role, m.is_active, u.is_active, u.display_name, u.email, u.firebase_uid
		FROM api_token t JOIN member m ON m.org_id = t.org_id AND m.user_id = t.user_id JOIN user_account u ON u.id = t.user_id
		WHERE t.org_id = ? AND t.token_hash = ?`, tx.Org, secret.Hash(token))
	if err != nil {
		return Actor{}, unknown(err)
	}
	if !member || !user || !revoked.IsZero() || (!expires.IsZero() && !expires.After(tx.Now)) {
		return Actor{}, errBadCredential()
	}
	// Whose address Firebase has to verify, it says in its own tokens only.
	a.Verified = subject == ""
	a.Credential, a.Source = fmt.Sprintf("pat:%d", id), id
	return a, nil
}

// AuthAccess says who bears an OAuth access token of tx's organization, and
// in which dialect its program wants its answers. Who may no longer sign in
// is refused; a program that acts for somebody needs no such permission. One
// statement.
func AuthAccess(tx *db.Tx, token string) (Actor, error) {
	a := Actor{Org: tx.Org}
	var id, client int64
	var expires, revoked, clientRevoked time.Time
	var member, user, login, everywhere, selected bool
	var places, contacts string
	_, err := db.One(tx, func(r db.Row, _ *struct{}) error {
		return r.Scan(&id, &client, db.T(&expires), db.T(&revoked), db.T(&clientRevoked), &a.Dialect, db.I(&a.User), (*nullRole)(&a.Role),
			db.B(&member), db.B(&user), db.B(&login), db.B(&everywhere), db.S(&places), db.B(&selected), db.S(&contacts), db.S(&a.Name), db.S(&a.Email), db.S(&a.TimeZone))
	}, `SELECT t.id, t.client_id, t.access_expires_at, t.revoked_at, c.revoked_at, c.dialect, t.user_id, m.role, m.is_active, u.is_active,
			CASE WHEN t.refresh_hash IS NULL THEN 1 ELSE m.allow_login END, m.all_locations, m.location_ids, m.selected_contacts, m.contact_ids, u.display_name, u.email, s.time_zone
		FROM oauth_token t JOIN oauth_client c ON c.id = t.client_id
		LEFT JOIN org_settings s ON s.org_id = t.org_id
		LEFT JOIN member m ON m.org_id = t.org_id AND m.user_id = t.user_id LEFT JOIN user_account u ON u.id = t.user_id
		WHERE t.org_id = ? AND t.access_hash = ?`, tx.Org, secret.Hash(token))
	if err != nil {
		return Actor{}, unknown(err)
	}
	if !revoked.IsZero() || !clientRevoked.IsZero() || !expires.After(tx.Now) || (a.User != 0 && !(member && user && login)) {
		return Actor{}, errBadCredential()
	}
	if a.User == 0 { // a program on its own account
		a.Role, a.Name = Member, "API client"
	}
	a.Places, a.Contacts = placesOf(a.Role, everywhere, places), contactsOf(a.Role, selected, contacts)
	a.Credential, a.Source = fmt.Sprintf("oauth:%d", id), client
	return a, nil
}

// nullRole reads a role; NULL is None.
type nullRole Role

func (r *nullRole) Scan(v any) error {
	n, _ := v.(int64)
	*r = nullRole(n)
	return nil
}

// AuthSubject says who a verified Firebase user is in tx's organization (0:
// in none). verified is what Firebase says of the address; it says nothing of
// another one, with which the user came first. A subject without a user yet,
// or a user who is no member, comes back with the role None. One statement.
func AuthSubject(tx *db.Tx, subject, email string, verified bool) (Actor, error) {
	a := Actor{Org: tx.Org, Subject: subject, Email: email, Verified: verified, Credential: "firebase"}
	var active, member bool
	_, err := db.One(tx, func(r db.Row, _ *struct{}) error {
		return r.Scan(&a.User, db.B(&active), db.S(&a.Name), db.S(&a.Email), (*nullRole)(&a.Role), db.B(&member))
	}, `SELECT u.id, u.is_active, u.display_name, u.email, m.role, m.is_active
		FROM user_account u LEFT JOIN member m ON m.org_id = ? AND m.user_id = u.id WHERE u.firebase_uid = ?`, tx.Org, subject)
	if fault.Is(err, fault.NotFound) {
		return a, nil
	}
	if err != nil {
		return Actor{}, err
	}
	if !active {
		return Actor{}, errBadCredential()
	}
	if !member {
		a.Role = None
	}
	proved, err := CleanEmail(email)
	a.Verified = verified && err == nil && proved == a.Email
	return a, nil
}

// AuthFeed says who bears a key of tx's organization's stock feed. One
// statement.
func AuthFeed(tx *db.Tx, key string) (Actor, error) {
	id, err := db.One(tx, db.Value[int64], `SELECT id FROM feed_key WHERE org_id = ? AND key_hash = ? AND revoked_at IS NULL`, tx.Org, secret.Hash(key))
	if err != nil {
		return Actor{}, unknown(err)
	}
	return Actor{Org: tx.Org, Role: Viewer, Name: "Stock feed", Credential: fmt.Sprintf("feed:%d", id), Source: id}, nil
}

// AuthProgram says who bears a loyalty programme's username and apikey. The
// organization is the programme's, whatever tx's is. One statement.
func AuthProgram(tx *db.Tx, app int64, username, apikey string) (Actor, error) {
	var p Program
	var hash string
	_, err := db.One(tx, func(r db.Row, _ *struct{}) error { return r.Scan(&p.Org, &p.Username, &hash) },
		`SELECT org_id, username, apikey_hash FROM loyalty_program WHERE id = ? AND revoked_at IS NULL`, app)
	if err != nil {
		return Actor{}, unknown(err)
	}
	if !secret.Equal(p.Username, username) || !secret.Equal(hash, secret.Hash(apikey)) {
		return Actor{}, errBadCredential()
	}
	return Actor{Org: p.Org, Role: Member, Name: "Loyalty programme", Credential: fmt.Sprintf("program:%d", app), Source: app}, nil
}

func unknown(err error) error {
	if fault.Is(err, fault.NotFound) {
		return errBadCredential()
	}
	return err
}

// APIToken is a personal token, without the token.
type APIToken struct {
	ID, Org, User int64
	Name, Prefix  string
	ExpiresAt     time.Time // zero is never
	LastUsedAt    time.Time
	RevokedAt     time.Time
	CreatedAt     time.Time
}

// CreateToken makes a personal token for a member of tx's organization and
// returns it with its plaintext, which is not kept. days is how long it is
// good for; 0 is for ever.
func CreateToken(tx *db.Tx, user int64, name string, days int64) (APIToken, string, error) {
	t := APIToken{Org: tx.Org, User: user, Name: name, CreatedAt: tx.Now}
	if n := len([]rune(name)); n < 1 || n > 255 {
		return t, "", fault.Field("name", "must have 1 to 255 characters")
	}
	if days < 0 || days > 3650 {
		return t, "", fault.Field("expiresInDays", "must be between 1 and 3650")
	}
	if days > 0 {
		t.ExpiresAt = tx.Now.AddDate(0, 0, int(days))
	}
	if m, err := GetMember(tx, user); err != nil || !m.IsActive {
		return t, "", fault.New(fault.Forbidden, "not a member of this organization")
	}
	plain := secret.Token(TokenPrefix, tx.Org)
	id, err := tx.NextID("api_token")
	if err != nil {
		return t, "", err
	}
	t.ID, t.Prefix = id, secret.Shown(plain)
	return t, plain, tx.Insert("api_token", "org_id, id, user_id, name, prefix, token_hash, expires_at, created_at",
		[][]any{{tx.Org, id, user, name, t.Prefix, secret.Hash(plain), t.ExpiresAt, tx.Now}})
}

// ListTokens returns a user's personal tokens in all their organizations,
// newest first, revoked ones too.
func ListTokens(tx *db.Tx, user int64) ([]APIToken, error) {
	orgs, err := organizationsOf(tx, user)
	if err != nil {
		return nil, err
	}
	return db.All(tx, func(r db.Row, t *APIToken) error {
		return r.Scan(&t.ID, &t.Org, &t.User, &t.Name, &t.Prefix, db.T(&t.ExpiresAt), db.T(&t.LastUsedAt), db.T(&t.RevokedAt), db.T(&t.CreatedAt))
	}, `SELECT id, org_id, user_id, name, prefix, expires_at, last_used_at, revoked_at, created_at FROM api_token
		WHERE org_id IN (`+db.Marks(len(orgs))+`) AND user_id = ? ORDER BY id DESC`, append(db.Args(orgs), user)...)
}

// RevokeToken ends one of a user's personal tokens, in whichever of their
// organizations.
func RevokeToken(tx *db.Tx, user, id int64) error {
	orgs, err := organizationsOf(tx, user)
	if err != nil {
		return err
	}
	n, err := tx.Exec(`UPDATE api_token SET revoked_at = COALESCE(revoked_at, ?) WHERE org_id IN (`+db.Marks(len(orgs))+`) AND user_id = ? AND id = ?`,
		append(append([]any{tx.Now}, db.Args(orgs)...), user, id)...)
	if err == nil && n == 0 {
		err = fault.Missing("token")
	}
	return err
}

func organizationsOf(tx *db.Tx, user int64) ([]int64, error) {
	return db.All(tx, db.Value[int64], `SELECT org_id FROM user_organization WHERE user_id = ? ORDER BY org_id`, user)
}
