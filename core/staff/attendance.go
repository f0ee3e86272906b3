package staff

import (
	"strings"
	"time"
	"unicode/utf8"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/org"
)

// Attendance is one time at work. InAt and OutAt are the server's clock and
// the fact; what the client says it was is a claim kept beside it.
type Attendance struct {
	ID                        int64
	User                      int64
	InAt, OutAt               time.Time // OutAt is zero while the user is in
	InClaimed, OutClaimed     time.Time // zero when the client claimed nothing
	InNote, OutNote           string
	InLatitude, InLongitude   string
	OutLatitude, OutLongitude string
	IPAddress                 string // as the client says
	Shift                     int64  // 0 for none
	CreatedAt                 time.Time
	UpdatedAt                 time.Time
}

const attendanceCols = `id, user_id, in_at, out_at, in_claimed, out_claimed, in_note, out_note, in_latitude, in_longitude, out_latitude, out_longitude,
	ip_address, shift_id, created_at, updated_at`

func scanAttendance(r db.Row, a *Attendance) error {
	return r.Scan(&a.ID, &a.User, db.T(&a.InAt), db.T(&a.OutAt), db.T(&a.InClaimed), db.T(&a.OutClaimed), db.S(&a.InNote), db.S(&a.OutNote),
		db.S(&a.InLatitude), db.S(&a.InLongitude), db.S(&a.OutLatitude), db.S(&a.OutLongitude), db.S(&a.IPAddress), db.I(&a.Shift),
		db.T(&a.CreatedAt), db.T(&a.UpdatedAt))
}

// Punch is what a client says when a user clocks in or out.
type Punch struct {
	User                int64
	Claimed             time.Time // when the client says it is; zero is nothing said
	Note                string
	Latitude, Longitude string
	IPAddress           string
}

// errAlreadyIn refuses to clock in twice.
func errAlreadyIn() error { return fault.New(fault.Conflict, "Already clocked in") }

// check verifies that the user is a member and that by may clock for them:
// everybody for themselves, an admin for others.
func (p Punch) check(tx *db.Tx, by org.Actor) error {
	if p.User == 0 {
		return fault.Field("user_id", "is required")
	}
	for field, s := range map[string]string{"note": p.Note, "ip_address": p.IPAddress, "latitude": p.Latitude, "longitude": p.Longitude} {
		if utf8.RuneCountInString(s) > 1000 {
			return fault.Field(field, "may have at most 1000 characters")
		}
	}
	m, err := org.GetMember(tx, p.User)
	if fault.Is(err, fault.NotFound) {
		return fault.Missing("user")
	}
	if err != nil {
		return err
	}
	if p.User != by.User && by.Role < org.Admin {
		return fault.New(fault.Forbidden, "only an admin can clock for somebody else")
	}
	if !m.IsActive {
		return fault.Field("user_id", "is not active")
	}
	return nil
}

// ClockIn says that a user begins to work now, and returns the attendance and
// the shift that it belongs to (its ID is 0 for none). A user with shifts can
// clock in during one of them only.
func ClockIn(tx *db.Tx, by org.Actor, p Punch) (Attendance, Shift, error) {
	var none Attendance
	if err := p.check(tx, by); err != nil {
		return none, Shift{}, err
	}
	open, err := openAttendance(tx, p.User)
	if err != nil {
		return none, Shift{}, err
	}
	if open.ID != 0 {
		return none, Shift{}, errAlreadyIn()
	}
	shift, err := shiftNow(tx, p.User)
	if err != nil {
		return none, Shift{}, err
	}
	id, err := tx.NextID("attendance")
	if err != nil {
		return none, Shift{}, err
	}
	a := Attendance{ID: id, User: p.User, InAt: tx.Now, InClaimed: p.Claimed, InNote: note(p.Note), InLatitude: p.Latitude, InLongitude: p.Longitude,
		IPAddress: p.IPAddress, Shift: shift.ID, CreatedAt: tx.Now, UpdatedAt: tx.Now}
	err = tx.Try(func() error { // the database lets nobody in twice, however quick
		return tx.Insert("attendance", "org_id, id, user_id, in_at, in_claimed, in_note, in_latitude, in_longitude, ip_address, shift_id, created_at, updated_at",
			[][]any{{tx.Org, a.ID, a.User, a.InAt, a.InClaimed, db.Null(a.InNote), db.Null(a.InLatitude), db.Null(a.InLongitude), db.Null(a.IPAddress),
				db.Null(a.Shift), a.CreatedAt, a.UpdatedAt}})
	})
	if fault.Is(err, fault.Conflict) {
		err = errAlreadyIn()
	}
	return a, shift, err
}

// note drops the text "null", which the vendor's app sends for nothing.
func note(s string) string {
	if s = strings.TrimSpace(s); s == "null" {
		return ""
	}
	return s
}

// ClockOut says that a user ends work now. Before the end of a fixed shift it
// is refused, less the shift's grace.
func ClockOut(tx *db.Tx, by org.Actor, p Punch) (Attendance, error) {
	if err := p.check(tx, by); err != nil {
		return Attendance{}, err
	}
	a, err := openAttendance(tx, p.User)
	if err != nil {
		return a, err
	}
	if a.ID == 0 {
		return a, fault.New(fault.Conflict, "Not clocked in")
	}
	if a.Shift != 0 {
		s, err := getShift(tx, a.Shift)
		if err != nil {
			return a, err
		}
		over, err := s.over(tx, a.InAt)
		if err != nil {
			return a, err
		}
		if !over {
			return a, fault.New(fault.Conflict, "Shift not over")
		}
	}
	a.OutAt, a.OutClaimed, a.OutNote, a.OutLatitude, a.OutLongitude, a.UpdatedAt = tx.Now, p.Claimed, note(p.Note), p.Latitude, p.Longitude, tx.Now
	n, err := tx.Exec(`UPDATE attendance SET out_at = ?, out_claimed = ?, out_note = ?, out_latitude = ?, out_longitude = ?, updated_at = ?
		WHERE org_id = ? AND id = ? AND out_at IS NULL`, a.OutAt, a.OutClaimed, db.Null(a.OutNote), db.Null(a.OutLatitude), db.Null(a.OutLongitude), a.UpdatedAt, tx.Org, a.ID)
	if err == nil && n == 0 {
		err = fault.New(fault.Conflict, "Not clocked in")
	}
	return a, err
}

// openAttendance returns a user's attendance that has no end; its ID is 0 for
// none.
func openAttendance(tx *db.Tx, user int64) (Attendance, error) {
	list, err := db.All(tx, scanAttendance, `SELECT `+attendanceCols+` FROM attendance WHERE org_id = ? AND user_id = ? AND out_at IS NULL`, tx.Org, user)
	if err != nil || len(list) == 0 {
		return Attendance{}, err
	}
	return list[0], nil
}

// LastAttendance returns a user's latest attendance; its ID is 0 when there is
// none.
func LastAttendance(tx *db.Tx, user int64) (Attendance, error) {
	list, err := db.All(tx, scanAttendance, `SELECT `+attendanceCols+` FROM attendance WHERE org_id = ? AND user_id = ? ORDER BY in_at DESC, id DESC LIMIT 1`, tx.Org, user)
	if err != nil || len(list) == 0 {
		return Attendance{}, err
	}
	return list[0], nil
}
