package maker_test

import (
	"fmt"
	"strings"
	"testing"

	"storehouse/base/db"
	"storehouse/contract/stage"
	"storehouse/core/stock"
	"storehouse/face/wire"
)

// referral is a way in which something comes to refer to master data: made
// names the thing that is deleted, and it stands for {made} in the request
// that refers to it.
type referral struct {
	make, body string // creates what is deleted, at the path under which it is deleted
	path, ref  string // refers to it
}

// referrals are one or more for each kind of master data.
var referrals = []referral{
	{"/api/locations", `{"name":"L#"}`, "/api/work-orders", `{"status":"Entered","workSiteLocationId":"{made}","items":[]}`},
	{"/api/locations", `{"name":"L#"}`, "/api/purchase-orders", `{"vendorId":"{vendor}","targetType":"materials","status":"Placed","shipToLocationId":"{made}","items":[{"materialId":"{malt}","quantity":1}]}`},
	{"/api/locations", `{"name":"L#"}`, "/api/sales-orders", `{"customerId":"{customer}","channelId":"{channel}","fulfillmentStatus":"Pending","mabd":"2026-03-01","status":"Entered","fulfillmentLocationId":"{made}","items":[{"skuId":"{ale}","quantity":1}]}`},
	{"/api/locations", `{"name":"L#"}`, "/api/inventory/materials/adjustments", `{"materialId":"{malt}","locationId":"{made}","quantity":1}`},
	{"/api/vendors", `{"name":"V#"}`, "/api/purchase-orders", `{"vendorId":"{made}","targetType":"materials","status":"Planning","items":[]}`},
	{"/api/vendors", `{"name":"V#"}`, "/api/contacts/{person}/links", `{"entityType":"vendor","entityId":"{made}"}`},
	{"/api/materials", `{"code":"M#","name":"M","typeId":"{maltType}"}`, "/api/purchase-orders", `{"vendorId":"{vendor}","targetType":"materials","status":"Placed","items":[{"materialId":"{made}","quantity":1}]}`},
	{"/api/materials", `{"code":"M#","name":"M","typeId":"{maltType}"}`, "/api/inventory/materials/adjustments", `{"materialId":"{made}","locationId":"{here}","quantity":1}`},
	{"/api/materials", `{"code":"M#","name":"M","typeId":"{maltType}"}`, "/api/boms", `{"outputSkuId":"{fresh}","items":[{"materialId":"{made}","quantity":1}]}`},
	{"/api/material-types", `{"name":"T#"}`, "/api/materials", `{"code":"N#","name":"M","typeId":"{made}"}`},
	{"/api/skus", `{"code":"S#","name":"S","typeId":"{aleType}"}`, "/api/sales-orders", `{"customerId":"{customer}","channelId":"{channel}","fulfillmentStatus":"Pending","mabd":"2026-03-01","status":"Received","items":[{"skuId":"{made}","quantity":1}]}`},
	{"/api/skus", `{"code":"S#","name":"S","typeId":"{aleType}"}`, "/api/production-orders", `{"status":"Placed","locationId":"{here}","items":[{"skuId":"{made}","quantity":1}]}`},
	{"/api/skus", `{"code":"S#","name":"S","typeId":"{aleType}"}`, "/api/boms", `{"outputSkuId":"{fresh}","items":[{"skuId":"{made}","quantity":1}]}`},
	{"/api/sku-types", `{"name":"T#"}`, "/api/skus", `{"code":"R#","name":"S","typeId":"{made}"}`},
	{"/api/customers", `{"name":"C#","typeId":"{retail}"}`, "/api/sales-orders", `{"customerId":"{made}","channelId":"{channel}","fulfillmentStatus":"Pending","mabd":"2026-03-01","status":"Received","items":[]}`},
	{"/api/customers", `{"name":"C#","typeId":"{retail}"}`, "/api/contacts/{person}/links", `{"entityType":"customer","entityId":"{made}"}`},
	{"/api/customer-types", `{"name":"T#"}`, "/api/customers", `{"name":"D#","typeId":"{made}"}`},
	{"/api/customer-segments", `{"name":"T#"}`, "/api/customers", `{"name":"E#","typeId":"{retail}","segmentId":"{made}"}`},
	{"/api/brokers", `{"name":"T#"}`, "/api/customers", `{"name":"F#","typeId":"{retail}","brokerId":"{made}"}`},
	{"/api/brokers", `{"name":"T#"}`, "/api/sales-orders", `{"customerId":"{customer}","channelId":"{channel}","brokerId":"{made}","fulfillmentStatus":"Pending","mabd":"2026-03-01","status":"Received","items":[]}`},
	{"/api/order-channels", `{"name":"T#"}`, "/api/sales-orders", `{"customerId":"{customer}","channelId":"{made}","fulfillmentStatus":"Pending","mabd":"2026-03-01","status":"Received","items":[]}`},
	{"/api/contacts", `{"firstName":"P#"}`, "/api/contacts/{made}/methods", `{"type":"email","value":"p#@people.example"}`},
	{"/api/contacts", `{"firstName":"P#"}`, "/api/contacts/{made}/links", `{"entityType":"vendor","entityId":"{vendor}"}`},
}

