package connect

import (
	"encoding/json"
	"net/url"
	"strconv"
	"strings"
	"time"

	"storehouse/base/dec"
	"storehouse/base/fault"
)

// Fields maps Zoho's fields to where their values come from, a module each:
// {"Contacts":{"Assistant":"$some constant$","Asst_Phone":"_tracking"}}. A
// value between dollar signs is itself; any other names a meta_data key.
type Fields map[string]map[string]string

// ParseFields reads an extraFieldsMapping; "" is an empty one.
func ParseFields(s string) (Fields, error) {
	f := Fields{}
	if strings.TrimSpace(s) == "" {
		return f, nil
	}
	var raw map[string]map[string]any
	if err := json.Unmarshal([]byte(s), &raw); err != nil {
		return nil, fault.Field("extraFieldsMapping", "must be an object of modules, each an object of fields")
	}
	for module, fields := range raw {
		switch module {
		case "Contacts", "Deals", "Accounts", "SalesOrders":
		default:
			return nil, fault.Field("extraFieldsMapping."+module, "is not one of Contacts, Deals, Accounts, SalesOrders")
		}
		f[module] = map[string]string{}
		for name, v := range fields {
			s, ok := v.(string)
			if !ok || name == "" {
				return nil, fault.Field("extraFieldsMapping."+module+"."+name, "must be a text")
			}
			f[module][name] = s
		}
	}
	return f, nil
}

// put adds a module's extra fields to a record. A meta_data key that the
// order does not have leaves its field alone.
func (f Fields) put(module string, o *Order, r record) record {
	for name, from := range f[module] {
		if len(from) >= 2 && from[0] == '$' && from[len(from)-1] == '$' {
			r[name] = from[1 : len(from)-1]
		} else if v := o.MetaText(from); v != "" {
			r[name] = v
		}
	}
	return r
}

// set leaves empty texts out: they would wipe what people typed in at Zoho.
func set(r record, name, value string) {
	if value != "" {
		r[name] = value
	}
}

func number(d dec.D) json.Number { return json.Number(d.String()) }

// subject names an order in Zoho, where nothing else does so uniquely.
func subject(o *Order) string { return "WooCommerce order " + orderNumber(o) }

func orderNumber(o *Order) string {
	return first(string(o.Number), strconv.FormatInt(int64(o.ID), 10))
}

func crmContact(o *Order, account string) record {
	b := o.Billing
	r := record{"Last_Name": first(string(b.LastName), string(b.FirstName), string(b.Company), string(b.Email), "Guest")}
	if b.LastName != "" {
		set(r, "First_Name", string(b.FirstName))
	}
	set(r, "Email", string(b.Email))
	set(r, "Phone", string(b.Phone))
	set(r, "Mailing_Street", strings.TrimSpace(string(b.Address1)+" "+string(b.Address2)))
	set(r, "Mailing_City", string(b.City))
	set(r, "Mailing_State", string(b.State))
	set(r, "Mailing_Zip", string(b.Postcode))
	set(r, "Mailing_Country", string(b.Country))
	if account != "" {
		r["Account_Name"] = record{"id": account}
	}
	return r
}

// contactSearch finds a customer in the CRM: by e-mail, else by phone.
func contactSearch(o *Order) url.Values {
	switch b := o.Billing; {
	case b.Email != "":
		return url.Values{"email": {string(b.Email)}}
	case b.Phone != "":
		return url.Values{"phone": {string(b.Phone)}}
	}
	return nil
}

func accountName(o *Order) string {
	return first(string(o.Billing.Company), o.Billing.Name(), "Guest")
}

func crmAccount(o *Order) record {
	r := record{"Account_Name": accountName(o)}
	set(r, "Phone", string(o.Billing.Phone))
	set(r, "Billing_Street", strings.TrimSpace(string(o.Billing.Address1)+" "+string(o.Billing.Address2)))
	set(r, "Billing_City", string(o.Billing.City))
	set(r, "Billing_Code", string(o.Billing.Postcode))
	set(r, "Billing_Country", string(o.Billing.Country))
	return r
}

func crmDeal(o *Order, contact, account string, gone bool) record {
	stage := map[string]string{"completed": "Closed Won", "processing": "Negotiation/Review", "cancelled": "Closed Lost", "failed": "Closed Lost",
		"refunded": "Closed Lost", "trash": "Closed Lost"}[orderStatus(o)]
	if gone {
		stage = "Closed Lost"
	}
	r := record{"Deal_Name": subject(o), "Stage": first(stage, "Qualification"), "Amount": number(dec.D(o.Total)), "Closing_Date": day(o.Created())}
	if contact != "" {
		r["Contact_Name"] = record{"id": contact}
	}
	if account != "" {
		r["Account_Name"] = record{"id": account}
	}
	return r
}

func day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.Format(time.DateOnly)
}

func crmProduct(l Item, price dec.D) record {
	r := record{"Product_Name": lineName(l), "Unit_Price": number(price)}
	set(r, "Product_Code", string(l.SKU))
	return r
}

func lineName(l Item) string {
	return first(string(l.Name), string(l.SKU), "Product "+strconv.FormatInt(int64(l.ProductID), 10))
}

