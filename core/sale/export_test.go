package sale

import "storehouse/base/db"

// ListSQL returns the statement of a list, for tests of its plan.
func ListSQL(tx *db.Tx, f Filter) (string, []any) { return f.sql(tx) }
