package sale

import (
	"fmt"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/money"
)

// changePayments works out the payments that a changed sale has, and returns
// those that it loses.
func (w *world) changePayments(tx *db.Tx, s *Sale, old Sale, d New) ([]money.Payment, error) {
	s.Payments = []money.Payment{}
	if s.Status == Draft && !ordered(s.Origin) || s.IsSuspended {
		return old.Payments, s.sumPayments()
	}
	stored := map[int64]money.Payment{}
	var change []money.Payment
	var given dec.D
	for _, p := range old.Payments {
		stored[p.ID] = p
		if p.IsReturn {
			change = append(change, p)
			given += p.Amount
		}
	}
	for i, p := range d.Payments {
		if _, ok := stored[p.ID]; p.ID != 0 && !ok {
			return nil, fault.Under(fmt.Sprintf("payments.%d", i), fault.Field("payment_id", "is not a payment of this sale"))
		}
		if err := w.checkPayment(p, stored[p.ID].Account); err != nil {
			return nil, fault.Under(fmt.Sprintf("payments.%d", i), err)
		}
		if p.Amount != 0 && !w.staleAuto(s, old, p) {
			s.Payments = append(s.Payments, w.kept(tx, s, p))
		}
	}
	switch {
	case d.ChangeReturn < 0:
		return nil, fault.Field("change_return", "must not be negative")
	case d.ChangeReturn == given:
		for _, p := range change {
			s.Payments = append(s.Payments, w.kept(tx, s, p))
		}
	case d.ChangeReturn > 0:
		p := money.Payment{IsReturn: true}
		if len(change) > 0 {
			p = change[0]
		}
		p.Amount = d.ChangeReturn
		s.Payments = append(s.Payments, w.kept(tx, s, p))
	}
	if err := s.sumPayments(); err != nil {
		return nil, err
	}
	w.payRest(tx, s)
	for _, p := range s.Payments {
		delete(stored, p.ID)
	}
	var gone []money.Payment
	for _, p := range old.Payments {
		if _, ok := stored[p.ID]; ok {
			gone = append(gone, p)
		}
	}
	return gone, nil
}

// staleAuto reports whether a payment is the one that the state Paid made, and
// the order is no longer Paid or no longer worth as much.
func (w *world) staleAuto(s *Sale, old Sale, p money.Payment) bool {
	if p.ID == 0 || p.ID != old.autoPayment || s.State == InDispute {
		return false
	}
	if !s.State.reached(Paid) || s.Total != old.Total {
		s.autoPayment = 0
		return true
	}
	return false
}

// kept fills in a new payment and leaves a stored one what it is.
func (w *world) kept(tx *db.Tx, s *Sale, p money.Payment) money.Payment {
	if p.ID == 0 {
		return w.payment(tx, s, p)
	}
	p.Sale, p.Party = s.ID, s.Party
	if p.Method == "" {
		p.Method = cash
	}
	return p
}

// moneyKey is what entries are netted by.
type moneyKey struct {
	account money.Account
	event   money.Event
	method  string
	payment int64
}

// changeMoney posts the difference between what a sale has moved and what it
// should have, stores its changed payments and removes those that are gone.
func changeMoney(tx *db.Tx, old Sale, s *Sale, gone []money.Payment) error {
	net, order := map[moneyKey]money.Entry{}, []moneyKey{}
	add := func(sign dec.D, list ...money.Entry) {
		for _, e := range list {
			k := moneyKey{e.Account, e.Event, e.Method, e.Payment}
			sum, ok := net[k]
			if !ok {
				sum, order = e, append(order, k)
				sum.Amount = 0
			}
			sum.Amount += sign * e.Amount
			net[k] = sum
		}
	}
	isGone := map[int64]bool{}
	for _, p := range gone {
		isGone[p.ID] = true
	}
	was := map[int64]money.Payment{}
	if s.Status == Final {
		add(+1, s.owes(s.Total))
	}
	if old.Status == Final {
		add(-1, old.owes(old.Total))
	}
	for _, p := range old.Payments {
		if was[p.ID] = p; !isGone[p.ID] {
			add(-1, entriesOf(p)...)
		}
	}
	var put []money.Payment
	for _, p := range s.Payments {
		add(+1, entriesOf(p)...)
		if was[p.ID] != p {
			put = append(put, p)
		}
	}
	if err := dropPayments(tx, gone); err != nil {
		return err
	}
	var entries []money.Entry
	for _, k := range order {
		if e := net[k]; e.Amount != 0 {
			entries = append(entries, e)
		}
	}
	if len(put)+len(entries) == 0 {
		return nil
	}
	if err := money.Post(tx, put, entries); err != nil {
		return err
	}
	for i, p := range s.Payments {
		for _, stored := range put {
			if stored.ID == p.ID {
				s.Payments[i] = stored
			}
		}
	}
	return nil
}

// dropPayments removes payments with what they moved. Of a payment that was a
// part of a contact's, the money becomes the contact's advance again.
func dropPayments(tx *db.Tx, gone []money.Payment) error {
	if len(gone) == 0 {
		return nil
	}
	ids := make([]int64, len(gone))
	for i, p := range gone {
		ids[i] = p.ID
	}
	return money.DeletePayments(tx, ids...)
}
