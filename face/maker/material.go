package maker

import (
	"storehouse/core/catalog"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func materialRoutes(*face) []web.Route {
	op := func(title string) web.Opt { return web.Title("Materials", title) }
	return []web.Route{
		web.Write("POST /api/materials", org.Member, createMaterial, web.Created, op("Create material")),
		web.Read("GET /api/materials", org.Viewer, listMaterials, op("List materials")),
		web.Write("PATCH /api/materials/{id}", org.Member, updateMaterial, op("Update material")),
		web.Write("DELETE /api/materials/{id}", org.Admin, deleteMaterial, op("Delete material")),
		web.Read("GET /api/materials/{id}", org.Viewer, showMaterial, op("Get material detail")),
		web.Write("POST /api/materials/bulk", org.Admin, importMaterials, op("Bulk-import materials")),
	}
}

type material struct {
	ID        wire.UUID  `json:"id"`
	OrgID     wire.UUID  `json:"orgId"`
	Code      string     `json:"materialCode"`
	Name      string     `json:"name"`
	TypeID    wire.UUID  `json:"materialTypeId"`
	Notes     wire.TextN `json:"notes"`
	IsActive  bool       `json:"isActive"`
	CreatedAt wire.ISO   `json:"createdAt"`
	UpdatedAt wire.ISO   `json:"updatedAt"`
}

func materialOut(c *web.Call, i catalog.Item) material {
	return material{ID: wire.UUID{Kind: wire.KindItem, ID: i.ID}, OrgID: orgID(c), Code: i.Code, Name: i.Name,
		TypeID: wire.UUID{Kind: wire.KindLookup, ID: i.Type}, Notes: wire.TextN(i.Notes), IsActive: i.IsActive,
		CreatedAt: wire.ISO(i.CreatedAt), UpdatedAt: wire.ISO(i.UpdatedAt)}
}

type newMaterial struct {
	Code   string   `json:"code" required:"true" minLength:"1" maxLength:"100"`
	Name   string   `json:"name" required:"true" minLength:"1" maxLength:"255"`
	TypeID wire.Ref `json:"typeId" required:"true"`
	Notes  *string  `json:"notes"`
}

func (in newMaterial) item() (catalog.Item, error) {
	i := catalog.Item{Code: in.Code, Name: in.Name, Notes: text(in.Notes)}
	return i, idsOf(idOf{"typeId", in.TypeID, wire.KindLookup, &i.Type})
}

func createMaterial(c *web.Call, in newMaterial) (material, error) {
	i, err := in.item()
	if err != nil {
		return material{}, err
	}
	i, err = catalog.CreateItem(c.Tx, catalog.Material, i)
	return materialOut(c, i), err
}

type materialsIn struct {
	paging
	Active string `query:"active" enum:"true,false"`
	Type   string `query:"type" doc:"A material type, by id or name."`
	Q      string `query:"q" doc:"Anywhere in the code or the name."`
}

func listMaterials(c *web.Call, in materialsIn) (page[material], error) {
	f := catalog.ItemFilter{Kind: catalog.Material, Active: flag(in.Active), Q: in.Q}
	var err error
	if f.Type, err = typeNamed(c, catalog.Material, in.Type); err != nil {
		return page[material]{}, err
	}
	return itemPage(c, in.paging, f, func(i catalog.Item) material { return materialOut(c, i) })
}

func showMaterial(c *web.Call, in pathID) (material, error) {
	i, err := itemAt(c, catalog.Material, in)
	return materialOut(c, i), err
}

type changedMaterial struct {
	pathID
	Code     *string          `json:"code" null:"never" minLength:"1" maxLength:"100"`
	Name     *string          `json:"name" null:"never" minLength:"1" maxLength:"255"`
	TypeID   wire.Ref         `json:"typeId" null:"never"`
	Notes    wire.Opt[string] `json:"notes"`
	IsActive *bool            `json:"isActive" null:"never"`
}

func updateMaterial(c *web.Call, in changedMaterial) (material, error) {
	i, err := itemToChange(c, catalog.Material, in.pathID)
	if err != nil {
		return material{}, err
	}
	if in.TypeID.Set {
		if err := idsOf(idOf{"typeId", in.TypeID, wire.KindLookup, &i.Type}); err != nil {
			return material{}, err
		}
	}
	change(&i.Code, in.Code)
	change(&i.Name, in.Name)
	patch(&i.Notes, in.Notes)
	change(&i.IsActive, in.IsActive)
	i, err = catalog.UpdateItem(c.Tx, i)
	return materialOut(c, i), err
}

func deleteMaterial(c *web.Call, in pathID) (deleted, error) {
	return deleteItem(c, catalog.Material, in)
}

func importMaterials(c *web.Call, in bulkIn[newMaterial]) (bulkOut, error) {
	return bulk(in, wire.KindItem, newMaterial.item, importItems(c, catalog.Material))
}
