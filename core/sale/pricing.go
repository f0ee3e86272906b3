package sale

import (
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/org"
)

// figure is how many decimals each figure of a sale keeps.
const figure = 4

// calc is dec.Calc with the roundings of a sale.
type calc struct{ dec.Calc }

func (c *calc) fig(d dec.D) dec.D { return c.Round(d, figure) }

// off returns what a reduction takes off an amount.
func (c *calc) off(o Off, of dec.D) dec.D {
	if o.Type == PercentOff {
		return c.fig(c.Percent(of, o.Amount))
	}
	return c.fig(o.Amount)
}

// priceLine works out a line's figures from PriceBefore, Discount, Quantity
// and Multiplier, the first three as they were sold (in the sub-unit where
// there is one). taxPercent is the rate on the discounted price; given is a
// tax per unit that replaces it. Afterwards the line is in units of stock.
func priceLine(l *Line, taxPercent dec.D, given *dec.D) error {
	var c calc
	if err := checkOff(l.Discount, l.PriceBefore, "the price"); err != nil {
		return err
	}
	l.UnitPrice = c.Sub(c.fig(l.PriceBefore), c.off(l.Discount, l.PriceBefore))
	l.ItemTax = c.fig(c.Percent(l.UnitPrice, taxPercent))
	if given != nil {
		l.ItemTax = c.fig(*given)
	}
	l.PriceBefore = c.fig(l.PriceBefore)
	l.UnitPriceIncTax = c.Add(l.UnitPrice, l.ItemTax)
	// The money is worked out before the change of unit: a twelfth of a price
	// has no end, the price of a dozen has.
	l.Amount = c.fig(c.Mul(l.UnitPriceIncTax, l.Quantity))
	if m := l.Multiplier; m != dec.One {
		l.Quantity = c.Mul(l.Quantity, m)
		l.PriceBefore = c.Div(l.PriceBefore, m)
		l.UnitPrice = c.Div(l.UnitPrice, m)
		l.ItemTax = c.Div(l.ItemTax, m)
		l.UnitPriceIncTax = c.Div(l.UnitPriceIncTax, m)
	}
	if c.Err() != nil {
		return fault.Field("quantity", "makes the amount too big")
	}
	return nil
}

func checkOff(o Off, of dec.D, what string) error {
	switch {
	case o.Type != "" && o.Type != FixedOff && o.Type != PercentOff:
		return fault.Field("discount_type", "must be fixed or percentage")
	case o.Amount < 0:
		return fault.Field("discount_amount", "must not be negative")
	case o.Type == PercentOff && o.Amount > 100*dec.One:
		return fault.Field("discount_amount", "must not be more than 100 %%")
	case o.Type != PercentOff && o.Amount > of:
		return fault.Field("discount_amount", "must not be more than %s", what)
	}
	return nil
}

// priceSale works out a sale's subtotal, tax and total from its lines and
// charges. taxPercent is the order tax's rate, places the decimals of the
// currency's minor unit. The sum of the lines is reduced by the order
// discount, what is left is taxed, and the charges are added.
func priceSale(s *Sale, taxPercent dec.D, places int) error {
	var c calc
	s.Subtotal = 0
	for _, l := range s.Lines {
		s.Subtotal = c.Add(s.Subtotal, l.Amount)
	}
	if err := checkOff(s.Discount, s.Subtotal, "the subtotal"); err != nil {
		return err
	}
	discounted := c.Sub(s.Subtotal, c.off(s.Discount, s.Subtotal))
	s.TaxAmount = c.fig(c.Percent(discounted, taxPercent))
	packing := c.fig(s.PackingCharge)
	if s.PackingChargeType == "percent" || s.PackingChargeType == PercentOff {
		packing = c.fig(c.Percent(s.Subtotal, s.PackingCharge))
	}
	total := c.Add(discounted, s.TaxAmount, c.fig(s.ShippingCharges), packing, c.fig(s.Fees), c.fig(s.RoundOff))
	s.Total = c.Round(c.Sub(total, c.fig(s.RedeemedAmount)), places)
	switch {
	case c.Err() != nil:
		return fault.Field("final_total", "is too big")
	case s.Total < 0:
		return fault.Field("final_total", "must not be negative")
	}
	return nil
}

// paymentStatus returns how far a final sale is paid.
func paymentStatus(total, paid dec.D) string {
	switch {
	case paid >= total:
		return PaidUp
	case paid > 0:
		return PartPaid
	}
	return Due
}

// earned returns the points that a sale of a total earns: whole ones.
func earned(r org.PointsRule, total dec.D) dec.D {
	if !r.Enabled || r.AmountPerPoint <= 0 || total < r.MinOrder {
		return 0
	}
	n, err := total.Div(r.AmountPerPoint)
	if err != nil {
		return 0
	}
	n = n.Floor()
	if r.MaxPerOrder > 0 && n > r.MaxPerOrder {
		n = r.MaxPerOrder
	}
	return n
}

// priceReturn works out what comes back for goods worth subtotal.
func priceReturn(r *Return, taxPercent dec.D, places int) error {
	var c calc
	r.Subtotal = 0
	for _, l := range r.Lines {
		r.Subtotal = c.Add(r.Subtotal, c.fig(c.Mul(l.Quantity, l.UnitPriceIncTax)))
	}
	if err := checkOff(r.Discount, r.Subtotal, "what is returned"); err != nil {
		return err
	}
	discounted := c.Sub(r.Subtotal, c.off(r.Discount, r.Subtotal))
	r.TaxAmount = c.fig(c.Percent(discounted, taxPercent))
	r.Total = c.Round(c.Add(discounted, r.TaxAmount), places)
	if c.Err() != nil {
		return fault.Field("final_total", "is too big")
	}
	return nil
}
