package pos

import (
	"net/mail"
	"strings"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/money"
	"storehouse/core/org"
	"storehouse/core/party"
	"storehouse/core/points"
	"storehouse/face/web"
	"storehouse/face/wire"
)

func init() { routes = append(routes, (*face).contactRoutes) }

func (f *face) contactRoutes() []web.Route {
	tag := "Contact management"
	return []web.Route{
		web.Read("GET /connector/api/contactapi", org.Viewer, f.listContacts, web.Title(tag, "List contact"), may("customer.view"), web.Shape[pageOf[customerOut]]()),
		web.Write("POST /connector/api/contactapi", org.Member, f.createContact, web.Title(tag, "Create contact"), may("customer.create")),
		web.Read("GET /connector/api/contactapi/{id}", org.Viewer, f.getContacts, web.Title(tag, "Get the specified contact"), may("customer.view")),
		web.Write("PUT /connector/api/contactapi/{id}", org.Member, f.updateContact, web.Title(tag, "Update contact"), may("customer.update")),
		web.Write("PATCH /connector/api/contactapi/{id}", org.Member, f.updateContact, web.Title(tag, "Update contact"), may("customer.update")),
	}
}

type contactsIn struct {
	paging
	Type      wire.Text `query:"type" doc:"Type of contact (supplier, customer, both, lead)"`
	Name      wire.Text `query:"name" doc:"Search term for contact name"`
	Business  wire.Text `query:"biz_name" doc:"Search term for contact's business name"`
	Mobile    wire.Text `query:"mobile_num" doc:"Search term for contact's mobile number"`
	Number    wire.Text `query:"contact_id" doc:"Search term for contact's contact_id. Ex(CO0005)"`
	OrderBy   wire.Text `query:"order_by" doc:"Column name to sort the result, Column: name, supplier_business_name"`
	Direction wire.Text `query:"direction" doc:"Direction to sort the result, Direction: desc, asc"`
}

// contactRoles are the roles that a type of contact stands for: who is both is
// a customer and a supplier.
var contactRoles = map[string]party.Role{"": party.Any, "customer": party.Customer, "supplier": party.Vendor, "lead": party.Lead, "both": party.Both}

// filter turns the input into the core's filter. Search terms are joined by
// OR.
func (in contactsIn) filter() (party.Filter, error) {
	fl := party.Filter{Name: strings.TrimSpace(in.Name.S), Business: strings.TrimSpace(in.Business.S), Phone: strings.TrimSpace(in.Mobile.S),
		Number: strings.TrimSpace(in.Number.S), Order: party.ByID}
	role, ok := contactRoles[in.Type.S]
	if fl.Role = role; !ok {
		fl.IDs = []int64{noRow}
	}
	switch in.OrderBy.S {
	case "name":
		fl.Order = party.ByName
	case "supplier_business_name":
		fl.Order = party.ByBusiness
	default: // an order that is none has no direction to be wrong
		fl.Desc = (in.OrderBy.S == "" || in.OrderBy.S == "id") && in.Direction.S == "desc"
		return fl, in.check()
	}
	var err error
	if fl.Desc, err = descending("direction", in.Direction.S); err != nil {
		return fl, err
	}
	return fl, in.check()
}

func (f *face) listContacts(c *web.Call, in contactsIn) (any, error) {
	fl, err := in.filter()
	if err != nil {
		return nil, err
	}
	z, err := zone(c)
	if err != nil {
		return nil, err
	}
	return contactPages(f, c, in.paging, fl, func(list []party.Party) ([]customerOut, error) {
		rows, _, err := stamps{z}.contacts(c, list)
		return rows, err
	})
}

// contactPages answers a list of contacts.
func contactPages[T any](f *face, c *web.Call, p paging, fl party.Filter, spell func([]party.Party) ([]T, error)) (any, error) {
	fl.Reach = reach(c)
	return list(f, c, p, func() (int64, error) { return party.Count(c.Tx, fl) }, func(limit, offset int) ([]T, error) {
		fl.Limit, fl.Offset = limit, offset
		rows, err := party.List(c.Tx, fl)
		if err != nil {
			return nil, err
		}
		return spell(rows)
	})
}

func (f *face) getContacts(c *web.Call, in idsIn) (data[[]contactShown], error) {
	var none data[[]contactShown]
	z, err := zone(c)
	if err != nil {
		return none, err
	}
	list, err := party.GetMany(c.Tx, ids(in.IDs))
	if err != nil {
		return none, err
	}
	if list, err = near(c.Tx, reach(c), list, func(p party.Party) int64 { return p.ID }); err != nil {
		return none, err
	}
	if len(list) == 0 {
		return none, noResults("Contact", in.IDs)
	}
	out, err := showContacts(c, stamps{z}, list)
	return data[[]contactShown]{out}, err
}

