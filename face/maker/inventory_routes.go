package maker

import (
	"storehouse/core/catalog"
	"storehouse/core/org"
	"storehouse/core/stock"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func materialStoreRoutes(*face) []web.Route {
	s := store[materialEntry]{catalog.Material, "materialId", func(id wire.UUID, b entryBody) materialEntry { return materialEntry{id, b} }}
	op := func(title string) web.Opt { return web.Title("MaterialsInventory", title) }
	return []web.Route{
		web.Write("POST /api/inventory/materials/transfers", org.Member, func(c *web.Call, in materialTransfer) (transferOut[materialEntry], error) {
			return s.transfer(c, in.MaterialID, in.transferIn)
		}, web.Created, op("Create materials transfer")),
		web.Write("POST /api/inventory/materials/transfers/{ref}/complete", org.Member, s.complete, op("Complete in-transit transfer")),
		web.Write("POST /api/inventory/materials/adjustments", org.Member, func(c *web.Call, in materialChange) (materialEntry, error) {
			return s.change(c, stock.Adjust, in.MaterialID, in.changeIn)
		}, web.Created, op("Adjust materials inventory")),
		web.Write("POST /api/inventory/materials/disposals", org.Member, func(c *web.Call, in materialChange) (materialEntry, error) {
			return s.change(c, stock.Dispose, in.MaterialID, in.changeIn)
		}, web.Created, op("Dispose materials inventory")),
		web.Read("GET /api/inventory/materials/summary", org.Viewer, func(c *web.Call, in materialSummary) (web.Stream, error) {
			return s.summary(c, in.MaterialID, in.summaryIn)
		}, web.Shape[page[materialBalance]](), op("Materials summary")),
		web.Read("GET /api/inventory/materials/ledger", org.Viewer, func(c *web.Call, in materialLedger) (page[materialEntry], error) {
			return s.ledger(c, in.MaterialID, in.EventType, in.ledgerIn)
		}, op("List materials ledger entries")),
		web.Read("GET /api/inventory/materials/ledger/{id}", org.Viewer, s.show, op("Get ledger entry detail")),
	}
}

type materialTransfer struct {
	MaterialID wire.Ref `json:"materialId" required:"true"`
	transferIn
}

type materialChange struct {
	MaterialID wire.Ref `json:"materialId" required:"true"`
	changeIn
}

type materialSummary struct {
	MaterialID wire.Ref `query:"materialId"`
	summaryIn
}

type materialLedger struct {
	MaterialID wire.Ref `query:"materialId"`
	EventType  string   `query:"eventType" enum:"ORDER,RECEIVE,DEMAND,ALLOCATE,CONSUME,TRANSFER,ADJUST,DISPOSE,REVERSE_ORDER,REVERSE_RECEIVE,REVERSE_DEMAND,REVERSE_ALLOCATE,REVERSE_CONSUME,REVERSE_TRANSFER"`
	ledgerIn
}

type materialEntry struct {
	MaterialID wire.UUID `json:"materialId"`
	entryBody
}

type materialBalance struct {
	MaterialID wire.UUID `json:"materialId"`
	balance
}

func skuStoreRoutes(*face) []web.Route {
	s := store[skuEntry]{catalog.SKU, "skuId", func(id wire.UUID, b entryBody) skuEntry { return skuEntry{id, b} }}
	op := func(title string) web.Opt { return web.Title("FinishedGoodsInventory", title) }
	return []web.Route{
		web.Write("POST /api/inventory/finished-goods/transfers", org.Member, func(c *web.Call, in skuTransfer) (transferOut[skuEntry], error) {
			return s.transfer(c, in.SKUID, in.transferIn)
		}, web.Created, op("Create FG transfer")),
		web.Write("POST /api/inventory/finished-goods/transfers/{ref}/complete", org.Member, s.complete, op("Complete FG in-transit transfer")),
		web.Write("POST /api/inventory/finished-goods/adjustments", org.Member, func(c *web.Call, in skuChange) (skuEntry, error) {
			return s.change(c, stock.Adjust, in.SKUID, in.changeIn)
		}, web.Created, op("Adjust FG inventory")),
		web.Write("POST /api/inventory/finished-goods/disposals", org.Member, func(c *web.Call, in skuChange) (skuEntry, error) {
			return s.change(c, stock.Dispose, in.SKUID, in.changeIn)
		}, web.Created, op("Dispose FG inventory")),
		web.Read("GET /api/inventory/finished-goods/summary", org.Viewer, func(c *web.Call, in skuSummary) (web.Stream, error) {
			return s.summary(c, in.SKUID, in.summaryIn)
		}, web.Shape[page[skuBalance]](), op("FG summary")),
		web.Read("GET /api/inventory/finished-goods/ledger", org.Viewer, func(c *web.Call, in skuLedger) (page[skuEntry], error) {
			return s.ledger(c, in.SKUID, in.EventType, in.ledgerIn)
		}, op("List FG ledger entries")),
		web.Read("GET /api/inventory/finished-goods/ledger/{id}", org.Viewer, s.show, op("Get FG ledger entry detail")),
	}
}

type skuTransfer struct {
	SKUID wire.Ref `json:"skuId" required:"true"`
	transferIn
}

type skuChange struct {
	SKUID wire.Ref `json:"skuId" required:"true"`
	changeIn
}

type skuSummary struct {
	SKUID wire.Ref `query:"skuId"`
	summaryIn
}

type skuLedger struct {
	SKUID     wire.Ref `query:"skuId"`
	EventType string   `query:"eventType" enum:"ORDER,RECEIVE,PRODUCE,DEMAND,ALLOCATE,CONSUME,TRANSFER,ADJUST,DISPOSE,REVERSE_ORDER,REVERSE_RECEIVE,REVERSE_PRODUCE,REVERSE_DEMAND,REVERSE_ALLOCATE,REVERSE_CONSUME,REVERSE_TRANSFER"`
	ledgerIn
}

type skuEntry struct {
	SKUID wire.UUID `json:"skuId"`
	entryBody
}

type skuBalance struct {
	SKUID wire.UUID `json:"skuId"`
	balance
}
