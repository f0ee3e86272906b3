package maker_test

import (
	"fmt"
	"strings"
	"testing"

	"storehouse/base/db"
	"storehouse/contract/stage"
	"storehouse/core/party"
	"storehouse/face/wire"
)

// TestRolesAndReferencesDoNotRace takes a role away from a party that has two,
// while something comes to refer to it in that role. The row stays, so no
// foreign key stands between them; the two are never both good all the same.
func TestRolesAndReferencesDoNotRace(t *testing.T) {
	taken, given := 0, 0
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		spell := strings.NewReplacer("{retail}", made(t, s, "/api/customer-types", `{"name":"Retail"}`), "{channel}", made(t, s, "/api/order-channels", `{"name":"Mail"}`))
		for _, r := range []struct{ role, path, body string }{
			{"customers", "/api/sales-orders", `{"customerId":"%s","channelId":"{channel}","fulfillmentStatus":"Pending","mabd":"2026-03-01","status":"Received","items":[]}`},
			{"customers", "/api/customers", `{"name":"Branch","typeId":"{retail}","parentId":"%s"}`},
			{"vendors", "/api/purchase-orders", `{"vendorId":"%s","targetType":"materials","status":"Planning","items":[]}`},
		} {
			for try := range 12 {
				var both int64
				s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
					p, err := party.Create(tx, party.Party{Name: fmt.Sprint("Both ", try), IsCustomer: true, IsVendor: true})
					both = p.ID
					return err
				})
				id := wire.UUID{Kind: wire.KindParty, ID: both}.String()
				var status [2]int
				var out [2]map[string]any
				together(2, func(i int) {
					if i == 0 == (try%2 == 0) { // each begins as often as the other
						status[0], out[0] = call(t, s, "DELETE", "/api/"+r.role+"/"+id, "")
					} else {
						status[1], out[1] = call(t, s, "POST", r.path, fmt.Sprintf(spell.Replace(r.body), id))
					}
				})
				switch {
				case status[0] == 200 && (status[1] == 400 || status[1] == 404):
					taken++
				case status[0] == 409 && status[1] == 201:
					given++
				default:
					t.Errorf("DELETE /api/%s: %d %v; POST %s: %d %v", r.role, status[0], out[0], r.path, status[1], out[1])
				}
			}
		}
	})
	t.Logf("the role was taken %d times, and referred to %d times", taken, given)
	if taken == 0 || given == 0 {
		t.Error("they did not race")
	}
}
