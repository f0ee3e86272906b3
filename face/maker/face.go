// Package maker answers the Pharus API, a maker's ERP, under /api. Reference:
// pharus-api.txt; paths and roles: testdata/operations.tsv; shapes it leaves
// collapsed: docs/maker.md.
package maker

import (
	"net/http"
	"slices"

	"storehouse/base/fault"
	"storehouse/core/org"
	"storehouse/face/web"
)

// Deps is what the face needs from the program.
type Deps struct {
	// Auth says who calls: a Firebase ID token with X-Org-Id, or a personal
	// token.
	Auth func(*web.Call) (org.Actor, error)
}

// New returns the face.
func New(d Deps) *web.Face {
	return &web.Face{
		Name: "maker", Title: "Storehouse maker API (Pharus)", Version: "1.0.0",
		About:     "Locations, items, orders, production and the stock ledger, as Pharus clients call them. Errors are `{\"error\":{\"code\",\"message\",\"details?\"}}`.",
		Routes:    slices.Concat(routes...),
		Auth:      d.Auth,
		Fault:     envelope,
		FaultBody: faultBody{},
		Prefixes:  []string{"/api"},
		MaxBody:   16 << 20, // a bulk import of 10,000 rows
		Security: map[string]any{
			"firebase": map[string]any{"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "A Firebase ID token, with the organization in X-Org-Id; or a personal token, which names its own."},
		},
	}
}

// routes is filled by each noun's file, in the order of the reference.
var routes [][]web.Route

type faultBody struct {
	Error struct {
		Code    string         `json:"code" enum:"not_found,in_use,invalid_transition,validation_failed,forbidden,unauthorized,conflict,internal_error"`
		Message string         `json:"message"`
		Details map[string]any `json:"details,omitempty"`
	} `json:"error"`
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

func envelope(f *fault.Error) web.Answer {
	var b faultBody
	b.Error.Code, b.Error.Message, b.Error.Details = codes[f.Kind].code, f.Msg, f.Details
	if len(f.Fields) > 0 {
		details := map[string]any{}
		for k, v := range f.Details {
			details[k] = v
		}
		for _, flaw := range f.Fields {
			if _, twice := details[flaw.Field]; !twice {
				details[flaw.Field] = flaw.Msg
			}
		}
		b.Error.Details = details
	}
	return web.Answer{Status: codes[f.Kind].status, Body: b}
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
	ID string `json:"deletedId"`
}
