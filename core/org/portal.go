package org

import (
	"fmt"
	"strconv"
	"time"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/base/secret"
)

func itoa(n int64) string { return strconv.FormatInt(n, 10) }

// PortalUser is a user of the shop face: a web shop whose orders come in.
type PortalUser struct {
	ID, Org            int64
	Email, Name        string
	Settings           string // JSON text of core/connect
	CreatePotential    bool
	CreateAccount      bool
	CreateProducts     bool
	SendErrors         bool
	ExtraFieldsMapping string
	WebhookSecret      string // signs the shop's own deliveries
	IsActive           bool
	CreatedAt          time.Time
	UpdatedAt          time.Time

	passwordHash, webhookKeyHash string
}

// PasswordHash is what a password is checked against.
func (p PortalUser) PasswordHash() string { return p.passwordHash }

const portalCols = `p.id, p.org_id, p.email, p.name, p.settings, p.create_potential, p.create_account, p.create_products, p.send_errors,
	p.extra_fields_mapping, p.webhook_secret, p.is_active, p.created_at, p.updated_at, p.password_hash, p.webhook_key_hash`

func (p *PortalUser) dest() []any {
	return []any{&p.ID, &p.Org, &p.Email, &p.Name, &p.Settings, db.B(&p.CreatePotential), db.B(&p.CreateAccount), db.B(&p.CreateProducts),
		db.B(&p.SendErrors), &p.ExtraFieldsMapping, &p.WebhookSecret, db.B(&p.IsActive), db.T(&p.CreatedAt), db.T(&p.UpdatedAt),
		&p.passwordHash, &p.webhookKeyHash}
}

func scanPortal(r db.Row, p *PortalUser) error { return r.Scan(p.dest()...) }

// CreatePortalUser adds a user of tx's organization's shop face. Their e-mail
// address is unique in the whole store: it is all they sign in with. The key
// of their own webhook address is returned once; WebhookSecret is kept.
func CreatePortalUser(tx *db.Tx, p PortalUser, passwordHash string) (PortalUser, string, error) {
	var err error
	if p.Email, err = CleanEmail(p.Email); err != nil {
		return p, "", err
	}
	id, err := tx.NextID("portal_user")
	if err != nil {
		return p, "", err
	}
	if err := portalKey(tx); err != nil {
		return p, "", err
	}
	key := secret.Token(HookPrefix, tx.Org)
	p.ID, p.Org, p.IsActive, p.CreatedAt, p.UpdatedAt = id, tx.Org, true, tx.Now, tx.Now
	p.passwordHash, p.webhookKeyHash, p.WebhookSecret = passwordHash, secret.Hash(key), secret.Random()
	err = tx.Try(func() error {
		return tx.Insert("portal_user", `id, org_id, email, name, password_hash, settings, create_potential, create_account, create_products,
			send_errors, extra_fields_mapping, webhook_key_hash, webhook_secret, is_active, created_at, updated_at`,
			[][]any{{id, tx.Org, p.Email, p.Name, passwordHash, p.Settings, p.CreatePotential, p.CreateAccount, p.CreateProducts, p.SendErrors,
				p.ExtraFieldsMapping, p.webhookKeyHash, p.WebhookSecret, true, tx.Now, tx.Now}})
	})
	if fault.Is(err, fault.Conflict) {
		err = &fault.Error{Kind: fault.Conflict, Msg: "Duplicated user", Fields: []fault.Flaw{{Field: "email", Msg: "is taken"}}}
	}
	return p, key, err
}

// portalKey makes the key that signs the shop face's tokens, if there is none.
func portalKey(tx *db.Tx) error {
	return tx.Insert("org_secret", "org_id, name, value, created_at", [][]any{{tx.Org, secretPortalKey, secret.Random(), tx.Now}}, "ON CONFLICT DO NOTHING")
}

// PortalByEmail finds an active shop user in whichever organization.
func PortalByEmail(tx *db.Tx, email string) (PortalUser, error) {
	clean, err := CleanEmail(email)
	if err != nil {
		return PortalUser{}, fault.Missing("user")
	}
	p, err := db.One(tx, scanPortal, `SELECT `+portalCols+` FROM portal_user p WHERE p.email = ? AND p.is_active = 1`, clean)
	if fault.Is(err, fault.NotFound) {
		err = fault.Missing("user")
	}
	return p, err
}

