package money

import (
	"slices"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
)

const entryCols = `id, account_kind, account_id, event, method, amount, doc_type, doc_id, payment_id, reverses_id, note, effective_at,
	recorded_at, user_id`

func scanEntry(r db.Row, e *Entry) error {
	return r.Scan(&e.ID, &e.Account.Kind, &e.Account.ID, &e.Event, &e.Method, &e.Amount, &e.Doc.Type, &e.Doc.ID, db.I(&e.Payment),
		db.I(&e.Reverses), &e.Note, db.T(&e.EffectiveAt), db.T(&e.RecordedAt), &e.Actor)
}

// OfDoc returns the entries of a document, oldest first.
func OfDoc(tx *db.Tx, d Doc) ([]Entry, error) {
	return db.All(tx, scanEntry, `SELECT `+entryCols+` FROM money_entry WHERE org_id = ? AND doc_type = ? AND doc_id = ? ORDER BY id`,
		tx.Org, d.Type, d.ID)
}

// Entries returns the entries of an account, oldest first; after is the id of
// the last one seen, and limit 0 is all.
func Entries(tx *db.Tx, a Account, after int64, limit int) ([]Entry, error) {
	q := `SELECT ` + entryCols + ` FROM money_entry WHERE org_id = ? AND account_kind = ? AND account_id = ? AND id > ? ORDER BY id`
	args := []any{tx.Org, string(a.Kind), a.ID, after}
	if limit > 0 {
		q, args = q+` LIMIT ?`, append(args, limit)
	}
	return db.All(tx, scanEntry, q, args...)
}

// column returns the figure that a bucket is.
func (b *Balance) column(bucket string) *dec.D {
	switch bucket {
	case "invoiced":
		return &b.Invoiced
	case "paid":
		return &b.Paid
	case "returned":
		return &b.Returned
	case "refunded":
		return &b.Refunded
	case "opening":
		return &b.Opening
	case "opening_paid":
		return &b.OpeningPaid
	case "purchased":
		return &b.Purchased
	case "purchase_paid":
		return &b.PurchasePaid
	case advanceBucket:
		return &b.Advance
	}
	return nil
}

// PartyBalances returns the balances of parties, by party; one without
// entries is zero.
func PartyBalances(tx *db.Tx, parties ...int64) (map[int64]Balance, error) {
	out := make(map[int64]Balance, len(parties))
	for _, id := range parties {
		out[id] = Balance{Party: id}
	}
	for chunk := range slices.Chunk(parties, 1000) {
		err := tx.Each(func(r db.Row) error {
			var id int64
			var bucket string
			var sum dec.D
			if err := r.Scan(&id, &bucket, &sum); err != nil {
				return err
			}
			b := out[id]
			if c := b.column(bucket); c != nil {
				*c = sum
			}
			out[id] = b
			return nil
		}, `SELECT account_id, bucket, balance FROM money_balance WHERE org_id = ? AND account_kind = 'party' AND account_id IN (`+
			db.Marks(len(chunk))+`)`, append([]any{tx.Org}, db.Args(chunk)...)...)
		if err != nil {
			return nil, err
		}
	}
	return out, nil
}

// SetOpening makes amount a party's opening balance; below zero is a Conflict
// once more has been paid.
func SetOpening(tx *db.Tx, party int64, amount dec.D) error {
	var had dec.D
	err := tx.Each(func(r db.Row) error { return r.Scan(&had) }, `SELECT balance FROM money_balance WHERE org_id = ?
		AND account_kind = 'party' AND account_id = ? AND bucket = 'opening' AND method = ''`+tx.ForUpdate(), tx.Org, party)
	if err != nil {
		return err
	}
	more, err := amount.Sub(had)
	if err != nil {
		return fault.Field("opening_balance", "is too big")
	}
	return Post(tx, nil, []Entry{{Account: Of(party), Event: Opening, Amount: more, Doc: Doc{"opening", party}}})
}

// Difference is a balance that is not the fold of its entries.
type Difference struct {
	Account        Account
	Bucket, Method string
	Stored, Folded dec.D
}

// Audit adds up the whole ledger anew and compares it with the balances.
// checked says how many entries and balances were looked at.
func Audit(tx *db.Tx) (differences []Difference, checked map[string]int64, err error) {
	folded := map[balanceKey]dec.Sum{}
	checked = map[string]int64{"moneyEntries": 0, "moneyBalances": 0}
	err = tx.Each(func(r db.Row) error {
		var k balanceKey
		var ev Event
		var count int64
		var sum dec.Sum
		if err := r.Scan(&k.account.Kind, &k.account.ID, &ev, &k.method, &count, &sum.Whole, &sum.Rest); err != nil {
			return err
		}
		checked["moneyEntries"] += count
		ef, _ := effectOf(k.account.Kind, ev)
		k.bucket = ef.bucket
		if k.account.Kind != Register {
			k.method = ""
		}
		folded[k] = folded[k].Plus(sum.Times(int64(ef.sign)))
		return nil
	}, `SELECT account_kind, account_id, event, method, COUNT(*), `+db.Sum("amount")+` FROM money_entry WHERE org_id = ?
		GROUP BY account_kind, account_id, event, method`, tx.Org)
	if err != nil {
		return nil, nil, err
	}
	differences = []Difference{}
	compare := func(k balanceKey, stored dec.D, sum dec.Sum) {
		if !sum.Minus(dec.SumOf(stored)).IsZero() {
			want, _ := sum.D() // the nearest that fits, to be shown
			differences = append(differences, Difference{k.account, k.bucket, k.method, stored, want})
		}
	}
	err = tx.Each(func(r db.Row) error {
		var k balanceKey
		var stored dec.D
		if err := r.Scan(&k.account.Kind, &k.account.ID, &k.bucket, &k.method, &stored); err != nil {
			return err
		}
		checked["moneyBalances"]++
		compare(k, stored, folded[k])
		delete(folded, k)
		return nil
	}, `SELECT account_kind, account_id, bucket, method, balance FROM money_balance WHERE org_id = ?
		ORDER BY account_kind, account_id, bucket, method`, tx.Org)
	if err != nil {
		return nil, nil, err
	}
	for k, sum := range folded {
		compare(k, 0, sum)
	}
	return differences, checked, nil
}
