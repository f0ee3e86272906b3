package pos

import (
	"storehouse/base/dec"
	"storehouse/core/money"
	"storehouse/core/party"
	"storehouse/core/points"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// customerOut is a contact as follow-ups, visits and sells carry it.
type customerOut struct {
	ID              wire.IntN   `json:"id"`
	Business        int64       `json:"business_id"`
	Type            string      `json:"type"`
	BusinessName    wire.TextN  `json:"supplier_business_name"`
	Name            string      `json:"name"`
	Prefix          wire.TextN  `json:"prefix"`
	FirstName       wire.TextN  `json:"first_name"`
	MiddleName      wire.TextN  `json:"middle_name"`
	LastName        wire.TextN  `json:"last_name"`
	Email           wire.TextN  `json:"email"`
	Number          string      `json:"contact_id"`
	Status          string      `json:"contact_status"`
	TaxNumber       wire.TextN  `json:"tax_number"`
	City            wire.TextN  `json:"city"`
	State           wire.TextN  `json:"state"`
	Country         wire.TextN  `json:"country"`
	Address1        wire.TextN  `json:"address_line_1"`
	Address2        wire.TextN  `json:"address_line_2"`
	ZipCode         wire.TextN  `json:"zip_code"`
	DOB             wire.TextN  `json:"dob"`
	Mobile          wire.TextN  `json:"mobile"`
	Landline        wire.TextN  `json:"landline"`
	Alternate       wire.TextN  `json:"alternate_number"`
	PayTermNumber   wire.IntN   `json:"pay_term_number"`
	PayTermType     wire.TextN  `json:"pay_term_type"`
	CreditLimit     wire.Dec4N  `json:"credit_limit"`
	CreatedBy       wire.IntN   `json:"created_by"`
	Balance         wire.Dec4   `json:"balance"`
	Points          wire.Number `json:"total_rp"`
	PointsUsed      wire.Number `json:"total_rp_used"`
	PointsExpired   wire.Number `json:"total_rp_expired"`
	IsDefault       wire.Bit    `json:"is_default"`
	ShippingAddress wire.TextN  `json:"shipping_address"`
	Position        wire.TextN  `json:"position"`
	CustomerGroup   wire.IntN   `json:"customer_group_id"`
	Source          idText      `json:"crm_source"`
	LifeStage       idText      `json:"crm_life_stage"`
	customFields10
	DeletedAt     wire.Stamp `json:"deleted_at"`
	CreatedAt     wire.Stamp `json:"created_at"`
	UpdatedAt     wire.Stamp `json:"updated_at"`
	RememberToken wire.TextN `json:"remember_token"`
	Password      wire.TextN `json:"password"`
}

// customFields10 are a contact's own fields.
type customFields10 struct {
	Custom1  wire.TextN `json:"custom_field1"`
	Custom2  wire.TextN `json:"custom_field2"`
	Custom3  wire.TextN `json:"custom_field3"`
	Custom4  wire.TextN `json:"custom_field4"`
	Custom5  wire.TextN `json:"custom_field5"`
	Custom6  wire.TextN `json:"custom_field6"`
	Custom7  wire.TextN `json:"custom_field7"`
	Custom8  wire.TextN `json:"custom_field8"`
	Custom9  wire.TextN `json:"custom_field9"`
	Custom10 wire.TextN `json:"custom_field10"`
}

func customsOf(v [10]string) customFields10 {
	t := func(i int) wire.TextN { return wire.TextN(v[i]) }
	return customFields10{t(0), t(1), t(2), t(3), t(4), t(5), t(6), t(7), t(8), t(9)}
}

// idText is an id that leaves as a text, 0 as null: the source and life stage
// of a lead are texts in the vendor's tables.
type idText int64

// MarshalJSON implements json.Marshaler.
func (n idText) MarshalJSON() ([]byte, error) {
	if n == 0 {
		return []byte("null"), nil
	}
	return []byte(`"` + itoa(int(n)) + `"`), nil
}

// Schema implements wire.Schemer.
func (idText) Schema() map[string]any { return wire.Obj{"type": []any{"string", "null"}} }

func contactStatus(p party.Party) string {
	if p.IsActive {
		return "active"
	}
	return "inactive"
}

func (s stamps) customer(o int64, p party.Party, advance dec.D, b points.Balance) customerOut {
	t := func(s string) wire.TextN { return wire.TextN(s) }
	first := p.FirstName
	if first == "" {
		first = p.Name
	}
	return customerOut{ID: wire.IntN(p.ID), Business: o, Type: p.Kind(), BusinessName: t(p.BusinessName), Name: p.Name, Prefix: t(p.Prefix), FirstName: t(first),
		MiddleName: t(p.MiddleName), LastName: t(p.LastName), Email: t(p.Email), Number: p.Number, Status: contactStatus(p), TaxNumber: t(p.TaxNumber),
		City: t(p.City), State: t(p.State), Country: t(p.Country), Address1: t(p.Address), Address2: t(p.Address2), ZipCode: t(p.Zip), DOB: t(p.DOB),
		Mobile: t(p.Mobile), Landline: t(p.Landline), Alternate: t(p.Alternate), PayTermNumber: wire.IntN(p.PayTermNumber), PayTermType: t(p.PayTermType),
		CreditLimit: wire.Dec4N{D: p.CreditLimit}, CreatedBy: wire.IntN(p.CreatedBy), Balance: wire.Dec4(advance), Points: wire.Number(b.Balance),
		PointsUsed: wire.Number(b.Used), PointsExpired: wire.Number(b.Expired), IsDefault: wire.Bit(p.IsDefault), ShippingAddress: t(p.ShippingAddress),
		Position: t(p.Position), CustomerGroup: wire.IntN(p.CustomerGroup), Source: idText(p.Source), LifeStage: idText(p.LifeStage),
		customFields10: customsOf(p.Custom), CreatedAt: s.at(p.CreatedAt), UpdatedAt: s.at(p.UpdatedAt)}
}

// customersByID returns contacts with their advance and points, in a fixed
// number of statements.
func (s stamps) customersByID(c *web.Call, list []int64) (map[int64]customerOut, error) {
	out := map[int64]customerOut{}
	if len(list) == 0 {
		return out, nil
	}
	parties, err := party.GetMany(c.Tx, list)
	if err != nil {
		return nil, err
	}
	owed, err := money.PartyBalances(c.Tx, list...)
	if err != nil {
		return nil, err
	}
	earned, err := points.Balances(c.Tx, list...)
	if err != nil {
		return nil, err
	}
	for _, p := range parties {
		out[p.ID] = s.customer(c.Org, p, owed[p.ID].Advance, earned[p.ID])
	}
	return out, nil
}
