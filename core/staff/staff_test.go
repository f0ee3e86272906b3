package staff_test

import (
	"context"
	"sync"
	"testing"
	"time"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/fault"
	"storehouse/core/org"
	"storehouse/core/org/orgtest"
	"storehouse/core/staff"
)

func TestTheServersTimeIsTheFact(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := orgtest.New(t, d, "acme")
		me := org.Actor{Org: f.Org, User: f.User, Role: org.Member}
		claim := dbtest.Now.Add(-time.Hour)
		dbtest.Do(t, d, func(tx *db.Tx) error {
			_, s, err := staff.ClockIn(tx, me, staff.Punch{User: f.User, Claimed: claim, Note: "null", Latitude: "1", IPAddress: "10.0.0.1"})
			if s.ID != 0 {
				t.Errorf("shift %+v where there is none", s)
			}
			return err
		})
		err := d.Update(context.Background(), f.Org, func(tx *db.Tx) error {
			_, _, err := staff.ClockIn(tx, me, staff.Punch{User: f.User})
			return err
		})
		if !fault.Is(err, fault.Conflict) || fault.Of(err).Msg != "Already clocked in" {
			t.Errorf("in twice: %v", err)
		}
		dbtest.Do(t, d, func(tx *db.Tx) error {
			tx.Now = dbtest.Now.Add(8 * time.Hour)
			_, err := staff.ClockOut(tx, me, staff.Punch{User: f.User, Note: "tired"})
			return err
		})
		dbtest.See(t, d, func(tx *db.Tx) error {
			a, err := staff.LastAttendance(tx, f.User)
			if err != nil || !a.InAt.Equal(dbtest.Now) || !a.InClaimed.Equal(claim) || a.InNote != "" || a.InLatitude != "1" || a.IPAddress != "10.0.0.1" ||
				!a.OutAt.Equal(dbtest.Now.Add(8*time.Hour)) || !a.OutClaimed.IsZero() || a.OutNote != "tired" {
				t.Errorf("attendance %+v, %v", a, err)
			}
			return nil
		})
		err = d.Update(context.Background(), f.Org, func(tx *db.Tx) error { _, err := staff.ClockOut(tx, me, staff.Punch{User: f.User}); return err })
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("out twice: %v", err)
		}
		err = d.Update(context.Background(), f.Org, func(tx *db.Tx) error {
			_, _, err := staff.ClockIn(tx, org.Actor{Org: f.Org, User: 99, Role: org.Member}, staff.Punch{User: f.User})
			return err
		})
		if !fault.Is(err, fault.Forbidden) {
			t.Errorf("clocking for somebody else: %v", err)
		}
	})
}

func TestNobodyIsInTwice(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := orgtest.New(t, d, "acme")
		me := org.Actor{Org: f.Org, User: f.User, Role: org.Member}
		var in sync.Map
		start := make(chan struct{})
		var wg sync.WaitGroup
		for i := range 8 {
			wg.Go(func() {
				<-start
				err := d.Update(context.Background(), f.Org, func(tx *db.Tx) error {
					_, _, err := staff.ClockIn(tx, me, staff.Punch{User: f.User})
					return err
				})
				if err == nil {
					in.Store(i, true)
				} else if !fault.Is(err, fault.Conflict) {
					t.Error(err)
				}
			})
		}
		close(start)
		wg.Wait()
		n := 0
		in.Range(func(any, any) bool { n++; return true })
		if n != 1 {
			t.Errorf("%d of 8 clocked in, want 1", n)
		}
	})
}

