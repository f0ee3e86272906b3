package points

import (
	"slices"

	"storehouse/base/db"
	"storehouse/base/dec"
)

const balanceCols = `party_id, balance, earned, used, expired`

func scanBalance(r db.Row, b *Balance) error {
	return r.Scan(&b.Party, &b.Balance, &b.Earned, &b.Used, &b.Expired)
}

// Balances returns the balances of customers, by party; one without entries
// is zero.
func Balances(tx *db.Tx, parties ...int64) (map[int64]Balance, error) {
	out := make(map[int64]Balance, len(parties))
	for _, id := range parties {
		out[id] = Balance{Party: id}
	}
	for chunk := range slices.Chunk(parties, 1000) {
		list, err := db.All(tx, scanBalance, `SELECT `+balanceCols+` FROM points_balance WHERE org_id = ? AND party_id IN (`+
			db.Marks(len(chunk))+`)`, append([]any{tx.Org}, db.Args(chunk)...)...)
		if err != nil {
			return nil, err
		}
		for _, b := range list {
			out[b.Party] = b
		}
	}
	return out, nil
}

// List returns a customer's entries, oldest first: after the entry with id
// after, at most limit (0: all).
func List(tx *db.Tx, party, after int64, limit int) ([]Entry, error) {
	q := `SELECT ` + entryCols + ` FROM points_entry WHERE org_id = ? AND party_id = ? AND id > ? ORDER BY id`
	args := []any{tx.Org, party, after}
	if limit > 0 {
		q, args = q+` LIMIT ?`, append(args, limit)
	}
	return db.All(tx, scanEntry, q, args...)
}

// Top returns the n highest balances, the highest first.
func Top(tx *db.Tx, n int) ([]Balance, error) {
	return db.All(tx, scanBalance, `SELECT `+balanceCols+` FROM points_balance WHERE org_id = ? ORDER BY balance DESC, party_id DESC LIMIT ?`, tx.Org, n)
}

// GivenOnSales is the sum of points that sales gave, less what was taken back.
func GivenOnSales(tx *db.Tx) (dec.D, error) {
	return db.One(tx, db.Value[dec.D], `SELECT CAST(COALESCE(SUM(CASE WHEN event IN ('EARN', 'GIVE') THEN points
		WHEN event IN ('REVERSE_EARN', 'REVERSE_GIVE') THEN -points ELSE 0 END), 0) AS bigint)
		FROM points_entry WHERE org_id = ? AND doc_type = 'sale'`, tx.Org)
}

// ExpireDue expires, of all customers, the points that are past their date
// and have not been spent: points are spent in the order in which they would
// expire.
func ExpireDue(tx *db.Tx) ([]Entry, error) {
	// Points granted with a date in the past, less everything spent or expired
	// so far, is what still has to go.
	const due = `SELECT e.party_id, CAST(SUM(CASE WHEN e.event IN ('EARN', 'GIVE') THEN e.points ELSE -e.points END) AS bigint)
		FROM points_entry e WHERE e.org_id = ? AND e.expires_at <= ? AND e.event IN ('EARN', 'GIVE', 'REVERSE_EARN', 'REVERSE_GIVE')
		GROUP BY e.party_id ORDER BY e.party_id`
	past := map[int64]dec.D{}
	var parties []int64
	if err := tx.Each(func(r db.Row) error {
		var id int64
		var sum dec.D
		err := r.Scan(&id, &sum)
		past[id], parties = sum, append(parties, id)
		return err
	}, due, tx.Org, tx.Now); err != nil {
		return nil, err
	}
	var list []Entry
	for chunk := range slices.Chunk(parties, 1000) {
		balances, err := db.All(tx, scanBalance, `SELECT `+balanceCols+` FROM points_balance WHERE org_id = ? AND party_id IN (`+
			db.Marks(len(chunk))+`) ORDER BY party_id`+tx.ForUpdate(), append([]any{tx.Org}, db.Args(chunk)...)...)
		if err != nil {
			return nil, err
		}
		for _, b := range balances {
			if gone := min(past[b.Party]-b.Used-b.Expired, b.Balance); gone > 0 {
				list = append(list, Entry{Party: b.Party, Event: Expire, Points: gone, Doc: Doc{Type: "expiry"}})
			}
		}
	}
	return list, post(tx, list)
}

// Difference is a balance that is not the fold of its entries.
type Difference struct {
	Party          int64
	Column         string
	Stored, Folded dec.D
}

// tally is a balance that is being added up: its figures may be larger on
// their way than in the end.
type tally struct{ balance, earned, used, expired dec.Sum }

func (t *tally) add(ef effect, points dec.Sum) {
	t.balance = t.balance.Plus(points.Times(int64(ef.balance)))
	t.earned = t.earned.Plus(points.Times(int64(ef.earned)))
	t.used = t.used.Plus(points.Times(int64(ef.used)))
	t.expired = t.expired.Plus(points.Times(int64(ef.expired)))
}

// Audit adds up the whole ledger anew and compares it with the balances.
// checked says how many entries and balances were looked at.
func Audit(tx *db.Tx) (differences []Difference, checked map[string]int64, err error) {
	folded := map[int64]tally{}
	checked = map[string]int64{"pointsEntries": 0, "pointsBalances": 0}
	err = tx.Each(func(r db.Row) error {
		var party, count int64
		var ev Event
		var sum dec.Sum
		if err := r.Scan(&party, &ev, &count, &sum.Whole, &sum.Rest); err != nil {
			return err
		}
		checked["pointsEntries"] += count
		f := folded[party]
		f.add(effects[ev], sum)
		folded[party] = f
		return nil
	}, `SELECT party_id, event, COUNT(*), `+db.Sum("points")+` FROM points_entry WHERE org_id = ? GROUP BY party_id, event`, tx.Org)
	if err != nil {
		return nil, nil, err
	}
	differences = []Difference{}
	compare := func(stored Balance, want tally) {
		own := dec.SumOf(stored.Earned).Minus(dec.SumOf(stored.Used)).Minus(dec.SumOf(stored.Expired))
		for _, f := range []struct {
			column string
			stored dec.D
			folded dec.Sum
		}{{"balance", stored.Balance, want.balance}, {"earned", stored.Earned, want.earned}, {"used", stored.Used, want.used},
			{"expired", stored.Expired, want.expired}, {"sum", stored.Balance, own}} {
			if !f.folded.Minus(dec.SumOf(f.stored)).IsZero() {
				folded, _ := f.folded.D() // the nearest that fits, to be shown
				differences = append(differences, Difference{stored.Party, f.column, f.stored, folded})
			}
		}
	}
	err = tx.Each(func(r db.Row) error {
		var b Balance
		if err := scanBalance(r, &b); err != nil {
			return err
		}
		checked["pointsBalances"]++
		compare(b, folded[b.Party])
		delete(folded, b.Party)
		return nil
	}, `SELECT `+balanceCols+` FROM points_balance WHERE org_id = ? ORDER BY party_id`, tx.Org)
	if err != nil {
		return nil, nil, err
	}
	for party, want := range folded {
		compare(Balance{Party: party}, want)
	}
	return differences, checked, nil
}
