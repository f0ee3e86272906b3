package connect_test

import (
	"bufio"
	"fmt"
	"net"
	"strings"
	"sync"
	"testing"
	"time"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/fault"
	"storehouse/base/job"
	"storehouse/core/connect"
)

// relay is a mail server that keeps what it is given and refuses what a test
// tells it to.
type relay struct {
	addr *net.TCPAddr

	mu     sync.Mutex
	refuse map[string]string // recipient → reply
	mails  []string
}

func newRelay(t *testing.T) *relay {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { l.Close() })
	r := &relay{addr: l.Addr().(*net.TCPAddr), refuse: map[string]string{}}
	go func() {
		for {
			c, err := l.Accept()
			if err != nil {
				return
			}
			go r.serve(c)
		}
	}()
	return r
}

func (r *relay) serve(c net.Conn) {
	defer c.Close()
	in := bufio.NewReader(c)
	say := func(s string) { fmt.Fprintf(c, "%s\r\n", s) }
	say("220 relay.example")
	var mail strings.Builder
	for {
		line, err := in.ReadString('\n')
		if err != nil {
			return
		}
		verb := strings.ToUpper(strings.TrimSpace(line))
		switch {
		case strings.HasPrefix(verb, "EHLO"), strings.HasPrefix(verb, "HELO"):
			say("250 relay.example")
		case strings.HasPrefix(verb, "RCPT"):
			r.mu.Lock()
			reply := "250 ok"
			for to, refusal := range r.refuse {
				if strings.Contains(line, to) {
					reply = refusal
				}
			}
			r.mu.Unlock()
			say(reply)
		case verb == "DATA":
			say("354 go on")
			for {
				l, err := in.ReadString('\n')
				if err != nil || l == ".\r\n" {
					break
				}
				mail.WriteString(l)
			}
			r.mu.Lock()
			r.mails = append(r.mails, mail.String())
			r.mu.Unlock()
			mail.Reset()
			say("250 taken")
		case verb == "QUIT":
			say("221 bye")
			return
		default:
			say("250 ok")
		}
	}
}

func TestMail(t *testing.T) {
	d := dbtest.SQLite(t)
	w := newWorld(t, d)
	r := newRelay(t)
	r.refuse["never@example.com"] = "550 no such user"
	r.refuse["later@example.com"] = "451 try again"
	send := func(m connect.Message) {
		t.Helper()
		w.do(func(tx *db.Tx) error { return connect.Send(tx, m, "") })
	}
	send(connect.Message{To: []string{"a@example.com", "never@example.com", "later@example.com"}, Subject: "Grüße", Body: "<p>Hello</p>", HTML: true})
	w.run() // without a mail server they wait
	states := func() map[job.State]int {
		n := map[job.State]int{}
		w.see(func(tx *db.Tx) error {
			list, err := job.List(tx, job.Filter{Kind: connect.MailKind})
			for _, j := range list {
				n[j.State]++
			}
			return err
		})
		return n
	}
	if n := states(); n[job.Waiting] != 3 {
		t.Fatalf("without a server: %v", n)
	}
	w.hub.Mail = &connect.Mailer{Host: "127.0.0.1", Port: r.addr.Port, From: "Storehouse <books@example.com>", TLS: "none"}
	w.hub.Handle(w.jobs)
	w.run()
	if n := states(); n[job.Done] != 1 || n[job.Dead] != 1 || n[job.Waiting] != 1 {
		t.Errorf("with a server: %v", n)
	}
	r.mu.Lock()
	delete(r.refuse, "later@example.com")
	r.mu.Unlock()
	w.now = w.now.Add(time.Hour)
	w.run()
	if n := states(); n[job.Done] != 2 {
		t.Errorf("an hour later: %v", n)
	}
	r.mu.Lock()
	defer r.mu.Unlock()
	if len(r.mails) != 2 || !strings.Contains(r.mails[0], "To: <a@example.com>") || !strings.Contains(r.mails[0], "=?UTF-8?") || !strings.Contains(r.mails[0], "text/html") ||
		strings.Contains(r.mails[0], "later@") {
		t.Errorf("mails %q", r.mails)
	}
	for _, bad := range []connect.Message{{}, {To: []string{"x"}, Subject: "s", Body: "b"}, {To: []string{"a@b.c"}, Subject: "s\r\nBcc: d@e.f", Body: "b"}, {To: []string{"a@b.c"}, Subject: "s"}} {
		if err := bad.Check(); !fault.Is(err, fault.Invalid) {
			t.Errorf("%+v: %v", bad, err)
		}
	}
}
