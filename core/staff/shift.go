package staff

import (
	"strconv"
	"strings"
	"time"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/org"
)

// Shift is when people work.
type Shift struct {
	ID          int64
	Name        string
	Kind        string // Fixed, or Flexible: whenever it suits
	Start, End  string // "09:00:00" in the organization's zone; End before Start is the next day
	DaysOff     []time.Weekday
	GraceBefore int64 // minutes before the start at which one may clock in
	GraceAfter  int64 // minutes before the end at which one may clock out
	CreatedAt   time.Time
	UpdatedAt   time.Time
}

// The kinds of shift.
const (
	Fixed    = "fixed_shift"
	Flexible = "flexible_shift"
)

const shiftCols = `id, name, kind, start_time, end_time, days_off, grace_before, grace_after, created_at, updated_at`

func scanShift(r db.Row, s *Shift) error {
	var days string
	err := r.Scan(&s.ID, &s.Name, &s.Kind, db.S(&s.Start), db.S(&s.End), &days, &s.GraceBefore, &s.GraceAfter, db.T(&s.CreatedAt), db.T(&s.UpdatedAt))
	for _, d := range strings.Split(days, ",") {
		if n, e := strconv.Atoi(d); e == nil {
			s.DaysOff = append(s.DaysOff, time.Weekday(n))
		}
	}
	return err
}

// CreateShift adds a shift.
func CreateShift(tx *db.Tx, s Shift) (Shift, error) {
	if err := s.check(); err != nil {
		return s, err
	}
	id, err := tx.NextID("shift")
	if err != nil {
		return s, err
	}
	s.ID, s.CreatedAt, s.UpdatedAt = id, tx.Now, tx.Now
	return s, tx.Insert("shift", "org_id, "+shiftCols, [][]any{{tx.Org, s.ID, s.Name, s.Kind, db.Null(s.Start), db.Null(s.End), s.days(),
		s.GraceBefore, s.GraceAfter, s.CreatedAt, s.UpdatedAt}})
}

func (s Shift) check() error {
	var flaws []fault.Flaw
	if strings.TrimSpace(s.Name) == "" {
		flaws = append(flaws, fault.Flaw{Field: "name", Msg: "is required"})
	}
	if s.Kind != Fixed && s.Kind != Flexible {
		flaws = append(flaws, fault.Flaw{Field: "type", Msg: "must be fixed_shift or flexible_shift"})
	}
	for _, d := range []struct{ field, at string }{{"start_time", s.Start}, {"end_time", s.End}} {
		if _, err := time.Parse(time.TimeOnly, d.at); err != nil && (s.Kind == Fixed || d.at != "") {
			flaws = append(flaws, fault.Flaw{Field: d.field, Msg: "does not match the format H:i:s"})
		}
	}
	return fault.Flaws(flaws)
}

func (s Shift) days() string {
	days := make([]string, len(s.DaysOff))
	for i, d := range s.DaysOff {
		days[i] = strconv.Itoa(int(d))
	}
	return strings.Join(days, ",")
}

// ListShifts returns the shifts in the order of their ids.
func ListShifts(tx *db.Tx) ([]Shift, error) {
	return db.All(tx, scanShift, `SELECT `+shiftCols+` FROM shift WHERE org_id = ? ORDER BY id`, tx.Org)
}

// GetShift returns one shift.
func GetShift(tx *db.Tx, id int64) (Shift, error) {
	s, err := getShift(tx, id)
	if fault.Is(err, fault.NotFound) {
		err = fault.Missing("shift")
	}
	return s, err
}

// UpdateShift stores a shift that was read with GetShift and changed.
func UpdateShift(tx *db.Tx, s Shift) (Shift, error) {
	if err := s.check(); err != nil {
		return s, err
	}
	s.UpdatedAt = tx.Now
	_, err := tx.Exec(`UPDATE shift SET name = ?, kind = ?, start_time = ?, end_time = ?, days_off = ?, grace_before = ?, grace_after = ?, updated_at = ? WHERE org_id = ? AND id = ?`,
		s.Name, s.Kind, db.Null(s.Start), db.Null(s.End), s.days(), s.GraceBefore, s.GraceAfter, s.UpdatedAt, tx.Org, s.ID)
	return s, err
}

