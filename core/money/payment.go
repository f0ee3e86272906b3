package money

import (
	"cmp"
	"slices"

	"storehouse/base/db"
	"storehouse/base/fault"
)

const paymentCols = `id, sale_id, return_id, doc_type, doc_id, party_id, parent_id, account_id, register_id, amount, is_return, is_advance,
	method, transaction_no, card_transaction_number, card_number, card_type, card_holder_name, card_month, card_year, cheque_number,
	bank_account_number, ref_no, note, document, paid_on, created_by, created_at, updated_at`

func scanPayment(r db.Row, p *Payment) error {
	return r.Scan(&p.ID, db.I(&p.Sale), db.I(&p.Return), &p.Doc.Type, &p.Doc.ID, db.I(&p.Party), db.I(&p.Parent), db.I(&p.Account),
		db.I(&p.Register), &p.Amount, db.B(&p.IsReturn), db.B(&p.IsAdvance), &p.Method, &p.TransactionNo, &p.CardTransactionNumber,
		&p.CardNumber, &p.CardType, &p.CardHolderName, &p.CardMonth, &p.CardYear, &p.ChequeNumber, &p.BankAccountNumber, &p.RefNo,
		&p.Note, &p.Document, db.T(&p.PaidOn), &p.CreatedBy, db.T(&p.CreatedAt), db.T(&p.UpdatedAt))
}

// store writes payments, in one statement. It completes them in the slice.
func store(tx *db.Tx, payments []Payment) error {
	rows := make([][]any, len(payments))
	fresh := 0
	for _, p := range payments {
		if p.ID == 0 {
			fresh++
		}
	}
	next, err := tx.NextIDs("payment", fresh)
	if err != nil {
		return err
	}
	for i := range payments {
		p := &payments[i]
		if p.Amount < 0 {
			return fault.Field("amount", "must not be negative")
		}
		if p.ID == 0 {
			p.ID, next = next, next+1
		}
		if p.CreatedAt.IsZero() {
			p.CreatedAt = tx.Now
		}
		if p.PaidOn.IsZero() {
			p.PaidOn = tx.Now
		}
		if p.CreatedBy == 0 {
			p.CreatedBy = tx.Actor
		}
		p.CardSecurity, p.UpdatedAt = "", tx.Now
		rows[i] = []any{tx.Org, p.ID, db.Null(p.Sale), db.Null(p.Return), p.Doc.Type, p.Doc.ID, db.Null(p.Party), db.Null(p.Parent),
			db.Null(p.Account), db.Null(p.Register), p.Amount, p.IsReturn, p.IsAdvance, p.Method, p.TransactionNo,
			p.CardTransactionNumber, p.CardNumber, p.CardType, p.CardHolderName, p.CardMonth, p.CardYear, p.ChequeNumber,
			p.BankAccountNumber, p.RefNo, p.Note, p.Document, p.PaidOn, p.CreatedBy, p.CreatedAt, p.UpdatedAt}
	}
	if len(rows) == fresh {
		return tx.Insert("payment", "org_id, "+paymentCols, rows)
	}
	return tx.Insert("payment", "org_id, "+paymentCols, rows, `ON CONFLICT (org_id, id) DO UPDATE SET
		party_id = excluded.party_id, parent_id = excluded.parent_id, account_id = excluded.account_id, register_id = excluded.register_id,
		amount = excluded.amount, is_return = excluded.is_return, is_advance = excluded.is_advance, method = excluded.method,
		transaction_no = excluded.transaction_no, card_transaction_number = excluded.card_transaction_number,
		card_number = excluded.card_number, card_type = excluded.card_type, card_holder_name = excluded.card_holder_name,
		card_month = excluded.card_month, card_year = excluded.card_year, cheque_number = excluded.cheque_number,
		bank_account_number = excluded.bank_account_number, ref_no = excluded.ref_no, note = excluded.note, document = excluded.document,
		paid_on = excluded.paid_on, updated_at = excluded.updated_at`)
}

