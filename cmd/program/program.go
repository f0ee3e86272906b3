// Package program wires the program, by hand and in one place: the faces over
// one database. The command and the end-to-end tests use the same wiring.
package program

import (
	"context"
	"net/http"
	"sync/atomic"

	"storehouse/base/db"
	"storehouse/base/idtoken"
	"storehouse/base/job"
	"storehouse/base/secret"
	"storehouse/core/connect"
	"storehouse/core/doc"
	"storehouse/core/org"
	"storehouse/face/loyalty"
	"storehouse/face/maker"
	"storehouse/face/native"
	"storehouse/face/pos"
	"storehouse/face/shop"
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

	// Hub is the door to other people's systems; nil is one without
	// credentials and without mail.
	Hub *connect.Hub

	// Files keeps stored documents; nil is a program that keeps none.
	Files *doc.Store

	// RegToken and ChangeToken let shops register and change leads, beside each
	// organization's own tokens; see shop.Deps.
	RegToken, ChangeToken string
}

// Program is the wired program.
type Program struct {
	DB      *db.DB
	Faces   []*web.Face
	Handler http.Handler
	Hub     *connect.Hub

	Jobs *job.Runner // handlers are set; Start runs it

	activity *org.Activity
	draining atomic.Bool
	stop     context.CancelFunc
	flushed  chan struct{}
}

// New wires the faces over a database.
func New(d *db.DB, c Config) *Program {
	if c.Passwords == nil {
		c.Passwords = secret.NewPasswords(secret.Strong, 0)
	}
	if c.Hub == nil {
		c.Hub = &connect.Hub{DB: d, Zoho: &connect.Zoho{}}
	}
	activity := &org.Activity{}
	guard := web.NewGuard(activity)
	m := newMetrics(d)
	p := &Program{DB: d, Hub: c.Hub, Jobs: job.New(d), activity: activity}
	p.Jobs.OnDone = m.jobDone
	p.housekeeping()
	c.Hub.Handle(p.Jobs)
	p.remind(c)
	if c.Files != nil {
		c.Files.Handle(p.Jobs, d)
	}
	p.Faces = []*web.Face{
		maker.New(maker.Deps{Auth: makerAuth(c), Guard: guard, Files: c.Files, BaseURL: c.BaseURL}),
		pos.New(pos.Deps{BaseURL: c.BaseURL, Auth: web.BearerAuth(org.AuthAccess), Passwords: c.Passwords, Guard: guard}),
		shop.New(shop.Deps{Hub: c.Hub, Passwords: c.Passwords, Guard: guard, RegToken: c.RegToken, ChangeToken: c.ChangeToken}),
		sync.New(),
		loyalty.New(loyalty.Deps{Hub: c.Hub, Passwords: c.Passwords, Guard: guard}),
		native.New(native.Deps{Auth: makerAuth(c), Ready: p.ready, Metrics: m.registry}),
	}
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
	root.Handle("/", web.Mux(d, m.observe, p.Faces...))
	p.Handler = root
	return p
}

// WebhookPath is where a web shop with the given key delivers its own
// webhooks.
func WebhookPath(key string) string { return shop.HookPath + key }
