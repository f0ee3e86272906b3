package main

import (
	"fmt"
	"text/tabwriter"
	"time"

	"storehouse/base/db"
	"storehouse/base/job"
)

type jobsCmd struct {
	List   jobsList   `cmd:"" help:"List jobs, newest first."`
	Show   jobsShow   `cmd:"" help:"Show a job with its tries."`
	Replay jobsReplay `cmd:"" help:"Make jobs that have ended wait again."`
	Cancel jobsCancel `cmd:"" help:"End jobs that wait or run."`
}

type jobsList struct {
	State string `help:"Only jobs that are waiting, running, done, dead or canceled." enum:",waiting,running,done,dead,canceled" default:"" env:"-"`
	Kind  string `help:"Only jobs of this kind." env:"-"`
	Org   int64  `help:"Only jobs of this organization." env:"-"`
	Limit int    `help:"At most so many." default:"50" env:"-"`
}

func (c jobsList) Run(e *env) error {
	return e.inStore(false, func(tx *db.Tx) error {
		list, err := job.List(tx, job.Filter{Org: c.Org, Kind: c.Kind, State: job.State(c.State), Limit: c.Limit})
		if err != nil {
			return err
		}
		w := tabwriter.NewWriter(e.out, 0, 0, 2, ' ', 0)
		fmt.Fprintln(w, "ID\tORG\tKIND\tSTATE\tTRIES\tDUE\tLAST ERROR")
		for _, j := range list {
			fmt.Fprintf(w, "%d\t%d\t%s\t%s\t%d/%d\t%s\t%.80s\n", j.ID, j.Org, j.Kind, j.State, j.Tries, j.MaxTries, j.RunAt.Format(time.RFC3339), j.LastError)
		}
		return w.Flush()
	})
}

type jobsShow struct {
	ID int64 `arg:""`
}

func (c jobsShow) Run(e *env) error {
	return e.inStore(false, func(tx *db.Tx) error {
		j, runs, err := job.Get(tx, c.ID)
		if err != nil {
			return err
		}
		fmt.Fprintf(e.out, "job %d of organization %d\nkind   %s\nstate  %s, try %d of %d\nadded  %s\ndue    %s\nargs   %s\n",
			j.ID, j.Org, j.Kind, j.State, j.Tries, j.MaxTries, j.CreatedAt.Format(time.RFC3339), j.RunAt.Format(time.RFC3339), j.Args)
		for _, r := range runs {
			end, result := "", r.Error
			if !r.FinishedAt.IsZero() {
				end = r.FinishedAt.Format(time.RFC3339)
				if result == "" {
					result = "done"
				}
			}
			fmt.Fprintf(e.out, "try %d  %s  %s  %s  %s\n", r.Try, r.StartedAt.Format(time.RFC3339), end, r.Worker, result)
		}
		return nil
	})
}

type jobsReplay struct {
	ID []int64 `arg:""`
}

func (c jobsReplay) Run(e *env) error { return e.eachJob(c.ID, "waits again", job.Replay) }

type jobsCancel struct {
	ID []int64 `arg:""`
}

func (c jobsCancel) Run(e *env) error { return e.eachJob(c.ID, "is canceled", job.Cancel) }

func (e *env) eachJob(ids []int64, done string, fn func(*db.Tx, int64) error) error {
	return e.inStore(true, func(tx *db.Tx) error {
		for _, id := range ids {
			if err := fn(tx, id); err != nil {
				return fmt.Errorf("job %d: %w", id, err)
			}
		}
		tx.AfterCommit(func() {
			for _, id := range ids {
				fmt.Fprintf(e.out, "job %d %s\n", id, done)
			}
		})
		return nil
	})
}

// inStore runs fn in a transaction of no organization.
func (e *env) inStore(write bool, fn func(*db.Tx) error) error {
	d, err := e.openReady(e.ctx)
	if err != nil {
		return err
	}
	defer d.Close()
	if write {
		return d.Update(e.ctx, 0, fn)
	}
	return d.View(e.ctx, 0, fn)
}
