package pos_test

import (
	"os"
	"regexp"
	"strings"
	"testing"

	"storehouse/contract"
	"storehouse/face/pos"
)

// elsewhere names the operations whose answers are no JSON, or hold secrets
// that change, with the test that shows them instead.
var elsewhere = map[string]string{
	"POST /oauth/token": "oauth_test.go",
	"GET /connector/api/sell/{id}/get-invoice-image": "invoice_test.go",
	"GET /invoice/{token}":                           "invoice_test.go",
	"GET /pay/{token}":                               "invoice_test.go",
}

// TestEveryOperationIsServedAndShown compares the route table with the
// reference's operations, and both with the exchange files.
func TestEveryOperationIsServedAndShown(t *testing.T) {
	text, err := os.ReadFile("testdata/operations.tsv")
	if err != nil {
		t.Fatal(err)
	}
	name := regexp.MustCompile(`\{[^}]*\}`)
	served := map[string]bool{}
	var shown []string
	for _, r := range pos.New(pos.Deps{}).Routes {
		served[r.Method+" "+name.ReplaceAllString(r.Path, "{}")] = true
		if route := r.Method + " " + r.Path; !r.Hidden && elsewhere[route] == "" {
			shown = append(shown, route)
		}
	}
	n := 0
	for _, l := range strings.Split(strings.TrimSpace(string(text)), "\n") {
		if strings.HasPrefix(l, "#") {
			continue
		}
		n++
		method, path, _ := strings.Cut(l, "\t")
		if !served[method+" "+name.ReplaceAllString(path, "{}")] {
			t.Errorf("the reference's %s %s is not served", method, path)
		}
	}
	if n != 74 {
		t.Errorf("the list has %d operations, not 74", n)
	}
	contract.Covers(t, shown, contract.Requests(t, "testdata/*.txt", "testdata/*/*.txt"))
}
