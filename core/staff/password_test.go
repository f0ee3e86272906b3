package staff_test

import (
	"context"
	"errors"
	"strings"
	"testing"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/job"
	"storehouse/base/secret"
	"storehouse/core/org"
	"storehouse/core/org/orgtest"
	"storehouse/core/staff"
)

func TestANewPasswordIsMailedAndKeptNowhere(t *testing.T) {
	d := dbtest.SQLite(t)
	f := orgtest.New(t, d, "acme")
	dbtest.Do(t, d, func(tx *db.Tx) error {
		return staff.ForgotPassword(tx, org.Actor{Org: f.Org, User: f.User, Role: org.Owner}, "Owner@acme.example")
	})
	var jobs []job.Job
	dbtest.See(t, d, func(tx *db.Tx) (err error) {
		jobs, err = job.List(tx, job.Filter{Org: f.Org, Kind: staff.PasswordKind})
		return err
	})
	if len(jobs) != 1 || jobs[0].Args != "1" {
		t.Fatalf("jobs %+v", jobs)
	}
	passwords := secret.NewPasswords(secret.Cheap, 1)
	var to, text string
	down := errors.New("mail is down")
	do := staff.NewPassword(d, passwords, func(_ context.Context, address, _, words, _ string) error {
		if text == "" {
			text = words
			return down
		}
		to, text = address, words
		return nil
	})
	if err := do(context.Background(), jobs[0]); !errors.Is(err, down) {
		t.Fatalf("err = %v", err)
	}
	lost := text
	if err := do(context.Background(), jobs[0]); err != nil {
		t.Fatal(err)
	}
	var hash string
	dbtest.See(t, d, func(tx *db.Tx) (err error) { hash, err = org.PasswordHash(tx, f.User); return err })
	plain := strings.TrimSpace(text[strings.LastIndex(text, " "):])
	ok, err := passwords.Check(context.Background(), plain, hash)
	if err != nil || !ok || to != "owner@acme.example" || text == lost {
		t.Errorf("mailed %q to %s: good %v, %v", text, to, ok, err)
	}
}
