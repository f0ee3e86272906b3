package catalog_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/lookup"
	"storehouse/core/org"
	"storehouse/core/org/orgtest"
)

// stock is what most tests begin with: a tax, units, types and a location.
type stock struct {
	orgtest.Fixture
	Tax, Pieces, Dozen, SKUType, MaterialType, PriceGroup int64
}

func setup(t *testing.T, d *db.DB) stock {
	t.Helper()
	s := stock{Fixture: orgtest.New(t, d, "acme")}
	dbtest.Do(t, d, func(tx *db.Tx) error {
		tax, err := catalog.CreateTax(tx, catalog.Tax{Name: "VAT@10%", Amount: dec.Int(10)})
		if err != nil {
			return err
		}
		pieces, err := catalog.CreateUnit(tx, catalog.Unit{Name: "Pieces", ShortName: "Pc(s)"})
		if err != nil {
			return err
		}
		dozen, err := catalog.CreateUnit(tx, catalog.Unit{Name: "Dozen", ShortName: "dz", Base: pieces.ID, Multiplier: dec.Int(12)})
		if err != nil {
			return err
		}
		s.Tax, s.Pieces, s.Dozen = tax.ID, pieces.ID, dozen.ID
		for k, id := range map[lookup.Kind]*int64{lookup.SKUType: &s.SKUType, lookup.MaterialType: &s.MaterialType, lookup.PriceGroup: &s.PriceGroup} {
			e, err := lookup.Create(tx, lookup.Entry{Kind: k, Name: "Standard"})
			if err != nil {
				return err
			}
			*id = e.ID
		}
		return nil
	})
	return s
}

func (s stock) single(code, name, purchase, sell string) catalog.Product {
	return catalog.Product{Type: catalog.Single, Code: code, Name: name, Unit: s.Pieces, Tax: s.Tax, EnableStock: true,
		Variations: []catalog.Variation{{Items: []catalog.Variant{{Item: catalog.Item{PurchasePrice: dec.Must(purchase), SellPrice: dec.Must(sell)}}}}}}
}

func (s stock) variable(code string, values ...string) catalog.Product {
	p := catalog.Product{Type: catalog.Variable, Code: code, Name: "Jeans", Unit: s.Pieces, Tax: s.Tax, EnableStock: true, Variations: []catalog.Variation{{Name: "Waist Size"}}}
	for _, v := range values {
		p.Variations[0].Items = append(p.Variations[0].Items, catalog.Variant{Item: catalog.Item{VariationName: v, PurchasePrice: dec.Int(70), SellPrice: dec.Int(84)}})
	}
	return p
}

// item returns a product's n-th item.
func item(p catalog.Product, n int) catalog.Variant { return p.Variations[0].Items[n] }

func TestASingleProductHasOneItem(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := setup(t, d)
		dbtest.Do(t, d, func(tx *db.Tx) error {
			p, err := catalog.CreateProduct(tx, s.single("AS0001", "Fleece Crew", "130", "162.5"))
			if err != nil {
				return err
			}
			got, err := catalog.GetProduct(tx, p.ID)
			if err != nil {
				return err
			}
			v, i := got.Variations[0], item(got, 0)
			if v.Name != "DUMMY" || !v.IsDummy || i.VariationName != "DUMMY" || i.Code != "AS0001" || i.Name != "Fleece Crew" || i.Kind != catalog.SKU || !i.IsActive || i.ItemsPerUnit != 1 {
				t.Errorf("variation %+v, item %+v", v, i)
			}
			prices := []string{i.PurchasePriceIncTax.String(), i.SellPriceIncTax.String(), i.ProfitPercent.String()}
			if diff := cmp.Diff([]string{"143", "178.75", "25"}, prices); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff([]int64{s.Location}, got.Locations); diff != "" {
				t.Errorf("offered at every active location: %s", diff)
			}
			if got.BarcodeType != "C128" || got.TaxType != "exclusive" {
				t.Errorf("defaults: %+v", got)
			}
			return nil
		})
	})
}

