// Package shop answers the WooCommerce to Zoho connector's API: shops register
// and sign in, and their orders come in, in the connector's own form or as
// WooCommerce's native webhooks. Reference: woo-zoho-connector-api.md; what
// was decided beside it: docs/shop.md.
package shop

import (
	"net/http"
	"slices"
	"strings"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/base/secret"
	"storehouse/core/connect"
	"storehouse/core/org"
	"storehouse/face/web"
)

// Deps is what the face needs from the program.
type Deps struct {
	Hub       *connect.Hub
	Passwords *secret.Passwords
	Guard     *web.Guard
	// RegToken and ChangeToken are the program's own settings, beside each
	// organization's tokens: they are good for the first organization. Empty
	// ones are good for nothing.
	RegToken, ChangeToken string
}

type face struct{ Deps }

// New returns the face.
func New(d Deps) *web.Face {
	f := &face{d}
	return &web.Face{
		Name: "shop", Title: "Storehouse shop API (WooCommerce to Zoho connector)", Version: "1",
		About: "Orders of web shops, into the one order book and on to Zoho. Every field may come as JSON, as a form or as multipart.",
		Routes: []web.Route{
			web.Plain("POST /api/auth/login", org.Public, f.login, web.Title("General", "Authenticate")),
			web.Plain("POST /api/auth/register_user", org.Public, f.register, web.Title("General", "Register user in portal"), web.FaultAs(registerEnvelope, refusal{}),
				web.Doc("The credentials are tried at Zoho and kept encrypted.")),
			web.Plain("POST /api/order/created", org.Member, take(connect.Created), web.Title("General", "Sale order create"), web.Output[verdict], web.FaultAs(orderEnvelope, verdict{})),
			web.Plain("POST /api/order/updated", org.Member, take(connect.Updated), web.Title("General", "Sale order update"), web.Output[verdict], web.FaultAs(orderEnvelope, verdict{})),
			web.Plain("POST /api/changeStatusLead", org.Public, f.changeLead, web.Title("General", "Change status")),
			web.Plain("POST "+HookPath+"{key}", org.Public, f.webhook, web.Title("General", "Receive a WooCommerce webhook"), web.FaultAs(hookEnvelope, verdict{}),
				web.Doc("The address is the shop user's own. The body is signed in X-WC-Webhook-Signature with the user's secret; X-WC-Webhook-Topic is order.created, "+
					"order.updated, order.deleted or order.restored. The unsigned form webhook_id=… that WooCommerce sends first is answered 200.")),
		},
		Auth:      authenticate,
		Fault:     envelope,
		FaultBody: refusal{},
		Merge:     true,
		Prefixes:  []string{"/api/auth", "/api/order", "/api/changeStatusLead", "/api/webhook"},
		MaxBody:   8 << 20,
		Security:  map[string]any{"token": map[string]any{"type": "http", "scheme": "bearer", "bearerFormat": "JWT", "description": "Or the field token of the body."}},
	}
}

// HookPath is what comes before the key in a webhook's address.
const HookPath = "/api/webhook/woocommerce/"

// authenticate takes the token from the body, as the reference has it, or
// from the Authorization header.
func authenticate(c *web.Call) (org.Actor, error) {
	if err := c.Load(); err != nil { // what cannot be read holds no token
		return org.Actor{}, err
	}
	token := c.Param("token")
	if token == "" {
		token = web.Bearer(c.R)
	}
	if token == "" {
		return org.Actor{}, web.Unauthorized
	}
	return c.Authenticate(0, func(tx *db.Tx) (org.Actor, error) {
		a, _, err := org.AuthPortal(tx, token)
		return a, err
	})
}

// refusal is the error of all operations but the orders'.
type refusal struct {
	Status int64    `json:"Status"`
	Msg    string   `json:"Msg"`
	Missed []string `json:"missed_fields,omitempty"`
	// What is wrong with fields that are there, for the people who read it.
	Errors map[string]string `json:"errors,omitempty"`
}

// statuses is the table from a fault to HTTP: what is wrong with a request is
// 400, whatever it is.
var statuses = map[fault.Kind]int{
	fault.Internal:      http.StatusInternalServerError,
	fault.Invalid:       http.StatusBadRequest,
	fault.Unauthorized:  http.StatusBadRequest,
	fault.Forbidden:     http.StatusBadRequest,
	fault.NotFound:      http.StatusBadRequest,
	fault.Conflict:      http.StatusBadRequest,
	fault.InUse:         http.StatusBadRequest,
	fault.Transition:    http.StatusBadRequest,
	fault.TooMany:       http.StatusTooManyRequests,
	fault.TooLarge:      http.StatusRequestEntityTooLarge,
	fault.Unprocessable: http.StatusUnprocessableEntity,
}

// missedFields is the original's word for required fields that are not there.
const missedFields = "Missed require fields"

// serverError is the original's word for what is not the caller's fault.
const serverError = "Server error , contact support"

func envelope(f *fault.Error) web.Answer {
	a := web.Answer{Status: statuses[f.Kind], Body: refusal{Status: 1, Msg: f.Msg}}
	switch {
	case f.Msg == missedFields:
		var names []string
		for _, x := range f.Fields {
			names = append(names, x.Field)
		}
		a.Body = refusal{Status: 1, Msg: f.Msg, Missed: names}
	case f.Kind == fault.Internal:
		a.Body = refusal{Status: 1, Msg: serverError}
	case f.Kind == fault.NotFound && f.Details["route"] != nil:
		a.Status = http.StatusNotFound
	}
	return a
}

// registerEnvelope keeps to the original's six verdicts: a field that is wrong
// is as good as missing, and is named.
func registerEnvelope(f *fault.Error) web.Answer {
	if f.Kind != fault.Invalid || len(f.Fields) == 0 || f.Msg == missedFields {
		return envelope(f)
	}
	body := refusal{Status: 1, Msg: missedFields, Errors: map[string]string{}}
	for _, x := range f.Fields {
		body.Errors[x.Field] = x.Msg
		if name, _, _ := strings.Cut(x.Field, "."); !slices.Contains(body.Missed, name) {
			body.Missed = append(body.Missed, name)
		}
	}
	return web.Answer{Status: http.StatusBadRequest, Body: body}
}

// verdict is the answer of the orders' operations.
type verdict struct {
	Status bool   `json:"Status"`
	Msg    string `json:"Msg,omitempty"`
}

// orderEnvelope answers 200 to whatever is wrong with an order, as the
// original does; what may go better later is told apart by its status.
func orderEnvelope(f *fault.Error) web.Answer {
	a := web.Answer{Status: http.StatusOK, Body: verdict{Msg: f.Msg}}
	switch f.Kind {
	case fault.Internal:
		a.Status, a.Body = http.StatusInternalServerError, verdict{Msg: serverError}
	case fault.TooMany, fault.TooLarge, fault.Unprocessable:
		a.Status = statuses[f.Kind]
	}
	return a
}

// hookEnvelope speaks to WooCommerce, which reads the status alone and
// switches a webhook off that fails too often.
func hookEnvelope(f *fault.Error) web.Answer {
	a := web.Answer{Status: statuses[f.Kind], Body: verdict{Msg: f.Msg}}
	switch f.Kind {
	case fault.Unauthorized:
		a.Status = http.StatusUnauthorized
	case fault.Internal:
		a.Body = verdict{Msg: serverError}
	}
	return a
}
