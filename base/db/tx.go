package db

import (
	"context"
	"fmt"
	"strconv"
	"strings"
	"sync"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgxpool"

	"storehouse/base/fault"
)

// Tx is one transaction on behalf of one organization.
type Tx struct {
	Org   int64     // whose rows it sees
	Actor int64     // the user on whose behalf it writes; 0 is the system
	Now   time.Time // one instant for the whole transaction, UTC, whole microseconds

	ctx   context.Context
	x     engine
	d     *DB
	depth int
	hooks []func()
	taken map[string]span
}

// engine is what statements run on: a connection of SQLite or of PostgreSQL.
// Its errors are the driver's, but for what a row's reader says.
type engine interface {
	exec(ctx context.Context, query string, args []any) (int64, error)
	each(ctx context.Context, fn func(Row) error, query string, args []any) error
	script(ctx context.Context, query string) error // a text without arguments that is not worth keeping
}

// rowFault carries the error of a row's reader, which is not the engine's.
type rowFault struct{ error }

// Context returns the request's context, for its values and deadline only:
// the transaction itself is never in it.
func (t *Tx) Context() context.Context { return t.ctx }

// Postgres reports whether the engine is PostgreSQL, for the rare statement
// that must be written twice.
func (t *Tx) Postgres() bool { return t.d.pg != nil }

// ForUpdate returns " FOR UPDATE" on PostgreSQL and nothing on SQLite, whose
// only writer holds the lock already.
func (t *Tx) ForUpdate() string {
	if t.d.pg != nil {
		return " FOR UPDATE"
	}
	return ""
}

// Snapshot runs fn, whose reads all see the same state of the database,
// whatever is written meanwhile. Within Update they see what is committed when
// they run, on PostgreSQL.
func (t *Tx) Snapshot(fn func() error) error {
	e, _ := t.x.(pgEngine)
	c, ok := e.x.(*pgxpool.Conn)
	if !ok {
		return fn() // a read of SQLite is one already
	}
	tx, err := c.BeginTx(t.ctx, pgx.TxOptions{IsoLevel: pgx.RepeatableRead, AccessMode: pgx.ReadOnly})
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() {
		t.x = e
		_ = tx.Rollback(context.WithoutCancel(t.ctx)) // there is nothing to lose
	}()
	t.x = pgEngine{tx}
	return fn()
}

// AfterCommit runs fn once the transaction is durable, and never if it is
// not. It is for hints (wake the job runner), not for work.
func (t *Tx) AfterCommit(fn func()) { t.hooks = append(t.hooks, fn) }

func (t *Tx) after() {
	for _, fn := range t.hooks {
		fn()
	}
}

// Exec runs a statement and returns how many rows it touched.
func (t *Tx) Exec(query string, args ...any) (int64, error) {
	t.d.statements.Add(1)
	n, err := t.x.exec(t.ctx, query, convert(args))
	if err != nil {
		return 0, translate(err, query)
	}
	return n, nil
}

// Row is a row being read.
type Row interface{ Scan(dest ...any) error }

// Each calls fn for every row of a query, one at a time, in bounded memory.
// fn must run no other statement.
func (t *Tx) Each(fn func(Row) error, query string, args ...any) error {
	t.d.statements.Add(1)
	err := t.x.each(t.ctx, fn, query, convert(args))
	if own, ok := err.(rowFault); ok {
		return own.error
	}
	return translate(err, query)
}

// All returns every row of a query, each read by scan. The list is never nil.
func All[V any](t *Tx, scan func(Row, *V) error, query string, args ...any) ([]V, error) {
	list := []V{}
	err := t.Each(func(r Row) error {
		var v V
		if err := scan(r, &v); err != nil {
			return err
		}
		list = append(list, v)
		return nil
	}, query, args...)
	return list, err
}

// One returns the first row of a query; no row is a NotFound fault.
func One[V any](t *Tx, scan func(Row, *V) error, query string, args ...any) (V, error) {
	list, err := All(t, scan, query, args...)
	if err != nil || len(list) == 0 {
		var zero V
		if err == nil {
			err = fault.New(fault.NotFound, "not found")
		}
		return zero, err
	}
	return list[0], nil
}

