package maker_test

import (
	"encoding/json"
	"net/http/httptest"
	"slices"
	"strings"
	"testing"
	"time"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/contract/stage"
	"storehouse/face/wire"
)

// listed is how many rows each list of BenchmarkLists has.
const listed = 100_000

// BenchmarkLists asks for pages of every list that grows with the business,
// 100,000 rows in each: the first page, one far behind, and the main filters.
// It reports p50 and p99 in milliseconds.
func BenchmarkLists(b *testing.B) {
	for name, open := range map[string]func(testing.TB) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(name, func(b *testing.B) {
			s := stage.New(b, open(b))
			start := time.Now()
			urls := seedLists(b, s)
			b.Logf("seeded in %s", time.Since(start))
			for _, url := range urls {
				name := strings.ReplaceAll(url, "/", "·")
				b.Run(name, func(b *testing.B) { ask(b, s, url) })
				if strings.Contains(url, "=") && !strings.Contains(url, "?limit=50") {
					continue // a filter that finds few, or walks the same index
				}
				deep := far(b, s, url)
				b.Run(name+" far", func(b *testing.B) { ask(b, s, deep) })
			}
		})
	}
}

// ask times a request.
func ask(b *testing.B, s *stage.Stage, url string) {
	get(b, s, url) // statements are prepared
	var took []time.Duration
	for b.Loop() {
		start := time.Now()
		get(b, s, url)
		took = append(took, time.Since(start))
	}
	slices.Sort(took)
	ms := func(p int) float64 { return float64(took[(len(took)-1)*p/100].Microseconds()) / 1000 }
	b.ReportMetric(ms(50), "p50-ms")
	b.ReportMetric(ms(99), "p99-ms")
}

func get(tb testing.TB, s *stage.Stage, url string) []byte {
	tb.Helper()
	r := httptest.NewRequest("GET", url, nil)
	r.Header = s.As[""]
	w := httptest.NewRecorder()
	s.Handler.ServeHTTP(w, r)
	if w.Code != 200 {
		tb.Fatalf("%s: %d %s", url, w.Code, w.Body)
	}
	return w.Body.Bytes()
}

// far returns the request for a page some 50,000 rows behind, "" where there
// is none.
func far(b *testing.B, s *stage.Stage, url string) string {
	b.Helper()
	join := "?"
	if strings.Contains(url, "?") {
		join = "&"
	}
	at := url + join + "limit=500"
	next := ""
	for range 100 {
		var page struct {
			Next *string `json:"nextCursor"`
		}
		if err := json.Unmarshal(get(b, s, at+next), &page); err != nil {
			b.Fatal(err)
		}
		if page.Next == nil {
			return ""
		}
		next = "&cursor=" + *page.Next
	}
	return url + join + next[1:]
}

