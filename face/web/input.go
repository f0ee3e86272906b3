package web

import (
	"bytes"
	"encoding/json"
	"errors"
	"io"
	"maps"
	"mime"
	"mime/multipart"
	"net/http"
	"net/url"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"storehouse/base/fault"
	"storehouse/face/wire"
)

// input is what a request brought, whatever its encoding.
type input struct {
	query map[string]any // PHP-style keys unfolded
	body  any            // usually map[string]any
	form  bool           // the body's values are texts
}

const (
	defaultMaxBody = 8 << 20
	maxDepth       = 64
	maxFormFields  = 200_000
)

// Body returns the raw body, read once and limited.
func (c *Call) Body() ([]byte, error) {
	if c.got {
		return c.body, nil
	}
	limit := int64(defaultMaxBody)
	if c.face != nil && c.face.MaxBody > 0 {
		limit = c.face.MaxBody
	}
	if c.route != nil && c.route.MaxBody > 0 {
		limit = c.route.MaxBody
	}
	if c.R.ContentLength > limit {
		drain(c.w, c.R)
		return nil, tooLarge(limit)
	}
	b, err := io.ReadAll(io.LimitReader(c.R.Body, limit+1))
	if err != nil {
		return nil, fault.New(fault.Invalid, "the request body could not be read")
	}
	if int64(len(b)) > limit {
		drain(c.w, c.R)
		return nil, tooLarge(limit)
	}
	c.body, c.got = b, true
	return b, nil
}

// What is read of a body that is refused for its size, at the most: a client
// that is still sending would see a broken connection instead of the answer.
const (
	drainBytes = 64 << 20
	drainTime  = 10 * time.Second
)

func drain(w http.ResponseWriter, r *http.Request) {
	_ = http.NewResponseController(w).SetReadDeadline(time.Now().Add(drainTime))
	_, _ = io.CopyN(io.Discard, r.Body, drainBytes)
}

func tooLarge(limit int64) error {
	return fault.New(fault.TooLarge, "the request body is larger than %d bytes", limit)
}

// Input returns the request's query and body as trees.
func (c *Call) load() (*input, error) {
	if c.input != nil {
		return c.input, nil
	}
	in := &input{}
	q, err := url.ParseQuery(c.R.URL.RawQuery)
	if err != nil {
		q = lenientQuery(c.R.URL.RawQuery)
	}
	if in.query, err = unfold(q); err != nil {
		return nil, err
	}
	body, err := c.Body()
	if err != nil {
		return nil, err
	}
	if in.body, in.form, err = parseBody(c.R.Header.Get("Content-Type"), body); err != nil {
		return nil, err
	}
	if err := checkTree(in.query, 0); err != nil {
		return nil, err
	}
	if err := checkTree(c.apart(in.body), 0); err != nil {
		return nil, err
	}
	c.input = in
	return in, nil
}

// Load reads the query and the body as far as needed to know whether they can
// be read at all, for routes whose credential comes in the message.
func (c *Call) Load() error {
	_, err := c.load()
	return err
}

// apart is a body without the rows of a bulk import, which are checked each by
// itself: one at fault does not stop the others.
func (c *Call) apart(body any) any {
	if c.route == nil || c.route.in == nil {
		return body
	}
	rows := planOf(c.route.in).rows
	m, ok := body.(map[string]any)
	if !ok || rows == "" {
		return body
	}
	m = maps.Clone(m)
	delete(m, rows)
	return m
}

// Param returns a text of the query or the body, for credentials that come in
// the message. It is "" where there is none.
func (c *Call) Param(name string) string {
	in, err := c.load()
	if err != nil {
		return ""
	}
	if m, ok := in.body.(map[string]any); ok {
		if s, ok := m[name].(string); ok {
			return s
		}
		if n, ok := m[name].(json.Number); ok {
			return n.String()
		}
	}
	s, _ := in.query[name].(string)
	return s
}

// lenientQuery reads a query with broken escapes as far as it can: clients in
// the field send values unescaped.
func lenientQuery(raw string) url.Values {
	v := url.Values{}
	for _, pair := range strings.Split(raw, "&") {
		k, val, _ := strings.Cut(pair, "=")
		if u, err := url.QueryUnescape(k); err == nil {
			k = u
		}
		if u, err := url.QueryUnescape(val); err == nil {
			val = u
		}
		if k != "" {
			v[k] = append(v[k], val)
		}
	}
	return v
}

func parseBody(contentType string, body []byte) (tree any, form bool, err error) {
	trimmed := bytes.TrimSpace(bytes.TrimPrefix(body, []byte("\xef\xbb\xbf")))
	if len(trimmed) == 0 {
		return map[string]any{}, false, nil
	}
	media, params, _ := mime.ParseMediaType(contentType)
	switch {
	case media == "multipart/form-data":
		tree, err := parseMultipart(params["boundary"], body)
		return tree, true, err
	case media == "application/x-www-form-urlencoded" && trimmed[0] != '{' && trimmed[0] != '[':
		if !utf8.Valid(body) {
			return nil, false, errUTF8
		}
		q, err := url.ParseQuery(string(trimmed))
		if err != nil {
			q = lenientQuery(string(trimmed))
		}
		m, err := unfold(q)
		return m, true, err
	}
	if !utf8.Valid(trimmed) {
		return nil, false, errUTF8
	}
	d := json.NewDecoder(bytes.NewReader(trimmed))
	d.UseNumber()
	if err := d.Decode(&tree); err != nil {
		return nil, false, fault.New(fault.Invalid, "the body is not valid JSON")
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return nil, false, fault.New(fault.Invalid, "the body is not one JSON value")
	}
	return tree, false, nil
}

