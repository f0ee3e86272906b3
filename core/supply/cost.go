package supply

import (
	"storehouse/base/dec"
	"storehouse/base/fault"
)

// landed returns what the whole of each line costs: its price, and its share,
// by value, of what the order costs besides. The shares add up to those costs
// to the last digit. Where no line has a value they share by quantity.
func landed(o Order) (map[int64]dec.D, error) {
	var c dec.Calc
	costs := c.Add(o.Shipping, o.Setup, o.Other)
	weights := make([]dec.D, len(o.Lines))
	var total dec.D
	for i, l := range o.Lines {
		weights[i] = c.Mul(l.Quantity, l.UnitCost)
		total = c.Add(total, weights[i])
	}
	byValue := total != 0
	if !byValue {
		for i, l := range o.Lines {
			weights[i] = l.Quantity
			total = c.Add(total, l.Quantity)
		}
	}
	out := map[int64]dec.D{}
	var sum, given dec.D
	for i, l := range o.Lines {
		sum = c.Add(sum, weights[i])
		upTo := c.MulDiv(costs, sum, total)
		out[l.ID] = c.Sub(upTo, given)
		if byValue {
			out[l.ID] = c.Add(out[l.ID], weights[i])
		}
		given = upTo
	}
	if c.Err() != nil {
		return nil, fault.Field("items", "cost too much")
	}
	return out, nil
}

// came is what has come in of a line: in how many parts, and at what cost in
// all.
type came struct {
	parts int64
	cost  dec.D
}

// partOf returns the cost of quantity more of a line: the parts of a line add
// up to its whole, also when some were taken back and came in again. What has
// come in at another price counts at the whole's.
func partOf(line Line, whole, quantity dec.D, had came) (dec.D, error) {
	var c dec.Calc
	before := c.MulDiv(whole, line.Received, line.Quantity)
	if off := c.Sub(had.cost, before); max(off, -off) <= dec.D(had.parts) { // what rounding leaves: less than the last digit a part
		before = had.cost
	}
	cost := max(0, c.Sub(c.MulDiv(whole, c.Add(line.Received, quantity), line.Quantity), before))
	if c.Err() != nil {
		return 0, fault.Field("quantity", "is too big")
	}
	return cost, nil
}
