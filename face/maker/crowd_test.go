package maker_test

import (
	"fmt"
	"math/rand/v2"
	"net/http"
	"strings"
	"sync"
	"testing"

	"storehouse/base/db"
	"storehouse/contract/stage"
	"storehouse/core/report"
	"storehouse/core/stock"
	"storehouse/face/wire"
)

// papers are the four kinds of orders: how one is made, into which states it is
// sent, and how a receipt names its item ("" for none). {state}, {place},
// {good}, {part} and {n} are drawn.
var papers = []struct{ path, key, body, states, receipt string }{
	{"/api/purchase-orders", "purchaseOrder", `{"vendorId":"{vendor}","targetType":"materials","status":"{state}","shipToLocationId":"{place}","shippingCosts":3.33,
		"items":[{"materialId":"{part}","quantity":{n},"unitCost":1.7}]}`, "Planning,Placed,In Transit,Received,Paid,Cancelled", "purchaseOrderItemId"},
	{"/api/sales-orders", "salesOrder", `{"customerId":"{customer}","channelId":"{channel}","mabd":"2026-03-01","status":"{state}","fulfillmentStatus":"Pending",
		"fulfillmentLocationId":"{place}","items":[{"skuId":"{good}","quantity":{n},"unitPrice":9}]}`, "Received,Entered,Shipped,Invoiced,Completed,Rejected,In-Dispute", ""},
	{"/api/work-orders", "workOrder", `{"status":"{state}","workSiteLocationId":"{place}","items":[{"skuId":"{good}","quantity":{n},"conversionCost":0.41}]}`,
		"Draft,Entered,Production,Received,Completed,Cancelled", "workOrderItemId"},
	{"/api/production-orders", "productionOrder", `{"status":"{state}","locationId":"{place}","items":[{"skuId":"{good}","quantity":{n},"productionCost":0.41}]}`,
		"Draft,Entered,Production,Received,Completed,Cancelled", "productionOrderItemId"},
}

// order is one that the crowd works on.
type order struct {
	paper    int
	id, item string
}

// crowd is many clients of one organization who work on the same orders.
type crowd struct {
	*testing.T
	s     *stage.Stage
	spell []string // of what was made before
	parts []string
	goods []string
	sites []string

	mu     sync.Mutex
	orders []order
	good   int
}

// TestACrowdLeavesNothingOpen has many clients make, move, change, receive,
// undo and delete the same few orders at once. What they are told is theirs to
// take: no request is an error of ours. When every order has been deleted again,
// nothing is promised any more, and the books balance.
func TestACrowdLeavesNothingOpen(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		c := &crowd{T: t, s: s}
		c.open()
		together(racers, func(n int) {
			r := rand.New(rand.NewPCG(uint64(n), 20260102))
			for range 50 {
				c.act(r)
			}
		})
		t.Logf("%d of %d requests were carried out, %d orders were made", c.good, racers*50, len(c.orders))
		if c.good < racers*50/3 {
			t.Errorf("only %d requests were carried out", c.good)
		}
		c.fill(100_000) // or what was made of received goods could not be taken back
		for _, o := range c.orders {
			if status, out := call(t, s, "DELETE", papers[o.paper].path+"/"+o.id, ""); status != http.StatusOK && status != http.StatusNotFound {
				t.Errorf("DELETE %s: %d %v", papers[o.paper].path, status, out)
			}
		}
		s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
			list, err := stock.Balances(tx, stock.Filter{})
			for _, b := range list {
				if b.OnOrder != 0 || b.Demand != 0 || b.Allocated != 0 {
					t.Errorf("no order is left, and of item %d at %d are %s on order, %s in demand, %s allocated", b.Item, b.Location, b.OnOrder, b.Demand, b.Allocated)
				}
			}
			return err
		})
		s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
			audit, err := report.Audit(tx)
			if len(audit.Differences) > 0 {
				t.Error(audit.Differences)
			}
			return err
		})
	})
}

// open makes what orders need, and some stock of it.
func (c *crowd) open() {
	c.spell = []string{"{vendor}", made(c.T, c.s, "/api/vendors", `{"name":"Maltings"}`), "{channel}", made(c.T, c.s, "/api/order-channels", `{"name":"Mail"}`),
		"{customer}", made(c.T, c.s, "/api/customers", `{"name":"Pub","typeId":"`+made(c.T, c.s, "/api/customer-types", `{"name":"Trade"}`)+`"}`)}
	malts, ales := made(c.T, c.s, "/api/material-types", `{"name":"Malts"}`), made(c.T, c.s, "/api/sku-types", `{"name":"Ales"}`)
	c.sites = []string{wire.UUID{Kind: wire.KindLocation, ID: c.s.Acme.Location}.String(), made(c.T, c.s, "/api/locations", `{"name":"Cellar"}`)}
	for i := range 3 {
		c.parts = append(c.parts, made(c.T, c.s, "/api/materials", fmt.Sprintf(`{"code":"M%d","name":"M","typeId":%q}`, i, malts)))
		c.goods = append(c.goods, made(c.T, c.s, "/api/skus", fmt.Sprintf(`{"code":"S%d","name":"S","typeId":%q}`, i, ales)))
	}
	for i := range c.goods {
		if status, out := call(c.T, c.s, "POST", "/api/boms", c.bill(i, "0.37")); status != http.StatusCreated {
			c.Fatalf("%d %v", status, out)
		}
	}
	c.fill(20)
}

