package crm_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/fault"
	"storehouse/base/job"
	"storehouse/core/crm"
	"storehouse/core/org"
	"storehouse/core/org/orgtest"
	"storehouse/core/party"
)

// world is an organization with a lead.
type world struct {
	orgtest.Fixture
	lead int64
}

func setup(t *testing.T, d *db.DB) world {
	w := world{Fixture: orgtest.New(t, d, "acme")}
	dbtest.Do(t, d, func(tx *db.Tx) error {
		p, err := party.Create(tx, party.Party{FirstName: "Lea", IsLead: true, Mobile: "+1 (378) 400-1234"})
		w.lead = p.ID
		return err
	})
	return w
}

func (w world) followUp(start time.Time) crm.FollowUp {
	return crm.FollowUp{Party: w.lead, Title: "Call Lea", Kind: "call", Status: "scheduled", StartsAt: start, EndsAt: start.Add(time.Hour), Users: []int64{w.User},
		Notify: true, NotifyMail: true, NotifyBefore: 30, NotifyType: "minute"}
}

func (w world) add(t *testing.T, d *db.DB, f crm.FollowUp) (made crm.FollowUp) {
	t.Helper()
	dbtest.Do(t, d, func(tx *db.Tx) (err error) {
		made, err = crm.Create(tx, f)
		return err
	})
	return made
}

func TestReminderTimes(t *testing.T) {
	start := time.Date(2026, 3, 1, 12, 0, 0, 0, time.UTC)
	for _, c := range []struct {
		name   string
		change func(*crm.FollowUp)
		want   string
	}{
		{"minutes", func(f *crm.FollowUp) {}, "2026-03-01T11:30:00Z"},
		{"hours", func(f *crm.FollowUp) { f.NotifyType, f.NotifyBefore = "hour", 2 }, "2026-03-01T10:00:00Z"},
		{"days", func(f *crm.FollowUp) { f.NotifyType, f.NotifyBefore = "day", 1 }, "2026-02-28T12:00:00Z"},
		{"not wanted", func(f *crm.FollowUp) { f.Notify = false }, "0001-01-01T00:00:00Z"},
		{"no time before", func(f *crm.FollowUp) { f.NotifyBefore = 0 }, "0001-01-01T00:00:00Z"},
		{"no way", func(f *crm.FollowUp) { f.NotifyMail = false }, "0001-01-01T00:00:00Z"},
		{"called off", func(f *crm.FollowUp) { f.Status = "canceled" }, "0001-01-01T00:00:00Z"},
	} {
		f := world{}.followUp(start)
		c.change(&f)
		if got := f.RemindAt().Format(time.RFC3339); got != c.want {
			t.Errorf("%s: %s, want %s", c.name, got, c.want)
		}
	}
}

func TestRemindersAreSentOnceAndOnlyWhileTheyAreTrue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		now := dbtest.Now
		d.Now = func() time.Time { return now }
		f := w.add(t, d, w.followUp(now.Add(2*time.Hour)))
		jobs := func() (list []job.Job) {
			dbtest.See(t, d, func(tx *db.Tx) (err error) {
				list, err = job.List(tx, job.Filter{Org: w.Org, Kind: crm.ReminderKind})
				return err
			})
			return list
		}
		first := jobs()
		if len(first) != 1 || !first[0].RunAt.Equal(now.Add(90*time.Minute)) {
			t.Fatalf("jobs %+v, want one at half an hour before", first)
		}
		// Moved by an hour: a second job, and the first has nothing to say.
		f.StartsAt, f.EndsAt = f.StartsAt.Add(time.Hour), f.EndsAt.Add(time.Hour)
		dbtest.Do(t, d, func(tx *db.Tx) (err error) { f, err = crm.Update(tx, f); return err })
		if n := len(jobs()); n != 2 {
			t.Fatalf("%d jobs after a move, want 2", n)
		}
		var sent []string
		send := crm.Reminder(d, func(_ *db.Tx, to, subject, text, _ string) error {
			sent = append(sent, to+": "+subject+": "+text)
			return nil
		}, nil)
		now = now.Add(90 * time.Minute)
		for _, j := range jobs() {
			sent = nil
			if err := send(context.Background(), j); err != nil {
				t.Fatal(err)
			}
			want := []string{"owner@acme.example: Follow up: Call Lea: Call Lea with Lea on 2026-01-02 06:04, +1 (378) 400-1234"}
			if j.ID == first[0].ID {
				want = nil
			}
			if diff := cmp.Diff(want, sent); diff != "" {
				t.Error(diff)
			}
		}
		f.Status = "completed"
		dbtest.Do(t, d, func(tx *db.Tx) (err error) { f, err = crm.Update(tx, f); return err })
		sent = nil
		for _, j := range jobs() {
			if err := send(context.Background(), j); err != nil || sent != nil {
				t.Errorf("a reminder of what is done: %v, %v", sent, err)
			}
		}
	})
}

