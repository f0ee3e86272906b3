package party

import (
	"errors"
	"fmt"
	"slices"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/lookup"
	"storehouse/core/org"
)

// Create adds a party. Without a number it gets the next of the series; a
// number that is taken is a Conflict.
func Create(tx *db.Tx, p Party) (Party, error) {
	verdicts, err := Import(tx, []Party{p})
	if err != nil {
		return p, err
	}
	return verdicts[0].Party, verdicts[0].Err
}

// Verdict is what became of a row of an import: the party, or why not.
type Verdict struct {
	Party Party
	Err   error
}

// Import adds parties in few statements, whatever their number. A row at
// fault does not stop the others.
func Import(tx *db.Tx, list []Party) ([]Verdict, error) {
	out := make([]Verdict, len(list))
	var refs refSet
	for i := range list {
		p := list[i]
		p.ID = 0
		err := p.tidy(nil)
		out[i] = Verdict{p, err}
		refs.add(p)
	}
	if err := refs.load(tx); err != nil {
		return nil, err
	}
	for i := range out {
		if out[i].Err == nil {
			out[i].Err = refs.check(out[i].Party)
		}
	}
	if err := checkNumbers(tx, out); err != nil {
		return nil, err
	}
	good := 0
	for _, v := range out {
		if v.Err == nil {
			good++
		}
	}
	id, err := tx.NextIDs("party", good)
	if err != nil {
		return nil, err
	}
	var rows []Party
	for i := range out {
		if out[i].Err != nil {
			continue
		}
		p := &out[i].Party
		p.ID, p.IsActive, p.CreatedBy, p.CreatedAt, p.UpdatedAt = id, true, tx.Actor, tx.Now, tx.Now
		id++
		rows = append(rows, *p)
	}
	if err := number(tx, rows); err != nil {
		return nil, err
	}
	byID := map[int64]Party{}
	for _, p := range rows {
		byID[p.ID] = p
	}
	for i := range out {
		if out[i].Err == nil {
			out[i].Party = byID[out[i].Party.ID]
		}
	}
	if err := insert(tx, rows); err != nil {
		return nil, taken(err)
	}
	if err := addSearch(tx, rows); err != nil {
		return nil, err
	}
	return out, saveUsers(tx, rows)
}

// Update stores a party that was read with Get and changed.
func Update(tx *db.Tx, p Party) (Party, error) {
	old, err := Get(tx, p.ID)
	if err != nil {
		return p, err
	}
	if err := p.tidy(&old); err != nil {
		return p, err
	}
	if p.Number == "" {
		p.Number = old.Number
	}
	p.IsDefault, p.CreatedBy, p.CreatedAt, p.UpdatedAt = old.IsDefault, old.CreatedBy, old.CreatedAt, tx.Now
	if old.IsLead && !old.IsCustomer && p.IsCustomer && p.ConvertedOn.IsZero() {
		p.ConvertedBy, p.ConvertedOn = tx.Actor, tx.Now
	}
	var refs refSet
	refs.add(p)
	if err := refs.load(tx); err != nil {
		return p, err
	}
	if err := refs.check(p); err != nil {
		return p, err
	}
	if p.Parent != 0 && p.Parent != old.Parent {
		if err := noCircle(tx, p); err != nil {
			return p, err
		}
	}
	if _, err := update(tx, p); err != nil {
		return p, taken(err)
	}
	if err := putSearch(tx, p.ID); err != nil {
		return p, err
	}
	if err := dropLinks(tx, old, p); err != nil {
		return p, err
	}
	slices.Sort(p.AssignedTo)
	if !slices.Equal(p.AssignedTo, old.AssignedTo) {
		if _, err := tx.Exec(`DELETE FROM party_user WHERE org_id = ? AND party_id = ?`, tx.Org, p.ID); err != nil {
			return p, err
		}
		err = saveUsers(tx, []Party{p})
	}
	return p, err
}

// dropLinks takes the people away from a role that a party loses; deleting the
// party takes all (core/person).
func dropLinks(tx *db.Tx, old, p Party) error {
	for _, lost := range []struct {
		role Role
		gone bool
	}{{Customer, old.IsCustomer && !p.IsCustomer}, {Vendor, old.IsVendor && !p.IsVendor}} {
		if !lost.gone {
			continue
		}
		if _, err := tx.Exec(`DELETE FROM person_link WHERE org_id = ? AND party_id = ? AND party_role = ?`, tx.Org, p.ID, string(lost.role)); err != nil {
			return err
		}
	}
	return nil
}

