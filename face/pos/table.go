package pos

import (
	"encoding/json"

	"storehouse/base/fault"
	"storehouse/core/dining"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).tableRoutes) }

func (f *face) tableRoutes() []web.Route {
	tag := "Table management"
	return []web.Route{
		web.Read("GET /connector/api/table", org.Viewer, f.listTables, web.Title(tag, "List tables")),
		web.Write("POST /connector/api/table", org.Member, f.createTable, web.Title(tag, "Create Tables"), may("access_tables")),
		web.Read("GET /connector/api/table/{id}", org.Viewer, f.getTables, web.Title(tag, "Show the specified table")),
		web.Write("PUT /connector/api/table/{id}", org.Member, f.updateTable, web.Title(tag, "Update table"), may("access_tables")),
		web.Write("PATCH /connector/api/table/{id}", org.Member, f.updateTable, web.Title(tag, "Update table"), may("access_tables")),
		web.Write("DELETE /connector/api/table/{id}", org.Member, f.deleteTable, web.Title(tag, "Delete Table"), may("access_tables")),
	}
}

// tableOut is a table as it is listed; madeTableOut as creating and updating
// answer it, with the id last. The state stands after what the reference
// prints.
type tableOut struct {
	ID int64 `json:"id"`
	tableFields
	tableState
}

type madeTableOut struct {
	tableFields
	ID int64 `json:"id"`
	tableState
}

type tableFields struct {
	Business    int64      `json:"business_id"`
	Location    int64      `json:"location_id"`
	Name        string     `json:"name"`
	Description wire.TextN `json:"description"`
	Capacity    *int64     `json:"table_capacity"`
	CreatedBy   wire.IntN  `json:"created_by"`
	DeletedAt   wire.Stamp `json:"deleted_at"`
	CreatedAt   wire.Stamp `json:"created_at"`
	UpdatedAt   wire.Stamp `json:"updated_at"`
}

type tableState struct {
	Floor       wire.IntN  `json:"floor_id"`
	Position    wire.TextN `json:"position"`
	IsAvailable wire.Bit   `json:"is_available"`
	IsBooked    wire.Bit   `json:"is_booked"`
	IsOccupied  wire.Bit   `json:"is_occupied"`
	Shape       wire.TextN `json:"table_shape"`
}

func (s stamps) table(o int64, t dining.Table) (tableFields, tableState) {
	return tableFields{Business: o, Location: t.Location, Name: t.Name, Description: wire.TextN(t.Description), Capacity: t.Capacity,
			CreatedBy: wire.IntN(t.CreatedBy), DeletedAt: s.at(t.DeletedAt), CreatedAt: s.at(t.CreatedAt), UpdatedAt: s.at(t.UpdatedAt)},
		tableState{Floor: wire.IntN(t.Floor), Position: wire.TextN(t.Position), IsAvailable: wire.Bit(t.IsAvailable), IsBooked: wire.Bit(t.IsBooked),
			IsOccupied: wire.Bit(t.IsOccupied), Shape: wire.TextN(t.Shape)}
}

type tablesIn struct {
	Location rowID `query:"location_id" doc:"id of the location"`
}

func (f *face) listTables(c *web.Call, in tablesIn) (data[[]tableOut], error) {
	at, err := places(c, in.Location.N)
	if err != nil {
		return data[[]tableOut]{}, err
	}
	return f.tables(c, dining.Filter{Locations: at})
}

func (f *face) getTables(c *web.Call, in idsIn) (data[[]tableOut], error) {
	want := ids(in.IDs)
	if len(want) == 0 {
		return data[[]tableOut]{}, fault.Missing("table")
	}
	out, err := f.tables(c, dining.Filter{IDs: want, Locations: c.Actor.Places.List()})
	if err == nil && len(out.Data) == 0 {
		err = fault.Missing("table")
	}
	return out, err
}

func (f *face) tables(c *web.Call, filter dining.Filter) (data[[]tableOut], error) {
	out := data[[]tableOut]{[]tableOut{}}
	z, err := zone(c)
	if err != nil {
		return out, err
	}
	list, err := dining.ListTables(c.Tx, filter)
	for _, t := range list {
		fields, state := stamps{z}.table(c.Org, t)
		out.Data = append(out.Data, tableOut{t.ID, fields, state})
	}
	return out, err
}

