package org

import (
	"net/mail"
	"strings"
	"time"

	"storehouse/base/db"
	"storehouse/base/fault"
)

// User is a person who can sign in, whatever the organizations.
type User struct {
	ID          int64
	FirebaseUID string // "" for users who sign in with a password of ours
	Email       string // lower case; "" for users without
	DisplayName string
	HasPassword bool
	IsActive    bool
	LastLoginAt time.Time
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

const userCols = `u.id, u.firebase_uid, u.email, u.display_name, CASE WHEN u.password_hash IS NULL THEN 0 ELSE 1 END, u.is_active,
	u.last_login_at, u.created_at, u.updated_at`

func scanUser(r db.Row, u *User) error { return r.Scan(u.dest()...) }

func (u *User) dest() []any {
	return []any{&u.ID, db.S(&u.FirebaseUID), db.S(&u.Email), db.S(&u.DisplayName), db.B(&u.HasPassword), db.B(&u.IsActive),
		db.T(&u.LastLoginAt), db.T(&u.CreatedAt), db.T(&u.UpdatedAt)}
}

// CleanEmail returns an address in the form in which it is stored, lower
// case, or an Invalid fault.
func CleanEmail(s string) (string, error) {
	s = strings.ToLower(strings.TrimSpace(s))
	a, err := mail.ParseAddress(s)
	if err != nil || a.Address != s || len(s) > 254 {
		return "", fault.Field("email", "must be an e-mail address")
	}
	return s, nil
}

// CreateUser adds a user. passwordHash is secret.Password's, or "" for a user
// who signs in elsewhere. A taken e-mail address is a Conflict.
func CreateUser(tx *db.Tx, u User, passwordHash string) (User, error) {
	if u.Email != "" {
		var err error
		if u.Email, err = CleanEmail(u.Email); err != nil {
			return u, err
		}
	}
	id, err := tx.NextID("user_account")
	if err != nil {
		return u, err
	}
	u.ID, u.IsActive, u.HasPassword, u.CreatedAt, u.UpdatedAt = id, true, passwordHash != "", tx.Now, tx.Now
	err = tx.Try(func() error {
		return tx.Insert("user_account", "id, firebase_uid, email, display_name, password_hash, is_active, last_login_at, created_at, updated_at",
			[][]any{{id, db.Null(u.FirebaseUID), db.Null(u.Email), db.Null(u.DisplayName), db.Null(passwordHash), true, u.LastLoginAt, tx.Now, tx.Now}})
	})
	if fault.Is(err, fault.Conflict) {
		err = &fault.Error{Kind: fault.Conflict, Msg: "email is taken", Fields: []fault.Flaw{{Field: "email", Msg: "has already been taken"}}}
	}
	return u, err
}

// GetUser returns one user.
func GetUser(tx *db.Tx, id int64) (User, error) {
	u, err := db.One(tx, scanUser, `SELECT `+userCols+` FROM user_account u WHERE u.id = ?`, id)
	if fault.Is(err, fault.NotFound) {
		err = fault.Missing("user")
	}
	return u, err
}

// UserNames returns the display names of users, for documents; unknown ids
// are left out.
func UserNames(tx *db.Tx, ids ...int64) (map[int64]string, error) {
	names := map[int64]string{}
	if len(ids) == 0 {
		return names, nil
	}
	err := tx.Each(func(r db.Row) error {
		var id int64
		var name, email string
		err := r.Scan(&id, db.S(&name), db.S(&email))
		if name == "" {
			name = email
		}
		names[id] = name
		return err
	}, `SELECT id, display_name, email FROM user_account WHERE id IN (`+db.Marks(len(ids))+`)`, db.Args(ids)...)
	return names, err
}
