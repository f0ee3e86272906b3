package catalog

import (
	"slices"
	"strconv"
	"strings"

	"storehouse/base/db"
)

const productCols = `id, type, code, name, unit_id, second_unit_id, sub_units, brand_id, category_id, sub_category_id, tax_id, tax_type, enable_stock, alert_quantity, barcode_type,
	expiry_period, expiry_period_type, enable_sr_no, weight, custom_field1, custom_field2, custom_field3, custom_field4, image, image_url, thumbnail_url, url, description, warranty_id,
	is_inactive, not_for_selling, kds_stations, menus, woo_id, woo_disable_sync, everywhere, created_by, created_at, updated_at`

func scanProduct(r db.Row, p *Product) error {
	var units, stations, menus string
	err := r.Scan(&p.ID, &p.Type, &p.Code, &p.Name, db.I(&p.Unit), db.I(&p.SecondUnit), db.S(&units), db.I(&p.Brand), db.I(&p.Category), db.I(&p.SubCategory), db.I(&p.Tax), &p.TaxType,
		db.B(&p.EnableStock), db.DN(&p.AlertQuantity), &p.BarcodeType, db.DN(&p.ExpiryPeriod), db.S(&p.ExpiryPeriodType), db.B(&p.EnableSerial), db.S(&p.Weight),
		db.S(&p.Custom[0]), db.S(&p.Custom[1]), db.S(&p.Custom[2]), db.S(&p.Custom[3]), db.S(&p.Image), db.S(&p.ImageURL), db.S(&p.ThumbnailURL), db.S(&p.URL), db.S(&p.Description), db.I(&p.Warranty),
		db.B(&p.IsInactive), db.B(&p.NotForSelling), db.S(&stations), db.S(&menus), db.I(&p.WooID), db.B(&p.WooDisableSync), db.B(&p.Everywhere), db.I(&p.CreatedBy), db.T(&p.CreatedAt), db.T(&p.UpdatedAt))
	p.SubUnits, p.KDSStations, p.Menus = splitIDs(units), splitIDs(stations), splitIDs(menus)
	return err
}

func (p Product) values() []any {
	return []any{p.ID, p.Type, p.Code, p.Name, db.Null(p.Unit), db.Null(p.SecondUnit), db.Null(joinIDs(p.SubUnits)), db.Null(p.Brand), db.Null(p.Category), db.Null(p.SubCategory), db.Null(p.Tax), p.TaxType,
		p.EnableStock, p.AlertQuantity, p.BarcodeType, p.ExpiryPeriod, db.Null(p.ExpiryPeriodType), p.EnableSerial, db.Null(p.Weight),
		db.Null(p.Custom[0]), db.Null(p.Custom[1]), db.Null(p.Custom[2]), db.Null(p.Custom[3]), db.Null(p.Image), db.Null(p.ImageURL), db.Null(p.ThumbnailURL), db.Null(p.URL), db.Null(p.Description), db.Null(p.Warranty),
		p.IsInactive, p.NotForSelling, db.Null(joinIDs(p.KDSStations)), db.Null(joinIDs(p.Menus)), db.Null(p.WooID), p.WooDisableSync, p.Everywhere, db.Null(p.CreatedBy), p.CreatedAt, p.UpdatedAt, key(p.Name)}
}

// updateProductSQL sets every column but the id, in the order of values.
const updateProductSQL = `UPDATE product SET type = ?, code = ?, name = ?, unit_id = ?, second_unit_id = ?, sub_units = ?, brand_id = ?, category_id = ?, sub_category_id = ?, tax_id = ?, tax_type = ?,
	enable_stock = ?, alert_quantity = ?, barcode_type = ?, expiry_period = ?, expiry_period_type = ?, enable_sr_no = ?, weight = ?,
	custom_field1 = ?, custom_field2 = ?, custom_field3 = ?, custom_field4 = ?, image = ?, image_url = ?, thumbnail_url = ?, url = ?, description = ?, warranty_id = ?,
	is_inactive = ?, not_for_selling = ?, kds_stations = ?, menus = ?, woo_id = ?, woo_disable_sync = ?, everywhere = ?, created_by = ?, created_at = ?, updated_at = ?, name_key = ?
	WHERE org_id = ? AND id = ?`

