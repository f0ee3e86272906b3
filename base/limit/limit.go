// Package limit slows down guessing: it counts tries by key, in bounded
// memory, and says when the next may be made. It is kept by each process for
// itself.
package limit

import (
	"net/netip"
	"sync"
	"time"
)

// Limiter is a token bucket for each key: so many tries at once, refilled
// evenly over a period.
type Limiter struct {
	n   float64
	per time.Duration
	max int

	// Now is the clock.
	Now func() time.Time

	mu       sync.Mutex
	now, old map[string]bucket // two generations: what was not asked for in a generation is forgotten
}

type bucket struct {
	left float64
	at   time.Time
}

// New returns a limiter of n tries in each period for each key. It remembers
// between max and 2×max keys; when there are more it forgets those that were
// not used lately.
func New(n int, per time.Duration, max int) *Limiter {
	return &Limiter{n: float64(n), per: per, max: max, Now: time.Now, now: map[string]bucket{}}
}

// Take counts a try and reports whether it may be made; if not, after how
// long one may.
func (l *Limiter) Take(key string) (wait time.Duration, ok bool) { return l.look(key, true) }

// Peek is Take without counting: for limits on failures, which are taken only
// after the fact.
func (l *Limiter) Peek(key string) (wait time.Duration, ok bool) { return l.look(key, false) }

func (l *Limiter) look(key string, take bool) (time.Duration, bool) {
	l.mu.Lock()
	defer l.mu.Unlock()
	now := l.Now()
	b, known := l.now[key]
	if !known {
		if b, known = l.old[key]; !known {
			if !take {
				return 0, true
			}
			b = bucket{l.n, now}
		}
	}
	if gone := now.Sub(b.at); gone > 0 {
		b.left = min(l.n, b.left+l.n*float64(gone)/float64(l.per))
		b.at = now
	}
	ok := b.left >= 1
	var wait time.Duration
	if !ok {
		wait = time.Duration((1 - b.left) / l.n * float64(l.per))
	} else if take {
		b.left--
	}
	l.keep(key, b)
	return wait, ok
}

func (l *Limiter) keep(key string, b bucket) {
	if _, known := l.now[key]; !known && len(l.now) >= l.max {
		l.old, l.now = l.now, make(map[string]bucket, l.max)
	}
	l.now[key] = b
}

// Addr returns the part of a remote address "host:port" that a limit should
// count by: an IPv4 address, or the /64 that an IPv6 host can roam in.
func Addr(remote string) string {
	ap, err := netip.ParseAddrPort(remote)
	if err != nil {
		return remote
	}
	a := ap.Addr().Unmap()
	if a.Is6() {
		if p, err := a.Prefix(64); err == nil {
			return p.String()
		}
	}
	return a.String()
}
