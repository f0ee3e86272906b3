// Package sale is what customers bought, ordered or asked the price of: sells
// at the till, sales orders, shop orders and loyalty purchases, in one order
// book. Posting a sale moves the stock, money and points ledgers in the same
// transaction; the arithmetic of a sale is in pricing.go and is pure.
package sale

import (
	"time"

	"storehouse/base/dec"
	"storehouse/core/money"
)

// Origin says which kind of caller made a sale.
type Origin string

// The origins.
const (
	POS     Origin = "pos"
	Maker   Origin = "maker"
	Shop    Origin = "shop"
	Loyalty Origin = "loyalty"
)

// Status is how the till sees a sale. A final sale has been handed out and is
// owed; a draft has not.
type Status string

// The statuses.
const (
	Final Status = "final"
	Draft Status = "draft"
)

// The sub-statuses of a draft.
const (
	Quotation = "quotation"
	Proforma  = "proforma"
)

// State is where a sale stands in the order book; "" is a till's draft, which
// is not in it.
type State string

// The states, in their order; see state.go for the moves.
const (
	Received  State = "Received"
	Entered   State = "Entered"
	Shipped   State = "Shipped"
	Invoiced  State = "Invoiced"
	Paid      State = "Paid"
	Rejected  State = "Rejected"
	InDispute State = "In-Dispute"
	Completed State = "Completed"
)

// States lists all states in the reference's order.
var States = []State{Received, Entered, Shipped, Invoiced, Paid, Rejected, InDispute, Completed}

// Fulfillment says how much of an order has been handed over.
type Fulfillment string

// The fulfilment statuses. Partial is set by the system alone.
const (
	Pending   Fulfillment = "Pending"
	Partial   Fulfillment = "Partial"
	Fulfilled Fulfillment = "Fulfilled"
)

// Fulfillments lists all fulfilment statuses.
var Fulfillments = []Fulfillment{Pending, Partial, Fulfilled}

// The payment statuses. Overdue is not stored: it is what Due or PartPaid
// becomes after the pay term.
const (
	PaidUp   = "paid"
	PartPaid = "partial"
	Due      = "due"
	Overdue  = "overdue"
)

// ShippingStatuses lists the values of Head.ShippingStatus besides "".
var ShippingStatuses = []string{"ordered", "packed", "shipped", "delivered", "cancelled"}

// Off is a reduction: a fixed amount, or a percentage of what it is taken off.
type Off struct {
	Type   string // FixedOff or PercentOff; "" is FixedOff
	Amount dec.D
}

// The types of Off. A packing charge knows "percent" too.
const (
	FixedOff   = "fixed"
	PercentOff = "percentage"
)

// Head is what a caller says of a sale, besides its lines and payments. Ids
// are 0 and texts "" where nothing is said.
type Head struct {
	Origin      Origin
	Status      Status
	SubStatus   string // Quotation or Proforma, of a draft
	IsSuspended bool
	State       State       // of orders; sells have it from their status, payments and shipping
	Fulfillment Fulfillment // of orders
	Number      string      // invoice or order number; "" asks for one

	Channel             int64
	ChannelName         string // instead of Channel: found or made by its name
	Location            int64
	FulfillmentLocation int64 // of orders: where stock is taken; 0 leaves it in demand
	Party               int64
	CustomerGroup       int64
	PriceGroup          int64

	Source             string
	ExternalSource     string // with ExternalID: unique in the organization
	ExternalID         string
	ExternalVersion    int64
	WooCommerceOrderID int64
	Currency           string // "" is the organization's
	ExchangeRate       dec.D  // 0 is 1

	SoldAt        time.Time // zero is now
	PayTermNumber int64
	PayTermType   string // "days" or "months"

	Discount          Off
	Coupons           string
	Tax               int64
	ShippingCharges   dec.D
	ServiceType       int64
	PackingCharge     dec.D
	PackingChargeType string // "fixed" or "percent"
	Fees              dec.D
	RoundOff          dec.D
	RedeemedPoints    dec.D
	RedeemedAmount    dec.D

	ShippingDetails, ShippingAddress, ShippingStatus, DeliveredTo, OrderAddresses string
	SaleNote, StaffNote                                                           string
	CommissionAgent, Table, Waiter                                                int64
	KitchenStatus                                                                 string
	CustomFields                                                                  [6]string
	IsDirect, FromAPI                                                             bool

	IsRecurring          bool
	RecurInterval        int64
	RecurIntervalType    string // "days", "months" or "years"
	RecurRepetitions     int64  // how many to make; 0 is no end
	RecurStoppedAt       time.Time
	RecurParent          int64     // the recurring sale that made this one
	RecurMade            int64     // how many it has made
	RecurLastAt          time.Time // date of the last, or when it was taken up again
	SubscriptionNo       string
	SubscriptionRepeatOn int64 // day of the month, where the interval is in months; 0 is the sale's own

	Broker                                                             int64
	BrokerFeePercent                                                   *dec.D
	BrokerFees, FulfillmentCosts, FreightCosts, PromoCosts, OtherCosts dec.D
	MABD                                                               string // must arrive by
	Notes, QboID                                                       string

	Stamps
}

