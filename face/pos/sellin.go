package pos

import (
	"strconv"
	"strings"
	"time"

	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/money"
	"storehouse/core/sale"
	"storehouse/face/wire"
)

// sellIn is a sell as clients send it, to make one or to change one. A field
// counts when it is there and not null. Beside the documented names it knows
// those that clients in the field use (real-clients.md §1.4): payment,
// sell_lines, res_waiter_id.
type sellIn struct {
	Location        wire.Int  `json:"location_id" doc:"id of the business location"`
	Contact         wire.Int  `json:"contact_id" alias:"customer_id" doc:"id of the customer"`
	Date            wire.Text `json:"transaction_date" doc:"transaction date format:Y-m-d H:i:s"`
	Number          wire.Text `json:"invoice_no" doc:"Invoice number" maxLength:"191"`
	Source          wire.Text `json:"source" doc:"Source of the invoice" maxLength:"191"`
	Status          wire.Text `json:"status" doc:"sale status (final, draft)"`
	SubStatus       wire.Text `json:"sub_status" doc:"sale sub status (quotation, proforma)"`
	IsQuotation     wire.Bool `json:"is_quotation" doc:"Is sell quotation (0, 1), If 1 status should be draft"`
	Tax             wire.Int  `json:"tax_rate_id" doc:"id of the tax rate applicable to the sale"`
	Discount        numIn     `json:"discount_amount" minimum:"0" doc:"discount amount applicable to the sale"`
	DiscountType    wire.Text `json:"discount_type" doc:"type of the discount amount (fixed, percentage)"`
	SaleNote        wire.Text `json:"sale_note" alias:"additional_notes" maxLength:"10000"`
	StaffNote       wire.Text `json:"staff_note" maxLength:"10000"`
	Agent           wire.Int  `json:"commission_agent" doc:"commission agent id"`
	ShippingDetails wire.Text `json:"shipping_details" maxLength:"10000"`
	ShippingAddress wire.Text `json:"shipping_address" maxLength:"10000"`
	ShippingStatus  wire.Text `json:"shipping_status" doc:"ordered, packed, shipped, delivered, cancelled"`
	DeliveredTo     wire.Text `json:"delivered_to" maxLength:"191"`
	Shipping        numIn     `json:"shipping_charges" minimum:"0"`
	Packing         numIn     `json:"packing_charge" minimum:"0"`
	PackingType     wire.Text `json:"packing_charge_type" doc:"fixed or percent"`
	ExchangeRate    numIn     `json:"exchange_rate" exclusiveMinimum:"0"`
	PriceGroup      wire.Int  `json:"selling_price_group_id"`
	PayTerm         wire.Int  `json:"pay_term_number" minimum:"0"`
	PayTermType     wire.Text `json:"pay_term_type" doc:"days or months"`
	IsSuspend       wire.Bool `json:"is_suspend"`
	IsRecurring     wire.Bool `json:"is_recurring"`
	RecurInterval   wire.Int  `json:"recur_interval" minimum:"0"`
	RecurType       wire.Text `json:"recur_interval_type" doc:"days, months or years"`
	RepeatOn        wire.Int  `json:"subscription_repeat_on" doc:"day of the month (1-30)"`
	SubscriptionNo  wire.Text `json:"subscription_no" maxLength:"191"`
	Repetitions     wire.Int  `json:"recur_repetitions" minimum:"0"`
	Redeemed        numIn     `json:"rp_redeemed" minimum:"0" doc:"reward points redeemed"`
	RedeemedAmount  numIn     `json:"rp_redeemed_amount" minimum:"0"`
	ServiceType     wire.Int  `json:"types_of_service_id"`
	Custom1         wire.Text `json:"service_custom_field_1" maxLength:"191"`
	Custom2         wire.Text `json:"service_custom_field_2" maxLength:"191"`
	Custom3         wire.Text `json:"service_custom_field_3" maxLength:"191"`
	Custom4         wire.Text `json:"service_custom_field_4" maxLength:"191"`
	Custom5         wire.Text `json:"service_custom_field_5" maxLength:"191"`
	Custom6         wire.Text `json:"service_custom_field_6" maxLength:"191"`
	RoundOff        numIn     `json:"round_off_amount"`
	Table           wire.Int  `json:"table_id" alias:"res_table_id"`
	Waiter          wire.Int  `json:"service_staff_id" alias:"res_waiter_id"`
	ChangeReturn    numIn     `json:"change_return" minimum:"0" doc:"Excess paid amount"`
	ChangeReturnID  wire.Int  `json:"change_return_id" doc:"id of the change return payment if exists"`

	Products []sellLineIn    `json:"products" alias:"sell_lines"`
	Payments []sellPaymentIn `json:"payments" alias:"payment,payment_lines"`
}

