package storehouse_test

import (
	"context"
	"fmt"
	"net/http/httptest"
	"strings"
	"sync/atomic"
	"testing"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/contract/stage"
	"storehouse/core/catalog"
	"storehouse/core/lookup"
	"storehouse/core/party"
	"storehouse/core/stock"
)

// BenchmarkSell makes durable three-line sells through the handler, without
// the network: what the program itself costs.
func BenchmarkSell(b *testing.B) {
	b.Run("sqlite", func(b *testing.B) { benchmarkSell(b, dbtest.SQLite(b)) })
	b.Run("postgres", func(b *testing.B) { benchmarkSell(b, dbtest.Postgres(b)) })
}

func benchmarkSell(b *testing.B, d *db.DB) {
	s := stage.New(b, d)
	var lines []string
	var contact int64
	s.Do(b, s.Acme.Org, func(tx *db.Tx) error {
		lines = nil
		kind, err := lookup.Ensure(tx, lookup.SKUType, "Goods")
		if err != nil {
			return err
		}
		p, err := party.EnsureDefault(tx)
		if err != nil {
			return err
		}
		contact = p.ID
		for i := range 3 {
			it, err := catalog.CreateItem(tx, catalog.SKU, catalog.Item{Type: kind.ID, Code: fmt.Sprintf("B%d", i), Name: "Thing", ItemsPerUnit: 1, IsActive: true})
			if err != nil {
				return err
			}
			if _, err := stock.Post(tx, stock.Policy{}, stock.Entry{Item: it.ID, Location: s.Acme.Location, Event: stock.Adjust, Quantity: dec.Int(1_000_000_000), Doc: stock.Doc{Type: "opening", ID: 1}}); err != nil {
				return err
			}
			lines = append(lines, fmt.Sprintf(`{"product_id":%d,"variation_id":%d,"quantity":1,"unit_price":"7.5"}`, it.Product, it.ID))
		}
		return nil
	})
	body := fmt.Sprintf(`{"sells":[{"location_id":%d,"contact_id":%d,"status":"final","products":[%s],"payments":[{"amount":"22.5","method":"cash"}]}]}`,
		s.Acme.Location, contact, strings.Join(lines, ","))
	ctx := context.Background()
	statements, commits := d.Counts()
	b.ReportAllocs()
	var n atomic.Int64
	b.SetParallelism(16) // 32 clients on two cores
	b.RunParallel(func(pb *testing.PB) {
		for pb.Next() {
			sellOnce(ctx, b, s, body)
			n.Add(1)
		}
	})
	st, co := d.Counts()
	b.ReportMetric(float64(st-statements)/float64(n.Load()), "statements/op")
	b.ReportMetric(float64(co-commits)/float64(n.Load()), "commits/op")
}

func sellOnce(ctx context.Context, b *testing.B, s *stage.Stage, body string) {
	r := httptest.NewRequestWithContext(ctx, "POST", "/connector/api/sell", strings.NewReader(body))
	r.Header.Set("Authorization", s.As["pos-owner"].Get("Authorization"))
	w := httptest.NewRecorder()
	s.Handler.ServeHTTP(w, r)
	if w.Code != 200 || !strings.Contains(w.Body.String(), `"payment_status":"paid"`) {
		b.Errorf("%d %s", w.Code, w.Body)
	}
}
