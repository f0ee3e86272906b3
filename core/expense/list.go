package expense

import (
	"slices"
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/money"
)

// Filter narrows lists and sums. What is not set does not narrow.
type Filter struct {
	IDs       []int64
	Locations []int64
	Refund    *bool
	Status    string // of payment: paid, partial or due
	SpentFor  int64
	CreatedBy int64
	From, To  time.Time // of SpentAt, To excluded
	Limit     int       // 0 is all
	Offset    int
}

// where returns what follows "WHERE org_id = ?", its argument included.
func (f Filter) where(tx *db.Tx) db.Where {
	w := db.Where{Args: []any{tx.Org}}
	db.In(&w, "id", f.IDs)
	db.In(&w, "location_id", f.Locations)
	if f.Refund != nil {
		w.Add("is_refund = ?", *f.Refund)
	}
	switch f.Status {
	case "paid":
		w.Add("paid >= final_total")
	case "partial":
		w.Add("paid > 0 AND paid < final_total")
	case "due":
		w.Add("paid = 0")
	}
	w.AddIf(f.SpentFor != 0, "spent_for = ?", f.SpentFor)
	w.AddIf(f.CreatedBy != 0, "created_by = ?", f.CreatedBy)
	w.AddIf(!f.From.IsZero(), "spent_at >= ?", f.From)
	w.AddIf(!f.To.IsZero(), "spent_at < ?", f.To)
	return w
}

// List returns expenses with their payments, the latest first, in two
// statements.
func List(tx *db.Tx, f Filter) ([]Expense, error) {
	w := f.where(tx)
	q := `SELECT ` + cols + ` FROM expense WHERE org_id = ?` + w.And() + ` ORDER BY spent_at DESC, id DESC`
	if f.Limit > 0 {
		q += ` LIMIT ? OFFSET ?`
		w.Args = append(w.Args, f.Limit, f.Offset)
	}
	list, err := db.All(tx, scan, q, w.Args...)
	if err != nil {
		return nil, err
	}
	at, ids := map[int64]int{}, []int64{}
	for i, e := range list {
		at[e.ID] = i
		ids = append(ids, e.ID)
	}
	for part := range slices.Chunk(ids, 1000) {
		payments, err := money.PaymentsOfDocs(tx, docType, part...)
		if err != nil {
			return nil, err
		}
		for _, p := range payments {
			e := &list[at[p.Doc.ID]]
			e.Payments = append(e.Payments, p)
		}
	}
	return list, nil
}

// Count returns how many expenses pass a filter, whatever its limit.
func Count(tx *db.Tx, f Filter) (int64, error) {
	w := f.where(tx)
	return db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM expense WHERE org_id = ?`+w.And(), w.Args...)
}

// Get returns one expense.
func Get(tx *db.Tx, id int64) (Expense, error) {
	list, err := List(tx, Filter{IDs: []int64{id}})
	if err != nil || len(list) == 0 {
		if err == nil {
			err = fault.Missing("expense")
		}
		return Expense{}, err
	}
	return list[0], nil
}

// Total returns what was spent less what came back.
func Total(tx *db.Tx, f Filter) (dec.D, error) {
	w := f.where(tx)
	return db.One(tx, db.Value[dec.D], `SELECT CAST(COALESCE(SUM(CASE WHEN is_refund = 1 THEN -final_total ELSE final_total END), 0) AS bigint)
		FROM expense WHERE org_id = ?`+w.And(), w.Args...)
}
