package sync_test

import (
	"encoding/base64"
	"net/http"
	"testing"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/contract"
	"storehouse/contract/stage"
	"storehouse/core/catalog"
	"storehouse/core/lookup"
	"storehouse/core/org"
	"storehouse/core/stock"
)

// cast gives Acme a second godown and three SKUs, two of them with stock, and
// the rival one of the same code with other stock.
func cast(t *testing.T, s *stage.Stage) {
	feed := func(id int64) string {
		var key string
		s.Do(t, id, func(tx *db.Tx) (err error) {
			_, key, err = org.CreateFeedKey(tx, "warehouse")
			return err
		})
		return key
	}
	key := feed(s.Acme.Org)
	s.As[""] = http.Header{"Authorization": {"Bearer " + key}}
	s.As["admin with the key"] = http.Header{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte("admin:"+key))}}
	s.As["guest with the key"] = http.Header{"Authorization": {"Basic " + base64.StdEncoding.EncodeToString([]byte("guest:"+key))}}
	s.As["a wrong key"] = http.Header{"Authorization": {"Bearer " + key[:len(key)-2] + "xx"}}
	s.As["the rival"] = http.Header{"Authorization": {"Bearer " + feed(s.Rival.Org)}}
	var second int64
	s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
		l, err := org.CreateLocation(tx, org.Location{Name: "Karachi Warehouse", Code: "BL0002"})
		second = l.ID
		return err
	})
	s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
		coupon, err := sku(tx, "PTFB04", "SNS Coupon")
		if err != nil {
			return err
		}
		flyer, err := sku(tx, "PFLY12", "SNS Small Flyers (10 x 14)")
		if err != nil {
			return err
		}
		if _, err := sku(tx, "EMPTY1", "Never stocked"); err != nil {
			return err
		}
		cost := dec.One
		_, err = stock.Post(tx, stock.Policy{Allow: true},
			stock.Entry{Item: coupon, Location: second, Event: stock.Consume, Quantity: dec.Int(42893), Doc: stock.Doc{Type: "test", ID: 1}},
			stock.Entry{Item: flyer, Location: s.Acme.Location, Event: stock.Adjust, Quantity: dec.Must("10.25"), UnitCost: &cost, Doc: stock.Doc{Type: "test", ID: 1}},
			stock.Entry{Item: flyer, Location: second, Event: stock.Adjust, Quantity: dec.Int(5), UnitCost: &cost, Doc: stock.Doc{Type: "test", ID: 1}})
		return err
	})
	s.Do(t, s.Rival.Org, func(tx *db.Tx) error {
		id, err := sku(tx, "PTFB04", "The rival's coupon")
		if err != nil {
			return err
		}
		_, err = stock.Post(tx, stock.Policy{}, stock.Entry{Item: id, Location: s.Rival.Location, Event: stock.Adjust, Quantity: dec.Int(7), Doc: stock.Doc{Type: "test", ID: 1}})
		return err
	})
}

func sku(tx *db.Tx, code, name string) (int64, error) {
	kind, err := lookup.Ensure(tx, lookup.SKUType, "Goods")
	if err != nil {
		return 0, err
	}
	i, err := catalog.CreateItem(tx, catalog.SKU, catalog.Item{Type: kind.ID, Code: code, Name: name, ItemsPerUnit: 1, IsActive: true})
	return i.ID, err
}

func TestExchanges(t *testing.T) {
	seen := stage.Replay(t, "testdata/*.txt", cast)
	contract.Covers(t, []string{"GET /admin/indexyii.php"}, seen)
}
