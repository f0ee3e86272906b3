package maker

import (
	"strconv"

	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/sale"
	"storehouse/face/web"
	"storehouse/face/wire"
)

type orderItem struct {
	ID        wire.UUID   `json:"id"`
	OrgID     wire.UUID   `json:"orgId"`
	OrderID   wire.UUID   `json:"salesOrderId"`
	SKUID     wire.UUID   `json:"skuId"`
	Quantity  wire.Number `json:"quantity"`
	UnitPrice wire.Dec    `json:"unitPrice"`
}

func orderItemOut(c *web.Call, l sale.Line) orderItem {
	return orderItem{wire.UUID{Kind: wire.KindSaleLine, ID: l.ID}, orgID(c), wire.UUID{Kind: wire.KindSale, ID: l.Sale},
		wire.UUID{Kind: wire.KindItem, ID: l.Item}, wire.Number(l.Quantity), wire.Dec(l.UnitPrice)}
}

// orderItems shows the lines that were ordered: not the parts of combos, nor
// modifiers.
func orderItems(c *web.Call, lines []sale.Line) []orderItem {
	out := []orderItem{}
	for _, l := range lines {
		if l.Parent == 0 {
			out = append(out, orderItemOut(c, l))
		}
	}
	return out
}

type newOrderItem struct {
	SKUID     wire.Ref `json:"skuId" required:"true"`
	Quantity  *int64   `json:"quantity" required:"true" minimum:"1"`
	UnitPrice wire.Num `json:"unitPrice" null:"never" minimum:"0" doc:"The SKU's own selling price unless given."`
}

func itemAtField(i int) string { return "items." + strconv.Itoa(i) }

func (in newOrderItem) line() (sale.DraftLine, error) {
	l := sale.DraftLine{Price: in.UnitPrice.Ptr()}
	q, err := dec.FromInt(*in.Quantity)
	if err != nil {
		return l, fault.Field("quantity", "is too big")
	}
	l.Quantity = q
	return l, idsOf(idOf{"skuId", in.SKUID, wire.KindItem, &l.Item})
}

// checkSKUs checks that all lines are of SKUs, in one statement: an error a
// sale.
func checkSKUs(c *web.Call, sales ...sale.New) []error {
	out := make([]error, len(sales))
	var ids []int64
	for _, s := range sales {
		for _, l := range s.Lines {
			ids = append(ids, l.Item)
		}
	}
	known, err := catalog.GetItems(c.Tx, ids)
	for i, s := range sales {
		out[i] = err
		var flaws []fault.Flaw
		for n, l := range s.Lines {
			if known[l.Item].Kind != catalog.SKU {
				flaws = append(flaws, fault.Flaw{Field: itemAtField(n) + ".skuId", Msg: "does not exist"})
			}
		}
		if err == nil {
			out[i] = fault.Flaws(flaws)
		}
	}
	return out
}

type addedOrderItem struct {
	pathID
	newOrderItem
}

func addOrderItem(c *web.Call, in addedOrderItem) (orderItem, error) {
	s, err := orderAt(c, in.pathID)
	if err != nil {
		return orderItem{}, err
	}
	if _, err := itemRef(c, "skuId", catalog.SKU, in.SKUID); err != nil {
		return orderItem{}, err
	}
	draft, err := in.line()
	if err != nil {
		return orderItem{}, err
	}
	l, err := sale.AddLine(c.Tx, s.ID, draft)
	return orderItemOut(c, l), err
}

type orderItemsIn struct {
	pathID
	paging
}

func listOrderItems(c *web.Call, in orderItemsIn) (page[orderItem], error) {
	s, err := orderAt(c, in.pathID)
	if err != nil {
		return page[orderItem]{}, err
	}
	after, err := parseIDCursor(in.Cursor)
	if err != nil {
		return page[orderItem]{}, err
	}
	var rows []sale.Line
	for _, l := range s.Lines {
		if l.Parent == 0 && l.ID > after {
			rows = append(rows, l)
		}
	}
	return paged(in.paging, rows, func(l sale.Line) orderItem { return orderItemOut(c, l) }, func(l sale.Line) string { return idCursor(l.ID) }), nil
}

