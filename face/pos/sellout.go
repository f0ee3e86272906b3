package pos

import (
	"net/http"

	"storehouse/base/dec"
	"storehouse/core/money"
	"storehouse/core/sale"
	"storehouse/face/wire"
)

// figure is a decimal as the reference prints it in that answer: a text with
// four decimals in lists, shows and creates, a bare number where a sell is
// changed or returned.
type figure struct {
	d      dec.D
	number bool
}

// MarshalJSON implements json.Marshaler.
func (f figure) MarshalJSON() ([]byte, error) { return f.AppendJSON(nil), nil }

// AppendJSON implements wire.Appender.
func (f figure) AppendJSON(dst []byte) []byte {
	if f.number {
		return wire.Number(f.d).AppendJSON(dst)
	}
	return wire.Dec4(f.d).AppendJSON(dst)
}

// Schema implements wire.Schemer.
func (figure) Schema() map[string]any { return wire.Obj{"type": []any{"string", "number"}} }

// dec3 leaves with three decimals, "1.000": exchange rates.
type dec3 dec.D

// MarshalJSON implements json.Marshaler.
func (d dec3) MarshalJSON() ([]byte, error) { return d.AppendJSON(nil), nil }

// AppendJSON implements wire.Appender.
func (d dec3) AppendJSON(dst []byte) []byte {
	return append(dec.D(d).AppendFixed(append(dst, '"'), 3), '"')
}

// Schema implements wire.Schemer.
func (dec3) Schema() map[string]any { return wire.Obj{"type": "string"} }

// absent is a printed field that has no meaning here: always null.
type absent struct{}

// MarshalJSON implements json.Marshaler.
func (a absent) MarshalJSON() ([]byte, error) { return a.AppendJSON(nil), nil }

// AppendJSON implements wire.Appender.
func (absent) AppendJSON(dst []byte) []byte { return append(dst, "null"...) }

// Schema implements wire.Schemer.
func (absent) Schema() map[string]any { return wire.Obj{"type": "null"} }

