package demo

import (
	"fmt"

	"storehouse/base/dec"
	"storehouse/core/catalog"
)

// good is one SKU of the demo: what it is, what it costs and sells for
// (before tax).
type good struct{ code, name, kind, brand, category, cost, price string }

var coffees = []string{"House Blend", "Espresso Forte", "Ethiopia Guji", "Colombia Huila", "Decaf Swiss Water"}

// goods lists the single products.
func goods() []good {
	var list []good
	for i, c := range coffees {
		cost, price := []string{"6.10", "6.40", "8.20", "7.30", "7.90"}[i], []string{"13.50", "14.00", "17.50", "15.50", "16.00"}[i]
		list = append(list, good{fmt.Sprintf("WB-%02d", i+1), c + " 340 g, whole bean", "Whole bean", "Kestrel", "Coffee", cost, price},
			good{fmt.Sprintf("GR-%02d", i+1), c + " 340 g, ground", "Ground", "Kestrel", "Coffee", cost, price})
	}
	for i, c := range coffees[:4] {
		list = append(list, good{fmt.Sprintf("CP-%02d", i+1), c + " capsules, 10", "Capsules", "Kestrel", "Coffee", "2.10", "5.90"})
	}
	for i, n := range []string{"Butter croissant", "Almond croissant", "Cinnamon bun", "Banana bread", "Rye cookie", "Blueberry scone", "Cheese pretzel", "Lemon tart"} {
		list = append(list, good{fmt.Sprintf("BK-%02d", i+1), n, "Bakery", "Little Oven", "Counter", "1.20", []string{"3.25", "3.95", "3.75", "3.50", "2.75", "3.25", "3.50", "4.25"}[i]})
	}
	for i, n := range []string{"Dripper, ceramic", "Paper filters, 100", "French press, 1 l", "Hand grinder", "Gooseneck kettle", "Scale with timer", "Milk pitcher", "Travel mug"} {
		list = append(list, good{fmt.Sprintf("EQ-%02d", i+1), n, "Equipment", "Brewhaus", "Shop", []string{"9.00", "2.20", "14.00", "31.00", "38.00", "22.00", "8.00", "11.00"}[i],
			[]string{"22.00", "6.50", "32.00", "69.00", "85.00", "49.00", "19.00", "26.00"}[i]})
	}
	for i, n := range []string{"Tote bag", "Enamel pin", "Gift card sleeve"} {
		list = append(list, good{fmt.Sprintf("MR-%02d", i+1), n, "Merchandise", "Kestrel", "Shop", []string{"3.00", "0.90", "0.15"}[i], []string{"12.00", "5.00", "1.00"}[i]})
	}
	return list
}

// drinks are made to order: no stock is kept of them.
var drinks = []good{{"DR-01", "Espresso", "Drinks", "Kestrel", "Counter", "0.45", "2.75"}, {"DR-02", "Cappuccino", "Drinks", "Kestrel", "Counter", "0.80", "4.25"},
	{"DR-03", "Flat white", "Drinks", "Kestrel", "Counter", "0.85", "4.50"}, {"DR-04", "Filter coffee", "Drinks", "Kestrel", "Counter", "0.40", "3.25"},
	{"DR-05", "Cold brew", "Drinks", "Kestrel", "Counter", "0.70", "4.75"}, {"DR-06", "Hot chocolate", "Drinks", "Kestrel", "Counter", "0.90", "4.50"}}

func (b *business) materials(*Credentials) error {
	b.material = map[string]int64{}
	var list []catalog.Item
	add := func(code, name, kind string) {
		list = append(list, catalog.Item{Code: code, Name: name, Type: b.lookups["material_type/"+kind], IsActive: true, ItemsPerUnit: 1})
	}
	for i, c := range []string{"Brazil Santos", "Ethiopia Guji", "Colombia Huila", "Decaf Swiss Water"} {
		add(fmt.Sprintf("GC-%02d", i+1), "Green coffee, "+c+" (kg)", "Green coffee")
	}
	add("PK-01", "Bag 340 g with valve", "Packaging")
	add("PK-02", "Label", "Packaging")
	add("PK-03", "Case of 12", "Packaging")
	add("PK-04", "Capsule, empty", "Packaging")
	add("IN-01", "Milk (l)", "Ingredients")
	verdicts, err := catalog.ImportItems(b.tx, "material", list)
	if err != nil {
		return err
	}
	for i, v := range verdicts {
		if v.Err != nil {
			return fmt.Errorf("material %s: %w", list[i].Code, v.Err)
		}
		b.material[list[i].Code] = v.Item.ID
	}
	return nil
}

func (b *business) products(*Credentials) error {
	b.sku, b.product, b.price, b.cost = map[string]int64{}, map[string]int64{}, map[string]dec.D{}, map[string]dec.D{}
	milk, err := b.modifierSets()
	if err != nil {
		return err
	}
	var list []catalog.Product
	for _, g := range goods() {
		list = append(list, b.single(g, true, nil))
	}
	for _, g := range drinks {
		list = append(list, b.single(g, false, milk))
	}
	shirt := b.shirt()
	if err := catalog.FillTemplates(b.tx, &shirt); err != nil {
		return err
	}
	list = append(list, shirt)
	if err := b.create(list); err != nil {
		return err
	}
	if err := b.combos(); err != nil {
		return err
	}
	return b.recipes()
}

func (b *business) single(g good, stocked bool, sets []int64) catalog.Product {
	tax := b.vat
	if g.category == "Counter" {
		tax = b.reduced
	}
	return catalog.Product{Type: catalog.Single, Code: g.code, Name: g.name, Unit: b.pieces, Brand: b.lookups["brand/"+g.brand], Category: b.lookups["category/"+g.category],
		Tax: tax, TaxType: "exclusive", EnableStock: stocked, BarcodeType: "C128", Locations: []int64{b.roastery, b.cafe}, ModifierSets: sets,
		Variations: []catalog.Variation{{IsDummy: true, Name: "DUMMY", Items: []catalog.Variant{b.variant(g.code, "DUMMY", g.kind, g.cost, g.price)}}}}
}

