package main

import (
	"bytes"
	"context"
	"encoding/json"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"regexp"
	"strings"
	"sync"
	"testing"
	"time"

	"storehouse/base/db/dbtest"
)

// output is a writer that a test reads while the program writes.
type output struct {
	mu sync.Mutex
	b  bytes.Buffer
}

func (o *output) Write(p []byte) (int, error) {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.Write(p)
}

func (o *output) String() string {
	o.mu.Lock()
	defer o.mu.Unlock()
	return o.b.String()
}

// command runs a command to its end.
func command(t *testing.T, args ...string) (code int, out, errOut string) {
	t.Helper()
	var o, e output
	code = run(t.Context(), args, &o, &e)
	return code, o.String(), e.String()
}

// serve starts the server and returns its address; stop ends it and returns
// its exit code.
func serve(t *testing.T, args ...string) (url string, stop func() int) {
	t.Helper()
	return serveLogged(t, &output{}, args...)
}

func serveLogged(t *testing.T, e *output, args ...string) (url string, stop func() int) {
	t.Helper()
	ctx, cancel := context.WithCancel(context.Background())
	var o output
	code := make(chan int, 1)
	go func() { code <- run(ctx, append([]string{"serve", "--addr", "127.0.0.1:0"}, args...), &o, e) }()
	ready := regexp.MustCompile(`ready on (http://\S+)`)
	for range 1000 {
		if m := ready.FindStringSubmatch(o.String()); m != nil {
			return m[1], func() int { cancel(); return <-code }
		}
		select {
		case c := <-code:
			cancel()
			t.Fatalf("serve ended with %d: %s", c, e.String())
		case <-time.After(10 * time.Millisecond):
		}
	}
	cancel()
	t.Fatalf("serve did not get ready: %s", e.String())
	return "", nil
}

func get(t *testing.T, url string, header ...string) (int, string) {
	t.Helper()
	r, err := http.NewRequest("GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	for i := 0; i < len(header); i += 2 {
		r.Header.Set(header[i], header[i+1])
	}
	w, err := http.DefaultClient.Do(r)
	if err != nil {
		t.Fatal(err)
	}
	defer w.Body.Close()
	b, _ := io.ReadAll(w.Body)
	return w.StatusCode, string(b)
}

func TestFirstRunOnBothEngines(t *testing.T) {
	for engine, args := range map[string]func(*testing.T) []string{
		"sqlite":   func(t *testing.T) []string { return []string{"--data", t.TempDir()} },
		"postgres": func(t *testing.T) []string { return []string{"--database-url", dbtest.PostgresURL(t)} },
	} {
		t.Run(engine, func(t *testing.T) {
			store := args(t)
			code, out, errOut := command(t, append([]string{"init", "--json", "--name", "Acme & Sons", "--email", "o@acme.example", "--currency", "PKR", "--time-zone", "Asia/Karachi"}, store...)...)
			var cred initOut
			if err := json.Unmarshal([]byte(out), &cred); code != 0 || err != nil || cred.Organization != 1 {
				t.Fatalf("init: %d %q %q", code, out, errOut)
			}
			if code, _, errOut := command(t, append([]string{"init", "--name", "B", "--email", "b@b.example"}, store...)...); code != 1 || !strings.Contains(errOut, "already") {
				t.Errorf("a second init: %d %q", code, errOut)
			}
			start := time.Now()
			url, stop := serve(t, store...)
			if took := time.Since(start); took > 15*time.Second {
				t.Errorf("start took %v", took)
			}
			// In this order: requests are counted once there has been one.
			for _, c := range [][2]string{{"/healthz", `"ok"`}, {"/readyz", `"ready"`}, {"/metrics", "storehouse_http_requests_total"}, {"/openapi/maker.json", `"openapi"`}} {
				if code, body := get(t, url+c[0]); code != 200 || !strings.Contains(body, c[1]) {
					t.Errorf("%s: %d %.200s", c[0], code, body)
				}
			}
			w, err := http.Post(url+"/oauth/token", "application/json", strings.NewReader(`{"grant_type":"password","client_id":"`+cred.ClientID+
				`","client_secret":"`+cred.ClientSecret+`","username":"admin","password":"`+cred.Password+`"}`))
			if err != nil || w.StatusCode != 200 {
				t.Errorf("token: %v %v", w, err)
			}
			if code, _ := get(t, url+"/v1/audit", "Authorization", "Bearer "+cred.Token); code != 200 {
				t.Errorf("the owner's token: %d", code)
			}
			if code := stop(); code != 0 {
				t.Errorf("stopped with %d", code)
			}
			if code, out, errOut := command(t, append([]string{"audit", "--json"}, store...)...); code != 0 || !strings.Contains(out, `"differences": []`) {
				t.Errorf("audit: %d %q %q", code, out, errOut)
			}
			if code, out, errOut := command(t, append([]string{"jobs", "list"}, store...)...); code != 0 || !strings.Contains(out, "KIND") {
				t.Errorf("jobs: %d %q %q", code, out, errOut)
			}
			if code, _, errOut := command(t, append([]string{"jobs", "list", "--state", "bogus"}, store...)...); code == 0 || !strings.Contains(errOut, "--state must be one of") {
				t.Errorf("jobs of a state that is none: %d %q", code, errOut)
			}
			if code, out, _ := command(t, append([]string{"migrate"}, store...)...); code != 0 || !strings.Contains(out, "up to date") {
				t.Errorf("migrate: %d %q", code, out)
			}
		})
	}
}

