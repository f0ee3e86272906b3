package connect

import (
	"context"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/job"
	"storehouse/core/org/orgtest"
)

func TestShortMessages(t *testing.T) {
	var got []string
	status := http.StatusAccepted
	gateway := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		b, _ := io.ReadAll(r.Body)
		got = append(got, r.Header.Get("Authorization")+" "+r.Header.Get("Idempotency-Key")+" "+string(b))
		w.WriteHeader(status)
	}))
	defer gateway.Close()
	d := dbtest.SQLite(t)
	f := orgtest.New(t, d, "acme")
	for range 2 { // the same key twice is one message
		if err := d.Update(context.Background(), f.Org, func(tx *db.Tx) error {
			return SendSMS(tx, " +1 378 ", strings.Repeat("é", 1000), "reminder 1")
		}); err != nil {
			t.Fatal(err)
		}
	}
	var jobs []job.Job
	dbtest.See(t, d, func(tx *db.Tx) (err error) {
		jobs, err = job.List(tx, job.Filter{Org: f.Org, Kind: SMSKind})
		return err
	})
	if len(jobs) != 1 {
		t.Fatalf("%d jobs, want 1", len(jobs))
	}
	x := &Texter{URL: gateway.URL, Token: "key"}
	if err := x.sendSMS(context.Background(), jobs[0]); err != nil {
		t.Fatal(err)
	}
	if want := `Bearer key storehouse-job-`; len(got) != 1 || !strings.HasPrefix(got[0], want) || !strings.Contains(got[0], `{"to":"+1 378","text":"`+strings.Repeat("é", 800)+`"}`) {
		t.Errorf("the gateway got %q", got)
	}
	for code, final := range map[int]bool{http.StatusUnprocessableEntity: true, http.StatusServiceUnavailable: false} {
		status = code
		err := x.sendSMS(context.Background(), jobs[0])
		if err == nil || strings.Contains(err.Error(), "refused") != final {
			t.Errorf("%d: %v", code, err)
		}
	}
}
