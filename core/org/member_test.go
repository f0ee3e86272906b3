package org_test

import (
	"context"
	"testing"
	"time"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/org"
	"storehouse/core/org/orgtest"
)

func wantKind(t *testing.T, what string, err error, k fault.Kind) {
	t.Helper()
	if !fault.Is(err, k) {
		t.Errorf("%s: err = %v, want kind %d", what, err, k)
	}
}

func user(t *testing.T, d *db.DB, email string) org.User {
	t.Helper()
	var u org.User
	in(t, d, 0, func(tx *db.Tx) (err error) {
		u, _, err = org.SignIn(tx, "fb-"+email, email, true, email)
		return err
	})
	return u
}

func TestOwnersAndRoles(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := orgtest.New(t, d, "acme")
		bob := user(t, d, "bob@x.example")
		owner, admin := org.Actor{Org: f.Org, User: f.User, Role: org.Owner}, org.Actor{Org: f.Org, User: bob.ID, Role: org.Admin}
		in(t, d, f.Org, func(tx *db.Tx) error {
			if _, err := org.AddMember(tx, bob.ID, org.Admin, org.Profile{}); err != nil {
				return err
			}
			_, err := org.SetRole(tx, owner, f.User, org.Admin)
			wantKind(t, "demoting the last owner", err, fault.Conflict)
			wantKind(t, "the last owner leaving", org.RemoveMember(tx, f.User), fault.Conflict)
			wantKind(t, "deleting the last owner", org.DeleteUser(tx, f.User), fault.Conflict)
			_, err = org.SetRole(tx, admin, bob.ID, org.Owner)
			wantKind(t, "an admin making an owner", err, fault.Forbidden)
			_, err = org.SetRole(tx, admin, f.User, org.Viewer)
			wantKind(t, "an admin demoting an owner", err, fault.Forbidden)
			wantKind(t, "an admin expelling an owner", org.Expel(tx, admin, f.User), fault.Forbidden)
			if _, err := org.SetRole(tx, owner, bob.ID, org.Owner); err != nil {
				return err
			}
			return org.RemoveMember(tx, f.User)
		})
		in(t, d, 0, func(tx *db.Tx) error {
			list, err := org.OrganizationsOf(tx, bob.ID)
			if err != nil || len(list) != 1 || list[0].Role != org.Owner || list[0].Slug != "acme" {
				t.Errorf("bob's organizations %+v, %v", list, err)
			}
			list, err = org.OrganizationsOf(tx, f.User)
			if len(list) != 0 {
				t.Errorf("who left is still in %+v", list)
			}
			return err
		})
	})
}

func TestProfiles(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := orgtest.New(t, d, "acme")
		bob, ann := user(t, d, "bob@x.example"), user(t, d, "ann@x.example")
		in(t, d, f.Org, func(tx *db.Tx) error {
			limit := dec.Must("12.5")
			p := org.Profile{Username: "Bob", FirstName: "Bob", AllowLogin: true, IsServiceStaff: true, MaxDiscountPercent: &limit,
				BankDetails: `{"bank":"x"}`, CustomFields: [4]string{"a", "", "", "d"}, CRMContact: 7}
			if _, err := org.AddMember(tx, bob.ID, org.Member, p); err != nil {
				return err
			}
			_, err := org.AddMember(tx, ann.ID, org.Member, org.Profile{Username: "bOB"})
			wantKind(t, "a taken username", err, fault.Conflict)
			yes := true
			list, err := org.ListMembers(tx, org.MemberFilter{ServiceStaff: &yes})
			if err != nil || len(list) != 1 || list[0].Email != "bob@x.example" || list[0].Profile.Username != "bob" ||
				*list[0].Profile.MaxDiscountPercent != limit || list[0].Profile.CustomFields[3] != "d" || list[0].Profile.CRMContact != 7 ||
				list[0].Profile.UserType != "user" || list[0].Profile.Status != "active" {
				t.Errorf("members %+v, %v", list, err)
			}
			p.FirstName, p.MaxDiscountPercent, p.UserType, p.Language, p.Status = "Robert", nil, "user", "ur", "inactive"
			if err := org.SetProfile(tx, bob.ID, p, false); err != nil {
				return err
			}
			m, err := org.GetMember(tx, bob.ID)
			if m.Profile.FirstName != "Robert" || m.IsActive || m.Profile.MaxDiscountPercent != nil || m.Profile.Language != "ur" || m.Role != org.Member {
				t.Errorf("member %+v", m)
			}
			return err
		})
	})
}

