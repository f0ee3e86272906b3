package wire

import (
	"bytes"
	"encoding"
	"encoding/json"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"
)

// An Appender writes itself as JSON: what MarshalJSON returns, without a
// buffer of its own. Answers hold thousands of small values.
type Appender interface{ AppendJSON(dst []byte) []byte }

// Append writes a value as encoding/json does, without escapes for HTML. What
// it does not know itself, encoding/json writes.
func Append(dst []byte, value any) ([]byte, error) {
	if value == nil {
		return append(dst, "null"...), nil
	}
	t := reflect.TypeOf(value)
	v := reflect.New(t).Elem() // addressable
	v.Set(reflect.ValueOf(value))
	return encoderOf(t)(dst, v)
}

// encoder writes an addressable value.
type encoder func(dst []byte, v reflect.Value) ([]byte, error)

var encoders sync.Map // reflect.Type → encoder

func encoderOf(t reflect.Type) encoder {
	if e, ok := encoders.Load(t); ok {
		return e.(encoder)
	}
	// Types may hold themselves: until its encoder is built, a type has one
	// that waits for it.
	var e encoder
	var built sync.WaitGroup
	built.Add(1)
	other, found := encoders.LoadOrStore(t, encoder(func(dst []byte, v reflect.Value) ([]byte, error) {
		built.Wait()
		return e(dst, v)
	}))
	if found {
		return other.(encoder)
	}
	e = build(t)
	built.Done()
	encoders.Store(t, e)
	return e
}

var (
	appender      = reflect.TypeFor[Appender]()
	marshaler     = reflect.TypeFor[json.Marshaler]()
	textMarshaler = reflect.TypeFor[encoding.TextMarshaler]()
)

func build(t reflect.Type) encoder {
	switch at := reflect.PointerTo(t); {
	case t.Kind() == reflect.Pointer:
		return pointer(t)
	case t.Implements(appender):
		return func(dst []byte, v reflect.Value) ([]byte, error) {
			return v.Addr().Interface().(Appender).AppendJSON(dst), nil
		}
	case at.Implements(marshaler) || at.Implements(textMarshaler) || t == reflect.TypeFor[json.Number]():
		return foreign
	}
	switch t.Kind() {
	case reflect.Bool:
		return func(dst []byte, v reflect.Value) ([]byte, error) { return strconv.AppendBool(dst, v.Bool()), nil }
	case reflect.Int, reflect.Int8, reflect.Int16, reflect.Int32, reflect.Int64:
		return func(dst []byte, v reflect.Value) ([]byte, error) { return strconv.AppendInt(dst, v.Int(), 10), nil }
	case reflect.String:
		return func(dst []byte, v reflect.Value) ([]byte, error) { return appendText(dst, v.String()), nil }
	case reflect.Interface:
		return func(dst []byte, v reflect.Value) ([]byte, error) {
			if v.IsNil() {
				return append(dst, "null"...), nil
			}
			return Append(dst, v.Elem().Interface())
		}
	case reflect.Slice:
		return list(t)
	case reflect.Struct:
		return object(t)
	}
	return foreign
}

// foreign leaves a value to encoding/json.
func foreign(dst []byte, v reflect.Value) ([]byte, error) {
	b, err := slow(v.Addr().Interface())
	return append(dst, b...), err
}

func slow(v any) ([]byte, error) {
	var b bytes.Buffer
	e := json.NewEncoder(&b)
	e.SetEscapeHTML(false)
	if err := e.Encode(v); err != nil {
		return nil, err
	}
	return bytes.TrimRight(b.Bytes(), "\n"), nil
}

func pointer(t reflect.Type) encoder {
	elem := encoderOf(t.Elem())
	return func(dst []byte, v reflect.Value) ([]byte, error) {
		if v.IsNil() {
			return append(dst, "null"...), nil
		}
		return elem(dst, v.Elem())
	}
}

func list(t reflect.Type) encoder {
	if t.Elem().Kind() == reflect.Uint8 {
		return foreign
	}
	elem := encoderOf(t.Elem())
	return func(dst []byte, v reflect.Value) (_ []byte, err error) {
		if v.IsNil() {
			return append(dst, "null"...), nil
		}
		dst = append(dst, '[')
		for i := range v.Len() {
			if i > 0 {
				dst = append(dst, ',')
			}
			if dst, err = elem(dst, v.Index(i)); err != nil {
				return dst, err
			}
		}
		return append(dst, ']'), nil
	}
}

// field is a struct's field, or one of a struct that it embeds.
type field struct {
	name  string // `"id":`
	index []int
	empty bool // left out when it is empty
	write encoder
}

func object(t reflect.Type) encoder {
	fields, ok := fieldsOf(t, nil)
	if !ok {
		return foreign
	}
	return func(dst []byte, v reflect.Value) (_ []byte, err error) {
		lead := byte('{')
		for i := range fields {
			f := &fields[i]
			at := v
			for _, n := range f.index {
				at = at.Field(n)
			}
			if f.empty && empty(at) {
				continue
			}
			dst = append(append(dst, lead), f.name...)
			lead = ','
			if dst, err = f.write(dst, at); err != nil {
				return dst, err
			}
		}
		if lead == '{' {
			dst = append(dst, lead)
		}
		return append(dst, '}'), nil
	}
}

// fieldsOf lists what a struct writes, in order. ok is false for what only
// encoding/json gets right: names that hide one another, embedded pointers,
// and options besides omitempty.
func fieldsOf(t reflect.Type, above []int) (out []field, ok bool) {
	for i := range t.NumField() {
		f := t.Field(i)
		tag, tagged := f.Tag.Lookup("json")
		index := append(slices.Clone(above), i)
		if f.Anonymous && !tagged {
			if f.Type.Kind() != reflect.Struct {
				return nil, false
			}
			inner, ok := fieldsOf(f.Type, index)
			if !ok {
				return nil, false
			}
			out = append(out, inner...)
			continue
		}
		name, options, _ := strings.Cut(tag, ",")
		if tag == "-" || !f.IsExported() {
			continue
		}
		if f.Anonymous || options != "" && options != "omitempty" {
			return nil, false
		}
		if name == "" {
			name = f.Name
		}
		out = append(out, field{name: string(appendText(nil, name)) + ":", index: index, empty: options != "", write: encoderOf(f.Type)})
	}
	names := map[string]bool{}
	for _, f := range out {
		if names[f.name] {
			return nil, false
		}
		names[f.name] = true
	}
	return out, true
}

// empty is encoding/json's: what omitempty leaves out.
func empty(v reflect.Value) bool {
	switch v.Kind() {
	case reflect.Array, reflect.Map, reflect.Slice, reflect.String:
		return v.Len() == 0
	case reflect.Struct:
		return false
	}
	return v.IsZero()
}

// appendText writes a text with its quotes.
func appendText(dst []byte, s string) []byte {
	for i := 0; i < len(s); {
		c := s[i]
		if c < utf8.RuneSelf {
			if c < ' ' || c == '"' || c == '\\' {
				return appendEscaped(dst, s)
			}
			i++
			continue
		}
		r, n := utf8.DecodeRuneInString(s[i:])
		if r == utf8.RuneError && n == 1 || r == '\u2028' || r == '\u2029' {
			return appendEscaped(dst, s)
		}
		i += n
	}
	dst = append(dst, '"')
	dst = append(dst, s...)
	return append(dst, '"')
}

func appendEscaped(dst []byte, s string) []byte {
	b, err := slow(s)
	if err != nil { // a text is always written
		return append(dst, `""`...)
	}
	return append(dst, b...)
}
