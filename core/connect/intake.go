package connect

import (
	"fmt"
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

// Arrival is one delivery that has been read and is to be stored.
type Arrival struct {
	topic, fingerprint, key string
	order, version          int64
	body                    string
}

// Read reads what a shop delivered, outside any transaction. deliveryID tells
// one deletion from another where their bodies are all alike.
func Read(topic string, body []byte, deliveryID string) (Arrival, error) {
	a := Arrival{topic: strings.TrimPrefix(topic, "order.")}
	o, err := ParseOrder(body)
	if err != nil {
		return a, err
	}
	body = clean(body)
	a.order, a.body = int64(o.ID), string(body)
	switch a.topic {
	case Created, Updated, Restored:
		if o.Status == "" {
			return a, fault.Field("status", "is required")
		}
		if m := o.Modified(); !m.IsZero() {
			a.version = m.UnixMicro()
		}
		a.fingerprint = fingerprint(body)
		a.key = versionKey(a.topic, o, a.fingerprint)
	case Deleted:
		a.fingerprint = "deletion " + strings.ToValidUTF8(deliveryID[:min(len(deliveryID), 100)], "?")
		if m := when(o.DateModifiedGMT, o.DateModified); !m.IsZero() {
			a.version = m.UnixMicro()
			a.fingerprint = "deletion at " + m.Format(time.RFC3339)
		}
	default:
		return a, fault.Field("topic", "must be order.created, order.updated, order.deleted or order.restored")
	}
	return a, nil
}

// Take stores what a shop delivered and sees to it that it is applied. It is
// one small write, so that a shop is answered fast and nothing that was
// answered is lost. The same version again only counts.
func (a Arrival) Take(tx *db.Tx, source int64) error {
	id, err := tx.NextID("shop_delivery")
	if err != nil {
		return err
	}
	n, err := db.One(tx, db.Value[int64], `INSERT INTO shop_delivery (org_id, id, source_id, order_id, topic, fingerprint, version, version_key, body, repeats, state,
		reason, received_at) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, 1, ?, '', ?)
		ON CONFLICT (org_id, source_id, order_id, topic, fingerprint) DO UPDATE SET repeats = shop_delivery.repeats + 1 RETURNING repeats`,
		tx.Org, id, source, a.order, a.topic, a.fingerprint, a.version, a.key, a.body, Received, tx.Now)
	if err != nil || n > 1 {
		return err
	}
	_, err = job.Add(tx, job.Job{Kind: ApplyKind, Args: orderArgs(source, a.order)})
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
