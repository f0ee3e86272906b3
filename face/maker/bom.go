package maker

import (
	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// A bill of materials goes by the id of the SKU that it makes.
func bomRoutes(*face) []web.Route {
	op := func(title string) web.Opt { return web.Title("BOM", title) }
	return []web.Route{
		web.Write("POST /api/boms", org.Member, createBOM, web.Created, op("Create BOM")),
		web.Read("GET /api/boms", org.Viewer, listBOMs, op("List SKUs with BOMs")),
		web.Write("PUT /api/boms/{id}", org.Member, replaceBOM, op("Replace BOM composition"), web.Doc("The id is the output SKU's.")),
		web.Write("DELETE /api/boms/{id}", org.Admin, deleteBOM, op("Delete BOM")),
		web.Read("GET /api/boms/{id}", org.Viewer, showBOM, op("Get BOM for a SKU")),
	}
}

type bom struct {
	OutputID wire.UUID `json:"outputSkuId"`
	Items    []bomLine `json:"items"`
}

type bomLine struct {
	named
	Quantity wire.Dec `json:"quantity"`
}

func bomOut(c *web.Call, output int64, lines []catalog.BOMLine) (bom, error) {
	ids := make([]int64, len(lines))
	for n, l := range lines {
		ids[n] = l.Item
	}
	items, err := catalog.GetItems(c.Tx, ids)
	out := bom{wire.UUID{Kind: wire.KindItem, ID: output}, make([]bomLine, len(lines))}
	for n, l := range lines {
		out.Items[n] = bomLine{namedOut(items[l.Item].Kind, l.Item), wire.Dec(l.Quantity)}
	}
	return out, err
}

type bomIn struct {
	OutputID wire.Ref    `json:"outputSkuId" required:"true"`
	Items    []newBOMRow `json:"items" required:"true" minItems:"1" maxItems:"1000"`
}

type newBOMRow struct {
	either
	Quantity wire.Num `json:"quantity" required:"true" exclusiveMinimum:"0" doc:"For one unit of the output."`
}

// lines checks a bill's ids.
func (in bomIn) lines(c *web.Call) (output int64, lines []catalog.BOMLine, err error) {
	if output, err = itemRef(c, "outputSkuId", catalog.SKU, in.OutputID); err != nil {
		return 0, nil, err
	}
	picks := make([]either, len(in.Items))
	for n, i := range in.Items {
		picks[n] = i.either
	}
	ids, err := eachOf(c, "items", picks)
	if err != nil {
		return 0, nil, err
	}
	lines = make([]catalog.BOMLine, len(ids))
	for n, id := range ids {
		lines[n] = catalog.BOMLine{Item: id, Quantity: in.Items[n].Quantity.D}
	}
	return output, lines, nil
}

func createBOM(c *web.Call, in bomIn) (bom, error) {
	output, lines, err := in.lines(c)
	if err != nil {
		return bom{}, err
	}
	if err := catalog.CreateBOM(c.Tx, output, lines); err != nil {
		return bom{}, err
	}
	return bomOut(c, output, lines)
}

type changedBOM struct {
	pathID
	bomIn
}

func replaceBOM(c *web.Call, in changedBOM) (bom, error) {
	sku, err := itemAt(c, catalog.SKU, in.pathID)
	if err != nil {
		return bom{}, err
	}
	output, lines, err := in.lines(c)
	if err != nil {
		return bom{}, err
	}
	if output != sku.ID {
		return bom{}, fault.Field("outputSkuId", "must be the SKU in the path")
	}
	if err := catalog.ReplaceBOM(c.Tx, output, lines); err != nil {
		return bom{}, err
	}
	return bomOut(c, output, lines)
}

func deleteBOM(c *web.Call, in pathID) (deleted, error) {
	sku, err := itemAt(c, catalog.SKU, in)
	if err != nil {
		return deleted{}, err
	}
	return deletedOut(wire.KindItem, sku.ID), catalog.DeleteBOM(c.Tx, sku.ID)
}

func showBOM(c *web.Call, in pathID) (bom, error) {
	sku, err := itemAt(c, catalog.SKU, in)
	if err != nil {
		return bom{}, err
	}
	lines, err := catalog.BOM(c.Tx, sku.ID)
	if err != nil {
		return bom{}, err
	}
	return bomOut(c, sku.ID, lines)
}

type bomsIn struct {
	paging
	Q string `query:"q" doc:"Anywhere in the SKU's code or name."`
}

type bomRow struct {
	SKUID     wire.UUID `json:"skuId"`
	Code      string    `json:"skuCode"`
	Name      string    `json:"name"`
	ItemCount int64     `json:"itemCount"`
}

func listBOMs(c *web.Call, in bomsIn) (page[bomRow], error) {
	name, id, err := web.ParseNameCursor(in.Cursor)
	if err != nil {
		return page[bomRow]{}, err
	}
	f := catalog.ItemFilter{Q: in.Q, Limit: in.limit() + 1}
	if in.Cursor != "" {
		f.After = &catalog.Cursor{Key: name, ID: id}
	}
	rows, err := catalog.ListBOMs(c.Tx, f)
	return paged(in.paging, rows, func(r catalog.BOMRow) bomRow {
		return bomRow{wire.UUID{Kind: wire.KindItem, ID: r.ID}, r.Code, r.Name, r.Lines}
	}, func(r catalog.BOMRow) string { return web.NameCursor(r.Cursor().Key, r.ID) }), err
}