// GetPortalUser returns one shop user of tx's organization.
func GetPortalUser(tx *db.Tx, id int64) (PortalUser, error) {
	p, err := db.One(tx, scanPortal, `SELECT `+portalCols+` FROM portal_user p WHERE p.org_id = ? AND p.id = ?`, tx.Org, id)
	if fault.Is(err, fault.NotFound) {
		err = fault.Missing("user")
	}
	return p, err
}

// SetPortalSettings replaces the settings document of a shop user.
func SetPortalSettings(tx *db.Tx, id int64, settings string) error {
	n, err := tx.Exec(`UPDATE portal_user SET settings = ?, updated_at = ? WHERE org_id = ? AND id = ?`, settings, tx.Now, tx.Org, id)
	if err == nil && n == 0 {
		err = fault.Missing("user")
	}
	return err
}

// SetPortalActive lets a shop user in or keeps them out; their tokens and
// webhook follow at once.
func SetPortalActive(tx *db.Tx, id int64, active bool) error {
	n, err := tx.Exec(`UPDATE portal_user SET is_active = ?, updated_at = ? WHERE org_id = ? AND id = ?`, active, tx.Now, tx.Org, id)
	if err == nil && n == 0 {
		err = fault.Missing("user")
	}
	return err
}

// PortalToken signs a token for a shop user, good for ttl (0: for ever). The
// password has been checked. tx's organization is the user's.
func PortalToken(tx *db.Tx, p PortalUser, ttl time.Duration) (string, error) {
	key, err := db.One(tx, db.Value[string], `SELECT value FROM org_secret WHERE org_id = ? AND name = ?`, p.Org, secretPortalKey)
	if err != nil {
		return "", err
	}
	c := secret.Claims{Org: p.Org, User: p.ID, Name: p.Name, Email: p.Email, IssuedAt: tx.Now}
	if ttl > 0 {
		c.ExpiresAt = tx.Now.Add(ttl)
	}
	return secret.Sign(key, c)
}

// AuthPortal says which shop user bears a token of PortalToken. The
// organization is the one that the token names, whatever tx's is. One
// statement.
func AuthPortal(tx *db.Tx, token string) (Actor, PortalUser, error) {
	var p PortalUser
	var key string
	claims, err := secret.Peek(token)
	if err != nil {
		return Actor{}, p, errBadCredential()
	}
	_, err = db.One(tx, func(r db.Row, _ *struct{}) error { return r.Scan(append(p.dest(), &key)...) },
		`SELECT `+portalCols+`, s.value FROM portal_user p JOIN org_secret s ON s.org_id = p.org_id AND s.name = ?
		WHERE p.org_id = ? AND p.id = ? AND p.is_active = 1`, secretPortalKey, claims.Org, claims.User)
	if err != nil {
		return Actor{}, PortalUser{}, unknown(err)
	}
	if _, err := secret.Verify(key, token, tx.Now); err != nil {
		return Actor{}, PortalUser{}, errBadCredential()
	}
	return p.actor("portal"), p, nil
}

// AuthWebhook says whose webhook address a key is of. The signature over the
// body is the face's to check, with WebhookSecret. One statement.
func AuthWebhook(tx *db.Tx, key string) (Actor, PortalUser, error) {
	org, ok := secret.Org(HookPrefix, key)
	if !ok {
		return Actor{}, PortalUser{}, errBadCredential()
	}
	p, err := db.One(tx, scanPortal, `SELECT `+portalCols+` FROM portal_user p WHERE p.org_id = ? AND p.webhook_key_hash = ? AND p.is_active = 1`,
		org, secret.Hash(key))
	if err != nil {
		return Actor{}, p, unknown(err)
	}
	return p.actor("webhook"), p, nil
}

func (p PortalUser) actor(kind string) Actor {
	return Actor{Org: p.Org, Role: Member, Name: p.Name, Email: p.Email, Credential: fmt.Sprintf("%s:%d", kind, p.ID), Source: p.ID}
}
