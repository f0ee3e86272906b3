package pos_test

import (
	"bytes"
	"fmt"
	"mime/multipart"
	"testing"

	"storehouse/contract/stage"
)

// form sends fields as multipart, as apps with pictures do.
func form(t *testing.T, s *stage.Stage, path string, fields ...string) (int, any) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for i := 0; i < len(fields); i += 2 {
		if err := m.WriteField(fields[i], fields[i+1]); err != nil {
			t.Fatal(err)
		}
	}
	if err := m.Close(); err != nil {
		t.Fatal(err)
	}
	s.As["form"] = s.As["pos-member"].Clone()
	s.As["form"].Set("Content-Type", m.FormDataContentType())
	return send(t, s, "form", "POST", path, b.String())
}

// Nested lists arrive as JSON text in a field of a form.
func TestListsAsTextInAForm(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		shop(t, s)
		code, made := form(t, s, "/connector/api/product", "name", "Jacket", "type", "variable", "unit_id", "1",
			"product_variations", `[{"name":"Size","variations":[{"value":"M","selling_price":"30","purchase_price":20},{"value":"L","selling_price":35.5,"purchase_price":20}]}]`,
			"product_locations", `[1, 3]`)
		if code != 200 {
			t.Fatalf("%d %v", code, made)
		}
		shown := ask(t, s, "member", "GET", fmt.Sprint("/connector/api/product/", at(t, made, "id")), "")
		for path, want := range map[string]any{"product_variations.0.name": "Size", "product_variations.0.variations.0.name": "M",
			"product_variations.0.variations.0.default_sell_price": "30.0000", "product_variations.0.variations.1.name": "L",
			"product_variations.0.variations.1.default_sell_price": "35.5000", "product_locations.1.id": 3.0} {
			if got := at(t, shown, "data.0."+path); got != want {
				t.Errorf("%s is %v, want %v", path, got, want)
			}
		}
		axis, first := at(t, shown, "data.0.product_variations.0.id"), at(t, shown, "data.0.product_variations.0.variations.0.id")
		if code, changed := form(t, s, fmt.Sprint("/connector/api/product/", at(t, made, "id")),
			"product_variations[0]", fmt.Sprintf(`{"product_variation_id":%v,"variations":[{"variation_id":%v,"selling_price":"31"}]}`, axis, first)); code != 200 {
			t.Fatalf("%d %v", code, changed)
		}
		shown = ask(t, s, "member", "GET", fmt.Sprint("/connector/api/product/", at(t, made, "id")), "")
		if got := at(t, shown, "data.0.product_variations.0.variations.0.default_sell_price"); got != "31.0000" {
			t.Errorf("changed to %v", got)
		}
		if code, tree := form(t, s, "/connector/api/product", "name", "Coat", "type", "combo", "unit_id", "1", "selling_price", "900", "purchase_price", "1",
			"product_combo", `[{"variation_id":1,"unit_id":1,"quantity":2}]`); code != 200 {
			t.Errorf("a combo: %d %v", code, tree)
		}
		if code, tree := form(t, s, "/connector/api/product", "name", "Broken", "type", "variable", "unit_id", "1", "product_variations", `[{"name":`); code != 400 {
			t.Errorf("text that is no JSON: %d %v", code, tree)
		}
		code, sold := form(t, s, "/connector/api/sell", "sells", `[{"location_id":1,"contact_id":2,"products":[{"product_id":5,"quantity":2}],"payments":[{"amount":100}]}]`)
		if got := at(t, sold, "data.0.final_total"); code != 200 || got != "100.0000" {
			t.Errorf("a sell: %d %v", code, sold)
		}
	})
}
