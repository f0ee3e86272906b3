package maker_test

import (
	"fmt"
	"net/http/httptest"
	"testing"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/contract/stage"
	"storehouse/core/catalog"
	"storehouse/core/lookup"
	"storehouse/core/stock"
)

// BenchmarkSummary streams 50,000 balances.
func BenchmarkSummary(b *testing.B) {
	s := stage.New(b, dbtest.SQLite(b))
	const count = 50_000
	s.Do(b, s.Acme.Org, func(tx *db.Tx) error {
		t, err := lookup.Ensure(tx, lookup.MaterialType, "Malts")
		if err != nil {
			return err
		}
		items := make([]catalog.Item, count)
		for i := range items {
			items[i] = catalog.Item{Code: fmt.Sprint("M-", i), Name: "Malt", Type: t.ID}
		}
		list, err := catalog.ImportItems(tx, catalog.Material, items)
		if err != nil {
			return err
		}
		entries := make([]stock.Entry, count)
		cost := dec.Must("1.25")
		for i, v := range list {
			entries[i] = stock.Entry{Event: stock.Adjust, Item: v.Item.ID, Location: s.Acme.Location, Quantity: dec.Must("12.5"), UnitCost: &cost, Doc: stock.Doc{Type: "adjustment"}}
		}
		_, err = stock.Post(tx, stock.Policy{}, entries...)
		return err
	})
	for b.Loop() {
		r := httptest.NewRequest("GET", "/api/inventory/materials/summary", nil)
		r.Header = s.As[""]
		w := httptest.NewRecorder()
		s.Handler.ServeHTTP(w, r)
		if w.Code != 200 || w.Body.Len() < count*200 {
			b.Fatalf("%d, %d bytes", w.Code, w.Body.Len())
		}
	}
}
