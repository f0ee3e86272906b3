package sale

import (
	"slices"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/money"
	"storehouse/core/points"
	"storehouse/core/stock"
)

// Update changes a stored sale: change is given the sale as a draft, in which
// a line or payment that stays keeps its ID, and what it leaves alone stays as
// it is. The sale is checked and priced anew, and the difference is posted.
//
// A line without an ID stands for the stored line of the same item, if there
// is one that nothing else stands for. ChangeReturn is the change given so
// far; the payments do not contain it.
func Update(tx *db.Tx, id int64, change func(*New) error) (Sale, error) {
	return update(tx, id, change, false)
}

// Follow is Update for an order whose state is decided elsewhere, by the shop
// that it came from: it may move to any state, also back from Rejected.
func Follow(tx *db.Tx, id int64, change func(*New) error) (Sale, error) {
	return update(tx, id, change, true)
}

func update(tx *db.Tx, id int64, change func(*New) error, anywhere bool) (Sale, error) {
	old, err := lock(tx, id)
	if err != nil {
		return old, err
	}
	d := draftOf(old)
	if err := change(&d); err != nil {
		return old, err
	}
	d.Origin = old.Origin
	if d.ServiceType != old.ServiceType && d.PackingCharge == old.PackingCharge && !d.PackingGiven {
		d.PackingCharge, d.PackingChargeType = 0, "" // what the other type of service took
	} else {
		d.PackingGiven = true
	}
	if ordered(old.Origin) && d.FulfillmentLocation == 0 && old.FulfillmentLocation != 0 && d.Location == old.Location {
		d.Location = 0 // what nobody fulfils is wanted at the default location
	}
	if err := link(&d, old); err != nil {
		return old, err
	}
	if err := moveState(&d, old, anywhere); err != nil {
		return old, err
	}
	w, g, err := prepare(tx, []New{d, {Head: old.Head}})
	if err != nil {
		return old, err
	}
	w.keep(old.Head)
	stopOrResume(&d.Head, old.Head, tx.Now)
	renumber := d.Status == Final && old.Status == Draft && d.Number == old.Number && old.InvoicedAt.IsZero() && !ordered(old.Origin)
	if d.Number == "" || renumber {
		d.Number = ""
	} else if t, used := w.numbers[d.Number]; used && t.id != id {
		return old, takenFault(d.Number)
	}
	s, err := w.build(tx, g, d)
	if err != nil {
		return old, err
	}
	s.ID, s.CreatedBy, s.CreatedAt, s.InvoiceToken, s.autoPayment = old.ID, old.CreatedBy, old.CreatedAt, old.InvoiceToken, old.autoPayment
	s.Stage = w.wantStage(&s)
	if err := checkChange(old, s); err != nil {
		return old, err
	}
	gone, err := w.changePayments(tx, &s, old, d)
	if err != nil {
		return old, err
	}
	return s, w.change(tx, old, &s, gone)
}

// change stores and posts the difference between a stored sale and what it is
// to be; gone are the payments that it loses.
func (w *world) change(tx *db.Tx, old Sale, s *Sale, gone []money.Payment) error {
	if err := assignIDs(tx, []*Sale{s}); err != nil {
		return err
	}
	if err := w.changeStock(tx, old, s); err != nil {
		return err
	}
	s.settle(old.State, tx.Now)
	if err := w.changePoints(tx, old, s); err != nil {
		return err
	}
	if err := w.number(tx, []*Sale{s}, 0); err != nil {
		return err
	}
	if err := save(tx, s); err != nil {
		return err
	}
	if err := changeLines(tx, old, s); err != nil {
		return err
	}
	return changeMoney(tx, old, s, gone)
}

// draftOf returns a stored sale as the draft that it could have been made of.
func draftOf(s Sale) New {
	d := New{Head: s.Head}
	for i, l := range s.Lines {
		if l.Parent == 0 {
			d.Lines = append(d.Lines, draftLine(&s.Lines[i], childrenOf(s, l.ID)))
		}
	}
	for _, p := range s.Payments {
		if p.IsReturn {
			d.ChangeReturn += p.Amount
		} else {
			d.Payments = append(d.Payments, p)
		}
	}
	return d
}

