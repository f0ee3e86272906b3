package stock

import "storehouse/base/dec"

// worth returns the total cost of an entry, given the balance before it.
//
// Goods go out at their share of the value on hand; who takes the last unit
// takes the last of the value, so nothing is lost or made by rounding. What is
// taken beyond what is on hand goes at the last known cost. Goods come in at
// the cost that is given, else at the average.
func (e *posting) worth(c *dec.Calc, b *row) dec.D {
	switch {
	case e.effect.quantity.onHand < 0:
		return leaving(c, b.Balance, e.Quantity)
	case e.Cost != nil:
		return *e.Cost
	case e.UnitCost != nil:
		return c.Mul(e.Quantity, *e.UnitCost)
	case e.effect.quantity.onHand > 0 && b.OnHand > 0 && b.Value >= 0:
		return c.MulDiv(b.Value, e.Quantity, b.OnHand)
	case e.effect.quantity.onHand > 0:
		return c.Mul(e.Quantity, b.LastCost)
	}
	return 0 // a promise without a price
}

func leaving(c *dec.Calc, b Balance, quantity dec.D) dec.D {
	switch {
	case b.OnHand <= 0:
		return c.Mul(quantity, b.LastCost)
	case quantity < b.OnHand:
		return c.MulDiv(b.Value, quantity, b.OnHand)
	}
	return c.Add(b.Value, c.Mul(c.Sub(quantity, b.OnHand), b.LastCost))
}

// learn sets the last known unit cost after an entry. Ordinary goods going
// out do not change the average, so they teach nothing but rounding.
func (e *posting) learn(b *row) {
	in := e.effect.quantity.onHand > 0
	if !in && !(e.undoing && e.effect.quantity.onHand < 0) {
		return
	}
	value, quantity := b.Value, b.OnHand
	if quantity <= 0 || value < 0 {
		if !in {
			return
		}
		value, quantity = e.Value, e.Quantity
	}
	if u, err := value.Div(quantity); err == nil && u >= 0 {
		b.LastCost = u
	}
}

// add adds n times a change to the quantities of a balance.
func (b *Balance) add(c *dec.Calc, ch change, n dec.D) {
	b.OnHand = c.Add(b.OnHand, times(ch.onHand, n))
	b.OnOrder = c.Add(b.OnOrder, times(ch.onOrder, n))
	b.InTransit = c.Add(b.InTransit, times(ch.inTransit, n))
	b.Demand = c.Add(b.Demand, times(ch.demand, n))
	b.Allocated = c.Add(b.Allocated, times(ch.allocated, n))
}

// times returns n, −n or 0.
func times(sign int8, n dec.D) dec.D { return dec.D(sign) * n }
