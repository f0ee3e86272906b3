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
		asked, err := askedOrg(call)
		if err != nil {
			return org.Actor{}, err
		}
		if strings.HasPrefix(token, org.TokenPrefix+"_") {
			actor, err := personal(call)
			if err == nil && asked != 0 && asked != actor.Org {
				// Another organization looks as one that the user is not in.
				return org.Actor{}, fault.New(fault.Forbidden, "you are not a member of this organization")
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
		actor, err := call.Authenticate(asked, func(tx *db.Tx) (org.Actor, error) { return org.AuthSubject(tx, id.Subject, id.Email) })
		actor.Verified = id.EmailVerified
		if err == nil && asked != 0 && actor.Role == org.None {
			return actor, fault.New(fault.Forbidden, "you are not a member of this organization")
		}
		return actor, err
	}
}

// askedOrg reads X-Org-Id; 0 where there is none.
func askedOrg(call *web.Call) (int64, error) {
	s := call.R.Header.Get("X-Org-Id")
	if s == "" {
		return 0, nil
	}
	u, err := wire.ParseUUID(s)
	if err != nil || u.Kind != wire.KindOrg || u.ID == 0 {
		return 0, fault.New(fault.Forbidden, "you are not a member of this organization")
	}
	return u.ID, nil
}