var errUTF8 = fault.New(fault.Invalid, "the body is not valid UTF-8")

func parseMultipart(boundary string, body []byte) (map[string]any, error) {
	bad := fault.New(fault.Invalid, "the multipart body is broken")
	if boundary == "" {
		return nil, bad
	}
	q := url.Values{}
	files := map[string][]*wire.File{}
	r := multipart.NewReader(bytes.NewReader(body), boundary)
	for n := 0; ; n++ {
		p, err := r.NextPart()
		if errors.Is(err, io.EOF) && n > 0 {
			break
		}
		if err != nil || n > maxFormFields {
			return nil, bad
		}
		data, err := io.ReadAll(p) // the body is limited already
		if err != nil {
			return nil, bad
		}
		if p.FileName() != "" || p.Header.Get("Content-Type") == "application/octet-stream" {
			files[p.FormName()] = append(files[p.FormName()], &wire.File{Name: p.FileName(), Type: p.Header.Get("Content-Type"), Data: data})
			continue
		}
		if !utf8.Valid(data) {
			return nil, errUTF8
		}
		q.Add(p.FormName(), string(data))
	}
	tree, err := unfold(q)
	if err != nil {
		return nil, err
	}
	for name, list := range files {
		for _, f := range list {
			if !utf8.ValidString(f.Name) {
				return nil, errUTF8
			}
			if err := put(tree, name, f); err != nil {
				return nil, err
			}
		}
	}
	return tree, nil
}

// unfold turns PHP's keys into a tree: products[0][quantity]=2, ids[]=1&ids[]=2.
// A plain key that comes twice keeps its last value, as in PHP.
func unfold(q url.Values) (map[string]any, error) {
	root := map[string]any{}
	n := 0
	for key, list := range q {
		if n += len(list); n > maxFormFields {
			return nil, fault.New(fault.TooLarge, "too many fields")
		}
		for _, v := range list {
			if err := put(root, key, v); err != nil {
				return nil, err
			}
		}
	}
	return listify(root).(map[string]any), nil
}

func put(root map[string]any, key string, v any) error {
	name, rest, ok := strings.Cut(key, "[")
	if !ok || !strings.HasSuffix(rest, "]") || name == "" {
		root[key] = v
		return nil
	}
	parts := strings.Split(strings.TrimSuffix(rest, "]"), "][")
	if len(parts) > maxDepth {
		return fault.New(fault.Invalid, "the input is nested too deeply")
	}
	m := root
	at := name
	for _, p := range parts {
		child, ok := m[at].(map[string]any)
		if !ok {
			child = map[string]any{}
			m[at] = child
		}
		if p == "" {
			p = strconv.Itoa(len(child))
		}
		m, at = child, p
	}
	m[at] = v
	return nil
}

// listify turns maps with the keys 0, 1, 2 … into lists. The root stays a map.
func listify(v any) any {
	m, ok := v.(map[string]any)
	if !ok {
		return v
	}
	for k, child := range m {
		sub, ok := listify(child).(map[string]any)
		if !ok {
			continue
		}
		m[k] = sub
		if list, ok := asList(sub); ok {
			m[k] = list
		}
	}
	return m
}

func asList(m map[string]any) ([]any, bool) {
	if len(m) == 0 {
		return nil, false
	}
	list := make([]any, len(m))
	for k, v := range m {
		i, err := strconv.Atoi(k)
		if err != nil || i < 0 || i >= len(m) || list[i] != nil || strconv.Itoa(i) != k {
			return nil, false
		}
		list[i] = v
	}
	return list, true
}

// checkTree refuses what no field may hold: NUL characters, bad UTF-8 from
// escapes, and bottomless nesting.
func checkTree(v any, depth int) error {
	if depth > maxDepth {
		return fault.New(fault.Invalid, "the input is nested too deeply")
	}
	switch x := v.(type) {
	case string:
		if strings.IndexByte(x, 0) >= 0 {
			return fault.Field("", "must not contain a NUL character")
		}
		if !utf8.ValidString(x) {
			return fault.Field("", "is not valid UTF-8")
		}
	case []any:
		for i, e := range x {
			if err := checkTree(e, depth+1); err != nil {
				return fault.Under(strconv.Itoa(i), err)
			}
		}
	case map[string]any:
		for k, e := range x {
			if !utf8.ValidString(k) {
				return fault.New(fault.Invalid, "a field's name is not valid UTF-8")
			}
			if err := checkTree(e, depth+1); err != nil {
				return fault.Under(k, err)
			}
		}
	}
	return nil
}
