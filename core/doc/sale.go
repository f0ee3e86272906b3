package doc

import (
	"strings"
	"time"
	"unicode"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/dining"
	"storehouse/core/lookup"
	"storehouse/core/money"
	"storehouse/core/org"
	"storehouse/core/party"
	"storehouse/core/sale"
)

// ReceiptOf returns the receipt of a sale with its lines and payments, in a
// fixed number of statements. The organization's settings name no language;
// its name's script tells how the paper is read.
func ReceiptOf(tx *db.Tx, s sale.Sale) (Receipt, error) {
	set, err := org.LoadSettings(tx)
	if err != nil {
		return Receipt{}, err
	}
	r := Receipt{Format: FormatOf(set), Number: s.Number, Date: s.SoldAt, Notes: s.SaleNote}
	if s.Currency != "" && s.Currency != set.Currency && s.ExchangeRate == dec.One { // else it has been converted
		r.Format.Symbol = s.Currency
	}
	if err := r.people(tx, s, set); err != nil {
		return Receipt{}, err
	}
	taxes, err := catalog.Taxes(tx)
	if err != nil {
		return Receipt{}, err
	}
	if err := r.goods(tx, s, taxes); err != nil {
		return Receipt{}, err
	}
	return r, r.figures(s, taxes)
}

// people fills in the shop, the customer and the cashier.
func (r *Receipt) people(tx *db.Tx, s sale.Sale, set org.Settings) error {
	o, err := org.Get(tx)
	if err != nil {
		return err
	}
	at, err := org.GetLocation(tx, s.Location)
	if err != nil {
		return err
	}
	customer, err := party.Get(tx, s.Party)
	if err != nil {
		return err
	}
	names, err := org.UserNames(tx, s.CreatedBy)
	if err != nil {
		return err
	}
	r.Lang, r.RTL = readAs(o.Name)
	r.Shop = Contact{Name: o.Name, Phone: at.Mobile, Email: at.Email, TaxNumber: strings.TrimSpace(set.TaxLabel1 + " " + set.TaxNumber1),
		Lines: filled(at.Name, at.Address, strings.Join(filled(at.City, at.State, at.ZipCode), ", "), at.Country)}
	if set.TaxNumber1 == "" {
		r.Shop.TaxNumber = ""
	}
	r.Customer = Contact{Name: customer.Name, Phone: customer.Mobile, TaxNumber: customer.TaxNumber,
		Lines: filled(customer.Address, strings.Join(filled(customer.City, customer.State, customer.Zip), ", "), customer.Country)}
	r.Details = []Detail{{r.say("Cashier"), names[s.CreatedBy]}}
	if s.Table != 0 {
		t, err := dining.GetTable(tx, s.Table)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		r.Details = append(r.Details, Detail{r.say("Table"), t.Name})
	}
	if s.ServiceType != 0 {
		e, err := lookup.Get(tx, lookup.ServiceType, s.ServiceType)
		if err != nil && !fault.Is(err, fault.NotFound) {
			return err
		}
		r.Details = append(r.Details, Detail{r.say("Service"), e.Name})
	}
	if s.ShippingAddress != "" { // who carries it reads it here
		r.Details = append(r.Details, Detail{r.say("Ship to"), brief(s.ShippingAddress, 300)})
	}
	switch {
	case s.SubStatus == sale.Quotation:
		r.Heading = r.say("Quotation")
	case s.SubStatus == sale.Proforma:
		r.Heading = r.say("Proforma")
	case s.Status == sale.Draft:
		r.Heading = r.say("Draft")
	}
	return nil
}

// readAs guesses language and direction from a name.
func readAs(name string) (lang string, rtl bool) {
	for _, l := range name {
		switch {
		case unicode.Is(unicode.Arabic, l):
			return "ar", true
		case unicode.Is(unicode.Hebrew, l):
			return "he", true
		case unicode.In(l, unicode.Hiragana, unicode.Katakana):
			return "ja", false
		}
	}
	return "", false
}

func filled(list ...string) (out []string) {
	for _, s := range list {
		if strings.TrimSpace(s) != "" {
			out = append(out, s)
		}
	}
	return out
}

