package pos_test

import (
	"context"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
	"testing"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/contract"
	"storehouse/contract/stage"
	"storehouse/core/lookup"
	"storehouse/core/org"
	"storehouse/core/party"
	"storehouse/core/staff"
	"storehouse/face/pos"
)

// Every file of testdata is played against a stage of its own, on both
// engines. Besides the stage's people (owner 1, admin 2, member 3, viewer 4;
// the rival's are 5 to 8) there is a clerk, user 9, who works only at the
// first location; acme has locations 1 and 3, the rival 2. The stranger is
// the rival's owner.
func TestExchanges(t *testing.T) {
	stage.Replay(t, "testdata/*.txt", cast)
}

// password is the clerk's.
const password = "correct horse 1"

// series are this face's ids, opened so that they start at 1.
var series = []string{"followup", "call_log", "visit", "attendance", "shift", "holiday", "floor", "dining_table", "expense"}

// cast completes the stage for this face, and for the file that is played.
func cast(t *testing.T, s *stage.Stage) {
	for _, n := range []string{"owner", "admin", "member", "viewer"} {
		s.As[n] = s.As["pos-"+n]
	}
	s.As[""], s.As["stranger"] = s.As["pos-owner"], s.As["rival-pos"]
	for _, n := range series {
		s.Do(t, 0, func(tx *db.Tx) error { return tx.Reserve(n) })
	}
	hash, err := stage.Passwords.Hash(context.Background(), password)
	if err != nil {
		t.Fatal(err)
	}
	s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
		if _, err := org.CreateLocation(tx, org.Location{Name: "Branch", Code: "BL0002", City: "Phoenix"}); err != nil {
			return err
		}
		u, err := org.CreateUser(tx, org.User{Email: "clerk@acme.example", DisplayName: "Clerk"}, hash)
		if err != nil {
			return err
		}
		p := org.Profile{Username: "clerk", FirstName: "Clerk", AllowLogin: true, IsServiceStaff: true, LocationIDs: strconv.FormatInt(s.Acme.Location, 10)}
		if _, err := org.AddMember(tx, u.ID, org.Member, p); err != nil {
			return err
		}
		c, _, err := org.CreateClient(tx, "till", org.Documented, 0)
		if err != nil {
			return err
		}
		g, err := org.Issue(tx, c, u.ID)
		s.As["clerk"] = http.Header{"Authorization": {"Bearer " + g.Access}}
		return err
	})
	seed(t, s) // first, so that its ids start at 1
	s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
		ten := dec.Int(10)
		e, err := lookup.Create(tx, lookup.Entry{Kind: lookup.ServiceType, Name: "Home Delivery", Amount: &ten, Calculation: "fixed",
			LocationGroups: map[int64]int64{1: 0, 3: 0}})
		s.Vars["service"] = strconv.FormatInt(e.ID, 10)
		return err
	})
	castLead(t, s)
	for _, h := range []staff.Holiday{{Name: "Independence Day", Start: "2026-08-15", End: "2026-09-15", Note: "test holiday"},
		{Name: "Branch day", Start: "2026-08-14", End: "2026-08-15", Location: 3}} {
		s.Do(t, s.Acme.Org, func(tx *db.Tx) error { _, err := staff.CreateHoliday(tx, h); return err })
	}
	for _, at := range []struct {
		name string
		org  int64
	}{{"walkin", s.Acme.Org}, {"foreign_contact", s.Rival.Org}} {
		s.Do(t, at.org, func(tx *db.Tx) error {
			p, err := party.EnsureDefault(tx)
			s.Vars[at.name] = strconv.FormatInt(p.ID, 10)
			return err
		})
	}
}

// castLead adds a lead with a source, a stage and somebody to look after it.
func castLead(t *testing.T, s *stage.Stage) {
	t.Helper()
	entries := map[lookup.Kind]int64{}
	for _, k := range []struct {
		kind lookup.Kind
		name string
	}{{lookup.LeadSource, "Facebook"}, {lookup.LifeStage, "Open Deal"}, {lookup.FollowupCategory, "Negotiation"}, {lookup.ExpenseCategory, "Office"}} {
		s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
			e, err := lookup.Create(tx, lookup.Entry{Kind: k.kind, Name: k.name, Description: k.name})
			entries[k.kind] = e.ID
			s.Vars[string(k.kind)] = strconv.FormatInt(e.ID, 10)
			return err
		})
	}
	s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
		e, err := lookup.Create(tx, lookup.Entry{Kind: lookup.ExpenseCategory, Name: "Paper", Parent: entries[lookup.ExpenseCategory]})
		s.Vars["expense_sub_category"] = strconv.FormatInt(e.ID, 10)
		return err
	})
	s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
		p, err := party.Create(tx, party.Party{IsLead: true, Prefix: "mr", FirstName: "Lead", LastName: "Three", BusinessName: "POS", Mobile: "9437638555",
			Source: entries[lookup.LeadSource], LifeStage: entries[lookup.LifeStage], AssignedTo: []int64{3}})
		s.Vars["lead"] = strconv.FormatInt(p.ID, 10)
		return err
	})
}

// TestEveryRouteIsShown checks that each operation stands in an exchange file.
func TestEveryRouteIsShown(t *testing.T) {
	var seen []string
	files, err := filepath.Glob("testdata/*.txt")
	more, err2 := filepath.Glob("testdata/*/*.txt")
	if err != nil || err2 != nil {
		t.Fatal(err, err2)
	}
	request := regexp.MustCompile(`(?m)^((?:GET|POST|PUT|PATCH|DELETE) /[^\s?]*)`)
	for _, name := range append(files, more...) {
		text, err := os.ReadFile(name)
		if err != nil {
			t.Fatal(err)
		}
		seen = append(seen, request.FindAllString(string(text), -1)...)
	}
	var routes []string
	for _, r := range pos.New(pos.Deps{}).Routes {
		if !r.Hidden && !strings.HasPrefix(r.Path, "/oauth/") { // oauth_test.go
			routes = append(routes, r.Method+" "+r.Path)
		}
	}
	contract.Covers(t, routes, seen)
}
