package maker_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/contract/stage"
	"storehouse/core/money"
	"storehouse/core/party"
	"storehouse/core/points"
	"storehouse/face/wire"
)

// TestCustomersInTheLedgersStay deletes customers to whom nothing refers but a
// ledger: the refusal says which, and with how many entries.
func TestCustomersInTheLedgersStay(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		for kind, refer := range map[string]func(*db.Tx, int64) error{
			"moneyEntries": func(tx *db.Tx, id int64) error {
				return money.Post(tx, nil, []money.Entry{{Account: money.Of(id), Event: money.Opening, Amount: dec.Must("7"), Doc: money.Doc{Type: "opening", ID: id}}})
			},
			"pointsEntries": func(tx *db.Tx, id int64) error {
				_, err := points.Post(tx, points.Entry{Party: id, Event: points.Give, Points: dec.Must("7")})
				return err
			},
		} {
			var id int64
			s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
				p, err := party.Create(tx, party.Party{Name: kind, IsCustomer: true})
				if id = p.ID; err != nil {
					return err
				}
				return refer(tx, id)
			})
			status, out := call(t, s, "DELETE", "/api/customers/"+wire.UUID{Kind: wire.KindParty, ID: id}.String(), "")
			fault, _ := out["error"].(map[string]any)
			details, _ := fault["details"].(map[string]any)
			for name, n := range details {
				if n == 0.0 {
					delete(details, name)
				}
			}
			if diff := cmp.Diff(map[string]any{kind: 1.0}, details); status != 409 || fault["code"] != "in_use" || diff != "" {
				t.Errorf("DELETE of a customer with %s: %d %v %s", kind, status, out, diff)
			}
		}
	})
}
