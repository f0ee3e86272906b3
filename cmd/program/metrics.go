package program

import (
	"context"
	"strconv"
	"time"

	"github.com/prometheus/client_golang/prometheus"
	"github.com/prometheus/client_golang/prometheus/collectors"

	"storehouse/base/db"
	"storehouse/base/job"
)

// metrics are the program's measurements, in a registry of its own.
type metrics struct {
	registry *prometheus.Registry
	requests *prometheus.CounterVec
	seconds  *prometheus.HistogramVec
	jobs     *prometheus.CounterVec
}

func newMetrics(d *db.DB) *metrics {
	m := &metrics{
		registry: prometheus.NewRegistry(),
		requests: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "storehouse_http_requests_total", Help: "Answered requests."}, []string{"face", "route", "status"}),
		seconds: prometheus.NewHistogramVec(prometheus.HistogramOpts{Name: "storehouse_http_request_seconds", Help: "Time to answer a request.",
			Buckets: []float64{.001, .0025, .005, .01, .025, .05, .1, .25, .5, 1, 2.5, 10}}, []string{"face"}),
		jobs: prometheus.NewCounterVec(prometheus.CounterOpts{Name: "storehouse_job_runs_total", Help: "Tries of jobs that have ended."}, []string{"kind", "result"}),
	}
	counter := func(name, help string, fn func() float64) prometheus.Collector {
		return prometheus.NewCounterFunc(prometheus.CounterOpts{Name: name, Help: help}, fn)
	}
	gauge := func(name, help string, fn func() float64) prometheus.Collector {
		return prometheus.NewGaugeFunc(prometheus.GaugeOpts{Name: name, Help: help}, fn)
	}
	m.registry.MustRegister(m.requests, m.seconds, m.jobs, collectors.NewGoCollector(), collectors.NewProcessCollector(collectors.ProcessCollectorOpts{}),
		collectors.NewBuildInfoCollector(), jobStates{d},
		counter("storehouse_db_statements_total", "Statements sent to the database.", func() float64 { n, _ := d.Counts(); return float64(n) }),
		counter("storehouse_db_commits_total", "Commits; a group of SQLite writes counts one.", func() float64 { _, n := d.Counts(); return float64(n) }),
		gauge("storehouse_db_connections_in_use", "Connections that run a request.", func() float64 { n, _ := d.Pool(); return float64(n) }),
		counter("storehouse_db_connection_waits_total", "Requests that waited for a connection.", func() float64 { _, n := d.Pool(); return float64(n) }),
	)
	return m
}

// observe is told of every answered request.
func (m *metrics) observe(face, route string, status int, took time.Duration) {
	if face == "" {
		face = "none"
	}
	m.requests.WithLabelValues(face, route, strconv.Itoa(status)).Inc()
	m.seconds.WithLabelValues(face).Observe(took.Seconds())
}

// jobDone is told of every try of a job.
func (m *metrics) jobDone(kind string, _ time.Duration, err error) {
	result := "ok"
	if err != nil {
		result = "error"
	}
	m.jobs.WithLabelValues(kind, result).Inc()
}

// jobStates counts the jobs of each state when it is asked.
type jobStates struct{ db *db.DB }

var jobsDesc = prometheus.NewDesc("storehouse_jobs", "Jobs by state.", []string{"state"}, nil)

func (j jobStates) Describe(ch chan<- *prometheus.Desc) { ch <- jobsDesc }

func (j jobStates) Collect(ch chan<- prometheus.Metric) {
	ctx, cancel := context.WithTimeout(context.Background(), 2*time.Second)
	defer cancel()
	err := j.db.View(ctx, 0, func(tx *db.Tx) error {
		counts, err := job.Counts(tx)
		if err != nil {
			return err
		}
		for _, s := range []job.State{job.Waiting, job.Running, job.Done, job.Dead, job.Canceled} {
			ch <- prometheus.MustNewConstMetric(jobsDesc, prometheus.GaugeValue, float64(counts[s]), string(s))
		}
		return nil
	})
	if err != nil {
		ch <- prometheus.NewInvalidMetric(jobsDesc, err)
	}
}
