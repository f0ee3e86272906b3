package maker_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/contract/stage"
	"storehouse/core/catalog"
	"storehouse/core/dining"
	"storehouse/core/money"
	"storehouse/core/org"
	"storehouse/core/staff"
	"storehouse/face/wire"
)

// TestLocationUsageCountsTheTill asks of locations that only the till refers
// to: the usage and the refused delete both say what it is.
func TestLocationUsageCountsTheTill(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		for kind, refer := range map[string]func(*db.Tx, int64) error{
			"cashRegisters": func(tx *db.Tx, at int64) error {
				_, err := money.OpenRegister(tx, money.CashRegister{Location: at, User: s.Acme.Users["owner"], IsOpen: true}, 0)
				return err
			},
			"diningTables": func(tx *db.Tx, at int64) error {
				_, err := dining.CreateTable(tx, dining.Table{Location: at, Name: "Window"})
				return err
			},
			"discounts": func(tx *db.Tx, at int64) error {
				_, err := catalog.CreateDiscount(tx, catalog.Discount{Name: "Happy hour", Location: at, Type: "percentage", Amount: dec.D(1)})
				return err
			},
			"holidays": func(tx *db.Tx, at int64) error {
				_, err := staff.CreateHoliday(tx, staff.Holiday{Name: "May Day", Start: "2026-05-01", End: "2026-05-01", Location: at})
				return err
			},
		} {
			var at int64
			s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
				l, err := org.CreateLocation(tx, org.Location{Name: kind})
				if at = l.ID; err != nil {
					return err
				}
				return refer(tx, at)
			})
			path := "/api/locations/" + wire.UUID{Kind: wire.KindLocation, ID: at}.String()
			want := map[string]any{kind: 1.0}
			_, out := call(t, s, "GET", path+"/usage", "")
			if diff := cmp.Diff(map[string]any{"inUse": true, "references": want}, out); diff != "" {
				t.Error(diff)
			}
			status, out := call(t, s, "DELETE", path, "")
			fault, _ := out["error"].(map[string]any)
			if status != 409 || fault["code"] != "in_use" || !cmp.Equal(fault["details"], any(want)) {
				t.Errorf("DELETE of a location with %s: %d %v", kind, status, out)
			}
		}
	})
}