type sellLineIn struct {
	ID           wire.Int         `json:"sell_line_id" doc:"sell line id for existing item only"`
	Product      wire.Int         `json:"product_id"`
	Variation    wire.Int         `json:"variation_id"`
	Quantity     numIn            `json:"quantity" exclusiveMinimum:"0"`
	Price        numIn            `json:"unit_price" minimum:"0" doc:"unit selling price"`
	Tax          wire.Int         `json:"tax_rate_id"`
	Discount     numIn            `json:"discount_amount" minimum:"0"`
	DiscountType wire.Text        `json:"discount_type" doc:"fixed or percentage"`
	SubUnit      wire.Int         `json:"sub_unit_id"`
	Note         wire.Text        `json:"note" maxLength:"10000"`
	Staff        wire.Int         `json:"res_service_staff_id"`
	Modifiers    []sellModifierIn `json:"modifiers" alias:"modifier"`
}

type sellModifierIn struct {
	ID       wire.Int `json:"modifier_id" alias:"variation_id"`
	Price    numIn    `json:"price" alias:"unit_price" minimum:"0"`
	Quantity numIn    `json:"quantity" minimum:"0" doc:"absolute, not times the line's quantity"`
	Set      wire.Int `json:"set_id" alias:"product_id"`
}

type sellPaymentIn struct {
	ID          wire.Int  `json:"payment_id" doc:"payment id for existing payment line"`
	Amount      numIn     `json:"amount" minimum:"0"`
	Method      wire.Text `json:"method" maxLength:"191"`
	Account     wire.Int  `json:"account_id"`
	PaidOn      wire.Text `json:"paid_on"`
	CardNumber  wire.Text `json:"card_number" maxLength:"191"`
	CardHolder  wire.Text `json:"card_holder_name" maxLength:"191"`
	CardTrans   wire.Text `json:"card_transaction_number" maxLength:"191"`
	CardType    wire.Text `json:"card_type" maxLength:"191"`
	CardMonth   wire.Text `json:"card_month" maxLength:"191"`
	CardYear    wire.Text `json:"card_year" maxLength:"191"`
	CardCode    wire.Text `json:"card_security" maxLength:"191"`
	Trans       wire.Text `json:"transaction_no" maxLength:"191"`
	Trans1      wire.Text `json:"transaction_no_1" maxLength:"191"`
	Trans2      wire.Text `json:"transaction_no_2" maxLength:"191"`
	Trans3      wire.Text `json:"transaction_no_3" maxLength:"191"`
	BankAccount wire.Text `json:"bank_account_number" maxLength:"191"`
	Note        wire.Text `json:"note" maxLength:"10000"`
	Cheque      wire.Text `json:"cheque_number" maxLength:"191"`
	IsReturn    wire.Bool `json:"is_return" doc:"1 for change given back, which change_return says: such a row is passed over"`
}

