// Package db is the only door to the database. One SQL text serves SQLite and
// PostgreSQL: statements use "?" and the subset that both engines speak.
//
// Times are stored as microseconds since 1970 UTC, flags as 0 and 1, decimals
// as millionths (dec.D). Arguments of type time.Time, *time.Time, bool and
// dec.D are converted on the way in (the zero time is NULL); T, B, S and I
// read them back.
package db

import (
	"bufio"
	"context"
	"errors"
	"fmt"
	"io"
	"runtime"
	"runtime/debug"
	"strings"
	"sync/atomic"
	"time"

	"github.com/jackc/pgx/v5"
	"github.com/jackc/pgx/v5/pgproto3"
	"github.com/jackc/pgx/v5/pgxpool"

	"storehouse/base/fault"
)

// DB is an open database.
type DB struct {
	pg    *pgxpool.Pool // PostgreSQL; nil on SQLite
	lite  *lite         // SQLite's only writing connection; serveWrites' own
	reads *litePool     // SQLite's reading connections

	checkpoints *checkpointer // SQLite's

	ids    allocator
	growth growth // PostgreSQL's tables

	queue   chan *task // SQLite's waiting writes
	closed  chan struct{}
	drained chan struct{}

	statements, commits atomic.Int64

	// Now is the clock. Tests set it before the first transaction.
	Now func() time.Time
}

// Config says which database to open.
type Config struct {
	URL      string // postgres://…; empty for SQLite
	Path     string // SQLite's file
	MaxConns int    // PostgreSQL's pool; 0 is a default by core count
	ExecMode string // pgx's default_query_exec_mode, for poolers; "" is cached statements
}

// Open opens a database. It makes no tables: see Migrate.
func Open(ctx context.Context, c Config) (*DB, error) {
	d := &DB{Now: time.Now, closed: make(chan struct{}), drained: make(chan struct{})}
	if c.URL != "" {
		return d, d.openPostgres(ctx, c)
	}
	return d, d.openSQLite(ctx, c)
}

// readAhead is how much of an answer a connection reads at once, in bytes, where
// so much is there: the driver's 8 kB make a system call of every few rows.
const readAhead = 64 << 10

func (d *DB) openPostgres(ctx context.Context, c Config) error {
	close(d.drained)
	pc, err := pgxpool.ParseConfig(c.URL)
	if err != nil {
		return fmt.Errorf("database url: %w", err)
	}
	n := c.MaxConns
	if n <= 0 {
		n = max(8, 4*runtime.NumCPU())
	}
	pc.MaxConns = int32(n)
	pc.MaxConnIdleTime = 5 * time.Minute
	pc.ConnConfig.RuntimeParams["application_name"] = "storehouse"
	pc.ConnConfig.RuntimeParams["timezone"] = "UTC"
	if c.ExecMode != "" {
		mode, ok := map[string]pgx.QueryExecMode{"cache_statement": pgx.QueryExecModeCacheStatement, "cache_describe": pgx.QueryExecModeCacheDescribe,
			"describe_exec": pgx.QueryExecModeDescribeExec, "exec": pgx.QueryExecModeExec, "simple_protocol": pgx.QueryExecModeSimpleProtocol}[c.ExecMode]
		if !ok {
			return fmt.Errorf("unknown database exec mode %q", c.ExecMode)
		}
		pc.ConnConfig.DefaultQueryExecMode = mode
	}
	pc.ConnConfig.BuildFrontend = func(r io.Reader, w io.Writer) *pgproto3.Frontend {
		return pgproto3.NewFrontend(bufio.NewReaderSize(r, readAhead), w)
	}
	pool, err := pgxpool.NewWithConfig(ctx, pc)
	if err != nil {
		return fmt.Errorf("database url: %w", err)
	}
	d.pg = pool
	return pool.Ping(ctx)
}

func (d *DB) openSQLite(ctx context.Context, c Config) error {
	const common = "?_pragma=journal_mode(wal)&_pragma=foreign_keys(1)&_pragma=busy_timeout(10000)&_pragma=synchronous(full)&_pragma=temp_store(memory)"
	path := "file:" + strings.NewReplacer("?", "%3f", "#", "%23").Replace(c.Path)
	var err error
	if d.lite, err = openLite(fmt.Sprintf("%s%s&_pragma=cache_size(-32000)&_pragma=wal_autocheckpoint(%d)", path, common, mostLogPages)); err != nil {
		return err
	}
	d.checkpoints = newCheckpointer(path + common)
	d.reads = &litePool{dsn: path + common + "&_pragma=cache_size(-8000)&_pragma=query_only(1)", turn: make(chan struct{}, max(8, 4*runtime.NumCPU()))}
	d.queue = make(chan *task, 256)
	go d.serveWrites()
	return d.Ping(ctx)
}

// Postgres reports whether the engine is PostgreSQL.
func (d *DB) Postgres() bool { return d.pg != nil }

// Ping reports whether the database answers.
func (d *DB) Ping(ctx context.Context) error {
	if d.pg != nil {
		return d.pg.Ping(ctx)
	}
	c, err := d.reads.take(ctx)
	if err != nil {
		return err
	}
	defer d.reads.give(c)
	return c.each(ctx, func(Row) error { return nil }, "SELECT 1", nil)
}

