package db_test

import (
	"context"
	"errors"
	"sync"
	"testing"
	"time"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/fault"
)

func TestUpdateCommits(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		dbtest.Do(t, d, func(tx *db.Tx) error {
			_, err := tx.Number("invoice")
			return err
		})
		dbtest.See(t, d, func(tx *db.Tx) error {
			n, err := db.One(tx, db.Value[int64], `SELECT last FROM counter WHERE org_id = ? AND series = ?`, tx.Org, "invoice")
			if err != nil || n != 1 {
				t.Errorf("last = %d, %v; want 1", n, err)
			}
			return nil
		})
	})
}

func TestUpdateRollsBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		boom := errors.New("boom")
		err := d.Update(context.Background(), 1, func(tx *db.Tx) error {
			if _, err := tx.Number("invoice"); err != nil {
				return err
			}
			return boom
		})
		if !errors.Is(err, boom) {
			t.Fatalf("err = %v", err)
		}
		err = d.Update(context.Background(), 1, func(tx *db.Tx) error {
			if _, err := tx.Number("invoice"); err != nil {
				return err
			}
			panic("handler bug")
		})
		if err == nil {
			t.Fatal("a panic passed for success")
		}
		dbtest.Do(t, d, func(tx *db.Tx) error {
			n, err := tx.Number("invoice")
			if n != 1 {
				t.Errorf("number = %d, want 1: the rolled back numbers must not leave gaps", n)
			}
			return err
		})
	})
}

func TestTryKeepsTheRest(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		dbtest.Do(t, d, func(tx *db.Tx) error {
			if _, err := tx.Number("a"); err != nil {
				return err
			}
			err := tx.Try(func() error {
				if _, err := tx.Number("a"); err != nil {
					return err
				}
				// A broken statement aborts a PostgreSQL transaction unless it
				// stands in a savepoint.
				_, err := tx.Exec(`INSERT INTO counter (org_id, series, last) VALUES (?, 'a', 1)`, tx.Org)
				return err
			})
			if !fault.Is(err, fault.Conflict) {
				t.Errorf("err = %v, want a conflict", err)
			}
			n, err := tx.Number("a")
			if n != 2 {
				t.Errorf("number = %d, want 2", n)
			}
			return err
		})
	})
}

func TestIDsAreUniqueUnderConcurrencyAndRollback(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var mu sync.Mutex
		seen := map[int64]bool{}
		var wg sync.WaitGroup
		for w := range 8 {
			wg.Go(func() {
				for i := range 60 {
					var id int64
					err := d.Update(context.Background(), 1, func(tx *db.Tx) (err error) {
						id, err = tx.NextIDs("thing", 10)
						if err == nil && (w+i)%3 == 0 {
							return db.ErrRollback
						}
						return err
					})
					if err != nil {
						t.Error(err)
						return
					}
					mu.Lock()
					for k := id; k < id+10; k++ {
						if k <= 0 || seen[k] {
							t.Errorf("id %d twice", k)
						}
						seen[k] = true
					}
					mu.Unlock()
				}
			})
		}
		wg.Wait()
	})
}

func TestNextIDsBeyondABlock(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		dbtest.Do(t, d, func(tx *db.Tx) error {
			_, err := tx.NextIDs("bulk", 10_000)
			return err
		})
	})
}

func TestNumbersHaveNoGapsUnderConcurrency(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var wg sync.WaitGroup
		for range 8 {
			wg.Go(func() {
				for range 25 {
					if err := d.Update(context.Background(), 1, func(tx *db.Tx) error {
						_, err := tx.Numbers(map[string]int64{"b": 1, "a": 2})
						return err
					}); err != nil {
						t.Error(err)
					}
				}
			})
		}
		wg.Wait()
		dbtest.Do(t, d, func(tx *db.Tx) error {
			m, err := tx.Numbers(map[string]int64{"a": 1, "b": 1})
			if m["a"] != 401 || m["b"] != 201 {
				t.Errorf("numbers = %v, want a 401 and b 201", m)
			}
			return err
		})
	})
}

// Waiting SQLite writes share a commit: many writers, far fewer commits.
func TestGroupedCommits(t *testing.T) {
	d := dbtest.SQLite(t)
	_, before := d.Counts()
	start := make(chan struct{})
	var wg sync.WaitGroup
	const writers = 64
	for range writers {
		wg.Go(func() {
			<-start
			if err := d.Update(context.Background(), 1, func(tx *db.Tx) error {
				time.Sleep(time.Millisecond / 4)
				_, err := tx.Number("x")
				return err
			}); err != nil {
				t.Error(err)
			}
		})
	}
	close(start)
	wg.Wait()
	_, after := d.Counts()
	if n := after - before; n >= writers {
		t.Errorf("%d commits for %d writes: nothing was grouped", n, writers)
	}
}