func TestCodesAreGivenAndUnique(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := setup(t, d)
		dbtest.Do(t, d, func(tx *db.Tx) error {
			p, err := catalog.CreateProduct(tx, s.single("", "No code", "1", "2"))
			if err != nil {
				return err
			}
			if want := fmt.Sprintf("%04d", p.ID); p.Code != want || item(p, 0).Code != want {
				t.Errorf("code = %q and %q, want the padded id %q", p.Code, item(p, 0).Code, want)
			}
			v, err := catalog.CreateProduct(tx, s.variable("AS0002", "28", "30"))
			if err != nil {
				return err
			}
			if got := []string{item(v, 0).Code, item(v, 1).Code, item(v, 1).Name}; !cmp.Equal(got, []string{"AS0002-1", "AS0002-2", "Jeans - 30"}) {
				t.Errorf("codes and name = %v", got)
			}
			if _, err := catalog.CreateProduct(tx, s.single("AS0002", "Again", "1", "1")); !fault.Is(err, fault.Conflict) {
				t.Errorf("used product code: %v, want a conflict", err)
			}
			if _, err := catalog.CreateProduct(tx, s.single("AS0002-1", "Again", "1", "1")); !fault.Is(err, fault.Conflict) {
				t.Errorf("used item code: %v, want a conflict", err)
			}
			return nil
		})
	})
}

func TestUpdateKeepsWhatIsNotNamed(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := setup(t, d)
		dbtest.Do(t, d, func(tx *db.Tx) error {
			p, err := catalog.CreateProduct(tx, s.variable("J", "28", "30"))
			if err != nil {
				return err
			}
			own, err := catalog.GetItem(tx, catalog.SKU, item(p, 1).ID)
			if err != nil {
				return err
			}
			own.Name = "Maker's own name"
			if _, err := catalog.UpdateItem(tx, own); err != nil {
				return err
			}
			if p, err = catalog.GetProduct(tx, p.ID); err != nil {
				return err
			}
			p.Name = "Trousers"
			p.Variations[0].Items = append(p.Variations[0].Items[:2], catalog.Variant{Item: catalog.Item{VariationName: "32", PurchasePrice: dec.Int(10), SellPrice: dec.Int(20)},
				Prices: []catalog.Price{{Group: s.PriceGroup, Amount: dec.Int(18)}}})
			p.Variations[0].Items[0].SellPrice = dec.Int(90)
			if p, err = catalog.UpdateProduct(tx, p); err != nil {
				return err
			}
			var names, prices []string
			for _, i := range p.Variations[0].Items {
				names, prices = append(names, i.Code+" "+i.Name), append(prices, i.SellPriceIncTax.String())
			}
			if diff := cmp.Diff([]string{"J-1 Trousers - 28", "J-2 Maker's own name", "J-3 Trousers - 32"}, names); diff != "" {
				t.Error(diff)
			}
			if diff := cmp.Diff([]string{"99", "92.4", "22"}, prices); diff != "" {
				t.Error(diff)
			}
			if got := item(p, 2).Prices; len(got) != 1 || got[0].Amount != dec.Int(18) {
				t.Errorf("group prices = %+v", got)
			}
			p.Variations[0].Items = nil // a body that names no items
			p.Variations = p.Variations[:1]
			if _, err := catalog.UpdateProduct(tx, p); !fault.Is(err, fault.Invalid) {
				t.Errorf("no items: %v", err)
			}
			return nil
		})
	})
}

