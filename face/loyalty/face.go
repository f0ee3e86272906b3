// Package loyalty answers the WoowUp API (apiv2), a loyalty programme, under
// /apiv2/{app_id}. Reference: woowup-api.md; what its clients really send and
// read, and what was decided beside it: docs/loyalty.md.
package loyalty

import (
	"net/http"
	"strconv"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/base/secret"
	"storehouse/core/connect"
	"storehouse/core/org"
	"storehouse/face/web"

	"github.com/go-chi/chi/v5"
)

// Deps is what the face needs from the program.
type Deps struct {
	Hub       *connect.Hub // asks the outside check of registrations
	Passwords *secret.Passwords
	Guard     *web.Guard
}

type face struct{ Deps }

// New returns the face.
func New(d Deps) *web.Face {
	f := &face{d}
	return &web.Face{
		Name: "loyalty", Title: "Storehouse loyalty API (WoowUp apiv2)", Version: "2",
		About: "Members, points, purchases and coupons of a loyalty programme. Members are the organization's customers and the points are the tills'. " +
			"Fields may come as a form, as JSON or in the query; the credential is the pair of headers Username and Apikey.",
		Routes:    f.routes(),
		Auth:      f.authenticate,
		Fault:     envelope,
		FaultBody: refusal{},
		Soft:      true,
		Merge:     true,
		Prefixes:  []string{"/apiv2"},
		MaxBody:   2 << 20,
		Security: map[string]any{
			"username": map[string]any{"type": "apiKey", "in": "header", "name": "Username"},
			"apikey":   map[string]any{"type": "apiKey", "in": "header", "name": "Apikey"},
		},
	}
}

const at = "/apiv2/{app_id}/"

func (f *face) routes() []web.Route {
	return []web.Route{
		web.Read("GET "+at+"user_by_email", org.Viewer, byEmail, web.Title("Users", "Get a user by e-mail address")),
		web.Read("GET "+at+"user_by_uid", org.Viewer, byUID, web.Title("Users", "Get a user by uid")),
		web.Read("GET "+at+"is_user", org.Viewer, isUser, web.Title("Users", "Ask whether a user exists")),
		web.Read("GET "+at+"top_users_by_points", org.Viewer, topUsers, web.Title("Users", "List the users with the most points")),
		web.Write("POST "+at+"initialize_user", org.Member, f.initialize, web.Title("Registration", "Initialize a user"),
			web.Doc("The user may earn points; the registration is pending. A person who is known by the e-mail address gets one more uid.")),
		web.Plain("POST "+at+"register_user_classic", org.Member, f.register, web.Title("Registration", "Register a user"),
			web.Doc("An outside check may be asked first. Other fields than those below are passed on to it.")),
		web.Write("POST "+at+"add_points_by_uid", org.Member, addPoints, web.Title("Points", "Give or take points")),
		web.Write("POST "+at+"add_sale_points_by_uid", org.Member, addSale, web.Title("Points", "Register a purchase and give its points"),
			web.Doc("The same nrofactura again is the same purchase: it gets the first answer.")),
		web.Write("POST "+at+"cancel_invoice", org.Member, cancelInvoice, web.Title("Points", "Cancel a purchase and take back its points")),
		web.Read("GET "+at+"transactions", org.Viewer, transactions, web.Title("Transactions", "List a user's transactions")),
		web.Read("GET "+at+"contest_sale_points", org.Viewer, salePoints, web.Title("Transactions", "Get the points that a sale gives"),
			web.Doc("How many points one unit of money gives: the rate by which shops work out what they report.")),
		web.Read("GET "+at+"connectedservices", org.Viewer, connected, web.Title("Transactions", "Get the connected services")),
		web.Write("POST "+at+"coupon_status", org.Member, couponStatus, web.Title("Coupons", "Report that a coupon was used")),
		web.Write("POST "+at+"save_product", org.Member, saveProduct, web.Title("Products and categories", "Create or update a product")),
		web.Write("POST "+at+"save_category_tree", org.Member, saveCategories, web.Title("Products and categories", "Update the category tree")),
		web.Write("POST "+at+"send_transactional_email", org.Member, sendMail, web.Title("Transactional e-mails", "Send an e-mail")),
	}
}

// authenticate checks the pair of headers against the programme in the path.
// Go looks header names up in any case.
func (f *face) authenticate(c *web.Call) (org.Actor, error) {
	param := chi.URLParam(c.R, "app_id")
	app, err := strconv.ParseInt(param, 10, 64)
	username, apikey := c.R.Header.Get("Username"), c.R.Header.Get("Apikey")
	if err != nil || app <= 0 || apikey == "" {
		return org.Actor{}, web.Unauthorized
	}
	if err := f.Guard.Guess(c, "loyalty "+param); err != nil {
		return org.Actor{}, err
	}
	actor, err := c.Authenticate(0, func(tx *db.Tx) (org.Actor, error) { return org.AuthProgram(tx, app, username, apikey) })
	if fault.Is(err, fault.Unauthorized) {
		f.Guard.Failed(c, "loyalty "+param)
	}
	return actor, err
}

// refusal is the only shape of an error.
type refusal struct {
	Status  bool   `json:"status"`
	Message string `json:"message"`
}

// statuses is the table from a fault to HTTP. Clients read the body alone;
// what is no fault of theirs, a person or invoice that is not there, is 200.
var statuses = map[fault.Kind]int{
	fault.Internal:      http.StatusInternalServerError,
	fault.Invalid:       http.StatusBadRequest,
	fault.Unauthorized:  http.StatusUnauthorized,
	fault.Forbidden:     http.StatusForbidden,
	fault.NotFound:      http.StatusOK,
	fault.Conflict:      http.StatusOK,
	fault.InUse:         http.StatusOK,
	fault.Transition:    http.StatusOK,
	fault.TooMany:       http.StatusTooManyRequests,
	fault.TooLarge:      http.StatusRequestEntityTooLarge,
	fault.Unprocessable: http.StatusUnprocessableEntity,
}

func envelope(f *fault.Error) web.Answer {
	a := web.Answer{Status: statuses[f.Kind], Body: refusal{Message: f.Msg}}
	switch {
	case f.Kind == fault.Unauthorized:
		a.Body = refusal{Message: "Invalid username or apikey"}
	case f.Kind == fault.NotFound && f.Details["route"] != nil:
		a.Status = http.StatusNotFound
	}
	return a
}

// answer wraps data: {"status":true,"data":…}.
type answer[T any] struct {
	Status bool `json:"status"`
	Data   T    `json:"data"`
}

func yes[T any](data T) answer[T] { return answer[T]{true, data} }

// said is an answer in words.
type said struct {
	Status  bool   `json:"status"`
	Message string `json:"message,omitempty"`
}

type transactionOut struct {
	ID string `json:"transaction_id"`
}

func transaction(id int64) answer[transactionOut] {
	return yes(transactionOut{strconv.FormatInt(id, 10)})
}
