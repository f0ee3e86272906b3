package web

import (
	"encoding/json"
	"html/template"
	"net/http"
	"sort"
	"strings"
	"sync"

	"github.com/go-chi/chi/v5"
)

// Docs serves each face's OpenAPI document at /openapi/{face}.json and a
// readable page of it at /docs/{face}; /docs lists them. Documents are made
// when they are first asked for.
func Docs(faces ...*Face) http.Handler {
	r := chi.NewRouter()
	r.Get("/docs", func(w http.ResponseWriter, _ *http.Request) {
		w.Header().Set("Content-Type", "text/html; charset=utf-8")
		_ = indexPage.Execute(w, faces)
	})
	for _, f := range faces {
		made := sync.OnceValue(func() document {
			doc := f.OpenAPI()
			b, err := json.Marshal(doc)
			if err != nil {
				panic(err) // the table itself is wrong: tests see it
			}
			return document{b, readable(f, doc)}
		})
		r.Get("/openapi/"+f.Name+".json", func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "application/json")
			_, _ = w.Write(made().json)
		})
		r.Get("/docs/"+f.Name, func(w http.ResponseWriter, _ *http.Request) {
			w.Header().Set("Content-Type", "text/html; charset=utf-8")
			w.Header().Set("Content-Security-Policy", "default-src 'none'; style-src 'unsafe-inline'")
			_ = docPage.Execute(w, made().page)
		})
	}
	return r
}

type document struct {
	json []byte
	page pageView
}

type pageView struct {
	Face *Face
	Tags []tagView
}

type tagView struct {
	Name string
	Ops  []opView
}

type opView struct {
	ID, Method, Path, Title, Doc, Role string
	Params, Fields, Answer             []fieldView
	Status                             int
}

type fieldView struct {
	Name, In, Type, Doc string
	Required            bool
}

// readable turns the document into rows for the page, in the table's order.
func readable(f *Face, doc obj) pageView {
	v := pageView{Face: f}
	at := map[string]int{}
	paths, _ := doc["paths"].(obj)
	components, _ := doc["components"].(obj)
	schemas, _ := components["schemas"].(obj)
	for i := range f.Routes {
		rt := &f.Routes[i]
		if rt.Hidden {
			continue
		}
		item, _ := paths[rt.Path].(obj)
		op, _ := item[strings.ToLower(rt.Method)].(obj)
		id, _ := op["operationId"].(string)
		o := opView{ID: id, Method: rt.Method, Path: rt.Path, Title: rt.Title, Doc: rt.Doc, Role: rt.Role.String(), Status: rt.Status}
		params, _ := op["parameters"].([]any)
		for _, p := range params {
			m, _ := p.(obj)
			name, _ := m["name"].(string)
			in, _ := m["in"].(string)
			d, _ := m["description"].(string)
			req, _ := m["required"].(bool)
			o.Params = append(o.Params, fieldView{name, in, typeText(m["schema"], schemas, 0), d, req})
		}
		if body, ok := op["requestBody"].(obj); ok {
			o.Fields = fieldsOf(contentSchema(body), schemas)
		}
		if rs, ok := op["responses"].(obj); ok {
			for code, r := range rs {
				if strings.HasPrefix(code, "2") {
					m, _ := r.(obj)
					o.Answer = fieldsOf(contentSchema(m), schemas)
				}
			}
		}
		n, ok := at[rt.Tag]
		if !ok {
			n = len(v.Tags)
			at[rt.Tag] = n
			name := rt.Tag
			if name == "" {
				name = "Operations"
			}
			v.Tags = append(v.Tags, tagView{Name: name})
		}
		v.Tags[n].Ops = append(v.Tags[n].Ops, o)
	}
	return v
}

func contentSchema(m obj) any {
	content, _ := m["content"].(obj)
	for _, c := range content {
		if cm, ok := c.(obj); ok {
			return cm["schema"]
		}
	}
	return nil
}

func resolve(s any, schemas obj) obj {
	m, _ := s.(obj)
	for range 8 {
		ref, ok := m["$ref"].(string)
		if !ok {
			break
		}
		m, _ = schemas[strings.TrimPrefix(ref, "#/components/schemas/")].(obj)
	}
	return m
}

func fieldsOf(s any, schemas obj) []fieldView {
	m := resolve(s, schemas)
	props, _ := m["properties"].(obj)
	req := map[string]bool{}
	list, _ := m["required"].([]any)
	for _, r := range list {
		if n, ok := r.(string); ok {
			req[n] = true
		}
	}
	var out []fieldView
	for name, p := range props {
		pm, _ := p.(obj)
		d, _ := pm["description"].(string)
		out = append(out, fieldView{Name: name, Type: typeText(p, schemas, 0), Doc: d, Required: req[name]})
	}
	sort.Slice(out, func(i, j int) bool { return out[i].Name < out[j].Name })
	return out
}

