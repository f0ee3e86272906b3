// Package orgtest gives tests an organization to work in.
package orgtest

import (
	"context"
	"testing"

	"storehouse/base/db"
	"storehouse/core/org"
)

// Fixture is an organization made for a test, with an owner who has no
// password and a location.
type Fixture struct {
	Org, User, Location int64
}

// New makes an organization. The first in a fresh database has id 1, as have
// its owner and its location, so dbtest.Do and dbtest.See work in it.
func New(tb testing.TB, d *db.DB, slug string) Fixture {
	tb.Helper()
	var f Fixture
	do := func(fn func(*db.Tx) error) {
		if err := d.Update(context.Background(), f.Org, fn); err != nil {
			tb.Fatal(err)
		}
	}
	// A transaction that asks for a new block of ids runs again and skips the
	// ids it has taken, so each step takes one kind.
	do(func(tx *db.Tx) error {
		_, err := tx.NextID("member")
		return err
	})
	do(func(tx *db.Tx) error {
		u, err := org.CreateUser(tx, org.User{Email: "owner@" + slug + ".example", DisplayName: "Owner of " + slug}, "")
		f.User = u.ID
		return err
	})
	var made int64
	do(func(tx *db.Tx) error {
		o, _, err := org.Create(tx, org.Organization{Name: slug, Slug: slug}, f.User)
		made = o.ID
		return err
	})
	f.Org = made
	do(func(tx *db.Tx) error {
		l, err := org.CreateLocation(tx, org.Location{Name: "Main", Code: "BL0001"})
		f.Location = l.ID
		return err
	})
	return f
}