const itemCols = `id, kind, code, name, product_id, product_variation_id, variation_name, variation_value_id, type_id, items_per_unit, oz_per_item, qbo_id, notes, is_active,
	purchase_price, purchase_price_inc_tax, profit_percent, sell_price, sell_price_inc_tax, woo_id, created_by, created_at, updated_at`

func scanItem(r db.Row, i *Item) error {
	return r.Scan(&i.ID, &i.Kind, &i.Code, &i.Name, db.I(&i.Product), db.I(&i.Variation), db.S(&i.VariationName), db.I(&i.VariationValue), db.I(&i.Type), &i.ItemsPerUnit, db.DN(&i.OzPerItem),
		db.S(&i.QboID), db.S(&i.Notes), db.B(&i.IsActive), &i.PurchasePrice, &i.PurchasePriceIncTax, &i.ProfitPercent, &i.SellPrice, &i.SellPriceIncTax, db.I(&i.WooID),
		db.I(&i.CreatedBy), db.T(&i.CreatedAt), db.T(&i.UpdatedAt))
}

func (i Item) values() []any {
	return []any{i.ID, i.Kind, i.Code, i.Name, db.Null(i.Product), db.Null(i.Variation), db.Null(i.VariationName), db.Null(i.VariationValue), db.Null(i.Type), i.ItemsPerUnit, i.OzPerItem,
		db.Null(i.QboID), db.Null(i.Notes), i.IsActive, i.PurchasePrice, i.PurchasePriceIncTax, i.ProfitPercent, i.SellPrice, i.SellPriceIncTax, db.Null(i.WooID),
		db.Null(i.CreatedBy), i.CreatedAt, i.UpdatedAt, key(i.Name)}
}

// updateItemSQL sets every column but the id, in the order of values.
const updateItemSQL = `UPDATE item SET kind = ?, code = ?, name = ?, product_id = ?, product_variation_id = ?, variation_name = ?, variation_value_id = ?, type_id = ?, items_per_unit = ?, oz_per_item = ?,
	qbo_id = ?, notes = ?, is_active = ?, purchase_price = ?, purchase_price_inc_tax = ?, profit_percent = ?, sell_price = ?, sell_price_inc_tax = ?, woo_id = ?,
	created_by = ?, created_at = ?, updated_at = ?, name_key = ?
	WHERE org_id = ? AND id = ?`

func saveItem(tx *db.Tx, i Item) error {
	_, err := tx.Exec(updateItemSQL, append(i.values()[1:], tx.Org, i.ID)...)
	return takenCode(err)
}

func insertItems(tx *db.Tx, list []Item) error {
	rows := make([][]any, len(list))
	for n, i := range list {
		rows[n] = append([]any{tx.Org}, i.values()...)
	}
	return takenCode(tx.Insert("item", "org_id, "+itemCols+", name_key", rows))
}

const variationCols = `id, product_id, template_id, name, is_dummy, created_at, updated_at`

func scanVariation(r db.Row, v *Variation) error {
	return r.Scan(&v.ID, &v.Product, db.I(&v.Template), &v.Name, db.B(&v.IsDummy), db.T(&v.CreatedAt), db.T(&v.UpdatedAt))
}

func insertVariations(tx *db.Tx, list []Variation) error {
	rows := make([][]any, len(list))
	for n, v := range list {
		rows[n] = []any{tx.Org, v.ID, v.Product, db.Null(v.Template), v.Name, v.IsDummy, v.CreatedAt, v.UpdatedAt}
	}
	return tx.Insert("product_variation", "org_id, "+variationCols, rows)
}

