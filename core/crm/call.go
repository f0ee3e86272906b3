package crm

import (
	"fmt"
	"slices"
	"strings"
	"time"
	"unicode/utf8"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/org"
	"storehouse/core/party"
)

// Call is a call or a short message that a phone reports. Of start, end and
// duration one may be missing and is worked out from the others; a call
// without any time was just now.
type Call struct {
	ID       int64
	Kind     string // "call" or "sms"; "" is "call"
	Number   string
	Name     string // of the contact, as the phone knows it
	StartsAt time.Time
	EndsAt   time.Time
	Duration *time.Duration // whole seconds
	Party    int64          // whose number it is; found by LogCalls
	User     int64          // or of which of our users
}

const (
	maxCalls     = 5000 // in one report
	maxCallTime  = 365 * 24 * time.Hour
	leastDigits  = 7 // numbers shorter than this match nobody
	commonDigits = 9 // trailing digits that make two numbers one: country codes and zeros before them vary
)

// LogCalls stores calls, matched to parties and users by the last digits of
// their numbers, and returns how many were new. A call of a kind with a number
// at a time is stored once, however often it is reported.
func LogCalls(tx *db.Tx, calls []Call) (int64, error) {
	if len(calls) > maxCalls {
		return 0, fault.Field("call_logs", "may have at most %d calls", maxCalls)
	}
	for i := range calls {
		if err := calls[i].complete(tx.Now); err != nil {
			return 0, fault.Under(fmt.Sprintf("call_logs.%d", i), err)
		}
	}
	if err := match(tx, calls); err != nil {
		return 0, err
	}
	id, err := tx.NextIDs("call_log", len(calls))
	if err != nil {
		return 0, err
	}
	var added int64
	for part := range slices.Chunk(calls, 500) {
		var args []any
		for _, c := range part {
			args = append(args, tx.Org, id, c.Kind, c.Number, db.Null(c.Name), c.StartsAt, c.EndsAt, int64(*c.Duration/time.Second),
				db.Null(c.Party), db.Null(c.User), db.Null(tx.Actor), tx.Now)
			id++
		}
		n, err := tx.Exec(`INSERT INTO call_log (org_id, id, call_type, mobile_number, mobile_name, starts_at, ends_at, seconds, party_id, user_id, created_by, created_at)
			VALUES `+db.Tuples(len(part), 12)+` ON CONFLICT DO NOTHING`, args...)
		if err != nil {
			return 0, err
		}
		added += n
	}
	return added, nil
}

// complete works out the time that is missing.
func (c *Call) complete(now time.Time) error {
	c.Number = strings.TrimSpace(c.Number)
	if c.Kind == "" {
		c.Kind = "call"
	}
	switch {
	case c.Number == "":
		return fault.Field("mobile_number", "is required")
	case utf8.RuneCountInString(c.Number) > 50:
		return fault.Field("mobile_number", "may have at most 50 characters")
	case utf8.RuneCountInString(c.Name) > 255:
		return fault.Field("mobile_name", "may have at most 255 characters")
	case c.Kind != "call" && c.Kind != "sms":
		return fault.Field("call_type", "must be call or sms")
	case c.Duration != nil && (*c.Duration < 0 || *c.Duration > maxCallTime):
		return fault.Field("duration", "must be between 0 and a year's seconds")
	}
	var took time.Duration
	if c.Duration != nil {
		took = *c.Duration
	} else if !c.StartsAt.IsZero() && !c.EndsAt.IsZero() {
		took = c.EndsAt.Sub(c.StartsAt).Truncate(time.Second)
	}
	if c.StartsAt.IsZero() {
		if c.EndsAt.IsZero() {
			c.EndsAt = now
		}
		c.StartsAt = c.EndsAt.Add(-took)
	}
	if c.EndsAt.IsZero() {
		c.EndsAt = c.StartsAt.Add(took)
	}
	if c.EndsAt.Before(c.StartsAt) {
		return fault.Field("end_time", "must not be before the start")
	}
	c.Duration = &took
	return nil
}

// tail is what two spellings of a number have in common: its last digits. It
// is "" for what is too short to be anybody's.
func tail(number string) string {
	d := strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, number)
	if len(d) < leastDigits {
		return ""
	}
	return d[max(0, len(d)-commonDigits):]
}

// match finds whose the numbers are.
func match(tx *db.Tx, calls []Call) error {
	var tails []string
	for _, c := range calls {
		if t := tail(c.Number); t != "" {
			tails = append(tails, t)
		}
	}
	slices.Sort(tails)
	tails = slices.Compact(tails)
	if len(tails) == 0 {
		return nil
	}
	parties, err := party.ByPhoneTails(tx, tails)
	if err != nil {
		return err
	}
	users := map[string]int64{}
	members, err := org.ListMembers(tx, org.MemberFilter{})
	if err != nil {
		return err
	}
	for _, m := range members {
		for _, n := range []string{m.Profile.ContactNumber, m.Profile.ContactNo, m.Profile.AltNumber, m.Profile.FamilyNumber} {
			if t := tail(n); t != "" && users[t] == 0 {
				users[t] = m.User
			}
		}
	}
	for i := range calls {
		t := tail(calls[i].Number)
		calls[i].Party, calls[i].User = parties[t], users[t]
	}
	return nil
}

// Calls returns the calls with a party, the latest first.
func Calls(tx *db.Tx, p int64, limit int) ([]Call, error) {
	return db.All(tx, func(r db.Row, c *Call) error {
		var seconds int64
		err := r.Scan(&c.ID, &c.Kind, &c.Number, db.S(&c.Name), db.T(&c.StartsAt), db.T(&c.EndsAt), &seconds, db.I(&c.Party), db.I(&c.User))
		took := time.Duration(seconds) * time.Second
		c.Duration = &took
		return err
	}, `SELECT id, call_type, mobile_number, mobile_name, starts_at, ends_at, seconds, party_id, user_id FROM call_log
		WHERE org_id = ? AND party_id = ? ORDER BY starts_at DESC, id DESC LIMIT ?`, tx.Org, p, limit)
}
