package main

import (
	"context"
	"errors"
	"fmt"
	"log/slog"
	"net"
	"net/http"
	"net/mail"
	"net/url"
	"os"
	"path/filepath"
	"runtime/debug"
	"strings"
	"time"

	"storehouse/base/blob"
	"storehouse/base/db"
	"storehouse/base/idtoken"
	"storehouse/cmd/program"
	"storehouse/core/connect"
	"storehouse/core/doc"
)

type serveCmd struct {
	Addr             string        `help:"Where to listen." default:"127.0.0.1:8080" placeholder:"HOST:PORT"`
	Demo             bool          `help:"Make a demo business in an empty store and write its credentials to demo-credentials.json in the data directory."`
	BaseURL          string        `name:"base-url" help:"The address under which clients reach this program, for links in answers; the request's own unless told." placeholder:"URL"`
	TrustProxy       bool          `help:"A proxy of ours stands before: take the client's address from the last X-Forwarded-For."`
	FirebaseProject  string        `help:"Take the ID tokens of this Firebase project." placeholder:"ID"`
	FirebaseKeysURL  string        `name:"firebase-keys-url" help:"Where the keys of ID tokens are published, as JWKS." default:"${firebase_keys}" placeholder:"URL"`
	FirebaseEmulator string        `help:"Take the unsigned tokens of a Firebase Auth emulator at this address, and no others. Never in production." placeholder:"HOST:PORT"`
	Files            string        `help:"Where stored documents are kept: a directory (\"files\" in the data directory unless told), or s3://bucket?region=…" placeholder:"DIR|URL"`
	MaxFile          int64         `help:"Largest document taken, in bytes; 0 is 25 MiB." default:"0"`
	SecretKey        string        `help:"At least 16 characters; seals the credentials of other services (Zoho) that shops leave with us. Better as a variable or in the file." placeholder:"KEY"`
	ZohoAccountsURL  string        `name:"zoho-accounts-url" help:"Instead of Zoho's own, for proxies and tests." placeholder:"URL"`
	ZohoAPIURL       string        `name:"zoho-api-url" help:"Instead of Zoho's own, for proxies and tests." placeholder:"URL"`
	RegToken         string        `help:"Lets shops register with the first organization, beside the organizations' own tokens." placeholder:"TOKEN"`
	ChangeToken      string        `help:"Lets shops change the status of the first organization's leads, likewise." placeholder:"TOKEN"`
	SMTPHost         string        `name:"smtp-host" help:"Send mail through this server; without it mail waits as jobs." placeholder:"HOST"`
	SMTPPort         int           `name:"smtp-port" help:"0 is 587, or 465 with implicit TLS." default:"0"`
	SMTPUser         string        `name:"smtp-user" placeholder:"NAME"`
	SMTPPassword     string        `name:"smtp-password" help:"Better as a variable or in the file." placeholder:"TEXT"`
	SMTPFrom         string        `name:"smtp-from" help:"The sender: \"Storehouse <books@example.com>\"." placeholder:"ADDRESS"`
	SMSURL           string        `name:"sms-url" help:"Send short messages through this gateway, as JSON with to and text; without it they wait as jobs." placeholder:"URL"`
	SMSToken         string        `name:"sms-token" help:"The gateway's bearer token; better as a variable or in the file." placeholder:"TEXT"`
	SMTPTLS          string        `name:"smtp-tls" help:"${enum}." enum:"starttls,implicit,opportunistic,none" default:"starttls"`
	JobWorkers       int           `help:"Background jobs at once." default:"4"`
	StopTime         time.Duration `help:"How long requests and jobs may take to end when the program is stopped." default:"25s"`
}

// Validate finds what is wrong with the settings before anything is opened.
func (c serveCmd) Validate() error {
	if _, _, err := net.SplitHostPort(c.Addr); err != nil {
		return fmt.Errorf("addr: %w", err)
	}
	for name, text := range map[string]string{"base-url": c.BaseURL, "firebase-keys-url": c.FirebaseKeysURL,
		"zoho-accounts-url": c.ZohoAccountsURL, "zoho-api-url": c.ZohoAPIURL} {
		u, err := url.Parse(text)
		if text != "" && (err != nil || u.Host == "" || u.Scheme != "http" && u.Scheme != "https") {
			return fmt.Errorf("%s: %q is not an http or https address", name, text)
		}
	}
	if c.JobWorkers < 1 || c.JobWorkers > 100 {
		return errors.New("job-workers: must be between 1 and 100")
	}
	if c.FirebaseEmulator != "" && c.FirebaseProject == "" {
		return errors.New("firebase-emulator: needs firebase-project")
	}
	if _, err := connect.NewBox(c.SecretKey); err != nil {
		return fmt.Errorf("secret-key: %w", err)
	}
	if _, err := mail.ParseAddress(c.SMTPFrom); c.SMTPHost != "" && err != nil {
		return fmt.Errorf("smtp-from: %q is not an address", c.SMTPFrom)
	}
	return nil
}

// How far the heap may grow between two collections. A few MB are live, so
// that the default would collect many times a second under load; what a huge
// body leaves behind is collected early all the same.
const (
	gcPercent = 300
	gcLimit   = 192 << 20
)

