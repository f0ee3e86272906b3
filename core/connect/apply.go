package connect

import (
	"context"
	"errors"
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/base/job"
	"storehouse/core/catalog"
	"storehouse/core/loyalty"
	"storehouse/core/money"
	"storehouse/core/org"
	"storehouse/core/party"
	"storehouse/core/points"
	"storehouse/core/sale"
)

func text0(n int64) string { return strconv.FormatInt(n, 10) }

// apply does an ApplyKind job: it makes the order book say what the newest
// known version of an order says. That is worked out from all that was
// delivered, so it does not matter how often, in which order or how late it
// came, nor how often this is done.
func (h *Hub) apply(ctx context.Context, j job.Job) error {
	source, order, err := parseOrderArgs(j.Args)
	if err != nil {
		return err
	}
	var short error
	err = h.DB.Update(ctx, j.Org, func(tx *db.Tx) error {
		short, err = Apply(tx, source, order, false)
		return err
	})
	if err == nil && short != nil {
		return job.Later(10*time.Minute, short)
	}
	return err
}

// book is what has been made of an order.
type book struct {
	source, order         int64
	sale, party, delivery int64
	gone, short           bool
	unmatched, version    int64
}

// Apply brings one order of a shop into the order book. It returns why goods
// could not be shipped although the shop says that they are: the order is then
// in the book as entered, and is tried again. again applies a version that has
// been applied before, for lines whose SKU has become known.
func Apply(tx *db.Tx, source, order int64, again bool) (short, err error) {
	b, err := lockBook(tx, source, order)
	if err != nil {
		return nil, err
	}
	list, err := db.All(tx, scanDelivery, `SELECT `+deliveryCols+` FROM shop_delivery WHERE org_id = ? AND source_id = ? AND order_id = ? ORDER BY id`,
		tx.Org, source, order)
	if err != nil {
		return nil, err
	}
	best, gone := fold(list)
	if best == nil {
		return nil, settle(tx, list, nil, Held, "the order itself has not come yet")
	}
	if best.ID == b.delivery && gone == b.gone && !b.short && !again {
		return nil, settle(tx, list, best, Applied, "")
	}
	body, err := db.One(tx, db.Value[string], `SELECT body FROM shop_delivery WHERE org_id = ? AND id = ?`, tx.Org, best.ID)
	if err != nil {
		return nil, err
	}
	o, err := ParseOrder([]byte(body))
	if err != nil {
		return nil, err
	}
	if o.isDraft() && b.sale == 0 {
		return nil, settle(tx, list, best, Ignored, "a cart is no order yet")
	}
	err = tx.Try(func() error {
		short, err = b.put(tx, o, gone)
		return err
	})
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Kind != fault.Internal {
		return nil, settle(tx, list, best, Held, f.Msg)
	}
	if err != nil {
		return nil, err
	}
	b.delivery, b.gone, b.short = best.ID, gone, short != nil
	if err := b.save(tx); err != nil {
		return nil, err
	}
	if short != nil {
		return short, settle(tx, list, best, Held, short.Error())
	}
	return nil, settle(tx, list, best, Applied, b.note())
}

func (b *book) note() string {
	if b.unmatched > 0 {
		return fmt.Sprintf("%d lines wait for their SKU", b.unmatched)
	}
	return ""
}

// lockBook makes or locks an order's row, so that two jobs of one order do not
// meet.
func lockBook(tx *db.Tx, source, order int64) (*book, error) {
	b := &book{source: source, order: order}
	_, err := tx.Exec(`INSERT INTO shop_order (org_id, source_id, order_id, is_gone, is_short, unmatched, version, pushed, updated_at) VALUES (?, ?, ?, 0, 0, 0, 0, 0, ?)
		ON CONFLICT (org_id, source_id, order_id) DO UPDATE SET updated_at = excluded.updated_at`, tx.Org, source, order, tx.Now)
	if err != nil {
		return nil, err
	}
	_, err = db.One(tx, func(r db.Row, _ *struct{}) error {
		return r.Scan(db.I(&b.sale), db.I(&b.party), db.I(&b.delivery), db.B(&b.gone), db.B(&b.short), &b.unmatched, &b.version)
	}, `SELECT sale_id, party_id, delivery_id, is_gone, is_short, unmatched, version FROM shop_order WHERE org_id = ? AND source_id = ? AND order_id = ?`,
		tx.Org, source, order)
	return b, err
}

