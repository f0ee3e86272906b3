package catalog

import (
	"slices"
	"strings"
	"time"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/lookup"
	"storehouse/core/org"
)

const discountCols = `id, name, brand_id, category_id, location_id, price_group_id, priority, discount_type, amount, starts_at, ends_at, is_active, in_customer_group, created_at, updated_at`

// ListDiscounts returns every discount with the items it is limited to, the
// highest priority first.
func ListDiscounts(tx *db.Tx) ([]Discount, error) {
	list, err := db.All(tx, func(r db.Row, d *Discount) error {
		return r.Scan(&d.ID, &d.Name, db.I(&d.Brand), db.I(&d.Category), db.I(&d.Location), db.I(&d.PriceGroup), db.I(&d.Priority), &d.Type, &d.Amount,
			db.T(&d.StartsAt), db.T(&d.EndsAt), db.B(&d.IsActive), db.B(&d.InCustomerGroups), db.T(&d.CreatedAt), db.T(&d.UpdatedAt))
	}, `SELECT `+discountCols+` FROM discount WHERE org_id = ? ORDER BY priority DESC, id`, tx.Org)
	if err != nil || len(list) == 0 {
		return list, err
	}
	at := map[int64]*Discount{}
	for n := range list {
		at[list[n].ID] = &list[n]
	}
	return list, tx.Each(pairs(func(discount, item int64) {
		if d := at[discount]; d != nil {
			d.Items = append(d.Items, item)
		}
	}), `SELECT discount_id, item_id FROM discount_item WHERE org_id = ? ORDER BY discount_id, item_id`, tx.Org)
}

// CreateDiscount adds a discount.
func CreateDiscount(tx *db.Tx, d Discount) (Discount, error) {
	if err := d.check(tx); err != nil {
		return d, err
	}
	var err error
	if d.ID, err = tx.NextID("discount"); err != nil {
		return d, err
	}
	d.CreatedAt, d.UpdatedAt = tx.Now, tx.Now
	err = tx.Insert("discount", "org_id, "+discountCols, [][]any{{tx.Org, d.ID, d.Name, db.Null(d.Brand), db.Null(d.Category), db.Null(d.Location), db.Null(d.PriceGroup), d.Priority, d.Type, d.Amount,
		d.StartsAt, d.EndsAt, d.IsActive, d.InCustomerGroups, d.CreatedAt, d.UpdatedAt}})
	if err != nil {
		return d, err
	}
	return d, saveDiscountItems(tx, d)
}

// GetDiscount returns one discount.
func GetDiscount(tx *db.Tx, id int64) (Discount, error) {
	list, err := ListDiscounts(tx)
	if err != nil {
		return Discount{}, err
	}
	n := slices.IndexFunc(list, func(d Discount) bool { return d.ID == id })
	if n < 0 {
		return Discount{}, fault.Missing("discount")
	}
	return list[n], nil
}

// UpdateDiscount stores a discount that was read with GetDiscount and changed.
func UpdateDiscount(tx *db.Tx, d Discount) (Discount, error) {
	if err := d.check(tx); err != nil {
		return d, err
	}
	d.UpdatedAt = tx.Now
	_, err := tx.Exec(`UPDATE discount SET name = ?, brand_id = ?, category_id = ?, location_id = ?, price_group_id = ?, priority = ?, discount_type = ?, amount = ?,
		starts_at = ?, ends_at = ?, is_active = ?, in_customer_group = ?, updated_at = ? WHERE org_id = ? AND id = ?`,
		d.Name, db.Null(d.Brand), db.Null(d.Category), db.Null(d.Location), db.Null(d.PriceGroup), d.Priority, d.Type, d.Amount,
		d.StartsAt, d.EndsAt, d.IsActive, d.InCustomerGroups, d.UpdatedAt, tx.Org, d.ID)
	if err != nil {
		return d, err
	}
	if _, err := tx.Exec(`DELETE FROM discount_item WHERE org_id = ? AND discount_id = ?`, tx.Org, d.ID); err != nil {
		return d, err
	}
	return d, saveDiscountItems(tx, d)
}

// DeleteDiscount removes a discount. Sales keep the figures they were made
// with.
func DeleteDiscount(tx *db.Tx, id int64) error {
	n, err := tx.Exec(`DELETE FROM discount WHERE org_id = ? AND id = ?`, tx.Org, id)
	if err == nil && n == 0 {
		err = fault.Missing("discount")
	}
	return err
}

func (d *Discount) check(tx *db.Tx) error {
	d.Name = strings.TrimSpace(d.Name)
	d.Items = distinct(d.Items)
	var f flaws
	f.length("name", d.Name, 1, 255)
	f.oneOf("discount_type", d.Type, "fixed", "percentage")
	f.add(d.Amount < 0, "discount_amount", "must not be negative")
	f.add(!d.EndsAt.IsZero() && d.EndsAt.Before(d.StartsAt), "ends_at", "must not be before the start")
	items, err := GetItems(tx, d.Items)
	if err != nil {
		return err
	}
	for _, i := range d.Items {
		f.add(items[i].Kind != SKU, "items", "must be SKUs that exist")
	}
	if d.Location != 0 {
		_, err := org.GetLocation(tx, d.Location)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		f.add(err != nil, "location_id", "does not exist")
	}
	if err := fault.Flaws(f); err != nil {
		return err
	}
	return lookup.Check(tx, lookup.Ref{Field: "brand_id", Kind: lookup.Brand, ID: d.Brand}, lookup.Ref{Field: "category_id", Kind: lookup.Category, ID: d.Category},
		lookup.Ref{Field: "spg", Kind: lookup.PriceGroup, ID: d.PriceGroup})
}

func saveDiscountItems(tx *db.Tx, d Discount) error {
	var rows [][]any
	for _, i := range d.Items {
		rows = append(rows, []any{tx.Org, d.ID, i})
	}
	return tx.Insert("discount_item", "org_id, discount_id, item_id", rows)
}

// Applies reports whether a discount holds for an item of a product at an
// instant, at some location.
func (d Discount) Applies(p *Product, item int64, at time.Time) bool {
	switch {
	case !d.IsActive, !d.StartsAt.IsZero() && at.Before(d.StartsAt), !d.EndsAt.IsZero() && at.After(d.EndsAt):
		return false
	case len(d.Items) > 0:
		return slices.Contains(d.Items, item)
	case d.Brand != 0 && d.Brand != p.Brand:
		return false
	}
	return d.Category == 0 || d.Category == p.Category || d.Category == p.SubCategory
}
