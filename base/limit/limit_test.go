package limit_test

import (
	"fmt"
	"testing"
	"time"

	"storehouse/base/limit"
)

func TestTakeRefillsEvenly(t *testing.T) {
	now := time.Unix(0, 0)
	l := limit.New(3, time.Minute, 100)
	l.Now = func() time.Time { return now }
	for i := range 3 {
		if _, ok := l.Take("a"); !ok {
			t.Fatalf("try %d refused", i)
		}
	}
	if wait, ok := l.Take("a"); ok || wait != 20*time.Second {
		t.Errorf("fourth try: %v, wait %v; want a refusal for 20 s", ok, wait)
	}
	if _, ok := l.Take("b"); !ok {
		t.Error("another key was refused")
	}
	now = now.Add(20 * time.Second)
	if _, ok := l.Peek("a"); !ok {
		t.Error("after the wait Peek refuses")
	}
	if _, ok := l.Take("a"); !ok {
		t.Error("after the wait Take refuses")
	}
	if _, ok := l.Take("a"); ok {
		t.Error("Peek gave a try away, or Take took none")
	}
	now = now.Add(time.Hour)
	for range 3 {
		l.Take("a")
	}
	if _, ok := l.Take("a"); ok {
		t.Error("an hour's rest gave more than the limit at once")
	}
}

func TestMemoryIsBoundedAndTheGuiltyAreRemembered(t *testing.T) {
	now := time.Unix(0, 0)
	l := limit.New(2, time.Hour, 10)
	l.Now = func() time.Time { return now }
	for i := range 1000 {
		_, first := l.Take("guilty")
		if i >= 2 && first {
			t.Fatalf("forgotten after %d other keys", i)
		}
		l.Take(fmt.Sprint(i))
	}
}

func TestAddr(t *testing.T) {
	for in, want := range map[string]string{
		"192.0.2.7:1234": "192.0.2.7", "[2001:db8:1:2:3::4]:99": "2001:db8:1:2::/64", "[::ffff:192.0.2.7]:1": "192.0.2.7", "@": "@",
	} {
		if got := limit.Addr(in); got != want {
			t.Errorf("Addr(%q) = %q, want %q", in, got, want)
		}
	}
}
