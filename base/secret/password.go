package secret

import (
	"context"
	"runtime"

	"github.com/alexedwards/argon2id"
)

// Passwords hashes and checks passwords with argon2id. It takes much memory
// and time on purpose, so only so many run at once; the others wait for their
// turn or their context. Never call it inside a transaction.
type Passwords struct {
	params *argon2id.Params
	turn   chan struct{}
	dummy  string // compared with when there is no hash, so that it takes as long
}

// Strength of the hashes of new passwords; what is stored says its own.
var (
	Strong = argon2id.Params{Memory: 19 * 1024, Iterations: 2, Parallelism: 1, SaltLength: 16, KeyLength: 32} // some 40 ms
	Cheap  = argon2id.Params{Memory: 64, Iterations: 1, Parallelism: 1, SaltLength: 8, KeyLength: 16}         // for tests
)

// NewPasswords returns a hasher of which atOnce run at once; 0 is one a core.
func NewPasswords(p argon2id.Params, atOnce int) *Passwords {
	if atOnce <= 0 {
		atOnce = runtime.NumCPU()
	}
	dummy, err := argon2id.CreateHash(Random(), &p)
	if err != nil {
		panic(err) // the parameters are constants
	}
	return &Passwords{params: &p, turn: make(chan struct{}, atOnce), dummy: dummy}
}

// maxPassword bounds what is hashed.
const maxPassword = 1024

// Hash returns the hash to store.
func (p *Passwords) Hash(ctx context.Context, password string) (string, error) {
	if err := p.wait(ctx); err != nil {
		return "", err
	}
	defer p.leave()
	return argon2id.CreateHash(password, p.params)
}

// Check reports whether a password is the one of a stored hash. With an empty
// hash it takes as long and reports false, so that the time tells nothing.
func (p *Passwords) Check(ctx context.Context, password, hash string) (bool, error) {
	if err := p.wait(ctx); err != nil {
		return false, err
	}
	defer p.leave()
	if len(password) > maxPassword {
		password = ""
	}
	known := hash != ""
	if !known {
		hash = p.dummy
	}
	ok, err := argon2id.ComparePasswordAndHash(password, hash)
	return ok && known, err
}

func (p *Passwords) wait(ctx context.Context) error {
	select {
	case p.turn <- struct{}{}:
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}

func (p *Passwords) leave() { <-p.turn }
