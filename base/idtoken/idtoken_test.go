package idtoken_test

import (
	"context"
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"sync/atomic"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"storehouse/base/idtoken"
)

var now = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// keyServer publishes a key under the id "k1" and counts how often it is
// asked.
func keyServer(t *testing.T, key *rsa.PrivateKey) (url string, asked *atomic.Int64) {
	asked = new(atomic.Int64)
	b64 := base64.RawURLEncoding.EncodeToString
	s := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		asked.Add(1)
		fmt.Fprintf(w, `{"keys":[{"kty":"RSA","alg":"RS256","use":"sig","kid":"k1","n":%q,"e":%q}]}`,
			b64(key.N.Bytes()), b64(big.NewInt(int64(key.E)).Bytes()))
	}))
	t.Cleanup(s.Close)
	return s.URL, asked
}

func good() jwt.MapClaims {
	return jwt.MapClaims{"iss": "https://securetoken.google.com/demo", "aud": "demo", "sub": "uid1", "iat": now.Add(-time.Minute).Unix(),
		"exp": now.Add(time.Hour).Unix(), "auth_time": now.Add(-time.Minute).Unix(), "email": "a@b.example", "email_verified": true, "name": "Ann"}
}

func with(change jwt.MapClaims) jwt.MapClaims {
	c := good()
	maps.Copy(c, change)
	maps.DeleteFunc(c, func(_ string, v any) bool { return v == nil })
	return c
}

func sign(t *testing.T, key any, m jwt.SigningMethod, kid string, c jwt.MapClaims) string {
	t.Helper()
	tok := jwt.NewWithClaims(m, c)
	tok.Header["kid"] = kid
	s, err := tok.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

func TestVerify(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	stranger, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	url, asked := keyServer(t, key)
	v, err := idtoken.New(t.Context(), idtoken.Config{Project: "demo", KeysURL: url, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	got, err := v.Verify(sign(t, key, jwt.SigningMethodRS256, "k1", good()))
	want := idtoken.Identity{Subject: "uid1", Email: "a@b.example", EmailVerified: true, Name: "Ann"}
	if err != nil || got != want {
		t.Fatalf("good token: %+v, %v", got, err)
	}
	rs := func(c jwt.MapClaims) string { return sign(t, key, jwt.SigningMethodRS256, "k1", c) }
	for name, tok := range map[string]string{
		"expired":                   rs(with(jwt.MapClaims{"exp": now.Add(-time.Minute).Unix()})),
		"wrong aud":                 rs(with(jwt.MapClaims{"aud": "other"})),
		"wrong iss":                 rs(with(jwt.MapClaims{"iss": "https://securetoken.google.com/other"})),
		"no exp":                    rs(with(jwt.MapClaims{"exp": nil})),
		"no iat":                    rs(with(jwt.MapClaims{"iat": nil})),
		"iat in future":             rs(with(jwt.MapClaims{"iat": now.Add(time.Hour).Unix()})),
		"no sub":                    rs(with(jwt.MapClaims{"sub": nil})),
		"empty sub":                 rs(with(jwt.MapClaims{"sub": ""})),
		"unknown kid":               sign(t, key, jwt.SigningMethodRS256, "k2", good()),
		"wrong key":                 sign(t, stranger, jwt.SigningMethodRS256, "k1", good()),
		"alg none":                  sign(t, jwt.UnsafeAllowNoneSignatureType, jwt.SigningMethodNone, "k1", good()),
		"HS256 with the public key": sign(t, key.N.Bytes(), jwt.SigningMethodHS256, "k1", good()),
		"RS512":                     sign(t, key, jwt.SigningMethodRS512, "k1", good()),
		"garbage":                   "a.b.c",
		"empty":                     "",
	} {
		if got, err := v.Verify(tok); err == nil {
			t.Errorf("%s: accepted as %+v", name, got)
		}
	}
	before := asked.Load()
	for i := range 20 {
		v.Verify(sign(t, key, jwt.SigningMethodRS256, fmt.Sprintf("x%d", i), good()))
	}
	if n := asked.Load() - before; n > 1 {
		t.Errorf("20 unknown keys made %d fetches", n)
	}
}

func TestEmulatorTokensOnlyWithTheEmulator(t *testing.T) {
	v, err := idtoken.New(t.Context(), idtoken.Config{Project: "demo", Emulator: "127.0.0.1:9099", Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	tok := sign(t, jwt.UnsafeAllowNoneSignatureType, jwt.SigningMethodNone, "", good())
	if got, err := v.Verify(tok); err != nil || got.Subject != "uid1" {
		t.Errorf("emulator's token: %+v, %v", got, err)
	}
	if _, err := v.Verify(sign(t, jwt.UnsafeAllowNoneSignatureType, jwt.SigningMethodNone, "", with(jwt.MapClaims{"aud": "x"}))); err == nil {
		t.Error("the emulator's token for another project was accepted")
	}
}

func TestStartsWithoutTheKeyServer(t *testing.T) {
	ctx, cancel := context.WithCancel(t.Context())
	defer cancel()
	s := httptest.NewServer(http.NotFoundHandler())
	s.Close()
	v, err := idtoken.New(ctx, idtoken.Config{Project: "demo", KeysURL: s.URL, Now: func() time.Time { return now }})
	if err != nil {
		t.Fatal(err)
	}
	key, _ := rsa.GenerateKey(rand.Reader, 2048)
	if _, err := v.Verify(sign(t, key, jwt.SigningMethodRS256, "k1", good())); err == nil {
		t.Error("a token was accepted without any key")
	}
	if _, err := idtoken.New(ctx, idtoken.Config{}); err == nil {
		t.Error("no project: no error")
	}
}