// save stores what was made of the order and has it pushed to Zoho.
func (b *book) save(tx *db.Tx) error {
	b.version++
	_, err := tx.Exec(`UPDATE shop_order SET sale_id = ?, party_id = ?, delivery_id = ?, is_gone = ?, is_short = ?, unmatched = ?, version = ?
		WHERE org_id = ? AND source_id = ? AND order_id = ?`, db.Null(b.sale), db.Null(b.party), b.delivery, b.gone, b.short, b.unmatched, b.version,
		tx.Org, b.source, b.order)
	if err != nil {
		return err
	}
	_, err = job.Add(tx, job.Job{Kind: PushKind, Args: orderArgs(b.source, b.order)})
	return err
}

// settle writes down what became of the deliveries that were open.
func settle(tx *db.Tx, list []Delivery, best *Delivery, state, reason string) error {
	for _, d := range list {
		s, why := state, reason
		switch {
		case best == nil || d.ID == best.ID:
		case d.State != Received && d.State != Held:
			continue
		case d.Topic == Deleted:
			s, why = Applied, ""
		default:
			s, why = Ignored, "a newer version was known: "+best.Modified.Format(time.RFC3339)
		}
		if d.State == s && d.Reason == why {
			continue
		}
		if _, err := tx.Exec(`UPDATE shop_delivery SET state = ?, reason = ?, settled_at = ? WHERE org_id = ? AND id = ?`, s, why, tx.Now, tx.Org, d.ID); err != nil {
			return err
		}
	}
	return nil
}

// put makes or changes the order's sale.
func (b *book) put(tx *db.Tx, o *Order, gone bool) (short, err error) {
	if err := o.check(); err != nil {
		return nil, err
	}
	settings, err := org.LoadSettings(tx)
	if err != nil {
		return nil, err
	}
	if b.party, err = customerOf(tx, o, b.party); err != nil {
		return nil, err
	}
	want, err := b.draft(tx, o, settings)
	if err != nil {
		return nil, err
	}
	want.State = o.state(gone)
	err = tx.Try(func() error { return b.store(tx, want) })
	if err == nil || !shipping(want.State) || !fault.Is(err, fault.Conflict) {
		return nil, err
	}
	// The goods are not there: the order is in the book all the same.
	short, want.State = err, sale.Entered
	return short, b.store(tx, want)
}

func shipping(s sale.State) bool {
	return s == sale.Completed || s == sale.Invoiced || s == sale.Shipped
}

