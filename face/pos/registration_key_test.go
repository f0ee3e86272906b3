package pos_test

import (
	"net/http/httptest"
	"strings"
	"testing"

	"storehouse/contract/stage"
)

// A registration hashes a password before its transaction; the key that makes
// it safe to repeat still lives in that transaction.
func TestRegistrationIsSafeToRepeat(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		send := func(body string) (int, string) {
			r := httptest.NewRequest("POST", "/connector/api/user-registration", strings.NewReader(body))
			r.Header = s.As["pos-owner"].Clone()
			r.Header.Set("Content-Type", "application/json")
			r.Header.Set("Idempotency-Key", "till-7-user-1")
			w := httptest.NewRecorder()
			s.Handler.ServeHTTP(w, r)
			return w.Code, w.Body.String()
		}
		const body = `{"first_name":"Zoe","email":"zoe@acme.example","is_active":"active","user_type":"user","allow_login":1,"username":"zoe12","password":"s3cret!","role":2,"access_all_locations":1}`
		code, first := send(body)
		if code != 200 || !strings.Contains(first, "User added successfully") {
			t.Fatalf("registration: %d %s", code, first)
		}
		if code, again := send(body); code != 200 || again != first {
			t.Errorf("the same again: %d %s, want the first answer", code, again)
		}
		if code, other := send(strings.Replace(body, "Zoe", "Zoë", 1)); code != 422 {
			t.Errorf("another body under the same key: %d %s", code, other)
		}
	})
}