func TestInvitations(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := orgtest.New(t, d, "acme")
		bob, eve := user(t, d, "bob@x.example"), user(t, d, "eve@x.example")
		owner := org.Actor{Org: f.Org, User: f.User, Role: org.Owner}
		var first, second string
		var inv org.Invitation
		in(t, d, f.Org, func(tx *db.Tx) (err error) {
			_, _, err = org.Invite(tx, org.Actor{Org: f.Org, User: f.User, Role: org.Admin}, "bob@x.example", org.Owner)
			wantKind(t, "an admin inviting an owner", err, fault.Forbidden)
			_, _, err = org.Invite(tx, owner, "owner@acme.example", org.Viewer)
			wantKind(t, "inviting a member", err, fault.Conflict)
			_, _, err = org.Invite(tx, owner, "nonsense", org.Viewer)
			wantKind(t, "a bad address", err, fault.Invalid)
			if _, first, err = org.Invite(tx, owner, "Bob@X.example", org.Viewer); err != nil {
				return err
			}
			inv, second, err = org.Invite(tx, owner, "bob@x.example", org.Member)
			return err
		})
		in(t, d, 0, func(tx *db.Tx) error {
			list, err := org.PendingInvitations(tx, "BOB@x.example")
			if err != nil || len(list) != 1 || list[0].ID != inv.ID || list[0].OrgName != "acme" {
				t.Errorf("pending %+v, %v", list, err)
			}
			_, err = org.Accept(tx, bob, first, "")
			wantKind(t, "a revoked invitation", err, fault.Conflict)
			_, err = org.Accept(tx, eve, second, "")
			wantKind(t, "somebody else's invitation", err, fault.Forbidden)
			wantKind(t, "declining somebody else's", org.Decline(tx, eve, inv.ID), fault.NotFound)
			_, err = org.Accept(tx, bob, "shi_1_nonsense", "")
			wantKind(t, "an unknown token", err, fault.NotFound)
			return nil
		})
		in(t, d, 0, func(tx *db.Tx) error {
			tx.Now = dbtest.Now.Add(org.InvitationTTL + time.Second)
			_, err := org.Accept(tx, bob, second, "")
			wantKind(t, "an expired invitation", err, fault.Conflict)
			return nil
		})
		in(t, d, f.Org, func(tx *db.Tx) (err error) {
			old := second
			if _, second, err = org.Resend(tx, inv.ID); err != nil {
				return err
			}
			_, err = org.InvitationByToken(tx, old)
			wantKind(t, "the token before a resend", err, fault.NotFound)
			return nil
		})
		in(t, d, 0, func(tx *db.Tx) error {
			m, err := org.Accept(tx, bob, second, "Bobby")
			if err != nil || m.Role != org.Member || tx.Org != f.Org {
				t.Errorf("accepted %+v in %d, %v", m, tx.Org, err)
			}
			_, err = org.Accept(tx, bob, second, "")
			wantKind(t, "accepting twice", err, fault.Conflict)
			u, _ := org.GetUser(tx, bob.ID)
			if u.DisplayName != "Bobby" {
				t.Errorf("display name %q", u.DisplayName)
			}
			wantKind(t, "revoking an accepted one", org.RevokeInvitation(tx, inv.ID), fault.Conflict)
			list, err := org.ListInvitations(tx, 0, 10)
			if len(list) != 2 || list[0].ID != inv.ID {
				t.Errorf("list %+v", list)
			}
			return err
		})
	})
}

func TestSignInLinksVerifiedAddressesOnly(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := orgtest.New(t, d, "acme")
		in(t, d, 0, func(tx *db.Tx) error {
			err := tx.Try(func() error {
				_, _, err := org.SignIn(tx, "thief", "owner@acme.example", false, "")
				return err
			})
			wantKind(t, "an unverified address of somebody else", err, fault.Conflict)
			u, made, err := org.SignIn(tx, "fb1", "Owner@acme.example", true, "")
			if err != nil || made || u.ID != f.User {
				t.Errorf("linked %+v made %v, %v", u, made, err)
			}
			a, err := org.AuthSubject(tx, "fb1", "", false)
			if err != nil || a.User != f.User || a.Role != org.None {
				t.Errorf("outside any organization %+v", a)
			}
			tx.Org = f.Org
			a, err = org.AuthSubject(tx, "fb1", "", false)
			if err != nil || a.User != f.User || a.Role != org.Owner {
				t.Errorf("inside %+v", a)
			}
			a, err = org.AuthSubject(tx, "new", "n@x.example", false)
			if a.User != 0 || a.Role != org.None || a.Subject != "new" {
				t.Errorf("unknown subject %+v", a)
			}
			return err
		})
	})
}