// transaction is the head of a sell or sell return, every field that the
// reference prints ("Sales management"), in its order.
type transaction struct {
	ID              int64        `json:"id"`
	Business        int64        `json:"business_id"`
	Location        int64        `json:"location_id"`
	Table           wire.IntN    `json:"res_table_id"`
	Waiter          wire.IntN    `json:"res_waiter_id"`
	OrderStatus     wire.TextN   `json:"res_order_status"`
	Type            string       `json:"type"`
	SubType         absent       `json:"sub_type"`
	Status          string       `json:"status"`
	SubStatus       wire.TextN   `json:"sub_status"`
	IsQuotation     wire.Bit     `json:"is_quotation"`
	PaymentStatus   wire.TextN   `json:"payment_status"`
	AdjustmentType  absent       `json:"adjustment_type"`
	Contact         int64        `json:"contact_id"`
	CustomerGroup   wire.IntN    `json:"customer_group_id"`
	Number          wire.TextN   `json:"invoice_no"`
	RefNo           *string      `json:"ref_no"`
	Source          wire.TextN   `json:"source"`
	SubscriptionNo  wire.TextN   `json:"subscription_no"`
	RepeatOn        wire.IntN    `json:"subscription_repeat_on"`
	Date            wire.Stamp   `json:"transaction_date"`
	TotalBeforeTax  figure       `json:"total_before_tax"`
	Tax             wire.IntN    `json:"tax_id"`
	TaxAmount       figure       `json:"tax_amount"`
	DiscountType    wire.TextN   `json:"discount_type"`
	Discount        figure       `json:"discount_amount"`
	Redeemed        wire.Number  `json:"rp_redeemed"`
	RedeemedAmount  wire.Dec4    `json:"rp_redeemed_amount"`
	ShippingDetails wire.TextN   `json:"shipping_details"`
	ShippingAddress wire.TextN   `json:"shipping_address"`
	ShippingStatus  wire.TextN   `json:"shipping_status"`
	DeliveredTo     wire.TextN   `json:"delivered_to"`
	Shipping        wire.Dec4    `json:"shipping_charges"`
	SaleNote        wire.TextN   `json:"additional_notes"`
	StaffNote       wire.TextN   `json:"staff_note"`
	RoundOff        wire.Dec4    `json:"round_off_amount"`
	Total           figure       `json:"final_total"`
	ExpenseCategory absent       `json:"expense_category_id"`
	ExpenseFor      absent       `json:"expense_for"`
	Agent           wire.IntN    `json:"commission_agent"`
	Document        absent       `json:"document"`
	IsDirect        wire.Bit     `json:"is_direct_sale"`
	IsSuspend       wire.Bit     `json:"is_suspend"`
	ExchangeRate    dec3         `json:"exchange_rate"`
	Recovered       absent       `json:"total_amount_recovered"`
	TransferParent  absent       `json:"transfer_parent_id"`
	ReturnParent    wire.IntN    `json:"return_parent_id"`
	OpeningProduct  absent       `json:"opening_stock_product_id"`
	CreatedBy       wire.IntN    `json:"created_by"`
	ImportBatch     absent       `json:"import_batch"`
	ImportTime      absent       `json:"import_time"`
	ServiceType     wire.IntN    `json:"types_of_service_id"`
	Packing         wire.Dec4N   `json:"packing_charge"`
	PackingType     wire.TextN   `json:"packing_charge_type"`
	Custom1         wire.TextN   `json:"service_custom_field_1"`
	Custom2         wire.TextN   `json:"service_custom_field_2"`
	Custom3         wire.TextN   `json:"service_custom_field_3"`
	Custom4         wire.TextN   `json:"service_custom_field_4"`
	Custom5         wire.TextN   `json:"service_custom_field_5"`
	Custom6         wire.TextN   `json:"service_custom_field_6"`
	MfgParent       absent       `json:"mfg_parent_production_purchase_id"`
	MfgWasted       absent       `json:"mfg_wasted_units"`
	MfgCost         wire.Dec4    `json:"mfg_production_cost"`
	MfgCostType     string       `json:"mfg_production_cost_type"`
	MfgFinal        wire.Bit     `json:"mfg_is_final"`
	FromAPI         wire.Bit     `json:"is_created_from_api"`
	EssDuration     string       `json:"essentials_duration"`
	EssUnit         absent       `json:"essentials_duration_unit"`
	EssAmount       wire.Dec4    `json:"essentials_amount_per_unit_duration"`
	EssAllowances   absent       `json:"essentials_allowances"`
	EssDeductions   absent       `json:"essentials_deductions"`
	Earned          wire.Number  `json:"rp_earned"`
	RepairCompleted absent       `json:"repair_completed_on"`
	RepairWarranty  absent       `json:"repair_warranty_id"`
	RepairBrand     absent       `json:"repair_brand_id"`
	RepairStatus    absent       `json:"repair_status_id"`
	RepairModel     absent       `json:"repair_model_id"`
	RepairJobSheet  absent       `json:"repair_job_sheet_id"`
	RepairDefects   absent       `json:"repair_defects"`
	RepairSerial    absent       `json:"repair_serial_no"`
	RepairEmail     wire.Bit     `json:"repair_updates_email"`
	RepairSMS       wire.Bit     `json:"repair_updates_sms"`
	RepairChecklist absent       `json:"repair_checklist"`
	RepairPassword  absent       `json:"repair_security_pwd"`
	RepairPattern   absent       `json:"repair_security_pattern"`
	RepairDue       absent       `json:"repair_due_date"`
	RepairDevice    absent       `json:"repair_device_id"`
	RepairNotif     wire.Bit     `json:"repair_updates_notif"`
	OrderAddresses  wire.TextN   `json:"order_addresses"`
	IsRecurring     wire.Bit     `json:"is_recurring"`
	RecurInterval   *wire.Number `json:"recur_interval"`
	RecurType       wire.TextN   `json:"recur_interval_type"`
	Repetitions     *wire.Number `json:"recur_repetitions"`
	RecurStopped    wire.Stamp   `json:"recur_stopped_on"`
	RecurParent     wire.IntN    `json:"recur_parent_id"`
	InvoiceToken    wire.TextN   `json:"invoice_token"`
	PayTerm         wire.IntN    `json:"pay_term_number"`
	PayTermType     wire.TextN   `json:"pay_term_type"`
	Project         absent       `json:"pjt_project_id"`
	ProjectTitle    absent       `json:"pjt_title"`
	WooCommerce     wire.IntN    `json:"woocommerce_order_id"`
	PriceGroup      wire.IntN    `json:"selling_price_group_id"`
	CreatedAt       wire.Stamp   `json:"created_at"`
	UpdatedAt       wire.Stamp   `json:"updated_at"`
}

