// Package sync answers the SyncInventory API, a warehouse stock feed, at
// /admin/indexyii.php?r=api/SyncInventory. Reference: sync-inventory-api.txt;
// what was decided beside it: docs/sync.md.
package sync

import (
	"net/http"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/org"
	"storehouse/face/web"
)

// New returns the face.
func New() *web.Face {
	return &web.Face{
		Name: "sync", Title: "Storehouse sync API (SyncInventory)", Version: "1.0.0",
		About: "What is on hand of each SKU in each godown.",
		Routes: []web.Route{
			web.Read("GET /admin/indexyii.php", org.Viewer, inventory, web.Title("Inventory", "Synchronize inventory"), web.Output[[]sku],
				web.Doc("The route is named by r=api/SyncInventory. Filters may come quoted or repeated; a Godownid that is no number is taken for the SKU code.")),
		},
		Auth:      authenticate,
		Fault:     envelope,
		FaultBody: body{},
		Prefixes:  []string{"/admin"},
		MaxBody:   64 << 10,
		Security: map[string]any{
			"bearer": map[string]any{"type": "http", "scheme": "bearer"},
			"basic":  map[string]any{"type": "http", "scheme": "basic", "description": "User admin, the key as password."},
		},
	}
}

// authenticate takes the key as a bearer token or as the password of "admin".
func authenticate(c *web.Call) (org.Actor, error) {
	key := web.Bearer(c.R)
	if user, password, ok := c.R.BasicAuth(); ok && user == "admin" {
		key = password
	}
	id := org.TokenOrg(key)
	if id == 0 {
		return org.Actor{}, web.Unauthorized
	}
	return c.Authenticate(id, func(tx *db.Tx) (org.Actor, error) { return org.AuthFeed(tx, key) })
}

// body is the reference's error answer.
type body struct {
	Status  string `json:"status" enum:"error"`
	Message string `json:"message"`
}

var statuses = map[fault.Kind]int{
	fault.Internal:      http.StatusInternalServerError,
	fault.Invalid:       http.StatusBadRequest,
	fault.Unauthorized:  http.StatusUnauthorized,
	fault.Forbidden:     http.StatusForbidden,
	fault.NotFound:      http.StatusNotFound,
	fault.Conflict:      http.StatusConflict,
	fault.InUse:         http.StatusConflict,
	fault.Transition:    http.StatusConflict,
	fault.TooMany:       http.StatusTooManyRequests,
	fault.TooLarge:      http.StatusRequestEntityTooLarge,
	fault.Unprocessable: http.StatusUnprocessableEntity,
}

func envelope(f *fault.Error) web.Answer {
	b := body{"error", f.Msg}
	if f.Kind == fault.Unauthorized {
		b.Message = "Invalid API key."
	}
	return web.Answer{Status: statuses[f.Kind], Body: b}
}
