// Package wire holds the scalar shapes of the faces' messages: how a decimal,
// a flag, a time or an id is spelled, on the way out (json.Marshaler) and on
// the way in (Setter). Which face uses which spelling is the face's business.
package wire

import (
	"time"

	"storehouse/base/dec"
)

// A Setter takes a value from a request: nil, bool, json.Number, string,
// []any, map[string]any or *File. Its error completes the sentence "field …".
type Setter interface{ SetWire(v any) error }

// A Schemer describes itself for OpenAPI 3.1.
type Schemer interface{ Schema() map[string]any }

// Obj is a part of a JSON schema.
type Obj = map[string]any

// Dec4 leaves as a string with four decimals, "770.0000": the pos face.
type Dec4 dec.D

// MarshalJSON implements json.Marshaler.
func (d Dec4) MarshalJSON() ([]byte, error) { return d.AppendJSON(nil), nil }

// Schema implements Schemer.
func (Dec4) Schema() map[string]any {
	return Obj{"type": "string", "pattern": `^-?[0-9]+\.[0-9]{4}$`, "examples": []any{"770.0000"}}
}

// Dec4N is a Dec4 that may be null.
type Dec4N struct{ D *dec.D }

// MarshalJSON implements json.Marshaler.
func (d Dec4N) MarshalJSON() ([]byte, error) { return d.AppendJSON(nil), nil }

// Schema implements Schemer.
func (Dec4N) Schema() map[string]any {
	return Obj{"type": []any{"string", "null"}, "pattern": `^-?[0-9]+\.[0-9]{4}$`}
}

// Dec leaves as a string without trailing zeros, "12.5": the maker face.
type Dec dec.D

// MarshalJSON implements json.Marshaler.
func (d Dec) MarshalJSON() ([]byte, error) { return d.AppendJSON(nil), nil }

// Schema implements Schemer.
func (Dec) Schema() map[string]any {
	return Obj{"type": "string", "pattern": `^-?[0-9]+(\.[0-9]+)?$`, "examples": []any{"12.5"}}
}

// DecN is a Dec that may be null.
type DecN struct{ D *dec.D }

// MarshalJSON implements json.Marshaler.
func (d DecN) MarshalJSON() ([]byte, error) { return d.AppendJSON(nil), nil }

// Schema implements Schemer.
func (DecN) Schema() map[string]any {
	return Obj{"type": []any{"string", "null"}, "pattern": `^-?[0-9]+(\.[0-9]+)?$`}
}

// Number leaves as a JSON number without trailing zeros: 10, 2.64.
type Number dec.D

// MarshalJSON implements json.Marshaler.
func (d Number) MarshalJSON() ([]byte, error) { return d.AppendJSON(nil), nil }

// Schema implements Schemer.
func (Number) Schema() map[string]any { return Obj{"type": "number"} }

// Bit leaves as 0 or 1.
type Bit bool

// MarshalJSON implements json.Marshaler.
func (b Bit) MarshalJSON() ([]byte, error) { return b.AppendJSON(nil), nil }

// Schema implements Schemer.
func (Bit) Schema() map[string]any { return Obj{"type": "integer", "enum": []any{0, 1}} }

// TextN leaves as a string, "" as null.
type TextN string

// MarshalJSON implements json.Marshaler.
func (t TextN) MarshalJSON() ([]byte, error) { return t.AppendJSON(nil), nil }

// Schema implements Schemer.
func (TextN) Schema() map[string]any { return Obj{"type": []any{"string", "null"}} }

// IntN leaves as an integer, 0 as null: ids that may be missing.
type IntN int64

// MarshalJSON implements json.Marshaler.
func (n IntN) MarshalJSON() ([]byte, error) { return n.AppendJSON(nil), nil }

// Schema implements Schemer.
func (IntN) Schema() map[string]any { return Obj{"type": []any{"integer", "null"}} }

// Stamp leaves as "2018-04-10 13:23:21" in a zone, the zero time as null.
type Stamp struct {
	T    time.Time
	Zone *time.Location // nil is UTC
}

// isoLayout is the maker face's format of a time.
const isoLayout = "2006-01-02T15:04:05.999999Z07:00"

// StampLayout is the pos, shop and loyalty faces' format of a time.
const StampLayout = "2006-01-02 15:04:05"

// MarshalJSON implements json.Marshaler.
func (s Stamp) MarshalJSON() ([]byte, error) { return s.AppendJSON(nil), nil }

// Schema implements Schemer.
func (Stamp) Schema() map[string]any {
	return Obj{"type": []any{"string", "null"}, "examples": []any{"2018-04-10 13:23:21"}}
}

// ISO leaves as "2019-08-24T14:15:22Z", the zero time as null: the maker face.
type ISO time.Time

// MarshalJSON implements json.Marshaler.
func (t ISO) MarshalJSON() ([]byte, error) { return t.AppendJSON(nil), nil }

// Schema implements Schemer.
func (ISO) Schema() map[string]any {
	return Obj{"type": []any{"string", "null"}, "format": "date-time"}
}

// Opt is a field with three states: absent (not Set), null (Set and Null), or
// a value (Set). A PATCH changes what is Set.
type Opt[T any] struct {
	Set, Null bool
	V         T
}

// OptTarget implements the binder's interface for three-state fields.
func (o *Opt[T]) OptTarget() any { return &o.V }

// OptSet implements the binder's interface for three-state fields.
func (o *Opt[T]) OptSet(null bool) { o.Set, o.Null = true, null }

// Or returns the value, or def where the field is absent. Null is the zero
// value.
func (o Opt[T]) Or(def T) T {
	if !o.Set {
		return def
	}
	return o.V
}

// Raw leaves as the JSON text that it holds; "" is null.
type Raw string

// MarshalJSON implements json.Marshaler.
func (r Raw) MarshalJSON() ([]byte, error) {
	if r == "" {
		return []byte("null"), nil
	}
	return []byte(r), nil
}

// Schema implements Schemer.
func (Raw) Schema() map[string]any { return Obj{} }

// File is a file that came in a multipart body.
type File struct {
	Name string // as the sender calls it: never a path here
	Type string // as the sender declares it
	Data []byte
}

// JSON spells a value as the faces do: without escapes for HTML.
func JSON(v any) ([]byte, error) { return Append(nil, v) }
