package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"reflect"
	"slices"
	"strconv"
	"strings"

	"github.com/go-chi/chi/v5"

	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/face/wire"
)

// bind fills an input from the request and reports every field at fault.
func (c *Call) bind(dst any) error {
	v := reflect.ValueOf(dst).Elem()
	p := planOf(v.Type())
	if len(p.fields) == 0 {
		return nil
	}
	in := &input{}
	if p.reads {
		var err error
		if in, err = c.load(); err != nil {
			return err
		}
	}
	body, isMap := in.body.(map[string]any)
	b := binder{}
	for i := range p.fields {
		f := &p.fields[i]
		var raw any
		var ok, text bool
		switch f.from {
		case "path":
			raw, ok, text = chi.URLParam(c.R, f.name), true, true
		case "query":
			raw, ok, text = in.query[f.name], has(in.query, f.name), true
			if !ok && c.face.Merge {
				raw, ok, text = lookup(body, f, in.form)
				if n, is := raw.(json.Number); is {
					raw = n.String() // a filter is a text wherever it stands
				}
			}
		case "header":
			raw, text = c.R.Header.Get(f.name), true
			ok = raw != ""
		case "body":
			raw, ok, text = in.body, true, in.form
		case "json":
			if !isMap {
				return fault.New(fault.Invalid, "the body must be a JSON object")
			}
			raw, ok, text = lookup(body, f, in.form)
			if !ok && c.face.Merge {
				raw, ok, text = lookup(in.query, f, true)
			}
		}
		b.field(v.FieldByIndex(f.index), f, f.name, raw, ok, text)
	}
	return fault.Flaws(b.flaws)
}

// Input returns the request's body as a tree (usually a map[string]any), for
// handlers that read it by hand; form says that its values are texts.
func (c *Call) Input() (tree any, form bool, err error) {
	in, err := c.load()
	if err != nil {
		return nil, false, err
	}
	return in.body, in.form, nil
}

// Bind fills an input from one object of a body and reports every field at
// fault.
func Bind(m map[string]any, form bool, dst any) error {
	b := binder{}
	b.object(reflect.ValueOf(dst).Elem(), "", m, form)
	return fault.Flaws(b.flaws)
}

func has(m map[string]any, name string) bool { _, ok := m[name]; return ok }

// lookup finds a field by its name, else by an alias. A null is as good as
// absent while another name may still hold something: apps send both.
func lookup(m map[string]any, f *field, form bool) (raw any, ok, text bool) {
	if raw, ok = m[f.name]; raw != nil {
		return raw, true, form
	}
	for _, a := range f.aliases {
		other, has := m[a]
		if ok = ok || has; other != nil {
			return other, true, form
		}
	}
	return nil, ok, form
}

type binder struct{ flaws []fault.Flaw }

const maxFlaws = 50

func (b *binder) flaw(path, format string, args ...any) {
	if len(b.flaws) < maxFlaws {
		b.flaws = append(b.flaws, fault.Flaw{Field: path, Msg: fmt.Sprintf(format, args...)})
	}
}

func (b *binder) field(v reflect.Value, f *field, path string, raw any, ok, text bool) {
	if f.required && (!ok || raw == nil || raw == "" && f.typ.Kind() != reflect.String) {
		b.flaw(path, "is required")
		return
	}
	if !ok {
		return
	}
	if f.never && raw == nil {
		b.flaw(path, "must not be null")
		return
	}
	n := len(b.flaws)
	b.value(v, path, raw, text)
	if len(b.flaws) == n && f.checks.any {
		b.check(v, &f.checks, path)
	}
}

type optional interface {
	OptTarget() any
	OptSet(null bool)
}

func (b *binder) value(v reflect.Value, path string, raw any, text bool) {
	if v.CanAddr() && b.own(v.Addr().Interface(), path, raw, text) {
		return
	}
	if raw == nil {
		return // null is as if it were not there; three-state fields are Opt
	}
	if k := v.Kind(); text && (k == reflect.Slice || k == reflect.Struct) {
		raw = Nested(raw)
	}
	switch v.Kind() {
	case reflect.String:
		s, ok := raw.(string)
		if !ok {
			b.flaw(path, "must be a string")
			return
		}
		v.SetString(s)
	case reflect.Bool:
		b.boolean(v, path, raw, text)
	case reflect.Int, reflect.Int64:
		b.integer(v, path, raw, text)
	case reflect.Pointer:
		p := reflect.New(v.Type().Elem())
		b.value(p.Elem(), path, raw, text)
		v.Set(p)
	case reflect.Slice:
		b.list(v, path, raw, text)
	case reflect.Struct:
		m, ok := raw.(map[string]any)
		if !ok {
			b.flaw(path, "must be an object")
			return
		}
		b.object(v, path, m, text)
	case reflect.Map:
		m, ok := raw.(map[string]any)
		if !ok {
			b.flaw(path, "must be an object")
			return
		}
		if v.Type() == reflect.TypeFor[map[string]any]() {
			v.Set(reflect.ValueOf(m))
		}
	default:
		panic(fmt.Sprintf("web: cannot bind %s at %s", v.Type(), path))
	}
}

