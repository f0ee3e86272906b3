package field_test

import (
	"context"
	"testing"
	"time"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/fault"
	"storehouse/core/field"
	"storehouse/core/org"
	"storehouse/core/org/orgtest"
)

const png = "\x89PNG\r\n\x1a\n and the rest"

func TestVisits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := orgtest.New(t, d, "acme")
		add := func(v field.Visit) (made field.Visit) {
			t.Helper()
			dbtest.Do(t, d, func(tx *db.Tx) (err error) { made, err = field.Create(tx, v); return err })
			return made
		}
		first := add(field.Visit{VisitTo: "Bakery", VisitAddress: "1 Mill Lane", AssignedTo: f.User, VisitOn: dbtest.Now.Add(time.Hour)})
		second := add(field.Visit{VisitTo: "Mill", VisitAddress: "2 Mill Lane", AssignedTo: f.User})
		if first.Number != "2026/0001" || second.Number != "2026/0002" || first.Status != field.Assigned {
			t.Errorf("numbers %s and %s, status %s", first.Number, second.Number, first.Status)
		}
		// New Year comes later in Phoenix than in UTC, and so do its numbers.
		dbtest.Do(t, d, func(tx *db.Tx) error {
			s, err := org.LoadSettings(tx)
			s.TimeZone = "America/Phoenix"
			if err != nil {
				return err
			}
			if err := org.SaveSettings(tx, s); err != nil {
				return err
			}
			tx.Now = time.Date(2027, 1, 1, 3, 0, 0, 0, time.UTC)
			v, err := field.Create(tx, field.Visit{VisitTo: "Inn", VisitAddress: "3 Mill Lane", AssignedTo: f.User})
			if err == nil && v.Number != "2026/0003" {
				t.Errorf("on New Year's Eve in Phoenix: %s", v.Number)
			}
			return err
		})
		photo, err := field.ReadPhoto([]byte(png))
		if err != nil || photo.Type != "image/png" {
			t.Fatalf("photo %s, %v", photo.Type, err)
		}
		if _, err := field.ReadPhoto([]byte("<svg>")); fault.Of(err).Field() != "photo" {
			t.Errorf("a picture that is none: %v", err)
		}
		dbtest.Do(t, d, func(tx *db.Tx) error {
			tx.Actor = f.User
			v, err := field.Get(tx, first.ID)
			if err != nil {
				return err
			}
			v.Status, v.Latitude, v.MeetWith[2] = field.Met, "41.40338", field.Person{Name: "Ann", Mobile: "1", Designation: "dr"}
			v, err = field.Report(tx, v, &photo)
			if !v.VisitedOn.Equal(tx.Now) || !v.HasPhoto {
				t.Errorf("reported %+v", v)
			}
			return err
		})
		dbtest.See(t, d, func(tx *db.Tx) error {
			v, err := field.Get(tx, first.ID)
			if err != nil || v.Status != field.Met || v.Latitude != "41.40338" || v.MeetWith[2].Designation != "dr" || v.VisitTo != "Bakery" {
				t.Errorf("stored %+v, %v", v, err)
			}
			p, err := field.PhotoOf(tx, first.ID)
			if err != nil || string(p.Data) != png {
				t.Errorf("photo %q, %v", p.Data, err)
			}
			list, err := field.List(tx, field.Filter{Status: field.Finished})
			if err != nil || len(list) != 1 || list[0].ID != first.ID {
				t.Errorf("finished: %+v, %v", list, err)
			}
			list, err = field.List(tx, field.Filter{ByDate: true, Desc: true, Limit: 1})
			if err != nil || len(list) != 1 || list[0].ID != first.ID {
				t.Errorf("latest: %+v, %v", list, err)
			}
			n, err := field.Count(tx, field.Filter{AssignedTo: f.User, From: dbtest.Now, To: dbtest.Now.Add(2 * time.Hour)})
			if n != 1 {
				t.Errorf("%d visits in the next two hours, want 1", n)
			}
			return err
		})
	})
}

func TestOnlyTheAssignedUserReports(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f, rival := orgtest.New(t, d, "acme"), orgtest.New(t, d, "rival")
		var v field.Visit
		dbtest.Do(t, d, func(tx *db.Tx) (err error) {
			if _, err := field.Create(tx, field.Visit{VisitTo: "x", AssignedTo: rival.User}); len(fault.Of(err).Fields) != 2 {
				t.Errorf("a stranger sent nowhere: %v", err)
			}
			v, err = field.Create(tx, field.Visit{VisitTo: "x", VisitAddress: "y", AssignedTo: f.User})
			return err
		})
		err := d.Update(context.Background(), f.Org, func(tx *db.Tx) error {
			tx.Actor = f.User + 100
			_, err := field.Report(tx, v, nil)
			return err
		})
		if !fault.Is(err, fault.Forbidden) {
			t.Errorf("somebody else reported: %v", err)
		}
		err = d.View(context.Background(), rival.Org, func(tx *db.Tx) error { _, err := field.Get(tx, v.ID); return err })
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("another organization's visit: %v", err)
		}
	})
}