// One failing write of a group must not take its neighbours along.
func TestGroupIsolation(t *testing.T) {
	d := dbtest.SQLite(t)
	var wg sync.WaitGroup
	for i := range 60 {
		wg.Go(func() {
			err := d.Update(context.Background(), 1, func(tx *db.Tx) error {
				if _, err := tx.Number("g"); err != nil {
					return err
				}
				switch i % 3 {
				case 0:
					return fault.New(fault.Invalid, "no")
				case 1:
					panic("bug")
				}
				return nil
			})
			if (err == nil) != (i%3 == 2) {
				t.Errorf("write %d: %v", i, err)
			}
		})
	}
	wg.Wait()
	dbtest.Do(t, d, func(tx *db.Tx) error {
		n, err := tx.Number("g")
		if n != 21 {
			t.Errorf("next number %d, want 21", n)
		}
		return err
	})
}

func TestCanceledCallerDoesNotBreakTheGroup(t *testing.T) {
	d := dbtest.SQLite(t)
	ctx, cancel := context.WithCancel(context.Background())
	err := d.Update(ctx, 1, func(tx *db.Tx) error {
		cancel()
		_, err := tx.Number("c")
		return err
	})
	if err != nil {
		t.Fatalf("a write that had begun was lost: %v", err)
	}
	if err := d.Update(ctx, 1, func(tx *db.Tx) error { return nil }); !errors.Is(err, context.Canceled) {
		t.Errorf("err = %v, want canceled", err)
	}
}

func TestAfterCommit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		ran := 0
		_ = d.Update(context.Background(), 1, func(tx *db.Tx) error {
			tx.AfterCommit(func() { ran += 100 })
			return errors.New("no")
		})
		dbtest.Do(t, d, func(tx *db.Tx) error {
			tx.AfterCommit(func() { ran++ })
			_ = tx.Try(func() error {
				tx.AfterCommit(func() { ran += 10 })
				return errors.New("no")
			})
			return nil
		})
		if ran != 1 {
			t.Errorf("hooks ran %d, want 1", ran)
		}
	})
}

func TestScan(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		dbtest.Do(t, d, func(tx *db.Tx) error {
			return tx.Insert("idempotency", "org_id, face, key, user_id, body_hash, status, answer, created_at", [][]any{
				{1, "pos", "k", 7, "h", 200, "ü", tx.Now}})
		})
		dbtest.See(t, d, func(tx *db.Tx) error {
			var answer string
			var at time.Time
			err := tx.Each(func(r db.Row) error { return r.Scan(db.S(&answer), db.T(&at)) },
				`SELECT answer, created_at FROM idempotency WHERE org_id = ?`, tx.Org)
			if answer != "ü" || !at.Equal(dbtest.Now) {
				t.Errorf("read %q %v", answer, at)
			}
			return err
		})
	})
}

// A transaction that had to run again for more ids gives back those that it
// had taken: the ids of a fresh store have no gaps.
func TestRerunsGiveIDsBack(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		var a, b, c int64
		dbtest.Do(t, d, func(tx *db.Tx) (err error) {
			if a, err = tx.NextID("first"); err != nil {
				return err
			}
			if b, err = tx.NextIDs("second", 3); err != nil {
				return err
			}
			c, err = tx.NextID("third")
			return err
		})
		if a != 1 || b != 1 || c != 1 {
			t.Errorf("first %d, second %d, third %d; want 1 each", a, b, c)
		}
	})
}

// TestSnapshot reads twice with a write between: the two are alike within
// Snapshot.
func TestSnapshot(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		count := func(tx *db.Tx) int64 {
			n, err := db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM search_block WHERE org_id = ?`, tx.Org)
			if err != nil {
				t.Error(err)
			}
			return n
		}
		block := int64(0)
		write := func() {
			block++
			dbtest.Do(t, d, func(tx *db.Tx) error {
				return tx.Insert("search_block", "org_id, list, block, body", [][]any{{tx.Org, "sku", block, ""}})
			})
		}
		dbtest.See(t, d, func(tx *db.Tx) error {
			if err := tx.Snapshot(func() error {
				before := count(tx)
				write()
				if after := count(tx); after != before {
					t.Errorf("%d rows, then %d", before, after)
				}
				return nil
			}); err != nil {
				return err
			}
			return nil
		})
		dbtest.See(t, d, func(tx *db.Tx) error {
			if n := count(tx); n != 1 {
				t.Errorf("%d rows afterwards", n)
			}
			return nil
		})
		dbtest.Do(t, d, func(tx *db.Tx) error { return tx.Snapshot(func() error { count(tx); return nil }) })
	})
}
