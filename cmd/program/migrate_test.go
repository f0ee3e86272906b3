package program_test

import (
	"context"
	"fmt"
	"io/fs"
	"path/filepath"
	"testing"
	"testing/fstest"

	"github.com/google/go-cmp/cmp"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/cmd/program"
	"storehouse/core/catalog"
	"storehouse/core/party"
	"storehouse/core/report"
	"storehouse/schema"
)

// before returns the migrations up to a number.
func before(t *testing.T, last string) fs.FS {
	t.Helper()
	names, err := fs.Glob(schema.FS, "*.sql")
	if err != nil {
		t.Fatal(err)
	}
	old := fstest.MapFS{}
	for _, n := range names {
		if n > last {
			continue
		}
		text, err := fs.ReadFile(schema.FS, n)
		if err != nil {
			t.Fatal(err)
		}
		old[n] = &fstest.MapFile{Data: text}
	}
	return old
}

// TestAStoreOfTheFirstSchemaIsSearched takes a store that was made before
// lists had a search up to date: what it has is found, and the books balance.
func TestAStoreOfTheFirstSchemaIsSearched(t *testing.T) {
	for name, config := range map[string]func() db.Config{
		"sqlite":   func() db.Config { return db.Config{Path: filepath.Join(t.TempDir(), "old.db")} },
		"postgres": func() db.Config { return db.Config{URL: dbtest.EmptyPostgresURL(t)} },
	} {
		t.Run(name, func(t *testing.T) {
			ctx := context.Background()
			d, err := db.Open(ctx, config())
			if err != nil {
				t.Fatal(err)
			}
			defer d.Close()
			if _, err := d.Migrate(ctx, before(t, "0014_pos.sql")); err != nil {
				t.Fatal(err)
			}
			for org := range int64(2) {
				if err := d.Update(ctx, org+1, func(tx *db.Tx) error { return oldRows(tx) }); err != nil {
					t.Fatal(err)
				}
			}
			applied, err := program.Migrate(ctx, d)
			if diff := cmp.Diff([]string{"0015_lists.sql", "0016_orders.sql"}, applied); diff != "" || err != nil {
				t.Fatal(err, diff)
			}
			if err := d.View(ctx, 2, func(tx *db.Tx) error {
				items, err := catalog.ListItems(tx, catalog.ItemFilter{Kind: catalog.Material, Q: "ALT"})
				if err != nil || len(items) != 1 || items[0].Name != "Malt" {
					t.Errorf("%v %v", items, err)
				}
				people, err := party.List(tx, party.Filter{Role: party.Customer, Q: "orn"})
				if err != nil || len(people) != 1 || people[0].Name != "Corner" {
					t.Errorf("%v %v", people, err)
				}
				res, err := report.Audit(tx)
				if len(res.Differences) > 0 || res.Checked["searchRows"] != 2 {
					t.Errorf("%v", res)
				}
				return err
			}); err != nil {
				t.Fatal(err)
			}
		})
	}
}

// oldRows adds an organization with a material and a customer, as they were
// stored before.
func oldRows(tx *db.Tx) error {
	if err := tx.Insert("organization", "id, name, slug, created_at, updated_at", [][]any{{tx.Org, "Acme", fmt.Sprint("acme-", tx.Org), tx.Now, tx.Now}}); err != nil {
		return err
	}
	if err := tx.Insert("item", `org_id, id, kind, code, name, name_key, items_per_unit, is_active, purchase_price, purchase_price_inc_tax,
		profit_percent, sell_price, sell_price_inc_tax, created_at, updated_at`, [][]any{{tx.Org, tx.Org, "material", "M1", "Malt", "malt", 1, true, 0, 0, 0, 0, 0, tx.Now, tx.Now}}); err != nil {
		return err
	}
	return tx.Insert("party", `org_id, id, number, is_customer, is_vendor, is_lead, is_default, is_active, name, name_key, business_key,
		opening_balance, created_at, updated_at`, [][]any{{tx.Org, tx.Org, "C1", true, false, false, false, true, "Corner", "corner", "", 0, tx.Now, tx.Now}})
}
