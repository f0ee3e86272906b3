package maker

import (
	"time"

	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/doc"
	"storehouse/core/org"
	"storehouse/core/sale"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// The order book: what was ordered here, in a shop, or sold at a till.
func salesOrderRoutes(*face) []web.Route {
	op := func(title string) web.Opt { return web.Title("SalesOrders", title) }
	return []web.Route{
		web.Write("POST /api/sales-orders", org.Member, createOrder, web.Created, op("Create sales order")),
		web.Read("GET /api/sales-orders", org.Viewer, listOrders, op("List sales orders")),
		web.Write("PATCH /api/sales-orders/{id}", org.Member, updateOrder, op("Update sales order")),
		web.Write("DELETE /api/sales-orders/{id}", org.Admin, deleteOrder, op("Delete sales order")),
		web.Read("GET /api/sales-orders/{id}", org.Viewer, showOrder, op("Get sales order detail")),
		web.Write("POST /api/sales-orders/bulk", org.Admin, importOrders, op("Bulk-import sales orders")),
		web.Write("POST /api/sales-orders/{id}/items", org.Member, addOrderItem, web.Created, op("Add item to sales order")),
		web.Read("GET /api/sales-orders/{id}/items", org.Viewer, listOrderItems, op("List sales order items")),
		web.Write("PATCH /api/sales-order-items/{id}", org.Member, updateOrderItem, op("Update sales order item")),
		web.Write("DELETE /api/sales-order-items/{id}", org.Member, removeOrderItem, op("Remove item from sales order")),
		web.Write("POST /api/sales-orders/{id}/notes", org.Member, addNote, web.Created, op("Add timeline note")),
		web.Read("GET /api/sales-orders/{id}/notes", org.Viewer, listNotes, op("List sales order timeline notes")),
		web.Write("DELETE /api/sales-order-notes/{id}", org.Member, deleteNote, op("Delete timeline note")),
		enumRoute("SalesOrders", "/api/order-statuses", "List order status enum values", sale.States),
		enumRoute("SalesOrders", "/api/fulfillment-statuses", "List fulfillment status enum values", sale.Fulfillments),
	}
}

// enumRoute lists the values of an enum, in the reference's order.
func enumRoute[S ~string](tag, path, title string, values []S) web.Route {
	return web.Read("GET "+path, org.Viewer, func(*web.Call, web.None) (list[S], error) {
		return list[S]{Data: values}, nil
	}, web.Title(tag, title))
}

type order struct {
	ID                  wire.UUID  `json:"id"`
	OrgID               wire.UUID  `json:"orgId"`
	CustomerID          wire.UUID  `json:"customerId"`
	Number              string     `json:"soNumber"`
	ChannelID           wire.UUID  `json:"orderChannelId"`
	Status              string     `json:"orderStatus" enum:"Received,Entered,Shipped,Invoiced,Paid,Rejected,In-Dispute,Completed"`
	Fulfillment         string     `json:"fulfillmentStatus" enum:"Pending,Partial,Fulfilled"`
	FulfillmentLocation wire.UUID  `json:"fulfillmentLocationId"`
	BrokerID            wire.UUID  `json:"brokerId"`
	BrokerFeePercent    wire.DecN  `json:"brokerFeePercent"`
	BrokerFees          wire.Dec   `json:"brokerFees"`
	FulfillmentCosts    wire.Dec   `json:"fulfillmentCosts"`
	FreightCosts        wire.Dec   `json:"freightCosts"`
	PromoCosts          wire.Dec   `json:"promoCosts"`
	OtherCosts          wire.Dec   `json:"otherCosts"`
	MABD                wire.TextN `json:"mabd"`
	PlacedAt            wire.ISO   `json:"placedAt"`
	ReceivedAt          wire.ISO   `json:"receivedAt"`
	EnteredAt           wire.ISO   `json:"enteredAt"`
	ShippedAt           wire.ISO   `json:"shippedAt"`
	InvoicedAt          wire.ISO   `json:"invoicedAt"`
	PaidAt              wire.ISO   `json:"paidAt"`
	RejectedAt          wire.ISO   `json:"rejectedAt"`
	InDisputeAt         wire.ISO   `json:"inDisputeAt"`
	CompletedAt         wire.ISO   `json:"completedAt"`
	Notes               wire.TextN `json:"notes"`
	QboID               wire.TextN `json:"qboId"`
	CreatedAt           wire.ISO   `json:"createdAt"`
	UpdatedAt           wire.ISO   `json:"updatedAt"`
}

func orderOut(c *web.Call, s sale.Sale) order {
	at := func(t time.Time) wire.ISO { return wire.ISO(t) }
	from := s.FulfillmentLocation
	if s.Origin == sale.POS {
		from = s.Location // a till hands out where it stands
	}
	return order{ID: wire.UUID{Kind: wire.KindSale, ID: s.ID}, OrgID: orgID(c), CustomerID: wire.UUID{Kind: wire.KindParty, ID: s.Party},
		Number: s.Number, ChannelID: wire.UUID{Kind: wire.KindLookup, ID: s.Channel}, Status: string(s.State), Fulfillment: string(s.Fulfillment),
		FulfillmentLocation: wire.UUID{Kind: wire.KindLocation, ID: from}, BrokerID: wire.UUID{Kind: wire.KindLookup, ID: s.Broker},
		BrokerFeePercent: wire.DecN{D: s.BrokerFeePercent}, BrokerFees: wire.Dec(s.BrokerFees), FulfillmentCosts: wire.Dec(s.FulfillmentCosts),
		FreightCosts: wire.Dec(s.FreightCosts), PromoCosts: wire.Dec(s.PromoCosts), OtherCosts: wire.Dec(s.OtherCosts), MABD: wire.TextN(s.MABD),
		PlacedAt: at(s.PlacedAt), ReceivedAt: at(s.ReceivedAt), EnteredAt: at(s.EnteredAt), ShippedAt: at(s.ShippedAt), InvoicedAt: at(s.InvoicedAt),
		PaidAt: at(s.PaidAt), RejectedAt: at(s.RejectedAt), InDisputeAt: at(s.DisputedAt), CompletedAt: at(s.CompletedAt),
		Notes: wire.TextN(s.Notes), QboID: wire.TextN(s.QboID), CreatedAt: at(s.CreatedAt), UpdatedAt: at(s.UpdatedAt)}
}

type orderDetail struct {
	Order order       `json:"salesOrder"`
	Items []orderItem `json:"items"`
}

func orderDetailOut(c *web.Call, s sale.Sale) orderDetail {
	return orderDetail{orderOut(c, s), orderItems(c, s.Lines)}
}

type newOrder struct {
	CustomerID          wire.Ref       `json:"customerId" required:"true"`
	ChannelID           wire.Ref       `json:"channelId" required:"true"`
	Status              string         `json:"status" required:"true" enum:"Received,Entered,Shipped,Invoiced,Paid,Rejected,In-Dispute,Completed"`
	Fulfillment         string         `json:"fulfillmentStatus" required:"true" enum:"Pending,Partial,Fulfilled"`
	FulfillmentLocation wire.Ref       `json:"fulfillmentLocationId"`
	BrokerID            wire.Ref       `json:"brokerId"`
	BrokerFeePercent    wire.Num       `json:"brokerFeePercent"`
	BrokerFees          wire.Num       `json:"brokerFees" null:"never" minimum:"0"`
	FulfillmentCosts    wire.Num       `json:"fulfillmentCosts" null:"never" minimum:"0"`
	FreightCosts        wire.Num       `json:"freightCosts" null:"never" minimum:"0"`
	PromoCosts          wire.Num       `json:"promoCosts" null:"never" minimum:"0"`
	OtherCosts          wire.Num       `json:"otherCosts" null:"never" minimum:"0"`
	MABD                moment         `json:"mabd" required:"true" doc:"Must arrive by: a date."`
	Notes               *string        `json:"notes"`
	QboID               *string        `json:"qboId"`
	Items               []newOrderItem `json:"items" required:"true" maxItems:"5000"`
}

// sale turns an order into the core's form. Which of its ids are SKUs is
// checked by checkSKUs.
func (in newOrder) sale() (sale.New, error) {
	n := sale.New{Head: sale.Head{Origin: sale.Maker, State: sale.State(in.Status), Fulfillment: sale.Fulfillment(in.Fulfillment),
		BrokerFeePercent: in.BrokerFeePercent.Ptr(), BrokerFees: in.BrokerFees.D, FulfillmentCosts: in.FulfillmentCosts.D,
		FreightCosts: in.FreightCosts.D, PromoCosts: in.PromoCosts.D, OtherCosts: in.OtherCosts.D,
		MABD: dayText(in.MABD), Notes: text(in.Notes), QboID: text(in.QboID)}}
	err := idsOf(
		idOf{"customerId", in.CustomerID, wire.KindParty, &n.Party},
		idOf{"channelId", in.ChannelID, wire.KindLookup, &n.Channel},
		idOf{"fulfillmentLocationId", in.FulfillmentLocation, wire.KindLocation, &n.FulfillmentLocation},
		idOf{"brokerId", in.BrokerID, wire.KindLookup, &n.Broker})
	if err != nil {
		return n, err
	}
	for i, item := range in.Items {
		l, err := item.line()
		if err != nil {
			return n, fault.Under(itemAtField(i), err)
		}
		n.Lines = append(n.Lines, l)
	}
	return n, nil
}

// dayText spells a date as it is kept: as day leaves it.
func dayText(m moment) string {
	if !m.Set {
		return ""
	}
	b, _ := day(m.T).MarshalJSON()
	return string(b[1 : len(b)-1])
}

func createOrder(c *web.Call, in newOrder) (orderDetail, error) {
	n, err := in.sale()
	if err != nil {
		return orderDetail{}, err
	}
	if err := checkSKUs(c, n)[0]; err != nil {
		return orderDetail{}, err
	}
	made, err := sale.Create(c.Tx, n)
	if err != nil {
		return orderDetail{}, orderFault(err)
	}
	return orderDetailOut(c, made[0]), nil
}

// orderFault names fields as orders do.
func orderFault(err error) error {
	f := fault.Of(err)
	if f.Kind == fault.Internal || len(f.Fields) == 0 {
		return err
	}
	e := *f
	e.Fields = make([]fault.Flaw, len(f.Fields))
	for i, flaw := range f.Fields {
		if flaw.Field == "location_id" {
			flaw.Field = "fulfillment_location_id"
		}
		if flaw.Field == "contact_id" && flaw.Msg == "is not a customer" {
			flaw.Msg = "does not exist" // a vendor's id is no customer's
		}
		e.Fields[i] = flaw
	}
	e.Msg = e.Fields[0].Field + " " + e.Fields[0].Msg
	return &e
}

func listOrders(c *web.Call, in paging) (page[order], error) {
	after, err := parseIDCursor(in.Cursor)
	if err != nil {
		return page[order]{}, err
	}
	rows, more, err := sale.Heads(c.Tx, sale.Filter{OrdersOnly: true, Order: sale.ByNewest, After: after, Limit: in.limit()})
	out := page[order]{Data: []order{}}
	for _, s := range rows {
		out.Data = append(out.Data, orderOut(c, s))
	}
	if more {
		next := idCursor(rows[len(rows)-1].ID)
		out.Next = &next
	}
	return out, err
}

// orderAt returns the order in the path; a till's draft is none.
func orderAt(c *web.Call, in pathID) (sale.Sale, error) {
	id, err := in.of(wire.KindSale, "sales order")
	if err != nil {
		return sale.Sale{}, err
	}
	s, err := sale.Get(c.Tx, id)
	if err == nil && s.State == "" || fault.Is(err, fault.NotFound) {
		return sale.Sale{}, fault.Missing("sales order")
	}
	return s, err
}

func showOrder(c *web.Call, in pathID) (orderDetail, error) {
	s, err := orderAt(c, in)
	return orderDetailOut(c, s), err
}

func deleteOrder(c *web.Call, in pathID) (deleted, error) {
	s, err := orderAt(c, in)
	if err != nil {
		return deleted{}, err
	}
	if err := sale.Delete(c.Tx, s.ID); err != nil {
		return deleted{}, err
	}
	return deletedOut(wire.KindSale, s.ID), doc.DeleteOf(c.Tx, doc.OfSalesOrder, s.ID)
}

type changedOrder struct {
	pathID
	CustomerID          wire.Ref           `json:"customerId" null:"never"`
	ChannelID           wire.Ref           `json:"channelId" null:"never"`
	Status              *string            `json:"status" null:"never" enum:"Received,Entered,Shipped,Invoiced,Paid,Rejected,In-Dispute,Completed"`
	Fulfillment         *string            `json:"fulfillmentStatus" null:"never" enum:"Pending,Partial,Fulfilled"`
	FulfillmentLocation wire.Opt[wire.Ref] `json:"fulfillmentLocationId"`
	BrokerID            wire.Opt[wire.Ref] `json:"brokerId"`
	BrokerFeePercent    wire.Opt[wire.Num] `json:"brokerFeePercent"`
	BrokerFees          wire.Num           `json:"brokerFees" null:"never" minimum:"0"`
	FulfillmentCosts    wire.Num           `json:"fulfillmentCosts" null:"never" minimum:"0"`
	FreightCosts        wire.Num           `json:"freightCosts" null:"never" minimum:"0"`
	PromoCosts          wire.Num           `json:"promoCosts" null:"never" minimum:"0"`
	OtherCosts          wire.Num           `json:"otherCosts" null:"never" minimum:"0"`
	MABD                moment             `json:"mabd" null:"never"`
	Notes               wire.Opt[string]   `json:"notes"`
	QboID               wire.Opt[string]   `json:"qboId"`
	PlacedAt            moment             `json:"placedAt" null:"never"`
	ReceivedAt          wire.Opt[moment]   `json:"receivedAt"`
	EnteredAt           wire.Opt[moment]   `json:"enteredAt"`
	ShippedAt           wire.Opt[moment]   `json:"shippedAt"`
	InvoicedAt          wire.Opt[moment]   `json:"invoicedAt"`
	PaidAt              wire.Opt[moment]   `json:"paidAt"`
	RejectedAt          wire.Opt[moment]   `json:"rejectedAt"`
	InDisputeAt         wire.Opt[moment]   `json:"inDisputeAt"`
	CompletedAt         wire.Opt[moment]   `json:"completedAt"`
}

func updateOrder(c *web.Call, in changedOrder) (order, error) {
	s, err := orderAt(c, in.pathID)
	if err != nil {
		return order{}, err
	}
	s, err = sale.Update(c.Tx, s.ID, in.apply)
	return orderOut(c, s), orderFault(err)
}

func (in changedOrder) apply(n *sale.New) error {
	err := patchIDs(
		idPatch{"customerId", given(in.CustomerID), wire.KindParty, &n.Party},
		idPatch{"channelId", given(in.ChannelID), wire.KindLookup, &n.Channel},
		idPatch{"fulfillmentLocationId", in.FulfillmentLocation, wire.KindLocation, &n.FulfillmentLocation},
		idPatch{"brokerId", in.BrokerID, wire.KindLookup, &n.Broker})
	if err != nil {
		return err
	}
	if in.Status != nil {
		n.State = sale.State(*in.Status)
	}
	if in.Fulfillment != nil {
		n.Fulfillment = sale.Fulfillment(*in.Fulfillment)
	}
	patchNum(&n.BrokerFeePercent, in.BrokerFeePercent)
	for _, f := range []struct {
		to  *dec.D
		num wire.Num
	}{{&n.BrokerFees, in.BrokerFees}, {&n.FulfillmentCosts, in.FulfillmentCosts}, {&n.FreightCosts, in.FreightCosts},
		{&n.PromoCosts, in.PromoCosts}, {&n.OtherCosts, in.OtherCosts}} {
		changeNum(f.to, f.num)
	}
	if in.MABD.Set {
		n.MABD = dayText(in.MABD)
	}
	patch(&n.Notes, in.Notes)
	patch(&n.QboID, in.QboID)
	n.PlacedAt = in.PlacedAt.or(n.PlacedAt)
	patchTimes(
		timePatch{&n.ReceivedAt, in.ReceivedAt}, timePatch{&n.EnteredAt, in.EnteredAt}, timePatch{&n.ShippedAt, in.ShippedAt},
		timePatch{&n.InvoicedAt, in.InvoicedAt}, timePatch{&n.PaidAt, in.PaidAt}, timePatch{&n.RejectedAt, in.RejectedAt},
		timePatch{&n.DisputedAt, in.InDisputeAt}, timePatch{&n.CompletedAt, in.CompletedAt})
	return nil
}

func importOrders(c *web.Call, in bulkIn[newOrder]) (bulkOut, error) {
	return bulk(in, wire.KindSale, newOrder.sale, func(rows []sale.New) ([]made, error) {
		out := make([]made, len(rows))
		var good []sale.New
		var at []int
		for i, err := range checkSKUs(c, rows...) {
			if out[i].err = err; err == nil {
				good, at = append(good, rows[i]), append(at, i)
			}
		}
		list, err := sale.Import(c.Tx, good)
		for i, v := range list {
			out[at[i]].id = v.ID
			if v.Err != nil {
				out[at[i]].err = orderFault(v.Err)
			}
		}
		return out, err
	})
}
