package maker

import (
	"time"

	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/doc"
	"storehouse/core/org"
	"storehouse/core/supply"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func purchaseRoutes(*face) []web.Route {
	op := func(title string) web.Opt { return web.Title("PurchaseOrders", title) }
	return []web.Route{
		web.Write("POST /api/purchase-orders", org.Member, createPurchase, web.Created, op("Create PO")),
		web.Read("GET /api/purchase-orders", org.Viewer, listPurchases, op("List POs")),
		web.Write("PATCH /api/purchase-orders/{id}", org.Member, updatePurchase, op("Update PO"),
			web.Doc("Partial and Received are set by what was received.")),
		web.Write("DELETE /api/purchase-orders/{id}", org.Admin, deletePurchase, op("Delete PO")),
		web.Read("GET /api/purchase-orders/{id}", org.Viewer, showPurchase, op("Get PO detail")),
		web.Write("POST /api/purchase-orders/bulk", org.Admin, importPurchases, op("Bulk-import POs")),
		web.Write("POST /api/purchase-orders/{id}/items", org.Member, addPurchaseItem, web.Created, op("Add item to PO")),
		web.Read("GET /api/purchase-orders/{id}/items", org.Viewer, listPurchaseItems, op("List PO items")),
		web.Write("PATCH /api/purchase-order-items/{id}", org.Member, updatePurchaseItem, op("Update PO item")),
		web.Write("DELETE /api/purchase-order-items/{id}", org.Member, removePurchaseItem, op("Remove PO item")),
		web.Write("POST /api/purchase-orders/{id}/receipts", org.Member, receivePurchase, web.Created, op("Create receipt against PO")),
		web.Read("GET /api/purchase-orders/{id}/receipts", org.Viewer, listPurchaseReceipts, op("List PO receipts")),
		web.Write("PATCH /api/purchase-order-receipts/{id}", org.Member, updatePurchaseReceipt, op("Update PO receipt")),
		web.Write("DELETE /api/purchase-order-receipts/{id}", org.Admin, deletePurchaseReceipt, op("Delete PO receipt")),
		web.Read("GET /api/purchase-order-receipts/{id}", org.Viewer, showPurchaseReceipt, op("Get PO receipt detail")),
		web.Read("GET /api/purchase-order-items", org.Viewer, listAllPurchaseItems, op("List items across POs")),
		web.Read("GET /api/purchase-orders/{id}/pdf", org.Viewer, purchasePDF, op("Generate PO PDF")),
		enumRoute("PurchaseOrders", "/api/purchase-order-statuses", "List PO status enum values", supply.States),
	}
}

type purchase struct {
	ID          wire.UUID  `json:"id"`
	OrgID       wire.UUID  `json:"orgId"`
	Number      string     `json:"poNumber"`
	VendorID    wire.UUID  `json:"vendorId"`
	Target      string     `json:"targetType" enum:"materials,finished_goods"`
	Status      string     `json:"status" enum:"Planning,Placed,In Transit,Partial,Received,Paid,Cancelled"`
	ShipTo      wire.UUID  `json:"shipToLocationId"`
	PlanningAt  wire.ISO   `json:"planningAt"`
	PlacedAt    wire.ISO   `json:"placedAt"`
	ShipDate    day        `json:"shipDate"`
	InTransitAt wire.ISO   `json:"inTransitAt"`
	PartialAt   wire.ISO   `json:"partialAt"`
	Expected    day        `json:"expectedDeliveryDate"`
	ReceivedAt  wire.ISO   `json:"receivedAt"`
	PaidAt      wire.ISO   `json:"paidAt"`
	CancelledAt wire.ISO   `json:"cancelledAt"`
	Shipping    wire.Dec   `json:"shippingCosts"`
	Setup       wire.Dec   `json:"setupCosts"`
	Other       wire.Dec   `json:"otherCosts"`
	Notes       wire.TextN `json:"notes"`
	CreatedAt   wire.ISO   `json:"createdAt"`
	UpdatedAt   wire.ISO   `json:"updatedAt"`
}

func purchaseOut(c *web.Call, o supply.Order) purchase {
	at := func(t time.Time) wire.ISO { return wire.ISO(t) }
	return purchase{ID: wire.UUID{Kind: wire.KindPurchase, ID: o.ID}, OrgID: orgID(c), Number: o.Number,
		VendorID: wire.UUID{Kind: wire.KindParty, ID: o.Vendor}, Target: string(o.Target), Status: string(o.State),
		ShipTo: wire.UUID{Kind: wire.KindLocation, ID: o.Location}, PlanningAt: at(o.PlanningAt), PlacedAt: at(o.PlacedAt),
		ShipDate: day(o.ShipDate), InTransitAt: at(o.InTransitAt), PartialAt: at(o.PartialAt), Expected: day(o.ExpectedAt),
		ReceivedAt: at(o.ReceivedAt), PaidAt: at(o.PaidAt), CancelledAt: at(o.CancelledAt), Shipping: wire.Dec(o.Shipping),
		Setup: wire.Dec(o.Setup), Other: wire.Dec(o.Other), Notes: wire.TextN(o.Notes), CreatedAt: at(o.CreatedAt), UpdatedAt: at(o.UpdatedAt)}
}

type purchaseDetail struct {
	Order purchase       `json:"purchaseOrder"`
	Items []purchaseItem `json:"items"`
}

func purchaseDetailOut(c *web.Call, o supply.Order) purchaseDetail {
	out := purchaseDetail{purchaseOut(c, o), []purchaseItem{}}
	for _, l := range o.Lines {
		out.Items = append(out.Items, purchaseItemOut(c, l))
	}
	return out
}

type newPurchase struct {
	VendorID  wire.Ref          `json:"vendorId" required:"true"`
	Target    string            `json:"targetType" required:"true" enum:"materials,finished_goods"`
	Status    string            `json:"status" required:"true" enum:"Planning,Placed,In Transit,Partial,Received,Paid,Cancelled"`
	ShipTo    wire.Ref          `json:"shipToLocationId" doc:"The organization's default location unless given."`
	PlacedAt  moment            `json:"placedAt" null:"never"`
	ShipDate  moment            `json:"shipDate"`
	Expected  moment            `json:"expectedDeliveryDate"`
	Shipping  wire.Num          `json:"shippingCosts" null:"never" minimum:"0"`
	Setup     wire.Num          `json:"setupCosts" null:"never" minimum:"0"`
	Other     wire.Num          `json:"otherCosts" null:"never" minimum:"0"`
	Notes     *string           `json:"notes"`
	Items     []newPurchaseItem `json:"items" required:"true" maxItems:"5000"`
	order     supply.Order      // in the core's form, once read
	orderLine []supply.NewLine
}

// read turns an order into the core's form.
func (in newPurchase) read() (newPurchase, error) {
	in.order = supply.Order{Target: supply.Target(in.Target), State: supply.State(in.Status), PlacedAt: in.PlacedAt.T, ShipDate: in.ShipDate.T,
		ExpectedAt: in.Expected.T, Shipping: in.Shipping.D, Setup: in.Setup.D, Other: in.Other.D, Notes: text(in.Notes)}
	err := idsOf(
		idOf{"vendorId", in.VendorID, wire.KindParty, &in.order.Vendor},
		idOf{"shipToLocationId", in.ShipTo, wire.KindLocation, &in.order.Location})
	for n, i := range in.Items {
		if err != nil {
			break
		}
		var l supply.NewLine
		l, err = i.line()
		err = fault.Under(itemAtField(n), err)
		in.orderLine = append(in.orderLine, l)
	}
	return in, err
}

func createPurchase(c *web.Call, in newPurchase) (purchaseDetail, error) {
	in, err := in.read()
	if err != nil {
		return purchaseDetail{}, err
	}
	o, err := supply.Create(c.Tx, in.order, in.orderLine)
	return purchaseDetailOut(c, o), err
}

func importPurchases(c *web.Call, in bulkIn[newPurchase]) (bulkOut, error) {
	return bulk(in, wire.KindPurchase, newPurchase.read, func(rows []newPurchase) ([]made, error) {
		drafts := make([]supply.Draft, len(rows))
		for n, r := range rows {
			drafts[n] = supply.Draft{Order: r.order, Lines: r.orderLine}
		}
		list, err := supply.Import(c.Tx, drafts)
		out := make([]made, len(list))
		for n, v := range list {
			out[n] = made{v.ID, v.Err}
		}
		return out, err
	})
}

func listPurchases(c *web.Call, in paging) (page[purchase], error) {
	after, err := parseIDCursor(in.Cursor)
	if err != nil {
		return page[purchase]{}, err
	}
	rows, err := supply.List(c.Tx, after, in.limit()+1)
	return paged(in, rows, func(o supply.Order) purchase { return purchaseOut(c, o) }, func(o supply.Order) string { return idCursor(o.ID) }), err
}

func purchaseAt(c *web.Call, in pathID) (supply.Order, error) {
	id, err := in.of(wire.KindPurchase, "purchase order")
	if err != nil {
		return supply.Order{}, err
	}
	return supply.Get(c.Tx, id)
}

func showPurchase(c *web.Call, in pathID) (purchaseDetail, error) {
	o, err := purchaseAt(c, in)
	return purchaseDetailOut(c, o), err
}

type changedPurchase struct {
	pathID
	VendorID    wire.Ref           `json:"vendorId" null:"never"`
	Target      *string            `json:"targetType" null:"never" enum:"materials,finished_goods"`
	Status      *string            `json:"status" null:"never" enum:"Planning,Placed,In Transit,Partial,Received,Paid,Cancelled"`
	ShipTo      wire.Opt[wire.Ref] `json:"shipToLocationId"`
	PlacedAt    moment             `json:"placedAt" null:"never"`
	ShipDate    wire.Opt[moment]   `json:"shipDate"`
	Expected    wire.Opt[moment]   `json:"expectedDeliveryDate"`
	Shipping    wire.Num           `json:"shippingCosts" null:"never" minimum:"0"`
	Setup       wire.Num           `json:"setupCosts" null:"never" minimum:"0"`
	Other       wire.Num           `json:"otherCosts" null:"never" minimum:"0"`
	Notes       wire.Opt[string]   `json:"notes"`
	PlanningAt  wire.Opt[moment]   `json:"planningAt"`
	InTransitAt wire.Opt[moment]   `json:"inTransitAt"`
	PartialAt   wire.Opt[moment]   `json:"partialAt"`
	ReceivedAt  wire.Opt[moment]   `json:"receivedAt"`
	PaidAt      wire.Opt[moment]   `json:"paidAt"`
	CancelledAt wire.Opt[moment]   `json:"cancelledAt"`
}

func updatePurchase(c *web.Call, in changedPurchase) (purchase, error) {
	id, err := in.of(wire.KindPurchase, "purchase order")
	if err != nil {
		return purchase{}, err
	}
	o, err := supply.Update(c.Tx, id, in.apply)
	return purchaseOut(c, o), err
}

func (in changedPurchase) apply(o *supply.Order) error {
	err := patchIDs(
		idPatch{"vendorId", given(in.VendorID), wire.KindParty, &o.Vendor},
		idPatch{"shipToLocationId", in.ShipTo, wire.KindLocation, &o.Location})
	if err != nil {
		return err
	}
	if in.Target != nil {
		o.Target = supply.Target(*in.Target)
	}
	if in.Status != nil {
		o.State = supply.State(*in.Status)
	}
	for _, f := range []struct {
		to  *dec.D
		num wire.Num
	}{{&o.Shipping, in.Shipping}, {&o.Setup, in.Setup}, {&o.Other, in.Other}} {
		changeNum(f.to, f.num)
	}
	patch(&o.Notes, in.Notes)
	o.PlacedAt = in.PlacedAt.or(o.PlacedAt)
	patchTimes(
		timePatch{&o.ShipDate, in.ShipDate}, timePatch{&o.ExpectedAt, in.Expected}, timePatch{&o.PlanningAt, in.PlanningAt},
		timePatch{&o.InTransitAt, in.InTransitAt}, timePatch{&o.PartialAt, in.PartialAt}, timePatch{&o.ReceivedAt, in.ReceivedAt},
		timePatch{&o.PaidAt, in.PaidAt}, timePatch{&o.CancelledAt, in.CancelledAt})
	return nil
}

func deletePurchase(c *web.Call, in pathID) (deleted, error) {
	id, err := in.of(wire.KindPurchase, "purchase order")
	if err != nil {
		return deleted{}, err
	}
	if err := supply.Delete(c.Tx, id); err != nil {
		return deleted{}, err
	}
	return deletedOut(wire.KindPurchase, id), doc.DeleteOf(c.Tx, doc.OfPurchaseOrder, id)
}
