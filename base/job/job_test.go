package job_test

import (
	"context"
	"errors"
	"log/slog"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/fault"
	"storehouse/base/job"
)

// clock is a clock that a test moves.
type clock struct{ at atomic.Int64 }

func (c *clock) now() time.Time          { return time.UnixMicro(c.at.Load()).UTC() }
func (c *clock) advance(d time.Duration) { c.at.Add(d.Microseconds()) }

func setup(t *testing.T, d *db.DB) (*job.Runner, *clock) {
	c := &clock{}
	c.at.Store(dbtest.Now.UnixMicro())
	d.Now = c.now
	return runner(d), c
}

func runner(d *db.DB) *job.Runner {
	r := job.New(d)
	r.Log = slog.New(slog.DiscardHandler)
	r.Poll = 10 * time.Millisecond
	r.Backoff = func(try int64) time.Duration { return time.Duration(try) * time.Minute }
	return r
}

func add(t *testing.T, d *db.DB, j job.Job) int64 {
	t.Helper()
	var id int64
	dbtest.Do(t, d, func(tx *db.Tx) (err error) {
		id, err = job.Add(tx, j)
		return err
	})
	return id
}

func get(t *testing.T, d *db.DB, id int64) (job.Job, []job.Run) {
	t.Helper()
	var j job.Job
	var runs []job.Run
	dbtest.See(t, d, func(tx *db.Tx) (err error) {
		j, runs, err = job.Get(tx, id)
		return err
	})
	return j, runs
}

func runDue(t *testing.T, r *job.Runner, want int) {
	t.Helper()
	n, err := r.RunDue(context.Background())
	if err != nil || n != want {
		t.Errorf("ran %d jobs, %v; want %d", n, err, want)
	}
}

func TestJobsAreAddedWithTheirTransaction(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r, _ := setup(t, d)
		var args []string
		r.Handle("x", func(_ context.Context, j job.Job) error {
			args = append(args, j.Args)
			return nil
		})
		if err := d.Update(context.Background(), 1, func(tx *db.Tx) error {
			if _, err := job.Add(tx, job.Job{Kind: "x", Args: "lost"}); err != nil {
				return err
			}
			return errors.New("no")
		}); err == nil {
			t.Fatal("no error")
		}
		id := add(t, d, job.Job{Kind: "x", Args: "kept"})
		add(t, d, job.Job{Kind: "nobody does this"})
		runDue(t, r, 1)
		if len(args) != 1 || args[0] != "kept" {
			t.Errorf("ran %v", args)
		}
		j, runs := get(t, d, id)
		if j.State != job.Done || j.Tries != 1 || j.Org != 1 || len(runs) != 1 || runs[0].FinishedAt.IsZero() || runs[0].Error != "" {
			t.Errorf("job %+v, runs %+v", j, runs)
		}
	})
}

func TestRetriesThenDeadThenReplay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r, c := setup(t, d)
		broken := true
		r.Handle("x", func(context.Context, job.Job) error {
			if broken {
				return errors.New("boom \xff")
			}
			return nil
		})
		id := add(t, d, job.Job{Kind: "x", MaxTries: 2})
		runDue(t, r, 1)
		j, _ := get(t, d, id)
		if j.State != job.Waiting || j.LastError != "boom ?" || !j.RunAt.Equal(dbtest.Now.Add(time.Minute)) {
			t.Errorf("after one try %+v", j)
		}
		runDue(t, r, 0)
		c.advance(time.Minute)
		runDue(t, r, 1)
		j, runs := get(t, d, id)
		if j.State != job.Dead || len(runs) != 2 || runs[1].Error != "boom ?" {
			t.Errorf("after two tries %+v, %+v", j, runs)
		}
		c.advance(time.Hour)
		runDue(t, r, 0)
		dbtest.See(t, d, func(tx *db.Tx) error {
			list, err := job.List(tx, job.Filter{State: job.Dead, Kind: "x", Org: 1})
			counts, err2 := job.Counts(tx)
			if len(list) != 1 || list[0].ID != id || counts[job.Dead] != 1 {
				t.Errorf("dead %+v, counts %v", list, counts)
			}
			return errors.Join(err, err2)
		})
		broken = false
		dbtest.Do(t, d, func(tx *db.Tx) error { return job.Replay(tx, id) })
		runDue(t, r, 1)
		j, runs = get(t, d, id)
		if j.State != job.Done || len(runs) != 3 || runs[0].Error == "" {
			t.Errorf("after the replay %+v, %+v", j, runs)
		}
		err := d.Update(context.Background(), 2, func(tx *db.Tx) error { return job.Replay(tx, id) })
		if !fault.Is(err, fault.NotFound) {
			t.Errorf("another organization's replay: %v", err)
		}
	})
}

