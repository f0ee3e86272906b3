package org

import (
	"time"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/base/secret"
)

// Client is a program that may ask for OAuth tokens.
type Client struct {
	ID, Org    int64
	Name       string
	Dialect    string // Documented or Upstream
	User       int64  // on whose behalf it acts with its own credentials; 0 is nobody's
	SecretHash string
	CreatedAt  time.Time
	RevokedAt  time.Time
}

// How long OAuth tokens are good for.
const (
	AccessTTL  = 365 * 24 * time.Hour // 31536000 s, as pos clients are used to
	RefreshTTL = 2 * AccessTTL
)

// Grant is what a program gets for good credentials, shown once.
type Grant struct {
	Access, Refresh string // Refresh is "" for a program on its own account
	Expires         time.Duration
}

// CreateClient registers a program of tx's organization and returns it with
// its secret, which is not kept.
func CreateClient(tx *db.Tx, name, dialect string, user int64) (Client, string, error) {
	c := Client{Org: tx.Org, Name: name, Dialect: dialect, User: user, CreatedAt: tx.Now}
	if dialect != Documented && dialect != Upstream {
		return c, "", fault.Field("dialect", "must be documented or upstream")
	}
	plain := secret.Token(ClientPrefix, tx.Org)
	c.SecretHash = secret.Hash(plain)
	id, err := tx.NextID("oauth_client")
	if err != nil {
		return c, "", err
	}
	c.ID = id
	return c, plain, tx.Insert("oauth_client", "id, org_id, name, secret_hash, dialect, user_id, created_at",
		[][]any{{id, tx.Org, name, c.SecretHash, dialect, db.Null(user), tx.Now}})
}

const clientCols = `id, org_id, name, secret_hash, dialect, user_id, revoked_at, created_at`

func scanClient(r db.Row, c *Client) error {
	return r.Scan(&c.ID, &c.Org, &c.Name, &c.SecretHash, &c.Dialect, db.I(&c.User), db.T(&c.RevokedAt), db.T(&c.CreatedAt))
}

// ClientByID finds a program in whichever organization; a revoked one is
// NotFound.
func ClientByID(tx *db.Tx, id int64) (Client, error) {
	return db.One(tx, scanClient, `SELECT `+clientCols+` FROM oauth_client WHERE id = ? AND revoked_at IS NULL`, id)
}

// ListClients returns the programs of tx's organization.
func ListClients(tx *db.Tx) ([]Client, error) {
	return db.All(tx, scanClient, `SELECT `+clientCols+` FROM oauth_client WHERE org_id = ? ORDER BY id`, tx.Org)
}

// RevokeClient ends a program and with it all of its tokens.
func RevokeClient(tx *db.Tx, id int64) error {
	n, err := tx.Exec(`UPDATE oauth_client SET revoked_at = COALESCE(revoked_at, ?) WHERE org_id = ? AND id = ?`, tx.Now, tx.Org, id)
	if err == nil && n == 0 {
		err = fault.Missing("client")
	}
	return err
}

// Login is what is needed to check a password: the user and their hash.
type Login struct {
	User         int64
	PasswordHash string // "" when there is no such user or they have none
}

// LoginByUsername finds who signs in to tx's organization under a username,
// whatever its case. An unknown or inactive one is no error: the login comes
// back empty, and checking its empty hash takes as long as any.
func LoginByUsername(tx *db.Tx, username string) (Login, error) {
	l, err := db.One(tx, func(r db.Row, l *Login) error { return r.Scan(&l.User, db.S(&l.PasswordHash)) },
		`SELECT u.id, u.password_hash FROM member m JOIN user_account u ON u.id = m.user_id
		WHERE m.org_id = ? AND m.username = ? AND m.is_active = 1 AND m.allow_login = 1 AND u.is_active = 1`, tx.Org, cleanUsername(username))
	if fault.Is(err, fault.NotFound) {
		return Login{}, nil
	}
	return l, err
}

// Issue gives a program of tx's organization tokens for a user; 0 is the
// program itself, which gets no refresh token.
func Issue(tx *db.Tx, c Client, user int64) (Grant, error) {
	g := Grant{Access: secret.Token(AccessPrefix, tx.Org), Expires: AccessTTL}
	id, err := tx.NextID("oauth_token")
	if err != nil {
		return g, err
	}
	var refreshHash, refreshExpires any
	if user != 0 {
		g.Refresh = secret.Token(RefreshPrefix, tx.Org)
		refreshHash, refreshExpires = secret.Hash(g.Refresh), tx.Now.Add(RefreshTTL)
		if _, err := tx.Exec(`UPDATE user_account SET last_login_at = ? WHERE id = ?`, tx.Now, user); err != nil {
			return g, err
		}
	} else {
		user = c.User
	}
	err = tx.Insert("oauth_token", "org_id, id, client_id, user_id, access_hash, access_expires_at, refresh_hash, refresh_expires_at, created_at",
		[][]any{{tx.Org, id, c.ID, db.Null(user), secret.Hash(g.Access), tx.Now.Add(AccessTTL), refreshHash, refreshExpires, tx.Now}})
	return g, err
}

// Refresh exchanges a refresh token for new tokens; the old access and
// refresh tokens end with it. A token that is unknown, used, expired, of
// another program or of somebody who may no longer sign in is Unauthorized.
func Refresh(tx *db.Tx, c Client, token string) (Grant, error) {
	var id, user int64
	_, err := db.One(tx, func(r db.Row, _ *struct{}) error { return r.Scan(&id, &user) },
		`UPDATE oauth_token SET revoked_at = ? WHERE org_id = ? AND refresh_hash = ? AND client_id = ? AND revoked_at IS NULL AND refresh_expires_at > ?
		RETURNING id, user_id`, tx.Now, tx.Org, secret.Hash(token), c.ID, tx.Now)
	if err != nil {
		return Grant{}, unknown(err)
	}
	n, err := db.One(tx, db.Value[int64], `SELECT count(*) FROM member m JOIN user_account u ON u.id = m.user_id
		WHERE m.org_id = ? AND m.user_id = ? AND m.is_active = 1 AND m.allow_login = 1 AND u.is_active = 1`, tx.Org, user)
	if err != nil {
		return Grant{}, err
	}
	if n == 0 {
		return Grant{}, errBadCredential()
	}
	return Issue(tx, c, user)
}

// SweepTokens deletes OAuth tokens of tx's organization that nobody can use
// any more, and returns how many.
func SweepTokens(tx *db.Tx) (int64, error) {
	return tx.Exec(`DELETE FROM oauth_token WHERE org_id = ? AND access_expires_at < ? AND (refresh_expires_at IS NULL OR refresh_expires_at < ?)`,
		tx.Org, tx.Now, tx.Now)
}
