package org_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/fault"
	"storehouse/base/secret"
	"storehouse/core/org"
	"storehouse/core/org/orgtest"
)

// in runs fn in an organization.
func in(t *testing.T, d *db.DB, o int64, fn func(*db.Tx) error) {
	t.Helper()
	if err := d.Update(context.Background(), o, fn); err != nil {
		t.Fatal(err)
	}
}

func wantUnauthorized(t *testing.T, what string, err error) {
	t.Helper()
	if !fault.Is(err, fault.Unauthorized) {
		t.Errorf("%s: err = %v, want unauthorized", what, err)
	}
}

func TestPersonalTokens(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f, other := orgtest.New(t, d, "acme"), orgtest.New(t, d, "other")
		var tok org.APIToken
		var plain string
		in(t, d, f.Org, func(tx *db.Tx) (err error) {
			tok, plain, err = org.CreateToken(tx, f.User, "ci", 30)
			return err
		})
		if org.TokenOrg(plain) != f.Org || !strings.HasPrefix(plain, tok.Prefix) || tok.ExpiresAt != dbtest.Now.AddDate(0, 0, 30) {
			t.Errorf("token %+v, %q", tok, plain)
		}
		before, _ := d.Counts()
		in(t, d, f.Org, func(tx *db.Tx) error {
			a, err := org.AuthToken(tx, plain)
			if a.Org != f.Org || a.User != f.User || a.Role != org.Owner || a.Email != "owner@acme.example" {
				t.Errorf("actor %+v", a)
			}
			return err
		})
		if after, _ := d.Counts(); after-before != 1 {
			t.Errorf("authentication took %d statements, want 1", after-before)
		}
		in(t, d, other.Org, func(tx *db.Tx) error {
			_, err := org.AuthToken(tx, plain)
			wantUnauthorized(t, "in another organization", err)
			_, _, err = org.CreateToken(tx, f.User, "x", 0)
			if !fault.Is(err, fault.Forbidden) {
				t.Errorf("a token for a stranger: %v", err)
			}
			return nil
		})
		in(t, d, f.Org, func(tx *db.Tx) error {
			_, err := org.AuthToken(tx, plain+"x")
			wantUnauthorized(t, "changed token", err)
			tx.Now = dbtest.Now.AddDate(0, 0, 30)
			_, err = org.AuthToken(tx, plain)
			wantUnauthorized(t, "expired token", err)
			return nil
		})
		in(t, d, 0, func(tx *db.Tx) error {
			if list, err := org.ListTokens(tx, f.User); err != nil || len(list) != 1 || list[0].ID != tok.ID {
				t.Errorf("list %+v, %v", list, err)
			}
			if err := org.RevokeToken(tx, other.User, tok.ID); !fault.Is(err, fault.NotFound) {
				t.Errorf("revoking somebody else's token: %v", err)
			}
			return org.RevokeToken(tx, f.User, tok.ID)
		})
		in(t, d, f.Org, func(tx *db.Tx) error {
			_, err := org.AuthToken(tx, plain)
			wantUnauthorized(t, "revoked token", err)
			return nil
		})
	})
}

