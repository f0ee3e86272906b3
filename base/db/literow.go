package db

import (
	"database/sql"
	"database/sql/driver"
	"fmt"
	"reflect"
)

// liteRow is a row as SQLite's driver hands it out.
type liteRow struct{ vals []driver.Value }

// Scan reads the row's columns, strictly: an integer into a text is an error,
// and so is NULL into what cannot hold it.
func (r *liteRow) Scan(dest ...any) error {
	if len(dest) != len(r.vals) {
		return fmt.Errorf("db: a row of %d columns is read into %d", len(r.vals), len(dest))
	}
	for i, to := range dest {
		if err := scanValue(to, r.vals[i]); err != nil {
			return fmt.Errorf("column %d: %w", i, err)
		}
	}
	return nil
}

func scanValue(to any, v driver.Value) error {
	ok := false
	switch to := to.(type) {
	case *int64:
		*to, ok = v.(int64)
	case *int:
		var n int64
		n, ok = v.(int64)
		*to = int(n)
	case *string:
		*to, ok = v.(string)
	case *bool:
		var n int64
		n, ok = v.(int64)
		*to = n != 0
	case *[]byte:
		switch v := v.(type) {
		case []byte:
			*to, ok = v, true
		case string:
			*to, ok = []byte(v), true
		case nil:
			*to, ok = nil, true
		}
	case **int64:
		var n int64
		if n, ok = v.(int64); ok {
			*to = &n
		} else if v == nil {
			*to, ok = nil, true
		}
	case *any:
		*to, ok = v, true
	case sql.Scanner:
		return to.Scan(v)
	default: // a named type
		switch p := reflect.ValueOf(to); n := v.(type) {
		case int64:
			if ok = p.Kind() == reflect.Pointer && p.Elem().CanInt() && !p.Elem().OverflowInt(n); ok {
				p.Elem().SetInt(n)
			}
		case string:
			if ok = p.Kind() == reflect.Pointer && p.Elem().Kind() == reflect.String; ok {
				p.Elem().SetString(n)
			}
		}
	}
	if !ok {
		return fmt.Errorf("db: cannot read %T into %T", v, to)
	}
	return nil
}
