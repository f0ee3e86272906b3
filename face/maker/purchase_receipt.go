package maker

import (
	"storehouse/base/fault"
	"storehouse/core/supply"
	"storehouse/face/web"
	"storehouse/face/wire"
)

type purchaseReceipt struct {
	ID          wire.UUID `json:"id"`
	OrgID       wire.UUID `json:"orgId"`
	OrderID     wire.UUID `json:"purchaseOrderId"`
	ReceiptDate wire.ISO  `json:"receiptDate"`
	CreatedAt   wire.ISO  `json:"createdAt"`
	UpdatedAt   wire.ISO  `json:"updatedAt"`
}

func purchaseReceiptOut(c *web.Call, x supply.Receipt) purchaseReceipt {
	return purchaseReceipt{wire.UUID{Kind: wire.KindPurchaseReceipt, ID: x.ID}, orgID(c), wire.UUID{Kind: wire.KindPurchase, ID: x.Order},
		wire.ISO(x.At), wire.ISO(x.CreatedAt), wire.ISO(x.UpdatedAt)}
}

type purchaseReceiptItem struct {
	ID        wire.UUID `json:"id"`
	OrgID     wire.UUID `json:"orgId"`
	ReceiptID wire.UUID `json:"receiptId"`
	ItemID    wire.UUID `json:"purchaseOrderItemId"`
	named
	Quantity wire.Dec   `json:"quantity"`
	UnitCost wire.Dec   `json:"unitCost"`
	Lot      wire.TextN `json:"lot"`
}

func purchaseReceiptItems(c *web.Call, x supply.Receipt) []purchaseReceiptItem {
	out := []purchaseReceiptItem{}
	for _, l := range x.Lines {
		out = append(out, purchaseReceiptItem{wire.UUID{Kind: wire.KindPurchaseRecLine, ID: l.ID}, orgID(c),
			wire.UUID{Kind: wire.KindPurchaseReceipt, ID: l.Receipt}, wire.UUID{Kind: wire.KindPurchaseLine, ID: l.Line},
			namedOut(l.Kind, l.Item), wire.Dec(l.Quantity), wire.Dec(l.UnitCost()), wire.TextN(l.Lot)})
	}
	return out
}

type newPurchaseReceipt struct {
	pathID
	ReceiptDate moment                   `json:"receiptDate" null:"never"`
	Notes       *string                  `json:"notes"`
	Items       []newPurchaseReceiptItem `json:"items" required:"true" minItems:"1" maxItems:"5000"`
}

type newPurchaseReceiptItem struct {
	ItemID   wire.Ref `json:"purchaseOrderItemId" required:"true"`
	Quantity wire.Num `json:"quantity" required:"true" exclusiveMinimum:"0"`
	Lot      *string  `json:"lot" maxLength:"100"`
	Expires  moment   `json:"expiresAt"`
}

type purchaseReceived struct {
	Order   purchase              `json:"purchaseOrder"`
	Receipt purchaseReceipt       `json:"receipt"`
	Items   []purchaseReceiptItem `json:"receiptItems"`
}

func receivePurchase(c *web.Call, in newPurchaseReceipt) (purchaseReceived, error) {
	var out purchaseReceived
	id, err := in.of(wire.KindPurchase, "purchase order")
	if err != nil {
		return out, err
	}
	x := supply.Receipt{At: in.ReceiptDate.T, Notes: text(in.Notes)}
	for n, i := range in.Items {
		l := supply.ReceiptLine{Quantity: i.Quantity.D, Lot: text(i.Lot), Expires: i.Expires.T}
		if err := idsOf(idOf{"purchaseOrderItemId", i.ItemID, wire.KindPurchaseLine, &l.Line}); err != nil {
			return out, fault.Under(itemAtField(n), err)
		}
		x.Lines = append(x.Lines, l)
	}
	o, x, err := supply.Receive(c.Tx, id, x)
	return purchaseReceived{purchaseOut(c, o), purchaseReceiptOut(c, x), purchaseReceiptItems(c, x)}, err
}

func listPurchaseReceipts(c *web.Call, in orderItemsIn) (page[purchaseReceipt], error) {
	o, err := purchaseAt(c, in.pathID)
	if err != nil {
		return page[purchaseReceipt]{}, err
	}
	after, err := parseIDCursor(in.Cursor)
	if err != nil {
		return page[purchaseReceipt]{}, err
	}
	rows, err := supply.Receipts(c.Tx, o.ID, after, in.limit()+1)
	return paged(in.paging, rows, func(x supply.Receipt) purchaseReceipt { return purchaseReceiptOut(c, x) },
		func(x supply.Receipt) string { return idCursor(x.ID) }), err
}

type changedReceipt struct {
	pathID
	ReceiptDate moment `json:"receiptDate" null:"never"`
}

func updatePurchaseReceipt(c *web.Call, in changedReceipt) (purchaseReceipt, error) {
	id, err := in.of(wire.KindPurchaseReceipt, "receipt")
	if err != nil {
		return purchaseReceipt{}, err
	}
	x, err := supply.UpdateReceipt(c.Tx, id, func(x *supply.Receipt) error {
		x.At = in.ReceiptDate.or(x.At)
		return nil
	})
	return purchaseReceiptOut(c, x), err
}

func deletePurchaseReceipt(c *web.Call, in pathID) (deleted, error) {
	id, err := in.of(wire.KindPurchaseReceipt, "receipt")
	if err != nil {
		return deleted{}, err
	}
	return deletedOut(wire.KindPurchaseReceipt, id), supply.DeleteReceipt(c.Tx, id)
}

type purchaseReceiptDetail struct {
	Receipt purchaseReceipt       `json:"receipt"`
	Items   []purchaseReceiptItem `json:"items"`
}

func showPurchaseReceipt(c *web.Call, in pathID) (purchaseReceiptDetail, error) {
	id, err := in.of(wire.KindPurchaseReceipt, "receipt")
	if err != nil {
		return purchaseReceiptDetail{}, err
	}
	x, err := supply.GetReceipt(c.Tx, id)
	return purchaseReceiptDetail{purchaseReceiptOut(c, x), purchaseReceiptItems(c, x)}, err
}