func TestOAuthTokensRotate(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := orgtest.New(t, d, "acme")
		hash, _ := secret.NewPasswords(secret.Cheap, 1).Hash(context.Background(), "pw")
		var c org.Client
		var g, g2 org.Grant
		in(t, d, f.Org, func(tx *db.Tx) error {
			u, err := org.CreateUser(tx, org.User{Email: "till@acme.example"}, hash)
			if err != nil {
				return err
			}
			if _, err := org.AddMember(tx, u.ID, org.Member, org.Profile{Username: "Till1", AllowLogin: true}); err != nil {
				return err
			}
			var plain string
			if c, plain, err = org.CreateClient(tx, "till", org.Upstream, 0); err != nil {
				return err
			}
			if !secret.Equal(secret.Hash(plain), c.SecretHash) {
				t.Error("the client's secret is not kept as its hash")
			}
			l, err := org.LoginByUsername(tx, " tILL1 ")
			if err != nil || l.User != u.ID || l.PasswordHash != hash {
				t.Errorf("login %+v, %v", l, err)
			}
			if l, err := org.LoginByUsername(tx, "till@acme.example"); err != nil || l.User != 0 {
				t.Errorf("login by e-mail %+v, %v", l, err)
			}
			g, err = org.Issue(tx, c, l.User)
			return err
		})
		before, _ := d.Counts()
		in(t, d, f.Org, func(tx *db.Tx) error {
			a, err := org.AuthAccess(tx, g.Access)
			if a.Dialect != org.Upstream || a.Role != org.Member || a.Email != "till@acme.example" {
				t.Errorf("actor %+v", a)
			}
			return err
		})
		if after, _ := d.Counts(); after-before != 1 {
			t.Errorf("authentication took %d statements, want 1", after-before)
		}
		in(t, d, f.Org, func(tx *db.Tx) (err error) {
			_, err = org.AuthAccess(tx, g.Refresh)
			wantUnauthorized(t, "refresh token for access", err)
			_, err = org.Refresh(tx, org.Client{ID: 999}, g.Refresh)
			wantUnauthorized(t, "another program's refresh", err)
			g2, err = org.Refresh(tx, c, g.Refresh)
			return err
		})
		in(t, d, f.Org, func(tx *db.Tx) error {
			_, err := org.AuthAccess(tx, g.Access)
			wantUnauthorized(t, "access token of a rotated grant", err)
			_, err = org.Refresh(tx, c, g.Refresh)
			wantUnauthorized(t, "used refresh token", err)
			_, err = org.AuthAccess(tx, g2.Access)
			if err != nil {
				return err
			}
			tx.Now = dbtest.Now.Add(org.AccessTTL)
			_, err = org.AuthAccess(tx, g2.Access)
			wantUnauthorized(t, "expired access token", err)
			return nil
		})
		in(t, d, f.Org, func(tx *db.Tx) error { return org.RevokeClient(tx, c.ID) })
		in(t, d, f.Org, func(tx *db.Tx) error {
			_, err := org.AuthAccess(tx, g2.Access)
			wantUnauthorized(t, "token of a revoked program", err)
			if _, err := org.ClientByID(tx, c.ID); !fault.Is(err, fault.NotFound) {
				t.Errorf("revoked client: %v", err)
			}
			tx.Now = dbtest.Now.Add(org.RefreshTTL + time.Hour)
			n, err := org.SweepTokens(tx)
			if n != 2 {
				t.Errorf("swept %d tokens, want 2", n)
			}
			return err
		})
	})
}

func TestMachineToken(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := orgtest.New(t, d, "acme")
		in(t, d, f.Org, func(tx *db.Tx) error {
			c, _, err := org.CreateClient(tx, "machine", org.Documented, 0)
			if err != nil {
				return err
			}
			g, err := org.Issue(tx, c, 0)
			if err != nil {
				return err
			}
			if g.Refresh != "" {
				t.Error("a program on its own account got a refresh token")
			}
			a, err := org.AuthAccess(tx, g.Access)
			if a.Role != org.Member || a.User != 0 || a.Dialect != org.Documented {
				t.Errorf("actor %+v", a)
			}
			return err
		})
	})
}

