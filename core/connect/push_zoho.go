package connect

import (
	"errors"
	"net/http"
	"net/url"
	"strconv"
	"strings"
)

// inventory pushes the order to Zoho Inventory: the customer, the items, the
// sales order, and its confirmation or its end.
func (p *pusher) inventory() error {
	const system = "inventory"
	customer, err := p.once(system, "contact", customerKey(p.o), false, func(string) (string, error) { return p.inventoryCustomer() })
	if err != nil {
		return err
	}
	items := make([]string, len(p.o.Lines))
	for i, l := range p.o.Lines {
		if items[i], err = p.once(system, "product", productKey(l), false, func(string) (string, error) { return p.inventoryItem(l) }); err != nil {
			return err
		}
	}
	order, err := p.once(system, "order", p.key, true, func(id string) (string, error) { return p.inventoryOrder(id, customer, items) })
	if err != nil {
		return err
	}
	return p.inventoryStatus(order)
}

func (p *pusher) inventoryCustomer() (string, error) {
	z, o := p.h.Zoho, p.o
	query := url.Values{"contact_type": {"customer"}, "status": {"active"}}
	fits := func(r inventoryRow) bool { return strings.EqualFold(string(r.ContactName), contactName(o)) }
	if e := string(o.Billing.Email); e != "" {
		query.Set("email", e)
		fits = func(r inventoryRow) bool { return r.Email == "" || strings.EqualFold(string(r.Email), e) }
	} else {
		query.Set("contact_name", contactName(o))
	}
	id, err := z.inventoryFind(p.ctx, p.g, "contacts", query, fits)
	if err != nil || id != "" {
		return id, err
	}
	return z.inventorySave(p.ctx, p.g, "contacts", "", "contact", nil, inventoryContact(o))
}

// inventoryItem finds a line's item and makes the one that Zoho lacks: an
// order is never dropped for it.
func (p *pusher) inventoryItem(l Item) (string, error) {
	z := p.h.Zoho
	query, fits := url.Values{"sku": {string(l.SKU)}}, func(r inventoryRow) bool { return r.SKU == "" || strings.EqualFold(string(r.SKU), string(l.SKU)) }
	if l.SKU == "" {
		query, fits = url.Values{"name": {lineName(l)}}, func(r inventoryRow) bool { return strings.EqualFold(string(r.Name), lineName(l)) }
	}
	id, err := z.inventoryFind(p.ctx, p.g, "items", query, fits)
	if err != nil || id != "" {
		return id, err
	}
	r := record{"name": lineName(l), "rate": number(linePrice(l)), "product_type": "goods"}
	set(r, "sku", string(l.SKU))
	return z.inventorySave(p.ctx, p.g, "items", "", "item", nil, r)
}

func (p *pusher) inventoryOrder(id, customer string, items []string) (string, error) {
	z := p.h.Zoho
	doc, err := inventoryOrder(p.o, customer, items)
	if err != nil {
		return "", err
	}
	p.fields.put("SalesOrders", p.o, doc)
	if id == "" {
		want := salesOrderNumber(p.o)
		id, err = z.inventoryFind(p.ctx, p.g, "salesorders", url.Values{"salesorder_number": {want}}, func(r inventoryRow) bool {
			return string(r.Number) == want || (r.Number == "" && string(r.Reference) == p.key)
		})
		if err != nil {
			return "", err
		}
	}
	if id != "" && p.links["inventory/void/"+p.key] != "" {
		return id, nil // a void order takes no changes
	}
	query := url.Values{}
	if id == "" {
		query.Set("ignore_auto_number_generation", "true")
	}
	got, err := z.inventorySave(p.ctx, p.g, "salesorders", id, "salesorder", query, doc)
	if e, ok := errors.AsType[*ZohoError](err); ok && id != "" && (e.Status == http.StatusNotFound || e.Code == "1002" || e.Code == "36005") {
		return z.inventorySave(p.ctx, p.g, "salesorders", "", "salesorder", url.Values{"ignore_auto_number_generation": {"true"}}, doc)
	}
	return got, err
}

