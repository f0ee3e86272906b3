package catalog

import (
	"maps"
	"slices"
	"strings"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
)

// Taxes returns every tax by id, in two statements.
func Taxes(tx *db.Tx) (map[int64]Tax, error) {
	list := map[int64]Tax{}
	err := tx.Each(func(r db.Row) error {
		var t Tax
		err := r.Scan(&t.ID, &t.Name, &t.Amount, db.B(&t.IsGroup), db.B(&t.ForGroup), db.I(&t.CreatedBy), db.T(&t.CreatedAt), db.T(&t.UpdatedAt))
		list[t.ID] = t
		return err
	}, `SELECT id, name, amount, is_group, for_group, created_by, created_at, updated_at FROM tax WHERE org_id = ?`, tx.Org)
	if err != nil {
		return nil, err
	}
	return list, tx.Each(pairs(func(tax, part int64) {
		t := list[tax]
		t.Parts = append(t.Parts, part)
		list[tax] = t
	}), `SELECT tax_id, part_id FROM tax_part WHERE org_id = ? ORDER BY tax_id, part_id`, tx.Org)
}

// ListTaxes returns the taxes in the order of their ids.
func ListTaxes(tx *db.Tx) ([]Tax, error) {
	all, err := Taxes(tx)
	return slices.SortedFunc(maps.Values(all), func(a, b Tax) int { return int(a.ID - b.ID) }), err
}

// GetTax returns one tax.
func GetTax(tx *db.Tx, id int64) (Tax, error) {
	all, err := Taxes(tx)
	if err == nil && all[id].ID == 0 {
		err = fault.Missing("tax rate")
	}
	return all[id], err
}

// CreateTax adds a tax rate, or a group when it has parts. A name that is
// taken is a Conflict.
func CreateTax(tx *db.Tx, t Tax) (Tax, error) {
	all, err := Taxes(tx)
	if err != nil {
		return t, err
	}
	if err := t.check(all); err != nil {
		return t, err
	}
	if t.ID, err = tx.NextID("tax"); err != nil {
		return t, err
	}
	t.CreatedBy, t.CreatedAt, t.UpdatedAt = tx.Actor, tx.Now, tx.Now
	err = tx.Insert("tax", "org_id, id, name, name_key, amount, is_group, for_group, created_by, created_at, updated_at",
		[][]any{{tx.Org, t.ID, t.Name, key(t.Name), t.Amount, t.IsGroup, t.ForGroup, db.Null(t.CreatedBy), t.CreatedAt, t.UpdatedAt}})
	if err != nil {
		return t, takenName("tax rate", err)
	}
	return t, saveParts(tx, t)
}

// UpdateTax stores a tax that was read with GetTax and changed, and refreshes
// what follows from it: the amounts of its groups and the prices with tax of
// the products that use it.
func UpdateTax(tx *db.Tx, t Tax) (Tax, error) {
	all, err := Taxes(tx)
	if err != nil {
		return t, err
	}
	if all[t.ID].ID == 0 {
		return t, fault.Missing("tax rate")
	}
	old := all[t.ID].Amount
	if err := t.check(all); err != nil {
		return t, err
	}
	t.UpdatedAt = tx.Now
	_, err = tx.Exec(`UPDATE tax SET name = ?, name_key = ?, amount = ?, is_group = ?, for_group = ?, updated_at = ? WHERE org_id = ? AND id = ?`,
		t.Name, key(t.Name), t.Amount, t.IsGroup, t.ForGroup, t.UpdatedAt, tx.Org, t.ID)
	if err != nil {
		return t, takenName("tax rate", err)
	}
	if _, err := tx.Exec(`DELETE FROM tax_part WHERE org_id = ? AND tax_id = ?`, tx.Org, t.ID); err != nil {
		return t, err
	}
	if err := saveParts(tx, t); err != nil || t.Amount == old {
		return t, err
	}
	all[t.ID] = t
	return t, spread(tx, all, t.ID)
}

