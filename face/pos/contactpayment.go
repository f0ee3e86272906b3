package pos

import (
	"regexp"
	"strconv"

	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/lookup"
	"storehouse/core/money"
	"storehouse/core/org"
	"storehouse/core/sale"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).contactPaymentRoutes) }

func (f *face) contactPaymentRoutes() []web.Route {
	return []web.Route{
		web.Write("POST /connector/api/contactapi-payment", org.Member, f.payContact, web.Title("Contact management", "Contact payment"), may("sell.payments"),
			web.Doc("Pays what is left of the opening balance, then the oldest due sells; the rest is an advance.")),
	}
}

type contactPaymentIn struct {
	Contact         wire.Int  `json:"contact_id" required:"true" doc:"id of the contact"`
	Amount          numIn     `json:"amount" required:"true" exclusiveMinimum:"0" doc:"amount of the payment"`
	Method          wire.Text `json:"method" doc:"payment methods ('cash', 'card', 'cheque', 'bank_transfer', 'other', 'custom_pay_1', 'custom_pay_2', 'custom_pay_3')"`
	PaidOn          wire.Text `json:"paid_on" doc:"transaction date format:Y-m-d H:i:s"`
	Account         wire.Int  `json:"account_id" doc:"account id"`
	CardNumber      wire.Text `json:"card_number" maxLength:"100"`
	CardHolder      wire.Text `json:"card_holder_name" maxLength:"255"`
	CardTransaction wire.Text `json:"card_transaction_number" maxLength:"255"`
	CardType        wire.Text `json:"card_type" maxLength:"50"`
	CardMonth       wire.Text `json:"card_month" maxLength:"20"`
	CardYear        wire.Text `json:"card_year" maxLength:"20"`
	CardSecurity    wire.Text `json:"card_security" maxLength:"20" doc:"never stored"`
	TransactionNo1  wire.Text `json:"transaction_no_1" maxLength:"255"`
	TransactionNo2  wire.Text `json:"transaction_no_2" maxLength:"255"`
	TransactionNo3  wire.Text `json:"transaction_no_3" maxLength:"255"`
	TransactionNo4  wire.Text `json:"transaction_no_4" maxLength:"255"`
	TransactionNo5  wire.Text `json:"transaction_no_5" maxLength:"255"`
	TransactionNo6  wire.Text `json:"transaction_no_6" maxLength:"255"`
	TransactionNo7  wire.Text `json:"transaction_no_7" maxLength:"255"`
	Cheque          wire.Text `json:"cheque_number" maxLength:"255"`
	BankAccount     wire.Text `json:"bank_account_number" maxLength:"255"`
	Note            wire.Text `json:"note" maxLength:"2000" doc:"payment note"`
}

// contactPaymentOut says amount and contact as the request did: as texts.
type contactPaymentOut struct {
	Amount     wire.Dec   `json:"amount"`
	Method     string     `json:"method"`
	PaidOn     wire.Stamp `json:"paid_on"`
	CreatedBy  wire.IntN  `json:"created_by"`
	PaymentFor string     `json:"payment_for"`
	Business   int64      `json:"business_id"`
	IsAdvance  wire.Bit   `json:"is_advance"`
	RefNo      string     `json:"payment_ref_no"`
	Document   wire.TextN `json:"document"`
	UpdatedAt  wire.Stamp `json:"updated_at"`
	CreatedAt  wire.Stamp `json:"created_at"`
	ID         int64      `json:"id"`
}

var customPay = regexp.MustCompile(`^custom_pay_([1-7])$`)

// knownMethod reports whether a till may pay by a method. An advance cannot
// pay for another advance.
func knownMethod(name string) bool {
	for _, m := range methods {
		if m.Name == name {
			return true
		}
	}
	return false
}

func (f *face) payContact(c *web.Call, in contactPaymentIn) (data[contactPaymentOut], error) {
	var none data[contactPaymentOut]
	z, err := zone(c)
	if err != nil {
		return none, err
	}
	if in.Method.S != "" && !knownMethod(in.Method.S) {
		return none, fault.New(fault.Invalid, "Payment method not found")
	}
	p := money.Payment{Party: in.Contact.N, Amount: in.Amount.D, Account: in.Account.N, Method: in.Method.S, CardNumber: in.CardNumber.S,
		CardHolderName: in.CardHolder.S, CardTransactionNumber: in.CardTransaction.S, CardType: in.CardType.S, CardMonth: in.CardMonth.S, CardYear: in.CardYear.S,
		ChequeNumber: in.Cheque.S, BankAccountNumber: in.BankAccount.S, Note: in.Note.S}
	if p.Amount, err = cents(p.Amount); err != nil {
		return none, err
	}
	if m := customPay.FindStringSubmatch(p.Method); m != nil {
		n, _ := strconv.Atoi(m[1])
		p.TransactionNo = []wire.Text{in.TransactionNo1, in.TransactionNo2, in.TransactionNo3, in.TransactionNo4, in.TransactionNo5, in.TransactionNo6,
			in.TransactionNo7}[n-1].S
	}
	if p.PaidOn, err = moment("paid_on", in.PaidOn.S, z); err != nil {
		return none, err
	}
	if err := lookup.Check(c.Tx, lookup.Ref{Field: "account_id", Kind: lookup.PaymentAccount, ID: p.Account}); err != nil {
		return none, err
	}
	err = reach(c).Check(c.Tx, p.Party)
	var paid money.Payment
	if err == nil {
		paid, _, err = sale.PayContact(c.Tx, p)
	}
	if fault.Is(err, fault.NotFound) {
		return none, noResults("Contact", strconv.FormatInt(in.Contact.N, 10))
	}
	if err != nil {
		return none, err
	}
	s := stamps{z}
	return data[contactPaymentOut]{contactPaymentOut{Amount: wire.Dec(paid.Amount), Method: paid.Method, PaidOn: s.at(paid.PaidOn), CreatedBy: wire.IntN(paid.CreatedBy),
		PaymentFor: strconv.FormatInt(paid.Party, 10), Business: c.Org, IsAdvance: wire.Bit(paid.IsAdvance), RefNo: paid.RefNo, Document: wire.TextN(paid.Document),
		UpdatedAt: s.at(paid.UpdatedAt), CreatedAt: s.at(paid.CreatedAt), ID: paid.ID}}, nil
}

// cents keeps what a client pays at the four decimals that this face shows.
func cents(d dec.D) (dec.D, error) {
	d, err := d.Round(4)
	if err == nil && d <= 0 {
		return d, fault.Field("amount", "must be more than 0")
	}
	return d, err
}
