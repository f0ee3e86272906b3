package storehouse_test

import (
	"context"
	"encoding/json"
	"fmt"
	"os"
	"os/exec"
	"path/filepath"
	"strings"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"storehouse/base/db/dbtest"
	"storehouse/bench/process"
)

// TestKill kills the program under load, twice, as a power cut would, starts
// it again on the same data, and looks for every sale that it had
// acknowledged. Then the books must balance.
func TestKill(t *testing.T) {
	program := build(t)
	t.Run("sqlite", func(t *testing.T) { kill(t, process.Config{Program: program, Dir: t.TempDir(), Stderr: os.Stderr}) })
	t.Run("postgres", func(t *testing.T) {
		kill(t, process.Config{Program: program, Dir: t.TempDir(), URL: dbtest.EmptyPostgresURL(t), Stderr: os.Stderr})
	})
}

func build(t *testing.T) string {
	t.Helper()
	path := filepath.Join(t.TempDir(), "storehouse")
	if out, err := exec.Command("go", "build", "-o", path, "./cmd/storehouse").CombinedOutput(); err != nil {
		t.Fatalf("build: %v\n%s", err, out)
	}
	return path
}

func kill(t *testing.T, c process.Config) {
	ctx := context.Background()
	s, err := process.New(c)
	if err != nil {
		t.Fatal(err)
	}
	if err := s.Start(ctx, "--demo"); err != nil {
		t.Fatal(err)
	}
	defer s.Kill()
	cred, err := s.Credentials()
	if err != nil {
		t.Fatal(err)
	}
	token, err := s.SignIn(ctx, cred)
	if err != nil {
		t.Fatal(err)
	}
	basket, err := s.Fill(ctx, token, cred)
	if err != nil {
		t.Fatal(err)
	}
	acknowledged := map[string]int64{} // invoice number → id
	for round := range 2 {
		sellUntilKilled(ctx, t, s, token, basket, round, acknowledged)
		if err := s.Start(ctx); err != nil {
			t.Fatalf("start after the kill: %v", err)
		}
	}
	if len(acknowledged) < 20 {
		t.Fatalf("only %d sales were acknowledged: the load was no load", len(acknowledged))
	}
	for number, id := range acknowledged {
		var got struct {
			Data []struct {
				ID     int64  `json:"id"`
				Number string `json:"invoice_no"`
				Lines  []any  `json:"sell_lines"`
				Pays   []any  `json:"payment_lines"`
			} `json:"data"`
		}
		if err := s.Call(ctx, token, "GET", fmt.Sprintf("/connector/api/sell/%d", id), nil, &got); err != nil {
			t.Fatalf("acknowledged sale %s is lost: %v", number, err)
		}
		if len(got.Data) != 1 || got.Data[0].Number != number || len(got.Data[0].Lines) != 3 || len(got.Data[0].Pays) != 1 {
			t.Fatalf("acknowledged sale %s came back as %+v", number, got)
		}
	}
	if err := s.Stop(); err != nil {
		t.Errorf("graceful stop: %v", err)
	}
	if out, err := s.Run(ctx, "audit"); err != nil {
		t.Errorf("the books do not balance after the kills: %v\n%s", err, out)
	}
	t.Logf("%d acknowledged sales survived two kills", len(acknowledged))
}

// sellUntilKilled lets eight tills sell, each sale under a number of its own,
// and kills the program in the middle of it. A sale that was sent and not
// answered may or may not be there: sending it again is safe, because the
// identical sale is answered with the stored one.
func sellUntilKilled(ctx context.Context, t *testing.T, s *process.Server, token string, b process.Basket, round int, acknowledged map[string]int64) {
	t.Helper()
	var mu sync.Mutex
	var dead atomic.Bool
	var wg sync.WaitGroup
	for till := range 8 {
		wg.Go(func() {
			for n := 0; !dead.Load(); n++ {
				number := fmt.Sprintf("KILL-%d-%d-%d", round, till, n)
				body := strings.Replace(string(b.Body), `"status":"final"`, `"status":"final","invoice_no":`+quote(number), 1)
				id, err := s.Sell(ctx, token, []byte(body))
				if err != nil {
					if !dead.Load() {
						t.Errorf("sell before the kill: %v", err)
					}
					return
				}
				mu.Lock()
				acknowledged[number] = id
				mu.Unlock()
			}
		})
	}
	time.Sleep(700 * time.Millisecond)
	dead.Store(true)
	s.Kill()
	wg.Wait()
}

func quote(s string) string {
	b, _ := json.Marshal(s)
	return string(b)
}
