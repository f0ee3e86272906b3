// Package native answers what none of the references has, under /v1: why a
// number is what it is, what it was, and whether the books are right. Errors
// are RFC 9457 problems.
package native

import (
	"context"
	"net/http"

	"storehouse/base/fault"
	"storehouse/core/org"
	"storehouse/face/web"
)

// Deps is what the face needs from the program.
type Deps struct {
	// Auth says who calls, as on the maker face.
	Auth func(*web.Call) (org.Actor, error)
	// Ready reports whether the program can take work.
	Ready func(context.Context) error
	// Metrics are what /metrics shows.
	Metrics Gatherer
}

// New returns the face.
func New(d Deps) *web.Face {
	table := opsRoutes(d)
	for _, r := range routes {
		table = append(table, r...)
	}
	return &web.Face{
		Name: "v1", Title: "Storehouse API", Version: "1",
		About:     "What the other APIs have no words for. Ids may be given as integers or as the maker API's UUIDs.",
		Routes:    table,
		Auth:      d.Auth,
		Fault:     envelope,
		FaultBody: problem{}, FaultType: "application/problem+json",
		Prefixes: []string{"/v1", "/healthz", "/readyz", "/metrics"},
		Security: map[string]any{"token": map[string]any{"type": "http", "scheme": "bearer"}},
	}
}

// routes is filled by each noun's file.
var routes [][]web.Route

// problem is an RFC 9457 problem.
type problem struct {
	Type   string         `json:"type"`
	Title  string         `json:"title"`
	Status int            `json:"status"`
	Detail string         `json:"detail"`
	Errors []flaw         `json:"errors,omitempty"`
	More   map[string]any `json:"more,omitempty"`
}

type flaw struct {
	Field   string `json:"field"`
	Message string `json:"message"`
}

var kinds = map[fault.Kind]struct {
	status int
	name   string
}{
	fault.Internal:      {http.StatusInternalServerError, "internal-error"},
	fault.Invalid:       {http.StatusBadRequest, "invalid"},
	fault.Unauthorized:  {http.StatusUnauthorized, "unauthorized"},
	fault.Forbidden:     {http.StatusForbidden, "forbidden"},
	fault.NotFound:      {http.StatusNotFound, "not-found"},
	fault.Conflict:      {http.StatusConflict, "conflict"},
	fault.InUse:         {http.StatusConflict, "in-use"},
	fault.Transition:    {http.StatusConflict, "invalid-transition"},
	fault.TooMany:       {http.StatusTooManyRequests, "too-many-requests"},
	fault.TooLarge:      {http.StatusRequestEntityTooLarge, "too-large"},
	fault.Unprocessable: {http.StatusUnprocessableEntity, "unprocessable"},
}

func envelope(f *fault.Error) web.Answer {
	k := kinds[f.Kind]
	p := problem{Type: "/docs/v1#" + k.name, Title: http.StatusText(k.status), Status: k.status, Detail: f.Msg, More: f.Details}
	for _, x := range f.Fields {
		p.Errors = append(p.Errors, flaw{x.Field, x.Msg})
	}
	return web.Answer{Status: k.status, Body: p, Header: http.Header{"Content-Type": {"application/problem+json"}}}
}