func TestFollowUpsAreChecked(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		rival := orgtest.New(t, d, "rival")
		dbtest.Do(t, d, func(tx *db.Tx) error {
			_, err := crm.Create(tx, crm.FollowUp{Kind: strings.Repeat("x", 51), Status: "perhaps", NotifyType: "year", NotifyBefore: -1, Party: 999, Users: []int64{rival.User}, Category: 5})
			var fields []string
			for _, f := range fault.Of(err).Fields {
				fields = append(fields, f.Field)
			}
			want := []string{"title", "schedule_type", "status", "notify_type", "notify_before", "start_datetime", "end_datetime", "contact_id", "user_id", "followup_category_id"}
			if diff := cmp.Diff(want, fields); diff != "" {
				t.Error(diff)
			}
			return nil
		})
		f := w.add(t, d, w.followUp(dbtest.Now.Add(time.Hour)))
		err := d.View(context.Background(), rival.Org, func(tx *db.Tx) error { _, err := crm.Get(tx, f.ID); return err })
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("another organization's follow-up: %v", err)
		}
	})
}

func TestListsAndWhatIsAroundNow(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		at := func(hours int) time.Time { return dbtest.Now.Add(time.Duration(hours) * time.Hour) }
		old, last := w.add(t, d, w.followUp(at(-5))), w.add(t, d, w.followUp(at(-2)))
		off := w.followUp(at(-1))
		off.Status = "canceled"
		w.add(t, d, off)
		done := w.followUp(at(1))
		done.Status, done.Kind = "completed", "sms"
		done = w.add(t, d, done)
		next := w.add(t, d, w.followUp(at(3)))
		w.add(t, d, w.followUp(at(4)))
		dbtest.See(t, d, func(tx *db.Tx) error {
			around, err := crm.AroundNow(tx, w.lead)
			if err != nil || around[w.lead].Last == nil || around[w.lead].Last.ID != last.ID || around[w.lead].Next == nil || around[w.lead].Next.ID != next.ID {
				t.Errorf("around %+v, %v; want %d and %d", around[w.lead], err, last.ID, next.ID)
			}
			list, err := crm.List(tx, crm.Filter{Desc: true, Limit: 2, Offset: 4})
			if err != nil || len(list) != 2 || list[0].ID != last.ID || list[1].ID != old.ID || list[0].Users[0] != w.User {
				t.Errorf("the last page: %+v, %v", list, err)
			}
			list, err = crm.List(tx, crm.Filter{From: at(0), To: at(3), Kind: "sms", Status: "completed", AssignedTo: w.User, Party: w.lead})
			if err != nil || len(list) != 1 || list[0].ID != done.ID {
				t.Errorf("narrowed: %+v, %v", list, err)
			}
			n, err := crm.Count(tx, crm.Filter{From: at(0), Limit: 1})
			if n != 3 {
				t.Errorf("count %d, want 3", n)
			}
			return err
		})
	})
}

func TestCallsAreLoggedOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		dbtest.Do(t, d, func(tx *db.Tx) error {
			m, err := org.GetMember(tx, w.User)
			m.Profile.ContactNumber = "0378 555 12 34"
			if err != nil {
				return err
			}
			return org.SetProfile(tx, w.User, m.Profile, true)
		})
		minute := time.Minute
		at := dbtest.Now.Add(-time.Hour)
		report := func() []crm.Call {
			return []crm.Call{
				{Number: "3784001234", Kind: "call", StartsAt: at, Duration: &minute},
				{Number: "3784001234", Kind: "sms", StartsAt: at},
				{Number: "+49 378 5551234", EndsAt: at, Duration: &minute},
				{Number: "123", StartsAt: at, EndsAt: at.Add(90 * time.Second)},
				{Number: "3784001234", Kind: "call", StartsAt: at, Duration: &minute}, // twice in one report
			}
		}
		for i, want := range []int64{4, 0} {
			dbtest.Do(t, d, func(tx *db.Tx) error {
				n, err := crm.LogCalls(tx, report())
				if err == nil && n != want {
					t.Errorf("report %d added %d, want %d", i+1, n, want)
				}
				return err
			})
		}
		dbtest.See(t, d, func(tx *db.Tx) error {
			list, err := crm.Calls(tx, w.lead, 10)
			if err != nil || len(list) != 2 || list[1].Kind != "call" || !list[1].EndsAt.Equal(at.Add(minute)) || *list[0].Duration != 0 {
				t.Errorf("calls with the lead: %+v, %v", list, err)
			}
			return nil
		})
		bad := []crm.Call{{Number: "1"}, {Number: "2", StartsAt: at, EndsAt: at.Add(-minute)}}
		err := d.Update(context.Background(), w.Org, func(tx *db.Tx) error { _, err := crm.LogCalls(tx, bad); return err })
		if fault.Of(err).Field() != "call_logs.1.end_time" {
			t.Errorf("err = %v", err)
		}
	})
}
