package loyalty_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/contract/stage"
	"storehouse/core/catalog"
	"storehouse/core/doc"
	"storehouse/core/loyalty"
	"storehouse/core/org"
	"storehouse/core/party"
	"storehouse/core/points"
	"storehouse/core/report"
	"storehouse/core/sale"
	"storehouse/core/stock"
)

// call posts a form to an operation and returns the answer.
func call(s *stage.Stage, op, form string) map[string]any {
	r := httptest.NewRequest("POST", "/apiv2/1/"+op, strings.NewReader(form))
	r.Header.Set("Content-Type", "application/x-www-form-urlencoded")
	for k, v := range s.As["program"] {
		r.Header[k] = v
	}
	w := httptest.NewRecorder()
	s.Handler.ServeHTTP(w, r)
	var out map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		return map[string]any{"broken": w.Body.String()}
	}
	return out
}

// together makes n calls at the same time and counts the answers.
func together(n int, do func(i int) map[string]any) map[string]int {
	var mu sync.Mutex
	var wg sync.WaitGroup
	start := make(chan struct{})
	counts := map[string]int{}
	for i := range n {
		wg.Go(func() {
			<-start
			b, _ := json.Marshal(do(i))
			mu.Lock()
			counts[string(b)]++
			mu.Unlock()
		})
	}
	close(start)
	wg.Wait()
	return counts
}

func balance(t *testing.T, s *stage.Stage, email string) (b dec.D) {
	t.Helper()
	s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
		p, err := party.ByEmail(tx, email)
		if err != nil {
			return err
		}
		all, err := points.Balances(tx, p.ID)
		b = all[p.ID].Balance
		return err
	})
	return b
}

// clean checks that the books agree with their entries.
func clean(t *testing.T, s *stage.Stage) {
	t.Helper()
	s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
		res, err := report.Audit(tx)
		if len(res.Differences) > 0 {
			t.Errorf("the books differ: %+v", res.Differences)
		}
		return err
	})
}

func TestRaces(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		set(t, s)
		// Many make the same person at once: one customer, and every uid works.
		together(12, func(i int) map[string]any {
			return call(s, "initialize_user", fmt.Sprintf("uid=u%d&email=john@doe.com&first_name=J&last_name=D", i))
		})
		s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
			list, err := party.List(tx, party.Filter{Role: party.Customer})
			n := 0
			for _, p := range list {
				if p.Email == "john@doe.com" {
					n++
				}
			}
			if n != 1 {
				t.Errorf("%d customers were made", n)
			}
			for i := range 12 {
				if m, err := loyalty.ByUID(tx, 1, fmt.Sprintf("u%d", i)); err != nil || m.Email != "john@doe.com" {
					t.Errorf("u%d is %+v, %v", i, m, err)
				}
			}
			return err
		})
		// The same invoice at once is one purchase with one answer.
		got := together(16, func(int) map[string]any {
			return call(s, "add_sale_points_by_uid", `uid=john@doe.com&points=100&nrofactura=77&factura=[{"codigo":"X","cantidad":1,"precio":5}]`)
		})
		if len(got) != 1 || balance(t, s, "john@doe.com") != dec.Int(100) {
			t.Errorf("answers %v, balance %s", got, balance(t, s, "john@doe.com"))
		}
		// Two tills, and fourteen more, cannot spend the same points.
		got = together(16, func(int) map[string]any { return call(s, "add_points_by_uid", "userapp_id=u3&points=-60") })
		ok := 0
		for a, n := range got {
			if strings.Contains(a, `"status":true`) {
				ok += n
			}
		}
		if ok != 1 || balance(t, s, "john@doe.com") != dec.Int(40) {
			t.Errorf("%d spent 60 of 100: %v", ok, got)
		}
		// Cancelling takes back what was granted, once, though it has been spent.
		got = together(8, func(int) map[string]any { return call(s, "cancel_invoice", "nrofactura=77") })
		if len(got) != 1 || balance(t, s, "john@doe.com") != dec.Int(-60) {
			t.Errorf("answers %v, balance %s", got, balance(t, s, "john@doe.com"))
		}
		clean(t, s)
	})
}

