package maker

import (
	"strings"
	"testing"

	"storehouse/base/fault"
	"storehouse/core/org"
)

func TestEveryFaultHasACode(t *testing.T) {
	for _, k := range fault.Kinds {
		if codes[k].status == 0 || codes[k].code == "" {
			t.Errorf("fault kind %d has no code", k)
		}
	}
}

// TestDocumentNamesTheHeaders: a client that is made from the document can say
// which organization it means.
func TestDocumentNamesTheHeaders(t *testing.T) {
	f := New(Deps{})
	paths, _ := f.OpenAPI()["paths"].(map[string]any)
	for _, r := range f.Routes {
		if r.Hidden {
			continue
		}
		op, _ := paths[r.Path].(map[string]any)[strings.ToLower(r.Method)].(map[string]any)
		named := map[string]bool{}
		list, _ := op["parameters"].([]any)
		for _, p := range list {
			if p := p.(map[string]any); p["in"] == "header" {
				named[p["name"].(string)] = true
			}
		}
		if want := r.Role > org.Public; named["X-Org-Id"] != want || named["Idempotency-Key"] != (want && r.Method != "GET") {
			t.Errorf("%s %s names %v", r.Method, r.Path, named)
		}
	}
}