// insertProducts stores whole new products, ids and all, in a statement a
// table whatever their number.
func insertProducts(tx *db.Tx, list []Product) error {
	var rows [][]any
	var axes []Variation
	var items []Item
	var found []searchable
	for _, p := range list {
		rows = append(rows, append([]any{tx.Org}, p.values()...))
		axes = append(axes, p.Variations...)
		for _, v := range p.Variations {
			for _, i := range v.Items {
				items = append(items, i.Item)
				found = append(found, searchable{Item: i.Item, modifier: p.Type == Modifier})
			}
		}
	}
	if err := tx.Insert("product", "org_id, "+productCols+", name_key", rows); err != nil {
		return takenCode(err)
	}
	if err := insertVariations(tx, axes); err != nil {
		return err
	}
	if err := insertItems(tx, items); err != nil {
		return err
	}
	if err := addSearch(tx, SKU, found); err != nil {
		return err
	}
	return insertParts(tx, list)
}

// insertParts stores what hangs on new products and items.
func insertParts(tx *db.Tx, list []Product) error {
	var locations, sets, combos, prices, media [][]any
	for _, p := range list {
		for _, l := range p.ownLocations() {
			locations = append(locations, []any{tx.Org, p.ID, l})
		}
		for _, s := range distinct(p.ModifierSets) {
			sets = append(sets, []any{tx.Org, p.ID, s})
		}
		for _, v := range p.Variations {
			for _, i := range v.Items {
				combos = append(combos, comboRows(tx, i.ID, i.Parts)...)
				for _, m := range i.Prices {
					prices = append(prices, []any{tx.Org, m.ID, i.ID, m.Group, m.Amount, tx.Now, tx.Now})
				}
				for _, m := range i.Media {
					media = append(media, []any{tx.Org, m.ID, i.ID, m.FileName, m.DisplayName, db.Null(m.Description), db.Null(m.URL), db.Null(tx.Actor), tx.Now, tx.Now})
				}
			}
		}
	}
	for _, t := range []struct {
		table, cols string
		rows        [][]any
	}{{"product_location", "org_id, product_id, location_id", locations}, {"product_modifier", "org_id, product_id, set_id", sets}, {"combo_item", comboCols, combos},
		{"item_price", "org_id, " + priceCols, prices}, {"item_media", "org_id, " + mediaCols, media}} {
		if err := tx.Insert(t.table, t.cols, t.rows); err != nil {
			return err
		}
	}
	return nil
}

const (
	comboCols = `org_id, combo_id, line, item_id, unit_id, quantity`
	priceCols = `id, item_id, price_group_id, price_inc_tax, created_at, updated_at`
	mediaCols = `id, item_id, file_name, display_name, description, url, uploaded_by, created_at, updated_at`
)

func comboRows(tx *db.Tx, combo int64, parts []ComboPart) [][]any {
	var rows [][]any
	for n, c := range parts {
		rows = append(rows, []any{tx.Org, combo, n + 1, c.Item, db.Null(c.Unit), c.Quantity})
	}
	return rows
}

// inChunks runs a query for ids in pieces; before and after go around the
// list of marks, and the organization is the first argument.
func inChunks(tx *db.Tx, ids []int64, fn func(db.Row) error, before, after string) error {
	for part := range slices.Chunk(distinct(ids), maxIn) {
		if err := tx.Each(fn, before+db.Marks(len(part))+after, append([]any{tx.Org}, db.Args(part)...)...); err != nil {
			return err
		}
	}
	return nil
}

// allChunks reads rows for ids in pieces.
func allChunks[V any](tx *db.Tx, ids []int64, scan func(db.Row, *V) error, before, after string) ([]V, error) {
	out := []V{}
	err := inChunks(tx, ids, func(r db.Row) error {
		var v V
		err := scan(r, &v)
		out = append(out, v)
		return err
	}, before, after)
	return out, err
}

func joinIDs(ids []int64) string {
	s := make([]string, len(ids))
	for i, id := range ids {
		s[i] = strconv.FormatInt(id, 10)
	}
	return strings.Join(s, ",")
}

func splitIDs(s string) []int64 {
	var ids []int64
	for _, f := range strings.Split(s, ",") {
		if id, err := strconv.ParseInt(f, 10, 64); err == nil {
			ids = append(ids, id)
		}
	}
	return ids
}

// key is how names are compared and sorted.
func key(s string) string { return strings.ToLower(strings.TrimSpace(s)) }
