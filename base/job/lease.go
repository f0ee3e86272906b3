package job

import (
	"context"
	"errors"
	"strings"
	"time"

	"storehouse/base/db"
)

// due selects, of each of some kinds, the first n jobs that may be taken. Each
// kind walks its part of the index job_due, so that it costs the same however
// many jobs wait.
func due(kinds []string, now time.Time, n int, lock string) (query string, args []any) {
	var parts []string
	for _, k := range kinds {
		until := ""
		args = append(args, k)
		if !now.IsZero() {
			until = " AND run_at <= ?"
			args = append(args, now)
		}
		parts = append(parts, `SELECT id, run_at FROM (SELECT id, run_at FROM job WHERE state IN ('waiting', 'running') AND kind = ?`+until+` ORDER BY run_at, id LIMIT ?`+lock+`) AS k`)
		args = append(args, n)
	}
	return strings.Join(parts, " UNION ALL ") + " ORDER BY 2, 1 LIMIT ?", append(args, n)
}

// take gives this runner at most n jobs that are due, each under a lease, and
// says when the next is due. It looks before it writes: an idle runner costs
// no write transactions.
func (r *Runner) take(ctx context.Context, kinds []string, n int) (jobs []Job, next time.Time, err error) {
	if len(kinds) == 0 {
		return nil, next, nil
	}
	var now time.Time
	err = r.db.View(ctx, 0, func(tx *db.Tx) error {
		now, next = tx.Now, time.Time{}
		query, args := due(kinds, time.Time{}, 1, "")
		return tx.Each(func(row db.Row) error {
			var id int64
			return row.Scan(&id, db.T(&next))
		}, query, args...)
	})
	if err != nil || next.IsZero() || next.After(now) {
		return nil, next, err
	}
	err = r.db.Update(ctx, 0, func(tx *db.Tx) error {
		jobs = nil
		// SQLite's only writer needs no lock; PostgreSQL's workers pass by what
		// others are taking.
		lock := ""
		if tx.Postgres() {
			lock = " FOR UPDATE SKIP LOCKED"
		}
		query, args := due(kinds, tx.Now, n, lock)
		ids, err := db.All(tx, func(row db.Row, id *int64) error {
			var at int64
			return row.Scan(id, &at)
		}, query, args...)
		if err != nil || len(ids) == 0 {
			return err
		}
		list, err := db.All(tx, scan, `UPDATE job SET state = ?, run_at = ?, worker = ?, tries = tries + 1 WHERE id IN (`+db.Marks(len(ids))+`) RETURNING `+cols,
			append([]any{string(Running), tx.Now.Add(r.Lease), r.name}, db.Args(ids)...)...)
		if err != nil {
			return err
		}
		jobs, err = r.begin(tx, list)
		return err
	})
	return jobs, time.Time{}, err
}

// begin writes a row for each new try. A job whose worker died on its last
// try is dead.
func (r *Runner) begin(tx *db.Tx, list []Job) ([]Job, error) {
	var jobs []Job
	var rows [][]any
	for _, j := range list {
		if j.Tries > j.MaxTries {
			if _, err := tx.Exec(`UPDATE job SET state = ?, tries = tries - 1, worker = NULL, last_error = ?, finished_at = ? WHERE id = ?`,
				string(Dead), "the worker died", tx.Now, j.ID); err != nil {
				return nil, err
			}
			continue
		}
		jobs = append(jobs, j)
		rows = append(rows, []any{j.ID, j.Tries, r.name, tx.Now})
	}
	// A try that was handed back is tried again under the same number.
	return jobs, tx.Insert("job_run", "job_id, try, worker, started_at", rows,
		"ON CONFLICT (job_id, try) DO UPDATE SET worker = excluded.worker, started_at = excluded.started_at, finished_at = NULL, error = NULL")
}

// ours restricts an update to a job of which this runner holds the lease.
const ours = ` WHERE id = ? AND state = 'running' AND worker = ? AND tries = ?`

func (r *Runner) renew(ctx context.Context, j Job) (held bool, err error) {
	err = r.db.Update(ctx, 0, func(tx *db.Tx) error {
		n, err := tx.Exec(`UPDATE job SET run_at = ?`+ours, tx.Now.Add(r.Lease), j.ID, r.name, j.Tries)
		held = n > 0
		return err
	})
	return held, err
}

// errLost is the error of a transaction whose job is no longer ours.
var errLost = errors.New("the lease was lost, or the job was canceled, before this try ended")

