package catalog_test

import (
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/lookup"
)

func (s stock) combo(code string, parts ...catalog.ComboPart) catalog.Product {
	p := s.single(code, "Gift box", "100", "150")
	p.Type, p.Variations[0].Items[0].Parts = catalog.Combo, parts
	return p
}

// shelf makes a single product, a variable one, a combo of half a dozen of the
// first with a service, and the service.
func (s stock) shelf(t *testing.T, d *db.DB) (crew, jeans, combo, service catalog.Product) {
	t.Helper()
	dbtest.Do(t, d, func(tx *db.Tx) (err error) {
		if crew, err = catalog.CreateProduct(tx, s.single("AS1", "Crew", "130", "130")); err != nil {
			return err
		}
		if jeans, err = catalog.CreateProduct(tx, s.variable("AS2", "28", "30")); err != nil {
			return err
		}
		labour := s.single("LAB", "Labour", "0", "50")
		labour.EnableStock, labour.NotForSelling, labour.IsInactive = false, true, true
		if service, err = catalog.CreateProduct(tx, labour); err != nil {
			return err
		}
		combo, err = catalog.CreateProduct(tx, s.combo("BOX", catalog.ComboPart{Item: item(crew, 0).ID, Unit: s.Dozen, Quantity: dec.Must("0.5")},
			catalog.ComboPart{Item: item(service, 0).ID, Quantity: dec.Int(1)}))
		return err
	})
	return crew, jeans, combo, service
}

func TestSellables(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := setup(t, d)
		crew, jeans, combo, service := s.shelf(t, d)
		statements := func(items, products []int64) (byItem map[int64]catalog.Sellable, byProduct map[int64][]int64, n int64) {
			before, _ := d.Counts()
			dbtest.See(t, d, func(tx *db.Tx) (err error) {
				byItem, byProduct, err = catalog.Sellables(tx, items, products)
				return err
			})
			after, _ := d.Counts()
			return byItem, byProduct, after - before
		}
		byItem, byProduct, n := statements([]int64{item(crew, 0).ID, item(crew, 0).ID, 999, 0}, []int64{jeans.ID})
		if n != 1 || len(byItem) != 3 {
			t.Errorf("%d statements, %d items; want 1 and 3", n, len(byItem))
		}
		if diff := cmp.Diff(map[int64][]int64{crew.ID: {item(crew, 0).ID}, jeans.ID: {item(jeans, 0).ID, item(jeans, 1).ID}}, byProduct); diff != "" {
			t.Error(diff)
		}
		want := catalog.Sellable{Item: item(crew, 0).ID, Product: crew.ID, Code: "AS1", Name: "Crew", ProductName: "Crew", ProductType: catalog.Single, Kind: catalog.SKU, VariationName: "DUMMY",
			EnableStock: true, IsActive: true, Tax: s.Tax, Unit: s.Pieces, TaxPercent: dec.Int(10), SellPrice: dec.Int(130), SellPriceIncTax: dec.Int(143), PurchasePrice: dec.Int(130), PurchasePriceIncTax: dec.Int(143)}
		if diff := cmp.Diff(want, byItem[item(crew, 0).ID]); diff != "" {
			t.Error(diff)
		}
		byItem, _, n = statements([]int64{item(combo, 0).ID, item(service, 0).ID}, nil)
		if n != 2 {
			t.Errorf("%d statements with a combo, want 2", n)
		}
		// Half a dozen of six pieces, and one hour that is not stocked.
		parts := []catalog.Component{{Item: item(crew, 0).ID, Product: crew.ID, Quantity: dec.Int(6), EnableStock: true}, {Item: item(service, 0).ID, Product: service.ID, Quantity: dec.Int(1)}}
		if diff := cmp.Diff(parts, byItem[item(combo, 0).ID].Components); diff != "" {
			t.Error(diff)
		}
		if l := byItem[item(service, 0).ID]; l.EnableStock || !l.NotForSelling || l.IsActive {
			t.Errorf("labour = %+v", l)
		}
		dbtest.Do(t, d, func(tx *db.Tx) error {
			if err := catalog.DeleteProduct(tx, crew.ID, nil); !fault.Is(err, fault.InUse) || fault.Of(err).Details["combos"] != int64(1) {
				t.Errorf("delete a part of a combo: %v, want in use", err)
			}
			if _, err := catalog.CreateProduct(tx, s.combo("BOX2", catalog.ComboPart{Item: item(combo, 0).ID, Quantity: dec.Int(1)})); !fault.Is(err, fault.Invalid) {
				t.Errorf("a combo of a combo: %v, want invalid", err)
			}
			codes, err := catalog.ByCodes(tx, catalog.SKU, []string{"AS1", "AS2-2", "nope"})
			if len(codes) != 2 || codes["AS2-2"].ID != item(jeans, 1).ID {
				t.Errorf("by codes = %v", codes)
			}
			if err != nil {
				return err
			}
			return catalog.DeleteProduct(tx, combo.ID, nil)
		})
	})
}

