package maker

import (
	"errors"
	"time"

	"storehouse/base/dec"
	"storehouse/face/wire"
)

// moment enters as a date, "2026-03-01", or a time of RFC 3339; without an
// offset it is UTC. Null is as if it were not there.
type moment struct {
	T   time.Time
	Set bool
	Day bool // it was a date
}

var momentLayouts = []string{time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02 15:04:05", "2006-01-02T15:04", time.DateOnly}

// SetWire implements wire.Setter.
func (m *moment) SetWire(v any) error {
	s, ok := v.(string)
	switch {
	case v == nil || ok && s == "":
		return nil
	case ok:
		for _, layout := range momentLayouts {
			if t, err := time.Parse(layout, s); err == nil && t.Year() >= 1970 && t.Year() <= 9999 {
				m.T, m.Set, m.Day = t.UTC().Truncate(time.Microsecond), true, layout == time.DateOnly
				return nil
			}
		}
	}
	return errors.New("must be a date or a time, like 2026-03-01 or 2026-03-01T14:15:22Z")
}

// Given reports whether there was a time.
func (m moment) Given() bool { return m.Set }

// or returns the time, or def where none was given.
func (m moment) or(def time.Time) time.Time {
	if !m.Set {
		return def
	}
	return m.T
}

// Schema implements wire.Schemer.
func (moment) Schema() map[string]any {
	return wire.Obj{"type": []any{"string", "null"}, "examples": []any{"2026-03-01", "2019-08-24T14:15:22Z"}}
}

// day leaves a time that is the start of a day as that day, "2026-03-01", any
// other as ISO does, and the zero time as null: a date comes back as it was
// sent.
type day time.Time

// MarshalJSON implements json.Marshaler.
func (d day) MarshalJSON() ([]byte, error) {
	t := time.Time(d).UTC()
	if !t.IsZero() && t.Equal(t.Truncate(24*time.Hour)) {
		return []byte(`"` + t.Format(time.DateOnly) + `"`), nil
	}
	return wire.ISO(d).MarshalJSON()
}

// Schema implements wire.Schemer.
func (day) Schema() map[string]any {
	return wire.Obj{"type": []any{"string", "null"}, "examples": []any{"2026-03-01"}}
}

// text returns what was given, "" for nothing.
func text(p *string) string {
	if p == nil {
		return ""
	}
	return *p
}

// change sets a field of a PATCH that may not be null, if it was given.
func change[T any](dst *T, given *T) {
	if given != nil {
		*dst = *given
	}
}

// patch sets a field of a PATCH that may be null, if it was given.
func patch[T any](dst *T, given wire.Opt[T]) {
	if given.Set {
		*dst = given.V
	}
}

// patchNum sets a decimal of a PATCH that may be null, if it was given.
func patchNum(dst **dec.D, given wire.Opt[wire.Num]) {
	if given.Set {
		*dst = given.V.Ptr()
	}
}

// changeNum sets a decimal of a PATCH that may not be null, if it was given.
func changeNum(dst *dec.D, given wire.Num) {
	if given.Set {
		*dst = given.D
	}
}

// flag reads a filter of the values "true" and "false"; "" is none.
func flag(s string) *bool {
	if s == "" {
		return nil
	}
	b := s == "true"
	return &b
}

// timePatch is a time of a PATCH: null takes it away.
type timePatch struct {
	to    *time.Time
	given wire.Opt[moment]
}

func patchTimes(list ...timePatch) {
	for _, p := range list {
		if p.given.Set {
			*p.to = p.given.V.T
		}
	}
}

// given makes an id that may not be null one that may.
func given(r wire.Ref) wire.Opt[wire.Ref] { return wire.Opt[wire.Ref]{Set: r.Set, V: r} }
