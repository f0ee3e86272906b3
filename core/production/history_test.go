package production_test

import (
	"fmt"
	"math/rand/v2"
	"slices"
	"testing"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/lookup"
	"storehouse/core/org/orgtest"
	"storehouse/core/party"
	"storehouse/core/production"
	"storehouse/core/stock"
	"storehouse/core/supply"
)

// shop is a small business: two materials, an ale made of both, a pack made
// of ales, and a vendor.
type shop struct {
	location, vendor     int64
	malt, can, ale, pack int64
}

func newShop(t testing.TB, d *db.DB) shop {
	t.Helper()
	s := shop{location: orgtest.New(t, d, "acme").Location}
	dbtest.Do(t, d, func(tx *db.Tx) error {
		sku, err := lookup.Ensure(tx, lookup.SKUType, "Beer")
		if err != nil {
			return err
		}
		mat, err := lookup.Ensure(tx, lookup.MaterialType, "Malt")
		if err != nil {
			return err
		}
		for _, i := range []struct {
			to   *int64
			kind string
			typ  int64
		}{{&s.malt, catalog.Material, mat.ID}, {&s.can, catalog.Material, mat.ID}, {&s.ale, catalog.SKU, sku.ID}, {&s.pack, catalog.SKU, sku.ID}} {
			item, err := catalog.CreateItem(tx, i.kind, catalog.Item{Code: fmt.Sprint("I-", i.kind, i.to == &s.can || i.to == &s.pack), Name: "Item", Type: i.typ})
			if err != nil {
				return err
			}
			*i.to = item.ID
		}
		v, err := party.Create(tx, party.Party{IsVendor: true, Name: "Maltings"})
		if err != nil {
			return err
		}
		s.vendor = v.ID
		if err := catalog.CreateBOM(tx, s.ale, []catalog.BOMLine{{Item: s.malt, Quantity: dec.Must("0.3")}, {Item: s.can, Quantity: dec.Int(1)}}); err != nil {
			return err
		}
		return catalog.CreateBOM(tx, s.pack, []catalog.BOMLine{{Item: s.ale, Quantity: dec.Int(3)}})
	})
	return s
}

// model is what the books should say, kept apart from them: documents and
// their receipts, no ledger.
type model struct {
	shop
	purchases map[int64]*supply.Order
	works     map[int64]*production.Order
	received  map[int64]supply.Receipt // by receipt
	made      map[int64]production.Receipt
}

// balance is what the model says of an item: on hand, on order, and demanded
// or set aside.
func (m *model) balance(item int64) (hand, order, need dec.D) {
	for _, x := range m.received {
		for _, l := range x.Lines {
			if l.Item == item {
				hand += l.Quantity
			}
		}
	}
	for _, x := range m.made {
		for _, l := range x.Lines {
			if l.Item == item {
				hand += l.Quantity
			}
			for _, i := range l.Inputs {
				if i.Item == item {
					hand -= i.Quantity
				}
			}
		}
	}
	for _, o := range m.purchases {
		for _, l := range o.Lines {
			if l.Item == item && o.State != supply.Planning && o.State != supply.Cancelled {
				got := dec.D(0)
				for _, x := range m.received {
					for _, r := range x.Lines {
						if r.Line == l.ID {
							got += r.Quantity
						}
					}
				}
				order += l.Quantity - got
			}
		}
	}
	for _, o := range m.works {
		if o.State == production.Draft || o.State == production.Cancelled {
			continue
		}
		for _, l := range o.Lines {
			got := dec.D(0)
			for _, x := range m.made {
				for _, r := range x.Lines {
					if r.Line == l.ID {
						got += r.Quantity
					}
				}
			}
			if l.Item == item {
				order += l.Quantity - got
			}
			for _, i := range l.Inputs {
				if i.Item == item {
					rest, _ := i.Quantity.MulDiv(l.Quantity-got, l.Quantity)
					need += rest
				}
			}
		}
	}
	return hand, order, need
}

// value is what all goods on hand are worth: what was paid for them and for
// making them.
func (m *model) value() (sum dec.D) {
	for _, x := range m.received {
		for _, l := range x.Lines {
			sum += l.Cost
		}
	}
	for _, x := range m.made {
		for _, l := range x.Lines {
			for _, o := range m.works {
				for _, ol := range o.Lines {
					if ol.ID == l.Line && ol.UnitCost != nil {
						c, _ := ol.UnitCost.Mul(l.Quantity)
						sum += c
					}
				}
			}
		}
	}
	return sum
}