func TestTaxesAndGroups(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := setup(t, d)
		dbtest.Do(t, d, func(tx *db.Tx) error {
			cgst, err := catalog.CreateTax(tx, catalog.Tax{Name: "CGST", Amount: dec.Must("2.5"), ForGroup: true})
			if err != nil {
				return err
			}
			group, err := catalog.CreateTax(tx, catalog.Tax{Name: "GST", Parts: []int64{cgst.ID, s.Tax}})
			if err != nil {
				return err
			}
			if !group.IsGroup || group.Amount != dec.Must("12.5") {
				t.Errorf("group = %+v, want 12.5", group)
			}
			p := s.single("A", "a", "100", "200")
			p.Tax = group.ID
			if p, err = catalog.CreateProduct(tx, p); err != nil {
				return err
			}
			if got := item(p, 0).SellPriceIncTax; got != dec.Int(225) {
				t.Errorf("price with tax = %v, want 225", got)
			}
			cgst.Amount = dec.Int(5) // the group is 15 now, the price 230
			if _, err := catalog.UpdateTax(tx, cgst); err != nil {
				return err
			}
			if p, err = catalog.GetProduct(tx, p.ID); err != nil {
				return err
			}
			taxes, err := catalog.Taxes(tx)
			if err != nil {
				return err
			}
			if taxes[group.ID].Amount != dec.Int(15) || item(p, 0).SellPriceIncTax != dec.Int(230) || item(p, 0).PurchasePriceIncTax != dec.Int(115) {
				t.Errorf("after the change: %v, %v", taxes[group.ID].Amount, item(p, 0).SellPriceIncTax)
			}
			for _, id := range []int64{cgst.ID, group.ID} {
				if err := catalog.DeleteTax(tx, id); !fault.Is(err, fault.InUse) {
					t.Errorf("delete a used tax: %v", err)
				}
			}
			if _, err := catalog.CreateTax(tx, catalog.Tax{Name: "Bad", Parts: []int64{group.ID}}); !fault.Is(err, fault.Invalid) {
				t.Errorf("a group of groups: %v", err)
			}
			return nil
		})
	})
}

func TestUnits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := setup(t, d)
		dbtest.Do(t, d, func(tx *db.Tx) error {
			units, err := catalog.ListUnits(tx)
			if err != nil {
				return err
			}
			if len(units) != 2 || units[0].Multiplier != dec.One || units[1].Base != s.Pieces || units[1].Multiplier != dec.Int(12) {
				t.Errorf("units = %+v", units)
			}
			if err := catalog.DeleteUnit(tx, s.Pieces); !fault.Is(err, fault.InUse) {
				t.Errorf("delete a base unit: %v", err)
			}
			if _, err := catalog.CreateUnit(tx, catalog.Unit{Name: "Gross", Base: s.Dozen, Multiplier: dec.Int(12)}); !fault.Is(err, fault.Invalid) {
				t.Errorf("a base that is not one: %v", err)
			}
			return catalog.DeleteUnit(tx, s.Dozen)
		})
	})
}

