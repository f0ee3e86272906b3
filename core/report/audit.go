// Package report reads across the areas: the audit of the books, and the
// figures of the pos face's reports.
package report

import (
	"fmt"

	"storehouse/base/db"
	"storehouse/core/catalog"
	"storehouse/core/money"
	"storehouse/core/party"
	"storehouse/core/points"
	"storehouse/core/search"
	"storehouse/core/stock"
)

// Difference is a balance that is not the fold of its ledger's entries, or a
// row that is not searched as it is.
type Difference struct {
	Org    int64
	Ledger string // "stock", "money", "points"; "search" is what lists are searched by
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
// compares the balances, and what lists are searched by with its rows, all as
// of one moment. There are no differences unless the program or a hand in the
// database has made a mistake.
func Audit(tx *db.Tx) (Result, error) {
	r := Result{Checked: map[string]int64{}}
	err := tx.Snapshot(func() error {
		for _, a := range []struct {
			name string
			run  func(*db.Tx) error
		}{{"stock", r.stock}, {"money", r.money}, {"points", r.points}, {"search", r.search}} {
			if err := a.run(tx); err != nil {
				return fmt.Errorf("audit %s: %w", a.name, err)
			}
		}
		return nil
	})
	return r, err
}

func (r *Result) stock(tx *db.Tx) error {
	list, n, err := stock.Audit(tx)
	r.count(n)
	for _, d := range list {
		what := fmt.Sprintf("item %d at location %d: %s", d.Item, d.Location, d.Column)
		if d.Lot != "" {
			what += " of lot " + d.Lot
		}
		r.add(tx, "stock", what, d.Stored.String(), d.Folded.String())
	}
	return err
}

func (r *Result) money(tx *db.Tx) error {
	list, n, err := money.Audit(tx)
	r.count(n)
	for _, d := range list {
		r.add(tx, "money", fmt.Sprintf("%s %d: %s %s", d.Account.Kind, d.Account.ID, d.Bucket, d.Method), d.Stored.String(), d.Folded.String())
	}
	return err
}

func (r *Result) points(tx *db.Tx) error {
	list, n, err := points.Audit(tx)
	r.count(n)
	for _, d := range list {
		r.add(tx, "points", fmt.Sprintf("party %d: %s", d.Party, d.Column), d.Stored.String(), d.Folded.String())
	}
	return err
}

func (r *Result) search(tx *db.Tx) error {
	for _, audit := range []func(*db.Tx) ([]search.Difference, int64, error){catalog.AuditSearch, party.AuditSearch} {
		list, n, err := audit(tx)
		if err != nil {
			return err
		}
		r.count(map[string]int64{"searchRows": n})
		for _, d := range list {
			r.add(tx, "search", fmt.Sprintf("%s %d", d.List, d.ID), d.Stored, d.Expected)
		}
	}
	return nil
}

func (r *Result) count(n map[string]int64) {
	for k, v := range n {
		r.Checked[k] += v
	}
}

func (r *Result) add(tx *db.Tx, ledger, what, stored, folded string) {
	r.Differences = append(r.Differences, Difference{tx.Org, ledger, what, stored, folded})
}
