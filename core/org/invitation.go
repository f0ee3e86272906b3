package org

import (
	"time"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/base/secret"
)

// InvitationTTL is how long an invitation can be accepted.
const InvitationTTL = 7 * 24 * time.Hour

// Invitation asks somebody to join an organization.
type Invitation struct {
	ID, Org    int64
	OrgName    string
	InvitedBy  int64
	Email      string
	Role       Role
	ExpiresAt  time.Time
	AcceptedAt time.Time
	DeclinedAt time.Time
	RevokedAt  time.Time
	CreatedAt  time.Time
}

// Open reports whether the invitation can be accepted at an instant.
func (i Invitation) Open(now time.Time) bool {
	return i.AcceptedAt.IsZero() && i.DeclinedAt.IsZero() && i.RevokedAt.IsZero() && i.ExpiresAt.After(now)
}

const invitationCols = `i.id, i.org_id, o.name, i.invited_by, i.email, i.role, i.expires_at, i.accepted_at, i.declined_at, i.revoked_at, i.created_at`

const invitationFrom = ` FROM invitation i JOIN organization o ON o.id = i.org_id`

func scanInvitation(r db.Row, i *Invitation) error {
	return r.Scan(&i.ID, &i.Org, &i.OrgName, &i.InvitedBy, &i.Email, &i.Role, db.T(&i.ExpiresAt), db.T(&i.AcceptedAt), db.T(&i.DeclinedAt),
		db.T(&i.RevokedAt), db.T(&i.CreatedAt))
}

// Invite asks an e-mail address to join tx's organization and returns the
// invitation with its token, of which only the hash is kept. Only an owner
// may make owners. Open invitations of the same address are revoked; a member
// cannot be invited.
func Invite(tx *db.Tx, by Actor, email string, role Role) (Invitation, string, error) {
	var inv Invitation
	email, err := CleanEmail(email)
	if err != nil {
		return inv, "", err
	}
	if role < Viewer || role > Owner {
		return inv, "", fault.Field("role", "must be owner, admin, member or viewer")
	}
	if role == Owner && by.Role < Owner {
		return inv, "", fault.New(fault.Forbidden, "only an owner can make an owner")
	}
	n, err := db.One(tx, db.Value[int64], `SELECT count(*) FROM member m JOIN user_account u ON u.id = m.user_id WHERE m.org_id = ? AND u.email = ?`, tx.Org, email)
	if err != nil {
		return inv, "", err
	}
	if n > 0 {
		return inv, "", &fault.Error{Kind: fault.Conflict, Msg: "is a member already", Fields: []fault.Flaw{{Field: "email", Msg: "is a member already"}}}
	}
	if _, err := tx.Exec(`UPDATE invitation SET revoked_at = ? WHERE org_id = ? AND email = ? AND accepted_at IS NULL AND declined_at IS NULL AND revoked_at IS NULL`,
		tx.Now, tx.Org, email); err != nil {
		return inv, "", err
	}
	id, err := tx.NextID("invitation")
	if err != nil {
		return inv, "", err
	}
	token := secret.Token(InvitePrefix, tx.Org)
	err = tx.Insert("invitation", "id, org_id, invited_by, email, role, token_hash, expires_at, created_at",
		[][]any{{id, tx.Org, by.User, email, int64(role), secret.Hash(token), tx.Now.Add(InvitationTTL), tx.Now}})
	if err != nil {
		return inv, "", err
	}
	inv, err = GetInvitation(tx, id)
	return inv, token, err
}

// Resend gives an open or expired invitation a new token and a new time.
func Resend(tx *db.Tx, id int64) (Invitation, string, error) {
	inv, err := GetInvitation(tx, id)
	if err != nil {
		return inv, "", err
	}
	if !inv.AcceptedAt.IsZero() || !inv.DeclinedAt.IsZero() || !inv.RevokedAt.IsZero() {
		return inv, "", fault.New(fault.Conflict, "the invitation is closed")
	}
	token := secret.Token(InvitePrefix, tx.Org)
	inv.ExpiresAt = tx.Now.Add(InvitationTTL)
	return inv, token, inv.change(tx, secret.Hash(token))
}

// RevokeInvitation withdraws an invitation of tx's organization.
func RevokeInvitation(tx *db.Tx, id int64) error {
	inv, err := GetInvitation(tx, id)
	if err != nil {
		return err
	}
	if !inv.AcceptedAt.IsZero() {
		return fault.New(fault.Conflict, "the invitation has been accepted")
	}
	if !inv.RevokedAt.IsZero() || !inv.DeclinedAt.IsZero() {
		return nil
	}
	inv.RevokedAt = tx.Now
	return inv.change(tx, "")
}

// GetInvitation returns one invitation of tx's organization.
func GetInvitation(tx *db.Tx, id int64) (Invitation, error) {
	return invitationOr(db.One(tx, scanInvitation, `SELECT `+invitationCols+invitationFrom+` WHERE i.org_id = ? AND i.id = ?`, tx.Org, id))
}