// A purchase is a sale in the order book; it moves stock when the
// organization says so, and a cancel puts it back.
func TestAPurchaseIsASale(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		set(t, s)
		var item int64
		var paper doc.Document
		s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
			set, err := org.LoadSettings(tx)
			if err != nil {
				return err
			}
			set.LoyaltyMovesStock = true
			if err := org.SaveSettings(tx, set); err != nil {
				return err
			}
			p, err := catalog.CreateProduct(tx, catalog.Product{Type: catalog.Single, Code: "12", Name: "Soap", EnableStock: true,
				Variations: []catalog.Variation{{Items: []catalog.Variant{{Item: catalog.Item{Code: "12"}}}}}})
			if err != nil {
				return err
			}
			item = p.Variations[0].Items[0].ID
			cost := dec.Int(2)
			_, err = stock.Post(tx, stock.Policy{}, stock.Entry{Item: item, Location: s.Acme.Location, Event: stock.Adjust, Quantity: dec.Int(10), UnitCost: &cost})
			return err
		})
		onHand := func() (q dec.D) {
			s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
				list, err := stock.Balances(tx, stock.Filter{})
				for _, b := range list {
					if b.Item == item {
						q = b.OnHand
					}
				}
				return err
			})
			return q
		}
		call(s, "initialize_user", "uid=a@b.co&email=a@b.co&first_name=A&last_name=B")
		out := call(s, "add_sale_points_by_uid", `uid=a@b.co&points=20.6&nrofactura=F1&factura=[{"codigo":"12","producto":"soap","cantidad":2,"precio":"10.3000"},{"codigo":"??","producto":"gift","cantidad":1,"precio":0}]`)
		if out["status"] != true || onHand() != dec.Int(8) {
			t.Fatalf("answer %v, on hand %s", out, onHand())
		}
		s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
			list, _, err := sale.List(tx, sale.Filter{Source: "loyalty"})
			if err != nil || len(list) != 1 {
				t.Fatalf("%d sales, %v", len(list), err)
			}
			full, err := sale.Get(tx, list[0].ID)
			if full.Number != "F1" || full.Total.String() != "20.6" || full.PaymentStatus != sale.PaidUp || len(full.Lines) != 2 || full.Lines[1].SKU != "??" {
				t.Errorf("sale %+v", full)
			}
			if err != nil {
				return err
			}
			paper = doc.Document{EntityType: doc.OfSalesOrder, EntityID: full.ID, Name: "bill.pdf", MimeType: "application/pdf", Size: 1, Path: "org/1/bill"}
			_, err = doc.Add(tx, doc.New{}, paper)
			return err
		})
		if out := call(s, "cancel_invoice", "nrofactura=F1"); out["status"] != true || onHand() != dec.Int(10) || balance(t, s, "a@b.co") != 0 {
			t.Errorf("answer %v, on hand %s, points %s", out, onHand(), balance(t, s, "a@b.co"))
		}
		s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
			left, err := doc.List(tx, paper.EntityType, paper.EntityID, 0, 10)
			if len(left) != 0 {
				t.Errorf("%d documents of a sale that was cancelled", len(left))
			}
			return err
		})
		// What is not there is refused whole.
		if out := call(s, "add_sale_points_by_uid", `uid=a@b.co&points=5&nrofactura=F2&factura=[{"codigo":"12","cantidad":11,"precio":1}]`); out["status"] != false || balance(t, s, "a@b.co") != 0 {
			t.Errorf("answer %v", out)
		}
		clean(t, s)
	})
}

func TestRegistrationIsCheckedOutside(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		set(t, s)
		var seen map[string]any
		var answer func(http.ResponseWriter)
		outside := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
			seen = nil
			_ = json.NewDecoder(r.Body).Decode(&seen)
			answer(w)
		}))
		defer outside.Close()
		policy := func(p string) {
			s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
				_, err := loyalty.SaveSetting(tx, 1, loyalty.Setting{RegistrationURL: outside.URL, RegistrationWait: 150 * time.Millisecond, OnSilence: p})
				return err
			})
		}
		say := func(text string) func(http.ResponseWriter) {
			return func(w http.ResponseWriter) { _, _ = w.Write([]byte(text)) }
		}
		hang := func(http.ResponseWriter) { time.Sleep(300 * time.Millisecond) }
		for i, c := range []struct {
			policy  string
			answer  func(http.ResponseWriter)
			ok      bool
			message string
		}{
			{loyalty.RefuseOnSilence, say(`{"status":true}`), true, ""},
			{loyalty.RefuseOnSilence, say(`{"status":false,"message":"Tu DNI no se encuentra registrado"}`), false, "Tu DNI no se encuentra registrado"},
			{loyalty.AcceptOnSilence, say(`{"Status":false}`), false, "The registration was refused"},
			{loyalty.RefuseOnSilence, hang, false, "The registration could not be checked, please try again later"},
			{loyalty.AcceptOnSilence, hang, true, ""},
			{loyalty.RefuseOnSilence, say(`<html>`), false, "The registration could not be checked, please try again later"},
		} {
			policy(c.policy)
			answer = c.answer
			mail := fmt.Sprintf("p%d@example.com", i)
			out := call(s, "register_user_classic", "uid="+mail+"&pass=geheim&email="+mail+"&first_name=P&last_name=Q&dni=24586932&app_id=1")
			if out["status"] != c.ok || !c.ok && out["message"] != c.message {
				t.Errorf("%d: %v", i, out)
			}
			if seen["dni"] != "24586932" || seen["email"] != mail || seen["pass"] != nil {
				t.Errorf("%d: the check was told %v", i, seen)
			}
			s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
				if _, err := party.ByEmail(tx, mail); (err == nil) != c.ok {
					t.Errorf("%d: kept: %v", i, err == nil)
				}
				return nil
			})
		}
	})
}
