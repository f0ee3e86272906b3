package schema

import (
	"io/fs"
	"regexp"
	"slices"
	"strings"
)

// Table is a table of the migrations.
type Table struct {
	Name   string
	Mark   string // "TENANT", "SHARED" or "LOCAL"
	HasOrg bool   // it has an org_id column
}

var createTable = regexp.MustCompile(`(?s)-- (TENANT|SHARED|LOCAL)[^\n]*\n(?:--[^\n]*\n)*CREATE TABLE (\w+) \((.*?)\n\)`)

// Tables returns the tables in the order in which they are made, so that a
// table stands after those that it refers to.
func Tables() ([]Table, error) {
	names, err := fs.Glob(FS, "*.sql")
	if err != nil {
		return nil, err
	}
	slices.Sort(names)
	var list []Table
	for _, n := range names {
		text, err := fs.ReadFile(FS, n)
		if err != nil {
			return nil, err
		}
		for _, m := range createTable.FindAllStringSubmatch(string(text), -1) {
			list = append(list, Table{m[2], m[1], strings.Contains(m[3], "org_id ")})
		}
	}
	return list, nil
}
