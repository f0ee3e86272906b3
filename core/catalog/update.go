package catalog

import (
	"maps"
	"slices"
	"strings"

	"storehouse/base/db"
	"storehouse/base/fault"
)

// UpdateProduct stores a product that was read with GetProduct and changed.
// Variations and items without an id are added; those left out stay as they
// are. The type never changes. A maker's own name for an item survives,
// otherwise items are renamed with their product.
func UpdateProduct(tx *db.Tx, p Product) (Product, error) {
	old, err := GetProduct(tx, p.ID)
	if err != nil {
		return p, err
	}
	p = copyTree(p)
	p.Type, p.CreatedBy, p.CreatedAt, p.UpdatedAt = old.Type, old.CreatedBy, old.CreatedAt, tx.Now
	p.Code = or(strings.TrimSpace(p.Code), old.Code)
	if p.Locations == nil {
		p.Locations = []int64{}
	}
	p.Everywhere = old.Everywhere && slices.Equal(distinct(p.Locations), old.Locations)
	c, err := newChecker(tx, []Product{p})
	if err != nil {
		return p, err
	}
	if err := c.check(&p); err != nil {
		return p, err
	}
	if err := adopt(tx, &p, old); err != nil {
		return p, err
	}
	if err := derive(&p, c); err != nil {
		return p, err
	}
	if err := saveProduct(tx, p, old); err != nil {
		return p, err
	}
	return GetProduct(tx, p.ID)
}

// adopt gives ids and codes to what is new in a product, and to what is not
// the fields that only the store knows.
func adopt(tx *db.Tx, p *Product, old Product) error {
	axes, items := map[int64]Variation{}, map[int64]Item{}
	n := 0
	for _, v := range old.Variations {
		axes[v.ID] = v
		for _, i := range v.Items {
			items[i.ID] = i.Item
			n++
		}
	}
	for vi := range p.Variations {
		v := &p.Variations[vi]
		if err := adoptVariation(tx, p, v, axes); err != nil {
			return err
		}
		for ii := range v.Items {
			if v.Items[ii].ID == 0 {
				n++
			}
			if err := adoptItem(tx, p, v, &v.Items[ii], items, old, n); err != nil {
				return err
			}
		}
	}
	if (p.Type == Single || p.Type == Combo) && n > 1 {
		return fault.Field("product_variations", "has one variation only")
	}
	return nil
}

func adoptVariation(tx *db.Tx, p *Product, v *Variation, known map[int64]Variation) (err error) {
	had, ok := known[v.ID]
	switch {
	case v.ID == 0:
		v.CreatedAt = tx.Now
		v.ID, err = tx.NextID("product_variation")
	case !ok:
		return fault.Field("product_variations", "has an unknown product_variation_id")
	default:
		v.Name, v.CreatedAt = or(v.Name, had.Name), had.CreatedAt
	}
	v.Product, v.UpdatedAt = p.ID, tx.Now
	return err
}

func adoptItem(tx *db.Tx, p *Product, v *Variation, i *Variant, known map[int64]Item, old Product, n int) (err error) {
	had, ok := known[i.ID]
	switch {
	case i.ID == 0:
		i.CreatedBy, i.CreatedAt, i.IsActive = tx.Actor, tx.Now, true
		i.Code = or(i.Code, p.Code+"-"+padded(int64(n), 0))
		i.ID, err = tx.NextID("item")
	case !ok:
		return fault.Field("product_variations", "has an unknown variation_id")
	default:
		i.CreatedBy, i.CreatedAt, i.Code = had.CreatedBy, had.CreatedAt, or(i.Code, had.Code)
		if i.Name == had.Name && had.Name == itemName(&old, had.VariationName) {
			i.Name = ""
		}
	}
	if p.Type == Single || p.Type == Combo {
		i.Code, i.IsActive = p.Code, !p.IsInactive
	}
	i.Kind, i.Product, i.Variation, i.UpdatedAt = SKU, p.ID, v.ID, tx.Now
	return err
}

func saveProduct(tx *db.Tx, p, old Product) error {
	if _, err := tx.Exec(updateProductSQL, append(p.values()[1:], tx.Org, p.ID)...); err != nil {
		return takenCode(err)
	}
	var axes, items, combos [][]any
	var ids []int64
	for _, v := range p.Variations {
		axes = append(axes, []any{tx.Org, v.ID, v.Product, db.Null(v.Template), v.Name, v.IsDummy, v.CreatedAt, v.UpdatedAt})
		for _, i := range v.Items {
			items = append(items, append([]any{tx.Org}, i.values()...))
			combos = append(combos, comboRows(tx, i.ID, i.Parts)...)
			ids = append(ids, i.ID)
		}
	}
	if err := tx.Insert("product_variation", "org_id, "+variationCols, axes, upsert(variationCols)); err != nil {
		return err
	}
	if err := tx.Insert("item", "org_id, "+itemCols+", name_key", items, upsert(itemCols+", name_key")); err != nil {
		return takenCode(err)
	}
	if err := putSearch(tx, SKU, ids...); err != nil {
		return err
	}
	if p.Type == Combo {
		if err := inChunksExec(tx, ids, `DELETE FROM combo_item WHERE org_id = ? AND combo_id IN (`); err != nil {
			return err
		}
		if err := tx.Insert("combo_item", comboCols, combos); err != nil {
			return err
		}
	}
	for _, v := range p.Variations {
		for _, i := range v.Items {
			if err := savePrices(tx, i.ID, i.Prices, oldPrices(old, i.ID)); err != nil {
				return err
			}
		}
	}
	if err := replaceIDs(tx, "product_location", "location_id", p.ID, p.ownLocations(), old.ownLocations()); err != nil {
		return err
	}
	return replaceIDs(tx, "product_modifier", "set_id", p.ID, p.ModifierSets, old.ModifierSets)
}

