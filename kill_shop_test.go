package storehouse_test

import (
	"context"
	"fmt"
	"os"
	"sync"
	"sync/atomic"
	"testing"
	"time"

	"storehouse/base/db/dbtest"
	"storehouse/bench/process"
)

// TestKillShop kills the program while a shop delivers orders, their versions
// in the wrong order, and starts it again on the same data. Every order whose
// last version was acknowledged must end where that version says.
func TestKillShop(t *testing.T) {
	program := build(t)
	t.Run("sqlite", func(t *testing.T) {
		killShop(t, process.Config{Program: program, Dir: t.TempDir(), Stderr: os.Stderr})
	})
	t.Run("postgres", func(t *testing.T) {
		killShop(t, process.Config{Program: program, Dir: t.TempDir(), URL: dbtest.EmptyPostgresURL(t), Stderr: os.Stderr})
	})
}

func killShop(t *testing.T, c process.Config) {
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
	var login struct {
		Token string `json:"token"`
	}
	body := fmt.Sprintf(`{"email":%s,"password":%s}`, quote(cred.Shop.Email), quote(cred.Shop.Password))
	if err := s.Call(ctx, "", "POST", "/api/auth/login", []byte(body), &login); err != nil {
		t.Fatal(err)
	}
	done := map[int]bool{}
	for round := range 2 {
		deliverUntilKilled(ctx, t, s, login.Token, round, done)
		if err := s.Start(ctx); err != nil {
			t.Fatalf("start after the kill: %v", err)
		}
	}
	if len(done) < 20 {
		t.Fatalf("only %d orders were acknowledged: the load was no load", len(done))
	}
	settle(ctx, t, s, cred.Maker.Token)
	for id := range done {
		var list struct {
			Data []struct {
				Topic, State, ModifiedAt string
			}
		}
		if err := s.Call(ctx, cred.Maker.Token, "GET", fmt.Sprintf("/v1/shop/deliveries?order=%d", id), nil, &list); err != nil {
			t.Fatal(err)
		}
		for _, d := range list.Data {
			if last := d.ModifiedAt == "2026-01-01T10:00:02Z"; last && d.State != "applied" || !last && d.State != "ignored" && d.State != "applied" {
				t.Errorf("order %d: %+v", id, list.Data)
			}
		}
		if len(list.Data) != 3 {
			t.Errorf("order %d has %d deliveries", id, len(list.Data))
		}
	}
	if err := s.Stop(); err != nil {
		t.Errorf("graceful stop: %v", err)
	}
	if out, err := s.Run(ctx, "audit"); err != nil {
		t.Errorf("the books do not balance after the kills: %v\n%s", err, out)
	}
	t.Logf("%d acknowledged orders survived two kills", len(done))
}

// deliverUntilKilled lets eight shops' workers deliver orders, the last
// version first, and kills the program in the middle of it.
func deliverUntilKilled(ctx context.Context, t *testing.T, s *process.Server, token string, round int, done map[int]bool) {
	t.Helper()
	var mu sync.Mutex
	var dead atomic.Bool
	var wg sync.WaitGroup
	for worker := range 8 {
		wg.Go(func() {
			for n := 0; !dead.Load(); n++ {
				id := round*1_000_000 + worker*10_000 + n + 1
				for _, v := range []int{2, 0, 1} {
					order := fmt.Sprintf(`{"token":%s,"json":{"id":%d,"number":"%d","status":"%s","date_modified_gmt":"2026-01-01T10:00:0%d","date_paid_gmt":"2026-01-01T10:00:00","total":"15.00",
						"billing":{"first_name":"K","last_name":"%d","email":"kill%d@example.com"},"line_items":[{"id":1,"name":"Kill","quantity":1,"subtotal":"15.00","total":"15.00","sku":"KILL"}]}}`,
						quote(token), id, id, []string{"pending", "processing", "completed"}[v], v, worker, worker)
					var answer struct{ Status bool }
					if err := s.Call(ctx, "", "POST", "/api/order/updated", []byte(order), &answer); err != nil || !answer.Status {
						if !dead.Load() {
							t.Errorf("delivery before the kill: %v %v", answer, err)
						}
						return
					}
				}
				mu.Lock()
				done[id] = true
				mu.Unlock()
			}
		})
	}
	time.Sleep(500 * time.Millisecond)
	dead.Store(true)
	s.Kill()
	wg.Wait()
}

// settle waits until everything that was received has been applied.
func settle(ctx context.Context, t *testing.T, s *process.Server, token string) {
	t.Helper()
	for range 600 {
		var statement struct {
			Data []struct{ Received, Held int64 }
		}
		if err := s.Call(ctx, token, "GET", "/v1/shop/statement", nil, &statement); err != nil {
			t.Fatal(err)
		}
		if len(statement.Data) > 0 && statement.Data[0].Received == 0 {
			return
		}
		time.Sleep(200 * time.Millisecond)
	}
	t.Fatal("deliveries are still waiting after two minutes")
}
