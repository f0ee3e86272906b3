package storehouse_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strconv"
	"strings"
	"testing"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/contract/stage"
	"storehouse/core/catalog"
	"storehouse/core/lookup"
	"storehouse/core/org"
	"storehouse/core/party"
	"storehouse/core/stock"
	"storehouse/face/wire"
)

// client calls the program as one client of one face.
type client struct {
	t      *testing.T
	h      http.Handler
	header http.Header
}

func (c client) call(method, path, body string, out any) int {
	c.t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for k, v := range c.header {
		r.Header[k] = v
	}
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	c.h.ServeHTTP(w, r)
	if out != nil {
		if err := json.Unmarshal(w.Body.Bytes(), out); err != nil {
			c.t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
		}
	}
	return w.Code
}

func bearer(token string) http.Header { return http.Header{"Authorization": {"Bearer " + token}} }

// TestOneSaleThroughAllFaces is what the house is for: the reference's own
// sell (437.50, 10 % discount, 10 % tax, shipping 10, packing 10: 453.13) is
// made at the till, and the stock feed, the maker's inventory and order book,
// the points balance and the ledger's explanation show it at once.
func TestOneSaleThroughAllFaces(t *testing.T) { stage.Each(t, oneSale) }

func oneSale(t *testing.T, s *stage.Stage) {
	var item catalog.Item
	var customer party.Party
	var tax catalog.Tax
	var feed, apikey string
	var program org.Program
	s.Do(t, s.Acme.Org, func(tx *db.Tx) (err error) {
		kind, err := lookup.Ensure(tx, lookup.SKUType, "Goods")
		if err != nil {
			return err
		}
		if item, err = catalog.CreateItem(tx, catalog.SKU, catalog.Item{Type: kind.ID, Code: "AS-437", Name: "Jacket", ItemsPerUnit: 1, IsActive: true}); err != nil {
			return err
		}
		cost := dec.Int(200)
		if _, err = stock.Post(tx, stock.Policy{}, stock.Entry{Item: item.ID, Location: s.Acme.Location, Event: stock.Adjust, Quantity: dec.Int(5), UnitCost: &cost, Doc: stock.Doc{Type: "opening", ID: 1}}); err != nil {
			return err
		}
		if customer, err = party.Create(tx, party.Party{IsCustomer: true, IsActive: true, Name: "Harry", FirstName: "Harry", Mobile: "5551234", Email: "harry@shop.example"}); err != nil {
			return err
		}
		if tax, err = catalog.CreateTax(tx, catalog.Tax{Name: "VAT@10%", Amount: dec.Int(10)}); err != nil {
			return err
		}
		if _, feed, err = org.CreateFeedKey(tx, "feed"); err != nil {
			return err
		}
		if program, apikey, err = org.CreateProgram(tx, "club", "", ""); err != nil {
			return err
		}
		set, err := org.LoadSettings(tx)
		if err != nil {
			return err
		}
		set.Points.Enabled, set.Points.AmountPerPoint, set.Points.MinOrder = true, dec.Int(10), dec.One
		return org.SaveSettings(tx, set)
	})
	till := client{t, s.Handler, s.As["pos-member"]}
	maker := client{t, s.Handler, s.As["owner"]}
	warehouse := client{t, s.Handler, bearer(feed)}
	club := client{t, s.Handler, http.Header{"Username": {program.Username}, "Apikey": {apikey}}}

	body := fmt.Sprintf(`{"sells":[{"location_id":%d,"contact_id":%d,"status":"final","tax_rate_id":%d,"discount_amount":10,"discount_type":"percentage",
		"shipping_charges":10,"packing_charge":10,"shipping_details":"Express Delivery",
		"products":[{"product_id":%d,"variation_id":%d,"quantity":1,"unit_price":437.5,"tax_rate_id":0,"discount_amount":0,"discount_type":"percentage"}],
		"payments":[{"amount":453.13,"method":"cash"}]}]}`, s.Acme.Location, customer.ID, tax.ID, item.Product, item.ID)
	var sold struct {
		Data []struct {
			ID      int64  `json:"id"`
			Number  string `json:"invoice_no"`
			Total   string `json:"final_total"`
			Status  string `json:"payment_status"`
			TaxPart string `json:"tax_amount"`
			Points  int64  `json:"rp_earned"`
		} `json:"data"`
	}
	if code := till.call("POST", "/connector/api/sell", body, &sold); code != 200 || len(sold.Data) != 1 || sold.Data[0].ID == 0 {
		t.Fatalf("sell: %d %+v", code, sold)
	}
	sell := sold.Data[0]
	if sell.Total != "453.1300" || sell.TaxPart != "39.3750" || sell.Status != "paid" || sell.Number != "AS0001" || sell.Points != 45 {
		t.Errorf("the sell came out as %+v; want 453.1300, tax 39.3750, paid, AS0001, 45 points", sell)
	}

	var shelf []struct {
		Stock   string
		Godowns []struct{ Stock string }
	}
	warehouse.call("GET", "/admin/indexyii.php?r=api/SyncInventory&Skucode=AS-437", "", &shelf)
	if len(shelf) != 1 || shelf[0].Stock != "4.0" || shelf[0].Godowns[0].Stock != "4" {
		t.Errorf("the stock feed shows %+v, want 4", shelf)
	}

	var summary struct {
		Data []struct{ OnHand, Available, UnitCost string }
	}
	maker.call("GET", "/api/inventory/finished-goods/summary?skuId="+wire.UUID{Kind: wire.KindItem, ID: item.ID}.String(), "", &summary)
	if len(summary.Data) != 1 || summary.Data[0].OnHand != "4" || summary.Data[0].Available != "4" || summary.Data[0].UnitCost != "200" {
		t.Errorf("the maker's inventory shows %+v, want 4 at 200", summary)
	}
	var orders struct {
		Data []struct{ ID, SoNumber, OrderStatus, FulfillmentStatus string }
	}
	maker.call("GET", "/api/sales-orders", "", &orders)
	if len(orders.Data) != 1 || orders.Data[0].SoNumber != "AS0001" || orders.Data[0].OrderStatus != "Completed" || orders.Data[0].FulfillmentStatus != "Fulfilled" {
		t.Errorf("the order book shows %+v, want AS0001 Completed and Fulfilled", orders)
	}

	var member struct {
		Status bool
		Data   struct {
			User struct{ Points string }
		}
	}
	club.call("GET", fmt.Sprintf("/apiv2/%d/user_by_email?email=harry@shop.example", program.ID), "", &member)
	if !member.Status || member.Data.User.Points != "45" {
		t.Errorf("the club shows %+v, want 45 points", member)
	}

	var why struct {
		Balance struct{ OnHand, Value string }
		Entries []struct {
			Event, OnHand string
			Document      struct {
				Type string
				ID   int64
			}
		}
	}
	maker.call("GET", "/v1/stock/explain?itemId="+strconv.FormatInt(item.ID, 10)+"&locationId="+strconv.FormatInt(s.Acme.Location, 10), "", &why)
	if len(why.Entries) != 2 || why.Balance.OnHand != "4" || why.Balance.Value != "800" || why.Entries[1].Event != "CONSUME" ||
		why.Entries[1].OnHand != "-1" || why.Entries[1].Document.Type != "sale" || why.Entries[1].Document.ID != sell.ID {
		t.Errorf("the ledger explains %+v", why)
	}
	undo(t, s, till, warehouse, club, maker, program, sell.ID)
}

