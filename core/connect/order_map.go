package connect

import (
	"strings"

	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/money"
	"storehouse/core/party"
	"storehouse/core/sale"
)

// payNote begins the notes of payments that a shop reported, so that those
// recorded here by hand are left alone.
const payNote = "WooCommerce"

// known is what an order's lines are matched with.
type known struct {
	byCode map[string]catalog.Item
	byWoo  map[int64]catalog.Item // by the shop's id of the product or variation
}

func (k known) find(l Item) (catalog.Item, bool) {
	if l.SKU != "" {
		i, ok := k.byCode[string(l.SKU)]
		return i, ok
	}
	for _, id := range []int64{int64(l.VariationID), int64(l.ProductID)} {
		if i, ok := k.byWoo[id]; ok && id != 0 {
			return i, true
		}
	}
	return catalog.Item{}, false
}

// state returns where a shop's order stands in the order book. Statuses that
// plugins add are taken for orders being worked on once they are paid.
func (o *Order) state(gone bool) sale.State {
	if gone {
		return sale.Rejected
	}
	switch orderStatus(o) {
	case "pending", "on-hold":
		return sale.Received
	case "processing":
		return sale.Entered
	case "completed", "shipped", "delivered":
		if o.Paid().IsZero() {
			return sale.Invoiced // handed over and still owed
		}
		return sale.Completed
	case "cancelled", "failed", "trash":
		return sale.Rejected
	case "refunded":
		if !o.keeps() {
			return sale.Rejected
		}
		return sale.Completed // and worth nothing
	}
	if o.Paid().IsZero() {
		return sale.Received
	}
	return sale.Entered
}

// isDraft reports whether the order is still somebody's cart.
func (o *Order) isDraft() bool {
	switch orderStatus(o) {
	case "checkout-draft", "auto-draft", "draft", "new":
		return true
	}
	return false
}

// head spells an order as a sale, without its state. What was given back
// makes the sale worth less: it is no longer owed.
func (o *Order) head(calc *dec.Calc) (sale.Head, *dec.D) {
	h := sale.Head{Origin: sale.Shop, Source: "woocommerce", WooCommerceOrderID: int64(o.ID), Currency: strings.ToUpper(string(o.Currency)),
		SoldAt: o.Created(), SaleNote: string(o.CustomerNote), ShippingAddress: o.Shipping.Lines()}
	if h.ShippingAddress == "" {
		h.ShippingAddress = o.Billing.Lines()
	}
	var coupons, methods []string
	for _, c := range o.Coupons {
		coupons = append(coupons, string(c.Code))
	}
	for _, s := range o.ShippingLines {
		methods = append(methods, string(s.Title))
	}
	h.Coupons, h.ShippingDetails = strings.Join(coupons, ","), strings.Join(methods, ", ")
	h.ShippingCharges = calc.Add(dec.D(o.ShippingTotal), dec.D(o.ShippingTax))
	for _, f := range o.Fees {
		h.Fees = calc.Add(h.Fees, dec.D(f.Total), dec.D(f.TotalTax))
	}
	if h.ShippingCharges < 0 { // a plugin's discount on shipping
		h.Fees, h.ShippingCharges = calc.Add(h.Fees, h.ShippingCharges), 0
	}
	back := o.refunded(calc)
	h.Fees = calc.Sub(h.Fees, back)
	total := calc.Sub(dec.D(o.Total), back)
	return h, &total
}

// refunded returns what was given back, at most the order's total.
func (o *Order) refunded(calc *dec.Calc) dec.D {
	var sum dec.D
	for _, r := range o.Refunds {
		sum = calc.Add(sum, dec.D(r.Total).Abs())
	}
	if orderStatus(o) == "refunded" && sum == 0 {
		sum = dec.D(o.Total)
	}
	return min(sum, dec.D(o.Total))
}