func TestAMakersSKUIsAProductOfTheTill(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := setup(t, d)
		dbtest.Do(t, d, func(tx *db.Tx) error {
			oz := dec.Must("12.5")
			i, err := catalog.CreateItem(tx, catalog.SKU, catalog.Item{Code: "TEA-1", Name: "Green tea", Type: s.SKUType, ItemsPerUnit: 24, OzPerItem: &oz, QboID: "q", Notes: "n"})
			if err != nil {
				return err
			}
			p, err := catalog.GetProduct(tx, i.Product)
			if err != nil {
				return err
			}
			if p.Code != "TEA-1" || p.Name != "Green tea" || p.Type != catalog.Single || p.Unit != s.Pieces || !p.EnableStock || item(p, 0).ID != i.ID {
				t.Errorf("product = %+v", p)
			}
			i.Code, i.Name, i.IsActive = "TEA-2", "Black tea", false
			if _, err := catalog.UpdateItem(tx, i); err != nil {
				return err
			}
			if p, err = catalog.GetProduct(tx, i.Product); err != nil {
				return err
			}
			if p.Code != "TEA-2" || p.Name != "Black tea" || !p.IsInactive {
				t.Errorf("the product did not follow: %+v", p)
			}
			got, err := catalog.GetItem(tx, catalog.SKU, i.ID)
			if err != nil {
				return err
			}
			if diff := cmp.Diff(oz, *got.OzPerItem); diff != "" || got.ItemsPerUnit != 24 {
				t.Errorf("item = %+v", got)
			}
			if _, err := catalog.GetItem(tx, catalog.Material, i.ID); !fault.Is(err, fault.NotFound) {
				t.Errorf("as a material: %v, want not found", err)
			}
			return catalog.DeleteItem(tx, catalog.SKU, i.ID, nil)
		})
		dbtest.See(t, d, func(tx *db.Tx) error {
			n, err := catalog.CountProducts(tx, catalog.ProductFilter{})
			if n != 0 {
				t.Errorf("%d products are left, want 0", n)
			}
			return err
		})
	})
}

func TestBadProductsAreRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := setup(t, d)
		minus := dec.Must("-1")
		for field, change := range map[string]func(*catalog.Product){
			"name":              func(p *catalog.Product) { p.Name = " " },
			"type":              func(p *catalog.Product) { p.Type = "bundle" },
			"unit_id":           func(p *catalog.Product) { p.Unit = 999 },
			"tax":               func(p *catalog.Product) { p.Tax = 999 },
			"brand_id":          func(p *catalog.Product) { p.Brand = s.SKUType },
			"alert_quantity":    func(p *catalog.Product) { p.AlertQuantity = &minus },
			"product_locations": func(p *catalog.Product) { p.Locations = []int64{999} },
			"product_variations": func(p *catalog.Product) {
				p.Variations = nil
			},
			"product_variations.0.variations.0.selling_price": func(p *catalog.Product) { p.Variations[0].Items[0].SellPrice = minus },
			"product_combo":         func(p *catalog.Product) { p.Type = catalog.Combo },
			"product_modifier_sets": func(p *catalog.Product) { p.ModifierSets = []int64{999} },
		} {
			dbtest.Do(t, d, func(tx *db.Tx) error {
				p := s.single("X", "x", "1", "1")
				change(&p)
				if _, err := catalog.CreateProduct(tx, p); !fault.Is(err, fault.Invalid) || fault.Of(err).Field() != field {
					t.Errorf("%s: %v", field, err)
				}
				return nil
			})
		}
	})
}

// clothes makes a crew at the first location, jeans of a brand at both, and a
// set of modifiers.
func (s stock) clothes(t *testing.T, d *db.DB) (depot, brand int64) {
	t.Helper()
	dbtest.Do(t, d, func(tx *db.Tx) error {
		l, err := org.CreateLocation(tx, org.Location{Name: "Depot", CustomFields: [4]string{"cold"}})
		if err != nil {
			return err
		}
		b, err := lookup.Create(tx, lookup.Entry{Kind: lookup.Brand, Name: "Levis"})
		if err != nil {
			return err
		}
		depot, brand = l.ID, b.ID
		crew, jeans := s.single("AS1", "Crew", "1", "2"), s.variable("AS2", "28", "30")
		crew.Locations, jeans.Brand, jeans.NotForSelling = []int64{s.Location}, brand, true
		set := catalog.Product{Type: catalog.Modifier, Name: "Extras", Variations: []catalog.Variation{{Items: []catalog.Variant{
			{Item: catalog.Item{VariationName: "Cheese", SellPrice: dec.Int(2)}}}}}}
		list, err := catalog.CreateProducts(tx, []catalog.Product{crew, jeans, set})
		for _, v := range list {
			if v.Err != nil {
				return v.Err
			}
		}
		return err
	})
	return depot, brand
}

