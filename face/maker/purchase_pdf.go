package maker

import (
	"net/http"
	"strings"

	"storehouse/core/catalog"
	"storehouse/core/doc"
	"storehouse/core/org"
	"storehouse/core/party"
	"storehouse/core/supply"
	"storehouse/face/web"
)

// purchasePDF draws an order as a buyer sends it to a vendor.
func purchasePDF(c *web.Call, in pathID) (web.Raw, error) {
	o, err := purchaseAt(c, in)
	if err != nil {
		return web.Raw{}, err
	}
	p, err := purchasePaper(c, o)
	if err != nil {
		return web.Raw{}, err
	}
	if err := p.Sum(); err != nil {
		return web.Raw{}, err
	}
	pdf, err := p.PDF()
	return web.Raw{Type: "application/pdf", Body: pdf,
		Header: http.Header{"Content-Disposition": {`inline; filename="` + strings.NewReplacer(`"`, "", "/", "-", "\\", "-").Replace(o.Number) + `.pdf"`}}}, err
}

func purchasePaper(c *web.Call, o supply.Order) (doc.PurchaseOrder, error) {
	set, err := org.LoadSettings(c.Tx)
	if err != nil {
		return doc.PurchaseOrder{}, err
	}
	buyer, err := org.Get(c.Tx)
	if err != nil {
		return doc.PurchaseOrder{}, err
	}
	vendor, err := party.Get(c.Tx, o.Vendor)
	if err != nil {
		return doc.PurchaseOrder{}, err
	}
	p := doc.PurchaseOrder{Format: doc.FormatOf(set), Number: o.Number, Status: string(o.State), Ordered: o.PlacedAt, Expected: o.ExpectedAt,
		Terms: vendor.Term, Made: c.Now, Shipping: o.Shipping, Setup: o.Setup, Other: o.Other, Notes: o.Notes}
	if p.Ordered.IsZero() {
		p.Ordered = o.CreatedAt
	}
	p.Vendor = doc.Contact{Name: vendor.Name, Phone: vendor.Mobile, Email: vendor.Email, TaxNumber: vendor.TaxNumber,
		Lines: lines(vendor.Address, place(vendor.City, vendor.State, vendor.Zip), vendor.Country)}
	at := o.Location
	if at == 0 {
		at = set.DefaultLocation
	}
	if at != 0 {
		l, err := org.GetLocation(c.Tx, at)
		if err != nil {
			return p, err
		}
		p.ShipTo = doc.Contact{Name: l.Name, Phone: l.Mobile, Email: l.Email, Lines: lines(l.Address, place(l.City, l.State, l.ZipCode), l.Country)}
	}
	if p.Buyer, err = buyerOf(c, buyer, set); err != nil {
		return p, err
	}
	return p, purchaseLines(c, o, &p)
}

// buyerOf is the organization at the head of the paper, at the address of its
// default location.
func buyerOf(c *web.Call, o org.Organization, set org.Settings) (doc.Contact, error) {
	b := doc.Contact{Name: o.Name, TaxNumber: set.TaxNumber1}
	if set.DefaultLocation == 0 {
		return b, nil
	}
	l, err := org.GetLocation(c.Tx, set.DefaultLocation)
	b.Lines, b.Phone, b.Email = lines(l.Address, place(l.City, l.State, l.ZipCode), l.Country), l.Mobile, l.Email
	return b, err
}

func purchaseLines(c *web.Call, o supply.Order, p *doc.PurchaseOrder) error {
	ids := make([]int64, len(o.Lines))
	for n, l := range o.Lines {
		ids[n] = l.Item
	}
	items, err := catalog.GetItems(c.Tx, ids)
	for _, l := range o.Lines {
		i := items[l.Item]
		p.Lines = append(p.Lines, doc.OrderLine{Code: i.Code, Name: i.Name, Quantity: l.Quantity, UnitCost: l.UnitCost})
	}
	return err
}

func lines(all ...string) []string {
	var out []string
	for _, s := range all {
		if s != "" {
			out = append(out, s)
		}
	}
	return out
}

// place is a line of an address: "Leeds, West Yorkshire LS1 4AP".
func place(city, state, zip string) string {
	s := strings.Join(lines(city, state), ", ")
	return strings.TrimSpace(s + " " + zip)
}
