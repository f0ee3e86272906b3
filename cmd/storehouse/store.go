package main

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"path/filepath"
	"runtime/debug"

	"storehouse/base/db"
	"storehouse/cmd/program"
	"storehouse/core/org"
	"storehouse/core/report"
	"storehouse/schema"
)

// open opens the database that the settings name. It makes the directory of
// a SQLite database, and nothing else.
func (e *env) open(ctx context.Context) (*db.DB, error) {
	c := db.Config{URL: e.cli.DatabaseURL, MaxConns: e.cli.DatabaseMax, ExecMode: e.cli.DatabaseRun}
	if c.URL == "" {
		if err := os.MkdirAll(e.cli.Data, 0o700); err != nil {
			return nil, fmt.Errorf("data directory: %w", err)
		}
		c.Path = filepath.Join(e.cli.Data, "storehouse.db")
	}
	d, err := db.Open(ctx, c)
	if err != nil {
		return nil, fmt.Errorf("open the database: %w", err)
	}
	return d, nil
}

// openReady opens the database and refuses one whose schema is not up to
// date.
func (e *env) openReady(ctx context.Context) (*db.DB, error) {
	d, err := e.open(ctx)
	if err != nil {
		return nil, err
	}
	pending, err := d.Pending(ctx, schema.FS)
	if err == nil && len(pending) > 0 {
		err = fmt.Errorf("%d migrations are pending", len(pending))
	}
	if err != nil {
		d.Close()
		return nil, fmt.Errorf("the database's schema is not up to date, run \"storehouse migrate\": %w", err)
	}
	return d, nil
}

type migrateCmd struct{}

func (migrateCmd) Run(e *env) error {
	d, err := e.open(e.ctx)
	if err != nil {
		return err
	}
	defer d.Close()
	names, err := program.Migrate(e.ctx, d)
	if err != nil {
		return fmt.Errorf("migrate: %w", err)
	}
	for _, n := range names {
		fmt.Fprintln(e.out, "applied "+n)
	}
	if len(names) == 0 {
		fmt.Fprintln(e.out, "the schema is up to date")
	}
	return nil
}

type auditCmd struct {
	JSON bool `help:"Print the findings as JSON."`
}

type auditOut struct {
	Checked     map[string]int64 `json:"checked"`
	Differences []differenceOut  `json:"differences"`
}

type differenceOut struct {
	Org    int64  `json:"organizationId"`
	Ledger string `json:"ledger"`
	What   string `json:"what"`
	Stored string `json:"stored"`
	Folded string `json:"folded"`
}

func (a auditCmd) Run(e *env) error {
	d, err := e.openReady(e.ctx)
	if err != nil {
		return err
	}
	defer d.Close()
	out := auditOut{Checked: map[string]int64{}, Differences: []differenceOut{}}
	var orgs []org.Organization
	if err := d.View(e.ctx, 0, func(tx *db.Tx) (err error) {
		orgs, err = org.List(tx)
		return err
	}); err != nil {
		return err
	}
	out.Checked["organizations"] = int64(len(orgs))
	for _, o := range orgs {
		if err := d.View(e.ctx, o.ID, func(tx *db.Tx) error { return out.add(tx) }); err != nil {
			return fmt.Errorf("audit %s: %w", o.Slug, err)
		}
	}
	if err := a.print(e, out); err != nil {
		return err
	}
	if len(out.Differences) > 0 {
		return exitCode(1)
	}
	return nil
}

func (out *auditOut) add(tx *db.Tx) error {
	res, err := report.Audit(tx)
	if err != nil {
		return err
	}
	for k, n := range res.Checked {
		out.Checked[k] += n
	}
	for _, f := range res.Differences {
		out.Differences = append(out.Differences, differenceOut{f.Org, f.Ledger, f.What, f.Stored, f.Folded})
	}
	return nil
}

func (a auditCmd) print(e *env, out auditOut) error {
	if a.JSON {
		enc := json.NewEncoder(e.out)
		enc.SetIndent("", "  ")
		return enc.Encode(out)
	}
	for _, f := range out.Differences {
		fmt.Fprintf(e.out, "organization %d, %s: %s is %s and should be %s\n", f.Org, f.Ledger, f.What, f.Stored, f.Folded)
	}
	text, err := json.Marshal(out.Checked)
	fmt.Fprintf(e.out, "checked %s: %d differences\n", text, len(out.Differences))
	return err
}

type versionCmd struct{}

// version is set by the linker for releases.
var version = "0.1.0"

func (versionCmd) Run(e *env) error {
	text := version
	if info, ok := debug.ReadBuildInfo(); ok {
		for _, s := range info.Settings {
			if s.Key == "vcs.revision" {
				text += " (" + s.Value[:min(len(s.Value), 12)] + ")"
			}
		}
		text += " " + info.GoVersion
	}
	fmt.Fprintln(e.out, "storehouse "+text)
	return nil
}
