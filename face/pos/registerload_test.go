package pos_test

import (
	"testing"
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/contract/stage"
	"storehouse/core/money"
	"storehouse/core/sale"
)

// TestARegisterWithFiveThousandSells looks into one and closes it: 2,500 sells
// at 50 in cash, 2,500 by card, 100 in the drawer to begin with.
func TestARegisterWithFiveThousandSells(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		shop(t, s)
		ask(t, s, "", "POST", "/connector/api/cash-register", `{"location_id":1,"initial_amount":100}`)
		for range 10 {
			s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
				tx.Actor = s.Acme.Users["member"]
				list := make([]sale.New, 500)
				for i := range list {
					list[i] = sale.New{Head: sale.Head{Origin: sale.POS, Status: sale.Final, Location: 1, Party: 2}, Lines: []sale.DraftLine{{LineHead: sale.LineHead{Item: 7, Quantity: dec.One}}},
						Payments: []money.Payment{{Method: []string{"cash", "card"}[i%2], Amount: dec.Int(50)}}}
				}
				_, err := sale.Create(tx, list...)
				return err
			})
		}
		quick := func(method, path, body string) any {
			t.Helper()
			start := time.Now()
			tree := ask(t, s, "", method, path, body)
			took := time.Since(start)
			t.Logf("%s: %v", path, took)
			if took > 2*time.Second {
				t.Errorf("%s took %v", path, took)
			}
			return tree
		}
		details := quick("GET", "/connector/api/open-register-details", "")
		for path, want := range map[string]string{"cash_in_hand": "100.0000", "total_sale": "250000.0000", "expected_cash": "125100.0000",
			"methods.0.sales": "125000.0000", "methods.1.sales": "125000.0000", "methods.1.net": "125100.0000"} {
			if got := at(t, details, "data."+path); got != want {
				t.Errorf("%s is %v, want %s", path, got, want)
			}
		}
		if list, _ := at(t, quick("GET", "/connector/api/opened-register", ""), "data.cash_register_transactions").([]any); len(list) != 5001 {
			t.Errorf("%d entries, want the opening and 5,000 payments", len(list))
		}
		closed := quick("POST", "/connector/api/close-cash-register", `{"closing_amount":125100,"total_card_slips":2500}`)
		if got := at(t, closed, "data.status"); got != "closed" {
			t.Errorf("%v", closed)
		}
		if got := at(t, quick("GET", "/connector/api/cash-register?status=close", ""), "data.0.closing_amount"); got != "125100.0000" {
			t.Errorf("closed with %v", got)
		}
	})
}
