package secret

import (
	"errors"
	"strconv"
	"time"

	"github.com/golang-jwt/jwt/v5"
)

// Claims is what a token of ours says of its bearer.
type Claims struct {
	Org, User int64
	Name      string
	Email     string
	IssuedAt  time.Time
	ExpiresAt time.Time // zero is never
}

type wireClaims struct {
	jwt.RegisteredClaims
	Org   int64  `json:"org"`
	Name  string `json:"name,omitempty"`
	Email string `json:"email,omitempty"`
}

// errToken is what every bad token answers.
var errToken = errors.New("invalid token")

// Sign returns a JWT signed by HMAC-SHA512.
func Sign(key string, c Claims) (string, error) {
	w := wireClaims{Org: c.Org, Name: c.Name, Email: c.Email,
		RegisteredClaims: jwt.RegisteredClaims{Subject: strconv.FormatInt(c.User, 10), IssuedAt: jwt.NewNumericDate(c.IssuedAt)}}
	if !c.ExpiresAt.IsZero() {
		w.RegisteredClaims.ExpiresAt = jwt.NewNumericDate(c.ExpiresAt)
	}
	return jwt.NewWithClaims(jwt.SigningMethodHS512, w).SignedString([]byte(key))
}

// Peek reads what a JWT says without believing it, to learn whose key it is
// to be verified with.
func Peek(token string) (Claims, error) {
	var w wireClaims
	if len(token) > 8192 {
		return Claims{}, errToken
	}
	if _, _, err := jwt.NewParser().ParseUnverified(token, &w); err != nil {
		return Claims{}, errToken
	}
	return w.claims()
}

// Verify checks a JWT of Sign at an instant and returns what it says.
func Verify(key, token string, now time.Time) (Claims, error) {
	var w wireClaims
	if key == "" || len(token) > 8192 {
		return Claims{}, errToken
	}
	_, err := jwt.ParseWithClaims(token, &w, func(*jwt.Token) (any, error) { return []byte(key), nil },
		jwt.WithValidMethods([]string{"HS512"}), jwt.WithTimeFunc(func() time.Time { return now }), jwt.WithIssuedAt())
	if err != nil {
		return Claims{}, errToken
	}
	return w.claims()
}

func (w wireClaims) claims() (Claims, error) {
	user, err := strconv.ParseInt(w.Subject, 10, 64)
	if err != nil || w.Org <= 0 {
		return Claims{}, errToken
	}
	c := Claims{Org: w.Org, User: user, Name: w.Name, Email: w.Email}
	if w.RegisteredClaims.IssuedAt != nil {
		c.IssuedAt = w.RegisteredClaims.IssuedAt.Time
	}
	if w.RegisteredClaims.ExpiresAt != nil {
		c.ExpiresAt = w.RegisteredClaims.ExpiresAt.Time
	}
	return c, nil
}
