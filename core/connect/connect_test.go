package connect_test

import (
	"context"
	"fmt"
	"io"
	"log/slog"
	"math/rand/v2"
	"strings"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/base/job"
	"storehouse/core/catalog"
	"storehouse/core/connect"
	"storehouse/core/org"
	"storehouse/core/org/orgtest"
	"storehouse/core/party"
	"storehouse/core/sale"
	"storehouse/core/stock"
)

// world is an organization with a shop, two SKUs and ten of each in stock.
type world struct {
	t    *testing.T
	d    *db.DB
	hub  *connect.Hub
	jobs *job.Runner
	now  time.Time
	org  int64
	shop int64
	item map[string]int64
}

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	slog.SetDefault(slog.New(slog.NewTextHandler(io.Discard, nil)))
	f := orgtest.New(t, d, "acme")
	w := &world{t: t, d: d, hub: &connect.Hub{DB: d, Zoho: &connect.Zoho{}, Demo: true}, jobs: job.New(d), now: dbtest.Now, org: f.Org, item: map[string]int64{}}
	d.Now = func() time.Time { return w.now }
	w.hub.Handle(w.jobs)
	w.do(func(tx *db.Tx) error {
		set, err := org.LoadSettings(tx)
		if err != nil {
			return err
		}
		set.DefaultLocation = f.Location
		if err := org.SaveSettings(tx, set); err != nil {
			return err
		}
		p, _, err := org.CreatePortalUser(tx, org.PortalUser{Email: "shop@acme.example", Name: "Acme shop", Settings: "{}"}, "hash")
		w.shop = p.ID
		return err
	})
	for _, code := range []string{"TEE", "MUG"} {
		w.addItem(code)
		w.do(func(tx *db.Tx) error {
			cost := dec.Must("2")
			_, err := stock.Post(tx, stock.Policy{}, stock.Entry{Item: w.item[code], Location: f.Location, Event: stock.Adjust, Quantity: dec.Must("10"), UnitCost: &cost})
			return err
		})
	}
	return w
}

func (w *world) addItem(code string) {
	w.t.Helper()
	w.do(func(tx *db.Tx) error {
		p, err := catalog.CreateProduct(tx, catalog.Product{Type: catalog.Single, Code: code, Name: code, EnableStock: true,
			Variations: []catalog.Variation{{Items: []catalog.Variant{{Item: catalog.Item{Code: code}}}}}})
		if err != nil {
			return err
		}
		w.item[code] = p.Variations[0].Items[0].ID
		return nil
	})
}

