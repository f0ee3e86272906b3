package search

import (
	"cmp"
	"slices"
	"strings"
)

// place is where a row stands in a list.
type place struct {
	key string
	id  int64
}

func (p place) compare(q place) int {
	return cmp.Or(strings.Compare(p.key, q.key), cmp.Compare(p.id, q.id))
}

// page gathers the first rows of a list behind a place, whatever the order in
// which they come, in memory for a few pages.
type page struct {
	after  place
	before place // with full: no row from here on is among the first any more
	full   bool
	limit  int
	found  []place
}

func newPage(q Query) *page {
	return &page{after: place{q.AfterKey, q.AfterID}, limit: q.Limit}
}

func (p *page) wants(r *Row) bool {
	at := place{r.Key, r.ID}
	return (p.after.id == 0 || at.compare(p.after) > 0) && (!p.full || at.compare(p.before) < 0)
}

func (p *page) add(r *Row) {
	p.found = append(p.found, place{strings.Clone(r.Key), r.ID}) // or the whole block would stay in memory
	if p.limit > 0 && len(p.found) >= 4*p.limit {
		p.tidy()
		p.before, p.full = p.found[p.limit-1], true
	}
}

func (p *page) tidy() {
	slices.SortFunc(p.found, place.compare)
	if p.limit > 0 && len(p.found) > p.limit {
		p.found = p.found[:p.limit]
	}
}

func (p *page) ids() []int64 {
	p.tidy()
	ids := make([]int64, len(p.found))
	for n, at := range p.found {
		ids[n] = at.id
	}
	return ids
}
