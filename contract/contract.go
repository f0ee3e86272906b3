// Package contract replays recorded exchanges against the program and
// compares the answers. An exchange file reads like the API's own manual:
//
//	# A final sell takes goods out of stock.
//	POST /connector/api/sell
//	As: cashier
//	{"sells": [...]}
//
//	200
//	{"data": [...]}
//
// Blocks are separated by blank lines: a request, then its answer. Header
// lines may follow the request line; "As: name" sends the credential of that
// name, "As: nobody" none. A multipart body is written "key=value" a line, a
// file "key=@name.png". Values that the server makes up are captured by
// name, {{id1}}, on first sight and must be the same afterwards. A line
// "Keep: flour=items.0.id" names one itself: {{flour}}.
// "go test -update" rewrites the answers: read what it wrote before you keep
// it.
package contract

import (
	"bytes"
	"encoding/json"
	"flag"
	"fmt"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strconv"
	"strings"
	"testing"
)

var update = flag.Bool("update", false, "rewrite the expected answers")

// Server is the program under test.
type Server struct {
	Handler http.Handler
	// As holds the headers that each named caller sends. "" is the default.
	As map[string]http.Header
	// Vars are replaced in requests: {{name}}.
	Vars map[string]string
	// Seen, if set, is told of every exchange, for checks across them all.
	Seen func(t *testing.T, r *http.Request, body []byte, w *httptest.ResponseRecorder)
}

// madeUp finds values that a server makes up: UUIDs, long random tokens.
var madeUp = regexp.MustCompile(`[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}` +
	`|\bsh[a-z]_[0-9]+_[A-Za-z0-9_-]{4,}|\beyJ[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+\.[A-Za-z0-9_-]+|\b[0-9a-f]{32,64}\b|"[A-Za-z0-9_-]{43}"|\borg/[0-9]+/[A-Za-z0-9_-]{20,}`)

// Replay runs every exchange file that glob matches, each against a server of
// its own. It returns the requests seen, "METHOD /path", for Covers.
func Replay(t *testing.T, glob string, newServer func(*testing.T) Server) []string {
	t.Helper()
	files, err := filepath.Glob(glob)
	if err != nil || len(files) == 0 {
		t.Fatalf("no exchanges match %s (%v)", glob, err)
	}
	var seen []string
	for _, file := range files {
		t.Run(strings.TrimSuffix(filepath.Base(file), ".txt"), func(t *testing.T) {
			seen = append(seen, replay(t, file, newServer(t))...)
		})
	}
	return seen
}

func replay(t *testing.T, file string, s Server) (seen []string) {
	text, err := os.ReadFile(file)
	if err != nil {
		t.Fatal(err)
	}
	blocks := strings.Split(strings.TrimSpace(strings.ReplaceAll(string(text), "\r\n", "\n")), "\n\n")
	names := map[string]string{} // made-up value → {{idN}}
	for name, v := range s.Vars {
		if madeUp.FindString(v) == v && v != "" {
			names[v] = "{{" + name + "}}"
		}
	}
	var out []string
	for i := 0; i < len(blocks); i++ {
		req, comment := blocks[i], ""
		for strings.HasPrefix(req, "#") {
			line, rest, _ := strings.Cut(req, "\n")
			comment, req = comment+line+"\n", rest
		}
		if req == "" { // a comment that stands alone
			out = append(out, strings.TrimSuffix(comment, "\n"))
			continue
		}
		line, got := s.exchange(t, filepath.Dir(file), req, names)
		seen = append(seen, line)
		want := ""
		if i+1 < len(blocks) && answerRE.MatchString(blocks[i+1]) {
			want = blocks[i+1]
			i++
		}
		if got != want && !*update {
			t.Errorf("%s: %s\n got: %s\nwant: %s", file, strings.SplitN(req, "\n", 2)[0], got, want)
		}
		out = append(out, comment+req, got)
	}
	if *update {
		if err := os.WriteFile(file, []byte(strings.Join(out, "\n\n")+"\n"), 0o644); err != nil {
			t.Fatal(err)
		}
	}
	return seen
}

var (
	answerRE = regexp.MustCompile(`^[1-5][0-9][0-9](\n|$)`)
	headerRE = regexp.MustCompile(`^([A-Z][A-Za-z0-9-]*): (.*)$`)
)

