package sale

import (
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/money"
	"storehouse/core/points"
	"storehouse/core/stock"
)

// Return is what came back of a sale: one document a sale.
type Return struct {
	ID            int64
	Sale          int64
	Number        string // of the credit note: "CN2020/0005"
	Location      int64
	Party         int64
	At            time.Time
	Subtotal      dec.D
	Discount      Off
	Tax           int64
	TaxAmount     dec.D
	Total         dec.D
	PaidAmount    dec.D // paid back
	PaymentStatus string
	Points        dec.D // taken back of those that the sale earned
	CreatedBy     int64
	CreatedAt     time.Time
	UpdatedAt     time.Time

	Lines    []ReturnLine
	Payments []money.Payment
	Of       *Sale // with ListReturns: the sale, with its lines
}

// ReturnLine is how much of a sale's line came back, in the unit of stock.
type ReturnLine struct {
	Line            int64
	Quantity        dec.D
	UnitPriceIncTax dec.D
}

// NewReturn is what a caller says of a return. Quantities are absolute: what
// has come back in all. Lines that are not named keep theirs.
type NewReturn struct {
	Sale     int64
	Number   string // "" is numbered, or stays
	At       time.Time
	Discount *Off  // nil is none, or stays
	Tax      int64 // tax on what is returned
	Lines    []NewReturnLine
	Payments []money.Payment // refunds made with it
}

// NewReturnLine names a line of the sale by its id, or by its item's code.
type NewReturnLine struct {
	Line            int64
	SKU             string
	Quantity        dec.D  // in the unit that was sold
	UnitPriceIncTax *dec.D // of that unit; nil is the price it was sold at
}

// Returns takes goods of a final sale back: into stock at the cost they went
// out with, off what the party owes, and the points that they earned. A second
// return of a sale changes the first. Never more comes back than was sold.
func Returns(tx *db.Tx, in NewReturn) (Return, error) {
	s, err := lock(tx, in.Sale)
	if err != nil {
		return Return{}, err
	}
	if s.Status != Final {
		return Return{}, fault.New(fault.Conflict, "only a final sale can be returned")
	}
	a := asked{locations: []int64{s.Location}, parties: []int64{s.Party}, taxes: []int64{in.Tax}}
	a.accounts(in.Payments)
	w, err := load(tx, a)
	if err != nil {
		return Return{}, err
	}
	old, found, err := returnOf(tx, s.ID)
	if err != nil {
		return Return{}, err
	}
	r, err := w.buildReturn(tx, &s, in, old, found)
	if err != nil {
		return r, err
	}
	if err := w.returnStock(tx, s, &r, old); err != nil {
		return r, err
	}
	if err := returnPoints(tx, s, &r, old); err != nil {
		return r, err
	}
	if found {
		in.Payments = r.fresh(old, in.Payments)
	}
	refunds, err := w.refunds(tx, s, &r, in.Payments)
	if err != nil {
		return r, err
	}
	if err := w.storeReturn(tx, &r, found, refunds); err != nil {
		return r, err
	}
	if err := returnLines(tx, &s, r); err != nil {
		return r, err
	}
	r.Of = &s
	return r, returnMoney(tx, s, &r, old, refunds)
}

// buildReturn checks what is said and works out the return as it will be.
func (w *world) buildReturn(tx *db.Tx, s *Sale, in NewReturn, old Return, found bool) (Return, error) {
	r := old
	if !found {
		r = Return{Sale: s.ID, Location: s.Location, Party: s.Party, At: tx.Now, Discount: Off{Type: FixedOff}, CreatedBy: tx.Actor, CreatedAt: tx.Now}
	}
	if len(in.Number) > maxNumber {
		return r, fault.Field("invoice_no", "must have at most %d characters", maxNumber)
	}
	if in.Number != "" {
		r.Number = in.Number
	}
	if !in.At.IsZero() {
		r.At = in.At
	}
	if in.Discount != nil {
		r.Discount = *in.Discount
	}
	if r.Discount.Type == "" {
		r.Discount.Type = FixedOff
	}
	if in.Tax != 0 {
		if _, ok := w.taxes[in.Tax]; !ok {
			return r, fault.Field("tax_rate_id", "does not exist")
		}
		r.Tax = in.Tax
	}
	lines, err := matchReturn(tx, s, in.Lines, old.Lines)
	if err != nil {
		return r, err
	}
	r.Lines, r.UpdatedAt = lines, tx.Now
	return r, priceReturn(&r, w.taxes[r.Tax], int(w.settings.CurrencyPlaces))
}

// matchReturn applies the given lines to those that have come back already.
func matchReturn(tx *db.Tx, s *Sale, given []NewReturnLine, old []ReturnLine) ([]ReturnLine, error) {
	if len(given) == 0 {
		return nil, fault.Field("products", "must not be empty")
	}
	codes, err := codesOf(tx, s, given)
	if err != nil {
		return nil, err
	}
	lines := append([]ReturnLine{}, old...)
	named := map[int64]bool{}
	for i, g := range given {
		l := findReturned(s, g, codes, named)
		if l == nil {
			return nil, fault.Under(lineField(i), fault.Field("sell_line_id", "is not a line of this sale"))
		}
		named[l.ID] = true
		var c dec.Calc
		quantity := c.Mul(g.Quantity, l.Multiplier)
		switch {
		case c.Err() != nil || quantity < 0:
			return nil, fault.Under(lineField(i), fault.Field("quantity", "must not be negative or too big"))
		case quantity > l.Quantity:
			return nil, fault.Under(lineField(i), fault.Field("quantity", "must not be more than was sold"))
		case g.UnitPriceIncTax != nil && *g.UnitPriceIncTax < 0:
			return nil, fault.Under(lineField(i), fault.Field("unit_price_inc_tax", "must not be negative"))
		}
		n := ReturnLine{Line: l.ID, Quantity: quantity, UnitPriceIncTax: l.UnitPriceIncTax}
		if g.UnitPriceIncTax != nil {
			n.UnitPriceIncTax = c.Div(*g.UnitPriceIncTax, l.Multiplier)
		}
		at := -1
		for j, o := range lines {
			if o.Line == l.ID {
				at = j
			}
		}
		if at >= 0 {
			if g.UnitPriceIncTax == nil {
				n.UnitPriceIncTax = lines[at].UnitPriceIncTax
			}
			lines[at] = n
		} else {
			lines = append(lines, n)
		}
	}
	return lines, nil
}