func (w *world) do(fn func(*db.Tx) error) {
	w.t.Helper()
	if err := w.d.Update(context.Background(), w.org, fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) see(fn func(*db.Tx) error) {
	w.t.Helper()
	if err := w.d.View(context.Background(), w.org, fn); err != nil {
		w.t.Fatal(err)
	}
}

func (w *world) run() {
	w.t.Helper()
	if _, err := w.jobs.RunDue(context.Background()); err != nil {
		w.t.Fatal(err)
	}
}

type delivery struct {
	topic, body, id string
}

func (w *world) take(d delivery) {
	w.t.Helper()
	a, err := connect.Read(d.topic, []byte(d.body), d.id)
	if err != nil {
		w.t.Fatal(err)
	}
	w.do(func(tx *db.Tx) error { return a.Take(tx, w.shop) })
}

// order spells an order of the shop. lines are "SKU×quantity@price".
func order(id int, status string, minute int, more string, lines ...string) string {
	var items []string
	total := dec.D(0)
	for i, l := range lines {
		sku, rest, _ := strings.Cut(l, "×")
		q, p, _ := strings.Cut(rest, "@")
		amount, _ := dec.Must(q).Mul(dec.Must(p))
		total += amount
		items = append(items, fmt.Sprintf(`{"id":%d,"name":"%s &amp; co","product_id":%d,"variation_id":0,"quantity":%s,"subtotal":"%s","total":"%s","total_tax":"0.00","sku":"%s","price":%s}`,
			i+1, sku, 50+i, q, amount, amount, sku, p))
	}
	at := dbtest.Now.Add(time.Duration(minute) * time.Minute).Format("2006-01-02T15:04:05")
	paid := "null"
	if status == "processing" || status == "completed" || status == "refunded" {
		paid = `"2026-01-02T03:10:00"`
	}
	if more != "" {
		more = "," + more
	}
	return fmt.Sprintf(`{"id":%d,"number":"%d","status":"%s","currency":"USD","date_created_gmt":"2026-01-02T03:04:05","date_modified_gmt":"%s","date_paid_gmt":%s,
		"total":"%s","shipping_total":"0.00","shipping_tax":"0.00","customer_id":0,"payment_method":"stripe","payment_method_title":"Card","transaction_id":"tx1",
		"billing":{"first_name":"John","last_name":"Doe","email":"john.doe@example.com","phone":"(555) 555-5555","address_1":"969 Market","city":"San Francisco","country":"US"},
		"shipping":{"first_name":"John","last_name":"Doe","address_1":"969 Market","city":"San Francisco","country":"US"},
		"line_items":[%s],"tax_lines":[],"fee_lines":[],"coupon_lines":[],"refunds":[]%s}`, id, id, status, at, paid, total, strings.Join(items, ","), more)
}

// state is what the book says of an order, and of the goods.
type state struct {
	State       sale.State
	Total, Paid string
	Lines       []string
	Stock       map[string]string // on hand/demand/allocated
}

func (w *world) state(id int) state {
	w.t.Helper()
	var s state
	w.see(func(tx *db.Tx) error {
		s = state{Stock: map[string]string{}}
		list, _, err := sale.List(tx, sale.Filter{Source: "woocommerce", Limit: 100})
		if err != nil {
			return err
		}
		for _, o := range list {
			if o.WooCommerceOrderID != int64(id) {
				continue
			}
			full, err := sale.Get(tx, o.ID)
			if err != nil {
				return err
			}
			s.State, s.Total, s.Paid = full.State, full.Total.String(), full.PaidAmount.String()
			for _, l := range full.Lines {
				s.Lines = append(s.Lines, fmt.Sprintf("%d %s %s@%s", l.Item, l.SKU, l.Quantity, l.UnitPriceIncTax))
			}
		}
		balances, err := stock.Balances(tx, stock.Filter{})
		for _, b := range balances {
			for code, item := range w.item {
				if item == b.Item {
					s.Stock[code] = fmt.Sprintf("%s/%s/%s", b.OnHand, b.Demand, b.Allocated)
				}
			}
		}
		return err
	})
	return s
}

func TestAnOrdersWay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		line := fmt.Sprintf("%d  2@15", w.item["TEE"])
		for i, c := range []struct {
			topic, status string
			want          state
		}{
			{connect.Created, "pending", state{sale.Received, "30", "0", []string{line}, map[string]string{"TEE": "10/2/0", "MUG": "10/0/0"}}},
			{connect.Updated, "processing", state{sale.Entered, "30", "30", []string{line}, map[string]string{"TEE": "10/0/2", "MUG": "10/0/0"}}},
			{connect.Updated, "completed", state{sale.Completed, "30", "30", []string{line}, map[string]string{"TEE": "8/0/0", "MUG": "10/0/0"}}},
			{connect.Updated, "refunded", state{sale.Rejected, "0", "0", []string{line}, map[string]string{"TEE": "10/0/0", "MUG": "10/0/0"}}},
			{connect.Updated, "processing", state{sale.Entered, "30", "30", []string{line}, map[string]string{"TEE": "10/0/2", "MUG": "10/0/0"}}},
			{connect.Updated, "cancelled", state{sale.Rejected, "30", "0", []string{line}, map[string]string{"TEE": "10/0/0", "MUG": "10/0/0"}}},
		} {
			w.take(delivery{topic: c.topic, body: order(727, c.status, i, "", "TEE×2@15")})
			w.run()
			if diff := cmp.Diff(c.want, w.state(727)); diff != "" {
				t.Errorf("%d %s (-want +got):\n%s", i, c.status, diff)
			}
		}
		w.see(func(tx *db.Tx) error {
			p, err := party.ByEmail(tx, "john.doe@example.com")
			if err != nil || !p.IsCustomer || p.Name != "John Doe" || p.Mobile != "(555) 555-5555" {
				t.Errorf("customer %+v, %v", p, err)
			}
			jobs, err := job.List(tx, job.Filter{Kind: connect.PushKind})
			if err != nil || len(jobs) != 6 || jobs[0].State != job.Done {
				t.Errorf("%d pushes: %+v, %v", len(jobs), jobs, err)
			}
			return nil
		})
	})
}

