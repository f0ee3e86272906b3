// Command storehouse runs and tends a commerce back office: five HTTP APIs
// over one set of books.
package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"log/slog"
	"os"
	"os/signal"
	"strings"
	"syscall"

	"github.com/alecthomas/kong"

	"storehouse/base/idtoken"
	"storehouse/base/secret"
)

func main() {
	ctx, stop := signal.NotifyContext(context.Background(), os.Interrupt, syscall.SIGTERM)
	defer stop()
	os.Exit(run(ctx, os.Args[1:], os.Stdout, os.Stderr))
}

// cli is the command line. Every flag is also an environment variable,
// STOREHOUSE_ and its name in capitals, and a key of the settings file; a
// flag goes before the environment, that before the file.
type cli struct {
	Config      string `help:"Settings as a JSON object; its keys are the names of these flags." placeholder:"FILE"`
	Data        string `help:"Directory of the SQLite database and of stored files." default:"data" placeholder:"DIR"`
	DatabaseURL string `name:"database-url" help:"PostgreSQL instead of SQLite: postgres://user:password@host/name." placeholder:"URL"`
	DatabaseMax int    `name:"database-connections" help:"Most PostgreSQL connections; 0 is four a core, at least 8." default:"0"`
	DatabaseRun string `name:"database-exec-mode" help:"How statements are sent, for poolers: ${enum}." enum:"cache_statement,cache_describe,describe_exec,exec,simple_protocol" default:"cache_statement"`
	LogLevel    string `help:"${enum}." enum:"debug,info,warn,error" default:"info"`
	LogFormat   string `help:"${enum}." enum:"text,json" default:"text"`

	Serve   serveCmd   `cmd:"" help:"Answer the APIs."`
	Init    initCmd    `cmd:"" help:"First run: make an organization and its owner, and print their credentials once."`
	Migrate migrateCmd `cmd:"" help:"Bring the database's schema up to date."`
	Audit   auditCmd   `cmd:"" help:"Refold all books and report differences; exits 1 when there are any."`
	Bench   benchCmd   `cmd:"" help:"Measure durable sells over HTTP beside the bare driver, on a store of its own."`
	Jobs    jobsCmd    `cmd:"" help:"Look at and replay background jobs."`
	Version versionCmd `cmd:"" help:"Print the version."`
}

// env is what the commands need beside their own flags.
type env struct {
	ctx    context.Context
	out    io.Writer
	errOut io.Writer
	cli    *cli
}

// exitCode ends the program without a message: the command has said why.
type exitCode int

func (c exitCode) Error() string { return fmt.Sprintf("exit %d", int(c)) }

// run is main without the process: it returns the exit code.
func run(ctx context.Context, args []string, out, errOut io.Writer) (code int) {
	defer func() { // kong's --help ends by Exit
		if p := recover(); p != nil {
			c, ok := p.(exitCode)
			if !ok {
				panic(p)
			}
			code = int(c)
		}
	}()
	fail := func(err error) int {
		fmt.Fprintln(errOut, "storehouse: "+strings.ReplaceAll(err.Error(), "\n", " "))
		return 1
	}
	var c cli
	parser, err := kong.New(&c, kong.Name("storehouse"), kong.Description("A commerce back office: five HTTP APIs over one set of books."),
		kong.Writers(out, errOut), kong.DefaultEnvars("STOREHOUSE"), kong.Exit(func(n int) { panic(exitCode(n)) }),
		kong.Vars{"firebase_keys": idtoken.GoogleKeys}, kong.ConfigureHelp(kong.HelpOptions{Compact: true}))
	if err != nil {
		return fail(err)
	}
	if err := settings(parser, args); err != nil {
		return fail(err)
	}
	k, err := parser.Parse(args)
	if err != nil {
		return fail(err)
	}
	logger, err := newLogger(errOut, c.LogLevel, c.LogFormat)
	if err != nil {
		return fail(err)
	}
	slog.SetDefault(logger)
	err = k.Run(&env{ctx, out, errOut, &c})
	if ec, ok := errors.AsType[exitCode](err); ok {
		return int(ec)
	}
	if err != nil {
		return fail(err)
	}
	return 0
}

func newLogger(w io.Writer, level, format string) (*slog.Logger, error) {
	var l slog.Level
	if err := l.UnmarshalText([]byte(level)); err != nil {
		return nil, err
	}
	o := &slog.HandlerOptions{Level: l, ReplaceAttr: redact}
	if format == "json" {
		return slog.New(slog.NewJSONHandler(w, o)), nil
	}
	return slog.New(slog.NewTextHandler(w, o)), nil
}

// redact takes credentials out of what is logged, whoever put them there: a
// path may bear a token, an error may quote a request.
func redact(_ []string, a slog.Attr) slog.Attr {
	switch a.Value.Kind() {
	case slog.KindString:
		a.Value = slog.StringValue(secret.Redact(a.Value.String()))
	case slog.KindAny:
		a.Value = slog.StringValue(secret.Redact(a.Value.String()))
	}
	return a
}
