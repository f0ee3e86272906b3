package pos

import (
	"storehouse/base/fault"
	"storehouse/core/org"
	"storehouse/core/staff"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).attendanceRoutes) }

func (f *face) attendanceRoutes() []web.Route {
	tag := "Attendance management"
	return []web.Route{
		web.Read("GET /connector/api/get-attendance/{user_id}", org.Viewer, f.getAttendance, web.Title(tag, "Get Attendance"), may("essentials.view_own_attendance"), web.Output[web.Either[data[attendanceOut], data[struct{}]]]),
		web.Write("POST /connector/api/clock-in", org.Member, f.clockIn, web.Title(tag, "Clock In"), may("essentials.allow_users_for_attendance_from_api")),
		web.Write("POST /connector/api/clock-out", org.Member, f.clockOut, web.Title(tag, "Clock Out"), may("essentials.allow_users_for_attendance_from_api")),
		web.Read("GET /connector/api/holidays", org.Viewer, f.listHolidays, web.Title(tag, "List Holidays")),
	}
}

// attendanceOut is a time at work. clock_in_time and clock_out_time are the
// server's; what the client said stands beside them.
type attendanceOut struct {
	ID           int64      `json:"id"`
	User         int64      `json:"user_id"`
	Business     int64      `json:"business_id"`
	In           wire.Stamp `json:"clock_in_time"`
	Out          wire.Stamp `json:"clock_out_time"`
	Shift        wire.IntN  `json:"essentials_shift_id"`
	IPAddress    wire.TextN `json:"ip_address"`
	InNote       wire.TextN `json:"clock_in_note"`
	OutNote      wire.TextN `json:"clock_out_note"`
	InClaimed    wire.Stamp `json:"claimed_clock_in_time"`
	OutClaimed   wire.Stamp `json:"claimed_clock_out_time"`
	InLatitude   wire.TextN `json:"clock_in_latitude"`
	InLongitude  wire.TextN `json:"clock_in_longitude"`
	OutLatitude  wire.TextN `json:"clock_out_latitude"`
	OutLongitude wire.TextN `json:"clock_out_longitude"`
	CreatedAt    wire.Stamp `json:"created_at"`
	UpdatedAt    wire.Stamp `json:"updated_at"`
}

func (s stamps) attendance(o int64, a staff.Attendance) attendanceOut {
	t := func(s string) wire.TextN { return wire.TextN(s) }
	return attendanceOut{ID: a.ID, User: a.User, Business: o, In: s.at(a.InAt), Out: s.at(a.OutAt), Shift: wire.IntN(a.Shift), IPAddress: t(a.IPAddress),
		InNote: t(a.InNote), OutNote: t(a.OutNote), InClaimed: s.at(a.InClaimed), OutClaimed: s.at(a.OutClaimed), InLatitude: t(a.InLatitude),
		InLongitude: t(a.InLongitude), OutLatitude: t(a.OutLatitude), OutLongitude: t(a.OutLongitude), CreatedAt: s.at(a.CreatedAt), UpdatedAt: s.at(a.UpdatedAt)}
}

type attendanceIn struct {
	User rowID `path:"user_id" doc:"id of the user"`
}

// getAttendance answers the latest; data is {} when there is none, because
// the vendor's app asks for its length.
func (f *face) getAttendance(c *web.Call, in attendanceIn) (any, error) {
	if _, err := org.GetMember(c.Tx, in.User.N); err != nil {
		if fault.Is(err, fault.NotFound) {
			err = fault.Missing("user")
		}
		return nil, err
	}
	a, err := staff.LastAttendance(c.Tx, in.User.N)
	if err != nil {
		return nil, err
	}
	if a.ID == 0 {
		return data[struct{}]{}, nil
	}
	z, err := zone(c)
	return data[attendanceOut]{stamps{z}.attendance(c.Org, a)}, err
}

type clockInIn struct {
	User      wire.Int  `json:"user_id" doc:"id of the user"`
	Time      wire.Text `json:"clock_in_time" doc:"Y-m-d H:i:s. The server's time counts; this is kept beside it."`
	Note      wire.Text `json:"clock_in_note" doc:"Clock in note."`
	IP        wire.Text `json:"ip_address" doc:"IP address."`
	Latitude  wire.Text `json:"latitude" doc:"Latitude of the clock in location."`
	Longitude wire.Text `json:"longitude" doc:"Longitude of the clock in location."`
}

