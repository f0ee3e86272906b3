package pos_test

import (
	"bytes"
	"image/png"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"

	"storehouse/base/db/dbtest"
	"storehouse/contract/stage"
)

// TestInvoices looks at the picture and the pages of a sell. With
// STOREHOUSE_SHOW=dir it leaves them there, to be looked at.
func TestInvoices(t *testing.T) {
	s := stage.New(t, dbtest.SQLite(t))
	shop(t, s)
	made := ask(t, s, "", "POST", "/connector/api/sell", `{"sells":[{"location_id":1,"contact_id":2,"tax_rate_id":1,"discount_amount":10,"discount_type":"percentage",
		"shipping_charges":10,"packing_charge":10,"types_of_service_id":5,"table_id":1,"sale_note":"تسليم <b>","products":[
		{"product_id":1,"variation_id":1,"quantity":1,"unit_price":437.5,"note":"北京","modifiers":[{"modifier_id":4,"quantity":2}]},
		{"product_id":2,"variation_id":3,"quantity":1,"sub_unit_id":2,"unit_price":600,"tax_rate_id":1,"discount_amount":60},
		{"product_id":4,"variation_id":6,"quantity":1}],"payments":[{"amount":100,"method":"cash"},{"amount":300,"method":"bank_transfer"}],"change_return":50}]}`)
	get := func(path, as, kind string) []byte {
		r := httptest.NewRequest("GET", path, nil)
		for k, v := range s.As[as] {
			r.Header[k] = v
		}
		w := httptest.NewRecorder()
		s.Handler.ServeHTTP(w, r)
		if w.Code != 200 || w.Header().Get("Content-Type") != kind {
			t.Fatalf("%s: %d %s", path, w.Code, w.Header().Get("Content-Type"))
		}
		if dir := os.Getenv("STOREHOUSE_SHOW"); dir != "" {
			name := strings.NewReplacer("/", "-").Replace(strings.Trim(path[:min(len(path), 40)], "/"))
			if err := os.WriteFile(filepath.Join(dir, name), w.Body.Bytes(), 0o600); err != nil {
				t.Fatal(err)
			}
		}
		return w.Body.Bytes()
	}
	picture, err := png.Decode(bytes.NewReader(get("/connector/api/sell/1/get-invoice-image", "", "image/png")))
	if err != nil || picture.Bounds().Dx() != 640 || picture.Bounds().Dy() < 900 {
		t.Errorf("the picture: %v, %v", picture.Bounds(), err)
	}
	token := at(t, made, "data.0.invoice_token").(string)
	page := string(get("/invoice/"+token, "nobody", "text/html; charset=utf-8"))
	// 437.50 and 25.00; 540.00 and 54.00 of tax for a dozen; 500: 1,556.50 less
	// 155.65, and 140.09 of tax, and 20, are 1,560.94; 350 of it are paid.
	for _, want := range []string{"AS0001", "Harry", "Window", "Oak chair", "北京", "Cheese", "Jeans – 30", "$1,556.50", "$1,560.94", "$1,210.94", "-$155.65", "$140.09",
		"Bank transfer", "$50.00", "&lt;b&gt;", "/pay/" + token} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
	pay := string(get("/pay/"+token, "nobody", "text/html; charset=utf-8"))
	for _, want := range []string{"$1,210.94 due", "AS0001", "/invoice/" + token} {
		if !strings.Contains(pay, want) {
			t.Errorf("the page for paying lacks %q", want)
		}
	}
}
