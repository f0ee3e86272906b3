package connect

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"maps"
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
	"storehouse/core/org"
	"storehouse/core/points"
	"storehouse/core/sale"
	"storehouse/core/stock"
)

func text0(n int64) string { return strconv.FormatInt(n, 10) }

// apply does an ApplyKind job: it makes the order book say what the newest
// known version of an order says. That is worked out from all that was
// delivered of it, so it does not matter how often, in which order or how late
// it came, nor how often this is done. An order whose goods are missing is held;
// the match job tries it again.
func apply(tx *db.Tx, j job.Job) error {
	source, order, err := parseOrderArgs(j.Args)
	if err != nil {
		return err
	}
	_, err = Apply(tx, source, order, false)
	return err
}

// book is what has been made of an order.
type book struct {
	source, order         int64
	sale, party, delivery int64
	gone, short           bool
	unmatched, version    int64
	zoho                  bool   // whether the shop has credentials there
	currency              string // the order's, while there is no rate for it
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
	// They are sorted here: an engine that is asked to walks all deliveries.
	list, err := db.All(tx, scanDelivery, `SELECT `+deliveryCols+` FROM shop_delivery WHERE org_id = ? AND source_id = ? AND order_id = ?`,
		tx.Org, source, order)
	if err != nil {
		return nil, err
	}
	slices.SortFunc(list, func(a, b Delivery) int { return cmp.Compare(a.ID, b.ID) })
	best, gone := fold(list)
	if best == nil {
		return nil, settle(tx, list, nil, Held, "the order itself has not come yet")
	}
	if best.ID == b.delivery && gone == b.gone && !b.short && !again {
		return nil, settle(tx, list, best, Applied, b.note())
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
	still := b.short && best.ID == b.delivery && gone == b.gone
	err = tx.Try(func() error {
		if short, err = b.put(tx, o, gone); err == nil && short != nil && still {
			err = errStill
		}
		return err
	})
	if errors.Is(err, errStill) {
		return short, settle(tx, list, best, Held, short.Error())
	}
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

// errStill undoes what an order that still lacks its goods would write: it is
// in the book already.
var errStill = errors.New("the goods are still missing")

func (b *book) note() string {
	var parts []string
	if b.unmatched > 0 {
		parts = append(parts, fmt.Sprintf("%d lines wait for their SKU", b.unmatched))
	}
	if b.currency != "" {
		parts = append(parts, "its amounts are in "+b.currency+", which has no exchange rate yet")
	}
	return strings.Join(parts, "; ")
}

// lockBook makes or locks an order's row, so that two jobs of one order do not
// meet.
func lockBook(tx *db.Tx, source, order int64) (*book, error) {
	b := &book{source: source, order: order}
	_, err := db.One(tx, func(r db.Row, _ *struct{}) error {
		return r.Scan(db.I(&b.sale), db.I(&b.party), db.I(&b.delivery), db.B(&b.gone), db.B(&b.short), &b.unmatched, db.S(&b.currency), &b.version, db.B(&b.zoho))
	}, `INSERT INTO shop_order (org_id, source_id, order_id, is_gone, is_short, unmatched, version, pushed, updated_at) VALUES (?, ?, ?, 0, 0, 0, 0, 0, ?)
		ON CONFLICT (org_id, source_id, order_id) DO UPDATE SET updated_at = excluded.updated_at
		RETURNING sale_id, party_id, delivery_id, is_gone, is_short, unmatched, currency, version,
			(SELECT COUNT(*) FROM portal_user p WHERE p.org_id = shop_order.org_id AND p.id = shop_order.source_id AND p.settings NOT IN ('', '{}'))`,
		tx.Org, source, order, tx.Now)
	return b, err
}

// save stores what was made of the order and has it pushed to Zoho.
func (b *book) save(tx *db.Tx) error {
	b.version++
	_, err := tx.Exec(`UPDATE shop_order SET sale_id = ?, party_id = ?, delivery_id = ?, is_gone = ?, is_short = ?, unmatched = ?, currency = ?, version = ?
		WHERE org_id = ? AND source_id = ? AND order_id = ?`, db.Null(b.sale), db.Null(b.party), b.delivery, b.gone, b.short, b.unmatched, db.Null(b.currency), b.version,
		tx.Org, b.source, b.order)
	if err != nil {
		return err
	}
	j := job.Job{Kind: PushKind, Args: orderArgs(b.source, b.order), MaxTries: pushTries}
	if !b.zoho {
		return job.AddIdle(tx, j, "the shop has no Zoho credentials")
	}
	_, err = job.Add(tx, j)
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
	rate, err := b.convert(tx, o, settings)
	if err != nil {
		return nil, err
	}
	want, err := b.draft(tx, o, settings)
	if err != nil {
		return nil, err
	}
	want.State, want.ExchangeRate = o.state(gone), rate
	err = tx.Try(func() error { return b.store(tx, want) })
	lacking := stock.Shortages(err)
	if err == nil || len(lacking) == 0 {
		return nil, err
	}
	// The goods are not there: the order is in the book all the same.
	want.State = sale.Entered
	if err := b.store(tx, want); err != nil {
		return nil, err
	}
	return shortage(tx, lacking)
}

// shortage says which goods are missing.
func shortage(tx *db.Tx, lacking []stock.Short) (short, err error) {
	var ids []int64
	for _, l := range lacking {
		ids = append(ids, l.Item)
	}
	items, err := catalog.GetItems(tx, ids)
	if err != nil {
		return nil, err
	}
	var parts []string
	for _, l := range lacking {
		parts = append(parts, fmt.Sprintf("%s: %s wanted, %s available", items[l.Item].Code, l.Wanted, l.Available))
	}
	return errors.New("not enough stock to ship: " + strings.Join(parts, "; ")), nil
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
	head.Number = "WOO-" + cut(orderNumber(o), 100)
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

// match applies again what waits for goods or for SKUs that have since come.
func (h *Hub) match(ctx context.Context, _ job.Job) error {
	return h.eachOrg(ctx, func(orgID int64) error {
		_, err := h.Match(ctx, orgID)
		return err
	})
}

// Match applies again an organization's orders that wait for goods or for
// SKUs, each in a transaction of its own, and returns how many were.
func (h *Hub) Match(ctx context.Context, orgID int64) (int, error) {
	var list []waiting
	err := h.DB.View(ctx, orgID, func(tx *db.Tx) (err error) {
		list, err = waitingOrders(tx)
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

// MatchOrders is Match in the caller's transaction.
func MatchOrders(tx *db.Tx) (int64, error) {
	list, err := waitingOrders(tx)
	if err != nil {
		return 0, err
	}
	for _, w := range list {
		if _, err := Apply(tx, w.source, w.order, true); err != nil {
			return 0, err
		}
	}
	return int64(len(list)), nil
}

type waiting struct{ source, order int64 }

// waitingOrders finds the orders that lack goods, those with lines whose SKU
// or in a currency whose rate is known by now, and those that are held for
// another reason.
func waitingOrders(tx *db.Tx) ([]waiting, error) {
	settings, err := org.LoadSettings(tx)
	if err != nil {
		return nil, err
	}
	known := append([]string{settings.Currency}, slices.Sorted(maps.Keys(settings.ExchangeRates))...)
	args := append([]any{tx.Org, tx.Org, tx.Org, tx.Org}, db.Args(known)...)
	return db.All(tx, func(r db.Row, w *waiting) error { return r.Scan(&w.source, &w.order) },
		`SELECT source_id, order_id FROM shop_order WHERE org_id = ? AND is_short = 1
		UNION SELECT source_id, order_id FROM shop_delivery WHERE org_id = ? AND state = 'held'
		UNION SELECT o.source_id, o.order_id FROM shop_order o JOIN sale_line l ON l.org_id = o.org_id AND l.sale_id = o.sale_id AND l.item_id IS NULL
			JOIN item i ON i.org_id = l.org_id AND i.kind = 'sku' AND i.code = l.sku
			WHERE o.org_id = ? AND o.unmatched > 0
		UNION SELECT source_id, order_id FROM shop_order WHERE org_id = ? AND currency IS NOT NULL AND currency IN (`+db.Marks(len(known))+`) ORDER BY 1, 2`, args...)
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
