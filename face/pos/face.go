// Package pos answers the UltimatePOS connector API, a till and retail back
// office, under /connector/api and /oauth. Reference:
// ultimatepos-connector-api.txt; what its clients really send and read:
// docs/pos.md.
package pos

import (
	"net/http"
	"slices"
	"strings"

	"storehouse/base/fault"
	"storehouse/base/secret"
	"storehouse/core/org"
	"storehouse/face/web"
)

// Deps is what the face needs from the program.
type Deps struct {
	// BaseURL is the program's own address, for links in answers; where it is
	// empty the request's Host is taken.
	BaseURL string
	// Auth says who calls: the bearer of an OAuth access token.
	Auth func(*web.Call) (org.Actor, error)
	// Passwords checks them; Guard slows down who guesses them.
	Passwords *secret.Passwords
	Guard     *web.Guard
}

// New returns the face.
func New(d Deps) *web.Face {
	f := &face{d}
	var table []web.Route
	for _, r := range routes {
		table = slices.Concat(table, r(f))
	}
	return &web.Face{
		Name: "pos", Title: "Storehouse pos API (UltimatePOS connector)", Version: "2.2.0",
		About:     "Selling, catalogue, contacts, registers and more, as UltimatePOS connector clients call them.",
		Routes:    table,
		Auth:      d.Auth,
		Fault:     envelope,
		FaultBody: anyFault{},
		Merge:     true,
		Prefixes:  []string{"/connector", "/oauth"},
		Aliases:   map[string]string{"/public/connector": "/connector", "/public/oauth": "/oauth"},
		MaxBody:   12 << 20, // product pictures
		Security: map[string]any{"oauth": map[string]any{"type": "oauth2", "flows": map[string]any{
			"password":          map[string]any{"tokenUrl": "/oauth/token", "refreshUrl": "/oauth/token", "scopes": map[string]any{}},
			"clientCredentials": map[string]any{"tokenUrl": "/oauth/token", "scopes": map[string]any{}}}}},
	}
}

type face struct{ Deps }

// routes is filled by each noun's file.
var routes []func(*face) []web.Route

type message struct {
	Message string `json:"message"`
}

type errorBody struct {
	Error message `json:"error"`
}

type unprocessable struct {
	Message string              `json:"message"`
	Errors  map[string][]string `json:"errors"`
}

// anyFault documents what a fault may look like.
type anyFault = web.Either[errorBody, web.Either[message, unprocessable]]

// statuses is the table from a fault to HTTP (real-clients.md §1.3): Laravel
// answers what a controller throws with 400, a missing row with 404.
var statuses = map[fault.Kind]int{
	fault.Internal:      http.StatusInternalServerError,
	fault.Invalid:       http.StatusBadRequest,
	fault.Unauthorized:  http.StatusUnauthorized,
	fault.Forbidden:     http.StatusForbidden,
	fault.NotFound:      http.StatusNotFound,
	fault.Conflict:      http.StatusBadRequest,
	fault.InUse:         http.StatusBadRequest,
	fault.Transition:    http.StatusBadRequest,
	fault.TooMany:       http.StatusTooManyRequests,
	fault.TooLarge:      http.StatusRequestEntityTooLarge,
	fault.Unprocessable: http.StatusUnprocessableEntity,
}

// envelope spells faults as Laravel does: 401 and 403 have a message of their
// own, the rest {"error":{"message":…}}.
func envelope(f *fault.Error) web.Answer {
	a := web.Answer{Status: statuses[f.Kind], Body: errorBody{message{sentence(f)}}}
	switch f.Kind {
	case fault.Unauthorized:
		a.Body = message{"Unauthenticated."}
	case fault.Forbidden:
		a.Body = message{"Unauthorized action."}
	case fault.TooMany:
		a.Body = message{"Too Many Attempts."}
	case fault.NotFound:
		if f.Details["route"] != nil {
			path, _ := f.Details["route"].(string)
			a.Body = message{"The route " + strings.TrimPrefix(path, "/") + " could not be found."}
		}
	}
	return a
}

// sentence says what is wrong as Laravel's validator would: "The first name
// field is required."
func sentence(f *fault.Error) string {
	if len(f.Fields) == 0 {
		return f.Msg
	}
	text := flawText(f.Fields[0])
	if n := len(f.Fields) - 1; n == 1 {
		text += " (and 1 more error)"
	} else if n > 1 {
		text += " (and " + itoa(n) + " more errors)"
	}
	return text
}

func flawText(f fault.Flaw) string {
	if f.Field == "" {
		return f.Msg
	}
	name := strings.ReplaceAll(f.Field, "_", " ")
	if f.Msg == "is required" {
		return "The " + name + " field is required."
	}
	return "The " + name + " " + f.Msg + "."
}

// validation spells an Invalid fault as Laravel's 422, for the one operation
// that answers so (user-registration).
func validation(f *fault.Error) web.Reply {
	errs := map[string][]string{}
	for _, flaw := range f.Fields {
		errs[flaw.Field] = append(errs[flaw.Field], flawText(flaw))
	}
	return web.Reply{Status: http.StatusUnprocessableEntity, Body: unprocessable{sentence(f), errs}}
}

// data wraps an answer: {"data": …}.
type data[T any] struct {
	Data T `json:"data"`
}
