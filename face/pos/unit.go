package pos

import (
	"maps"
	"slices"

	"storehouse/core/catalog"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).unitRoutes) }

func (f *face) unitRoutes() []web.Route {
	tag := "Unit management"
	return []web.Route{
		web.Read("GET /connector/api/unit", org.Viewer, f.listUnits, web.Title(tag, "List units"), may("unit.view"), web.Shape[pageOf[unitWithBase]]()),
		web.Read("GET /connector/api/unit/{id}", org.Viewer, f.getUnits, web.Title(tag, "Get the specified unit"), may("unit.view")),
	}
}

type unitOut struct {
	ID           int64      `json:"id"`
	Business     int64      `json:"business_id"`
	ActualName   string     `json:"actual_name"`
	ShortName    string     `json:"short_name"`
	AllowDecimal wire.Bit   `json:"allow_decimal"`
	Base         wire.IntN  `json:"base_unit_id"`
	Multiplier   wire.Dec4N `json:"base_unit_multiplier"`
	CreatedBy    wire.IntN  `json:"created_by"`
	DeletedAt    wire.Stamp `json:"deleted_at"`
	CreatedAt    wire.Stamp `json:"created_at"`
	UpdatedAt    wire.Stamp `json:"updated_at"`
}

type unitWithBase struct {
	unitOut
	BaseUnit *unitOut `json:"base_unit"`
}

func (s stamps) unit(o int64, u catalog.Unit) unitOut {
	return unitOut{ID: u.ID, Business: o, ActualName: u.Name, ShortName: u.ShortName, AllowDecimal: wire.Bit(u.AllowDecimal), Base: wire.IntN(u.Base),
		Multiplier: multiplier(u), CreatedBy: wire.IntN(u.CreatedBy), CreatedAt: s.at(u.CreatedAt), UpdatedAt: s.at(u.UpdatedAt)}
}

// multiplier is null for a base unit.
func multiplier(u catalog.Unit) wire.Dec4N {
	if u.Base == 0 {
		return wire.Dec4N{}
	}
	return wire.Dec4N{D: new(u.Multiplier)}
}

func (f *face) listUnits(c *web.Call, in paging) (any, error) {
	rows, err := units(c)
	if err != nil {
		return nil, err
	}
	return listed(f, c, in, rows)
}

func (f *face) getUnits(c *web.Call, in idsIn) (data[[]unitWithBase], error) {
	rows, err := units(c)
	if err != nil {
		return data[[]unitWithBase]{}, err
	}
	return picked("Unit", in.IDs, rows, func(u unitWithBase) int64 { return u.ID })
}

func units(c *web.Call) ([]unitWithBase, error) {
	z, err := zone(c)
	if err != nil {
		return nil, err
	}
	all, err := catalog.Units(c.Tx)
	if err != nil {
		return nil, err
	}
	st, out := stamps{z}, []unitWithBase{}
	for _, id := range slices.Sorted(maps.Keys(all)) {
		u := unitWithBase{unitOut: st.unit(c.Org, all[id])}
		if base, ok := all[all[id].Base]; ok {
			u.BaseUnit = new(st.unit(c.Org, base))
		}
		out = append(out, u)
	}
	return out, nil
}
