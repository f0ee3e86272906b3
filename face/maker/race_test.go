package maker_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"strings"
	"sync"
	"testing"

	"storehouse/contract/stage"
	"storehouse/face/wire"
)

// call sends one request as acme's owner and returns its status and body.
func call(t *testing.T, s *stage.Stage, method, path, body string) (int, map[string]any) {
	t.Helper()
	r := httptest.NewRequest(method, path, strings.NewReader(body))
	for k, v := range s.As[""] {
		r.Header[k] = v
	}
	r.Header.Set("Content-Type", "application/json")
	w := httptest.NewRecorder()
	s.Handler.ServeHTTP(w, r)
	var out map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		t.Errorf("%s %s: %v", method, path, err)
	}
	return w.Code, out
}

// together runs fn at once in n goroutines.
func together(n int, fn func(i int)) {
	var wg sync.WaitGroup
	start := make(chan struct{})
	for i := range n {
		wg.Go(func() { <-start; fn(i) })
	}
	close(start)
	wg.Wait()
}

const racers = 8

func TestFindOrCreateMakesOneContact(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		_, vendor := call(t, s, "POST", "/api/vendors", `{"name":"Maltings"}`)
		body := `{"firstName":"Ann","email":"ann@maltings.example","entityType":"vendor","entityId":"` + vendor["id"].(string) + `"}`
		var mu sync.Mutex
		made, ids := 0, map[any]bool{}
		together(racers, func(int) {
			status, out := call(t, s, "POST", "/api/contacts/find-or-create", body)
			mu.Lock()
			defer mu.Unlock()
			if status != http.StatusOK {
				t.Errorf("status %d: %v", status, out)
				return
			}
			if out["created"] == true {
				made++
			}
			ids[out["contact"].(map[string]any)["id"]] = true
		})
		if made != 1 || len(ids) != 1 {
			t.Errorf("%d were made, %d contacts answered; want one", made, len(ids))
		}
	})
}

// TestRacesThroughTheFace lets requests race of which one may succeed: a
// transfer that is completed, a code that is taken, an order received whole.
func TestRacesThroughTheFace(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		here := wire.UUID{Kind: wire.KindLocation, ID: s.Acme.Location}.String()
		_, typ := call(t, s, "POST", "/api/material-types", `{"name":"Malts"}`)
		_, malt := call(t, s, "POST", "/api/materials", `{"code":"M","name":"Malt","typeId":"`+typ["id"].(string)+`"}`)
		_, depot := call(t, s, "POST", "/api/locations", `{"name":"Depot"}`)
		_, vendor := call(t, s, "POST", "/api/vendors", `{"name":"Maltings"}`)
		item := `"materialId":"` + malt["id"].(string) + `"`
		call(t, s, "POST", "/api/inventory/materials/adjustments", `{`+item+`,"locationId":"`+here+`","quantity":5}`)
		_, sent := call(t, s, "POST", "/api/inventory/materials/transfers",
			`{`+item+`,"sourceLocationId":"`+here+`","destinationLocationId":"`+depot["id"].(string)+`","quantity":2}`)
		_, po := call(t, s, "POST", "/api/purchase-orders", `{"vendorId":"`+vendor["id"].(string)+`","targetType":"materials","status":"Placed","items":[{`+item+`,"quantity":4,"unitCost":1}]}`)
		order := po["purchaseOrder"].(map[string]any)["id"].(string)
		line := po["items"].([]any)[0].(map[string]any)["id"].(string)
		for _, race := range []struct{ path, body string }{
			{"/api/inventory/materials/transfers/" + sent["ref"].(string) + "/complete", `{}`},
			{"/api/materials", `{"code":"TAKEN","name":"Malt","typeId":"` + typ["id"].(string) + `"}`},
			{"/api/purchase-orders/" + order + "/receipts", `{"items":[{"purchaseOrderItemId":"` + line + `","quantity":4}]}`},
			{"/api/inventory/materials/disposals", `{` + item + `,"locationId":"` + here + `","quantity":6}`}, // of 3 + 4
		} {
			var mu sync.Mutex
			won := 0
			together(racers, func(int) {
				status, out := call(t, s, "POST", race.path, race.body)
				mu.Lock()
				defer mu.Unlock()
				switch {
				case status < 300:
					won++
				case status >= 500:
					t.Errorf("%s: %d %v", race.path, status, out)
				}
			})
			if won != 1 {
				t.Errorf("%s: %d requests succeeded, want one", race.path, won)
			}
		}
	})
}

// TestImportsOfTheSameCodesMeet imports the same rows several times at once:
// each code is one import's, and every other one says of just that row that it
// is taken, and brings its own rows in.
func TestImportsOfTheSameCodesMeet(t *testing.T) {
	const shared = 40
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		for path, typ := range map[string]string{"/api/skus": made(t, s, "/api/sku-types", `{"name":"Ales"}`), "/api/materials": made(t, s, "/api/material-types", `{"name":"Malts"}`)} {
			var mu sync.Mutex
			created := map[int]int{} // by row; the last is each import's own
			together(racers, func(n int) {
				rows := make([]string, shared, shared+1)
				for i := range rows {
					rows[i] = fmt.Sprintf(`{"code":"C%d","name":"C","typeId":%q}`, i, typ)
				}
				rows = append(rows, fmt.Sprintf(`{"code":"OWN%d","name":"C","typeId":%q}`, n, typ))
				status, out := call(t, s, "POST", path+"/bulk", `{"rows":[`+strings.Join(rows, ",")+`]}`)
				mu.Lock()
				defer mu.Unlock()
				verdicts, _ := out["results"].([]any)
				if status != http.StatusOK || len(verdicts) != len(rows) {
					t.Errorf("%s: status %d: %v", path, status, out)
					return
				}
				for i, v := range verdicts {
					v := v.(map[string]any)
					if v["status"] == "created" {
						created[i]++
					} else if e, _ := v["error"].(map[string]any); e["code"] != "conflict" {
						t.Errorf("%s: row %d: %v", path, i, v)
					}
				}
			})
			for i := range shared {
				if created[i] != 1 {
					t.Errorf("%s: row %d was created %d times", path, i, created[i])
				}
			}
			if created[shared] != racers {
				t.Errorf("%s: %d of %d own rows were created", path, created[shared], racers)
			}
		}
	})
}
