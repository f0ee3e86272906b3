package maker_test

import (
	"cmp"
	"fmt"
	"strings"
	"testing"

	"storehouse/contract/stage"
)

// patched are rows of master data, each with two fields that two clients
// change at once; at is where a row is changed, if not below the path where it
// is made.
var patched = []struct{ path, body, at, one, two string }{
	{"/api/locations", `{"name":"Barn"}`, "", "city", "notes"},
	{"/api/vendors", `{"name":"Maltings"}`, "", "city", "notes"},
	{"/api/customers", `{"name":"Shop","typeId":"{retail}"}`, "", "address", "notes"},
	{"/api/materials", `{"code":"MALT","name":"Malt","typeId":"{malts}"}`, "", "name", "notes"},
	{"/api/skus", `{"code":"ALE","name":"Ale","typeId":"{ales}"}`, "", "qboId", "notes"},
	{"/api/sku-types", `{"name":"Beers"}`, "", "name", "sortOrder"},
	{"/api/contacts", `{"firstName":"Ann"}`, "", "title", "notes"},
	{"/api/contacts/{person}/methods", `{"type":"phone","value":"1"}`, "/api/contact-methods", "value", "label"},
	{"/api/contacts/{person}/links", `{"entityType":"vendor","entityId":"{vendor}"}`, "/api/contact-links", "role", "notes"},
	{"", "", "/api/organizations/current", "city", "legalName"}, // it is there
}

// TestPatchesKeepWhatTheyDoNotName lets two PATCHes of one row meet, each of
// another field. Both are good, so both fields must have the new values.
func TestPatchesKeepWhatTheyDoNotName(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		spell := strings.NewReplacer("{malts}", made(t, s, "/api/material-types", `{"name":"Malts"}`),
			"{retail}", made(t, s, "/api/customer-types", `{"name":"Retail"}`), "{ales}", made(t, s, "/api/sku-types", `{"name":"Ales"}`),
			"{person}", made(t, s, "/api/contacts", `{"firstName":"Eva"}`), "{vendor}", made(t, s, "/api/vendors", `{"name":"Hops"}`))
		for _, p := range patched {
			row := p.at
			if p.body != "" {
				row = cmp.Or(p.at, p.path) + "/" + made(t, s, spell.Replace(p.path), spell.Replace(p.body))
			}
			lost := 0
			for try := range 15 {
				want := []any{fmt.Sprint("v", try), fmt.Sprint("v", try)}
				bodies := []string{fmt.Sprintf(`{%q:"v%d"}`, p.one, try), fmt.Sprintf(`{%q:"v%d"}`, p.two, try)}
				if p.two == "sortOrder" {
					want[1], bodies[1] = float64(try+1), fmt.Sprintf(`{"sortOrder":%d}`, try+1)
				}
				together(2, func(i int) {
					if status, out := call(t, s, "PATCH", row, bodies[i]); status != 200 {
						t.Errorf("PATCH %s %s: %d %v", row, bodies[i], status, out)
					}
				})
				_, out := call(t, s, "PATCH", row, `{}`)
				if o, ok := out["organization"].(map[string]any); ok {
					out = o
				}
				if out[p.one] != want[0] || out[p.two] != want[1] {
					lost++
				}
			}
			if lost > 0 {
				t.Errorf("PATCH %s: %d of 15 pairs lost a change", p.path, lost)
			}
		}
	})
}

// TestAChannelIsRenamedWhileItIsSwitched lets a rename meet a delete that only
// switches the channel off, and a reactivation: both must stay.
func TestAChannelIsRenamedWhileItIsSwitched(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		b := newBook(t, s)
		b.order(t, s, "Received")
		channel, lost := "/api/order-channels/"+b.phone, 0
		for try := range 30 {
			name := fmt.Sprint("Phone ", try)
			method, path := "DELETE", channel
			if try%2 == 1 {
				method, path = "POST", channel+"/reactivate"
			}
			together(2, func(i int) {
				var status int
				var out map[string]any
				if i == 0 {
					status, out = call(t, s, "PATCH", channel, `{"name":"`+name+`"}`)
				} else {
					status, out = call(t, s, method, path, "")
				}
				if status != 200 {
					t.Errorf("%d %v", status, out)
				}
			})
			if _, out := call(t, s, "PATCH", channel, `{}`); out["name"] != name || out["isActive"] != (try%2 == 1) {
				lost++
			}
		}
		if lost > 0 {
			t.Errorf("%d of 30 pairs lost a change", lost)
		}
	})
}