func (b *business) variant(code, name, kind, cost, price string) catalog.Variant {
	p, c := dec.Must(price), dec.Must(cost)
	wholesale, _ := p.MulDiv(dec.Int(70), dec.Int(100))
	b.price[code], b.cost[code] = p, c
	return catalog.Variant{Item: catalog.Item{Code: code, VariationName: name, Type: b.lookups["sku_type/"+kind], ItemsPerUnit: 1, IsActive: true, PurchasePrice: c, SellPrice: p},
		Prices: []catalog.Price{{Group: b.wholesale, Amount: wholesale}}}
}

func (b *business) shirt() catalog.Product {
	v := catalog.Variation{Name: "Size"}
	for _, size := range []string{"S", "M", "L", "XL"} {
		v.Items = append(v.Items, b.variant("TS-"+size, size, "Merchandise", "7.50", "24.00"))
	}
	return catalog.Product{Type: catalog.Variable, Code: "TS", Name: "Kestrel T-shirt", Unit: b.pieces, Brand: b.lookups["brand/Kestrel"], Category: b.lookups["category/Shop"],
		Tax: b.vat, TaxType: "exclusive", EnableStock: true, BarcodeType: "C128", Locations: []int64{b.roastery, b.cafe}, Variations: []catalog.Variation{v}}
}

func (b *business) modifierSets() ([]int64, error) {
	var ids []int64
	for _, set := range []struct {
		code, name string
		options    [][2]string
	}{{"MOD-MILK", "Milk", [][2]string{{"Oat milk", "0.60"}, {"Soy milk", "0.50"}, {"Skimmed milk", "0"}}}, {"MOD-EXTRA", "Extras", [][2]string{{"Extra shot", "0.90"}, {"Vanilla syrup", "0.70"}}}} {
		v := catalog.Variation{Name: "DUMMY", IsDummy: true}
		for i, o := range set.options {
			v.Items = append(v.Items, b.variant(fmt.Sprintf("%s-%d", set.code, i+1), o[0], "Drinks", "0", o[1]))
		}
		p, err := catalog.CreateProduct(b.tx, catalog.Product{Type: catalog.Modifier, Code: set.code, Name: set.name, Unit: b.pieces, TaxType: "inclusive", BarcodeType: "C128", Variations: []catalog.Variation{v}})
		if err != nil {
			return nil, fmt.Errorf("modifier set %s: %w", set.name, err)
		}
		for _, it := range p.Variations[0].Items {
			b.sku[it.Code], b.product[it.Code] = it.ID, p.ID
		}
		ids = append(ids, p.ID)
	}
	return ids, nil
}

func (b *business) create(list []catalog.Product) error {
	verdicts, err := catalog.CreateProducts(b.tx, list)
	if err != nil {
		return err
	}
	for i, v := range verdicts {
		if v.Err != nil {
			return fmt.Errorf("product %s: %w", list[i].Code, v.Err)
		}
		for _, vr := range v.Product.Variations {
			for _, it := range vr.Items {
				b.sku[it.Code], b.product[it.Code] = it.ID, v.Product.ID
			}
		}
	}
	return nil
}

func (b *business) combos() error {
	combo := func(code, name, price string, parts ...string) catalog.Product {
		v := b.variant(code, "DUMMY", "Gift sets", "0", price)
		for _, p := range parts {
			v.Parts = append(v.Parts, catalog.ComboPart{Item: b.sku[p], Quantity: dec.One})
		}
		return catalog.Product{Type: catalog.Combo, Code: code, Name: name, Unit: b.pieces, Brand: b.lookups["brand/Kestrel"], Category: b.lookups["category/Shop"], Tax: b.vat,
			TaxType: "exclusive", BarcodeType: "C128", Locations: []int64{b.roastery, b.cafe}, Variations: []catalog.Variation{{IsDummy: true, Name: "DUMMY", Items: []catalog.Variant{v}}}}
	}
	return b.create([]catalog.Product{
		combo("GS-01", "Starter set: dripper, filters, House Blend", "38.00", "EQ-01", "EQ-02", "GR-01"),
		combo("GS-02", "Tasting box: four coffees", "54.00", "WB-01", "WB-02", "WB-03", "WB-04"),
		combo("GS-03", "Gift bag: mug, tote and Espresso Forte", "46.00", "EQ-08", "MR-01", "WB-02"),
	})
}

// recipes are the bills of materials: 340 g of roasted coffee take 400 g of
// green.
func (b *business) recipes() error {
	green := []string{"GC-01", "GC-01", "GC-02", "GC-03", "GC-04"}
	for i := range coffees {
		lines := []catalog.BOMLine{{Item: b.material[green[i]], Quantity: dec.Must("0.4")}, {Item: b.material["PK-01"], Quantity: dec.One}, {Item: b.material["PK-02"], Quantity: dec.One}}
		if err := catalog.CreateBOM(b.tx, b.sku[fmt.Sprintf("WB-%02d", i+1)], lines); err != nil {
			return err
		}
		// Ground coffee is whole bean, ground and labelled anew.
		if err := catalog.CreateBOM(b.tx, b.sku[fmt.Sprintf("GR-%02d", i+1)], []catalog.BOMLine{{Item: b.sku[fmt.Sprintf("WB-%02d", i+1)], Quantity: dec.One}, {Item: b.material["PK-02"], Quantity: dec.One}}); err != nil {
			return err
		}
	}
	return nil
}
