package native

import (
	"cmp"
	"encoding/json"
	"io"
	"strconv"
	"strings"
	"time"

	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/org"
	"storehouse/core/stock"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() {
	routes = append(routes, []web.Route{
		web.Read("GET /v1/stock/balances", org.Viewer, balances, web.Title("Stock", "List stock balances"),
			web.Doc("What there is of each item at each location: now, or as of an effective date and as the books knew it at a recorded time."), web.Output[dataOut]),
		web.Read("GET /v1/stock/explain", org.Viewer, explain, web.Title("Stock", "Explain a stock balance"),
			web.Doc("A balance and the entries that add up to it, oldest first, each with its document.")),
	})
}

// anyID is an id as an integer or as a UUID of the maker face.
type anyID struct{ text string }

func (a *anyID) SetWire(v any) error {
	switch x := v.(type) {
	case string:
		a.text = strings.TrimSpace(x)
	case json.Number:
		a.text = x.String()
	}
	return nil
}

// Schema implements wire.Schemer.
func (anyID) Schema() map[string]any { return map[string]any{"type": []any{"integer", "string"}} }

func (a anyID) of(k wire.Kind, what string) (int64, error) {
	if a.text == "" {
		return 0, nil
	}
	if n, err := strconv.ParseInt(a.text, 10, 64); err == nil && n > 0 {
		return n, nil
	}
	u, err := wire.ParseUUID(a.text)
	if err != nil || u.Kind != k || u.ID == 0 {
		return 0, fault.Missing(what)
	}
	return u.ID, nil
}

// instant is a time as RFC 3339, or a day, which means its end.
type instant struct{ t time.Time }

func (i *instant) SetWire(v any) error {
	s, _ := v.(string)
	if s == "" {
		return nil
	}
	if t, err := time.Parse(time.RFC3339, s); err == nil {
		i.t = t.UTC()
		return nil
	}
	t, err := time.Parse(time.DateOnly, s)
	if err != nil {
		return fault.Field("", "must be a time like 2026-01-02T15:04:05Z or a day like 2026-01-02")
	}
	i.t = t.AddDate(0, 0, 1).Add(-time.Microsecond)
	return nil
}

// Schema implements wire.Schemer.
func (instant) Schema() map[string]any {
	return map[string]any{"type": "string", "examples": []any{"2026-01-02T15:04:05Z", "2026-01-02"}}
}

type balanceOut struct {
	Item       int64     `json:"itemId"`
	ItemUUID   wire.UUID `json:"itemUuid"`
	Kind       string    `json:"kind"`
	Location   int64     `json:"locationId"`
	LocUUID    wire.UUID `json:"locationUuid"`
	OnHand     wire.Dec  `json:"onHand"`
	OnOrder    wire.Dec  `json:"onOrder"`
	InTransit  wire.Dec  `json:"inTransit"`
	Demand     wire.Dec  `json:"demand"`
	Allocated  wire.Dec  `json:"allocated"`
	Available  wire.Dec  `json:"available"`
	Projected  wire.Dec  `json:"projected"`
	Value      wire.Dec  `json:"value"`
	UnitCost   wire.Dec  `json:"unitCost"`
	InTransitV wire.Dec  `json:"inTransitValue"`
}

func balanceOf(b stock.Balance) balanceOut {
	return balanceOut{Item: b.Item, ItemUUID: wire.UUID{Kind: wire.KindItem, ID: b.Item}, Kind: b.Kind,
		Location: b.Location, LocUUID: wire.UUID{Kind: wire.KindLocation, ID: b.Location},
		OnHand: wire.Dec(b.OnHand), OnOrder: wire.Dec(b.OnOrder), InTransit: wire.Dec(b.InTransit), Demand: wire.Dec(b.Demand),
		Allocated: wire.Dec(b.Allocated), Available: wire.Dec(b.Available()), Projected: wire.Dec(b.Projected()),
		Value: wire.Dec(b.Value), UnitCost: wire.Dec(b.UnitCost()), InTransitV: wire.Dec(b.TransitValue)}
}

type balancesIn struct {
	Item     anyID   `query:"itemId"`
	Location anyID   `query:"locationId"`
	AsOf     instant `query:"asOf" doc:"Effective date: what had happened by then."`
	Recorded instant `query:"recordedAt" doc:"What the books knew at that time."`
}

func (in balancesIn) ids() (item, location int64, err error) {
	if item, err = in.Item.of(wire.KindItem, "item"); err != nil {
		return 0, 0, err
	}
	location, err = in.Location.of(wire.KindLocation, "location")
	return item, location, err
}

type dataOut struct {
	Data []balanceOut `json:"data"`
}

// maxAsOf bounds how many balances are refolded from the ledger in one call.
const maxAsOf = 1000

func balances(c *web.Call, in balancesIn) (any, error) {
	item, location, err := in.ids()
	if err != nil {
		return nil, err
	}
	var f stock.Filter
	if item != 0 {
		f.Items = []int64{item}
	}
	if location != 0 {
		f.Locations = []int64{location}
	}
	if in.AsOf.t.IsZero() && in.Recorded.t.IsZero() {
		return web.Stream{Write: func(w io.Writer) error { return streamBalances(c, f, w) }}, nil
	}
	list, err := stock.Balances(c.Tx, f)
	if err != nil {
		return nil, err
	}
	if len(list) > maxAsOf {
		return nil, fault.Field("itemId", "is needed with asOf or recordedAt: more than %d balances would have to be refolded", maxAsOf)
	}
	out := dataOut{Data: []balanceOut{}}
	for _, b := range list {
		past, err := stock.AsOf(c.Tx, b.Item, b.Location, in.AsOf.t, in.Recorded.t)
		if err != nil {
			return nil, err
		}
		past.Kind = b.Kind // the item's, whatever the ledger knew then
		out.Data = append(out.Data, balanceOf(past))
	}
	return out, nil
}

func streamBalances(c *web.Call, f stock.Filter, w io.Writer) error {
	lead := `{"data":[`
	err := stock.EachBalance(c.Tx, f, func(b stock.Balance) error {
		j, err := wire.JSON(balanceOf(b))
		if err != nil {
			return err
		}
		_, err = w.Write(append([]byte(lead), j...))
		lead = ","
		return err
	})
	if err != nil {
		return err
	}
	end := "]}"
	if lead != "," {
		end = lead + end
	}
	_, err = io.WriteString(w, end)
	return err
}

type documentOut struct {
	Type string `json:"type"`
	ID   int64  `json:"id"`
	Line int64  `json:"line,omitempty"`
}

type partOut struct {
	ID        int64       `json:"id"`
	Code      string      `json:"code"`
	Event     string      `json:"event"`
	Quantity  wire.Dec    `json:"quantity"`
	Settles   wire.Dec    `json:"settles"`
	Value     wire.Dec    `json:"value"`
	OnHand    wire.Dec    `json:"onHand" doc:"What the entry adds to each column of the balance."`
	OnOrder   wire.Dec    `json:"onOrder"`
	InTransit wire.Dec    `json:"inTransit"`
	Demand    wire.Dec    `json:"demand"`
	Allocated wire.Dec    `json:"allocated"`
	OnHandVal wire.Dec    `json:"onHandValue"`
	Reverses  wire.IntN   `json:"reverses"`
	Ref       wire.TextN  `json:"ref"`
	Lot       wire.TextN  `json:"lot"`
	Notes     wire.TextN  `json:"notes"`
	Document  documentOut `json:"document"`
	User      wire.IntN   `json:"userId"`
	EventDate wire.ISO    `json:"eventDate"`
	Recorded  wire.ISO    `json:"recordedAt"`
}

type explainIn struct {
	balancesIn
}

type explainOut struct {
	Balance balanceOut `json:"balance"`
	Entries []partOut  `json:"entries"`
}

func explain(c *web.Call, in explainIn) (explainOut, error) {
	item, location, err := in.ids()
	if err != nil {
		return explainOut{}, err
	}
	var flaws []fault.Flaw
	if item == 0 {
		flaws = append(flaws, fault.Flaw{Field: "itemId", Msg: "is required"})
	}
	if location == 0 {
		flaws = append(flaws, fault.Flaw{Field: "locationId", Msg: "is required"})
	}
	if flaws != nil {
		return explainOut{}, fault.Flaws(flaws)
	}
	if items, err := catalog.GetItems(c.Tx, []int64{item}); err != nil || len(items) == 0 {
		return explainOut{}, cmp.Or(err, error(fault.Missing("item")))
	}
	if _, err := org.GetLocation(c.Tx, location); err != nil {
		return explainOut{}, err
	}
	out := explainOut{Entries: []partOut{}}
	b, err := stock.Explain(c.Tx, item, location, in.AsOf.t, in.Recorded.t, func(p stock.Part) error {
		out.Entries = append(out.Entries, partOut{ID: p.ID, Code: p.Code, Event: string(p.Event), Quantity: wire.Dec(p.Quantity), Settles: wire.Dec(p.Settles),
			Value: wire.Dec(p.Value), OnHand: wire.Dec(p.Adds.OnHand), OnOrder: wire.Dec(p.Adds.OnOrder), InTransit: wire.Dec(p.Adds.InTransit),
			Demand: wire.Dec(p.Adds.Demand), Allocated: wire.Dec(p.Adds.Allocated), OnHandVal: wire.Dec(p.Adds.Value), Reverses: wire.IntN(p.Reverses),
			Ref: wire.TextN(p.Ref), Lot: wire.TextN(p.Lot), Notes: wire.TextN(p.Notes), Document: documentOut{p.Doc.Type, p.Doc.ID, p.Line},
			User: wire.IntN(p.Actor), EventDate: wire.ISO(p.EventDate), Recorded: wire.ISO(p.RecordedAt)})
		return nil
	})
	out.Balance = balanceOf(b)
	return out, err
}
