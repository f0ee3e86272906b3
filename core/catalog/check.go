package catalog

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"unicode/utf8"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/lookup"
)

// checker knows what products refer to, read once for any number of them.
type checker struct {
	kinds     map[int64]lookup.Kind
	units     map[int64]Unit
	taxes     map[int64]Tax
	locations []int64 // every location; active ones first
	active    int     // how many of them are active
	sets      map[int64]bool
	values    map[int64]bool // templates and values, by id, are separate series: values are negated
	parts     map[int64]Sellable
}

func newChecker(tx *db.Tx, list []Product) (*checker, error) {
	var lookups, sets, parts, templates, values []int64
	for _, p := range list {
		lookups = append(lookups, p.Brand, p.Category, p.SubCategory, p.Warranty)
		sets = append(sets, p.ModifierSets...)
		for _, v := range p.Variations {
			templates = append(templates, v.Template)
			for _, i := range v.Items {
				lookups = append(lookups, i.Type)
				values = append(values, i.VariationValue)
				for _, m := range i.Prices {
					lookups = append(lookups, m.Group)
				}
				for _, c := range i.Parts {
					parts = append(parts, c.Item)
				}
			}
		}
	}
	c := &checker{sets: map[int64]bool{}, values: map[int64]bool{}}
	var err error
	if c.kinds, err = lookup.Kinds(tx, distinct(lookups)); err != nil {
		return nil, err
	}
	if c.units, err = Units(tx); err != nil {
		return nil, err
	}
	if c.taxes, err = Taxes(tx); err != nil {
		return nil, err
	}
	if c.parts, _, err = Sellables(tx, parts, nil); err != nil {
		return nil, err
	}
	if err := c.loadLocations(tx); err != nil {
		return nil, err
	}
	note := func(m map[int64]bool, sign int64) func(db.Row) error {
		return func(r db.Row) error {
			var id int64
			err := r.Scan(&id)
			m[sign*id] = true
			return err
		}
	}
	if err := inChunks(tx, sets, note(c.sets, 1), `SELECT id FROM product WHERE org_id = ? AND type = 'modifier' AND id IN (`, `)`); err != nil {
		return nil, err
	}
	if err := inChunks(tx, templates, note(c.values, 1), `SELECT id FROM variation_template WHERE org_id = ? AND id IN (`, `)`); err != nil {
		return nil, err
	}
	return c, inChunks(tx, values, note(c.values, -1), `SELECT id FROM variation_value WHERE org_id = ? AND id IN (`, `)`)
}

func (c *checker) loadLocations(tx *db.Tx) error {
	return tx.Each(func(r db.Row) error {
		var id int64
		var active bool
		err := r.Scan(&id, db.B(&active))
		c.locations = append(c.locations, id)
		if active {
			c.active++
		}
		return err
	}, `SELECT id, is_active FROM location WHERE org_id = ? ORDER BY is_active DESC, id`, tx.Org)
}

// check completes a product's defaults and tells what is wrong with it.
func (c *checker) check(p *Product) error {
	p.Name, p.Code = strings.TrimSpace(p.Name), strings.TrimSpace(p.Code)
	p.TaxType, p.BarcodeType = or(p.TaxType, "exclusive"), or(p.BarcodeType, "C128")
	var f flaws
	f.length("name", p.Name, 1, 255)
	f.length("sku", p.Code, 0, 100)
	f.oneOf("type", p.Type, Single, Variable, Combo, Modifier)
	f.oneOf("tax_type", p.TaxType, "exclusive", "inclusive")
	f.oneOf("expiry_period_type", p.ExpiryPeriodType, "", "days", "months")
	f.add(p.AlertQuantity != nil && *p.AlertQuantity < 0, "alert_quantity", "must not be negative")
	f.add(p.ExpiryPeriod != nil && *p.ExpiryPeriod < 0, "expiry_period", "must not be negative")
	c.refs(&f, p)
	f.add(len(p.Variations) == 0, "product_variations", "must hold at least one variation")
	n := 0
	for vi := range p.Variations {
		v := &p.Variations[vi]
		at := "product_variations." + strconv.Itoa(vi)
		f.add(v.Template != 0 && !c.values[v.Template], at+".variation_template_id", "does not exist")
		for ii := range v.Items {
			n++
			c.checkItem(&f, p, &v.Items[ii], at+".variations."+strconv.Itoa(ii))
		}
	}
	f.add(n == 0 && len(p.Variations) > 0, "product_variations", "must hold at least one variation")
	f.add(n > 1 && (p.Type == Single || p.Type == Combo), "type", "has one variation only")
	return fault.Flaws(f)
}

