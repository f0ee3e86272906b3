// Package bench measures what the program promises of its speed: durable
// three-line sells over HTTP, beside the bare driver writing the same rows in
// the same run, and the reads that a till and a stock feed make. The program
// runs as a child process, so that its CPU time and memory are its own, and
// is talked to over loopback only.
package bench

import (
	"context"
	"fmt"
	"io"
	"os"
	"slices"
	"strconv"
	"sync"
	"time"

	"storehouse/bench/process"
)

// Config is what a run is told.
type Config struct {
	Program  string        // the storehouse binary
	URL      string        // a PostgreSQL database to write into; empty is SQLite
	Dir      string        // where SQLite's file goes; empty is a temporary folder
	Clients  []int         // how many sell at once
	Duration time.Duration // of each measurement
	Out      io.Writer
}

// Figures are of one measurement.
type Figures struct {
	Clients   int
	PerSecond float64
	P50, P99  time.Duration
	CPU       float64 // the server's CPU seconds per 1,000; 0 where not measured
	Errors    int64
}

// Run measures and prints a table.
func Run(ctx context.Context, c Config) error {
	if c.Dir == "" {
		dir, err := os.MkdirTemp("", "storehouse-bench")
		if err != nil {
			return err
		}
		defer os.RemoveAll(dir)
		c.Dir = dir
	}
	engine := "SQLite"
	if c.URL != "" {
		engine = "PostgreSQL"
	}
	s, err := process.New(process.Config{Program: c.Program, Dir: c.Dir, URL: c.URL, Stderr: os.Stderr})
	if err != nil {
		return err
	}
	// The first start makes the demo; the second is the one to measure.
	if err := s.Start(ctx, "--demo"); err != nil {
		return err
	}
	if err := s.Stop(); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	if err := s.Start(ctx); err != nil {
		return err
	}
	defer s.Kill()
	cred, err := s.Credentials()
	if err != nil {
		return err
	}
	token, err := s.SignIn(ctx, cred)
	if err != nil {
		return err
	}
	basket, err := s.Fill(ctx, token, cred)
	if err != nil {
		return err
	}
	fmt.Fprintf(c.Out, "%s: ready %d ms after the start, %s a measurement\n\n", engine, s.Startup.Milliseconds(), c.Duration)
	fmt.Fprintf(c.Out, "| %s | clients | per second | p50 | p99 | CPU s / 1,000 | errors |\n|---|---|---|---|---|---|---|\n", engine)
	sell := func(ctx context.Context) error { _, err := s.Sell(ctx, token, basket.Body); return err }
	for _, n := range c.Clients {
		measure(ctx, s, n, c.Duration, sell).print(c.Out, "three-line sell")
	}
	measure(ctx, s, 1, c.Duration/2, func(ctx context.Context) error {
		return s.Call(ctx, cred.Sync.Key, "GET", "/admin/indexyii.php?r=api/SyncInventory&Skucode="+basket.SKU, nil, nil)
	}).print(c.Out, "stock of one SKU")
	measure(ctx, s, 1, c.Duration/2, func(ctx context.Context) error {
		return s.Call(ctx, token, "GET", "/connector/api/sell?per_page=50&order_by_date=desc", nil, nil)
	}).print(c.Out, "list of 50 sells, lines and payments")
	peak := s.PeakMemory()
	if err := s.Stop(); err != nil {
		return fmt.Errorf("stop: %w", err)
	}
	for _, n := range c.Clients {
		bare, err := bareRate(ctx, c, n)
		if err != nil {
			return fmt.Errorf("bare driver: %w", err)
		}
		bare.print(c.Out, "bare driver, the same rows")
	}
	fmt.Fprintf(c.Out, "\nmemory at its peak: %d MB\n", peak>>20)
	if out, err := s.Run(ctx, "audit"); err != nil {
		return fmt.Errorf("audit after the load: %w\n%s", err, out)
	}
	fmt.Fprintln(c.Out, "audit after the load: clean")
	return nil
}

func (f Figures) print(w io.Writer, what string) {
	ms := func(d time.Duration) string {
		return strconv.FormatFloat(float64(d.Microseconds())/1000, 'f', 2, 64) + " ms"
	}
	cpu := "–"
	if f.CPU > 0 {
		cpu = strconv.FormatFloat(f.CPU, 'f', 2, 64)
	}
	fmt.Fprintf(w, "| %s | %d | %.0f | %s | %s | %s | %d |\n", what, f.Clients, f.PerSecond, ms(f.P50), ms(f.P99), cpu, f.Errors)
}

// measure lets n clients call for a while, after a warm-up of a fifth of it.
func measure(ctx context.Context, s *process.Server, n int, d time.Duration, call func(context.Context) error) Figures {
	load(ctx, n, d/5, call)
	cpu, begin := s.CPU(), time.Now()
	times, failed := load(ctx, n, d, call)
	f := summary(n, times, time.Since(begin))
	f.Errors = failed
	if len(times) > 0 {
		f.CPU = (s.CPU() - cpu).Seconds() / float64(len(times)) * 1000
	}
	return f
}

func load(ctx context.Context, n int, d time.Duration, call func(context.Context) error) (times []time.Duration, failed int64) {
	var mu sync.Mutex
	var wg sync.WaitGroup
	end := time.Now().Add(d)
	for range n {
		wg.Go(func() {
			var own []time.Duration
			var bad int64
			for time.Now().Before(end) && ctx.Err() == nil {
				t := time.Now()
				if err := call(ctx); err != nil {
					if bad++; bad == 1 {
						fmt.Fprintln(os.Stderr, err)
					}
					continue
				}
				own = append(own, time.Since(t))
			}
			mu.Lock()
			times, failed = append(times, own...), failed+bad
			mu.Unlock()
		})
	}
	wg.Wait()
	return times, failed
}

func summary(n int, times []time.Duration, took time.Duration) Figures {
	f := Figures{Clients: n, PerSecond: float64(len(times)) / took.Seconds()}
	if len(times) > 0 {
		slices.Sort(times)
		f.P50, f.P99 = times[len(times)/2], times[len(times)*99/100]
	}
	return f
}