// TestRandomHistories drives purchases and work orders at random and compares
// the ledger with the model after every step: quantities, promises, and value
// in = value out + value on hand, to the last digit.
func TestRandomHistories(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		m := &model{shop: newShop(t, d), purchases: map[int64]*supply.Order{}, works: map[int64]*production.Order{},
			received: map[int64]supply.Receipt{}, made: map[int64]production.Receipt{}}
		rnd := rand.New(rand.NewPCG(7, 11))
		steps := 150
		if testing.Short() {
			steps = 40
		}
		done := map[string]int{}
		for n := range steps {
			name := m.step(t, d, rnd)
			done[name]++
			if !m.agrees(t, d) {
				t.Fatalf("after step %d, %s", n, name)
			}
		}
		for _, name := range []string{"receive", "delete receipt", "make", "make (refused)", "delete made", "move work"} {
			if done[name] == 0 {
				t.Errorf("the history has no %q: %v", name, done)
			}
		}
		dbtest.See(t, d, func(tx *db.Tx) error {
			diff, _, err := stock.Audit(tx)
			if len(diff) > 0 {
				t.Errorf("audit: %+v", diff)
			}
			return err
		})
	})
}

func (m *model) agrees(t *testing.T, d *db.DB) bool {
	t.Helper()
	ok := true
	dbtest.See(t, d, func(tx *db.Tx) error {
		list, err := stock.Balances(tx, stock.Filter{})
		if err != nil {
			return err
		}
		var value dec.D
		for _, b := range list {
			value += b.Value
			hand, order, need := m.balance(b.Item)
			if b.OnHand != hand || b.OnOrder != order || b.Demand+b.Allocated != need || b.Allocated < 0 || b.Demand < 0 {
				t.Errorf("item %d: on hand %s, on order %s, demand %s, allocated %s; the model says %s, %s, %s in all",
					b.Item, b.OnHand, b.OnOrder, b.Demand, b.Allocated, hand, order, need)
				ok = false
			}
		}
		if want := m.value(); value != want {
			t.Errorf("value on hand %s, the model says %s", value, want)
			ok = false
		}
		return nil
	})
	return ok
}

func pick[V any](rnd *rand.Rand, list map[int64]V) int64 {
	keys := []int64{}
	for k := range list {
		keys = append(keys, k)
	}
	if len(keys) == 0 {
		return 0
	}
	slices.Sort(keys)
	return keys[rnd.IntN(len(keys))]
}

// refused reports whether a step was refused as it may be: the books and the
// model stay as they were.
func refused(err error) bool {
	return fault.Is(err, fault.Conflict) || fault.Is(err, fault.Transition) || fault.Is(err, fault.Invalid)
}

func (m *model) step(t *testing.T, d *db.DB, rnd *rand.Rand) string {
	t.Helper()
	names := []string{"order goods", "receive", "receive", "delete receipt", "date receipt", "cancel purchase", "order work", "move work", "move work", "make", "make",
		"delete made", "date made", "cancel work", "change work"}
	name := names[rnd.IntN(len(names))]
	var apply func()
	var no bool
	dbtest.Do(t, d, func(tx *db.Tx) error {
		apply, no = func() {}, false
		err := tx.Try(func() (err error) {
			if len(name) > 0 && (name == "order work" || name == "move work" || name == "make" || name == "delete made" || name == "date made" || name == "cancel work" || name == "change work") {
				apply, err = m.work(tx, name, rnd)
			} else {
				apply, err = m.purchase(tx, name, rnd)
			}
			return err
		})
		if no = refused(err); no {
			return nil
		}
		return err
	})
	if no {
		return name + " (refused)"
	}
	apply()
	return name
}

func qty(rnd *rand.Rand, most int) dec.D { return dec.Int(int64(1 + rnd.IntN(most))) }

