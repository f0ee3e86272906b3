package org

import (
	"strings"

	"storehouse/base/db"
)

// locationReferrers are the rows of the till and the office that refer to a
// location; the ledger and the orders are their own packages' to count.
// Foreign keys guard the same columns.
var locationReferrers = []struct{ name, from string }{
	{"cashRegisters", "cash_register WHERE org_id = ? AND location_id = ?"},
	{"diningTables", "dining_table WHERE org_id = ? AND location_id = ?"},
	{"discounts", "discount WHERE org_id = ? AND location_id = ?"},
	{"expenses", "expense WHERE org_id = ? AND location_id = ?"},
	{"holidays", "holiday WHERE org_id = ? AND location_id = ?"},
	{"saleReturns", "sale_return WHERE org_id = ? AND location_id = ?"},
}

// LocationUsage counts what refers to a location beside the ledger and the
// orders, zeros included. Tables that were taken away still count: their row
// stays.
func LocationUsage(tx *db.Tx, id int64) (map[string]int64, error) {
	counts := map[string]int64{}
	parts := make([]string, len(locationReferrers))
	var args []any
	for i, r := range locationReferrers {
		parts[i] = `SELECT '` + r.name + `', COUNT(*) FROM ` + r.from
		args = append(args, tx.Org, id)
	}
	err := tx.Each(func(r db.Row) error {
		var name string
		var n int64
		err := r.Scan(&name, &n)
		counts[name] = n
		return err
	}, strings.Join(parts, " UNION ALL "), args...)
	return counts, err
}
