package books

import (
	"context"
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/core/catalog"
	"storehouse/core/lookup"
	"storehouse/core/org"
	"storehouse/core/org/orgtest"
	"storehouse/core/party"
	"storehouse/core/stock"
)

// world is the organization in which histories play. Each history has items
// of its own.
type world struct {
	orgtest.Fixture
	d                                 *db.DB
	second, vendor, customer, channel int64
	skuType, materialType             int64
	items                             int
	malt, can, ale, pack, shirt       int64
	box, boxProduct                   int64
}

// tolerance is how much more than was ordered may come in, in percent.
const tolerance = 25

func newWorld(t *testing.T, d *db.DB) *world {
	t.Helper()
	w := &world{Fixture: orgtest.New(t, d, "acme"), d: d}
	dbtest.Do(t, d, func(tx *db.Tx) error {
		l, err := org.CreateLocation(tx, org.Location{Name: "Second"})
		if err != nil {
			return err
		}
		w.second = l.ID
		set, err := org.LoadSettings(tx)
		if err != nil {
			return err
		}
		set.OverReceiptPercent = dec.Int(tolerance)
		if err := org.SaveSettings(tx, set); err != nil {
			return err
		}
		for kind, id := range map[lookup.Kind]*int64{lookup.SKUType: &w.skuType, lookup.MaterialType: &w.materialType, lookup.OrderChannel: &w.channel} {
			e, err := lookup.Ensure(tx, kind, "Any")
			if err != nil {
				return err
			}
			*id = e.ID
		}
		v, err := party.Create(tx, party.Party{IsVendor: true, Name: "Maltings"})
		if err != nil {
			return err
		}
		c, err := party.Create(tx, party.Party{IsCustomer: true, IsActive: true, Name: "Ana"})
		w.vendor, w.customer = v.ID, c.ID
		return err
	})
	return w
}

// goods makes the items of a history: an ale of malt and a can, a pack of
// three ales, a shirt that is bought, and a box of ales and a shirt.
func (w *world) goods(t *rapid.T) *model {
	w.items++
	m := &model{Home: w.Location, Oversell: map[int64]bool{}, Cells: map[place]cell{}, Prices: map[int64]int64{}, Bills: map[int64]map[int64]int64{}, BillOrder: map[int64][]int64{}}
	err := w.do(func(tx *db.Tx) error {
		for n, to := range []*int64{&w.malt, &w.can, &w.ale, &w.pack, &w.shirt} {
			kind, typ := catalog.Material, w.materialType
			if n > 1 {
				kind, typ = catalog.SKU, w.skuType
			}
			i, err := catalog.CreateItem(tx, kind, catalog.Item{Code: fmt.Sprint("I-", n, "-", w.items), Name: "Item", Type: typ})
			if err != nil {
				return err
			}
			*to = i.ID
		}
		m.Bills[w.ale], m.BillOrder[w.ale] = map[int64]int64{w.malt: one * 3 / 10, w.can: one}, []int64{w.malt, w.can}
		m.Bills[w.pack], m.BillOrder[w.pack] = map[int64]int64{w.ale: 3 * one}, []int64{w.ale}
		if err := w.newKit(tx, m); err != nil {
			return err
		}
		for _, output := range []int64{w.ale, w.pack} {
			if err := catalog.CreateBOM(tx, output, m.bill(output)); err != nil {
				return err
			}
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
	return m
}

func (m *model) bill(output int64) (list []catalog.BOMLine) {
	for _, item := range m.BillOrder[output] {
		list = append(list, catalog.BOMLine{Item: item, Quantity: dec.D(m.Bills[output][item])})
	}
	return list
}

func (w *world) all() []int64       { return []int64{w.malt, w.can, w.ale, w.pack, w.shirt} }
func (w *world) locations() []int64 { return []int64{w.Location, w.second} }

func (w *world) do(fn func(*db.Tx) error) error {
	return w.d.Update(context.Background(), w.Org, func(tx *db.Tx) error {
		tx.Actor = w.User
		return fn(tx)
	})
}

// compare checks every figure of the books against the model.
func (w *world) compare(t *rapid.T, m *model, after string) {
	t.Helper()
	err := w.d.View(context.Background(), w.Org, func(tx *db.Tx) error {
		list, err := stock.Balances(tx, stock.Filter{Items: w.all()})
		if err != nil {
			return err
		}
		have := map[place]stock.Balance{}
		total := int64(0)
		for _, b := range list {
			have[place{b.Item, b.Location}] = b
			total += int64(b.Value + b.TransitValue)
		}
		for n, item := range w.all() {
			for _, at := range w.locations() {
				p := place{item, at}
				b, c := have[p], m.Cells[p]
				got := []int64{int64(b.OnHand), int64(b.OnOrder), int64(b.InTransit), int64(b.Demand), int64(b.Allocated), int64(b.Value), int64(b.TransitValue)}
				want := []int64{c.Hand, m.onOrder(p), c.Transit, m.demand(p), m.set(p), c.Value, c.Road}
				if fmt.Sprint(got) != fmt.Sprint(want) {
					t.Fatalf("after %s: item %d at %d has (hand, order, transit, demand, set, value, road)\n%v, want\n%v", after, n, at, got, want)
				}
			}
		}
		if m.In-m.Out != total {
			t.Fatalf("after %s: %d came in, %d went out, %d is here", after, m.In, m.Out, total)
		}
		return nil
	})
	if err != nil {
		t.Fatal(err)
	}
}
