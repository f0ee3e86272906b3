package web

import (
	"context"
	"crypto/rand"
	"encoding/hex"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"net/http"
	"reflect"
	"strconv"
	"sync"
	"time"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/org"
	"storehouse/face/wire"
)

// serve answers one request of a route: the body is read (limited) and the
// caller known before the transaction opens, so that a slow client never
// holds it; the answer is encoded after the commit.
func (f *Face) serve(w http.ResponseWriter, r *http.Request, d *db.DB, rt *Route) {
	c := &Call{DB: d, R: r, face: f, route: rt, w: w}
	out, err := c.answer(r.Context())
	if err != nil {
		if rt.fault != nil {
			own := *f
			own.Fault = rt.fault
			f = &own
		}
		f.fail(w, r, err)
		return
	}
	if out != streamed {
		f.send(w, r, rt.Status, out)
	}
}

// streamed marks an answer that has been written already.
var streamed any = new(int)

func (c *Call) answer(ctx context.Context) (any, error) {
	if c.route.Role > org.Public {
		actor, err := c.face.Auth(c)
		if err != nil {
			return nil, err
		}
		if actor.Role < c.route.Role {
			return nil, fault.New(fault.Forbidden, "this needs the role %s", c.route.Role)
		}
		c.Actor = actor
	}
	if _, err := c.Body(); err != nil {
		return nil, err
	}
	switch c.route.mode {
	case read:
		if err := c.unseal(); err != nil {
			return nil, err
		}
		return c.view(ctx)
	case write:
		_, _ = c.load() // while nobody waits for us; who needs it sees the error
		return c.update(ctx, c.route.do)
	}
	return c.route.do(c)
}

// Commit runs do in a write transaction of the caller's organization, as
// Write does with a handler, idempotency key and all. It is for Plain routes
// that have slow work to do before: a password to hash, a file to store. do
// may run more than once.
func (c *Call) Commit(do func(*Call) (any, error)) (any, error) { return c.update(c.R.Context(), do) }

func (c *Call) view(ctx context.Context) (out any, err error) {
	err = c.DB.View(ctx, c.Actor.Org, func(tx *db.Tx) error {
		c.Tx = tx
		tx.Actor = c.Actor.User
		if out, err = c.route.do(c); err != nil {
			return err
		}
		switch s := out.(type) {
		case Stream:
			out = streamed
			return c.stream(s)
		case Sealable:
			out = s.Sealed(c.Seal)
		}
		return nil
	})
	return out, err
}

// streamTime is how long a client may take to read one streamed answer.
const streamTime = 2 * time.Minute

func (c *Call) stream(s Stream) error {
	_ = http.NewResponseController(c.w).SetWriteDeadline(time.Now().Add(streamTime))
	if s.Type == "" {
		s.Type = "application/json"
	}
	c.w.Header().Set("Content-Type", s.Type)
	c.w.WriteHeader(http.StatusOK)
	if err := s.Write(c.w); err != nil {
		// The status is out; a cut connection is the only way left to say so.
		slog.ErrorContext(c.R.Context(), "stream", "path", logPath(c.R), "err", err)
		panic(http.ErrAbortHandler)
	}
	return nil
}

// maxKey is the longest Idempotency-Key.
const maxKey = 255

func (c *Call) update(ctx context.Context, do func(*Call) (any, error)) (out any, err error) {
	key := c.R.Header.Get("Idempotency-Key")
	if key == "" {
		err = c.DB.Update(ctx, c.Actor.Org, func(tx *db.Tx) error {
			c.Tx = tx
			tx.Actor = c.Actor.User
			if out, err = do(c); err != nil {
				return err
			}
			if u, ok := out.(Undo); ok {
				out = u.Body
				return db.ErrRollback
			}
			return nil
		})
		return out, err
	}
	if len(key) > maxKey {
		return nil, fault.Field("Idempotency-Key", "must be at most %d characters", maxKey)
	}
	flight := fmt.Sprintf("%d/%s/%d/%s", c.Actor.Org, c.face.Name, c.Actor.User, key)
	if _, busy := inFlight.LoadOrStore(flight, true); busy {
		return nil, errInFlight
	}
	defer inFlight.Delete(flight)
	err = c.DB.Update(ctx, c.Actor.Org, func(tx *db.Tx) error {
		c.Tx = tx
		tx.Actor = c.Actor.User
		out, err = c.once(key, do)
		return err
	})
	return out, err
}

