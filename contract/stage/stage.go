// Package stage builds the whole program on a test database for exchanges
// that are replayed against it: two organizations with members of every role
// and real credentials. "Acme" is the one under test; "rival" is the
// stranger whose ids must look as if they did not exist.
package stage

import (
	"context"
	"encoding/json"
	"net/http"
	"strconv"
	"strings"
	"testing"

	"storehouse/base/blob"
	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/idtoken"
	"storehouse/base/secret"
	"storehouse/cmd/program"
	"storehouse/contract"
	"storehouse/core/doc"
	"storehouse/core/org"
	"storehouse/face/wire"
)

// Passwords hashes cheaply: tests check many.
var Passwords = secret.NewPasswords(secret.Cheap, 4)

// Company is one organization of the stage.
type Company struct {
	Org, Location int64
	Users         map[string]int64 // by role
}

// Stage is the program with its two organizations.
type Stage struct {
	DB      *db.DB
	Program *program.Program
	Acme    Company
	Rival   Company

	contract.Server
}

// roles are the members of each organization, by the name of their role.
var roles = []org.Role{org.Owner, org.Admin, org.Member, org.Viewer}

// New builds a stage on a fresh database. In As, "owner", "admin", "member"
// and "viewer" send personal tokens of Acme, "rival" one of the rival's
// owner; with the prefix "pos-" OAuth access tokens. The default is Acme's
// owner on the maker face; a face's test sets As[""] to what it needs.
func New(tb testing.TB, d *db.DB) *Stage {
	tb.Helper()
	files, err := blob.Open(context.Background(), tb.TempDir())
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { files.Close() })
	s := &Stage{DB: d, Program: program.New(d, program.Config{BaseURL: "http://storehouse.test", Identity: identity, Files: &doc.Store{Bucket: files}, Passwords: Passwords})}
	s.Handler = s.Program.Handler
	s.As, s.Vars = map[string]http.Header{}, map[string]string{}
	s.warm(tb)
	s.Acme = s.company(tb, "acme")
	s.Rival = s.company(tb, "rival")
	for _, name := range []string{"ann", "bob", "newcomer"} {
		s.As[name] = http.Header{"Authorization": {"Bearer firebase-" + name}}
	}
	s.As[""] = s.As["owner"]
	s.Seen = contract.Answers(Documents(s.Program)...)
	return s
}

// Documents are the OpenAPI documents of a program's faces.
func Documents(p *program.Program) []contract.Document {
	var list []contract.Document
	for _, f := range p.Faces {
		list = append(list, contract.Document{Name: f.Name, Serves: f.Serves, JSON: func() ([]byte, error) { return json.Marshal(f.OpenAPI()) }, Requests: f.Name == "maker"})
	}
	return list
}

// identity stands for Firebase: "firebase-ann" is the sign-in of
// ann@people.example, whose address is verified unless the name begins with
// "new".
func identity(token string) (idtoken.Identity, error) {
	name, ok := strings.CutPrefix(token, "firebase-")
	if !ok {
		return idtoken.Identity{}, idtoken.ErrInvalid
	}
	return idtoken.Identity{Subject: "uid-" + name, Email: name + "@people.example", EmailVerified: !strings.HasPrefix(name, "new"), Name: name}, nil
}

// Do runs fn in a write transaction of an organization.
func (s *Stage) Do(tb testing.TB, orgID int64, fn func(*db.Tx) error) {
	tb.Helper()
	if err := s.DB.Update(context.Background(), orgID, fn); err != nil {
		tb.Fatal(err)
	}
}

// warm reserves a block of every series that the stage uses, so that ids
// start at 1: a transaction that has to reserve runs again and skips ids.
func (s *Stage) warm(tb testing.TB) {
	tb.Helper()
	for _, series := range []string{"organization", "user_account", "member", "location", "invitation", "oauth_client", "oauth_token", "api_token", "lookup", "party", "product",
		"product_variation", "item", "unit", "tax", "sale", "sale_line", "sale_note", "payment", "cash_register", "stock_entry", "money_entry", "points_entry", "job"} {
		s.Do(tb, 0, func(tx *db.Tx) error {
			return tx.Reserve(series)
		})
	}
}

