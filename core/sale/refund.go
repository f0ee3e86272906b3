package sale

import (
	"slices"

	"storehouse/core/money"
)

// fresh returns those of a return's given payments that are to be made. When
// the return is sent again as it stands, a payment that says the same as one
// that was made is that one: a client that repeats a request pays nothing
// twice. A second refund that says the same in all says so by its paid_on, its
// transaction number or its note.
func (r Return) fresh(old Return, given []money.Payment) []money.Payment {
	if r.Number != old.Number || !r.At.Equal(old.At) || r.Discount != old.Discount || r.Tax != old.Tax || r.Total != old.Total || !slices.Equal(r.Lines, old.Lines) {
		return given
	}
	made := slices.Clone(old.Payments)
	return slices.DeleteFunc(slices.Clone(given), func(p money.Payment) bool {
		at := slices.IndexFunc(made, func(m money.Payment) bool { return repeats(p, m) })
		if at >= 0 {
			made = slices.Delete(made, at, at+1)
		}
		return at >= 0
	})
}

// repeats reports whether a payment that was given says what a stored one
// says. When it was paid counts where it is given.
func repeats(p, stored money.Payment) bool {
	if p.Method == "" {
		p.Method = cash
	}
	said := func(p money.Payment) money.Payment {
		return money.Payment{Account: p.Account, Amount: p.Amount, Method: p.Method, TransactionNo: p.TransactionNo,
			CardTransactionNumber: p.CardTransactionNumber, CardNumber: p.CardNumber, CardType: p.CardType, CardHolderName: p.CardHolderName,
			CardMonth: p.CardMonth, CardYear: p.CardYear, ChequeNumber: p.ChequeNumber, BankAccountNumber: p.BankAccountNumber, Note: p.Note}
	}
	return said(p) == said(stored) && (p.PaidOn.IsZero() || p.PaidOn.Equal(stored.PaidOn))
}