// undo deletes the sell again: every face must be where it was.
func undo(t *testing.T, s *stage.Stage, till, warehouse, club, maker client, program org.Program, sell int64) {
	t.Helper()
	var gone struct{ Success bool }
	if code := till.call("DELETE", fmt.Sprintf("/connector/api/sell/%d", sell), "", &gone); code != 200 || !gone.Success {
		t.Fatalf("delete: %d", code)
	}
	var shelf []struct{ Stock string }
	warehouse.call("GET", "/admin/indexyii.php?r=api/SyncInventory&Skucode=AS-437", "", &shelf)
	var member struct {
		Data struct{ User struct{ Points string } }
	}
	club.call("GET", fmt.Sprintf("/apiv2/%d/user_by_email?email=harry@shop.example", program.ID), "", &member)
	if shelf[0].Stock != "5.0" || member.Data.User.Points != "0" {
		t.Errorf("after the sell was deleted: stock %s, points %s; want 5.0 and 0", shelf[0].Stock, member.Data.User.Points)
	}
	var books struct {
		Differences []any
		Checked     map[string]int64
	}
	maker.call("GET", "/v1/audit", "", &books)
	if len(books.Differences) != 0 || books.Checked["stockEntries"] != 3 {
		t.Errorf("audit: %+v", books)
	}
}
