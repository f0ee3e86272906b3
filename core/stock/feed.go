package stock

import (
	"storehouse/base/db"
	"storehouse/base/dec"
)

// FeedRow is one SKU at one location, for a stock feed. A SKU that has no
// balance anywhere comes once, without a location.
type FeedRow struct {
	Product, Item int64
	Code, Name    string
	Location      int64 // 0 where the SKU has no balance
	LocationName  string
	OnHand        dec.D
}

// FeedFilter narrows a feed. Zero fields do not.
type FeedFilter struct {
	Code     string // of the SKU, exactly
	Location int64  // only SKUs with a balance there, and only that balance
}

// Feed streams the active SKUs of products that keep stock, by SKU and
// location, with what is on hand: one statement whose cost does not depend on
// the number of entries.
func Feed(tx *db.Tx, f FeedFilter, fn func(FeedRow) error) error {
	join, args := "LEFT JOIN", []any{}
	on := ""
	if f.Location != 0 {
		join, on = "JOIN", " AND b.location_id = ?"
		args = append(args, f.Location)
	}
	where := ""
	args = append(args, tx.Org)
	if f.Code != "" {
		where = " AND i.code = ?"
		args = append(args, f.Code)
	}
	return tx.Each(func(r db.Row) error {
		var v FeedRow
		if err := r.Scan(&v.Product, &v.Item, &v.Code, &v.Name, db.I(&v.Location), db.S(&v.LocationName), &v.OnHand); err != nil {
			return err
		}
		return fn(v)
	}, `SELECT i.product_id, i.id, i.code, i.name, b.location_id, l.name, COALESCE(b.on_hand, 0)
		FROM item i
		JOIN product p ON p.org_id = i.org_id AND p.id = i.product_id
		`+join+` stock_balance b ON b.org_id = i.org_id AND b.item_id = i.id AND b.lot = ''`+on+`
		LEFT JOIN location l ON l.org_id = b.org_id AND l.id = b.location_id
		WHERE i.org_id = ? AND i.kind = 'sku' AND i.is_active = 1 AND p.enable_stock = 1`+where+`
		ORDER BY i.id, b.location_id`, args...)
}
