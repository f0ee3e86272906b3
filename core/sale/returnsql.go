package sale

import (
	"fmt"
	"slices"
	"strings"
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/money"
	"storehouse/core/party"
)

func (r *Return) columns() []column {
	return []column{
		ref("id", &r.ID), ref("sale_id", &r.Sale), text("number", &r.Number), ref("location_id", &r.Location), ref("party_id", &r.Party),
		at("returned_at", &r.At), number("total_before_tax", &r.Subtotal), text("discount_type", &r.Discount.Type),
		number("discount_amount", &r.Discount.Amount), ref("tax_id", &r.Tax), number("tax_amount", &r.TaxAmount), number("final_total", &r.Total),
		number("paid", &r.PaidAmount), text("payment_status", &r.PaymentStatus), number("points", &r.Points), ref("created_by", &r.CreatedBy),
		at("created_at", &r.CreatedAt), at("updated_at", &r.UpdatedAt),
	}
}

var returnCols = names((&Return{}).columns())

func scanReturn(r db.Row, v *Return) error { return scanCols(r, v.columns()) }

// returnOf returns the return of a sale, and whether it has one.
func returnOf(tx *db.Tx, sale int64) (Return, bool, error) {
	list, err := db.All(tx, scanReturn, `SELECT `+returnCols+` FROM sale_return WHERE org_id = ? AND sale_id = ?`, tx.Org, sale)
	if err != nil || len(list) == 0 {
		return Return{}, false, err
	}
	err = fillReturns(tx, list)
	return list[0], true, err
}

// returnedPoints is how many points were taken back for what came back.
func returnedPoints(tx *db.Tx, s Sale) (dec.D, error) {
	if !slices.ContainsFunc(s.Lines, func(l Line) bool { return l.Returned > 0 }) {
		return 0, nil
	}
	r, _, err := returnOf(tx, s.ID)
	return r.Points, err
}

// fillReturns adds lines and payments to returns, in two statements.
func fillReturns(tx *db.Tx, list []Return) error {
	if len(list) == 0 {
		return nil
	}
	index, ids := map[int64]int{}, make([]int64, len(list))
	for i := range list {
		index[list[i].ID], ids[i] = i, list[i].ID
		list[i].Lines, list[i].Payments = []ReturnLine{}, []money.Payment{}
	}
	err := tx.Each(func(row db.Row) error {
		var id int64
		var l ReturnLine
		if err := row.Scan(&id, &l.Line, &l.Quantity, &l.UnitPriceIncTax); err != nil {
			return err
		}
		r := &list[index[id]]
		r.Lines = append(r.Lines, l)
		return nil
	}, `SELECT return_id, line_id, quantity, unit_price_inc_tax FROM sale_return_line WHERE org_id = ? AND return_id IN (`+db.Marks(len(ids))+`)
		ORDER BY return_id, line_id`, append([]any{tx.Org}, db.Args(ids)...)...)
	if err != nil {
		return err
	}
	payments, err := money.PaymentsOfReturns(tx, ids...)
	for _, p := range payments {
		r := &list[index[p.Return]]
		r.Payments = append(r.Payments, p)
	}
	return err
}

// refunds makes the payments that give money back for a return.
func (w *world) refunds(tx *db.Tx, s Sale, r *Return, given []money.Payment) ([]money.Payment, error) {
	var list []money.Payment
	var c dec.Calc
	for i, p := range given {
		if p.Amount == 0 {
			continue
		}
		if err := w.checkPayment(p, 0); err != nil {
			return nil, fault.Under(fmt.Sprintf("payments.%d", i), err)
		}
		p = w.payment(tx, &s, p)
		p.Sale, p.Return = 0, r.ID
		r.PaidAmount = c.Add(r.PaidAmount, p.Amount)
		list = append(list, p)
	}
	id, err := tx.NextIDs("payment", len(list))
	if err != nil {
		return nil, err
	}
	for i := range list {
		list[i].ID = id + int64(i)
	}
	if c.Err() != nil || r.PaidAmount > r.Total && len(list) > 0 {
		return nil, fault.Field("payments", "must not be more than the return's total")
	}
	return list, nil
}

