package pos_test

import (
	"bytes"
	"context"
	"encoding/json"
	"mime/multipart"
	"net/http"
	"net/http/httptest"
	"net/url"
	"strconv"
	"strings"
	"testing"

	"storehouse/base/db"
	"storehouse/base/secret"
	"storehouse/contract/stage"
	"storehouse/core/org"
)

// tokens calls /oauth/token of a stage on which "acmemember" has the password
// "s3cret!" and there is a program with a known secret.
type tokens struct {
	t          *testing.T
	s          *stage.Stage
	id, secret string
}

func newTokens(t *testing.T, s *stage.Stage, dialect string) *tokens {
	t.Helper()
	hash, err := secret.NewPasswords(secret.Cheap, 1).Hash(context.Background(), "s3cret!")
	if err != nil {
		t.Fatal(err)
	}
	k := &tokens{t: t, s: s}
	s.Do(t, s.Acme.Org, func(tx *db.Tx) error {
		c, plain, err := org.CreateClient(tx, "till", dialect, 0)
		if err != nil {
			return err
		}
		k.id, k.secret = strconv.FormatInt(c.ID, 10), plain
		return org.SetPassword(tx, s.Acme.Users["member"], hash)
	})
	return k
}

func (k *tokens) fields(extra ...string) url.Values {
	v := url.Values{"client_id": {k.id}, "client_secret": {k.secret}}
	for i := 0; i < len(extra); i += 2 {
		v.Set(extra[i], extra[i+1])
	}
	return v
}

func (k *tokens) password(user, pw string) url.Values {
	return k.fields("grant_type", "password", "username", user, "password", pw)
}

// send posts fields in one of the encodings that clients use.
func (k *tokens) send(path, encoding string, v url.Values) (int, map[string]any) {
	k.t.Helper()
	var body bytes.Buffer
	kind := "application/x-www-form-urlencoded"
	switch encoding {
	case "form":
		body.WriteString(v.Encode())
	case "multipart":
		w := multipart.NewWriter(&body)
		for name := range v {
			_ = w.WriteField(name, v.Get(name))
		}
		w.Close()
		kind = w.FormDataContentType()
	case "json":
		m := map[string]any{}
		for name := range v {
			m[name] = v.Get(name)
		}
		if n, err := strconv.Atoi(v.Get("client_id")); err == nil {
			m["client_id"] = n // some clients send a number
		}
		_ = json.NewEncoder(&body).Encode(m)
		kind = "application/json"
	}
	r := httptest.NewRequest("POST", path, &body)
	r.Header.Set("Content-Type", kind)
	r.Header.Set("Accept", "text/html")
	w := httptest.NewRecorder()
	k.s.Handler.ServeHTTP(w, r)
	var out map[string]any
	if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil {
		k.t.Errorf("%s: not JSON: %s", path, w.Body)
	}
	return w.Code, out
}

// loggedIn reports whether an access token is good.
func (k *tokens) loggedIn(token any) bool {
	k.t.Helper()
	text, _ := token.(string)
	err := k.s.DB.View(context.Background(), k.s.Acme.Org, func(tx *db.Tx) error {
		_, err := org.AuthAccess(tx, text)
		return err
	})
	return err == nil
}

func TestPasswordGrantInEveryEncoding(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		k := newTokens(t, s, org.Documented)
		for _, path := range []string{"/oauth/token", "/oauth/token/", "/public/oauth/token"} {
			for _, enc := range []string{"form", "multipart", "json"} {
				v := k.password("acmemember", "s3cret!")
				v.Set("granttype", "password")
				v.Set("desktop_version", "")
				v.Set("scope", "*")
				code, out := k.send(path, enc, v)
				if code != 200 || out["token_type"] != "Bearer" || out["expires_in"] != 31536000.0 || out["refresh_token"] == nil || !k.loggedIn(out["access_token"]) {
					t.Errorf("%s %s: %d %v", path, enc, code, out)
				}
			}
		}
	})
}

