package connect

import (
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"net/textproto"
	"strings"
	"time"

	"github.com/wneessen/go-mail"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/base/job"
)

// Mailer sends mail over SMTP.
type Mailer struct {
	Host     string
	Port     int // 0 is 587, or 465 with TLS "implicit"
	Username string
	Password string
	From     string // "Storehouse <books@example.com>"
	TLS      string // "starttls" (the default: required), "implicit", "opportunistic" or "none"
}

// Message is a mail to be sent.
type Message struct {
	To      []string `json:"to"`
	Subject string   `json:"subject"`
	Body    string   `json:"body"`
	HTML    bool     `json:"html,omitempty"`
}

// limits on a message.
const (
	maxRecipients = 1000
	maxSubject    = 998
)

// Check reports what is wrong with a message.
func (m Message) Check() error {
	var flaws []fault.Flaw
	if len(m.To) == 0 || len(m.To) > maxRecipients {
		flaws = append(flaws, fault.Flaw{Field: "to", Msg: fmt.Sprintf("must name 1 to %d addresses", maxRecipients)})
	}
	for i, a := range m.To {
		if err := mail.NewMsg().To(a); err != nil || strings.ContainsAny(a, "\r\n") {
			flaws = append(flaws, fault.Flaw{Field: fmt.Sprintf("to.%d", i), Msg: "must be an e-mail address"})
		}
	}
	if strings.TrimSpace(m.Subject) == "" || len(m.Subject) > maxSubject || strings.ContainsAny(m.Subject, "\r\n") {
		flaws = append(flaws, fault.Flaw{Field: "subject", Msg: fmt.Sprintf("must be one line of 1 to %d characters", maxSubject)})
	}
	if m.Body == "" {
		flaws = append(flaws, fault.Flaw{Field: "body", Msg: "is required"})
	}
	return fault.Flaws(flaws)
}

// Send adds the jobs that send a message, one a recipient: nobody sees the
// others, and one bad address holds up nobody. While a job with the same key
// waits, another is not added; "" is never the same.
func Send(tx *db.Tx, m Message, key string) error {
	if err := m.Check(); err != nil {
		return err
	}
	for _, to := range m.To {
		one := m
		one.To = []string{to}
		args, err := json.Marshal(one)
		if err != nil {
			return err
		}
		j := job.Job{Kind: MailKind, Args: string(args)}
		if key != "" {
			j.UniqueKey = key + " " + to
		}
		if _, err := job.Add(tx, j); err != nil {
			return err
		}
	}
	return nil
}

// sendMail does a MailKind job. A server that dies between the relay's yes and
// the job's end sends the mail twice: mail knows no other way.
func (h *Hub) sendMail(ctx context.Context, j job.Job) error {
	var m Message
	if err := json.Unmarshal([]byte(j.Args), &m); err != nil {
		return job.Fatal(err)
	}
	return h.Mail.Deliver(ctx, m, fmt.Sprintf("job.%d.%d@storehouse", j.Org, j.ID))
}

// Deliver sends a message at once; id is its Message-ID. It is for jobs whose
// words may not be kept, all else goes through Send.
func (h *Mailer) Deliver(ctx context.Context, m Message, id string) error {
	msg := mail.NewMsg()
	if err := errors.Join(msg.From(h.From), msg.To(m.To...)); err != nil {
		return job.Fatal(err)
	}
	msg.Subject(m.Subject)
	msg.SetMessageIDWithValue(id)
	msg.SetDate()
	kind := mail.TypeTextPlain
	if m.HTML {
		kind = mail.TypeTextHTML
	}
	msg.SetBodyString(kind, m.Body)
	c, err := h.client()
	if err != nil {
		return job.Fatal(err)
	}
	return smtpVerdict(c.DialAndSendWithContext(ctx, msg))
}

func (m *Mailer) client() (*mail.Client, error) {
	opts := []mail.Option{mail.WithTimeout(30 * time.Second)}
	if m.Port != 0 {
		opts = append(opts, mail.WithPort(m.Port))
	}
	switch m.TLS {
	case "none":
		opts = append(opts, mail.WithTLSPolicy(mail.NoTLS))
	case "opportunistic":
		opts = append(opts, mail.WithTLSPolicy(mail.TLSOpportunistic))
	case "implicit":
		opts = append(opts, mail.WithSSL())
	default:
		opts = append(opts, mail.WithTLSPolicy(mail.TLSMandatory))
	}
	if m.Username != "" {
		opts = append(opts, mail.WithSMTPAuth(mail.SMTPAuthAutoDiscover), mail.WithUsername(m.Username), mail.WithPassword(m.Password))
	}
	return mail.NewClient(m.Host, opts...)
}

// smtpVerdict tells a refusal for good (5xx) from one for now.
func smtpVerdict(err error) error {
	if se, ok := errors.AsType[*mail.SendError](err); ok && !se.IsTemp() && se.ErrorCode() >= 500 {
		return job.Fatal(err)
	}
	if te, ok := errors.AsType[*textproto.Error](err); ok && te.Code >= 500 && te.Code != 535 && te.Code != 530 {
		return job.Fatal(err)
	}
	return err
}
