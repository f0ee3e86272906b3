package connect

import (
	"strings"

	"storehouse/base/dec"
	"storehouse/core/sale"
)

// A refund is money. Whether goods came with it WooCommerce says in its own
// bookkeeping on the lines: it puts goods back when lines are refunded with
// "restock refunded items" ticked, and leaves them when the order is merely set
// to "refunded" or an amount is refunded.
const (
	metaRestocked = "_restock_refunded_items" // units put back by refunds
	metaReduced   = "_reduced_stock"          // units still taken out
)

// kept returns how many units of a line the customer has, or is to have. Of an
// order that is refunded without a word about its goods, all came back.
func (o *Order) kept(l Item) dec.D {
	q := dec.D(l.Quantity)
	if n, ok := l.units(metaRestocked); ok {
		return min(q, max(0, q-n))
	}
	if orderStatus(o) != "refunded" {
		return q
	}
	n, _ := l.units(metaReduced)
	return min(q, max(0, n))
}

// keeps reports whether a refunded order had been handed over, and goods of it
// did not come back.
func (o *Order) keeps() bool {
	if o.Completed().IsZero() {
		return false
	}
	for _, l := range o.Lines {
		if l.Quantity > 0 && o.kept(l) > 0 {
			return true
		}
	}
	return false
}

// units reads a number of units that the shop keeps on a line.
func (l Item) units(key string) (dec.D, bool) {
	s := metaText(l.Meta, key)
	var a amount
	if s == "" || a.UnmarshalJSON([]byte(s)) != nil {
		return 0, false
	}
	return dec.D(a), true
}

// returnedWorth is what the units of a line that came back were sold for, with
// their tax.
func returnedWorth(calc *dec.Calc, l Item, kept dec.D) dec.D {
	q, worth := dec.D(l.Quantity), calc.Add(dec.D(l.Total), dec.D(l.TotalTax))
	if kept >= q {
		return 0
	}
	return calc.Sub(worth, calc.Round(calc.MulDiv(worth, kept, q), 4))
}

// returnedLine keeps a line in sight whose goods have all come back: it moves
// nothing and is worth nothing.
func returnedLine(l Item) sale.DraftLine {
	free := dec.D(0)
	return sale.DraftLine{LineHead: sale.LineHead{Name: lineName(l) + " (returned)", SKU: "returned: " + strings.TrimSpace(shopSKU(l)),
		Quantity: dec.D(l.Quantity), WooCommerceLineID: int64(l.ID), Discount: sale.Off{Type: sale.FixedOff}}, Price: &free, TaxGiven: &free}
}
