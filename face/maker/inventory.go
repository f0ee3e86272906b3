package maker

import (
	"time"

	"storehouse/base/fault"
	"storehouse/core/stock"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// The two inventories are one ledger, seen by the kind of item. A store is
// one of them: how its items are called on the wire.
type store[Out any] struct {
	kind  string
	field string // "skuId"
	out   func(wire.UUID, entryBody) Out
}

type entryBody struct {
	ID         wire.UUID  `json:"id"`
	OrgID      wire.UUID  `json:"orgId"`
	Code       string     `json:"code"`
	LocationID wire.UUID  `json:"locationId"`
	EventType  string     `json:"eventType"`
	Quantity   wire.Dec   `json:"quantity"`
	UnitCost   wire.DecN  `json:"unitCost"`
	Ref        wire.TextN `json:"ref"`
	ToLocation wire.UUID  `json:"toLocationId"`
	Notes      wire.TextN `json:"notes"`
	EventDate  wire.ISO   `json:"eventDate"`
	SourceType wire.TextN `json:"sourceType"`
	SourceID   wire.UUID  `json:"sourceId"`
	CreatedAt  wire.ISO   `json:"createdAt"`
}

// sources are the documents that post entries, as this API calls them.
var sources = map[string]struct {
	name string
	kind wire.Kind
}{
	"sale": {"sales_order", wire.KindSale}, "purchase_order": {"purchase_order", wire.KindPurchase},
	"purchase_receipt": {"purchase_order_receipt", wire.KindPurchaseReceipt}, "work_order": {"work_order", wire.KindWork},
	"wo_receipt": {"work_order_receipt", wire.KindWorkReceipt}, "production_order": {"production_order", wire.KindProduction},
	"po_receipt": {"production_order_receipt", wire.KindProdReceipt},
}

func (s store[Out]) entry(c *web.Call, e stock.Entry) Out {
	b := entryBody{ID: wire.UUID{Kind: wire.KindEntry, ID: e.ID}, OrgID: orgID(c), Code: e.Code,
		LocationID: wire.UUID{Kind: wire.KindLocation, ID: e.Location}, EventType: string(e.Event), Quantity: wire.Dec(e.Quantity),
		UnitCost: wire.DecN{D: e.UnitCost}, Ref: wire.TextN(e.Ref), ToLocation: wire.UUID{Kind: wire.KindLocation, ID: e.ToLocation},
		Notes: wire.TextN(e.Notes), EventDate: wire.ISO(e.EventDate), SourceType: wire.TextN(e.Doc.Type), CreatedAt: wire.ISO(e.RecordedAt)}
	if src, ok := sources[e.Doc.Type]; ok {
		b.SourceType, b.SourceID = wire.TextN(src.name), wire.UUID{Kind: src.kind, ID: e.Doc.ID}
	}
	return s.out(wire.UUID{Kind: wire.KindItem, ID: e.Item}, b)
}

type transferIn struct {
	Source      wire.Ref         `json:"sourceLocationId" required:"true"`
	Destination wire.Ref         `json:"destinationLocationId" required:"true"`
	Quantity    wire.Num         `json:"quantity" required:"true" exclusiveMinimum:"0"`
	EventDate   moment           `json:"eventDate" null:"never"`
	Notes       wire.Opt[string] `json:"notes"`
}

type transferOut[Out any] struct {
	Entry Out    `json:"ledgerEntry"`
	Ref   string `json:"ref"`
}

func (s store[Out]) transfer(c *web.Call, item wire.Ref, in transferIn) (transferOut[Out], error) {
	var out transferOut[Out]
	m := stock.Move{Quantity: in.Quantity.D, Notes: in.Notes.V, EventDate: in.EventDate.or(time.Time{})}
	var err error
	if m.Item, err = itemRef(c, s.field, s.kind, item); err != nil {
		return out, err
	}
	if m.From, err = locationRef(c, "sourceLocationId", in.Source); err != nil {
		return out, err
	}
	if m.To, err = locationRef(c, "destinationLocationId", in.Destination); err != nil {
		return out, err
	}
	if m.From == m.To {
		return out, fault.Field("destinationLocationId", "must be another location than the source")
	}
	p, err := stock.PolicyOf(c.Tx)
	if err != nil {
		return out, err
	}
	e, err := stock.Send(c.Tx, p, m)
	return transferOut[Out]{s.entry(c, e), e.Ref}, err
}

type completeIn struct {
	Ref       string           `path:"ref" required:"true" doc:"The transfer's ref."`
	EventDate moment           `json:"eventDate" null:"never"`
	Notes     wire.Opt[string] `json:"notes"`
}

func (s store[Out]) complete(c *web.Call, in completeIn) (Out, error) {
	var none Out
	sent, err := stock.Entries(c.Tx, stock.EntryFilter{Ref: in.Ref, Kind: s.kind, Event: stock.Transfer, Limit: 1})
	if err != nil {
		return none, err
	}
	if len(sent) == 0 {
		return none, fault.Missing("transfer")
	}
	e, err := stock.Complete(c.Tx, in.Ref, in.EventDate.or(time.Time{}), in.Notes.V)
	return s.entry(c, e), err
}

type changeIn struct {
	LocationID wire.Ref         `json:"locationId" required:"true"`
	Quantity   wire.Num         `json:"quantity" required:"true" exclusiveMinimum:"0"`
	Notes      wire.Opt[string] `json:"notes"`
	EventDate  moment           `json:"eventDate" null:"never"`
}

// change posts found or lost goods.
func (s store[Out]) change(c *web.Call, event stock.Event, item wire.Ref, in changeIn) (Out, error) {
	var none Out
	e := stock.Entry{Event: event, Quantity: in.Quantity.D, Notes: in.Notes.V, EventDate: in.EventDate.or(time.Time{}), Doc: stock.Doc{Type: "adjustment"}}
	var err error
	if e.Item, err = itemRef(c, s.field, s.kind, item); err != nil {
		return none, err
	}
	if e.Location, err = locationRef(c, "locationId", in.LocationID); err != nil {
		return none, err
	}
	p, err := stock.PolicyOf(c.Tx)
	if err != nil {
		return none, err
	}
	posted, err := stock.Post(c.Tx, p, e)
	if err != nil {
		return none, err
	}
	return s.entry(c, posted[0]), nil
}
