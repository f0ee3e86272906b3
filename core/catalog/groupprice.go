package catalog

import (
	"storehouse/base/db"
	"storehouse/base/dec"
)

// GroupPrices returns what items cost in a selling price group, tax included;
// an item without a price there is not in the map.
func GroupPrices(tx *db.Tx, group int64, items []int64) (map[int64]dec.D, error) {
	prices := map[int64]dec.D{}
	items = distinct(items)
	if len(items) == 0 {
		return prices, nil
	}
	err := tx.Each(func(r db.Row) error {
		var item int64
		var price dec.D
		err := r.Scan(&item, &price)
		prices[item] = price
		return err
	}, `SELECT item_id, price_inc_tax FROM item_price WHERE org_id = ? AND price_group_id = ? AND item_id IN (`+db.Marks(len(items))+`)`,
		append([]any{tx.Org, group}, db.Args(items)...)...)
	return prices, err
}
