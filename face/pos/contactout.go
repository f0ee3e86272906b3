package pos

import (
	"strconv"

	"storehouse/core/lookup"
	"storehouse/core/money"
	"storehouse/core/party"
	"storehouse/core/points"
	"storehouse/core/sale"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// contactOut is a contact as lists show it.
type contactOut struct {
	ID           int64      `json:"id"`
	Business     int64      `json:"business_id"`
	Type         string     `json:"type"`
	BusinessName wire.TextN `json:"supplier_business_name"`
	Name         string     `json:"name"`
	Prefix       wire.TextN `json:"prefix"`
	FirstName    wire.TextN `json:"first_name"`
	MiddleName   wire.TextN `json:"middle_name"`
	LastName     wire.TextN `json:"last_name"`
	Email        wire.TextN `json:"email"`
	Number       string     `json:"contact_id"`
	Status       string     `json:"contact_status"`
	TaxNumber    wire.TextN `json:"tax_number"`
	City         wire.TextN `json:"city"`
	State        wire.TextN `json:"state"`
	Country      wire.TextN `json:"country"`
	Address      wire.TextN `json:"address_line_1"`
	Address2     wire.TextN `json:"address_line_2"`
	ZipCode      wire.TextN `json:"zip_code"`
	DOB          wire.TextN `json:"dob"`
	Mobile       wire.TextN `json:"mobile"`
	Landline     wire.TextN `json:"landline"`
	Alternate    wire.TextN `json:"alternate_number"`
	PayTerm      wire.IntN  `json:"pay_term_number"`
	PayTermType  wire.TextN `json:"pay_term_type"`
	CreditLimit  wire.Dec4N `json:"credit_limit"`
	CreatedBy    wire.IntN  `json:"created_by"`
	contactPurse
	IsDefault       wire.Bit   `json:"is_default"`
	ShippingAddress wire.TextN `json:"shipping_address"`
	Position        wire.TextN `json:"position"`
	contactGroups
	DeletedAt wire.Stamp `json:"deleted_at"`
	CreatedAt wire.Stamp `json:"created_at"`
	UpdatedAt wire.Stamp `json:"updated_at"`
	contactSecrets
}

// contactPurse is what a contact has with the business: money in advance and
// points.
type contactPurse struct {
	Balance       wire.Dec4   `json:"balance"`
	Points        wire.Number `json:"total_rp"`
	PointsUsed    wire.Number `json:"total_rp_used"`
	PointsExpired wire.Number `json:"total_rp_expired"`
}

type contactGroups struct {
	Group     wire.IntN  `json:"customer_group_id"`
	Source    wire.TextN `json:"crm_source"` // an id, as text
	LifeStage wire.TextN `json:"crm_life_stage"`
	Custom1   wire.TextN `json:"custom_field1"`
	Custom2   wire.TextN `json:"custom_field2"`
	Custom3   wire.TextN `json:"custom_field3"`
	Custom4   wire.TextN `json:"custom_field4"`
	Custom5   wire.TextN `json:"custom_field5"`
	Custom6   wire.TextN `json:"custom_field6"`
	Custom7   wire.TextN `json:"custom_field7"`
	Custom8   wire.TextN `json:"custom_field8"`
	Custom9   wire.TextN `json:"custom_field9"`
	Custom10  wire.TextN `json:"custom_field10"`
}

// contactSecrets are columns of the vendor's table that never hold anything
// here.
type contactSecrets struct {
	RememberToken wire.TextN `json:"remember_token"`
	Password      wire.TextN `json:"password"`
}

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

func (p purses) of(id int64) contactPurse {
	b := p.points[id]
	return contactPurse{wire.Dec4(p.money[id].Advance), wire.Number(b.Balance), wire.Number(b.Used), wire.Number(b.Expired)}
}

// textID is an id that leaves as a text, 0 as null.
func textID(id int64) wire.TextN {
	if id == 0 {
		return ""
	}
	return wire.TextN(strconv.FormatInt(id, 10))
}

func groupsOf(p party.Party) contactGroups {
	t := func(i int) wire.TextN { return wire.TextN(p.Custom[i]) }
	return contactGroups{wire.IntN(p.CustomerGroup), textID(p.Source), textID(p.LifeStage), t(0), t(1), t(2), t(3), t(4), t(5), t(6), t(7), t(8), t(9)}
}

func statusOf(p party.Party) string {
	if p.IsActive {
		return "active"
	}
	return "inactive"
}

func (s stamps) contact(o int64, p party.Party, purse contactPurse) contactOut {
	t := func(s string) wire.TextN { return wire.TextN(s) }
	return contactOut{ID: p.ID, Business: o, Type: p.Kind(), BusinessName: t(p.BusinessName), Name: p.Name, Prefix: t(p.Prefix), FirstName: t(p.FirstName),
		MiddleName: t(p.MiddleName), LastName: t(p.LastName), Email: t(p.Email), Number: p.Number, Status: statusOf(p), TaxNumber: t(p.TaxNumber), City: t(p.City),
		State: t(p.State), Country: t(p.Country), Address: t(p.Address), Address2: t(p.Address2), ZipCode: t(p.Zip), DOB: t(p.DOB), Mobile: t(p.Mobile),
		Landline: t(p.Landline), Alternate: t(p.Alternate), PayTerm: wire.IntN(p.PayTermNumber), PayTermType: t(p.PayTermType),
		CreditLimit: wire.Dec4N{D: p.CreditLimit}, CreatedBy: wire.IntN(p.CreatedBy), contactPurse: purse, IsDefault: wire.Bit(p.IsDefault),
		ShippingAddress: t(p.ShippingAddress), Position: t(p.Position), contactGroups: groupsOf(p), CreatedAt: s.at(p.CreatedAt), UpdatedAt: s.at(p.UpdatedAt)}
}

// contactShown is a contact with what it owes and is owed.
type contactShown struct {
	contactOut
	CustomerGroup      wire.TextN  `json:"customer_group"`
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
	purses, err := loadPurses(c, list)
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
	for _, p := range list {
		b := purses.money[p.ID]
		row := contactShown{contactOut: s.contact(c.Org, p, purses.of(p.ID)), CustomerGroup: wire.TextN(names[p.CustomerGroup].Name),
			Opening: wire.Dec4(b.Opening), OpeningPaid: wire.Dec4(b.OpeningPaid), Purchased: wire.Dec4(b.Purchased), PurchasePaid: wire.Dec4(b.PurchasePaid),
			Invoiced: wire.Dec4(b.Invoiced), Received: wire.Dec4(b.Paid), Returned: wire.Dec4(b.Returned), ReturnPaid: wire.Dec4(b.Refunded),
			PurchaseDue: wire.Number(b.PurchaseDue()), SellDue: wire.Number(b.Due()), SellReturnDue: wire.Number(b.ReturnDue())}
		if at, ok := last[p.ID]; ok {
			row.LastTransaction = wire.TextN(at.In(s.zone).Format("2006-01-02"))
		}
		out = append(out, row)
	}
	return out, nil
}

// contactMade is a contact as its creation answers it: what the reference
// prints first, in its order, then the rest.
type contactMade struct {
	Type         string     `json:"type"`
	Name         string     `json:"name"`
	TaxNumber    wire.TextN `json:"tax_number"`
	Mobile       wire.TextN `json:"mobile"`
	Business     int64      `json:"business_id"`
	CreatedBy    wire.IntN  `json:"created_by"`
	CreditLimit  wire.Dec4N `json:"credit_limit"`
	Number       string     `json:"contact_id"`
	UpdatedAt    wire.Stamp `json:"updated_at"`
	CreatedAt    wire.Stamp `json:"created_at"`
	ID           int64      `json:"id"`
	BusinessName wire.TextN `json:"supplier_business_name"`
	Prefix       wire.TextN `json:"prefix"`
	FirstName    wire.TextN `json:"first_name"`
	MiddleName   wire.TextN `json:"middle_name"`
	LastName     wire.TextN `json:"last_name"`
	Email        wire.TextN `json:"email"`
	Status       string     `json:"contact_status"`
	City         wire.TextN `json:"city"`
	State        wire.TextN `json:"state"`
	Country      wire.TextN `json:"country"`
	Address      wire.TextN `json:"address_line_1"`
	Address2     wire.TextN `json:"address_line_2"`
	ZipCode      wire.TextN `json:"zip_code"`
	DOB          wire.TextN `json:"dob"`
	Landline     wire.TextN `json:"landline"`
	Alternate    wire.TextN `json:"alternate_number"`
	PayTerm      wire.IntN  `json:"pay_term_number"`
	PayTermType  wire.TextN `json:"pay_term_type"`
	contactPurse
	IsDefault       wire.Bit   `json:"is_default"`
	ShippingAddress wire.TextN `json:"shipping_address"`
	Position        wire.TextN `json:"position"`
	contactGroups
}

func made(o contactOut) contactMade {
	return contactMade{Type: o.Type, Name: o.Name, TaxNumber: o.TaxNumber, Mobile: o.Mobile, Business: o.Business, CreatedBy: o.CreatedBy,
		CreditLimit: o.CreditLimit, Number: o.Number, UpdatedAt: o.UpdatedAt, CreatedAt: o.CreatedAt, ID: o.ID, BusinessName: o.BusinessName, Prefix: o.Prefix,
		FirstName: o.FirstName, MiddleName: o.MiddleName, LastName: o.LastName, Email: o.Email, Status: o.Status, City: o.City, State: o.State,
		Country: o.Country, Address: o.Address, Address2: o.Address2, ZipCode: o.ZipCode, DOB: o.DOB, Landline: o.Landline, Alternate: o.Alternate,
		PayTerm: o.PayTerm, PayTermType: o.PayTermType, contactPurse: o.contactPurse, IsDefault: o.IsDefault, ShippingAddress: o.ShippingAddress,
		Position: o.Position, contactGroups: o.contactGroups}
}
