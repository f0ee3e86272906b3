package program

import (
	"context"

	"storehouse/base/db"
	"storehouse/core/catalog"
	"storehouse/core/org"
	"storehouse/core/party"
	"storehouse/schema"
)

// Migrate brings the schema up to date and returns the files that it applied.
func Migrate(ctx context.Context, d *db.DB) ([]string, error) {
	return d.Migrate(ctx, schema.FS, db.Step{File: "0015_lists.sql", Run: fillSearch})
}

// fillSearch packs what lists are searched by, of all organizations there are.
func fillSearch(tx *db.Tx) error {
	orgs, err := org.List(tx)
	if err != nil {
		return err
	}
	defer func(own int64) { tx.Org = own }(tx.Org)
	for _, o := range orgs {
		tx.Org = o.ID
		if err := catalog.FillSearch(tx); err != nil {
			return err
		}
		if err := party.FillSearch(tx); err != nil {
			return err
		}
	}
	return nil
}
