package pos_test

import (
	"encoding/json"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"storehouse/base/db/dbtest"
	"storehouse/contract/stage"
)

// printedQueries are the reference's own example queries, made-up words and
// all. The vendor's server answers them with what fits: nothing, mostly.
var printedQueries = []string{
	"crm/follow-ups?start_date=2020-12-16&end_date=2020-12-16&status=voluptatem&follow_up_type=deserunt&followup_category_id=rem&order_by=start_datetime&direction=desc&per_page=10",
	"crm/leads?assigned_to=1%2C2%2C3&name=nam&biz_name=aperiam&mobile_num=20&contact_id=dolorem&order_by=voluptatibus&direction=desc&per_page=10",
	"new_product?order_by=suscipit&order_direction=odit&location_custom_field_1=veritatis&category_id=voluptatum&sub_category_id=blanditiis&location_id=1&not_for_sell=occaecati" +
		"&send_lot_detail=eos&name=laudantium&sku=aut&product_ids=1%2C2&per_page=10",
	"new_sell?location_id=1&contact_id=expedita&payment_status=due%2Cpartial&start_date=2018-06-25&end_date=2018-06-25&user_id=praesentium&service_staff_id=fuga&shipping_status=ordered" +
		"&source=illum&customer_group_id=delectus&product_name=sed&product_sku=rerum&product_custom_field_1=perspiciatis&location_custom_field_1=veniam&location_invoice_scheme_prefix=atque" +
		"&product_category_id=aliquam&product_sub_category_id=voluptatem&sell_ids=55%2C64&only_subscriptions=et&send_purchase_details=exercitationem&order_by_date=desc&per_page=10",
	"new_contactapi?type=quod&customer_group_id=fuga&custom_field_1=ipsam&contact_ids=2%2C3&name=sit&biz_name=voluptatem&mobile_num=18&contact_id=iure&order_by=qui&direction=ipsam&per_page=10",
	"cash-register?status=open&user_id=10&start_date=2018-06-25&end_date=2018-06-25&location_id=1&per_page=15",
	"sell?location_id=1&contact_id=quia&status=final&payment_status=due%2Cpartial&start_date=2018-06-25&end_date=2018-06-25&user_id=quibusdam&service_staff_id=autem&shipping_status=ordered" +
		"&source=quibusdam&only_subscriptions=illo&is_suspend=quia&is_quotation=alias&send_purchase_details=beatae&order_by_date=desc&per_page=10",
	"list-sell-return?sell_id=veritatis",
	"contactapi?type=iure&name=pariatur&biz_name=neque&mobile_num=12&contact_id=nihil&order_by=voluptates&direction=itaque&per_page=10",
	"product?order_by=quasi&order_direction=non&brand_id=ut&category_id=quia&sub_category_id=illo&location_id=1&selling_price_group=quia&send_lot_detail=ullam&name=expedita&sku=non&type=quas&per_page=10",
	"variation?product_id=quas&location_id=1&brand_id=sed&category_id=dolores&sub_category_id=nulla&not_for_selling=officia&name=rem&sku=tempore&per_page=10",
	"field-force?contact_id=numquam&assigned_to=aut&status=optio&start_date=2018-06-25&end_date=2018-06-25&per_page=15&order_by_date=0",
	"holidays?location_id=1&start_date=2020-06-25&end_date=2020-06-25",
}

func TestThePrintedQueriesAreAnswered(t *testing.T) {
	s := stage.New(t, dbtest.SQLite(t))
	cast(t, s)
	for _, q := range printedQueries {
		// As it is printed, and each filter alone: none may be a 400.
		path, query, _ := strings.Cut(q, "?")
		for _, q := range append(strings.Split(query, "&"), query) {
			r := httptest.NewRequest(http.MethodGet, "/connector/api/"+path+"?"+q, nil)
			r.Header = s.As["pos-owner"].Clone()
			w := httptest.NewRecorder()
			s.Handler.ServeHTTP(w, r)
			if w.Code != http.StatusOK {
				t.Errorf("%s?%s: %d %s", path, q, w.Code, w.Body)
			}
			if q == query && !strings.HasPrefix(w.Body.String(), `{"data":[]`) {
				t.Errorf("%s?%s: made-up words narrow to nothing, but: %.200s", path, q, w.Body)
			}
		}
	}
}

// A list narrowed by a JSON body is narrowed on its next pages too: apps
// follow links.next verbatim.
func TestLinksRepeatTheFiltersOfABody(t *testing.T) {
	s := stage.New(t, dbtest.SQLite(t))
	cast(t, s)
	for _, name := range []string{"Ann", "Bob"} {
		r := httptest.NewRequest(http.MethodPost, "/connector/api/contactapi", strings.NewReader(`{"type":"customer","first_name":"`+name+`","mobile":"1"}`))
		r.Header = s.As["pos-owner"].Clone()
		w := httptest.NewRecorder()
		if s.Handler.ServeHTTP(w, r); w.Code != http.StatusOK {
			t.Fatal(w.Body)
		}
	}
	get := func(url, body string) (page struct {
		Data []struct {
			ID   int64  `json:"id"`
			Type string `json:"type"`
		} `json:"data"`
		Links struct{ Next string } `json:"links"`
		Meta  struct{ Total int }   `json:"meta"`
	}) {
		t.Helper()
		r := httptest.NewRequest(http.MethodGet, url, strings.NewReader(body))
		r.Header = s.As["pos-owner"].Clone()
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		s.Handler.ServeHTTP(w, r)
		if err := json.Unmarshal(w.Body.Bytes(), &page); err != nil || w.Code != http.StatusOK {
			t.Fatalf("%s: %d %s %v", url, w.Code, w.Body, err)
		}
		return page
	}
	page := get("/connector/api/contactapi", `{"type": "customer", "per_page": 1, "name": null}`)
	total, seen := page.Meta.Total, 0
	for ; ; page = get(page.Links.Next, "") {
		for _, row := range page.Data {
			if row.Type != "customer" {
				t.Errorf("%d is a %s", row.ID, row.Type)
			}
			seen++
		}
		if page.Links.Next == "" {
			break
		}
	}
	if total < 3 || seen != total {
		t.Errorf("%d rows on the pages of %d", seen, total)
	}
}