// DeletePayments takes back the entries of payments and removes their rows,
// the parts of contact payments with them.
func DeletePayments(tx *db.Tx, ids ...int64) error {
	for rest := ids; len(rest) > 0; {
		parts, err := paymentIDs(tx, "parent_id", rest)
		if err != nil {
			return err
		}
		ids, rest = append(ids, parts...), parts
	}
	slices.Sort(ids)
	ids = slices.Compact(ids)
	if err := ReversePayments(tx, ids...); err != nil {
		return err
	}
	for chunk := range slices.Chunk(ids, 1000) {
		if _, err := tx.Exec(`DELETE FROM payment WHERE org_id = ? AND id IN (`+db.Marks(len(chunk))+`)`,
			append([]any{tx.Org}, db.Args(chunk)...)...); err != nil {
			return err
		}
	}
	return nil
}

func paymentIDs(tx *db.Tx, column string, of []int64) ([]int64, error) {
	list, err := db.All(tx, db.Value[int64], `SELECT id FROM payment WHERE org_id = ? AND `+column+` IN (`+db.Marks(len(of))+`)`,
		append([]any{tx.Org}, db.Args(of)...)...)
	slices.Sort(list)
	return list, err
}

// oldestFirst orders payments of several documents. It is done here because
// "IN (…) ORDER BY id" has SQLite walk through all payments by id.
func oldestFirst(list []Payment, err error) ([]Payment, error) {
	slices.SortFunc(list, func(a, b Payment) int { return cmp.Compare(a.ID, b.ID) })
	return list, err
}

// PaymentsOfSales returns the payments of sales, oldest first.
func PaymentsOfSales(tx *db.Tx, sales ...int64) ([]Payment, error) {
	return paymentsBy(tx, "sale_id", sales)
}

// PaymentsOfReturns returns the payments of sale returns, oldest first.
func PaymentsOfReturns(tx *db.Tx, returns ...int64) ([]Payment, error) {
	return paymentsBy(tx, "return_id", returns)
}

// PaymentParts returns the parts of contact payments, oldest first.
func PaymentParts(tx *db.Tx, parents ...int64) ([]Payment, error) {
	return paymentsBy(tx, "parent_id", parents)
}

// PaymentsOfParty returns every payment of a party, oldest first.
func PaymentsOfParty(tx *db.Tx, party int64) ([]Payment, error) {
	return paymentsBy(tx, "party_id", []int64{party})
}

// PaymentsOfDocs returns the payments of other documents, of one type, oldest
// first.
func PaymentsOfDocs(tx *db.Tx, docType string, ids ...int64) ([]Payment, error) {
	return oldestFirst(db.All(tx, scanPayment, `SELECT `+paymentCols+` FROM payment WHERE org_id = ? AND doc_type = ? AND doc_id <> 0
		AND doc_id IN (`+db.Marks(len(ids))+`)`, append([]any{tx.Org, docType}, db.Args(ids)...)...))
}

func paymentsBy(tx *db.Tx, column string, ids []int64) ([]Payment, error) {
	list := []Payment{}
	for chunk := range slices.Chunk(ids, 1000) {
		part, err := db.All(tx, scanPayment, `SELECT `+paymentCols+` FROM payment WHERE org_id = ? AND `+column+` IN (`+
			db.Marks(len(chunk))+`)`, append([]any{tx.Org}, db.Args(chunk)...)...)
		if err != nil {
			return nil, err
		}
		list = append(list, part...)
	}
	return oldestFirst(list, nil)
}

// GetPayment returns a payment; NotFound when there is none.
func GetPayment(tx *db.Tx, id int64) (Payment, error) {
	p, err := db.One(tx, scanPayment, `SELECT `+paymentCols+` FROM payment WHERE org_id = ? AND id = ?`, tx.Org, id)
	if fault.Is(err, fault.NotFound) {
		return p, fault.Missing("payment")
	}
	return p, err
}