// draft spells the order as a sale to be made, its state apart.
func (b *book) draft(tx *db.Tx, o *Order, settings org.Settings) (sale.New, error) {
	k, err := lookUp(tx, o)
	if err != nil {
		return sale.New{}, err
	}
	var calc dec.Calc
	head, total := o.head(&calc)
	lines, unmatched, fees := o.lines(&calc, k)
	paid, back := o.payments(&calc)
	head.Fees = calc.Add(head.Fees, fees)
	if calc.Err() != nil {
		return sale.New{}, fault.Field("total", "is too big")
	}
	b.unmatched = unmatched
	head.Party, head.FulfillmentLocation = b.party, settings.DefaultLocation
	head.ExternalSource, head.ExternalID, head.ExternalVersion = "woocommerce:"+text0(b.source), text0(b.order), 0
	if m := o.Modified(); !m.IsZero() {
		head.ExternalVersion = m.UnixMicro()
	}
	if head.Currency == settings.Currency {
		head.Currency = ""
	}
	o.stamps(&head)
	return sale.New{Head: head, Lines: lines, Payments: paid, ChangeReturn: back, GivenTotal: total}, nil
}

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
		if _, err := sale.Update(tx, b.sale, func(d *sale.New) error { d.State = sale.Entered; return nil }); err != nil {
			return err
		}
	}
	_, err = sale.Update(tx, b.sale, func(d *sale.New) error { merge(d, want); return nil })
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
	h.Channel, h.StaffNote, h.Notes, h.CustomerGroup, h.PriceGroup, h.Discount, h.ExchangeRate = d.Channel, d.StaffNote, d.Notes, d.CustomerGroup, d.PriceGroup, d.Discount, d.ExchangeRate
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
	var p party.Party
	err := error(fault.Missing("contact"))
	if c.Email != "" {
		p, err = party.ByEmail(tx, c.Email)
	}
	if fault.Is(err, fault.NotFound) && c.Mobile != "" {
		if p, err = party.ByPhone(tx, c.Mobile); err == nil && c.Email != "" && p.Email != "" {
			err = fault.Missing("contact") // a phone that two people share
		}
	}
	if fault.Is(err, fault.NotFound) && before != 0 && c.Email == "" {
		return before, nil
	}
	if fault.Is(err, fault.NotFound) {
		p, err = party.Create(tx, c)
	} else if err == nil && !p.IsCustomer {
		p.IsCustomer = true
		p, err = party.Update(tx, p)
	}
	return p.ID, err
}

// match applies again what waits for goods or for SKUs that have since come.
func (h *Hub) match(ctx context.Context, _ job.Job) error {
	return h.eachOrg(ctx, func(orgID int64) error {
		_, err := h.Match(ctx, orgID)
		return err
	})
}

// Match applies again an organization's orders that wait for goods or for
// SKUs, and returns how many were.
func (h *Hub) Match(ctx context.Context, orgID int64) (int, error) {
	type waiting struct{ source, order int64 }
	var list []waiting
	err := h.DB.View(ctx, orgID, func(tx *db.Tx) (err error) {
		list, err = db.All(tx, func(r db.Row, w *waiting) error { return r.Scan(&w.source, &w.order) },
			`SELECT o.source_id, o.order_id FROM shop_order o WHERE o.org_id = ? AND (o.is_short = 1 OR o.unmatched > 0 AND EXISTS (
				SELECT 1 FROM sale_line l JOIN item i ON i.org_id = l.org_id AND i.kind = 'sku' AND i.code = l.sku
				WHERE l.org_id = ? AND l.sale_id = o.sale_id AND l.item_id IS NULL)) ORDER BY o.order_id`, orgID, orgID)
		return err
	})
	if err != nil {
		return 0, err
	}
	for _, w := range list {
		if err := h.DB.Update(ctx, orgID, func(tx *db.Tx) error {
			_, err := Apply(tx, w.source, w.order, true)
			return err
		}); err != nil {
			return 0, err
		}
	}
	return len(list), nil
}

func (h *Hub) eachOrg(ctx context.Context, fn func(int64) error) error {
	var orgs []org.Organization
	if err := h.DB.View(ctx, 0, func(tx *db.Tx) (err error) {
		orgs, err = org.List(tx)
		return err
	}); err != nil {
		return err
	}
	var errs []error
	for _, o := range orgs {
		errs = append(errs, fn(o.ID))
	}
	return errors.Join(errs...)
}

// sweep expires coupons and points whose time has come.
func (h *Hub) sweep(ctx context.Context, _ job.Job) error {
	return h.eachOrg(ctx, func(orgID int64) error {
		return h.DB.Update(ctx, orgID, func(tx *db.Tx) error {
			if _, err := loyalty.ExpireCoupons(tx); err != nil {
				return err
			}
			_, err := points.ExpireDue(tx)
			return err
		})
	})
}
