package web

import (
	"bytes"
	"crypto/aes"
	"crypto/cipher"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"encoding/hex"
	"errors"
	"fmt"
	"mime"
	"net/http"

	"storehouse/base/db"
	"storehouse/base/fault"
)

// A stored answer may bear what is shown once and kept as a hash only: a
// token, an invitation. So the key is stored as a hash, and the answer sealed
// under the key itself, which the client alone knows.

// once answers a request with an idempotency key: the stored answer, or a new
// one stored in the same transaction as its effect.
func (c *Call) once(key string, do func(*Call) (any, error)) (any, error) {
	hash, name := c.bodyHash(), hashed("name", key)
	type stored struct {
		hash, answer string
		status       int64
	}
	old, err := db.One(c.Tx, func(r db.Row, s *stored) error { return r.Scan(&s.hash, &s.status, &s.answer) },
		`SELECT body_hash, status, answer FROM idempotency WHERE org_id = ? AND face = ? AND user_id = ? AND key = ?`,
		c.Org, c.face.Name, c.Actor.User, name)
	switch {
	case err == nil && old.hash != hash:
		return nil, fault.New(fault.Unprocessable, "this Idempotency-Key came with another request before")
	case err == nil:
		body, err := c.open(key, old.answer)
		if err != nil {
			return nil, err
		}
		return Raw{Status: int(old.status), Type: "application/json", Body: body,
			Header: http.Header{"Idempotency-Replayed": {"true"}}}, nil
	case !fault.Is(err, fault.NotFound):
		return nil, err
	}
	out, err := do(c)
	if err != nil {
		return nil, err
	}
	if c.gone {
		return out, nil
	}
	if u, ok := out.(Undo); ok {
		return u.Body, db.ErrRollback // a refusal is not stored: the same key may try again
	}
	status, body, err := encode(c.route.Status, out)
	if err != nil {
		return nil, err
	}
	err = c.Insert("idempotency", "org_id, face, key, user_id, body_hash, status, answer, created_at", [][]any{
		{c.Org, c.face.Name, name, c.Actor.User, hash, int64(status), c.shut(key, body), c.Now}})
	if fault.Is(err, fault.Conflict) {
		return nil, errInFlight // another server was quicker
	}
	return out, err
}

// bodyHash tells one request from another. The boundary of a multipart body
// is made up anew when a client sends the same form again.
func (c *Call) bodyHash() string {
	body := c.body
	if media, params, _ := mime.ParseMediaType(c.R.Header.Get("Content-Type")); media == "multipart/form-data" && params["boundary"] != "" {
		body = bytes.ReplaceAll(body, []byte(params["boundary"]), nil)
	}
	h := sha256.New()
	fmt.Fprintf(h, "%s %s?%s\n", c.R.Method, c.R.URL.Path, c.R.URL.RawQuery)
	h.Write(body)
	return hex.EncodeToString(h.Sum(nil))
}

func hashed(what, key string) string {
	h := sha256.Sum256([]byte(what + "\x00" + key))
	return hex.EncodeToString(h[:])
}

// sealer is the cipher of the answer to a key.
func (c *Call) sealer(key string) cipher.AEAD {
	k := sha256.Sum256(fmt.Appendf(nil, "answer\x00%d\x00%s\x00%d\x00%s", c.Org, c.face.Name, c.Actor.User, key))
	block, err := aes.NewCipher(k[:])
	if err != nil {
		panic(err) // a key of 32 bytes is a key of AES
	}
	gcm, err := cipher.NewGCM(block)
	if err != nil {
		panic(err) // nor is a block of AES too short for GCM
	}
	return gcm
}

func (c *Call) shut(key string, answer []byte) string {
	gcm := c.sealer(key)
	nonce := make([]byte, gcm.NonceSize())
	_, _ = rand.Read(nonce) // never fails
	return base64.RawStdEncoding.EncodeToString(gcm.Seal(nonce, nonce, answer, nil))
}

func (c *Call) open(key, stored string) ([]byte, error) {
	gcm := c.sealer(key)
	b, err := base64.RawStdEncoding.DecodeString(stored)
	if err != nil || len(b) < gcm.NonceSize() {
		return nil, errors.New("a stored answer is broken")
	}
	return gcm.Open(nil, b[:gcm.NonceSize()], b[gcm.NonceSize():], nil)
}