// DeleteShift removes a shift with its members, unless somebody has worked in
// it.
func DeleteShift(tx *db.Tx, id int64) error {
	s, err := GetShift(tx, id)
	if err != nil {
		return err
	}
	n, err := db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM attendance WHERE org_id = ? AND shift_id = ?`, tx.Org, id)
	if err != nil {
		return err
	}
	if n > 0 {
		return fault.Used(s.Name, map[string]int64{"attendance": n})
	}
	_, err = tx.Exec(`DELETE FROM shift WHERE org_id = ? AND id = ?`, tx.Org, id)
	return err
}

// UnassignShift takes a user out of a shift.
func UnassignShift(tx *db.Tx, shift, user int64) error {
	n, err := tx.Exec(`DELETE FROM shift_user WHERE org_id = ? AND shift_id = ? AND user_id = ?`, tx.Org, shift, user)
	if err == nil && n == 0 {
		err = fault.Missing("member of the shift")
	}
	return err
}

// AssignShift puts a user in a shift from a date until another, both included;
// "" is open.
func AssignShift(tx *db.Tx, shift, user int64, from, until string) error {
	if _, err := org.GetMember(tx, user); err != nil {
		return err
	}
	return tx.Insert("shift_user", "org_id, shift_id, user_id, start_date, end_date", [][]any{{tx.Org, shift, user, db.Null(from), db.Null(until)}},
		"ON CONFLICT (org_id, shift_id, user_id) DO UPDATE SET start_date = excluded.start_date, end_date = excluded.end_date")
}

func getShift(tx *db.Tx, id int64) (Shift, error) {
	return db.One(tx, scanShift, `SELECT `+shiftCols+` FROM shift WHERE org_id = ? AND id = ?`, tx.Org, id)
}

// shiftNow returns the shift in which a user clocks in now; its ID is 0 when
// the user has no shifts at all. A user who has some, and none now, is
// refused.
func shiftNow(tx *db.Tx, user int64) (Shift, error) {
	settings, err := org.LoadSettings(tx)
	if err != nil {
		return Shift{}, err
	}
	now := tx.Now.In(settings.Zone())
	type turn struct {
		Shift
		from, until string
	}
	list, err := db.All(tx, func(r db.Row, t *turn) error {
		return scanShift(moreRow{r, []any{db.S(&t.from), db.S(&t.until)}}, &t.Shift)
	}, `SELECT s.id, s.name, s.kind, s.start_time, s.end_time, s.days_off, s.grace_before, s.grace_after, s.created_at, s.updated_at, u.start_date, u.end_date
		FROM shift_user u JOIN shift s ON s.org_id = u.org_id AND s.id = u.shift_id WHERE u.org_id = ? AND u.user_id = ? ORDER BY s.id`, tx.Org, user)
	if err != nil {
		return Shift{}, err
	}
	for _, t := range list {
		if t.now(now, t.from, t.until) {
			return t.Shift, nil
		}
	}
	if len(list) > 0 {
		return Shift{}, fault.New(fault.Conflict, "No active shift for this time")
	}
	return Shift{}, nil
}

// moreRow reads more columns after those that a scan function knows.
type moreRow struct {
	db.Row
	more []any
}

func (r moreRow) Scan(dest ...any) error { return r.Row.Scan(append(dest, r.more...)...) }

// now reports whether one may clock in at a time: in the shift of that day, or
// in one of the day before that goes past midnight.
func (s Shift) now(at time.Time, from, until string) bool {
	for _, begin := range []time.Time{at, at.AddDate(0, 0, -1)} {
		date := begin.Format(time.DateOnly)
		if from != "" && date < from || until != "" && date > until || s.off(begin.Weekday()) {
			continue
		}
		if s.Kind == Flexible {
			if begin.Equal(at) {
				return true
			}
			continue
		}
		start, end := s.hours(begin)
		if !at.Before(start.Add(-time.Duration(s.GraceBefore)*time.Minute)) && at.Before(end) {
			return true
		}
	}
	return false
}

func (s Shift) off(d time.Weekday) bool {
	for _, o := range s.DaysOff {
		if o == d {
			return true
		}
	}
	return false
}

// hours returns when a fixed shift begins and ends that begins on a day.
func (s Shift) hours(day time.Time) (start, end time.Time) {
	at := func(clock string) time.Time {
		c, _ := time.Parse(time.TimeOnly, clock)
		return time.Date(day.Year(), day.Month(), day.Day(), c.Hour(), c.Minute(), c.Second(), 0, day.Location())
	}
	start, end = at(s.Start), at(s.End)
	if !end.After(start) {
		end = end.AddDate(0, 0, 1)
	}
	return start, end
}

// over reports whether somebody who clocked in at a time may leave now.
func (s Shift) over(tx *db.Tx, in time.Time) (bool, error) {
	if s.Kind != Fixed {
		return true, nil
	}
	settings, err := org.LoadSettings(tx)
	if err != nil {
		return false, err
	}
	in = in.In(settings.Zone())
	start, end := s.hours(in)
	if in.Before(start.Add(-time.Duration(s.GraceBefore) * time.Minute)) {
		_, end = s.hours(in.AddDate(0, 0, -1)) // it began the day before
	}
	return !tx.Now.Before(end.Add(-time.Duration(s.GraceAfter) * time.Minute)), nil
}
