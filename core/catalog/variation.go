package catalog

import (
	"slices"

	"storehouse/base/db"
)

// VariationFilter narrows a list of SKUs as the till sees them. Modifiers are
// left out unless they are asked for by id.
type VariationFilter struct {
	ProductFilter         // IDs, Order and Types have no meaning; Name and Code are joined by OR
	Items         []int64 // item ids
	Products      []int64
}

// VariationRow is a SKU with its product and axis.
type VariationRow struct {
	Variant
	Axis    Variation // without items
	Product *Product  // without variations; rows of one product share it
}

func (f VariationFilter) conditions(tx *db.Tx) *db.Where {
	w := &db.Where{}
	db.In(w, "i.id", f.Items)
	db.In(w, "i.product_id", f.Products)
	if len(f.Items) == 0 {
		w.Add("p.type <> 'modifier'")
	}
	if f.Active != nil {
		if *f.Active {
			w.Add("p.is_inactive = 0 AND i.is_active = 1")
		} else {
			w.Add("(p.is_inactive = 1 OR i.is_active = 0)")
		}
	}
	f.narrow(tx, w)
	switch {
	case f.Name != "" && f.Code != "":
		w.Add(`(p.name_key LIKE ? ESCAPE '\' OR lower(i.code) LIKE ? ESCAPE '\')`, db.Like(f.Name), db.Like(f.Code))
	case f.Name != "":
		w.Add(`p.name_key LIKE ? ESCAPE '\'`, db.Like(f.Name))
	case f.Code != "":
		w.Add(`lower(i.code) LIKE ? ESCAPE '\'`, db.Like(f.Code))
	}
	w.AddIf(!f.UpdatedAfter.IsZero(), "(i.updated_at > ? OR p.updated_at > ?)", f.UpdatedAfter, f.UpdatedAfter)
	return w
}

const fromVariations = ` FROM item i JOIN product p ON p.org_id = i.org_id AND p.id = i.product_id WHERE i.org_id = ? AND i.kind = 'sku'`

// ListVariations returns SKUs in the order of their ids, with their products,
// in a fixed number of statements.
func ListVariations(tx *db.Tx, f VariationFilter) ([]VariationRow, error) {
	w := f.conditions(tx)
	args := append([]any{tx.Org}, w.Args...)
	tail := ` ORDER BY i.id`
	if f.Limit > 0 {
		tail += ` LIMIT ? OFFSET ?`
		args = append(args, f.Limit, f.Offset)
	}
	items, err := db.All(tx, scanItem, `SELECT i.id, i.kind, i.code, i.name, i.product_id, i.product_variation_id, i.variation_name, i.variation_value_id, i.type_id, i.items_per_unit, i.oz_per_item,
		i.qbo_id, i.notes, i.is_active, i.purchase_price, i.purchase_price_inc_tax, i.profit_percent, i.sell_price, i.sell_price_inc_tax, i.woo_id, i.created_by, i.created_at, i.updated_at`+
		fromVariations+w.And()+tail, args...)
	if err != nil {
		return nil, err
	}
	variants := make([]Variant, len(items))
	var products, axes []int64
	for n := range items {
		variants[n].Item = items[n]
		products, axes = append(products, items[n].Product), append(axes, items[n].Variation)
	}
	if err := loadVariants(tx, variants); err != nil {
		return nil, err
	}
	return joinProducts(tx, variants, products, axes)
}

func joinProducts(tx *db.Tx, variants []Variant, products, axes []int64) ([]VariationRow, error) {
	list, err := allChunks(tx, products, scanProduct, `SELECT `+productCols+` FROM product WHERE org_id = ? AND id IN (`, `)`)
	if err != nil {
		return nil, err
	}
	byID := make(map[int64]*Product, len(list))
	for n := range list {
		byID[list[n].ID] = &list[n]
	}
	if err := loadLocations(tx, byID); err != nil {
		return nil, err
	}
	vs, err := allChunks(tx, axes, scanVariation, `SELECT `+variationCols+` FROM product_variation WHERE org_id = ? AND id IN (`, `)`)
	if err != nil {
		return nil, err
	}
	byAxis := make(map[int64]Variation, len(vs))
	for _, v := range vs {
		byAxis[v.ID] = v
	}
	rows := make([]VariationRow, len(variants))
	for n, v := range variants {
		rows[n] = VariationRow{v, byAxis[v.Variation], byID[v.Item.Product]}
	}
	return rows, nil
}

// CountVariations returns how many SKUs pass a filter, whatever its limit.
func CountVariations(tx *db.Tx, f VariationFilter) (int64, error) {
	w := f.conditions(tx)
	return db.One(tx, db.Value[int64], `SELECT COUNT(*)`+fromVariations+w.And(), append([]any{tx.Org}, w.Args...)...)
}

// ProductsOf returns the distinct products of rows, for NamesOf.
func ProductsOf(rows []VariationRow) []Product {
	seen := map[int64]bool{}
	var list []Product
	for _, r := range rows {
		if !seen[r.Product.ID] {
			seen[r.Product.ID] = true
			list = append(list, *r.Product)
		}
	}
	return slices.Clip(list)
}
