package org

import (
	"fmt"
	"slices"

	"storehouse/base/db"
	"storehouse/schema"
)

// Purge deletes tx's organization with all that is its: every row of every
// table that has an org_id, the referring tables first. Its users stay users.
// Stored files are the caller's to delete.
func Purge(tx *db.Tx) error {
	if _, err := Get(tx); err != nil {
		return err
	}
	tables, err := schema.Tables()
	if err != nil {
		return err
	}
	slices.Reverse(tables)
	for _, t := range tables {
		if !t.HasOrg {
			continue
		}
		if _, err := tx.Exec("DELETE FROM "+t.Name+" WHERE org_id = ?", tx.Org); err != nil {
			return fmt.Errorf("purge %s: %w", t.Name, err)
		}
	}
	_, err = tx.Exec(`DELETE FROM organization WHERE id = ?`, tx.Org)
	return err
}
