package pos_test

import (
	"bytes"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strconv"
	"strings"
	"testing"

	"storehouse/base/db/dbtest"
	"storehouse/contract/stage"
)

// Keys that several samples of the reference print.
const (
	printedLocation = `id business_id location_id name landmark country state city zip_code invoice_scheme_id invoice_layout_id selling_price_group_id print_receipt_on_invoice
		receipt_printer_type printer_id mobile alternate_number email website featured_products is_active default_payment_accounts custom_field1 custom_field2 custom_field3
		custom_field4 deleted_at created_at updated_at pivot`
	printedMedia    = `id business_id file_name description uploaded_by model_type woocommerce_media_id model_id created_at updated_at display_name display_url`
	printedDiscount = `id name business_id brand_id category_id location_id priority discount_type discount_amount starts_at ends_at is_active spg applicable_in_cg
		created_at updated_at formated_starts_at formated_ends_at`
	printedPrice   = `id variation_id price_group_id price_inc_tax created_at updated_at`
	printedDetail  = `id product_id product_variation_id variation_id location_id qty_available created_at updated_at`
	printedAxis    = `id variation_template_id name product_id is_dummy created_at updated_at variations`
	printedVariant = `id name product_id sub_sku product_variation_id woocommerce_variation_id variation_value_id default_purchase_price dpp_inc_tax profit_percent
		default_sell_price sell_price_inc_tax created_at updated_at deleted_at combo_variations variation_location_details media discounts selling_price_group`
	printedBrand    = `id business_id name description created_by deleted_at created_at updated_at`
	printedCategory = `id name business_id short_code parent_id created_by category_type description slug woocommerce_cat_id deleted_at created_at updated_at`
	printedContact  = `id business_id type supplier_business_name name prefix first_name middle_name last_name email contact_id contact_status tax_number city state country
		address_line_1 address_line_2 zip_code dob mobile landline alternate_number pay_term_number pay_term_type credit_limit created_by balance total_rp total_rp_used
		total_rp_expired is_default shipping_address position customer_group_id crm_source crm_life_stage custom_field1 custom_field2 custom_field3 custom_field4 custom_field5
		custom_field6 custom_field7 custom_field8 custom_field9 custom_field10 deleted_at created_at updated_at remember_token password`
	printedMade = `id business_id sku type sub_unit_ids enable_stock alert_quantity barcode_type expiry_period expiry_period_type enable_sr_no weight product_custom_field1
		product_custom_field2 product_custom_field3 product_custom_field4 image woocommerce_media_id product_description created_by warranty_id is_inactive repair_model_id
		not_for_selling ecom_shipping_class_id ecom_active_in_store woocommerce_product_id woocommerce_disable_sync image_url product_variations`
	printedPage = `current_page from last_page path per_page to total`
)

