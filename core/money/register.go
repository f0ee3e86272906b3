package money

import (
	"slices"
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
)

// CashRegister is a till's drawer from its opening to its closing.
type CashRegister struct {
	ID             int64
	Location, User int64
	IsOpen         bool
	OpenedAt       time.Time // zero is now
	ClosedAt       time.Time
	ClosingAmount  dec.D
	CardSlips      int64
	Cheques        int64
	ClosingNote    string
	CreatedAt      time.Time
	UpdatedAt      time.Time
	Entries        []Entry // what went through it, oldest first; see Entry.Signed
}

const registerCols = `id, location_id, user_id, is_open, opened_at, closed_at, closing_amount, total_card_slips, total_cheques, closing_note,
	created_at, updated_at`

func scanRegister(s db.Row, r *CashRegister) error {
	r.Entries = []Entry{}
	return s.Scan(&r.ID, &r.Location, &r.User, db.B(&r.IsOpen), db.T(&r.OpenedAt), db.T(&r.ClosedAt), &r.ClosingAmount, &r.CardSlips,
		&r.Cheques, &r.ClosingNote, db.T(&r.CreatedAt), db.T(&r.UpdatedAt))
}

// OpenRegister opens a register with initial cash in it; one that is not
// IsOpen is recorded as closed. A user may have several.
func OpenRegister(tx *db.Tx, r CashRegister, initial dec.D) (CashRegister, error) {
	switch {
	case r.Location == 0:
		return r, fault.Field("location_id", "is required")
	case initial < 0:
		return r, fault.Field("initial_amount", "must not be negative")
	case r.ClosingAmount < 0:
		return r, fault.Field("closing_amount", "must not be negative")
	case r.CardSlips < 0:
		return r, fault.Field("total_card_slips", "must not be negative")
	case r.Cheques < 0:
		return r, fault.Field("total_cheques", "must not be negative")
	}
	id, err := tx.NextID("cash_register")
	if err != nil {
		return r, err
	}
	r.ID, r.CreatedAt, r.UpdatedAt, r.Entries = id, tx.Now, tx.Now, []Entry{}
	if r.User == 0 {
		r.User = tx.Actor
	}
	if r.OpenedAt.IsZero() {
		r.OpenedAt = tx.Now
	}
	if !r.IsOpen && r.ClosedAt.IsZero() {
		r.ClosedAt = tx.Now
	}
	err = tx.Insert("cash_register", "org_id, "+registerCols, [][]any{{tx.Org, r.ID, r.Location, r.User, r.IsOpen, r.OpenedAt, r.ClosedAt,
		r.ClosingAmount, r.CardSlips, r.Cheques, r.ClosingNote, r.CreatedAt, r.UpdatedAt}})
	if fault.Is(err, fault.InUse) {
		return r, fault.Missing("location")
	}
	if err != nil {
		return r, err
	}
	// No initial amount is an entry too: the reference lists it.
	opening := []Entry{{Account: At(r.ID), Event: Open, Method: "cash", Amount: initial, Doc: Doc{"register", r.ID}, EffectiveAt: r.OpenedAt}}
	if err := post(tx, opening); err != nil {
		return r, err
	}
	r.Entries = opening
	return r, nil
}

// CloseRegister closes the register that a user has open, the one opened
// last; none is NotFound.
func CloseRegister(tx *db.Tx, user int64, closing dec.D, cardSlips, cheques int64, note string) (CashRegister, error) {
	switch {
	case closing < 0:
		return CashRegister{}, fault.Field("closing_amount", "must not be negative")
	case cardSlips < 0:
		return CashRegister{}, fault.Field("total_card_slips", "must not be negative")
	case cheques < 0:
		return CashRegister{}, fault.Field("total_cheques", "must not be negative")
	}
	r, err := db.One(tx, scanRegister, `SELECT `+registerCols+` FROM cash_register WHERE org_id = ? AND user_id = ? AND is_open = 1
		ORDER BY id DESC LIMIT 1`+tx.ForUpdate(), tx.Org, user)
	if fault.Is(err, fault.NotFound) {
		return r, fault.Missing("open register")
	}
	if err != nil {
		return r, err
	}
	r.IsOpen, r.ClosedAt, r.UpdatedAt, r.ClosingAmount, r.CardSlips, r.Cheques, r.ClosingNote = false, tx.Now, tx.Now, closing, cardSlips, cheques, note
	_, err = tx.Exec(`UPDATE cash_register SET is_open = 0, closed_at = ?, closing_amount = ?, total_card_slips = ?, total_cheques = ?,
		closing_note = ?, updated_at = ? WHERE org_id = ? AND id = ?`,
		r.ClosedAt, closing, cardSlips, cheques, note, tx.Now, tx.Org, r.ID)
	return r, err
}

// CurrentRegister returns the id of the register that a user has open at a
// location (0: anywhere), the one opened last, or 0.
func CurrentRegister(tx *db.Tx, user, location int64) (int64, error) {
	var id int64
	err := tx.Each(func(r db.Row) error { return r.Scan(&id) }, `SELECT id FROM cash_register WHERE org_id = ? AND user_id = ? AND is_open = 1
		AND (? = 0 OR location_id = ?) ORDER BY id DESC LIMIT 1`, tx.Org, user, location, location)
	return id, err
}