// codesOf returns the codes of a sale's items, when a line is named by one.
func codesOf(tx *db.Tx, s *Sale, given []NewReturnLine) (map[int64]string, error) {
	codes, need := map[int64]string{}, false
	for _, g := range given {
		need = need || g.Line == 0
	}
	if !need {
		return codes, nil
	}
	var items []int64
	for _, l := range s.Lines {
		items = append(items, l.Item)
	}
	found, _, err := catalog.Sellables(tx, items, nil)
	for id, it := range found {
		codes[id] = it.Code
	}
	return codes, err
}

func findReturned(s *Sale, g NewReturnLine, codes map[int64]string, named map[int64]bool) *Line {
	for i := range s.Lines {
		l := &s.Lines[i]
		switch {
		case l.Children == Combo:
		case g.Line != 0 && l.ID == g.Line, g.Line == 0 && g.SKU != "" && !named[l.ID] && (codes[l.Item] == g.SKU || l.SKU == g.SKU):
			return l
		}
	}
	return nil
}

// returned is how much of each line has come back.
func returned(lines []ReturnLine) map[int64]dec.D {
	m := map[int64]dec.D{}
	for _, l := range lines {
		m[l.Line] = l.Quantity
	}
	return m
}

// returnStock moves what came back since the last time. The parts of a combo
// come back with it.
func (w *world) returnStock(tx *db.Tx, s Sale, r *Return, old Return) error {
	if r.ID == 0 {
		id, err := tx.NextID("sale")
		if err != nil {
			return err
		}
		r.ID = id
	}
	if s.Stage != Gone {
		return nil // it moved no stock when it was sold
	}
	doc := stock.Doc{Type: "sale_return", ID: r.ID}
	m, again := mover{tx: tx, doc: s.doc()}, mover{tx: tx, doc: doc}
	now, before := returned(r.Lines), returned(old.Lines)
	for _, l := range s.Lines {
		back, was := now[l.ID], before[l.ID]
		if l.Children == Combo {
			back, was = comboPart(s, l, now), comboPart(s, l, before)
		}
		switch delta := back - was; {
		case !l.Stocked || delta == 0:
		case delta > 0:
			from := len(m.undo)
			m.take(l.ID, stock.Consume, delta)
			none := dec.D(0) // what comes back is nobody's promise
			for i := range m.undo[from:] {
				u := &m.undo[from+i]
				u.Doc, u.Settles, u.EventDate = doc, &none, r.At
			}
		default:
			again.take(l.ID, stock.ReverseConsume, -delta)
		}
	}
	if m.err == nil {
		m.err = again.err
	}
	m.undo = append(m.undo, again.undo...)
	if m.err != nil || len(m.undo) == 0 {
		return m.err
	}
	_, err := stock.Apply(tx, w.policy(), m.undo, nil)
	return err
}

// comboPart is how much of a combo's part came back with it.
func comboPart(s Sale, part Line, back map[int64]dec.D) dec.D {
	for _, l := range s.Lines {
		if l.ID == part.Parent && l.Quantity > 0 {
			if q, err := part.Quantity.MulDiv(back[l.ID], l.Quantity); err == nil {
				return min(q, part.Quantity)
			}
		}
	}
	return 0
}

// returnPoints takes back the points that what came back had earned: the same
// share of those that were granted as of the sale's total.
func returnPoints(tx *db.Tx, s Sale, r *Return, old Return) error {
	r.Points = 0
	if s.EarnedPoints > 0 && s.Total > 0 {
		share, err := s.EarnedPoints.MulDiv(min(r.Total, s.Total), s.Total)
		if err != nil {
			return err
		}
		r.Points = share.Floor()
		if r.Total >= s.Total {
			r.Points = s.EarnedPoints
		}
	}
	if r.Points == old.Points {
		return nil
	}
	_, err := points.Set(tx, points.Doc{Type: "sale", ID: s.ID}, s.Party, s.EarnedPoints-r.Points, s.RedeemedPoints)
	return err
}

// returnMoney posts what the party is owed more or less than before, and the
// refunds made with the return.
func returnMoney(tx *db.Tx, s Sale, r *Return, old Return, refunds []money.Payment) error {
	doc := money.Doc{Type: "sale_return", ID: r.ID}
	var entries []money.Entry
	if delta := r.Total - old.Total; delta != 0 {
		entries = append(entries, money.Entry{Account: money.Of(s.Party), Event: money.Return, Amount: delta, Doc: doc, EffectiveAt: r.At})
	}
	entries = append(entries, entriesOf(refunds...)...)
	if len(entries) == 0 {
		return nil
	}
	if err := money.Post(tx, refunds, entries); err != nil {
		return err
	}
	r.Payments = append(r.Payments, refunds...)
	return nil
}
