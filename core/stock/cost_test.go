package stock_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/stock"
)

// TestCost follows one item through a history worked out by hand.
func TestCost(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		for _, c := range []struct {
			e            stock.Entry
			value, after string
			last         string
		}{
			{stock.Entry{Event: stock.Receive, Quantity: n("3"), UnitCost: cost("3.333333")}, "9.999999", "3 worth 9.999999", "3.333333"},
			{stock.Entry{Event: stock.Receive, Quantity: n("4"), Cost: cost("10.000001")}, "10.000001", "7 worth 20", "2.857143"},
			// 20 × 2 ÷ 7 = 5.714285714…
			{stock.Entry{Event: stock.Consume, Quantity: n("2")}, "5.714286", "5 worth 14.285714", "2.857143"},
			// 14.285714 × 1 ÷ 5 = 2.8571428
			{stock.Entry{Event: stock.Dispose, Quantity: n("1")}, "2.857143", "4 worth 11.428571", "2.857143"},
			// found goods come in at the average: 11.428571 × 2 ÷ 4 = 5.7142855
			{stock.Entry{Event: stock.Adjust, Quantity: n("2")}, "5.714286", "6 worth 17.142857", "2.857143"},
			// all that is on hand, and two more at the last known cost
			{stock.Entry{Event: stock.Consume, Quantity: n("8")}, "22.857143", "-2 worth -5.714286", "2.857143"},
			{stock.Entry{Event: stock.Consume, Quantity: n("1")}, "2.857143", "-3 worth -8.571429", "2.857143"},
			// a receipt closes the gap; the difference in price stays in the stock
			{stock.Entry{Event: stock.Receive, Quantity: n("5"), UnitCost: cost("4")}, "20", "2 worth 11.428571", "5.714286"},
			{stock.Entry{Event: stock.Consume, Quantity: n("2")}, "11.428571", "0 worth 0", "5.714286"},
			// and found again at the last known cost
			{stock.Entry{Event: stock.Adjust, Quantity: n("0.5")}, "2.857143", "0.5 worth 2.857143", "5.714286"},
		} {
			c.e.Item, c.e.Location = 101, w.here
			out := posted(t, d, allow, c.e)
			if out[0].Value != n(c.value) {
				t.Errorf("%s %s carries %s, want %s", c.e.Event, c.e.Quantity, out[0].Value, c.value)
			}
			if s := got(t, d, 101, w.here); s != c.after {
				t.Errorf("after %s %s: %s, want %s", c.e.Event, c.e.Quantity, s, c.after)
			}
			dbtest.See(t, d, func(tx *db.Tx) error {
				b, err := stock.Get(tx, 101, w.here)
				if b.LastCost != n(c.last) {
					t.Errorf("after %s %s: last cost %s, want %s", c.e.Event, c.e.Quantity, b.LastCost, c.last)
				}
				return err
			})
		}
		audited(t, d)
	})
}

