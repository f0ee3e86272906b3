package web

import (
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
	g := &generator{schemas: obj{}, names: map[shape]string{}, used: map[string]bool{}}
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
	if rt.Permission != "" {
		doc += " Permission: " + rt.Permission + "."
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
	params, body := g.inputs(rt, f.Merge)
	params = append(params, headers(f, rt)...)
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
	g.faults(f, rt, ok, responses)
	op["responses"] = responses
	return op
}

// faults documents what comes when an operation fails.
func (g *generator) faults(f *Face, rt *Route, ok, responses obj) {
	fail := obj{"description": "A fault, in this API's envelope"}
	body, kind := f.FaultBody, f.FaultType
	if rt.faultBody != nil {
		body, kind = rt.faultBody, ""
	}
	if kind == "" {
		kind = "application/json"
	}
	if body != nil {
		s := g.schema(reflect.TypeOf(body))
		content := obj{kind: obj{"schema": s}}
		if rt.out == reflect.TypeFor[Raw]() { // a page for people
			content["*/*"] = obj{"schema": obj{}}
		}
		fail["content"] = content
		if c, _ := ok["content"].(obj); f.Soft && rt.faultBody == nil && c != nil {
			if m, _ := c["application/json"].(obj); m != nil {
				m["schema"] = obj{"anyOf": []any{m["schema"], s}}
			}
		}
	}
	responses["4XX"], responses["5XX"] = fail, fail
}

// headers documents what a route takes beside its input.
func headers(f *Face, rt *Route) (params []any) {
	for _, h := range f.Headers {
		if rt.Role == org.Public || h.Writes && rt.Method == http.MethodGet {
			continue
		}
		s := obj{"type": "string"}
		if h.Format != "" {
			s["format"] = h.Format
		}
		if h.MaxLength > 0 {
			s["maxLength"] = h.MaxLength
		}
		params = append(params, obj{"name": h.Name, "in": "header", "required": false, "schema": s, "description": h.Doc})
	}
	return params
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

// inputs describes what a route takes. Where query and body are one input, a
// GET's fields are written into the query, and a POST's come as JSON or as a
// form.
func (g *generator) inputs(rt *Route, merge bool) (params []any, body obj) {
	g.input = true
	defer func() { g.input = false }()
	props, required := obj{}, []any{}
	var whole *field
	file := false
	inPath := map[string]bool{}
	for i := range planOf(rt.in).fields {
		f := &planOf(rt.in).fields[i]
		s := g.field(f)
		from := f.from
		if from == "json" && merge && rt.Method == http.MethodGet {
			from = "query"
		}
		switch from {
		case "json":
			props[f.name] = s
			if f.required {
				required = append(required, f.name)
			}
			file = file || f.typ == reflect.TypeFor[*wire.File]()
		case "body":
			whole = f
		default:
			p := obj{"name": f.name, "in": from, "schema": plainType(s), "required": from == "path" || f.required}
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
	case whole != nil && len(props) == 0:
		return params, obj{"required": true, "content": obj{"application/json": obj{"schema": g.field(whole)}}}
	case len(props) == 0:
		return params, nil
	case file:
		return params, obj{"required": true, "content": obj{"multipart/form-data": obj{"schema": schema}}}
	}
	content := obj{"application/json": obj{"schema": schema}}
	if merge {
		content["application/x-www-form-urlencoded"], content["multipart/form-data"] = obj{"schema": schema}, obj{"schema": schema}
	}
	return params, obj{"required": len(required) > 0, "content": content}
}

var pathParam = regexp.MustCompile(`\{(\w+)\}`)

// plainType takes null out of a value's types: a parameter is there or it is
// not, and some fields of a body may not be null.

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
