// Package party holds everybody the organization deals with: customers,
// vendors and leads are one row that has several roles. Each has a number of
// the series CO0005. Names and e-mails are found whatever their case, phones
// by their digits.
package party

import (
	"fmt"
	"strings"
	"time"
	"unicode/utf8"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
)

// Role is one of the roles that a party can have.
type Role string

// The roles; Any is for lists.
const (
	Any      Role = ""
	Customer Role = "customer"
	Vendor   Role = "vendor"
	Lead     Role = "lead"
	Both     Role = "both" // customer and vendor; of filters only
)

// Party is a customer, vendor or lead. Empty texts and zero ids are absent.
type Party struct {
	ID         int64
	Number     string // unique; given as CO0005 when absent
	IsCustomer bool
	IsVendor   bool
	IsLead     bool
	IsDefault  bool // the walk-in customer; one an organization
	IsActive   bool

	Name                                    string // 1 to 255 characters; the name's parts joined, when there are any
	BusinessName                            string
	Prefix, FirstName, MiddleName, LastName string
	Email                                   string
	Mobile, Landline, Alternate             string
	TaxNumber                               string
	PayTermNumber                           int64  // 0 for none
	PayTermType                             string // "days" or "months"
	Term                                    string // a vendor's payment term, in words
	CreditLimit                             *dec.D // nil for no limit
	OpeningBalance                          dec.D  // what the party owed at the start

	Address, Address2, City, State, Country, Zip string
	ShippingAddress                              string
	DOB                                          string // "2006-01-02"
	Position                                     string
	CustomerGroup, Source, LifeStage             int64 // lookup entries
	AssignedTo                                   []int64
	Custom                                       [10]string

	Type, Segment, Broker int64  // lookup entries of a customer
	BrokerFee             *dec.D // per cent
	Parent                int64  // the party that this one belongs to
	QboID, Notes          string

	ConvertedBy          int64 // who made a customer of the lead, and when
	ConvertedOn          time.Time
	CreatedBy            int64
	CreatedAt, UpdatedAt time.Time
}

// Kind returns how the till names the roles: customer, supplier, both or lead.
func (p Party) Kind() string {
	switch {
	case p.IsCustomer && p.IsVendor:
		return "both"
	case p.IsVendor:
		return "supplier"
	case p.IsLead && !p.IsCustomer:
		return "lead"
	}
	return "customer"
}

// SetKind sets the roles from how the till names them; an unknown name is an
// Invalid fault. A lead that becomes a customer keeps no lead's role.
func (p *Party) SetKind(kind string) error {
	switch kind {
	case "customer", "supplier", "both", "lead":
	default:
		return fault.Field("type", "must be customer, supplier, both or lead")
	}
	p.IsCustomer = kind == "customer" || kind == "both"
	p.IsVendor = kind == "supplier" || kind == "both"
	p.IsLead = kind == "lead"
	return nil
}

// Cursor returns the party's place in a list by name.
func (p Party) Cursor() Cursor { return Cursor{key(p.Name), p.ID} }

// key is how names and e-mails are compared.
func key(s string) string { return strings.ToLower(strings.TrimSpace(s)) }

// digits is how phone numbers are compared.
func digits(s string) string {
	return strings.Map(func(r rune) rune {
		if r >= '0' && r <= '9' {
			return r
		}
		return -1
	}, s)
}

// emailKey is how e-mails are compared: a plus sign that a form turned into a
// space is one again.
func emailKey(s string) string { return strings.ReplaceAll(key(s), " ", "+") }

// tidy completes the names and checks what needs no other row. old is the
// party as stored, nil for a new one.
func (p *Party) tidy(old *Party) error {
	for _, s := range []*string{&p.Number, &p.Name, &p.BusinessName, &p.Prefix, &p.FirstName, &p.MiddleName, &p.LastName, &p.Email} {
		*s = strings.TrimSpace(*s)
	}
	p.joinName(old)
	var flaws []fault.Flaw
	flaw := func(bad bool, field, msg string) {
		if bad {
			flaws = append(flaws, fault.Flaw{Field: field, Msg: msg})
		}
	}
	flaw(p.Name == "", "name", "is required")
	flaw(!p.IsCustomer && !p.IsVendor && !p.IsLead, "type", "must be customer, supplier, both or lead")
	for _, f := range []struct {
		field, value string
		most         int
	}{{"name", p.Name, 255}, {"supplier_business_name", p.BusinessName, 255}, {"contact_id", p.Number, 100}, {"email", p.Email, 255}, {"mobile", p.Mobile, 100},
		{"landline", p.Landline, 100}, {"alternate_number", p.Alternate, 100}} {
		flaw(utf8.RuneCountInString(f.value) > f.most, f.field, fmt.Sprintf("may have at most %d characters", f.most))
	}
	flaw(p.PayTermNumber < 0, "pay_term_number", "must not be negative")
	flaw(p.PayTermType != "" && p.PayTermType != "days" && p.PayTermType != "months", "pay_term_type", "must be days or months")
	flaw(p.CreditLimit != nil && *p.CreditLimit < 0, "credit_limit", "must not be negative")
	flaw(p.BrokerFee != nil && (*p.BrokerFee < 0 || *p.BrokerFee > dec.Int(100)), "broker_fee_percent", "must be between 0 and 100")
	flaw(p.Parent != 0 && p.Parent == p.ID, "parent_id", "would make a circle")
	if p.DOB != "" {
		_, err := time.Parse(time.DateOnly, p.DOB)
		flaw(err != nil, "dob", "must be a date like 2006-01-31")
	}
	return fault.Flaws(flaws)
}

// joinName keeps the name and its parts in step: whichever was changed rules.
func (p *Party) joinName(old *Party) {
	joined := strings.Join(strings.Fields(strings.Join([]string{p.Prefix, p.FirstName, p.MiddleName, p.LastName}, " ")), " ")
	renamed := old != nil && p.Name != old.Name
	sameParts := old != nil && p.Prefix == old.Prefix && p.FirstName == old.FirstName && p.MiddleName == old.MiddleName && p.LastName == old.LastName
	switch {
	case old != nil && sameParts && !renamed:
	case joined == "" && p.Name == "":
		p.Name = p.BusinessName
	case joined != "" && (p.Name == "" || !renamed && !(old == nil && p.Name != "")):
		p.Name = joined
	case joined != p.Name: // the name was given whole
		p.Prefix, p.FirstName, p.MiddleName, p.LastName = "", p.Name, "", ""
	}
}

// Missing is the fault of a party that does not exist.
func missing() error { return fault.Missing("contact") }

// Get returns one party.
func Get(tx *db.Tx, id int64) (Party, error) {
	list, err := GetMany(tx, []int64{id})
	if err != nil || len(list) == 0 {
		if err == nil {
			err = missing()
		}
		return Party{}, err
	}
	return list[0], nil
}

// Lock returns a party that is about to be changed: who else wants to change
// it waits for the end of this transaction.
func Lock(tx *db.Tx, id int64) (Party, error) {
	if _, err := db.All(tx, db.Value[int64], `SELECT id FROM party WHERE org_id = ? AND id = ?`+tx.ForUpdate(), tx.Org, id); err != nil {
		return Party{}, err
	}
	return Get(tx, id)
}
