package catalog

import (
	"slices"
	"time"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/lookup"
)

// ProductFilter narrows a list of products. Zero values do not narrow; without
// types or ids, modifier sets are left out.
type ProductFilter struct {
	IDs, Brands, Categories, SubCategories []int64
	Types                                  []string
	Location                               int64
	LocationCustom1                        string
	NotForSelling                          *bool
	Active                                 *bool
	Name, Code                             string // anywhere in the name, or in a code; joined by OR
	UpdatedAfter                           time.Time

	Order  ProductOrder
	Desc   bool
	Limit  int // 0 for all
	Offset int
}

// ProductOrder says by what a list of products is sorted.
type ProductOrder int

// The orders.
const (
	ByID ProductOrder = iota
	ByName
	ByNewest // by time of creation
)

func (f ProductFilter) conditions(tx *db.Tx) *db.Where {
	w := &db.Where{}
	db.In(w, "p.id", f.IDs)
	if len(f.Types) > 0 {
		db.In(w, "p.type", f.Types)
	} else if len(f.IDs) == 0 {
		w.Add("p.type <> 'modifier'")
	}
	if f.Active != nil {
		w.Add("p.is_inactive = ?", !*f.Active)
	}
	f.narrow(tx, w)
	var like []any
	cond := ""
	if f.Name != "" {
		cond, like = `p.name_key LIKE ? ESCAPE '\'`, append(like, db.Like(f.Name))
	}
	if f.Code != "" {
		if cond != "" {
			cond += " OR "
		}
		cond += `lower(p.code) LIKE ? ESCAPE '\' OR p.id IN (SELECT c.product_id FROM item c WHERE c.org_id = ? AND c.kind = 'sku' AND lower(c.code) LIKE ? ESCAPE '\')`
		like = append(like, db.Like(f.Code), tx.Org, db.Like(f.Code))
	}
	w.AddIf(cond != "", "("+cond+")", like...)
	w.AddIf(!f.UpdatedAfter.IsZero(), "p.updated_at > ?", f.UpdatedAfter)
	return w
}

// narrow adds the conditions that the lists of products and of variations
// share.
func (f ProductFilter) narrow(tx *db.Tx, w *db.Where) {
	db.In(w, "p.brand_id", f.Brands)
	db.In(w, "p.category_id", f.Categories)
	db.In(w, "p.sub_category_id", f.SubCategories)
	if f.NotForSelling != nil {
		w.Add("p.not_for_selling = ?", *f.NotForSelling)
	}
	w.AddIf(f.Location != 0, `(p.id IN (SELECT l.product_id FROM product_location l WHERE l.org_id = ? AND l.location_id = ?)
		OR p.everywhere = 1 AND EXISTS (SELECT 1 FROM location o WHERE o.org_id = ? AND o.id = ? AND o.is_active = 1))`, tx.Org, f.Location, tx.Org, f.Location)
	w.AddIf(f.LocationCustom1 != "", `(p.id IN (SELECT l.product_id FROM product_location l JOIN location o ON o.org_id = l.org_id AND o.id = l.location_id
			WHERE l.org_id = ? AND o.custom_field1 = ?)
		OR p.everywhere = 1 AND EXISTS (SELECT 1 FROM location o WHERE o.org_id = ? AND o.custom_field1 = ? AND o.is_active = 1))`,
		tx.Org, f.LocationCustom1, tx.Org, f.LocationCustom1)
}

func (f ProductFilter) tail() string {
	dir := ""
	if f.Desc {
		dir = " DESC"
	}
	s := " ORDER BY p.id" + dir
	switch f.Order {
	case ByName:
		s = " ORDER BY p.name_key" + dir + ", p.id" + dir
	case ByNewest:
		s = " ORDER BY p.created_at" + dir + ", p.id" + dir
	}
	if f.Limit > 0 {
		s += " LIMIT ? OFFSET ?"
	}
	return s
}

