package program

import (
	"strings"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// makerAuth says who calls the maker face: a personal token, which names its
// organization, or a Firebase ID token with the organization in X-Org-Id. A
// signed-in user without an organization has the role None there.
func makerAuth(c Config) func(*web.Call) (org.Actor, error) {
	personal := web.BearerAuth(org.AuthToken)
	return func(call *web.Call) (org.Actor, error) {
		token := web.Bearer(call.R)
		asked, known := askedOrg(call)
		if strings.HasPrefix(token, org.TokenPrefix+"_") {
			actor, err := personal(call)
			if err == nil && (!known || asked != 0 && asked != actor.Org) {
				// Another organization looks as one that the user is not in.
				return org.Actor{}, errStranger
			}
			return actor, err
		}
		if c.Identity == nil || token == "" {
			return org.Actor{}, web.Unauthorized
		}
		id, err := c.Identity(token)
		if err != nil {
			return org.Actor{}, web.Unauthorized
		}
		actor, err := call.Authenticate(asked, func(tx *db.Tx) (org.Actor, error) { return org.AuthSubject(tx, id.Subject, id.Email, id.EmailVerified) })
		if err == nil && actor.Role == org.None {
			// Operations for whoever is signed in go on; they belong to no
			// organization. All others are refused for the role.
			actor.Org = 0
		}
		return actor, err
	}
}

var errStranger = fault.New(fault.Forbidden, "you are not a member of this organization")

// askedOrg reads X-Org-Id; 0 where there is none. It reports false for what
// cannot be an organization of ours.
func askedOrg(call *web.Call) (int64, bool) {
	s := call.R.Header.Get("X-Org-Id")
	if s == "" {
		return 0, true
	}
	u, err := wire.ParseUUID(s)
	if err != nil || u.Kind != wire.KindOrg || u.ID == 0 {
		return 0, false
	}
	return u.ID, true
}
