package program_test

import (
	"context"
	"encoding/json"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/base/job"
	"storehouse/cmd/program"
	"storehouse/contract/stage"
	"storehouse/core/catalog"
	"storehouse/core/party"
)

// TestRecurringSellsAreMadeOnceByTwoServers has two servers of one database
// look for what a daily sell owes: when it is due, once more, and after a
// downtime of four periods, with a job for each of them.
func TestRecurringSellsAreMadeOnceByTwoServers(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		var now atomic.Int64
		now.Store(dbtest.Now.Unix())
		s.DB.Now = func() time.Time { return time.Unix(now.Load(), 0).UTC() }
		s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
			if _, err := party.EnsureDefault(tx); err != nil {
				return err
			}
			u, err := catalog.CreateUnit(tx, catalog.Unit{Name: "Pieces", ShortName: "pc"})
			if err != nil {
				return err
			}
			_, err = catalog.CreateProduct(tx, catalog.Product{Type: catalog.Single, Name: "Cleaning", Code: "CLEAN", Unit: u.ID,
				Variations: []catalog.Variation{{Items: []catalog.Variant{{Item: catalog.Item{SellPrice: dec.Int(40)}}}}}})
			return err
		})
		ask := func(method, path, body string) map[string]any {
			t.Helper()
			r := httptest.NewRequest(method, path, strings.NewReader(body))
			r.Header = s.As["pos-member"].Clone()
			r.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			s.Handler.ServeHTTP(w, r)
			var tree map[string]any
			if err := json.Unmarshal(w.Body.Bytes(), &tree); err != nil || w.Code != 200 {
				t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
			}
			return tree
		}
		servers := []*program.Program{s.Program, program.New(s.DB, program.Config{Passwords: stage.Passwords})}
		for _, p := range servers { // the schedules are planned
			if err := p.Start(); err != nil {
				t.Fatal(err)
			}
			p.Stop(context.Background())
		}
		ask("POST", "/connector/api/sell", `{"sells":[{"location_id":1,"transaction_date":"2026-01-02 03:00:00","is_recurring":1,"recur_interval":1,"recur_interval_type":"days",
			"products":[{"product_id":1,"quantity":1}],"payments":[{"amount":40}]}]}`)
		look := func(at time.Time, extra int) {
			t.Helper()
			now.Store(at.Unix())
			for range extra {
				s.Do(t, 0, func(tx *db.Tx) error { _, err := job.Add(tx, job.Job{Kind: "sale.recur"}); return err })
			}
			var wg sync.WaitGroup
			for _, p := range servers {
				wg.Go(func() {
					if _, err := p.Jobs.RunDue(context.Background()); err != nil {
						t.Error(err)
					}
				})
			}
			wg.Wait()
		}
		has := func(want ...string) {
			t.Helper()
			rows, _ := ask("GET", "/connector/api/sell?per_page=50", "")["data"].([]any)
			var got []string
			for i, r := range rows {
				sell, _ := r.(map[string]any)
				got = append(got, fmt.Sprint(sell["invoice_no"], " ", sell["transaction_date"], " ", sell["payment_status"], " ", sell["final_total"]))
				if parent := sell["recur_parent_id"]; i > 0 && parent != rows[0].(map[string]any)["id"] {
					t.Errorf("sell %d has the parent %v", i, parent)
				}
			}
			if fmt.Sprint(got) != fmt.Sprint(want) {
				t.Errorf("sells\n%q, want\n%q", got, want)
			}
		}
		day := func(d, minute int) time.Time { return time.Date(2026, 1, d, 3, minute, 0, 0, time.UTC) }
		first := "AS0001 2026-01-02 03:00:00 paid 40.0000"
		second := "AS0002 2026-01-03 03:00:00 due 40.0000"
		look(day(2, 50), 0)
		has(first)
		look(day(3, 6), 0)
		has(first, second)
		look(day(3, 6), 2)
		look(day(3, 12), 0)
		has(first, second)
		look(day(7, 6), 4)
		all := []string{first, second, "AS0003 2026-01-04 03:00:00 due 40.0000", "AS0004 2026-01-05 03:00:00 due 40.0000",
			"AS0005 2026-01-06 03:00:00 due 40.0000", "AS0006 2026-01-07 03:00:00 due 40.0000"}
		has(all...)
		look(day(7, 20), 2)
		has(all...)
		var failed []job.Job
		s.Do(t, 0, func(tx *db.Tx) (err error) { failed, err = job.List(tx, job.Filter{}); return err })
		for _, j := range failed {
			if j.Kind == "sale.recur" && j.State != job.Done {
				t.Errorf("job %d is %s", j.ID, j.State)
			}
		}
	})
}
