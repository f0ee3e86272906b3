package web

import (
	"encoding/json"
	"errors"
	"fmt"
	"math"
	"net/mail"
	"reflect"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"sync"
	"unicode/utf8"

	"github.com/go-chi/chi/v5"

	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/face/wire"
)

// A plan is how an input type is filled, worked out once from its tags:
//
//	path:"id" query:"per_page" header:"X-Thing" json:"name"  where from
//	body:"*"                                                  the whole body
//	alias:"payment,pay"                                       other names of a json field
//	required:"true" minLength maxLength minimum exclusiveMinimum maximum
//	minItems maxItems enum:"a,b" format:"email|slug" nonempty:"true"
//	doc:"…"                                                   for the documents
type plan struct {
	fields []field
	reads  bool // more than the path and headers
}

type field struct {
	index    []int
	from     string // "path", "query", "header", "json", "body"
	name     string
	aliases  []string
	required bool
	checks   checks
	typ      reflect.Type
	tag      reflect.StructTag
}

type checks struct {
	minLen, maxLen     int // runes; -1 is none
	minItems, maxItems int
	min, exMin, max    *dec.D
	enum               []string
	format             string
	any                bool
}

var plans sync.Map // reflect.Type → *plan

func planOf(t reflect.Type) *plan {
	if p, ok := plans.Load(t); ok {
		return p.(*plan)
	}
	if t.Kind() != reflect.Struct {
		panic(fmt.Sprintf("web: an input is a struct, not %s", t))
	}
	p := &plan{}
	p.add(t, nil)
	for _, f := range p.fields {
		p.reads = p.reads || (f.from != "path" && f.from != "header")
	}
	plans.Store(t, p)
	return p
}

func (p *plan) add(t reflect.Type, index []int) {
	for i := range t.NumField() {
		f := t.Field(i)
		at := append(slices.Clone(index), i)
		if f.Anonymous && f.Type.Kind() == reflect.Struct && f.Tag.Get("json") == "" {
			p.add(f.Type, at)
			continue
		}
		if !f.IsExported() {
			continue
		}
		fd := field{index: at, typ: f.Type, tag: f.Tag, required: f.Tag.Get("required") == "true", checks: checksOf(f.Tag)}
		for _, from := range []string{"path", "query", "header", "json", "body"} {
			if name, ok := f.Tag.Lookup(from); ok {
				fd.from = from
				fd.name, _, _ = strings.Cut(name, ",")
			}
		}
		if fd.from == "" || fd.name == "-" || fd.name == "" {
			continue
		}
		if a := f.Tag.Get("alias"); a != "" {
			fd.aliases = strings.Split(a, ",")
		}
		p.fields = append(p.fields, fd)
	}
}

func checksOf(tag reflect.StructTag) checks {
	n := func(name string) int {
		s, ok := tag.Lookup(name)
		if !ok {
			return -1
		}
		v, err := strconv.Atoi(s)
		if err != nil {
			panic("web: bad tag " + name + ":" + s)
		}
		return v
	}
	d := func(name string) *dec.D {
		s, ok := tag.Lookup(name)
		if !ok {
			return nil
		}
		v := dec.Must(s)
		return &v
	}
	c := checks{minLen: n("minLength"), maxLen: n("maxLength"), minItems: n("minItems"), maxItems: n("maxItems"),
		min: d("minimum"), exMin: d("exclusiveMinimum"), max: d("maximum"), format: tag.Get("format")}
	if tag.Get("nonempty") == "true" {
		c.minLen = 1
	}
	if e := tag.Get("enum"); e != "" {
		c.enum = strings.Split(e, ",")
	}
	c.any = c.minLen >= 0 || c.maxLen >= 0 || c.minItems >= 0 || c.maxItems >= 0 || c.min != nil || c.exMin != nil || c.max != nil ||
		c.enum != nil || c.format != ""
	return c
}

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

