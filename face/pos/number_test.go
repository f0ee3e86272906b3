package pos

import (
	"encoding/json"
	"errors"
	"testing"

	"storehouse/base/dec"
)

// Numbers as tills send them, and as phones send where they are.
func TestNumbersOfTills(t *testing.T) {
	for _, c := range []struct {
		in   any
		want string
	}{
		{json.Number("2"), "2"}, {json.Number("2.0"), "2"}, {"437.5000", "437.5"}, {" 2 ", "2"}, {json.Number("36.300000000000004"), "36.3"}, {"81.7447947", "81.744795"},
		{json.Number("1e2"), "100"},
	} {
		var n numIn
		if err := n.SetWire(c.in); err != nil || !n.Set || n.D.String() != c.want {
			t.Errorf("%v is %v, %v; want %s", c.in, n.D, err, c.want)
		}
	}
	for _, none := range []any{nil, "", "null"} {
		var n numIn
		if err := n.SetWire(none); err != nil || n.Set {
			t.Errorf("%v: %+v %v", none, n, err)
		}
	}
	for in, want := range map[any]error{"1,234.50": dec.ErrSyntax, "abc": dec.ErrSyntax, true: dec.ErrSyntax, json.Number("1e400"): dec.ErrRange,
		"0.123456789012345678901234567890": dec.ErrPlaces} {
		var n numIn
		if err := n.SetWire(in); !errors.Is(err, want) || n.Set {
			t.Errorf("%v: %v, want %v", in, err, want)
		}
	}
	var d degrees
	if err := d.SetWire("23.6101808123456"); err != nil || d.written != "23.6101808123456" || d.D != dec.Must("23.610181") {
		t.Errorf("%+v %v", d, err)
	}
}
