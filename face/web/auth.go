package web

import (
	"net/http"
	"strings"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/org"
)

// Bearer returns the token of an "Authorization: Bearer …" header, "" where
// there is none.
func Bearer(r *http.Request) string {
	kind, token, ok := strings.Cut(r.Header.Get("Authorization"), " ")
	if !ok || !strings.EqualFold(kind, "bearer") {
		return ""
	}
	return strings.TrimSpace(token)
}

// Unauthorized is the fault of a missing or bad credential; it never says
// which of the two.
var Unauthorized = fault.New(fault.Unauthorized, "a valid credential is required")

// Authenticate runs one of core/org's Auth functions on the organization that
// a credential names.
func (c *Call) Authenticate(orgID int64, fn func(*db.Tx) (org.Actor, error)) (actor org.Actor, err error) {
	err = c.DB.View(c.R.Context(), orgID, func(tx *db.Tx) error {
		actor, err = fn(tx)
		return err
	})
	if fault.Is(err, fault.NotFound) {
		err = Unauthorized
	}
	return actor, err
}

// BearerAuth authenticates an opaque bearer token that names its
// organization.
func BearerAuth(check func(*db.Tx, string) (org.Actor, error)) func(*Call) (org.Actor, error) {
	return func(c *Call) (org.Actor, error) {
		token := Bearer(c.R)
		id := org.TokenOrg(token)
		if id == 0 {
			return org.Actor{}, Unauthorized
		}
		return c.Authenticate(id, func(tx *db.Tx) (org.Actor, error) { return check(tx, token) })
	}
}