// typeText says a schema in a few words: "string or null, at most 100".
func typeText(s any, schemas obj, depth int) string {
	m := resolve(s, schemas)
	if list, ok := m["anyOf"].([]any); ok && len(list) > 0 {
		return typeText(list[0], schemas, depth) + " or null"
	}
	var text string
	switch t := m["type"].(type) {
	case string:
		text = t
	case []any:
		words := []string{}
		for _, w := range t {
			if ws, ok := w.(string); ok {
				words = append(words, ws)
			}
		}
		text = strings.Join(words, " or ")
	}
	if text == "array" && depth < 2 {
		text = "array of " + typeText(m["items"], schemas, depth+1)
	}
	if text == "object" && depth > 0 {
		names := []string{}
		for _, f := range fieldsOf(m, schemas) {
			names = append(names, f.Name)
		}
		if len(names) > 0 {
			text = "{" + strings.Join(names, ", ") + "}"
		}
	}
	if e, ok := m["enum"].([]any); ok {
		words := []string{}
		for _, w := range e {
			b, _ := json.Marshal(w)
			words = append(words, strings.Trim(string(b), `"`))
		}
		text += ": " + strings.Join(words, ", ")
	}
	for _, c := range []struct{ key, word string }{{"minLength", "at least"}, {"maxLength", "at most"}, {"minimum", "≥"}, {"exclusiveMinimum", ">"}, {"maximum", "≤"}} {
		if n, ok := m[c.key]; ok {
			b, _ := json.Marshal(n)
			text += ", " + c.word + " " + string(b)
		}
	}
	if text == "" {
		return "any"
	}
	return text
}

const pageStyle = `<style>
:root{color-scheme:light dark;--line:#8884;--soft:#8881}
body{font:15px/1.5 system-ui,sans-serif;max-width:72rem;margin:2rem auto;padding:0 1rem}
h1{margin-bottom:.2rem}h2{margin-top:2.5rem;border-bottom:1px solid var(--line)}
details{border:1px solid var(--line);border-radius:6px;margin:.4rem 0;padding:.3rem .8rem}
summary{cursor:pointer;display:flex;gap:.8rem;align-items:baseline;flex-wrap:wrap}
code,.m{font:13px ui-monospace,monospace}.m{font-weight:700;min-width:4rem}
.GET{color:#2a7}.POST{color:#27c}.PUT,.PATCH{color:#a60}.DELETE{color:#c33}
.t{margin-left:auto;opacity:.75}table{border-collapse:collapse;width:100%;margin:.4rem 0 1rem}
td,th{text-align:left;padding:.15rem .6rem .15rem 0;vertical-align:top;border-bottom:1px solid var(--soft)}
th{font-weight:600;opacity:.7}nav a{margin-right:1rem}
</style>`

var indexPage = template.Must(template.New("index").Parse(`<!doctype html><html lang="en"><meta charset="utf-8"><title>Storehouse APIs</title>` + pageStyle + `
<h1>Storehouse APIs</h1><p>One set of books, answered as several APIs. Each has a readable page and an OpenAPI 3.1 document.</p>
<table><tr><th>API</th><th>Operations</th><th>Documents</th></tr>
{{range .}}<tr><td>{{.Title}}</td><td>{{len .Routes}}</td><td><a href="/docs/{{.Name}}">read</a> · <a href="/openapi/{{.Name}}.json">OpenAPI</a></td></tr>{{end}}</table></html>`))

var docPage = template.Must(template.New("doc").Parse(`<!doctype html><html lang="en"><meta charset="utf-8"><title>{{.Face.Title}}</title>` + pageStyle + `
<p><a href="/docs">All APIs</a> · <a href="/openapi/{{.Face.Name}}.json">OpenAPI 3.1</a></p>
<h1>{{.Face.Title}}</h1><p>{{.Face.About}}</p>
<nav>{{range .Tags}}<a href="#{{.Name}}">{{.Name}}</a> {{end}}</nav>
{{range .Tags}}<h2 id="{{.Name}}">{{.Name}}</h2>
{{range .Ops}}<details id="{{.ID}}"><summary><span class="m {{.Method}}">{{.Method}}</span><code>{{.Path}}</code><span class="t">{{.Title}}</span></summary>
<p>{{.Doc}} {{if .Role}}Minimum role: {{.Role}}.{{end}} Success: {{.Status}}.</p>
{{if .Params}}<table><tr><th>Parameter</th><th>In</th><th>Type</th><th></th></tr>{{range .Params}}<tr><td><code>{{.Name}}</code>{{if .Required}} *{{end}}</td><td>{{.In}}</td><td>{{.Type}}</td><td>{{.Doc}}</td></tr>{{end}}</table>{{end}}
{{if .Fields}}<table><tr><th>Body</th><th>Type</th><th></th></tr>{{range .Fields}}<tr><td><code>{{.Name}}</code>{{if .Required}} *{{end}}</td><td>{{.Type}}</td><td>{{.Doc}}</td></tr>{{end}}</table>{{end}}
{{if .Answer}}<table><tr><th>Answer</th><th>Type</th></tr>{{range .Answer}}<tr><td><code>{{.Name}}</code></td><td>{{.Type}}</td></tr>{{end}}</table>{{end}}
</details>{{end}}{{end}}</html>`))
