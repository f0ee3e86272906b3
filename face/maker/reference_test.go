package maker_test

import (
	"encoding/json"
	"fmt"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"

	"storehouse/face/maker"
)

// A schema is what the document says of a value.
type schema struct {
	Ref        string             `json:"$ref"`
	Type       any                `json:"type"`
	Format     string             `json:"format"`
	Properties map[string]*schema `json:"properties"`
	Items      *schema            `json:"items"`
	AnyOf      []*schema          `json:"anyOf"`
	Required   []string           `json:"required"`
	Enum       []any              `json:"enum"`
	MinLength  *int               `json:"minLength"`
	MaxLength  *int               `json:"maxLength"`
	Minimum    *float64           `json:"minimum"`
	Above      *float64           `json:"exclusiveMinimum"`
	Maximum    *float64           `json:"maximum"`
}

type content map[string]struct {
	Schema *schema `json:"schema"`
}

type operation struct {
	Parameters []struct {
		Name, In string
		Required bool
		Schema   *schema
	} `json:"parameters"`
	Body struct {
		Content content `json:"content"`
	} `json:"requestBody"`
	Responses map[string]struct {
		Content content `json:"content"`
	} `json:"responses"`
}

type document struct {
	Paths      map[string]map[string]*operation `json:"paths"`
	Components struct {
		Schemas map[string]*schema `json:"schemas"`
	} `json:"components"`
}

// at follows a reference to the schema that it names.
func (d *document) at(s *schema) *schema {
	for s != nil && s.Ref != "" {
		s = d.Components.Schemas[strings.TrimPrefix(s.Ref, "#/components/schemas/")]
	}
	if s == nil {
		return &schema{}
	}
	return s
}

func bodyOf(c content) *schema {
	for _, media := range c {
		return media.Schema
	}
	return nil
}

func (s *schema) types() []string {
	var out []string
	switch t := s.Type.(type) {
	case string:
		out = []string{t}
	case []any:
		for _, x := range t {
			out = append(out, fmt.Sprint(x))
		}
	}
	return out
}

// named is what the document says of an input of an operation, and whether it
// has to be given.
func (d *document) named(op *operation, where, name string) (s *schema, required bool) {
	switch where {
	case "path", "query":
		for _, p := range op.Parameters {
			if p.In == where && p.Name == name {
				return p.Schema, p.Required
			}
		}
		return nil, false
	}
	body := d.at(bodyOf(op.Body.Content))
	if where == "row" {
		body = d.at(d.at(body.Properties["rows"]).Items)
	}
	return body.Properties[name], slices.Contains(body.Required, name)
}

var (
	rangeRE = regexp.MustCompile(`\[ (\d+) \.\. (\d+) \]`)
	mostRE  = regexp.MustCompile(`<= (\d+) characters`)
)

func number[T int | float64](p *T) string {
	if p == nil {
		return "none"
	}
	return strconv.FormatFloat(float64(*p), 'g', -1, 64)
}

// limits spells a field's limits as the reference's words give them: "[ 1 ..
// 100 ] characters", "number >= 0", "string or null = 2 characters".
func limits(typ string) (lo, hi, least, above, most string) {
	lo, hi, least, above, most = "none", "none", "none", "none", "none"
	chars := strings.HasPrefix(typ, "string")
	if m := rangeRE.FindStringSubmatch(typ); m != nil && chars {
		lo, hi = m[1], m[2]
	} else if m != nil {
		least, most = m[1], m[2]
	}
	if m := mostRE.FindStringSubmatch(typ); m != nil {
		hi = m[1]
	}
	switch {
	case strings.Contains(typ, "= 2 characters"):
		lo, hi = "2", "2"
	case strings.Contains(typ, "non-empty"):
		lo = "1"
	case strings.Contains(typ, ">= "):
		least = typ[strings.Index(typ, ">= ")+3:]
	case strings.Contains(typ, "> 0"):
		above = "0"
	}
	return
}

// tighter reports a limit of ours on texts of which the reference gives none. It
// keeps a name a name.
func tighter(want, got string) bool { return want == "none" && got != "none" }

