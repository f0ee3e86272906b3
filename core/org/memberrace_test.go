package org_test

import (
	"testing"
	"time"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/fault"
	"storehouse/core/org"
	"storehouse/core/org/orgtest"
)

// meet runs two transactions of an organization: first has done its work when
// second begins, and commits a moment later, while second waits or is already
// wrong. It returns what became of each.
func meet(t *testing.T, d *db.DB, o int64, first, second func(*db.Tx) error) (error, error) {
	t.Helper()
	begun, done := make(chan struct{}), make(chan error, 1)
	go func() {
		once := false
		done <- d.Update(t.Context(), o, func(tx *db.Tx) error {
			if err := first(tx); err != nil {
				return err
			}
			if !once {
				once = true
				close(begun)
			}
			time.Sleep(150 * time.Millisecond)
			return nil
		})
	}()
	<-begun
	err := d.Update(t.Context(), o, second)
	return <-done, err
}

// A member who is made an owner while somebody takes them out does not leave
// the organization without one: the other owner goes in between.
func TestNobodyIsTakenOutAsWhatTheyWere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := orgtest.New(t, d, "acme")
		bob, eve := user(t, d, "bob@x.example"), user(t, d, "eve@x.example")
		in(t, d, f.Org, func(tx *db.Tx) error {
			_, err := org.AddMember(tx, bob.ID, org.Member, org.Profile{})
			if err == nil {
				_, err = org.AddMember(tx, eve.ID, org.Admin, org.Profile{})
			}
			return err
		})
		owner := org.Actor{Org: f.Org, User: f.User, Role: org.Owner}
		admin := org.Actor{Org: f.Org, User: eve.ID, Role: org.Admin}
		made, expelled := meet(t, d, f.Org, func(tx *db.Tx) error {
			_, err := org.SetRole(tx, owner, bob.ID, org.Owner)
			if err == nil {
				err = org.RemoveMember(tx, f.User)
			}
			return err
		}, func(tx *db.Tx) error { return org.Expel(tx, admin, bob.ID) })
		if made != nil || !fault.Is(expelled, fault.Forbidden) {
			t.Errorf("made an owner: %v; expelled by an admin: %v, want forbidden", made, expelled)
		}
		in(t, d, f.Org, func(tx *db.Tx) error {
			first, err := org.FirstOwner(tx)
			if first != bob.ID {
				t.Errorf("the owner is %d, not bob", first)
			}
			return err
		})
	})
}

// An invitation that is accepted cannot be revoked or declined in the same
// instant: one of the two is told that it came too late.
func TestInvitationsAreClosedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := orgtest.New(t, d, "acme")
		owner := org.Actor{Org: f.Org, User: f.User, Role: org.Owner}
		for name, second := range map[string]func(*db.Tx, org.User, int64) error{
			"revoke":  func(tx *db.Tx, _ org.User, id int64) error { return org.RevokeInvitation(tx, id) },
			"decline": org.Decline,
			"resend":  func(tx *db.Tx, _ org.User, id int64) error { _, _, err := org.Resend(tx, id); return err },
		} {
			guest := user(t, d, name+"@x.example")
			var token string
			var inv org.Invitation
			in(t, d, f.Org, func(tx *db.Tx) (err error) {
				inv, token, err = org.Invite(tx, owner, guest.Email, org.Viewer)
				return err
			})
			accepted, late := meet(t, d, f.Org, func(tx *db.Tx) error { _, err := org.Accept(tx, guest, token, ""); return err },
				func(tx *db.Tx) error { return second(tx, guest, inv.ID) })
			if accepted != nil || !fault.Is(late, fault.Conflict) {
				t.Errorf("accept: %v; %s: %v, want conflict", accepted, name, late)
			}
		}
	})
}

// Who is being deleted does not become a member, nor the owner of something
// new.
func TestWhoIsDeletedJoinsNothing(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := orgtest.New(t, d, "acme")
		bob := user(t, d, "bob@x.example")
		deleted, made := meet(t, d, f.Org, func(tx *db.Tx) error { return org.DeleteUser(tx, bob.ID) },
			func(tx *db.Tx) error {
				_, _, err := org.Create(tx, org.Organization{Name: "Den", Slug: "den"}, bob.ID)
				return err
			})
		if deleted != nil || !fault.Is(made, fault.NotFound) {
			t.Errorf("deleted: %v; an organization of theirs: %v, want not found", deleted, made)
		}
	})
}