func TestTokenRefusals(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		k := newTokens(t, s, org.Documented)
		wrongSecret := k.password("acmemember", "s3cret!")
		wrongSecret.Set("client_secret", "x")
		padded := k.password("acmemember", "s3cret!")
		padded.Set("client_id", "0"+k.id)
		for name, c := range map[string]struct {
			v    url.Values
			code int
			err  string
		}{
			"wrong password":    {k.password("acmemember", "x"), 401, "invalid_grant"},
			"unknown user":      {k.password("nobody", "s3cret!"), 401, "invalid_grant"},
			"e-mail for a name": {k.password("member@acme.example", "s3cret!"), 401, "invalid_grant"},
			"no password":       {k.password("acmemember", ""), 400, "invalid_request"},
			"another's user":    {k.password("rivalmember", "s3cret!"), 401, "invalid_grant"},
			"wrong secret":      {wrongSecret, 401, "invalid_client"},
			"padded client id":  {padded, 401, "invalid_client"},
			"no client":         {url.Values{"grant_type": {"password"}}, 400, "invalid_request"},
			"unknown grant":     {k.fields("grant_type", "implicit"), 400, "unsupported_grant_type"},
			"no grant":          {k.fields(), 400, "unsupported_grant_type"},
			"bad refresh token": {k.fields("grant_type", "refresh_token", "refresh_token", "x"), 401, "invalid_grant"},
			"no refresh token":  {k.fields("grant_type", "refresh_token"), 400, "invalid_request"},
		} {
			code, out := k.send("/oauth/token", "form", c.v)
			if code != c.code || out["error"] != c.err || out["message"] == nil || out["message"] != out["error_description"] {
				t.Errorf("%s: %d %v; want %d %s", name, code, out, c.code, c.err)
			}
		}
	})
}

// A body that cannot be read is told as OAuth tells it: apps show "error".
func TestABrokenTokenRequestIsAnOAuthError(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		for kind, body := range map[string]string{"application/json": `{"grant_type":`, "multipart/form-data; boundary=x": "--x\r\nbroken", "application/x-www-form-urlencoded": "username=%FF"} {
			r := httptest.NewRequest(http.MethodPost, "/oauth/token", strings.NewReader(body))
			r.Header.Set("Content-Type", kind)
			w := httptest.NewRecorder()
			s.Handler.ServeHTTP(w, r)
			var out map[string]any
			if err := json.Unmarshal(w.Body.Bytes(), &out); err != nil || w.Code != 400 || out["error"] != "invalid_request" || out["message"] == nil {
				t.Errorf("%s: %d %s", kind, w.Code, w.Body)
			}
		}
	})
}

func TestRefreshGrantRotates(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		k := newTokens(t, s, org.Upstream)
		_, first := k.send("/oauth/token", "form", k.password("acmemember", "s3cret!"))
		refresh, _ := first["refresh_token"].(string)
		code, second := k.send("/oauth/token", "json", k.fields("grant_type", "refresh_token", "refresh_token", refresh))
		if code != 200 || !k.loggedIn(second["access_token"]) || k.loggedIn(first["access_token"]) {
			t.Errorf("refresh: %d %v", code, second)
		}
		if code, out := k.send("/oauth/token", "json", k.fields("grant_type", "refresh_token", "refresh_token", refresh)); code != 401 {
			t.Errorf("the used refresh token again: %d %v", code, out)
		}
	})
}

func TestClientCredentialsGrant(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		k := newTokens(t, s, org.Documented)
		code, out := k.send("/oauth/token", "form", k.fields("grant_type", "client_credentials", "scope", "*"))
		if code != 200 || out["refresh_token"] != nil || !k.loggedIn(out["access_token"]) {
			t.Errorf("machine token: %d %v", code, out)
		}
	})
}

func TestGuessingIsSlowedDownAndBusyClientsAreNot(t *testing.T) {
	stage.Each(t, func(t *testing.T, s *stage.Stage) {
		k := newTokens(t, s, org.Documented)
		for range 15 {
			if code, out := k.send("/oauth/token", "form", k.password("acmemember", "s3cret!")); code != 200 {
				t.Fatalf("a good login was refused: %d %v", code, out)
			}
		}
		refused := 0
		for range 15 {
			if code, _ := k.send("/oauth/token", "form", k.password("acmemember", "x")); code == 429 {
				refused++
			}
		}
		if refused < 4 {
			t.Errorf("15 wrong passwords were refused %d times", refused)
		}
		if code, out := k.send("/oauth/token", "form", k.password("acmeadmin", "x")); code != 401 {
			t.Errorf("another account: %d %v", code, out)
		}
	})
}

func TestBadBodiesAreAnsweredInJSON(t *testing.T) { stage.Each(t, badBodies) }

func badBodies(t *testing.T, s *stage.Stage) {
	for _, body := range []string{`{"grant_type":`, "\xff\xfe", `[]`, strings.Repeat("x", 100_000)} {
		r := httptest.NewRequest("POST", "/oauth/token", strings.NewReader(body))
		r.Header.Set("Content-Type", "application/json")
		w := httptest.NewRecorder()
		s.Handler.ServeHTTP(w, r)
		if w.Code < 400 || w.Code >= 500 || !json.Valid(w.Body.Bytes()) {
			t.Errorf("%.20q: %d %s", body, w.Code, w.Body)
		}
	}
}
