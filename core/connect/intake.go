package connect

import (
	"fmt"
	"slices"
	"strconv"
	"strings"
	"time"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/base/job"
)

// The topics of deliveries.
const (
	Created  = "created"
	Updated  = "updated"
	Deleted  = "deleted"
	Restored = "restored"
)

// The states of deliveries.
const (
	Received = "received" // waits for its job
	Applied  = "applied"  // is, or was, the state of the order in the book
	Ignored  = "ignored"  // a newer version was known
	Held     = "held"     // cannot be applied yet; the reason says why
)

// Delivery is one version of an order as a shop sent it.
type Delivery struct {
	ID, Source, Order int64
	Topic             string
	Modified          time.Time // when the shop changed the order; zero when it did not say
	Repeats           int64     // how often it came
	State, Reason     string
	ReceivedAt        time.Time
	SettledAt         time.Time

	fingerprint, key string
}

const deliveryCols = `id, source_id, order_id, topic, version, repeats, state, reason, received_at, settled_at, fingerprint, version_key`

func scanDelivery(r db.Row, d *Delivery) error {
	var version int64
	err := r.Scan(&d.ID, &d.Source, &d.Order, &d.Topic, &version, &d.Repeats, &d.State, &d.Reason, db.T(&d.ReceivedAt), db.T(&d.SettledAt), &d.fingerprint, &d.key)
	if version != 0 {
		d.Modified = time.UnixMicro(version).UTC()
	}
	return err
}

// statusRank orders the statuses of versions that were made in the same
// second, by the usual way of an order.
var statusRank = []string{"checkout-draft", "auto-draft", "pending", "failed", "on-hold", "processing", "completed", "cancelled", "refunded", "trash"}

// versionKey ranks versions of one order that carry the same time: what was
// updated after what was created, then by the way of an order, then by
// content, so that every order of arrival ends alike.
func versionKey(topic string, o *Order, fingerprint string) string {
	t := slices.Index([]string{Created, Updated, Restored}, topic)
	s := slices.Index(statusRank, orderStatus(o))
	if s < 0 {
		s = slices.Index(statusRank, "processing")
	}
	return fmt.Sprintf("%d%02d%s", t, s, fingerprint)
}

// Take stores what a shop delivered and sees to it that it is applied. It is
// one small write, so that a shop is answered fast and nothing that was
// answered is lost. deliveryID tells one deletion from another: their bodies
// are all alike. The same version again only counts.
func Take(tx *db.Tx, source int64, topic string, body []byte, deliveryID string) error {
	topic = strings.TrimPrefix(topic, "order.")
	var version int64
	var key, print string
	o, err := ParseOrder(body)
	if err != nil {
		return err
	}
	body = clean(body)
	switch topic {
	case Created, Updated, Restored:
		if o.Status == "" {
			return fault.Field("status", "is required")
		}
		if m := o.Modified(); !m.IsZero() {
			version = m.UnixMicro()
		}
		print = fingerprint(body)
		key = versionKey(topic, o, print)
	case Deleted:
		print = "deletion " + strings.ToValidUTF8(deliveryID[:min(len(deliveryID), 100)], "?")
	default:
		return fault.Field("topic", "must be order.created, order.updated, order.deleted or order.restored")
	}
	id, err := tx.NextID("shop_delivery")
	if err != nil {
		return err
	}
	n, err := db.One(tx, db.Value[int64], `INSERT INTO shop_delivery (org_id, id, source_id, order_id, topic, fingerprint, version, version_key, body, repeats, state,
		reason, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, '', ?)
		ON CONFLICT (org_id, source_id, order_id, topic, fingerprint) DO UPDATE SET repeats = shop_delivery.repeats + 1 RETURNING repeats`,
		tx.Org, id, source, int64(o.ID), topic, print, version, key, string(body), Received, tx.Now)
	if err != nil || n > 1 {
		return err
	}
	_, err = job.Add(tx, job.Job{Kind: ApplyKind, Args: orderArgs(source, int64(o.ID))})
	return err
}

