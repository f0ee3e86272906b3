package db

import (
	"context"
	"fmt"
	"io/fs"
	"sort"
	"strings"
)

// Step is what a migration does beside its statements, right behind them.
type Step struct {
	File string // of the statements
	Run  func(*Tx) error
}

// Migrate applies the numbered .sql files of fsys that have not run yet, with
// the steps that go with them, all in one transaction, and returns their
// names. Servers that start together take turns.
func (d *DB) Migrate(ctx context.Context, fsys fs.FS, steps ...Step) ([]string, error) {
	names, err := fs.Glob(fsys, "*.sql")
	if err != nil {
		return nil, err
	}
	sort.Strings(names)
	var applied []string
	err = d.Update(ctx, 0, func(t *Tx) error {
		applied = nil
		if t.Postgres() {
			if _, err := t.Exec(`SELECT pg_advisory_xact_lock(7074693)`); err != nil {
				return err
			}
		}
		if _, err := t.Exec(`CREATE TABLE IF NOT EXISTS migration (name text PRIMARY KEY, applied_at bigint NOT NULL)`); err != nil {
			return err
		}
		done := map[string]bool{}
		if err := t.Each(func(r Row) error {
			var name string
			err := r.Scan(&name)
			done[name] = true
			return err
		}, `SELECT name FROM migration`); err != nil {
			return err
		}
		for _, name := range names {
			if done[name] {
				continue
			}
			if err := t.migrate(fsys, name); err != nil {
				return fmt.Errorf("%s: %w", name, err)
			}
			for _, s := range steps {
				if s.File != name {
					continue
				}
				if err := s.Run(t); err != nil {
					return fmt.Errorf("%s: %w", name, err)
				}
			}
			applied = append(applied, name)
		}
		return nil
	})
	return applied, err
}

func (t *Tx) migrate(fsys fs.FS, name string) error {
	text, err := fs.ReadFile(fsys, name)
	if err != nil {
		return err
	}
	for _, stmt := range strings.Split(string(text)+"\n", ";\n") {
		if strings.TrimSpace(stmt) == "" {
			continue
		}
		if err := t.x.script(t.ctx, stmt); err != nil {
			return fmt.Errorf("%w in %s", err, stmt)
		}
	}
	_, err = t.Exec(`INSERT INTO migration (name, applied_at) VALUES (?, ?)`, name, t.Now)
	return err
}

// Pending returns the names of the files of fsys that have not been applied.
func (d *DB) Pending(ctx context.Context, fsys fs.FS) ([]string, error) {
	names, err := fs.Glob(fsys, "*.sql")
	if err != nil {
		return nil, err
	}
	var missing []string
	err = d.View(ctx, 0, func(t *Tx) error {
		done := map[string]bool{}
		if err := t.Each(func(r Row) error {
			var name string
			err := r.Scan(&name)
			done[name] = true
			return err
		}, `SELECT name FROM migration`); err != nil {
			return err
		}
		for _, n := range names {
			if !done[n] {
				missing = append(missing, n)
			}
		}
		return nil
	})
	sort.Strings(missing)
	return missing, err
}