// TestDeletesAndReferencesDoNotRace deletes master data while something comes
// to refer to it. Either the delete is refused, or the reference is, each in
// the face's words; the two are never both good, and nothing is an error of
// ours. An order channel in use is switched off instead, and what belongs to a
// contact or links to a party goes with it.
func TestDeletesAndReferencesDoNotRace(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		words := []string{"{here}", wire.UUID{Kind: wire.KindLocation, ID: s.Acme.Location}.String()}
		know := func(word, path, body string) {
			words = append(words, "{"+word+"}", made(t, s, path, strings.NewReplacer(words...).Replace(body)))
		}
		know("vendor", "/api/vendors", `{"name":"Maltings"}`)
		know("maltType", "/api/material-types", `{"name":"Malts"}`)
		know("aleType", "/api/sku-types", `{"name":"Ales"}`)
		know("malt", "/api/materials", `{"code":"MALT","name":"Malt","typeId":"{maltType}"}`)
		know("ale", "/api/skus", `{"code":"ALE","name":"Ale","typeId":"{aleType}"}`)
		know("retail", "/api/customer-types", `{"name":"Retail"}`)
		know("customer", "/api/customers", `{"name":"Shop","typeId":"{retail}"}`)
		know("channel", "/api/order-channels", `{"name":"Mail"}`)
		know("person", "/api/contacts", `{"firstName":"Ann"}`)
		refused, given := 0, 0
		for n, r := range referrals {
			for try := range 6 {
				mark := fmt.Sprint(n, "-", try)
				words := append(words[:len(words):len(words)], "#", mark)
				if strings.Contains(r.ref, "{fresh}") {
					words = append(words, "{fresh}", made(t, s, "/api/skus", strings.NewReplacer(words...).Replace(`{"code":"X#","name":"X","typeId":"{aleType}"}`)))
				}
				id := made(t, s, r.make, strings.NewReplacer(words...).Replace(r.body))
				words = append(words, "{made}", id)
				spell := strings.NewReplacer(words...)
				if try == 0 { // nobody deletes it
					if status, out := call(t, s, "POST", spell.Replace(r.path), spell.Replace(r.ref)); status != 201 {
						t.Errorf("POST %s %s: %d %v", r.path, r.ref, status, out)
					}
					continue
				}
				deleted, referred := r.race(t, s, id, spell.Replace(r.path), spell.Replace(r.ref))
				if !deleted {
					refused++
				}
				if !referred {
					given++
				}
			}
		}
		t.Logf("%d deletes were refused, %d references", refused, given)
		if refused == 0 || given == 0 {
			t.Errorf("%d deletes were refused and %d references: they did not race", refused, given)
		}
		s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
			diff, _, err := stock.Audit(tx)
			if len(diff) > 0 {
				t.Error(diff)
			}
			return err
		})
	})
}

// race lets a delete and a reference meet, and reports which were good.
func (r referral) race(t *testing.T, s *stage.Stage, id, path, body string) (deleted, referred bool) {
	t.Helper()
	var status [2]int
	var out [2]map[string]any
	together(2, func(i int) {
		if i == 0 {
			status[0], out[0] = call(t, s, "DELETE", r.make+"/"+id, "")
		} else {
			status[1], out[1] = call(t, s, "POST", path, body)
		}
	})
	deleted, referred = status[0] == 200 && out[0]["deletedId"] != nil, status[1] == 201
	code := func(i int) any {
		e, _ := out[i]["error"].(map[string]any)
		return e["code"]
	}
	switched := r.make == "/api/order-channels" && status[0] == 200 && out[0]["isActive"] == false
	if !deleted && !switched && (status[0] != 409 || code(0) != "in_use") {
		t.Errorf("DELETE %s while POST %s: %d %v", r.make, path, status[0], out[0])
	}
	if !referred && (status[1] != 400 || code(1) != "validation_failed") && (status[1] != 404 || code(1) != "not_found") {
		t.Errorf("POST %s %s while it is deleted: %d %v", path, body, status[1], out[1])
	}
	together := r.make == "/api/contacts" || strings.HasSuffix(path, "/links")
	if deleted && referred && !together {
		t.Errorf("%s was deleted, and %s %s refers to it", r.make, path, body)
	}
	return deleted || switched, referred
}

// made creates something and returns its id.
func made(t *testing.T, s *stage.Stage, path, body string) string {
	t.Helper()
	status, out := call(t, s, "POST", path, body)
	id, _ := out["id"].(string)
	if status != 201 || id == "" {
		t.Fatalf("POST %s %s: %d %v", path, body, status, out)
	}
	return id
}
