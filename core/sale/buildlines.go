package sale

import (
	"fmt"
	"slices"
	"unicode/utf8"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/catalog"
)

// field is a path in a sale's lines, as in "products.3".
func lineField(i int) string { return fmt.Sprintf("products.%d", i) }

// buildLines makes the stored form of a sale's lines: priced, in the unit of
// stock, each followed by its modifiers or the parts of its combo. Their ids
// are still missing: a child's Parent is its parent's place in the list,
// counted from -1 downwards.
func (w *world) buildLines(tx *db.Tx, g *goods, s *Sale, drafts []DraftLine) error {
	switch {
	case len(drafts) == 0 && s.Origin == POS:
		return fault.Field("products", "must not be empty")
	case len(drafts) > maxLines:
		return fault.Field("products", "must not have more than %d lines", maxLines)
	}
	s.Lines = make([]Line, 0, len(drafts))
	for i, d := range drafts {
		if err := w.buildLine(tx, g, s, d); err != nil {
			return fault.Under(lineField(i), err)
		}
	}
	return nil
}

func (w *world) buildLine(tx *db.Tx, g *goods, s *Sale, d DraftLine) error {
	if d.unchanged() {
		s.Lines = append(s.Lines, *d.was)
		s.Lines = append(s.Lines, d.children...)
		return nil
	}
	if err := checkLine(d); err != nil {
		return err
	}
	if d.Staff != 0 && !w.members[d.Staff] && (d.was == nil || d.was.Staff != d.Staff) {
		return fault.Field("res_service_staff_id", "does not exist")
	}
	l := Line{LineHead: d.LineHead, Sale: s.ID, Multiplier: dec.One, CreatedAt: tx.Now, UpdatedAt: tx.Now}
	if d.was != nil {
		l.CreatedAt, l.Returned, l.Allocated = d.was.CreatedAt, d.was.Returned, d.was.Allocated
	}
	var it catalog.Sellable
	if d.Item == 0 && d.Product == 0 && d.SKU != "" && s.Origin != POS {
		if d.Price == nil {
			return fault.Field("unit_price", "is required for a line without an item")
		}
	} else {
		var err error
		if it, err = g.find(d.LineHead); err != nil {
			return err
		}
		if it.Kind != catalog.SKU {
			return fault.Field("variation_id", "is not for sale")
		}
		l.Item, l.Product = it.Item, it.Product
		l.Stocked = it.EnableStock && it.ProductType != catalog.Combo
	}
	if err := g.unit(&l, it); err != nil {
		return err
	}
	rate, err := w.rate(g, d)
	if err != nil {
		return err
	}
	if l.PriceBefore, err = w.unitPrice(g, s, d, it, l.Multiplier); err != nil {
		return err
	}
	if err := priceLine(&l, rate, d.TaxGiven); err != nil {
		return err
	}
	s.Lines = append(s.Lines, l)
	return addChildren(tx, g, s, d, it)
}

func checkLine(d DraftLine) error {
	switch {
	case d.Quantity <= 0:
		return fault.Field("quantity", "must be more than zero")
	case d.Price != nil && *d.Price < 0:
		return fault.Field("unit_price", "must not be negative")
	case d.TaxGiven != nil && *d.TaxGiven < 0:
		return fault.Field("item_tax", "must not be negative")
	case len(d.Note) > maxText || !utf8.ValidString(d.Note):
		return fault.Field("note", "is too long or not UTF-8")
	case len(d.SKU) > 255 || len(d.Name) > maxText:
		return fault.Field("sku", "is too long")
	}
	return nil
}

// unit finds how many units of stock a sub-unit has.
func (g *goods) unit(l *Line, it catalog.Sellable) error {
	if l.SubUnit == 0 || l.SubUnit == it.Unit {
		return nil
	}
	u, ok := g.units[l.SubUnit]
	switch {
	case !ok:
		return fault.Field("sub_unit_id", "does not exist")
	case it.Unit != 0 && u.Base != it.Unit:
		return fault.Field("sub_unit_id", "is not a sub-unit of the product's unit")
	}
	if u.Multiplier > 0 {
		l.Multiplier = u.Multiplier
	}
	return nil
}

func (w *world) rate(g *goods, d DraftLine) (dec.D, error) {
	if d.Tax == 0 {
		return 0, nil
	}
	if t, ok := g.taxes[d.Tax]; ok {
		return t.Amount, nil
	}
	if rate, ok := w.taxes[d.Tax]; ok {
		return rate, nil
	}
	return 0, fault.Field("tax_rate_id", "does not exist")
}

