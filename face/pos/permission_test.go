package pos_test

import (
	"net/http/httptest"
	"regexp"
	"slices"
	"strings"
	"testing"

	"storehouse/base/db/dbtest"
	"storehouse/contract/stage"
	"storehouse/face/pos"
)

// TestPermissionsAreWhatIsEnforced calls every route in every role: it is
// refused exactly where user/loggedin does not list its permission. What
// changes the catalogue, sells, contacts, money or people has one.
func TestPermissionsAreWhatIsEnforced(t *testing.T) {
	s := stage.New(t, dbtest.SQLite(t))
	shop(t, s)
	open := []string{"GET active-subscription", "GET packages", "GET notifications", "GET get-location", "POST forget-password", "POST update-password", "POST crm/call-logs",
		"GET crm/follow-up-resources", "GET floor", "GET table", "GET business-location", "GET business-details", "GET payment-methods", "GET payment-accounts",
		"GET types-of-service", "GET holidays", "GET user/loggedin"}
	for _, role := range []string{"viewer", "member", "admin", "owner"} {
		list, _ := at(t, ask(t, s, role, "GET", "/connector/api/user/loggedin", ""), "data.all_permissions").([]any)
		if want := map[string]bool{"viewer": false, "member": true, "admin": true, "owner": true}[role]; slices.Contains(list, any("product.create")) != want {
			t.Errorf("%s may create products: %v", role, !want)
		}
		for _, r := range pos.New(pos.Deps{}).Routes {
			path, ok := strings.CutPrefix(r.Path, "/connector/api/")
			if !ok || strings.Contains(path, "{file}") || strings.Contains(path, "photo") {
				continue
			}
			if r.Permission == "" {
				base := regexp.MustCompile(`/\{.*`).ReplaceAllString(path, "")
				if !slices.Contains(open, r.Method+" "+base) {
					t.Errorf("%s %s takes no permission", r.Method, path)
				}
				continue
			}
			q := httptest.NewRequest(r.Method, regexp.MustCompile(`\{[^}]*\}`).ReplaceAllString(r.Path, "999"), strings.NewReader(`{"nonsense":1}`))
			q.Header = s.As[role].Clone()
			q.Header.Set("Content-Type", "application/json")
			w := httptest.NewRecorder()
			s.Handler.ServeHTTP(w, q)
			if listed := slices.Contains(list, any(r.Permission)); listed == (w.Code == 403) {
				t.Errorf("%s %s is %d for %s, who has %s: %v", r.Method, r.Path, w.Code, role, r.Permission, listed)
			}
		}
	}
}