type clockOutIn struct {
	User      wire.Int  `json:"user_id" doc:"id of the user"`
	Time      wire.Text `json:"clock_out_time" doc:"Y-m-d H:i:s. The server's time counts; this is kept beside it."`
	Note      wire.Text `json:"clock_out_note" doc:"Clock out note."`
	Latitude  wire.Text `json:"latitude" doc:"Latitude of the clock out location."`
	Longitude wire.Text `json:"longitude" doc:"Longitude of the clock out location."`
}

type shiftOut struct {
	ID    int64      `json:"id"`
	Name  string     `json:"name"`
	Type  string     `json:"type"`
	Start wire.TextN `json:"start_time"`
	End   wire.TextN `json:"end_time"`
}

type clockedOut struct {
	Success bool   `json:"success"`
	Msg     string `json:"msg"`
	Type    string `json:"type"`
}

type clockedInOut struct {
	clockedOut
	Shift *shiftOut `json:"current_shift"`
}

func (f *face) clockIn(c *web.Call, in clockInIn) (clockedInOut, error) {
	p, err := punch(c, in.User, "clock_in_time", in.Time, in.Note, in.Latitude, in.Longitude)
	if err != nil {
		return clockedInOut{}, err
	}
	p.IPAddress = in.IP.S
	_, s, err := staff.ClockIn(c.Tx, c.Actor, p)
	out := clockedInOut{clockedOut: clockedOut{true, "Clocked In successfully", "clock_in"}}
	if s.ID != 0 {
		out.Shift = &shiftOut{s.ID, s.Name, s.Kind, wire.TextN(s.Start), wire.TextN(s.End)}
	}
	return out, err
}

func (f *face) clockOut(c *web.Call, in clockOutIn) (clockedOut, error) {
	p, err := punch(c, in.User, "clock_out_time", in.Time, in.Note, in.Latitude, in.Longitude)
	if err != nil {
		return clockedOut{}, err
	}
	_, err = staff.ClockOut(c.Tx, c.Actor, p)
	return clockedOut{true, "Clocked Out successfully", "clock_out"}, err
}

func punch(c *web.Call, user wire.Int, field string, at, note, lat, long wire.Text) (staff.Punch, error) {
	z, err := zone(c)
	if err != nil {
		return staff.Punch{}, err
	}
	claimed, err := moment(field, at.S, z)
	return staff.Punch{User: user.N, Claimed: claimed, Note: note.S, Latitude: lat.S, Longitude: long.S}, err
}

type holidayOut struct {
	ID        int64      `json:"id"`
	Name      string     `json:"name"`
	Start     string     `json:"start_date"`
	End       string     `json:"end_date"`
	Business  int64      `json:"business_id"`
	Location  wire.IntN  `json:"location_id"`
	Note      wire.TextN `json:"note"`
	CreatedAt wire.Stamp `json:"created_at"`
	UpdatedAt wire.Stamp `json:"updated_at"`
}

type holidaysIn struct {
	Location rowID     `query:"location_id" doc:"id of the location"`
	Start    wire.Text `query:"start_date" doc:"format:Y-m-d"`
	End      wire.Text `query:"end_date" doc:"format:Y-m-d"`
}

func (f *face) listHolidays(c *web.Call, in holidaysIn) (data[[]holidayOut], error) {
	out := data[[]holidayOut]{[]holidayOut{}}
	at, err := places(c, in.Location.N)
	if err != nil {
		return out, err
	}
	filter := staff.HolidayFilter{Locations: at}
	if filter.From, err = day("start_date", in.Start.S); err != nil {
		return out, err
	}
	if filter.To, err = day("end_date", in.End.S); err != nil {
		return out, err
	}
	z, err := zone(c)
	if err != nil {
		return out, err
	}
	s := stamps{z}
	list, err := staff.ListHolidays(c.Tx, filter)
	for _, h := range list {
		out.Data = append(out.Data, holidayOut{h.ID, h.Name, h.Start, h.End, c.Org, wire.IntN(h.Location), wire.TextN(h.Note), s.at(h.CreatedAt), s.at(h.UpdatedAt)})
	}
	return out, err
}
