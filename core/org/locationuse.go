package org

import "storehouse/base/db"

// locationReferrers are the rows of the till and the office that refer to a
// location; the ledger and the orders are their own packages' to count.
// Foreign keys guard the same columns.
var locationReferrers = []db.Tally{
	{Name: "cashRegisters", From: "cash_register WHERE org_id = ? AND location_id = ?"},
	{Name: "diningTables", From: "dining_table WHERE org_id = ? AND location_id = ?"},
	{Name: "discounts", From: "discount WHERE org_id = ? AND location_id = ?"},
	{Name: "expenses", From: "expense WHERE org_id = ? AND location_id = ?"},
	{Name: "holidays", From: "holiday WHERE org_id = ? AND location_id = ?"},
	{Name: "saleReturns", From: "sale_return WHERE org_id = ? AND location_id = ?"},
}

// LocationUsage counts what refers to a location beside the ledger and the
// orders, zeros included. Tables that were taken away still count: their row
// stays.
func LocationUsage(tx *db.Tx, id int64) (map[string]int64, error) {
	return db.Counts(tx, locationReferrers, id)
}
