package connect_test

import (
	"context"
	"fmt"
	"strings"
	"testing"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/core/connect"
	"storehouse/core/org"
	"storehouse/core/sale"
)

// The books hold one currency: an order in another waits for its rate, in
// sight, is converted by it, and keeps it.
func TestAnotherCurrency(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		rate := func(r string) {
			w.do(func(tx *db.Tx) error {
				set, err := org.LoadSettings(tx)
				if err != nil {
					return err
				}
				set.ExchangeRates = map[string]dec.D{"EUR": dec.Must(r)}
				return org.SaveSettings(tx, set)
			})
		}
		euros := func(id int, status string, minute int, more string) string {
			return strings.Replace(order(id, status, minute, more, "TEE×3@9.99"), `"currency":"USD"`, `"currency":"EUR"`, 1)
		}
		got := func(id int) (text, reason string) {
			w.see(func(tx *db.Tx) error {
				list, _, err := sale.List(tx, sale.Filter{Source: "woocommerce", Limit: 10})
				for _, s := range list {
					if s.WooCommerceOrderID == int64(id) {
						text = fmt.Sprint(s.Currency, " ", s.ExchangeRate, " total ", s.Total, " paid ", s.PaidAmount, " ", s.State)
					}
				}
				if err != nil {
					return err
				}
				said, err := connect.Deliveries(tx, connect.DeliveryFilter{Order: int64(id), Limit: 1})
				reason = said[0].State + ": " + said[0].Reason
				return err
			})
			return text, reason
		}
		check := func(what string, id int, want, reason string) {
			t.Helper()
			if text, said := got(id); text != want || said != reason {
				t.Errorf("%s: %q, %q\nwant %q, %q", what, text, said, want, reason)
			}
		}
		w.take(delivery{topic: connect.Created, body: euros(1, "processing", 0, "")})
		w.run()
		check("without a rate", 1, "EUR 1 total 29.97 paid 29.97 Entered", "applied: its amounts are in EUR, which has no exchange rate yet")
		if n, err := w.hub.Match(context.Background(), w.org); n != 0 || err != nil {
			t.Errorf("matched %d without a rate, %v", n, err)
		}
		// 3 × 9.99 = 29.97 at 1.085 is 32.51745.
		rate("1.085")
		if n, err := w.hub.Match(context.Background(), w.org); n != 1 || err != nil {
			t.Errorf("matched %d, %v", n, err)
		}
		check("with a rate", 1, "EUR 1.085 total 32.52 paid 32.52 Entered", "applied: ")
		if n, err := w.hub.Match(context.Background(), w.org); n != 0 || err != nil {
			t.Errorf("matched %d again, %v", n, err)
		}
		// The order keeps its rate; 10.00 given back are 10.85. A new one has the new rate: 29.97 × 1.1 = 32.967.
		rate("1.1")
		w.take(delivery{topic: connect.Updated, body: strings.Replace(euros(1, "completed", 1, ""), `"refunds":[]`, `"refunds":[{"id":4,"total":"-10.00"}]`, 1)})
		w.take(delivery{topic: connect.Created, body: euros(2, "pending", 0, "")})
		w.run()
		check("changed later", 1, "EUR 1.085 total 21.67 paid 21.67 Completed", "applied: ")
		check("a new order", 2, "EUR 1.1 total 32.97 paid 0 Received", "applied: ")
		w.take(delivery{topic: connect.Created, body: order(3, "pending", 0, "", "TEE×1@5")})
		w.run()
		check("our own", 3, " 1 total 5 paid 0 Received", "applied: ")
	})
}
