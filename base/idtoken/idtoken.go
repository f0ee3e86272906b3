// Package idtoken verifies Firebase ID tokens: signed by RS256 with one of
// the keys that Google publishes, for one project. The keys are fetched from
// a configurable address and cached; an unknown key makes at most one fetch
// in five minutes, so nobody can have us hammer the key server.
package idtoken

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net/http"
	"time"

	"github.com/MicahParks/jwkset"
	"github.com/MicahParks/keyfunc/v3"
	"github.com/golang-jwt/jwt/v5"
	"golang.org/x/time/rate"
)

// GoogleKeys is where Google publishes the keys of Firebase as a JWKS.
const GoogleKeys = "https://www.googleapis.com/service_accounts/v1/jwk/securetoken@system.gserviceaccount.com"

// Config says whose tokens are good.
type Config struct {
	Project  string // the Firebase project: the audience
	KeysURL  string // JWKS; "" is GoogleKeys
	Emulator string // address of the Firebase Auth emulator; when it is set, its unsigned tokens are good, and no others
	Now      func() time.Time
}

// Identity is what a good token says of its bearer.
type Identity struct {
	Subject       string // Firebase's uid
	Email         string
	EmailVerified bool
	Name          string
}

// Verifier verifies tokens.
type Verifier struct {
	parser *jwt.Parser
	keys   jwt.Keyfunc
}

// ErrInvalid is what every bad token answers; it does not say why.
var ErrInvalid = errors.New("invalid ID token")

// New returns a verifier. The keys are fetched in the background until ctx
// ends: the program starts also when the key server cannot be reached.
func New(ctx context.Context, c Config) (*Verifier, error) {
	if c.Project == "" {
		return nil, errors.New("no Firebase project is set")
	}
	if c.Now == nil {
		c.Now = time.Now
	}
	method := "RS256"
	v := &Verifier{}
	if c.Emulator != "" {
		method = "none"
		v.keys = func(*jwt.Token) (any, error) { return jwt.UnsafeAllowNoneSignatureType, nil }
	} else if err := v.fetch(ctx, c.KeysURL); err != nil {
		return nil, err
	}
	v.parser = jwt.NewParser(jwt.WithValidMethods([]string{method}), jwt.WithAudience(c.Project),
		jwt.WithIssuer("https://securetoken.google.com/"+c.Project), jwt.WithExpirationRequired(), jwt.WithIssuedAt(),
		jwt.WithLeeway(30*time.Second), jwt.WithTimeFunc(c.Now))
	return v, nil
}

func (v *Verifier) fetch(ctx context.Context, url string) error {
	if url == "" {
		url = GoogleKeys
	}
	store, err := jwkset.NewStorageFromHTTP(url, jwkset.HTTPClientStorageOptions{
		Client: &http.Client{Timeout: 10 * time.Second}, Ctx: ctx, HTTPTimeout: 10 * time.Second, NoErrorReturnFirstHTTPReq: true, RefreshInterval: time.Hour,
		RefreshErrorHandler: func(_ context.Context, err error) {
			slog.Error("fetch the ID token keys", "url", url, "error", err)
		}})
	if err != nil {
		return fmt.Errorf("ID token keys: %w", err)
	}
	set, err := jwkset.NewHTTPClient(jwkset.HTTPClientOptions{HTTPURLs: map[string]jwkset.Storage{url: store},
		RateLimitWaitMax: time.Second, RefreshUnknownKID: rate.NewLimiter(rate.Every(5*time.Minute), 1)})
	if err != nil {
		return fmt.Errorf("ID token keys: %w", err)
	}
	k, err := keyfunc.New(keyfunc.Options{Ctx: ctx, Storage: set, UseWhitelist: []jwkset.USE{jwkset.UseSig, ""}})
	if err != nil {
		return fmt.Errorf("ID token keys: %w", err)
	}
	v.keys = k.Keyfunc
	return nil
}

type claims struct {
	jwt.RegisteredClaims
	Email         string           `json:"email"`
	EmailVerified bool             `json:"email_verified"`
	Name          string           `json:"name"`
	AuthTime      *jwt.NumericDate `json:"auth_time"`
}

// maxToken bounds what is parsed.
const maxToken = 8192

// Verify checks a token and returns whose it is.
func (v *Verifier) Verify(token string) (Identity, error) {
	if len(token) > maxToken {
		return Identity{}, ErrInvalid
	}
	var c claims
	if _, err := v.parser.ParseWithClaims(token, &c, v.keys); err != nil || c.Subject == "" || len(c.Subject) > 128 || c.IssuedAt == nil {
		return Identity{}, ErrInvalid
	}
	return Identity{Subject: c.Subject, Email: c.Email, EmailVerified: c.EmailVerified, Name: c.Name}, nil
}
