package wire

import (
	"encoding/json"
	"errors"
	"strconv"
	"strings"

	"storehouse/base/dec"
)

// Num enters as a JSON number or as a string that holds one; null and "" are
// as if it were not there.
type Num struct {
	D   dec.D
	Set bool
}

// SetWire implements Setter.
func (n *Num) SetWire(v any) error {
	d, ok, err := number(v)
	n.D, n.Set = d, ok
	return err
}

// Ptr returns the number, or nil where none was given.
func (n Num) Ptr() *dec.D {
	if !n.Set {
		return nil
	}
	return &n.D
}

// Or returns the number, or def where none was given.
func (n Num) Or(def dec.D) dec.D {
	if !n.Set {
		return def
	}
	return n.D
}

// Given reports whether there was a number.
func (n Num) Given() bool { return n.Set }

// Decimal returns the number, for range checks.
func (n Num) Decimal() dec.D { return n.D }

// Schema implements Schemer.
func (Num) Schema() map[string]any { return Obj{"type": []any{"number", "string", "null"}} }

func number(v any) (d dec.D, ok bool, err error) {
	switch x := v.(type) {
	case nil:
		return 0, false, nil
	case json.Number:
		d, err = dec.Parse(x.String())
	case string:
		s := strings.TrimSpace(x)
		if s == "" || s == "null" {
			return 0, false, nil
		}
		d, err = dec.Parse(s)
	case bool:
		return 0, false, dec.ErrSyntax
	default:
		return 0, false, dec.ErrSyntax
	}
	if err != nil {
		return 0, false, err
	}
	return d, true, nil
}

// Int enters as 2, 2.0 or "2" (apps send all three); null and "" are as if it
// were not there.
type Int struct {
	N   int64
	Set bool
}

// SetWire implements Setter.
func (n *Int) SetWire(v any) error {
	if num, ok := v.(json.Number); ok && len(num) <= 18 {
		if i, err := strconv.ParseInt(num.String(), 10, 64); err == nil {
			n.N, n.Set = i, true
			return nil
		}
	}
	d, ok, err := number(v)
	if err != nil {
		return errors.New("must be an integer")
	}
	if !d.IsInt() {
		return errors.New("must be an integer")
	}
	n.N, n.Set = d.Int(), ok
	return nil
}

// Given reports whether there was an integer.
func (n Int) Given() bool { return n.Set }

// Or returns the integer, or def where none was given.
func (n Int) Or(def int64) int64 {
	if !n.Set {
		return def
	}
	return n.N
}

// Decimal returns the integer, for range checks.
func (n Int) Decimal() dec.D { d, _ := dec.FromInt(n.N); return d }

// Schema implements Schemer.
func (Int) Schema() map[string]any { return Obj{"type": []any{"integer", "string", "null"}} }

// Bool enters as true, 1, "1", "true", "on", "yes" and their opposites.
type Bool struct{ V, Set bool }

// SetWire implements Setter.
func (b *Bool) SetWire(v any) error {
	switch x := v.(type) {
	case nil:
		return nil
	case bool:
		b.V, b.Set = x, true
		return nil
	case json.Number:
		d, err := dec.Parse(x.String())
		if err == nil && (d == 0 || d == dec.One) {
			b.V, b.Set = d == dec.One, true
			return nil
		}
	case string:
		switch strings.ToLower(strings.TrimSpace(x)) {
		case "", "null":
			return nil
		case "1", "true", "on", "yes", "1.0":
			b.V, b.Set = true, true
			return nil
		case "0", "false", "off", "no", "0.0":
			b.V, b.Set = false, true
			return nil
		}
	}
	return errors.New("must be true or false")
}

// Given reports whether there was a flag.
func (b Bool) Given() bool { return b.Set }

// Or returns the flag, or def where none was given.
func (b Bool) Or(def bool) bool {
	if !b.Set {
		return def
	}
	return b.V
}

// Schema implements Schemer.
func (Bool) Schema() map[string]any {
	return Obj{"type": []any{"boolean", "integer", "string", "null"}, "examples": []any{0, 1}}
}

// Text enters as a string; a number or a flag is taken as its text. Null is
// as if it were not there, with Null set.
type Text struct {
	S    string
	Set  bool
	Null bool
}

// SetWire implements Setter.
func (t *Text) SetWire(v any) error {
	switch x := v.(type) {
	case nil:
		t.Null = true
	case string:
		t.S, t.Set = x, true
	case json.Number:
		t.S, t.Set = x.String(), true
	case bool:
		t.S, t.Set = strconv.FormatBool(x), true
	default:
		return errors.New("must be a string")
	}
	return nil
}

// Given reports whether there was a text.
func (t Text) Given() bool { return t.Set }

// Text returns the text, for length checks.
func (t Text) Text() string { return t.S }

// Schema implements Schemer.
func (Text) Schema() map[string]any { return Obj{"type": []any{"string", "number", "null"}} }