// goods fills in the lines. What a combo is made of is not told.
func (r *Receipt) goods(tx *db.Tx, s sale.Sale, taxes map[int64]catalog.Tax) error {
	var items []int64
	for _, l := range s.Lines {
		if l.Item != 0 {
			items = append(items, l.Item)
		}
	}
	known, _, err := catalog.Sellables(tx, items, nil)
	if err != nil {
		return err
	}
	units, err := catalog.Units(tx)
	if err != nil {
		return err
	}
	var c dec.Calc
	at := map[int64]int{}         // where the line of an id stands
	included := map[int64]dec.D{} // tax in the lines, by tax
	var order []int64
	for _, l := range s.Lines {
		if l.Children == sale.Combo {
			continue
		}
		line := receiptLine(&c, l, known[l.Item], units)
		if l.Tax != 0 && l.ItemTax != 0 {
			if _, ok := included[l.Tax]; !ok {
				order = append(order, l.Tax)
			}
			included[l.Tax] = c.Add(included[l.Tax], c.Mul(l.ItemTax, l.Quantity))
		}
		if i, ok := at[l.Parent]; ok && l.Children == sale.Modifier {
			r.Lines[i].Modifiers = append(r.Lines[i].Modifiers, line)
			continue
		}
		at[l.ID] = len(r.Lines)
		r.Lines = append(r.Lines, line)
	}
	for _, id := range order {
		r.Included = append(r.Included, Charge{taxes[id].Name, c.Round(included[id], r.Format.Places)})
	}
	return c.Err()
}

// receiptLine tells a line in the unit that it was sold in. The unit price
// holds the tax and not the discount, so that quantity × price − discount is
// the total.
func receiptLine(c *dec.Calc, l sale.Line, k catalog.Sellable, units map[int64]catalog.Unit) ReceiptLine {
	out := ReceiptLine{Name: k.ProductName, Code: k.Code, Note: l.Note, Quantity: l.Quantity, Total: l.Amount}
	switch {
	case l.Item == 0:
		out.Name, out.Code = l.Name, l.SKU
	case out.Name == "":
		out.Name = k.Name
	case k.ProductType == catalog.Modifier:
		out.Name = k.Name
	case k.VariationName != "" && k.VariationName != "DUMMY":
		out.Name += " – " + k.VariationName
	}
	per := dec.One
	if l.SubUnit != 0 && l.Multiplier > 0 {
		per = l.Multiplier
		out.Quantity = c.Div(l.Quantity, per)
	}
	if u, ok := units[l.SubUnit]; ok {
		out.Unit = u.ShortName
	} else if u, ok := units[k.Unit]; ok {
		out.Unit = u.ShortName
	}
	off := c.Sub(l.PriceBefore, l.UnitPrice)
	out.UnitPrice = c.Round(c.Mul(c.Add(l.UnitPriceIncTax, off), per), 4)
	out.Discount = c.Round(c.Mul(off, l.Quantity), 4)
	return out
}

// figures fills in what stands below the lines.
func (r *Receipt) figures(s sale.Sale, taxes map[int64]catalog.Tax) error {
	var c dec.Calc
	part := func(percent bool, amount dec.D) dec.D {
		if percent {
			return c.Round(c.Percent(s.Subtotal, amount), 4)
		}
		return amount
	}
	r.Subtotal, r.Shipping, r.RoundOff, r.Redeemed, r.Total = s.Subtotal, s.ShippingCharges, s.RoundOff, s.RedeemedAmount, s.Total
	r.Discount = part(s.Discount.Type == sale.PercentOff, s.Discount.Amount)
	if s.Discount.Type == sale.PercentOff {
		r.DiscountLabel = r.say("Discount") + " " + r.Format.Quantity(s.Discount.Amount) + "%"
	}
	if s.TaxAmount != 0 {
		r.Taxes = []Charge{{taxes[s.Tax].Name, s.TaxAmount}}
		if taxes[s.Tax].Name == "" {
			r.Taxes[0].Label = r.say("Tax")
		}
	}
	r.Packing = part(s.PackingChargeType == "percent" || s.PackingChargeType == sale.PercentOff, s.PackingCharge)
	r.Charges = []Charge{{r.say("Fees"), s.Fees}}
	for _, p := range s.Payments {
		if p.IsReturn {
			r.Change = c.Add(r.Change, p.Amount)
			continue
		}
		r.Payments = append(r.Payments, Charge{r.method(p), p.Amount})
	}
	if left := s.Left(); s.Status == sale.Final && left > 0 {
		r.Due = left
		if !s.DueAt.IsZero() {
			r.Details = append(r.Details, Detail{r.say("Pay by"), r.Format.Day(s.DueAt.Add(-time.Second))}) // the end of that day
		}
	}
	return c.Err()
}

// methods are the ways of paying, as a customer reads them.
var methods = map[string]string{"cash": "Cash", "card": "Card", "cheque": "Cheque", "bank_transfer": "Bank transfer", "advance": "Advance", "other": "Other"}

func (r *Receipt) method(p money.Payment) string {
	if name, ok := methods[p.Method]; ok {
		return r.say(name)
	}
	return strings.ReplaceAll(p.Method, "_", " ")
}