type tableIn struct {
	Location    wire.Int  `json:"location_id" doc:"id of the business location"`
	Name        wire.Text `json:"name" doc:"Table name"`
	Capacity    wire.Int  `json:"table_capacity" doc:"number of seats"`
	Description wire.Text `json:"description" doc:"Table description"`
	Floor       wire.Int  `json:"floor_id" doc:"id of the floor"`
	Position    any       `json:"position" doc:"position of the table, {\"top\":68,\"left\":8}"`
	IsAvailable wire.Bool `json:"is_available" doc:"availability of the table"`
	IsBooked    wire.Bool `json:"is_booked" doc:"booking status of the table"`
	IsOccupied  wire.Bool `json:"is_occupied" doc:"occupancy status of the table"`
	Shape       wire.Text `json:"table_shape" doc:"shape of the table"`
}

// put changes what was given of a table.
func (in tableIn) put(t *dining.Table) {
	t.Location, t.Floor = in.Location.Or(t.Location), in.Floor.Or(t.Floor)
	for _, p := range []struct {
		in  wire.Text
		out *string
	}{{in.Name, &t.Name}, {in.Description, &t.Description}, {in.Shape, &t.Shape}} {
		if p.in.Set {
			*p.out = p.in.S
		}
	}
	if in.Capacity.Set {
		t.Capacity = &in.Capacity.N
	}
	if in.Position != nil {
		t.Position = jsonText(in.Position)
	}
	t.IsAvailable, t.IsBooked, t.IsOccupied = in.IsAvailable.Or(t.IsAvailable), in.IsBooked.Or(t.IsBooked), in.IsOccupied.Or(t.IsOccupied)
}

// jsonText returns what a client gave as the text in which it is kept: a text
// as it is, an object or a list as JSON.
func jsonText(v any) string {
	if s, ok := v.(string); ok {
		return s
	}
	b, err := json.Marshal(v)
	if err != nil || v == nil {
		return ""
	}
	return string(b)
}

func (f *face) createTable(c *web.Call, in tableIn) (data[madeTableOut], error) {
	var flaws []fault.Flaw
	for _, r := range []struct {
		given bool
		field string
	}{{in.Location.Set, "location_id"}, {in.Name.S != "", "name"}, {in.Capacity.Set, "table_capacity"}} {
		if !r.given {
			flaws = append(flaws, fault.Flaw{Field: r.field, Msg: "is required"})
		}
	}
	if err := fault.Flaws(flaws); err != nil {
		return data[madeTableOut]{}, err
	}
	t := dining.Table{IsAvailable: true}
	in.put(&t)
	if err := c.Actor.MayUse(t.Location); err != nil {
		return data[madeTableOut]{}, err
	}
	t, err := dining.CreateTable(c.Tx, t)
	return f.madeTable(c, t, err)
}

type updateTableIn struct {
	ID rowID `path:"id" doc:"id of the table"`
	tableIn
}

func (f *face) updateTable(c *web.Call, in updateTableIn) (data[madeTableOut], error) {
	t, err := f.oneTable(c, in.ID.N)
	if err != nil {
		return data[madeTableOut]{}, err
	}
	in.put(&t)
	if err := c.Actor.MayUse(t.Location); err != nil {
		return data[madeTableOut]{}, err
	}
	t, err = dining.UpdateTable(c.Tx, t)
	return f.madeTable(c, t, err)
}

func (f *face) madeTable(c *web.Call, t dining.Table, err error) (data[madeTableOut], error) {
	if err != nil {
		return data[madeTableOut]{}, err
	}
	z, err := zone(c)
	fields, state := stamps{z}.table(c.Org, t)
	return data[madeTableOut]{madeTableOut{fields, t.ID, state}}, err
}

// oneTable returns a table at a location that is open to the caller.
func (f *face) oneTable(c *web.Call, id int64) (dining.Table, error) {
	t, err := dining.GetTable(c.Tx, id)
	if err == nil {
		err = c.Actor.MayUse(t.Location)
	}
	return t, err
}

type idIn struct {
	ID rowID `path:"id"`
}

func (f *face) deleteTable(c *web.Call, in idIn) (successOut, error) {
	if _, err := f.oneTable(c, in.ID.N); err != nil {
		return successOut{}, err
	}
	return successOut{true, "Table deleted successfully"}, dining.DeleteTable(c.Tx, in.ID.N)
}

// successOut is the vendor's answer to what leaves nothing to show.
type successOut struct {
	Success bool   `json:"success"`
	Msg     string `json:"msg"`
}
