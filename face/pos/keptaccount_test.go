package pos_test

import (
	"fmt"
	"testing"

	"storehouse/base/db"
	"storehouse/contract/stage"
	"storehouse/core/money"
)

func TestPaymentAccountsAgreeWithTheBooks(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		shop(t, s)
		repair := `{"sells":[{"location_id":1,"contact_id":2,"products":[{"product_id":5,"quantity":1,"unit_price":50}],"payments":`
		holds := func(what, want string) {
			t.Helper()
			if got := at(t, ask(t, s, "", "GET", "/connector/api/payment-accounts", ""), "data.0.balance"); got != want {
				t.Errorf("%s: the safe holds %v, want %s", what, got, want)
			}
		}
		holds("nothing yet", "0.0000")
		sold := ask(t, s, "", "POST", "/connector/api/sell", repair+`[{"amount":30,"account_id":6},{"amount":20}]}]}`)
		if at(t, sold, "data.0.payment_lines.0.id") != 1.0 {
			t.Fatalf("%v", sold)
		}
		holds("30 of 50 were put there", "30.0000")
		ask(t, s, "", "PUT", "/connector/api/sell/1", `{"payments":[{"payment_id":1,"amount":35,"account_id":6},{"payment_id":2,"amount":15}]}`)
		holds("35 it was", "35.0000")
		ask(t, s, "", "POST", "/connector/api/contactapi-payment", `{"contact_id":2,"amount":7,"account_id":6,"method":"card"}`)
		holds("an advance of 7", "42.0000")
		ask(t, s, "", "POST", "/connector/api/sell", repair+`[{"amount":40,"method":"advance","account_id":6},{"amount":9,"account_id":6}]}]}`) // more than the advance: refused
		holds("an advance that is not there", "42.0000")
		second := ask(t, s, "", "POST", "/connector/api/sell", repair+`[{"amount":7,"method":"advance","account_id":6},{"amount":9,"account_id":6}]}]}`)
		holds("9 came in, the 7 were there already", "51.0000")
		ask(t, s, "", "DELETE", fmt.Sprint("/connector/api/sell/", at(t, second, "data.0.id")), "")
		holds("that sell is deleted", "42.0000")
		ask(t, s, "", "POST", "/connector/api/sell-return", `{"transaction_id":1,"products":[{"sell_line_id":1,"quantity":1}],"payments":[{"amount":12,"account_id":6}]}`)
		holds("12 paid back", "30.0000")
		ask(t, s, "", "POST", "/connector/api/expense", `{"location_id":1,"final_total":8,"payment":[{"amount":5,"account_id":6}]}`)
		holds("5 spent", "25.0000")
		ask(t, s, "", "POST", "/connector/api/expense", `{"location_id":1,"final_total":3,"is_refund":1,"payment":[{"amount":3,"account_id":6}]}`)
		holds("3 given back", "28.0000")

		const unknown = "does not exist."
		for _, bad := range []string{"1", "999"} { // a category, and none
			made := ask(t, s, "", "POST", "/connector/api/sell", repair+`[{"amount":1,"account_id":`+bad+`}]}]}`)
			if got := at(t, made, "data.0.original.error.message"); got != "The payments.0.account id "+unknown {
				t.Errorf("sell into account %s: %v", bad, made)
			}
			for _, r := range []struct{ method, path, body, what string }{
				{"PUT", "/connector/api/sell/1", `{"payments":[{"amount":1,"account_id":` + bad + `}]}`, "The payments.0.account id "},
				{"POST", "/connector/api/sell-return", `{"transaction_id":1,"products":[{"sell_line_id":1,"quantity":1}],"payments":[{"amount":1,"account_id":` + bad + `}]}`, "The payments.0.account id "},
				{"POST", "/connector/api/expense", `{"location_id":1,"final_total":3,"payment":[{"amount":3,"account_id":` + bad + `}]}`, "The payment.0.account id "},
				{"POST", "/connector/api/contactapi-payment", `{"contact_id":2,"amount":7,"account_id":` + bad + `}`, "The account id "},
			} {
				if code, tree := send(t, s, "", r.method, r.path, r.body); code != 400 || at(t, tree, "error.message") != r.what+unknown {
					t.Errorf("%s %s: %d %v", r.method, r.path, code, tree)
				}
			}
		}
		holds("what was refused", "28.0000")
		s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
			diff, _, err := money.Audit(tx)
			if len(diff) > 0 {
				t.Errorf("audit: %+v", diff)
			}
			return err
		})
	})
}
