package program_test

import (
	"context"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"
	"time"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/job"
	"storehouse/contract/stage"
)

// TestKeptAnswersAreSwept sends writes with an Idempotency-Key, one of which
// makes an organization and so belongs to none, and one of which deletes its
// own: two days later no answer is kept any more, whoever asked.
func TestKeptAnswersAreSwept(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		var now atomic.Int64
		now.Store(dbtest.Now.Unix())
		s.DB.Now = func() time.Time { return time.Unix(now.Load(), 0).UTC() }
		ask := func(who, method, path, body string, want int) {
			t.Helper()
			r := httptest.NewRequest(method, path, strings.NewReader(body))
			r.Header = s.As[who].Clone()
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Idempotency-Key", method+path)
			w := httptest.NewRecorder()
			s.Handler.ServeHTTP(w, r)
			if w.Code != want {
				t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
			}
		}
		kept := func() map[int64]int64 {
			t.Helper()
			m := map[int64]int64{}
			s.Do(t, 0, func(tx *db.Tx) error {
				return tx.Each(func(r db.Row) error {
					var of, n int64
					err := r.Scan(&of, &n)
					m[of] = n
					return err
				}, `SELECT org_id, COUNT(*) FROM idempotency GROUP BY org_id`)
			})
			return m
		}
		ask("member", "POST", "/api/vendors", `{"name":"Maltings"}`, 201)
		ask("newcomer", "POST", "/api/organizations", `{"name":"Second","slug":"second"}`, 201)
		ask("rival", "DELETE", "/api/organizations/current", "", 200)
		if m := kept(); m[s.Acme.Org] != 1 || m[0] != 1 || len(m) != 2 {
			t.Errorf("kept answers by organization: %v, want one of acme and one of none", m)
		}
		now.Store(dbtest.Now.Add(47 * time.Hour).Unix())
		sweep(t, s)
		if m := kept(); len(m) != 2 {
			t.Errorf("after 47 hours: %v, want both", m)
		}
		now.Store(dbtest.Now.Add(49 * time.Hour).Unix())
		sweep(t, s)
		if m := kept(); len(m) != 0 {
			t.Errorf("after 49 hours: %v, want none", m)
		}
	})
}

// sweep has the program's runner do the job at once.
func sweep(t *testing.T, s *stage.Stage) {
	t.Helper()
	s.Do(t, 0, func(tx *db.Tx) error { _, err := job.Add(tx, job.Job{Kind: "sweep.credentials"}); return err })
	if _, err := s.Program.Jobs.RunDue(context.Background()); err != nil {
		t.Fatal(err)
	}
}
