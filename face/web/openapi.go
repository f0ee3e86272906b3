package web

import (
	"encoding/json"
	"net/http"
	"reflect"
	"regexp"
	"sort"
	"strconv"
	"strings"

	"storehouse/core/org"
	"storehouse/face/wire"
)

type obj = map[string]any

// OpenAPI returns the face's OpenAPI 3.1 document, made from the same table
// that serves the requests.
func (f *Face) OpenAPI() map[string]any {
	g := &generator{schemas: obj{}, names: map[reflect.Type]string{}, used: map[string]bool{}}
	paths := obj{}
	tags := []any{}
	seen := map[string]bool{}
	ids := map[string]bool{}
	for i := range f.Routes {
		rt := &f.Routes[i]
		if rt.Hidden {
			continue
		}
		if rt.Tag != "" && !seen[rt.Tag] {
			seen[rt.Tag] = true
			tags = append(tags, obj{"name": rt.Tag})
		}
		item, _ := paths[rt.Path].(obj)
		if item == nil {
			item = obj{}
			paths[rt.Path] = item
		}
		item[strings.ToLower(rt.Method)] = g.operation(f, rt, ids)
	}
	components := obj{"schemas": g.schemas}
	if f.Security != nil {
		components["securitySchemes"] = f.Security
	}
	doc := obj{
		"openapi":    "3.1.0",
		"info":       obj{"title": f.Title, "version": f.Version, "description": f.About, "license": obj{"name": "Proprietary", "identifier": "LicenseRef-Proprietary"}},
		"servers":    []any{obj{"url": "/"}},
		"paths":      paths,
		"tags":       tags,
		"components": components,
	}
	return doc
}

var nonWord = regexp.MustCompile(`[^A-Za-z0-9]+`)

func operationID(rt *Route, taken map[string]bool) string {
	words := nonWord.Split(rt.Title, -1)
	if rt.Title == "" {
		words = append([]string{strings.ToLower(rt.Method)}, nonWord.Split(rt.Path, -1)...)
	}
	var b strings.Builder
	for _, w := range words {
		if w == "" {
			continue
		}
		if b.Len() == 0 {
			b.WriteString(strings.ToLower(w[:1]) + w[1:])
			continue
		}
		b.WriteString(strings.ToUpper(w[:1]) + w[1:])
	}
	id := b.String()
	for n := 2; taken[id]; n++ {
		id = b.String() + strconv.Itoa(n)
	}
	taken[id] = true
	return id
}

func (g *generator) operation(f *Face, rt *Route, taken map[string]bool) obj {
	op := obj{"operationId": operationID(rt, taken)}
	if rt.Title != "" {
		op["summary"] = rt.Title
	} else {
		op["summary"] = rt.Method + " " + rt.Path
	}
	doc := rt.Doc
	if rt.Role >= org.Viewer {
		doc = strings.TrimSpace(doc + " Minimum role: " + rt.Role.String() + ".")
	}
	if doc != "" {
		op["description"] = doc
	}
	if rt.Tag != "" {
		op["tags"] = []any{rt.Tag}
	}
	if rt.Role > org.Public && len(f.Security) > 0 {
		op["security"] = security(f)
	} else {
		op["security"] = []any{}
	}
	params, body := g.input(rt)
	if len(params) > 0 {
		op["parameters"] = params
	}
	if body != nil {
		op["requestBody"] = body
	}
	ok := obj{"description": http.StatusText(rt.Status)}
	switch rt.out {
	case reflect.TypeFor[Raw]():
		ok["content"] = obj{"*/*": obj{"schema": obj{}}}
	case reflect.TypeFor[Stream](), reflect.TypeFor[any](), reflect.TypeFor[Reply]():
		ok["content"] = obj{"application/json": obj{"schema": obj{}}}
	default:
		ok["content"] = obj{"application/json": obj{"schema": g.schema(rt.out)}}
	}
	responses := obj{strconv.Itoa(rt.Status): ok}
	fail := obj{"description": "A fault, in this API's envelope"}
	example := f.FaultBody
	if rt.faultBody != nil {
		example = rt.faultBody
	}
	if example != nil {
		schema := g.schema(reflect.TypeOf(example))
		fail["content"] = obj{"application/json": obj{"schema": schema}}
		if content, ok := ok["content"].(obj); ok && f.Soft && rt.faultBody == nil {
			if answer, ok := content["application/json"].(obj); ok {
				answer["schema"] = obj{"anyOf": []any{answer["schema"], schema}}
			}
		}
	}
	responses["4XX"], responses["5XX"] = fail, fail
	op["responses"] = responses
	return op
}

