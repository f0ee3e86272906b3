// Package dbtest gives each test an empty, migrated database of its own, on
// both engines: SQLite always, PostgreSQL when STOREHOUSE_TEST_DATABASE_URL
// names a server (the test command sees to that).
package dbtest

import (
	"context"
	"database/sql"
	"fmt"
	"hash/fnv"
	"io/fs"
	"net/url"
	"os"
	"path/filepath"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	_ "github.com/jackc/pgx/v5/stdlib" // makes and drops databases

	"storehouse/base/db"
	"storehouse/schema"
)

// Now is the instant at which tests run.
var Now = time.Date(2026, 1, 2, 3, 4, 5, 0, time.UTC)

// Env names the variable that holds the URL of PostgreSQL for tests: a server
// where databases may be created and dropped.
const Env = "STOREHOUSE_TEST_DATABASE_URL"

var serial atomic.Int64

// Each runs a test on both engines, each with a fresh database whose clock
// stands at Now.
func Each(t *testing.T, fn func(t *testing.T, d *db.DB)) {
	t.Helper()
	t.Run("sqlite", func(t *testing.T) { fn(t, SQLite(t)) })
	t.Run("postgres", func(t *testing.T) { fn(t, Postgres(t)) })
}

// SQLite returns a fresh SQLite database.
func SQLite(tb testing.TB) *db.DB {
	tb.Helper()
	path := filepath.Join(tb.TempDir(), "test.db")
	template, err := sqliteTemplate()
	if err != nil {
		tb.Fatal(err)
	}
	if err := os.WriteFile(path, template, 0o600); err != nil {
		tb.Fatal(err)
	}
	return open(tb, db.Config{Path: path})
}

// Postgres returns a fresh PostgreSQL database, or skips the test where no
// server is named.
func Postgres(tb testing.TB) *db.DB {
	tb.Helper()
	return open(tb, db.Config{URL: PostgresURL(tb), MaxConns: 10})
}

// PostgresURL returns the URL of a fresh, migrated PostgreSQL database.
func PostgresURL(tb testing.TB) string {
	tb.Helper()
	server := os.Getenv(Env)
	if server == "" {
		tb.Skip("no PostgreSQL: " + Env + " is not set")
	}
	template, err := postgresTemplate(server)
	if err != nil {
		tb.Fatal(err)
	}
	name := fmt.Sprintf("sh_%d_%d", os.Getpid(), serial.Add(1))
	if err := admin(server, `CREATE DATABASE `+name+` TEMPLATE `+template); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = admin(server, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`) })
	return withName(server, name)
}

// EmptyPostgresURL returns the URL of a fresh PostgreSQL database without any
// tables, for programs that migrate it themselves.
func EmptyPostgresURL(tb testing.TB) string {
	tb.Helper()
	server := os.Getenv(Env)
	if server == "" {
		tb.Skip("no PostgreSQL: " + Env + " is not set")
	}
	name := fmt.Sprintf("sh_%d_%d", os.Getpid(), serial.Add(1))
	if err := admin(server, `CREATE DATABASE `+name); err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { _ = admin(server, `DROP DATABASE IF EXISTS `+name+` WITH (FORCE)`) })
	return withName(server, name)
}

func open(tb testing.TB, c db.Config) *db.DB {
	tb.Helper()
	d, err := db.Open(context.Background(), c)
	if err != nil {
		tb.Fatal(err)
	}
	tb.Cleanup(func() { d.Close() })
	d.Now = func() time.Time { return Now }
	return d
}

// sqliteTemplate is the bytes of an empty migrated database, made once.
var sqliteTemplate = sync.OnceValues(func() ([]byte, error) {
	dir, err := os.MkdirTemp("", "storehouse-template")
	if err != nil {
		return nil, err
	}
	defer os.RemoveAll(dir)
	path := filepath.Join(dir, "t.db")
	d, err := db.Open(context.Background(), db.Config{Path: path})
	if err != nil {
		return nil, err
	}
	if _, err := d.Migrate(context.Background(), schema.FS); err != nil {
		return nil, err
	}
	if err := d.Close(); err != nil { // folds the log into the file
		return nil, err
	}
	return os.ReadFile(path)
})

var (
	templateMu   sync.Mutex
	templateName string
)

// postgresTemplate makes a migrated database to clone, once a schema: its
// name carries a hash of the migrations.
func postgresTemplate(server string) (string, error) {
	templateMu.Lock()
	defer templateMu.Unlock()
	if templateName != "" {
		return templateName, nil
	}
	h := fnv.New64a()
	names, _ := fs.Glob(schema.FS, "*.sql")
	for _, n := range names {
		b, err := fs.ReadFile(schema.FS, n)
		if err != nil {
			return "", err
		}
		h.Write(b)
	}
	name := fmt.Sprintf("sh_template_%x", h.Sum64())
	c, err := sql.Open("pgx", server)
	if err != nil {
		return "", err
	}
	defer c.Close()
	// Test binaries run side by side: one makes the template, the others wait.
	conn, err := c.Conn(context.Background())
	if err != nil {
		return "", err
	}
	defer conn.Close()
	ctx := context.Background()
	if _, err := conn.ExecContext(ctx, `SELECT pg_advisory_lock(7074694)`); err != nil {
		return "", err
	}
	defer conn.ExecContext(ctx, `SELECT pg_advisory_unlock(7074694)`)
	var n int
	if err := conn.QueryRowContext(ctx, `SELECT count(*) FROM pg_database WHERE datname = $1`, name).Scan(&n); err != nil {
		return "", err
	}
	if n == 0 {
		if _, err := conn.ExecContext(ctx, `DROP DATABASE IF EXISTS `+name+`_new`); err != nil {
			return "", err
		}
		if _, err := conn.ExecContext(ctx, `CREATE DATABASE `+name+`_new`); err != nil {
			return "", err
		}
		d, err := db.Open(ctx, db.Config{URL: withName(server, name+"_new"), MaxConns: 1})
		if err != nil {
			return "", err
		}
		_, err = d.Migrate(ctx, schema.FS)
		d.Close()
		if err != nil {
			return "", err
		}
		if _, err := conn.ExecContext(ctx, `ALTER DATABASE `+name+`_new RENAME TO `+name); err != nil {
			return "", err
		}
	}
	templateName = name
	return name, nil
}

func admin(server, stmt string) error {
	c, err := sql.Open("pgx", server)
	if err != nil {
		return err
	}
	defer c.Close()
	for try := 0; ; try++ { // a template cannot be cloned while it is being cloned
		if _, err = c.Exec(stmt); err == nil || try == 20 {
			return err
		}
		time.Sleep(time.Duration(20*(try+1)) * time.Millisecond)
	}
}

func withName(server, name string) string {
	u, err := url.Parse(server)
	if err != nil {
		return server
	}
	u.Path = "/" + name
	return u.String()
}

// Do runs fn in a write transaction of organization 1.
func Do(tb testing.TB, d *db.DB, fn func(*db.Tx) error) {
	tb.Helper()
	if err := d.Update(context.Background(), 1, fn); err != nil {
		tb.Fatal(err)
	}
}

// See runs fn with read-only statements of organization 1.
func See(tb testing.TB, d *db.DB, fn func(*db.Tx) error) {
	tb.Helper()
	if err := d.View(context.Background(), 1, fn); err != nil {
		tb.Fatal(err)
	}
}
