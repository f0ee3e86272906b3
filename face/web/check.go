package web

import (
	"net/mail"
	"reflect"
	"regexp"
	"slices"
	"strings"
	"unicode/utf8"

	"storehouse/base/dec"
)

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