// The kinds of jobs.
const (
	ApplyKind = "shop.apply" // an order that came in into the order book
	PushKind  = "zoho.push"  // an order of the book to Zoho
	LeadKind  = "zoho.lead"  // a lead's status to Zoho
	MailKind  = "mail.send"
	MatchKind = "shop.match"     // what waits for goods or for SKUs
	SweepKind = "loyalty.expire" // coupons and points whose time has come
)

func orderArgs(source, order int64) string {
	return strconv.FormatInt(source, 10) + "/" + strconv.FormatInt(order, 10)
}

func parseOrderArgs(s string) (source, order int64, err error) {
	a, b, _ := strings.Cut(s, "/")
	source, err = strconv.ParseInt(a, 10, 64)
	if err == nil {
		order, err = strconv.ParseInt(b, 10, 64)
	}
	if err != nil {
		err = job.Fatal(fmt.Errorf("job arguments %q are not source/order", s))
	}
	return source, order, err
}

// fold works out what an order is from all that was delivered of it, in
// whatever order it came: the newest version, and whether it was deleted. A
// deletion carries no time. It stands until the order is restored; deletions
// that came with no restoration between them are one.
func fold(list []Delivery) (best *Delivery, gone bool) {
	deletions, restorations, last := 0, 0, ""
	for i := range list {
		d := &list[i]
		switch d.Topic {
		case Deleted:
			if last != Deleted {
				deletions++
			}
			last = Deleted
			continue
		case Restored:
			restorations++
			last = Restored
		}
		if best == nil || newer(d, best) {
			best = d
		}
	}
	return best, deletions > restorations
}

func newer(a, b *Delivery) bool {
	if !a.Modified.Equal(b.Modified) {
		return a.Modified.After(b.Modified)
	}
	return a.key > b.key
}

// DeliveryFilter narrows Deliveries. A field that is not set does not narrow.
type DeliveryFilter struct {
	Source, Order int64
	State         string
	Before        int64
	Limit         int
}

// Deliveries is the statement of what came from the shops, newest first.
func Deliveries(tx *db.Tx, f DeliveryFilter) ([]Delivery, error) {
	w := db.Where{}
	w.Add("org_id = ?", tx.Org)
	w.AddIf(f.Source != 0, "source_id = ?", f.Source)
	w.AddIf(f.Order != 0, "order_id = ?", f.Order)
	w.AddIf(f.State != "", "state = ?", f.State)
	w.AddIf(f.Before != 0, "id < ?", f.Before)
	if f.Limit <= 0 {
		f.Limit = 50
	}
	return db.All(tx, scanDelivery, `SELECT `+deliveryCols+` FROM shop_delivery`+w.SQL()+` ORDER BY id DESC LIMIT ?`, append(w.Args, f.Limit)...)
}

// Statement counts a source's deliveries by state; repeats counts those that
// had come before.
func Statement(tx *db.Tx, source int64) (counts map[string]int64, err error) {
	counts = map[string]int64{Received: 0, Applied: 0, Ignored: 0, Held: 0, "repeats": 0}
	err = tx.Each(func(r db.Row) error {
		var state string
		var n, came int64
		err := r.Scan(&state, &n, &came)
		counts[state] += n
		counts["repeats"] += came - n
		return err
	}, `SELECT state, COUNT(*), CAST(SUM(repeats) AS bigint) FROM shop_delivery WHERE org_id = ? AND source_id = ? GROUP BY state`, tx.Org, source)
	return counts, err
}

// GetDelivery returns one delivery.
func GetDelivery(tx *db.Tx, id int64) (Delivery, error) {
	d, err := db.One(tx, scanDelivery, `SELECT `+deliveryCols+` FROM shop_delivery WHERE org_id = ? AND id = ?`, tx.Org, id)
	if fault.Is(err, fault.NotFound) {
		err = fault.Missing("delivery")
	}
	return d, err
}

// Source is a shop's user, from whom deliveries come.
type Source struct {
	ID          int64
	Name, Email string
}

// Sources returns the shops of tx's organization.
func Sources(tx *db.Tx) ([]Source, error) {
	return db.All(tx, func(r db.Row, s *Source) error { return r.Scan(&s.ID, &s.Name, &s.Email) },
		`SELECT id, name, email FROM portal_user WHERE org_id = ? ORDER BY id`, tx.Org)
}
