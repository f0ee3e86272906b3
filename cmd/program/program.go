// Package program wires the program, by hand and in one place: the faces over
// one database. The command and the end-to-end tests use the same wiring.
package program

import (
	"net/http"

	"storehouse/base/db"
	"storehouse/base/idtoken"
	"storehouse/base/secret"
	"storehouse/core/org"
	"storehouse/face/maker"
	"storehouse/face/native"
	"storehouse/face/pos"
	"storehouse/face/sync"
	"storehouse/face/web"
)

// Config is what the program is told from outside.
type Config struct {
	BaseURL string // the program's own address, for links in answers

	// Identity verifies a Firebase ID token; nil when Firebase is not
	// configured.
	Identity func(token string) (idtoken.Identity, error)

	Passwords *secret.Passwords // nil is the strong kind

	Observe web.Observer // is told of every answer; may be nil
}

// Program is the wired program.
type Program struct {
	DB      *db.DB
	Faces   []*web.Face
	Handler http.Handler

	Activity *org.Activity // who was active; the command writes it now and then
}

// New wires the faces over a database.
func New(d *db.DB, c Config) *Program {
	if c.Passwords == nil {
		c.Passwords = secret.NewPasswords(secret.Strong, 0)
	}
	activity := &org.Activity{}
	guard := web.NewGuard(activity)
	p := &Program{DB: d, Activity: activity, Faces: []*web.Face{
		maker.New(maker.Deps{Auth: makerAuth(c)}),
		pos.New(pos.Deps{BaseURL: c.BaseURL, Auth: web.BearerAuth(org.AuthAccess), Passwords: c.Passwords, Guard: guard}),
		sync.New(),
		native.New(native.Deps{Auth: makerAuth(c)}),
	}}
	for _, f := range p.Faces {
		if f.Auth != nil {
			f.Auth = guard.Auth(f.Auth)
		}
	}
	root := http.NewServeMux()
	docs := web.Docs(p.Faces...)
	root.Handle("/docs", docs)
	root.Handle("/docs/", docs)
	root.Handle("/openapi/", docs)
	root.Handle("/", web.Mux(d, c.Observe, p.Faces...))
	p.Handler = root
	return p
}
