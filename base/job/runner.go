package job

import (
	"context"
	"crypto/rand"
	"errors"
	"fmt"
	"log/slog"
	"maps"
	mrand "math/rand/v2"
	"os"
	"runtime/debug"
	"slices"
	"sync"
	"sync/atomic"
	"time"

	"storehouse/base/db"
)

// Handler does a job. It may run more than once for one job, also at the same
// time when its worker was thought dead, so what it does must be safe to
// repeat. It opens its own transactions. The context ends when the server
// stops, the job is canceled or the lease is lost.
type Handler func(ctx context.Context, j Job) error

// TxHandler does a job that is nothing but one transaction of the job's
// organization. Its effect and the job's end are committed together, so it
// happens exactly once. It may run again when the engine asks for a retry, so
// it must touch nothing but tx.
type TxHandler func(tx *db.Tx, j Job) error

// Runner takes jobs and does them.
type Runner struct {
	Workers int                                           // jobs at once that reach outside; default 4
	Writers int                                           // jobs at once that are one transaction; default 32 on SQLite, whose writes share commits, 4 on PostgreSQL
	Poll    time.Duration                                 // how often it looks when nothing wakes it; default 1 s
	Lease   time.Duration                                 // how long a worker may be silent; default 1 min
	Backoff func(try int64) time.Duration                 // wait after the nth try failed; default 10 s doubled, to an hour
	OnDone  func(kind string, d time.Duration, err error) // for metrics; may be nil
	Log     *slog.Logger

	db        *db.DB
	name      string
	handlers  map[string]Handler
	writers   map[string]TxHandler
	schedules []schedule
	lanes     []*lane

	mu      sync.Mutex
	busy    map[int64]context.CancelFunc
	stop    context.CancelFunc
	stopped chan struct{}
}

// lane is one of a runner's two rows of workers. What reaches outside may take
// its time, and must not keep what is one short transaction waiting.
type lane struct {
	kinds   []string
	workers int
	batch   int // jobs taken and not done at most
	low     int // more are taken when no more than so many are left
	wake    chan struct{}
	do      func(stopping context.Context, j Job)
	tick    func(context.Context) error // may be nil
}

// New returns a runner for a database. Set its fields and handlers, then
// Start it.
func New(d *db.DB) *Runner {
	host, _ := os.Hostname()
	writers := 32
	if d.Postgres() {
		writers = 4
	}
	return &Runner{Workers: 4, Writers: writers, Poll: time.Second, Lease: time.Minute, Backoff: Backoff, Log: slog.Default(),
		db: d, name: fmt.Sprintf("%s:%d:%s", host, os.Getpid(), rand.Text()[:6]),
		handlers: map[string]Handler{}, writers: map[string]TxHandler{}, busy: map[int64]context.CancelFunc{}}
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

// HandleTx says how jobs of a kind that are one transaction are done.
func (r *Runner) HandleTx(kind string, h TxHandler) { r.writers[kind] = h }

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
	outside := &lane{kinds: slices.Sorted(maps.Keys(r.handlers)), workers: r.Workers, batch: r.Workers, low: r.Workers - 1, do: r.do, tick: r.tickSchedules}
	// A lane of transactions takes more than it does at once, so that it never
	// waits for the taking.
	inside := &lane{kinds: slices.Sorted(maps.Keys(r.writers)), workers: r.Writers, batch: 2 * r.Writers, low: r.Writers, do: r.write}
	waking.Lock()
	r.lanes = []*lane{outside, inside}
	for _, l := range r.lanes {
		l.wake = make(chan struct{}, 1)
	}
	if waking.runners == nil {
		waking.runners = map[*Runner]bool{}
	}
	waking.runners[r] = true
	waking.Unlock()
	var lanes sync.WaitGroup
	for _, l := range r.lanes {
		lanes.Go(func() { r.loop(ctx, l) })
	}
	go func() {
		lanes.Wait()
		close(r.stopped)
	}()
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

// loop does a lane's jobs until ctx ends.
func (r *Runner) loop(ctx context.Context, l *lane) {
	var workers sync.WaitGroup
	defer workers.Wait()
	queue := make(chan Job, l.batch)
	defer close(queue)
	var left atomic.Int64
	for range l.workers {
		workers.Go(func() {
			for j := range queue {
				l.do(ctx, j)
				if int(left.Add(-1)) == l.low {
					l.nudge()
				}
			}
		})
	}
	for ctx.Err() == nil {
		if l.tick != nil {
			if err := l.tick(ctx); err != nil && ctx.Err() == nil {
				r.Log.Error("job schedules", "error", err)
			}
		}
		next, more := time.Time{}, false
		if n := l.batch - int(left.Load()); n >= l.batch-l.low {
			jobs, due, err := r.take(ctx, l.kinds, n)
			if err != nil && ctx.Err() == nil {
				r.Log.Error("take jobs", "error", err)
			}
			left.Add(int64(len(jobs)))
			for _, j := range jobs {
				queue <- j
			}
			next, more = due, len(jobs) == n && int(left.Load()) <= l.low
		}
		if !more {
			r.sleep(ctx, l, next)
		}
	}
}

func (l *lane) nudge() {
	select {
	case l.wake <- struct{}{}:
	default:
	}
}

func (r *Runner) sleep(ctx context.Context, l *lane, next time.Time) {
	wait := r.Poll
	if d := next.Sub(r.db.Now()); !next.IsZero() && d < wait {
		wait = max(d, 5*time.Millisecond)
	}
	t := time.NewTimer(wait)
	defer t.Stop()
	select {
	case <-ctx.Done():
	case <-l.wake:
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
		jobs, _, err := r.take(ctx, slices.Concat(slices.Collect(maps.Keys(r.handlers)), slices.Collect(maps.Keys(r.writers))), 1)
		if err != nil || len(jobs) == 0 {
			return n, err
		}
		if r.writers[jobs[0].Kind] != nil {
			r.write(ctx, jobs[0])
		} else {
			r.do(ctx, jobs[0])
		}
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
	r.end(j, start, err, interrupted)
}

// write runs one job that is a transaction: what it does and that it is done
// are committed together.
func (r *Runner) write(stopping context.Context, j Job) {
	start := time.Now()
	if err := stopping.Err(); err != nil {
		r.end(j, start, err, true)
		return
	}
	err := r.db.Update(context.Background(), j.Org, func(tx *db.Tx) error {
		if err := r.writers[j.Kind](tx, j); err != nil {
			return err
		}
		return r.done(tx, j)
	})
	if err == nil {
		if r.OnDone != nil {
			r.OnDone(j.Kind, time.Since(start), nil)
		}
		return
	}
	r.end(j, start, err, false)
}

// end writes how a try went that did not say so itself.
func (r *Runner) end(j Job, start time.Time, err error, interrupted bool) {
	if r.OnDone != nil {
		r.OnDone(j.Kind, time.Since(start), err)
	}
	if err != nil && !interrupted {
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
