package connect_test

import (
	"encoding/json"
	"testing"

	"github.com/google/go-cmp/cmp"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/core/connect"
)

func TestBadOrdersAreRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		for _, body := range []string{``, `[]`, `{"id":0,"status":"pending"}`, `{"id":"x","status":"pending"}`, `{"id":5}`, `{"id":5,"status":"pending","total":"1e400"}`,
			`{"id":5,"status":"pending","line_items":[{"quantity":"many"}]}`, `{"id":1.5,"status":"pending"}`} {
			_, err := connect.Read(connect.Created, []byte(body), "")
			if err == nil {
				t.Errorf("%s was taken", body)
			}
		}
		w.take(delivery{topic: connect.Created, body: `{"id":6,"status":"checkout-draft","total":"0"}`})
		w.take(delivery{topic: connect.Created, body: `{"id":7,"status":"pending","total":"-1"}`})
		w.take(delivery{topic: connect.Deleted, body: `{"id":8}`})
		w.run()
		got := map[int64]string{}
		w.see(func(tx *db.Tx) error {
			list, err := connect.Deliveries(tx, connect.DeliveryFilter{Source: w.shop})
			for _, x := range list {
				got[x.Order] = x.State + ": " + x.Reason
			}
			return err
		})
		want := map[int64]string{6: "ignored: a cart is no order yet", 7: "held: total must not be negative", 8: "held: the order itself has not come yet"}
		if diff := cmp.Diff(want, got); diff != "" {
			t.Errorf("(-want +got):\n%s", diff)
		}
	})
}

func FuzzParseOrder(f *testing.F) {
	f.Add([]byte(order(1, "pending", 0, "", "A×1@1")))
	f.Add([]byte(`{"id":"7.0","line_items":{"1":{"quantity":1e3}},"meta_data":"","billing":null,"refunds":null}`))
	f.Fuzz(func(t *testing.T, body []byte) {
		o, err := connect.ParseOrder(body)
		if err == nil && (o == nil || o.ID <= 0 || !json.Valid(body)) {
			t.Errorf("%q gives %+v", body, o)
		}
	})
}