// printed are the samples of the reference: a request, where in its answer
// the object is, and the keys that the reference prints, in its order.
var printed = []struct{ request, at, keys string }{
	{"GET unit/2", "data.0", `id business_id actual_name short_name allow_decimal base_unit_id base_unit_multiplier created_by deleted_at created_at updated_at base_unit`},
	{"GET unit", "data.1.base_unit", `id business_id actual_name short_name allow_decimal base_unit_id base_unit_multiplier created_by deleted_at created_at updated_at`},
	{"GET brand", "data.0", printedBrand},
	{"GET brand/1", "data.0", printedBrand},
	{`POST brand {"name":"New"}`, "data", `business_id name description created_by deleted_at created_at updated_at id`},
	{"GET contactapi?type=supplier", "data.0", printedContact},
	{"GET contactapi", "", `data links meta`},
	{"GET contactapi", "links", `first last prev next`},
	{"GET contactapi", "meta", printedPage},
	{`POST contactapi {"type":"customer","first_name":"a","mobile":"1"}`, "data", `type name tax_number mobile business_id created_by credit_limit contact_id updated_at created_at id`},
	{"GET contactapi/2", "data.0", printedContact + ` customer_group opening_balance opening_balance_paid total_purchase purchase_paid total_purchase_return purchase_return_paid total_invoice invoice_received
		total_sell_return sell_return_paid purchase_due sell_due purchase_return_due sell_return_due`},
	{`PUT contactapi/2 {"city":"x"}`, "data", printedContact},
	{`POST contactapi-payment {"contact_id":2,"amount":20}`, "data", `amount method paid_on created_by payment_for business_id is_advance payment_ref_no document updated_at created_at id`},
	{"GET product", "", `data links meta`},
	{"GET product", "meta", printedPage},
	{"GET product/2", "data.0", `id name business_id type sub_unit_ids enable_stock alert_quantity sku barcode_type expiry_period expiry_period_type enable_sr_no weight
		product_custom_field1 product_custom_field2 product_custom_field3 product_custom_field4 image woocommerce_media_id product_description created_by warranty_id is_inactive
		repair_model_id not_for_selling ecom_shipping_class_id ecom_active_in_store woocommerce_product_id woocommerce_disable_sync image_url product_variations brand unit category
		sub_category product_tax product_locations modifier_sets`},
	{"GET product", "data.0.product_variations.0", printedAxis},
	{"GET product", "data.0.product_variations.0.variations.0", printedVariant},
	{"GET product", "data.0.product_variations.0.variations.0.variation_location_details.0", printedDetail},
	{"GET product", "data.0.product_variations.0.variations.0.media.0", printedMedia},
	{"GET product", "data.0.product_variations.0.variations.0.discounts.0", printedDiscount},
	{"GET product", "data.0.product_variations.0.variations.0.selling_price_group.0", printedPrice},
	{"GET product", "data.0.brand", printedBrand},
	{"GET product", "data.0.category", printedCategory},
	{"GET product", "data.1.sub_category", printedCategory},
	{"GET product", "data.0.product_tax", `id business_id name amount is_tax_group created_by woocommerce_tax_rate_id deleted_at created_at updated_at`},
	{"GET product", "data.0.product_locations.0", printedLocation},
	{"GET product", "data.0.product_locations.0.pivot", `product_id location_id`},
	{"GET product", "data.0.modifier_sets.0", `id name business_id type unit_id secondary_unit_id sub_unit_ids brand_id category_id sub_category_id tax tax_type enable_stock
		alert_quantity sku barcode_type expiry_period expiry_period_type enable_sr_no mandatory_sr_no weight weight_type product_custom_field1 product_custom_field2
		product_custom_field3 product_custom_field4 image salla_media_id woocommerce_media_id product_description created_by woocommerce_product_id woocommerce_disable_sync
		warranty_id modifier_product_id is_inactive not_for_selling kds_stations created_at updated_at image_url pivot variations`},
	{"GET product", "data.0.modifier_sets.0.pivot", `product_id modifier_set_id`},
	{"GET product", "data.0.modifier_sets.0.variations.1", `id name product_id sub_sku product_variation_id variation_value_id default_purchase_price dpp_inc_tax
		default_purchase_unit profit_percent default_sell_price sell_price_inc_tax default_sell_unit is_inactive created_at updated_at deleted_at combo_variations`},
	{`POST product {"name":"n","type":"single","selling_price":2,"purchase_price":1,"unit_id":1}`, "", printedMade},
	{`PUT product/2 {"weight":"1"}`, "", printedMade},
	{`PUT product/2 {"weight":"2"}`, "product_variations.0", printedAxis},
	{`PUT product/2 {"weight":"3"}`, "product_variations.0.variations.0", printedVariant},
	{"GET selling-price-group", "data.0", `id name description business_id is_active deleted_at created_at updated_at`},
	{"GET variation-template", "data.0", `id name business_id created_at updated_at values`},
	{"GET variation-template", "data.0.values.0", `id variation_template_id name created_at updated_at`},
	{"GET modifier", "data.0", `id name business_id created_at updated_at values`},
	{`POST modifier {"name":"m","modifiers":[{"value":"a","price":1}]}`, "data.0.values.0", `id variation_template_id name created_at updated_at`},
	{`PUT modifier/1 {"name":"m2"}`, "data.0", `id name business_id created_at updated_at values`},
	{`POST product/3/attach-modifiers {"modifier_sets":[1]}`, "data.0", `id name business_id created_at updated_at values`},
	{`POST product/3/detach-modifiers {"modifier_sets":[9]}`, "data.0.values.0", `id variation_template_id name created_at updated_at`},
	{"GET variation/3", "data.0", `variation_id variation_name sub_sku product_id product_name sku type business_id barcode_type expiry_period expiry_period_type enable_sr_no weight
		product_custom_field1 product_custom_field2 product_custom_field3 product_custom_field4 product_image product_description warranty_id brand_id brand_name unit_id
		enable_stock not_for_selling unit_name unit_allow_decimal category_id category sub_category_id sub_category tax_id tax_type tax_name tax_amount product_variation_id
		default_purchase_price dpp_inc_tax profit_percent default_sell_price sell_price_inc_tax product_variation_name variation_location_details media selling_price_group
		product_image_url product_locations discounts`},
	{"GET variation", "data.0.variation_location_details.0", printedDetail},
	{"GET variation", "data.0.media.0", printedMedia},
	{"GET variation", "data.0.product_locations.0", printedLocation},
	{"GET variation", "data.0.discounts.0", printedDiscount},
	{"GET variation", "meta", printedPage},
	{"GET new_product?product_ids=3", "data.0", `id name business_id type exemption_type_id enable_stock sku product_custom_field1 product_custom_field2 product_custom_field3
		product_custom_field4 woocommerce_media_id product_description is_inactive repair_model_id not_for_selling ecom_shipping_class_id ecom_active_in_store
		woocommerce_product_id woocommerce_disable_sync image_url product_variations brand unit category sub_category product_tax product_locations`},
	{"GET new_product?product_ids=3", "data.0.product_variations.0", `id variation_template_id name product_id is_dummy variations`},
	{"GET new_product?product_ids=3", "data.0.product_variations.0.variations.0", `id name product_id sub_sku product_variation_id woocommerce_variation_id default_purchase_price
		dpp_inc_tax default_sell_price sell_price_inc_tax combo_variations variation_location_details media discounts`},
	{"GET new_product?product_ids=3", "data.0.product_variations.0.variations.0.variation_location_details.0", `id product_id product_variation_id variation_id location_id qty_available`},
	{"GET new_product?product_ids=3", "data.0.brand", `id business_id name description created_by use_for_repair use_for_carworkshop deleted_at created_at updated_at`},
	{"GET new_product?product_ids=3", "data.0.unit", `id business_id actual_name short_name allow_decimal base_unit_id base_unit_multiplier`},
	{"GET new_product?product_ids=3", "data.0.sub_category", `id name business_id short_code parent_id category_type description slug woocommerce_cat_id`},
	{"GET new_product?product_ids=3", "data.0.product_tax", `id business_id name amount is_tax_group for_tax_group created_by woocommerce_tax_rate_id deleted_at created_at updated_at`},
	{"GET new_product?product_ids=3", "data.0.product_locations.0", `id business_id name custom_field1 custom_field2 custom_field3 custom_field4`},
	{"GET new_product", "meta", printedPage},
	{"GET new_contactapi", "data.0", `id business_id type name prefix first_name middle_name last_name email contact_status mobile credit_limit converted_by converted_on balance
		total_rp total_rp_used total_rp_expired customer_group_id crm_source crm_life_stage custom_field1 custom_field2 custom_field3 custom_field4 custom_field5 custom_field6
		custom_field7 custom_field8 custom_field9 custom_field10 remember_token password`},
}

