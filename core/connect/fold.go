package connect

import (
	"fmt"
	"slices"
)

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

// fold works out what an order is from all that was delivered of it, in
// whatever order it came and however often: the newest version, and whether it
// is deleted.
//
// A deletion that says when it was made is older or newer than a version, and
// that is all. WooCommerce's own say nothing, so it is worked out from what is
// certain: a deletion came before every version that was made after we had it
// already, and before each restoration there was one deletion. What is then
// left over after the last restoration is one more deletion. More than one is
// impossible in a shop, so somebody repeats deletions under new ids, and the
// restoration stands.
func fold(list []Delivery) (best *Delivery, gone bool) {
	restored := 0
	for i := range list {
		d := &list[i]
		if d.Topic == Restored {
			restored++
		}
		if d.Topic != Deleted && (best == nil || newer(d, best)) {
			best = d
		}
	}
	over, open := 0, 0
	for i := range list {
		d := &list[i]
		switch {
		case d.Topic != Deleted:
		case overtaken(d, list):
			over++
		case !d.Modified.IsZero():
			return best, true
		default:
			open++
		}
	}
	if restored == 0 {
		return best, open > 0
	}
	return best, open-max(0, restored-over) == 1
}

// overtaken reports whether the order certainly lived after a deletion.
func overtaken(d *Delivery, list []Delivery) bool {
	for i := range list {
		v := &list[i]
		switch {
		case v.Topic == Deleted || v.trashed():
		case !d.Modified.IsZero():
			if v.Modified.After(d.Modified) || v.Topic == Restored && v.Modified.Equal(d.Modified) {
				return true
			}
		case v.Modified.After(d.ReceivedAt) && !v.Modified.After(v.ReceivedAt): // whose clock is ahead proves nothing
			return true
		}
	}
	return false
}

func newer(a, b *Delivery) bool {
	if !a.Modified.Equal(b.Modified) {
		return a.Modified.After(b.Modified)
	}
	return a.key > b.key
}

// trashed reports whether a version says itself that the order is in the
// trash.
func (d *Delivery) trashed() bool { return len(d.key) >= 3 && d.key[1:3] == trashRank }

var trashRank = fmt.Sprintf("%02d", slices.Index(statusRank, "trash"))
