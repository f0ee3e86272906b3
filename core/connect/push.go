package connect

import (
	"context"
	"errors"
	"slices"
	"strconv"
	"strings"
	"time"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/base/job"
	"storehouse/core/org"
)

// pushTime is how long one order may be pushed; for as long nobody else
// pushes it.
const pushTime = 3 * time.Minute

// pushTries is how often a push is tried before it is dead: for about a day.
const pushTries = 30

// pusher brings one order of the book to Zoho.
type pusher struct {
	h      *Hub
	ctx    context.Context
	user   org.PortalUser
	g      Grant
	fields Fields
	o      *Order
	gone   bool
	order  int64
	key    string // the order's, among links

	version int64
	links   map[string]string // system/kind/key → Zoho's id
	steps   []string          // of them, what earlier tries of this version have pushed
}

// push does a PushKind job. It may be done twice for one order: what it made
// it finds again, by its links, else by asking Zoho, so nothing is doubled
// when an answer was lost.
func (h *Hub) push(ctx context.Context, j job.Job) error {
	source, order, err := parseOrderArgs(j.Args)
	if err != nil {
		return err
	}
	ctx, cancel := context.WithTimeout(ctx, pushTime-10*time.Second)
	defer cancel()
	p := &pusher{h: h, ctx: ctx, order: order, key: strconv.FormatInt(order, 10)}
	if err := p.begin(j.Org, source, order); err != nil || p.o == nil {
		return err
	}
	err = p.all()
	if endErr := p.end(j.Org, source, order, err == nil); err == nil {
		return endErr
	}
	result := verdict(err)
	if e, ok := errors.AsType[*ZohoError](err); p.user.SendErrors && (j.Tries >= j.MaxTries || ok && !e.Temporary()) {
		h.mailFailure(context.WithoutCancel(ctx), j, p, err)
	}
	return result
}

// begin takes the order for this push and reads it. p.o stays nil when there
// is nothing to do.
func (p *pusher) begin(orgID, source, order int64) error {
	var busy bool
	var body, progress string
	err := p.h.DB.Update(p.ctx, orgID, func(tx *db.Tx) error {
		p.o, p.links, busy, body = nil, map[string]string{}, false, ""
		n, err := tx.Exec(`UPDATE shop_order SET lease = ? WHERE org_id = ? AND source_id = ? AND order_id = ? AND version > pushed AND (lease IS NULL OR lease <= ?)`,
			tx.Now.Add(pushTime), tx.Org, source, order, tx.Now)
		if err != nil {
			return err
		}
		var lease time.Time
		var pushed int64
		_, err = db.One(tx, func(r db.Row, _ *struct{}) error {
			return r.Scan(&p.version, &pushed, db.T(&lease), db.B(&p.gone), db.S(&progress), &body)
		}, `SELECT o.version, o.pushed, o.lease, o.is_gone, o.progress, d.body FROM shop_order o JOIN shop_delivery d ON d.org_id = o.org_id AND d.id = o.delivery_id
			WHERE o.org_id = ? AND o.source_id = ? AND o.order_id = ?`, tx.Org, source, order)
		if fault.Is(err, fault.NotFound) {
			return nil // nothing of the order is in the book
		}
		if err != nil || n == 0 {
			busy = err == nil && p.version > pushed
			return err
		}
		p.steps = nil
		if list := strings.Split(progress, "\n"); list[0] == text0(p.version) {
			p.steps = list[1:]
		}
		return p.read(tx, source, body)
	})
	if err == nil && busy {
		return job.Later(10*time.Second, errors.New("the order is being pushed by somebody else"))
	}
	return err
}

