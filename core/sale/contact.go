package sale

import (
	"strings"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/money"
)

// PayContact takes money from a customer: it pays what is left of the opening
// balance, then the sales that are due, the oldest first; the rest is an
// advance. It returns the payment and its parts.
func PayContact(tx *db.Tx, p money.Payment) (money.Payment, []money.Payment, error) {
	switch {
	case p.Party == 0:
		return p, nil, fault.Field("contact_id", "is required")
	case p.Amount <= 0:
		return p, nil, fault.Field("amount", "must be more than zero")
	}
	if err := checkPayment(p); err != nil {
		return p, nil, err
	}
	// One at a time for a contact, or two would pay the same debt. Sells that
	// refer to the contact need not wait.
	if tx.Postgres() {
		if _, err := db.All(tx, db.Value[int64], `SELECT id FROM party WHERE org_id = ? AND id = ? FOR NO KEY UPDATE`, tx.Org, p.Party); err != nil {
			return p, nil, err
		}
	}
	w, err := load(tx, asked{parties: []int64{p.Party}})
	if err != nil {
		return p, nil, err
	}
	if _, ok := w.parties[p.Party]; !ok {
		return p, nil, fault.Missing("contact")
	}
	if p.Method == "" {
		p.Method = cash
	}
	if p.PaidOn.IsZero() {
		p.PaidOn = tx.Now
	}
	if p.ID, err = tx.NextID("payment"); err != nil {
		return p, nil, err
	}
	p.IsAdvance, p.CreatedBy = true, tx.Actor
	paid, parts, err := w.spread(tx, p)
	if err != nil {
		return p, nil, err
	}
	return w.postContact(tx, p, parts, paid)
}

// spread finds what a contact's payment pays.
func (w *world) spread(tx *db.Tx, p money.Payment) ([]Sale, []money.Payment, error) {
	balances, err := money.PartyBalances(tx, p.Party)
	if err != nil {
		return nil, nil, err
	}
	var parts []money.Payment
	left := p.Amount
	part := func(amount dec.D) money.Payment {
		c := p
		c.ID, c.Parent, c.IsAdvance, c.Amount = 0, p.ID, false, amount
		left -= amount
		return c
	}
	if due := balances[p.Party].OpeningDue(); due > 0 {
		c := part(min(due, left))
		c.Doc = money.Doc{Type: "opening", ID: p.Party}
		parts = append(parts, c)
	}
	const batch = 100
	var paid []Sale
	for left > 0 {
		list, err := db.All(tx, scanSale, `SELECT `+saleCols+` FROM sale WHERE org_id = ? AND party_id = ? AND payment_status IN ('due', 'partial') AND status = 'final'
			ORDER BY sold_at, id LIMIT ? OFFSET ?`+tx.ForUpdate(), tx.Org, p.Party, batch, len(paid))
		if err != nil {
			return nil, nil, err
		}
		for _, s := range list {
			if left <= 0 {
				break
			}
			c := part(min(s.Left(), left))
			c.Sale = s.ID
			s.PaidAmount += c.Amount
			paid, parts = append(paid, s), append(parts, c)
		}
		if len(list) < batch {
			break
		}
	}
	id, err := tx.NextIDs("payment", len(parts))
	for i := range parts {
		parts[i].ID = id + int64(i)
	}
	return paid, parts, err
}

func (w *world) postContact(tx *db.Tx, p money.Payment, parts []money.Payment, paid []Sale) (money.Payment, []money.Payment, error) {
	all := &Sale{Payments: append([]money.Payment{p}, parts...)}
	all.Number = "-" // only the payments are numbered
	if err := w.number(tx, []*Sale{all}, 0); err != nil {
		return p, nil, err
	}
	for i := range paid {
		paid[i].settle(paid[i].State, tx.Now)
		if ordered(paid[i].Origin) && paid[i].PaymentStatus == PaidUp && !paid[i].State.reached(Paid) && paid[i].State != InDispute {
			from := paid[i].State
			paid[i].State = Paid
			paid[i].settle(from, tx.Now)
		}
	}
	if err := savePaid(tx, paid); err != nil {
		return p, nil, err
	}
	if err := money.Post(tx, all.Payments, entriesOf(all.Payments...)); err != nil {
		return p, nil, err
	}
	return all.Payments[0], all.Payments[1:], nil
}

// savePaid stores the sales that a payment was spread over, in one statement.
func savePaid(tx *db.Tx, paid []Sale) error {
	rows := make([][]any, len(paid))
	for i := range paid {
		paid[i].UpdatedAt = tx.Now
		rows[i] = values(nil, tx, paid[i].columns())
	}
	var set []string
	for _, c := range []string{"paid", "payment_status", "order_status", "fulfillment_status", "paid_at", "completed_at", "updated_at"} {
		set = append(set, c+" = excluded."+c)
	}
	return tx.Insert("sale", "org_id, "+saleCols, rows, "ON CONFLICT (org_id, id) DO UPDATE SET "+strings.Join(set, ", "))
}
