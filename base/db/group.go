package db

import (
	"context"
	"errors"
	"fmt"
	"time"
)

// A task is one write waiting for SQLite.
type task struct {
	ctx  context.Context
	org  int64
	fn   func(*Tx) error
	tx   *Tx
	err  error
	done chan struct{}
}

// Limits of a group of writes that share one commit.
const (
	groupTasks = 64
	groupTime  = 10 * time.Millisecond
)

func (d *DB) updateSQLite(ctx context.Context, org int64, fn func(*Tx) error) error {
	t := &task{ctx: ctx, org: org, fn: fn, done: make(chan struct{})}
	select {
	case d.queue <- t:
	case <-d.closed:
		return errClosed
	case <-ctx.Done():
		return ctx.Err()
	}
	// Once queued a task is always answered: the writer drains the queue.
	select {
	case <-t.done:
	case <-d.drained:
		select {
		case <-t.done:
		default:
			return errClosed
		}
	}
	if t.err != nil {
		if errors.Is(t.err, ErrRollback) {
			return nil
		}
		return t.err
	}
	t.tx.after()
	return nil
}

// serveWrites is SQLite's only writer. It takes the writes that wait and
// commits them together, a savepoint each, so that they share one sync to
// disk; each is answered only after that sync.
func (d *DB) serveWrites() {
	defer close(d.drained)
	for {
		select {
		case t := <-d.queue:
			d.group(t)
		case <-d.closed:
			for {
				select {
				case t := <-d.queue:
					d.group(t)
				default:
					return
				}
			}
		}
	}
}

func (d *DB) group(first *task) {
	var list []*task
	fail := func(err error) {
		d.ids.reset() // blocks reserved in a lost transaction are not ours
		for _, t := range list {
			if t.err == nil || errors.Is(t.err, ErrRollback) {
				t.err = err
			}
		}
	}
	defer func() {
		for _, t := range list {
			close(t.done)
		}
	}()
	list = append(list, first)
	d.checkpoints.finish(d.lite)
	ctx := context.Background()
	if _, err := d.lite.exec(ctx, "BEGIN IMMEDIATE", nil); err != nil {
		fail(fmt.Errorf("begin: %w", err))
		return
	}
	done := false
	defer func() {
		if !done {
			_, _ = d.lite.exec(ctx, "ROLLBACK", nil) // SQLite may have done it already
		}
	}()
	start := time.Now()
	if err := d.runTask(first); err != nil {
		fail(err)
		return
	}
more:
	for len(list) < groupTasks && time.Since(start) < groupTime {
		select {
		case t := <-d.queue:
			list = append(list, t)
			if err := d.runTask(t); err != nil {
				fail(err)
				return
			}
		default:
			break more
		}
	}
	if _, err := d.lite.exec(ctx, "COMMIT", nil); err != nil {
		fail(fmt.Errorf("commit: %w", err))
		return
	}
	done = true
	d.commits.Add(1)
	d.checkpoints.wrote(len(list))
}

// runTask runs one task in a savepoint. The error it returns is of the whole
// transaction; the task's own is in the task.
func (d *DB) runTask(t *task) error {
	if t.err = t.ctx.Err(); t.err != nil {
		return nil
	}
	// The statements must not be interrupted when one caller goes away: SQLite
	// would roll back everybody's work.
	ctx := context.WithoutCancel(t.ctx)
	for try := 0; ; try++ {
		if _, err := d.lite.exec(ctx, "SAVEPOINT task", nil); err != nil {
			return fmt.Errorf("savepoint: %w", err)
		}
		t.tx = d.tx(ctx, t.org)
		t.tx.x = d.lite
		t.err = protect(t.tx, t.fn)
		if t.err == nil {
			if _, err := d.lite.exec(ctx, "RELEASE task", nil); err != nil {
				return fmt.Errorf("release: %w", err)
			}
			return nil
		}
		if err := d.lite.script(ctx, "ROLLBACK TO task; RELEASE task"); err != nil {
			return fmt.Errorf("roll back: %w (after %w)", err, t.err)
		}
		var need *refill
		if !errors.As(t.err, &need) || try > 100 {
			return nil
		}
		t.tx.giveBack()
		if err := d.reserve(ctx, d.lite, need); err != nil {
			return err
		}
	}
}
