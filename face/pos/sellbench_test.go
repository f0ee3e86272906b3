package pos_test

import (
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"os"
	"slices"
	"strconv"
	"testing"
	"time"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/contract/stage"
	"storehouse/core/sale/saletest"
)

// BenchmarkSellList reads pages of 50 sells with lines and payments over
// HTTP; it should take 5 ms at the median. STOREHOUSE_BENCH_SELLS is how many
// sells there are, 1,000 unless told.
func BenchmarkSellList(b *testing.B) {
	n := 1000
	if s := os.Getenv("STOREHOUSE_BENCH_SELLS"); s != "" {
		var err error
		if n, err = strconv.Atoi(s); err != nil {
			b.Fatal(err)
		}
	}
	for engine, open := range map[string]func(testing.TB) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(engine, func(b *testing.B) {
			s := stage.New(b, open(b))
			saletest.Fill(b, s.DB, s.Acme.Org, s.Acme.Location, n)
			server := httptest.NewServer(s.Handler)
			defer server.Close()
			for _, query := range []string{"", "&order_by_date=desc", "&status=final", "&location_id=1", "&contact_id=1", "&payment_status=paid",
				"&start_date=2026-01-02&end_date=2026-01-02", "&user_id=1", "&service_staff_id=3", "&payment_status=due&order_by_date=desc", "&send_purchase_details=1"} {
				b.Run(fmt.Sprintf("%d%s", n, query), func(b *testing.B) { getSells(b, s, server.URL+"/connector/api/sell?per_page=50"+query) })
			}
		})
	}
}

func getSells(b *testing.B, s *stage.Stage, address string) {
	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, address, nil)
		if err != nil {
			b.Fatal(err)
		}
		r.Header = s.As["pos-owner"].Clone()
		w, err := http.DefaultClient.Do(r)
		if err != nil {
			b.Fatal(err)
		}
		size, err := io.Copy(io.Discard, w.Body)
		_ = w.Body.Close()
		if err != nil || w.StatusCode != http.StatusOK {
			b.Fatal(w.StatusCode, err)
		}
		took = append(took, time.Since(start))
		b.SetBytes(size)
	}
	slices.Sort(took)
	b.ReportMetric(float64(took[len(took)/2].Microseconds())/1000, "p50-ms")
	b.ReportMetric(float64(took[len(took)*99/100].Microseconds())/1000, "p99-ms")
}