// However often, in whatever order and with whatever interruptions an order is
// delivered, the book ends as after one clean run.
func TestShuffledRepeatedAndInterrupted(t *testing.T) {
	history := []delivery{
		{connect.Created, order(727, "pending", 0, "", "TEE×2@15", "MUG×1@5"), "d0"},
		{connect.Updated, order(727, "processing", 1, "", "TEE×2@15", "MUG×1@5"), "d1"},
		{connect.Deleted, `{"id":727}`, "d2"},
		{connect.Restored, order(727, "processing", 2, "", "TEE×2@15", "MUG×1@5"), "d3"},
		{connect.Updated, order(727, "processing", 3, "", "TEE×3@15", "NEW×1@7"), "d4"},
		{connect.Updated, order(727, "completed", 3, "", "TEE×3@15", "NEW×1@7"), "d5"}, // in the same second
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		clean := newWorld(t, d)
		for _, h := range history {
			clean.take(h)
			clean.run()
		}
		want := clean.state(727)
		if want.State != sale.Completed || want.Stock["TEE"] != "7/0/0" || want.Stock["MUG"] != "10/0/0" || len(want.Lines) != 2 {
			t.Fatalf("the clean run ends with %+v", want)
		}
		for seed := range uint64(6) {
			rnd := rand.New(rand.NewPCG(seed, 1))
			var all []delivery
			for range 5 {
				all = append(all, history...)
			}
			rnd.Shuffle(len(all), func(i, j int) { all[i], all[j] = all[j], all[i] })
			w := &world{}
			t.Run(fmt.Sprint(seed), func(t *testing.T) {
				fresh := dbtest.SQLite
				if d.Postgres() {
					fresh = dbtest.Postgres
				}
				w = newWorld(t, fresh(t))
				for _, h := range all {
					w.take(h)
					switch rnd.IntN(4) {
					case 0:
						w.run()
					case 1: // a worker that dies at its work: its transaction is gone
						_ = w.d.Update(context.Background(), w.org, func(tx *db.Tx) error {
							_, err := connect.Apply(tx, w.shop, 727, false)
							return errorsJoin(err)
						})
					}
				}
				w.run()
				if diff := cmp.Diff(want, w.state(727)); diff != "" {
					t.Errorf("(-clean +shuffled):\n%s", diff)
				}
				w.see(func(tx *db.Tx) error {
					counts, err := connect.Statement(tx, w.shop)
					if counts[connect.Received] != 0 || counts[connect.Held] != 0 || counts["repeats"] != 24 || counts[connect.Applied]+counts[connect.Ignored] != 6 {
						t.Errorf("statement %v", counts)
					}
					return err
				})
			})
		}
	})
}

// errorsJoin makes any outcome a failure: what was done is undone.
func errorsJoin(err error) error { return fmt.Errorf("killed (%w)", err) }

func TestUnknownSKUsAreMatchedLater(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.take(delivery{topic: connect.Created, body: order(1, "processing", 0, "", "TEE×1@15", "HAT×2@9")})
		w.run()
		tee := fmt.Sprintf("%d  1@15", w.item["TEE"])
		want := state{sale.Entered, "33", "33", []string{tee, "0 HAT 2@9"}, map[string]string{"TEE": "10/0/1", "MUG": "10/0/0"}}
		if diff := cmp.Diff(want, w.state(1)); diff != "" {
			t.Errorf("before (-want +got):\n%s", diff)
		}
		w.addItem("HAT")
		n, err := w.hub.Match(context.Background(), w.org)
		if n != 1 || err != nil {
			t.Errorf("matched %d, %v", n, err)
		}
		want.Lines[1] = fmt.Sprintf("%d  2@9", w.item["HAT"])
		want.Stock["HAT"] = "0/2/0"
		if diff := cmp.Diff(want, w.state(1)); diff != "" {
			t.Errorf("after (-want +got):\n%s", diff)
		}
		if n, err := w.hub.Match(context.Background(), w.org); n != 0 || err != nil {
			t.Errorf("again matched %d, %v", n, err)
		}
	})
}