func TestBadSettingsStopTheStartWithOneLine(t *testing.T) {
	file := filepath.Join(t.TempDir(), "settings.json")
	for name, c := range map[string]struct {
		file string
		env  [2]string
		args []string
		want string
	}{
		"unknown flag":        {args: []string{"serve", "--adr", "x"}, want: "--adr"},
		"bad address":         {args: []string{"serve", "--addr", "8080"}, want: "addr"},
		"bad base url":        {args: []string{"serve", "--base-url", "shop"}, want: "base-url"},
		"bad level":           {env: [2]string{"STOREHOUSE_LOG_LEVEL", "loud"}, args: []string{"version"}, want: "log-level"},
		"unknown variable":    {env: [2]string{"STOREHOUSE_ADRR", "x"}, args: []string{"version"}, want: "STOREHOUSE_ADRR"},
		"unknown key":         {file: `{"adr":"x"}`, args: []string{"serve"}, want: `"adr"`},
		"broken file":         {file: `{`, args: []string{"serve"}, want: "settings file"},
		"a list for a text":   {file: `{"addr":[1]}`, args: []string{"serve"}, want: "addr"},
		"bad number":          {file: `{"job-workers":"many"}`, args: []string{"serve"}, want: "job-workers"},
		"too many workers":    {file: `{"job-workers":1000}`, args: []string{"serve"}, want: "job-workers"},
		"no such file":        {args: []string{"serve", "--config", "/nonexistent.json"}, want: "nonexistent"},
		"emulator alone":      {args: []string{"serve", "--firebase-emulator", "x:1"}, want: "firebase-project"},
		"no command":          {want: "expected"},
		"bad database url":    {args: []string{"serve", "--database-url", "postgres://127.0.0.1:1/x?connect_timeout=1"}, want: "database"},
		"init without a name": {args: []string{"init"}, want: "--name"},
	} {
		t.Run(name, func(t *testing.T) {
			if c.env[0] != "" {
				t.Setenv(c.env[0], c.env[1])
			}
			args := append([]string{}, c.args...)
			if c.file != "" {
				if err := os.WriteFile(file, []byte(c.file), 0o600); err != nil {
					t.Fatal(err)
				}
				args = append(args, "--config", file)
			}
			if len(args) > 0 && args[0] == "serve" {
				args = append(args, "--data", t.TempDir())
			}
			ctx, cancel := context.WithTimeout(t.Context(), 10*time.Second)
			defer cancel()
			var o, e output
			code := run(ctx, args, &o, &e)
			if text := e.String(); code != 1 || !strings.Contains(text, c.want) || strings.Count(text, "\n") != 1 {
				t.Errorf("exit %d, %q; want one line with %q", code, text, c.want)
			}
		})
	}
}

func TestFlagBeforeEnvironmentBeforeFile(t *testing.T) {
	dir := t.TempDir()
	file := filepath.Join(dir, "settings.json")
	name := func(s string) string { return filepath.Join(dir, s) }
	if err := os.WriteFile(file, []byte(`{"data":"`+name("file")+`","log-level":"error"}`), 0o600); err != nil {
		t.Fatal(err)
	}
	made := func(s string) bool {
		_, err := os.Stat(filepath.Join(name(s), "storehouse.db"))
		return err == nil
	}
	t.Setenv("STOREHOUSE_CONFIG", file)
	command(t, "migrate")
	if !made("file") {
		t.Error("the file was not read")
	}
	t.Setenv("STOREHOUSE_DATA", name("environment"))
	command(t, "migrate")
	if !made("environment") {
		t.Error("the environment does not go before the file")
	}
	command(t, "migrate", "--data", name("flag"))
	if !made("flag") {
		t.Error("the flag does not go before the environment")
	}
}

func TestCommandsRefuseAnOldSchema(t *testing.T) {
	dir := t.TempDir()
	if code, _, errOut := command(t, "audit", "--data", dir); code != 1 || !strings.Contains(errOut, "storehouse migrate") {
		t.Errorf("audit without a schema: %d %q", code, errOut)
	}
}

