package org

import (
	"context"
	"sync"
	"time"

	"storehouse/base/db"
)

// Activity remembers who was active and which credentials were used, and
// writes it now and then: never on each request.
type Activity struct {
	mu   sync.Mutex
	seen map[activityKey]time.Time
}

type activityKey struct {
	org, user, token, feed int64
}

// maxActivity bounds what is remembered between two flushes.
const maxActivity = 100_000

// Note remembers that an actor made a request.
func (a *Activity) Note(who Actor, at time.Time) {
	k := activityKey{org: who.Org, user: who.User}
	if len(who.Credential) > 4 {
		switch who.Credential[:4] {
		case "pat:":
			k.token = who.Source
		case "feed":
			k.feed = who.Source
		}
	}
	if k.org == 0 || k.user == 0 && k.feed == 0 {
		return
	}
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.seen == nil {
		a.seen = map[activityKey]time.Time{}
	}
	if _, known := a.seen[k]; known || len(a.seen) < maxActivity {
		a.seen[k] = at
	}
}

// Flush writes what was noted, one transaction an organization. What cannot
// be written is forgotten: it is only a courtesy.
func (a *Activity) Flush(ctx context.Context, d *db.DB) error {
	a.mu.Lock()
	seen := a.seen
	a.seen = nil
	a.mu.Unlock()
	byOrg := map[int64]map[activityKey]time.Time{}
	for k, at := range seen {
		if byOrg[k.org] == nil {
			byOrg[k.org] = map[activityKey]time.Time{}
		}
		byOrg[k.org][k] = at
	}
	for o, keys := range byOrg {
		err := d.Update(ctx, o, func(tx *db.Tx) error { return writeActivity(tx, keys) })
		if err != nil {
			return err
		}
	}
	return nil
}

func writeActivity(tx *db.Tx, keys map[activityKey]time.Time) error {
	for k, at := range keys {
		if k.user != 0 {
			if _, err := tx.Exec(`UPDATE member SET last_active_at = ? WHERE org_id = ? AND user_id = ?`, at, tx.Org, k.user); err != nil {
				return err
			}
		}
		if k.token != 0 {
			if _, err := tx.Exec(`UPDATE api_token SET last_used_at = ? WHERE org_id = ? AND id = ?`, at, tx.Org, k.token); err != nil {
				return err
			}
		}
		if k.feed != 0 {
			if _, err := tx.Exec(`UPDATE feed_key SET last_used_at = ? WHERE org_id = ? AND id = ?`, at, tx.Org, k.feed); err != nil {
				return err
			}
		}
	}
	return nil
}