// ListProducts returns products with all that belongs to them, in a fixed
// number of statements.
func ListProducts(tx *db.Tx, f ProductFilter) ([]Product, error) {
	w := f.conditions(tx)
	args := append([]any{tx.Org}, w.Args...)
	if f.Limit > 0 {
		args = append(args, f.Limit, f.Offset)
	}
	list, err := db.All(tx, scanProduct, `SELECT `+productCols+` FROM product p WHERE p.org_id = ?`+w.And()+f.tail(), args...)
	if err != nil {
		return nil, err
	}
	return list, loadTrees(tx, list)
}

// CountProducts returns how many products pass a filter, whatever its limit.
func CountProducts(tx *db.Tx, f ProductFilter) (int64, error) {
	w := f.conditions(tx)
	return db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM product p WHERE p.org_id = ?`+w.And(), append([]any{tx.Org}, w.Args...)...)
}

// GetProduct returns one product with all that belongs to it.
func GetProduct(tx *db.Tx, id int64) (Product, error) {
	list, err := GetProducts(tx, []int64{id})
	if err != nil {
		return Product{}, err
	}
	if len(list) == 0 {
		return Product{}, fault.Missing("product")
	}
	return list[0], nil
}

// GetProducts returns products by id, in the order of their ids; the unknown
// are left out.
func GetProducts(tx *db.Tx, ids []int64) ([]Product, error) {
	list, err := allChunks(tx, ids, scanProduct, `SELECT `+productCols+` FROM product WHERE org_id = ? AND id IN (`, `) ORDER BY id`)
	if err != nil {
		return nil, err
	}
	return list, loadTrees(tx, list)
}

// loadTrees fills in what belongs to products: variations, items, prices,
// pictures, combo parts, locations and modifier sets.
func loadTrees(tx *db.Tx, list []Product) error {
	at := make(map[int64]*Product, len(list))
	ids := make([]int64, len(list))
	for i := range list {
		at[list[i].ID], ids[i] = &list[i], list[i].ID
	}
	axes, err := allChunks(tx, ids, scanVariation, `SELECT `+variationCols+` FROM product_variation WHERE org_id = ? AND product_id IN (`, `) ORDER BY product_id, id`)
	if err != nil {
		return err
	}
	items, err := allChunks(tx, ids, scanItem, `SELECT `+itemCols+` FROM item WHERE org_id = ? AND product_id IN (`, `) ORDER BY product_id, id`)
	if err != nil {
		return err
	}
	variants := make([]Variant, len(items))
	for n := range items {
		variants[n].Item = items[n]
	}
	if err := loadVariants(tx, variants); err != nil {
		return err
	}
	byAxis := map[int64][]Variant{}
	for _, v := range variants {
		byAxis[v.Variation] = append(byAxis[v.Variation], v)
	}
	for _, a := range axes {
		a.Items = byAxis[a.ID]
		at[a.Product].Variations = append(at[a.Product].Variations, a)
	}
	if err := loadLocations(tx, at); err != nil {
		return err
	}
	return inChunks(tx, ids, pairs(func(p, s int64) { at[p].ModifierSets = append(at[p].ModifierSets, s) }),
		`SELECT product_id, set_id FROM product_modifier WHERE org_id = ? AND product_id IN (`, `) ORDER BY product_id, set_id`)
}

// loadLocations fills in where products are offered.
func loadLocations(tx *db.Tx, at map[int64]*Product) error {
	var own, everywhere []int64
	for id, p := range at {
		if p.Everywhere {
			everywhere = append(everywhere, id)
		} else {
			own = append(own, id)
		}
	}
	slices.Sort(own)
	if err := inChunks(tx, own, pairs(func(p, l int64) { at[p].Locations = append(at[p].Locations, l) }),
		`SELECT product_id, location_id FROM product_location WHERE org_id = ? AND product_id IN (`, `) ORDER BY product_id, location_id`); err != nil || len(everywhere) == 0 {
		return err
	}
	all, err := db.All(tx, db.Value[int64], `SELECT id FROM location WHERE org_id = ? AND is_active = 1 ORDER BY id`, tx.Org)
	for _, id := range everywhere {
		at[id].Locations = slices.Clone(all)
	}
	return err
}

// ownLocations returns where a product is offered, as rows of its own say.
func (p Product) ownLocations() []int64 {
	if p.Everywhere {
		return nil
	}
	return distinct(p.Locations)
}

// pairs reads rows of two ids.
func pairs(fn func(a, b int64)) func(db.Row) error {
	return func(r db.Row) error {
		var a, b int64
		if err := r.Scan(&a, &b); err != nil {
			return err
		}
		fn(a, b)
		return nil
	}
}

// loadVariants fills in what belongs to items: group prices, pictures and
// combo parts.
func loadVariants(tx *db.Tx, list []Variant) error {
	at := make(map[int64]*Variant, len(list))
	ids := make([]int64, len(list))
	for i := range list {
		at[list[i].ID], ids[i] = &list[i], list[i].ID
	}
	err := inChunks(tx, ids, func(r db.Row) error {
		var p Price
		err := r.Scan(&p.ID, &p.Item, &p.Group, &p.Amount, db.T(&p.CreatedAt), db.T(&p.UpdatedAt))
		at[p.Item].Prices = append(at[p.Item].Prices, p)
		return err
	}, `SELECT `+priceCols+` FROM item_price WHERE org_id = ? AND item_id IN (`, `) ORDER BY item_id, price_group_id`)
	if err != nil {
		return err
	}
	err = inChunks(tx, ids, func(r db.Row) error {
		var m Media
		err := r.Scan(&m.ID, &m.Item, &m.FileName, &m.DisplayName, db.S(&m.Description), db.S(&m.URL), db.I(&m.UploadedBy), db.T(&m.CreatedAt), db.T(&m.UpdatedAt))
		at[m.Item].Media = append(at[m.Item].Media, m)
		return err
	}, `SELECT `+mediaCols+` FROM item_media WHERE org_id = ? AND item_id IN (`, `) ORDER BY item_id, id`)
	if err != nil {
		return err
	}
	return inChunks(tx, ids, func(r db.Row) error {
		var combo int64
		var c ComboPart
		err := r.Scan(&combo, &c.Item, db.I(&c.Unit), &c.Quantity)
		at[combo].Parts = append(at[combo].Parts, c)
		return err
	}, `SELECT combo_id, item_id, unit_id, quantity FROM combo_item WHERE org_id = ? AND combo_id IN (`, `) ORDER BY combo_id, line`)
}

// Names holds the rows that products point at, for lists that show them.
type Names struct {
	Lookups map[int64]lookup.Entry // brands, categories, warranties
	Units   map[int64]Unit
	Taxes   map[int64]Tax
}

// NamesOf reads what products point at, in three statements.
func NamesOf(tx *db.Tx, list []Product) (Names, error) {
	var ids []int64
	for _, p := range list {
		ids = append(ids, p.Brand, p.Category, p.SubCategory, p.Warranty)
	}
	var n Names
	var err error
	if n.Lookups, err = lookup.ByID(tx, distinct(ids)); err != nil {
		return n, err
	}
	if n.Units, err = Units(tx); err != nil {
		return n, err
	}
	n.Taxes, err = Taxes(tx)
	return n, err
}

// LockProduct returns a product that is about to be changed: who else wants to
// change it waits for the end of this transaction.
func LockProduct(tx *db.Tx, id int64) (Product, error) {
	if err := lockProduct(tx, id); err != nil {
		return Product{}, err
	}
	return GetProduct(tx, id)
}

func lockProduct(tx *db.Tx, id int64) error {
	_, err := db.All(tx, db.Value[int64], `SELECT id FROM product WHERE org_id = ? AND id = ?`+tx.ForUpdate(), tx.Org, id)
	return err
}