// referrers counts what may refer to a party.
var referrers = []db.Tally{
	{Name: "customers", From: "party WHERE org_id = ? AND parent_id = ?"},
	{Name: "followUps", From: "followup WHERE org_id = ? AND party_id = ?"},
	{Name: "visits", From: "visit WHERE org_id = ? AND party_id = ?"},
	{Name: "calls", From: "call_log WHERE org_id = ? AND party_id = ?"},
	{Name: "expenses", From: "expense WHERE org_id = ? AND party_id = ?"},
	{Name: "salesOrders", From: "sale WHERE org_id = ? AND party_id = ?"},
	{Name: "purchaseOrders", From: "purchase WHERE org_id = ? AND vendor_id = ?"},
	{Name: "saleReturns", From: "sale_return WHERE org_id = ? AND party_id = ?"},
	{Name: "payments", From: "payment WHERE org_id = ? AND party_id = ?"},
	{Name: "moneyEntries", From: "money_entry WHERE org_id = ? AND account_kind = 'party' AND account_id = ?"},
	{Name: "pointsEntries", From: "points_entry WHERE org_id = ? AND party_id = ?"},
	{Name: "shopOrders", From: "shop_order WHERE org_id = ? AND party_id = ?"},
	{Name: "loyaltyUids", From: "loyalty_uid WHERE org_id = ? AND party_id = ?"},
	{Name: "loyaltyMembers", From: "loyalty_member WHERE org_id = ? AND party_id = ?"},
	{Name: "loyaltyPurchases", From: "loyalty_purchase WHERE org_id = ? AND party_id = ?"},
	{Name: "loyaltyCoupons", From: "loyalty_coupon WHERE org_id = ? AND party_id = ?"},
}

// Usage counts what refers to a party, zeros included.
func Usage(tx *db.Tx, id int64) (map[string]int64, error) { return db.Counts(tx, referrers, id) }

// Delete removes a party to which nothing refers; otherwise it is an InUse
// fault with counts. The walk-in customer stays.
func Delete(tx *db.Tx, id int64) error {
	p, err := Get(tx, id)
	if err != nil {
		return err
	}
	if p.IsDefault {
		return fault.New(fault.Conflict, "the walk-in customer cannot be deleted")
	}
	counts, err := Usage(tx, id)
	if err != nil {
		return err
	}
	for _, n := range counts {
		if n > 0 {
			return fault.Used(p.Name, counts)
		}
	}
	gone, err := tx.Exec(`DELETE FROM party WHERE org_id = ? AND id = ?`, tx.Org, id)
	if err != nil {
		return err
	}
	if gone == 0 {
		return missing() // another was quicker
	}
	return putSearch(tx, id)
}

// number gives numbers to the parties that have none, skipping those that
// clients have used.
func number(tx *db.Tx, list []Party) error {
	var todo []*Party
	for i := range list {
		if list[i].Number == "" {
			todo = append(todo, &list[i])
		}
	}
	if len(todo) == 0 {
		return nil
	}
	settings, err := org.LoadSettings(tx)
	if err != nil {
		return err
	}
	own := map[string]bool{}
	for _, p := range list {
		own[p.Number] = true
	}
	for len(todo) > 0 {
		first, err := tx.Numbers(map[string]int64{"contact": int64(len(todo))})
		if err != nil {
			return err
		}
		var fresh []string
		for i := range todo {
			fresh = append(fresh, fmt.Sprintf("%s%04d", settings.Prefix("contact"), first["contact"]+int64(i)))
		}
		used, err := usedNumbers(tx, fresh)
		if err != nil {
			return err
		}
		for _, n := range fresh {
			if !used[n] && !own[n] {
				todo[0].Number, todo = n, todo[1:]
			}
		}
	}
	return nil
}

// checkNumbers marks the rows whose own number is taken, in the organization
// or by an earlier row.
func checkNumbers(tx *db.Tx, list []Verdict) error {
	var given []string
	for _, v := range list {
		if v.Party.Number != "" {
			given = append(given, v.Party.Number)
		}
	}
	used, err := usedNumbers(tx, given)
	if err != nil {
		return err
	}
	for i := range list {
		n := list[i].Party.Number
		if n == "" || list[i].Err != nil {
			continue
		}
		if used[n] {
			list[i].Err = taken(fault.New(fault.Conflict, ""))
		}
		used[n] = true
	}
	return nil
}

