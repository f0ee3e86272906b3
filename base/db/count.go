package db

import "strings"

// A Tally is rows to be counted under a name: From is what follows "SELECT
// COUNT(*) FROM", with org_id = ? first.
type Tally struct{ Name, From string }

// Counts counts the rows of several tables in one statement, zeros included;
// what has the same name is added up. args are what each From asks for after
// the organization.
func Counts(t *Tx, list []Tally, args ...any) (map[string]int64, error) {
	counts := make(map[string]int64, len(list))
	if len(list) == 0 {
		return counts, nil
	}
	parts := make([]string, len(list))
	all := make([]any, 0, len(list)*(1+len(args)))
	for i, l := range list {
		parts[i] = `SELECT '` + l.Name + `', COUNT(*) FROM ` + l.From
		all = append(append(all, t.Org), args...)
	}
	return counts, t.Each(func(r Row) error {
		var name string
		var n int64
		err := r.Scan(&name, &n)
		counts[name] += n
		return err
	}, strings.Join(parts, " UNION ALL "), all...)
}
