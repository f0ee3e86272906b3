package connect

import (
	"bytes"
	"context"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"strings"
	"time"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/base/job"
)

// SMSKind is the kind of the jobs that send short messages.
const SMSKind = "sms.send"

// Texter sends short messages through a gateway that takes
// {"to":"+123","text":"…"} as JSON and answers 2xx.
type Texter struct {
	URL   string
	Token string // sent as a bearer; "" is none
	HTTP  *http.Client
}

type shortMessage struct {
	To   string `json:"to"`
	Text string `json:"text"`
}

// maxText is how many bytes a short message may have: ten segments.
const maxText = 1600

// SendSMS adds the job that sends a short message. While one with the same key
// waits, another is not added; "" is never the same.
func SendSMS(tx *db.Tx, to, text, key string) error {
	if to = strings.TrimSpace(to); to == "" {
		return fault.Field("to", "is required")
	}
	args, err := json.Marshal(shortMessage{to, strings.ToValidUTF8(text[:min(len(text), maxText)], "")})
	if err != nil {
		return err
	}
	j := job.Job{Kind: SMSKind, Args: string(args)}
	if key != "" {
		j.UniqueKey = key + " " + to
	}
	_, err = job.Add(tx, j)
	return err
}

// sendSMS does an SMSKind job.
func (t *Texter) sendSMS(ctx context.Context, j job.Job) error {
	ctx, cancel := context.WithTimeout(ctx, 30*time.Second)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, t.URL, bytes.NewReader([]byte(j.Args)))
	if err != nil {
		return job.Fatal(err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Idempotency-Key", fmt.Sprintf("storehouse-job-%d", j.ID))
	if t.Token != "" {
		req.Header.Set("Authorization", "Bearer "+t.Token)
	}
	client := t.HTTP
	if client == nil {
		client = http.DefaultClient
	}
	res, err := client.Do(req)
	if err != nil {
		return err
	}
	defer res.Body.Close()
	_, _ = io.Copy(io.Discard, io.LimitReader(res.Body, 64<<10))
	switch {
	case res.StatusCode < 300:
		return nil
	case res.StatusCode == http.StatusBadRequest || res.StatusCode == http.StatusUnprocessableEntity:
		return job.Fatal(fmt.Errorf("the gateway refused the message: %s", res.Status))
	}
	return fmt.Errorf("the gateway answered %s", res.Status)
}
