// Package process runs the program as a child process and talks to it over
// loopback, for what cannot be tested from inside: kills, restarts, signals,
// and measurements whose CPU time must be the program's own.
package process

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net"
	"net/http"
	"os"
	"os/exec"
	"path/filepath"
	"strconv"
	"strings"
	"syscall"
	"time"
)

// Config says what to run.
type Config struct {
	Program string // the storehouse binary
	Dir     string // its data
	URL     string // PostgreSQL; empty is SQLite
	Stderr  io.Writer
}

// Server is the running program.
type Server struct {
	Base    string
	Startup time.Duration // from the start to the first answer of /readyz

	config Config
	addr   string
	cmd    *exec.Cmd
	http   *http.Client
}

// New chooses a free port for the program; Start starts it there.
func New(c Config) (*Server, error) {
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		return nil, err
	}
	addr := l.Addr().String()
	if err := l.Close(); err != nil {
		return nil, err
	}
	return &Server{Base: "http://" + addr, addr: addr, config: c,
		http: &http.Client{Timeout: 30 * time.Second, Transport: &http.Transport{MaxIdleConnsPerHost: 64}}}, nil
}

func (s *Server) args(command string, extra ...string) []string {
	args := []string{command, "--data", s.config.Dir}
	if s.config.URL != "" {
		args = append(args, "--database-url", s.config.URL)
	}
	return append(args, extra...)
}

// Start runs "serve" and waits until it is ready.
func (s *Server) Start(ctx context.Context, extra ...string) error {
	begin := time.Now()
	s.cmd = exec.Command(s.config.Program, s.args("serve", append([]string{"--addr", s.addr}, extra...)...)...)
	s.cmd.Stderr = s.config.Stderr
	if err := s.cmd.Start(); err != nil {
		return err
	}
	for deadline := time.Now().Add(time.Minute); time.Now().Before(deadline) && ctx.Err() == nil; time.Sleep(2 * time.Millisecond) {
		r, err := s.http.Get(s.Base + "/readyz")
		if err != nil {
			continue
		}
		r.Body.Close()
		if r.StatusCode == http.StatusOK {
			s.Startup = time.Since(begin)
			return nil
		}
	}
	s.Kill()
	return errors.New("the program did not get ready")
}

// Run runs another command of the program on the same data and returns what
// it printed.
func (s *Server) Run(ctx context.Context, command string, extra ...string) (string, error) {
	out, err := exec.CommandContext(ctx, s.config.Program, s.args(command, extra...)...).CombinedOutput()
	return string(out), err
}

// Stop asks the program to stop and waits for it.
func (s *Server) Stop() error {
	if s.cmd == nil {
		return nil
	}
	_ = s.cmd.Process.Signal(syscall.SIGTERM)
	err := s.cmd.Wait()
	s.cmd = nil
	return err
}

// Kill ends the program at once, as a power cut would.
func (s *Server) Kill() {
	if s.cmd == nil {
		return
	}
	_ = s.cmd.Process.Kill()
	_ = s.cmd.Wait()
	s.cmd = nil
	s.http.CloseIdleConnections()
}

// CPU returns the CPU time that the program has used (Linux; 0 elsewhere).
func (s *Server) CPU() time.Duration {
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

// PeakMemory returns the most memory that the program has held, in bytes.
func (s *Server) PeakMemory() int64 {
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

// Credentials is what of demo-credentials.json is needed here.
type Credentials struct {
	Pos struct {
		ID       string `json:"client_id"`
		Secret   string `json:"client_secret"`
		Username string `json:"username"`
		Password string `json:"password"`
	} `json:"pos"`
	Maker struct {
		Token string `json:"token"`
	} `json:"maker"`
	Shop struct {
		Email    string `json:"email"`
		Password string `json:"password"`
	} `json:"shop"`
	Sync struct {
		Key string `json:"api_key"`
	} `json:"sync"`
}

// Credentials reads the demo's credentials.
func (s *Server) Credentials() (c Credentials, err error) {
	b, err := os.ReadFile(filepath.Join(s.config.Dir, "demo-credentials.json"))
	if err != nil {
		return c, err
	}
	return c, json.Unmarshal(b, &c)
}

// SignIn returns an access token of the pos face for the demo's user.
func (s *Server) SignIn(ctx context.Context, c Credentials) (string, error) {
	body, err := json.Marshal(map[string]string{"grant_type": "password", "client_id": c.Pos.ID, "client_secret": c.Pos.Secret,
		"username": c.Pos.Username, "password": c.Pos.Password})
	if err != nil {
		return "", err
	}
	var t struct {
		Token string `json:"access_token"`
	}
	err = s.Call(ctx, "", "POST", "/oauth/token", body, &t)
	return t.Token, err
}

// Call sends a request and reads its JSON answer into out; a status other
// than 2xx is an error.
func (s *Server) Call(ctx context.Context, token, method, path string, body []byte, out any) error {
	r, err := http.NewRequestWithContext(ctx, method, s.Base+path, bytes.NewReader(body))
	if err != nil {
		return err
	}
	r.Header.Set("Content-Type", "application/json")
	if token != "" {
		r.Header.Set("Authorization", "Bearer "+token)
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