// inFlight holds the idempotency keys that this process is working on.
var inFlight sync.Map

var errInFlight = fault.New(fault.Conflict, "a request with this Idempotency-Key is still in flight")

// rooms is how long answers of a type were, so that the next need not grow;
// maxRoom is the most that is taken in advance.
var rooms sync.Map // reflect.Type → int

const maxRoom = 1 << 20

// encode spells an answer as JSON.
func encode(status int, out any) (int, []byte, error) {
	if r, ok := out.(Reply); ok {
		status, out = r.Status, r.Body
	}
	if r, ok := out.(Raw); ok {
		if r.Status == 0 {
			r.Status = http.StatusOK
		}
		return r.Status, r.Body, nil
	}
	kind := reflect.TypeOf(out)
	room := 512
	if n, ok := rooms.Load(kind); ok {
		room = n.(int)
	}
	body, err := wire.Append(make([]byte, 0, room), out)
	if err != nil {
		return 0, nil, fmt.Errorf("encode the answer: %w", err)
	}
	if n := len(body); n > room || n < room/4 { // the next one of its kind is probably about as long
		rooms.Store(kind, min(n+n/8, maxRoom))
	}
	return status, body, nil
}

func (f *Face) send(w http.ResponseWriter, r *http.Request, status int, out any) {
	if s, ok := out.(Stream); ok { // of a Plain route: no transaction to keep open
		c := &Call{R: r, w: w}
		_ = c.stream(s)
		return
	}
	status, body, err := encode(status, out)
	if err != nil {
		f.fail(w, r, err)
		return
	}
	kind := "application/json"
	if raw, ok := out.(Raw); ok {
		for k, v := range raw.Header {
			w.Header()[k] = v
		}
		if raw.Type != "" {
			kind = raw.Type
		}
	}
	w.Header().Set("Content-Type", kind)
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(status)
	_, _ = w.Write(body)
}

func (f *Face) fail(w http.ResponseWriter, r *http.Request, err error) {
	flt := fault.Of(err)
	if flt.Kind == fault.Internal && !errors.Is(err, context.Canceled) {
		slog.ErrorContext(r.Context(), "request failed", "request", RequestID(r.Context()), "face", f.Name, "method", r.Method, "path", logPath(r), "err", err)
	}
	a := f.Fault(flt)
	for k, v := range a.Header {
		w.Header()[k] = v
	}
	if flt.Kind == fault.TooMany && w.Header().Get("Retry-After") == "" {
		wait, _ := flt.Details["retryAfter"].(int64)
		w.Header().Set("Retry-After", strconv.FormatInt(max(wait, 1), 10))
	}
	_, body, encErr := encode(a.Status, a.Body)
	if encErr != nil {
		body = []byte(`{}`)
	}
	if a.Header.Get("Content-Type") == "" {
		w.Header().Set("Content-Type", "application/json")
	}
	w.Header().Set("Content-Length", strconv.Itoa(len(body)))
	w.WriteHeader(a.Status)
	_, _ = w.Write(body)
}

type requestIDKey struct{}

// RequestID returns the id of the request that a context belongs to.
func RequestID(ctx context.Context) string {
	s, _ := ctx.Value(requestIDKey{}).(string)
	return s
}

func withRequestID(w http.ResponseWriter, r *http.Request) *http.Request {
	id := r.Header.Get("X-Request-Id")
	if len(id) == 0 || len(id) > 64 || !printable(id) {
		var b [8]byte
		_, _ = rand.Read(b[:])
		id = hex.EncodeToString(b[:])
	}
	w.Header().Set("X-Request-Id", id)
	return r.WithContext(context.WithValue(r.Context(), requestIDKey{}, id))
}

func printable(s string) bool {
	for i := range len(s) {
		if s[i] <= ' ' || s[i] > '~' {
			return false
		}
	}
	return true
}

// discard reads the rest of a small body, so that the connection can be used
// again after a refusal.
func discard(r *http.Request) { _, _ = io.CopyN(io.Discard, r.Body, 64<<10) }

// SweepKeys forgets the answers of tx's organization to idempotency keys that
// came before an instant.
func SweepKeys(tx *db.Tx, before time.Time) error {
	_, err := tx.Exec(`DELETE FROM idempotency WHERE org_id = ? AND created_at < ?`, tx.Org, before)
	return err
}
