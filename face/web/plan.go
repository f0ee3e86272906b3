package web

import (
	"fmt"
	"reflect"
	"slices"
	"strconv"
	"strings"
	"sync"

	"storehouse/base/dec"
)

// A plan is how an input type is filled, worked out once from its tags:
//
//	path:"id" query:"per_page" header:"X-Thing" json:"name"  where from
//	body:"*"                                                  the whole body
//	alias:"payment,pay"                                       other names of a json field
//	required:"true" minLength maxLength minimum exclusiveMinimum maximum
//	minItems maxItems enum:"a,b" format:"email|slug" nonempty:"true"
//	null:"never"                                              may be absent, not null
//	doc:"…"                                                   for the documents
type plan struct {
	fields []field
	reads  bool   // more than the path and headers
	rows   string // the field that holds the rows of a bulk import
}

type field struct {
	index    []int
	from     string // "path", "query", "header", "json", "body"
	name     string
	aliases  []string
	required bool
	never    bool // null is a fault, not an absent value
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
		if f.from == "json" && f.typ.Implements(reflect.TypeFor[rower]()) {
			p.rows = f.name
		}
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
		fd := field{index: at, typ: f.Type, tag: f.Tag, required: f.Tag.Get("required") == "true", never: f.Tag.Get("null") == "never", checks: checksOf(f.Tag)}
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
