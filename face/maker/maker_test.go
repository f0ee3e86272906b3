package maker_test

import (
	"os"
	"strings"
	"testing"

	"storehouse/contract"
	"storehouse/contract/stage"
	"storehouse/core/org"
	"storehouse/face/maker"
	"storehouse/face/wire"
)

// kinds are the words by which exchanges call an id that no row has:
// {{no-location}}.
var kinds = map[string]wire.Kind{
	"location": wire.KindLocation, "lookup": wire.KindLookup, "party": wire.KindParty, "item": wire.KindItem, "person": wire.KindPerson,
	"method": wire.KindMethod, "link": wire.KindLink, "entry": wire.KindEntry, "sale": wire.KindSale, "sale-line": wire.KindSaleLine,
	"sale-note": wire.KindSaleNote, "purchase": wire.KindPurchase, "purchase-line": wire.KindPurchaseLine,
	"purchase-receipt": wire.KindPurchaseReceipt, "work": wire.KindWork, "work-line": wire.KindWorkLine, "work-receipt": wire.KindWorkReceipt,
	"production": wire.KindProduction, "production-line": wire.KindProductionLine, "production-receipt": wire.KindProdReceipt,
	"document": wire.KindDocument, "org": wire.KindOrg,
}

func TestExchanges(t *testing.T) {
	seen := stage.Replay(t, "testdata/*.txt", func(_ *testing.T, s *stage.Stage) {
		for word, k := range kinds {
			s.Vars["no-"+word] = wire.UUID{Kind: k, ID: 999_999}.String()
		}
	})
	var all []string
	for _, r := range maker.New(maker.Deps{}).Routes {
		if !r.Hidden {
			all = append(all, r.Method+" "+r.Path)
		}
	}
	contract.Covers(t, all, seen)
}

// TestRoutesAreTheReferences compares the route table with the list of the
// reference's operations.
func TestRoutesAreTheReferences(t *testing.T) {
	text, err := os.ReadFile("testdata/operations.tsv")
	if err != nil {
		t.Fatal(err)
	}
	want := map[string]string{} // "METHOD /path" → "tag, title, role"
	for line := range strings.Lines(string(text)) {
		f := strings.Split(strings.TrimSpace(line), "\t")
		if len(f) == 5 && f[0] != "tag" {
			want[f[2]+" "+f[3]] = strings.Join([]string{f[0], f[1], f[4]}, ", ")
		}
	}
	if len(want) != 183 {
		t.Fatalf("the list has %d operations, not 183", len(want))
	}
	served := map[string]bool{}
	for _, r := range maker.New(maker.Deps{}).Routes {
		key, role := r.Method+" "+r.Path, r.Role.String()
		switch r.Role {
		case org.Public:
			role = "public"
		case org.None:
			role = "signed-in"
		}
		served[key] = true
		if got := strings.Join([]string{r.Tag, r.Title, role}, ", "); got != want[key] && !r.Hidden {
			t.Errorf("%s is %q, in the reference %q", key, got, want[key])
		}
	}
	for key, op := range want {
		if !served[key] {
			t.Errorf("%s (%s) is not served", key, op)
		}
	}
}