func TestListsNarrowAndTakeFewStatements(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := setup(t, d)
		depot, brand := s.clothes(t, d)
		yes, no := true, false
		for name, c := range map[string]struct {
			f          catalog.ProductFilter
			want       string // products
			variations string // their item codes
		}{
			"all":           {catalog.ProductFilter{}, "Crew Jeans", "AS1 AS2-1 AS2-2"},
			"depot":         {catalog.ProductFilter{Location: depot}, "Jeans", "AS2-1 AS2-2"},
			"custom field":  {catalog.ProductFilter{LocationCustom1: "cold"}, "Jeans", "AS2-1 AS2-2"},
			"brand":         {catalog.ProductFilter{Brands: []int64{brand, 999}}, "Jeans", "AS2-1 AS2-2"},
			"for selling":   {catalog.ProductFilter{NotForSelling: &no}, "Crew", "AS1"},
			"not for":       {catalog.ProductFilter{NotForSelling: &yes}, "Jeans", "AS2-1 AS2-2"},
			"name or code":  {catalog.ProductFilter{Name: "crew", Code: "as2-2"}, "Crew Jeans", "AS1 AS2-2"},
			"page":          {catalog.ProductFilter{Limit: 1, Offset: 1}, "Jeans", "AS2-1"},
			"updated after": {catalog.ProductFilter{UpdatedAfter: dbtest.Now}, "", ""},
		} {
			dbtest.See(t, d, func(tx *db.Tx) error {
				list, err := catalog.ListProducts(tx, c.f)
				if err != nil {
					return err
				}
				got := ""
				for _, p := range list {
					got += " " + p.Name
				}
				rows, err := catalog.ListVariations(tx, catalog.VariationFilter{ProductFilter: c.f})
				codes := ""
				for _, r := range rows {
					codes += " " + r.Code
				}
				if diff := cmp.Diff([]string{c.want, c.variations}, []string{got[min(1, len(got)):], codes[min(1, len(codes)):]}); diff != "" {
					t.Errorf("%s: %s", name, diff)
				}
				return err
			})
		}
		dbtest.See(t, d, func(tx *db.Tx) error {
			sets, err := catalog.ListProducts(tx, catalog.ProductFilter{Types: []string{catalog.Modifier}})
			if len(sets) != 1 || item(sets[0], 0).VariationName != "Cheese" {
				t.Errorf("modifier sets = %+v", sets)
			}
			return err
		})
	})
}

func TestTenThousandSKUs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := setup(t, d)
		rows := make([]catalog.Item, 10_000)
		for n := range rows {
			rows[n] = catalog.Item{Code: fmt.Sprintf("SKU-%05d", n), Name: fmt.Sprintf("Thing %05d", n), Type: s.SKUType, ItemsPerUnit: 1}
		}
		rows[3].Code, rows[4].Type = "SKU-00002", s.MaterialType
		began := time.Now()
		dbtest.Do(t, d, func(tx *db.Tx) error {
			out, err := catalog.ImportItems(tx, catalog.SKU, rows)
			if err == nil && (!fault.Is(out[3].Err, fault.Conflict) || !fault.Is(out[4].Err, fault.Invalid) || out[5].Err != nil || out[9_999].Item.ID == 0) {
				t.Errorf("verdicts: %v, %v, %v", out[3].Err, out[4].Err, out[5].Err)
			}
			return err
		})
		took := time.Since(began)
		t.Logf("import took %v", took)
		if took > 6*time.Second { // 3 s on a quiet machine
			t.Errorf("import took %v", took)
		}
		began = time.Now()
		before, _ := d.Counts()
		dbtest.See(t, d, func(tx *db.Tx) error {
			list, err := catalog.ListVariations(tx, catalog.VariationFilter{ProductFilter: catalog.ProductFilter{Limit: 3000, Offset: 3000}})
			if err != nil {
				return err
			}
			if len(list) != 3000 || list[0].Product == nil {
				t.Errorf("%d variations", len(list))
			}
			n, err := catalog.CountVariations(tx, catalog.VariationFilter{})
			if n != 9998 {
				t.Errorf("%d variations in all, want 9998", n)
			}
			return err
		})
		after, _ := d.Counts()
		t.Logf("3000 variations took %v in %d statements", time.Since(began), after-before)
		if after-before > 10 {
			t.Errorf("%d statements for a page of variations", after-before)
		}
	})
}
