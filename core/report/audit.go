// Package report reads across the areas: the audit of the books, and the
// figures of the pos face's reports.
package report

import (
	"fmt"

	"storehouse/base/db"
	"storehouse/core/money"
	"storehouse/core/points"
	"storehouse/core/stock"
)

// Difference is a balance that is not the fold of its ledger's entries.
type Difference struct {
	Org    int64
	Ledger string // "stock", "money", "points"
	What   string // "item 7 at location 1: on_hand"
	Stored string
	Folded string
}

// Result is what an audit found.
type Result struct {
	Checked     map[string]int64 // how many of what were refolded
	Differences []Difference
}

// Audit refolds every ledger of tx's organization from its entries and
// compares the balances. There are no differences unless the program or a
// hand in the database has made a mistake.
func Audit(tx *db.Tx) (Result, error) {
	r := Result{Checked: map[string]int64{}}
	goods, n, err := stock.Audit(tx)
	if err != nil {
		return r, fmt.Errorf("audit stock: %w", err)
	}
	r.count(n)
	for _, d := range goods {
		what := fmt.Sprintf("item %d at location %d: %s", d.Item, d.Location, d.Column)
		if d.Lot != "" {
			what += " of lot " + d.Lot
		}
		r.add(tx, "stock", what, d.Stored.String(), d.Folded.String())
	}
	cash, n, err := money.Audit(tx)
	if err != nil {
		return r, fmt.Errorf("audit money: %w", err)
	}
	r.count(n)
	for _, d := range cash {
		r.add(tx, "money", fmt.Sprintf("%s %d: %s %s", d.Account.Kind, d.Account.ID, d.Bucket, d.Method), d.Stored.String(), d.Folded.String())
	}
	pts, n, err := points.Audit(tx)
	if err != nil {
		return r, fmt.Errorf("audit points: %w", err)
	}
	r.count(n)
	for _, d := range pts {
		r.add(tx, "points", fmt.Sprintf("party %d: %s", d.Party, d.Column), d.Stored.String(), d.Folded.String())
	}
	return r, nil
}

func (r *Result) count(n map[string]int64) {
	for k, v := range n {
		r.Checked[k] += v
	}
}

func (r *Result) add(tx *db.Tx, ledger, what, stored, folded string) {
	r.Differences = append(r.Differences, Difference{tx.Org, ledger, what, stored, folded})
}
