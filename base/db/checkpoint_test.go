package db

import (
	"context"
	"fmt"
	"path/filepath"
	"strings"
	"testing"
)

// A long log is moved into the file beside the writes, and begins anew with
// the next write; nothing of it is lost.
func TestCheckpoint(t *testing.T) {
	ctx := context.Background()
	path := filepath.Join(t.TempDir(), "c.db")
	d, err := Open(ctx, Config{Path: path})
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	write := func(n int) {
		t.Helper()
		if err := d.Update(ctx, 1, func(tx *Tx) error {
			for range n {
				if _, err := tx.Exec(`INSERT INTO filler (body) VALUES (?)`, strings.Repeat("x", 40_000)); err != nil {
					return err
				}
			}
			return nil
		}); err != nil {
			t.Fatal(err)
		}
	}
	if err := d.Update(ctx, 1, func(tx *Tx) error {
		_, err := tx.Exec(`CREATE TABLE filler (body text)`)
		return err
	}); err != nil {
		t.Fatal(err)
	}
	write(600) // ten pages each
	if err := d.checkpoints.run(); err != nil {
		t.Fatal(err)
	}
	if !d.checkpoints.full.Load() {
		t.Fatal("a log of six thousand pages is not long")
	}
	write(1) // takes what is left
	write(1) // begins anew
	pages, err := d.checkpoints.conn.checkpoint()
	if err != nil || pages > 100 {
		t.Errorf("the log has %d pages, %v", pages, err)
	}
	if d.checkpoints.full.Load() {
		t.Error("a short log is called long")
	}
	if err := d.View(ctx, 1, func(tx *Tx) error {
		n, err := One(tx, Value[int64], `SELECT count(*) FROM filler`)
		if err == nil && n != 602 {
			err = fmt.Errorf("%d rows", n)
		}
		return err
	}); err != nil {
		t.Error(err)
	}
}
