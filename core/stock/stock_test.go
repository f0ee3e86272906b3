package stock_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/org"
	"storehouse/core/org/orgtest"
	"storehouse/core/stock"
)

// The world of these tests: locations 1 (here), there and a third; items
// 101 to 109, the last a material.
type world struct{ here, there, third int64 }

func setup(tb testing.TB, d *db.DB) world {
	tb.Helper()
	w := world{here: orgtest.New(tb, d, "test").Location}
	dbtest.Do(tb, d, func(tx *db.Tx) error { // reserves ids first
		for _, series := range []string{"location", "stock_entry"} {
			if _, err := tx.NextIDs(series, 1); err != nil {
				return err
			}
		}
		return nil
	})
	dbtest.Do(tb, d, func(tx *db.Tx) error {
		for i, at := range []*int64{&w.there, &w.third} {
			l, err := org.CreateLocation(tx, org.Location{Name: fmt.Sprint("Other ", i)})
			if err != nil {
				return err
			}
			*at = l.ID
		}
		rows := [][]any{}
		for id := 101; id <= 109; id++ {
			kind := "sku"
			if id == 109 {
				kind = "material"
			}
			rows = append(rows, []any{tx.Org, id, kind, fmt.Sprint("C", id), fmt.Sprint("Item ", id), fmt.Sprint("item ", id), 1, 1, 0, 0, 0, 0, 0, tx.Now, tx.Now})
		}
		return tx.Insert("item", `org_id, id, kind, code, name, name_key, items_per_unit, is_active, purchase_price, purchase_price_inc_tax,
			profit_percent, sell_price, sell_price_inc_tax, created_at, updated_at`, rows)
	})
	return w
}

var (
	n     = dec.Must
	allow = stock.Policy{Allow: true}
)

func cost(s string) *dec.D { d := n(s); return &d }

// posted posts and fails the test on an error.
func posted(tb testing.TB, d *db.DB, p stock.Policy, entries ...stock.Entry) (out []stock.Entry) {
	tb.Helper()
	dbtest.Do(tb, d, func(tx *db.Tx) (err error) {
		out, err = stock.Post(tx, p, entries...)
		return err
	})
	return out
}

// got returns a balance as text: "5 on hand, …" without what is zero.
func got(tb testing.TB, d *db.DB, item, location int64) (s string) {
	tb.Helper()
	dbtest.See(tb, d, func(tx *db.Tx) error {
		b, err := stock.Get(tx, item, location)
		s = text(b)
		return err
	})
	return s
}

func text(b stock.Balance) string {
	s := fmt.Sprintf("%s worth %s", b.OnHand, b.Value)
	for _, c := range []struct {
		name string
		d    dec.D
	}{{"on order", b.OnOrder}, {"in transit", b.InTransit}, {"transit worth", b.TransitValue}, {"demand", b.Demand}, {"allocated", b.Allocated}} {
		if c.d != 0 {
			s += fmt.Sprintf(", %s %s", c.d, c.name)
		}
	}
	return s
}

func audited(tb testing.TB, d *db.DB) {
	tb.Helper()
	dbtest.See(tb, d, func(tx *db.Tx) error {
		diff, _, err := stock.Audit(tx)
		if len(diff) > 0 {
			tb.Errorf("audit: %+v", diff)
		}
		return err
	})
}

