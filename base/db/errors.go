package db

import (
	"context"
	"errors"
	"fmt"
	"math/rand/v2"
	"strings"
	"time"

	"github.com/jackc/pgx/v5/pgconn"
	"modernc.org/sqlite"

	"storehouse/base/fault"
)

// SQLite's extended result codes for broken constraints.
const (
	sqliteUnique     = 2067
	sqlitePrimaryKey = 1555
	sqliteForeignKey = 787
)

// translate turns the engines' uniqueness and reference errors into faults.
func translate(err error, query string) error {
	if err == nil {
		return nil
	}
	var se *sqlite.Error
	var pe *pgconn.PgError
	switch {
	case errors.As(err, &se) && (se.Code() == sqliteUnique || se.Code() == sqlitePrimaryKey), errors.As(err, &pe) && pe.Code == "23505":
		return &fault.Error{Kind: fault.Conflict, Msg: "already exists", Err: err}
	case errors.As(err, &se) && se.Code() == sqliteForeignKey, errors.As(err, &pe) && pe.Code == "23503":
		return &fault.Error{Kind: fault.InUse, Msg: "is still referred to, or refers to what does not exist", Err: err}
	case errors.As(err, &pe) && pe.Code == "22003", errors.As(err, &se) && strings.Contains(se.Error(), "integer overflow"):
		return &fault.Error{Kind: fault.Invalid, Msg: "a number is too big", Err: err}
	case errors.As(err, &pe) || errors.As(err, &se):
		if retryable(err) {
			return err
		}
		return fmt.Errorf("%w in %s", err, strings.Join(strings.Fields(query[:min(len(query), 300)]), " "))
	}
	return err
}

// retryable reports whether the engine asks for the transaction to be run
// again: deadlock, serialization, or a connection that went away.
func retryable(err error) bool {
	var pe *pgconn.PgError
	if errors.As(err, &pe) {
		switch {
		case pe.Code == "40001", pe.Code == "40P01", pe.Code == "08006", strings.HasPrefix(pe.Code, "57P0"):
			return true
		}
		return false
	}
	return pgconn.SafeToRetry(err)
}

// overtaken reports whether the engine found that a reference would lead
// nowhere, or that something is not unique: what fn may have looked for, before
// somebody else wrote.
func overtaken(err error) bool {
	pe, ok := errors.AsType[*pgconn.PgError](err)
	return ok && (pe.Code == "23503" || pe.Code == "23505")
}

// pause waits before another try, longer each time, with jitter.
func pause(ctx context.Context, try int) error {
	d := time.Duration(1<<min(try, 7)) * time.Millisecond
	select {
	case <-time.After(d/2 + rand.N(d)):
		return nil
	case <-ctx.Done():
		return ctx.Err()
	}
}