// bill is a bill of materials of a good.
func (c *crowd) bill(i int, quantity string) string {
	return fmt.Sprintf(`{"outputSkuId":%q,"items":[{"materialId":%q,"quantity":%s},{"materialId":%q,"quantity":1}]}`, c.goods[i], c.parts[i], quantity, c.parts[(i+1)%len(c.parts)])
}

// fill adds to the stock of all things everywhere.
func (c *crowd) fill(quantity int) {
	for _, site := range c.sites {
		for i := range c.parts {
			made(c.T, c.s, "/api/inventory/materials/adjustments", fmt.Sprintf(`{"materialId":%q,"locationId":%q,"quantity":%d,"unitCost":1.13}`, c.parts[i], site, quantity))
			made(c.T, c.s, "/api/inventory/finished-goods/adjustments", fmt.Sprintf(`{"skuId":%q,"locationId":%q,"quantity":%d,"unitCost":2.9}`, c.goods[i], site, quantity))
		}
	}
}

// act sends one request that r draws.
func (c *crowd) act(r *rand.Rand) {
	pick := func(list []string) string { return list[r.IntN(len(list))] }
	c.mu.Lock()
	kind := r.IntN(10)
	var o order
	if n := len(c.orders); n > 0 && kind > 2 {
		o = c.orders[n-1-r.IntN(min(n, 5))] // the latest, so that they meet
	} else {
		kind, o.paper = min(kind, 2), r.IntN(len(papers))
	}
	c.mu.Unlock()
	p := papers[o.paper]
	words := func(body string) string {
		return strings.NewReplacer(append(c.spell[:len(c.spell):len(c.spell)], "{state}", pick(strings.Split(p.states, ",")), "{place}", pick(c.sites), "{good}", pick(c.goods),
			"{part}", pick(c.parts), "{n}", fmt.Sprint(1+r.IntN(6)))...).Replace(body)
	}
	switch kind {
	case 0:
		c.ask("PUT", "/api/boms/"+c.goods[0], c.bill(0, fmt.Sprintf("0.%d", 1+r.IntN(9))))
	case 1, 2:
		if out := c.ask("POST", p.path, words(p.body)); out[p.key] != nil {
			o.id = out[p.key].(map[string]any)["id"].(string)
			o.item = out["items"].([]any)[0].(map[string]any)["id"].(string)
			c.mu.Lock()
			c.orders = append(c.orders, o)
			c.mu.Unlock()
		}
	case 3, 4, 5:
		c.ask("PATCH", p.path+"/"+o.id, words(`{"status":"{state}"}`))
	case 6:
		c.ask("PATCH", strings.TrimSuffix(p.path, "s")+"-items/"+o.item, words(`{"quantity":{n}}`))
	case 7, 8:
		if p.receipt != "" {
			c.ask("POST", p.path+"/"+o.id+"/receipts", words(`{"items":[{"`+p.receipt+`":"`+o.item+`","quantity":{n}}]}`))
		}
	case 9:
		receipts, _ := c.ask("GET", p.path+"/"+o.id+"/receipts", "")["data"].([]any)
		if len(receipts) == 0 {
			if r.IntN(3) == 0 {
				c.ask("DELETE", p.path+"/"+o.id, "")
			}
			return
		}
		one, _ := receipts[r.IntN(len(receipts))].(map[string]any)
		if inner, ok := one["receipt"].(map[string]any); ok {
			one = inner
		}
		c.ask("DELETE", fmt.Sprintf("%s-receipts/%s", strings.TrimSuffix(p.path, "s"), one["id"]), "")
	}
}

// ask sends a request and returns its answer. It may be refused, but in the
// face's own words.
func (c *crowd) ask(method, path, body string) map[string]any {
	status, out := call(c.T, c.s, method, path, body)
	switch {
	case status < 300:
		c.mu.Lock()
		c.good++
		c.mu.Unlock()
	case status != 400 && status != 404 && status != 409:
		c.Errorf("%s %s %s: %d %v", method, path, body, status, out)
	}
	return out
}
