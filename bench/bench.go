// Package bench measures what the issue of speed asks: durable three-line
// sells over HTTP, beside the bare driver writing the same rows in the same
// run, and the reads that a till and a stock feed make. It starts the program
// itself as a child process, so that its CPU time and memory are its own, and
// talks to it over loopback only.
package bench

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"slices"
	"strconv"
	"strings"
	"sync"
	"sync/atomic"
	"syscall"
	"time"
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
	s, err := start(ctx, c)
	if err != nil {
		return err
	}
	defer s.stop()
	fmt.Fprintf(c.Out, "%s: the program answered %d ms after it was started (demo data already there)\n", engine, s.startup.Milliseconds())
	if err := s.signIn(ctx); err != nil {
		return err
	}
	fmt.Fprintf(c.Out, "\n| %s | clients | per second | p50 | p99 | CPU s / 1,000 | errors |\n|---|---|---|---|---|---|---|\n", engine)
	for _, n := range c.Clients {
		f := s.measure(ctx, n, c.Duration, s.sell)
		f.print(c.Out, "three-line sell")
	}
	s.measure(ctx, 1, c.Duration/2, s.stockOfOne).print(c.Out, "stock of one SKU")
	s.measure(ctx, 1, c.Duration/2, s.sellList).print(c.Out, "50 sells with lines and payments")
	peak := s.peakMemory()
	s.stop()
	for _, n := range c.Clients {
		bare, err := bareRate(ctx, c, n)
		if err != nil {
			return fmt.Errorf("bare driver: %w", err)
		}
		bare.print(c.Out, "bare driver, the same rows")
	}
	fmt.Fprintf(c.Out, "\nmemory at its peak: %d MB\n", peak>>20)
	return audit(ctx, c)
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

// server is the program under measurement.
type server struct {
	cmd     *exec.Cmd
	base    string
	startup time.Duration
	dir     string
	http    *http.Client

	token, syncKey string
	sellBody       []byte // a three-line sell
	sku            string
}

// credentials is what of demo-credentials.json is needed here.
type credentials struct {
	Pos struct {
		ID       string `json:"client_id"`
		Secret   string `json:"client_secret"`
		Username string `json:"username"`
		Password string `json:"password"`
	} `json:"pos"`
	Maker struct {
		Token string `json:"token"`
	} `json:"maker"`
	Sync struct {
		Key string `json:"api_key"`
	} `json:"sync"`
}

func start(ctx context.Context, c Config) (*server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	addr := l.Addr().String()
	l.Close()
	s := &server{base: "http://" + addr, dir: c.Dir, http: &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}
	args := []string{"serve", "--addr", addr, "--data", c.Dir}
	if c.URL != "" {
		args = append(args, "--database-url", c.URL)
	}
	// The first start makes the demo; the second is the one to measure.
	for _, extra := range [][]string{{"--demo"}, nil} {
		begin := time.Now()
		s.cmd = exec.CommandContext(ctx, c.Program, append(slices.Clone(args), extra...)...)
		s.cmd.Stderr = os.Stderr
		if err := s.cmd.Start(); err != nil {
			return nil, err
		}
		if err := s.ready(ctx); err != nil {
			s.stop()
			return nil, err
		}
		s.startup = time.Since(begin)
		if extra != nil {
			s.stop()
		}
	}
	return s, nil
}

func (s *server) ready(ctx context.Context) error {
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline); time.Sleep(5 * time.Millisecond) {
		r, err := s.http.Get(s.base + "/readyz")
		if err == nil {
			r.Body.Close()
			if r.StatusCode == http.StatusOK {
				return nil
			}
		}
		if ctx.Err() != nil {
			return ctx.Err()
		}
	}
	return fmt.Errorf("the program did not get ready in a minute")
}

func (s *server) stop() {
	if s.cmd == nil || s.cmd.Process == nil {
		return
	}
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	_ = s.cmd.Wait()
	s.cmd = nil
}