// lines spells the order's lines and counts those whose SKU is not known.
// What is no goods (a negative price, as plugins' discounts are) is returned
// as fees, and so is the worth of goods that came back: it is no longer in the
// lines, and has been given back.
func (o *Order) lines(calc *dec.Calc, k known) (list []sale.DraftLine, unmatched int64, fees dec.D) {
	rejected := o.state(false) == sale.Rejected
	for _, l := range o.Lines {
		q := dec.D(l.Quantity)
		if q <= 0 || l.Total < 0 || l.Subtotal < 0 {
			fees = calc.Add(fees, dec.D(l.Total), dec.D(l.TotalTax))
			continue
		}
		price, _ := unitPrice(calc, l)
		price = calc.Round(price, 4)
		after := calc.Round(calc.Div(dec.D(l.Total), q), 4)
		tax := max(0, calc.Round(calc.Div(dec.D(l.TotalTax), q), 4))
		if price < after { // a surcharge
			price = after
		}
		kept := q
		if !rejected {
			kept = o.kept(l)
			fees = calc.Add(fees, returnedWorth(calc, l, kept))
		}
		if kept == 0 {
			list = append(list, returnedLine(l))
			continue
		}
		d := sale.DraftLine{LineHead: sale.LineHead{Name: lineName(l), Quantity: kept, WooCommerceLineID: int64(l.ID),
			Discount: sale.Off{Type: sale.FixedOff, Amount: calc.Sub(price, after)}}, Price: &price, TaxGiven: &tax}
		if item, ok := k.find(l); ok {
			d.Item = item.ID
		} else {
			d.SKU = shopSKU(l)
			unmatched++
		}
		list = append(list, d)
	}
	return list, unmatched, fees
}

// shopSKU is what an unknown line is kept under: its SKU, or the shop's id of
// the product where it has none.
func shopSKU(l Item) string {
	id := l.VariationID
	if id == 0 {
		id = l.ProductID
	}
	return first(string(l.SKU), "woo:"+text0(int64(id)))
}

// payments returns what the shop says was paid, and what was given back.
func (o *Order) payments(calc *dec.Calc) (paid []money.Payment, back dec.D) {
	at := o.Paid()
	if at.IsZero() || o.Total <= 0 {
		return nil, 0
	}
	p := money.Payment{Amount: dec.D(o.Total), Method: payMethod(string(o.PaymentMethod)), PaidOn: at, TransactionNo: cut(string(o.TransactionID), 100),
		Note: strings.TrimSpace(payNote + " " + first(string(o.PaymentTitle), string(o.PaymentMethod)))}
	return []money.Payment{p}, o.refunded(calc)
}

func payMethod(gateway string) string {
	switch g := strings.ToLower(gateway); {
	case g == "cod":
		return "cash"
	case g == "bacs":
		return "bank_transfer"
	case g == "cheque":
		return "cheque"
	case strings.Contains(g, "stripe"), strings.Contains(g, "card"), strings.Contains(g, "woocommerce_payments"), strings.Contains(g, "square"):
		return "card"
	}
	return "other"
}

// customer spells who ordered.
func (o *Order) customer() party.Party {
	b := o.Billing
	p := party.Party{IsCustomer: true, IsActive: true, FirstName: cut(string(b.FirstName), 191), LastName: cut(string(b.LastName), 191), BusinessName: cut(string(b.Company), 255),
		Name: cut(first(b.Name(), "Guest of order "+orderNumber(o)), 255), Email: strings.ToLower(string(b.Email)), Mobile: cut(string(b.Phone), 50),
		Address: string(b.Address1), Address2: string(b.Address2), City: string(b.City), State: string(b.State), Country: string(b.Country),
		Zip: string(b.Postcode), ShippingAddress: o.Shipping.Lines()}
	if strings.Count(p.Email, "@") != 1 || strings.ContainsAny(p.Email, " ,;<>") {
		p.Email = "" // an address that nobody can write to finds nobody either
	}
	return p
}

func cut(s string, most int) string {
	if r := []rune(s); len(r) > most {
		return string(r[:most])
	}
	return s
}

// stamps says when the order came into its states, as far as the shop knows.
func (o *Order) stamps(h *sale.Head) {
	h.PlacedAt = o.Created()
	if t := o.Completed(); !t.IsZero() {
		h.CompletedAt = t
	}
}

// check refuses what no sale can hold.
func (o *Order) check() error {
	if o.Total < 0 {
		return fault.Field("total", "must not be negative")
	}
	if y := o.Created().Year(); !o.Created().IsZero() && (y < 1970 || y > 9998) {
		return fault.Field("date_created", "is out of range")
	}
	return nil
}
