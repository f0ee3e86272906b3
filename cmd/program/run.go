package program

import (
	"context"
	"errors"
	"log/slog"
	"time"

	"storehouse/base/db"
	"storehouse/base/job"
	"storehouse/core/org"
	"storehouse/core/sale"
	"storehouse/face/web"
	"storehouse/schema"
)

// flushEvery is how often it is written who was active.
const flushEvery = 30 * time.Second

// Start runs what the program does beside answering: jobs, and writing down
// who was active.
func (p *Program) Start() error {
	if err := p.Jobs.Start(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	p.stop, p.flushed = cancel, make(chan struct{})
	go func() {
		defer close(p.flushed)
		t := time.NewTicker(flushEvery)
		defer t.Stop()
		for {
			select {
			case <-ctx.Done():
				return
			case <-t.C:
				p.flush(ctx)
			}
		}
	}()
	return nil
}

func (p *Program) flush(ctx context.Context) {
	if err := p.activity.Flush(ctx, p.DB); err != nil && ctx.Err() == nil {
		slog.Error("who was active could not be written", "error", err)
	}
}

// Drain makes the program say that it takes no more work, so that what stands
// before it sends none.
func (p *Program) Drain() { p.draining.Store(true) }

// Stop lets the jobs at work end until ctx does, and hands the rest back. No
// request may be running any more.
func (p *Program) Stop(ctx context.Context) {
	if p.stop == nil {
		return
	}
	p.Jobs.Stop(ctx)
	p.stop()
	<-p.flushed
	p.flush(context.WithoutCancel(ctx))
}

// ready is what /readyz asks.
func (p *Program) ready(ctx context.Context) error {
	if p.draining.Load() {
		return errors.New("stopping")
	}
	if err := p.DB.Ping(ctx); err != nil {
		return err
	}
	pending, err := p.DB.Pending(ctx, schema.FS)
	if err == nil && len(pending) > 0 {
		err = errors.New("migrations are pending: " + pending[0])
	}
	return err
}

// How long what is of no more use is kept.
const (
	keepJobs = 7 * 24 * time.Hour
	keepKeys = 48 * time.Hour // idempotency keys
)

// housekeeping sweeps what is of no more use.
func (p *Program) housekeeping() {
	p.Jobs.Every("sweep.jobs", time.Hour, func(ctx context.Context, _ job.Job) error {
		return p.DB.Update(ctx, 0, func(tx *db.Tx) error {
			_, err := job.Prune(tx, tx.Now.Add(-keepJobs))
			return err
		})
	})
	p.Jobs.Every("sale.recur", recurEvery, p.recur)
	p.Jobs.Every("sweep.credentials", 6*time.Hour, p.eachOrganization(sweep))
}

// sweep forgets what of tx's organization is of no more use.
func sweep(tx *db.Tx) error {
	if _, err := org.SweepTokens(tx); err != nil {
		return err
	}
	return web.SweepKeys(tx, tx.Now.Add(-keepKeys))
}

// recurEvery is how often it is looked for invoices that recurring sells owe.
const recurEvery = 5 * time.Minute

// recur makes the invoices that recurring sells owe, a transaction each, so
// that one that cannot be made holds up no other.
func (p *Program) recur(ctx context.Context, _ job.Job) error {
	var orgs []org.Organization
	err := p.DB.View(ctx, 0, func(tx *db.Tx) (err error) {
		orgs, err = org.List(tx)
		return err
	})
	errs := []error{err}
	for _, o := range orgs {
		var owing []int64
		errs = append(errs, p.DB.View(ctx, o.ID, func(tx *db.Tx) (err error) {
			owing, err = sale.Owing(tx)
			return err
		}))
		for _, id := range owing {
			errs = append(errs, p.DB.Update(ctx, o.ID, func(tx *db.Tx) error {
				_, err := sale.Recur(tx, id)
				return err
			}))
		}
	}
	return errors.Join(errs...)
}

// eachOrganization is a job that does the same for every organization, a
// transaction each, and for 0, under which stands what is asked before an
// organization is chosen.
func (p *Program) eachOrganization(fn func(*db.Tx) error) job.Handler {
	return func(ctx context.Context, _ job.Job) error {
		var list []org.Organization
		err := p.DB.View(ctx, 0, func(tx *db.Tx) (err error) {
			list, err = org.List(tx)
			return err
		})
		if err != nil {
			return err
		}
		var errs []error
		for _, o := range append(list, org.Organization{}) {
			errs = append(errs, p.DB.Update(ctx, o.ID, fn))
		}
		return errors.Join(errs...)
	}
}
