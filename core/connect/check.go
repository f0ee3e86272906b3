package connect

import (
	"bytes"
	"context"
	"encoding/json"
	"errors"
	"fmt"
	"io"
	"net/http"
	"time"
)

// ErrSilent is the error of an outside check that did not answer, or not in a
// way that can be understood.
var ErrSilent = errors.New("the registration check did not answer")

// Ask posts a registration to an outside check and returns its verdict, with
// the message for the person when it is no. Anything but an answer with a
// status, in time, is ErrSilent: what then happens is the programme's policy.
func (h *Hub) Ask(ctx context.Context, url string, wait time.Duration, fields map[string]any) (ok bool, message string, err error) {
	body, err := json.Marshal(fields)
	if err != nil {
		return false, "", err
	}
	ctx, cancel := context.WithTimeout(ctx, wait)
	defer cancel()
	req, err := http.NewRequestWithContext(ctx, http.MethodPost, url, bytes.NewReader(body))
	if err != nil {
		return false, "", fmt.Errorf("%w: %w", ErrSilent, err)
	}
	req.Header.Set("Content-Type", "application/json")
	req.Header.Set("Accept", "application/json")
	client := h.HTTP
	if client == nil {
		client = defaultHTTP
	}
	res, err := client.Do(req)
	if err != nil {
		return false, "", fmt.Errorf("%w: %w", ErrSilent, err)
	}
	defer res.Body.Close()
	answer, err := io.ReadAll(io.LimitReader(res.Body, 1<<20))
	if err != nil {
		return false, "", fmt.Errorf("%w: %w", ErrSilent, err)
	}
	var raw map[string]json.RawMessage
	if json.Unmarshal(answer, &raw) != nil {
		return false, "", fmt.Errorf("%w: status %d, no JSON object", ErrSilent, res.StatusCode)
	}
	status := raw["status"]
	if status == nil {
		status = raw["Status"]
	}
	var m text
	if raw["message"] != nil {
		_ = json.Unmarshal(raw["message"], &m)
	} else if raw["Message"] != nil {
		_ = json.Unmarshal(raw["Message"], &m)
	}
	switch string(bytes.Trim(status, `"`)) {
	case "true", "1":
		return true, "", nil
	case "false", "0":
		return false, string(m), nil
	}
	return false, "", fmt.Errorf("%w: status %d without a verdict", ErrSilent, res.StatusCode)
}