func TestModifierSetsAreAttachedAndDetached(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := setup(t, d)
		dbtest.Do(t, d, func(tx *db.Tx) error {
			burger, err := catalog.CreateProduct(tx, s.single("B", "Burger", "1", "5"))
			if err != nil {
				return err
			}
			set, err := catalog.CreateProduct(tx, catalog.Product{Type: catalog.Modifier, Name: "Extras", Variations: []catalog.Variation{{Items: []catalog.Variant{
				{Item: catalog.Item{VariationName: "Ketchup"}}, {Item: catalog.Item{VariationName: "Cheese", SellPrice: dec.Int(2)}}}}}})
			if err != nil {
				return err
			}
			if burger, err = catalog.SetModifierSets(tx, burger.ID, []int64{set.ID}, nil); err != nil || !cmp.Equal(burger.ModifierSets, []int64{set.ID}) {
				t.Errorf("attached %v, %v", burger.ModifierSets, err)
			}
			if err := catalog.DeleteProduct(tx, set.ID, nil); !fault.Is(err, fault.InUse) {
				t.Errorf("delete an attached set: %v", err)
			}
			if _, err = catalog.SetModifierSets(tx, burger.ID, []int64{burger.ID}, nil); !fault.Is(err, fault.Invalid) {
				t.Errorf("attach what is no set: %v", err)
			}
			if burger, err = catalog.SetModifierSets(tx, burger.ID, nil, []int64{set.ID}); err != nil || len(burger.ModifierSets) != 0 {
				t.Errorf("detached %v, %v", burger.ModifierSets, err)
			}
			return catalog.DeleteProduct(tx, set.ID, nil)
		})
	})
}

func TestDiscountsApply(t *testing.T) {
	at := time.Date(2021, 9, 15, 0, 0, 0, 0, time.UTC)
	p := &catalog.Product{Brand: 1, Category: 2, SubCategory: 3}
	base := catalog.Discount{IsActive: true, StartsAt: at.AddDate(0, 0, -1), EndsAt: at.AddDate(0, 0, 1)}
	for name, c := range map[string]struct {
		change func(*catalog.Discount)
		want   bool
	}{
		"everything":      {func(*catalog.Discount) {}, true},
		"off":             {func(d *catalog.Discount) { d.IsActive = false }, false},
		"not yet":         {func(d *catalog.Discount) { d.StartsAt = at.Add(time.Second) }, false},
		"over":            {func(d *catalog.Discount) { d.EndsAt = at.Add(-time.Second) }, false},
		"its items":       {func(d *catalog.Discount) { d.Items = []int64{7} }, true},
		"other items":     {func(d *catalog.Discount) { d.Items = []int64{8} }, false},
		"other brand":     {func(d *catalog.Discount) { d.Brand = 9 }, false},
		"its category":    {func(d *catalog.Discount) { d.Category = 3 }, true},
		"another's":       {func(d *catalog.Discount) { d.Category = 4 }, false},
		"without a limit": {func(d *catalog.Discount) { d.StartsAt, d.EndsAt = time.Time{}, time.Time{} }, true},
	} {
		d := base
		c.change(&d)
		if got := d.Applies(p, 7, at); got != c.want {
			t.Errorf("%s: %v, want %v", name, got, c.want)
		}
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := setup(t, d)
		dbtest.Do(t, d, func(tx *db.Tx) error {
			p, err := catalog.CreateProduct(tx, s.single("A", "a", "1", "1"))
			if err != nil {
				return err
			}
			made, err := catalog.CreateDiscount(tx, catalog.Discount{Name: "FLAT 10%", Location: s.Location, Priority: 2, Type: "fixed", Amount: dec.Int(5), StartsAt: at, EndsAt: at, IsActive: true,
				InCustomerGroups: true, Items: []int64{item(p, 0).ID}})
			if err != nil {
				return err
			}
			list, err := catalog.ListDiscounts(tx)
			if diff := cmp.Diff([]catalog.Discount{made}, list); diff != "" {
				t.Error(diff)
			}
			return err
		})
	})
}