func (c serveCmd) Run(e *env) error {
	if os.Getenv("GOGC") == "" {
		debug.SetGCPercent(gcPercent)
	}
	if os.Getenv("GOMEMLIMIT") == "" {
		debug.SetMemoryLimit(gcLimit)
	}
	d, err := e.open(e.ctx)
	if err != nil {
		return err
	}
	defer d.Close()
	if _, err := program.Migrate(e.ctx, d); err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	defer cancel()
	conf, err := c.config(ctx)
	if err != nil {
		return err
	}
	conf.Hub.DB = d
	bucket, err := blob.Open(ctx, c.filesAt(e.cli.Data))
	if err != nil {
		return err
	}
	defer bucket.Close()
	conf.Files = &doc.Store{Bucket: bucket, MaxSize: c.MaxFile}
	p := program.New(d, conf)
	p.Jobs.Workers = c.JobWorkers
	l, err := net.Listen("tcp", c.Addr)
	if err != nil {
		return err
	}
	defer l.Close()
	if c.Demo {
		base := conf.BaseURL
		if base == "" {
			base = "http://" + l.Addr().String()
		}
		if err := e.makeDemo(e.ctx, d, base); err != nil {
			return err
		}
	}
	return c.serve(e, d, p, l)
}

// filesAt is where stored documents are kept.
func (c serveCmd) filesAt(data string) string {
	if c.Files == "" {
		return filepath.Join(data, "files")
	}
	return c.Files
}

// hub is the program's door to other people's systems.
func (c serveCmd) hub() (*connect.Hub, error) {
	box, err := connect.NewBox(c.SecretKey)
	if err != nil {
		return nil, err
	}
	h := &connect.Hub{Box: box, Demo: c.Demo, Zoho: &connect.Zoho{AccountsURL: c.ZohoAccountsURL, APIURL: c.ZohoAPIURL}}
	if c.SMSURL != "" {
		h.SMS = &connect.Texter{URL: c.SMSURL, Token: c.SMSToken}
	}
	if c.SMTPHost != "" {
		h.Mail = &connect.Mailer{Host: c.SMTPHost, Port: c.SMTPPort, Username: c.SMTPUser, Password: c.SMTPPassword, From: c.SMTPFrom, TLS: c.SMTPTLS}
	}
	return h, nil
}

func (c serveCmd) config(ctx context.Context) (program.Config, error) {
	hub, err := c.hub()
	if err != nil {
		return program.Config{}, err
	}
	conf := program.Config{BaseURL: strings.TrimRight(c.BaseURL, "/"), Hub: hub, RegToken: c.RegToken, ChangeToken: c.ChangeToken}
	if c.FirebaseProject == "" {
		return conf, nil
	}
	v, err := idtoken.New(ctx, idtoken.Config{Project: c.FirebaseProject, KeysURL: c.FirebaseKeysURL, Emulator: c.FirebaseEmulator})
	if err != nil {
		return conf, err
	}
	if c.FirebaseEmulator != "" {
		slog.Warn("unsigned ID tokens are taken: this must not be a production system", "emulator", c.FirebaseEmulator)
	}
	conf.Identity = v.Verify
	return conf, nil
}

// serve answers until the context ends, then lets what is in hand end.
func (c serveCmd) serve(e *env, d *db.DB, p *program.Program, l net.Listener) error {
	handler := p.Handler
	if c.TrustProxy {
		handler = fromProxy(handler)
	}
	srv := &http.Server{Handler: handler, ReadHeaderTimeout: 10 * time.Second, ReadTimeout: 2 * time.Minute, WriteTimeout: 2 * time.Minute,
		IdleTimeout: 2 * time.Minute, MaxHeaderBytes: 64 << 10, ErrorLog: slog.NewLogLogger(slog.Default().Handler(), slog.LevelWarn)}
	if err := p.Start(); err != nil {
		return fmt.Errorf("start: %w", err)
	}
	failed := make(chan error, 1)
	go func() { failed <- srv.Serve(l) }()
	engine := "sqlite"
	if d.Postgres() {
		engine = "postgres"
	}
	slog.Info("serving", "addr", l.Addr().String(), "engine", engine, "version", version)
	fmt.Fprintf(e.out, "storehouse is ready on http://%s\n", l.Addr())
	select {
	case err := <-failed:
		return err
	case <-e.ctx.Done():
	}
	slog.Info("stopping")
	p.Drain()
	ctx, cancel := context.WithTimeout(context.Background(), c.StopTime)
	defer cancel()
	err := srv.Shutdown(ctx)
	if err != nil {
		slog.Error("requests were cut off", "error", err)
		srv.Close()
	}
	p.Stop(ctx)
	slog.Info("stopped")
	return nil
}

// fromProxy takes the client's address from the last entry of
// X-Forwarded-For, the one that our own proxy wrote.
func fromProxy(next http.Handler) http.Handler {
	return http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		list := strings.Split(r.Header.Get("X-Forwarded-For"), ",")
		if ip := net.ParseIP(strings.TrimSpace(list[len(list)-1])); ip != nil {
			r.RemoteAddr = net.JoinHostPort(ip.String(), "0")
		}
		next.ServeHTTP(w, r)
	})
}