func (s Server) exchange(t *testing.T, dir, text string, names map[string]string) (line, answer string) {
	t.Helper()
	for v, name := range names {
		text = strings.ReplaceAll(text, name, v)
	}
	for name, v := range s.Vars {
		text = strings.ReplaceAll(text, "{{"+name+"}}", v)
	}
	line, rest, _ := strings.Cut(text, "\n")
	method, target, _ := strings.Cut(line, " ")
	as, keep, header := "", []string{}, http.Header{}
	for rest != "" {
		l, more, _ := strings.Cut(rest, "\n")
		m := headerRE.FindStringSubmatch(l)
		if m == nil {
			break
		}
		switch m[1] {
		case "As":
			as = m[2]
		case "Keep":
			keep = append(keep, m[2])
		default:
			header.Set(m[1], m[2])
		}
		rest = more
	}
	body := []byte(rest)
	if strings.HasPrefix(header.Get("Content-Type"), "multipart/form-data") {
		var kind string
		body, kind = form(t, dir, rest)
		header.Set("Content-Type", kind)
	}
	r := httptest.NewRequest(method, strings.ReplaceAll(target, " ", "%20"), bytes.NewReader(body))
	if as != "nobody" {
		caller, ok := s.As[as]
		if !ok && as != "" {
			t.Fatalf("nobody is called %q", as)
		}
		for k, v := range caller {
			r.Header[k] = v
		}
	}
	for k, v := range header {
		r.Header[k] = v
	}
	if len(body) > 0 && r.Header.Get("Content-Type") == "" {
		r.Header.Set("Content-Type", "application/json")
	}
	w := httptest.NewRecorder()
	s.Handler.ServeHTTP(w, r)
	if s.Seen != nil {
		s.Seen(t, r, body, w)
	}
	for _, k := range keep {
		name, at, _ := strings.Cut(k, "=")
		v := find(w.Body.Bytes(), at)
		if v == "" {
			t.Errorf("%s: there is no %s to keep", line, at)
			continue
		}
		names[v] = "{{" + name + "}}"
	}
	path, _, _ := strings.Cut(target, "?")
	return method + " " + path, render(w, names)
}

// find returns the text at a path, "items.0.id", of a JSON answer.
func find(body []byte, path string) string {
	var v any
	if json.Unmarshal(body, &v) != nil {
		return ""
	}
	for _, p := range strings.Split(path, ".") {
		switch x := v.(type) {
		case map[string]any:
			v = x[p]
		case []any:
			i, err := strconv.Atoi(p)
			if err != nil || i < 0 || i >= len(x) {
				return ""
			}
			v = x[i]
		default:
			return ""
		}
	}
	s, _ := v.(string)
	return s
}

func render(w *httptest.ResponseRecorder, names map[string]string) string {
	var pretty bytes.Buffer
	if json.Indent(&pretty, bytes.TrimSpace(w.Body.Bytes()), "", "  ") != nil {
		pretty.Reset()
		if kind := w.Header().Get("Content-Type"); strings.HasPrefix(kind, "text/") || kind == "" {
			pretty.Write(w.Body.Bytes())
		} else {
			fmt.Fprintf(&pretty, "<%s>", kind)
		}
	}
	text := strings.TrimSpace(regexp.MustCompile(`\n\n+`).ReplaceAllString(pretty.String(), "\n"))
	text = madeUp.ReplaceAllStringFunc(text, func(v string) string {
		if names[v] == "" {
			names[v] = fmt.Sprintf("{{id%d}}", len(names)+1)
		}
		return names[v]
	})
	return strings.TrimSpace(fmt.Sprintf("%d\n%s", w.Code, text))
}

func form(t *testing.T, dir, text string) ([]byte, string) {
	t.Helper()
	var b bytes.Buffer
	m := multipart.NewWriter(&b)
	for _, l := range strings.Split(strings.TrimSpace(text), "\n") {
		k, v, _ := strings.Cut(l, "=")
		if name, ok := strings.CutPrefix(v, "@"); ok {
			data, err := os.ReadFile(filepath.Join(dir, name))
			if err != nil {
				t.Fatal(err)
			}
			p, err := m.CreateFormFile(k, name)
			if err != nil {
				t.Fatal(err)
			}
			_, _ = p.Write(data)
			continue
		}
		_ = m.WriteField(k, v)
	}
	_ = m.Close()
	return b.Bytes(), m.FormDataContentType()
}

// Covers fails the test for every route ("METHOD /path/{id}") without an
// exchange among the requests seen.
func Covers(t *testing.T, routes, seen []string) {
	t.Helper()
	for _, route := range routes {
		re := regexp.MustCompile("^" + regexp.MustCompile(`\\\{\w+\\\}`).ReplaceAllString(regexp.QuoteMeta(route), `[^/]+`) + "$")
		if !slices.ContainsFunc(seen, re.MatchString) {
			t.Errorf("no exchange shows %s", route)
		}
	}
}

// Requests returns the requests that exchange files show, "METHOD /path",
// without replaying them.
func Requests(t *testing.T, globs ...string) (seen []string) {
	t.Helper()
	for _, glob := range globs {
		files, err := filepath.Glob(glob)
		if err != nil || len(files) == 0 {
			t.Fatalf("no exchanges match %s (%v)", glob, err)
		}
		for _, file := range files {
			text, err := os.ReadFile(file)
			if err != nil {
				t.Fatal(err)
			}
			for _, m := range requestRE.FindAllStringSubmatch(string(text), -1) {
				path, _, _ := strings.Cut(m[2], "?")
				seen = append(seen, m[1]+" "+path)
			}
		}
	}
	return seen
}

var requestRE = regexp.MustCompile(`(?m)^(GET|POST|PUT|PATCH|DELETE) (/\S*)`)
