package catalog

import (
	"slices"

	"storehouse/base/db"
	"storehouse/base/dec"
)

// Sellables returns what selling needs to know of items and of all the items
// of products: a map by item, and the items of each product in order. It takes
// one statement, and a second when a combo is among them. What does not exist
// is not in the maps.
func Sellables(tx *db.Tx, items, products []int64) (map[int64]Sellable, map[int64][]int64, error) {
	byItem, byProduct := map[int64]Sellable{}, map[int64][]int64{}
	var combos []int64
	read := func(r db.Row) error {
		var s Sellable
		if err := scanSellable(r, &s); err != nil {
			return err
		}
		if _, again := byItem[s.Item]; again {
			return nil
		}
		byItem[s.Item] = s
		if s.Product != 0 {
			byProduct[s.Product] = append(byProduct[s.Product], s.Item)
		}
		if s.ProductType == Combo {
			combos = append(combos, s.Item)
		}
		return nil
	}
	items, products = distinct(items), distinct(products)
	for len(items)+len(products) > 0 { // once, for up to 5,000 lines
		i, p := min(len(items), maxIn), min(len(products), maxIn)
		if err := tx.Each(read, sellableSQL(i, p), sellableArgs(tx, items[:i], products[:p])...); err != nil {
			return nil, nil, err
		}
		items, products = items[i:], products[p:]
	}
	for _, list := range byProduct {
		slices.Sort(list)
	}
	return byItem, byProduct, loadComponents(tx, byItem, combos)
}

// maxIn is how many ids a list in a statement holds.
const maxIn = 5000

const sellableCols = `i.id, i.product_id, i.code, i.name, i.kind, i.variation_name, i.is_active, i.sell_price, i.sell_price_inc_tax, i.purchase_price, i.purchase_price_inc_tax,
	p.name, p.type, COALESCE(p.enable_stock, 1), p.not_for_selling, p.is_inactive, p.tax_id, t.amount, p.unit_id, p.brand_id, p.category_id, p.sub_category_id`

func sellableSQL(items, products int) string {
	const from = `SELECT ` + sellableCols + ` FROM item i
		LEFT JOIN product p ON p.org_id = i.org_id AND p.id = i.product_id
		LEFT JOIN tax t ON t.org_id = p.org_id AND t.id = p.tax_id
		WHERE i.org_id = ? AND `
	switch {
	case products == 0:
		return from + `i.id IN (` + db.Marks(items) + `)`
	case items == 0:
		return from + `i.product_id IN (` + db.Marks(products) + `)`
	}
	return from + `i.id IN (` + db.Marks(items) + `) UNION ALL ` + from + `i.product_id IN (` + db.Marks(products) + `)`
}

func sellableArgs(tx *db.Tx, items, products []int64) []any {
	var args []any
	if len(items) > 0 {
		args = append(append(args, tx.Org), db.Args(items)...)
	}
	if len(products) > 0 {
		args = append(append(args, tx.Org), db.Args(products)...)
	}
	return args
}

func scanSellable(r db.Row, s *Sellable) error {
	var inactive bool
	err := r.Scan(&s.Item, db.I(&s.Product), &s.Code, &s.Name, &s.Kind, db.S(&s.VariationName), db.B(&s.IsActive), &s.SellPrice, &s.SellPriceIncTax, &s.PurchasePrice, &s.PurchasePriceIncTax,
		db.S(&s.ProductName), db.S(&s.ProductType), db.B(&s.EnableStock), db.B(&s.NotForSelling), db.B(&inactive), db.I(&s.Tax), &s.TaxPercent, db.I(&s.Unit), db.I(&s.Brand), db.I(&s.Category), db.I(&s.SubCategory))
	s.IsActive = s.IsActive && !inactive
	if s.ProductName == "" {
		s.ProductName = s.Name
	}
	return err
}

// loadComponents fills in what combos are made of.
func loadComponents(tx *db.Tx, byItem map[int64]Sellable, combos []int64) error {
	for part := range slices.Chunk(combos, maxIn) {
		err := tx.Each(func(r db.Row) error {
			var combo int64
			var c Component
			var quantity, multiplier dec.D
			err := r.Scan(&combo, &c.Item, db.I(&c.Product), &quantity, &multiplier, db.B(&c.EnableStock))
			if err != nil {
				return err
			}
			if c.Quantity, err = quantity.Mul(multiplier); err != nil {
				return err
			}
			s := byItem[combo]
			s.Components = append(s.Components, c)
			byItem[combo] = s
			return nil
		}, `SELECT c.combo_id, c.item_id, i.product_id, c.quantity, COALESCE(u.base_multiplier, 1000000), COALESCE(p.enable_stock, 1) FROM combo_item c
			JOIN item i ON i.org_id = c.org_id AND i.id = c.item_id
			LEFT JOIN product p ON p.org_id = i.org_id AND p.id = i.product_id
			LEFT JOIN unit u ON u.org_id = c.org_id AND u.id = c.unit_id
			WHERE c.org_id = ? AND c.combo_id IN (`+db.Marks(len(part))+`) ORDER BY c.combo_id, c.line`, append([]any{tx.Org}, db.Args(part)...)...)
		if err != nil {
			return err
		}
	}
	return nil
}

func distinct(ids []int64) []int64 {
	return slices.DeleteFunc(slices.Compact(slices.Sorted(slices.Values(ids))), func(id int64) bool { return id == 0 })
}
