package pos_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/contract/stage"
	"storehouse/core/org"
)

// The keys that the reference prints ("Sales management", "Cash register
// management", "New List sells"), by hand.
const (
	sellKeys = `id business_id location_id res_table_id res_waiter_id res_order_status type sub_type status is_quotation payment_status adjustment_type
		contact_id customer_group_id invoice_no ref_no source subscription_no subscription_repeat_on transaction_date total_before_tax tax_id tax_amount
		discount_type discount_amount rp_redeemed rp_redeemed_amount shipping_details shipping_address shipping_status delivered_to shipping_charges
		additional_notes staff_note round_off_amount final_total expense_category_id expense_for commission_agent document is_direct_sale is_suspend
		exchange_rate total_amount_recovered transfer_parent_id return_parent_id opening_stock_product_id created_by import_batch import_time
		types_of_service_id packing_charge packing_charge_type service_custom_field_1 service_custom_field_2 service_custom_field_3 service_custom_field_4
		mfg_parent_production_purchase_id mfg_wasted_units mfg_production_cost mfg_is_final is_created_from_api essentials_duration essentials_duration_unit
		essentials_amount_per_unit_duration essentials_allowances essentials_deductions rp_earned repair_completed_on repair_warranty_id repair_brand_id
		repair_status_id repair_model_id repair_defects repair_serial_no repair_updates_email repair_updates_sms repair_checklist repair_security_pwd
		repair_security_pattern repair_due_date repair_device_id order_addresses is_recurring recur_interval recur_interval_type recur_repetitions
		recur_stopped_on recur_parent_id invoice_token pay_term_number pay_term_type pjt_project_id pjt_title woocommerce_order_id selling_price_group_id
		created_at updated_at`
	changedKeys = sellKeys + ` mfg_production_cost_type repair_job_sheet_id repair_updates_notif payment_lines invoice_url payment_link`
	wholeKeys   = sellKeys + ` sell_lines payment_lines invoice_url payment_link`
	lineKeys    = `id transaction_id product_id variation_id quantity mfg_waste_percent quantity_returned unit_price_before_discount unit_price line_discount_type
		line_discount_amount unit_price_inc_tax item_tax tax_id discount_id lot_no_line_id sell_line_note res_service_staff_id res_line_order_status
		woocommerce_line_items_id parent_sell_line_id children_type sub_unit_id created_at updated_at`
	paymentKeys = `id transaction_id business_id is_return amount method transaction_no card_transaction_number card_number card_type card_holder_name card_month
		card_year card_security cheque_number bank_account_number paid_on created_by is_advance payment_for parent_id note document payment_ref_no account_id
		created_at updated_at`
	returnKeys   = `id business_id location_id type status payment_status contact_id invoice_no ref_no transaction_date total_before_tax tax_id tax_amount discount_type discount_amount final_total return_parent_id mfg_production_cost_type repair_job_sheet_id repair_updates_notif created_by created_at updated_at`
	registerKeys = `id business_id location_id user_id status closed_at closing_amount total_card_slips total_cheques closing_note created_at updated_at cash_register_transactions`
	entryKeys    = `id cash_register_id amount pay_method type transaction_type transaction_id created_at updated_at`
	openedKeys   = `status location_id closed_at business_id user_id updated_at created_at id`
	newKeys      = `id business_id location_id res_table_id type status is_quotation payment_status contact_id customer_group_id invoice_no ref_no source unique_hash
		hash_control subscription_no subscription_repeat_on transaction_date total_before_tax tax_id tax_amount discount_type discount_amount rp_redeemed
		rp_redeemed_amount shipping_details shipping_address shipping_status delivered_to additional_notes staff_note round_off_amount final_total
		expense_sub_category_id is_direct_sale is_suspend total_amount_recovered crm_is_order_request mfg_production_cost mfg_production_cost_type mfg_is_final
		is_created_from_api essentials_duration essentials_duration_unit essentials_amount_per_unit_duration essentials_allowances essentials_deductions
		repair_completed_on repair_warranty_id repair_brand_id repair_status_id repair_model_id repair_job_sheet_id repair_defects repair_serial_no
		repair_checklist repair_security_pwd repair_security_pattern repair_due_date repair_device_id repair_updates_notif invoice_token pjt_project_id
		pjt_title woocommerce_order_id selling_price_group_id created_at updated_at location_name location_custom_field1 location_invoice_scheme_prefix
		table_name table_description contact customer_group_name sell_lines payment_lines invoice_url payment_link`
	newLineKeys = `id transaction_id product_id quantity quantity_returned unit_price_before_discount unit_price line_discount_type line_discount_amount
		unit_price_inc_tax item_tax tax_id discount_id lot_no_line_id sell_line_note woocommerce_line_items_id children_type created_at updated_at
		product_name product_custom_field_1 product_type product_sku category sub_category product_variations`
	newCategoryKeys  = `id name business_id short_code parent_id created_by category_type description slug woocommerce_cat_id`
	newVariationKeys = `id name product_id sub_sku product_variation_id default_purchase_price dpp_inc_tax default_sell_price sell_price_inc_tax`
	newPaymentKeys   = `id transaction_id business_id is_return amount method card_type paid_on payment_ref_no`
)