// done writes, in the transaction of what the job did, that it is done.
func (r *Runner) done(tx *db.Tx, j Job) error {
	n, err := tx.Exec(`UPDATE job SET state = 'done', run_at = ?, last_error = NULL, finished_at = ?, worker = NULL`+ours, tx.Now, tx.Now, j.ID, r.name, j.Tries)
	if err == nil && n == 0 {
		err = errLost
	}
	if err != nil {
		return err
	}
	_, err = tx.Exec(`UPDATE job_run SET finished_at = ? WHERE job_id = ? AND try = ? AND worker = ?`, tx.Now, j.ID, j.Tries, r.name)
	return err
}

// maxError bounds what is kept of an error.
const maxError = 4000

// finish writes how a try went. It touches nothing if the lease was lost
// meanwhile: then the job is somebody else's.
func (r *Runner) finish(j Job, result error, interrupted bool) error {
	ctx, cancel := context.WithTimeout(context.Background(), 30*time.Second)
	defer cancel()
	return r.db.Update(ctx, 0, func(tx *db.Tx) error {
		if interrupted {
			_, err := tx.Exec(`UPDATE job SET state = ?, run_at = ?, worker = NULL, tries = tries - 1`+ours, string(Waiting), tx.Now, j.ID, r.name, j.Tries)
			return err
		}
		state, runAt, finished, text := Done, tx.Now, any(tx.Now), ""
		if result != nil {
			state, runAt, finished = Waiting, tx.Now.Add(r.Backoff(j.Tries)), nil
			text = result.Error()
			text = strings.ToValidUTF8(strings.ReplaceAll(text[:min(len(text), maxError)], "\x00", ""), "?")
			if l, ok := errors.AsType[later](result); ok {
				runAt = tx.Now.Add(l.wait)
			}
			if _, isFatal := errors.AsType[fatal](result); isFatal || j.Tries >= j.MaxTries {
				state, finished = Dead, tx.Now
			}
		}
		n, err := tx.Exec(`UPDATE job SET state = ?, run_at = ?, last_error = ?, finished_at = ?, worker = NULL`+ours,
			string(state), runAt, db.Null(text), finished, j.ID, r.name, j.Tries)
		if err != nil {
			return err
		}
		if n == 0 && text == "" {
			text = errLost.Error()
		}
		_, err = tx.Exec(`UPDATE job_run SET finished_at = ?, error = ? WHERE job_id = ? AND try = ? AND worker = ?`, tx.Now, db.Null(text), j.ID, j.Tries, r.name)
		return err
	})
}

// schedule is work that comes round.
type schedule struct {
	name  string
	every time.Duration
}

// Every has a handler run once in every period, on one server only, and once
// after a downtime of many periods. The name is the job's kind.
func (r *Runner) Every(name string, every time.Duration, h Handler) {
	r.schedules = append(r.schedules, schedule{name, every})
	r.Handle(name, h)
}

// plan writes the schedules that are new. Periods are counted from 1970, so
// that all servers agree.
func (r *Runner) plan() error {
	if len(r.schedules) == 0 {
		return nil
	}
	return r.db.Update(context.Background(), 0, func(tx *db.Tx) error {
		var rows [][]any
		for _, s := range r.schedules {
			rows = append(rows, []any{s.name, tx.Now.Truncate(s.every).Add(s.every)})
		}
		return tx.Insert("job_schedule", "name, next_at", rows, "ON CONFLICT DO NOTHING")
	})
}

// tickSchedules adds a job for each schedule that is due. The guarded update
// lets one server win.
func (r *Runner) tickSchedules(ctx context.Context) error {
	due := map[string]bool{}
	if len(r.schedules) == 0 {
		return nil
	}
	err := r.db.View(ctx, 0, func(tx *db.Tx) error {
		clear(due)
		return tx.Each(func(row db.Row) error {
			var name string
			err := row.Scan(&name)
			due[name] = true
			return err
		}, `SELECT name FROM job_schedule WHERE next_at <= ?`, tx.Now)
	})
	if err != nil {
		return err
	}
	for _, s := range r.schedules {
		if !due[s.name] {
			continue
		}
		err := r.db.Update(ctx, 0, func(tx *db.Tx) error {
			n, err := tx.Exec(`UPDATE job_schedule SET next_at = ? WHERE name = ? AND next_at <= ?`, tx.Now.Truncate(s.every).Add(s.every), s.name, tx.Now)
			if err != nil || n == 0 {
				return err
			}
			_, err = Add(tx, Job{Kind: s.name, UniqueKey: "schedule", MaxTries: 3})
			return err
		})
		if err != nil {
			return err
		}
	}
	return nil
}
