package sale

import (
	"fmt"
	"slices"
	"time"
	"unicode/utf8"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/lookup"
)

// limits on what a caller may send.
const (
	maxNumber = 191  // characters of an invoice number
	maxLines  = 5000 // of one sale
	maxText   = 65535
)

// build checks a draft and returns the sale that it asks for, priced, without
// ids and number.
func (w *world) build(tx *db.Tx, g *goods, d New) (Sale, error) {
	s := Sale{Head: d.Head, CreatedBy: tx.Actor, CreatedAt: tx.Now, UpdatedAt: tx.Now}
	w.packing(&s, d.PackingGiven || d.PackingCharge != 0 || d.RecurParent != 0)
	if err := w.checkHead(tx, &s); err != nil {
		return s, err
	}
	if err := w.buildLines(tx, g, &s, d.Lines); err != nil {
		return s, err
	}
	return s, w.price(&s, d)
}

// packing fills in what a sale's type of service takes for packing. Its own
// charge comes with its own way of charging, unless a charge was given.
func (w *world) packing(s *Sale, given bool) {
	t, ok := w.lookups[s.ServiceType]
	if !ok || s.ServiceType == 0 {
		return
	}
	if !given {
		s.PackingCharge, s.PackingChargeType = t.packing, t.calculation
	} else if s.PackingChargeType == "" {
		s.PackingChargeType = t.calculation
	}
}

// price works out the sale's figures from its lines.
func (w *world) price(s *Sale, d New) error {
	if s.RedeemedPoints > 0 && s.RedeemedAmount == 0 {
		amount, err := s.RedeemedPoints.Mul(w.settings.Points.RedeemValue)
		if err != nil {
			return fault.Field("rp_redeemed", "is too big")
		}
		s.RedeemedAmount = amount
	}
	if s.RedeemedPoints == 0 && s.RedeemedAmount != 0 {
		return fault.Field("rp_redeemed_amount", "needs rp_redeemed")
	}
	if err := priceSale(s, w.taxes[s.Tax], int(w.settings.CurrencyPlaces)); err != nil {
		return err
	}
	if p := w.settings.Points; s.RedeemedPoints > 0 && s.Origin != Loyalty && s.Status == Final && s.Subtotal < p.RedeemMinOrder {
		return fault.Field("rp_redeemed", "needs a sale of at least %s", p.RedeemMinOrder)
	}
	if d.GivenTotal != nil {
		off, err := d.GivenTotal.Sub(s.Total)
		if err != nil || *d.GivenTotal < 0 {
			return fault.Field("final_total", "is out of range")
		}
		s.RoundOff += off
		s.Total = *d.GivenTotal
	}
	s.EarnedPoints = 0 // of orders: only the tills' sells earn points
	if s.Status == Final && !w.parties[s.Party].walkIn && w.settings.Points.Enabled && s.Origin == POS {
		s.EarnedPoints = earned(w.settings.Points, s.Total)
	}
	return nil
}

// checkHead checks what is said of the sale itself and fills in what is not.
func (w *world) checkHead(tx *db.Tx, s *Sale) error {
	var flaws []fault.Flaw
	bad := func(field, format string, args ...any) {
		flaws = append(flaws, fault.Flaw{Field: field, Msg: fmt.Sprintf(format, args...)})
	}
	w.checkState(s, bad)
	w.checkRefs(s, bad)
	w.checkAmounts(s, bad)
	if utf8.RuneCountInString(s.Number) > maxNumber {
		bad("invoice_no", "must have at most %d characters", maxNumber)
	}
	for field, text := range map[string]string{"sale_note": s.SaleNote, "staff_note": s.StaffNote, "shipping_details": s.ShippingDetails,
		"shipping_address": s.ShippingAddress, "notes": s.Notes, "source": s.Source} {
		if len(text) > maxText || !utf8.ValidString(text) {
			bad(field, "is too long or not UTF-8")
		}
	}
	if s.ShippingStatus != "" && !slices.Contains(ShippingStatuses, s.ShippingStatus) {
		bad("shipping_status", "must be one of ordered, packed, shipped, delivered, cancelled")
	}
	if s.SoldAt.IsZero() {
		s.SoldAt = tx.Now
	}
	if y := s.SoldAt.Year(); y < 1970 || y > 9999 {
		bad("transaction_date", "is out of range")
	}
	s.DueAt = dueAt(s.Head, zone(w.settings))
	return fault.Flaws(flaws)
}