// ask sends a request and returns the answer's tree.
func ask(t *testing.T, s *stage.Stage, as, method, path, body string) any {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	r.Header.Set("Content-Type", "application/json")
	for k, v := range s.As[as] {
		r.Header[k] = v
	}
	w := httptest.NewRecorder()
	s.Handler.ServeHTTP(w, r)
	var tree any
	if err := json.Unmarshal(w.Body.Bytes(), &tree); err != nil || w.Code != http.StatusOK {
		t.Fatalf("%s %s: %d %s", method, path, w.Code, w.Body)
	}
	return tree
}

// at follows a path, "data.0.sell_lines.0".
func at(t *testing.T, tree any, path string) any {
	t.Helper()
	for _, p := range strings.Split(path, ".") {
		switch x := tree.(type) {
		case map[string]any:
			tree = x[p]
		case []any:
			var i int
			if _, err := fmt.Sscan(p, &i); err != nil || i >= len(x) {
				t.Fatalf("no %s", path)
			}
			tree = x[i]
		}
	}
	return tree
}

func hasKeys(t *testing.T, what string, tree any, keys string) {
	t.Helper()
	m, ok := tree.(map[string]any)
	if !ok {
		t.Errorf("%s is %v", what, tree)
	}
	for _, k := range strings.Fields(keys) {
		if _, ok := m[k]; !ok {
			t.Errorf("%s has no %s", what, k)
		}
	}
}

func TestEveryPrintedFieldIsThere(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		shop(t, s)
		const api = "/connector/api/"
		opened := ask(t, s, "", "POST", api+"cash-register", `{"location_id":1}`)
		hasKeys(t, "opened register", at(t, opened, "data"), openedKeys)
		made := ask(t, s, "", "POST", api+"sell", `{"sells":[{"location_id":1,"contact_id":2,"table_id":1,
			"products":[{"product_id":1,"variation_id":1,"quantity":2}],"payments":[{"amount":5}]}]}`)
		list := ask(t, s, "", "GET", api+"sell", "")
		for what, tree := range map[string]any{"made": made, "listed": list, "shown": ask(t, s, "", "GET", api+"sell/1", "")} {
			hasKeys(t, what, at(t, tree, "data.0"), wholeKeys)
			hasKeys(t, what+" line", at(t, tree, "data.0.sell_lines.0"), lineKeys)
			hasKeys(t, what+" payment", at(t, tree, "data.0.payment_lines.0"), paymentKeys)
		}
		hasKeys(t, "links", at(t, list, "links"), "first last prev next")
		hasKeys(t, "meta", at(t, list, "meta"), "current_page from last_page path per_page to total")
		hasKeys(t, "changed", ask(t, s, "", "PUT", api+"sell/1", `{}`), changedKeys)
		hasKeys(t, "returned", ask(t, s, "", "POST", api+"sell-return", `{"transaction_id":1,"products":[{"sell_line_id":1,"quantity":1,"unit_price_inc_tax":1}],
			"payments":[{"amount":1}]}`), sellKeys+" "+returnKeys)
		returns := ask(t, s, "", "GET", api+"list-sell-return", "")
		hasKeys(t, "return", at(t, returns, "data.0"), sellKeys+" "+returnKeys+" payment_lines return_parent_sell")
		hasKeys(t, "return's payment", at(t, returns, "data.0.payment_lines.0"), paymentKeys)
		hasKeys(t, "return's sell", at(t, returns, "data.0.return_parent_sell"), sellKeys+" sell_lines")
		hasKeys(t, "return's line", at(t, returns, "data.0.return_parent_sell.sell_lines.0"), lineKeys)
		for _, path := range []string{"cash-register", "cash-register/1"} {
			tree := ask(t, s, "", "GET", api+path, "")
			hasKeys(t, path, at(t, tree, "data.0"), registerKeys)
			hasKeys(t, path+" entry", at(t, tree, "data.0.cash_register_transactions.0"), entryKeys)
		}
		hasKeys(t, "closed register", at(t, ask(t, s, "", "POST", api+"close-cash-register", `{"closing_amount":0,"total_card_slips":0,"total_cheques":0}`), "data"), openedKeys)
		newer := ask(t, s, "", "GET", api+"new_sell", "")
		hasKeys(t, "new", at(t, newer, "data.0"), newKeys)
		hasKeys(t, "new line", at(t, newer, "data.0.sell_lines.0"), newLineKeys)
		hasKeys(t, "new category", at(t, newer, "data.0.sell_lines.0.category"), newCategoryKeys)
		hasKeys(t, "new sub category", at(t, newer, "data.0.sell_lines.0.sub_category"), newCategoryKeys)
		hasKeys(t, "new variation", at(t, newer, "data.0.sell_lines.0.product_variations"), newVariationKeys)
		hasKeys(t, "new payment", at(t, newer, "data.0.payment_lines.0"), newPaymentKeys)
	})
}

