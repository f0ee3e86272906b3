package search_test

import (
	"context"
	"fmt"
	"iter"
	"math"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/core/search"
)

// model is what a list should hold, kept beside it.
type model map[int64]search.Row

func (m model) rows(ids []int64) ([]search.Row, error) {
	var list []search.Row
	for _, id := range ids {
		if r, ok := m[id]; ok {
			list = append(list, r)
		}
	}
	return list, nil
}

func (m model) all() iter.Seq2[search.Row, error] {
	return func(yield func(search.Row, error) bool) {
		for _, r := range m {
			if !yield(r, nil) {
				return
			}
		}
	}
}

// find is what a list should answer, worked out by looking at every row.
func (m model) find(q search.Query) []int64 {
	text := strings.ToLower(q.Text)
	var list []search.Row
	for _, r := range m {
		behind := q.AfterID == 0 || r.Key > q.AfterKey || r.Key == q.AfterKey && r.ID > q.AfterID
		if behind && q.Keep(&r) && (strings.Contains(r.Key, text) || strings.Contains(r.Also, text)) {
			list = append(list, r)
		}
	}
	slices.SortFunc(list, func(a, b search.Row) int {
		if c := strings.Compare(a.Key, b.Key); c != 0 {
			return c
		}
		return int(a.ID - b.ID)
	})
	ids := []int64{}
	for n, r := range list {
		if q.Limit > 0 && n == q.Limit {
			break
		}
		ids = append(ids, r.ID)
	}
	return ids
}

