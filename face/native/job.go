package native

import (
	"strconv"

	"storehouse/base/job"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// The organization's work that goes on behind: deliveries to other systems,
// mail, files. Nothing of it is dropped in silence.
func init() {
	op := func(title string) web.Opt { return web.Title("Jobs", title) }
	routes = append(routes, []web.Route{
		web.Read("GET /v1/jobs", org.Admin, listJobs, op("List jobs"), web.Doc("Newest first.")),
		web.Read("GET /v1/jobs/{id}", org.Admin, showJob, op("Show a job with its tries")),
		web.Write("POST /v1/jobs/{id}/replay", org.Admin, replayJob, op("Do a job again that has ended")),
		web.Write("POST /v1/jobs/{id}/cancel", org.Admin, cancelJob, op("Cancel a job that waits or runs")),
	})
}

type jobOut struct {
	ID         int64      `json:"id"`
	Kind       string     `json:"kind"`
	State      string     `json:"state" enum:"waiting,running,done,dead,canceled"`
	Tries      int64      `json:"tries"`
	MaxTries   int64      `json:"maxTries"`
	RunAt      wire.ISO   `json:"runAt" doc:"When it is due, or until when its worker may be silent."`
	LastError  wire.TextN `json:"lastError"`
	CreatedAt  wire.ISO   `json:"createdAt"`
	FinishedAt wire.ISO   `json:"finishedAt"`
}

func jobOf(j job.Job) jobOut {
	return jobOut{j.ID, j.Kind, string(j.State), j.Tries, j.MaxTries, wire.ISO(j.RunAt), wire.TextN(j.LastError), wire.ISO(j.CreatedAt), wire.ISO(j.FinishedAt)}
}

type jobsIn struct {
	State  string `query:"state" enum:"waiting,running,done,dead,canceled"`
	Kind   string `query:"kind"`
	Cursor string `query:"cursor"`
	Limit  int64  `query:"limit" minimum:"1" maximum:"500"`
}

type jobsOut struct {
	Data []jobOut `json:"data"`
	Next *string  `json:"nextCursor"`
}

func listJobs(c *web.Call, in jobsIn) (jobsOut, error) {
	if in.Limit == 0 {
		in.Limit = 50
	}
	f := job.Filter{Org: c.Org, State: job.State(in.State), Kind: in.Kind, Limit: int(in.Limit) + 1}
	at, err := web.ParseCursor(in.Cursor, 1)
	if err != nil {
		return jobsOut{}, err
	}
	if at != nil {
		f.Before, _ = strconv.ParseInt(at[0], 10, 64)
	}
	list, err := job.List(c.Tx, f)
	out := jobsOut{Data: []jobOut{}}
	if len(list) > int(in.Limit) {
		list = list[:in.Limit]
		next := web.Cursor(strconv.FormatInt(list[in.Limit-1].ID, 10))
		out.Next = &next
	}
	for _, j := range list {
		out.Data = append(out.Data, jobOf(j))
	}
	return out, err
}

type runOut struct {
	Try        int64      `json:"try"`
	StartedAt  wire.ISO   `json:"startedAt"`
	FinishedAt wire.ISO   `json:"finishedAt"`
	Error      wire.TextN `json:"error"`
}

type jobDetail struct {
	jobOut
	Args string   `json:"args"`
	Runs []runOut `json:"runs"`
}

func showJob(c *web.Call, in pathID) (jobDetail, error) {
	j, runs, err := job.Get(c.Tx, in.ID)
	out := jobDetail{jobOf(j), j.Args, []runOut{}}
	for _, r := range runs {
		out.Runs = append(out.Runs, runOut{r.Try, wire.ISO(r.StartedAt), wire.ISO(r.FinishedAt), wire.TextN(r.Error)})
	}
	return out, err
}

func replayJob(c *web.Call, in pathID) (jobOut, error) {
	if err := job.Replay(c.Tx, in.ID); err != nil {
		return jobOut{}, err
	}
	j, _, err := job.Get(c.Tx, in.ID)
	return jobOf(j), err
}

func cancelJob(c *web.Call, in pathID) (jobOut, error) {
	if err := job.Cancel(c.Tx, in.ID); err != nil {
		return jobOut{}, err
	}
	j, _, err := job.Get(c.Tx, in.ID)
	return jobOf(j), err
}
