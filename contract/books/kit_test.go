package books

import (
	"fmt"
	"slices"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/sale"
)

// newKit makes the box that is sold in place of two ales and a shirt.
func (w *world) newKit(tx *db.Tx, m *model) error {
	m.Box = map[int64]int64{w.ale: 2 * one, w.shirt: one}
	code := fmt.Sprint("I-box-", w.items)
	p, err := catalog.CreateProduct(tx, catalog.Product{Type: catalog.Combo, Code: code, Name: code, EnableStock: true,
		Variations: []catalog.Variation{{Items: []catalog.Variant{{Item: catalog.Item{SellPrice: dec.One}, Parts: w.parts(m)}}}}})
	if err == nil {
		w.boxProduct, w.box = p.ID, p.Variations[0].Items[0].ID
	}
	return err
}

func (w *world) parts(m *model) (list []catalog.ComboPart) {
	for _, item := range []int64{w.ale, w.shirt} {
		list = append(list, catalog.ComboPart{Item: item, Quantity: dec.D(m.Box[item])})
	}
	return list
}

// changeKit changes what a box is made of from now on.
func (h history) changeKit() *step {
	next := model{Box: map[int64]int64{h.ale: int64(1+h.pick("ales", 3)) * one, h.shirt: int64(1+h.pick("shirts", 2)) * one}}
	return &step{do: func(tx *db.Tx) error {
		p, err := catalog.GetProduct(tx, h.boxProduct)
		if err == nil {
			p.Variations[0].Items[0].Parts = h.parts(&next)
			_, err = catalog.UpdateProduct(tx, p)
		}
		return err
	}, then: func() fault.Kind {
		h.m.Box = next.Box
		return none
	}}
}

// sold is a line of a quantity of an item; of a box, followed by its parts.
func (h history) sold(id, item, q int64) []sold {
	l := sold{ID: id, Item: item, Q: q, Kit: item == h.box}
	list := []sold{l}
	if l.Kit {
		for _, part := range []int64{h.ale, h.shirt} {
			list = append(list, sold{Of: id, Item: part, Per: h.m.Box[part], Q: share(h.m.Box[part], q, one)})
		}
	}
	return list
}

// family is where a line is among an order's lines, and where it and its
// parts end.
func (o *order) family(id int64) (from, to int) {
	from = slices.IndexFunc(o.Lines, func(l sold) bool { return l.ID == id && l.Of == 0 })
	for to = from + 1; to < len(o.Lines) && o.Lines[to].Of != 0; to++ {
	}
	return from, to
}

// ordered lists the lines that are no parts.
func (o *order) ordered() (list []sold) {
	for _, l := range o.Lines {
		if l.Of == 0 {
			list = append(list, l)
		}
	}
	return list
}

// topLines lists the lines of a sale that are no parts.
func topLines(s sale.Sale) (list []sale.Line) {
	for _, l := range s.Lines {
		if l.Parent == 0 {
			list = append(list, l)
		}
	}
	return list
}
