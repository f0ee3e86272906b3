package program_test

import (
	"crypto/rand"
	"crypto/rsa"
	"encoding/base64"
	"encoding/json"
	"fmt"
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
		tok := jwt.NewWithClaims(jwt.SigningMethodRS256, jwt.MapClaims{"iss": "https://securetoken.google.com/demo", "aud": "demo", "sub": uid,
			"iat": dbtest.Now.Add(-2 * time.Hour).Unix(), "exp": dbtest.Now.Add(exp).Unix(), "email": uid + "@people.example", "email_verified": true})
		tok.Header["kid"] = "k1"
		s, err := tok.SignedString(key)
		if err != nil {
			t.Fatal(err)
		}
		return s
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		p := program.New(d, program.Config{Identity: verifier.Verify})
		send := func(token, org, method, path, body string) (int, map[string]any) {
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