func usedNumbers(tx *db.Tx, numbers []string) (map[string]bool, error) {
	used := map[string]bool{}
	for part := range slices.Chunk(numbers, 1000) {
		err := tx.Each(func(r db.Row) error {
			var n string
			err := r.Scan(&n)
			used[n] = true
			return err
		}, `SELECT number FROM party WHERE org_id = ? AND number IN (`+db.Marks(len(part))+`)`, append([]any{tx.Org}, db.Args(part)...)...)
		if err != nil {
			return nil, err
		}
	}
	return used, nil
}

// taken names the field of a number that is not unique.
func taken(err error) error {
	if !fault.Is(err, fault.Conflict) {
		return err
	}
	return &fault.Error{Kind: fault.Conflict, Msg: "contact_id is taken", Fields: []fault.Flaw{{Field: "contact_id", Msg: "is taken"}}, Err: err}
}

// noCircle refuses a parent below the party itself. A counter row serializes
// such changes, so that two of them cannot close a circle together.
func noCircle(tx *db.Tx, p Party) error {
	if _, err := tx.Number("party.parent"); err != nil {
		return err
	}
	loop, err := db.One(tx, db.Value[int64], `WITH RECURSIVE up (id) AS (
			SELECT id FROM party WHERE org_id = ? AND id = ?
			UNION
			SELECT q.parent_id FROM up JOIN party q ON q.org_id = ? AND q.id = up.id WHERE q.parent_id IS NOT NULL)
		SELECT COUNT(*) FROM up WHERE id = ?`, tx.Org, p.Parent, tx.Org, p.ID)
	if err != nil {
		return err
	}
	if loop > 0 {
		return fault.Field("parent_id", "would make a circle")
	}
	return nil
}

// refSet gathers what parties refer to, to check them all at once.
type refSet struct {
	lookups []int64
	parents []int64
	kinds   map[int64]lookup.Kind
	known   map[int64]bool
}

func (s *refSet) add(p Party) {
	for _, r := range refsOf(p) {
		if r.ID != 0 {
			s.lookups = append(s.lookups, r.ID)
		}
	}
	if p.Parent != 0 {
		s.parents = append(s.parents, p.Parent)
	}
}

func refsOf(p Party) []lookup.Ref {
	return []lookup.Ref{
		{Field: "type_id", Kind: lookup.CustomerType, ID: p.Type}, {Field: "segment_id", Kind: lookup.CustomerSegment, ID: p.Segment},
		{Field: "broker_id", Kind: lookup.Broker, ID: p.Broker}, {Field: "customer_group_id", Kind: lookup.CustomerGroup, ID: p.CustomerGroup},
		{Field: "source_id", Kind: lookup.LeadSource, ID: p.Source}, {Field: "life_stage_id", Kind: lookup.LifeStage, ID: p.LifeStage}}
}

func (s *refSet) load(tx *db.Tx) (err error) {
	if s.kinds, err = lookup.Kinds(tx, s.lookups); err != nil {
		return err
	}
	if err := Hold(tx, s.parents...); err != nil {
		return err
	}
	s.known = map[int64]bool{}
	for part := range slices.Chunk(slices.Compact(slices.Sorted(slices.Values(s.parents))), 1000) {
		err = errors.Join(err, tx.Each(func(r db.Row) error {
			var id int64
			err := r.Scan(&id)
			s.known[id] = true
			return err
		}, `SELECT id FROM party WHERE org_id = ? AND is_customer = 1 AND id IN (`+db.Marks(len(part))+`)`, append([]any{tx.Org}, db.Args(part)...)...))
	}
	return err
}

func (s *refSet) check(p Party) error {
	var flaws []fault.Flaw
	for _, r := range refsOf(p) {
		if r.ID != 0 && s.kinds[r.ID] != r.Kind {
			flaws = append(flaws, fault.Flaw{Field: r.Field, Msg: "does not exist"})
		}
	}
	if p.Parent != 0 && !s.known[p.Parent] {
		flaws = append(flaws, fault.Flaw{Field: "parent_id", Msg: "does not exist"})
	}
	return fault.Flaws(flaws)
}
