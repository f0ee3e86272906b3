package native_test

import (
	"strings"
	"testing"
	"time"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/base/job"
	"storehouse/contract"
	"storehouse/contract/stage"
	"storehouse/core/catalog"
	"storehouse/core/connect"
	"storehouse/core/lookup"
	"storehouse/core/org"
	"storehouse/core/stock"
	"storehouse/face/native"
	"storehouse/face/wire"
)

// cast gives Acme one SKU: 10 received at 2.00 yesterday, 4 taken out today.
func cast(t *testing.T, s *stage.Stage) {
	if strings.HasSuffix(t.Name(), "/shop") || strings.HasSuffix(t.Name(), "/loyalty") {
		defer trade(t, s)
	}
	for _, series := range []string{"holiday", "discount", "shift", "attendance"} {
		s.Do(t, 0, func(tx *db.Tx) error { return tx.Reserve(series) })
	}
	s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
		_, err := job.Add(tx, job.Job{Kind: "push", Args: `{"order":7}`})
		return err
	})
	s.Do(t, s.Rival.Org, func(tx *db.Tx) error {
		_, err := job.Add(tx, job.Job{Kind: "push"})
		return err
	})
	for _, c := range []stage.Company{s.Acme, s.Rival} {
		s.Do(t, c.Org, func(tx *db.Tx) error {
			kind, err := lookup.Ensure(tx, lookup.SKUType, "Goods")
			if err != nil {
				return err
			}
			i, err := catalog.CreateItem(tx, catalog.SKU, catalog.Item{Type: kind.ID, Code: "A", Name: "Thing", ItemsPerUnit: 1, IsActive: true})
			if err != nil {
				return err
			}
			if c.Org == s.Acme.Org {
				s.Vars["item_uuid"] = wire.UUID{Kind: wire.KindItem, ID: i.ID}.String()
			}
			cost := dec.Int(2)
			if _, err := stock.Post(tx, stock.Policy{}, stock.Entry{Item: i.ID, Location: c.Location, Event: stock.Receive, Quantity: dec.Int(10), UnitCost: &cost,
				EventDate: dbtest.Now.Add(-24 * time.Hour), Doc: stock.Doc{Type: "purchase_receipt", ID: 3}}); err != nil {
				return err
			}
			_, err = stock.Post(tx, stock.Policy{}, stock.Entry{Item: i.ID, Location: c.Location, Event: stock.Consume, Quantity: dec.Int(4), Doc: stock.Doc{Type: "sale", ID: 9}, Line: 5})
			return err
		})
	}
}

// trade gives Acme a shop with one delivery, and a loyalty programme.
func trade(t *testing.T, s *stage.Stage) {
	for _, series := range []string{"portal_user", "shop_delivery", "loyalty_program", "loyalty_coupon"} {
		s.Do(t, 0, func(tx *db.Tx) error { return tx.Reserve(series) })
	}
	s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
		p, _, err := org.CreatePortalUser(tx, org.PortalUser{Email: "shop@acme.example", Name: "Acme shop", Settings: "{}"}, "hash")
		if err != nil {
			return err
		}
		a, err := connect.Read(connect.Deleted, []byte(`{"id":727}`), "d1")
		if err != nil {
			return err
		}
		if err := a.Take(tx, p.ID); err != nil {
			return err
		}
		_, _, err = org.CreateProgram(tx, "CONTEST", "", "")
		return err
	})
}

func TestExchanges(t *testing.T) {
	seen := stage.Replay(t, "testdata/*.txt", cast)
	var all []string
	for _, r := range native.New(native.Deps{}).Routes {
		if r.Path != "/metrics" { // what it says is different every time; see the command's test
			all = append(all, r.Method+" "+r.Path)
		}
	}
	contract.Covers(t, all, seen)
}