// sellOut is a sell with its lines and payments.
type sellOut struct {
	transaction
	Lines       []sellLineOut `json:"sell_lines"`
	Payments    []paymentOut  `json:"payment_lines"`
	InvoiceURL  string        `json:"invoice_url"`
	PaymentLink string        `json:"payment_link"`
}

type sellLineOut struct {
	ID            int64       `json:"id"`
	Sale          int64       `json:"transaction_id"`
	Product       wire.IntN   `json:"product_id"`
	Variation     wire.IntN   `json:"variation_id"`
	Quantity      wire.Number `json:"quantity"`
	Waste         wire.Dec4   `json:"mfg_waste_percent"`
	Returned      wire.Dec4   `json:"quantity_returned"`
	PriceBefore   wire.Dec4   `json:"unit_price_before_discount"`
	Price         wire.Dec4   `json:"unit_price"`
	DiscountType  wire.TextN  `json:"line_discount_type"`
	Discount      wire.Dec4   `json:"line_discount_amount"`
	PriceIncTax   wire.Dec4   `json:"unit_price_inc_tax"`
	ItemTax       wire.Dec4   `json:"item_tax"`
	Tax           wire.IntN   `json:"tax_id"`
	DiscountRule  wire.IntN   `json:"discount_id"`
	LotLine       absent      `json:"lot_no_line_id"`
	Note          string      `json:"sell_line_note"`
	Staff         wire.IntN   `json:"res_service_staff_id"`
	KitchenStatus wire.TextN  `json:"res_line_order_status"`
	WooCommerce   wire.IntN   `json:"woocommerce_line_items_id"`
	Parent        wire.IntN   `json:"parent_sell_line_id"`
	Children      string      `json:"children_type"`
	SubUnit       wire.IntN   `json:"sub_unit_id"`
	CreatedAt     wire.Stamp  `json:"created_at"`
	UpdatedAt     wire.Stamp  `json:"updated_at"`

	Purchases []purchaseOut `json:"sell_line_purchase_lines,omitempty"`
}

type paymentOut struct {
	ID          int64      `json:"id"`
	Sale        wire.IntN  `json:"transaction_id"`
	Business    int64      `json:"business_id"`
	IsReturn    wire.Bit   `json:"is_return"`
	Amount      wire.Dec4  `json:"amount"`
	Method      wire.TextN `json:"method"`
	Trans       wire.TextN `json:"transaction_no"`
	CardTrans   wire.TextN `json:"card_transaction_number"`
	CardNumber  wire.TextN `json:"card_number"`
	CardType    wire.TextN `json:"card_type"`
	CardHolder  wire.TextN `json:"card_holder_name"`
	CardMonth   wire.TextN `json:"card_month"`
	CardYear    wire.TextN `json:"card_year"`
	CardCode    absent     `json:"card_security" doc:"Never kept."`
	Cheque      wire.TextN `json:"cheque_number"`
	BankAccount wire.TextN `json:"bank_account_number"`
	PaidOn      wire.Stamp `json:"paid_on"`
	CreatedBy   wire.IntN  `json:"created_by"`
	IsAdvance   wire.Bit   `json:"is_advance"`
	PaymentFor  wire.IntN  `json:"payment_for"`
	Parent      wire.IntN  `json:"parent_id"`
	Note        wire.TextN `json:"note"`
	Document    wire.TextN `json:"document"`
	RefNo       wire.TextN `json:"payment_ref_no"`
	Account     wire.IntN  `json:"account_id"`
	CreatedAt   wire.Stamp `json:"created_at"`
	UpdatedAt   wire.Stamp `json:"updated_at"`
}

