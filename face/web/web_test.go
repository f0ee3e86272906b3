package web

import (
	"bytes"
	"encoding/json"
	"fmt"
	"io"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strings"
	"sync"
	"testing"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/org"
	"storehouse/face/wire"
)

type echoLine struct {
	SKU string   `json:"sku" required:"true" minLength:"1"`
	Qty wire.Num `json:"quantity" required:"true" exclusiveMinimum:"0"`
}

type echoIn struct {
	ID    int64            `path:"id"`
	Page  int64            `query:"per_page" minimum:"-1" maximum:"3000"`
	Name  string           `json:"name" required:"true" minLength:"1" maxLength:"5"`
	Kind  string           `json:"kind" enum:"a,b"`
	Note  wire.Opt[string] `json:"note" maxLength:"3"`
	On    wire.Bool        `json:"on"`
	Lines []echoLine       `json:"lines" alias:"rows" maxItems:"3"`
	File  *wire.File       `json:"file"`
}

type echoOut struct {
	ID    int64     `json:"id"`
	Page  int64     `json:"page"`
	Name  string    `json:"name"`
	Note  string    `json:"note"`
	On    wire.Bit  `json:"on"`
	Lines []string  `json:"lines"`
	File  string    `json:"file"`
	Total wire.Dec4 `json:"total"`
}

func echo(_ *Call, in echoIn) (echoOut, error) {
	out := echoOut{ID: in.ID, Page: in.Page, Name: in.Name, Note: fmt.Sprintf("%v/%v/%s", in.Note.Set, in.Note.Null, in.Note.V), On: wire.Bit(in.On.V), Lines: []string{}}
	var c dec.Calc
	var sum dec.D
	for _, l := range in.Lines {
		out.Lines = append(out.Lines, l.SKU+"×"+l.Qty.D.String())
		sum = c.Add(sum, l.Qty.D)
	}
	out.Total = wire.Dec4(sum)
	if in.File != nil {
		out.File = in.File.Name + ":" + string(in.File.Data)
	}
	return out, c.Err()
}

func testFace(routes ...Route) *Face {
	return &Face{Name: "test", Title: "Test", Version: "1", Routes: routes, Prefixes: []string{"/t"}, Aliases: map[string]string{"/public/t": "/t"},
		Auth: func(c *Call) (org.Actor, error) {
			switch c.R.Header.Get("Authorization") {
			case "viewer":
				return org.Actor{Org: 1, User: 1, Role: org.Viewer}, nil
			case "member":
				return org.Actor{Org: 1, User: 2, Role: org.Member}, nil
			}
			return org.Actor{}, fault.New(fault.Unauthorized, "who are you")
		},
		Fault: func(f *fault.Error) Answer {
			status := map[fault.Kind]int{fault.Invalid: 400, fault.Unauthorized: 401, fault.Forbidden: 403, fault.NotFound: 404, fault.Conflict: 409,
				fault.TooLarge: 413, fault.Unprocessable: 422, fault.Internal: 500}[f.Kind]
			return Answer{Status: status, Body: map[string]any{"msg": f.Msg, "fields": f.Fields}}
		}}
}

func do(h http.Handler, method, target, contentType, body string, header ...string) *httptest.ResponseRecorder {
	r := httptest.NewRequest(method, target, strings.NewReader(body))
	r.Header.Set("Content-Type", contentType)
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w := httptest.NewRecorder()
	h.ServeHTTP(w, r)
	return w
}

const good = `{"id":7,"page":0,"name":"ab","note":"false/false/","on":1,"lines":["x×2.5","y×1"],"file":"","total":"3.5000"}`

