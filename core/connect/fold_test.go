package connect

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"
	"time"
)

// event is something that happened to an order in the shop.
type event struct {
	topic string
	at    time.Time
	body  string
}

// happen makes up what may happen to an order: made, changed, put into the
// trash and taken out again. It returns what is true at the end.
func happen(rnd *rand.Rand, start time.Time, timed bool) (history []event, newest string, gone bool) {
	at := start
	version := func(topic string) {
		newest = fmt.Sprintf(`{"id":727,"status":"%s","date_modified_gmt":"%s","total":"%d.00"}`,
			[]string{"pending", "processing", "completed"}[rnd.IntN(3)], at.Format("2006-01-02T15:04:05"), len(history))
		history = append(history, event{topic, at, newest})
	}
	version(Created)
	for range rnd.IntN(7) {
		at = at.Add(time.Duration(1+rnd.IntN(90)) * time.Minute)
		switch {
		case gone:
			version(Restored)
			gone = false
		case rnd.IntN(2) == 0:
			version(Updated)
		default:
			body := `{"id":727}`
			if timed {
				body = fmt.Sprintf(`{"id":727,"date_modified_gmt":"%s"}`, at.Format("2006-01-02T15:04:05"))
			}
			history = append(history, event{Deleted, at, body})
			gone = true
		}
	}
	return history, newest, gone
}

// post is one event as it came.
type post struct {
	event
	id       string
	received time.Time
}

// deliver stores what came as the table does: the same again is no new row.
func deliver(t *testing.T, posts []post) (list []Delivery, bodies map[int64]string) {
	t.Helper()
	bodies = map[int64]string{}
	for _, p := range posts {
		a, err := Read(p.topic, []byte(p.body), p.id)
		if err != nil {
			t.Fatal(err)
		}
		if slices.ContainsFunc(list, func(d Delivery) bool { return d.Topic == a.topic && d.fingerprint == a.fingerprint }) {
			continue
		}
		d := Delivery{ID: int64(len(list) + 1), Topic: a.topic, ReceivedAt: p.received, fingerprint: a.fingerprint, key: a.key}
		if a.version != 0 {
			d.Modified = time.UnixMicro(a.version).UTC()
		}
		list = append(list, d)
		bodies[d.ID] = p.body
	}
	return list, bodies
}

// However a history is delivered, it folds to what happened last.
func TestFoldIsWhatHappenedLast(t *testing.T) {
	start := time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC)
	late := start.AddDate(0, 1, 0)
	fresh := 0
	for _, c := range []struct {
		name  string
		timed bool
		posts func(rnd *rand.Rand, history []event, gone bool) []post
	}{
		{"repeated and shuffled", false, func(rnd *rand.Rand, history []event, _ bool) (list []post) {
			for i, e := range history {
				for range 1 + rnd.IntN(5) {
					list = append(list, post{e, fmt.Sprint("d", i), late})
				}
			}
			return list
		}},
		{"deletions with their time, always new ids", true, func(rnd *rand.Rand, history []event, _ bool) (list []post) {
			for _, e := range history {
				for range 1 + rnd.IntN(5) {
					fresh++
					list = append(list, post{e, fmt.Sprint(fresh), late})
				}
			}
			return list
		}},
		{"new ids, before the next version was made", false, func(rnd *rand.Rand, history []event, _ bool) (list []post) {
			for i, e := range history {
				for n := range 1 + rnd.IntN(4) {
					fresh++
					p := post{e, fmt.Sprint(fresh), e.at.Add(time.Duration(rnd.IntN(40)) * time.Second)}
					if e.topic != Deleted && n > 0 { // a repeat of a version may be as late as it likes
						p.received = late
					}
					if i < len(history)-1 || e.topic != Deleted || n == 0 || !slices.ContainsFunc(history, func(e event) bool { return e.topic == Restored }) {
						list = append(list, p)
					}
				}
			}
			return list
		}},
		{"new ids, late, and restored in the end", false, func(rnd *rand.Rand, history []event, gone bool) (list []post) {
			restored := slices.ContainsFunc(history, func(e event) bool { return e.topic == Restored })
			for i, e := range history {
				for range 3 + rnd.IntN(3) {
					fresh++
					id := fmt.Sprint(fresh)
					if restored && gone { // two histories look alike: ids must tell
						id = fmt.Sprint("d", i)
					}
					list = append(list, post{e, id, late})
				}
			}
			return list
		}},
	} {
		t.Run(c.name, func(t *testing.T) {
			for seed := range uint64(3000) {
				rnd := rand.New(rand.NewPCG(seed, 7))
				history, newest, gone := happen(rnd, start, c.timed)
				posts := c.posts(rnd, history, gone)
				rnd.Shuffle(len(posts), func(i, j int) { posts[i], posts[j] = posts[j], posts[i] })
				list, bodies := deliver(t, posts)
				best, isGone := fold(list)
				if best == nil || bodies[best.ID] != newest || isGone != gone {
					t.Fatalf("seed %d: %v\nfolds to %+v gone %v, want %s gone %v", seed, history, best, isGone, newest, gone)
				}
			}
		})
	}
}

// What the shop says of the trash itself, and a version of a clock that is
// ahead, prove nothing about a deletion.
func TestWhatProvesNothing(t *testing.T) {
	at := time.Date(2026, 1, 2, 3, 0, 0, 0, time.UTC)
	deletion := Delivery{ID: 2, Topic: Deleted, ReceivedAt: at}
	version := func(status string, modified, received time.Time) Delivery {
		o := &Order{Status: text(status)}
		return Delivery{ID: 1, Topic: Updated, Modified: modified, ReceivedAt: received, key: versionKey(Updated, o, "")}
	}
	for name, c := range map[string]struct {
		version Delivery
		gone    bool
	}{
		"an earlier version":         {version("processing", at.Add(-time.Minute), at), true},
		"a later version":            {version("processing", at.Add(time.Minute), at.Add(time.Hour)), false},
		"a version in the trash":     {version("trash", at.Add(time.Minute), at.Add(time.Hour)), true},
		"a version from the future":  {version("processing", at.Add(2*time.Hour), at.Add(time.Hour)), true},
		"a version without any time": {version("processing", time.Time{}, at.Add(time.Hour)), true},
	} {
		if _, gone := fold([]Delivery{c.version, deletion}); gone != c.gone {
			t.Errorf("%s: gone %v, want %v", name, gone, c.gone)
		}
	}
}
