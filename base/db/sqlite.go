package db

import (
	"context"
	"database/sql/driver"
	"errors"
	"fmt"
	"io"
	"sync"
	"sync/atomic"

	"modernc.org/sqlite"
)

// lite is one connection to SQLite, for one goroutine at a time. It speaks to
// the driver directly: what database/sql adds (a lock and a copy of every
// argument a statement, a pool that reopens) costs a tenth of a sell and buys
// nothing where the connections are ours.
type lite struct {
	conn  liteDriver
	stmts map[string]liteStmt
	args  []driver.NamedValue
	vals  []driver.Value
}

type liteDriver interface {
	driver.Conn
	driver.ConnPrepareContext
	driver.ExecerContext
	driver.Validator
}

type liteStmt interface {
	driver.Stmt
	driver.StmtExecContext
	driver.StmtQueryContext
}

// Limits of a connection's prepared statements: how many are kept, and how
// many arguments one may have to be kept (bulk statements of many sizes are
// not worth it).
const (
	maxStmts   = 1000
	cachedArgs = 300
)

func openLite(dsn string) (*lite, error) {
	c, err := new(sqlite.Driver).Open(dsn)
	if err != nil {
		return nil, err
	}
	return &lite{conn: c.(liteDriver), stmts: map[string]liteStmt{}}, nil
}

func (c *lite) close() error {
	for _, st := range c.stmts {
		st.Close()
	}
	c.stmts = nil
	return c.conn.Close()
}

// prepare returns the statement of a query and what has to be done after it.
func (c *lite) prepare(ctx context.Context, query string, args int) (liteStmt, func(), error) {
	if st := c.stmts[query]; st != nil {
		return st, func() {}, nil
	}
	p, err := c.conn.PrepareContext(context.WithoutCancel(ctx), query)
	if err != nil {
		return nil, nil, err
	}
	st := p.(liteStmt)
	if args > cachedArgs {
		return st, func() { st.Close() }, nil
	}
	for old, s := range c.stmts { // whichever comes first: the map has no order
		if len(c.stmts) < maxStmts {
			break
		}
		s.Close()
		delete(c.stmts, old)
	}
	c.stmts[query] = st
	return st, func() {}, nil
}

// bind turns arguments into the driver's; they hold until the next statement.
func (c *lite) bind(args []any) ([]driver.NamedValue, error) {
	list := c.args[:0]
	for i, a := range args {
		switch a.(type) {
		case nil, int64, string, []byte:
		default:
			v, err := driver.DefaultParameterConverter.ConvertValue(a)
			if err != nil {
				return nil, fmt.Errorf("argument %d: %w", i+1, err)
			}
			a = v
		}
		list = append(list, driver.NamedValue{Ordinal: i + 1, Value: a})
	}
	if cap(list) <= 4*cachedArgs {
		c.args = list
	}
	return list, nil
}

func (c *lite) exec(ctx context.Context, query string, args []any) (int64, error) {
	st, done, err := c.prepare(ctx, query, len(args))
	if err != nil {
		return 0, err
	}
	defer done()
	list, err := c.bind(args)
	if err != nil {
		return 0, err
	}
	res, err := st.ExecContext(ctx, list)
	if err != nil {
		return 0, err
	}
	return res.RowsAffected()
}

// script runs statements that are not worth keeping.
func (c *lite) script(ctx context.Context, query string) error {
	_, err := c.conn.ExecContext(ctx, query, nil)
	return err
}

func (c *lite) each(ctx context.Context, fn func(Row) error, query string, args []any) (err error) {
	st, done, err := c.prepare(ctx, query, len(args))
	if err != nil {
		return err
	}
	defer done()
	list, err := c.bind(args)
	if err != nil {
		return err
	}
	rows, err := st.QueryContext(ctx, list)
	if err != nil {
		return err
	}
	defer func() {
		if e := rows.Close(); err == nil {
			err = e
		}
	}()
	row := &liteRow{vals: c.vals[:0]}
	for range rows.Columns() {
		row.vals = append(row.vals, nil)
	}
	c.vals = row.vals
	for {
		switch err := rows.Next(row.vals); {
		case errors.Is(err, io.EOF):
			return nil
		case err != nil:
			return err
		}
		if err := fn(row); err != nil {
			return rowFault{err}
		}
	}
}

// litePool is SQLite's reading connections: opened when they are needed, the
// last one used first.
type litePool struct {
	dsn   string
	turn  chan struct{}
	waits atomic.Int64

	mu   sync.Mutex
	idle []*lite
}

func (p *litePool) take(ctx context.Context) (*lite, error) {
	select {
	case p.turn <- struct{}{}:
	default:
		p.waits.Add(1)
		select {
		case p.turn <- struct{}{}:
		case <-ctx.Done():
			return nil, ctx.Err()
		}
	}
	p.mu.Lock()
	if n := len(p.idle); n > 0 {
		c := p.idle[n-1]
		p.idle = p.idle[:n-1]
		p.mu.Unlock()
		return c, nil
	}
	p.mu.Unlock()
	c, err := openLite(p.dsn)
	if err != nil {
		<-p.turn
		return nil, err
	}
	return c, nil
}

func (p *litePool) give(c *lite) {
	if c.conn.IsValid() { // an interrupted one is not
		p.mu.Lock()
		p.idle = append(p.idle, c)
		p.mu.Unlock()
	} else {
		c.close()
	}
	<-p.turn
}

// close waits for the readers at work and closes the connections.
func (p *litePool) close() {
	for range cap(p.turn) {
		p.turn <- struct{}{}
	}
	p.mu.Lock()
	defer p.mu.Unlock()
	for _, c := range p.idle {
		c.close()
	}
	p.idle = nil
}
