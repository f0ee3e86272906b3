package org

import (
	"time"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/base/secret"
)

// FeedKey is a key of the stock feed, without the key.
type FeedKey struct {
	ID           int64
	Name, Prefix string
	LastUsedAt   time.Time
	RevokedAt    time.Time
	CreatedAt    time.Time
}

// CreateFeedKey makes a key of tx's organization's stock feed and returns it
// with its plaintext, which is not kept.
func CreateFeedKey(tx *db.Tx, name string) (FeedKey, string, error) {
	plain := secret.Token(FeedPrefix, tx.Org)
	id, err := tx.NextID("feed_key")
	if err != nil {
		return FeedKey{}, "", err
	}
	k := FeedKey{ID: id, Name: name, Prefix: secret.Shown(plain), CreatedAt: tx.Now}
	return k, plain, tx.Insert("feed_key", "org_id, id, name, prefix, key_hash, created_at",
		[][]any{{tx.Org, id, name, k.Prefix, secret.Hash(plain), tx.Now}})
}

// ListFeedKeys returns the keys of tx's organization, newest first.
func ListFeedKeys(tx *db.Tx) ([]FeedKey, error) {
	return db.All(tx, func(r db.Row, k *FeedKey) error {
		return r.Scan(&k.ID, &k.Name, &k.Prefix, db.T(&k.LastUsedAt), db.T(&k.RevokedAt), db.T(&k.CreatedAt))
	}, `SELECT id, name, prefix, last_used_at, revoked_at, created_at FROM feed_key WHERE org_id = ? ORDER BY id DESC`, tx.Org)
}

// RevokeFeedKey ends a key.
func RevokeFeedKey(tx *db.Tx, id int64) error {
	n, err := tx.Exec(`UPDATE feed_key SET revoked_at = COALESCE(revoked_at, ?) WHERE org_id = ? AND id = ?`, tx.Now, tx.Org, id)
	if err == nil && n == 0 {
		err = fault.Missing("key")
	}
	return err
}

// Program is a loyalty programme.
type Program struct {
	ID, Org        int64 // ID is the app_id in its addresses
	Name, Username string
	CreatedAt      time.Time
	RevokedAt      time.Time
}

// CreateProgram makes a loyalty programme of tx's organization and returns it
// with its apikey, which is not kept. An empty username becomes the app_id,
// as programmes of the original have it; an empty apikey is made.
func CreateProgram(tx *db.Tx, name, username, apikey string) (Program, string, error) {
	id, err := tx.NextID("loyalty_program")
	if err != nil {
		return Program{}, "", err
	}
	if username == "" {
		username = itoa(id)
	}
	if apikey == "" {
		apikey = secret.Token(ProgramPrefix, tx.Org)
	}
	if len(apikey) < 16 {
		return Program{}, "", fault.Field("apikey", "must have at least 16 characters")
	}
	p := Program{ID: id, Org: tx.Org, Name: name, Username: username, CreatedAt: tx.Now}
	return p, apikey, tx.Insert("loyalty_program", "id, org_id, name, username, apikey_hash, created_at, updated_at",
		[][]any{{id, tx.Org, name, username, secret.Hash(apikey), tx.Now, tx.Now}})
}

// ListPrograms returns the loyalty programmes of tx's organization.
func ListPrograms(tx *db.Tx) ([]Program, error) {
	return db.All(tx, func(r db.Row, p *Program) error {
		return r.Scan(&p.ID, &p.Org, &p.Name, &p.Username, db.T(&p.CreatedAt), db.T(&p.RevokedAt))
	}, `SELECT id, org_id, name, username, created_at, revoked_at FROM loyalty_program WHERE org_id = ? ORDER BY id`, tx.Org)
}

// RevokeProgram ends a loyalty programme's access.
func RevokeProgram(tx *db.Tx, id int64) error {
	n, err := tx.Exec(`UPDATE loyalty_program SET revoked_at = COALESCE(revoked_at, ?) WHERE org_id = ? AND id = ?`, tx.Now, tx.Org, id)
	if err == nil && n == 0 {
		err = fault.Missing("program")
	}
	return err
}

// Names of an organization's secrets.
const (
	secretPortalKey = "portal_jwt"          // signs the shop face's tokens, in clear
	secretReg       = "portal_reg_token"    // hash
	secretChange    = "portal_change_token" // hash
)

func setSecret(tx *db.Tx, name, value string) error {
	return tx.Insert("org_secret", "org_id, name, value, created_at", [][]any{{tx.Org, name, value, tx.Now}},
		"ON CONFLICT (org_id, name) DO UPDATE SET value = excluded.value, created_at = excluded.created_at")
}

// NewRegToken makes the token that lets users of tx's organization's shop
// register, in place of the one before, and returns its plaintext once.
func NewRegToken(tx *db.Tx) (string, error) {
	plain := secret.Token(RegPrefix, tx.Org)
	return plain, setSecret(tx, secretReg, secret.Hash(plain))
}

// NewChangeToken makes the token that lets the shop change a lead's status,
// in place of the one before, and returns its plaintext once.
func NewChangeToken(tx *db.Tx) (string, error) {
	plain := secret.Token(ChangePrefix, tx.Org)
	return plain, setSecret(tx, secretChange, secret.Hash(plain))
}

// AuthReg checks a registration token of tx's organization.
func AuthReg(tx *db.Tx, token string) (Actor, error) {
	return authSecret(tx, secretReg, token, "reg")
}

// AuthChange checks a status-change token of tx's organization.
func AuthChange(tx *db.Tx, token string) (Actor, error) {
	return authSecret(tx, secretChange, token, "change")
}

func authSecret(tx *db.Tx, name, token, credential string) (Actor, error) {
	hash, err := db.One(tx, db.Value[string], `SELECT value FROM org_secret WHERE org_id = ? AND name = ?`, tx.Org, name)
	if err != nil {
		return Actor{}, unknown(err)
	}
	if !secret.Equal(hash, secret.Hash(token)) {
		return Actor{}, errBadCredential()
	}
	return Actor{Org: tx.Org, Role: Member, Name: "Shop", Credential: credential}, nil
}