// TestEffects is the ledger's definition once more, in literal numbers: each
// row posts 10 (settling 4 where the event settles) on a balance of 100 on
// hand worth 500, 50 on order, 30 demand, 20 allocated, and takes it back.
func TestEffects(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		item := int64(100)
		const start = "100 worth 500, 50 on order, 30 demand, 20 allocated"
		for _, c := range []struct {
			e           stock.Entry
			here, there string
			undo        stock.Event
		}{
			{stock.Entry{Event: stock.Order}, "100 worth 500, 60 on order, 30 demand, 20 allocated", "0 worth 0", stock.ReverseOrder},
			{stock.Entry{Event: stock.Receive, Settles: n("4"), UnitCost: cost("7")}, "110 worth 570, 46 on order, 30 demand, 20 allocated", "0 worth 0", stock.ReverseReceive},
			{stock.Entry{Event: stock.Produce, Settles: n("4"), UnitCost: cost("8")}, "110 worth 580, 46 on order, 30 demand, 20 allocated", "0 worth 0", stock.ReverseProduce},
			{stock.Entry{Event: stock.Demand}, "100 worth 500, 50 on order, 40 demand, 20 allocated", "0 worth 0", stock.ReverseDemand},
			{stock.Entry{Event: stock.Allocate, Settles: n("4")}, "100 worth 500, 50 on order, 26 demand, 30 allocated", "0 worth 0", stock.ReverseAllocate},
			{stock.Entry{Event: stock.Consume, Settles: n("4")}, "90 worth 450, 50 on order, 30 demand, 16 allocated", "0 worth 0", stock.ReverseConsume},
			{stock.Entry{Event: stock.Transfer, ToLocation: w.there}, "90 worth 450, 50 on order, 30 demand, 20 allocated", "0 worth 0, 10 in transit, 50 transit worth", stock.ReverseTransfer},
			{stock.Entry{Event: stock.Adjust}, "110 worth 550, 50 on order, 30 demand, 20 allocated", "0 worth 0", stock.Dispose},
			{stock.Entry{Event: stock.Dispose}, "90 worth 450, 50 on order, 30 demand, 20 allocated", "0 worth 0", stock.Adjust},
		} {
			item++
			t.Run(string(c.e.Event), func(t *testing.T) {
				base := stock.Entry{Item: item, Location: w.here}
				four := make([]stock.Entry, 4)
				for i, s := range []struct {
					ev stock.Event
					q  string
				}{{stock.Receive, "100"}, {stock.Order, "50"}, {stock.Demand, "30"}, {stock.Allocate, "20"}} {
					four[i] = base
					four[i].Event, four[i].Quantity, four[i].UnitCost = s.ev, n(s.q), cost("5")
				}
				posted(t, d, stock.Policy{}, four...)
				if s := got(t, d, item, w.here); s != start {
					t.Fatalf("start is %s", s)
				}
				e := c.e
				e.Item, e.Location, e.Quantity = item, w.here, n("10")
				out := posted(t, d, stock.Policy{}, e)
				if s := got(t, d, item, w.here); s != c.here {
					t.Errorf("here %s, want %s", s, c.here)
				}
				if s := got(t, d, item, w.there); s != c.there {
					t.Errorf("there %s, want %s", s, c.there)
				}
				var back []stock.Entry
				dbtest.Do(t, d, func(tx *db.Tx) (err error) { back, err = stock.Reverse(tx, out[0].ID); return err })
				if back[0].Event != c.undo || back[0].Reverses != out[0].ID || back[0].Value != out[0].Value {
					t.Errorf("undone by %+v", back[0])
				}
				if s := got(t, d, item, w.here); s != start {
					t.Errorf("undone: here %s", s)
				}
				if s := got(t, d, item, w.there); s != "0 worth 0" {
					t.Errorf("undone: there %s", s)
				}
				err := d.Update(t.Context(), 1, func(tx *db.Tx) error { _, err := stock.Reverse(tx, out[0].ID); return err })
				if !fault.Is(err, fault.Conflict) {
					t.Errorf("undone twice: %v", err)
				}
			})
		}
		audited(t, d)
	})
}

// TestTransferIn completes a transfer, once, and takes the steps back.
func TestTransferIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		posted(t, d, stock.Policy{}, stock.Entry{Event: stock.Receive, Item: 101, Location: w.here, Quantity: n("3"), UnitCost: cost("3.333333"), Lot: "L1"})
		var out, in stock.Entry
		dbtest.Do(t, d, func(tx *db.Tx) (err error) {
			out, err = stock.Send(tx, stock.Policy{}, stock.Move{Item: 101, From: w.here, To: w.there, Quantity: n("2"), Lot: "L1", Notes: "van"})
			return err
		})
		if out.Ref != fmt.Sprint("TR-", out.ID) || out.Code != fmt.Sprint("SE-", out.ID) || out.Value != n("6.666666") {
			t.Errorf("sent %+v", out)
		}
		dbtest.Do(t, d, func(tx *db.Tx) (err error) { in, err = stock.Complete(tx, out.Ref, time.Time{}, ""); return err })
		if in.Location != w.there || in.ToLocation != 0 || in.Event != stock.Transfer || in.Ref != out.Ref || in.Value != out.Value {
			t.Errorf("came in %+v", in)
		}
		if a, b := got(t, d, 101, w.here), got(t, d, 101, w.there); a != "1 worth 3.333333" || b != "2 worth 6.666666" {
			t.Errorf("completed: %s; %s", a, b)
		}
		again := func(ref string) error {
			return d.Update(t.Context(), 1, func(tx *db.Tx) error { _, err := stock.Complete(tx, ref, time.Time{}, ""); return err })
		}
		if err := again(out.Ref); !fault.Is(err, fault.Conflict) {
			t.Errorf("completed twice: %v", err)
		}
		if err := again("TR-999"); !fault.Is(err, fault.NotFound) {
			t.Errorf("completed nothing: %v", err)
		}
		err := d.Update(t.Context(), 1, func(tx *db.Tx) error { _, err := stock.Reverse(tx, out.ID); return err })
		if !fault.Is(err, fault.Conflict) {
			t.Errorf("took back what had come in: %v", err)
		}
		dbtest.Do(t, d, func(tx *db.Tx) (err error) { _, err = stock.Reverse(tx, in.ID); return err })
		if b := got(t, d, 101, w.there); b != "0 worth 0, 2 in transit, 6.666666 transit worth" {
			t.Errorf("on the road again: %s", b)
		}
		if err := again(out.Ref); err != nil {
			t.Errorf("completed after it was undone: %v", err)
		}
		dbtest.See(t, d, func(tx *db.Tx) error {
			lots, err := stock.Lots(tx, []int64{101}, nil)
			want := []stock.Lot{{Item: 101, Location: w.here, Lot: "L1", OnHand: n("1")}, {Item: 101, Location: w.there, Lot: "L1", OnHand: n("2")}}
			if diff := cmp.Diff(want, lots); diff != "" {
				t.Error(diff)
			}
			return err
		})
		audited(t, d)
	})
}