// onto puts what was sent onto a draft: a new one, or a stored sale being
// changed. Fields that were not sent stay as they are.
func (in sellIn) onto(n *sale.New, z *time.Location) error {
	if err := in.head(n, z); err != nil {
		return err
	}
	if in.Products != nil {
		stored := map[int64]sale.DraftLine{}
		for _, l := range n.Lines {
			stored[l.ID] = l
		}
		n.Lines = make([]sale.DraftLine, 0, len(in.Products))
		for i, l := range in.Products {
			d, err := l.draft(stored)
			if err != nil {
				return fault.Under("products."+strconv.Itoa(i), err)
			}
			n.Lines = append(n.Lines, d)
		}
	}
	if in.ChangeReturn.Set {
		n.ChangeReturn = in.ChangeReturn.D
	}
	if len(in.Payments) > 0 {
		stored := map[int64]money.Payment{}
		for _, p := range n.Payments {
			stored[p.ID] = p
		}
		n.Payments = nil
		for i, p := range in.Payments {
			if !p.Amount.Set || p.Amount.D == 0 || p.IsReturn.V {
				continue // as the original does; change is change_return's, also where a client sends back what it was shown
			}
			pay, err := p.payment(stored[p.ID.N], z)
			if err != nil {
				return fault.Under("payments."+strconv.Itoa(i), err)
			}
			n.Payments = append(n.Payments, pay)
		}
	}
	return nil
}

func (in sellIn) head(n *sale.New, z *time.Location) error {
	if in.Date.Set {
		at, err := moment("transaction_date", in.Date.S, z)
		if err != nil {
			return err
		}
		if !at.IsZero() {
			n.SoldAt = at
		}
	}
	if err := in.status(n); err != nil {
		return err
	}
	setID(&n.Location, in.Location)
	setID(&n.Party, in.Contact)
	setID(&n.Tax, in.Tax)
	setID(&n.CommissionAgent, in.Agent)
	setID(&n.PriceGroup, in.PriceGroup)
	setID(&n.PayTermNumber, in.PayTerm)
	setID(&n.RecurInterval, in.RecurInterval)
	setID(&n.SubscriptionRepeatOn, in.RepeatOn)
	setID(&n.RecurRepetitions, in.Repetitions)
	setID(&n.ServiceType, in.ServiceType)
	setID(&n.Table, in.Table)
	setID(&n.Waiter, in.Waiter)
	setText(&n.Number, in.Number)
	setText(&n.Source, in.Source)
	setText(&n.SaleNote, in.SaleNote)
	setText(&n.StaffNote, in.StaffNote)
	setText(&n.ShippingDetails, in.ShippingDetails)
	setText(&n.ShippingAddress, in.ShippingAddress)
	setText(&n.ShippingStatus, in.ShippingStatus)
	setText(&n.DeliveredTo, in.DeliveredTo)
	setText(&n.Discount.Type, in.DiscountType)
	setText(&n.PackingChargeType, in.PackingType)
	setText(&n.PayTermType, in.PayTermType)
	setText(&n.RecurIntervalType, in.RecurType)
	setText(&n.SubscriptionNo, in.SubscriptionNo)
	for i, t := range []wire.Text{in.Custom1, in.Custom2, in.Custom3, in.Custom4, in.Custom5, in.Custom6} {
		setText(&n.CustomFields[i], t)
	}
	setNum(&n.Discount.Amount, in.Discount)
	setNum(&n.ShippingCharges, in.Shipping)
	setNum(&n.PackingCharge, in.Packing)
	n.PackingGiven = n.PackingGiven || in.Packing.Set
	setNum(&n.ExchangeRate, in.ExchangeRate)
	setNum(&n.RedeemedPoints, in.Redeemed)
	setNum(&n.RedeemedAmount, in.RedeemedAmount)
	setNum(&n.RoundOff, in.RoundOff)
	if in.IsRecurring.Set {
		n.IsRecurring = in.IsRecurring.V
	}
	return nil
}

// status reads status, sub_status, is_quotation and is_suspend together.
func (in sellIn) status(n *sale.New) error {
	if in.Status.Set && in.Status.S != "" {
		switch s := in.Status.S; s {
		case "final":
			n.Status, n.SubStatus = sale.Final, ""
		case "draft":
			n.Status = sale.Draft
		case sale.Quotation, sale.Proforma:
			n.Status, n.SubStatus = sale.Draft, s
		default:
			return fault.Field("status", "must be final or draft")
		}
	}
	if in.SubStatus.Set {
		switch s := in.SubStatus.S; s {
		case "", "null":
			if n.Status == sale.Draft {
				n.SubStatus = ""
			}
		case sale.Quotation, sale.Proforma:
			if n.Status == sale.Draft || !in.Status.Set {
				n.Status, n.SubStatus = sale.Draft, s
			}
		default:
			return fault.Field("sub_status", "must be quotation or proforma")
		}
	}
	if in.IsQuotation.Set && in.IsQuotation.V && (n.Status == sale.Draft || !in.Status.Set) {
		n.Status, n.SubStatus = sale.Draft, sale.Quotation
	}
	if in.IsSuspend.Set {
		n.IsSuspended = in.IsSuspend.V
	}
	return nil
}

