package loyalty_test

import (
	"net/http"
	"strconv"
	"testing"

	"storehouse/base/db"
	"storehouse/contract"
	"storehouse/contract/stage"
	"storehouse/core/loyalty"
	"storehouse/core/org"
	face "storehouse/face/loyalty"
)

// set gives both organizations a programme: "program" and "rival-program"
// send their credentials.
func set(t *testing.T, s *stage.Stage) {
	t.Helper()
	for _, series := range []string{"loyalty_program", "loyalty_purchase", "loyalty_coupon"} {
		s.Do(t, 0, func(tx *db.Tx) error { return tx.Reserve(series) })
	}
	for _, c := range []struct {
		org  int64
		name string
	}{{s.Acme.Org, "program"}, {s.Rival.Org, "rival-program"}} {
		s.Do(t, c.org, func(tx *db.Tx) error {
			p, key, err := org.CreateProgram(tx, "CONTEST", "", "")
			s.As[c.name] = http.Header{"Username": {p.Username}, "Apikey": {key}}
			s.Vars[c.name] = strconv.FormatInt(p.ID, 10)
			return err
		})
	}
	s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
		_, err := loyalty.Issue(tx, 1, loyalty.Coupon{Code: "TENOFF", Title: "Ten off"})
		return err
	})
	s.As[""] = s.As["program"]
	s.As["wrong"] = http.Header{"Username": {"1"}, "Apikey": {"not the key"}}
}

func TestExchanges(t *testing.T) {
	seen := stage.Replay(t, "testdata/*.txt", set)
	var routes []string
	for _, r := range face.New(face.Deps{}).Routes {
		routes = append(routes, r.Method+" "+r.Path)
	}
	contract.Covers(t, routes, seen)
}
