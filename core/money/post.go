package money

import (
	"cmp"
	"maps"
	"slices"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
)

// Numbered stands in Entry.Payment for the i-th payment of the same Post,
// whose id is not known yet.
func Numbered(i int) int64 { return -1 - int64(i) }

// Post stores payments and posts entries, in at most three statements
// whatever their number. It gives ids to new payments, in the slice; a payment
// that has one replaces the stored row (take back its entries first, with
// ReversePayments). Entries of no amount are left out. An advance that is used
// but not there is a Conflict.
func Post(tx *db.Tx, payments []Payment, entries []Entry) error {
	if err := store(tx, payments); err != nil {
		return err
	}
	list := make([]Entry, 0, len(entries))
	for _, e := range entries {
		if e.Payment < 0 {
			i := int(-1 - e.Payment)
			if i >= len(payments) {
				return fault.New(fault.Internal, "no such payment")
			}
			e.Payment = payments[i].ID
		}
		if e.Doc.Type == paymentDoc && e.Doc.ID == 0 {
			e.Doc.ID = e.Payment
		}
		e.Reverses = 0
		if e.Amount != 0 {
			list = append(list, e)
		}
	}
	return post(tx, list)
}

// EntriesOf returns the entries that payments make on the accounts of their
// parties, their registers and where the money is kept, for Post with the same payments. A part of a contact
// payment, and a payment by method "advance", use the party's advance; a
// contact payment itself is an advance until its parts have used it.
func EntriesOf(payments []Payment) []Entry {
	var list []Entry
	for i, p := range payments {
		ev, doc := p.event()
		base := Entry{Event: ev, Method: p.Method, Amount: p.Amount, Doc: doc, Payment: Numbered(i), EffectiveAt: p.PaidOn, Note: p.Note}
		fromAdvance := p.Parent != 0 || p.Method == AdvanceMethod
		if _, ok := effects[Party][ev]; ok && p.Party != 0 {
			e := base
			e.Account = Of(p.Party)
			list = append(list, e)
			if fromAdvance && ev != Advance {
				e.Event = UseAdvance
				list = append(list, e)
			}
		}
		for _, a := range []Account{At(p.Register), In(p.Account)} {
			if a.ID == 0 || fromAdvance {
				continue
			}
			e := base
			e.Account = a
			if _, ok := effects[a.Kind][ev]; !ok {
				e.Event = Receipt // an opening balance or an advance paid at the till
			}
			list = append(list, e)
		}
	}
	return list
}

// paymentDoc is the document of a payment that is for no other.
const paymentDoc = "payment"

// event is what a payment is, and the document that it is for.
func (p Payment) event() (Event, Doc) {
	switch {
	case p.Return != 0:
		return Refund, Doc{"sale_return", p.Return}
	case p.Sale != 0 && p.IsReturn:
		return Change, Doc{"sale", p.Sale}
	case p.Sale != 0:
		return Pay, Doc{"sale", p.Sale}
	case p.Doc.Type == "opening":
		return OpeningPayment, p.Doc
	case p.Doc.Type == "expense":
		return Expense, p.Doc
	case p.Doc.ID != 0:
		return PurchasePayment, p.Doc
	}
	return Advance, Doc{paymentDoc, p.ID}
}

// balanceKey names a row of money_balance.
type balanceKey struct {
	account Account
	bucket  string
	method  string
}

func compareKeys(a, b balanceKey) int {
	return cmp.Or(cmp.Compare(a.account.Kind, b.account.Kind), cmp.Compare(a.account.ID, b.account.ID),
		cmp.Compare(a.bucket, b.bucket), cmp.Compare(a.method, b.method))
}

func (e Entry) key() (balanceKey, error) {
	ef, ok := effectOf(e.Account.Kind, e.Event)
	if !ok || e.Account.ID == 0 {
		return balanceKey{}, fault.Field("event", "%s cannot be posted on a %s account", e.Event, e.Account.Kind)
	}
	k := balanceKey{e.Account, ef.bucket, ""}
	if e.Account.Kind == Register {
		k.method = e.Method
	}
	return k, nil
}