// spread carries a tax's new amount into its groups and into prices.
func spread(tx *db.Tx, all map[int64]Tax, id int64) error {
	changed := map[int64]dec.D{id: all[id].Amount}
	for _, g := range all {
		if slices.Contains(g.Parts, id) {
			var c dec.Calc
			var sum dec.D
			for _, p := range g.Parts {
				sum = c.Add(sum, all[p].Amount)
			}
			if c.Err() != nil {
				return fault.Field("amount", "is too big")
			}
			changed[g.ID] = sum
			if _, err := tx.Exec(`UPDATE tax SET amount = ?, updated_at = ? WHERE org_id = ? AND id = ?`, sum, tx.Now, tx.Org, g.ID); err != nil {
				return err
			}
		}
	}
	for _, tax := range slices.Sorted(maps.Keys(changed)) {
		if err := reprice(tx, tax, changed[tax]); err != nil {
			return err
		}
	}
	return nil
}

// reprice stores the prices with tax of every item whose product has a tax.
func reprice(tx *db.Tx, tax int64, amount dec.D) error {
	items, err := db.All(tx, scanItem, `SELECT `+itemCols+` FROM item WHERE org_id = ? AND product_id IN (SELECT id FROM product WHERE org_id = ? AND tax_id = ?) ORDER BY id`, tx.Org, tx.Org, tax)
	if err != nil {
		return err
	}
	rows := make([][]any, len(items))
	for n := range items {
		if err := items[n].price(amount); err != nil {
			return fault.Field("amount", "is too big")
		}
		items[n].UpdatedAt = tx.Now
		rows[n] = append([]any{tx.Org}, items[n].values()...)
	}
	return tx.Insert("item", "org_id, "+itemCols+", name_key", rows, upsert(itemCols+", name_key"))
}

// DeleteTax removes a tax that no product, group or document uses and that is
// not the default. Of sales and their lines the first is enough: they may be
// very many, and their count says no more.
func DeleteTax(tx *db.Tx, id int64) error {
	t, err := GetTax(tx, id)
	if err != nil {
		return err
	}
	return remove(tx, t.Name, []db.Tally{{Name: "products", From: "product WHERE org_id = ? AND tax_id = ?"}, {Name: "taxGroups", From: "tax_part WHERE org_id = ? AND part_id = ?"},
		{Name: "expenses", From: "expense WHERE org_id = ? AND tax_id = ?"}, {Name: "settings", From: "org_settings WHERE org_id = ? AND default_tax_id = ?"},
		{Name: "sales", From: "(SELECT 1 AS one FROM sale WHERE org_id = ? AND tax_id = ? LIMIT 1) AS s"},
		{Name: "saleLines", From: "(SELECT 1 AS one FROM sale_line WHERE org_id = ? AND tax_id = ? LIMIT 1) AS l"}},
		id, `DELETE FROM tax WHERE org_id = ? AND id = ?`)
}

func (t *Tax) check(all map[int64]Tax) error {
	t.Name = strings.TrimSpace(t.Name)
	var f flaws
	f.length("name", t.Name, 1, 255)
	t.IsGroup = t.IsGroup || len(t.Parts) > 0
	t.Parts = distinct(t.Parts)
	if t.IsGroup {
		f.add(len(t.Parts) == 0, "taxes", "must not be empty")
		var c dec.Calc
		t.Amount = 0
		for _, p := range t.Parts {
			f.add(all[p].ID == 0 || all[p].IsGroup || p == t.ID, "taxes", "must be single tax rates")
			t.Amount = c.Add(t.Amount, all[p].Amount)
		}
	}
	f.add(t.Amount < 0 || t.Amount > dec.Int(1000), "amount", "must be between 0 and 1000")
	return fault.Flaws(f)
}

func saveParts(tx *db.Tx, t Tax) error {
	var rows [][]any
	for _, p := range t.Parts {
		rows = append(rows, []any{tx.Org, t.ID, p})
	}
	return tx.Insert("tax_part", "org_id, tax_id, part_id", rows)
}

// remove deletes a row unless one of the counts, each for the organization
// and the row's id, is more than zero.
func remove(tx *db.Tx, what string, counts []db.Tally, id int64, stmt string) error {
	use, err := db.Counts(tx, counts, id)
	if err != nil {
		return err
	}
	for _, n := range use {
		if n > 0 {
			return fault.Used(what, use)
		}
	}
	_, err = tx.Exec(stmt, tx.Org, id)
	return err
}

// takenName names the field of a name that is not unique.
func takenName(what string, err error) error {
	if !fault.Is(err, fault.Conflict) {
		return err
	}
	return &fault.Error{Kind: fault.Conflict, Msg: "a " + what + " with this name already exists", Fields: []fault.Flaw{{Field: "name", Msg: "is taken"}}, Err: err}
}
