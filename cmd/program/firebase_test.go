package program_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
	"maps"
	"math/big"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"github.com/golang-jwt/jwt/v5"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/idtoken"
	"storehouse/cmd/program"
)

// TestFirebaseSignIn goes from a signed ID token to an organization, through
// the wired program.
func TestFirebaseSignIn(t *testing.T) {
	key, err := rsa.GenerateKey(rand.Reader, 2048)
	if err != nil {
		t.Fatal(err)
	}
	b64 := base64.RawURLEncoding.EncodeToString
	keys := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, _ *http.Request) {
		fmt.Fprintf(w, `{"keys":[{"kty":"RSA","alg":"RS256","use":"sig","kid":"k1","n":%q,"e":%q}]}`, b64(key.N.Bytes()), b64(big.NewInt(int64(key.E)).Bytes()))
	}))
	defer keys.Close()
	verifier, err := idtoken.New(t.Context(), idtoken.Config{Project: "demo", KeysURL: keys.URL, Now: func() time.Time { return dbtest.Now }})
	if err != nil {
		t.Fatal(err)
	}
	sign := func(uid string, exp time.Duration) string {
		return signed(t, key, uid, jwt.MapClaims{"exp": dbtest.Now.Add(exp).Unix()})
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		send := sender(program.New(d, program.Config{Identity: verifier.Verify}))
		ann, bob := sign("ann", time.Hour), sign("bob", time.Hour)
		if code, out := send(ann, "", "POST", "/api/users", `{"email":"ann@people.example","displayName":"Ann"}`); code != 201 || out["firebaseUid"] != "ann" {
			t.Fatalf("user: %d %v", code, out)
		}
		code, out := send(ann, "", "POST", "/api/organizations", `{"name":"Orchard","slug":"orchard"}`)
		if code != 201 {
			t.Fatalf("organization: %d %v", code, out)
		}
		orchard, _ := out["organization"].(map[string]any)["id"].(string)
		for name, c := range map[string]struct {
			token, org string
			code       int
		}{
			"the owner":                 {ann, orchard, 200},
			"the owner, no X-Org-Id":    {ann, "", 403},
			"a stranger":                {bob, orchard, 403},
			"the owner's token, ended":  {sign("ann", -time.Hour), orchard, 401},
			"the owner's token, broken": {ann[:len(ann)-4] + "AAAA", orchard, 401},
			"no token":                  {"", orchard, 401},
		} {
			if code, out := send(c.token, c.org, "GET", "/api/locations", ""); code != c.code {
				t.Errorf("%s: %d %v, want %d", name, code, out, c.code)
			}
		}
	})
}

// signed makes a token that is good but for the claims given.
func signed(t *testing.T, key *rsa.PrivateKey, uid string, claims jwt.MapClaims) string {
	all := jwt.MapClaims{"iss": "https://securetoken.google.com/demo", "aud": "demo", "sub": uid, "iat": dbtest.Now.Add(-2 * time.Hour).Unix(),
		"exp": dbtest.Now.Add(time.Hour).Unix(), "email": uid + "@people.example", "email_verified": true}
	maps.Copy(all, claims)
	tok := jwt.NewWithClaims(jwt.SigningMethodRS256, all)
	tok.Header["kid"] = "k1"
	s, err := tok.SignedString(key)
	if err != nil {
		t.Fatal(err)
	}
	return s
}

// sender sends requests to a program.
func sender(p *program.Program) func(token, org, method, path, body string) (int, map[string]any) {
	return func(token, org, method, path, body string) (int, map[string]any) {
		r := httptest.NewRequest(method, path, strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		r.Header.Set("Authorization", "Bearer "+token)
		r.Header.Set("X-Org-Id", org)
		w := httptest.NewRecorder()
		p.Handler.ServeHTTP(w, r)
		var out map[string]any
		_ = json.Unmarshal(w.Body.Bytes(), &out)
		return w.Code, out
	}
}

// TestInvitationsAreForWhoOwnsTheAddress: who signs up with the address of
// somebody who is invited, before them and without proof, gets nowhere near
// the invitation: not so, not with a personal token, and not after proving
// another address.
func TestInvitationsAreForWhoOwnsTheAddress(t *testing.T) {
	const bobs = "bob@people.example"
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		claims := map[string]idtoken.Identity{
			"ann":   {Subject: "ann", Email: "ann@people.example", EmailVerified: true},
			"thief": {Subject: "thief", Email: bobs},
			"moved": {Subject: "thief", Email: "thief@people.example", EmailVerified: true},
			"later": {Subject: "thief", Email: bobs, EmailVerified: true}, // it was bob all along
		}
		send := sender(program.New(d, program.Config{Identity: func(token string) (idtoken.Identity, error) { return claims[token], nil }}))
		organization := func(who, slug string) string {
			_, out := send(who, "", "POST", "/api/organizations", `{"name":"`+slug+`","slug":"`+slug+`"}`)
			id, _ := out["organization"].(map[string]any)["id"].(string)
			return id
		}
		orchard := organization("ann", "orchard")
		code, out := send("ann", orchard, "POST", "/api/organizations/current/invitations", `{"email":"`+bobs+`","role":"admin"}`)
		invitation, _ := out["id"].(string)
		if code != 201 {
			t.Fatalf("invitation: %d %v", code, out)
		}
		own := organization("thief", "den")
		_, out = send("thief", own, "POST", "/api/users/me/tokens", `{"name":"x","orgId":"`+own+`"}`)
		personal, _ := out["plaintext"].(string)
		for name, c := range map[string]struct{ token, org string }{"unproved": {"thief", ""}, "a personal token": {personal, own}, "another address": {"moved", ""}} {
			if code, out := send(c.token, c.org, "GET", "/api/invitations/pending", ""); code != 200 || len(out["data"].([]any)) != 0 {
				t.Errorf("%s: pending %d %v", name, code, out)
			}
			if code, out := send(c.token, c.org, "POST", "/api/invitations/accept", `{"token":"`+invitation+`"}`); code != 404 {
				t.Errorf("%s: accept %d %v", name, code, out)
			}
			if code, out := send(c.token, c.org, "POST", "/api/invitations/decline", `{"invitationId":"`+invitation+`"}`); code != 404 {
				t.Errorf("%s: decline %d %v", name, code, out)
			}
		}
		if code, out := send("later", "", "POST", "/api/invitations/accept", `{"token":"`+invitation+`"}`); code != 200 || out["role"] != "admin" {
			t.Errorf("who owns the address: %d %v", code, out)
		}
	})
}
