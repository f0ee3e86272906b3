package maker

import (
	"storehouse/base/fault"
	"storehouse/core/org"
	"storehouse/core/production"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func productionRoutes(*face) []web.Route {
	op := func(title string) web.Opt { return web.Title("ProductionOrders", title) }
	return []web.Route{
		web.Write("POST /api/production-orders", org.Member, createProduction, web.Created, op("Create production order")),
		web.Read("GET /api/production-orders", org.Viewer, listProductions, op("List production orders")),
		web.Write("PATCH /api/production-orders/{id}", org.Member, updateProduction, op("Update production order"),
			web.Doc("Partial and Received are set by what was received.")),
		web.Write("DELETE /api/production-orders/{id}", org.Admin, deleteProduction, op("Delete production order")),
		web.Read("GET /api/production-orders/{id}", org.Viewer, showProduction, op("Get production order detail")),
		web.Write("POST /api/production-orders/bulk", org.Admin, importProductions, op("Bulk-import production orders")),
		web.Write("POST /api/production-orders/{id}/items", org.Member, addProductionItem, web.Created, op("Add item to production order")),
		web.Write("PATCH /api/production-order-items/{id}", org.Member, updateProductionItem, op("Update production order item")),
		web.Write("DELETE /api/production-order-items/{id}", org.Member, removeProductionItem, op("Remove production order item")),
		web.Write("POST /api/production-orders/{id}/receipts", org.Member, receiveProduction, web.Created, op("Create receipt against production order")),
		web.Read("GET /api/production-orders/{id}/receipts", org.Viewer, listProductionReceipts, op("List production order receipts")),
		web.Write("PATCH /api/production-order-receipts/{id}", org.Member, updateProductionReceipt, op("Update production order receipt")),
		web.Write("DELETE /api/production-order-receipts/{id}", org.Admin, deleteProductionReceipt, op("Delete production order receipt")),
		web.Read("GET /api/production-order-receipts/{id}", org.Viewer, showProductionReceipt, op("Get production order receipt detail")),
		enumRoute("ProductionOrders", "/api/production-order-statuses", "List production order status enum values", production.States),
	}
}

type productionOrder struct {
	ID       wire.UUID `json:"id"`
	OrgID    wire.UUID `json:"orgId"`
	Number   string    `json:"prodNumber"`
	Location wire.UUID `json:"locationId"`
	makeBody
}

func productionOrderOut(c *web.Call, o production.Order) productionOrder {
	return productionOrder{wire.UUID{Kind: wire.KindProduction, ID: o.ID}, orgID(c), o.Number, wire.UUID{Kind: wire.KindLocation, ID: o.Location}, makeBodyOut(o)}
}

type productionItem struct {
	ID       wire.UUID   `json:"id"`
	OrgID    wire.UUID   `json:"orgId"`
	OrderID  wire.UUID   `json:"productionOrderId"`
	SKUID    wire.UUID   `json:"skuId"`
	Quantity wire.Number `json:"quantity"`
	Received wire.Number `json:"receivedQuantity"`
	Cost     wire.DecN   `json:"productionCost"`
}

func productionItemOut(c *web.Call, l production.Line) productionItem {
	return productionItem{wire.UUID{Kind: wire.KindProductionLine, ID: l.ID}, orgID(c), wire.UUID{Kind: wire.KindProduction, ID: l.Order},
		wire.UUID{Kind: wire.KindItem, ID: l.Item}, wire.Number(l.Quantity), wire.Number(l.Received), wire.DecN{D: l.UnitCost}}
}

type productionInput struct {
	ID     wire.UUID `json:"id"`
	OrgID  wire.UUID `json:"orgId"`
	ItemID wire.UUID `json:"productionOrderItemId"`
	named
	Quantity wire.Dec `json:"quantity"`
	Consumed wire.Dec `json:"consumedQuantity"`
}

func productionInputs(c *web.Call, lines ...production.Line) []productionInput {
	out := []productionInput{}
	for _, l := range lines {
		for _, i := range l.Inputs {
			out = append(out, productionInput{wire.UUID{Kind: wire.KindProductionInput, ID: i.ID}, orgID(c), wire.UUID{Kind: wire.KindProductionLine, ID: i.Line},
				namedOut(i.Kind, i.Item), wire.Dec(i.Quantity), wire.Dec(i.Consumed)})
		}
	}
	return out
}

type productionDetail struct {
	Order  productionOrder   `json:"productionOrder"`
	Items  []productionItem  `json:"items"`
	Inputs []productionInput `json:"inputs"`
}

func productionDetailOut(c *web.Call, o production.Order) productionDetail {
	out := productionDetail{productionOrderOut(c, o), []productionItem{}, productionInputs(c, o.Lines...)}
	for _, l := range o.Lines {
		out.Items = append(out.Items, productionItemOut(c, l))
	}
	return out
}

type newProduction struct {
	newMake
	LocationID wire.Ref            `json:"locationId" required:"true"`
	Items      []newProductionItem `json:"items" required:"true" maxItems:"5000"`
}

type newProductionItem struct {
	newMakeItem
	Cost wire.Num `json:"productionCost" minimum:"0"`
}

func (in newProduction) read() (production.Order, error) {
	o := in.order(production.Production)
	if err := idsOf(idOf{"locationId", in.LocationID, wire.KindLocation, &o.Location}); err != nil {
		return o, err
	}
	for n, i := range in.Items {
		l, err := i.line(i.Cost)
		if err != nil {
			return o, fault.Under(itemAtField(n), err)
		}
		o.Lines = append(o.Lines, l)
	}
	return o, nil
}

func createProduction(c *web.Call, in newProduction) (productionDetail, error) {
	o, err := in.read()
	if err != nil {
		return productionDetail{}, err
	}
	o, err = production.Create(c.Tx, o)
	return productionDetailOut(c, o), err
}

func importProductions(c *web.Call, in bulkIn[newProduction]) (bulkOut, error) {
	return bulk(in, wire.KindProduction, newProduction.read, importMakes(c))
}

func listProductions(c *web.Call, in paging) (page[productionOrder], error) {
	after, err := parseIDCursor(in.Cursor)
	if err != nil {
		return page[productionOrder]{}, err
	}
	rows, err := production.List(c.Tx, production.Production, after, in.limit()+1)
	return paged(in, rows, func(o production.Order) productionOrder { return productionOrderOut(c, o) }, func(o production.Order) string { return idCursor(o.ID) }), err
}

func productionAt(c *web.Call, in pathID) (production.Order, error) {
	id, err := in.of(wire.KindProduction, "production order")
	if err != nil {
		return production.Order{}, err
	}
	return production.Get(c.Tx, production.Production, id)
}

func showProduction(c *web.Call, in pathID) (productionDetail, error) {
	o, err := productionAt(c, in)
	return productionDetailOut(c, o), err
}

type changedProduction struct {
	pathID
	changedMake
	LocationID wire.Ref `json:"locationId" null:"never"`
}

func updateProduction(c *web.Call, in changedProduction) (productionOrder, error) {
	id, err := in.of(wire.KindProduction, "production order")
	if err != nil {
		return productionOrder{}, err
	}
	o, err := production.Update(c.Tx, production.Production, id, func(o *production.Order) error {
		in.apply(o)
		return patchIDs(idPatch{"locationId", given(in.LocationID), wire.KindLocation, &o.Location})
	})
	return productionOrderOut(c, o), err
}

func deleteProduction(c *web.Call, in pathID) (deleted, error) {
	id, err := in.of(wire.KindProduction, "production order")
	if err != nil {
		return deleted{}, err
	}
	return deletedOut(wire.KindProduction, id), production.Delete(c.Tx, production.Production, id)
}

type addedProductionItem struct {
	pathID
	newProductionItem
}

type productionItemDetail struct {
	Item   productionItem    `json:"item"`
	Inputs []productionInput `json:"inputs"`
}

func addProductionItem(c *web.Call, in addedProductionItem) (productionItemDetail, error) {
	id, err := in.of(wire.KindProduction, "production order")
	if err != nil {
		return productionItemDetail{}, err
	}
	l, err := in.line(in.Cost)
	if err != nil {
		return productionItemDetail{}, err
	}
	l, err = production.AddLine(c.Tx, production.Production, id, l)
	return productionItemDetail{productionItemOut(c, l), productionInputs(c, l)}, err
}

type changedProductionItem struct {
	pathID
	Quantity *int64             `json:"quantity" null:"never" minimum:"1"`
	Cost     wire.Opt[wire.Num] `json:"productionCost" minimum:"0"`
}

func updateProductionItem(c *web.Call, in changedProductionItem) (productionItemDetail, error) {
	id, err := in.of(wire.KindProductionLine, "item")
	if err != nil {
		return productionItemDetail{}, err
	}
	l, err := production.UpdateLine(c.Tx, production.Production, id, func(l *production.Line) error {
		patchNum(&l.UnitCost, in.Cost)
		return changeQuantity(l, in.Quantity)
	})
	return productionItemDetail{productionItemOut(c, l), productionInputs(c, l)}, err
}

func removeProductionItem(c *web.Call, in pathID) (deleted, error) {
	id, err := in.of(wire.KindProductionLine, "item")
	if err != nil {
		return deleted{}, err
	}
	return deletedOut(wire.KindProductionLine, id), production.RemoveLine(c.Tx, production.Production, id)
}
