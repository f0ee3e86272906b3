package stage_test

import (
	"encoding/json"
	"net/http/httptest"
	"strings"
	"testing"

	"storehouse/base/db/dbtest"
	"storehouse/contract"
	"storehouse/contract/stage"
)

func TestCredentialsOfTheStageAreReal(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		if s.Acme.Org != 1 || s.Acme.Location != 1 {
			t.Errorf("Acme is organization %d, location %d; want 1 and 1", s.Acme.Org, s.Acme.Location)
		}
		for _, who := range []string{"owner", "viewer", "rival", "pos-owner", "rival-pos", "upstream-member"} {
			if s.As[who] == nil {
				t.Errorf("nobody is called %s", who)
			}
		}
		r := httptest.NewRequest("GET", "/docs", nil)
		w := httptest.NewRecorder()
		s.Handler.ServeHTTP(w, r)
		if w.Code != 200 {
			t.Errorf("/docs: %d", w.Code)
		}
	})
}

func TestDocumentsAreValid(t *testing.T) {
	for _, d := range stage.Documents(stage.New(t, dbtest.SQLite(t)).Program) {
		t.Run(d.Name, func(t *testing.T) { contract.Valid(t, d) })
	}
}

// TestDocumentsSayWhatAnAnswerLooksLike finds operations whose good answer is
// documented as anything at all. Pictures and pages are no JSON.
func TestDocumentsSayWhatAnAnswerLooksLike(t *testing.T) {
	for _, d := range stage.Documents(stage.New(t, dbtest.SQLite(t)).Program) {
		text, err := d.JSON()
		if err != nil {
			t.Fatal(err)
		}
		var doc struct {
			Paths map[string]map[string]struct {
				Responses map[string]struct {
					Content map[string]struct{ Schema map[string]any }
				}
			}
		}
		if err := json.Unmarshal(text, &doc); err != nil {
			t.Fatal(err)
		}
		for path, operations := range doc.Paths {
			for method, o := range operations {
				for status, r := range o.Responses {
					if c, ok := r.Content["application/json"]; ok && strings.HasPrefix(status, "2") && len(c.Schema) == 0 {
						t.Errorf("%s: %s %s answers %s with anything", d.Name, strings.ToUpper(method), path, status)
					}
				}
			}
		}
		if d.Name == "pos" && !strings.Contains(string(text), `"oneOf"`) {
			t.Error("the two dialects of POST sell are not told apart")
		}
	}
}