// TestReversalCarriesItsValue takes back an old receipt after the average has
// moved, and a sale in two parts.
func TestReversalCarriesItsValue(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		first := posted(t, d, allow, stock.Entry{Event: stock.Receive, Item: 101, Location: w.here, Quantity: n("10"), UnitCost: cost("2")})
		posted(t, d, allow, stock.Entry{Event: stock.Receive, Item: 101, Location: w.here, Quantity: n("10"), UnitCost: cost("4")})
		sold := posted(t, d, allow, stock.Entry{Event: stock.Consume, Item: 101, Location: w.here, Quantity: n("3"), Doc: stock.Doc{Type: "sale", ID: 5}, Line: 51})
		if s := got(t, d, 101, w.here); s != "17 worth 51" || sold[0].Value != n("9") {
			t.Fatal(s, sold)
		}
		undo := func(u stock.Undo) (e stock.Entry, err error) {
			err = d.Update(t.Context(), 1, func(tx *db.Tx) error {
				list, err := stock.Apply(tx, stock.Policy{}, []stock.Undo{u}, nil)
				if err == nil {
					e = list[0]
				}
				return err
			})
			return e, err
		}
		if _, err := undo(stock.Undo{Entry: first[0].ID}); err != nil {
			t.Fatal(err)
		}
		if s := got(t, d, 101, w.here); s != "7 worth 31" { // 51 − 20
			t.Error(s)
		}
		back, err := undo(stock.Undo{Entry: sold[0].ID, Quantity: n("1"), Doc: stock.Doc{Type: "sale_return", ID: 6}})
		if err != nil || back.Value != n("3") || back.Event != stock.ReverseConsume || back.Of != (stock.Doc{Type: "sale", ID: 5}) || back.Line != 51 {
			t.Errorf("%v %+v", err, back)
		}
		if _, err := undo(stock.Undo{Entry: sold[0].ID, Quantity: n("2.000001")}); !fault.Is(err, fault.Conflict) {
			t.Errorf("more came back than went out: %v", err)
		}
		if back, err = undo(stock.Undo{Entry: sold[0].ID}); err != nil || back.Quantity != n("2") || back.Value != n("6") {
			t.Errorf("%v %+v", err, back)
		}
		if s := got(t, d, 101, w.here); s != "10 worth 40" {
			t.Error(s)
		}
		// The return is taken back: what it put on hand goes out again.
		dbtest.Do(t, d, func(tx *db.Tx) error {
			_, err := stock.ReverseDoc(tx, stock.Doc{Type: "sale_return", ID: 6})
			return err
		})
		if s := got(t, d, 101, w.here); s != "9 worth 37" {
			t.Error(s)
		}
		dbtest.See(t, d, func(tx *db.Tx) error {
			list, err := stock.StandingOf(tx, stock.Doc{Type: "sale", ID: 5})
			if len(list) != 1 || list[0].Left != n("1") || list[0].LeftValue != n("3") {
				t.Errorf("%+v", list)
			}
			net, nerr := stock.Open(tx, stock.Doc{Type: "sale", ID: 5})
			want := []stock.Net{{Doc: stock.Doc{Type: "sale", ID: 5}, Line: 51, Total: stock.Balance{Item: 101, Location: w.here, Kind: "sku", OnHand: n("-1"), Value: n("-3")}}}
			if diff := cmp.Diff(want, net); diff != "" {
				t.Error(diff)
			}
			if err == nil {
				err = nerr
			}
			return err
		})
		audited(t, d)
	})
}

// TestPartsLeaveNoDust takes 10.00 for 3 units back one by one.
func TestPartsLeaveNoDust(t *testing.T) { dbtest.Each(t, eachPartsLeaveNoDust) }

func eachPartsLeaveNoDust(t *testing.T, d *db.DB) {
	w := setup(t, d)
	out := posted(t, d, allow, stock.Entry{Event: stock.Receive, Item: 101, Location: w.here, Quantity: n("3"), Cost: cost("10")})
	var values []dec.D
	for range 3 {
		dbtest.Do(t, d, func(tx *db.Tx) error {
			list, err := stock.Apply(tx, allow, []stock.Undo{{Entry: out[0].ID, Quantity: n("1")}}, nil)
			values = append(values, list[0].Value)
			return err
		})
	}
	if diff := cmp.Diff([]dec.D{n("3.333333"), n("3.333334"), n("3.333333")}, values); diff != "" {
		t.Error(diff)
	}
	if s := got(t, d, 101, w.here); s != "0 worth 0" {
		t.Error(s)
	}
	audited(t, d)
}