func (m *model) purchase(tx *db.Tx, name string, rnd *rand.Rand) (func(), error) {
	id := pick(rnd, m.purchases)
	x := pick(rnd, m.received)
	switch {
	case name == "order goods":
		c1, c2 := dec.D(rnd.IntN(3_000_000)), dec.D(rnd.IntN(300_000))
		o, err := supply.Create(tx, supply.Order{Vendor: m.vendor, Target: supply.Materials, State: supply.Placed, Shipping: dec.D(rnd.IntN(9_000_000))},
			[]supply.NewLine{{Item: m.malt, Quantity: qty(rnd, 30), UnitCost: &c1}, {Item: m.can, Quantity: qty(rnd, 60), UnitCost: &c2}})
		return func() { m.purchases[o.ID] = &o }, err
	case name == "receive" && id != 0:
		l := m.purchases[id].Lines[rnd.IntN(2)]
		o, x, err := supply.Receive(tx, id, supply.Receipt{Lines: []supply.ReceiptLine{{Line: l.ID, Quantity: qty(rnd, int(l.Quantity.Int()))}}})
		return func() { m.purchases[id], m.received[x.ID] = &o, x }, err
	case name == "delete receipt" && x != 0:
		order := m.received[x].Order
		err := supply.DeleteReceipt(tx, x)
		if err != nil {
			return nil, err
		}
		o, err := supply.Get(tx, order)
		return func() { delete(m.received, x); m.purchases[order] = &o }, err
	case name == "date receipt" && x != 0:
		_, err := supply.UpdateReceipt(tx, x, func(x *supply.Receipt) error { x.At = tx.Now.AddDate(0, 0, -rnd.IntN(9)); return nil })
		return func() {}, err
	case name == "cancel purchase" && id != 0 && rnd.IntN(3) == 0:
		o, err := supply.Update(tx, id, func(o *supply.Order) error { o.State = supply.Cancelled; return nil })
		return func() { m.purchases[id] = &o }, err
	}
	return func() {}, nil
}

func (m *model) work(tx *db.Tx, name string, rnd *rand.Rand) (func(), error) {
	id := pick(rnd, m.works)
	x := pick(rnd, m.made)
	keep := func(order int64, err error) (func(), error) {
		if err != nil {
			return nil, err
		}
		o, err := production.Get(tx, production.Work, order)
		return func() { m.works[order] = &o }, err
	}
	switch {
	case name == "order work":
		cost := dec.D(rnd.IntN(500_000))
		states := []production.State{production.Draft, production.Entered, production.Making}
		item := []int64{m.ale, m.ale, m.pack}[rnd.IntN(3)]
		o, err := production.Create(tx, production.Order{Kind: production.Work, Location: m.location, State: states[rnd.IntN(3)],
			Lines: []production.Line{{Item: item, Quantity: qty(rnd, 9), UnitCost: &cost}}})
		return keep(o.ID, err)
	case name == "move work" && id != 0:
		to := production.States[rnd.IntN(len(production.States)-1)]
		_, err := production.Update(tx, production.Work, id, func(o *production.Order) error { o.State = to; return nil })
		return keep(id, err)
	case name == "make" && id != 0:
		l := m.works[id].Lines[0]
		r := production.ReceiptLine{Line: l.ID, Quantity: qty(rnd, int(l.Quantity.Int()))}
		if rnd.IntN(4) == 0 {
			r.Inputs = []production.ReceiptInput{{Item: m.malt, Kind: catalog.Material, Quantity: qty(rnd, 3)}}
		}
		_, x, err := production.Receive(tx, production.Work, id, production.Receipt{Lines: []production.ReceiptLine{r}})
		then, err := keep(id, err)
		return func() { then(); m.made[x.ID] = x }, err
	case name == "delete made" && x != 0:
		order := m.made[x].Order
		then, err := keep(order, production.DeleteReceipt(tx, production.Work, x))
		return func() { then(); delete(m.made, x) }, err
	case name == "date made" && x != 0:
		_, err := production.UpdateReceipt(tx, production.Work, x, func(x *production.Receipt) error { x.At = tx.Now.AddDate(0, 0, -rnd.IntN(9)); return nil })
		return func() {}, err
	case name == "cancel work" && id != 0 && rnd.IntN(3) == 0:
		_, err := production.Update(tx, production.Work, id, func(o *production.Order) error { o.State = production.Cancelled; return nil })
		return keep(id, err)
	case name == "change work" && id != 0:
		l := m.works[id].Lines[0]
		q := qty(rnd, 9)
		_, err := production.UpdateLine(tx, production.Work, l.ID, func(l *production.Line) error { l.Quantity = q; return nil })
		return keep(id, err)
	}
	return func() {}, nil
}