// inventoryStatus confirms an order that is being worked on and voids one that
// came to nothing, once each.
func (p *pusher) inventoryStatus(order string) error {
	status, link := "", ""
	switch orderStatus(p.o) {
	case "processing", "completed":
		status, link = "confirmed", "confirmed"
	case "cancelled", "failed", "refunded", "trash":
		status, link = "void", "void"
	}
	if p.gone {
		status, link = "void", "void"
	}
	if status == "" {
		return nil
	}
	_, err := p.once("inventory", link, p.key, false, func(string) (string, error) {
		err := p.h.Zoho.inventory(p.ctx, p.g, http.MethodPost, "salesorders/"+order+"/status/"+status, nil, nil, "", nil)
		if e, ok := errors.AsType[*ZohoError](err); ok && !e.Temporary() && e.Status == http.StatusBadRequest {
			err = nil // it has that status already
		}
		return status, err
	})
	return err
}

// crm pushes the order to Zoho CRM: account, contact, deal, products and the
// sales order, as far as the shop asked for them.
func (p *pusher) crm() error {
	const system = "crm"
	z, o := p.h.Zoho, p.o
	account, deal := "", ""
	var err error
	if p.user.CreateAccount {
		name := accountName(o)
		if account, err = p.once(system, "account", strings.ToLower(name), true, func(id string) (string, error) {
			return z.crmSave(p.ctx, p.g, "Accounts", id, "Account_Name", equals("Account_Name", name), p.fields.put("Accounts", o, crmAccount(o)))
		}); err != nil {
			return err
		}
	}
	contact, err := p.once(system, "contact", customerKey(o), true, func(id string) (string, error) {
		unique := ""
		if o.Billing.Email != "" {
			unique = "Email"
		}
		return z.crmSave(p.ctx, p.g, "Contacts", id, unique, contactSearch(o), p.fields.put("Contacts", o, crmContact(o, account)))
	})
	if err != nil {
		return err
	}
	if p.user.CreatePotential {
		if deal, err = p.once(system, "deal", p.key, true, func(id string) (string, error) {
			return z.crmSave(p.ctx, p.g, "Deals", id, "Deal_Name", equals("Deal_Name", subject(o)), p.fields.put("Deals", o, crmDeal(o, contact, account, p.gone)))
		}); err != nil {
			return err
		}
	}
	products, err := p.crmProducts()
	if err != nil {
		return err
	}
	doc, err := crmOrder(o, contact, account, deal, products, p.gone)
	if err != nil {
		return err
	}
	_, err = p.once(system, "order", p.key, true, func(id string) (string, error) {
		return z.crmSave(p.ctx, p.g, "Sales_Orders", id, "Subject", equals("Subject", subject(o)), p.fields.put("SalesOrders", o, doc))
	})
	return err
}

// crmProducts returns the CRM's product of each line. Unknown ones are made,
// or the order could not be; known ones are brought up to date only when the
// shop asked for products.
func (p *pusher) crmProducts() ([]string, error) {
	z := p.h.Zoho
	ids := make([]string, len(p.o.Lines))
	for i, l := range p.o.Lines {
		id, err := p.once("crm", "product", productKey(l), p.user.CreateProducts, func(id string) (string, error) {
			search, unique := equals("Product_Code", string(l.SKU)), "Product_Code"
			if l.SKU == "" {
				search, unique = equals("Product_Name", lineName(l)), "Product_Name"
			}
			if !p.user.CreateProducts {
				if found, err := z.crmSearch(p.ctx, p.g, "Products", search); err != nil || found != "" {
					return found, err
				}
				search = nil
			}
			return z.crmSave(p.ctx, p.g, "Products", id, unique, search, crmProduct(l, linePrice(l)))
		})
		if err != nil {
			return nil, err
		}
		ids[i] = id
	}
	return ids, nil
}

// LeadArgs spells what a LeadKind job needs.
func LeadArgs(source, lead int64, status string) string {
	return strconv.FormatInt(source, 10) + "/" + strconv.FormatInt(lead, 10) + "/" + status
}
