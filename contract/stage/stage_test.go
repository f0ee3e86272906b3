package stage_test

import (
	"net/http/httptest"
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