// upsert turns an insert of rows with ids into one that also changes those
// that exist.
func upsert(cols string) string {
	var sets []string
	for _, c := range strings.Split(cols, ",") {
		if c = strings.TrimSpace(c); c != "id" {
			sets = append(sets, c+" = excluded."+c)
		}
	}
	return "ON CONFLICT (org_id, id) DO UPDATE SET " + strings.Join(sets, ", ")
}

func inChunksExec(tx *db.Tx, ids []int64, before string) error {
	for part := range slices.Chunk(distinct(ids), maxIn) {
		if _, err := tx.Exec(before+db.Marks(len(part))+`)`, append([]any{tx.Org}, db.Args(part)...)...); err != nil {
			return err
		}
	}
	return nil
}

// replaceIDs stores the ids of one of a product's lists, where they changed.
func replaceIDs(tx *db.Tx, table, column string, product int64, ids, old []int64) error {
	ids = distinct(ids)
	if slices.Equal(ids, distinct(old)) {
		return nil
	}
	if _, err := tx.Exec(`DELETE FROM `+table+` WHERE org_id = ? AND product_id = ?`, tx.Org, product); err != nil {
		return err
	}
	var rows [][]any
	for _, id := range ids {
		rows = append(rows, []any{tx.Org, product, id})
	}
	return tx.Insert(table, "org_id, product_id, "+column, rows)
}

func oldPrices(p Product, item int64) map[int64]Price {
	m := map[int64]Price{}
	for _, v := range p.Variations {
		for _, i := range v.Items {
			if i.ID == item {
				for _, m2 := range i.Prices {
					m[m2.Group] = m2
				}
			}
		}
	}
	return m
}

// savePrices makes an item's group prices what they should be.
func savePrices(tx *db.Tx, item int64, want []Price, have map[int64]Price) error {
	gone := maps.Clone(have)
	var rows [][]any
	for _, m := range want {
		h, ok := have[m.Group]
		delete(gone, m.Group)
		if ok && h.Amount == m.Amount {
			continue
		}
		id, err := tx.NextID("item_price")
		if err != nil {
			return err
		}
		rows = append(rows, []any{tx.Org, id, item, m.Group, m.Amount, tx.Now, tx.Now})
	}
	if len(gone) > 0 {
		groups := slices.Sorted(maps.Keys(gone))
		if _, err := tx.Exec(`DELETE FROM item_price WHERE org_id = ? AND item_id = ? AND price_group_id IN (`+db.Marks(len(groups))+`)`, append([]any{tx.Org, item}, db.Args(groups)...)...); err != nil {
			return err
		}
	}
	return tx.Insert("item_price", "org_id, "+priceCols, rows, keepPrice)
}

// SetModifierSets attaches modifier sets to a product and detaches others.
func SetModifierSets(tx *db.Tx, product int64, attach, detach []int64) (Product, error) {
	p, err := GetProduct(tx, product)
	if err != nil {
		return p, err
	}
	p.ModifierSets = slices.DeleteFunc(distinct(append(slices.Clone(p.ModifierSets), attach...)), func(id int64) bool { return slices.Contains(detach, id) })
	return UpdateProduct(tx, p)
}

// DeleteProduct removes a product and its items when nothing refers to them;
// otherwise it is an InUse fault with counts. more holds counts of other
// packages, such as ledger entries.
func DeleteProduct(tx *db.Tx, id int64, more map[string]int64) error {
	p, err := LockProduct(tx, id) // or an item that is just being added would go unseen
	if err != nil {
		return err
	}
	counts := maps.Clone(more)
	if counts == nil {
		counts = map[string]int64{}
	}
	var items []int64
	for _, v := range p.Variations {
		for _, i := range v.Items {
			items = append(items, i.ID)
		}
	}
	use, err := ItemUsage(tx, items...)
	if err != nil {
		return err
	}
	for k, n := range use {
		counts[k] += n
	}
	offered, err := db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM product_modifier WHERE org_id = ? AND set_id = ?`, tx.Org, id)
	if err != nil {
		return err
	}
	counts["modifierOf"] += offered
	for _, n := range counts {
		if n > 0 {
			return fault.Used(p.Name, counts)
		}
	}
	if _, err = tx.Exec(`DELETE FROM product WHERE org_id = ? AND id = ?`, tx.Org, id); err != nil {
		return err
	}
	return putSearch(tx, SKU, items...)
}

// LockItem returns an item that is about to be changed: who else wants to
// change it waits for the end of this transaction.
func LockItem(tx *db.Tx, kind string, id int64) (Item, error) {
	if _, err := db.All(tx, db.Value[int64], `SELECT id FROM item WHERE org_id = ? AND id = ?`+tx.ForUpdate(), tx.Org, id); err != nil {
		return Item{}, err
	}
	return GetItem(tx, kind, id)
}