func (c *checker) refs(f *flaws, p *Product) {
	for _, r := range []lookup.Ref{{Field: "brand_id", Kind: lookup.Brand, ID: p.Brand}, {Field: "category_id", Kind: lookup.Category, ID: p.Category},
		{Field: "sub_category_id", Kind: lookup.Category, ID: p.SubCategory}, {Field: "warranty_id", Kind: lookup.Warranty, ID: p.Warranty}} {
		f.add(r.ID != 0 && c.kinds[r.ID] != r.Kind, r.Field, "does not exist")
	}
	f.add(p.Unit != 0 && c.units[p.Unit].ID == 0, "unit_id", "does not exist")
	f.add(p.SecondUnit != 0 && c.units[p.SecondUnit].ID == 0, "secondary_unit_id", "does not exist")
	f.add(p.Tax != 0 && c.taxes[p.Tax].ID == 0, "tax", "does not exist")
	for _, u := range p.SubUnits {
		f.add(c.units[u].ID == 0, "sub_unit_ids", "does not exist")
	}
	for _, l := range p.Locations {
		f.add(!slices.Contains(c.locations, l), "product_locations", "does not exist")
	}
	for _, s := range p.ModifierSets {
		f.add(!c.sets[s] || s == p.ID, "product_modifier_sets", "is not a modifier set")
	}
}

func (c *checker) checkItem(f *flaws, p *Product, i *Variant, at string) {
	i.Code, i.Name, i.VariationName = strings.TrimSpace(i.Code), strings.TrimSpace(i.Name), strings.TrimSpace(i.VariationName)
	i.ItemsPerUnit = max(i.ItemsPerUnit, 1)
	f.length(at+".sku", i.Code, 0, 100)
	f.length(at+".value", i.VariationName, 0, 255)
	f.add(i.PurchasePrice < 0, at+".purchase_price", "must not be negative")
	f.add(i.SellPrice < 0, at+".selling_price", "must not be negative")
	f.add(i.VariationValue != 0 && !c.values[-i.VariationValue], at+".variation_value_id", "does not exist")
	f.add(i.Type != 0 && c.kinds[i.Type] != lookup.SKUType, "type_id", "does not exist")
	for _, m := range i.Prices {
		f.add(c.kinds[m.Group] != lookup.PriceGroup, at+".selling_price_group", "does not exist")
		f.add(m.Amount < 0, at+".selling_price_group", "must not be negative")
	}
	f.add(p.Type == Combo && len(i.Parts) == 0, "product_combo", "is required")
	f.add(p.Type != Combo && len(i.Parts) > 0, "product_combo", "is for combos only")
	for n, part := range i.Parts {
		where := "product_combo." + strconv.Itoa(n)
		s, ok := c.parts[part.Item]
		f.add(!ok || s.Kind != SKU, where+".variation_id", "does not exist")
		f.add(s.ProductType == Combo || s.ProductType == Modifier, where+".variation_id", "must not be a combo or a modifier")
		f.add(part.Quantity <= 0, where+".quantity", "must be more than zero")
		f.add(part.Unit != 0 && c.units[part.Unit].ID == 0, where+".unit_id", "does not exist")
	}
}

// flaws gathers what is wrong with an input.
type flaws []fault.Flaw

func (f *flaws) add(bad bool, field, msg string) {
	if bad {
		*f = append(*f, fault.Flaw{Field: field, Msg: msg})
	}
}

func (f *flaws) length(field, s string, least, most int) {
	n := utf8.RuneCountInString(s)
	f.add(n < least || n > most, field, fmt.Sprintf("must have %d to %d characters", least, most))
}

func (f *flaws) oneOf(field, s string, allowed ...string) {
	f.add(!slices.Contains(allowed, s), field, "must be one of "+strings.TrimPrefix(strings.Join(allowed, ", "), ", "))
}

func or(s, instead string) string {
	if s == "" {
		return instead
	}
	return s
}

// price completes an item's prices: with tax, and the profit in per cent of
// the purchase price.
func (i *Item) price(tax dec.D) error {
	var c dec.Calc
	i.PurchasePriceIncTax = c.Add(i.PurchasePrice, c.Percent(i.PurchasePrice, tax))
	i.SellPriceIncTax = c.Add(i.SellPrice, c.Percent(i.SellPrice, tax))
	i.ProfitPercent = 0
	if i.PurchasePrice > 0 {
		i.ProfitPercent = c.MulDiv(c.Sub(i.SellPrice, i.PurchasePrice), dec.Int(100), i.PurchasePrice)
	}
	return c.Err()
}

// takenCode names the field of a code that is not unique.
func takenCode(err error) error {
	if !fault.Is(err, fault.Conflict) {
		return err
	}
	return &fault.Error{Kind: fault.Conflict, Msg: "code is taken", Fields: []fault.Flaw{{Field: "code", Msg: "is taken"}}, Err: err}
}