// What the reference prints is in the answers, in its order; more may stand
// between.
func TestAnswersHoldWhatTheReferencePrints(t *testing.T) {
	s := stage.New(t, dbtest.SQLite(t))
	cast(t, s)
	for _, p := range printed {
		method, rest, _ := strings.Cut(p.request, " ")
		path, body, _ := strings.Cut(rest, " ")
		r := httptest.NewRequest(method, "/connector/api/"+path, strings.NewReader(body))
		r.Header = s.As["pos-owner"].Clone()
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		s.Handler.ServeHTTP(w, r)
		if w.Code != http.StatusOK {
			t.Errorf("%s: %d %s", p.request, w.Code, w.Body)
			continue
		}
		got := keysAt(t, w.Body.Bytes(), p.at)
		at := 0
		for _, k := range strings.Fields(p.keys) {
			i := slices.Index(got[at:], k)
			if i < 0 {
				t.Errorf("%s: %s: no %s in its place among %v", p.request, p.at, k, got)
				break
			}
			at += i + 1
		}
	}
}

// keysAt returns the keys, in order, of the object at a path of a JSON text.
func keysAt(t *testing.T, body []byte, path string) (keys []string) {
	t.Helper()
	for _, part := range strings.Split(path, ".") {
		if part == "" {
			break
		}
		var object map[string]json.RawMessage
		var list []json.RawMessage
		if n, err := strconv.Atoi(part); err == nil && json.Unmarshal(body, &list) == nil && n < len(list) {
			body = list[n]
		} else if json.Unmarshal(body, &object) == nil && object[part] != nil {
			body = object[part]
		} else {
			t.Errorf("there is no %s (%s) in %.200s", path, part, body)
			return nil
		}
	}
	d := json.NewDecoder(bytes.NewReader(body))
	if _, err := d.Token(); err != nil {
		t.Fatal(err)
	}
	for d.More() {
		k, err := d.Token()
		if err != nil {
			t.Fatal(err)
		}
		name, ok := k.(string)
		if !ok {
			t.Errorf("%s is no object", path)
			return keys
		}
		keys = append(keys, name)
		var value json.RawMessage
		if err := d.Decode(&value); err != nil && err != io.EOF {
			t.Fatal(err)
		}
	}
	return keys
}
