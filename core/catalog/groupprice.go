package catalog

import (
	"maps"
	"slices"
	"strconv"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
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

// GroupPrice is what an item costs in a selling price group, tax included;
// nil is no price of its own there.
type GroupPrice struct {
	Item  int64
	Price *dec.D
}

// SetGroupPrices gives SKUs their prices in a selling price group, which
// exists; the prices of others stay. Of an item that is named twice the last
// one holds.
func SetGroupPrices(tx *db.Tx, group int64, list []GroupPrice) error {
	want := map[int64]*dec.D{}
	ids := make([]int64, len(list))
	for n, p := range list {
		want[p.Item], ids[n] = p.Price, p.Item
	}
	items, err := GetItems(tx, ids)
	if err != nil {
		return err
	}
	var f flaws
	for n, p := range list {
		at := "prices." + strconv.Itoa(n)
		f.add(items[p.Item].ID == 0 || items[p.Item].Kind != SKU, at+".item_id", "does not exist")
		f.add(p.Price != nil && *p.Price < 0, at+".price", "must be at least 0")
	}
	if err := fault.Flaws(f); err != nil {
		return err
	}
	var gone []int64
	var rows [][]any
	for _, item := range slices.Sorted(maps.Keys(want)) {
		if want[item] == nil {
			gone = append(gone, item)
			continue
		}
		rows = append(rows, []any{tx.Org, int64(0), item, group, *want[item], tx.Now, tx.Now})
	}
	first, err := tx.NextIDs("item_price", len(rows))
	if err != nil {
		return err
	}
	for n := range rows {
		rows[n][1] = first + int64(n)
	}
	for part := range slices.Chunk(gone, maxIn) {
		if _, err := tx.Exec(`DELETE FROM item_price WHERE org_id = ? AND price_group_id = ? AND item_id IN (`+db.Marks(len(part))+`)`,
			append([]any{tx.Org, group}, db.Args(part)...)...); err != nil {
			return err
		}
	}
	return tx.Insert("item_price", "org_id, "+priceCols, rows, keepPrice)
}

// keepPrice makes a price that is there already the new one.
const keepPrice = "ON CONFLICT (org_id, item_id, price_group_id) DO UPDATE SET price_inc_tax = excluded.price_inc_tax, updated_at = excluded.updated_at"