// contactFields are the fields of a contact that clients send. What is null
// is as if it were not there; an empty text empties its field.
type contactFields struct {
	BusinessName    wire.Text `json:"supplier_business_name" maxLength:"255" doc:"Required if type is supplier"`
	Prefix          wire.Text `json:"prefix" maxLength:"255" doc:"Prefix for the name of the contact"`
	MiddleName      wire.Text `json:"middle_name" maxLength:"255"`
	LastName        wire.Text `json:"last_name" maxLength:"255"`
	TaxNumber       wire.Text `json:"tax_number" maxLength:"255"`
	PayTerm         wire.Int  `json:"pay_term_number" minimum:"0" maximum:"100000"`
	PayTermType     wire.Text `json:"pay_term_type" doc:"(months ,days)"`
	Landline        wire.Text `json:"landline" maxLength:"100"`
	Alternate       wire.Text `json:"alternate_number" maxLength:"100"`
	Address         wire.Text `json:"address_line_1" maxLength:"1000"`
	Address2        wire.Text `json:"address_line_2" maxLength:"1000"`
	City            wire.Text `json:"city" maxLength:"255"`
	State           wire.Text `json:"state" maxLength:"255"`
	Country         wire.Text `json:"country" maxLength:"255"`
	ZipCode         wire.Text `json:"zip_code" maxLength:"255"`
	Group           wire.Int  `json:"customer_group_id"`
	Number          wire.Text `json:"contact_id" maxLength:"100"`
	DOB             wire.Text `json:"dob" doc:"Fromat: Y-m-d"`
	Custom1         wire.Text `json:"custom_field1" maxLength:"1000"`
	Custom2         wire.Text `json:"custom_field2" maxLength:"1000"`
	Custom3         wire.Text `json:"custom_field3" maxLength:"1000"`
	Custom4         wire.Text `json:"custom_field4" maxLength:"1000"`
	Custom5         wire.Text `json:"custom_field5" maxLength:"1000"`
	Custom6         wire.Text `json:"custom_field6" maxLength:"1000"`
	Custom7         wire.Text `json:"custom_field7" maxLength:"1000"`
	Custom8         wire.Text `json:"custom_field8" maxLength:"1000"`
	Custom9         wire.Text `json:"custom_field9" maxLength:"1000"`
	Custom10        wire.Text `json:"custom_field10" maxLength:"1000"`
	Email           wire.Text `json:"email" maxLength:"255"`
	ShippingAddress wire.Text `json:"shipping_address" maxLength:"1000"`
	Position        wire.Text `json:"position" maxLength:"255"`
	CreditLimit     numIn     `json:"credit_limit" minimum:"0"`
	Opening         numIn     `json:"opening_balance"`
	Source          wire.Int  `json:"source_id" doc:"Id of the source. Applicable only if the type is lead"`
	LifeStage       wire.Int  `json:"life_stage_id" doc:"Id of the Life stage. Applicable only if the type is lead"`
	AssignedTo      idList    `json:"assigned_to" doc:"Ids of the users the lead is assigned to. Applicable only if the type is lead"`
}

// apply puts what was sent into a contact.
func (in contactFields) apply(p *party.Party) (err error) {
	for _, t := range []struct {
		in wire.Text
		to *string
	}{{in.BusinessName, &p.BusinessName}, {in.Prefix, &p.Prefix}, {in.MiddleName, &p.MiddleName}, {in.LastName, &p.LastName}, {in.TaxNumber, &p.TaxNumber},
		{in.PayTermType, &p.PayTermType}, {in.Landline, &p.Landline}, {in.Alternate, &p.Alternate}, {in.Address, &p.Address}, {in.Address2, &p.Address2},
		{in.City, &p.City}, {in.State, &p.State}, {in.Country, &p.Country}, {in.ZipCode, &p.Zip}, {in.Email, &p.Email}, {in.ShippingAddress, &p.ShippingAddress},
		{in.Position, &p.Position}, {in.Custom1, &p.Custom[0]}, {in.Custom2, &p.Custom[1]}, {in.Custom3, &p.Custom[2]}, {in.Custom4, &p.Custom[3]},
		{in.Custom5, &p.Custom[4]}, {in.Custom6, &p.Custom[5]}, {in.Custom7, &p.Custom[6]}, {in.Custom8, &p.Custom[7]}, {in.Custom9, &p.Custom[8]},
		{in.Custom10, &p.Custom[9]}, {in.Number, &p.Number}} {
		if t.in.Set {
			*t.to = t.in.S
		}
	}
	if in.DOB.Set {
		if p.DOB, err = day("dob", in.DOB.S); err != nil {
			return err
		}
	}
	if _, err := mail.ParseAddress(p.Email); in.Email.S != "" && err != nil {
		return fault.Field("email", "must be a valid email address")
	}
	if in.CreditLimit.Set {
		p.CreditLimit = in.CreditLimit.Ptr()
	}
	p.PayTermNumber, p.CustomerGroup = in.PayTerm.Or(p.PayTermNumber), in.Group.Or(p.CustomerGroup)
	if p.IsLead {
		p.Source, p.LifeStage = in.Source.Or(p.Source), in.LifeStage.Or(p.LifeStage)
		if in.AssignedTo.Set {
			p.AssignedTo = in.AssignedTo.IDs
		}
	}
	if p.IsVendor && !p.IsCustomer && p.BusinessName == "" {
		return fault.Field("supplier_business_name", "is required")
	}
	return nil
}

