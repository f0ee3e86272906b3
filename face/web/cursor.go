package web

import (
	"encoding/base64"
	"hash/fnv"
	"strconv"
	"strings"
	"time"
	"unicode/utf8"

	"storehouse/base/fault"
)

// Cursor spells where a list's next page begins: the sort key and the id of
// the last row. It is opaque to clients.
func Cursor(parts ...string) string {
	return base64.RawURLEncoding.EncodeToString([]byte("1\x1f" + strings.Join(parts, "\x1f")))
}

// ParseCursor reads a cursor of n parts. "" is the beginning: nil.
func ParseCursor(s string, n int) ([]string, error) {
	if s == "" {
		return nil, nil
	}
	b, err := base64.RawURLEncoding.DecodeString(s)
	if err != nil || len(b) > 4096 {
		return nil, errCursor
	}
	parts := strings.Split(string(b), "\x1f")
	if len(parts) != n+1 || parts[0] != "1" {
		return nil, errCursor
	}
	return parts[1:], nil
}

var errCursor = fault.Field("cursor", "is not one that this server gave")

// Sealable is a page of a list, which bears a cursor: Sealed returns it with
// the cursor that seal makes of it. See Face.SealCursors.
type Sealable interface {
	Sealed(seal func(string) string) any
}

// Seal marks a cursor as this operation's. Marked by another it would begin
// a page at a place that means nothing here.
func (c *Call) Seal(cursor string) string { return c.mark() + cursor }

// markLen is how long a mark is.
const markLen = 4

func (c *Call) mark() string {
	h := fnv.New32a()
	h.Write([]byte(c.route.Path))
	return base64.RawURLEncoding.EncodeToString(h.Sum(nil))[:markLen]
}

// unseal takes the mark from the cursor that a request brought.
func (c *Call) unseal() error {
	if !c.face.SealCursors || !strings.Contains(c.R.URL.RawQuery, "cursor=") {
		return nil
	}
	in, err := c.load()
	if err != nil {
		return err
	}
	sealed, _ := in.query["cursor"].(string)
	if sealed == "" {
		return nil
	}
	cursor, ok := strings.CutPrefix(sealed, c.mark())
	if !ok || cursor == "" {
		return errCursor
	}
	in.query["cursor"] = cursor
	return nil
}

// TimeCursor spells a cursor of a list in the order of time and id.
func TimeCursor(t time.Time, id int64) string {
	return Cursor(strconv.FormatInt(t.UnixMicro(), 10), strconv.FormatInt(id, 10))
}

// ParseTimeCursor reads a TimeCursor; "" gives the zero time and 0.
func ParseTimeCursor(s string) (time.Time, int64, error) {
	p, err := ParseCursor(s, 2)
	if err != nil || p == nil {
		return time.Time{}, 0, err
	}
	us, e1 := strconv.ParseInt(p[0], 10, 64)
	id, e2 := strconv.ParseInt(p[1], 10, 64)
	if e1 != nil || e2 != nil || id < 0 {
		return time.Time{}, 0, errCursor
	}
	return time.UnixMicro(us).UTC(), id, nil
}

// NameCursor spells a cursor of a list in the order of name and id.
func NameCursor(name string, id int64) string { return Cursor(name, strconv.FormatInt(id, 10)) }

// ParseNameCursor reads a NameCursor; "" gives "" and 0.
func ParseNameCursor(s string) (string, int64, error) {
	p, err := ParseCursor(s, 2)
	if err != nil || p == nil {
		return "", 0, err
	}
	id, e := strconv.ParseInt(p[1], 10, 64)
	if e != nil || id < 0 || strings.IndexByte(p[0], 0) >= 0 || !utf8.ValidString(p[0]) {
		return "", 0, errCursor
	}
	return p[0], id, nil
}