func TestTemplates(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		setup(t, d)
		dbtest.Do(t, d, func(tx *db.Tx) error {
			size, err := catalog.CreateTemplate(tx, catalog.Template{Name: "Size", Values: []catalog.Value{{Name: "S"}, {Name: "M"}}})
			if err != nil {
				return err
			}
			color, err := catalog.CreateTemplate(tx, catalog.Template{Name: "Color", Values: []catalog.Value{{Name: "Red"}}})
			if err != nil {
				return err
			}
			list, err := catalog.ListTemplates(tx)
			if diff := cmp.Diff([]catalog.Template{size, color}, list); diff != "" {
				t.Error(diff)
			}
			return err
		})
	})
}

// race runs functions in transactions of their own, all at once.
func race(d *db.DB, t *testing.T, fns ...func(*db.Tx) error) []error {
	t.Helper()
	dbtest.Do(t, d, func(tx *db.Tx) error { // so that no series of ids has to be refilled
		for _, series := range []string{"product", "product_variation", "item", "lookup"} {
			if _, err := tx.NextID(series); err != nil {
				return err
			}
		}
		return nil
	})
	errs := make([]error, len(fns))
	start := make(chan struct{})
	var wg sync.WaitGroup
	for n, fn := range fns {
		wg.Go(func() {
			<-start
			errs[n] = d.Update(t.Context(), 1, fn)
		})
	}
	close(start)
	wg.Wait()
	return errs
}

func TestTwoCreatorsOfACode(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := setup(t, d)
		fn := func(tx *db.Tx) error {
			_, err := catalog.CreateItem(tx, catalog.Material, catalog.Item{Code: "M", Name: "m", Type: s.MaterialType})
			return err
		}
		product := func(tx *db.Tx) error {
			_, err := catalog.CreateProduct(tx, s.single("P", "p", "1", "1"))
			return err
		}
		won := map[bool]int{}
		for n, err := range race(d, t, fn, fn, fn, fn, product, product, product, product) {
			if err == nil {
				won[n < 4]++
			} else if !fault.Is(err, fault.Conflict) || fault.Of(err).Field() != "code" {
				t.Errorf("loser: %v, want a conflict about code", err)
			}
		}
		if won[true] != 1 || won[false] != 1 {
			t.Errorf("winners = %v, want one each", won)
		}
	})
}

func TestDeleteRacesWithAReference(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := setup(t, d)
		errs := race(d, t, func(tx *db.Tx) error {
			_, err := catalog.CreateItem(tx, catalog.Material, catalog.Item{Code: "M", Name: "m", Type: s.MaterialType})
			return err
		}, func(tx *db.Tx) error {
			_, _, err := lookup.Delete(tx, lookup.MaterialType, s.MaterialType)
			return err
		})
		// One of them has won, and what the item says of its type holds.
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Errorf("create: %v, delete: %v; want one to win", errs[0], errs[1])
		}
		if err := errs[1]; err != nil && !fault.Is(err, fault.InUse) {
			t.Errorf("delete: %v, want in use", err)
		}
		dbtest.See(t, d, func(tx *db.Tx) error {
			list, err := catalog.ListItems(tx, catalog.ItemFilter{Kind: catalog.Material})
			for _, i := range list {
				if _, err := lookup.Get(tx, lookup.MaterialType, i.Type); err != nil {
					t.Errorf("an item of a type that is gone: %v", err)
				}
			}
			return err
		})
	})
}
