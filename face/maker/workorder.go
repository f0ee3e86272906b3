package maker

import (
	"storehouse/base/fault"
	"storehouse/core/doc"
	"storehouse/core/org"
	"storehouse/core/production"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func workRoutes(*face) []web.Route {
	op := func(title string) web.Opt { return web.Title("WorkOrders", title) }
	return []web.Route{
		web.Write("POST /api/work-orders", org.Member, createWork, web.Created, op("Create WO")),
		web.Read("GET /api/work-orders", org.Viewer, listWorks, op("List WOs")),
		web.Write("PATCH /api/work-orders/{id}", org.Member, updateWork, op("Update WO"),
			web.Doc("Partial and Received are set by what was received.")),
		web.Write("DELETE /api/work-orders/{id}", org.Admin, deleteWork, op("Delete WO")),
		web.Read("GET /api/work-orders/{id}", org.Viewer, showWork, op("Get WO detail")),
		web.Write("POST /api/work-orders/bulk", org.Admin, importWorks, op("Bulk-import WOs")),
		web.Write("POST /api/work-orders/{id}/items", org.Member, addWorkItem, web.Created, op("Add item to WO")),
		web.Write("PATCH /api/work-order-items/{id}", org.Member, updateWorkItem, op("Update WO item")),
		web.Write("DELETE /api/work-order-items/{id}", org.Member, removeWorkItem, op("Remove WO item")),
		web.Write("POST /api/work-orders/{id}/receipts", org.Member, receiveWork, web.Created, op("Create receipt against WO")),
		web.Read("GET /api/work-orders/{id}/receipts", org.Viewer, listWorkReceipts, op("List WO receipts")),
		web.Write("PATCH /api/work-order-receipts/{id}", org.Member, updateWorkReceipt, op("Update WO receipt")),
		web.Write("DELETE /api/work-order-receipts/{id}", org.Admin, deleteWorkReceipt, op("Delete WO receipt")),
		web.Read("GET /api/work-order-receipts/{id}", org.Viewer, showWorkReceipt, op("Get WO receipt detail")),
		enumRoute("WorkOrders", "/api/work-order-statuses", "List WO status enum values", production.States),
	}
}

type workOrder struct {
	ID       wire.UUID `json:"id"`
	OrgID    wire.UUID `json:"orgId"`
	Number   string    `json:"woNumber"`
	Location wire.UUID `json:"workSiteId"`
	makeBody
}

func workOrderOut(c *web.Call, o production.Order) workOrder {
	return workOrder{wire.UUID{Kind: wire.KindWork, ID: o.ID}, orgID(c), o.Number, wire.UUID{Kind: wire.KindLocation, ID: o.Location}, makeBodyOut(o)}
}

type workItem struct {
	ID       wire.UUID   `json:"id"`
	OrgID    wire.UUID   `json:"orgId"`
	OrderID  wire.UUID   `json:"workOrderId"`
	SKUID    wire.UUID   `json:"skuId"`
	Quantity wire.Number `json:"quantity"`
	Received wire.Number `json:"receivedQuantity"`
	Cost     wire.DecN   `json:"conversionCost"`
}

func workItemOut(c *web.Call, l production.Line) workItem {
	return workItem{wire.UUID{Kind: wire.KindWorkLine, ID: l.ID}, orgID(c), wire.UUID{Kind: wire.KindWork, ID: l.Order},
		wire.UUID{Kind: wire.KindItem, ID: l.Item}, wire.Number(l.Quantity), wire.Number(l.Received), wire.DecN{D: l.UnitCost}}
}

type workInput struct {
	ID     wire.UUID `json:"id"`
	OrgID  wire.UUID `json:"orgId"`
	ItemID wire.UUID `json:"workOrderItemId"`
	named
	Quantity wire.Dec `json:"quantity"`
	Consumed wire.Dec `json:"consumedQuantity"`
}

func workInputs(c *web.Call, lines ...production.Line) []workInput {
	out := []workInput{}
	for _, l := range lines {
		for _, i := range l.Inputs {
			out = append(out, workInput{wire.UUID{Kind: wire.KindWorkInput, ID: i.ID}, orgID(c), wire.UUID{Kind: wire.KindWorkLine, ID: i.Line},
				namedOut(i.Kind, i.Item), wire.Dec(i.Quantity), wire.Dec(i.Consumed)})
		}
	}
	return out
}

type workDetail struct {
	Order  workOrder   `json:"workOrder"`
	Items  []workItem  `json:"items"`
	Inputs []workInput `json:"inputs"`
}

func workDetailOut(c *web.Call, o production.Order) workDetail {
	out := workDetail{workOrderOut(c, o), []workItem{}, workInputs(c, o.Lines...)}
	for _, l := range o.Lines {
		out.Items = append(out.Items, workItemOut(c, l))
	}
	return out
}

type newWork struct {
	newMake
	LocationID wire.Ref      `json:"workSiteLocationId" required:"true"`
	Items      []newWorkItem `json:"items" required:"true" maxItems:"5000"`
}

type newWorkItem struct {
	newMakeItem
	Cost wire.Num `json:"conversionCost" null:"never" minimum:"0"`
}

func (in newWork) read() (production.Order, error) {
	o := in.order(production.Work)
	if err := idsOf(idOf{"workSiteLocationId", in.LocationID, wire.KindLocation, &o.Location}); err != nil {
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

func createWork(c *web.Call, in newWork) (workDetail, error) {
	o, err := in.read()
	if err != nil {
		return workDetail{}, err
	}
	o, err = production.Create(c.Tx, o)
	return workDetailOut(c, o), err
}

func importWorks(c *web.Call, in bulkIn[newWork]) (bulkOut, error) {
	return bulk(in, wire.KindWork, newWork.read, importMakes(c))
}

func listWorks(c *web.Call, in paging) (page[workOrder], error) {
	after, err := parseIDCursor(in.Cursor)
	if err != nil {
		return page[workOrder]{}, err
	}
	rows, err := production.List(c.Tx, production.Work, after, in.limit()+1)
	return paged(in, rows, func(o production.Order) workOrder { return workOrderOut(c, o) }, func(o production.Order) string { return idCursor(o.ID) }), err
}

func workAt(c *web.Call, in pathID) (production.Order, error) {
	id, err := in.of(wire.KindWork, "work order")
	if err != nil {
		return production.Order{}, err
	}
	return production.Get(c.Tx, production.Work, id)
}

func showWork(c *web.Call, in pathID) (workDetail, error) {
	o, err := workAt(c, in)
	return workDetailOut(c, o), err
}

type changedWork struct {
	pathID
	changedMake
	LocationID wire.Ref `json:"workSiteLocationId" null:"never"`
}

func updateWork(c *web.Call, in changedWork) (workOrder, error) {
	id, err := in.of(wire.KindWork, "work order")
	if err != nil {
		return workOrder{}, err
	}
	o, err := production.Update(c.Tx, production.Work, id, func(o *production.Order) error {
		in.apply(o)
		return patchIDs(idPatch{"workSiteLocationId", given(in.LocationID), wire.KindLocation, &o.Location})
	})
	return workOrderOut(c, o), err
}

func deleteWork(c *web.Call, in pathID) (deleted, error) {
	id, err := in.of(wire.KindWork, "work order")
	if err != nil {
		return deleted{}, err
	}
	if err := production.Delete(c.Tx, production.Work, id); err != nil {
		return deleted{}, err
	}
	return deletedOut(wire.KindWork, id), doc.DeleteOf(c.Tx, doc.OfWorkOrder, id)
}

type addedWorkItem struct {
	pathID
	newWorkItem
}

type workItemDetail struct {
	Item   workItem    `json:"item"`
	Inputs []workInput `json:"inputs"`
}

func addWorkItem(c *web.Call, in addedWorkItem) (workItemDetail, error) {
	id, err := in.of(wire.KindWork, "work order")
	if err != nil {
		return workItemDetail{}, err
	}
	l, err := in.line(in.Cost)
	if err != nil {
		return workItemDetail{}, err
	}
	l, err = production.AddLine(c.Tx, production.Work, id, l)
	return workItemDetail{workItemOut(c, l), workInputs(c, l)}, err
}

type changedWorkItem struct {
	pathID
	Quantity *int64   `json:"quantity" null:"never" minimum:"1"`
	Cost     wire.Num `json:"conversionCost" null:"never" minimum:"0"`
}

func updateWorkItem(c *web.Call, in changedWorkItem) (workItemDetail, error) {
	id, err := in.of(wire.KindWorkLine, "item")
	if err != nil {
		return workItemDetail{}, err
	}
	l, err := production.UpdateLine(c.Tx, production.Work, id, func(l *production.Line) error {
		if in.Cost.Set {
			l.UnitCost = in.Cost.Ptr()
		}
		return changeQuantity(l, in.Quantity)
	})
	return workItemDetail{workItemOut(c, l), workInputs(c, l)}, err
}

func removeWorkItem(c *web.Call, in pathID) (deleted, error) {
	id, err := in.of(wire.KindWorkLine, "item")
	if err != nil {
		return deleted{}, err
	}
	return deletedOut(wire.KindWorkLine, id), production.RemoveLine(c.Tx, production.Work, id)
}