// own fills a value of a type with a way of its own to be filled, and reports
// whether it is one.
func (b *binder) own(p any, path string, raw any, text bool) bool {
	switch t := p.(type) {
	case optional:
		t.OptSet(raw == nil)
		if raw != nil {
			b.value(reflect.ValueOf(t.OptTarget()).Elem(), path, raw, text)
		}
	case wire.Setter:
		if _, ref := t.(*wire.Ref); !ref || !text || raw != "" { // a filter left empty is none
			b.setter(t, path, raw)
		}
	case **wire.File:
		if f, ok := raw.(*wire.File); ok {
			*t = f
		} else if raw != nil && raw != "" {
			b.flaw(path, "must be a file")
		}
	case *any:
		*t = raw
	default:
		return false
	}
	return true
}

func (b *binder) setter(t wire.Setter, path string, raw any) {
	err := t.SetWire(raw)
	if err == nil {
		return
	}
	if e, ok := errors.AsType[*fault.Error](err); ok && len(e.Fields) > 0 {
		for _, f := range e.Fields {
			b.flaw(strings.Trim(path+"."+f.Field, "."), "%s", f.Msg)
		}
		return
	}
	b.flaw(path, "%s", err)
}

func (b *binder) boolean(v reflect.Value, path string, raw any, text bool) {
	if x, ok := raw.(bool); ok {
		v.SetBool(x)
		return
	}
	if text {
		var w wire.Bool
		if err := w.SetWire(raw); err == nil {
			v.SetBool(w.V)
			return
		}
	}
	b.flaw(path, "must be true or false")
}

func (b *binder) integer(v reflect.Value, path string, raw any, text bool) {
	var s string
	switch x := raw.(type) {
	case json.Number:
		s = x.String()
	case string:
		if text {
			s = strings.TrimSpace(x)
			if s == "" {
				return
			}
		}
	}
	d, err := dec.Parse(s)
	if err != nil || !d.IsInt() {
		if n, e := strconv.ParseInt(s, 10, 64); e == nil && n > math.MinInt64 {
			v.SetInt(n)
			return
		}
		b.flaw(path, "must be an integer")
		return
	}
	v.SetInt(d.Int())
}

func (b *binder) list(v reflect.Value, path string, raw any, text bool) {
	if v.Type().Elem().Kind() == reflect.Uint8 {
		b.flaw(path, "cannot be read")
		return
	}
	list, ok := ListOf(raw)
	if !ok {
		switch x := raw.(type) {
		case map[string]any:
			if !text {
				b.flaw(path, "must be an array")
				return
			}
			for _, k := range sortedKeys(x) {
				list = append(list, x[k])
			}
		case string:
			if !text {
				b.flaw(path, "must be an array")
				return
			}
			if x == "" {
				return
			}
			for _, s := range strings.Split(x, ",") {
				list = append(list, strings.TrimSpace(s))
			}
		default:
			b.flaw(path, "must be an array")
			return
		}
	}
	out := reflect.MakeSlice(v.Type(), len(list), len(list))
	for i, e := range list {
		at := path + "." + strconv.Itoa(i)
		if e == nil && out.Index(i).Kind() == reflect.Struct {
			if _, ok := out.Index(i).Addr().Interface().(wire.Setter); !ok {
				b.flaw(at, "must be an object")
				continue
			}
		}
		b.value(out.Index(i), at, e, text)
	}
	v.Set(out)
}

// ListOf returns the elements of a list: an array, or what PHP makes of an
// array with gaps, an object whose keys are whole numbers.
func ListOf(v any) ([]any, bool) {
	m, ok := v.(map[string]any)
	if !ok || len(m) == 0 {
		list, ok := v.([]any)
		return list, ok
	}
	for k := range m {
		if _, err := strconv.ParseUint(k, 10, 63); err != nil {
			return nil, false
		}
	}
	list := make([]any, 0, len(m))
	for _, k := range sortedKeys(m) {
		list = append(list, m[k])
	}
	return list, true
}

func sortedKeys(m map[string]any) []string {
	keys := make([]string, 0, len(m))
	for k := range m {
		keys = append(keys, k)
	}
	slices.SortFunc(keys, func(a, b string) int {
		x, ex := strconv.Atoi(a)
		y, ey := strconv.Atoi(b)
		if ex == nil && ey == nil {
			return x - y
		}
		return strings.Compare(a, b)
	})
	return keys
}

func (b *binder) object(v reflect.Value, path string, m map[string]any, text bool) {
	p := planOf(v.Type())
	for i := range p.fields {
		f := &p.fields[i]
		raw, ok, _ := lookup(m, f, text)
		if !ok && !f.required { // most fields of most bodies
			continue
		}
		b.field(v.FieldByIndex(f.index), f, join(path, f.name), raw, ok, text)
	}
}

func join(path, name string) string {
	if path == "" {
		return name
	}
	return path + "." + name
}
