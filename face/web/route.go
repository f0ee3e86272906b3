// Package web is what the faces share: a table of routes in, one transaction
// a request, a value or a fault out. What a value or a fault looks like on
// the wire is the face's business; the same table gives the router, the
// decoding with its field checks, and the face's OpenAPI 3.1 document.
package web

import (
	"io"
	"net/http"
	"reflect"
	"strings"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/org"
)

// Mode says which transaction the kit opens for a route.
type mode int

const (
	plain mode = iota // none: hashing, uploads, streams
	read
	write
)

// Route is one endpoint. Make it with Read, Write or Plain.
type Route struct {
	Method, Path string   // "POST", "/connector/api/sell/{id}"
	Role         org.Role // least role that may call it; org.Public needs no credential
	Permission   string   // in the face's own words, where it has any; Role follows from it
	Title, Tag   string   // as the reference names the operation and its section
	Doc          string   // more, in a sentence
	Status       int      // of success; 200 unless Created
	MaxBody      int64    // bytes; 0 is the face's limit
	Hidden       bool     // an alias that the documents leave out

	fault     func(*fault.Error) Answer // instead of the face's
	faultBody any                       // an example of it
	mode      mode
	in, out   reflect.Type
	do        func(*Call) (any, error)
}

// Opt sets more of a route.
type Opt func(*Route)

// Title names the operation and its section of the reference.
func Title(tag, title string) Opt { return func(r *Route) { r.Tag, r.Title = tag, title } }

// Doc adds a sentence to the operation's documentation.
func Doc(text string) Opt { return func(r *Route) { r.Doc = text } }

// Created makes success a 201.
func Created(r *Route) { r.Status = http.StatusCreated }

// Shape says what a streamed or varying answer looks like, for the documents.
func Shape[Out any]() Opt { return func(r *Route) { r.out = reflect.TypeFor[Out]() } }

// Hidden keeps an alias out of the documents.
func Hidden(r *Route) { r.Hidden = true }

// FaultAs spells this route's faults in an envelope of its own, of which body
// is an example.
func FaultAs(fn func(*fault.Error) Answer, body any) Opt {
	return func(r *Route) { r.fault, r.faultBody = fn, body }
}

// FaultBody documents faults that the handler answers in a shape of its own.
func FaultBody(body any) Opt { return func(r *Route) { r.faultBody = body } }

// Either documents a body of one of two shapes.
type Either[A, B any] struct{}

func (Either[A, B]) shapes() []reflect.Type {
	return []reflect.Type{reflect.TypeFor[A](), reflect.TypeFor[B]()}
}

// MaxBody limits the body to n bytes.
func MaxBody(n int64) Opt { return func(r *Route) { r.MaxBody = n } }

// Input documents an operation whose handler reads its input by hand.
func Input[T any](r *Route) { r.in = reflect.TypeFor[T]() }

// Output documents an operation whose handler answers in more than one shape.
func Output[T any](r *Route) { r.out = reflect.TypeFor[T]() }

// None is the input of an operation that reads nothing.
type None struct{}

// Read is an endpoint whose handler reads in one transaction.
func Read[In, Out any](pattern string, role org.Role, do func(*Call, In) (Out, error), opts ...Opt) Route {
	return route(read, pattern, role, do, opts)
}

// Write is an endpoint whose handler runs in a write transaction, committed
// if it returns no error. It may run more than once (see db.Update).
func Write[In, Out any](pattern string, role org.Role, do func(*Call, In) (Out, error), opts ...Opt) Route {
	return route(write, pattern, role, do, opts)
}

// Plain is an endpoint without a transaction of the kit's: Call.Tx is nil and
// the handler uses Call.DB.
func Plain[In, Out any](pattern string, role org.Role, do func(*Call, In) (Out, error), opts ...Opt) Route {
	return route(plain, pattern, role, do, opts)
}

func route[In, Out any](m mode, pattern string, role org.Role, do func(*Call, In) (Out, error), opts []Opt) Route {
	method, path, ok := strings.Cut(pattern, " ")
	if !ok || !strings.HasPrefix(path, "/") {
		panic("web: a pattern is \"METHOD /path\", not " + pattern)
	}
	r := Route{Method: method, Path: path, Role: role, Status: http.StatusOK, mode: m,
		in: reflect.TypeFor[In](), out: reflect.TypeFor[Out]()}
	planOf(r.in) // a bad input type is found at start
	r.do = func(c *Call) (any, error) {
		var in In
		if err := c.bind(&in); err != nil {
			return nil, err
		}
		out, err := do(c, in)
		if err != nil {
			return nil, err
		}
		return out, nil
	}
	for _, o := range opts {
		o(&r)
	}
	return r
}

// Call is one request being answered.
type Call struct {
	*db.Tx // nil in Plain
	DB     *db.DB
	Actor  org.Actor
	R      *http.Request

	face  *Face
	route *Route
	w     http.ResponseWriter
	body  []byte
	got   bool // the body has been read
	input *input
	gone  bool // see Forget
}

// Forget says that the answer is not to be kept for the request's
// Idempotency-Key: its organization is no more, and with it who could ask.
func (c *Call) Forget() { c.gone = true }

// Raw is an answer that is no JSON: a PDF, a picture, a page, a redirect.
type Raw struct {
	Status int // 0 is 200
	Type   string
	Header http.Header
	Body   []byte
}

// Stream is an answer of unknown length, written while its transaction is
// still open.
type Stream struct {
	Type  string // "" is application/json
	Write func(io.Writer) error
}

// Reply is an answer whose status the handler chooses.
type Reply struct {
	Status int
	Body   any
}

// Undo is an answer that stands although everything the handler wrote is
// rolled back.
type Undo struct{ Body any }

// Answer is what a face makes of a fault.
type Answer struct {
	Status int
	Body   any
	Header http.Header
}

// Header is a request header that a face's document names.
type Header struct {
	Name, Doc string
	Format    string // as in JSON Schema
	MaxLength int    // 0 is none
	Writes    bool   // on all but GET
}

// Face is one API: its routes and its dialect.
type Face struct {
	Name    string // "maker", as in /openapi/maker.json
	Title   string
	Version string
	About   string // Markdown, the head of the documents
	Routes  []Route

	// Auth says who calls. It runs before the handler for every route whose
	// role is not org.Public; it may look at Call.R and Call.Param and use
	// Call.DB.
	Auth func(*Call) (org.Actor, error)
	// Fault spells a fault in the face's envelope.
	Fault func(*fault.Error) Answer
	// FaultBody is an example of the envelope, for the documents, and
	// FaultType its type, application/json unless given. Soft says that faults
	// may come with the status of success.
	FaultBody any
	FaultType string
	Soft      bool
	// Security describes the credentials, as OpenAPI security schemes.
	Security map[string]any
	// Headers are what a request with a credential may bear beside it.
	Headers []Header
	// Merge makes query and body one input, as Laravel does: GET filters may
	// come in a JSON body, POST fields in the query.
	Merge bool
	// SealCursors makes a list's cursors good for that list only: its answers
	// are Sealable, or seal their cursors themselves.
	SealCursors bool
	// MaxBody limits every body, in bytes; 0 is 8 MiB.
	MaxBody int64
	// Prefixes are the paths below which unknown routes answer in this face's
	// envelope; Aliases are path prefixes taken for others ("/public/oauth"
	// for "/oauth").
	Prefixes []string
	Aliases  map[string]string
}
