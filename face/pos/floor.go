package pos

import (
	"storehouse/base/fault"
	"storehouse/core/dining"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).floorRoutes) }

func (f *face) floorRoutes() []web.Route {
	tag := "Table management"
	return []web.Route{
		web.Read("GET /connector/api/floor", org.Viewer, f.listFloors, web.Title(tag, "Get Floors")),
		web.Read("GET /connector/api/floor/{id}/get-tables", org.Viewer, f.tablesOfFloor, web.Title(tag, "Get tables by floor")),
		web.Write("POST /connector/api/floor", org.Member, f.createFloor, web.Title(tag, "Create Floor"), may("access_tables")),
		web.Write("PUT /connector/api/floor/{id}", org.Member, f.updateFloor, web.Title(tag, "Update Floor"), may("access_tables")),
		web.Write("DELETE /connector/api/floor/{id}", org.Member, f.deleteFloor, web.Title(tag, "Delete Floor"), may("access_tables")),
	}
}

type floorOut struct {
	No        int64      `json:"floor_no"`
	Help      wire.TextN `json:"floor_help"`
	Business  int64      `json:"business_id"`
	IsActive  wire.Bit   `json:"is_active"`
	UpdatedAt wire.Stamp `json:"updated_at"`
	CreatedAt wire.Stamp `json:"created_at"`
	ID        int64      `json:"id"`
}

func (s stamps) floor(o int64, f dining.Floor) floorOut {
	return floorOut{f.No, wire.TextN(f.Help), o, wire.Bit(f.IsActive), s.at(f.UpdatedAt), s.at(f.CreatedAt), f.ID}
}

func (f *face) listFloors(c *web.Call, _ web.None) (data[[]floorOut], error) {
	out := data[[]floorOut]{[]floorOut{}}
	z, err := zone(c)
	if err != nil {
		return out, err
	}
	list, err := dining.ListFloors(c.Tx)
	for _, fl := range list {
		out.Data = append(out.Data, stamps{z}.floor(c.Org, fl))
	}
	return out, err
}

func (f *face) tablesOfFloor(c *web.Call, in idIn) (data[[]tableOut], error) {
	if _, err := dining.GetFloor(c.Tx, in.ID.N); err != nil {
		return data[[]tableOut]{}, err
	}
	return f.tables(c, dining.Filter{Floor: in.ID.N, Locations: c.Actor.Places.List()})
}

// floorIn has the business, which is the caller's: another one's id is a
// mistake or an attempt, and is refused.
type floorIn struct {
	No       wire.Int  `json:"floor_no" doc:"Floor number" minimum:"-1000" maximum:"1000"`
	Help     wire.Text `json:"floor_help" doc:"Floor help" maxLength:"1000"`
	Business wire.Int  `json:"business_id" doc:"id of the business"`
	IsActive wire.Bool `json:"is_active" doc:"Floor status"`
}

func (in floorIn) put(c *web.Call, f *dining.Floor) error {
	if in.Business.Set && in.Business.N != c.Org {
		return fault.Field("business_id", "is not yours")
	}
	f.No, f.IsActive = in.No.Or(f.No), in.IsActive.Or(f.IsActive)
	if in.Help.Set {
		f.Help = in.Help.S
	}
	return nil
}

func (f *face) createFloor(c *web.Call, in floorIn) (data[floorOut], error) {
	if !in.No.Set {
		return data[floorOut]{}, fault.Field("floor_no", "is required")
	}
	fl := dining.Floor{IsActive: true}
	if err := in.put(c, &fl); err != nil {
		return data[floorOut]{}, err
	}
	fl, err := dining.CreateFloor(c.Tx, fl)
	return f.madeFloor(c, fl, err)
}

type updateFloorIn struct {
	ID rowID `path:"id"`
	floorIn
}

func (f *face) updateFloor(c *web.Call, in updateFloorIn) (data[floorOut], error) {
	fl, err := dining.GetFloor(c.Tx, in.ID.N)
	if err == nil {
		err = in.put(c, &fl)
	}
	if err == nil {
		fl, err = dining.UpdateFloor(c.Tx, fl)
	}
	return f.madeFloor(c, fl, err)
}

func (f *face) madeFloor(c *web.Call, fl dining.Floor, err error) (data[floorOut], error) {
	if err != nil {
		return data[floorOut]{}, err
	}
	z, err := zone(c)
	return data[floorOut]{stamps{z}.floor(c.Org, fl)}, err
}

func (f *face) deleteFloor(c *web.Call, in idIn) (successOut, error) {
	return successOut{true, "Floor deleted successfully"}, dining.DeleteFloor(c.Tx, in.ID.N)
}
