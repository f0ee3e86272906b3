package maker

import (
	"cmp"
	"net/http"
	"strings"
	"time"

	"storehouse/base/dec"
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
	p := doc.PurchaseOrder{Format: orderFormat(set), Number: o.Number, Status: string(o.State),
		Terms: vendor.Term, Made: c.Now, Shipping: o.Shipping, Setup: o.Setup, Other: o.Other, Notes: o.Notes}
	p.Ordered, p.Expected = onDay(o.PlacedAt, p.Format.Zone), onDay(o.ExpectedAt, p.Format.Zone)
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

// orderFormat is the organization's, but for quantities: what is ordered is
// printed to the last digit.
func orderFormat(set org.Settings) doc.Format {
	f := doc.FormatOf(set)
	f.QuantityPlaces = dec.Places
	return f
}

// onDay returns a time of which only the date was given, which is kept as the
// start of that day in UTC, as a time of the same date in zone: a date is
// printed as it was sent, wherever the organization is.
func onDay(t time.Time, zone *time.Location) time.Time {
	if t = t.UTC(); t.IsZero() || !t.Equal(t.Truncate(24*time.Hour)) {
		return t
	}
	return time.Date(t.Year(), t.Month(), t.Day(), 12, 0, 0, 0, zone)
}

// buyerOf is the organization at the head of the paper: its legal name, its
// address and how to reach it. One that has told no address of its own is at
// its default location.
func buyerOf(c *web.Call, o org.Organization, set org.Settings) (doc.Contact, error) {
	b := doc.Contact{Name: o.Name, TaxNumber: set.TaxNumber1, Phone: o.ContactPhone, Email: o.ContactEmail,
		Lines: lines(o.Address, place(o.City, o.State, o.ZipCode), o.Country)}
	var l org.Location
	if set.DefaultLocation != 0 {
		var err error
		if l, err = org.GetLocation(c.Tx, set.DefaultLocation); err != nil {
			return b, err
		}
	}
	if len(b.Lines) == 0 {
		b.Lines = lines(l.Address, place(l.City, l.State, l.ZipCode), l.Country)
	}
	b.Phone, b.Email = cmp.Or(b.Phone, l.Mobile), cmp.Or(b.Email, l.Email)
	if o.LegalName != "" && o.LegalName != o.Name {
		b.Lines = append([]string{o.LegalName}, b.Lines...)
	}
	return b, nil
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
