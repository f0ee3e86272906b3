package native

import (
	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// Units of measure, without which the pos face makes no product.
func init() {
	op := func(title string) web.Opt { return web.Title("Units", title) }
	routes = append(routes, []web.Route{
		web.Read("GET /v1/units", org.Viewer, listUnits, op("List units")),
		web.Write("POST /v1/units", org.Admin, createUnit, web.Created, op("Make a unit"),
			web.Doc("A dozen is a unit of its own with Pieces as its base and the multiplier 12. Goods that are sold in parts have a unit that allows decimals.")),
		web.Write("PATCH /v1/units/{id}", org.Admin, changeUnit, op("Change a unit")),
		web.Write("DELETE /v1/units/{id}", org.Admin, deleteUnit, op("Delete a unit that nothing uses")),
	})
}

type unitOut struct {
	ID           int64     `json:"id"`
	Name         string    `json:"name"`
	ShortName    string    `json:"shortName"`
	AllowDecimal bool      `json:"allowDecimal"`
	Base         wire.IntN `json:"baseId"`
	Multiplier   wire.Dec  `json:"multiplier" doc:"How many of the base unit are in one; 1 for a base unit."`
	CreatedAt    wire.ISO  `json:"createdAt"`
	UpdatedAt    wire.ISO  `json:"updatedAt"`
}

func unitOf(u catalog.Unit) unitOut {
	return unitOut{u.ID, u.Name, u.ShortName, u.AllowDecimal, wire.IntN(u.Base), wire.Dec(u.Multiplier), wire.ISO(u.CreatedAt), wire.ISO(u.UpdatedAt)}
}

func listUnits(c *web.Call, _ web.None) (listOut[unitOut], error) {
	list, err := catalog.ListUnits(c.Tx)
	return mapped(list, unitOf, err)
}

// unitFields are the core's names of fields in the face's own.
var unitFields = map[string]string{"actual_name": "name", "short_name": "shortName", "base_unit_id": "baseId", "base_unit_multiplier": "multiplier"}

type newUnit struct {
	Name         string   `json:"name" required:"true" minLength:"1" maxLength:"255"`
	ShortName    string   `json:"shortName" maxLength:"255" doc:"The name unless told."`
	AllowDecimal bool     `json:"allowDecimal"`
	Base         int64    `json:"baseId" minimum:"0"`
	Multiplier   wire.Num `json:"multiplier" exclusiveMinimum:"0" doc:"With a base unit only."`
}

func createUnit(c *web.Call, in newUnit) (unitOut, error) {
	if (in.Base != 0) != in.Multiplier.Set {
		return unitOut{}, errBase
	}
	u, err := catalog.CreateUnit(c.Tx, catalog.Unit{Name: in.Name, ShortName: in.ShortName, AllowDecimal: in.AllowDecimal, Base: in.Base, Multiplier: in.Multiplier.D})
	return unitOf(u), named(err, unitFields)
}

var errBase = fault.Field("multiplier", "goes with baseId: both or neither")

type unitChange struct {
	pathID
	Name         *string  `json:"name" minLength:"1" maxLength:"255"`
	ShortName    *string  `json:"shortName" minLength:"1" maxLength:"255"`
	AllowDecimal *bool    `json:"allowDecimal"`
	Base         *int64   `json:"baseId" minimum:"0" doc:"0 makes it a base unit."`
	Multiplier   wire.Num `json:"multiplier" exclusiveMinimum:"0"`
}

func changeUnit(c *web.Call, in unitChange) (unitOut, error) {
	u, err := catalog.GetUnit(c.Tx, in.ID)
	if err != nil {
		return unitOut{}, err
	}
	had := u.Base
	set(&u.Name, in.Name)
	set(&u.ShortName, in.ShortName)
	set(&u.AllowDecimal, in.AllowDecimal)
	set(&u.Base, in.Base)
	setNum(&u.Multiplier, in.Multiplier)
	if u.Base == 0 && in.Multiplier.Set || u.Base != 0 && had == 0 && !in.Multiplier.Set {
		return unitOut{}, errBase
	}
	u, err = catalog.UpdateUnit(c.Tx, u)
	return unitOf(u), named(err, unitFields)
}

func deleteUnit(c *web.Call, in pathID) (deletedOut, error) {
	return deletedOut{in.ID}, catalog.DeleteUnit(c.Tx, in.ID)
}
