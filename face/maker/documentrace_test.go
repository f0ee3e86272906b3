package maker_test

import (
	"bytes"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"strconv"
	"testing"

	"storehouse/base/db"
	"storehouse/contract/stage"
	"storehouse/core/doc"
	"storehouse/face/wire"
)

// attach uploads a file to an order and returns the status.
func attach(t *testing.T, s *stage.Stage, to, id string) int {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for k, v := range map[string]string{"entityType": to, "entityId": id} {
		if err := form.WriteField(k, v); err != nil {
			t.Error(err)
		}
	}
	part, err := form.CreateFormFile("file", "quote.csv")
	if err == nil {
		_, err = part.Write([]byte("malt,1\n"))
	}
	if err != nil || form.Close() != nil {
		t.Error(err)
	}
	r := httptest.NewRequest("POST", "/api/documents", &body)
	for k, v := range s.As[""] {
		r.Header[k] = v
	}
	r.Header.Set("Content-Type", form.FormDataContentType())
	w := httptest.NewRecorder()
	s.Handler.ServeHTTP(w, r)
	return w.Code
}

// attached counts the documents of an order.
func attached(t *testing.T, s *stage.Stage, of doc.EntityType, id string) (n int) {
	t.Helper()
	u, err := wire.ParseUUID(id)
	if err != nil {
		t.Fatal(err)
	}
	s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
		list, err := doc.List(tx, of, u.ID, 0, 100)
		n = len(list)
		return err
	})
	return n
}

// A document that is attached while its order is deleted goes with it, or is
// refused.
func TestDocumentsDoNotOutliveTheirOrder(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		vendor := made(t, s, "/api/vendors", `{"name":"Maltings"}`)
		for range 12 {
			_, out := call(t, s, "POST", "/api/purchase-orders", `{"vendorId":"`+vendor+`","targetType":"materials","status":"Planning","items":[]}`)
			po, _ := out["purchaseOrder"].(map[string]any)["id"].(string)
			together(6, func(i int) {
				if i == 0 {
					if status, out := call(t, s, "DELETE", "/api/purchase-orders/"+po, ""); status != http.StatusOK {
						t.Errorf("delete: %d %v", status, out)
					}
				} else if status := attach(t, s, "purchase_order", po); status != http.StatusCreated && status != http.StatusNotFound {
					t.Errorf("attach: %d", status)
				}
			})
			if n := attached(t, s, doc.OfPurchaseOrder, po); n != 0 {
				t.Errorf("%d documents of an order that is gone", n)
			}
		}
	})
}

// An order that is deleted at the till takes its documents along, too.
func TestTheTillDeletesDocuments(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		customer := made(t, s, "/api/customers", `{"name":"Shop","typeId":"`+made(t, s, "/api/customer-types", `{"name":"Retail"}`)+`"}`)
		channel := made(t, s, "/api/order-channels", `{"name":"Mail"}`)
		_, out := call(t, s, "POST", "/api/sales-orders", `{"customerId":"`+customer+`","channelId":"`+channel+`","fulfillmentStatus":"Pending","mabd":"2026-03-01","status":"Received","items":[]}`)
		so, _ := out["salesOrder"].(map[string]any)["id"].(string)
		if status := attach(t, s, "sales_order", so); status != http.StatusCreated || attached(t, s, doc.OfSalesOrder, so) != 1 {
			t.Fatalf("attach: %d", status)
		}
		u, _ := wire.ParseUUID(so)
		r := httptest.NewRequest("DELETE", "/connector/api/sell/"+strconv.FormatInt(u.ID, 10), nil)
		r.Header = s.As["pos-owner"].Clone()
		w := httptest.NewRecorder()
		s.Handler.ServeHTTP(w, r)
		if n := attached(t, s, doc.OfSalesOrder, so); w.Code != http.StatusOK || n != 0 {
			t.Errorf("the till answers %d %s; %d documents are left", w.Code, w.Body, n)
		}
	})
}
