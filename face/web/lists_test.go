package web

import (
	"testing"

	"storehouse/face/wire"
)

// What PHP clients make of arrays with gaps, and fields that come twice.
func TestBindReadsPHPLists(t *testing.T) {
	type line struct {
		SKU string `json:"sku"`
	}
	var in struct {
		Lines []line   `json:"lines" alias:"rows,goods"`
		Who   wire.Int `json:"who" alias:"waiter"`
	}
	gaps := map[string]any{"10": map[string]any{"sku": "c"}, "0": map[string]any{"sku": "a"}, "2": map[string]any{"sku": "b"}}
	if err := Bind(map[string]any{"lines": gaps}, false, &in); err != nil || len(in.Lines) != 3 || in.Lines[0].SKU != "a" || in.Lines[1].SKU != "b" || in.Lines[2].SKU != "c" {
		t.Errorf("%+v %v", in, err)
	}
	for _, no := range []any{map[string]any{}, map[string]any{"a": gaps}, map[string]any{"-1": gaps}, "x", nil} {
		if list, ok := ListOf(no); ok {
			t.Errorf("%v is no list, but %v", no, list)
		}
	}
	// A null leaves room for the alias, and stays a null where nothing follows.
	in.Lines = nil
	if err := Bind(map[string]any{"lines": nil, "rows": nil, "goods": []any{map[string]any{"sku": "d"}}, "who": nil, "waiter": "3"}, false, &in); err != nil ||
		len(in.Lines) != 1 || in.Lines[0].SKU != "d" || in.Who.N != 3 {
		t.Errorf("%+v %v", in, err)
	}
	if err := Bind(map[string]any{"lines": nil}, false, &in); err != nil || len(in.Lines) != 1 {
		t.Errorf("%+v %v", in, err)
	}
}
