package native

import (
	"storehouse/core/org"
	"storehouse/core/staff"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// Days without work, which the pos face shows.
func init() {
	op := func(title string) web.Opt { return web.Title("Staff", title) }
	routes = append(routes, []web.Route{
		web.Read("GET /v1/holidays", org.Viewer, listHolidays, op("List holidays"), web.Doc("By date.")),
		web.Write("POST /v1/holidays", org.Admin, createHoliday, web.Created, op("Make a holiday")),
		web.Write("PATCH /v1/holidays/{id}", org.Admin, changeHoliday, op("Change a holiday")),
		web.Write("DELETE /v1/holidays/{id}", org.Admin, deleteHoliday, op("Delete a holiday")),
	})
}

type holidayOut struct {
	ID        int64     `json:"id"`
	Name      string    `json:"name"`
	Start     string    `json:"startDate"`
	End       string    `json:"endDate" doc:"The last day."`
	Location  wire.IntN `json:"locationId" doc:"null is everywhere."`
	Note      string    `json:"note"`
	CreatedAt wire.ISO  `json:"createdAt"`
	UpdatedAt wire.ISO  `json:"updatedAt"`
}

func holidayOf(h staff.Holiday) holidayOut {
	return holidayOut{h.ID, h.Name, h.Start, h.End, wire.IntN(h.Location), h.Note, wire.ISO(h.CreatedAt), wire.ISO(h.UpdatedAt)}
}

func listHolidays(c *web.Call, _ web.None) (listOut[holidayOut], error) {
	list, err := staff.ListHolidays(c.Tx, staff.HolidayFilter{})
	return mapped(list, holidayOf, err)
}

// holidayFields are the core's names of fields in the face's own.
var holidayFields = map[string]string{"start_date": "startDate", "end_date": "endDate", "location_id": "locationId"}

type newHoliday struct {
	Name     string `json:"name" required:"true" minLength:"1" maxLength:"255"`
	Start    string `json:"startDate" required:"true" doc:"2026-01-02"`
	End      string `json:"endDate" doc:"The last day; the first unless told."`
	Location int64  `json:"locationId" minimum:"0" doc:"Everywhere unless told."`
	Note     string `json:"note" maxLength:"2000"`
}

func createHoliday(c *web.Call, in newHoliday) (holidayOut, error) {
	if in.End == "" {
		in.End = in.Start
	}
	h, err := staff.CreateHoliday(c.Tx, staff.Holiday{Name: in.Name, Start: in.Start, End: in.End, Location: in.Location, Note: in.Note})
	return holidayOf(h), named(err, holidayFields)
}

type holidayChange struct {
	pathID
	Name     *string `json:"name" minLength:"1" maxLength:"255"`
	Start    *string `json:"startDate"`
	End      *string `json:"endDate"`
	Location *int64  `json:"locationId" minimum:"0" doc:"0 is everywhere."`
	Note     *string `json:"note" maxLength:"2000"`
}

func changeHoliday(c *web.Call, in holidayChange) (holidayOut, error) {
	h, err := staff.GetHoliday(c.Tx, in.ID)
	if err != nil {
		return holidayOut{}, err
	}
	set(&h.Name, in.Name)
	set(&h.Start, in.Start)
	set(&h.End, in.End)
	set(&h.Location, in.Location)
	set(&h.Note, in.Note)
	h, err = staff.UpdateHoliday(c.Tx, h)
	return holidayOf(h), named(err, holidayFields)
}

func deleteHoliday(c *web.Call, in pathID) (deletedOut, error) {
	return deletedOut{in.ID}, staff.DeleteHoliday(c.Tx, in.ID)
}
