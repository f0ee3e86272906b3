package openapi

import (
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
// type or too long is seen.
func TestWrongAnswersAreSeen(t *testing.T) {
	f := &web.Face{Name: "x", Title: "X", Version: "1", FaultBody: thing{}, Routes: []web.Route{
		web.Read("GET /x/{id}", org.Public, func(*web.Call, web.None) (thing, error) { return thing{}, nil }, web.Title("X", "Get x"))}}
	Valid(t, f)
	v := load(t, document(t, f))
	for body, good := range map[string]bool{`{"id":1,"name":"abc"}`: true, `{"id":1}`: false, `{"id":"1","name":"abc"}`: false, `{"id":1,"name":"abcd"}`: false} {
		w := httptest.NewRecorder()
		w.Header().Set("Content-Type", "application/json")
		_, _ = w.WriteString(body)
		if list := flaws(v, httptest.NewRequest("GET", "/x/7", nil), nil, w); (len(list) == 0) != good {
			t.Errorf("%s: %v", body, list)
		}
	}
}