// unitPrice returns the price of one sold unit before its discount. A line
// without a price has the item's, or what the customer's group pays: without
// tax when the line names a tax, which is then added, else with it.
func (w *world) unitPrice(g *goods, s *Sale, d DraftLine, it catalog.Sellable, multiplier dec.D) (dec.D, error) {
	if d.Price != nil {
		return *d.Price, nil
	}
	price := it.SellPriceIncTax
	p, grouped := g.prices[[2]int64{w.priceGroup(s.Head), it.Item}]
	if grouped {
		price = p
	}
	if d.Tax != 0 {
		if !grouped {
			price = it.SellPrice
		} else if rate := it.TaxPercent; rate > 0 {
			var err error
			if price, err = price.MulDiv(100*dec.One, 100*dec.One+rate); err != nil {
				return 0, fault.Field("unit_price", "is out of range")
			}
		}
	}
	var c calc
	if percent := w.parties[s.Party].percent; percent != 0 && !grouped {
		price = max(0, c.Add(price, c.fig(c.Percent(price, percent))))
	}
	price = c.Mul(price, multiplier)
	if c.Err() != nil {
		return 0, fault.Field("unit_price", "is too big")
	}
	return price, nil
}

// addChildren appends a line's modifiers and, of a combo, its parts. Parts
// carry no money: the combo has it; they are what leaves the shelf. The parts
// of a stored combo stay what they were when it was sold, in proportion to its
// quantity, whatever it is made of today.
func addChildren(tx *db.Tx, g *goods, s *Sale, d DraftLine, it catalog.Sellable) error {
	parent := len(s.Lines) - 1
	stored := slices.Clone(d.children)
	child := func(kind string, item, product int64, stocked bool, quantity dec.D) Line {
		l := Line{LineHead: LineHead{Item: item, Product: product, Quantity: quantity}, Sale: s.ID, Parent: -int64(parent) - 1, Children: kind,
			Stocked: stocked, Multiplier: dec.One, CreatedAt: tx.Now, UpdatedAt: tx.Now}
		for i, o := range stored { // a child that stays keeps its row, and with it what it has posted
			if o.Children == kind && o.Item == item && o.Product == product {
				l.ID, l.Parent, l.Returned, l.Allocated, l.CreatedAt, l.UpdatedAt = o.ID, o.Parent, o.Returned, o.Allocated, o.CreatedAt, o.UpdatedAt
				stored = slices.Delete(stored, i, i+1)
				break
			}
		}
		return l
	}
	for i, m := range d.Modifiers {
		it, ok := g.items[m.Item]
		quantity := m.Quantity
		if quantity == 0 {
			quantity = dec.One
		}
		switch field := fmt.Sprintf("modifiers.%d.", i); {
		case !ok || it.Kind != catalog.SKU:
			return fault.Field(field+"modifier_id", "does not exist")
		case quantity < 0:
			return fault.Field(field+"quantity", "must not be negative")
		case m.Price != nil && *m.Price < 0:
			return fault.Field(field+"price", "must not be negative")
		}
		l := child(Modifier, it.Item, it.Product, it.EnableStock && it.ProductType != catalog.Modifier, quantity)
		l.PriceBefore = it.SellPriceIncTax
		if m.Price != nil {
			l.PriceBefore = *m.Price
		}
		if err := priceLine(&l, 0, nil); err != nil {
			return err
		}
		s.Lines = append(s.Lines, l)
	}
	quantity := s.Lines[parent].Quantity
	parts, err := storedParts(d, it, quantity)
	if err != nil || parts != nil {
		s.Lines = append(s.Lines, parts...)
		return err
	}
	for _, c := range it.Components {
		q, err := c.Quantity.Mul(quantity)
		if err != nil {
			return fault.Field("quantity", "is too big")
		}
		s.Lines = append(s.Lines, child(Combo, c.Item, c.Product, c.EnableStock, q))
	}
	return nil
}

// storedParts returns the parts that a stored combo has when there is a
// quantity of it; nil where it has none, or is another combo now.
func storedParts(d DraftLine, it catalog.Sellable, quantity dec.D) ([]Line, error) {
	if d.was == nil || d.was.Item != it.Item || d.was.Quantity <= 0 {
		return nil, nil
	}
	var parts []Line
	for _, l := range d.children {
		if l.Children != Combo {
			continue
		}
		if quantity != d.was.Quantity {
			q, err := l.Quantity.MulDiv(quantity, d.was.Quantity)
			for _, c := range it.Components { // exactly, where it is still made of as much
				if was, e := c.Quantity.Mul(d.was.Quantity); c.Item == l.Item && e == nil && was == l.Quantity {
					q, err = c.Quantity.Mul(quantity)
				}
			}
			if err != nil {
				return nil, fault.Field("quantity", "is too big")
			}
			l.Quantity = q
		}
		parts = append(parts, l)
	}
	return parts, nil
}
