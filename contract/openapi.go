package contract

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"net/http/httptest"
	"slices"
	"strings"
	"sync"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"
	"github.com/pb33f/libopenapi-validator/config"
	"github.com/pb33f/libopenapi-validator/errors"
)

// Document is the OpenAPI document of an API.
type Document struct {
	Name string // unique among the documents of a test's program
	// Serves reports whether a request belongs to an operation of the document.
	Serves func(method, path string) bool
	JSON   func() ([]byte, error)
	// Requests says that requests which are carried out are held against the
	// document too. An API whose clients send what no document says does not.
	Requests bool
}

// Valid fails the test where one of two independent readers finds a document
// at fault.
func Valid(t *testing.T, d Document) {
	t.Helper()
	text, err := d.JSON()
	if err != nil {
		t.Fatal(err)
	}
	loader := openapi3.NewLoader()
	doc, err := loader.LoadFromData(text)
	if err != nil {
		t.Fatalf("%s: %v", d.Name, err)
	}
	if err := doc.Validate(context.Background(), openapi3.EnableSchemaPatternValidation()); err != nil {
		t.Errorf("%s: kin-openapi: %v", d.Name, err)
	}
	v, err := d.validator()
	if err != nil {
		t.Fatalf("%s: libopenapi: %v", d.Name, err)
	}
	if _, errs := v.ValidateDocument(); len(errs) > 0 {
		t.Errorf("%s: libopenapi: %s", d.Name, spell(errs))
	}
}

// Answers returns a hook for Server.Seen that holds every answer against the
// document of its API: the status and the type are declared, the body has the
// declared shape and no field that is not declared. Requests of no document's
// operation pass.
func Answers(docs ...Document) func(*testing.T, *http.Request, []byte, *httptest.ResponseRecorder) {
	return func(t *testing.T, r *http.Request, body []byte, w *httptest.ResponseRecorder) {
		t.Helper()
		for _, d := range docs {
			if !d.Serves(r.Method, r.URL.Path) {
				continue
			}
			v, err := d.validator()
			if err != nil {
				t.Fatalf("%s: %v", d.Name, err)
			}
			if errs := flaws(v, r, w); len(errs) > 0 {
				t.Errorf("%s: the answer %d to %s %s is not as its document says: %s\n%.2000s", d.Name, w.Code, r.Method, r.URL, spell(errs), w.Body)
			}
			// A bulk import is carried out with rows that are not: they are shown on purpose.
			if d.Requests && w.Code < 300 && !bytes.Contains(w.Body.Bytes(), []byte(`"status":"error"`)) {
				if errs := asked(v, r, body); len(errs) > 0 {
					t.Errorf("%s: %s %s is carried out, but is not as the document says: %s\n%.2000s", d.Name, r.Method, r.URL, spell(errs), body)
				}
			}
		}
	}
}

func flaws(v validator.Validator, r *http.Request, w *httptest.ResponseRecorder) []*errors.ValidationError {
	answer := &http.Response{StatusCode: w.Code, Header: w.Header(), Body: io.NopCloser(bytes.NewReader(w.Body.Bytes())), Request: r}
	_, errs := v.GetResponseBodyValidator().ValidateResponseBody(r, answer)
	return errs
}

// asked holds a request's parameters and body against its operation.
func asked(v validator.Validator, r *http.Request, body []byte) []*errors.ValidationError {
	again := r.Clone(r.Context())
	query := again.URL.Query()
	for name, values := range query {
		if slices.Equal(values, []string{""}) { // as if it were not there
			query.Del(name)
		}
	}
	again.URL.RawQuery = query.Encode()
	again.Body = io.NopCloser(bytes.NewReader(body))
	_, errs := v.ValidateHttpRequest(again)
	return errs
}

// validators are made once a process: documents come from tables that do not
// change.
var validators sync.Map // name → func() (validator.Validator, error)

func (d Document) validator() (validator.Validator, error) {
	made, _ := validators.LoadOrStore(d.Name, sync.OnceValues(func() (validator.Validator, error) {
		text, err := d.closed()
		if err != nil {
			return nil, err
		}
		doc, err := libopenapi.NewDocument(text)
		if err != nil {
			return nil, err
		}
		v, errs := validator.NewValidator(doc, config.WithFormatAssertions())
		if len(errs) > 0 {
			return nil, errs[0]
		}
		return v, nil
	}))
	return made.(func() (validator.Validator, error))()
}

// closed is the document with every object closed: a field that it does not
// name is an error here, though clients must bear it.
func (d Document) closed() ([]byte, error) {
	text, err := d.JSON()
	if err != nil {
		return nil, err
	}
	var doc any
	if err := json.Unmarshal(text, &doc); err != nil {
		return nil, err
	}
	closeObjects(doc)
	return json.Marshal(doc)
}

func closeObjects(v any) {
	switch x := v.(type) {
	case []any:
		for _, e := range x {
			closeObjects(e)
		}
	case map[string]any:
		_, props := x["properties"].(map[string]any)
		_, open := x["additionalProperties"]
		if props && !open && (x["type"] == "object" || len(x) > 0 && fmt.Sprint(x["type"]) == "[object null]") {
			x["additionalProperties"] = false
		}
		for _, e := range x {
			closeObjects(e)
		}
	}
}

// spell writes what is wrong, a line each.
func spell(errs []*errors.ValidationError) string {
	var b strings.Builder
	for _, e := range errs {
		fmt.Fprintf(&b, "\n%s: %s", e.Message, e.Reason)
		for _, s := range e.SchemaValidationErrors {
			fmt.Fprintf(&b, "\n\t%s: %s", s.FieldPath, s.Reason)
		}
	}
	return b.String()
}
