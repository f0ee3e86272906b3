package secret_test

import (
	"context"
	"errors"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"storehouse/base/secret"
)

func TestTokenNamesItsOrganization(t *testing.T) {
	tok := secret.Token("shp", 42)
	if org, ok := secret.Org("shp", tok); !ok || org != 42 {
		t.Errorf("Org(%q) = %d, %v", tok, org, ok)
	}
	if tok == secret.Token("shp", 42) {
		t.Error("two tokens are the same")
	}
	shown := secret.Shown(tok)
	if !strings.HasPrefix(shown, "shp_42_") || len(shown) != len("shp_42_")+4 {
		t.Errorf("Shown = %q", shown)
	}
	for _, bad := range []string{"", "shp", "shp_", "shp_x_" + secret.Random(), "shp_-1_" + secret.Random(), "shp_0_" + secret.Random(),
		"sho_42_" + secret.Random(), "shp_42_short", "shp_42", strings.Repeat("shp_1_x", 100), "shp_99999999999999999999_" + secret.Random()} {
		if org, ok := secret.Org("shp", bad); ok {
			t.Errorf("Org(%q) = %d", bad, org)
		}
	}
}

func TestHashIsSHA256(t *testing.T) {
	const want = "ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad" // FIPS 180-2, "abc"
	if got := secret.Hash("abc"); got != want {
		t.Errorf("Hash = %s", got)
	}
}

func TestPasswords(t *testing.T) {
	ctx := context.Background()
	p := secret.NewPasswords(secret.Cheap, 1)
	h, err := p.Hash(ctx, "correct horse")
	if err != nil || !strings.HasPrefix(h, "$argon2id$") {
		t.Fatalf("Hash = %q, %v", h, err)
	}
	for pw, want := range map[string]bool{"correct horse": true, "Correct horse": false, "": false, strings.Repeat("x", 5000): false} {
		if ok, err := p.Check(ctx, pw, h); err != nil || ok != want {
			t.Errorf("Check(%.20q) = %v, %v", pw, ok, err)
		}
	}
	if ok, err := p.Check(ctx, "", ""); ok || err != nil {
		t.Errorf("an empty hash let somebody in: %v, %v", ok, err)
	}
	if ok, err := p.Check(ctx, "x", "not a hash"); ok || err == nil {
		t.Errorf("a broken hash: %v, %v", ok, err)
	}
}

func TestPasswordsGiveUpWaiting(t *testing.T) {
	p := secret.NewPasswords(secret.Cheap, 1)
	ctx, cancel := context.WithCancel(context.Background())
	cancel()
	// The turn may be taken before the context is looked at, so ask for more
	// than one at a time.
	var gaveUp bool
	for range 50 {
		if _, err := p.Hash(ctx, "x"); errors.Is(err, context.Canceled) {
			gaveUp = true
		}
	}
	if !gaveUp {
		t.Error("a caller who has gone away was served 50 times")
	}
}

func TestJWT(t *testing.T) {
	now := time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)
	want := secret.Claims{Org: 7, User: 9, Name: "Shop", Email: "a@b.example", IssuedAt: now, ExpiresAt: now.Add(time.Hour)}
	tok, err := secret.Sign("key", want)
	if err != nil {
		t.Fatal(err)
	}
	got, err := secret.Verify("key", tok, now.Add(time.Minute))
	if err != nil || got.Org != 7 || got.User != 9 || got.Email != "a@b.example" || !got.ExpiresAt.Equal(want.ExpiresAt) {
		t.Errorf("Verify = %+v, %v", got, err)
	}
	if peek, err := secret.Peek(tok); err != nil || peek.Org != 7 {
		t.Errorf("Peek = %+v, %v", peek, err)
	}
	hs256, _ := jwt.NewWithClaims(jwt.SigningMethodHS256, jwt.MapClaims{"sub": "9", "org": 7}).SignedString([]byte("key"))
	none, _ := jwt.NewWithClaims(jwt.SigningMethodNone, jwt.MapClaims{"sub": "9", "org": 7}).SignedString(jwt.UnsafeAllowNoneSignatureType)
	for name, c := range map[string]struct {
		key, token string
		at         time.Time
	}{
		"expired": {"key", tok, now.Add(2 * time.Hour)}, "wrong key": {"other", tok, now}, "no key": {"", tok, now},
		"not yet issued": {"key", tok, now.Add(-time.Hour)}, "HS256": {"key", hs256, now}, "alg none": {"key", none, now},
		"garbage": {"key", "a.b.c", now}, "cut": {"key", tok[:len(tok)-4], now},
	} {
		if _, err := secret.Verify(c.key, c.token, c.at); err == nil {
			t.Errorf("%s: accepted", name)
		}
	}
}

func TestRedact(t *testing.T) {
	tok := secret.Token("shw", 7)
	for in, want := range map[string]string{
		"/api/webhook/woocommerce/" + tok:                             "/api/webhook/woocommerce/shw_7_***",
		"Authorization: Bearer abcdefghijklmnop":                      "Authorization: Bearer ***",
		"dial postgres://shop:hunter2@db:5432/x: refused":             "dial postgres://shop:***@db:5432/x: refused",
		`{"client_secret":"abc123","grant_type":"password"}`:          `{"client_secret":"***","grant_type":"password"}`,
		"GET /x?apikey=12345&page=2":                                  "GET /x?apikey=***&page=2",
		"jwt eyJhbGciOiJIUzUxMiJ9.eyJvcmciOjF9.c2lnbmF0dXJl rejected": "jwt eyJ*** rejected",
		"sale 7 not found at /connector/api/sell/7":                   "sale 7 not found at /connector/api/sell/7",
		"http://127.0.0.1:8080/docs":                                  "http://127.0.0.1:8080/docs",
		"duplicate key value violates unique constraint":              "duplicate key value violates unique constraint",
	} {
		if got := secret.Redact(in); got != want {
			t.Errorf("Redact(%q) = %q, want %q", in, got, want)
		}
	}
}
