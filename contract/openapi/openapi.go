// Package openapi checks a face's OpenAPI document: that two independent
// libraries take it for valid, and that what the face answers is what its
// document says.
package openapi

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/getkin/kin-openapi/openapi3"
	"github.com/pb33f/libopenapi"
	validator "github.com/pb33f/libopenapi-validator"

	"storehouse/face/web"
)

// Valid fails the test where a library finds fault with the face's document.
func Valid(t *testing.T, f *web.Face) {
	t.Helper()
	text := document(t, f)
	doc, err := openapi3.NewLoader().LoadFromData(text)
	if err != nil {
		t.Fatalf("kin-openapi: %v", err)
	}
	if err := doc.Validate(context.Background(), openapi3.DisableExamplesValidation()); err != nil {
		t.Errorf("kin-openapi: %v", err)
	}
	v := load(t, text)
	if ok, list := v.ValidateDocument(); !ok {
		for _, e := range list {
			t.Errorf("libopenapi: %s: %s", e.Message, e.Reason)
		}
	}
}

func document(t *testing.T, f *web.Face) []byte {
	t.Helper()
	text, err := json.Marshal(f.OpenAPI())
	if err != nil {
		t.Fatal(err)
	}
	return text
}

func load(t *testing.T, text []byte) validator.Validator {
	t.Helper()
	doc, err := libopenapi.NewDocument(text)
	if err != nil {
		t.Fatalf("libopenapi: %v", err)
	}
	v, errs := validator.NewValidator(doc)
	if len(errs) > 0 {
		t.Fatalf("libopenapi: %v", errs)
	}
	return v
}

// Answers returns a check of exchanges, for contract.Server.Seen: every JSON
// answer of an operation of the face must be as its document says.
func Answers(t *testing.T, f *web.Face) func(*testing.T, *http.Request, []byte, *httptest.ResponseRecorder) {
	t.Helper()
	v := load(t, document(t, f))
	return func(t *testing.T, r *http.Request, body []byte, w *httptest.ResponseRecorder) {
		t.Helper()
		for _, flaw := range flaws(v, r, body, w) {
			t.Errorf("%s %s: the answer is not as documented: %s", r.Method, r.URL.Path, flaw)
		}
	}
}

// flaws lists how an answer differs from its document.
func flaws(v validator.Validator, r *http.Request, body []byte, w *httptest.ResponseRecorder) []string {
	if !strings.HasPrefix(w.Header().Get("Content-Type"), "application/json") {
		return nil
	}
	again := r.Clone(context.Background())
	again.Body = io.NopCloser(bytes.NewReader(body))
	res := w.Result()
	res.Body = io.NopCloser(bytes.NewReader(w.Body.Bytes()))
	ok, errs := v.ValidateHttpResponse(again, res)
	if ok {
		return nil
	}
	var list []string
	for _, e := range errs {
		if e.ValidationType == "path" { // of another face, or of none
			continue
		}
		list = append(list, e.Message+": "+e.Reason)
		for _, s := range e.SchemaValidationErrors {
			list = append(list, s.FieldPath+": "+s.Reason)
		}
	}
	return list
}
