package pos

import (
	"time"

	"storehouse/core/lookup"
	"storehouse/core/money"
	"storehouse/core/party"
	"storehouse/core/points"
	"storehouse/core/sale"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// purses knows what contacts have with the business.
type purses struct {
	money  map[int64]money.Balance
	points map[int64]points.Balance
}

func loadPurses(c *web.Call, list []party.Party) (p purses, err error) {
	if len(list) == 0 {
		return p, nil
	}
	parties := make([]int64, len(list))
	for n := range list {
		parties[n] = list[n].ID
	}
	if p.money, err = money.PartyBalances(c.Tx, parties...); err != nil {
		return p, err
	}
	p.points, err = points.Balances(c.Tx, parties...)
	return p, err
}

// contacts spells contacts as lists show them, in a fixed number of statements.
func (s stamps) contacts(c *web.Call, list []party.Party) ([]customerOut, purses, error) {
	purses, err := loadPurses(c, list)
	out := make([]customerOut, len(list))
	for n, p := range list {
		out[n] = s.customer(c.Org, p, purses.money[p.ID].Advance, purses.points[p.ID])
	}
	return out, purses, err
}

// contactShown is a contact with what it owes and is owed.
type contactShown struct {
	customerOut
	GroupName          wire.TextN  `json:"customer_group"`
	Opening            wire.Dec4   `json:"opening_balance"`
	OpeningPaid        wire.Dec4   `json:"opening_balance_paid"`
	Purchased          wire.Dec4   `json:"total_purchase"`
	PurchasePaid       wire.Dec4   `json:"purchase_paid"`
	PurchaseReturned   wire.Dec4   `json:"total_purchase_return"`
	PurchaseReturnPaid wire.Dec4   `json:"purchase_return_paid"`
	Invoiced           wire.Dec4   `json:"total_invoice"`
	Received           wire.Dec4   `json:"invoice_received"`
	Returned           wire.Dec4   `json:"total_sell_return"`
	ReturnPaid         wire.Dec4   `json:"sell_return_paid"`
	PurchaseDue        wire.Number `json:"purchase_due"`
	SellDue            wire.Number `json:"sell_due"`
	PurchaseReturnDue  wire.Number `json:"purchase_return_due"`
	SellReturnDue      wire.Number `json:"sell_return_due"`
	LastTransaction    wire.TextN  `json:"max_transaction_date"`
}

// showContacts spells contacts with their dues.
func showContacts(c *web.Call, s stamps, list []party.Party) ([]contactShown, error) {
	rows, purses, err := s.contacts(c, list)
	if err != nil {
		return nil, err
	}
	var parties, groups []int64
	for _, p := range list {
		parties, groups = append(parties, p.ID), append(groups, p.CustomerGroup)
	}
	names, err := lookup.ByID(c.Tx, groups)
	if err != nil {
		return nil, err
	}
	last, err := sale.LastOf(c.Tx, parties...)
	if err != nil {
		return nil, err
	}
	out := []contactShown{}
	for n, p := range list {
		b := purses.money[p.ID]
		row := contactShown{customerOut: rows[n], GroupName: wire.TextN(names[p.CustomerGroup].Name),
			Opening: wire.Dec4(b.Opening), OpeningPaid: wire.Dec4(b.OpeningPaid), Purchased: wire.Dec4(b.Purchased), PurchasePaid: wire.Dec4(b.PurchasePaid),
			Invoiced: wire.Dec4(b.Invoiced), Received: wire.Dec4(b.Paid), Returned: wire.Dec4(b.Returned), ReturnPaid: wire.Dec4(b.Refunded),
			PurchaseDue: wire.Number(b.PurchaseDue()), SellDue: wire.Number(b.Due()), SellReturnDue: wire.Number(b.ReturnDue())}
		if at, ok := last[p.ID]; ok {
			row.LastTransaction = wire.TextN(at.In(s.zone).Format(time.DateOnly))
		}
		out = append(out, row)
	}
	return out, nil
}

// contactMade is a contact as its creation answers it: what the reference
// prints comes first, in its order, then the rest.
type contactMade struct {
	Type          string      `json:"type"`
	Name          string      `json:"name"`
	TaxNumber     wire.TextN  `json:"tax_number"`
	Mobile        wire.TextN  `json:"mobile"`
	Business      int64       `json:"business_id"`
	CreatedBy     wire.IntN   `json:"created_by"`
	CreditLimit   wire.Dec4N  `json:"credit_limit"`
	Number        string      `json:"contact_id"`
	UpdatedAt     wire.Stamp  `json:"updated_at"`
	CreatedAt     wire.Stamp  `json:"created_at"`
	ID            wire.IntN   `json:"id"`
	BusinessName  wire.TextN  `json:"supplier_business_name"`
	Prefix        wire.TextN  `json:"prefix"`
	FirstName     wire.TextN  `json:"first_name"`
	MiddleName    wire.TextN  `json:"middle_name"`
	LastName      wire.TextN  `json:"last_name"`
	Email         wire.TextN  `json:"email"`
	Status        string      `json:"contact_status"`
	City          wire.TextN  `json:"city"`
	State         wire.TextN  `json:"state"`
	Country       wire.TextN  `json:"country"`
	Address1      wire.TextN  `json:"address_line_1"`
	Address2      wire.TextN  `json:"address_line_2"`
	ZipCode       wire.TextN  `json:"zip_code"`
	DOB           wire.TextN  `json:"dob"`
	Landline      wire.TextN  `json:"landline"`
	Alternate     wire.TextN  `json:"alternate_number"`
	PayTermNumber wire.IntN   `json:"pay_term_number"`
	PayTermType   wire.TextN  `json:"pay_term_type"`
	Balance       wire.Dec4   `json:"balance"`
	Points        wire.Number `json:"total_rp"`
	IsDefault     wire.Bit    `json:"is_default"`
	Shipping      wire.TextN  `json:"shipping_address"`
	Position      wire.TextN  `json:"position"`
	CustomerGroup wire.IntN   `json:"customer_group_id"`
	Source        idText      `json:"crm_source"`
	LifeStage     idText      `json:"crm_life_stage"`
	customFields10
}

func contactCreated(o customerOut) contactMade {
	return contactMade{Type: o.Type, Name: o.Name, TaxNumber: o.TaxNumber, Mobile: o.Mobile, Business: o.Business, CreatedBy: o.CreatedBy,
		CreditLimit: o.CreditLimit, Number: o.Number, UpdatedAt: o.UpdatedAt, CreatedAt: o.CreatedAt, ID: o.ID, BusinessName: o.BusinessName, Prefix: o.Prefix,
		FirstName: o.FirstName, MiddleName: o.MiddleName, LastName: o.LastName, Email: o.Email, Status: o.Status, City: o.City, State: o.State,
		Country: o.Country, Address1: o.Address1, Address2: o.Address2, ZipCode: o.ZipCode, DOB: o.DOB, Landline: o.Landline, Alternate: o.Alternate,
		PayTermNumber: o.PayTermNumber, PayTermType: o.PayTermType, Balance: o.Balance, Points: o.Points, IsDefault: o.IsDefault, Shipping: o.ShippingAddress,
		Position: o.Position, CustomerGroup: o.CustomerGroup, Source: o.Source, LifeStage: o.LifeStage, customFields10: o.customFields10}
}
