package catalog_test

import (
	"testing"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/core/catalog"
)

// The first shirt makes the template Size; the second finds it, in any case,
// and adds the value that is new.
func TestNamedAxesHaveTemplates(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		setup(t, d)
		shirt := func(axis string, sizes ...string) catalog.Product {
			v := catalog.Variation{Name: axis}
			for _, s := range sizes {
				v.Items = append(v.Items, catalog.Variant{Item: catalog.Item{VariationName: s}})
			}
			return catalog.Product{Type: catalog.Variable, Variations: []catalog.Variation{v}}
		}
		first, second := shirt("Size", "S", "M"), shirt(" size ", "m", "XL")
		plain := catalog.Product{Type: catalog.Single, Variations: []catalog.Variation{{Items: []catalog.Variant{{}}}}}
		var list []catalog.Template
		dbtest.Do(t, d, func(tx *db.Tx) error {
			for _, p := range []*catalog.Product{&first, &second, &plain} {
				if err := catalog.FillTemplates(tx, p); err != nil {
					return err
				}
			}
			var err error
			list, err = catalog.ListTemplates(tx)
			return err
		})
		if len(list) != 1 || list[0].Name != "Size" || len(list[0].Values) != 3 || list[0].Values[0].Name != "S" || list[0].Values[1].Name != "M" || list[0].Values[2].Name != "XL" {
			t.Fatalf("templates are %+v", list)
		}
		a, b := first.Variations[0], second.Variations[0]
		if a.Template != list[0].ID || b.Template != list[0].ID || a.Items[1].VariationValue != list[0].Values[1].ID || b.Items[0].VariationValue != a.Items[1].VariationValue ||
			b.Items[1].VariationValue != list[0].Values[2].ID || plain.Variations[0].Template != 0 {
			t.Errorf("the first is %+v, the second %+v", a, b)
		}
	})
}