// Value scans a single column, for All and One.
func Value[V any](r Row, v *V) error { return r.Scan(v) }

// Try runs fn in a savepoint: if fn fails, what it wrote is undone and the
// transaction goes on. The error is fn's.
func (t *Tx) Try(fn func() error) error {
	t.depth++
	defer func() { t.depth-- }()
	name := "try" + strconv.Itoa(t.depth)
	hooks, taken := len(t.hooks), t.taken
	if err := t.x.script(t.ctx, "SAVEPOINT "+name); err != nil {
		return fmt.Errorf("savepoint: %w", err)
	}
	t.taken = nil
	err := fn()
	if err == nil {
		t.keep(taken)
		return t.x.script(t.ctx, "RELEASE SAVEPOINT "+name)
	}
	t.giveBack() // many tries must not use up what the transaction has reserved
	t.hooks, t.taken = t.hooks[:hooks], taken
	for _, q := range []string{"ROLLBACK TO SAVEPOINT " + name, "RELEASE SAVEPOINT " + name} {
		if e := t.x.script(t.ctx, q); e != nil {
			return fmt.Errorf("%w (and the savepoint: %w)", err, e)
		}
	}
	return err
}

// Insert adds rows to a table in as few statements as the engine allows. cols
// is "org_id, id, name"; every row has as many values. suffix is what follows
// the VALUES, such as an ON CONFLICT clause.
func (t *Tx) Insert(table, cols string, rows [][]any, suffix ...string) error {
	if len(rows) == 0 {
		return nil
	}
	width := len(rows[0])
	args := make([]any, 0, len(rows)*width)
	for _, r := range rows {
		if len(r) != width {
			return fmt.Errorf("insert into %s: a row has %d values, not %d", table, len(r), width)
		}
		args = append(args, r...)
	}
	_, err := t.InsertFlat(table, cols, width, args, suffix...)
	return err
}

// InsertFlat is Insert with the values of all rows one after another, width
// of them a row. It returns how many rows there are more, or have changed.
func (t *Tx) InsertFlat(table, cols string, width int, args []any, suffix ...string) (int64, error) {
	rest := ""
	if len(suffix) > 0 {
		rest = strings.Join(suffix, " ")
	}
	chunk := max(1, min(1000, 30000/width)) * width
	var sum int64
	for len(args) > 0 {
		part := args[:min(chunk, len(args))]
		n, err := t.Exec(insertText(table, cols, rest, len(part)/width, width), part...)
		if err != nil {
			return 0, err
		}
		sum, args = sum+n, args[len(part):]
	}
	return sum, t.grew(table, sum)
}

// insertKey names the text of an insert.
type insertKey struct {
	table, cols, suffix string
	rows                int
}

// insertTexts remembers the texts that are worth preparing.
var insertTexts sync.Map

func insertText(table, cols, suffix string, rows, width int) string {
	k := insertKey{table, cols, suffix, rows}
	if q, ok := insertTexts.Load(k); ok {
		return q.(string)
	}
	q := "INSERT INTO " + table + " (" + cols + ") VALUES " + Tuples(rows, width) + " " + suffix
	if rows*width <= cachedArgs {
		insertTexts.Store(k, q)
	}
	return q
}

// Tuples returns "(?, ?), (?, ?)": n groups of width marks.
func Tuples(n, width int) string {
	one := "(" + Marks(width) + ")"
	return strings.Repeat(one+", ", n-1) + one
}

// Marks returns "?, ?, ?": n marks. For n = 0 it returns NULL, so that
// "IN (NULL)" matches nothing.
func Marks(n int) string {
	if n == 0 {
		return "NULL"
	}
	return strings.Repeat("?, ", n-1) + "?"
}

// Args turns ids into arguments for Marks.
func Args[V any](list []V) []any {
	out := make([]any, len(list))
	for i, v := range list {
		out[i] = v
	}
	return out
}
