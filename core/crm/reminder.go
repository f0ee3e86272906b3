package crm

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"time"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/base/job"
	"storehouse/core/org"
	"storehouse/core/party"
)

// ReminderKind is the kind of the jobs that remind users of follow-ups.
const ReminderKind = "crm.reminder"

// units are the lengths of the notify types.
var units = map[string]time.Duration{"minute": time.Minute, "hour": time.Hour, "day": 24 * time.Hour}

// RemindAt returns when the users of a follow-up are to be reminded; the zero
// time is never.
func (f FollowUp) RemindAt() time.Time {
	if !f.Notify || f.NotifyBefore <= 0 || !f.NotifySMS && !f.NotifyMail || f.Status == "canceled" || f.Status == "completed" {
		return time.Time{}
	}
	return f.StartsAt.Add(-time.Duration(f.NotifyBefore) * units[f.NotifyType])
}

// remind adds the job of a reminder. A job whose time no longer is the
// follow-up's does nothing, so a change only has to add another.
func (f FollowUp) remind(tx *db.Tx) error {
	at := f.RemindAt()
	if at.IsZero() || !f.StartsAt.After(tx.Now) {
		return nil
	}
	args := fmt.Sprintf("%d %d", f.ID, at.UnixMicro())
	_, err := job.Add(tx, job.Job{Kind: ReminderKind, Args: args, UniqueKey: args, RunAt: at})
	return err
}

// Send adds the job that sends a text to one address; while one with the same
// key waits, another is not added.
type Send func(tx *db.Tx, to, subject, text, key string) error

// Reminder returns the handler of ReminderKind. mail and sms add the jobs that
// carry the words; nil sends nothing that way.
func Reminder(d *db.DB, mail, sms Send) job.Handler {
	return func(ctx context.Context, j job.Job) error {
		idText, atText, _ := strings.Cut(j.Args, " ")
		id, err := strconv.ParseInt(idText, 10, 64)
		at, err2 := strconv.ParseInt(atText, 10, 64)
		if err != nil || err2 != nil {
			return job.Fatal(fmt.Errorf("bad arguments %q", j.Args))
		}
		return d.Update(ctx, j.Org, func(tx *db.Tx) error {
			f, err := Get(tx, id)
			if fault.Is(err, fault.NotFound) {
				return nil
			}
			if err != nil {
				return err
			}
			// Moved, called off, or too late to be of use: say nothing.
			if f.RemindAt().UnixMicro() != at || !f.StartsAt.After(tx.Now) {
				return nil
			}
			return f.send(tx, mail, sms, "reminder "+j.Args)
		})
	}
}

func (f FollowUp) send(tx *db.Tx, mail, sms Send, key string) error {
	s, err := org.LoadSettings(tx)
	if err != nil {
		return err
	}
	p, err := party.Get(tx, f.Party)
	if err != nil {
		return err
	}
	users, err := org.ListMembers(tx, org.MemberFilter{Users: f.Users})
	if err != nil {
		return err
	}
	subject := "Follow up: " + strings.Join(strings.Fields(f.Title), " ")
	text := fmt.Sprintf("%s with %s on %s", f.Title, p.Name, f.StartsAt.In(s.Zone()).Format("2006-01-02 15:04"))
	if p.Mobile != "" {
		text += ", " + p.Mobile
	}
	for _, u := range users {
		if f.NotifyMail && mail != nil && u.Email != "" {
			if err := mail(tx, u.Email, subject, text, key); err != nil {
				return err
			}
		}
		if number := u.Profile.ContactNumber; f.NotifySMS && sms != nil && number != "" {
			if err := sms(tx, number, subject, text, key); err != nil {
				return err
			}
		}
	}
	return nil
}

// Upcoming returns the follow-ups of a user whose reminder is due and that
// have not begun, the next first.
func Upcoming(tx *db.Tx, user int64, limit int) ([]FollowUp, error) {
	list, err := List(tx, Filter{AssignedTo: user, From: tx.Now, Limit: 200})
	if err != nil {
		return nil, err
	}
	due := []FollowUp{}
	for _, f := range list {
		if at := f.RemindAt(); !at.IsZero() && !at.After(tx.Now) && len(due) < limit {
			due = append(due, f)
		}
	}
	return due, nil
}
