package connect

import (
	"crypto/aes"
	"crypto/cipher"
	"crypto/hkdf"
	"crypto/rand"
	"crypto/sha256"
	"encoding/base64"
	"errors"
	"strings"

	"storehouse/base/fault"
)

// Box seals other people's credentials, so that a copy of the database does
// not give them away. The key is a setting of the program; a nil Box, of a
// program without one, refuses to seal.
type Box struct{ aead cipher.AEAD }

// NewBox makes a box from a key of at least 16 characters; an empty key gives
// nil.
func NewBox(key string) (*Box, error) {
	if key == "" {
		return nil, nil
	}
	if len(key) < 16 {
		return nil, errors.New("the secret key must have at least 16 characters")
	}
	k, err := hkdf.Key(sha256.New, []byte(key), nil, "storehouse credentials", 32)
	if err != nil {
		return nil, err
	}
	block, err := aes.NewCipher(k)
	if err != nil {
		return nil, err
	}
	aead, err := cipher.NewGCM(block)
	if err != nil {
		return nil, err
	}
	return &Box{aead}, nil
}

const sealed = "sealed:"

// ErrNoKey is what sealing answers without a key.
var ErrNoKey = fault.New(fault.Forbidden, "this server has no secret key (STOREHOUSE_SECRET_KEY), so it keeps no credentials of other services")

// Seal encrypts a text. label says whose it is: a sealed text opens under its
// own label only.
func (b *Box) Seal(label, plain string) (string, error) {
	if b == nil {
		return "", ErrNoKey
	}
	nonce := make([]byte, b.aead.NonceSize())
	_, _ = rand.Read(nonce)
	return sealed + base64.RawStdEncoding.EncodeToString(b.aead.Seal(nonce, nonce, []byte(plain), []byte(label))), nil
}

// Open decrypts a sealed text.
func (b *Box) Open(label, text string) (string, error) {
	if b == nil {
		return "", ErrNoKey
	}
	raw, err := base64.RawStdEncoding.DecodeString(strings.TrimPrefix(text, sealed))
	if err != nil || !strings.HasPrefix(text, sealed) || len(raw) < b.aead.NonceSize() {
		return "", errors.New("connect: not a sealed text")
	}
	n := b.aead.NonceSize()
	plain, err := b.aead.Open(nil, raw[:n], raw[n:], []byte(label))
	if err != nil {
		return "", errors.New("connect: the secret key does not open this text")
	}
	return string(plain), nil
}
