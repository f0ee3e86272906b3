package job

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	mrand "math/rand/v2"
	"os"
	"runtime/debug"
	"sync"
	"time"

	"storehouse/base/db"
)

// Handler does a job. It may run more than once for one job, also at the same
// time when its worker was thought dead, so what it does must be safe to
// repeat. It opens its own transactions. The context ends when the server
// stops, the job is canceled or the lease is lost.
type Handler func(ctx context.Context, j Job) error

// Runner takes jobs and does them.
type Runner struct {
	Workers int                                           // jobs at once; default 4
	Poll    time.Duration                                 // how often it looks when nothing wakes it; default 1 s
	Lease   time.Duration                                 // how long a worker may be silent; default 1 min
	Backoff func(try int64) time.Duration                 // wait after the nth try failed; default 10 s doubled, to an hour
	OnDone  func(kind string, d time.Duration, err error) // for metrics; may be nil
	Log     *slog.Logger

	db        *db.DB
	name      string
	handlers  map[string]Handler
	schedules []schedule
	wake      chan struct{}

	mu      sync.Mutex
	busy    map[int64]context.CancelFunc
	stop    context.CancelFunc
	stopped chan struct{}
}

// New returns a runner for a database. Set its fields and handlers, then
// Start it.
func New(d *db.DB) *Runner {
	host, _ := os.Hostname()
	return &Runner{Workers: 4, Poll: time.Second, Lease: time.Minute, Backoff: Backoff, Log: slog.Default(),
		db: d, name: fmt.Sprintf("%s:%d:%s", host, os.Getpid(), rand.Text()[:6]),
		handlers: map[string]Handler{}, wake: make(chan struct{}, 1), busy: map[int64]context.CancelFunc{}}
}

// Backoff is the default wait after the nth failed try: 10 s doubled, to an
// hour, with a quarter of jitter either way so that jobs that failed together
// do not come back together.
func Backoff(try int64) time.Duration {
	d := min(10*time.Second<<min(max(try-1, 0), 20), time.Hour)
	return d*3/4 + mrand.N(d/2)
}

// Handle says how jobs of a kind are done. Jobs of kinds without a handler
// wait: another server may know them.
func (r *Runner) Handle(kind string, h Handler) { r.handlers[kind] = h }

// fatal is an error that trying again cannot mend.
type fatal struct{ error }

func (f fatal) Unwrap() error { return f.error }

// Fatal marks an error as one that trying again cannot mend: the job is dead
// at once.
func Fatal(err error) error { return fatal{err} }

// later is an error that says itself when to try again.
type later struct {
	error
	wait time.Duration
}

func (l later) Unwrap() error { return l.error }

// Later marks an error as one that says when to try again, such as a server's
// Retry-After. The try is counted like any.
func Later(wait time.Duration, err error) error { return later{err, wait} }

// Start runs jobs until Stop. Call it once.
func (r *Runner) Start() error {
	if err := r.plan(); err != nil {
		return err
	}
	ctx, cancel := context.WithCancel(context.Background())
	r.stop, r.stopped = cancel, make(chan struct{})
	waking.Lock()
	if waking.runners == nil {
		waking.runners = map[*Runner]bool{}
	}
	waking.runners[r] = true
	waking.Unlock()
	go r.loop(ctx)
	return nil
}

// Stop takes no more jobs and waits for those at work until ctx ends; then
// they are told to stop, and what they leave undone is handed back, to be
// done by the next server at once.
func (r *Runner) Stop(ctx context.Context) {
	if r.stop == nil {
		return
	}
	waking.Lock()
	delete(waking.runners, r)
	waking.Unlock()
	r.stop()
	select {
	case <-r.stopped:
		return
	case <-ctx.Done():
	}
	r.mu.Lock()
	for _, cancel := range r.busy {
		cancel()
	}
	r.mu.Unlock()
	select {
	case <-r.stopped:
	case <-time.After(5 * time.Second): // a handler that ignores its context: its lease will end
	}
}