func childrenOf(s Sale, parent int64) []Line {
	var list []Line
	for _, l := range s.Lines {
		if l.Parent == parent {
			list = append(list, l)
		}
	}
	return list
}

func draftLine(l *Line, children []Line) DraftLine {
	d := DraftLine{LineHead: l.LineHead, was: l, children: children}
	price, tax := l.PriceBefore, l.ItemTax
	if m := l.Multiplier; m != dec.One {
		var c dec.Calc
		// Back to the sub-unit: the rounding undoes that of the division.
		d.Quantity = c.Round(c.Div(l.Quantity, m), figure)
		price, tax = c.Round(c.Mul(price, m), figure), c.Round(c.Mul(tax, m), figure)
	}
	d.Price = &price
	if l.Tax == 0 && tax != 0 {
		d.TaxGiven = &tax
	}
	for _, c := range children {
		if c.Children == Modifier {
			price := c.PriceBefore
			d.Modifiers = append(d.Modifiers, DraftModifier{Item: c.Item, Product: c.Product, Price: &price, Quantity: c.Quantity})
		}
	}
	return d
}

// unchanged reports whether the line is a stored one, as it was.
func (d DraftLine) unchanged() bool {
	if d.was == nil {
		return false
	}
	o := draftLine(d.was, d.children)
	same := func(a, b *dec.D) bool { return a == b || a != nil && b != nil && *a == *b }
	return d.LineHead == o.LineHead && same(d.Price, o.Price) && same(d.TaxGiven, o.TaxGiven) &&
		slices.EqualFunc(d.Modifiers, o.Modifiers, func(a, b DraftModifier) bool {
			return a.Item == b.Item && a.Quantity == b.Quantity && same(a.Price, b.Price)
		})
}

// link finds the stored lines that the draft's lines stand for.
func link(d *New, old Sale) error {
	stored, used := map[int64]*Line{}, map[int64]bool{}
	for i, l := range old.Lines {
		if l.Parent == 0 {
			stored[l.ID] = &old.Lines[i]
		}
	}
	put := func(l *DraftLine, to *Line) {
		l.ID, l.was, l.children = to.ID, to, childrenOf(old, to.ID)
		used[to.ID] = true
	}
	for i := range d.Lines {
		l := &d.Lines[i]
		if l.ID == 0 {
			continue
		}
		to := stored[l.ID]
		if to == nil || used[l.ID] {
			return fault.Under(lineField(i), fault.Field("sell_line_id", "is not a line of this sale"))
		}
		if l.Item == 0 && l.Product == 0 && l.SKU == "" {
			l.Item, l.Product, l.SKU, l.Name = to.Item, to.Product, to.SKU, to.Name
		}
		put(l, to)
	}
	for i := range d.Lines {
		l := &d.Lines[i]
		if l.ID != 0 || l.Item == 0 || l.added {
			continue
		}
		for _, o := range old.Lines {
			if o.Parent == 0 && o.Item == l.Item && !used[o.ID] {
				put(l, stored[o.ID])
				break
			}
		}
	}
	return nil
}

// moveState checks the move of an order; the till's words final and draft
// mean Shipped and the step back from it.
func moveState(d *New, old Sale, anywhere bool) error {
	if !ordered(old.Origin) {
		if d.State != old.State {
			return fault.Step(string(old.State), string(d.State), nil)
		}
		return nil
	}
	if d.State == old.State && d.Status != old.Status {
		d.State = Entered
		if d.Status == Final {
			d.State = Shipped
		}
	}
	if d.State != old.State && slices.Index(chain, d.State) < slices.Index(chain, old.State) && !d.State.shipped() && d.Fulfillment == old.Fulfillment {
		d.Fulfillment = Pending // a step back before the shipment takes the goods back
	}
	if anywhere {
		return nil
	}
	return step(old.State, d.State)
}