// In-flight requests end, and new ones are told that the program stops.
func TestGracefulStop(t *testing.T) {
	url, stop := serve(t, "--data", t.TempDir())
	pr, pw := io.Pipe()
	done := make(chan int, 1)
	go func() {
		r, _ := http.NewRequest("POST", url+"/oauth/token", pr)
		r.Header.Set("Content-Type", "application/json")
		w, err := http.DefaultClient.Do(r)
		if err != nil {
			done <- 0
			return
		}
		defer w.Body.Close()
		done <- w.StatusCode
	}()
	_, _ = pw.Write([]byte(`{"grant_type":`))
	time.Sleep(500 * time.Millisecond)
	stopped := make(chan int, 1)
	go func() { stopped <- stop() }()
	time.Sleep(500 * time.Millisecond)
	_, _ = pw.Write([]byte(`"x"}`))
	pw.Close()
	if code := <-done; code != 400 {
		t.Errorf("the request in flight got %d, want its answer 400", code)
	}
	if code := <-stopped; code != 0 {
		t.Errorf("stopped with %d", code)
	}
}

func TestDemoIsMadeOnceInAnEmptyStore(t *testing.T) {
	dir := t.TempDir()
	path := filepath.Join(dir, "demo-credentials.json")
	url, stop := serve(t, "--demo", "--data", dir)
	first, err := os.ReadFile(path)
	if err != nil {
		t.Fatal(err)
	}
	if info, _ := os.Stat(path); info.Mode().Perm() != 0o600 {
		t.Errorf("mode %v, want 0600", info.Mode())
	}
	var cred struct {
		BaseURL string `json:"base_url"`
		Maker   struct{ Token string }
		Pos     struct {
			ID       string `json:"client_id"`
			Secret   string `json:"client_secret"`
			Username string
			Password string
		}
	}
	if err := json.Unmarshal(first, &cred); err != nil || cred.BaseURL != url {
		t.Errorf("credentials %s, %v", first, err)
	}
	if code, body := get(t, url+"/v1/audit", "Authorization", "Bearer "+cred.Maker.Token); code != 200 || !strings.Contains(body, `"differences":[]`) {
		t.Errorf("the owner's audit: %d %s", code, body)
	}
	w, err := http.PostForm(url+"/oauth/token", map[string][]string{"grant_type": {"password"}, "client_id": {cred.Pos.ID}, "client_secret": {cred.Pos.Secret},
		"username": {cred.Pos.Username}, "password": {cred.Pos.Password}})
	if err != nil || w.StatusCode != 200 {
		t.Errorf("token: %v %v", w, err)
	}
	if code := stop(); code != 0 {
		t.Errorf("stopped with %d", code)
	}
	_, stop = serve(t, "--demo", "--data", dir)
	stop()
	if again, _ := os.ReadFile(path); !bytes.Equal(first, again) {
		t.Error("--demo on a filled store changed the credentials")
	}
}

// Every credential of the demo is sent in every place that clients use; the
// log, at its most talkative, shows none.
func TestNoSecretIsLogged(t *testing.T) {
	dir := t.TempDir()
	var log output
	url, stop := serveLogged(t, &log, "--demo", "--data", dir, "--log-level", "debug", "--log-format", "json")
	text, err := os.ReadFile(filepath.Join(dir, "demo-credentials.json"))
	if err != nil {
		t.Fatal(err)
	}
	var cred map[string]any
	if err := json.Unmarshal(text, &cred); err != nil {
		t.Fatal(err)
	}
	var secrets []string
	for _, face := range cred {
		fields, _ := face.(map[string]any)
		for name, v := range fields {
			if s, _ := v.(string); len(s) >= 12 && name != "org_id" && name != "email" {
				secrets = append(secrets, s)
			}
		}
	}
	if len(secrets) < 10 {
		t.Fatalf("only %d secrets in %s", len(secrets), text)
	}
	for _, s := range secrets {
		get(t, url+"/api/invitations/by-token/"+strings.TrimPrefix(s, "/"))
		get(t, url+"/v1/audit", "Authorization", "Bearer "+s)
		get(t, url+"/apiv2/1/user_by_email/?email=x&apikey="+s, "Username", "1", "Apikey", s)
		for _, path := range []string{"/oauth/token", "/api/auth/login", "/api/auth/register_user", "/api/changeStatusLead", "/api/order/created"} {
			w, err := http.Post(url+path, "application/json", strings.NewReader(`{"grant_type":"password","client_id":"1","client_secret":"`+s+`","username":"x","password":"`+s+
				`","email":"a@b.example","reg_token":"`+s+`","change_token":"`+s+`","token":"`+s+`","json":"{}","id":1,"Status":"x"}`))
			if err != nil {
				t.Fatal(err)
			}
			w.Body.Close()
		}
		if strings.HasPrefix(s, "/") {
			get(t, url+s)
		}
	}
	stop()
	logged := log.String()
	if strings.Count(logged, "\n") < 50 {
		t.Errorf("the log is not at its most talkative: %.300s", logged)
	}
	for _, s := range secrets {
		if i := strings.Index(logged, s[max(0, len(s)-12):]); i >= 0 { // the end of a webhook's path is its key
			t.Errorf("the log shows a secret: %s", logged[max(0, i-200):min(len(logged), i+30)])
		}
	}
}
