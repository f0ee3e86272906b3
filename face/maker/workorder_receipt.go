package maker

import (
	"storehouse/base/fault"
	"storehouse/core/production"
	"storehouse/face/web"
	"storehouse/face/wire"
)

type workReceipt struct {
	ID          wire.UUID `json:"id"`
	OrgID       wire.UUID `json:"orgId"`
	OrderID     wire.UUID `json:"workOrderId"`
	ReceiptDate wire.ISO  `json:"receiptDate"`
	CreatedAt   wire.ISO  `json:"createdAt"`
}

func workReceiptOut(c *web.Call, x production.Receipt) workReceipt {
	return workReceipt{wire.UUID{Kind: wire.KindWorkReceipt, ID: x.ID}, orgID(c), wire.UUID{Kind: wire.KindWork, ID: x.Order}, wire.ISO(x.At), wire.ISO(x.CreatedAt)}
}

type workReceiptItem struct {
	ID        wire.UUID  `json:"id"`
	OrgID     wire.UUID  `json:"orgId"`
	ReceiptID wire.UUID  `json:"receiptId"`
	ItemID    wire.UUID  `json:"workOrderItemId"`
	Quantity  wire.Dec   `json:"quantity"`
	UnitCost  wire.Dec   `json:"unitCost"`
	Lot       wire.TextN `json:"lot"`
	Inputs    []usedItem `json:"inputs"`
}

func workReceiptItems(c *web.Call, x production.Receipt) []workReceiptItem {
	out := []workReceiptItem{}
	for _, l := range x.Lines {
		out = append(out, workReceiptItem{wire.UUID{Kind: wire.KindWorkRecLine, ID: l.ID}, orgID(c), wire.UUID{Kind: wire.KindWorkReceipt, ID: l.Receipt},
			wire.UUID{Kind: wire.KindWorkLine, ID: l.Line}, wire.Dec(l.Quantity), wire.Dec(l.UnitCost()), wire.TextN(l.Lot), usedItems(l.Inputs)})
	}
	return out
}

type newWorkReceipt struct {
	pathID
	ReceiptDate moment               `json:"receiptDate" null:"never"`
	Notes       *string              `json:"notes"`
	Items       []newWorkReceiptItem `json:"items" required:"true" minItems:"1" maxItems:"5000"`
}

type newWorkReceiptItem struct {
	ItemID wire.Ref `json:"workOrderItemId" required:"true"`
	newMakeReceiptItem
}

type workReceived struct {
	Order   workOrder         `json:"workOrder"`
	Receipt workReceipt       `json:"receipt"`
	Items   []workReceiptItem `json:"receiptItems"`
}

func receiveWork(c *web.Call, in newWorkReceipt) (workReceived, error) {
	var out workReceived
	id, err := in.of(wire.KindWork, "work order")
	if err != nil {
		return out, err
	}
	x := production.Receipt{At: in.ReceiptDate.T, Notes: text(in.Notes)}
	for n, i := range in.Items {
		var line int64
		err := idsOf(idOf{"workOrderItemId", i.ItemID, wire.KindWorkLine, &line})
		var l production.ReceiptLine
		if err == nil {
			l, err = i.line(line)
		}
		if err != nil {
			return out, fault.Under(itemAtField(n), err)
		}
		x.Lines = append(x.Lines, l)
	}
	o, x, err := production.Receive(c.Tx, production.Work, id, x)
	return workReceived{workOrderOut(c, o), workReceiptOut(c, x), workReceiptItems(c, x)}, err
}

func listWorkReceipts(c *web.Call, in orderItemsIn) (page[workReceipt], error) {
	o, err := workAt(c, in.pathID)
	if err != nil {
		return page[workReceipt]{}, err
	}
	after, err := parseIDCursor(in.Cursor)
	if err != nil {
		return page[workReceipt]{}, err
	}
	rows, err := production.Receipts(c.Tx, o.ID, after, in.limit()+1)
	return paged(in.paging, rows, func(x production.Receipt) workReceipt { return workReceiptOut(c, x) },
		func(x production.Receipt) string { return idCursor(x.ID) }), err
}

func updateWorkReceipt(c *web.Call, in changedReceipt) (workReceipt, error) {
	id, err := in.of(wire.KindWorkReceipt, "receipt")
	if err != nil {
		return workReceipt{}, err
	}
	x, err := production.UpdateReceipt(c.Tx, production.Work, id, func(x *production.Receipt) error {
		x.At = in.ReceiptDate.or(x.At)
		return nil
	})
	return workReceiptOut(c, x), err
}

func deleteWorkReceipt(c *web.Call, in pathID) (deleted, error) {
	id, err := in.of(wire.KindWorkReceipt, "receipt")
	if err != nil {
		return deleted{}, err
	}
	return deletedOut(wire.KindWorkReceipt, id), production.DeleteReceipt(c.Tx, production.Work, id)
}

type workReceiptDetail struct {
	Receipt workReceipt       `json:"receipt"`
	Items   []workReceiptItem `json:"items"`
}

func showWorkReceipt(c *web.Call, in pathID) (workReceiptDetail, error) {
	id, err := in.of(wire.KindWorkReceipt, "receipt")
	if err != nil {
		return workReceiptDetail{}, err
	}
	x, err := production.GetReceipt(c.Tx, production.Work, id)
	return workReceiptDetail{workReceiptOut(c, x), workReceiptItems(c, x)}, err
}