func (r *Runner) loop(ctx context.Context) {
	var workers sync.WaitGroup
	defer close(r.stopped)
	defer workers.Wait()
	free := make(chan struct{}, r.Workers)
	for range r.Workers {
		free <- struct{}{}
	}
	for ctx.Err() == nil {
		if err := r.tickSchedules(ctx); err != nil && ctx.Err() == nil {
			r.Log.Error("job schedules", "error", err)
		}
		select {
		case <-free:
		case <-ctx.Done():
			return
		}
		n := 1
	more:
		for n < r.Workers {
			select {
			case <-free:
				n++
			default:
				break more
			}
		}
		jobs, next, err := r.take(ctx, n)
		if err != nil && ctx.Err() == nil {
			r.Log.Error("take jobs", "error", err)
		}
		for range n - len(jobs) {
			free <- struct{}{}
		}
		for _, j := range jobs {
			workers.Go(func() {
				r.do(ctx, j)
				free <- struct{}{}
				if len(jobs) == n { // there may be more
					r.nudge()
				}
			})
		}
		r.sleep(ctx, next)
	}
}

func (r *Runner) nudge() {
	select {
	case r.wake <- struct{}{}:
	default:
	}
}

func (r *Runner) sleep(ctx context.Context, next time.Time) {
	wait := r.Poll
	if d := next.Sub(r.db.Now()); !next.IsZero() && d < wait {
		wait = max(d, 5*time.Millisecond)
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-r.wake:
	case <-t.C:
	}
}

// RunDue does all jobs that are due, one after the other, until there are no
// more, and returns how many; for tests and tools.
func (r *Runner) RunDue(ctx context.Context) (int, error) {
	n := 0
	for {
		if err := r.tickSchedules(ctx); err != nil {
			return n, err
		}
		jobs, _, err := r.take(ctx, 1)
		if err != nil || len(jobs) == 0 {
			return n, err
		}
		r.do(ctx, jobs[0])
		n++
	}
}

// do runs one job that was taken and writes how it went.
func (r *Runner) do(stopping context.Context, j Job) {
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	r.mu.Lock()
	r.busy[j.ID] = cancel
	r.mu.Unlock()
	beating := make(chan struct{})
	go func() {
		defer close(beating)
		r.heartbeat(ctx, j, cancel)
	}()
	start := time.Now()
	err := r.call(ctx, j)
	interrupted := err != nil && ctx.Err() != nil && stopping.Err() != nil
	cancel()
	<-beating
	r.mu.Lock()
	delete(r.busy, j.ID)
	r.mu.Unlock()
	if r.OnDone != nil {
		r.OnDone(j.Kind, time.Since(start), err)
	}
	if err != nil {
		r.Log.Warn("job failed", "job", j.ID, "kind", j.Kind, "org", j.Org, "try", j.Tries, "error", err)
	}
	if err := r.finish(j, err, interrupted); err != nil {
		r.Log.Error("job result not written", "job", j.ID, "kind", j.Kind, "error", err)
	}
}

func (r *Runner) call(ctx context.Context, j Job) (err error) {
	defer func() {
		if p := recover(); p != nil {
			err = fmt.Errorf("panic: %v\n%s", p, debug.Stack())
		}
	}()
	h := r.handlers[j.Kind]
	if h == nil {
		return Fatal(errors.New("no handler"))
	}
	return h(ctx, j)
}

// heartbeat renews the lease of a running job until its context ends; a lease
// that is no longer ours ends the context.
func (r *Runner) heartbeat(ctx context.Context, j Job, lost context.CancelFunc) {
	t := time.NewTicker(max(r.Lease/3, time.Millisecond))
	defer t.Stop()
	for {
		select {
		case <-ctx.Done():
			return
		case <-t.C:
			held, err := r.renew(ctx, j)
			if ctx.Err() != nil {
				return
			}
			if err != nil {
				r.Log.Error("job lease", "job", j.ID, "error", err)
			} else if !held {
				lost()
				return
			}
		}
	}
}
