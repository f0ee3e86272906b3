// Package job keeps work that must be done outside a transaction: calls to
// other people's servers, mail, sweeping. A job is a row, added in the
// transaction that causes it, so it exists exactly if that transaction was
// committed. It is done at least once: a worker takes it under a lease, and
// when the worker dies the lease ends and another takes it. What fails is
// tried again, later each time; what goes on failing is kept as dead, to be
// looked at and replayed.
package job

import (
	"slices"
	"sync"
	"time"

	"storehouse/base/db"
	"storehouse/base/fault"
)

// State is where a job stands.
type State string

// The states.
const (
	Waiting  State = "waiting"
	Running  State = "running"
	Done     State = "done"
	Dead     State = "dead" // failed for good, or too often; see Replay
	Canceled State = "canceled"
)

// Job is one piece of work.
type Job struct {
	ID        int64
	Org       int64  // 0 when it is nobody's in particular
	Kind      string // which handler does it
	Args      string // what the handler needs to know; visible to operators, so no secrets
	UniqueKey string // while one with this key waits or runs, another is not added; "" is never
	RunAt     time.Time
	MaxTries  int64

	State      State
	Tries      int64
	LastError  string
	Worker     string // who runs it
	CreatedAt  time.Time
	FinishedAt time.Time
}

// Run is one try of a job.
type Run struct {
	Try        int64
	Worker     string
	StartedAt  time.Time
	FinishedAt time.Time // zero while it runs, and when its worker died
	Error      string
}

// DefaultMaxTries is how often a job is tried before it is dead: with the
// default backoff some two days.
const DefaultMaxTries = 15

const cols = `id, org_id, kind, args, state, unique_key, run_at, tries, max_tries, worker, last_error, created_at, finished_at`

func scan(r db.Row, j *Job) error {
	return r.Scan(&j.ID, &j.Org, &j.Kind, &j.Args, (*string)(&j.State), db.S(&j.UniqueKey), db.T(&j.RunAt), &j.Tries, &j.MaxTries,
		db.S(&j.Worker), db.S(&j.LastError), db.T(&j.CreatedAt), db.T(&j.FinishedAt))
}

// Add adds a job in the caller's transaction and returns its id; 0 when one
// with the same organization, kind and unique key waits or runs already.
// Fields that are not set get their defaults: tx's organization, at once,
// DefaultMaxTries.
func Add(tx *db.Tx, j Job) (int64, error) {
	if j.Kind == "" {
		return 0, fault.New(fault.Internal, "a job without a kind")
	}
	if j.Org == 0 {
		j.Org = tx.Org
	}
	if j.RunAt.IsZero() {
		j.RunAt = tx.Now
	}
	if j.MaxTries <= 0 {
		j.MaxTries = DefaultMaxTries
	}
	id, err := tx.NextID("job")
	if err != nil {
		return 0, err
	}
	n, err := tx.Exec(`INSERT INTO job (id, org_id, kind, args, state, unique_key, run_at, tries, max_tries, created_at)
		VALUES (?, ?, ?, ?, ?, ?, ?, 0, ?, ?) ON CONFLICT DO NOTHING`,
		id, j.Org, j.Kind, j.Args, string(Waiting), db.Null(j.UniqueKey), j.RunAt, j.MaxTries, tx.Now)
	if err != nil || n == 0 {
		return 0, err
	}
	if !j.RunAt.After(tx.Now) {
		tx.AfterCommit(func() { wake(j.Kind) })
	}
	return id, nil
}

// AddIdle adds a job for which there is nothing to do, already done, with the
// reason: it is seen among the others, and replayed once there is.
func AddIdle(tx *db.Tx, j Job, reason string) error {
	id, err := tx.NextID("job")
	if err != nil {
		return err
	}
	_, err = tx.Exec(`INSERT INTO job (id, org_id, kind, args, state, run_at, tries, max_tries, last_error, created_at, finished_at)
		VALUES (?, ?, ?, ?, ?, ?, 0, ?, ?, ?, ?)`, id, tx.Org, j.Kind, j.Args, string(Done), tx.Now, max(j.MaxTries, 1), reason, tx.Now, tx.Now)
	return err
}

