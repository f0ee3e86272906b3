package main

import (
	"context"
	"encoding/json"
	"fmt"
	"log/slog"
	"os"
	"path/filepath"

	"storehouse/base/db"
	"storehouse/base/secret"
	"storehouse/cmd/program"
	"storehouse/demo"
	"storehouse/face/wire"
)

// demoFile is where the demo's credentials are written, below the data
// directory.
const demoFile = "demo-credentials.json"

// makeDemo makes the demo business in an empty store and writes its
// credentials; a store that holds anything is left as it is.
func (e *env) makeDemo(ctx context.Context, d *db.DB, baseURL string) error {
	empty, err := demo.Empty(ctx, d)
	if err != nil {
		return err
	}
	if !empty {
		slog.Info("the store is not empty: no demo is made")
		return nil
	}
	if err := os.MkdirAll(e.cli.Data, 0o700); err != nil {
		return fmt.Errorf("data directory: %w", err)
	}
	// The file is made first: without it the demo's passwords would be lost.
	path := filepath.Join(e.cli.Data, demoFile)
	f, err := os.OpenFile(path+".new", os.O_WRONLY|os.O_CREATE|os.O_TRUNC, 0o600)
	if err != nil {
		return fmt.Errorf("demo credentials: %w", err)
	}
	defer f.Close()
	if err := f.Chmod(0o600); err != nil { // it may have been there
		return fmt.Errorf("demo credentials: %w", err)
	}
	passwords := secret.NewPasswords(secret.Strong, 0)
	cred, err := demo.Create(ctx, d, demo.Config{BaseURL: baseURL, Webhook: program.WebhookPath,
		Hash:    func(pw string) (string, error) { return passwords.Hash(ctx, pw) },
		OrgUUID: func(id int64) string { return wire.UUID{Kind: wire.KindOrg, ID: id}.String() }})
	if err != nil {
		return fmt.Errorf("demo: %w", err)
	}
	enc := json.NewEncoder(f)
	enc.SetIndent("", "  ")
	if err := enc.Encode(cred); err != nil {
		return fmt.Errorf("demo credentials: %w", err)
	}
	if err := f.Sync(); err != nil {
		return fmt.Errorf("demo credentials: %w", err)
	}
	if err := os.Rename(path+".new", path); err != nil {
		return fmt.Errorf("demo credentials: %w", err)
	}
	fmt.Fprintf(e.out, "the demo business is ready; its credentials are in %s\n", path)
	return nil
}
