package party_test

import (
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"testing"

	"github.com/google/go-cmp/cmp"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/core/lookup"
	"storehouse/core/org/orgtest"
	"storehouse/core/party"
)

// crowd is the parties of TestSearch and what they may point at; 0 is nothing.
type crowd struct {
	kept                            map[int64]party.Party
	types, segments, brokers, roots []int64
}

// TestSearch lists parties by every mixture of filters and compares each page
// with what looking at all of them one by one gives, while they are created,
// changed and deleted.
func TestSearch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		orgtest.New(t, d, "acme")
		r := rand.New(rand.NewSource(3))
		c := crowd{kept: map[int64]party.Party{}, roots: []int64{0}}
		dbtest.Do(t, d, func(tx *db.Tx) error {
			for kind, list := range map[lookup.Kind]*[]int64{lookup.CustomerType: &c.types, lookup.CustomerSegment: &c.segments, lookup.Broker: &c.brokers} {
				e, err := lookup.Create(tx, lookup.Entry{Kind: kind, Name: "x"})
				if err != nil {
					return err
				}
				*list = []int64{0, e.ID}
			}
			root, err := party.Create(tx, customer("Root"))
			if err == nil { // or it runs again
				c.roots, c.kept[root.ID] = []int64{0, root.ID}, root
			}
			return err
		})
		for round := range 5 {
			dbtest.Do(t, d, func(tx *db.Tx) error { return c.churn(tx, r) })
			dbtest.See(t, d, func(tx *db.Tx) error {
				for range 50 {
					f := c.filter(r)
					got, err := party.List(tx, f)
					if err != nil {
						return err
					}
					if diff := cmp.Diff(c.byHand(f), numbers(got)); diff != "" {
						t.Errorf("round %d, %+v: %s", round, f, diff)
					}
				}
				found, n, err := party.AuditSearch(tx)
				if len(found) > 0 || n != c.customers() {
					t.Errorf("round %d: %d checked, of %d: %v", round, n, c.customers(), found)
				}
				return err
			})
		}
	})
}

func numbers(list []party.Party) []string {
	out := []string{}
	for _, p := range list {
		out = append(out, p.Number)
	}
	return out
}

func (c crowd) customers() (n int64) {
	for _, p := range c.kept {
		if p.IsCustomer {
			n++
		}
	}
	return n
}

func (c crowd) random(r *rand.Rand, p party.Party) party.Party {
	any := func(list []int64) int64 { return list[r.Intn(len(list))] }
	p.Name = []string{"Corner", "corner 2", "Zz Overseas", "Łódź", "100%"}[r.Intn(5)]
	p.BusinessName = []string{"", "Corner Ltd", "ABC_1"}[r.Intn(3)]
	role := r.Intn(4)
	p.IsCustomer, p.IsVendor, p.IsLead = role < 2, role == 1 || role == 2, role == 3
	p.Type, p.Segment, p.Broker, p.Parent = any(c.types), any(c.segments), any(c.brokers), any(c.roots)
	if p.Parent == p.ID {
		p.Parent = 0
	}
	return p
}

// churn makes 60 parties, changes some and deletes some.
func (c crowd) churn(tx *db.Tx, r *rand.Rand) error {
	var rows []party.Party
	for range 60 {
		rows = append(rows, c.random(r, party.Party{}))
	}
	verdicts, err := party.Import(tx, rows)
	if err != nil {
		return err
	}
	for _, v := range verdicts {
		if v.Err != nil {
			return v.Err
		}
		c.kept[v.Party.ID] = v.Party
	}
	ids := []int64{}
	for id := range c.kept {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		switch r.Intn(8) {
		case 0:
			p := c.random(r, c.kept[id])
			if id == c.roots[1] {
				p.IsCustomer, p.Parent = true, 0
			}
			p.IsActive = r.Intn(2) == 0
			if c.kept[id], err = party.Update(tx, p); err != nil {
				return fmt.Errorf("%d: %w", id, err)
			}
		case 1:
			if err := party.Delete(tx, id); err == nil {
				delete(c.kept, id)
			}
		}
	}
	return nil
}

func (c crowd) filter(r *rand.Rand) party.Filter {
	any := func(list []int64) int64 { return list[r.Intn(len(list))] * int64(r.Intn(2)) }
	f := party.Filter{Q: []string{"CORNER", "o", "zz", "łó", "%", "_", "ltd", "nowhere"}[r.Intn(8)], Limit: []int{0, 1, 3, 30}[r.Intn(4)]}
	f.Role = []party.Role{party.Customer, party.Customer, party.Vendor, party.Lead, party.Both, party.Any}[r.Intn(6)]
	f.Type, f.Segment, f.Broker, f.Parent = any(c.types), any(c.segments), any(c.brokers), any(c.roots)
	if r.Intn(3) == 0 {
		on := r.Intn(2) == 0
		f.Active = &on
	}
	if r.Intn(2) == 0 {
		for _, p := range c.kept {
			f.After = &party.Cursor{Key: strings.ToLower(p.Name), ID: p.ID}
			break
		}
	}
	return f
}

// byHand returns the numbers of the parties that a filter means, in order.
func (c crowd) byHand(f party.Filter) []string {
	var list []party.Party
	q := strings.ToLower(f.Q)
	role := map[party.Role]func(party.Party) bool{"": func(party.Party) bool { return true },
		party.Customer: func(p party.Party) bool { return p.IsCustomer }, party.Vendor: func(p party.Party) bool { return p.IsVendor },
		party.Lead: func(p party.Party) bool { return p.IsLead }, party.Both: func(p party.Party) bool { return p.IsCustomer && p.IsVendor }}
	for _, p := range c.kept {
		name := strings.ToLower(p.Name)
		ok := (strings.Contains(name, q) || strings.Contains(strings.ToLower(p.BusinessName), q)) && role[f.Role](p) && (f.Active == nil || p.IsActive == *f.Active)
		for _, eq := range [][2]int64{{f.Type, p.Type}, {f.Segment, p.Segment}, {f.Broker, p.Broker}, {f.Parent, p.Parent}} {
			ok = ok && (eq[0] == 0 || eq[0] == eq[1])
		}
		if f.After != nil {
			ok = ok && (name > f.After.Key || name == f.After.Key && p.ID > f.After.ID)
		}
		if ok {
			list = append(list, p)
		}
	}
	slices.SortFunc(list, func(a, b party.Party) int {
		if c := strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)); c != 0 {
			return c
		}
		return int(a.ID - b.ID)
	})
	if f.Limit > 0 && len(list) > f.Limit {
		list = list[:f.Limit]
	}
	return numbers(list)
}