// An order that the shop has sent out although the goods are not here is in
// the book, held, and goes out when they come.
func TestGoodsThatAreNotThere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		w.take(delivery{topic: connect.Created, body: order(1, "completed", 0, "", "TEE×12@15")})
		w.run()
		if s := w.state(1); s.State != sale.Entered || s.Stock["TEE"] != "10/2/10" {
			t.Errorf("short: %+v", s)
		}
		w.see(func(tx *db.Tx) error {
			list, err := connect.Deliveries(tx, connect.DeliveryFilter{State: connect.Held})
			if len(list) != 1 || !strings.Contains(list[0].Reason, "TEE: 12 wanted") {
				t.Errorf("held %+v, %v", list, err)
			}
			return err
		})
		// Trying again in vain changes nothing.
		before := len(w.pushes())
		if n, err := w.hub.Match(context.Background(), w.org); n != 1 || err != nil || len(w.pushes()) != before {
			t.Errorf("matched %d, %v; %d pushes, then %d", n, err, before, len(w.pushes()))
		}
		w.do(func(tx *db.Tx) error {
			cost := dec.Must("2")
			set, err := org.LoadSettings(tx)
			if err != nil {
				return err
			}
			_, err = stock.Post(tx, stock.Policy{}, stock.Entry{Item: w.item["TEE"], Location: set.DefaultLocation, Event: stock.Adjust, Quantity: dec.Must("5"), UnitCost: &cost})
			return err
		})
		if n, err := w.hub.Match(context.Background(), w.org); n != 1 || err != nil {
			t.Errorf("matched %d, %v", n, err)
		}
		if s := w.state(1); s.State != sale.Completed || s.Stock["TEE"] != "3/0/0" {
			t.Errorf("after: %+v", s)
		}
	})
}

func TestTaxesShippingFeesCouponsAndRefunds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		body := `{"id":9,"number":"1009","status":"completed","currency":"EUR","date_created":"2026-01-02T03:04:05","date_modified":"2026-01-02T03:04:05",
			"date_paid":"2026-01-02T03:04:05","date_completed":"2026-01-02T04:04:05","discount_total":"3.00","shipping_total":"5.00","shipping_tax":"1.00","total":"44.40",
			"total_tax":"6.90","billing":{"first_name":"Eve","phone":"0123"},"payment_method":"bacs",
			"line_items":[{"id":1,"name":"Tee","quantity":3,"subtotal":"30.00","total":"27.00","total_tax":"5.40","sku":"TEE","price":9},
				{"id":2,"name":"Discount","quantity":1,"subtotal":"-1.00","total":"-1.00","total_tax":"0","sku":"","price":-1}],
			"fee_lines":[{"id":3,"name":"Wrap","total":"2.00","total_tax":"0.40"}],"coupon_lines":[{"code":"summer","discount":"3"}],
			"refunds":[{"id":4,"reason":"late","total":"-4.40"}]}`
		w.take(delivery{topic: "order.created", body: body})
		w.run()
		// 27.00 + 5.40 lines, 6.00 shipping, 2.40 fee, −1.00 discount, −4.40 given
		// back, and 4.60 which the shop's total has beyond its own parts.
		w.see(func(tx *db.Tx) error {
			list, _, err := sale.List(tx, sale.Filter{Source: "woocommerce", Limit: 1})
			if err != nil || len(list) != 1 {
				t.Fatalf("%d orders, %v", len(list), err)
			}
			s, err := sale.Get(tx, list[0].ID)
			got := fmt.Sprint(s.Number, " ", s.State, " total ", s.Total, " shipping ", s.ShippingCharges, " fees ", s.Fees, " round ", s.RoundOff, " paid ", s.PaidAmount,
				" ", s.Coupons, " ", s.Currency, " ", s.Lines[0].PriceBefore, " ", s.Lines[0].UnitPrice, " ", s.Lines[0].ItemTax, " lines ", len(s.Lines), " payments ", len(s.Payments))
			want := "WOO-1009 Completed total 40 shipping 6 fees -3 round 4.6 paid 40 summer EUR 10 9 1.8 lines 1 payments 2"
			if got != want {
				t.Errorf("got  %s\nwant %s", got, want)
			}
			return err
		})
	})
}