func (w *world) checkState(s *Sale, bad func(string, string, ...any)) {
	if s.Status != Final && s.Status != Draft {
		if s.Status != "" || s.Origin == POS || s.Origin == Loyalty {
			bad("status", "must be final or draft")
		}
	}
	if s.SubStatus != "" && s.SubStatus != Quotation && s.SubStatus != Proforma {
		bad("sub_status", "must be quotation or proforma")
	}
	if s.SubStatus != "" && s.Status == Final && s.Origin == POS {
		s.SubStatus = ""
	}
	if !ordered(s.Origin) {
		return
	}
	if !slices.Contains(States, s.State) {
		bad("status", "is not an order status")
	}
	if s.Fulfillment == "" {
		s.Fulfillment = Pending
	}
	if !slices.Contains(Fulfillments, s.Fulfillment) {
		bad("fulfillment_status", "is not a fulfillment status")
	}
}

// ordered reports whether sales of an origin go through the order's states;
// the others follow from status, payments and shipping.
func ordered(o Origin) bool { return o == Maker || o == Shop }

func (w *world) checkRefs(s *Sale, bad func(string, string, ...any)) {
	if ordered(s.Origin) || s.Origin == Loyalty {
		if s.FulfillmentLocation != 0 {
			s.Location = s.FulfillmentLocation
		}
		if s.Location == 0 {
			s.Location = w.settings.DefaultLocation
		}
	}
	if s.Location == 0 {
		bad("location_id", "is required")
	} else if _, ok := w.locations[s.Location]; !ok {
		bad("location_id", "does not exist")
	}
	if s.Party == 0 && !ordered(s.Origin) {
		s.Party = w.walkIn
	}
	switch p, ok := w.parties[s.Party]; {
	case s.Party == 0:
		bad("contact_id", "is required")
	case !ok:
		bad("contact_id", "does not exist")
	case !p.customer:
		bad("contact_id", "is not a customer")
	case s.CustomerGroup == 0:
		s.CustomerGroup = p.group
	}
	if s.Tax != 0 {
		if _, ok := w.taxes[s.Tax]; !ok {
			bad("tax_rate_id", "does not exist")
		}
	}
	if s.Channel == 0 {
		s.Channel = w.channels[lookup.Key(channelName(s.Head))]
	}
	for _, r := range []struct {
		field string
		id    int64
		kind  lookup.Kind
	}{{"channel_id", s.Channel, lookup.OrderChannel}, {"broker_id", s.Broker, lookup.Broker}, {"types_of_service_id", s.ServiceType, lookup.ServiceType},
		{"selling_price_group_id", s.PriceGroup, lookup.PriceGroup}} {
		if r.id != 0 && w.lookups[r.id].kind != r.kind {
			bad(r.field, "does not exist")
		}
	}
	if s.Channel == 0 {
		bad("channel_id", "is required")
	}
	if s.Table != 0 && !w.tables[s.Table] {
		bad("table_id", "does not exist")
	}
	if s.Waiter != 0 && !w.members[s.Waiter] {
		bad("service_staff_id", "does not exist")
	}
	if s.CommissionAgent != 0 && !w.members[s.CommissionAgent] {
		bad("commission_agent", "does not exist")
	}
}

func (w *world) checkAmounts(s *Sale, bad func(string, string, ...any)) {
	if s.Discount.Type == "" {
		s.Discount.Type = FixedOff
	}
	if s.ExchangeRate == 0 {
		s.ExchangeRate = dec.One
	}
	for _, a := range []struct {
		field  string
		amount dec.D
	}{{"shipping_charges", s.ShippingCharges}, {"packing_charge", s.PackingCharge}, {"rp_redeemed", s.RedeemedPoints},
		{"rp_redeemed_amount", s.RedeemedAmount}, {"exchange_rate", s.ExchangeRate}, {"broker_fees", s.BrokerFees}, {"fulfillment_costs", s.FulfillmentCosts},
		{"freight_costs", s.FreightCosts}, {"promo_costs", s.PromoCosts}, {"other_costs", s.OtherCosts}} {
		if a.amount < 0 {
			bad(a.field, "must not be negative")
		}
	}
	switch s.PackingChargeType {
	case "", "fixed", "percent", PercentOff:
	default:
		bad("packing_charge_type", "must be fixed or percent")
	}
	if s.PayTermType != "" && s.PayTermType != "days" && s.PayTermType != "months" {
		bad("pay_term_type", "must be days or months")
	}
	if s.PayTermNumber < 0 || s.PayTermNumber > 100_000 {
		bad("pay_term_number", "is out of range")
	}
	checkRecur(s, bad)
	p := w.settings.Points
	if s.RedeemedPoints == 0 || s.Origin == Loyalty || s.Status != Final {
		return
	}
	switch {
	case !p.Enabled:
		bad("rp_redeemed", "is not possible: reward points are switched off")
	case p.RedeemMin > 0 && s.RedeemedPoints < p.RedeemMin:
		bad("rp_redeemed", "must be at least %s", p.RedeemMin)
	case p.RedeemMax > 0 && s.RedeemedPoints > p.RedeemMax:
		bad("rp_redeemed", "must be at most %s", p.RedeemMax)
	}
}