type contactIn struct {
	Type      wire.Text `json:"type" required:"true" enum:"customer,supplier,both,lead" doc:"Type of contact (supplier, customer, both, lead)"`
	FirstName wire.Text `json:"first_name" alias:"name" required:"true" nonempty:"true" maxLength:"255" doc:"Name of the contact"`
	Mobile    wire.Text `json:"mobile" required:"true" nonempty:"true" maxLength:"100"`
	contactFields
}

func (f *face) createContact(c *web.Call, in contactIn) (data[contactMade], error) {
	var none data[contactMade]
	z, err := zone(c)
	if err != nil {
		return none, err
	}
	p := party.Party{FirstName: in.FirstName.S, Mobile: in.Mobile.S}
	if err := p.SetKind(in.Type.S); err != nil {
		return none, err
	}
	if err := in.apply(&p); err != nil {
		return none, err
	}
	p.OpeningBalance = in.Opening.D
	if p, err = party.Create(c.Tx, p); err != nil {
		return none, contactTaken(err)
	}
	if err := setOpening(c.Tx, p, in.Opening); err != nil {
		return none, err
	}
	return data[contactMade]{contactCreated(stamps{z}.customer(c.Org, p, 0, points.Balance{}))}, nil
}

// setOpening posts what a contact owed before it was known here.
func setOpening(tx *db.Tx, p party.Party, amount numIn) error {
	if !amount.Set {
		return nil
	}
	return money.SetOpening(tx, p.ID, amount.D)
}

// contactTaken says what the vendor's server says of a contact_id in use.
func contactTaken(err error) error {
	if fault.Is(err, fault.Conflict) {
		return &fault.Error{Kind: fault.Invalid, Msg: "Error Processing Request", Err: err}
	}
	return err
}

type contactChange struct {
	ID        rowID     `path:"id" doc:"id of the contact to be updated"`
	Type      wire.Text `json:"type" doc:"Type of contact (supplier, customer, both)"`
	FirstName wire.Text `json:"first_name" alias:"name" maxLength:"255" doc:"Name of the contact"`
	Mobile    wire.Text `json:"mobile" maxLength:"100"`
	contactFields
}

func (f *face) updateContact(c *web.Call, in contactChange) (data[customerOut], error) {
	var none data[customerOut]
	z, err := zone(c)
	if err != nil {
		return none, err
	}
	p, err := party.Lock(c.Tx, in.ID.N)
	if err == nil {
		err = reach(c).Check(c.Tx, p.ID)
	}
	if fault.Is(err, fault.NotFound) {
		return none, noResults("Contact", itoa(int(in.ID.N)))
	}
	if err != nil {
		return none, err
	}
	if in.Type.S != "" {
		if err := p.SetKind(in.Type.S); err != nil {
			return none, err
		}
	}
	for _, t := range []struct {
		field string
		in    wire.Text
		to    *string
	}{{"first_name", in.FirstName, &p.FirstName}, {"mobile", in.Mobile, &p.Mobile}} {
		if t.in.Set && strings.TrimSpace(t.in.S) == "" {
			return none, fault.Field(t.field, "is required")
		}
		if t.in.Set {
			*t.to = t.in.S
		}
	}
	if err := in.apply(&p); err != nil {
		return none, err
	}
	p.OpeningBalance = in.Opening.Or(p.OpeningBalance)
	if p, err = party.Update(c.Tx, p); err != nil {
		return none, contactTaken(err)
	}
	if err := setOpening(c.Tx, p, in.Opening); err != nil {
		return none, err
	}
	rows, _, err := stamps{z}.contacts(c, []party.Party{p})
	return data[customerOut]{rows[0]}, err
}