func TestFeedKeysAndPrograms(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f, other := orgtest.New(t, d, "acme"), orgtest.New(t, d, "other")
		in(t, d, f.Org, func(tx *db.Tx) error {
			k, plain, err := org.CreateFeedKey(tx, "erp")
			if err != nil {
				return err
			}
			if a, err := org.AuthFeed(tx, plain); err != nil || a.Role != org.Viewer || a.Source != k.ID {
				t.Errorf("feed actor %+v, %v", a, err)
			}
			if err := org.RevokeFeedKey(tx, k.ID); err != nil {
				return err
			}
			_, err = org.AuthFeed(tx, plain)
			wantUnauthorized(t, "revoked feed key", err)
			return nil
		})
		var p org.Program
		var key string
		in(t, d, f.Org, func(tx *db.Tx) (err error) {
			p, key, err = org.CreateProgram(tx, "Club", "", "")
			return err
		})
		in(t, d, other.Org, func(tx *db.Tx) error {
			a, err := org.AuthProgram(tx, p.ID, p.Username, key)
			if a.Org != f.Org || a.Source != p.ID {
				t.Errorf("program actor %+v", a)
			}
			for _, c := range [][2]string{{"x", key}, {p.Username, "x"}, {"", ""}} {
				_, err := org.AuthProgram(tx, p.ID, c[0], c[1])
				wantUnauthorized(t, "wrong pair", err)
			}
			_, err2 := org.AuthProgram(tx, p.ID+1000, p.Username, key)
			wantUnauthorized(t, "unknown program", err2)
			return err
		})
	})
}

func TestPortalUsers(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f, other := orgtest.New(t, d, "acme"), orgtest.New(t, d, "other")
		in(t, d, f.Org, func(tx *db.Tx) error {
			reg, err := org.NewRegToken(tx)
			if err != nil {
				return err
			}
			if _, err := org.AuthReg(tx, reg); err != nil {
				t.Error(err)
			}
			_, err = org.AuthChange(tx, reg)
			wantUnauthorized(t, "reg token for change", err)
			_, err = org.AuthReg(tx, reg+"x")
			wantUnauthorized(t, "wrong reg token", err)
			return nil
		})
		var p org.PortalUser
		var key, token string
		in(t, d, f.Org, func(tx *db.Tx) (err error) {
			if p, key, err = org.CreatePortalUser(tx, org.PortalUser{Email: "Shop@Web.example", Name: "Web", CreateProducts: true}, "hash"); err != nil {
				return err
			}
			token, err = org.PortalToken(tx, p, time.Hour)
			return err
		})
		in(t, d, other.Org, func(tx *db.Tx) error {
			if _, _, err := org.CreatePortalUser(tx, org.PortalUser{Email: "shop@web.example"}, "h"); !fault.Is(err, fault.Conflict) {
				t.Errorf("the same address again: %v", err)
			}
			got, err := org.PortalByEmail(tx, "SHOP@web.example")
			if err != nil || got.ID != p.ID || got.PasswordHash() != "hash" || !got.CreateProducts || got.Org != f.Org {
				t.Errorf("by e-mail %+v, %v", got, err)
			}
			a, got, err := org.AuthPortal(tx, token)
			if err != nil || a.Org != f.Org || a.Source != p.ID || got.WebhookSecret != p.WebhookSecret {
				t.Errorf("portal actor %+v, %v", a, err)
			}
			forged, _ := secret.Sign("guess", secret.Claims{Org: f.Org, User: p.ID, IssuedAt: tx.Now})
			_, _, err = org.AuthPortal(tx, forged)
			wantUnauthorized(t, "forged token", err)
			if a, _, err := org.AuthWebhook(tx, key); err != nil || a.Org != f.Org {
				t.Errorf("webhook actor %+v, %v", a, err)
			}
			_, _, err = org.AuthWebhook(tx, key+"x")
			wantUnauthorized(t, "wrong webhook key", err)
			tx.Now = dbtest.Now.Add(2 * time.Hour)
			_, _, err = org.AuthPortal(tx, token)
			wantUnauthorized(t, "expired portal token", err)
			return nil
		})
		in(t, d, f.Org, func(tx *db.Tx) error { return org.SetPortalActive(tx, p.ID, false) })
		in(t, d, f.Org, func(tx *db.Tx) error {
			_, _, err := org.AuthPortal(tx, token)
			wantUnauthorized(t, "inactive portal user", err)
			return nil
		})
	})
}
