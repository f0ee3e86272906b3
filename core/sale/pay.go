package sale

import (
	"fmt"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/lookup"
	"storehouse/core/money"
)

// cash is the method of a payment that names none, and of change.
const cash = "cash"

// autoNote marks the payment that an order's state Paid makes.
const autoNote = "The sales order was marked as paid"

// pay takes over a new sale's payments: the rows that have an amount, the
// change, and for an order that is Paid already what is missing. Drafts and
// suspended sells keep none.
func (w *world) pay(tx *db.Tx, s *Sale, d New) error {
	s.Payments = []money.Payment{}
	if s.Status == Draft && !ordered(s.Origin) || s.IsSuspended {
		return nil
	}
	for i, p := range d.Payments {
		if p.Amount == 0 {
			continue
		}
		if err := w.checkPayment(p, 0); err != nil {
			return fault.Under(fmt.Sprintf("payments.%d", i), err)
		}
		p.ID = 0
		s.Payments = append(s.Payments, w.payment(tx, s, p))
	}
	switch {
	case d.ChangeReturn < 0:
		return fault.Field("change_return", "must not be negative")
	case d.ChangeReturn > 0:
		s.Payments = append(s.Payments, w.payment(tx, s, money.Payment{Amount: d.ChangeReturn, IsReturn: true}))
	}
	if err := s.sumPayments(); err != nil {
		return err
	}
	w.payRest(tx, s)
	return nil
}

// payRest adds the payment of an order that is said to be paid.
func (w *world) payRest(tx *db.Tx, s *Sale) {
	if ordered(s.Origin) && s.State.reached(Paid) && s.Left() > 0 {
		s.Payments = append(s.Payments, w.payment(tx, s, money.Payment{Amount: s.Left(), Method: "other", Note: autoNote, PaidOn: s.PaidAt}))
		s.PaidAmount = s.Total
	}
}

// checkPayment checks what is said of a payment that was kept in an account
// before, 0 for none.
func (w *world) checkPayment(p money.Payment, was int64) error {
	if p.Account != 0 && p.Account != was && w.lookups[p.Account].kind != lookup.PaymentAccount {
		return fault.Field("account_id", "does not exist")
	}
	return checkPayment(p)
}

func checkPayment(p money.Payment) error {
	switch {
	case p.Amount < 0:
		return fault.Field("amount", "must not be negative")
	case len(p.Method) > 50:
		return fault.Field("method", "is too long")
	case len(p.Note) > maxText:
		return fault.Field("note", "is too long")
	}
	return nil
}

// payment fills in what a payment of a sale does not say itself.
func (w *world) payment(tx *db.Tx, s *Sale, p money.Payment) money.Payment {
	p.Sale, p.Party, p.CreatedBy = s.ID, s.Party, tx.Actor
	if p.Method == "" {
		p.Method = cash
	}
	if p.PaidOn.IsZero() {
		p.PaidOn = tx.Now
	}
	if p.Register == 0 && !ordered(s.Origin) {
		p.Register = w.registers[s.Location]
	}
	return p
}

// sumPayments works out what is paid.
func (s *Sale) sumPayments() error {
	var c dec.Calc
	s.PaidAmount = 0
	for _, p := range s.Payments {
		if p.IsReturn {
			s.PaidAmount = c.Sub(s.PaidAmount, p.Amount)
		} else {
			s.PaidAmount = c.Add(s.PaidAmount, p.Amount)
		}
	}
	if c.Err() != nil {
		return fault.Field("payments", "are too much")
	}
	return nil
}

// entriesOf returns what payments, which have their ids, move.
func entriesOf(payments ...money.Payment) []money.Entry {
	list := money.EntriesOf(payments)
	for i, e := range list {
		if e.Payment < 0 {
			list[i].Payment = payments[-1-e.Payment].ID
		}
	}
	return list
}

// owes returns the entry by which the party owes an amount more for the sale,
// or less when it is negative.
func (s *Sale) owes(amount dec.D) money.Entry {
	return money.Entry{Account: money.Of(s.Party), Event: money.Sale, Amount: amount, Doc: s.moneyDoc(), EffectiveAt: s.SoldAt}
}

// postMoney posts what new sales are worth and what was paid for them.
func postMoney(tx *db.Tx, w *world, sales []*Sale) error {
	var payments []money.Payment
	var entries []money.Entry
	for _, s := range sales {
		if s.Status == Final && s.Total != 0 {
			entries = append(entries, s.owes(s.Total))
		}
		payments = append(payments, s.Payments...)
		entries = append(entries, entriesOf(s.Payments...)...)
	}
	if len(payments)+len(entries) == 0 {
		return nil
	}
	if err := money.Post(tx, payments, entries); err != nil {
		return err
	}
	for _, s := range sales { // as they were stored
		copy(s.Payments, payments[:len(s.Payments)])
		payments = payments[len(s.Payments):]
	}
	return nil
}