// checkChange refuses what a sale's history does not allow.
func checkChange(old, s Sale) error {
	kept, final := map[int64]Line{}, s.Status == Final
	if ordered(s.Origin) {
		final = s.State.shipped()
	}
	for _, l := range s.Lines {
		kept[l.ID] = l
	}
	for _, o := range old.Lines {
		l, ok := kept[o.ID]
		switch {
		case o.Returned > 0 && (!ok || l.Item != o.Item || l.Quantity < o.Returned || !final || s.Stage < old.Stage):
			return fault.New(fault.Conflict, "Return exist for the Transaction, edit the return instead.")
		case !ordered(s.Origin) || old.Stage != Gone || s.Stage != Gone || !o.Stocked:
		case !ok || l.Item != o.Item || l.Quantity != o.Quantity:
			return fault.New(fault.Transition, "an item that has been shipped can only go back through its order's state")
		}
	}
	// Without a place nothing is posted: an order that stays shipped would
	// give its goods back without a word.
	nowhere := s.FulfillmentLocation == 0 && (s.State.shipped() || s.Fulfillment == Fulfilled)
	if ordered(s.Origin) && old.Stage == Gone && (s.Stage == Gone && old.Location != s.Location || nowhere) {
		return fault.New(fault.Transition, "an order that has been shipped cannot change its location")
	}
	return nil
}

// changePoints makes the sale's points what they should be now.
func (w *world) changePoints(tx *db.Tx, old Sale, s *Sale) error {
	if s.Origin == Loyalty {
		return nil // the programme gives and takes them itself
	}
	doc := points.Doc{Type: "sale", ID: s.ID}
	earned, redeemed := s.EarnedPoints, s.RedeemedPoints
	if s.Status != Final {
		earned, redeemed = 0, 0
	}
	back, err := returnedPoints(tx, old)
	if err != nil {
		return err
	}
	oldEarned, oldRedeemed := old.EarnedPoints, old.RedeemedPoints
	if old.Status != Final {
		oldEarned, oldRedeemed = 0, 0
	}
	moved := old.Party != s.Party
	if moved && oldEarned+oldRedeemed != 0 {
		if _, err := points.Set(tx, doc, old.Party, 0, 0); err != nil {
			return err
		}
	}
	if earned == oldEarned && redeemed == oldRedeemed && !moved || moved && earned+redeemed == 0 {
		return nil
	}
	_, err = points.Set(tx, doc, s.Party, max(0, earned-back), redeemed)
	return err
}

// changeLines stores new and changed lines and removes the others.
func changeLines(tx *db.Tx, old Sale, s *Sale) error {
	was := map[int64]Line{}
	for _, l := range old.Lines {
		was[l.ID] = l
	}
	var put []Line
	for i, l := range s.Lines {
		if o, ok := was[l.ID]; !ok || o != l {
			s.Lines[i].UpdatedAt = tx.Now
			put = append(put, s.Lines[i])
		}
		delete(was, l.ID)
	}
	gone := make([]int64, 0, len(was))
	for id := range was {
		gone = append(gone, id)
	}
	slices.Sort(gone)
	if err := deleteLines(tx, gone); err != nil {
		return err
	}
	return saveLines(tx, put)
}

// changeStock posts the difference in what the sale has taken or promised.
func (w *world) changeStock(tx *db.Tx, old Sale, s *Sale) error {
	m := mover{tx: tx, doc: old.doc(), old: old, s: s}
	was := map[int64]Line{}
	for _, l := range old.Lines {
		was[l.ID] = l
	}
	for i := range s.Lines {
		l := &s.Lines[i]
		o, had := was[l.ID]
		delete(was, l.ID)
		if !had {
			m.up(l, Unposted)
			continue
		}
		m.line(l, o)
	}
	for _, o := range old.Lines {
		if _, left := was[o.ID]; left {
			m.takeAll(o.ID)
		}
	}
	if m.err != nil || len(m.undo)+len(m.entries) == 0 {
		return m.err
	}
	posted, err := stock.Apply(tx, w.policy(), m.undo, m.entries)
	if err == nil && s.Stage == Promised {
		s.promise(posted)
	}
	return err
}
