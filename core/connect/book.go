package connect

import (
	"slices"
	"strings"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/money"
	"storehouse/core/party"
	"storehouse/core/sale"
)

// store makes the sale, or changes the one that there is.
func (b *book) store(tx *db.Tx, want sale.New) error {
	if b.sale == 0 {
		number, err := freeNumber(tx, b.source, want.WooCommerceOrderID, want.Number)
		if err != nil {
			return err
		}
		want.Number = number
		list, err := sale.Create(tx, want)
		if err != nil {
			return err
		}
		b.sale = list[0].ID
		return nil
	}
	old, err := sale.Get(tx, b.sale)
	if fault.Is(err, fault.NotFound) { // somebody deleted it here
		b.sale = 0
		return b.store(tx, want)
	}
	if err != nil {
		return err
	}
	if shipping(old.State) && shipping(want.State) && linesDiffer(old, want) {
		// What has been shipped can only change by coming back first.
		if _, err := sale.Follow(tx, b.sale, func(d *sale.New) error { d.State = sale.Entered; return nil }); err != nil {
			return err
		}
	}
	_, err = sale.Follow(tx, b.sale, func(d *sale.New) error { merge(d, want); return nil })
	return err
}

// freeNumber is the order's number in the book: the shop's own, as WOO-727,
// unless another shop has used it.
func freeNumber(tx *db.Tx, source, order int64, number string) (string, error) {
	for _, n := range []string{number, "WOO-" + text0(order), "WOO-" + text0(source) + "-" + text0(order)} {
		if n == "" {
			continue
		}
		used, err := db.One(tx, db.Value[int64], `SELECT COUNT(*) FROM sale WHERE org_id = ? AND number = ?`, tx.Org, n)
		if err != nil || used == 0 {
			return n, err
		}
	}
	return "", nil
}

// merge puts what the shop says over what is stored, and leaves alone what
// only we know: the number, the place, payments recorded here.
func merge(d *sale.New, want sale.New) {
	h := want.Head
	h.Number, h.Status, h.Location, h.FulfillmentLocation = d.Number, d.Status, d.Location, d.FulfillmentLocation
	h.Channel, h.StaffNote, h.Notes, h.CustomerGroup, h.PriceGroup, h.Discount = d.Channel, d.StaffNote, d.Notes, d.CustomerGroup, d.PriceGroup, d.Discount
	if h.ExchangeRate == 0 {
		h.ExchangeRate = d.ExchangeRate
	}
	h.Fulfillment, h.InvoicedAt, h.ShippedAt, h.ReceivedAt, h.EnteredAt = d.Fulfillment, d.InvoicedAt, d.ShippedAt, d.ReceivedAt, d.EnteredAt
	for i := range want.Lines {
		for _, l := range d.Lines {
			if l.WooCommerceLineID != 0 && l.WooCommerceLineID == want.Lines[i].WooCommerceLineID {
				want.Lines[i].ID = l.ID
			}
		}
	}
	ours := slices.DeleteFunc(slices.Clone(d.Payments), func(p money.Payment) bool { return strings.HasPrefix(p.Note, payNote) })
	for i, p := range want.Payments {
		for _, old := range d.Payments {
			if strings.HasPrefix(old.Note, payNote) && old.Amount == p.Amount && old.Method == p.Method {
				want.Payments[i] = old
			}
		}
	}
	d.Head, d.Lines, d.Payments, d.ChangeReturn, d.GivenTotal = h, want.Lines, append(ours, want.Payments...), want.ChangeReturn, want.GivenTotal
}

func linesDiffer(old sale.Sale, want sale.New) bool {
	type goods struct {
		item     int64
		quantity dec.D
	}
	left := map[int64]goods{}
	for _, l := range old.Lines {
		if l.Parent == 0 && l.Item != 0 {
			left[l.WooCommerceLineID] = goods{l.Item, l.Quantity}
		}
	}
	for _, l := range want.Lines {
		if l.Item == 0 {
			continue
		}
		if left[l.WooCommerceLineID] != (goods{l.Item, l.Quantity}) {
			return true
		}
		delete(left, l.WooCommerceLineID)
	}
	return len(left) > 0
}

// lookUp finds the items of an order's lines.
func lookUp(tx *db.Tx, o *Order) (known, error) {
	var codes []string
	var ids []any
	for _, l := range o.Lines {
		if l.SKU != "" {
			codes = append(codes, string(l.SKU))
		} else {
			ids = append(ids, int64(l.ProductID), int64(l.VariationID))
		}
	}
	k := known{byWoo: map[int64]catalog.Item{}}
	var err error
	if k.byCode, err = catalog.ByCodes(tx, catalog.SKU, codes); err != nil || len(ids) == 0 {
		return k, err
	}
	err = tx.Each(func(r db.Row) error {
		var id, woo int64
		err := r.Scan(&id, &woo)
		k.byWoo[woo] = catalog.Item{ID: id}
		return err
	}, `SELECT id, woo_id FROM item WHERE org_id = ? AND kind = 'sku' AND woo_id IS NOT NULL AND woo_id <> 0 AND woo_id IN (`+db.Marks(len(ids))+`)`, append([]any{tx.Org}, ids...)...)
	return k, err
}

// customerOf finds who ordered: by e-mail address, else by phone, else the one
// that this order has had before; and makes them if there is nobody.
func customerOf(tx *db.Tx, o *Order, before int64) (int64, error) {
	c := o.customer()
	p, err := findCustomer(tx, c)
	if fault.Is(err, fault.NotFound) && before != 0 && c.Email == "" {
		return before, nil
	}
	if fault.Is(err, fault.NotFound) {
		// New people are made one after the other, so that two orders of one
		// person that come together do not make two of them.
		if _, err := tx.Number("shop.customer"); err != nil {
			return 0, err
		}
		if p, err = findCustomer(tx, c); fault.Is(err, fault.NotFound) {
			p, err = party.Create(tx, c)
		}
	}
	if err != nil || p.IsCustomer {
		return p.ID, err
	}
	if p, err = party.Lock(tx, p.ID); err != nil {
		return 0, err
	}
	p.IsCustomer = true
	p, err = party.Update(tx, p)
	return p.ID, err
}

func findCustomer(tx *db.Tx, c party.Party) (party.Party, error) {
	p, err := party.Party{}, error(fault.Missing("contact"))
	if c.Email != "" {
		p, err = party.ByEmail(tx, c.Email)
	}
	if fault.Is(err, fault.NotFound) && c.Mobile != "" {
		if p, err = party.ByPhone(tx, c.Mobile); err == nil && c.Email != "" && p.Email != "" {
			return p, fault.Missing("contact") // a phone that two people share
		}
	}
	return p, err
}
