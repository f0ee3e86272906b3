// Package saletest makes many sells quickly, for tests and measurements.
package saletest

import (
	"context"
	"strconv"
	"strings"
	"testing"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/core/catalog"
	"storehouse/core/money"
	"storehouse/core/party"
	"storehouse/core/sale"
)

// Fill gives an organization n sells of three lines and a payment, a minute
// apart: one is made, the others are its rows, copied by SQL. The ledgers know
// of the first alone.
func Fill(tb testing.TB, d *db.DB, org, location int64, n int) {
	tb.Helper()
	do := func(fn func(*db.Tx) error) {
		tb.Helper()
		if err := d.Update(context.Background(), org, fn); err != nil {
			tb.Fatal(err)
		}
	}
	var s sale.Sale
	do(func(tx *db.Tx) error {
		p, err := catalog.CreateProduct(tx, catalog.Product{Type: catalog.Single, Code: "L", Name: "Labour",
			Variations: []catalog.Variation{{Items: []catalog.Variant{{Item: catalog.Item{SellPrice: dec.Int(5)}}}}}})
		if err != nil {
			return err
		}
		c, err := party.EnsureDefault(tx)
		if err != nil {
			return err
		}
		l := sale.DraftLine{LineHead: sale.LineHead{Item: p.Variations[0].Items[0].ID, Quantity: dec.One}}
		list, err := sale.Create(tx, sale.New{Head: sale.Head{Origin: sale.POS, Status: sale.Final, Location: location, Party: c.ID},
			Lines: []sale.DraftLine{l, l, l}, Payments: []money.Payment{{Method: "cash", Amount: dec.Int(15)}}})
		if err == nil {
			s = list[0]
		}
		return err
	})
	do(func(tx *db.Tx) error {
		for _, t := range []struct {
			table, of string
			copies    map[string]string // what differs in the k-th copy
		}{
			{"sale", "id", map[string]string{"id": "t.id + k", "number": "t.number || '-' || k", "invoice_token": "t.invoice_token || k", "sold_at": "t.sold_at + k * CAST(60000000 AS bigint)"}},
			{"sale_line", "sale_id", map[string]string{"id": "t.id + 3 * k", "sale_id": "t.sale_id + k"}},
			{"payment", "sale_id", map[string]string{"id": "t.id + k", "sale_id": "t.sale_id + k", "ref_no": "t.ref_no || '-' || k"}},
		} {
			names, err := columns(tx, t.table)
			if err != nil {
				return err
			}
			from := make([]string, len(names))
			for i, name := range names {
				if from[i] = t.copies[name]; from[i] == "" {
					from[i] = "t." + name
				}
			}
			series := `(WITH RECURSIVE c(k) AS (SELECT 1 UNION ALL SELECT k + 1 FROM c WHERE k < ` + strconv.Itoa(n-1) + `) SELECT k FROM c) c`
			if _, err := tx.Exec(`INSERT INTO `+t.table+` (`+strings.Join(names, ", ")+`) SELECT `+strings.Join(from, ", ")+` FROM `+t.table+` t, `+series+
				` WHERE t.org_id = ? AND t.`+t.of+` = ?`, tx.Org, s.ID); err != nil {
				return err
			}
		}
		_, err := tx.Numbers(map[string]int64{"sale:count": int64(n - 1)})
		return err
	})
	if d.Postgres() {
		do(func(tx *db.Tx) error { _, err := tx.Exec(`ANALYZE`); return err })
	}
}

func columns(tx *db.Tx, table string) ([]string, error) {
	q := `SELECT name FROM pragma_table_info(?)`
	if tx.Postgres() {
		q = `SELECT CAST(column_name AS text) FROM information_schema.columns WHERE table_name = ? ORDER BY ordinal_position`
	}
	return db.All(tx, db.Value[string], q, table)
}
