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

// SignIn finds or makes the user of a verified Firebase subject. An existing
// user with the same e-mail address is taken over only when Firebase has
// verified that the address is theirs; otherwise the address is a Conflict.
func SignIn(tx *db.Tx, subject, email string, verified bool, displayName string) (User, bool, error) {
	u, err := db.One(tx, scanUser, `SELECT `+userCols+` FROM user_account u WHERE u.firebase_uid = ?`, subject)
	if err == nil {
		_, err = tx.Exec(`UPDATE user_account SET last_login_at = ? WHERE id = ?`, tx.Now, u.ID)
		u.LastLoginAt = tx.Now
		return u, false, err
	}
	if !fault.Is(err, fault.NotFound) {
		return u, false, err
	}
	clean, err := CleanEmail(email)
	if err != nil {
		return u, false, err
	}
	if verified {
		n, err := tx.Exec(`UPDATE user_account SET firebase_uid = ?, last_login_at = ?, updated_at = ? WHERE email = ? AND firebase_uid IS NULL AND is_active = 1`,
			subject, tx.Now, tx.Now, clean)
		if err != nil {
			return u, false, err
		}
		if n > 0 {
			u, err = db.One(tx, scanUser, `SELECT `+userCols+` FROM user_account u WHERE u.firebase_uid = ?`, subject)
			return u, false, err
		}
	}
	u, err = CreateUser(tx, User{FirebaseUID: subject, Email: clean, DisplayName: displayName, LastLoginAt: tx.Now}, "")
	return u, true, err
}

// SetDisplayName renames a user.
func SetDisplayName(tx *db.Tx, id int64, name string) (User, error) {
	if len([]rune(name)) > 255 {
		return User{}, fault.Field("displayName", "must have at most 255 characters")
	}
	if _, err := tx.Exec(`UPDATE user_account SET display_name = ?, updated_at = ? WHERE id = ?`, db.Null(name), tx.Now, id); err != nil {
		return User{}, err
	}
	return GetUser(tx, id)
}

// PasswordHash returns what a user's password is checked against; "" when
// they have none.
func PasswordHash(tx *db.Tx, id int64) (string, error) {
	var hash string
	_, err := db.One(tx, func(r db.Row, _ *struct{}) error { return r.Scan(db.S(&hash)) },
		`SELECT password_hash FROM user_account WHERE id = ? AND is_active = 1`, id)
	return hash, err
}

// SetPassword replaces a user's password. What they are signed in with stays
// good: see EndSessions.
func SetPassword(tx *db.Tx, id int64, hash string) error {
	n, err := tx.Exec(`UPDATE user_account SET password_hash = ?, updated_at = ? WHERE id = ? AND is_active = 1`, hash, tx.Now, id)
	if err == nil && n == 0 {
		err = fault.Missing("user")
	}
	return err
}

// EndSessions ends a user's OAuth tokens in tx's organization.
func EndSessions(tx *db.Tx, user int64) error {
	_, err := tx.Exec(`UPDATE oauth_token SET revoked_at = ? WHERE org_id = ? AND user_id = ? AND revoked_at IS NULL`, tx.Now, tx.Org, user)
	return err
}

// UserOrganization is an organization that a user is a member of.
type UserOrganization struct {
	ID         int64
	Name, Slug string
	Role       Role
}

// OrganizationsOf returns the organizations in which a user is an active
// member, by name.
func OrganizationsOf(tx *db.Tx, user int64) ([]UserOrganization, error) {
	ids, err := organizationsOf(tx, user)
	if err != nil {
		return nil, err
	}
	return db.All(tx, func(r db.Row, o *UserOrganization) error {
		return r.Scan(&o.ID, &o.Name, &o.Slug, (*nullRole)(&o.Role))
	},
		`SELECT o.id, o.name, o.slug, m.role FROM member m JOIN organization o ON o.id = m.org_id
		WHERE m.org_id IN (`+db.Marks(len(ids))+`) AND m.user_id = ? AND m.is_active = 1 ORDER BY o.name, o.id`, append(db.Args(ids), user)...)
}

// lockUser makes sure that a user is there until the transaction ends: nobody
// who is being deleted joins an organization meanwhile.
func lockUser(tx *db.Tx, id int64) error {
	_, err := db.One(tx, db.Value[int64], `SELECT id FROM user_account WHERE id = ? AND is_active = 1`+tx.ForUpdate(), id)
	if fault.Is(err, fault.NotFound) {
		err = fault.Missing("user")
	}
	return err
}

// DeleteUser takes a user out of the store: out of their organizations, their
// tokens ended, their name and address forgotten. The row stays, because
// documents name it. The last owner of an organization is refused.
func DeleteUser(tx *db.Tx, id int64) error {
	if err := lockUser(tx, id); err != nil {
		return err
	}
	orgs, err := organizationsOf(tx, id)
	if err != nil {
		return err
	}
	home := tx.Org
	defer func() { tx.Org = home }()
	for _, o := range orgs {
		tx.Org = o
		if err := RemoveMember(tx, id); err != nil {
			return err
		}
	}
	_, err = tx.Exec(`UPDATE user_account SET firebase_uid = NULL, email = NULL, display_name = 'Deleted user', password_hash = NULL,
		is_active = 0, updated_at = ? WHERE id = ?`, tx.Now, id)
	return err
}
