package db

import (
	"database/sql"
	"fmt"
	"time"
	"unsafe"

	"storehouse/base/dec"
)

// convert turns arguments into what both drivers store alike.
func convert(args []any) []any {
	for i, a := range args {
		switch v := a.(type) {
		case time.Time:
			args[i] = micros(v)
		case *time.Time:
			if v == nil {
				args[i] = nil
			} else {
				args[i] = micros(*v)
			}
		case bool:
			args[i] = int64(0)
			if v {
				args[i] = int64(1)
			}
		case dec.D:
			args[i] = int64(v)
		case *dec.D:
			if v == nil {
				args[i] = nil
			} else {
				args[i] = int64(*v)
			}
		case int:
			args[i] = int64(v)
		}
	}
	return args
}

func micros(t time.Time) any {
	if t.IsZero() {
		return nil
	}
	return t.UnixMicro()
}

// Null returns nil for the zero value, so that 0 and "" are stored as NULL.
func Null[V comparable](v V) any {
	var zero V
	if v == zero {
		return nil
	}
	return v
}

type timeScanner struct{ t *time.Time }

// T reads a time; NULL is the zero time.
func T(t *time.Time) sql.Scanner { return timeScanner{t} }

func (s timeScanner) Scan(v any) error {
	switch n := v.(type) {
	case nil:
		*s.t = time.Time{}
	case int64:
		*s.t = time.UnixMicro(n).UTC()
	default:
		return fmt.Errorf("db: cannot read a time from %T", v)
	}
	return nil
}

type boolScanner struct{ b *bool }

// B reads a flag; NULL is false.
func B(b *bool) sql.Scanner { return boolScanner{b} }

func (s boolScanner) Scan(v any) error {
	switch n := v.(type) {
	case nil:
		*s.b = false
	case int64:
		*s.b = n != 0
	case bool:
		*s.b = n
	default:
		return fmt.Errorf("db: cannot read a flag from %T", v)
	}
	return nil
}

type textScanner struct{ s *string }

// S reads a text; NULL is "".
func S(s *string) sql.Scanner { return textScanner{s} }

func (s textScanner) Scan(v any) error {
	switch x := v.(type) {
	case nil:
		*s.s = ""
	case string:
		*s.s = x
	case []byte:
		*s.s = string(x)
	default:
		return fmt.Errorf("db: cannot read a text from %T", v)
	}
	return nil
}

// lentText is a text that PostgreSQL's driver lends.
type lentText struct{ textScanner }

// Lent reads a text that is good until the next row is read: whoever keeps some
// of it clones that. It saves a copy where a statement reads megabytes.
func Lent(s *string) sql.Scanner { return lentText{textScanner{s}} }

// ScanBytes takes what is in the driver's buffer, without a copy (pgx's
// pgtype.BytesScanner).
func (t lentText) ScanBytes(v []byte) error {
	*t.s = unsafe.String(unsafe.SliceData(v), len(v))
	return nil
}

type intScanner struct{ n *int64 }

// I reads an integer; NULL is 0.
func I(n *int64) sql.Scanner { return intScanner{n} }

func (s intScanner) Scan(v any) error {
	switch x := v.(type) {
	case nil:
		*s.n = 0
	case int64:
		*s.n = x
	default:
		return fmt.Errorf("db: cannot read an integer from %T", v)
	}
	return nil
}

type decScanner struct{ d **dec.D }

// DN reads a decimal that may be NULL; NULL is a nil pointer. A decimal that
// may not be NULL scans into a *dec.D directly.
func DN(d **dec.D) sql.Scanner { return decScanner{d} }

func (s decScanner) Scan(v any) error {
	switch x := v.(type) {
	case nil:
		*s.d = nil
	case int64:
		n := dec.D(x)
		*s.d = &n
	default:
		return fmt.Errorf("db: cannot read a decimal from %T", v)
	}
	return nil
}

// Sum returns the columns of a sum of decimals that may be larger on its way
// than a decimal can be: those of a dec.Sum, Whole and Rest. SUM of the column
// itself would fail then, and with it whatever needs the sum.
func Sum(column string) string {
	return `CAST(SUM(` + column + ` / 1000000) AS bigint), CAST(SUM(` + column + ` % 1000000) AS bigint)`
}