// crmOrder is a Sales_Orders record. products holds the CRM's ids, a line
// each; prices are those before coupons, which are the lines' discounts.
func crmOrder(o *Order, contact, account, deal string, products []string, gone bool) (record, error) {
	status := map[string]string{"completed": "Delivered", "processing": "Approved", "cancelled": "Cancelled", "failed": "Cancelled",
		"refunded": "Cancelled", "trash": "Cancelled"}[orderStatus(o)]
	if gone {
		status = "Cancelled"
	}
	r := record{"Subject": subject(o), "Status": first(status, "Created")}
	for name, id := range map[string]string{"Contact_Name": contact, "Account_Name": account, "Deal_Name": deal} {
		if id != "" {
			r[name] = record{"id": id}
		}
	}
	var c dec.Calc
	lines := []record{}
	for i, l := range o.Lines {
		price, off := unitPrice(&c, l)
		d := record{"product": record{"id": products[i]}, "quantity": number(dec.D(l.Quantity)), "list_price": number(price), "product_description": lineName(l)}
		if off > 0 {
			d["Discount"] = number(off)
		}
		if l.TotalTax != 0 {
			d["Tax"] = number(dec.D(l.TotalTax))
		}
		lines = append(lines, d)
	}
	r["Product_Details"] = lines
	extra := c.Add(dec.D(o.ShippingTotal), dec.D(o.ShippingTax))
	for _, f := range o.Fees {
		extra = c.Add(extra, dec.D(f.Total), dec.D(f.TotalTax))
	}
	if extra != 0 {
		r["Adjustment"] = number(extra)
	}
	set(r, "Description", string(o.CustomerNote))
	for prefix, a := range map[string]Address{"Billing_": o.Billing, "Shipping_": o.Shipping} {
		set(r, prefix+"Street", strings.TrimSpace(string(a.Address1)+" "+string(a.Address2)))
		set(r, prefix+"City", string(a.City))
		set(r, prefix+"State", string(a.State))
		set(r, prefix+"Code", string(a.Postcode))
		set(r, prefix+"Country", string(a.Country))
	}
	return r, c.Err()
}

// unitPrice returns what one unit of a line costs before coupons, and what
// coupons take off the whole line.
func unitPrice(c *dec.Calc, l Item) (price, off dec.D) {
	sub := dec.D(l.Subtotal)
	if sub == 0 {
		sub = dec.D(l.Total)
	}
	if l.Quantity != 0 {
		price = c.Div(sub, dec.D(l.Quantity))
	}
	return price, c.Sub(sub, dec.D(l.Total))
}

func inventoryAddress(a Address) record {
	r := record{}
	set(r, "attention", a.Name())
	set(r, "address", string(a.Address1))
	set(r, "street2", string(a.Address2))
	set(r, "city", string(a.City))
	set(r, "state", string(a.State))
	set(r, "zip", string(a.Postcode))
	set(r, "country", string(a.Country))
	return r
}

func inventoryContact(o *Order) record {
	b := o.Billing
	person := record{"is_primary_contact": true}
	set(person, "first_name", string(b.FirstName))
	set(person, "last_name", string(b.LastName))
	set(person, "email", string(b.Email))
	set(person, "phone", string(b.Phone))
	return record{"contact_name": contactName(o), "contact_type": "customer", "contact_persons": []record{person},
		"billing_address": inventoryAddress(b), "shipping_address": inventoryAddress(o.Shipping)}
}

// contactName tells two customers of one name apart by their e-mail
// addresses: Inventory wants the name unique.
func contactName(o *Order) string {
	name := first(o.Billing.Name(), "Guest of order "+orderNumber(o))
	if e := string(o.Billing.Email); e != "" && e != name {
		name += " <" + e + ">"
	}
	return name
}

// inventoryOrder is a salesorder document. items holds Inventory's ids, a
// line each.
func inventoryOrder(o *Order, customer string, items []string) (record, error) {
	var c dec.Calc
	lines := []record{}
	for i, l := range o.Lines {
		price, off := unitPrice(&c, l)
		d := record{"item_id": items[i], "name": lineName(l), "quantity": number(dec.D(l.Quantity)), "rate": number(price)}
		if off > 0 {
			d["discount"] = number(off)
		}
		lines = append(lines, d)
	}
	fees := dec.D(0)
	for _, f := range o.Fees {
		fees = c.Add(fees, dec.D(f.Total), dec.D(f.TotalTax))
	}
	r := record{"customer_id": customer, "salesorder_number": salesOrderNumber(o), "reference_number": strconv.FormatInt(int64(o.ID), 10),
		"line_items": lines, "discount_type": "item_level", "is_discount_before_tax": true,
		"shipping_charge": number(c.Add(dec.D(o.ShippingTotal), dec.D(o.ShippingTax)))}
	set(r, "date", day(o.Created()))
	set(r, "notes", string(o.CustomerNote))
	if fees != 0 {
		r["adjustment"], r["adjustment_description"] = number(fees), "Fees"
	}
	return r, c.Err()
}

func salesOrderNumber(o *Order) string { return "WOO-" + orderNumber(o) }

func orderStatus(o *Order) string {
	return strings.TrimPrefix(strings.ToLower(string(o.Status)), "wc-")
}

// linePrice is what one unit of a line costs before coupons; 0 when that is
// out of range.
func linePrice(l Item) dec.D {
	var c dec.Calc
	price, _ := unitPrice(&c, l)
	if c.Err() != nil {
		return 0
	}
	return price
}