// storeReturn numbers and stores a return with its lines.
func (w *world) storeReturn(tx *db.Tx, r *Return, found bool, refunds []money.Payment) error {
	r.PaymentStatus = paymentStatus(r.Total, r.PaidAmount)
	if err := w.numberReturn(tx, r, refunds); err != nil {
		return err
	}
	cols := r.columns()
	if found {
		set, args := make([]string, 0, len(cols)), make([]any, 0, len(cols)+2)
		for _, c := range cols[1:] {
			set, args = append(set, c.name+" = ?"), append(args, c.in)
		}
		if _, err := tx.Exec(fmt.Sprintf(`UPDATE sale_return SET %s WHERE org_id = ? AND id = ?`, strings.Join(set, ", ")), append(args, tx.Org, r.ID)...); err != nil {
			return usedNumber(err, r.Number)
		}
	} else if err := tx.Insert("sale_return", "org_id, "+returnCols, [][]any{values(nil, tx, cols)}); err != nil {
		return usedNumber(err, r.Number)
	}
	rows := make([][]any, len(r.Lines))
	for i, l := range r.Lines {
		rows[i] = []any{tx.Org, r.ID, l.Line, l.Quantity, l.UnitPriceIncTax}
	}
	return tx.Insert("sale_return_line", "org_id, return_id, line_id, quantity, unit_price_inc_tax", rows,
		"ON CONFLICT (org_id, return_id, line_id) DO UPDATE SET quantity = excluded.quantity, unit_price_inc_tax = excluded.unit_price_inc_tax")
}

func usedNumber(err error, number string) error {
	if fault.Is(err, fault.Conflict) {
		return fault.Field("invoice_no", "%q is already the number of another return", number)
	}
	return err
}

func (w *world) numberReturn(tx *db.Tx, r *Return, refunds []money.Payment) error {
	want := map[string]int64{}
	z := zone(w.settings)
	series, write := yearly("credit_note", w.settings.Prefix("credit_note"), r.At.In(z))
	if r.Number == "" {
		want[series] = 1
	}
	for _, p := range refunds {
		s, _ := yearly("payment", "", p.PaidOn.In(z))
		want[s]++
	}
	next, err := tx.Numbers(want)
	if err != nil {
		return err
	}
	if r.Number == "" {
		r.Number = write(next[series])
	}
	for i := range refunds {
		s, write := yearly("payment", w.settings.Prefix("payment"), refunds[i].PaidOn.In(z))
		refunds[i].RefNo = write(next[s])
		next[s]++
	}
	return nil
}

// returnLines notes on the sale's lines what has come back.
func returnLines(tx *db.Tx, s *Sale, r Return) error {
	back := returned(r.Lines)
	var put []Line
	for i := range s.Lines {
		l := &s.Lines[i]
		now := back[l.ID]
		if l.Children == Combo {
			now = comboPart(*s, *l, back)
		}
		if now != l.Returned {
			l.Returned, l.UpdatedAt = now, tx.Now
			put = append(put, *l)
		}
	}
	return saveLines(tx, put)
}

// ReturnFilter narrows ListReturns. Zero fields do not narrow.
type ReturnFilter struct {
	Sale, Party, Location int64
	Locations             []int64 // where the caller may look; nil is everywhere
	Reach                 *party.Reach
	From, To              time.Time // of At; To is not included
	Limit, Offset         int       // Limit 0 is all
}

func (f ReturnFilter) where(tx *db.Tx) db.Where {
	var w db.Where
	w.Add("org_id = ?", tx.Org)
	w.AddIf(f.Sale != 0, "sale_id = ?", f.Sale)
	w.AddIf(f.Party != 0, "party_id = ?", f.Party)
	w.AddIf(f.Location != 0, "location_id = ?", f.Location)
	w.AddIf(!f.From.IsZero(), "returned_at >= ?", f.From)
	w.AddIf(!f.To.IsZero(), "returned_at < ?", f.To)
	db.In(&w, "location_id", f.Locations)
	reach, args := f.Reach.Where(tx, "party_id")
	w.AddIf(reach != "", reach, args...)
	return w
}

// CountReturns returns how many returns a filter matches, whatever its Limit.
func CountReturns(tx *db.Tx, f ReturnFilter) (int64, error) {
	w := f.where(tx)
	return db.One(tx, db.Value[int64], `SELECT count(*) FROM sale_return`+w.SQL(), w.Args...)
}

// ListReturns lists returns, newest first, with their lines, payments and
// sales, in a fixed number of statements. more says that others follow.
func ListReturns(tx *db.Tx, f ReturnFilter) (list []Return, more bool, err error) {
	w := f.where(tx)
	q := `SELECT ` + returnCols + ` FROM sale_return` + w.SQL() + ` ORDER BY id DESC`
	if f.Limit > 0 {
		q += ` LIMIT ? OFFSET ?`
		w.Args = append(w.Args, f.Limit+1, f.Offset)
	}
	if list, err = db.All(tx, scanReturn, q, w.Args...); err != nil {
		return nil, false, err
	}
	if f.Limit > 0 && len(list) > f.Limit {
		list, more = list[:f.Limit], true
	}
	if err := fillReturns(tx, list); err != nil {
		return nil, false, err
	}
	ids := make([]int64, len(list))
	for i, r := range list {
		ids[i] = r.Sale
	}
	sales, err := GetMany(tx, ids...)
	if err != nil {
		return nil, false, err
	}
	for i := range list {
		for j := range sales {
			if sales[j].ID == list[i].Sale {
				list[i].Of = &sales[j]
			}
		}
	}
	return list, more, nil
}
