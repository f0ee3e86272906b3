package maker_test

import (
	"fmt"
	"testing"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/contract/stage"
	"storehouse/core/catalog"
	"storehouse/core/money"
	"storehouse/core/party"
	"storehouse/core/sale"
	"storehouse/core/stock"
	"storehouse/face/wire"
)

// book is what orders need: a SKU with 10 on hand, a customer, a channel.
type book struct{ ale, pub, phone, here string }

func newBook(t *testing.T, s *stage.Stage) book {
	t.Helper()
	b := book{here: wire.UUID{Kind: wire.KindLocation, ID: s.Acme.Location}.String(), phone: made(t, s, "/api/order-channels", `{"name":"Phone"}`)}
	b.ale = made(t, s, "/api/skus", `{"code":"ALE","name":"Ale","typeId":"`+made(t, s, "/api/sku-types", `{"name":"Ales"}`)+`"}`)
	b.pub = made(t, s, "/api/customers", `{"name":"Pub","typeId":"`+made(t, s, "/api/customer-types", `{"name":"Trade"}`)+`"}`)
	made(t, s, "/api/inventory/finished-goods/adjustments", `{"skuId":"`+b.ale+`","locationId":"`+b.here+`","quantity":10}`)
	return b
}

// order makes an order for 4, to be fulfilled from the main location, and
// returns its id and its item's.
func (b book) order(t *testing.T, s *stage.Stage, state string) (id, item string) {
	t.Helper()
	status, out := call(t, s, "POST", "/api/sales-orders", fmt.Sprintf(`{"customerId":%q,"channelId":%q,"status":%q,"fulfillmentStatus":"Pending",
		"fulfillmentLocationId":%q,"mabd":"2026-03-01","items":[{"skuId":%q,"quantity":4,"unitPrice":2}]}`, b.pub, b.phone, state, b.here, b.ale))
	if status != 201 {
		t.Fatalf("%d %v", status, out)
	}
	return out["salesOrder"].(map[string]any)["id"].(string), out["items"].([]any)[0].(map[string]any)["id"].(string)
}

// TestATillsDraftIsNoOrder: it is not in the order book, and so are its items
// not.
func TestATillsDraftIsNoOrder(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		b := newBook(t, s)
		var draft sale.Sale
		s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
			items, err := catalog.ListItems(tx, catalog.ItemFilter{Kind: catalog.SKU})
			if err != nil {
				return err
			}
			walkIn, err := party.EnsureDefault(tx)
			if err != nil {
				return err
			}
			l := sale.DraftLine{LineHead: sale.LineHead{Item: items[0].ID, Quantity: dec.One}}
			list, err := sale.Create(tx, sale.New{Head: sale.Head{Origin: sale.POS, Status: sale.Draft, Location: s.Acme.Location, Party: walkIn.ID}, Lines: []sale.DraftLine{l, l}})
			if err == nil {
				draft = list[0]
			}
			return err
		})
		order := "/api/sales-orders/" + wire.UUID{Kind: wire.KindSale, ID: draft.ID}.String()
		item := "/api/sales-order-items/" + wire.UUID{Kind: wire.KindSaleLine, ID: draft.Lines[0].ID}.String()
		for _, r := range []struct{ method, path, body string }{
			{"GET", order, ""}, {"PATCH", order, `{"notes":"x"}`}, {"DELETE", order, ""}, {"GET", order + "/items", ""},
			{"POST", order + "/items", `{"skuId":"` + b.ale + `","quantity":1}`}, {"POST", order + "/notes", `{"body":"x"}`}, {"GET", order + "/notes", ""},
			{"PATCH", item, `{"quantity":3}`}, {"DELETE", item, ""},
		} {
			if status, out := call(t, s, r.method, r.path, r.body); status != 404 {
				t.Errorf("%s %s: %d %v", r.method, r.path, status, out)
			}
		}
		s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
			got, err := sale.Get(tx, draft.ID)
			if err == nil && (len(got.Lines) != 2 || got.Lines[0].Quantity != dec.One) {
				t.Errorf("the draft has %+v", got.Lines)
			}
			return err
		})
	})
}

// TestAnOrderChangedAtOnce lets everything happen to one order at once: every
// request is either carried out or refused in the face's words, and in the end
// the ledger has what the order says.
func TestAnOrderChangedAtOnce(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		b := newBook(t, s)
		for try := range 6 {
			id, item := b.order(t, s, []string{"Received", "Entered", "Shipped"}[try%3])
			order, line := "/api/sales-orders/"+id, "/api/sales-order-items/"+item
			steps := []struct{ method, path, body string }{
				{"PATCH", order, `{"status":"Entered"}`}, {"PATCH", order, `{"status":"Shipped"}`}, {"PATCH", order, `{"status":"Received"}`},
				{"PATCH", order, `{"notes":"x"}`}, {"PATCH", line, `{"quantity":3}`}, {"PATCH", line, `{"unitPrice":5}`},
				{"POST", order + "/items", `{"skuId":"` + b.ale + `","quantity":2}`}, {"DELETE", line, ""}, {"POST", order + "/notes", `{"body":"x"}`},
				{"PATCH", order, `{"fulfillmentLocationId":null}`},
			}
			if try >= 3 {
				steps = append(steps, struct{ method, path, body string }{"DELETE", order, ""})
			}
			together(len(steps), func(i int) {
				status, out := call(t, s, steps[i].method, steps[i].path, steps[i].body)
				if status >= 300 && status != 404 && status != 409 || status == 409 && out["error"].(map[string]any)["code"] != "invalid_transition" {
					t.Errorf("%s %s %s: %d %v", steps[i].method, steps[i].path, steps[i].body, status, out)
				}
			})
			hand, promised := 10.0, 0.0
			if status, out := call(t, s, "GET", order, ""); status == 200 {
				for _, l := range out["items"].([]any) {
					promised += l.(map[string]any)["quantity"].(float64)
				}
				if head := out["salesOrder"].(map[string]any); head["fulfillmentStatus"] == "Fulfilled" {
					hand, promised = hand-promised, 0
				}
			}
			var got stock.Balance
			s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
				list, err := stock.Balances(tx, stock.Filter{})
				if err != nil {
					return err
				}
				got = list[0]
				a, _, err := stock.Audit(tx)
				if err != nil {
					return err
				}
				m, _, err := money.Audit(tx)
				if len(a)+len(m) > 0 {
					t.Errorf("audit: %v %v", a, m)
				}
				return err
			})
			if got.OnHand.String() != fmt.Sprint(hand) || (got.Demand+got.Allocated).String() != fmt.Sprint(promised) {
				t.Errorf("on hand %s, want %v; promised %s, want %v", got.OnHand, hand, got.Demand+got.Allocated, promised)
			}
			call(t, s, "DELETE", order, "")
		}
	})
}