func TestInputsInEveryEncoding(t *testing.T) {
	h := Mux(nil, nil, testFace(Plain("POST /t/{id}", org.Public, echo)))
	for name, c := range map[string]struct{ kind, body string }{
		"json":         {"application/json", `{"name":"ab","on":"1","lines":[{"sku":"x","quantity":"2.5"},{"sku":"y","quantity":1.0}],"unknown":[{}]}`},
		"json as form": {"application/x-www-form-urlencoded", `{"name":"ab","on":true,"rows":[{"sku":"x","quantity":2.5},{"sku":"y","quantity":1}]}`},
		"no type":      {"", `{"name":"ab","on":1,"lines":[{"sku":"x","quantity":25e-1},{"sku":"y","quantity":"1.000000"}]}`},
		"form":         {"application/x-www-form-urlencoded", `name=ab&on=1&lines[0][sku]=x&lines[0][quantity]=2.5&lines[1][sku]=y&lines[1][quantity]=1`},
		"text in form": {"application/x-www-form-urlencoded", `name=ab&on=1&lines=` + url.QueryEscape(` [{"sku":"x","quantity":2.5},{"sku":"y","quantity":"1"}]`)},
		"text in list": {"application/x-www-form-urlencoded", `name=ab&on=1&lines[]=` + url.QueryEscape(`{"sku":"x","quantity":2.5}`) + `&lines[]=` + url.QueryEscape(`{"sku":"y","quantity":1}`)},
	} {
		t.Run(name, func(t *testing.T) {
			w := do(h, "POST", "/t/7", c.kind, c.body)
			if got := w.Body.String(); w.Code != 200 || got != good {
				t.Errorf("%d %s", w.Code, got)
			}
		})
	}
	t.Run("multipart", func(t *testing.T) {
		var b bytes.Buffer
		m := multipart.NewWriter(&b)
		for _, kv := range [][2]string{{"name", "ab"}, {"on", "1"}, {"lines[0][sku]", "x"}, {"lines[0][quantity]", "2.5"}, {"lines[1][sku]", "y"}, {"lines[1][quantity]", "1"}} {
			_ = m.WriteField(kv[0], kv[1])
		}
		p, _ := m.CreateFormFile("file", "../evil.txt")
		_, _ = p.Write([]byte("data"))
		_ = m.Close()
		w := do(h, "POST", "/t/7", m.FormDataContentType(), b.String())
		if want := strings.Replace(good, `"file":""`, `"file":"evil.txt:data"`, 1); w.Body.String() != want {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
	t.Run("alias and slashes", func(t *testing.T) {
		w := do(h, "POST", "/public//t/7/?per_page=-1", "", `{"name":"ab"}`)
		if w.Code != 200 || !strings.Contains(w.Body.String(), `"page":-1`) {
			t.Errorf("%d %s", w.Code, w.Body)
		}
	})
}

func TestThreeStates(t *testing.T) {
	h := Mux(nil, nil, testFace(Plain("POST /t/{id}", org.Public, echo)))
	for body, want := range map[string]string{`{"name":"a"}`: "false/false/", `{"name":"a","note":null}`: "true/true/", `{"name":"a","note":"n"}`: "true/false/n"} {
		if w := do(h, "POST", "/t/7", "", body); !strings.Contains(w.Body.String(), `"note":"`+want+`"`) {
			t.Errorf("%s: %s", body, w.Body)
		}
	}
}

func TestFlawsNameTheirFields(t *testing.T) {
	h := Mux(nil, nil, testFace(Plain("POST /t/{id}", org.Public, echo)))
	for body, want := range map[string]string{
		`{}`:                                 `"name","Msg":"is required"`,
		`{"name":""}`:                        `"name","Msg":"must not be empty"`,
		`{"name":"abcdef"}`:                  `at most 5`,
		`{"name":5}`:                         `"name","Msg":"must be a string"`,
		`{"name":"a","kind":"c"}`:            `one of a, b`,
		`{"name":"a","note":"long"}`:         `"note","Msg":"must be at most 3`,
		`{"name":"a","lines":[{"sku":"x"}]}`: `"lines.0.quantity","Msg":"is required"`,
		`{"name":"a","lines":[{"sku":"x","quantity":0}]}`:                `"lines.0.quantity","Msg":"must be more than 0"`,
		`{"name":"a","lines":[{"sku":"x","quantity":-1}]}`:               `must be more than 0`,
		`{"name":"a","lines":[{"sku":"x","quantity":1e400}]}`:            `is too big`,
		`{"name":"a","lines":[{"sku":"x","quantity":"abc"}]}`:            `is not a number`,
		`{"name":"a","lines":[{"sku":"x","quantity":"NaN"}]}`:            `is not a number`,
		`{"name":"a","lines":[{"sku":"x","quantity":0.1234567}]}`:        `more than 6 decimals`,
		`{"name":"a","lines":[null]}`:                                    `"lines.0","Msg":"must be an object"`,
		`{"name":"a","lines":{"a":1}}`:                                   `must be an array`,
		`{"name":"a\u0000"}`:                                             `NUL`,
		`[1]`:                                                            `must be a JSON object`,
		`{"name":"a"} x`:                                                 `one JSON value`,
		`{"name":`:                                                       `not valid JSON`,
		"{\"name\":\"\xff\"}":                                            `UTF-8`,
		strings.Repeat(`{"name":`, 100) + "1" + strings.Repeat("}", 100): `nested`,
	} {
		w := do(h, "POST", "/t/7", "application/json", body)
		if w.Code != 400 || !strings.Contains(w.Body.String(), want) {
			t.Errorf("%.60s: %d %s, want %s", body, w.Code, w.Body, want)
		}
	}
	if w := do(h, "POST", "/t/7", "multipart/form-data; boundary=x", "--x\r\nbroken"); w.Code != 400 {
		t.Errorf("broken multipart: %d %s", w.Code, w.Body)
	}
	if w := do(h, "POST", "/t/7", "", `{"name":"`+strings.Repeat("a", 9<<20)+`"}`); w.Code != 413 {
		t.Errorf("large body: %d", w.Code)
	}
	if w := do(h, "POST", "/t/nope", "", `{"name":"a"}`); w.Code != 400 {
		t.Errorf("path id: %d %s", w.Code, w.Body)
	}
}

func TestRolesComeFirst(t *testing.T) {
	h := Mux(nil, nil, testFace(Plain("POST /t/{id}", org.Member, echo)))
	for who, want := range map[string]int{"": 401, "viewer": 403, "member": 200} {
		body := `{"name":"a"}`
		if want != 200 {
			body = `{broken`
		}
		if w := do(h, "POST", "/t/7", "", body, "Authorization", who); w.Code != want {
			t.Errorf("%q: %d %s", who, w.Code, w.Body)
		}
	}
	if w := do(h, "GET", "/t/7/unknown", "", ""); w.Code != 404 || !strings.Contains(w.Body.String(), "msg") {
		t.Errorf("unknown route: %d %s", w.Code, w.Body)
	}
}

// TestHeadIsGetWithoutABody asks both over a socket: the headers are the same,
// and where only writes are served a HEAD is none of them.
func TestHeadIsGetWithoutABody(t *testing.T) {
	hello := func(*Call, None) (map[string]string, error) { return map[string]string{"hello": "you"}, nil }
	srv := httptest.NewServer(Mux(nil, nil, testFace(Plain("GET /t/hello", org.Viewer, hello), Plain("POST /t/only", org.Viewer, hello))))
	defer srv.Close()
	ask := func(method, path string) (status int, length string, body string) {
		r, _ := http.NewRequest(method, srv.URL+path, nil)
		r.Header.Set("Authorization", "viewer")
		w, err := srv.Client().Do(r)
		if err != nil {
			t.Fatal(err)
		}
		defer w.Body.Close()
		b, err := io.ReadAll(w.Body)
		if err != nil {
			t.Fatal(err)
		}
		return w.StatusCode, w.Header.Get("Content-Length"), string(b)
	}
	_, length, body := ask("GET", "/t/hello")
	if status, l, b := ask("HEAD", "/t/hello"); status != 200 || l != length || b != "" || body == "" {
		t.Errorf("HEAD: %d, %q bytes, body %q; GET has %q bytes", status, l, b, length)
	}
	if status, _, _ := ask("HEAD", "/t/only"); status != 404 && status != 405 {
		t.Errorf("HEAD of a write: %d", status)
	}
}

func countFace() *Face {
	type in struct {
		Fail bool `json:"fail"`
		Undo bool `json:"undo"`
	}
	return testFace(Write("POST /t/count", org.Member, func(c *Call, in in) (any, error) {
		n, err := c.Number("x")
		if in.Fail {
			return nil, fault.Field("fail", "was asked for")
		}
		out := map[string]int64{"n": n}
		if in.Undo {
			return Undo{out}, err
		}
		return out, err
	}))
}

func TestWritesCommitOrUndo(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := Mux(d, nil, countFace())
		for _, c := range []struct {
			body, want string
			code       int
		}{{`{}`, `{"n":1}`, 200}, {`{"undo":true}`, `{"n":2}`, 200}, {`{"fail":true}`, "", 400}, {`{}`, `{"n":2}`, 200}} {
			w := do(h, "POST", "/t/count", "", c.body, "Authorization", "member")
			if w.Code != c.code || (c.want != "" && w.Body.String() != c.want) {
				t.Errorf("%s: %d %s, want %s", c.body, w.Code, w.Body, c.want)
			}
		}
	})
}

func TestIdempotencyKeys(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		h := Mux(d, nil, countFace())
		call := func(key, body string) (int, string) {
			w := do(h, "POST", "/t/count", "", body, "Authorization", "member", "Idempotency-Key", key)
			return w.Code, w.Body.String()
		}
		for i, c := range []struct {
			key, body, want string
			code            int
		}{{"a", `{}`, `{"n":1}`, 200}, {"a", `{}`, `{"n":1}`, 200}, {"a", `{"x":1}`, "", 422}, {"b", `{}`, `{"n":2}`, 200},
			{"c", `{"fail":true}`, "", 400}, {"c", `{}`, `{"n":3}`, 200}} {
			code, body := call(c.key, c.body)
			if code != c.code || (c.want != "" && body != c.want) {
				t.Errorf("%d: %d %s, want %d %s", i, code, body, c.code, c.want)
			}
		}
		dbtest.See(t, d, func(tx *db.Tx) error {
			return tx.Each(func(r db.Row) error {
				var key, answer string
				err := r.Scan(&key, &answer)
				if len(key) < 32 || strings.Contains(answer, "{") {
					t.Errorf("%q and its answer %q are stored in clear", key, answer)
				}
				return err
			}, `SELECT key, answer FROM idempotency WHERE org_id = ?`, tx.Org)
		})
		// Many at once: one effect; the others get its answer or are told to wait.
		var wg sync.WaitGroup
		start := make(chan struct{})
		for range 16 {
			wg.Go(func() {
				<-start
				if code, body := call("race", `{}`); !(code == 200 && body == `{"n":4}`) && code != 409 {
					t.Errorf("%d %s", code, body)
				}
			})
		}
		close(start)
		wg.Wait()
		if _, body := call("after", `{}`); body != `{"n":5}` {
			t.Errorf("the race had more than one effect: %s", body)
		}
	})
}