// A night shift from 22:00 to 06:00 in Phoenix (UTC-7), not on Sundays.
func TestShifts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := orgtest.New(t, d, "acme")
		me := org.Actor{Org: f.Org, User: f.User, Role: org.Member}
		dbtest.Do(t, d, func(tx *db.Tx) error {
			set, err := org.LoadSettings(tx)
			set.TimeZone = "America/Phoenix"
			if err != nil {
				return err
			}
			return org.SaveSettings(tx, set)
		})
		var night staff.Shift
		dbtest.Do(t, d, func(tx *db.Tx) (err error) {
			night, err = staff.CreateShift(tx, staff.Shift{Name: "Night", Kind: staff.Fixed, Start: "22:00:00", End: "06:00:00", DaysOff: []time.Weekday{time.Sunday},
				GraceBefore: 15, GraceAfter: 5})
			return err
		})
		dbtest.Do(t, d, func(tx *db.Tx) error { return staff.AssignShift(tx, night.ID, f.User, "2026-01-05", "") })
		clock := func(local string, out bool) error {
			at, err := time.ParseInLocation("2006-01-02 15:04", local, mustZone(t))
			if err != nil {
				t.Fatal(err)
			}
			return d.Update(context.Background(), f.Org, func(tx *db.Tx) error {
				tx.Now = at.UTC()
				if out {
					_, err := staff.ClockOut(tx, me, staff.Punch{User: f.User})
					return err
				}
				_, s, err := staff.ClockIn(tx, me, staff.Punch{User: f.User})
				if err == nil && s.ID != night.ID {
					t.Errorf("%s: shift %d", local, s.ID)
				}
				return err
			})
		}
		for _, step := range []struct {
			at   string
			out  bool
			want string
		}{
			{"2026-01-03 23:00", false, "No active shift for this time"}, // before the assignment
			{"2026-01-05 21:44", false, "No active shift for this time"},
			{"2026-01-05 21:45", false, ""},
			{"2026-01-06 05:54", true, "Shift not over"},
			{"2026-01-06 05:55", true, ""},
			{"2026-01-07 02:00", false, ""}, // late for the shift of the 6th
			{"2026-01-07 05:00", true, "Shift not over"},
			{"2026-01-07 06:30", true, ""},
			{"2026-01-11 23:00", false, "No active shift for this time"}, // a Sunday
		} {
			got := ""
			if err := clock(step.at, step.out); err != nil {
				got = fault.Of(err).Msg
			}
			if got != step.want {
				t.Errorf("%s: %q, want %q", step.at, got, step.want)
			}
		}
	})
}

func mustZone(t *testing.T) *time.Location {
	t.Helper()
	z, err := time.LoadLocation("America/Phoenix")
	if err != nil {
		t.Fatal(err)
	}
	return z
}

func TestHolidays(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := orgtest.New(t, d, "acme")
		for _, h := range []staff.Holiday{{Name: "All", Start: "2026-08-15", End: "2026-08-16"}, {Name: "Here", Start: "2026-08-01", End: "2026-08-01", Location: f.Location}} {
			dbtest.Do(t, d, func(tx *db.Tx) error { _, err := staff.CreateHoliday(tx, h); return err })
		}
		dbtest.See(t, d, func(tx *db.Tx) error {
			for _, c := range []struct {
				filter staff.HolidayFilter
				want   int
			}{{staff.HolidayFilter{}, 2}, {staff.HolidayFilter{Locations: []int64{99}}, 1}, {staff.HolidayFilter{From: "2026-08-16", To: "2026-08-20"}, 1},
				{staff.HolidayFilter{From: "2026-08-17"}, 0}, {staff.HolidayFilter{To: "2026-08-01"}, 1}} {
				list, err := staff.ListHolidays(tx, c.filter)
				if err != nil || len(list) != c.want {
					t.Errorf("%+v: %d holidays, %v; want %d", c.filter, len(list), err, c.want)
				}
			}
			return nil
		})
	})
}

func TestRegistrationGivesNothingToAContactsLogin(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := orgtest.New(t, d, "acme")
		me := org.Actor{Org: f.Org, User: f.User, Role: org.Owner}
		var made org.MemberUser
		dbtest.Do(t, d, func(tx *db.Tx) (err error) {
			made, err = staff.Register(tx, me, staff.Registration{Email: "Nina@acme.example", Role: org.Member, Locations: []int64{f.Location},
				Profile: org.Profile{FirstName: "Nina", Username: "nina1", UserType: staff.Worker, Status: "active", AllowLogin: true}}, "hash")
			return err
		})
		dbtest.Do(t, d, func(tx *db.Tx) error {
			m, err := org.GetMember(tx, made.User)
			if err != nil || m.Role != org.Member || !m.IsActive || m.Places().Has(f.Location+1) || !m.Places().Has(f.Location) {
				t.Errorf("member %+v, %v", m, err)
			}
			login, err := org.LoginByUsername(tx, "NINA1")
			if err != nil || login.User != made.User {
				t.Errorf("login %+v, %v", login, err)
			}
			_, err = staff.Register(tx, me, staff.Registration{Email: "nina@acme.example", Role: org.Member,
				Profile: org.Profile{FirstName: "N", Username: "nina2", UserType: staff.Worker, Status: "active", AllLocations: true}}, "")
			if !fault.Is(err, fault.Invalid) || fault.Of(err).Field() != "email" {
				t.Errorf("the same address again: %v", err)
			}
			return nil
		})
	})
}