// exampleSell has the shape of the reference's example, with three lines and
// one payment.
const exampleSell = `{"location_id":1,"contact_id":2,"transaction_date":"2020-07-22 15:48:29","status":"final","tax_rate_id":1,"discount_amount":10,
	"discount_type":"percentage","shipping_details":"Express Delivery","shipping_status":"ordered","shipping_charges":10,"packing_charge":10,"exchange_rate":1,
	"types_of_service_id":5,"table_id":1,"service_staff_id":9,"commission_agent":3,"change_return":0,"products":[
	{"product_id":5,"variation_id":7,"quantity":1,"unit_price":400},
	{"product_id":1,"variation_id":1,"quantity":0.01,"unit_price":437.5,"modifiers":[{"modifier_id":4,"price":12.5,"quantity":2,"set_id":3}]},
	{"product_id":2,"variation_id":2,"quantity":0.1,"unit_price":70}],"payments":[{"amount":453.13,"method":"cash"}]}`

func TestASellOverHTTPTakesTwelveStatements(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		shop(t, s)
		sell := func(body string) (statements, commits int64, tree any) {
			st, co := s.DB.Counts()
			tree = ask(t, s, "", "POST", "/connector/api/sell", body)
			st2, co2 := s.DB.Counts()
			return st2 - st, co2 - co, tree
		}
		one := `{"sells":[` + exampleSell + `]}`
		sell(one) // makes the channel and the balances
		statements, commits, tree := sell(one)
		// 400 + 4.375 + 25 + 7 = 436.375; less 43.6375; tax 39.2738; and 20.
		if at(t, tree, "data.0.final_total") != "452.0100" {
			t.Errorf("total %v", at(t, tree, "data.0.final_total"))
		}
		if statements > 14 || commits != 1 { // two are the points that it earns
			t.Errorf("a sell that earns points takes %d statements and %d commits", statements, commits)
		}
		s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
			set, err := org.LoadSettings(tx)
			if err != nil {
				return err
			}
			set.Points.Enabled = false
			return org.SaveSettings(tx, set)
		})
		if statements, commits, _ = sell(one); statements > 12 || commits != 1 {
			t.Errorf("a sell takes %d statements and %d commits", statements, commits)
		}
		many := make([]string, 100)
		for i := range many {
			many[i] = strings.Replace(exampleSell, `"status"`, fmt.Sprintf(`"invoice_no":"T-%d","status"`, i), 1)
		}
		batch := `{"sells":[` + strings.Join(many, ",") + `]}`
		statements, commits, tree = sell(batch)
		if n := len(at(t, tree, "data").([]any)); n != 100 || statements > 12 || commits != 1 {
			t.Errorf("a batch of %d sells takes %d statements and %d commits", n, statements, commits)
		}
		before := ask(t, s, "", "GET", "/connector/api/sell", "")
		_, commits, _ = sell(batch)
		if after := ask(t, s, "", "GET", "/connector/api/sell", ""); at(t, before, "meta.total") != at(t, after, "meta.total") || commits != 1 {
			t.Errorf("the repeat made sells: %v, then %v", at(t, before, "meta.total"), at(t, after, "meta.total"))
		}
		lines := strings.Repeat(`{"product_id":5,"variation_id":7,"quantity":1},`, 10_000)
		_, _, tree = sell(`{"sells":[{"location_id":1,"contact_id":1,"products":[` + strings.TrimSuffix(lines, ",") + `]}]}`)
		if msg := at(t, tree, "data.0.original.error.message"); msg != "The products must not have more than 5000 lines." {
			t.Errorf("10,000 lines: %v", msg)
		}
	})
}

// BenchmarkBatchOfSells makes 100 sells in one request.
func BenchmarkBatchOfSells(b *testing.B) {
	for engine, open := range map[string]func(testing.TB) *db.DB{"sqlite": dbtest.SQLite, "postgres": dbtest.Postgres} {
		b.Run(engine, func(b *testing.B) {
			s := stage.New(b, open(b))
			shop(b, s)
			one := strings.Replace(exampleSell, `"quantity":0.1`, `"quantity":0.0001`, 1)
			one = strings.Replace(one, `"quantity":0.01`, `"quantity":0.0001`, 1)
			body := `{"sells":[` + strings.TrimSuffix(strings.Repeat(one+",", 100), ",") + `]}`
			for b.Loop() {
				r := httptest.NewRequest("POST", "/connector/api/sell", strings.NewReader(body))
				r.Header = s.As[""].Clone()
				r.Header.Set("Content-Type", "application/json")
				w := httptest.NewRecorder()
				s.Handler.ServeHTTP(w, r)
				if w.Code != 200 || strings.Contains(w.Body.String(), `"original"`) {
					b.Fatalf("%d %.300s", w.Code, w.Body)
				}
			}
		})
	}
}