func TestOpenAPIDescribesTheTable(t *testing.T) {
	f := testFace(Plain("POST /t/{id}", org.Member, echo, Title("Things", "Make a thing")))
	b, err := json.Marshal(f.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	for _, want := range []string{`"operationId":"makeAThing"`, `"maxLength":5`, `"enum":["a","b"]`, `"required":["name"]`, `"exclusiveMinimum":0`, `"in":"path"`, `"openapi":"3.1.0"`} {
		if !bytes.Contains(b, []byte(want)) {
			t.Errorf("no %s in %s", want, b)
		}
	}
}

func FuzzBody(f *testing.F) {
	f.Add("application/json", []byte(`{"name":"a","lines":[{"sku":"x","quantity":1}]}`))
	f.Add("application/x-www-form-urlencoded", []byte(`name=a&lines[0][sku]=x&lines[][quantity]=%zz&[=&a[b]c]=1`))
	f.Add("multipart/form-data; boundary=x", []byte("--x\r\nContent-Disposition: form-data; name=\"name\"\r\n\r\na\r\n--x--\r\n"))
	h := Mux(nil, nil, testFace(Plain("POST /t/{id}", org.Public, echo)))
	f.Fuzz(func(t *testing.T, kind string, body []byte) {
		w := do(h, "POST", "/t/7", kind, string(body))
		if w.Code != 200 && w.Code != 400 && w.Code != 413 {
			t.Errorf("%d %s", w.Code, w.Body)
		}
		if !json.Valid(w.Body.Bytes()) {
			t.Errorf("not JSON: %s", w.Body)
		}
	})
}

func FuzzCursor(f *testing.F) {
	f.Add(NameCursor("a\x1fb", 7))
	f.Add(TimeCursor(dbtest.Now, 9))
	f.Fuzz(func(t *testing.T, s string) {
		if name, id, err := ParseNameCursor(s); err == nil && s != "" {
			if n, i, err := ParseNameCursor(NameCursor(name, id)); err != nil || n != name || i != id {
				t.Errorf("%q, %d came back as %q, %d, %v", name, id, n, i, err)
			}
		}
		if at, id, err := ParseTimeCursor(s); err == nil && s != "" {
			if a, i, err := ParseTimeCursor(TimeCursor(at, id)); err != nil || !a.Equal(at) || i != id {
				t.Errorf("%v, %d came back as %v, %d, %v", at, id, a, i, err)
			}
		}
	})
}

// A body over the limit is answered, not cut off: the client is still sending.
func TestLargeBodyGetsItsAnswer(t *testing.T) {
	srv := httptest.NewServer(Mux(nil, nil, testFace(Plain("POST /t/{id}", org.Public, echo))))
	defer srv.Close()
	for _, known := range []bool{true, false} {
		var body io.Reader = strings.NewReader(`{"name":"` + strings.Repeat("a", 20<<20) + `"}`)
		if !known {
			body = struct{ io.Reader }{body} // sent in chunks, without a length
		}
		resp, err := http.Post(srv.URL+"/t/7", "application/json", body)
		if err != nil {
			t.Fatalf("length known %v: %v", known, err)
		}
		b, _ := io.ReadAll(resp.Body)
		resp.Body.Close()
		if resp.StatusCode != http.StatusRequestEntityTooLarge || !strings.Contains(string(b), "larger than") {
			t.Errorf("length known %v: %d %s", known, resp.StatusCode, b)
		}
	}
}
