package web

import (
	"time"

	"storehouse/base/fault"
	"storehouse/base/limit"
	"storehouse/core/org"
)

// Guard slows down the guessing of credentials. Only failures count, so a
// busy client with a good credential is never in its way.
type Guard struct {
	tokens   *limit.Limiter // failures of tokens and keys, an address
	accounts *limit.Limiter // failures of a password or key that a person may have chosen: an address and account
	guesses  *limit.Limiter // the same, an address
	activity *org.Activity
}

// Bounds of a Guard.
const (
	tokenFailures   = 300 // a minute
	accountFailures = 10
	guessFailures   = 100
	guardKeys       = 20_000 // addresses remembered
)

// NewGuard returns a guard that notes successes in activity, which may be nil.
func NewGuard(activity *org.Activity) *Guard {
	return &Guard{limit.New(tokenFailures, time.Minute, guardKeys), limit.New(accountFailures, time.Minute, guardKeys),
		limit.New(guessFailures, time.Minute, guardKeys), activity}
}

// SetClock sets the clock, for tests.
func (g *Guard) SetClock(now func() time.Time) {
	g.tokens.Now, g.accounts.Now, g.guesses.Now = now, now, now
}

// Auth wraps a face's authentication: an address that keeps sending bad
// credentials is told to slow down. Tokens have 256 random bits, so good ones
// from the same address stay good.
func (g *Guard) Auth(auth func(*Call) (org.Actor, error)) func(*Call) (org.Actor, error) {
	return func(c *Call) (org.Actor, error) {
		actor, err := auth(c)
		if fault.Is(err, fault.Unauthorized) && c.R.Header.Get("Authorization") != "" {
			if wait, ok := g.tokens.Take(limit.Addr(c.R.RemoteAddr)); !ok {
				return actor, slowDown(wait)
			}
		}
		if err == nil && g.activity != nil {
			g.activity.Note(actor, c.DB.Now())
		}
		return actor, err
	}
}

// Guess lets a password, or a key that a person may have chosen, be checked
// for an account. It refuses after too many failures from the caller's
// address. Call Failed when the check fails.
func (g *Guard) Guess(c *Call, account string) error {
	addr := limit.Addr(c.R.RemoteAddr)
	if wait, ok := g.guesses.Peek(addr); !ok {
		return slowDown(wait)
	}
	if wait, ok := g.accounts.Peek(addr + " " + account); !ok {
		return slowDown(wait)
	}
	return nil
}

// Failed counts a failed check; see Guess.
func (g *Guard) Failed(c *Call, account string) {
	addr := limit.Addr(c.R.RemoteAddr)
	g.guesses.Take(addr)
	g.accounts.Take(addr + " " + account)
}

func slowDown(wait time.Duration) error {
	return &fault.Error{Kind: fault.TooMany, Msg: "too many failed attempts", Details: map[string]any{"retryAfter": int64(wait/time.Second) + 1}}
}
