package shop_test

import (
	"context"
	"encoding/json"
	"fmt"
	"math/rand/v2"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"storehouse/base/db"
	"storehouse/contract/stage"
	"storehouse/core/catalog"
	"storehouse/core/connect"
	"storehouse/core/party"
	"storehouse/core/report"
	"storehouse/core/sale"

	"storehouse/base/dec"
	"storehouse/core/stock"
)

// deliver posts one order in either of the two forms.
func deliver(s *stage.Stage, native bool, topic, body, secret string) string {
	r := httptest.NewRequest("POST", "/api/order/"+topic, strings.NewReader(`{"token":"`+s.Vars["acme_token"]+`","json":`+body+`}`))
	if native {
		r = httptest.NewRequest("POST", "/api/webhook/woocommerce/"+s.Vars["acme_hook"], strings.NewReader(body))
		r.Header.Set("X-WC-Webhook-Topic", "order."+topic)
		r.Header.Set("X-WC-Webhook-Signature", sign(body, secret))
	}
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.Handler.ServeHTTP(w, r)
	return fmt.Sprint(w.Code, " ", w.Body.String())
}

func version(order, n int, status string) string {
	return fmt.Sprintf(`{"id":%d,"number":"%d","status":"%s","date_created_gmt":"2026-01-01T10:00:00","date_modified_gmt":"2026-01-01T10:00:%02d","date_paid_gmt":%s,"total":"15.00",`+
		`"billing":{"first_name":"John","last_name":"Doe","email":"john@example.com"},"line_items":[{"id":1,"name":"Tee","quantity":1,"subtotal":"15.00","total":"15.00","sku":"TEE"}]}`,
		order, order, status, n, map[bool]string{true: `"2026-01-01T10:00:00"`, false: "null"}[status != "pending"])
}

// Sixteen clients deliver the versions of twenty orders several times each, in
// both forms and in no order, while workers apply them; some workers die. In
// the end every order stands where its newest version says.
func TestDeliveriesAtOnce(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		set(t, s)
		secret, source := "", int64(0)
		s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
			return tx.Each(func(r db.Row) error { return r.Scan(&secret, &source) }, `SELECT webhook_secret, id FROM portal_user WHERE org_id = ?`, tx.Org)
		})
		item := tees(t, s)
		const orders = 20
		work := history(orders)
		var senders, workers sync.WaitGroup
		stop := make(chan struct{})
		for i := range 3 {
			workers.Go(func() {
				for {
					select {
					case <-stop:
						return
					default:
					}
					_, _ = s.Program.Jobs.RunDue(context.Background())
					// One that dies at its work: what it did is undone.
					_ = s.DB.Update(context.Background(), s.Acme.Org, func(tx *db.Tx) error {
						_, err := connect.Apply(tx, source, int64(1+i), true)
						return fmt.Errorf("killed (%w)", err)
					})
				}
			})
		}
		for i := range 16 {
			senders.Go(func() {
				for a := range work {
					topic := "updated"
					if a.n == 0 {
						topic = "created"
					}
					got := deliver(s, i%2 == 0, topic, version(a.order, a.n, a.status), secret)
					if got != `200 {"Status":true}` {
						t.Errorf("order %d: %s", a.order, got)
					}
				}
			})
		}
		senders.Wait()
		close(stop)
		workers.Wait()
		if _, err := s.Program.Jobs.RunDue(context.Background()); err != nil {
			t.Fatal(err)
		}
		settled(t, s, item, source, orders)
	})
}

// settled checks that every order is shipped and that the books agree.
func settled(t *testing.T, s *stage.Stage, item, source int64, orders int) {
	t.Helper()
	s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
		list, _, err := sale.List(tx, sale.Filter{Source: "woocommerce"})
		for _, o := range list {
			if o.State != sale.Completed || o.Total != dec.Int(15) {
				t.Errorf("%s is %s, %s", o.Number, o.State, o.Total)
			}
		}
		balances, err2 := stock.Balances(tx, stock.Filter{})
		for _, b := range balances {
			if b.Item == item && (b.OnHand != dec.Int(int64(100-orders)) || b.Demand != 0 || b.Allocated != 0) {
				t.Errorf("stock %+v", b)
			}
		}
		counts, err3 := connect.Statement(tx, source)
		if want := map[string]int64{"received": 0, "held": 0, "repeats": int64(6 * orders)}; len(list) != orders || counts["received"] != want["received"] || counts["held"] != 0 || counts["repeats"] != want["repeats"] {
			b, _ := json.Marshal(counts)
			t.Errorf("%d orders, statement %s", len(list), b)
		}
		people, err5 := party.List(tx, party.Filter{Role: party.Customer})
		if len(people) != 1 {
			t.Errorf("%d customers were made: %+v", len(people), people)
		}
		if err5 != nil {
			return err5
		}
		res, err4 := report.Audit(tx)
		if len(res.Differences) > 0 {
			t.Errorf("the books differ: %+v", res.Differences)
		}
		for _, err := range []error{err, err2, err3, err4} {
			if err != nil {
				return err
			}
		}
		return nil
	})
}

// tees gives Acme a hundred of the SKU that the orders are for.
func tees(t *testing.T, s *stage.Stage) (item int64) {
	t.Helper()
	s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
		p, err := catalog.CreateProduct(tx, catalog.Product{Type: catalog.Single, Code: "TEE", Name: "Tee", EnableStock: true,
			Variations: []catalog.Variation{{Items: []catalog.Variant{{Item: catalog.Item{Code: "TEE"}}}}}})
		if err != nil {
			return err
		}
		item = p.Variations[0].Items[0].ID
		cost := dec.Int(2)
		_, err = stock.Post(tx, stock.Policy{}, stock.Entry{Item: item, Location: s.Acme.Location, Event: stock.Adjust, Quantity: dec.Int(100), UnitCost: &cost})
		return err
	})
	return item
}

type sent struct {
	order, n int
	status   string
}

// history is every version of a number of orders three times, in no order.
func history(orders int) chan sent {
	var all []sent
	for o := 1; o <= orders; o++ {
		for n, status := range []string{"pending", "processing", "completed"} {
			for range 3 {
				all = append(all, sent{o, n, status})
			}
		}
	}
	rnd := rand.New(rand.NewPCG(3, 3))
	rnd.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
	work := make(chan sent, len(all))
	for _, a := range all {
		work <- a
	}
	close(work)
	return work
}