// seller spells sales for one request.
type seller struct {
	org     int64
	when    stamps
	origin  string
	numbers bool // figures as bare numbers
}

func (o seller) sell(s sale.Sale) sellOut {
	out := sellOut{transaction: o.head(s), Lines: []sellLineOut{}, Payments: []paymentOut{}}
	for _, l := range s.Lines {
		out.Lines = append(out.Lines, o.line(l))
	}
	for _, p := range s.Payments {
		out.Payments = append(out.Payments, o.payment(p, s.ID))
	}
	if s.InvoiceToken != "" {
		out.InvoiceURL = o.origin + "/invoice/" + s.InvoiceToken
		if s.Status == sale.Final && s.PaymentStatus != sale.PaidUp {
			out.PaymentLink = o.origin + "/pay/" + s.InvoiceToken
		}
	}
	return out
}

func (o seller) head(s sale.Sale) transaction {
	ref := ""
	t := transaction{ID: s.ID, Business: o.org, Location: s.Location, Table: wire.IntN(s.Table), Waiter: wire.IntN(s.Waiter), OrderStatus: wire.TextN(s.KitchenStatus),
		Type: "sell", Status: string(s.Status), SubStatus: wire.TextN(s.SubStatus), IsQuotation: wire.Bit(s.SubStatus == sale.Quotation),
		PaymentStatus: wire.TextN(s.PaymentStatus), Contact: s.Party, CustomerGroup: wire.IntN(s.CustomerGroup), Number: wire.TextN(s.Number), RefNo: &ref,
		Source: wire.TextN(s.Source), SubscriptionNo: wire.TextN(s.SubscriptionNo), RepeatOn: wire.IntN(s.SubscriptionRepeatOn), Date: o.when.at(s.SoldAt),
		TotalBeforeTax: o.fig(s.Subtotal), Tax: wire.IntN(s.Tax), TaxAmount: o.fig(s.TaxAmount), DiscountType: wire.TextN(s.Discount.Type),
		Discount: figure{d: s.Discount.Amount}, Redeemed: wire.Number(s.RedeemedPoints), RedeemedAmount: wire.Dec4(s.RedeemedAmount),
		ShippingDetails: wire.TextN(s.ShippingDetails), ShippingAddress: wire.TextN(s.ShippingAddress), ShippingStatus: wire.TextN(s.ShippingStatus),
		DeliveredTo: wire.TextN(s.DeliveredTo), Shipping: wire.Dec4(s.ShippingCharges), SaleNote: wire.TextN(s.SaleNote), StaffNote: wire.TextN(s.StaffNote),
		RoundOff: wire.Dec4(s.RoundOff), Total: o.fig(s.Total), Agent: wire.IntN(s.CommissionAgent), IsDirect: wire.Bit(s.IsDirect), IsSuspend: wire.Bit(s.IsSuspended),
		ExchangeRate: dec3(s.ExchangeRate), CreatedBy: wire.IntN(s.CreatedBy), ServiceType: wire.IntN(s.ServiceType), FromAPI: wire.Bit(s.FromAPI),
		MfgCostType: "percentage", EssDuration: "0.00", Earned: wire.Number(s.EarnedPoints), OrderAddresses: wire.TextN(s.OrderAddresses),
		IsRecurring: wire.Bit(s.IsRecurring), RecurType: wire.TextN(s.RecurIntervalType), RecurStopped: o.when.at(s.RecurStoppedAt),
		RecurParent: wire.IntN(s.RecurParent), InvoiceToken: wire.TextN(s.InvoiceToken), PayTerm: wire.IntN(s.PayTermNumber), PayTermType: wire.TextN(s.PayTermType),
		WooCommerce: wire.IntN(s.WooCommerceOrderID), PriceGroup: wire.IntN(s.PriceGroup), CreatedAt: o.when.at(s.CreatedAt), UpdatedAt: o.when.at(s.UpdatedAt),
		Custom1: wire.TextN(s.CustomFields[0]), Custom2: wire.TextN(s.CustomFields[1]), Custom3: wire.TextN(s.CustomFields[2]),
		Custom4: wire.TextN(s.CustomFields[3]), Custom5: wire.TextN(s.CustomFields[4]), Custom6: wire.TextN(s.CustomFields[5])}
	if s.ServiceType != 0 || s.PackingCharge != 0 {
		t.Packing, t.PackingType = wire.Dec4N{D: &s.PackingCharge}, wire.TextN(s.PackingChargeType)
	}
	if s.IsRecurring || s.RecurInterval != 0 {
		t.RecurInterval, t.Repetitions = count(s.RecurInterval), count(s.RecurRepetitions)
	}
	return t
}

