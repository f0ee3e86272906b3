package storehouse_test

import (
	"fmt"
	"testing"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/cmd/program"
	"storehouse/contract/stage"
)

// TestAFreshOrganizationOpensItsShop takes an organization as "storehouse
// init" leaves it and brings it to its first sells through routes alone.
func TestAFreshOrganizationOpensItsShop(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		owner, err := program.SetUp(t.Context(), d, stage.Passwords, program.Setup{Name: "Acme", Email: "o@acme.example", DisplayName: "Olive Owner", Username: "admin", Location: "Main"})
		if err != nil {
			t.Fatal(err)
		}
		h := program.New(d, program.Config{BaseURL: "http://storehouse.test", Passwords: stage.Passwords}).Handler
		admin := client{t, h, bearer(owner.Token)}
		// made posts something and returns its id.
		made := func(path, body string) int64 {
			var out struct{ ID int64 }
			if code := admin.call("POST", path, body, &out); code != 201 {
				t.Fatalf("POST %s: %d", path, code)
			}
			return out.ID
		}
		var grant struct {
			Token string `json:"access_token"`
		}
		if code := (client{t, h, nil}).call("POST", "/oauth/token", fmt.Sprintf(`{"grant_type":"password","client_id":"%d","client_secret":%q,"username":"admin","password":%q}`,
			owner.ClientID, owner.ClientSecret, owner.Password), &grant); code != 200 {
			t.Fatalf("token: %d", code)
		}
		till := client{t, h, bearer(grant.Token)}

		unit := made("/v1/units", `{"name":"Kilograms","shortName":"kg","allowDecimal":true}`)
		state, city := made("/v1/taxes", `{"name":"State","amount":"6"}`), made("/v1/taxes", `{"name":"City","amount":"1.5"}`)
		tax := made("/v1/taxes", fmt.Sprintf(`{"name":"Sales tax","parts":[%d,%d]}`, state, city))
		category := made("/v1/lookups/categories", `{"name":"Coffee"}`)
		wholesale := made("/v1/lookups/price-groups", `{"name":"Wholesale"}`)
		account := made("/v1/lookups/payment-accounts", `{"name":"Till"}`)

		var product struct {
			ID         int64 `json:"id"`
			Variations []struct {
				Variations []struct {
					ID    int64  `json:"id"`
					Price string `json:"sell_price_inc_tax"`
				} `json:"variations"`
			} `json:"product_variations"`
		}
		body := fmt.Sprintf(`{"name":"Guji, roasted","sku":"GUJI","unit_id":%d,"tax":%d,"tax_type":"exclusive","category_id":%d,"purchase_price":12,"selling_price":20,"enable_stock":1,"initial_quantity":10,"location_id":%d}`,
			unit, tax, category, owner.Location)
		if code := till.call("POST", "/connector/api/product", body, &product); code != 200 && code != 201 {
			t.Fatalf("product: %d", code)
		}
		item := product.Variations[0].Variations[0]
		if item.Price != "21.5000" { // 20 and 7.5 % of it
			t.Errorf("the price with tax is %s, want 21.5000", item.Price)
		}
		if code := admin.call("PUT", fmt.Sprintf("/v1/price-groups/%d/prices", wholesale), fmt.Sprintf(`{"prices":[{"itemId":%d,"price":"17.2"}]}`, item.ID), nil); code != 200 {
			t.Errorf("the wholesale price: %d", code)
		}

		// 1.5 kg at 20 are 30, and 7.5 % of that 2.25.
		// At wholesale 2 kg cost 17.20 each, tax included.
		for _, c := range []struct{ more, line, want string }{
			{fmt.Sprintf(`"payments":[{"amount":32.25,"method":"cash","account_id":%d}],`, account), fmt.Sprintf(`"quantity":1.5,"unit_price":20,"tax_rate_id":%d`, tax), "32.2500"},
			{fmt.Sprintf(`"selling_price_group_id":%d,`, wholesale), fmt.Sprintf(`"quantity":2,"tax_rate_id":%d`, tax), "34.4000"},
		} {
			var sold struct {
				Data []struct {
					Total string `json:"final_total"`
				}
			}
			body := fmt.Sprintf(`{"sells":[{"location_id":%d,"status":"final",%s"products":[{"product_id":%d,"variation_id":%d,%s}]}]}`, owner.Location, c.more, product.ID, item.ID, c.line)
			if code := till.call("POST", "/connector/api/sell", body, &sold); code != 200 || len(sold.Data) != 1 || sold.Data[0].Total != c.want {
				t.Errorf("sell %s: %d %+v, want %s", c.line, code, sold, c.want)
			}
		}

		for _, path := range []string{fmt.Sprintf("/v1/units/%d", unit), fmt.Sprintf("/v1/taxes/%d", tax), fmt.Sprintf("/v1/lookups/categories/%d", category),
			fmt.Sprintf("/v1/lookups/payment-accounts/%d", account)} {
			if code := admin.call("DELETE", path, "", nil); code != 409 {
				t.Errorf("DELETE %s, which is in use: %d, want 409", path, code)
			}
		}
		var audit struct {
			Differences []any `json:"differences"`
		}
		if admin.call("GET", "/v1/audit", "", &audit); audit.Differences == nil || len(audit.Differences) != 0 {
			t.Errorf("the audit finds %v", audit.Differences)
		}
	})
}
