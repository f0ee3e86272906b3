package maker

import (
	"storehouse/core/supply"
	"storehouse/face/web"
	"storehouse/face/wire"
)

type purchaseItem struct {
	ID      wire.UUID `json:"id"`
	OrgID   wire.UUID `json:"orgId"`
	OrderID wire.UUID `json:"purchaseOrderId"`
	named
	Quantity wire.Dec `json:"quantity"`
	UnitCost wire.Dec `json:"unitCost"`
}

func purchaseItemOut(c *web.Call, l supply.Line) purchaseItem {
	return purchaseItem{wire.UUID{Kind: wire.KindPurchaseLine, ID: l.ID}, orgID(c), wire.UUID{Kind: wire.KindPurchase, ID: l.Order},
		namedOut(l.Kind, l.Item), wire.Dec(l.Quantity), wire.Dec(l.UnitCost)}
}

type newPurchaseItem struct {
	either
	Quantity wire.Num `json:"quantity" required:"true" exclusiveMinimum:"0"`
	UnitCost wire.Num `json:"unitCost" null:"never" minimum:"0" doc:"The item's own purchase price unless given."`
}

// line turns an item into the core's form. That it is of the kind that the
// order buys is the core's to check.
func (in newPurchaseItem) line() (supply.NewLine, error) {
	id, kind, err := in.of()
	return supply.NewLine{Item: id, Kind: kind, Quantity: in.Quantity.D, UnitCost: in.UnitCost.Ptr()}, err
}

type addedPurchaseItem struct {
	pathID
	newPurchaseItem
}

func addPurchaseItem(c *web.Call, in addedPurchaseItem) (purchaseItem, error) {
	id, err := in.ID.Of(wire.KindPurchase, "purchase order")
	if err != nil {
		return purchaseItem{}, err
	}
	l, err := in.line()
	if err != nil {
		return purchaseItem{}, err
	}
	added, err := supply.AddLine(c.Tx, id, l)
	return purchaseItemOut(c, added), err
}

func listPurchaseItems(c *web.Call, in orderItemsIn) (page[purchaseItem], error) {
	o, err := purchaseAt(c, in.pathID)
	if err != nil {
		return page[purchaseItem]{}, err
	}
	return purchaseItemPage(c, in.paging, supply.LineFilter{Order: o.ID})
}

func listAllPurchaseItems(c *web.Call, in paging) (page[purchaseItem], error) {
	return purchaseItemPage(c, in, supply.LineFilter{Newest: true})
}

func purchaseItemPage(c *web.Call, in paging, f supply.LineFilter) (page[purchaseItem], error) {
	var err error
	if f.After, err = parseIDCursor(in.Cursor); err != nil {
		return page[purchaseItem]{}, err
	}
	f.Limit = in.limit() + 1
	rows, err := supply.Lines(c.Tx, f)
	return paged(in, rows, func(l supply.Line) purchaseItem { return purchaseItemOut(c, l) }, func(l supply.Line) string { return idCursor(l.ID) }), err
}

type changedPurchaseItem struct {
	pathID
	either
	Quantity wire.Num `json:"quantity" null:"never" exclusiveMinimum:"0"`
	UnitCost wire.Num `json:"unitCost" null:"never" minimum:"0"`
}

func updatePurchaseItem(c *web.Call, in changedPurchaseItem) (purchaseItem, error) {
	id, err := in.ID.Of(wire.KindPurchaseLine, "item")
	if err != nil {
		return purchaseItem{}, err
	}
	l, err := supply.UpdateLine(c.Tx, id, func(l *supply.Line) error {
		if in.MaterialID.Set || in.SKUID.Set {
			var err error
			if l.Item, l.Kind, err = in.either.of(); err != nil {
				return err
			}
		}
		changeNum(&l.Quantity, in.Quantity)
		changeNum(&l.UnitCost, in.UnitCost)
		return nil
	})
	return purchaseItemOut(c, l), err
}

func removePurchaseItem(c *web.Call, in pathID) (deleted, error) {
	id, err := in.of(wire.KindPurchaseLine, "item")
	if err != nil {
		return deleted{}, err
	}
	return deletedOut(wire.KindPurchaseLine, id), supply.RemoveLine(c.Tx, id)
}
