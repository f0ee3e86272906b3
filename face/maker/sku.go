package maker

import (
	"storehouse/core/catalog"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func skuRoutes(*face) []web.Route {
	op := func(title string) web.Opt { return web.Title("Products", title) }
	return []web.Route{
		web.Write("POST /api/skus", org.Member, createSKU, web.Created, op("Create SKU")),
		web.Read("GET /api/skus", org.Viewer, listSKUs, op("List SKUs")),
		web.Write("PATCH /api/skus/{id}", org.Member, updateSKU, op("Update SKU")),
		web.Write("DELETE /api/skus/{id}", org.Admin, deleteSKU, op("Delete SKU")),
		web.Read("GET /api/skus/{id}", org.Viewer, showSKU, op("Get SKU detail")),
		web.Write("POST /api/skus/bulk", org.Admin, importSKUs, op("Bulk-import SKUs")),
	}
}

type sku struct {
	ID           wire.UUID  `json:"id"`
	OrgID        wire.UUID  `json:"orgId"`
	Code         string     `json:"skuCode"`
	Name         string     `json:"name"`
	TypeID       wire.UUID  `json:"skuTypeId"`
	ItemsPerUnit int64      `json:"itemsPerUnit"`
	OzPerItem    wire.DecN  `json:"ozPerItem"`
	QboID        wire.TextN `json:"qboId"`
	Notes        wire.TextN `json:"notes"`
	IsActive     bool       `json:"isActive"`
	CreatedAt    wire.ISO   `json:"createdAt"`
	UpdatedAt    wire.ISO   `json:"updatedAt"`
}

func skuOut(c *web.Call, i catalog.Item) sku {
	return sku{ID: wire.UUID{Kind: wire.KindItem, ID: i.ID}, OrgID: orgID(c), Code: i.Code, Name: i.Name,
		TypeID: wire.UUID{Kind: wire.KindLookup, ID: i.Type}, ItemsPerUnit: i.ItemsPerUnit, OzPerItem: wire.DecN{D: i.OzPerItem},
		QboID: wire.TextN(i.QboID), Notes: wire.TextN(i.Notes), IsActive: i.IsActive,
		CreatedAt: wire.ISO(i.CreatedAt), UpdatedAt: wire.ISO(i.UpdatedAt)}
}

type newSKU struct {
	Code         string   `json:"code" required:"true" minLength:"1" maxLength:"100"`
	Name         string   `json:"name" required:"true" minLength:"1" maxLength:"255"`
	TypeID       wire.Ref `json:"typeId" required:"true"`
	ItemsPerUnit *int64   `json:"itemsPerUnit" null:"never" minimum:"1"`
	OzPerItem    wire.Num `json:"ozPerItem"`
	QboID        *string  `json:"qboId"`
	Notes        *string  `json:"notes"`
}

func (in newSKU) item() (catalog.Item, error) {
	i := catalog.Item{Code: in.Code, Name: in.Name, OzPerItem: in.OzPerItem.Ptr(), QboID: text(in.QboID), Notes: text(in.Notes)}
	change(&i.ItemsPerUnit, in.ItemsPerUnit)
	return i, idsOf(idOf{"typeId", in.TypeID, wire.KindLookup, &i.Type})
}

func createSKU(c *web.Call, in newSKU) (sku, error) {
	i, err := in.item()
	if err != nil {
		return sku{}, err
	}
	i, err = catalog.CreateItem(c.Tx, catalog.SKU, i)
	return skuOut(c, i), err
}

type skusIn struct {
	paging
	Active          string   `query:"active" enum:"true,false"`
	Type            string   `query:"type" doc:"A SKU type, by id or name."`
	ItemsPerUnitMin wire.Int `query:"itemsPerUnitMin"`
	ItemsPerUnitMax wire.Int `query:"itemsPerUnitMax"`
	OzPerItemMin    wire.Num `query:"ozPerItemMin"`
	OzPerItemMax    wire.Num `query:"ozPerItemMax"`
	Q               string   `query:"q" doc:"Anywhere in the code or the name."`
}

func listSKUs(c *web.Call, in skusIn) (page[sku], error) {
	f := catalog.ItemFilter{Kind: catalog.SKU, Active: flag(in.Active), Q: in.Q,
		ItemsPerUnitMin: in.ItemsPerUnitMin.N, ItemsPerUnitMax: in.ItemsPerUnitMax.N,
		OzPerItemMin: in.OzPerItemMin.Ptr(), OzPerItemMax: in.OzPerItemMax.Ptr()}
	var err error
	if f.Type, err = typeNamed(c, catalog.SKU, in.Type); err != nil {
		return page[sku]{}, err
	}
	if in.ItemsPerUnitMax.Set && in.ItemsPerUnitMax.N < 1 {
		return page[sku]{Data: []sku{}}, nil // nothing holds less than one
	}
	return itemPage(c, in.paging, f, func(i catalog.Item) sku { return skuOut(c, i) })
}

func showSKU(c *web.Call, in pathID) (sku, error) {
	i, err := itemAt(c, catalog.SKU, in)
	return skuOut(c, i), err
}

type changedSKU struct {
	pathID
	Code         *string            `json:"code" null:"never" minLength:"1" maxLength:"100"`
	Name         *string            `json:"name" null:"never" minLength:"1" maxLength:"255"`
	TypeID       wire.Ref           `json:"typeId" null:"never"`
	ItemsPerUnit *int64             `json:"itemsPerUnit" null:"never" minimum:"1"`
	OzPerItem    wire.Opt[wire.Num] `json:"ozPerItem"`
	QboID        wire.Opt[string]   `json:"qboId"`
	Notes        wire.Opt[string]   `json:"notes"`
	IsActive     *bool              `json:"isActive" null:"never"`
}

func updateSKU(c *web.Call, in changedSKU) (sku, error) {
	i, err := itemToChange(c, catalog.SKU, in.pathID)
	if err != nil {
		return sku{}, err
	}
	if in.TypeID.Set {
		if err := idsOf(idOf{"typeId", in.TypeID, wire.KindLookup, &i.Type}); err != nil {
			return sku{}, err
		}
	}
	change(&i.Code, in.Code)
	change(&i.Name, in.Name)
	change(&i.ItemsPerUnit, in.ItemsPerUnit)
	patchNum(&i.OzPerItem, in.OzPerItem)
	patch(&i.QboID, in.QboID)
	patch(&i.Notes, in.Notes)
	change(&i.IsActive, in.IsActive)
	i, err = catalog.UpdateItem(c.Tx, i)
	return skuOut(c, i), err
}

func deleteSKU(c *web.Call, in pathID) (deleted, error) { return deleteItem(c, catalog.SKU, in) }

func importSKUs(c *web.Call, in bulkIn[newSKU]) (bulkOut, error) {
	return bulk(in, wire.KindItem, newSKU.item, importItems(c, catalog.SKU))
}
