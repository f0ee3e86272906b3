package sale

import (
	"fmt"
	"time"

	"storehouse/base/db"
	"storehouse/core/org"
	"storehouse/core/stock"
)

// maxOwed is how many invoices one call of Recur makes; a longer backlog is
// worked off by the next ones.
const maxOwed = 50

func checkRecur(s *Sale, bad func(string, string, ...any)) {
	switch s.RecurIntervalType {
	case "days", "months", "years":
	case "":
		if s.IsRecurring {
			bad("recur_interval_type", "is required")
		}
	default:
		bad("recur_interval_type", "must be days, months or years")
	}
	if s.IsRecurring && s.RecurInterval == 0 {
		s.RecurInterval = 1
	}
	if s.RecurInterval < 0 || s.RecurInterval > 10_000 {
		bad("recur_interval", "is out of range")
	}
	if s.RecurRepetitions < 0 {
		bad("recur_repetitions", "must not be negative")
	}
	if s.SubscriptionRepeatOn < 0 || s.SubscriptionRepeatOn > 31 {
		bad("subscription_repeat_on", "must be a day of the month")
	}
}

// stopOrResume keeps note of when a recurring sale was stopped. What would
// have been due while it stood still is not owed when it is taken up again.
func stopOrResume(d *Head, old Head, now time.Time) {
	switch {
	case old.IsRecurring && !d.IsRecurring:
		d.RecurStoppedAt = now
	case !old.IsRecurring && d.IsRecurring && !old.RecurStoppedAt.IsZero():
		d.RecurStoppedAt, d.RecurLastAt = time.Time{}, now
	}
}

// nextDue returns when a recurring sale owes its next invoice: the first date
// of its rhythm, counted from the sale's own, after the last that it made. ok
// is false where it owes none any more.
func nextDue(h Head, zone *time.Location) (at time.Time, ok bool) {
	done := h.RecurRepetitions > 0 && h.RecurMade >= h.RecurRepetitions
	if !h.IsRecurring || h.Status != Final || h.RecurInterval <= 0 || !h.RecurStoppedAt.IsZero() || done {
		return at, false
	}
	last := h.SoldAt
	if h.RecurLastAt.After(last) {
		last = h.RecurLastAt
	}
	for n := int64(1); ; n++ {
		if at = rhythm(h, n, zone); at.After(last) {
			return at, true
		}
	}
}

// rhythm returns the n-th date after a recurring sale's own, at the same time
// of the day in the organization's zone. A month that lacks the day has its
// last one instead.
func rhythm(h Head, n int64, zone *time.Location) time.Time {
	t := h.SoldAt.In(zone)
	y, m, d := t.Date()
	step := int(n * h.RecurInterval)
	switch h.RecurIntervalType {
	case "days":
		d += step
	case "years":
		y += step
		d = min(d, lastDay(y, m))
	default:
		m += time.Month(step)
		if h.SubscriptionRepeatOn > 0 {
			d = int(h.SubscriptionRepeatOn)
		}
		d = min(d, lastDay(y, m))
	}
	return time.Date(y, m, d, t.Hour(), t.Minute(), t.Second(), t.Nanosecond(), zone).UTC()
}

func lastDay(y int, m time.Month) int { return time.Date(y, m+1, 0, 0, 0, 0, 0, time.UTC).Day() }

// Owing lists the recurring sales that owe an invoice now.
func Owing(tx *db.Tx) ([]int64, error) {
	set, err := org.LoadSettings(tx)
	if err != nil {
		return nil, err
	}
	list, err := db.All(tx, scanSale, `SELECT `+saleCols+` FROM sale WHERE org_id = ? AND is_recurring = 1 ORDER BY id`, tx.Org)
	var owing []int64
	for _, s := range list {
		if at, ok := nextDue(s.Head, zone(set)); ok && !at.After(tx.Now) {
			owing = append(owing, s.ID)
		}
	}
	return owing, err
}

// Recur makes the invoices that a recurring sale owes, each once and dated on
// the day when it was due, also those of a downtime. It may be called by
// several at a time: the sale is locked, and says what it has made. An invoice
// whose goods are not there is made as a draft, so that somebody sees to it.
func Recur(tx *db.Tx, id int64) ([]Sale, error) {
	set, err := org.LoadSettings(tx)
	if err != nil {
		return nil, err
	}
	s, err := lock(tx, id)
	if err != nil {
		return nil, err
	}
	if tx.Actor == 0 {
		tx.Actor = s.CreatedBy
	}
	var made []Sale
	for len(made) < maxOwed {
		at, ok := nextDue(s.Head, zone(set))
		if !ok || at.After(tx.Now) {
			break
		}
		child, err := recurring(tx, s, at)
		if err != nil {
			return nil, fmt.Errorf("recurring sale %d: %w", id, err)
		}
		made = append(made, child)
		s.RecurMade, s.RecurLastAt = s.RecurMade+1, at
	}
	if len(made) == 0 {
		return made, nil
	}
	_, err = tx.Exec(`UPDATE sale SET recur_made = ?, recur_last_at = ?, updated_at = ? WHERE org_id = ? AND id = ?`, s.RecurMade, s.RecurLastAt, tx.Now, tx.Org, id)
	return made, err
}

// recurring makes one invoice of a recurring sale.
func recurring(tx *db.Tx, s Sale, at time.Time) (made Sale, err error) {
	d := draftOf(s)
	for i := range d.Lines {
		l := &d.Lines[i]
		l.ID, l.was, l.children, l.KitchenStatus, l.WooCommerceLineID = 0, nil, nil, "", 0
	}
	d.Payments, d.ChangeReturn, d.Number, d.SoldAt, d.Stamps = nil, 0, "", at, Stamps{}
	d.Origin, d.State, d.Fulfillment, d.ExternalSource, d.ExternalID, d.WooCommerceOrderID = POS, "", "", "", "", 0
	d.RedeemedPoints, d.RedeemedAmount, d.ShippingStatus, d.DeliveredTo, d.Table, d.Waiter = 0, 0, "", "", 0, 0
	d.IsRecurring, d.RecurInterval, d.RecurIntervalType, d.RecurRepetitions, d.SubscriptionRepeatOn = false, 0, "", 0, 0
	d.RecurMade, d.RecurLastAt, d.RecurParent = 0, time.Time{}, s.ID
	create := func() error {
		list, err := Create(tx, d)
		if err == nil {
			made = list[0]
		}
		return err
	}
	if err = tx.Try(create); err != nil && len(stock.Shortages(err)) > 0 {
		d.Status, d.StaffNote = Draft, "Not enough in stock for this recurring invoice."
		err = create()
	}
	return made, err
}
