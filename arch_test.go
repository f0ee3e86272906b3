package storehouse

import (
	"encoding/json"
	"errors"
	"io"
	"io/fs"
	"os"
	"os/exec"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"
)

// areas lists the core packages from the bottom up. An area may import only
// areas that stand before it in this list.
var areas = []string{"org", "lookup", "search", "party", "person", "catalog", "stock", "money", "points", "sale", "supply", "production",
	"crm", "field", "staff", "dining", "expense", "doc", "loyalty", "connect", "report"}

// TestImports checks the direction of dependencies: cmd → face → core → base.
func TestImports(t *testing.T) {
	out, err := exec.Command("go", "list", "-json=ImportPath,Imports", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	d := json.NewDecoder(strings.NewReader(string(out)))
	for {
		var p struct {
			ImportPath string
			Imports    []string
		}
		if err := d.Decode(&p); errors.Is(err, io.EOF) {
			break
		} else if err != nil {
			t.Fatal(err)
		}
		for _, imp := range p.Imports {
			if why := forbidden(strings.TrimPrefix(p.ImportPath, "storehouse/"), strings.TrimPrefix(imp, "storehouse/")); why != "" {
				t.Errorf("%s imports %s: %s", p.ImportPath, imp, why)
			}
		}
	}
}

func forbidden(pkg, imp string) string {
	layer, name, _ := strings.Cut(pkg, "/")
	name, _, _ = strings.Cut(name, "/")
	impLayer, impName, _ := strings.Cut(imp, "/")
	impName, _, _ = strings.Cut(impName, "/")
	shared := func(n string) bool { return n == "web" || n == "wire" }
	switch {
	case layer == "base" && (impLayer == "core" || impLayer == "face" || impLayer == "cmd"):
		return "base knows nothing of the business"
	case layer == "core" && (impLayer == "face" || impLayer == "cmd"):
		return "core knows nothing of the faces"
	case layer == "core" && name != "connect" && (imp == "net/http" || imp == "encoding/json"):
		return "core knows nothing of the wire (core/connect, a client of other people's APIs, may)"
	case layer == "core" && impLayer == "core" && name != impName && slices.Index(areas, impName) >= slices.Index(areas, name):
		return "areas depend upwards only; see the list in arch_test.go"
	case layer == "core" && slices.Index(areas, name) < 0:
		return "a new area must be put in the list in arch_test.go"
	case layer == "face" && imp == "database/sql":
		return "SQL lives in core"
	case layer == "face" && impLayer == "face" && name != impName && !shared(impName):
		return "faces do not know one another; only web and wire are shared"
	}
	return ""
}

// ledgers names the tables that only their own package may name.
var ledgers = map[string]string{"stock": "core/stock", "money": "core/money", "points": "core/points"}

var ledgerTable = regexp.MustCompile(`(?i)\b(?:FROM|JOIN|INTO|UPDATE|TABLE)\s+(stock|money|points)_\w+`)

// TestLedgersAreTouchedInOnePlace checks that nobody but its package reads or
// writes a ledger's tables.
func TestLedgersAreTouchedInOnePlace(t *testing.T) {
	eachGoFile(t, func(path, text string) {
		if strings.HasPrefix(path, "bench/") { // the bare driver's yardstick writes copies of the rows, on a copy of the database
			return
		}
		for _, m := range ledgerTable.FindAllStringSubmatch(text, -1) {
			if home := ledgers[strings.ToLower(m[1])]; !strings.HasPrefix(path, home+"/") {
				t.Errorf("%s: %q belongs to %s alone", path, m[0], home)
			}
		}
	})
}

// statement finds SQL in Go's string literals.
var statement = regexp.MustCompile("(?s)[`\"]\\s*(SELECT|INSERT INTO|UPDATE|DELETE FROM|WITH)\\s[^`\"]*[`\"]")

// sharedTables hold no organization's rows: see the marks in schema/; the
// engines' own catalogues neither.
var sharedTables = regexp.MustCompile(`(?i)\b(id_block|migration|job|job_run|user_account|organization|pg_\w+|sqlite_\w+|pragma_\w+|information_schema)\b`)

// TestStatementsNameTheOrganization greps every statement of core for org_id.
func TestStatementsNameTheOrganization(t *testing.T) {
	eachGoFile(t, func(path, text string) {
		if !strings.HasPrefix(path, "core/") || strings.HasSuffix(path, "_test.go") {
			return
		}
		for _, at := range statement.FindAllStringIndex(text, -1) {
			q := text[at[0]:at[1]]
			if strings.HasPrefix(text[at[1]:], "+w.SQL()") || strings.HasPrefix(text[at[1]:], " + w.SQL()") {
				// Its conditions are collected in w; the file must begin them with
				// the organization.
				q += filepath.Base(path)
				if strings.Contains(text, `w.Add("org_id = ?`) {
					q += " org_id"
				}
			}
			if !strings.Contains(q, "org_id") && !strings.Contains(q, "tenantWhere") && !sharedTables.MatchString(q) &&
				regexp.MustCompile(`(?i)\b(FROM|INTO|UPDATE)\s+\w`).MatchString(q) {
				t.Errorf("%s: a statement without org_id: %s", path, strings.Join(strings.Fields(q), " "))
			}
		}
	})
}

// TestCoreStructsCarryNoTags checks that no wire shape leaks into core.
func TestCoreStructsCarryNoTags(t *testing.T) {
	eachGoFile(t, func(path, text string) {
		if strings.HasPrefix(path, "core/") && !strings.HasPrefix(path, "core/connect/") && strings.Contains(text, "`json:\"") {
			t.Errorf("%s: json tags belong to the faces", path)
		}
	})
}

// TestPackagesAreDocumented checks that every package says what it is.
func TestPackagesAreDocumented(t *testing.T) {
	out, err := exec.Command("go", "list", "-f", "{{.ImportPath}}\t{{.Doc}}", "./...").Output()
	if err != nil {
		t.Fatal(err)
	}
	for _, line := range strings.Split(strings.TrimSpace(string(out)), "\n") {
		if path, doc, _ := strings.Cut(line, "\t"); doc == "" {
			t.Errorf("%s has no package comment", path)
		}
	}
}

func eachGoFile(t *testing.T, fn func(path, text string)) {
	t.Helper()
	err := filepath.WalkDir(".", func(path string, e fs.DirEntry, err error) error {
		if err != nil {
			return err
		}
		if e.IsDir() && (strings.HasPrefix(e.Name(), ".") && path != "." || e.Name() == "node_modules") {
			return filepath.SkipDir
		}
		if !strings.HasSuffix(path, ".go") {
			return nil
		}
		b, err := os.ReadFile(path)
		if err != nil {
			return err
		}
		fn(filepath.ToSlash(path), string(b))
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