func (s *Stage) company(tb testing.TB, slug string) Company {
	tb.Helper()
	c := Company{Users: map[string]int64{}}
	for _, r := range roles {
		s.Do(tb, 0, func(tx *db.Tx) error {
			u, err := org.CreateUser(tx, org.User{Email: r.String() + "@" + slug + ".example", DisplayName: r.String() + " of " + slug}, "")
			c.Users[r.String()] = u.ID
			return err
		})
	}
	var id int64
	s.Do(tb, 0, func(tx *db.Tx) error {
		o, _, err := org.Create(tx, org.Organization{Name: slug, Slug: slug}, c.Users["owner"])
		id = o.ID
		return err
	})
	c.Org = id
	s.Do(tb, id, func(tx *db.Tx) error {
		for _, r := range roles[1:] {
			if _, err := org.AddMember(tx, c.Users[r.String()], r, org.Profile{Username: slug + r.String(), FirstName: r.String(), AllowLogin: true}); err != nil {
				return err
			}
		}
		l, err := org.CreateLocation(tx, org.Location{Name: slug + " main", Code: "BL0001"})
		if err != nil {
			return err
		}
		c.Location = l.ID
		set, err := org.LoadSettings(tx)
		if err != nil {
			return err
		}
		set.DefaultLocation = l.ID
		return org.SaveSettings(tx, set)
	})
	s.credentials(tb, slug, c)
	return c
}

func (s *Stage) credentials(tb testing.TB, slug string, c Company) {
	tb.Helper()
	s.Do(tb, c.Org, func(tx *db.Tx) error {
		for _, dialect := range []string{org.Documented, org.Upstream} {
			client, _, err := org.CreateClient(tx, slug+" "+dialect, dialect, 0)
			if err != nil {
				return err
			}
			for _, r := range roles {
				g, err := org.Issue(tx, client, c.Users[r.String()])
				if err != nil {
					return err
				}
				name := "pos-" + r.String()
				if dialect == org.Upstream {
					name = "upstream-" + r.String()
				}
				s.say(slug, name, g.Access)
			}
		}
		for _, r := range roles {
			_, plain, err := org.CreateToken(tx, c.Users[r.String()], "stage", 0)
			if err != nil {
				return err
			}
			s.say(slug, r.String(), plain)
		}
		return nil
	})
	s.Vars[slug+"_org"] = wire.UUID{Kind: wire.KindOrg, ID: c.Org}.String()
	s.Vars[slug+"_location"] = wire.UUID{Kind: wire.KindLocation, ID: c.Location}.String()
	s.Vars[slug+"_location_id"] = strconv.FormatInt(c.Location, 10)
}

// say names a caller: the rival's are "rival" and "rival-pos" for its owner.
func (s *Stage) say(slug, name, token string) {
	if slug == "rival" {
		name = map[string]string{"owner": "rival", "pos-owner": "rival-pos"}[name]
		if name == "" {
			return
		}
	}
	s.As[name] = http.Header{"Authorization": {"Bearer " + token}}
}

// Each runs fn on both engines, each with a stage of its own.
func Each(t *testing.T, fn func(t *testing.T, s *Stage)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(t, New(t, d)) })
}

// Replay replays the exchange files of glob on both engines, each file
// against a fresh stage; set prepares it. It returns the requests seen.
func Replay(t *testing.T, glob string, set func(*testing.T, *Stage)) (seen []string) {
	t.Helper()
	engines := map[string]func(testing.TB) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres}
	for _, engine := range []string{"sqlite", "postgres"} {
		t.Run(engine, func(t *testing.T) {
			seen = append(seen, contract.Replay(t, glob, func(t *testing.T) contract.Server {
				s := New(t, engines[engine](t))
				if set != nil {
					set(t, s)
				}
				return s.Server
			})...)
		})
	}
	return seen
}
