// Package schema holds the tables, as numbered migrations: one SQL text for
// both engines. Above each table stands a mark for a sharded PostgreSQL:
//
//	-- TENANT   distributed by org_id, which comes first in every key
//	-- SHARED   a reference table, the same on every node
//	-- LOCAL    on one node
//
// schema_test.go holds the rules that the marks promise.
package schema

import "embed"

// FS holds the migrations.
//
//go:embed *.sql
var FS embed.FS