// RegisterHead returns a register without its entries, which may be many.
func RegisterHead(tx *db.Tx, id int64) (CashRegister, error) {
	return db.One(tx, scanRegister, `SELECT `+registerCols+` FROM cash_register WHERE org_id = ? AND id = ?`, tx.Org, id)
}

// RegisterFilter narrows the list of registers; what is zero does not.
type RegisterFilter struct {
	IsOpen         *bool
	User, Location int64
	Locations      []int64   // where the caller may look; nil is everywhere
	From, To       time.Time // of OpenedAt; To is not included
	Limit, Offset  int       // Limit 0 is all
}

// ListRegisters returns registers, oldest first, with their entries, and how
// many there are in all.
func ListRegisters(tx *db.Tx, f RegisterFilter) ([]CashRegister, int64, error) {
	const from = ` FROM cash_register`
	var w db.Where
	w.Add("org_id = ?", tx.Org)
	if f.IsOpen != nil {
		w.Add("is_open = ?", *f.IsOpen)
	}
	w.AddIf(f.User != 0, "user_id = ?", f.User)
	db.In(&w, "location_id", f.Locations)
	w.AddIf(f.Location != 0, "location_id = ?", f.Location)
	w.AddIf(!f.From.IsZero(), "opened_at >= ?", f.From)
	w.AddIf(!f.To.IsZero(), "opened_at < ?", f.To)
	total, err := db.One(tx, db.Value[int64], `SELECT COUNT(*)`+from+w.SQL(), w.Args...)
	if err != nil {
		return nil, 0, err
	}
	q := `SELECT ` + registerCols + from + w.SQL() + ` ORDER BY id`
	if f.Limit > 0 {
		q += ` LIMIT ? OFFSET ?`
		w.Args = append(w.Args, f.Limit, f.Offset)
	}
	list, err := db.All(tx, scanRegister, q, w.Args...)
	if err != nil {
		return nil, 0, err
	}
	return list, total, fillRegisters(tx, list)
}

// GetRegisters returns registers by id, with their entries; those that do not
// exist are left out.
func GetRegisters(tx *db.Tx, ids ...int64) ([]CashRegister, error) {
	list, err := db.All(tx, scanRegister, `SELECT `+registerCols+` FROM cash_register WHERE org_id = ? AND id IN (`+db.Marks(len(ids))+`)
		ORDER BY id`, append([]any{tx.Org}, db.Args(ids)...)...)
	if err != nil {
		return nil, err
	}
	return list, fillRegisters(tx, list)
}

func fillRegisters(tx *db.Tx, list []CashRegister) error {
	index := make(map[int64]*CashRegister, len(list))
	ids := make([]int64, len(list))
	for i := range list {
		index[list[i].ID], ids[i] = &list[i], list[i].ID
	}
	for chunk := range slices.Chunk(ids, 1000) {
		entries, err := db.All(tx, scanEntry, `SELECT `+entryCols+` FROM money_entry WHERE org_id = ? AND account_kind = 'register'
			AND account_id IN (`+db.Marks(len(chunk))+`) ORDER BY account_id, id`, append([]any{tx.Org}, db.Args(chunk)...)...)
		if err != nil {
			return err
		}
		for _, e := range entries {
			r := index[e.Account.ID]
			r.Entries = append(r.Entries, e)
		}
	}
	return nil
}

// Totals is what went through a register.
type Totals struct {
	Initial      dec.D
	ByMethod     map[string]MethodTotal
	ExpectedCash dec.D // what should be in the drawer
}

// MethodTotal is what went through a register by one payment method. Money
// that went out is below zero.
type MethodTotal struct {
	Initial  dec.D
	Sales    dec.D // less change given back
	Refunds  dec.D
	Receipts dec.D
	Expenses dec.D
}

// Net is the sum.
func (m MethodTotal) Net() dec.D { return m.Initial + m.Sales + m.Refunds + m.Receipts + m.Expenses }

// RegisterTotals returns what went through a register, in one statement
// whatever its number of sales.
func RegisterTotals(tx *db.Tx, id int64) (Totals, error) {
	t := Totals{ByMethod: map[string]MethodTotal{}}
	err := tx.Each(func(r db.Row) error {
		var bucket, method string
		var sum dec.D
		if err := r.Scan(&bucket, &method, &sum); err != nil {
			return err
		}
		m := t.ByMethod[method]
		switch bucket {
		case "initial":
			m.Initial, t.Initial = sum, t.Initial+sum
		case "sales":
			m.Sales = sum
		case "refunds":
			m.Refunds = sum
		case "receipts":
			m.Receipts = sum
		case "expenses":
			m.Expenses = sum
		}
		t.ByMethod[method] = m
		return nil
	}, `SELECT bucket, method, balance FROM money_balance WHERE org_id = ? AND account_kind = 'register' AND account_id = ?`, tx.Org, id)
	t.ExpectedCash = t.ByMethod["cash"].Net()
	return t, err
}

// Attach puts the payments of sales that are in no register yet into one, as
// if they had been taken there.
func Attach(tx *db.Tx, register int64, sales ...int64) error {
	list, err := PaymentsOfSales(tx, sales...)
	if err != nil {
		return err
	}
	list = slices.DeleteFunc(list, func(p Payment) bool { return p.Register != 0 })
	for i := range list {
		list[i].Register = register
	}
	entries := slices.DeleteFunc(EntriesOf(list), func(e Entry) bool { return e.Account.Kind != Register })
	return Post(tx, list, entries)
}
