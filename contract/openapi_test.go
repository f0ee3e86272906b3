package contract

import (
	"encoding/json"
	"net/http/httptest"
	"testing"

	"storehouse/core/org"
	"storehouse/face/web"
)

type thing struct {
	ID   int64  `json:"id"`
	Name string `json:"name" maxLength:"3"`
}

// TestWrongAnswersAreSeen checks the checker: what is missing, of another
// type, too long or not declared is seen, in the answer and in a fault.
func TestWrongAnswersAreSeen(t *testing.T) {
	f := &web.Face{Name: "x", Title: "X", Version: "1", FaultBody: thing{}, Routes: []web.Route{
		web.Read("GET /x/{id}", org.Public, func(*web.Call, web.None) (thing, error) { return thing{}, nil }, web.Title("X", "Get x"))}}
	d := Document{Name: f.Name, Serves: f.Serves, JSON: func() ([]byte, error) { return json.Marshal(f.OpenAPI()) }}
	Valid(t, d)
	v, err := d.validator()
	if err != nil {
		t.Fatal(err)
	}
	for body, good := range map[string]bool{`{"id":1,"name":"abc"}`: true, `{"id":1}`: false, `{"id":"1","name":"abc"}`: false, `{"id":1,"name":"abcd"}`: false,
		`{"id":1,"name":"abc","more":2}`: false} {
		for _, status := range []int{200, 404} {
			w := httptest.NewRecorder()
			w.Header().Set("Content-Type", "application/json")
			w.WriteHeader(status)
			_, _ = w.WriteString(body)
			if list := flaws(v, httptest.NewRequest("GET", "/x/7", nil), w); (len(list) == 0) != good {
				t.Errorf("%d %s: %v", status, body, list)
			}
		}
	}
	for path, served := range map[string]bool{"/x/7": true, "/x/": false, "/x": false, "/x/7/8": false} {
		if d.Serves("GET", path) != served || d.Serves("POST", path) {
			t.Errorf("%s: served is not %v", path, served)
		}
	}
}