func (p *pusher) read(tx *db.Tx, source int64, body string) (err error) {
	if p.user, err = org.GetPortalUser(tx, source); err != nil {
		return err
	}
	if p.g, err = p.h.grant(p.user); err != nil {
		return err
	}
	if p.fields, err = ParseFields(p.user.ExtraFieldsMapping); err != nil {
		return err
	}
	if p.o, err = ParseOrder([]byte(body)); err != nil {
		return err
	}
	keys := []string{p.key, customerKey(p.o), strings.ToLower(accountName(p.o))}
	for _, l := range p.o.Lines {
		keys = append(keys, productKey(l))
	}
	return tx.Each(func(r db.Row) error {
		var system, kind, key, id string
		err := r.Scan(&system, &kind, &key, &id)
		p.links[system+"/"+kind+"/"+key] = id
		return err
	}, `SELECT system, kind, key, remote_id FROM zoho_link WHERE org_id = ? AND source_id = ? AND key IN (`+db.Marks(len(keys))+`)`,
		append([]any{tx.Org, source}, db.Args(keys)...)...)
}

func customerKey(o *Order) string {
	b := o.Billing
	return strings.ToLower(first(string(b.Email), string(b.Phone), "order "+strconv.FormatInt(int64(o.ID), 10)))
}

func productKey(l Item) string {
	if l.SKU != "" {
		return "sku " + string(l.SKU)
	}
	return "name " + lineName(l)
}

// end gives the order back, and writes down that this version is at Zoho.
func (p *pusher) end(orgID, source, order int64, done bool) error {
	return p.h.DB.Update(context.WithoutCancel(p.ctx), orgID, func(tx *db.Tx) error {
		pushed := int64(0)
		if done {
			pushed = p.version
		}
		_, err := tx.Exec(`UPDATE shop_order SET lease = NULL, progress = CASE WHEN pushed < ? THEN NULL ELSE progress END, pushed = CASE WHEN pushed < ? THEN ? ELSE pushed END WHERE org_id = ? AND source_id = ? AND order_id = ?`,
			pushed, pushed, pushed, tx.Org, source, order)
		return err
	})
}

// once returns the id of what a link names; save is asked for it where there
// is no link, or where again says that it is to be brought up to date. What a
// try has done the next one leaves alone, so that a push gets on however often
// Zoho fails.
func (p *pusher) once(system, kind, key string, again bool, save func(id string) (string, error)) (string, error) {
	at := system + "/" + kind + "/" + key
	id := p.links[at]
	if id != "" && (!again || slices.Contains(p.steps, at)) {
		return id, nil
	}
	got, err := save(id)
	if err != nil {
		return "", err
	}
	p.links[at] = got
	p.steps = append(p.steps, strings.ReplaceAll(at, "\n", " "))
	return got, p.h.DB.Update(context.WithoutCancel(p.ctx), p.user.Org, func(tx *db.Tx) error {
		if got != id {
			if err := tx.Insert("zoho_link", "org_id, source_id, system, kind, key, remote_id, updated_at", [][]any{{tx.Org, p.user.ID, system, kind, key, got, tx.Now}},
				"ON CONFLICT (org_id, source_id, system, kind, key) DO UPDATE SET remote_id = excluded.remote_id, updated_at = excluded.updated_at"); err != nil {
				return err
			}
		}
		_, err := tx.Exec(`UPDATE shop_order SET progress = ? WHERE org_id = ? AND source_id = ? AND order_id = ?`,
			text0(p.version)+"\n"+strings.Join(p.steps, "\n"), tx.Org, p.user.ID, p.order)
		return err
	})
}

func (p *pusher) all() error {
	if p.g.HasInventory() {
		if err := p.inventory(); err != nil {
			return err
		}
	}
	if p.g.HasCRM() {
		return p.crm()
	}
	return nil
}

// mailFailure tells the shop's owner that an order did not reach Zoho.
func (h *Hub) mailFailure(ctx context.Context, j job.Job, p *pusher, cause error) {
	err := h.DB.Update(ctx, j.Org, func(tx *db.Tx) error {
		return Send(tx, Message{To: []string{first(p.g.Email, p.user.Email)}, Subject: "Zoho: order " + orderNumber(p.o) + " could not be sent",
			Body: "The order " + orderNumber(p.o) + " of your shop was not accepted by Zoho.\n\n" + cause.Error() + "\n\nIt is kept and can be sent again: job " +
				strconv.FormatInt(j.ID, 10) + "."}, "failure "+strconv.FormatInt(j.ID, 10))
	})
	if err != nil {
		warn(ctx, "mail about a failed push", err, "job", j.ID)
	}
}
