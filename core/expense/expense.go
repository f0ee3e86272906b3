// Package expense keeps what the organization spends beside purchases, what of
// it came back, and how it was paid. What is paid from a user's open cash
// register leaves its drawer.
package expense

import (
	"fmt"
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/lookup"
	"storehouse/core/money"
	"storehouse/core/org"
	"storehouse/core/party"
)

// Expense is money spent, or with IsRefund money that came back.
type Expense struct {
	ID             int64
	RefNo          string // "EP2020/0013"; given when empty
	Location       int64
	IsRefund       bool
	Category       int64 // lookup.ExpenseCategory, 0 for none
	SubCategory    int64
	Party          int64 // with whom, 0 for nobody in particular
	SpentFor       int64 // for which user, 0 for none
	SpentAt        time.Time
	TotalBeforeTax dec.D
	Tax            int64
	TaxAmount      dec.D
	FinalTotal     dec.D
	Paid           dec.D
	Notes          string
	CreatedBy      int64
	CreatedAt      time.Time
	UpdatedAt      time.Time

	Payments []money.Payment // read with the expense
}

// PaymentStatus is paid, partial or due.
func (e Expense) PaymentStatus() string {
	switch {
	case e.Paid >= e.FinalTotal:
		return "paid"
	case e.Paid > 0:
		return "partial"
	}
	return "due"
}

// docType names expenses in the money ledger.
const docType = "expense"

const cols = `id, ref_no, location_id, is_refund, category_id, sub_category_id, party_id, spent_for, spent_at, total_before_tax, tax_id, tax_amount,
	final_total, paid, notes, created_by, created_at, updated_at`

func scan(r db.Row, e *Expense) error {
	return r.Scan(&e.ID, &e.RefNo, &e.Location, db.B(&e.IsRefund), db.I(&e.Category), db.I(&e.SubCategory), db.I(&e.Party), db.I(&e.SpentFor),
		db.T(&e.SpentAt), &e.TotalBeforeTax, db.I(&e.Tax), &e.TaxAmount, &e.FinalTotal, &e.Paid, db.S(&e.Notes), db.I(&e.CreatedBy),
		db.T(&e.CreatedAt), db.T(&e.UpdatedAt))
}

func (e Expense) args() []any {
	return []any{e.ID, e.RefNo, e.Location, e.IsRefund, db.Null(e.Category), db.Null(e.SubCategory), db.Null(e.Party), db.Null(e.SpentFor), e.SpentAt,
		e.TotalBeforeTax, db.Null(e.Tax), e.TaxAmount, e.FinalTotal, e.Paid, db.Null(e.Notes), db.Null(e.CreatedBy), e.CreatedAt, e.UpdatedAt}
}

// Create adds an expense with its payments; payments of nothing are left out.
func Create(tx *db.Tx, e Expense, payments []money.Payment) (Expense, error) {
	if e.SpentAt.IsZero() {
		e.SpentAt = tx.Now
	}
	payments, err := e.check(tx, payments)
	if err != nil {
		return e, err
	}
	if e.ID, err = tx.NextID("expense"); err != nil {
		return e, err
	}
	e.CreatedBy, e.CreatedAt, e.UpdatedAt = tx.Actor, tx.Now, tx.Now
	if err := e.pay(tx, payments); err != nil {
		return e, err
	}
	err = tx.Try(func() error {
		return tx.Insert("expense", "org_id, "+cols, [][]any{append([]any{tx.Org}, e.args()...)})
	})
	if fault.Is(err, fault.Conflict) {
		err = &fault.Error{Kind: fault.Conflict, Msg: "ref_no is taken", Fields: []fault.Flaw{{Field: "ref_no", Msg: "has already been taken"}}}
	}
	return e, err
}

// Update stores an expense that was read with Get and changed. Payments, when
// given, take the place of those there were.
func Update(tx *db.Tx, e Expense, payments *[]money.Payment) (Expense, error) {
	given := e.Payments
	if payments != nil {
		given = *payments
	}
	given, err := e.check(tx, given)
	if err != nil {
		return e, err
	}
	if payments != nil {
		old := make([]int64, len(e.Payments))
		for i, p := range e.Payments {
			old[i] = p.ID
		}
		if err := money.DeletePayments(tx, old...); err != nil {
			return e, err
		}
		for i := range given {
			given[i].ID = 0
		}
		if err := e.pay(tx, given); err != nil {
			return e, err
		}
	}
	e.UpdatedAt = tx.Now
	args := e.args()
	n, err := tx.Exec(`UPDATE expense SET location_id = ?, is_refund = ?, category_id = ?, sub_category_id = ?, party_id = ?, spent_for = ?, spent_at = ?,
		total_before_tax = ?, tax_id = ?, tax_amount = ?, final_total = ?, paid = ?, notes = ?, updated_at = ? WHERE org_id = ? AND id = ?`,
		append(args[2:15:15], e.UpdatedAt, tx.Org, e.ID)...)
	if err == nil && n == 0 {
		err = fault.Missing("expense")
	}
	return e, err
}

func total(payments []money.Payment) (dec.D, error) {
	var c dec.Calc
	var sum dec.D
	for _, p := range payments {
		sum = c.Add(sum, p.Amount)
	}
	return sum, c.Err()
}