// Stamps says when an order came into each state.
type Stamps struct {
	PlacedAt, ReceivedAt, EnteredAt, ShippedAt, InvoicedAt, PaidAt, RejectedAt, DisputedAt, CompletedAt time.Time
}

// A Sale is a stored sale.
type Sale struct {
	Head
	ID            int64
	Stage         Stage
	PaymentStatus string // PaidUp, PartPaid or Due; "" for drafts. See PayStatus
	DueAt         time.Time
	Subtotal      dec.D // the lines with their discounts and taxes
	TaxAmount     dec.D // of the order
	EarnedPoints  dec.D
	Total         dec.D
	PaidAmount    dec.D // payments less what was given back
	InvoiceToken  string
	autoPayment   int64 // the payment that the state Paid made
	CreatedBy     int64
	CreatedAt     time.Time
	UpdatedAt     time.Time

	Lines    []Line
	Payments []money.Payment
}

// PayStatus returns the payment status at a time: Overdue where the pay term
// has passed.
func (s Sale) PayStatus(now time.Time) string {
	if (s.PaymentStatus == Due || s.PaymentStatus == PartPaid) && !s.DueAt.IsZero() && s.DueAt.Before(now) {
		return Overdue
	}
	return s.PaymentStatus
}

// Left returns what is still to be paid.
func (s Sale) Left() dec.D { return s.Total - s.PaidAmount }

// The kinds of child lines.
const (
	Modifier = "modifier"
	Combo    = "combo"
)

// LineHead is what is said of a line, as given and as stored.
type LineHead struct {
	ID       int64 // of a stored line; 0 is a new one
	Product  int64
	Item     int64  // 0 with SKU: a line that waits to be matched
	SKU      string // the shop's code, of lines without an item
	Name     string // the shop's name for it
	Quantity dec.D  // as given: in the sub-unit where there is one; as stored: in the unit of stock
	SubUnit  int64
	Discount Off // FixedOff is per unit
	Tax      int64
	Lot      string
	Note     string
	Staff    int64

	DiscountRule      int64
	KitchenStatus     string
	WooCommerceLineID int64
}

// DraftLine is a line as a caller gives it.
type DraftLine struct {
	LineHead
	Price     *dec.D // per unit, before discount; nil is the item's own
	TaxGiven  *dec.D // tax per unit that the caller worked out itself, instead of Tax
	Modifiers []DraftModifier

	was      *Line // the stored line that this one stands for
	children []Line
	added    bool // it stands for no stored line, whatever its item
}

// DraftModifier is an addition to a line. Its quantity is absolute, not times
// the line's.
type DraftModifier struct {
	Item     int64  // the modifier
	Product  int64  // its set
	Price    *dec.D // nil is the modifier's own
	Quantity dec.D  // 0 is 1
}

// Line is a stored line. Quantities and prices are per unit of stock.
type Line struct {
	LineHead
	Sale            int64
	Parent          int64
	Children        string // "", Modifier or Combo
	Stocked         bool   // whether its item is kept in stock
	Returned        dec.D
	Allocated       dec.D // what entering the order promised
	Multiplier      dec.D // units of stock in a sold unit
	PriceBefore     dec.D // before the line's discount
	UnitPrice       dec.D // after it
	ItemTax         dec.D
	UnitPriceIncTax dec.D
	Amount          dec.D // of all units, with tax
	CreatedAt       time.Time
	UpdatedAt       time.Time
}

// New is a sale to be made, or a stored one that is being changed.
type New struct {
	Head
	Lines        []DraftLine
	Payments     []money.Payment // with an ID: stored ones
	ChangeReturn dec.D           // given back in cash
	PackingGiven bool            // PackingCharge rules though it is 0, not that of the type of service
	GivenTotal   *dec.D          // the caller's own total, which then rules; the difference is rounded off
}
