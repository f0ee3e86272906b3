package maker_test

import (
	"bytes"
	"encoding/json"
	"mime/multipart"
	"net/http/httptest"
	"net/url"
	"strings"
	"testing"

	"storehouse/contract/stage"
)

// TestDownloadsNeedTheirSignature opens a document by its link without a
// token, and with what was changed in the link; the file's name, which would
// lead out of any folder, is a name and nothing more.
func TestDownloadsNeedTheirSignature(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		_, typ := call(t, s, "POST", "/api/customer-types", `{"name":"Retail"}`)
		_, customer := call(t, s, "POST", "/api/customers", `{"name":"Shop","typeId":"`+typ["id"].(string)+`"}`)
		_, channel := call(t, s, "POST", "/api/order-channels", `{"name":"Mail"}`)
		_, order := call(t, s, "POST", "/api/sales-orders", `{"customerId":"`+customer["id"].(string)+`","channelId":"`+channel["id"].(string)+
			`","status":"Received","fulfillmentStatus":"Pending","mabd":"2026-03-01","items":[]}`)
		id := upload(t, s, order["salesOrder"].(map[string]any)["id"].(string), "../../etc/passwd.txt")
		_, shown := call(t, s, "GET", "/api/documents/"+id, "")
		u, err := url.Parse(shown["signedUrl"].(string))
		if err != nil {
			t.Fatal(err)
		}
		open := func(link string) *httptest.ResponseRecorder {
			w := httptest.NewRecorder()
			s.Handler.ServeHTTP(w, httptest.NewRequest("GET", link, nil))
			return w
		}
		good := u.RequestURI()
		if w := open(good); w.Code != 200 || w.Body.String() != "hello" || strings.Contains(w.Header().Get("Content-Disposition"), "..") {
			t.Errorf("%d %s %v", w.Code, w.Body, w.Header())
		}
		for about, link := range map[string]string{
			"tampered":             good[:len(good)-1] + string("01"[strings.Count(good[len(good)-1:], "0")]),
			"made longer":          strings.Replace(good, "expires=", "expires=9", 1),
			"another organization": strings.Replace(good, "/files/1/", "/files/2/", 1),
			"no signature":         u.Path,
		} {
			if w := open(link); w.Code != 403 && w.Code != 404 || strings.Contains(w.Body.String(), "hello") {
				t.Errorf("%s: %d %s", about, w.Code, w.Body)
			}
		}
	})
}

// upload attaches a text to a sales order and returns the document's id.
func upload(t *testing.T, s *stage.Stage, order, name string) string {
	t.Helper()
	var body bytes.Buffer
	form := multipart.NewWriter(&body)
	for k, v := range map[string]string{"entityType": "sales_order", "entityId": order} {
		if err := form.WriteField(k, v); err != nil {
			t.Fatal(err)
		}
	}
	file, err := form.CreateFormFile("file", name)
	if err != nil {
		t.Fatal(err)
	}
	if _, err := file.Write([]byte("hello")); err != nil {
		t.Fatal(err)
	}
	if err := form.Close(); err != nil {
		t.Fatal(err)
	}
	r := httptest.NewRequest("POST", "/api/documents", &body)
	r.Header = s.As[""].Clone()
	r.Header.Set("Content-Type", form.FormDataContentType())
	w := httptest.NewRecorder()
	s.Handler.ServeHTTP(w, r)
	var made map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &made); err != nil || w.Code != 201 {
		t.Fatalf("%d %s (%v)", w.Code, w.Body, err)
	}
	return made["id"].(string)
}
