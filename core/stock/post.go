package stock

import (
	"cmp"
	"slices"
	"strconv"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
)

// Post adds entries to the ledger and moves the balances they touch, in three
// statements whatever their number (four where a balance is new; a thousand
// rows a statement). It returns the entries as posted, in the given order,
// without those that UpTo cut to nothing. Lines of the same item are decided
// together. Too little stock is a Conflict with Shortages; an unknown item or
// location is NotFound.
//
// Post takes the balances in one order, so that transactions that post once
// never deadlock.
func Post(tx *db.Tx, p Policy, entries ...Entry) ([]Entry, error) {
	return Apply(tx, p, nil, entries)
}

// Apply takes back entries and posts new ones as one movement: the difference
// that an edited document makes. Whether there is enough is decided on the
// outcome of both. The answer has what was taken back first.
func Apply(tx *db.Tx, p Policy, undo []Undo, entries []Entry) ([]Entry, error) {
	list := make([]*posting, 0, len(undo)+len(entries))
	back, err := takeBack(tx, undo)
	if err != nil {
		return nil, err
	}
	list = append(list, back...)
	for i := range entries {
		e := entries[i]
		e.ID, e.Reverses, e.Completes, e.Value = 0, 0, 0, 0
		if err := e.check(); err != nil {
			return nil, err
		}
		list = append(list, &posting{Entry: e, guarded: guards[e.Event]})
	}
	return post(tx, p, list)
}

// guards are the events that may be refused for want of stock.
var guards = map[Event]bool{Allocate: true, Consume: true, Transfer: true, Dispose: true}

// posting is an entry on its way into the ledger.
type posting struct {
	Entry
	effect  effect
	valued  bool // Value is given
	guarded bool
	undoing bool
}

func (e *Entry) check() error {
	ef, ok := effects[e.Event]
	switch {
	case !ok:
		return fault.Field("eventType", "cannot be posted: %q", e.Event)
	case e.Item <= 0:
		return fault.Field("item", "is required")
	case e.Location <= 0:
		return fault.Field("location", "is required")
	case e.Quantity <= 0:
		return fault.Field("quantity", "must be more than zero")
	case e.Settles < 0 || e.Settles > e.Quantity:
		return fault.Field("settles", "must be between zero and the quantity")
	case e.Settles > 0 && ef.settled == change{}:
		return fault.Field("settles", "must be zero: %s settles nothing", e.Event)
	case (e.Event == Transfer) != (e.ToLocation != 0):
		return fault.Field("toLocation", "belongs to transfers, and they need it")
	case e.ToLocation == e.Location:
		return fault.Field("toLocation", "must be another location")
	case e.UnitCost != nil && *e.UnitCost < 0, e.Cost != nil && *e.Cost < 0 && e.Event != Produce:
		// What goes into a product may be worth less than nothing, when a dear
		// receipt was taken back after some of it had gone: the product has that
		// value then, for it must be somewhere.
		return fault.Field("unitCost", "must not be negative")
	}
	return nil
}

func post(tx *db.Tx, p Policy, list []*posting) ([]Entry, error) {
	if len(list) == 0 {
		return []Entry{}, nil
	}
	if err := stamp(tx, list); err != nil {
		return nil, err
	}
	keys := keysOf(list)
	rows, err := lock(tx, keys)
	if err != nil {
		return nil, err
	}
	byPlace := slices.Clone(list)
	slices.SortStableFunc(byPlace, func(a, b *posting) int {
		return cmp.Or(cmp.Compare(a.Item, b.Item), cmp.Compare(a.Location, b.Location))
	})
	for _, e := range byPlace {
		if err := e.move(rows); err != nil {
			return nil, err
		}
	}
	if err := guard(p, rows); err != nil {
		return nil, err
	}
	out := make([]Entry, 0, len(list))
	for _, e := range list {
		if e.Quantity > 0 {
			e.finish()
			out = append(out, e.Entry)
		}
	}
	if err := insert(tx, out); err != nil {
		return nil, err
	}
	return out, save(tx, keys, rows)
}

// stamp gives entries what the transaction knows.
func stamp(tx *db.Tx, list []*posting) error {
	first, err := tx.NextIDs("stock_entry", len(list))
	if err != nil {
		return err
	}
	for i, e := range list {
		e.ID, e.RecordedAt, e.Actor = first+int64(i), tx.Now, tx.Actor
		if e.EventDate.IsZero() {
			e.EventDate = tx.Now
		}
		if e.Event == Transfer && e.Ref == "" {
			e.Ref = "TR-" + strconv.FormatInt(e.ID, 10)
		}
		e.effect, _ = effectOf(e.Event, e.ToLocation != 0)
	}
	return nil
}