// Filter narrows List. A field that is not set does not narrow.
type Filter struct {
	Org    int64
	Kind   string
	State  State
	Before int64 // ids below
	Limit  int   // default 50
}

// List returns jobs, newest first.
func List(tx *db.Tx, f Filter) ([]Job, error) {
	w := db.Where{}
	w.AddIf(f.Org != 0, "org_id = ?", f.Org)
	w.AddIf(f.Kind != "", "kind = ?", f.Kind)
	w.AddIf(f.State != "", "state = ?", string(f.State))
	w.AddIf(f.Before != 0, "id < ?", f.Before)
	if f.Limit <= 0 {
		f.Limit = 50
	}
	return db.All(tx, scan, `SELECT `+cols+` FROM job`+w.SQL()+` ORDER BY id DESC LIMIT ?`, append(w.Args, f.Limit)...)
}

// Get returns one job with its tries, first to last. When tx is of an
// organization, only that organization's jobs are found.
func Get(tx *db.Tx, id int64) (Job, []Run, error) {
	j, err := get(tx, id, "")
	if err != nil {
		return j, nil, err
	}
	runs, err := db.All(tx, func(r db.Row, v *Run) error {
		return r.Scan(&v.Try, &v.Worker, db.T(&v.StartedAt), db.T(&v.FinishedAt), db.S(&v.Error))
	}, `SELECT try, worker, started_at, finished_at, error FROM job_run WHERE job_id = ? ORDER BY try`, id)
	return j, runs, err
}

func get(tx *db.Tx, id int64, lock string) (Job, error) {
	w := db.Where{}
	w.Add("id = ?", id)
	w.AddIf(tx.Org != 0, "org_id = ?", tx.Org)
	j, err := db.One(tx, scan, `SELECT `+cols+` FROM job`+w.SQL()+lock, w.Args...)
	if fault.Is(err, fault.NotFound) {
		err = fault.Missing("job")
	}
	return j, err
}

// Cancel ends a job that waits or runs. A running one is told by its context.
func Cancel(tx *db.Tx, id int64) error {
	j, err := get(tx, id, tx.ForUpdate())
	if err != nil {
		return err
	}
	if j.State != Waiting && j.State != Running {
		return fault.Step(string(j.State), string(Canceled), nil)
	}
	_, err = tx.Exec(`UPDATE job SET state = ?, finished_at = ?, worker = NULL WHERE id = ?`, string(Canceled), tx.Now, id)
	return err
}

// Replay makes a job that has ended wait again, at once, with new tries. What
// its earlier tries said is kept.
func Replay(tx *db.Tx, id int64) error {
	j, err := get(tx, id, tx.ForUpdate())
	if err != nil {
		return err
	}
	if j.State == Waiting || j.State == Running {
		return fault.Step(string(j.State), string(Waiting), nil)
	}
	_, err = tx.Exec(`UPDATE job SET state = ?, run_at = ?, max_tries = tries + ?, finished_at = NULL WHERE id = ?`,
		string(Waiting), tx.Now, DefaultMaxTries, id)
	if err == nil {
		tx.AfterCommit(func() { wake(j.Kind) })
	}
	return err
}

// Counts returns how many jobs there are of each state.
func Counts(tx *db.Tx) (map[State]int64, error) {
	m := map[State]int64{}
	err := tx.Each(func(r db.Row) error {
		var s string
		var n int64
		err := r.Scan(&s, &n)
		m[State(s)] = n
		return err
	}, `SELECT state, count(*) FROM job GROUP BY state`)
	return m, err
}

// Prune deletes jobs that were done or canceled before an instant. Dead ones
// stay until somebody has looked at them.
func Prune(tx *db.Tx, before time.Time) (int64, error) {
	return tx.Exec(`DELETE FROM job WHERE state IN (?, ?) AND finished_at < ?`, string(Done), string(Canceled), before)
}

// waking holds the runners of this process; a commit that added a job wakes
// those that do its kind. It is only a hint: they look for themselves as well.
var waking struct {
	sync.Mutex
	runners map[*Runner]bool
}

func wake(kind string) {
	waking.Lock()
	defer waking.Unlock()
	for r := range waking.runners {
		for _, l := range r.lanes {
			if _, ok := slices.BinarySearch(l.kinds, kind); ok {
				l.nudge()
			}
		}
	}
}
