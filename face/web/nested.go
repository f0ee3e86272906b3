package web

import (
	"encoding/json"
	"errors"
	"io"
	"strings"
)

// Nested reads a form's text that holds a JSON array or object, as clients
// send what they cannot spread over fields. Anything else comes back as it is.
func Nested(raw any) any {
	s, ok := raw.(string)
	if s = strings.TrimSpace(s); !ok || s == "" || s[0] != '[' && s[0] != '{' {
		return raw
	}
	d := json.NewDecoder(strings.NewReader(s))
	d.UseNumber()
	var tree any
	if d.Decode(&tree) != nil || checkTree(tree, 0) != nil {
		return raw
	}
	if _, err := d.Token(); !errors.Is(err, io.EOF) {
		return raw
	}
	return tree
}
