package org

// Role is what a member may do in an organization. Each includes the ones
// before it.
type Role int

// The roles. None is a caller who is signed in but is no member; Public is
// asked of routes that need no credential at all.
const (
	Public Role = iota - 1
	None
	Viewer
	Member
	Admin
	Owner
)

var roleNames = map[Role]string{Viewer: "viewer", Member: "member", Admin: "admin", Owner: "owner"}

func (r Role) String() string { return roleNames[r] }

// ParseRole reads "owner", "admin", "member" or "viewer"; anything else is
// None.
func ParseRole(s string) Role {
	for r, n := range roleNames {
		if n == s {
			return r
		}
	}
	return None
}

// The two spellings in which the pos face can answer POST sell; a setting of
// the OAuth client.
const (
	Documented = "documented" // {"data":[…]}, as the reference prints
	Upstream   = "upstream"   // a bare array, as the vendor's server answers
)

// Actor is who makes a request, on whose behalf.
type Actor struct {
	Org        int64  // the organization; 0 when signed in but in none
	User       int64  // the user; 0 for keys that belong to no person
	Role       Role   // what the user may do in Org
	Name       string // for documents and logs
	Email      string
	Dialect    string   // Documented or Upstream, on the pos face
	Credential string   // which credential was used, for logs: "pat:12", "oauth:3"; never a secret
	Subject    string   // Firebase's uid, for a caller who has proved who they are but may have no user yet
	Verified   bool     // Email is known to be the user's: Firebase says so now, or who runs the store gave it
	Places     Places   // the locations at which the user works, on the pos face; "" is everywhere
	Contacts   Contacts // the contacts with whom the user deals, on the pos face; "" is all
	TimeZone   string   // the organization's, on the pos face
	Source     int64    // row of the face's own credential (portal user, feed key, program), where it has one
}