var words = []string{"", "a", "ale", "ålesund", "zz", "0", "1,2;3", "row", "日本", "%", "_", `\`, "\n", "'", strings.Repeat("long ", 60)}

func randomRow(r *rand.Rand, id int64) search.Row {
	row := search.Row{ID: id, Key: words[r.Intn(len(words))] + words[r.Intn(len(words))], Also: words[r.Intn(len(words))]}
	for i := range row.Marks {
		row.Marks[i] = []int64{0, 0, 1, -1, 31, 32, int64(r.Intn(1e6)), math.MaxInt64, math.MinInt64}[r.Intn(9)]
	}
	return row
}

// TestHistory adds, changes and removes rows at random, in two organizations
// and two lists, and asks for pages: they are what the model says, and the
// audit finds nothing.
func TestHistory(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		r := rand.New(rand.NewSource(1))
		models := map[string]model{}
		for step := range 60 {
			org, list := int64(1+r.Intn(2)), []string{"sku", "party"}[r.Intn(2)]
			at := fmt.Sprint(org, list)
			if models[at] == nil {
				models[at] = model{}
			}
			m := models[at]
			in(t, d, org, func(tx *db.Tx) error { return change(tx, r, list, m, int64(step)) })
			in(t, d, org, func(tx *db.Tx) error {
				for range 5 {
					q := search.Query{Text: words[r.Intn(len(words))], Limit: r.Intn(12), Keep: func(*search.Row) bool { return true }}
					if r.Intn(3) == 0 {
						q.Keep = func(r *search.Row) bool { return r.Marks[0] > 0 }
					}
					if r.Intn(3) == 0 {
						q.AfterKey, q.AfterID = words[r.Intn(len(words))], int64(1+r.Intn(100))
					}
					got, err := search.Find(tx, list, q)
					if err != nil {
						return err
					}
					if diff := cmp.Diff(m.find(q), got); diff != "" {
						t.Errorf("%q behind %q %d: %s", q.Text, q.AfterKey, q.AfterID, diff)
					}
				}
				return audited(t, tx, list, m)
			})
		}
	})
}

// change does one thing to a list: adds rows whose ids share few blocks,
// refreshes some that are there, gone or new, or fills it anew.
func change(tx *db.Tx, r *rand.Rand, list string, m model, step int64) error {
	var ids []int64
	for id := range m {
		if r.Intn(3) == 0 {
			ids = append(ids, id)
		}
	}
	slices.Sort(ids)
	switch r.Intn(5) {
	case 0:
		return search.Fill(tx, list, m.all())
	case 1, 2:
		for _, id := range ids {
			if m[id] = randomRow(r, id); r.Intn(3) == 0 {
				delete(m, id)
			}
		}
		return search.Refresh(tx, list, append(ids, 5), m.rows)
	}
	var rows []search.Row
	for n := range int64(r.Intn(30)) {
		row := randomRow(r, 1+(step*100+n)%7+4096*(step*100+n))
		m[row.ID], rows = row, append(rows, row)
	}
	return search.Add(tx, list, rows)
}

func in(t *testing.T, d *db.DB, org int64, fn func(*db.Tx) error) {
	t.Helper()
	if err := d.Update(context.Background(), org, fn); err != nil {
		t.Fatal(err)
	}
}

func audited(t *testing.T, tx *db.Tx, list string, m model) error {
	t.Helper()
	found, n, err := search.Audit(tx, list, m.all())
	if len(found) > 0 || n != int64(len(m)) {
		t.Errorf("%d checked, of %d: %v", n, len(m), found)
	}
	return err
}

// TestAuditFinds damages a list in every way and sees that Audit tells.
func TestAuditFinds(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		row := func(id int64, name string) search.Row { return search.Row{ID: id, Key: name} }
		m := model{1: row(1, "one"), 2: row(2, "two"), 4097: row(4097, "three")}
		for name, c := range map[string]struct {
			damage string
			want   int
		}{
			"nothing":        {`UPDATE search_block SET body = body WHERE org_id = 1`, 0},
			"a block lost":   {`DELETE FROM search_block WHERE org_id = 1 AND block = 1`, 2},
			"a row twice":    {`UPDATE search_block SET body = body || body WHERE org_id = 1 AND block = 2`, 1},
			"another name":   {`UPDATE search_block SET body = replace(body, 'one', 'eno') WHERE org_id = 1`, 1},
			"rubbish":        {`UPDATE search_block SET body = body || '!' WHERE org_id = 1 AND block = 2`, 1},
			"rubbish before": {`UPDATE search_block SET body = '!' || body WHERE org_id = 1 AND block = 1`, 3},
			"too short":      {`UPDATE search_block SET body = substr(body, 1, 5) WHERE org_id = 1 AND block = 2`, 2},
		} {
			t.Run(name, func(t *testing.T) {
				in(t, d, 1, func(tx *db.Tx) error {
					if err := search.Fill(tx, "sku", m.all()); err != nil {
						return err
					}
					if _, err := tx.Exec(c.damage); err != nil {
						return err
					}
					found, _, err := search.Audit(tx, "sku", m.all())
					if len(found) != c.want {
						t.Errorf("%d differences, want %d: %v", len(found), c.want, found)
					}
					return err
				})
			})
		}
	})
}

// TestBegin looks for pages at the beginning of a list.
func TestBegin(t *testing.T) {
	var rows []search.Row
	for id := range int64(search.Ahead(2)) {
		rows = append(rows, search.Row{ID: id + 1, Key: []string{"ale", "bock"}[id%2]})
	}
	any := func(*search.Row) bool { return true }
	for _, c := range []struct {
		name string
		rows []search.Row
		q    search.Query
		want []int64
		ok   bool
	}{
		{"a full page", rows, search.Query{Text: "ALE", Keep: any, Limit: 2}, []int64{1, 3}, true},
		{"not all seen", rows, search.Query{Text: "mead", Keep: any, Limit: 2}, nil, false},
		{"all seen", rows[:3], search.Query{Text: "bock", Keep: any, Limit: 2}, []int64{2}, true},
		{"kept out", rows[:3], search.Query{Keep: func(r *search.Row) bool { return r.ID > 2 }, Limit: 2}, []int64{3}, true},
	} {
		got, ok := search.Begin(c.rows, c.q)
		if diff := cmp.Diff(c.want, got); diff != "" || ok != c.ok {
			t.Errorf("%s: %v %s", c.name, ok, diff)
		}
	}
}
