package native

import (
	"time"

	"storehouse/base/fault"
	"storehouse/core/org"
	"storehouse/core/staff"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// When people work: what clocking in at the pos face is measured by.
func init() {
	op := func(title string) web.Opt { return web.Title("Staff", title) }
	routes = append(routes, []web.Route{
		web.Read("GET /v1/shifts", org.Viewer, listShifts, op("List shifts")),
		web.Write("POST /v1/shifts", org.Admin, createShift, web.Created, op("Make a shift"),
			web.Doc("Times are of the organization's zone; an end before the start is on the next day. A flexible shift needs none.")),
		web.Write("PATCH /v1/shifts/{id}", org.Admin, changeShift, op("Change a shift")),
		web.Write("DELETE /v1/shifts/{id}", org.Admin, deleteShift, op("Delete a shift in which nobody has worked")),
		web.Write("PUT /v1/shifts/{id}/members/{userId}", org.Admin, assignShift, op("Put a member in a shift"), web.Doc("Both days included; without them it is open.")),
		web.Write("DELETE /v1/shifts/{id}/members/{userId}", org.Admin, unassignShift, op("Take a member out of a shift")),
	})
}

type shiftOut struct {
	ID          int64    `json:"id"`
	Name        string   `json:"name"`
	Type        string   `json:"type" enum:"fixed_shift,flexible_shift"`
	Start       string   `json:"startTime"`
	End         string   `json:"endTime"`
	DaysOff     []int64  `json:"daysOff" doc:"0 is Sunday."`
	GraceBefore int64    `json:"graceBefore" doc:"Minutes before the start at which one may clock in."`
	GraceAfter  int64    `json:"graceAfter" doc:"Minutes before the end at which one may clock out."`
	CreatedAt   wire.ISO `json:"createdAt"`
	UpdatedAt   wire.ISO `json:"updatedAt"`
}

func shiftOf(s staff.Shift) shiftOut {
	days := []int64{}
	for _, d := range s.DaysOff {
		days = append(days, int64(d))
	}
	return shiftOut{s.ID, s.Name, s.Kind, s.Start, s.End, days, s.GraceBefore, s.GraceAfter, wire.ISO(s.CreatedAt), wire.ISO(s.UpdatedAt)}
}

func listShifts(c *web.Call, _ web.None) (listOut[shiftOut], error) {
	list, err := staff.ListShifts(c.Tx)
	return mapped(list, shiftOf, err)
}

// shiftFields are the core's names of fields in the face's own.
var shiftFields = map[string]string{"start_time": "startTime", "end_time": "endTime"}

// shiftIn is what a shift may be given beside its name and type.
type shiftIn struct {
	Start       *string  `json:"startTime" doc:"09:00:00"`
	End         *string  `json:"endTime"`
	DaysOff     *[]int64 `json:"daysOff" maxItems:"7" doc:"0 is Sunday."`
	GraceBefore *int64   `json:"graceBefore" minimum:"0" maximum:"1440"`
	GraceAfter  *int64   `json:"graceAfter" minimum:"0" maximum:"1440"`
}

func (in shiftIn) apply(s *staff.Shift) error {
	set(&s.Start, in.Start)
	set(&s.End, in.End)
	set(&s.GraceBefore, in.GraceBefore)
	set(&s.GraceAfter, in.GraceAfter)
	if in.DaysOff == nil {
		return nil
	}
	s.DaysOff = nil
	for _, d := range *in.DaysOff {
		if d < int64(time.Sunday) || d > int64(time.Saturday) {
			return fault.Field("daysOff", "must be between 0 (Sunday) and 6")
		}
		s.DaysOff = append(s.DaysOff, time.Weekday(d))
	}
	return nil
}

type newShift struct {
	Name string `json:"name" required:"true" minLength:"1" maxLength:"255"`
	Type string `json:"type" required:"true" enum:"fixed_shift,flexible_shift"`
	shiftIn
}

func createShift(c *web.Call, in newShift) (shiftOut, error) {
	s := staff.Shift{Name: in.Name, Kind: in.Type}
	if err := in.apply(&s); err != nil {
		return shiftOut{}, err
	}
	s, err := staff.CreateShift(c.Tx, s)
	return shiftOf(s), named(err, shiftFields)
}

type shiftChange struct {
	pathID
	Name *string `json:"name" minLength:"1" maxLength:"255"`
	Type *string `json:"type" enum:"fixed_shift,flexible_shift"`
	shiftIn
}

func changeShift(c *web.Call, in shiftChange) (shiftOut, error) {
	s, err := staff.GetShift(c.Tx, in.ID)
	if err != nil {
		return shiftOut{}, err
	}
	set(&s.Name, in.Name)
	set(&s.Kind, in.Type)
	if err := in.apply(&s); err != nil {
		return shiftOut{}, err
	}
	s, err = staff.UpdateShift(c.Tx, s)
	return shiftOf(s), named(err, shiftFields)
}

func deleteShift(c *web.Call, in pathID) (deletedOut, error) {
	return deletedOut{in.ID}, staff.DeleteShift(c.Tx, in.ID)
}

type shiftMember struct {
	pathID
	User int64 `path:"userId" required:"true" minimum:"1"`
}

type shiftMemberIn struct {
	shiftMember
	Start string `json:"startDate" doc:"2026-01-02"`
	End   string `json:"endDate"`
}

type shiftMemberOut struct {
	Shift int64      `json:"shiftId"`
	User  int64      `json:"userId"`
	Start wire.TextN `json:"startDate"`
	End   wire.TextN `json:"endDate"`
}

func assignShift(c *web.Call, in shiftMemberIn) (shiftMemberOut, error) {
	out := shiftMemberOut{in.ID, in.User, wire.TextN(in.Start), wire.TextN(in.End)}
	if _, err := staff.GetShift(c.Tx, in.ID); err != nil {
		return out, err
	}
	var flaws []fault.Flaw
	for _, d := range []struct{ field, at string }{{"startDate", in.Start}, {"endDate", in.End}} {
		if _, err := time.Parse(time.DateOnly, d.at); err != nil && d.at != "" {
			flaws = append(flaws, fault.Flaw{Field: d.field, Msg: "must be a day like 2026-01-02"})
		}
	}
	if len(flaws) == 0 && in.End != "" && in.End < in.Start {
		flaws = append(flaws, fault.Flaw{Field: "endDate", Msg: "must not be before the start"})
	}
	if err := fault.Flaws(flaws); err != nil {
		return out, err
	}
	return out, staff.AssignShift(c.Tx, in.ID, in.User, in.Start, in.End)
}

func unassignShift(c *web.Call, in shiftMember) (deletedOut, error) {
	return deletedOut{in.User}, staff.UnassignShift(c.Tx, in.ID, in.User)
}
