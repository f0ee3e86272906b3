package db

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strings"
	"sync"
)

// allocator hands out ids from blocks that it reserved in the table id_block.
// A block is reserved in a transaction of its own, so an id is never given
// twice; a restart skips what was left of its blocks.
type allocator struct {
	mu     sync.Mutex
	blocks map[string]*block
}

type block struct{ next, end int64 } // ids in [next, end)

// blockSize is how many ids are reserved at a time.
const blockSize = 500

// refill is the error by which a transaction asks for ids to be reserved: it
// is rolled back, the ids are reserved, and it runs again.
type refill struct {
	series string
	n      int64
}

func (r *refill) Error() string { return "reserve " + r.series + " ids" }

// NextID returns a new id in a series; a series is a table's name. Ids are
// unique in the whole database, start at 1 and fit a JavaScript number.
func (t *Tx) NextID(series string) (int64, error) { return t.NextIDs(series, 1) }

// NextIDs reserves n ids in a row and returns the first.
func (t *Tx) NextIDs(series string, n int) (int64, error) {
	if n <= 0 {
		return 0, nil
	}
	a := &t.d.ids
	a.mu.Lock()
	defer a.mu.Unlock()
	b := a.blocks[series]
	if b == nil || b.end-b.next < int64(n) {
		return 0, &refill{series, int64(n)}
	}
	id := b.next
	b.next += int64(n)
	t.took(series, id, b.next)
	return id, nil
}

// span is the ids that a transaction took of a series; broken when others
// took some in between.
type span struct {
	first, end int64
	broken     bool
}

func (t *Tx) took(series string, first, end int64) {
	if t.taken == nil {
		t.taken = map[string]span{}
	}
	s, ok := t.taken[series]
	switch {
	case !ok:
		s = span{first: first, end: end}
	case s.end != first:
		s.broken = true
	default:
		s.end = end
	}
	t.taken[series] = s
}

// keep adds what was taken before to what was taken since.
func (t *Tx) keep(before map[string]span) {
	since := t.taken
	if t.taken = before; before == nil {
		t.taken = since
		return
	}
	for series, s := range since {
		t.took(series, s.first, s.end)
		if s.broken {
			x := t.taken[series]
			x.broken = true
			t.taken[series] = x
		}
	}
}

// giveBack returns the ids of a transaction, or of a try in it, that was
// rolled back, where nobody has taken others since: a fresh store counts from
// 1 without gaps.
func (t *Tx) giveBack() {
	a := &t.d.ids
	a.mu.Lock()
	defer a.mu.Unlock()
	for series, s := range t.taken {
		if b := a.blocks[series]; b != nil && !s.broken && b.next == s.end {
			b.next = s.first
		}
	}
}

func (a *allocator) reset() {
	a.mu.Lock()
	a.blocks = nil
	a.mu.Unlock()
}

// reserve takes a block of ids for a series, at least as many as were asked
// for, in a statement of its own.
func (d *DB) reserve(ctx context.Context, x engine, need *refill) error {
	n := need.n + blockSize
	var end int64
	err := x.each(ctx, func(r Row) error { return r.Scan(&end) }, `INSERT INTO id_block (series, next) VALUES (?, ?)
		ON CONFLICT (series) DO UPDATE SET next = id_block.next + ? RETURNING next`, []any{need.series, n + 1, n})
	if err == nil && end == 0 {
		err = errors.New("no row came back")
	}
	if err != nil {
		return fmt.Errorf("reserve %s ids: %w", need.series, err)
	}
	a := &d.ids
	a.mu.Lock()
	defer a.mu.Unlock()
	if a.blocks == nil {
		a.blocks = map[string]*block{}
	}
	b := a.blocks[need.series]
	switch {
	case b != nil && b.end == end-n: // the blocks are neighbours: keep the rest
		b.end = end
	default:
		a.blocks[need.series] = &block{end - n, end}
	}
	return nil
}

// Numbers counts human numbers up: for each series it adds n and returns the
// first new number of the series. Counters are rows of the organization,
// taken in one statement and one order, late in the transaction: they stay
// locked until it ends, and a rollback gives the numbers back, so there are
// no gaps.
func (t *Tx) Numbers(want map[string]int64) (map[string]int64, error) {
	series := make([]string, 0, len(want))
	for s := range want {
		series = append(series, s)
	}
	if len(series) == 0 {
		return map[string]int64{}, nil
	}
	slices.Sort(series)
	args := make([]any, 0, 3*len(series))
	for _, s := range series {
		args = append(args, t.Org, s, want[s])
	}
	first := map[string]int64{}
	err := t.Each(func(r Row) error {
		var s string
		var last int64
		if err := r.Scan(&s, &last); err != nil {
			return err
		}
		first[s] = last - want[s] + 1
		return nil
	}, `INSERT INTO counter (org_id, series, last) VALUES `+Tuples(len(series), 3)+`
		ON CONFLICT (org_id, series) DO UPDATE SET last = counter.last + excluded.last
		RETURNING series, last`, args...)
	return first, err
}

// Number returns the next number of one series.
func (t *Tx) Number(series string) (int64, error) {
	m, err := t.Numbers(map[string]int64{series: 1})
	return m[series], err
}

// Like returns a pattern for "LIKE ? ESCAPE '\'" that finds text anywhere,
// in lower case; compare it with lower(column).
func Like(text string) string {
	return "%" + strings.NewReplacer(`\`, `\\`, `%`, `\%`, `_`, `\_`).Replace(strings.ToLower(text)) + "%"
}

// Reserve makes sure that a series has ids in hand, so that the next
// transactions need not run again for them.
func (t *Tx) Reserve(series string) error { return t.ReserveN(series, 1) }

// ReserveN makes sure that a series has n ids in hand: a transaction that is
// going to take many asks for all at its start, because it begins again
// whenever they run out.
func (t *Tx) ReserveN(series string, n int) error {
	a := &t.d.ids
	a.mu.Lock()
	defer a.mu.Unlock()
	if b := a.blocks[series]; b == nil || b.end-b.next < int64(n) {
		return &refill{series, int64(n)}
	}
	return nil
}