// seedLists makes one of each thing through the face, the others as copies of
// it, and returns what to ask for.
func seedLists(b *testing.B, s *stage.Stage) []string {
	b.Helper()
	one := func(path, body string) string {
		status, out := callB(b, s, path, body)
		if status != 201 {
			b.Fatalf("%s: %d %v", path, status, out)
		}
		if id, ok := out["id"].(string); ok {
			return id
		}
		for _, v := range out {
			if m, ok := v.(map[string]any); ok && m["id"] != nil {
				return m["id"].(string)
			}
		}
		return ""
	}
	here := wire.UUID{Kind: wire.KindLocation, ID: s.Acme.Location}.String()
	far := one("/api/locations", `{"name":"Far"}`)
	busy := wire.UUID{Kind: wire.KindItem, ID: 2_000_000 + 1}.String() // 100,000 entries of one SKU
	vendor := one("/api/vendors", `{"name":"Maltings"}`)
	malts, hops := one("/api/material-types", `{"name":"Malts"}`), one("/api/material-types", `{"name":"Hops"}`)
	ales, bocks := one("/api/sku-types", `{"name":"Ales"}`), one("/api/sku-types", `{"name":"Bocks"}`)
	malt := one("/api/materials", `{"code":"M","name":"Malt","typeId":"`+malts+`"}`)
	one("/api/materials", `{"code":"H","name":"zz hop","typeId":"`+hops+`"}`)
	ale := one("/api/skus", `{"code":"S","name":"Ale","typeId":"`+ales+`"}`)
	one("/api/skus", `{"code":"T","name":"zz bock","typeId":"`+bocks+`"}`)
	one("/api/boms", `{"outputSkuId":"`+ale+`","items":[{"materialId":"`+malt+`","quantity":1}]}`)
	retail, export := one("/api/customer-types", `{"name":"Retail"}`), one("/api/customer-types", `{"name":"Export"}`)
	segment, broker := one("/api/customer-segments", `{"name":"North"}`), one("/api/brokers", `{"name":"Bo"}`)
	customer := one("/api/customers", `{"name":"Corner","typeId":"`+retail+`"}`)
	one("/api/customers", `{"name":"zz Overseas","typeId":"`+export+`","segmentId":"`+segment+`","brokerId":"`+broker+`","parentCustomerId":"`+customer+`"}`)
	person := one("/api/contacts", `{"firstName":"Ann"}`)
	one("/api/contacts/"+person+"/links", `{"entityType":"vendor","entityId":"`+vendor+`"}`)
	channel := one("/api/order-channels", `{"name":"Mail"}`)
	order := one("/api/sales-orders", `{"customerId":"`+customer+`","channelId":"`+channel+`","status":"Received","fulfillmentStatus":"Pending","mabd":"2026-03-01","items":[]}`)
	one("/api/sales-orders/"+order+"/notes", `{"body":"note"}`)
	one("/api/purchase-orders", `{"vendorId":"`+vendor+`","targetType":"materials","status":"Planning","items":[{"materialId":"`+malt+`","quantity":1,"unitCost":1}]}`)
	one("/api/work-orders", `{"status":"Draft","workSiteLocationId":"`+here+`","items":[]}`)
	one("/api/production-orders", `{"status":"Draft","locationId":"`+here+`","items":[]}`)
	one("/api/inventory/materials/adjustments", `{"materialId":"`+malt+`","locationId":"`+here+`","quantity":5}`)
	one("/api/inventory/finished-goods/adjustments", `{"skuId":"`+ale+`","locationId":"`+here+`","quantity":5}`)
	one("/api/inventory/materials/adjustments", `{"materialId":"`+malt+`","locationId":"`+far+`","quantity":1}`)
	s.Do(b, s.Acme.Org, copies)
	return []string{
		"/api/vendors", "/api/vendors?isActive=false",
		"/api/materials", "/api/materials?active=false", "/api/materials?active=true", "/api/materials?type=" + hops, "/api/materials?type=" + malts, "/api/materials?q=zz", "/api/materials?q=7", "/api/materials?q=nowhere",
		"/api/skus", "/api/skus?active=false", "/api/skus?type=" + bocks, "/api/skus?q=zz", "/api/skus?q=nowhere", "/api/skus?itemsPerUnitMin=2", "/api/skus?ozPerItemMin=12",
		"/api/boms", "/api/boms?q=nowhere",
		"/api/customers", "/api/customers?active=false", "/api/customers?type=" + export, "/api/customers?segment=" + segment, "/api/customers?broker=" + broker,
		"/api/customers?parentCustomer=" + customer, "/api/customers?q=zz", "/api/customers?q=nowhere",
		"/api/contacts", "/api/contacts/by-entity?entityType=vendor&entityId=" + vendor,
		"/api/sales-orders", "/api/sales-orders/" + order + "/notes", "/api/purchase-orders", "/api/purchase-order-items", "/api/work-orders", "/api/production-orders",
		"/api/inventory/materials/summary?limit=50", "/api/inventory/materials/summary?limit=50&locationId=" + here, "/api/inventory/materials/summary?materialId=" + malt,
		"/api/inventory/finished-goods/summary?limit=50",
		"/api/inventory/materials/ledger", "/api/inventory/materials/ledger?materialId=" + malt, "/api/inventory/materials/ledger?locationId=" + far,
		"/api/inventory/materials/ledger?eventType=DISPOSE&locationId=" + here, "/api/inventory/materials/ledger?eventType=ADJUST&locationId=" + far,
		"/api/inventory/materials/ledger?eventType=ADJUST&dateTo=2020-01-01", "/api/inventory/materials/ledger?locationId=" + here + "&dateTo=2020-01-01",
		"/api/inventory/materials/ledger?materialId=" + malt + "&eventType=RECEIVE", "/api/inventory/materials/ledger?materialId=" + malt + "&dateFrom=2030-01-01", "/api/inventory/materials/ledger?locationId=" + here, "/api/inventory/materials/ledger?eventType=DISPOSE",
		"/api/inventory/materials/ledger?ref=nowhere", "/api/inventory/materials/ledger?dateFrom=2030-01-01", "/api/inventory/materials/ledger?dateTo=2020-01-01", "/api/inventory/finished-goods/ledger",
		"/api/inventory/finished-goods/ledger?skuId=" + busy, "/api/inventory/finished-goods/ledger?skuId=" + busy + "&eventType=DISPOSE", "/api/inventory/finished-goods/ledger?skuId=" + busy + "&locationId=" + far,
		"/api/inventory/finished-goods/ledger?skuId=" + busy + "&dateTo=2020-01-01",
		"/api/documents?entityType=sales_order&entityId=" + order,
	}
}
