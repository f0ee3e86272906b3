package job_test

import (
	"context"
	"errors"
	"fmt"
	"testing"
	"time"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/job"
)

// What a job that is one transaction does, and that it is done, are committed
// together: a failure leaves neither, a lease that is lost takes both back.
func TestTransactionsEndTheirJobs(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r, _ := setup(t, d)
		count := func(kind string) (n int64) {
			dbtest.See(t, d, func(tx *db.Tx) (err error) {
				n, err = db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM job WHERE kind = ?`, kind)
				return err
			})
			return n
		}
		r.HandleTx("good", func(tx *db.Tx, j job.Job) error {
			if tx.Org != j.Org {
				t.Errorf("the transaction is organization %d's, the job %d's", tx.Org, j.Org)
			}
			_, err := job.Add(tx, job.Job{Kind: "made by good"})
			return err
		})
		r.HandleTx("bad", func(tx *db.Tx, _ job.Job) error {
			_, err := job.Add(tx, job.Job{Kind: "made by bad"})
			return errors.Join(err, errors.New("boom"))
		})
		r.HandleTx("stolen", func(tx *db.Tx, j job.Job) error {
			_, err := tx.Exec(`UPDATE job SET worker = 'another' WHERE id = ?`, j.ID)
			if err == nil {
				_, err = job.Add(tx, job.Job{Kind: "made by stolen"})
			}
			return err
		})
		good, bad := add(t, d, job.Job{Kind: "good"}), add(t, d, job.Job{Kind: "bad", MaxTries: 1})
		runDue(t, r, 2)
		stolen := add(t, d, job.Job{Kind: "stolen"})
		runDue(t, r, 1)
		if j, runs := get(t, d, good); j.State != job.Done || len(runs) != 1 || runs[0].FinishedAt.IsZero() || count("made by good") != 1 {
			t.Errorf("good %+v, runs %+v, made %d", j, runs, count("made by good"))
		}
		if j, runs := get(t, d, bad); j.State != job.Dead || len(runs) != 1 || runs[0].Error != "boom" || count("made by bad") != 0 {
			t.Errorf("bad %+v, runs %+v, made %d", j, runs, count("made by bad"))
		}
		if j, runs := get(t, d, stolen); j.State == job.Done || len(runs) != 1 || runs[0].Error == "" || count("made by stolen") != 0 {
			t.Errorf("stolen %+v, runs %+v, made %d", j, runs, count("made by stolen"))
		}
	})
}

// Three hundred transactions are done once each, beside a job that blocks the
// other lane, and without waiting for the clock.
func TestTransactionsPassByWhatWaitsOutside(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		d.Now = time.Now
		r := runner(d)
		r.Poll, r.Workers = time.Minute, 1
		release := make(chan struct{})
		r.Handle("slow", func(context.Context, job.Job) error {
			<-release
			return nil
		})
		r.HandleTx("quick", func(tx *db.Tx, j job.Job) error {
			return job.AddIdle(tx, job.Job{Kind: "made", Args: j.Args}, "no need")
		})
		add(t, d, job.Job{Kind: "slow"})
		if err := r.Start(); err != nil {
			t.Fatal(err)
		}
		const jobs = 300
		for i := range jobs {
			add(t, d, job.Job{Kind: "quick", Args: fmt.Sprint(i)})
		}
		var n, different int64
		for end := time.Now().Add(30 * time.Second); n < jobs && time.Now().Before(end); time.Sleep(10 * time.Millisecond) {
			dbtest.See(t, d, func(tx *db.Tx) (err error) {
				if n, err = db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM job WHERE kind = 'made' AND state = 'done' AND last_error = 'no need'`); err == nil {
					different, err = db.One(tx, db.Value[int64], `SELECT COUNT(DISTINCT args) FROM job WHERE kind = 'made'`)
				}
				return err
			})
		}
		close(release)
		r.Stop(context.Background())
		if n != jobs || different != jobs {
			t.Errorf("%d done, %d of them different; want %d", n, different, jobs)
		}
	})
}

// Taking jobs walks the index of what is due: it costs the same however many
// wait and however many are done.
func TestTakingWalksItsIndex(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r, c := setup(t, d)
		r.HandleTx("quick", func(*db.Tx, job.Job) error { return nil })
		dbtest.Do(t, d, func(tx *db.Tx) error {
			for range 2000 {
				if _, err := job.Add(tx, job.Job{Kind: "quick", RunAt: tx.Now.Add(time.Hour)}); err != nil {
					return err
				}
			}
			return nil
		})
		first := add(t, d, job.Job{Kind: "quick"})
		runDue(t, r, 1)
		if j, _ := get(t, d, first); j.State != job.Done {
			t.Errorf("the one that was due is %s", j.State)
		}
		if d.Postgres() {
			return
		}
		var plan string
		dbtest.See(t, d, func(tx *db.Tx) error {
			return tx.Each(func(row db.Row) error {
				var id, parent, unused int64
				var detail string
				err := row.Scan(&id, &parent, &unused, &detail)
				plan += detail + "\n"
				return err
			}, `EXPLAIN QUERY PLAN SELECT id, run_at FROM job WHERE state IN ('waiting', 'running') AND kind = ? AND run_at <= ? ORDER BY run_at, id LIMIT ?`, "quick", c.now(), 5)
		})
		if want := "SEARCH job USING INDEX job_due (kind=? AND run_at<?)\n"; plan != want {
			t.Errorf("the plan is %q, want %q", plan, want)
		}
	})
}
