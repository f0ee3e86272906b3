package pos

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"
	"time"

	"storehouse/base/fault"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// idList enters as "55,56", as one number or as an array of ids. What is no
// id matches no row; an empty text and a lone 0 (PHP's empty) do not narrow.
type idList struct {
	IDs []int64
	Set bool
}

// noRow is an id that no row has: a filter for something that is no id.
const noRow = -1

// SetWire implements wire.Setter.
func (l *idList) SetWire(v any) error {
	var parts []string
	switch x := v.(type) {
	case nil:
		return nil
	case string:
		if x = strings.TrimSpace(x); x == "" || x == "null" {
			return nil
		}
		if list, ok := web.Nested(x).([]any); ok {
			return l.SetWire(list)
		}
		parts = strings.Split(x, ",")
	case json.Number:
		parts = []string{x.String()}
	case []any:
		for _, e := range x {
			var t wire.Text
			if err := t.SetWire(e); err != nil {
				return errors.New("must be a list of ids")
			}
			if t.S != "" {
				parts = append(parts, strings.Split(t.S, ",")...)
			}
		}
	default:
		return errors.New("must be a list of ids")
	}
	if len(parts) == 1 && strings.TrimSpace(parts[0]) == "0" {
		return nil
	}
	l.Set = true
	for _, p := range parts {
		p = strings.TrimSuffix(strings.TrimSpace(p), ".0") // bridges send floats
		id, err := strconv.ParseInt(p, 10, 64)
		if err != nil || id <= 0 {
			id = noRow
		}
		l.IDs = append(l.IDs, id)
	}
	return nil
}

// Given reports whether there was a list.
func (l idList) Given() bool { return l.Set }

// Schema implements wire.Schemer.
func (idList) Schema() map[string]any {
	return wire.Obj{"type": []any{"string", "integer", "array", "null"}, "examples": []any{"1,2"}}
}

// noResults is what the vendor's server says of rows that it cannot find.
func noResults(model, ids string) error {
	return fault.New(fault.NotFound, `No query results for model [App\%s] %s`, model, ids)
}

// listed answers a short list: whole, or in pages when it is asked for so.
func listed[T any](f *face, c *web.Call, p paging, rows []T) (any, error) {
	if err := p.check(); err != nil {
		return nil, err
	}
	if rows == nil {
		rows = []T{}
	}
	if !p.PerPage.Set || p.all() {
		return data[[]T]{rows}, nil
	}
	return paged(f, asked(c), p, pageRows(rows, p), len(rows)), nil
}

// picked answers the rows of a short list that a path names, in the list's
// order.
func picked[T any](model, path string, rows []T, id func(T) int64) (data[[]T], error) {
	want := map[int64]bool{}
	for _, n := range ids(path) {
		want[n] = true
	}
	out := []T{}
	for _, r := range rows {
		if want[id(r)] {
			out = append(out, r)
		}
	}
	if len(out) == 0 {
		return data[[]T]{}, noResults(model, path)
	}
	return data[[]T]{out}, nil
}

// microStamp leaves as "2023-10-26T09:33:14.000000Z", the vendor's newer
// spelling of a time; the zero time is null.
type microStamp time.Time

// MarshalJSON implements json.Marshaler.
func (m microStamp) MarshalJSON() ([]byte, error) {
	if time.Time(m).IsZero() {
		return []byte("null"), nil
	}
	return []byte(time.Time(m).UTC().Format(`"2006-01-02T15:04:05.000000Z"`)), nil
}

// Schema implements wire.Schemer.
func (microStamp) Schema() map[string]any {
	return wire.Obj{"type": []any{"string", "null"}, "format": "date-time"}
}

// flag enters as wire.Bool does; anything else is as if it were not there:
// the vendor's server only asks whether a query's flag is 1.
type flag struct{ wire.Bool }

// SetWire implements wire.Setter.
func (l *flag) SetWire(v any) error {
	if err := l.Bool.SetWire(v); err != nil {
		l.Bool = wire.Bool{}
	}
	return nil
}

// ptr returns the flag, nil where none was given.
func (l flag) ptr() *bool {
	if !l.Set {
		return nil
	}
	return &l.V
}
