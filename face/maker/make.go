package maker

import (
	"time"

	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/production"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// Work orders and production orders are one kind of document in the core. On
// the wire they differ in the names of a few fields: what is the same stands
// here, the rest in workorder.go and productionorder.go.

type makeBody struct {
	Status      string     `json:"status" enum:"Draft,Entered,Placed,Production,In Transit,Partial,Received,Completed,Cancelled"`
	DraftAt     wire.ISO   `json:"draftAt"`
	EnteredAt   wire.ISO   `json:"enteredAt"`
	PlacedAt    wire.ISO   `json:"placedAt"`
	Expected    day        `json:"expectedDeliveryDate"`
	StartedAt   wire.ISO   `json:"productionStartedAt"`
	InTransitAt wire.ISO   `json:"inTransitAt"`
	PartialAt   wire.ISO   `json:"partialAt"`
	ReceivedAt  wire.ISO   `json:"receivedAt"`
	CompletedAt wire.ISO   `json:"completedAt"`
	CancelledAt wire.ISO   `json:"cancelledAt"`
	Notes       wire.TextN `json:"notes"`
	CreatedAt   wire.ISO   `json:"createdAt"`
	UpdatedAt   wire.ISO   `json:"updatedAt"`
}

func makeBodyOut(o production.Order) makeBody {
	at := func(t time.Time) wire.ISO { return wire.ISO(t) }
	return makeBody{string(o.State), at(o.DraftAt), at(o.EnteredAt), at(o.PlacedAt), day(o.ExpectedAt), at(o.MakingAt), at(o.InTransitAt),
		at(o.PartialAt), at(o.ReceivedAt), at(o.CompletedAt), at(o.CancelledAt), wire.TextN(o.Notes), at(o.CreatedAt), at(o.UpdatedAt)}
}

// newMake is what new orders of both kinds have in common.
type newMake struct {
	Status    string  `json:"status" required:"true" enum:"Draft,Entered,Placed,Production,In Transit,Partial,Received,Completed,Cancelled"`
	OrderDate moment  `json:"orderDate" null:"never" doc:"When the order is placed."`
	Expected  moment  `json:"expectedDeliveryDate"`
	Notes     *string `json:"notes"`
}

func (in newMake) order(k production.Kind) production.Order {
	return production.Order{Kind: k, State: production.State(in.Status), PlacedAt: in.OrderDate.T, ExpectedAt: in.Expected.T, Notes: text(in.Notes)}
}

// newMakeItem is what new lines of both kinds have in common.
type newMakeItem struct {
	SKUID    wire.Ref `json:"skuId" required:"true"`
	Quantity *int64   `json:"quantity" required:"true" minimum:"1"`
}

func (in newMakeItem) line(cost wire.Num) (production.Line, error) {
	l := production.Line{UnitCost: cost.Ptr()}
	q, err := dec.FromInt(*in.Quantity)
	if err != nil {
		return l, fault.Field("quantity", "is too big")
	}
	l.Quantity = q
	return l, idsOf(idOf{"skuId", in.SKUID, wire.KindItem, &l.Item})
}

// changedMake is what changes of both kinds have in common.
type changedMake struct {
	Status      *string          `json:"status" null:"never" enum:"Draft,Entered,Placed,Production,In Transit,Partial,Received,Completed,Cancelled"`
	OrderDate   moment           `json:"orderDate" null:"never"`
	Expected    wire.Opt[moment] `json:"expectedDeliveryDate"`
	Notes       wire.Opt[string] `json:"notes"`
	PlacedAt    moment           `json:"placedAt" null:"never"`
	DraftAt     wire.Opt[moment] `json:"draftAt"`
	EnteredAt   wire.Opt[moment] `json:"enteredAt"`
	StartedAt   wire.Opt[moment] `json:"productionStartedAt"`
	InTransitAt wire.Opt[moment] `json:"inTransitAt"`
	PartialAt   wire.Opt[moment] `json:"partialAt"`
	ReceivedAt  wire.Opt[moment] `json:"receivedAt"`
	CompletedAt wire.Opt[moment] `json:"completedAt"`
	CancelledAt wire.Opt[moment] `json:"cancelledAt"`
}

func (in changedMake) apply(o *production.Order) {
	if in.Status != nil {
		o.State = production.State(*in.Status)
	}
	patch(&o.Notes, in.Notes)
	o.PlacedAt = in.PlacedAt.or(in.OrderDate.or(o.PlacedAt))
	patchTimes(
		timePatch{&o.ExpectedAt, in.Expected}, timePatch{&o.DraftAt, in.DraftAt}, timePatch{&o.EnteredAt, in.EnteredAt},
		timePatch{&o.MakingAt, in.StartedAt}, timePatch{&o.InTransitAt, in.InTransitAt}, timePatch{&o.PartialAt, in.PartialAt},
		timePatch{&o.ReceivedAt, in.ReceivedAt}, timePatch{&o.CompletedAt, in.CompletedAt}, timePatch{&o.CancelledAt, in.CancelledAt})
}

// changeQuantity sets a line's quantity, if it was given.
func changeQuantity(l *production.Line, given *int64) error {
	if given == nil {
		return nil
	}
	q, err := dec.FromInt(*given)
	if err != nil {
		return fault.Field("quantity", "is too big")
	}
	l.Quantity = q
	return nil
}

// newMakeReceiptItem is what received lines of both kinds have in common.
type newMakeReceiptItem struct {
	Quantity wire.Num      `json:"quantity" required:"true" exclusiveMinimum:"0"`
	Lot      *string       `json:"lot" maxLength:"100"`
	Inputs   []newUsedItem `json:"inputs" maxItems:"1000" doc:"What went into it; unless given, what the order says, scaled to the quantity."`
}

type newUsedItem struct {
	either
	Quantity wire.Num `json:"quantity" required:"true" exclusiveMinimum:"0"`
	Lot      *string  `json:"lot" maxLength:"100"`
}

func (in newMakeReceiptItem) line(line int64) (production.ReceiptLine, error) {
	l := production.ReceiptLine{Line: line, Quantity: in.Quantity.D, Lot: text(in.Lot)}
	if in.Inputs == nil {
		return l, nil
	}
	l.Inputs = []production.ReceiptInput{}
	for n, i := range in.Inputs {
		id, kind, err := i.of()
		if err != nil {
			return l, fault.Under("inputs."+itemAtField(n)[len("items."):], err)
		}
		l.Inputs = append(l.Inputs, production.ReceiptInput{Item: id, Kind: kind, Quantity: i.Quantity.D, Lot: text(i.Lot)})
	}
	return l, nil
}

// usedItem is what went into a received line.
type usedItem struct {
	named
	Quantity wire.Dec   `json:"quantity"`
	Lot      wire.TextN `json:"lot"`
}

func usedItems(list []production.ReceiptInput) []usedItem {
	out := make([]usedItem, len(list))
	for n, i := range list {
		out[n] = usedItem{namedOut(i.Kind, i.Item), wire.Dec(i.Quantity), wire.TextN(i.Lot)}
	}
	return out
}

// importMakes makes orders of both kinds, for bulk.
func importMakes(c *web.Call) func([]production.Order) ([]made, error) {
	return func(rows []production.Order) ([]made, error) {
		list, err := production.Import(c.Tx, rows)
		out := make([]made, len(list))
		for n, v := range list {
			out[n] = made{v.ID, v.Err}
		}
		return out, err
	}
}
