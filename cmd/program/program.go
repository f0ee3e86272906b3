// Package program wires the program, by hand and in one place: the faces over
// one database. The command and the end-to-end tests use the same wiring.
package program

import (
	"context"
	"net/http"

	"storehouse/base/db"
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

	// Identity verifies a Firebase ID token and returns its subject and
	// e-mail address; nil when Firebase is not configured.
	Identity func(ctx context.Context, token string) (subject, email string, err error)

	Observe web.Observer // is told of every answer; may be nil
}

// Program is the wired program.
type Program struct {
	DB      *db.DB
	Faces   []*web.Face
	Handler http.Handler
}

// New wires the faces over a database.
func New(d *db.DB, c Config) *Program {
	p := &Program{DB: d, Faces: []*web.Face{
		maker.New(maker.Deps{Auth: makerAuth(c)}),
		pos.New(pos.Deps{BaseURL: c.BaseURL, Auth: web.BearerAuth(org.AuthAccess)}),
		sync.New(),
		native.New(native.Deps{Auth: makerAuth(c)}),
	}}
	root := http.NewServeMux()
	docs := web.Docs(p.Faces...)
	root.Handle("/docs", docs)
	root.Handle("/docs/", docs)
	root.Handle("/openapi/", docs)
	root.Handle("/", web.Mux(d, c.Observe, p.Faces...))
	p.Handler = root
	return p
}
