package maker

import (
	"storehouse/base/fault"
	"storehouse/core/production"
	"storehouse/face/web"
	"storehouse/face/wire"
)

type productionReceipt struct {
	ID          wire.UUID `json:"id"`
	OrgID       wire.UUID `json:"orgId"`
	OrderID     wire.UUID `json:"productionOrderId"`
	ReceiptDate wire.ISO  `json:"receiptDate"`
	CreatedAt   wire.ISO  `json:"createdAt"`
}

func productionReceiptOut(c *web.Call, x production.Receipt) productionReceipt {
	return productionReceipt{wire.UUID{Kind: wire.KindProdReceipt, ID: x.ID}, orgID(c), wire.UUID{Kind: wire.KindProduction, ID: x.Order}, wire.ISO(x.At), wire.ISO(x.CreatedAt)}
}

type productionReceiptItem struct {
	ID        wire.UUID  `json:"id"`
	OrgID     wire.UUID  `json:"orgId"`
	ReceiptID wire.UUID  `json:"receiptId"`
	ItemID    wire.UUID  `json:"productionOrderItemId"`
	Quantity  wire.Dec   `json:"quantity"`
	UnitCost  wire.Dec   `json:"unitCost"`
	Lot       wire.TextN `json:"lot"`
	Inputs    []usedItem `json:"inputs"`
}

func productionReceiptItems(c *web.Call, x production.Receipt) []productionReceiptItem {
	out := []productionReceiptItem{}
	for _, l := range x.Lines {
		out = append(out, productionReceiptItem{wire.UUID{Kind: wire.KindProdReceiptLine, ID: l.ID}, orgID(c), wire.UUID{Kind: wire.KindProdReceipt, ID: l.Receipt},
			wire.UUID{Kind: wire.KindProductionLine, ID: l.Line}, wire.Dec(l.Quantity), wire.Dec(l.UnitCost()), wire.TextN(l.Lot), usedItems(l.Inputs)})
	}
	return out
}

type newProductionReceipt struct {
	pathID
	ReceiptDate moment                     `json:"receiptDate" null:"never"`
	Notes       *string                    `json:"notes"`
	Items       []newProductionReceiptItem `json:"items" required:"true" minItems:"1" maxItems:"5000"`
}

type newProductionReceiptItem struct {
	ItemID wire.Ref `json:"productionOrderItemId" required:"true"`
	newMakeReceiptItem
}

type productionReceived struct {
	Order   productionOrder         `json:"productionOrder"`
	Receipt productionReceipt       `json:"receipt"`
	Items   []productionReceiptItem `json:"receiptItems"`
}

func receiveProduction(c *web.Call, in newProductionReceipt) (productionReceived, error) {
	var out productionReceived
	id, err := in.of(wire.KindProduction, "production order")
	if err != nil {
		return out, err
	}
	x := production.Receipt{At: in.ReceiptDate.T, Notes: text(in.Notes)}
	for n, i := range in.Items {
		var line int64
		err := idsOf(idOf{"productionOrderItemId", i.ItemID, wire.KindProductionLine, &line})
		var l production.ReceiptLine
		if err == nil {
			l, err = i.line(line)
		}
		if err != nil {
			return out, fault.Under(itemAtField(n), err)
		}
		x.Lines = append(x.Lines, l)
	}
	o, x, err := production.Receive(c.Tx, production.Production, id, x)
	return productionReceived{productionOrderOut(c, o), productionReceiptOut(c, x), productionReceiptItems(c, x)}, err
}

func listProductionReceipts(c *web.Call, in orderItemsIn) (page[productionReceipt], error) {
	o, err := productionAt(c, in.pathID)
	if err != nil {
		return page[productionReceipt]{}, err
	}
	after, err := parseIDCursor(in.Cursor)
	if err != nil {
		return page[productionReceipt]{}, err
	}
	rows, err := production.Receipts(c.Tx, o.ID, after, in.limit()+1)
	return paged(in.paging, rows, func(x production.Receipt) productionReceipt { return productionReceiptOut(c, x) },
		func(x production.Receipt) string { return idCursor(x.ID) }), err
}

func updateProductionReceipt(c *web.Call, in changedReceipt) (productionReceipt, error) {
	id, err := in.of(wire.KindProdReceipt, "receipt")
	if err != nil {
		return productionReceipt{}, err
	}
	x, err := production.UpdateReceipt(c.Tx, production.Production, id, func(x *production.Receipt) error {
		x.At = in.ReceiptDate.or(x.At)
		return nil
	})
	return productionReceiptOut(c, x), err
}

func deleteProductionReceipt(c *web.Call, in pathID) (deleted, error) {
	id, err := in.of(wire.KindProdReceipt, "receipt")
	if err != nil {
		return deleted{}, err
	}
	return deletedOut(wire.KindProdReceipt, id), production.DeleteReceipt(c.Tx, production.Production, id)
}

type productionReceiptDetail struct {
	Receipt productionReceipt       `json:"receipt"`
	Items   []productionReceiptItem `json:"items"`
}

func showProductionReceipt(c *web.Call, in pathID) (productionReceiptDetail, error) {
	id, err := in.of(wire.KindProdReceipt, "receipt")
	if err != nil {
		return productionReceiptDetail{}, err
	}
	x, err := production.GetReceipt(c.Tx, production.Production, id)
	return productionReceiptDetail{productionReceiptOut(c, x), productionReceiptItems(c, x)}, err
}
