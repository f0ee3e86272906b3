package web

import (
	"encoding/json"
	"reflect"
	"strconv"
	"strings"

	"storehouse/base/dec"
	"storehouse/face/wire"
)

type generator struct {
	schemas obj
	names   map[shape]string
	used    map[string]bool
	input   bool // of what comes in only the required has to be there; what goes out is always there
}

// shape is a struct as it comes in or goes out.
type shape struct {
	of    reflect.Type
	input bool
}

func (g *generator) field(f *field) obj {
	s := g.schema(f.typ)
	switch {
	case f.tag.Get("nullable") == "true":
		s = nullable(s)
	case f.tag.Get("null") == "never", f.tag.Get("required") == "true":
		s = plainType(s)
	}
	c := f.checks
	if _, isRef := s["$ref"]; isRef || (!c.any && f.tag.Get("doc") == "" && f.tag.Get("example") == "") {
		return s
	}
	out := obj{}
	for k, v := range s {
		out[k] = v
	}
	if d := f.tag.Get("doc"); d != "" {
		out["description"] = d
	}
	set := func(k string, n int) {
		if n >= 0 {
			out[k] = n
		}
	}
	set("minLength", c.minLen)
	set("maxLength", c.maxLen)
	set("minItems", c.minItems)
	set("maxItems", c.maxItems)
	for k, d := range map[string]*dec.D{"minimum": c.min, "exclusiveMinimum": c.exMin, "maximum": c.max} {
		if d != nil {
			out[k] = json.Number(d.String())
		}
	}
	if c.enum != nil {
		list := []any{}
		for _, e := range c.enum {
			list = append(list, e)
		}
		if t, ok := out["type"].([]any); ok {
			for _, x := range t {
				if x == "null" {
					list = append(list, nil)
				}
			}
		}
		out["enum"] = list
	}
	if c.format == "email" {
		out["format"] = "email"
	}
	return out
}

var schemer = reflect.TypeFor[wire.Schemer]()

type shaper interface{ shapes() []reflect.Type }

func (g *generator) schema(t reflect.Type) obj {
	if t.Kind() != reflect.Pointer && t.Implements(schemer) {
		return reflect.Zero(t).Interface().(wire.Schemer).Schema()
	}
	if t.Implements(reflect.TypeFor[shaper]()) {
		list, kinds := []any{}, map[reflect.Kind]bool{}
		for _, s := range reflect.Zero(t).Interface().(shaper).shapes() {
			list = append(list, g.schema(s))
			kinds[s.Kind()] = true
		}
		if len(kinds) == len(list) { // an object or an array: never both
			return obj{"oneOf": list}
		}
		return obj{"anyOf": list}
	}
	if t.Implements(reflect.TypeFor[rower]()) {
		return obj{"type": "array", "items": g.schema(reflect.Zero(t).Interface().(rower).rowType())}
	}
	if t.Kind() != reflect.Pointer && reflect.PointerTo(t).Implements(reflect.TypeFor[optional]()) {
		inner, _ := t.FieldByName("V")
		return nullable(g.schema(inner.Type))
	}
	switch t.Kind() {
	case reflect.Pointer:
		if t == reflect.TypeFor[*wire.File]() {
			return obj{"type": "string", "contentMediaType": "application/octet-stream"}
		}
		return nullable(g.schema(t.Elem()))
	case reflect.String:
		return obj{"type": "string"}
	case reflect.Bool:
		return obj{"type": "boolean"}
	case reflect.Int, reflect.Int64, reflect.Int32:
		return obj{"type": "integer"}
	case reflect.Float64:
		return obj{"type": "number"}
	case reflect.Slice, reflect.Array:
		return obj{"type": "array", "items": g.schema(t.Elem())}
	case reflect.Map:
		return obj{"type": "object", "additionalProperties": g.schema(t.Elem())}
	case reflect.Struct:
		return g.object(t)
	}
	return obj{} // any
}

func nullable(s obj) obj {
	if _, ok := s["$ref"]; ok {
		return obj{"anyOf": []any{s, obj{"type": "null"}}}
	}
	t, ok := s["type"].(string)
	if !ok {
		return s
	}
	c := obj{}
	for k, v := range s {
		c[k] = v
	}
	c["type"] = []any{t, "null"}
	return c
}

func (g *generator) object(t reflect.Type) obj {
	if t.Name() == "" {
		return g.properties(t)
	}
	at := shape{t, g.input}
	name, ok := g.names[at]
	if !ok {
		base := nonWord.ReplaceAllString(strings.ReplaceAll(t.Name(), "storehouse/", ""), "_")
		base = strings.Trim(strings.ToUpper(base[:1])+base[1:], "_")
		name = base
		for n := 2; g.used[name]; n++ {
			name = base + strconv.Itoa(n)
		}
		g.used[name] = true
		g.names[at] = name
		g.schemas[name] = obj{} // stops recursion
		g.schemas[name] = g.properties(t)
	}
	return obj{"$ref": "#/components/schemas/" + name}
}

func (g *generator) properties(t reflect.Type) obj {
	props, required := obj{}, []any{}
	g.collect(t, props, &required)
	s := obj{"type": "object", "properties": props}
	if len(required) > 0 {
		s["required"] = required
	}
	return s
}

func (g *generator) collect(t reflect.Type, props obj, required *[]any) {
	for i := range t.NumField() {
		f := t.Field(i)
		tag, has := f.Tag.Lookup("json")
		if f.Anonymous && !has {
			ft := f.Type
			if ft.Kind() == reflect.Pointer {
				ft = ft.Elem()
			}
			if ft.Kind() == reflect.Struct {
				g.collect(ft, props, required)
			}
			continue
		}
		name, opts, _ := strings.Cut(tag, ",")
		if !f.IsExported() || name == "-" {
			continue
		}
		if name == "" {
			name = f.Name
		}
		fd := field{typ: f.Type, tag: f.Tag, checks: checksOf(f.Tag)}
		props[name] = g.field(&fd)
		isInput := g.input || reflect.PointerTo(f.Type).Implements(reflect.TypeFor[wire.Setter]()) || reflect.PointerTo(f.Type).Implements(reflect.TypeFor[optional]())
		if f.Tag.Get("required") == "true" || (!isInput && !strings.Contains(opts, "omitempty") && !strings.Contains(opts, "omitzero") && f.Tag.Get("required") != "false") {
			*required = append(*required, name)
		}
	}
}
