package web

import (
	"log/slog"
	"net/http"
	"runtime/debug"
	"strings"
	"time"

	"github.com/go-chi/chi/v5"
	"github.com/go-chi/chi/v5/middleware"

	"storehouse/base/db"
	"storehouse/base/fault"
)

// Observer is told of every answered request, for metrics: the face's name,
// the route's pattern ("" for none), the status and the time it took.
type Observer func(face, route string, status int, took time.Duration)

// Mux serves the faces. Trailing slashes and doubled slashes are taken away,
// because clients in the field send them.
func Mux(d *db.DB, observe Observer, faces ...*Face) http.Handler {
	r := chi.NewRouter()
	r.Use(middleware.GetHead) // a HEAD is answered as the GET, whose body the server then keeps
	for _, f := range faces {
		for i := range f.Routes {
			rt := &f.Routes[i]
			r.MethodFunc(rt.Method, rt.Path, func(w http.ResponseWriter, req *http.Request) {
				if s, ok := w.(*recorder); ok {
					s.face, s.route, s.path = f.Name, rt.Method+" "+rt.Path, logPath(req)
				}
				f.serve(w, req, d, rt)
			})
		}
	}
	unknown := func(status int, msg string) http.HandlerFunc {
		return func(w http.ResponseWriter, req *http.Request) {
			f := faceOf(faces, req.URL.Path)
			discard(req)
			if f == nil {
				http.Error(w, msg, status)
				return
			}
			f.fail(w, req, &fault.Error{Kind: fault.NotFound, Msg: msg, Details: map[string]any{"route": req.URL.Path}})
		}
	}
	r.NotFound(unknown(http.StatusNotFound, "The route could not be found."))
	r.MethodNotAllowed(unknown(http.StatusMethodNotAllowed, "The route does not take this method."))
	return &mux{r, faces, observe}
}

type mux struct {
	router  chi.Router
	faces   []*Face
	observe Observer
}

func (m *mux) ServeHTTP(w http.ResponseWriter, r *http.Request) {
	start := time.Now()
	r = withRequestID(w, r)
	rec := &recorder{ResponseWriter: w, path: r.URL.Path}
	defer func() {
		if p := recover(); p != nil {
			if p == http.ErrAbortHandler {
				panic(p)
			}
			slog.ErrorContext(r.Context(), "panic", "request", RequestID(r.Context()), "path", rec.path, "panic", p, "stack", string(debug.Stack()))
			if f := faceOf(m.faces, r.URL.Path); f != nil && rec.status == 0 {
				f.fail(rec, r, fault.New(fault.Internal, "internal error"))
			} else if rec.status == 0 {
				http.Error(rec, "internal error", http.StatusInternalServerError)
			}
		}
		took := time.Since(start)
		if m.observe != nil {
			m.observe(rec.face, rec.route, rec.status, took)
		}
		slog.DebugContext(r.Context(), "request", "request", RequestID(r.Context()), "method", r.Method, "path", rec.path, "status", rec.status, "ms", float64(took.Microseconds())/1000)
	}()
	m.router.ServeHTTP(rec, m.tidy(r))
}

// tidy rewrites what clients append or prefix to paths.
func (m *mux) tidy(r *http.Request) *http.Request {
	p := r.URL.Path
	for strings.Contains(p, "//") {
		p = strings.ReplaceAll(p, "//", "/")
	}
	if len(p) > 1 {
		p = strings.TrimRight(p, "/")
	}
	for _, f := range m.faces {
		for from, to := range f.Aliases {
			if rest, ok := strings.CutPrefix(p, from); ok {
				p = to + rest
			}
		}
	}
	if p == r.URL.Path {
		return r
	}
	u := *r.URL
	u.Path, u.RawPath = p, ""
	c := *r
	c.URL = &u
	return &c
}

// faceOf returns the face that a path belongs to: /api/order is the shop's,
// /api/order-statuses is not.
func faceOf(faces []*Face, path string) *Face {
	var best *Face
	length := -1
	for _, f := range faces {
		for _, p := range f.Prefixes {
			if rest, ok := strings.CutPrefix(path, p); ok && len(p) > length && (rest == "" || rest[0] == '/' || strings.HasSuffix(p, "/")) {
				best, length = f, len(p)
			}
		}
	}
	return best
}

// recorder remembers what was answered, for logs and metrics.
type recorder struct {
	http.ResponseWriter
	status            int
	face, route, path string
}

// logPath is a request's path for the log: what a route calls a token or a
// key is left out.
func logPath(r *http.Request) string {
	p := r.URL.Path
	if c := chi.RouteContext(r.Context()); c != nil {
		for i, name := range c.URLParams.Keys {
			if v := c.URLParams.Values[i]; v != "" && (name == "token" || name == "key") {
				p = strings.ReplaceAll(p, v, "***")
			}
		}
	}
	return p
}

func (r *recorder) WriteHeader(status int) {
	if r.status == 0 {
		r.status = status
	}
	r.ResponseWriter.WriteHeader(status)
}

func (r *recorder) Write(b []byte) (int, error) {
	if r.status == 0 {
		r.status = http.StatusOK
	}
	return r.ResponseWriter.Write(b)
}

// Unwrap lets http.ResponseController reach the connection.
func (r *recorder) Unwrap() http.ResponseWriter { return r.ResponseWriter }

// Serves reports whether a request is for an operation that the document
// describes.
func (f *Face) Serves(method, path string) bool {
	found := false
	for i := range f.Routes {
		rt := &f.Routes[i]
		if rt.Method != method || !rt.matches(path) {
			continue
		}
		if rt.Hidden && !strings.Contains(rt.Path, "{") {
			return false
		}
		found = found || !rt.Hidden
	}
	return found
}

// matches reports whether a path is one of the route's.
func (rt *Route) matches(path string) bool {
	for pattern := rt.Path; ; {
		a, restA, moreA := strings.Cut(pattern, "/")
		b, restB, moreB := strings.Cut(path, "/")
		if a != b && (b == "" || !strings.HasPrefix(a, "{")) || moreA != moreB {
			return false
		}
		if !moreA {
			return true
		}
		pattern, path = restA, restB
	}
}