// post appends entries and moves balances, in one order, so that transactions
// that post once never deadlock.
func post(tx *db.Tx, list []Entry) error {
	if len(list) == 0 {
		return nil
	}
	first, err := tx.NextIDs("money_entry", len(list))
	if err != nil {
		return err
	}
	var c dec.Calc
	sums := map[balanceKey]dec.D{}
	rows := make([][]any, len(list))
	for i := range list {
		e := &list[i]
		k, err := e.key()
		if err != nil {
			return err
		}
		sums[k] = c.Add(sums[k], e.Signed())
		e.ID, e.RecordedAt, e.Actor = first+int64(i), tx.Now, tx.Actor
		if e.EffectiveAt.IsZero() {
			e.EffectiveAt = tx.Now
		}
		rows[i] = []any{tx.Org, e.ID, string(e.Account.Kind), e.Account.ID, string(e.Event), e.Method, e.Amount, e.Doc.Type, e.Doc.ID,
			db.Null(e.Payment), db.Null(e.Reverses), e.Note, e.EffectiveAt, e.RecordedAt, e.Actor}
	}
	if c.Err() != nil {
		return errBig
	}
	if err := tx.Insert("money_entry", "org_id, "+entryCols, rows); err != nil {
		return err
	}
	keys := slices.SortedFunc(maps.Keys(sums), compareKeys)
	for chunk := range slices.Chunk(keys, 1000) {
		if err := move(tx, chunk, sums); err != nil {
			return err
		}
	}
	return nil
}

var errBig = fault.Field("amount", "is too big")

// move adds to balances and looks at what they have become.
func move(tx *db.Tx, keys []balanceKey, sums map[balanceKey]dec.D) error {
	args := make([]any, 0, 7*len(keys))
	for _, k := range keys {
		var party any
		if k.account.Kind == Party {
			party = k.account.ID
		}
		args = append(args, tx.Org, string(k.account.Kind), k.account.ID, k.bucket, k.method, sums[k], party)
	}
	err := tx.Each(func(r db.Row) error {
		var k balanceKey
		var balance any
		if err := r.Scan(&k.account.Kind, &k.account.ID, &k.bucket, &k.method, &balance); err != nil {
			return err
		}
		n, ok := balance.(int64)
		switch {
		case !ok: // SQLite's sum left the whole numbers
			return errBig
		case n < 0 && k.bucket == advanceBucket && sums[k] < 0:
			return fault.New(fault.Conflict, "Required advance balance not available")
		}
		return nil
	}, `INSERT INTO money_balance (org_id, account_kind, account_id, bucket, method, balance, party_id) VALUES `+db.Tuples(len(keys), 7)+`
		ON CONFLICT (org_id, account_kind, account_id, bucket, method) DO UPDATE SET balance = money_balance.balance + excluded.balance
		RETURNING account_kind, account_id, bucket, method, balance`, args...)
	if fault.Is(err, fault.InUse) { // the party's reference
		return fault.Missing("contact")
	}
	return err
}

// Reverse posts the opposite of every entry of documents that still stands.
func Reverse(tx *db.Tx, docs ...Doc) error {
	var list []Entry
	for _, d := range docs {
		part, err := db.All(tx, scanEntry, `SELECT `+entryCols+` FROM money_entry e WHERE org_id = ? AND doc_type = ? AND doc_id = ?`+stands+`
			ORDER BY id`, tx.Org, d.Type, d.ID, tx.Org)
		if err != nil {
			return err
		}
		list = append(list, part...)
	}
	slices.SortFunc(list, func(a, b Entry) int { return cmp.Compare(a.ID, b.ID) })
	return takeBack(tx, list)
}

// ReversePayments posts the opposite of every entry of payments that still
// stands; the rows of the payments stay.
func ReversePayments(tx *db.Tx, ids ...int64) error {
	list := []Entry{}
	for chunk := range slices.Chunk(ids, 1000) {
		part, err := db.All(tx, scanEntry, `SELECT `+entryCols+` FROM money_entry e WHERE org_id = ? AND payment_id IN (`+
			db.Marks(len(chunk))+`)`+stands, append(append([]any{tx.Org}, db.Args(chunk)...), tx.Org)...)
		if err != nil {
			return err
		}
		list = append(list, part...)
	}
	slices.SortFunc(list, func(a, b Entry) int { return cmp.Compare(a.ID, b.ID) })
	return takeBack(tx, list)
}

// stands leaves out reversals and what was reversed.
const stands = ` AND reverses_id IS NULL AND NOT EXISTS (SELECT 1 FROM money_entry r WHERE r.org_id = ? AND r.reverses_id = e.id)`

// takeBack posts the opposites. Two transactions that take back the same
// entry meet at its unique reverses_id: one of them is a Conflict.
func takeBack(tx *db.Tx, list []Entry) error {
	for i := range list {
		e := &list[i]
		e.Reverses, e.Event, e.EffectiveAt = e.ID, undoes(e.Event), tx.Now
	}
	return post(tx, list)
}