func (s *server) signIn(ctx context.Context) error {
	b, err := os.ReadFile(filepath.Join(s.dir, "demo-credentials.json"))
	if err != nil {
		return err
	}
	var cred credentials
	if err := json.Unmarshal(b, &cred); err != nil {
		return err
	}
	s.syncKey = cred.Sync.Key
	body, _ := json.Marshal(map[string]string{"grant_type": "password", "client_id": cred.Pos.ID, "client_secret": cred.Pos.Secret,
		"username": cred.Pos.Username, "password": cred.Pos.Password})
	var t struct {
		Token string `json:"access_token"`
	}
	if err := s.call(ctx, "POST", "/oauth/token", body, &t); err != nil || t.Token == "" {
		return fmt.Errorf("sign in: %w", err)
	}
	s.token = t.Token
	return s.pick(ctx, cred.Maker.Token)
}

func (s *server) call(ctx context.Context, method, path string, body []byte, out any) error {
	r, err := http.NewRequestWithContext(ctx, method, s.base+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	if s.token != "" {
		r.Header.Set("Authorization", "Bearer "+s.token)
	}
	resp, err := s.http.Do(r)
	if err != nil {
		return err
	}
	defer resp.Body.Close()
	b, err := io.ReadAll(resp.Body)
	if err != nil {
		return err
	}
	if resp.StatusCode/100 != 2 {
		return fmt.Errorf("%s %s: %d %s", method, path, resp.StatusCode, b)
	}
	if out == nil {
		return nil
	}
	return json.Unmarshal(b, out)
}

// measure lets n clients call for a while, after a short warm-up.
func (s *server) measure(ctx context.Context, n int, d time.Duration, call func(context.Context, int64) error) Figures {
	var serial atomic.Int64
	run := func(d time.Duration) (times []time.Duration, failed int64) {
		var mu sync.Mutex
		var wg sync.WaitGroup
		end := time.Now().Add(d)
		for range n {
			wg.Go(func() {
				var own []time.Duration
				var bad int64
				for time.Now().Before(end) && ctx.Err() == nil {
					t := time.Now()
					if err := call(ctx, serial.Add(1)); err != nil {
						bad++
						if bad == 1 {
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
	run(d / 5)
	cpu, begin := s.cpu(), time.Now()
	times, failed := run(d)
	took := time.Since(begin)
	f := summary(n, times, took)
	f.Errors = failed
	if len(times) > 0 {
		f.CPU = (s.cpu() - cpu).Seconds() / float64(len(times)) * 1000
	}
	return f
}

func summary(n int, times []time.Duration, took time.Duration) Figures {
	f := Figures{Clients: n, PerSecond: float64(len(times)) / took.Seconds()}
	if len(times) > 0 {
		slices.Sort(times)
		f.P50, f.P99 = times[len(times)/2], times[len(times)*99/100]
	}
	return f
}

// cpu returns the CPU time that the server has used (Linux; 0 elsewhere).
func (s *server) cpu() time.Duration {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/stat", s.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	_, rest, _ := strings.Cut(string(b), ") ")
	f := strings.Fields(rest)
	if len(f) < 13 {
		return 0
	}
	user, _ := strconv.ParseInt(f[11], 10, 64)
	system, _ := strconv.ParseInt(f[12], 10, 64)
	const tick = 10 * time.Millisecond // USER_HZ is 100 on every Linux that we meet
	return time.Duration(user+system) * tick
}

func (s *server) peakMemory() int64 {
	b, err := os.ReadFile(fmt.Sprintf("/proc/%d/status", s.cmd.Process.Pid))
	if err != nil {
		return 0
	}
	for _, l := range strings.Split(string(b), "\n") {
		if rest, ok := strings.CutPrefix(l, "VmHWM:"); ok {
			kb, _ := strconv.ParseInt(strings.Fields(rest)[0], 10, 64)
			return kb << 10
		}
	}
	return 0
}

func audit(ctx context.Context, c Config) error {
	args := []string{"audit", "--data", c.Dir}
	if c.URL != "" {
		args = append(args, "--database-url", c.URL)
	}
	out, err := exec.CommandContext(ctx, c.Program, args...).CombinedOutput()
	if err != nil {
		return fmt.Errorf("audit after the load: %w\n%s", err, out)
	}
	fmt.Fprintln(c.Out, "audit after the load: clean")
	return nil
}
