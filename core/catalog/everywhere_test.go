package catalog_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/core/catalog"
	"storehouse/core/org"
)

// TestAProductWithoutLocationsIsOfferedEverywhere follows a product that named
// no locations through a new location, a location that is switched off, a
// change that leaves its locations, and one that names some.
func TestAProductWithoutLocationsIsOfferedEverywhere(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := setup(t, d)
		dbtest.Do(t, d, func(tx *db.Tx) error {
			p, err := catalog.CreateProduct(tx, s.single("E", "Everywhere", "1", "2"))
			if err != nil {
				return err
			}
			second, err := org.CreateLocation(tx, org.Location{Name: "Second"})
			if err != nil {
				return err
			}
			offered := func(want ...int64) {
				t.Helper()
				got, err := catalog.GetProduct(tx, p.ID)
				if diff := cmp.Diff(want, got.Locations); diff != "" || err != nil {
					t.Error(err, diff)
				}
				for _, at := range []int64{s.Location, second.ID} {
					list, err := catalog.ListProducts(tx, catalog.ProductFilter{Location: at})
					n := 0
					for _, l := range want {
						if l == at {
							n = 1
						}
					}
					if err != nil || len(list) != n {
						t.Errorf("at %d: %d products, %v", at, len(list), err)
					}
				}
			}
			offered(s.Location, second.ID)
			update := func(fn func(*catalog.Product)) {
				t.Helper()
				q, err := catalog.GetProduct(tx, p.ID)
				if err != nil {
					t.Fatal(err)
				}
				fn(&q)
				if _, err := catalog.UpdateProduct(tx, q); err != nil {
					t.Fatal(err)
				}
			}
			update(func(p *catalog.Product) { p.Name = "Still everywhere" })
			second.IsActive = false
			if second, err = org.UpdateLocation(tx, second); err != nil {
				return err
			}
			offered(s.Location)
			second.IsActive = true
			if second, err = org.UpdateLocation(tx, second); err != nil {
				return err
			}
			offered(s.Location, second.ID)
			update(func(p *catalog.Product) { p.Locations = []int64{second.ID} })
			offered(second.ID)
			if _, err := org.CreateLocation(tx, org.Location{Name: "Third"}); err != nil {
				return err
			}
			offered(second.ID)
			update(func(p *catalog.Product) { p.Locations = nil })
			offered()
			return nil
		})
	})
}