// draft reads a line. One that names a stored line keeps what is not sent.
func (l sellLineIn) draft(stored map[int64]sale.DraftLine) (sale.DraftLine, error) {
	var d sale.DraftLine
	if l.ID.N != 0 {
		d = stored[l.ID.N]
		if d.ID = l.ID.N; l.Variation.N != 0 && l.Variation.N != d.Item {
			d.Price = nil // another item has another price
		}
	}
	setID(&d.Product, l.Product)
	setID(&d.Item, l.Variation)
	setID(&d.SubUnit, l.SubUnit)
	setID(&d.Staff, l.Staff)
	setText(&d.Discount.Type, l.DiscountType)
	setNum(&d.Discount.Amount, l.Discount)
	setNum(&d.Quantity, l.Quantity)
	setText(&d.Note, l.Note)
	if l.Tax.Set {
		d.Tax, d.TaxGiven = l.Tax.N, nil
	}
	if l.Price.Set {
		d.Price = l.Price.Ptr()
	}
	if d.Quantity == 0 && !l.Quantity.Set {
		return d, fault.Field("quantity", "is required")
	}
	if l.ID.N == 0 && d.Product <= 0 && d.Item <= 0 {
		return d, fault.Field("product_id", "is required")
	}
	if l.Modifiers != nil {
		d.Modifiers = nil
	}
	for i, m := range l.Modifiers {
		if m.ID.N == 0 {
			return d, fault.Field("modifiers."+strconv.Itoa(i)+".modifier_id", "is required")
		}
		d.Modifiers = append(d.Modifiers, sale.DraftModifier{Item: m.ID.N, Product: m.Set.N, Price: m.Price.Ptr(), Quantity: m.Quantity.Or(dec.One)})
	}
	return d, nil
}

func (p sellPaymentIn) payment(stored money.Payment, z *time.Location) (money.Payment, error) {
	if p.ID.N != 0 && stored.ID == 0 {
		return stored, fault.Field("payment_id", "is not a payment of this sale")
	}
	pay := stored
	pay.Amount = p.Amount.D
	setText(&pay.Method, p.Method)
	if pay.Method == "" {
		pay.Method = "cash"
	}
	setID(&pay.Account, p.Account)
	setText(&pay.CardNumber, p.CardNumber)
	setText(&pay.CardHolderName, p.CardHolder)
	setText(&pay.CardTransactionNumber, p.CardTrans)
	setText(&pay.CardType, p.CardType)
	setText(&pay.CardMonth, p.CardMonth)
	setText(&pay.CardYear, p.CardYear)
	setText(&pay.CardSecurity, p.CardCode)
	setText(&pay.BankAccountNumber, p.BankAccount)
	setText(&pay.Note, p.Note)
	setText(&pay.ChequeNumber, p.Cheque)
	setText(&pay.TransactionNo, p.Trans)
	// custom_pay_1 sends its number as transaction_no_1, and so on.
	if n, ok := strings.CutPrefix(pay.Method, "custom_pay_"); ok {
		setText(&pay.TransactionNo, map[string]wire.Text{"1": p.Trans1, "2": p.Trans2, "3": p.Trans3}[n])
	}
	if p.PaidOn.Set {
		at, err := moment("paid_on", p.PaidOn.S, z)
		if err != nil {
			return pay, err
		}
		pay.PaidOn = at
	}
	return pay, nil
}

func setID(to *int64, v wire.Int) {
	if v.Set {
		*to = v.N
	}
}

func setText(to *string, v wire.Text) {
	if v.Set {
		*to = v.S
	}
}

func setNum(to *dec.D, v numIn) {
	if v.Set {
		*to = v.D
	}
}