// check compares a field with the words that the reference has for it. That a
// filter is a "string" is only how a query is spelled.
func (d *document) check(t *testing.T, field string, s *schema, typ string, enum []string) {
	t.Helper()
	s = d.at(s)
	kind := strings.FieldsFunc(typ, func(r rune) bool { return r == ' ' || r == '^' })[0]
	kinds := map[string][]string{"string": {"string"}, "number": {"number", "string"}, "integer": {"integer"}, "boolean": {"boolean"}, "Array": {"array"}}[kind]
	if strings.Contains(typ, "or null") {
		kinds = append(kinds, "null")
	}
	if got := s.types(); !slices.Equal(got, kinds) && !slices.Contains(got, "array") && !strings.HasPrefix(field, "GET ") {
		t.Errorf("%s is %v, in the reference %q", field, got, typ)
	}
	lo, hi, least, above, most := limits(typ)
	for _, l := range [][3]string{{"least length", lo, number(s.MinLength)}, {"greatest length", hi, number(s.MaxLength)},
		{"least", least, number(s.Minimum)}, {"more than", above, number(s.Above)}, {"most", most, number(s.Maximum)}} {
		if l[1] != l[2] && !tighter(l[1], l[2]) {
			t.Errorf("%s: %s is %s, in the reference %q", field, l[0], l[2], typ)
		}
	}
	if strings.Contains(typ, "[0-9a-fA-F]") && s.Format != "uuid" {
		t.Errorf("%s is no UUID", field)
	}
	var values []string
	for _, v := range s.Enum {
		if v != nil {
			values = append(values, fmt.Sprint(v))
		}
	}
	if len(enum) > 0 && !slices.Equal(values, enum) {
		t.Errorf("%s is one of %q, in the reference of %q", field, values, enum)
	}
}

// TestFieldsAreTheReferences compares what the document says of every
// operation's parameters, body and answer with what the reference prints.
func TestFieldsAreTheReferences(t *testing.T) {
	text, err := os.ReadFile("testdata/reference.tsv")
	if err != nil {
		t.Fatal(err)
	}
	raw, err := json.Marshal(maker.New(maker.Deps{}).OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	var d document
	if err := json.Unmarshal(raw, &d); err != nil {
		t.Fatal(err)
	}
	keys := map[string][]string{}
	for line := range strings.Lines(string(text)) {
		f := strings.Split(strings.TrimSuffix(line, "\n"), "\t")
		if len(f) != 6 || f[0] == "operation" {
			continue
		}
		method, path, _ := strings.Cut(f[0], " ")
		op := d.Paths[path][strings.ToLower(method)]
		if op == nil {
			t.Errorf("%s is not in the document", f[0])
			continue
		}
		if f[1] == "answer" {
			keys[f[0]] = append(keys[f[0]], f[2])
			continue
		}
		field := f[0] + " " + f[2]
		s, required := d.named(op, f[1], f[2])
		if s == nil {
			t.Errorf("%s is not in the document", field)
			continue
		}
		if required != (f[3] == "required") {
			t.Errorf("%s: required is %v", field, required)
		}
		var enum []string
		if f[5] != "" {
			enum = strings.Split(f[5], "|")
		}
		d.check(t, field, s, f[4], enum)
	}
	for name, want := range keys {
		method, path, _ := strings.Cut(name, " ")
		op := d.Paths[path][strings.ToLower(method)]
		slices.Sort(want)
		if got := d.answers(op); !slices.ContainsFunc(got, func(keys []string) bool { return slices.Equal(keys, want) }) {
			t.Errorf("%s answers %q, in the reference %q", name, got, want)
		}
	}
}

// answers lists the keys of each form of an operation's successful answer,
// sorted, without those that DOMAIN adds to lists and bulk imports.
func (d *document) answers(op *operation) (forms [][]string) {
	for status, r := range op.Responses {
		if !strings.HasPrefix(status, "2") {
			continue
		}
		body := d.at(bodyOf(r.Content))
		for _, form := range append(body.AnyOf, body) {
			var keys []string
			for k := range d.at(form).Properties {
				if k != "nextCursor" && k != "results" {
					keys = append(keys, k)
				}
			}
			slices.Sort(keys)
			forms = append(forms, keys)
		}
	}
	return forms
}
