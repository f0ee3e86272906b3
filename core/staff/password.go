package staff

import (
	"context"
	"crypto/rand"
	"fmt"
	"strconv"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/base/job"
	"storehouse/base/secret"
	"storehouse/core/org"
)

// PasswordKind is the kind of the jobs that give users new passwords.
const PasswordKind = "staff.password"

// ForgotPassword adds the job that gives the member who has an e-mail address
// a new password and mails it there. The password is made when the mail is
// sent and kept nowhere. Nobody does it to a role above their own.
func ForgotPassword(tx *db.Tx, by org.Actor, email string) error {
	email, err := org.CleanEmail(email)
	if err != nil {
		return err
	}
	members, err := org.ListMembers(tx, org.MemberFilter{})
	if err != nil {
		return err
	}
	for _, m := range members {
		if m.Email != email {
			continue
		}
		if m.Role > by.Role {
			return fault.New(fault.Forbidden, "this user has a role above yours")
		}
		if !m.IsActive || !m.Profile.AllowLogin {
			break
		}
		_, err := job.Add(tx, job.Job{Kind: PasswordKind, Args: strconv.FormatInt(m.User, 10), UniqueKey: email})
		return err
	}
	return fault.Field("email", "is not that of a user who can sign in")
}

// Deliver sends words at once to one address.
type Deliver func(ctx context.Context, to, subject, text, id string) error

// NewPassword returns the handler of PasswordKind. When the mail cannot be
// sent, the next try makes another password.
func NewPassword(d *db.DB, passwords *secret.Passwords, deliver Deliver) job.Handler {
	return func(ctx context.Context, j job.Job) error {
		user, err := strconv.ParseInt(j.Args, 10, 64)
		if err != nil {
			return job.Fatal(err)
		}
		plain := rand.Text()[:16]
		hash, err := passwords.Hash(ctx, plain)
		if err != nil {
			return err
		}
		var email, name string
		err = d.Update(ctx, j.Org, func(tx *db.Tx) error {
			u, err := org.GetUser(tx, user)
			if err != nil {
				return err
			}
			if _, err := org.GetMember(tx, user); err != nil { // has left meanwhile
				return err
			}
			email, name = u.Email, u.DisplayName
			if err := org.SetPassword(tx, user, hash); err != nil {
				return err
			}
			return org.EndSessions(tx, user)
		})
		if fault.Is(err, fault.NotFound) {
			return job.Fatal(err)
		}
		if err != nil {
			return err
		}
		return deliver(ctx, email, "Your new password", fmt.Sprintf("%s,\n\nyour new password is %s\n", name, plain), fmt.Sprintf("password.%d.%d@storehouse", j.Org, j.ID))
	}
}