// dueAt returns when a sale has to be paid; zero where no term was agreed.
// The day is the organization's, the moment its end.
func dueAt(h Head, zone *time.Location) time.Time {
	if h.PayTermNumber == 0 || h.PayTermType == "" {
		return time.Time{}
	}
	y, m, d := h.SoldAt.In(zone).Date()
	if h.PayTermType == "months" {
		return time.Date(y, m+time.Month(h.PayTermNumber), d+1, 0, 0, 0, 0, zone).UTC()
	}
	return time.Date(y, m, d+int(h.PayTermNumber)+1, 0, 0, 0, 0, zone).UTC()
}

// goods is what has to be known of the things sold.
type goods struct {
	items    map[int64]catalog.Sellable
	products map[int64][]int64
	taxes    map[int64]catalog.Tax
	units    map[int64]catalog.Unit
	prices   map[[2]int64]dec.D // by price group and item
}

// loadGoods reads the items of drafts: in one statement, and one more each
// for combos, taxes, sub-units and price groups where there are any.
func (w *world) loadGoods(tx *db.Tx, drafts []New) (*goods, error) {
	g := &goods{}
	var items, products []int64
	var taxes, units bool
	groups := map[int64][]int64{}
	for _, d := range drafts {
		group := w.priceGroup(d.Head)
		for _, l := range d.Lines {
			items, products = append(items, l.Item), append(products, l.Product)
			if l.Item != 0 {
				products = products[:len(products)-1] // the item says its product
			}
			for _, m := range l.Modifiers {
				items = append(items, m.Item)
			}
			taxes = taxes || (l.Tax != 0 && l.Tax != d.Tax)
			units = units || l.SubUnit != 0
			if group != 0 && l.Price == nil {
				groups[group] = append(groups[group], l.Item)
			}
		}
	}
	var err error
	if g.items, g.products, err = catalog.Sellables(tx, items, products); err != nil {
		return nil, err
	}
	if err := g.retry(tx, drafts); err != nil {
		return nil, err
	}
	if taxes {
		if g.taxes, err = catalog.Taxes(tx); err != nil {
			return nil, err
		}
	}
	if units {
		if g.units, err = catalog.Units(tx); err != nil {
			return nil, err
		}
	}
	g.prices = map[[2]int64]dec.D{}
	for group, list := range groups {
		prices, err := catalog.GroupPrices(tx, group, list)
		if err != nil {
			return nil, err
		}
		for item, price := range prices {
			g.prices[[2]int64{group, item}] = price
		}
	}
	return g, nil
}

// retry looks once more for lines whose item does not exist or is of another
// product: some clients send the product's id in its place, which is good
// when the product has exactly one item.
func (g *goods) retry(tx *db.Tx, drafts []New) error {
	var products []int64
	for _, d := range drafts {
		for _, l := range d.Lines {
			s, ok := g.items[l.Item]
			if l.Item != 0 && l.Item == l.Product && (!ok || s.Product != l.Product) && len(g.products[l.Product]) == 0 {
				products = append(products, l.Product)
			}
		}
	}
	if len(products) == 0 {
		return nil
	}
	items, byProduct, err := catalog.Sellables(tx, nil, products)
	for id, s := range items {
		g.items[id] = s
	}
	for id, list := range byProduct {
		g.products[id] = list
	}
	return err
}

// find returns the item that a line means.
func (g *goods) find(l LineHead) (catalog.Sellable, error) {
	s, ok := g.items[l.Item]
	if ok && (l.Product == 0 || s.Product == l.Product) {
		return s, nil
	}
	if list := g.products[l.Product]; (l.Item == 0 || l.Item == l.Product) && l.Product != 0 && len(list) == 1 {
		return g.items[list[0]], nil
	}
	switch {
	case l.Item == 0 && l.Product == 0:
		return s, fault.Field("variation_id", "is required")
	case ok:
		return s, fault.Field("variation_id", "is not a variation of the product")
	}
	return s, fault.Field("variation_id", "does not exist")
}