// key names a balance: the whole of an item at a location, or a lot of it.
type key struct {
	item, location int64
	lot            string
}

func compareKeys(a, b key) int {
	return cmp.Or(cmp.Compare(a.item, b.item), cmp.Compare(a.location, b.location), cmp.Compare(a.lot, b.lot))
}

// keysOf lists the balances that entries touch, in the order in which
// everybody takes them.
func keysOf(list []*posting) []key {
	keys := make([]key, 0, len(list)*2)
	for _, e := range list {
		for _, place := range []int64{e.Location, e.ToLocation} {
			if place == 0 {
				continue
			}
			keys = append(keys, key{e.Item, place, ""})
			if e.Lot != "" {
				keys = append(keys, key{e.Item, place, e.Lot})
			}
		}
	}
	slices.SortFunc(keys, compareKeys)
	return slices.Compact(keys)
}

// move values an entry and adds it to the balances.
func (e *posting) move(rows map[key]*row) error {
	whole := rows[key{e.Item, e.Location, ""}]
	if e.UpTo {
		e.cut(whole, rows[key{e.Item, e.Location, e.Lot}])
	}
	if e.Quantity == 0 {
		return nil
	}
	e.Kind = whole.Kind
	var c dec.Calc
	if !e.valued {
		e.Value = e.worth(&c, whole)
	}
	e.moveAt(&c, rows, e.Location, e.effect.quantity, e.effect.settled)
	if e.ToLocation != 0 {
		e.moveAt(&c, rows, e.ToLocation, e.effect.destination, change{})
	}
	e.learn(whole)
	if c.Err() != nil {
		return fault.Field("quantity", "is too big")
	}
	return nil
}

// cut limits an entry that is to take no more than there is.
func (e *posting) cut(whole, lot *row) {
	most := whole.Available()
	if e.Lot != "" {
		most = min(most, lot.OnHand)
	}
	e.Quantity = min(e.Quantity, max(0, most))
	e.Settles = min(e.Settles, e.Quantity)
}

func (e *posting) moveAt(c *dec.Calc, rows map[key]*row, location int64, quantity, settled change) {
	whole := rows[key{e.Item, location, ""}]
	whole.add(c, quantity, e.Quantity)
	whole.add(c, settled, e.Settles)
	whole.Value = c.Add(whole.Value, times(quantity.onHand, e.Value))
	whole.TransitValue = c.Add(whole.TransitValue, times(quantity.inTransit, e.Value))
	whole.touch(e, quantity, settled)
	if e.Lot == "" {
		return
	}
	lot := rows[key{e.Item, location, e.Lot}]
	lot.add(c, quantity, e.Quantity)
	lot.add(c, settled, e.Settles)
	lot.touch(e, quantity, settled)
	if !e.Expires.IsZero() {
		lot.expires = e.Expires
	}
}

// touch notes on a balance whether an entry that may be refused lowers it.
func (r *row) touch(e *posting, quantity, settled change) {
	if !e.guarded {
		return
	}
	r.lowersHand = r.lowersHand || quantity.onHand < 0
	free := times(quantity.onHand-quantity.allocated, e.Quantity) + times(settled.onHand-settled.allocated, e.Settles)
	r.lowersFree = r.lowersFree || free < 0
	r.wanted -= min(0, free)
	if quantity.onHand < 0 {
		r.taken += e.Quantity
	}
}

// guard refuses what would leave less than nothing, or make it still less.
func guard(p Policy, rows map[key]*row) error {
	var list []Short
	for k, r := range rows {
		// A lot's allocation is not its own business: what is set aside is
		// set aside of the whole.
		bad := r.lowersHand && r.OnHand < min(0, r.before.OnHand) ||
			r.lowersFree && k.lot == "" && r.Available() < min(0, r.before.Available())
		if !bad || p.allows(k.location) {
			continue
		}
		had, wanted := r.before.Available(), r.wanted
		if k.lot != "" || !r.lowersFree { // taken from what was set aside
			had, wanted = r.before.OnHand, r.taken
		}
		list = append(list, Short{k.item, k.location, k.lot, max(0, had), wanted})
	}
	if list == nil {
		return nil
	}
	slices.SortFunc(list, func(a, b Short) int {
		return compareKeys(key{a.Item, a.Location, a.Lot}, key{b.Item, b.Location, b.Lot})
	})
	return short(list)
}

func (e *Entry) finish() {
	e.Code = "SE-" + strconv.FormatInt(e.ID, 10)
	e.Cost = nil
	if u, err := e.Value.Div(e.Quantity); err == nil {
		e.UnitCost = &u
	}
}
