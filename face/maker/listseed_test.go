package maker_test

import (
	"encoding/json"
	"errors"
	"net/http/httptest"
	"strings"
	"testing"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/contract/stage"
	"storehouse/core/catalog"
	"storehouse/core/party"
	"storehouse/core/stock"
)

// callB is call for benchmarks.
func callB(b *testing.B, s *stage.Stage, path, body string) (int, map[string]any) {
	b.Helper()
	r := httptest.NewRequest("POST", path, strings.NewReader(body))
	r.Header = s.As[""].Clone()
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.Handler.ServeHTTP(w, r)
	var out map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		b.Fatal(err)
	}
	return w.Code, out
}

// copying is how the rows of a table are copied: of which row, and what is
// different in copy n.i.
type copying struct {
	table, of string
	set       map[string]string
}

const (
	newID   = `1000000 + n.i`
	skuID   = `2000000 + n.i`
	newName = `'row ' || CAST(n.i AS text)`
	seldom  = `CASE WHEN n.i = 77777 THEN 0 ELSE 1 END`
)

var copied = []copying{
	{"item", `kind = 'material' AND code = 'M'`, map[string]string{"id": newID, "code": `'M' || CAST(n.i AS text)`, "name": newName, "name_key": newName, "is_active": seldom}},
	{"product", `code = 'S'`, map[string]string{"id": skuID, "code": `'S' || CAST(n.i AS text)`, "name": newName, "name_key": newName}},
	{"item", `kind = 'sku' AND code = 'S'`, map[string]string{"id": skuID, "product_id": skuID, "code": `'S' || CAST(n.i AS text)`, "name": newName, "name_key": newName, "is_active": seldom}},
	{"bom", `1 = 1`, map[string]string{"item_id": skuID}},
	{"bom_line", `1 = 1`, map[string]string{"output_id": skuID}},
	{"party", `is_vendor = 1`, map[string]string{"id": newID, "number": `'V' || CAST(n.i AS text)`, "name": newName, "name_key": newName, "is_active": seldom}},
	{"party", `is_customer = 1 AND name = 'Corner'`, map[string]string{"id": skuID, "number": `'C' || CAST(n.i AS text)`, "name": newName, "name_key": newName, "is_active": seldom}},
	{"person", `1 = 1`, map[string]string{"id": newID, "display_name": newName, "display_key": newName}},
	{"person_link", `1 = 1`, map[string]string{"id": newID, "person_id": newID, "is_primary": "0"}},
	{"sale", `order_status <> ''`, map[string]string{"id": newID, "number": `'X' || CAST(n.i AS text)`, "invoice_token": `'T' || CAST(n.i AS text)`}},
	{"sale_note", `1 = 1`, map[string]string{"id": newID}},
	{"purchase", `1 = 1`, map[string]string{"id": newID, "number": `'X' || CAST(n.i AS text)`}},
	{"purchase_line", `1 = 1`, map[string]string{"id": newID, "purchase_id": newID}},
	{"production_order", `kind = 'work'`, map[string]string{"id": newID, "number": `'X' || CAST(n.i AS text)`}},
	{"production_order", `kind = 'production'`, map[string]string{"id": skuID, "number": `'Y' || CAST(n.i AS text)`}},
}

// copies makes 100,000 of each, and the ledger's by its own door.
func copies(tx *db.Tx) error {
	if err := tx.ReserveN("stock_entry", 3*listed); err != nil { // or it would begin again
		return err
	}
	for _, c := range copied {
		if err := c.run(tx); err != nil {
			return err
		}
	}
	if err := errors.Join(catalog.FillSearch(tx), party.FillSearch(tx)); err != nil {
		return err
	}
	analyse := func() error { // which PostgreSQL does by itself, a minute later
		if !tx.Postgres() {
			return nil
		}
		_, err := tx.Exec(`ANALYZE`)
		return err
	}
	if err := analyse(); err != nil {
		return err
	}
	if err := postMany(tx); err != nil {
		return err
	}
	return analyse()
}

func (c copying) run(tx *db.Tx) error {
	columns, err := columnsOf(tx, c.table)
	if err != nil {
		return err
	}
	values := make([]string, len(columns))
	for i, name := range columns {
		if values[i] = "t." + name; c.set[name] != "" {
			values[i] = c.set[name]
		}
	}
	_, err = tx.Exec(`INSERT INTO `+c.table+` (`+strings.Join(columns, ", ")+`) WITH RECURSIVE n (i) AS (SELECT 1 UNION ALL SELECT i + 1 FROM n WHERE i < CAST(? AS bigint))
		SELECT `+strings.Join(values, ", ")+` FROM (SELECT * FROM `+c.table+` WHERE org_id = ? AND `+c.of+` LIMIT 1) t CROSS JOIN n`, int64(listed), tx.Org)
	return err
}

func columnsOf(tx *db.Tx, table string) ([]string, error) {
	if tx.Postgres() {
		return db.All(tx, db.Value[string], `SELECT column_name FROM information_schema.columns WHERE table_name = ? ORDER BY ordinal_position`, table)
	}
	return db.All(tx, db.Value[string], `SELECT name FROM pragma_table_info(?) ORDER BY cid`, table)
}

// postMany posts an entry of each of the copied items, and as many of one.
func postMany(tx *db.Tx) error {
	var list []stock.Entry
	cost := dec.Int(2)
	for i := range int64(listed) {
		for _, base := range []int64{1_000_000, 2_000_000} {
			list = append(list, stock.Entry{Event: stock.Adjust, Item: base + i + 1, Location: 1, Quantity: dec.Int(5), UnitCost: &cost, Doc: stock.Doc{Type: "adjustment"}})
		}
		list = append(list, stock.Entry{Event: stock.Adjust, Item: 2_000_000 + 1, Location: 1, Quantity: dec.Int(5), UnitCost: &cost, Doc: stock.Doc{Type: "adjustment"}})
		if len(list) >= 10_000 || i == listed-1 {
			if _, err := stock.Post(tx, stock.Policy{}, list...); err != nil {
				return err
			}
			list = nil
		}
	}
	return nil
}