// Counts returns how many statements and commits there have been, for tests
// and metrics. Transaction control is not a statement; a group of SQLite
// writes that share a commit counts one.
func (d *DB) Counts() (statements, commits int64) { return d.statements.Load(), d.commits.Load() }

// Pool returns how many connections run a request, and how many requests have
// waited for one. SQLite's only writer is not among them.
func (d *DB) Pool() (inUse int, waits int64) {
	if d.pg != nil {
		s := d.pg.Stat()
		return int(s.AcquiredConns()), s.EmptyAcquireCount()
	}
	return len(d.reads.turn), d.reads.waits.Load()
}

// Close waits for the transactions in hand and closes the database.
func (d *DB) Close() error {
	select {
	case <-d.closed:
		return nil
	default:
	}
	close(d.closed)
	if d.pg != nil {
		d.pg.Close()
		return nil
	}
	if d.lite == nil { // it was never open
		return nil
	}
	<-d.drained
	d.reads.close()
	d.checkpoints.close()
	return d.lite.close()
}

// View runs fn with read-only statements for one organization. On SQLite they
// see one snapshot; on PostgreSQL each sees what is committed when it runs,
// as in any READ COMMITTED transaction.
func (d *DB) View(ctx context.Context, org int64, fn func(*Tx) error) error {
	t := d.tx(ctx, org)
	if d.pg != nil {
		c, err := d.pg.Acquire(ctx)
		if err != nil {
			return fmt.Errorf("connect: %w", err)
		}
		defer c.Release()
		t.x = pgEngine{c}
		return protect(t, fn)
	}
	c, err := d.reads.take(ctx)
	if err != nil {
		return fmt.Errorf("connect: %w", err)
	}
	defer d.reads.give(c)
	own := context.WithoutCancel(ctx)
	if _, err := c.exec(own, "BEGIN", nil); err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _, _ = c.exec(own, "ROLLBACK", nil) }() // SQLite may have done it already
	t.x = c
	return protect(t, fn)
}

// Update runs fn in a write transaction for one organization and commits if
// fn returns nil. It runs fn again when the engine asks for a retry or more
// ids have to be reserved, so fn must touch nothing but tx and values that it
// sets anew each time. Never call Update or View inside fn.
func (d *DB) Update(ctx context.Context, org int64, fn func(*Tx) error) error {
	if d.pg != nil {
		return d.updatePostgres(ctx, org, fn)
	}
	return d.updateSQLite(ctx, org, fn)
}

// ErrRollback, returned by the function given to Update, undoes its writes
// and makes Update return nil: the answer stands, the writes do not.
var ErrRollback = errors.New("roll back")

func (d *DB) updatePostgres(ctx context.Context, org int64, fn func(*Tx) error) error {
	looks := 0
	for try := 1; ; try++ {
		err := d.oncePostgres(ctx, org, fn)
		var need *refill
		switch {
		case err == nil || errors.Is(err, ErrRollback):
			return nil
		case errors.As(err, &need):
			if err := d.reserve(ctx, pgEngine{d.pg}, need); err != nil {
				return err
			}
			if try < 100 { // each series can ask once or twice: no storm
				continue
			}
			return err
		case looks < 2 && overtaken(err):
			// Somebody deleted, or referred to, a row between fn's look and its
			// write, or took a name: when it looks again, fn can say so in its own
			// words, and of which row.
			looks++
			continue
		case try >= 8 || !retryable(err):
			return err
		}
		if err := pause(ctx, try); err != nil {
			return err
		}
	}
}

func (d *DB) oncePostgres(ctx context.Context, org int64, fn func(*Tx) error) error {
	tx, err := d.pg.BeginTx(ctx, pgx.TxOptions{IsoLevel: pgx.ReadCommitted})
	if err != nil {
		return fmt.Errorf("begin: %w", err)
	}
	defer func() { _ = tx.Rollback(context.WithoutCancel(ctx)) }() // nothing after a commit
	t := d.tx(ctx, org)
	t.x = pgEngine{tx}
	if err := protect(t, fn); err != nil {
		if _, ok := errors.AsType[*refill](err); ok {
			t.giveBack()
		}
		return err
	}
	// Whoever goes away now gets what was asked for: a commit that is cut off
	// might have happened or not.
	if err := tx.Commit(context.WithoutCancel(ctx)); err != nil {
		return fmt.Errorf("commit: %w", err)
	}
	d.commits.Add(1)
	t.after()
	return nil
}

// protect turns a panic into an error, so that one bad request never takes a
// group of writes, or the process, with it.
func protect(t *Tx, fn func(*Tx) error) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	return fn(t)
}

func (d *DB) tx(ctx context.Context, org int64) *Tx {
	return &Tx{Org: org, Now: d.Now().UTC().Truncate(time.Microsecond), ctx: ctx, d: d}
}

// errClosed is what a write gets after Close.
var errClosed = fault.New(fault.Internal, "the server is stopping")