type changedOrderItem struct {
	pathID
	SKUID     wire.Ref `json:"skuId" null:"never"`
	Quantity  *int64   `json:"quantity" null:"never" minimum:"1"`
	UnitPrice wire.Num `json:"unitPrice" null:"never" minimum:"0"`
}

// orderItemAt returns the id of the item in the path; a line of a till's draft
// is no order's item.
func orderItemAt(c *web.Call, in pathID) (int64, error) {
	id, err := in.of(wire.KindSaleLine, "item")
	if err != nil {
		return 0, err
	}
	l, err := sale.GetLine(c.Tx, id)
	if err != nil {
		return 0, err
	}
	list, _, err := sale.Heads(c.Tx, sale.Filter{IDs: []int64{l.Sale}, OrdersOnly: true})
	if err == nil && len(list) == 0 {
		err = fault.Missing("item")
	}
	return id, err
}

func updateOrderItem(c *web.Call, in changedOrderItem) (orderItem, error) {
	id, err := orderItemAt(c, in.pathID)
	if err != nil {
		return orderItem{}, err
	}
	item, err := itemRef(c, "skuId", catalog.SKU, in.SKUID)
	if err != nil {
		return orderItem{}, err
	}
	l, err := sale.UpdateLine(c.Tx, id, func(l *sale.DraftLine) error {
		if item != 0 {
			l.Item, l.Product = item, 0
		}
		if in.Quantity != nil {
			q, err := dec.FromInt(*in.Quantity)
			if err != nil {
				return fault.Field("quantity", "is too big")
			}
			l.Quantity = q
		}
		if in.UnitPrice.Set {
			l.Price = in.UnitPrice.Ptr()
		}
		return nil
	})
	return orderItemOut(c, l), err
}

func removeOrderItem(c *web.Call, in pathID) (deleted, error) {
	id, err := orderItemAt(c, in)
	if err != nil {
		return deleted{}, err
	}
	return deletedOut(wire.KindSaleLine, id), sale.RemoveLine(c.Tx, id)
}

type note struct {
	ID        wire.UUID  `json:"id"`
	OrgID     wire.UUID  `json:"orgId"`
	OrderID   wire.UUID  `json:"salesOrderId"`
	Status    wire.TextN `json:"orderStatus"`
	Note      string     `json:"note"`
	CreatedAt wire.ISO   `json:"createdAt"`
}

func noteOut(c *web.Call, n sale.Note) note {
	return note{wire.UUID{Kind: wire.KindSaleNote, ID: n.ID}, orgID(c), wire.UUID{Kind: wire.KindSale, ID: n.Sale},
		wire.TextN(n.State), n.Text, wire.ISO(n.CreatedAt)}
}

type newNote struct {
	pathID
	Body   string `json:"body" required:"true" minLength:"1"`
	Status string `json:"statusAtTime" null:"never" enum:"Received,Entered,Shipped,Invoiced,Paid,Rejected,In-Dispute,Completed" doc:"The order's own unless given."`
}

func addNote(c *web.Call, in newNote) (note, error) {
	s, err := orderAt(c, in.pathID)
	if err != nil {
		return note{}, err
	}
	n, err := sale.AddNote(c.Tx, sale.Note{Sale: s.ID, State: sale.State(in.Status), Text: in.Body})
	return noteOut(c, n), err
}

func listNotes(c *web.Call, in orderItemsIn) (page[note], error) {
	s, err := orderAt(c, in.pathID)
	if err != nil {
		return page[note]{}, err
	}
	after, err := parseIDCursor(in.Cursor)
	if err != nil {
		return page[note]{}, err
	}
	rows, err := sale.Notes(c.Tx, s.ID, after, in.limit()+1)
	return paged(in.paging, rows, func(n sale.Note) note { return noteOut(c, n) }, func(n sale.Note) string { return idCursor(n.ID) }), err
}

func deleteNote(c *web.Call, in pathID) (deleted, error) {
	id, err := in.of(wire.KindSaleNote, "note")
	if err != nil {
		return deleted{}, err
	}
	return deletedOut(wire.KindSaleNote, id), sale.DeleteNote(c.Tx, id)
}
