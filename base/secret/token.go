// Package secret makes and checks credentials: opaque tokens, of which only a
// hash is kept, and passwords. Nothing here logs.
package secret

import (
	"crypto/rand"
	"crypto/sha256"
	"crypto/subtle"
	"encoding/base64"
	"encoding/hex"
	"strconv"
	"strings"
)

// Random returns 256 random bits as 43 letters, digits, "-" and "_".
func Random() string {
	b := make([]byte, 32)
	rand.Read(b) // never fails: see crypto/rand
	return base64.RawURLEncoding.EncodeToString(b)
}

// Token returns a new opaque token "<prefix>_<org>_<random>" that says in
// clear which organization it belongs to, so that nothing is searched for
// across organizations. Keep Hash of it, and show it once.
func Token(prefix string, org int64) string {
	return prefix + "_" + strconv.FormatInt(org, 10) + "_" + Random()
}

// Org reads the organization of a token of the given prefix. It says nothing
// of whether the token is good.
func Org(prefix, token string) (int64, bool) {
	rest, ok := strings.CutPrefix(token, prefix+"_")
	if !ok || len(token) > 200 {
		return 0, false
	}
	n, random, ok := strings.Cut(rest, "_")
	if !ok || len(random) < 20 {
		return 0, false
	}
	org, err := strconv.ParseInt(n, 10, 64)
	return org, err == nil && org > 0
}

// Hash returns the SHA-256 of a token as hex: what is stored and looked up.
// It is for random tokens only; passwords need Passwords.
func Hash(token string) string {
	h := sha256.Sum256([]byte(token))
	return hex.EncodeToString(h[:])
}

// Shown returns the beginning of a token, by which its owner recognises it.
func Shown(token string) string {
	parts := strings.SplitN(token, "_", 3)
	last := parts[len(parts)-1]
	return strings.TrimSuffix(token, last) + last[:min(len(last), 4)]
}

// Equal compares two secrets in constant time.
func Equal(a, b string) bool { return subtle.ConstantTimeCompare([]byte(a), []byte(b)) == 1 }
