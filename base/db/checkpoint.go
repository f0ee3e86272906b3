package db

import (
	"context"
	"log/slog"
	"sync/atomic"
)

// SQLite moves its log into the database file now and then (a checkpoint),
// by default inside a commit: every write waits while thousands of pages reach
// the disk. Here a connection of its own does it beside the writes, and the
// writer only takes what came meanwhile, so that the log can begin anew.
const (
	checkpointWrites = 1_024  // writes between two checkpoints
	logPages         = 4_000  // of the log, from which on the writer lets it begin anew
	mostLogPages     = 20_000 // of the log, where a commit does all of it, as SQLite would
)

type checkpointer struct {
	dsn    string
	conn   *lite         // opened when there is work
	writes int           // since the last one; the writer's own
	wake   chan struct{} // holds one
	full   atomic.Bool   // the log is long, and nearly all of it is in the file
	done   chan struct{}
}

func newCheckpointer(dsn string) *checkpointer {
	c := &checkpointer{dsn: dsn, wake: make(chan struct{}, 1), done: make(chan struct{})}
	go c.serve()
	return c
}

// wrote is told by the writer how many writes it has committed.
func (c *checkpointer) wrote(n int) {
	if c.writes += n; c.writes < checkpointWrites {
		return
	}
	c.writes = 0
	select {
	case c.wake <- struct{}{}:
	default: // it is at work
	}
}

func (c *checkpointer) serve() {
	defer close(c.done)
	for range c.wake {
		if err := c.run(); err != nil {
			slog.Error("checkpoint", "err", err)
		}
	}
}

func (c *checkpointer) run() (err error) {
	if c.conn == nil {
		if c.conn, err = openLite(c.dsn); err != nil {
			return err
		}
	}
	pages, err := c.conn.checkpoint()
	c.full.Store(pages >= logPages)
	return err
}

// finish lets the writer, between two transactions, take what is left of a
// long log.
func (c *checkpointer) finish(writer *lite) {
	if !c.full.Load() {
		return
	}
	c.full.Store(false)
	if _, err := writer.checkpoint(); err != nil {
		slog.Error("checkpoint", "err", err)
	}
}

func (c *checkpointer) close() {
	close(c.wake)
	<-c.done
	if c.conn != nil {
		c.conn.close()
	}
}

// checkpoint moves what it can of the log without waiting for anybody, and
// returns how many pages the log has.
func (c *lite) checkpoint() (pages int64, err error) {
	var busy, moved int64
	err = c.each(context.Background(), func(r Row) error { return r.Scan(&busy, &pages, &moved) }, "PRAGMA wal_checkpoint(PASSIVE)", nil)
	return pages, err
}
