package connect_test

import (
	"fmt"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/core/connect"
	"storehouse/core/sale"
)

// Money that goes back moves goods only as far as the shop says that they
// came with it. Three at 10 are sold, with 5 of shipping; ten are in stock.
func TestRefunds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		tee := func(q int) []string { return []string{fmt.Sprintf("%d  %d@10", w.item["TEE"], q)} }
		goods := func(tee string) map[string]string { return map[string]string{"TEE": tee, "MUG": "10/0/0"} }
		const handed, refund = `"date_completed_gmt":"2026-01-02T05:00:00"`, `"refunds":[{"id":9,"total":"-%s"}]`
		for i, c := range []struct {
			name, status, more, meta string
			want                     state
		}{
			{"handed over", "completed", handed, "", state{sale.Completed, "35", "35", tee(3), goods("7/0/0")}},
			{"an amount", "completed", handed + "," + fmt.Sprintf(refund, "10.00"), "", state{sale.Completed, "25", "25", tee(3), goods("7/0/0")}},
			{"one, put back", "completed", handed + "," + fmt.Sprintf(refund, "10.00"), `{"key":"_restock_refunded_items","value":"1"}`, state{sale.Completed, "25", "25", tee(2), goods("8/0/0")}},
			{"one put back, for less", "completed", handed + "," + fmt.Sprintf(refund, "8.00"), `{"key":"_restock_refunded_items","value":1}`, state{sale.Completed, "27", "27", tee(2), goods("8/0/0")}},
			{"all put back, the shipping kept", "completed", handed + "," + fmt.Sprintf(refund, "30.00"), `{"key":"_restock_refunded_items","value":"3"}`,
				state{sale.Completed, "5", "5", []string{"0 returned: TEE 3@0"}, goods("10/0/0")}},
			{"set to refunded: nothing was put back", "refunded", handed + "," + fmt.Sprintf(refund, "35.00"), `{"key":"_reduced_stock","value":"3"}`,
				state{sale.Completed, "0", "0", tee(3), goods("7/0/0")}},
			{"refunded, two put back", "refunded", handed + "," + fmt.Sprintf(refund, "35.00"), `{"key":"_reduced_stock","value":"1"},{"key":"_restock_refunded_items","value":"2"}`,
				state{sale.Completed, "0", "0", tee(1), goods("9/0/0")}},
			{"refunded, all put back", "refunded", handed + "," + fmt.Sprintf(refund, "35.00"), `{"key":"_restock_refunded_items","value":"3"}`, state{sale.Rejected, "0", "0", tee(3), goods("10/0/0")}},
			{"refunded, not a word of goods", "refunded", handed + "," + fmt.Sprintf(refund, "35.00"), "", state{sale.Rejected, "0", "0", tee(3), goods("10/0/0")}},
			{"refunded before it was handed over", "refunded", fmt.Sprintf(refund, "35.00"), `{"key":"_reduced_stock","value":"3"}`, state{sale.Rejected, "0", "0", tee(3), goods("10/0/0")}},
			{"one put back before it is handed over", "processing", fmt.Sprintf(refund, "10.00"), `{"key":"_restock_refunded_items","value":"1"}`, state{sale.Entered, "25", "25", tee(2), goods("10/0/2")}},
			{"more put back than there were", "completed", handed + "," + fmt.Sprintf(refund, "30.00"), `{"key":"_restock_refunded_items","value":"7"}`,
				state{sale.Completed, "5", "5", []string{"0 returned: TEE 3@0"}, goods("10/0/0")}},
		} {
			body := order(727, c.status, i, c.more, "TEE×3@10")
			body = strings.Replace(body, `"total":"30","shipping_total":"0.00"`, `"total":"35.00","shipping_total":"5.00"`, 1)
			body = strings.Replace(body, `"tax_lines":[],"fee_lines":[],"coupon_lines":[],"refunds":[]`, `"fee_lines":[]`, 1)
			body = strings.Replace(body, `"sku":"TEE"`, `"sku":"TEE","meta_data":[`+c.meta+`]`, 1)
			w.take(delivery{topic: connect.Updated, body: body})
			w.run()
			if diff := cmp.Diff(c.want, w.state(727)); diff != "" {
				t.Errorf("%s (-want +got):\n%s", c.name, diff)
			}
		}
	})
}