func count(n int64) *wire.Number {
	d, err := dec.FromInt(n)
	if err != nil {
		return nil
	}
	w := wire.Number(d)
	return &w
}

func (o seller) fig(d dec.D) figure { return figure{d, o.numbers} }

func (o seller) line(l sale.Line) sellLineOut {
	return sellLineOut{ID: l.ID, Sale: l.Sale, Product: wire.IntN(l.Product), Variation: wire.IntN(l.Item), Quantity: wire.Number(l.Quantity), Returned: wire.Dec4(l.Returned),
		PriceBefore: wire.Dec4(l.PriceBefore), Price: wire.Dec4(l.UnitPrice), DiscountType: wire.TextN(l.Discount.Type), Discount: wire.Dec4(l.Discount.Amount),
		PriceIncTax: wire.Dec4(l.UnitPriceIncTax), ItemTax: wire.Dec4(l.ItemTax), Tax: wire.IntN(l.Tax), DiscountRule: wire.IntN(l.DiscountRule), Note: l.Note,
		Staff: wire.IntN(l.Staff), KitchenStatus: wire.TextN(l.KitchenStatus), WooCommerce: wire.IntN(l.WooCommerceLineID), Parent: wire.IntN(l.Parent),
		Children: l.Children, SubUnit: wire.IntN(l.SubUnit), CreatedAt: o.when.at(l.CreatedAt), UpdatedAt: o.when.at(l.UpdatedAt)}
}

// payment spells a payment line; of is the transaction that it is shown under.
func (o seller) payment(p money.Payment, of int64) paymentOut {
	return paymentOut{ID: p.ID, Sale: wire.IntN(of), Business: o.org, IsReturn: wire.Bit(p.IsReturn), Amount: wire.Dec4(p.Amount), Method: wire.TextN(p.Method),
		Trans: wire.TextN(p.TransactionNo), CardTrans: wire.TextN(p.CardTransactionNumber), CardNumber: wire.TextN(p.CardNumber), CardType: wire.TextN(p.CardType),
		CardHolder: wire.TextN(p.CardHolderName), CardMonth: wire.TextN(p.CardMonth), CardYear: wire.TextN(p.CardYear), Cheque: wire.TextN(p.ChequeNumber),
		BankAccount: wire.TextN(p.BankAccountNumber), PaidOn: o.when.at(p.PaidOn), CreatedBy: wire.IntN(p.CreatedBy), IsAdvance: wire.Bit(p.IsAdvance),
		PaymentFor: wire.IntN(p.Party), Parent: wire.IntN(p.Parent), Note: wire.TextN(p.Note), Document: wire.TextN(p.Document), RefNo: wire.TextN(p.RefNo),
		Account: wire.IntN(p.Account), CreatedAt: o.when.at(p.CreatedAt), UpdatedAt: o.when.at(p.UpdatedAt)}
}

// failure is a sell that could not be made, as an element of a 200 answer:
// the original serialises a whole response there (real-clients.md §1.3).
type failure struct {
	Headers   struct{}  `json:"headers"`
	Original  errorBody `json:"original"`
	Exception *string   `json:"exception"`
}

func failed(msg string) failure { return failure{Original: errorBody{message{msg}}} }

func (f *face) seller(r *http.Request, org int64, w stamps) seller {
	return seller{org: org, when: w, origin: f.origin(r)}
}