func invitationOr(i Invitation, err error) (Invitation, error) {
	if fault.Is(err, fault.NotFound) {
		err = fault.Missing("invitation")
	}
	return i, err
}

// ListInvitations returns the invitations of tx's organization, newest first,
// from below the id `before` (0: from the newest).
func ListInvitations(tx *db.Tx, before int64, limit int) ([]Invitation, error) {
	if before == 0 {
		before = 1 << 62
	}
	return db.All(tx, scanInvitation, `SELECT `+invitationCols+invitationFrom+` WHERE i.org_id = ? AND i.id < ? ORDER BY i.id DESC LIMIT ?`, tx.Org, before, limit)
}

// PendingInvitations returns the open invitations of an e-mail address, in
// whichever organizations, newest first.
func PendingInvitations(tx *db.Tx, email string) ([]Invitation, error) {
	clean, err := CleanEmail(email)
	if err != nil {
		return []Invitation{}, nil
	}
	return db.All(tx, scanInvitation, `SELECT `+invitationCols+invitationFrom+` WHERE i.email = ? AND i.accepted_at IS NULL AND i.declined_at IS NULL
		AND i.revoked_at IS NULL AND i.expires_at > ? ORDER BY i.id DESC`, clean, tx.Now)
}

// InvitationByToken finds an invitation by its token, in whichever
// organization, closed or open.
func InvitationByToken(tx *db.Tx, token string) (Invitation, error) {
	return invitationOr(db.One(tx, scanInvitation, `SELECT `+invitationCols+invitationFrom+` WHERE i.token_hash = ?`, secret.Hash(token)))
}

// Accept makes a user a member by the token of their invitation. tx.Org is
// set to the invitation's organization. An invitation is for the address that
// it was sent to: who bears the token must have that address.
func Accept(tx *db.Tx, u User, token, displayName string) (Membership, error) {
	inv, err := InvitationByToken(tx, token)
	if err != nil {
		return Membership{}, err
	}
	return accept(tx, u, inv, displayName)
}

func accept(tx *db.Tx, u User, inv Invitation, displayName string) (Membership, error) {
	if inv.Email != u.Email {
		return Membership{}, fault.New(fault.Forbidden, "the invitation is for another e-mail address")
	}
	if !inv.Open(tx.Now) {
		return Membership{}, fault.New(fault.Conflict, "the invitation is closed or has expired")
	}
	tx.Org = inv.Org
	inv.AcceptedAt = tx.Now
	if err := inv.change(tx, ""); err != nil {
		return Membership{}, err
	}
	if displayName != "" {
		if _, err := tx.Exec(`UPDATE user_account SET display_name = ?, updated_at = ? WHERE id = ?`, displayName, tx.Now, u.ID); err != nil {
			return Membership{}, err
		}
	}
	return addMember(tx, Membership{User: u.ID, Role: inv.Role})
}

// Decline refuses an invitation that was sent to a user's address.
func Decline(tx *db.Tx, u User, id int64) error {
	inv, err := invitationOr(db.One(tx, scanInvitation, `SELECT `+invitationCols+invitationFrom+` WHERE i.id = ? AND i.email = ?`, id, u.Email))
	if err != nil {
		return err
	}
	if !inv.Open(tx.Now) {
		return fault.New(fault.Conflict, "the invitation is closed or has expired")
	}
	inv.DeclinedAt = tx.Now
	return inv.change(tx, "")
}

// change stores an invitation, with a new token's hash unless that is "", if
// nobody has accepted, declined or revoked it since it was read: of two who
// meet at one, one comes too late and is told.
func (i Invitation) change(tx *db.Tx, tokenHash string) error {
	n, err := tx.Exec(`UPDATE invitation SET token_hash = COALESCE(?, token_hash), expires_at = ?, accepted_at = ?, declined_at = ?, revoked_at = ?
		WHERE org_id = ? AND id = ? AND accepted_at IS NULL AND revoked_at IS NULL AND declined_at IS NULL`,
		db.Null(tokenHash), i.ExpiresAt, i.AcceptedAt, i.DeclinedAt, i.RevokedAt, i.Org, i.ID)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "the invitation is closed or has expired")
	}
	return err
}

// AcceptOwn makes a user a member by the id of an invitation that was sent to
// their address. The caller has made sure that the address is theirs.
func AcceptOwn(tx *db.Tx, u User, id int64, displayName string) (Membership, error) {
	inv, err := invitationOr(db.One(tx, scanInvitation, `SELECT `+invitationCols+invitationFrom+` WHERE i.id = ? AND i.email = ?`, id, u.Email))
	if err != nil {
		return Membership{}, err
	}
	return accept(tx, u, inv, displayName)
}
