package pos_test

import (
	"encoding/json"
	"fmt"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"storehouse/contract/stage"
)

// till calls one route as the owner and returns the status and the answer.
func till(s *stage.Stage, request, body, key string) (int, map[string]any) {
	method, path, _ := strings.Cut(request, " ")
	r := httptest.NewRequest(method, "/connector/api/"+path, strings.NewReader(body))
	r.Header = s.As["pos-owner"].Clone()
	r.Header.Set("Content-Type", "application/json")
	if key != "" {
		r.Header.Set("Idempotency-Key", key)
	}
	w := httptest.NewRecorder()
	s.Handler.ServeHTTP(w, r)
	var out map[string]any
	_ = json.Unmarshal(w.Body.Bytes(), &out)
	return w.Code, out
}

// together runs fn n times at once.
func together(n int, fn func(i int)) {
	var g sync.WaitGroup
	for i := range n {
		g.Go(func() { fn(i) })
	}
	g.Wait()
}

func TestTillsMakeContactsAtOnce(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		var mu sync.Mutex
		var numbers []string
		note := func(code int, out map[string]any) {
			mu.Lock()
			defer mu.Unlock()
			c, _ := out["data"].(map[string]any)
			if code != http.StatusOK || c == nil {
				t.Errorf("%d %v", code, out)
				return
			}
			numbers = append(numbers, fmt.Sprint(c["contact_id"]))
		}
		together(16, func(i int) {
			note(till(s, "POST contactapi", fmt.Sprintf(`{"type":"customer","first_name":"c%d","mobile":"%d"}`, i, i), ""))
		})
		slices.Sort(numbers)
		for i, n := range numbers {
			if want := fmt.Sprintf("CO%04d", i+1); n != want {
				t.Errorf("contact %d has the number %s, want %s", i, n, want)
			}
		}
		numbers = nil
		// A till that gets no answer asks again under the same key.
		for range 3 {
			note(till(s, "POST contactapi", `{"type":"customer","first_name":"once","mobile":"1"}`, "retry-1"))
		}
		if len(slices.Compact(numbers)) != 1 || numbers[0] != "CO0017" {
			t.Errorf("the same request three times made %v", numbers)
		}
		if code, _ := till(s, "POST contactapi", `{"type":"customer","first_name":"other","mobile":"1"}`, "retry-1"); code != http.StatusUnprocessableEntity {
			t.Errorf("another request under the key: %d", code)
		}
	})
}

func TestTillsChangeTheCatalogueAtOnce(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		branch(t, s)
		catalogue(t, s)
		var mu sync.Mutex
		codes := map[int]int{}
		together(8, func(i int) {
			code, _ := till(s, "POST product", fmt.Sprintf(`{"name":"p%d","selling_price":1,"purchase_price":1,"sku":"SAME"}`, i), "")
			mu.Lock()
			defer mu.Unlock()
			codes[code]++
		})
		if codes[200] != 1 || codes[400] != 7 {
			t.Errorf("one sku eight times: %v", codes)
		}
		var sets []int
		for i := range 4 {
			_, out := till(s, "POST modifier", fmt.Sprintf(`{"name":"set%d","modifiers":[{"value":"a","price":1}]}`, i), "")
			sets = append(sets, int(out["data"].([]any)[0].(map[string]any)["id"].(float64)))
		}
		together(4, func(i int) {
			if code, out := till(s, "POST product/3/attach-modifiers", fmt.Sprintf(`{"modifier_sets":[%d]}`, sets[i]), ""); code != http.StatusOK {
				t.Error(code, out)
			}
		})
		_, out := till(s, "GET product/3", "", "")
		if got := out["data"].([]any)[0].(map[string]any)["modifier_sets"].([]any); len(got) != 4 {
			t.Errorf("of four sets attached at once %d are there", len(got))
		}
		// Each changes a field of its own: none is lost.
		together(4, func(i int) {
			if code, out := till(s, "PATCH product/3", fmt.Sprintf(`{"product_custom_field%d":"x"}`, i+1), ""); code != http.StatusOK {
				t.Error(code, out)
			}
		})
		_, out = till(s, "GET product/3", "", "")
		p := out["data"].([]any)[0].(map[string]any)
		for i := range 4 {
			if p[fmt.Sprintf("product_custom_field%d", i+1)] != "x" {
				t.Errorf("field %d was lost", i+1)
			}
		}
	})
}