// pay numbers and posts payments, from the user's open register at the
// expense's location if there is one. A refund comes in, an expense goes out.
func (e *Expense) pay(tx *db.Tx, payments []money.Payment) error {
	var err error
	if e.Paid, err = total(payments); err != nil {
		return err
	}
	s, err := org.LoadSettings(tx)
	if err != nil {
		return err
	}
	register, err := money.CurrentRegister(tx, tx.Actor, e.Location)
	if err != nil {
		return err
	}
	year := func(at time.Time) int { return at.In(s.Zone()).Year() }
	want := map[string]int64{}
	if e.RefNo == "" {
		want[fmt.Sprintf("expense:%d", year(e.SpentAt))]++
	}
	for i := range payments {
		p := &payments[i]
		p.Doc, p.Party, p.Register = money.Doc{Type: docType, ID: e.ID}, e.Party, register
		if p.PaidOn.IsZero() {
			p.PaidOn = e.SpentAt
		}
		if p.RefNo == "" {
			want[fmt.Sprintf("payment:%d", year(p.PaidOn))]++
		}
	}
	next, err := tx.Numbers(want)
	if err != nil {
		return err
	}
	number := func(to *string, series string, at time.Time) {
		if *to == "" {
			key := fmt.Sprintf("%s:%d", series, year(at))
			*to = fmt.Sprintf("%s%d/%04d", s.Prefix(series), year(at), next[key])
			next[key]++
		}
	}
	number(&e.RefNo, "expense", e.SpentAt)
	for i := range payments {
		number(&payments[i].RefNo, "payment", payments[i].PaidOn)
	}
	entries := money.EntriesOf(payments)
	if e.IsRefund {
		for i := range entries {
			entries[i].Event = money.Receipt
		}
	}
	if err := money.Post(tx, payments, entries); err != nil {
		return err
	}
	e.Payments = payments
	return nil
}

// check verifies the expense and returns the payments that are of something.
func (e *Expense) check(tx *db.Tx, payments []money.Payment) ([]money.Payment, error) {
	var flaws []fault.Flaw
	bad := func(wrong bool, field, msg string) {
		if wrong {
			flaws = append(flaws, fault.Flaw{Field: field, Msg: msg})
		}
	}
	bad(e.Location == 0, "location_id", "is required")
	bad(e.FinalTotal <= 0, "final_total", "must be more than zero")
	kept := []money.Payment{}
	for i, p := range payments {
		bad(p.Amount < 0, fmt.Sprintf("payment.%d.amount", i), "must not be negative")
		bad(p.Method == money.AdvanceMethod, fmt.Sprintf("payment.%d.method", i), "must not be advance")
		if p.Method == "" {
			p.Method = "cash"
		}
		if p.Amount > 0 {
			kept = append(kept, p)
		}
	}
	more, err := e.checkRows(tx, payments)
	if err != nil {
		return nil, err
	}
	if err := fault.Flaws(append(flaws, more...)); err != nil {
		return nil, err
	}
	return kept, e.splitTax(tx)
}

// checkRows verifies that what the expense names is the organization's.
func (e *Expense) checkRows(tx *db.Tx, payments []money.Payment) (flaws []fault.Flaw, err error) {
	missing := func(field string, id int64, get func() error) error {
		if id == 0 {
			return nil
		}
		err := get()
		if fault.Is(err, fault.NotFound) {
			flaws = append(flaws, fault.Flaw{Field: field, Msg: "does not exist"})
			return nil
		}
		return err
	}
	for _, r := range []struct {
		field string
		id    int64
		get   func() error
	}{
		{"location_id", e.Location, func() error { _, err := org.GetLocation(tx, e.Location); return err }},
		{"contact_id", e.Party, func() error { _, err := party.Get(tx, e.Party); return err }},
		{"expense_for", e.SpentFor, func() error { _, err := org.GetMember(tx, e.SpentFor); return err }},
		{"tax_rate_id", e.Tax, func() error { _, err := catalog.GetTax(tx, e.Tax); return err }},
	} {
		if err := missing(r.field, r.id, r.get); err != nil {
			return nil, err
		}
	}
	refs := []lookup.Ref{{Field: "expense_category_id", Kind: lookup.ExpenseCategory, ID: e.Category},
		{Field: "expense_sub_category_id", Kind: lookup.ExpenseCategory, ID: e.SubCategory}}
	for i, p := range payments {
		refs = append(refs, lookup.Ref{Field: fmt.Sprintf("payment.%d.account_id", i), Kind: lookup.PaymentAccount, ID: p.Account})
	}
	err = lookup.Check(tx, refs...)
	if f := fault.Of(err); err != nil && f.Kind == fault.Invalid {
		return append(flaws, f.Fields...), nil
	}
	return flaws, err
}

// splitTax finds the tax inside the total: the total is what was spent, tax
// included.
func (e *Expense) splitTax(tx *db.Tx) error {
	e.TotalBeforeTax, e.TaxAmount = e.FinalTotal, 0
	if e.Tax == 0 {
		return nil
	}
	t, err := catalog.GetTax(tx, e.Tax)
	if err != nil {
		return err
	}
	var c dec.Calc
	e.TotalBeforeTax = c.Round(c.MulDiv(e.FinalTotal, dec.Int(100), c.Add(dec.Int(100), t.Amount)), 4)
	e.TaxAmount = c.Sub(e.FinalTotal, e.TotalBeforeTax)
	return c.Err()
}