func security(f *Face) []any {
	names := make([]string, 0, len(f.Security))
	for n := range f.Security {
		names = append(names, n)
	}
	sort.Strings(names)
	list := []any{}
	for _, n := range names {
		list = append(list, obj{n: []any{}})
	}
	return list
}

func (g *generator) input(rt *Route) (params []any, body obj) {
	props, required := obj{}, []any{}
	var whole *field
	file := false
	inPath := map[string]bool{}
	for i := range planOf(rt.in).fields {
		f := &planOf(rt.in).fields[i]
		s := g.field(f)
		switch f.from {
		case "json":
			props[f.name] = s
			if f.required {
				required = append(required, f.name)
			}
			file = file || f.typ == reflect.TypeFor[*wire.File]()
		case "body":
			whole = f
		default:
			p := obj{"name": f.name, "in": f.from, "schema": plainType(s), "required": f.from == "path" || f.required}
			if d := f.tag.Get("doc"); d != "" {
				p["description"] = d
			}
			params = append(params, p)
			inPath[f.name] = f.from == "path" || inPath[f.name]
		}
	}
	for _, m := range pathParam.FindAllStringSubmatch(rt.Path, -1) {
		if !inPath[m[1]] {
			params = append(params, obj{"name": m[1], "in": "path", "required": true, "schema": obj{"type": "string"}})
		}
	}
	schema := obj{"type": "object", "properties": props}
	if len(required) > 0 {
		schema["required"] = required
	}
	switch {
	case whole != nil:
		return params, obj{"required": true, "content": obj{"application/json": obj{"schema": g.field(whole)}}}
	case len(props) == 0:
		return params, nil
	case file:
		return params, obj{"required": true, "content": obj{"multipart/form-data": obj{"schema": schema}}}
	}
	content := obj{"application/json": obj{"schema": schema}}
	return params, obj{"required": len(required) > 0, "content": content}
}

var pathParam = regexp.MustCompile(`\{(\w+)\}`)

// plainType takes null out of a parameter's types: a parameter is there or it
// is not.
func plainType(s obj) obj {
	list, ok := s["type"].([]any)
	if !ok {
		return s
	}
	c := obj{}
	for k, v := range s {
		c[k] = v
	}
	var kept []any
	for _, t := range list {
		if t != "null" {
			kept = append(kept, t)
		}
	}
	if len(kept) == 1 {
		c["type"] = kept[0]
	} else {
		c["type"] = kept
	}
	return c
}

type generator struct {
	schemas obj
	names   map[reflect.Type]string
	used    map[string]bool
}

func (g *generator) field(f *field) obj {
	s := g.schema(f.typ)
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
	num := func(k string, d interface{ String() string }, ok bool) {
		if ok {
			out[k] = json.Number(d.String())
		}
	}
	if c.min != nil {
		num("minimum", c.min, true)
	}
	if c.exMin != nil {
		num("exclusiveMinimum", c.exMin, true)
	}
	if c.max != nil {
		num("maximum", c.max, true)
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

func (g *generator) schema(t reflect.Type) obj {
	if t.Kind() != reflect.Pointer && t.Implements(schemer) {
		return reflect.Zero(t).Interface().(wire.Schemer).Schema()
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
	name, ok := g.names[t]
	if !ok {
		base := nonWord.ReplaceAllString(strings.ReplaceAll(t.Name(), "storehouse/", ""), "_")
		base = strings.Trim(strings.ToUpper(base[:1])+base[1:], "_")
		name = base
		for n := 2; g.used[name]; n++ {
			name = base + strconv.Itoa(n)
		}
		g.used[name] = true
		g.names[t] = name
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
		isInput := reflect.PointerTo(f.Type).Implements(reflect.TypeFor[wire.Setter]()) || reflect.PointerTo(f.Type).Implements(reflect.TypeFor[optional]())
		if f.Tag.Get("required") == "true" || (!isInput && !strings.Contains(opts, "omitempty") && !strings.Contains(opts, "omitzero") && f.Tag.Get("required") != "false") {
			*required = append(*required, name)
		}
	}
}