func TestFatalPanicAndLater(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r, _ := setup(t, d)
		r.Handle("fatal", func(context.Context, job.Job) error { return job.Fatal(errors.New("never")) })
		r.Handle("panic", func(context.Context, job.Job) error { panic("bug") })
		r.Handle("later", func(context.Context, job.Job) error { return job.Later(7*time.Second, errors.New("slow down")) })
		a, b, c := add(t, d, job.Job{Kind: "fatal"}), add(t, d, job.Job{Kind: "panic"}), add(t, d, job.Job{Kind: "later"})
		runDue(t, r, 3)
		if j, _ := get(t, d, a); j.State != job.Dead || j.Tries != 1 {
			t.Errorf("fatal %+v", j)
		}
		if j, _ := get(t, d, b); j.State != job.Waiting || j.LastError == "" {
			t.Errorf("panic %+v", j)
		}
		if j, _ := get(t, d, c); j.State != job.Waiting || !j.RunAt.Equal(dbtest.Now.Add(7*time.Second)) {
			t.Errorf("later %+v", j)
		}
	})
}

func TestUniqueKeys(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r, _ := setup(t, d)
		r.Handle("x", func(context.Context, job.Job) error { return nil })
		first := add(t, d, job.Job{Kind: "x", UniqueKey: "order 7"})
		if again := add(t, d, job.Job{Kind: "x", UniqueKey: "order 7"}); first == 0 || again != 0 {
			t.Errorf("added %d, then %d; want the second refused", first, again)
		}
		if other := add(t, d, job.Job{Kind: "x", UniqueKey: "order 7", Org: 2}); other == 0 {
			t.Error("another organization's job was taken for the same")
		}
		runDue(t, r, 2)
		if next := add(t, d, job.Job{Kind: "x", UniqueKey: "order 7"}); next == 0 {
			t.Error("a job that is done still blocks its key")
		}
	})
}

// A worker that dies stops renewing its lease; another takes its job.
func TestCrashedWorker(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		dead, c := setup(t, d)
		dead.Lease = time.Hour // its heartbeat sleeps for longer than this test
		release := make(chan struct{})
		started := make(chan struct{})
		dead.Handle("x", func(context.Context, job.Job) error {
			close(started)
			<-release
			return nil
		})
		id := add(t, d, job.Job{Kind: "x", MaxTries: 2})
		last := add(t, d, job.Job{Kind: "y", MaxTries: 1})
		finished := make(chan struct{})
		go func() {
			defer close(finished)
			dead.RunDue(context.Background())
		}()
		<-started
		other := runner(d)
		var ran int
		other.Handle("x", func(context.Context, job.Job) error { ran++; return nil })
		runDue(t, other, 0) // the lease holds
		c.advance(2 * time.Hour)
		runDue(t, other, 1)
		close(release)
		<-finished
		j, runs := get(t, d, id)
		if ran != 1 || j.State != job.Done || j.Tries != 2 || len(runs) != 2 || runs[0].Error == "" || runs[1].Error != "" {
			t.Errorf("job %+v, runs %+v; the first must have lost its lease", j, runs)
		}
		// A job whose worker dies on its last try is dead, not tried for ever.
		crash := runner(d)
		crash.Handle("y", func(context.Context, job.Job) error { return nil })
		dbtest.Do(t, d, func(tx *db.Tx) error {
			_, err := tx.Exec(`UPDATE job SET state = 'running', worker = 'gone', tries = 1, run_at = ? WHERE id = ?`, tx.Now, last)
			return err
		})
		runDue(t, crash, 0)
		if j, _ := get(t, d, last); j.State != job.Dead || j.Tries != 1 {
			t.Errorf("job of a worker that died %+v", j)
		}
	})
}

func TestHeartbeatKeepsTheLease(t *testing.T) { dbtest.Each(t, eachHeartbeatKeepsTheLease) }

func eachHeartbeatKeepsTheLease(t *testing.T, d *db.DB) {
	d.Now = time.Now
	r := runner(d)
	r.Lease = 600 * time.Millisecond
	other := runner(d)
	var twice atomic.Bool
	other.Handle("x", func(context.Context, job.Job) error { twice.Store(true); return nil })
	r.Handle("x", func(ctx context.Context, _ job.Job) error {
		time.Sleep(1500 * time.Millisecond) // well beyond the lease
		return ctx.Err()
	})
	id := add(t, d, job.Job{Kind: "x"})
	done := make(chan struct{})
	go func() {
		defer close(done)
		r.RunDue(context.Background())
	}()
	time.Sleep(100 * time.Millisecond)
	for {
		other.RunDue(context.Background())
		select {
		case <-done:
			if j, _ := get(t, d, id); twice.Load() || j.State != job.Done {
				t.Errorf("twice %v, job %+v", twice.Load(), j)
			}
			return
		case <-time.After(10 * time.Millisecond):
		}
	}
}

func TestStopHandsBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r, _ := setup(t, d)
		started := make(chan struct{})
		r.Handle("slow", func(ctx context.Context, _ job.Job) error {
			close(started)
			<-ctx.Done()
			return ctx.Err()
		})
		id := add(t, d, job.Job{Kind: "slow"})
		if err := r.Start(); err != nil {
			t.Fatal(err)
		}
		<-started
		ctx, cancel := context.WithTimeout(context.Background(), 20*time.Millisecond)
		defer cancel()
		r.Stop(ctx)
		j, _ := get(t, d, id)
		if j.State != job.Waiting || j.Tries != 0 || j.RunAt.After(dbtest.Now) {
			t.Errorf("handed back %+v, want it waiting, due, and the try not counted", j)
		}
		next := runner(d)
		next.Handle("slow", func(context.Context, job.Job) error { return nil })
		runDue(t, next, 1)
		if j, _ := get(t, d, id); j.State != job.Done {
			t.Errorf("then %+v", j)
		}
	})
}

func TestCancelTellsTheHandler(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r, _ := setup(t, d)
		r.Lease = 30 * time.Millisecond
		started := make(chan struct{})
		r.Handle("slow", func(ctx context.Context, _ job.Job) error {
			close(started)
			<-ctx.Done()
			return ctx.Err()
		})
		id := add(t, d, job.Job{Kind: "slow"})
		done := make(chan struct{})
		go func() {
			defer close(done)
			r.RunDue(context.Background())
		}()
		<-started
		dbtest.Do(t, d, func(tx *db.Tx) error { return job.Cancel(tx, id) })
		<-done
		if j, _ := get(t, d, id); j.State != job.Canceled {
			t.Errorf("job %+v", j)
		}
		err := d.Update(context.Background(), 1, func(tx *db.Tx) error { return job.Cancel(tx, id) })
		if !fault.Is(err, fault.Transition) {
			t.Errorf("canceling twice: %v", err)
		}
	})
}

// Many runners, each job once, and a commit wakes them.
func TestManyRunnersDoEachJobOnce(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		d.Now = time.Now
		var mu sync.Mutex
		count := map[int64]int{}
		all := make(chan struct{})
		const jobs = 60
		var runners []*job.Runner
		for range 3 {
			r := runner(d)
			r.Poll = time.Minute // only hints wake it
			r.Handle("x", func(_ context.Context, j job.Job) error {
				mu.Lock()
				defer mu.Unlock()
				count[j.ID]++
				if len(count) == jobs {
					close(all)
				}
				return nil
			})
			if err := r.Start(); err != nil {
				t.Fatal(err)
			}
			runners = append(runners, r)
		}
		time.Sleep(20 * time.Millisecond)
		for range jobs {
			add(t, d, job.Job{Kind: "x"})
		}
		select {
		case <-all:
		case <-time.After(20 * time.Second):
			t.Errorf("%d of %d jobs done", len(count), jobs)
		}
		for _, r := range runners {
			r.Stop(context.Background())
		}
		for id, n := range count {
			if n != 1 {
				t.Errorf("job %d ran %d times", id, n)
			}
		}
	})
}

func TestSchedulesRunOnceAPeriodAndOnceAfterADowntime(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		a, c := setup(t, d)
		b := runner(d)
		ran := 0
		for _, r := range []*job.Runner{a, b} {
			r.Every("sweep", time.Hour, func(context.Context, job.Job) error { ran++; return nil })
			if err := r.Start(); err != nil { // writes the schedule
				t.Fatal(err)
			}
			r.Stop(context.Background())
		}
		runDue(t, a, 0)
		c.advance(time.Hour)
		runDue(t, a, 1)
		runDue(t, b, 0)
		c.advance(100 * time.Hour)
		runDue(t, b, 1)
		runDue(t, a, 0)
		if ran != 2 {
			t.Errorf("ran %d times, want 2", ran)
		}
		dbtest.Do(t, d, func(tx *db.Tx) error {
			n, err := job.Prune(tx, tx.Now.Add(time.Hour))
			if n != 2 {
				t.Errorf("pruned %d, want 2", n)
			}
			return err
		})
	})
}

func TestBackoffGrowsToAnHour(t *testing.T) {
	for try, want := range map[int64]time.Duration{1: 10 * time.Second, 2: 20 * time.Second, 5: 160 * time.Second, 20: time.Hour, 1000: time.Hour} {
		for range 50 {
			if d := job.Backoff(try); d < want*3/4 || d > want*5/4 {
				t.Fatalf("Backoff(%d) = %v, want about %v", try, d, want)
			}
		}
	}
}
