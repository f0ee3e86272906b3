package schema_test

import (
	"io/fs"
	"regexp"
	"strings"
	"testing"

	"storehouse/schema"
)

var (
	createRE     = regexp.MustCompile(`(?s)CREATE TABLE (\w+) \((.*?)\n\);`)
	markRE       = regexp.MustCompile(`-- (TENANT|SHARED|LOCAL)\nCREATE TABLE (\w+) `)
	keyRE        = regexp.MustCompile(`CONSTRAINT (\w+) (PRIMARY KEY|UNIQUE) \(([^)]*)\)`)
	foreignRE    = regexp.MustCompile(`FOREIGN KEY \(([^)]*)\) REFERENCES (\w+) \(([^)]*)\)`)
	indexRE      = regexp.MustCompile(`CREATE (?:UNIQUE )?INDEX (\w+) ON (\w+) \(([^)]*)`)
	unnamedRE    = regexp.MustCompile(`(?m)^\s+\w+ .*\b(PRIMARY KEY|UNIQUE|REFERENCES|CHECK)\b`)
	constraintRE = regexp.MustCompile(`(?m)^\s+CONSTRAINT `)
)

// The rules that a sharded PostgreSQL needs; see docs/decisions for why.
func TestSchemaRules(t *testing.T) {
	names, err := fs.Glob(schema.FS, "*.sql")
	if err != nil || len(names) == 0 {
		t.Fatal("no migrations")
	}
	var all strings.Builder
	for _, n := range names {
		b, err := fs.ReadFile(schema.FS, n)
		if err != nil {
			t.Fatal(err)
		}
		all.Write(b)
		all.WriteString("\n")
	}
	text := all.String()
	marks := map[string]string{}
	for _, m := range markRE.FindAllStringSubmatch(text, -1) {
		marks[m[2]] = m[1]
	}
	tables := createRE.FindAllStringSubmatch(text, -1)
	if len(tables) == 0 || len(tables) != strings.Count(text, "CREATE TABLE ") {
		t.Fatalf("%d of %d tables understood", len(tables), strings.Count(text, "CREATE TABLE "))
	}
	for _, m := range tables {
		checkTable(t, m[1], m[2], marks)
	}
	for _, m := range indexRE.FindAllStringSubmatch(text, -1) {
		if marks[m[2]] == "TENANT" && !strings.HasPrefix(m[3], "org_id") {
			t.Errorf("index %s on %s does not begin with org_id", m[1], m[2])
		}
	}
	for _, bad := range []string{"SET NULL", "CREATE TRIGGER", "EXCLUDE ", "GENERATED", "AUTOINCREMENT", "SERIAL", "CREATE FUNCTION", "DEFAULT now"} {
		if strings.Contains(strings.ToUpper(text), strings.ToUpper(bad)) {
			t.Errorf("the schema uses %s", bad)
		}
	}
}

func checkTable(t *testing.T, name, body string, marks map[string]string) {
	t.Helper()
	mark := marks[name]
	if mark == "" {
		t.Errorf("table %s has no mark TENANT, SHARED or LOCAL", name)
	}
	for _, line := range strings.Split(body, "\n") {
		if unnamedRE.MatchString(line) && !constraintRE.MatchString(line) {
			t.Errorf("table %s: an unnamed constraint: %s", name, strings.TrimSpace(line))
		}
	}
	if mark == "TENANT" {
		if !strings.Contains(body, "org_id") {
			t.Errorf("table %s has no org_id", name)
		}
		keys := keyRE.FindAllStringSubmatch(body, -1)
		if len(keys) == 0 {
			t.Errorf("table %s has no primary key", name)
		}
		for _, k := range keys {
			if !strings.HasPrefix(k[3], "org_id") {
				t.Errorf("table %s: key %s does not begin with org_id", name, k[1])
			}
		}
	}
	for _, f := range foreignRE.FindAllStringSubmatch(body, -1) {
		switch to := marks[f[2]]; {
		case mark == "TENANT" && to == "TENANT" && (!strings.HasPrefix(f[1], "org_id") || !strings.HasPrefix(f[3], "org_id")):
			t.Errorf("table %s: the reference to %s leaves out org_id", name, f[2])
		case mark == "SHARED" && to == "TENANT", mark == "TENANT" && to == "LOCAL":
			t.Errorf("table %s (%s) may not refer to %s (%s)", name, mark, f[2], to)
		}
	}
}