func TestDeletedUsersAreForgotten(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := orgtest.New(t, d, "acme")
		bob := user(t, d, "bob@x.example")
		var plain string
		in(t, d, f.Org, func(tx *db.Tx) (err error) {
			if _, err = org.AddMember(tx, bob.ID, org.Member, org.Profile{}); err != nil {
				return err
			}
			_, plain, err = org.CreateToken(tx, bob.ID, "x", 0)
			return err
		})
		in(t, d, 0, func(tx *db.Tx) error { return org.DeleteUser(tx, bob.ID) })
		in(t, d, f.Org, func(tx *db.Tx) error {
			_, err := org.AuthToken(tx, plain)
			wantUnauthorized(t, "token of a deleted user", err)
			u, err := org.GetUser(tx, bob.ID)
			if u.Email != "" || u.FirebaseUID != "" || u.IsActive {
				t.Errorf("kept %+v", u)
			}
			return err
		})
		if again := user(t, d, "bob@x.example"); again.ID == bob.ID {
			t.Error("a deleted user came back as themselves")
		}
	})
}

func TestPurgeTakesAllOfOneOrganization(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f, other := orgtest.New(t, d, "acme"), orgtest.New(t, d, "other")
		var plain string
		for _, o := range []orgtest.Fixture{f, other} {
			in(t, d, o.Org, func(tx *db.Tx) (err error) {
				if _, plain, err = org.CreateToken(tx, o.User, "x", 0); err != nil {
					return err
				}
				c, _, err := org.CreateClient(tx, "c", org.Documented, o.User)
				if err != nil {
					return err
				}
				if _, err := org.Issue(tx, c, o.User); err != nil {
					return err
				}
				_, err = tx.Number("invoice")
				return err
			})
		}
		in(t, d, f.Org, org.Purge)
		in(t, d, f.Org, func(tx *db.Tx) error {
			_, err := org.Get(tx)
			wantKind(t, "the purged organization", err, fault.NotFound)
			if _, err := org.GetUser(tx, f.User); err != nil {
				t.Errorf("its user: %v", err)
			}
			n, err := tx.Number("invoice")
			if n != 1 {
				t.Errorf("its counter stands at %d", n)
			}
			return err
		})
		in(t, d, other.Org, func(tx *db.Tx) error {
			_, err := org.AuthToken(tx, plain)
			return err
		})
	})
}

// Two owners who leave at the same instant: one must stay.
func TestOwnersCannotAllLeaveAtOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := orgtest.New(t, d, "acme")
		bob := user(t, d, "bob@x.example")
		in(t, d, f.Org, func(tx *db.Tx) error {
			_, err := org.AddMember(tx, bob.ID, org.Owner, org.Profile{})
			return err
		})
		start, errs := make(chan struct{}), make(chan error, 2)
		for _, id := range []int64{f.User, bob.ID} {
			go func() {
				<-start
				errs <- d.Update(context.Background(), f.Org, func(tx *db.Tx) error { return org.RemoveMember(tx, id) })
			}()
		}
		close(start)
		first, second := <-errs, <-errs
		if (first == nil) == (second == nil) {
			t.Errorf("leaving: %v and %v; want one to succeed and one to be refused", first, second)
		}
	})
}

func TestAProgramActsForSomebodyWhoDoesNotSignIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := orgtest.New(t, d, "acme")
		in(t, d, f.Org, func(tx *db.Tx) error {
			m, err := org.GetMember(tx, f.User)
			if err != nil {
				return err
			}
			m.Profile.AllowLogin = false
			return org.SetProfile(tx, f.User, m.Profile, true)
		})
		in(t, d, f.Org, func(tx *db.Tx) error {
			for _, series := range []string{"oauth_client", "oauth_token"} {
				if err := tx.Reserve(series); err != nil {
					return err
				}
			}
			c, _, err := org.CreateClient(tx, "robot", org.Documented, f.User)
			if err != nil {
				return err
			}
			machine, err := org.Issue(tx, c, 0)
			if err != nil {
				return err
			}
			session, err := org.Issue(tx, c, f.User)
			if err != nil {
				return err
			}
			if a, err := org.AuthAccess(tx, machine.Access); err != nil || a.User != f.User || a.Role != org.Owner {
				t.Errorf("the program is %+v, %v; want the owner", a, err)
			}
			_, err = org.AuthAccess(tx, session.Access)
			wantUnauthorized(t, "a session of somebody who may not sign in", err)
			return nil
		})
	})
}