func lookup(m map[string]any, f *field, form bool) (raw any, ok, text bool) {
	if raw, ok = m[f.name]; ok {
		return raw, true, form
	}
	for _, a := range f.aliases {
		if raw, ok = m[a]; ok {
			return raw, true, form
		}
	}
	return nil, false, form
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
	if v.CanAddr() {
		switch t := v.Addr().Interface().(type) {
		case optional:
			t.OptSet(raw == nil)
			if raw != nil {
				b.value(reflect.ValueOf(t.OptTarget()).Elem(), path, raw, text)
			}
			return
		case wire.Setter:
			b.setter(t, path, raw)
			return
		case **wire.File:
			if f, ok := raw.(*wire.File); ok {
				*t = f
			} else if raw != nil && raw != "" {
				b.flaw(path, "must be a file")
			}
			return
		case *any:
			*t = raw
			return
		}
	}
	if raw == nil {
		return // null is as if it were not there; three-state fields are Opt
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
	list, ok := raw.([]any)
	if !ok {
		switch x := raw.(type) {
		case map[string]any: // PHP arrays with gaps
			if text {
				for _, k := range sortedKeys(x) {
					list = append(list, x[k])
				}
				break
			}
			b.flaw(path, "must be an array")
			return
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
		b.field(v.FieldByIndex(f.index), f, join(path, f.name), raw, ok, text)
	}
}

type (
	given   interface{ Given() bool }
	decimal interface{ Decimal() dec.D }
	texter  interface{ Text() string }
)

func (b *binder) check(v reflect.Value, c *checks, path string) {
	if o, ok := v.Addr().Interface().(optional); ok {
		inner := reflect.ValueOf(o.OptTarget()).Elem()
		if v.FieldByName("Set").Bool() && !v.FieldByName("Null").Bool() {
			b.check(inner, c, path)
		}
		return
	}
	if v.Kind() == reflect.Pointer {
		if !v.IsNil() {
			b.check(v.Elem(), c, path)
		}
		return
	}
	x := v.Interface()
	if g, ok := x.(given); ok && !g.Given() {
		return
	}
	switch {
	case v.Kind() == reflect.String:
		b.text(v.String(), c, path)
	case v.Kind() == reflect.Slice:
		if c.minItems >= 0 && v.Len() < c.minItems {
			b.flaw(path, "must have at least %d items", c.minItems)
		}
		if c.maxItems >= 0 && v.Len() > c.maxItems {
			b.flaw(path, "must have at most %d items", c.maxItems)
		}
	case v.Kind() == reflect.Int64 || v.Kind() == reflect.Int:
		d, err := dec.FromInt(v.Int())
		if err != nil {
			b.flaw(path, "is too big")
			return
		}
		b.number(d, c, path)
	default:
		if t, ok := x.(texter); ok {
			b.text(t.Text(), c, path)
		}
		if d, ok := x.(decimal); ok {
			b.number(d.Decimal(), c, path)
		}
	}
}

var slugRE = regexp.MustCompile(`^[a-z0-9][a-z0-9-]*[a-z0-9]$`)

func (b *binder) text(s string, c *checks, path string) {
	n := utf8.RuneCountInString(s)
	switch {
	case c.minLen >= 0 && c.minLen == c.maxLen && n != c.minLen:
		b.flaw(path, "must be %d characters", c.minLen)
	case c.minLen == 1 && n == 0:
		b.flaw(path, "must not be empty")
	case c.minLen >= 0 && n < c.minLen:
		b.flaw(path, "must be at least %d characters", c.minLen)
	case c.maxLen >= 0 && n > c.maxLen:
		b.flaw(path, "must be at most %d characters", c.maxLen)
	case c.enum != nil && !slices.Contains(c.enum, s):
		b.flaw(path, "must be one of %s", strings.Join(c.enum, ", "))
	case c.format == "email" && !validEmail(s):
		b.flaw(path, "must be an e-mail address")
	case c.format == "slug" && !slugRE.MatchString(s):
		b.flaw(path, "must be lower-case letters, digits and dashes")
	}
}

func validEmail(s string) bool {
	a, err := mail.ParseAddress(s)
	return err == nil && a.Address == s && len(s) <= 254 && strings.Contains(s, ".")
}

func (b *binder) number(d dec.D, c *checks, path string) {
	switch {
	case c.min != nil && d < *c.min:
		b.flaw(path, "must be at least %s", *c.min)
	case c.exMin != nil && d <= *c.exMin:
		b.flaw(path, "must be more than %s", *c.exMin)
	case c.max != nil && d > *c.max:
		b.flaw(path, "must be at most %s", *c.max)
	}
}
