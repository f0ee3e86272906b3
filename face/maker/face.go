// Package maker answers the Pharus API, a maker's ERP, under /api. Reference:
// pharus-api.txt; paths and roles: testdata/operations.tsv; shapes it leaves
// collapsed: docs/maker.md.
package maker

import (
	"net/http"
	"strings"

	"storehouse/base/fault"
	"storehouse/core/doc"
	"storehouse/core/org"
	"storehouse/core/stock"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// Deps is what the face needs from the program.
type Deps struct {
	// Auth says who calls: a Firebase ID token with X-Org-Id, or a personal
	// token.
	Auth func(*web.Call) (org.Actor, error)
	// Guard slows down who guesses tokens.
	Guard *web.Guard
	// Files keeps stored documents; nil is a program that keeps none.
	Files *doc.Store
	// BaseURL is the program's own address, for links in answers; where it is
	// empty the request's Host is taken.
	BaseURL string
}

// New returns the face.
func New(d Deps) *web.Face {
	f := &face{d}
	var table []web.Route
	for _, of := range routes {
		table = append(table, of(f)...)
	}
	return &web.Face{
		Name: "maker", Title: "Storehouse maker API (Pharus)", Version: "1.0.0",
		About:     "Locations, items, orders, production and the stock ledger, as Pharus clients call them. Errors are `{\"error\":{\"code\",\"message\",\"details?\"}}`.",
		Routes:    table,
		Auth:      d.Auth,
		Fault:     envelope,
		FaultBody: faultBody{},
		Prefixes:  []string{"/api", doc.LinkPath},
		MaxBody:   16 << 20, // a bulk import of 10,000 rows

		SealCursors: true,
		Security: map[string]any{
			"firebase": map[string]any{"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "A Firebase ID token, with the organization in X-Org-Id; or a personal token, which names its own."},
		},
		Headers: []web.Header{
			{Name: "X-Org-Id", Format: "uuid", Doc: "The organization; a personal token names its own."},
			{Name: "Idempotency-Key", MaxLength: 255, Writes: true, Doc: "The same key and request get the stored answer."},
		},
	}
}

// face is what the few handlers that need more than their transaction hang on.
type face struct{ Deps }

// routes is the route table, in the order of the reference: a function a noun.
var routes = []func(*face) []web.Route{
	locationRoutes, vendorRoutes, materialRoutes, skuRoutes, bomRoutes, contactRoutes, materialStoreRoutes, skuStoreRoutes, salesOrderRoutes, channelRoutes,
	purchaseRoutes, workRoutes, productionRoutes, documentRoutes, userRoutes, invitationRoutes, organizationRoutes, customerRoutes, lookupTables,
}

type faultBody struct {
	Error faultError `json:"error"`
}

type faultError struct {
	Code    string         `json:"code" enum:"not_found,in_use,invalid_transition,validation_failed,forbidden,unauthorized,conflict,internal_error"`
	Message string         `json:"message"`
	Details map[string]any `json:"details,omitempty"`
}

// codes is the table from a fault to the reference's stable codes (first
// page, "Errors") and DOMAIN §10's statuses.
var codes = map[fault.Kind]struct {
	status int
	code   string
}{
	fault.Internal:      {http.StatusInternalServerError, "internal_error"},
	fault.Invalid:       {http.StatusBadRequest, "validation_failed"},
	fault.Unauthorized:  {http.StatusUnauthorized, "unauthorized"},
	fault.Forbidden:     {http.StatusForbidden, "forbidden"},
	fault.NotFound:      {http.StatusNotFound, "not_found"},
	fault.Conflict:      {http.StatusConflict, "conflict"},
	fault.InUse:         {http.StatusConflict, "in_use"},
	fault.Transition:    {http.StatusConflict, "invalid_transition"},
	fault.TooMany:       {http.StatusTooManyRequests, "conflict"},
	fault.TooLarge:      {http.StatusRequestEntityTooLarge, "validation_failed"},
	fault.Unprocessable: {http.StatusUnprocessableEntity, "conflict"},
}

// envelope spells a fault.
func envelope(f *fault.Error) web.Answer {
	kind, body := spellFault(f)
	return web.Answer{Status: codes[kind].status, Body: faultBody{body}}
}

// spellFault spells a fault; its kind may change: an id in the body that
// names nothing is as missing as one in the path.
func spellFault(f *fault.Error) (fault.Kind, faultError) {
	kind := f.Kind
	if kind == fault.Invalid && len(f.Fields) > 0 {
		kind = fault.NotFound
		for _, flaw := range f.Fields {
			if flaw.Msg != "does not exist" {
				kind = fault.Invalid
			}
		}
	}
	e := faultError{Code: codes[kind].code, Message: f.Msg, Details: f.Details}
	if len(f.Fields) > 0 {
		e.Details = map[string]any{}
		for k, v := range f.Details {
			e.Details[k] = v
		}
		for _, flaw := range f.Fields {
			if field := spell(flaw.Field); e.Details[field] == nil {
				e.Details[field] = flaw.Msg
			}
		}
		if first := f.Fields[0]; strings.HasPrefix(f.Msg, first.Field+" ") {
			e.Message = spell(first.Field) + strings.TrimPrefix(f.Msg, first.Field)
		}
	}
	if short := stock.Shortages(f); short != nil {
		e.Details = map[string]any{"shortages": shortages(short)}
	}
	return kind, e
}

// shortage is an item that there is not enough of.
type shortage struct {
	ItemID     wire.UUID `json:"itemId"`
	LocationID wire.UUID `json:"locationId"`
	Available  wire.Dec  `json:"available"`
	Wanted     wire.Dec  `json:"wanted"`
}

func shortages(list []stock.Short) []shortage {
	out := make([]shortage, len(list))
	for i, s := range list {
		out[i] = shortage{wire.UUID{Kind: wire.KindItem, ID: s.Item}, wire.UUID{Kind: wire.KindLocation, ID: s.Location},
			wire.Dec(s.Available), wire.Dec(s.Wanted)}
	}
	return out
}

// words are the core's names of fields that this API calls otherwise.
var words = map[string]string{
	"products": "items", "lines": "items", "contact_id": "customerId", "variation_id": "skuId", "item_id": "skuId", "invoice_no": "soNumber",
	"customer_type_id": "typeId", "zip": "zipCode", "broker_fee": "brokerFeePercent", "type_id": "typeId",
}

// spell turns the path of a field of the core's, "products.0.unit_price",
// into this API's: "items.0.unitPrice".
func spell(path string) string {
	parts := strings.Split(path, ".")
	for i, p := range parts {
		if w := words[p]; w != "" {
			parts[i] = w
			continue
		}
		head, rest, _ := strings.Cut(p, "_")
		for rest != "" {
			var w string
			w, rest, _ = strings.Cut(rest, "_")
			if w != "" {
				head += strings.ToUpper(w[:1]) + w[1:]
			}
		}
		parts[i] = head
	}
	return strings.Join(parts, ".")
}

// list is a bounded list: {"data": […]}.
type list[T any] struct {
	Data []T `json:"data"`
}

// page is a page of an unbounded list: {"data": […], "nextCursor": …}.
type page[T any] struct {
	Data []T     `json:"data"`
	Next *string `json:"nextCursor"`
}

// Sealed implements web.Sealable.
func (p page[T]) Sealed(seal func(string) string) any {
	if p.Next != nil {
		next := seal(*p.Next)
		p.Next = &next
	}
	return p
}

// paging is the query of an unbounded list.
type paging struct {
	Cursor string `query:"cursor" doc:"Where the page begins: nextCursor of the page before."`
	Limit  int64  `query:"limit" minimum:"1" maximum:"500" doc:"Rows a page, 50 unless told."`
}

// limit is how many rows to read: one more than the page shows, to know
// whether there is another.
func (p paging) limit() int {
	if p.Limit == 0 {
		return 50
	}
	return int(p.Limit)
}

// paged cuts a list that was read with limit()+1 rows to a page.
func paged[T, R any](p paging, rows []R, out func(R) T, cursor func(R) string) page[T] {
	pg := page[T]{Data: []T{}}
	if n := p.limit(); len(rows) > n {
		rows = rows[:n]
		next := cursor(rows[n-1])
		pg.Next = &next
	}
	for _, r := range rows {
		pg.Data = append(pg.Data, out(r))
	}
	return pg
}

// deleted answers a hard delete.
type deleted struct {
	ID wire.UUID `json:"deletedId"`
}

func deletedOut(k wire.Kind, id int64) deleted { return deleted{wire.UUID{Kind: k, ID: id}} }