// TestPromises runs an order through its life: 10 are wanted, 6 are there.
func TestPromises(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		sale := stock.Doc{Type: "sale", ID: 8}
		line := func(ev stock.Event, q, settles string) stock.Entry {
			return stock.Entry{Event: ev, Item: 101, Location: w.here, Quantity: n(q), Settles: n(settles), Doc: sale, Line: 81}
		}
		posted(t, d, stock.Policy{}, stock.Entry{Event: stock.Receive, Item: 101, Location: w.here, Quantity: n("6"), UnitCost: cost("1")})
		most := line(stock.Allocate, "10", "10")
		most.UpTo = true
		out := posted(t, d, stock.Policy{}, line(stock.Demand, "10", "0"), most)
		if len(out) != 2 || out[1].Quantity != n("6") || out[1].Settles != n("6") {
			t.Fatalf("%+v", out)
		}
		check := func(what, want string) {
			t.Helper()
			if s := got(t, d, 101, w.here); s != want {
				t.Errorf("%s: %s, want %s", what, s, want)
			}
		}
		check("allocated", "6 worth 6, 4 demand, 6 allocated")
		if out := posted(t, d, stock.Policy{}, most); len(out) != 0 {
			t.Errorf("nothing is left to allocate: %+v", out)
		}
		err := d.Update(t.Context(), 1, func(tx *db.Tx) error {
			_, err := stock.Post(tx, stock.Policy{}, line(stock.Consume, "1", "0"))
			return err
		})
		if diff := cmp.Diff([]stock.Short{{Item: 101, Location: w.here, Wanted: n("1")}}, stock.Shortages(err)); diff != "" {
			t.Errorf("sold what was set aside: %v %s", err, diff)
		}
		shipped := posted(t, d, stock.Policy{}, line(stock.Consume, "5", "5"))
		check("shipped", "1 worth 1, 4 demand, 1 allocated")
		dbtest.See(t, d, func(tx *db.Tx) error {
			net, err := stock.Open(tx, sale)
			want := []stock.Net{{Doc: sale, Line: 81, Total: stock.Balance{Item: 101, Location: w.here, Kind: "sku", OnHand: n("-5"), Value: n("-5"), Demand: n("4"), Allocated: n("1")}}}
			if diff := cmp.Diff(want, net); diff != "" {
				t.Error(diff)
			}
			return err
		})
		dbtest.Do(t, d, func(tx *db.Tx) error { _, err := stock.Release(tx, sale); return err })
		check("released", "1 worth 1")
		dbtest.Do(t, d, func(tx *db.Tx) error { _, err := stock.Release(tx, sale); return err })
		check("released twice", "1 worth 1")
		dbtest.Do(t, d, func(tx *db.Tx) error { _, err := stock.Reverse(tx, shipped[0].ID); return err })
		check("came back", "6 worth 6, 5 allocated")
		dbtest.Do(t, d, func(tx *db.Tx) error { _, err := stock.ReverseDoc(tx, sale); return err })
		check("deleted", "6 worth 6")
		dbtest.Do(t, d, func(tx *db.Tx) error { _, err := stock.ReverseDoc(tx, sale); return err })
		check("deleted twice", "6 worth 6")
		audited(t, d)
	})
}

// TestReceipts: an order of 10, receipts of 4 and 8 (two more than ordered),
// the second edited down to 6 and the first deleted.
func TestReceipts(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		order := stock.Doc{Type: "purchase_order", ID: 3}
		posted(t, d, stock.Policy{}, stock.Entry{Event: stock.Order, Item: 109, Location: w.here, Quantity: n("10"), Doc: order, Line: 31})
		receipt := func(id int64, q, settles, c string) stock.Entry {
			return posted(t, d, stock.Policy{}, stock.Entry{Event: stock.Receive, Item: 109, Location: w.here, Quantity: n(q), Settles: n(settles), UnitCost: cost(c),
				Doc: stock.Doc{Type: "purchase_receipt", ID: id}, Of: order, Line: 31})[0]
		}
		receipt(1, "4", "4", "1.5")
		second := receipt(2, "8", "6", "2")
		check := func(what, want string) {
			t.Helper()
			if s := got(t, d, 109, w.here); s != want {
				t.Errorf("%s: %s, want %s", what, s, want)
			}
		}
		check("received", "12 worth 22")
		dbtest.Do(t, d, func(tx *db.Tx) error {
			_, err := stock.Apply(tx, stock.Policy{}, []stock.Undo{{Entry: second.ID, Quantity: n("3")}}, nil)
			return err
		})
		check("edited: the two that nobody ordered go first", "9 worth 16, 1 on order")
		dbtest.Do(t, d, func(tx *db.Tx) error {
			_, err := stock.ReverseDoc(tx, stock.Doc{Type: "purchase_receipt", ID: 1})
			return err
		})
		check("first deleted", "5 worth 10, 5 on order")
		dbtest.Do(t, d, func(tx *db.Tx) error { _, err := stock.Release(tx, order); return err })
		check("cancelled", "5 worth 10")
		dbtest.See(t, d, func(tx *db.Tx) error {
			list, err := stock.Entries(tx, stock.EntryFilter{Kind: "material"})
			if len(list) != 6 || list[0].Event != stock.ReverseOrder || list[5].Event != stock.Order || list[5].Kind != "material" {
				t.Errorf("%+v", list)
			}
			return err
		})
		audited(t, d)
	})
}
