package loyalty_test

import (
	"fmt"
	"net/http/httptest"
	"strings"
	"testing"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/contract/stage"
	"storehouse/core/catalog"
	"storehouse/core/lookup"
	"storehouse/core/loyalty"
	"storehouse/core/org"
)

// till makes a sell of 100 at the pos face that pays with 60 points.
func till(s *stage.Stage, product, item, customer int64) string {
	body := fmt.Sprintf(`{"sells":[{"location_id":%d,"contact_id":%d,"status":"final","rp_redeemed":60,"rp_redeemed_amount":60,"products":[{"product_id":%d,"variation_id":%d,"quantity":1,"unit_price":100}],"payments":[{"amount":40,"method":"cash"}]}]}`,
		s.Acme.Location, customer, product, item)
	r := httptest.NewRequest("POST", "/connector/api/sell", strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	r.Header.Set("Authorization", s.As["pos-owner"].Get("Authorization"))
	w := httptest.NewRecorder()
	s.Handler.ServeHTTP(w, r)
	return w.Body.String()
}

// A hundred points cannot be spent twice, whichever face they are spent at:
// eight tills and eight clients of the programme each want sixty of them.
func TestTillsAndTheProgrammeSpendOneBalance(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		set(t, s)
		call(s, "initialize_user", "uid=u1&email=john@doe.com&first_name=J&last_name=D")
		call(s, "add_points_by_uid", "userapp_id=u1&points=100")
		var product, item, customer int64
		s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
			set, err := org.LoadSettings(tx)
			if err != nil {
				return err
			}
			set.Oversell = org.Allow
			set.Points.Enabled, set.Points.AmountPerPoint, set.Points.RedeemValue = true, dec.Int(1_000_000), dec.One
			if err := org.SaveSettings(tx, set); err != nil {
				return err
			}
			kind, err := lookup.Ensure(tx, lookup.SKUType, "Goods")
			if err != nil {
				return err
			}
			it, err := catalog.CreateItem(tx, catalog.SKU, catalog.Item{Type: kind.ID, Code: "B", Name: "Thing", ItemsPerUnit: 1, IsActive: true})
			product, item = it.Product, it.ID
			if err != nil {
				return err
			}
			m, err := loyalty.ByUID(tx, 1, "u1")
			customer = m.ID
			return err
		})
		got := together(16, func(i int) map[string]any {
			if i%2 == 0 {
				return map[string]any{"ok": strings.Contains(till(s, product, item, customer), `"payment_status":"paid"`)}
			}
			return map[string]any{"ok": call(s, "add_points_by_uid", "userapp_id=u1&points=-60")["status"] == true}
		})
		if n := got[`{"ok":true}`]; n != 1 || balance(t, s, "john@doe.com") != dec.Int(40) {
			t.Errorf("%d spent 60 of 100, %s are left: %v", n, balance(t, s, "john@doe.com"), got)
		}
		// A cancel and the same invoice again, at once: the purchase is one, and
		// is cancelled once.
		call(s, "add_sale_points_by_uid", "uid=u1&points=10&nrofactura=A-1")
		together(12, func(i int) map[string]any {
			if i%2 == 0 {
				return call(s, "add_sale_points_by_uid", "uid=u1&points=10&nrofactura=A-1")
			}
			return call(s, "cancel_invoice", "nrofactura=A-1")
		})
		if b := balance(t, s, "john@doe.com"); b != dec.Int(40) {
			t.Errorf("the balance is %s after a purchase and its cancel", b)
		}
		clean(t, s)
	})
}
