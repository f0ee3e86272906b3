package pos_test

import (
	"fmt"
	"io"
	"net/http"
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

// fillShop fills acme with n single products in brands and categories, each with
// stock at two locations and a group price.
func fillShop(b *testing.B, s *stage.Stage, n int) {
	b.Helper()
	var brand, category, group, tax int64
	s.Do(b, s.Acme.Org, func(tx *db.Tx) error {
		for kind, to := range map[lookup.Kind]*int64{lookup.Brand: &brand, lookup.Category: &category, lookup.PriceGroup: &group} {
			e, err := lookup.Create(tx, lookup.Entry{Kind: kind, Name: "One"})
			if err != nil {
				return err
			}
			*to = e.ID
		}
		t, err := catalog.CreateTax(tx, catalog.Tax{Name: "VAT", Amount: dec.Int(10)})
		tax = t.ID
		return err
	})
	for from := 0; from < n; from += 1000 {
		s.Do(b, s.Acme.Org, func(tx *db.Tx) error {
			u, err := catalog.DefaultUnit(tx)
			if err != nil {
				return err
			}
			list := make([]catalog.Product, 1000)
			for i := range list {
				v := item("", "10", "12.5")
				v.Prices = []catalog.Price{{Group: group, Amount: dec.Int(11)}}
				list[i] = catalog.Product{Type: catalog.Single, Name: fmt.Sprintf("Product %d", from+i), Brand: brand, Category: category, Unit: u.ID, Tax: tax,
					EnableStock: true, Variations: items(v)}
			}
			made, err := catalog.CreateProducts(tx, list)
			if err != nil {
				return err
			}
			var entries []stock.Entry
			for _, m := range made {
				if m.Err != nil {
					return m.Err
				}
				for _, at := range []int64{1, 3} {
					entries = append(entries, stock.Entry{Item: m.Product.Variations[0].Items[0].ID, Location: at, Event: stock.Adjust, Quantity: dec.Int(5)})
				}
			}
			_, err = stock.Post(tx, stock.Policy{}, entries...)
			return err
		})
	}
}

// BenchmarkVariations loads a till: 3,000 of 10,000 variations over HTTP. It
// should take less than 300 ms.
func BenchmarkVariations(b *testing.B) {
	engines := map[string]func(testing.TB) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres}
	for _, engine := range []string{"sqlite", "postgres"} {
		b.Run(engine, func(b *testing.B) {
			s := stage.New(b, engines[engine](b))
			branch(b, s)
			fillShop(b, s, 10_000)
			server := httptest.NewServer(s.Handler)
			defer server.Close()
			for b.Loop() {
				r, err := http.NewRequestWithContext(b.Context(), http.MethodGet, server.URL+"/connector/api/variation?per_page=3000&not_for_selling=0&page=2", nil)
				if err != nil {
					b.Fatal(err)
				}
				r.Header = s.As["pos-owner"].Clone()
				w, err := http.DefaultClient.Do(r)
				if err != nil {
					b.Fatal(err)
				}
				n, err := io.Copy(io.Discard, w.Body)
				_ = w.Body.Close()
				if err != nil || w.StatusCode != http.StatusOK {
					b.Fatal(w.StatusCode, err)
				}
				b.SetBytes(n)
			}
		})
	}
}
