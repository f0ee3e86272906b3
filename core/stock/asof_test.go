package stock_test

import (
	"fmt"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/core/stock"
)

// TestAsOf posts five entries, two of them backdated, and asks for every
// day's balance, as it is known now and as it was known then.
//
//	recorded  event date  entry
//	1 March   1 March     RECEIVE 10 at 2          20
//	2 March   2 March     CONSUME 4                −8
//	5 March   1 March     RECEIVE 6 at 5           +30: on hand 12 worth 42
//	6 March   3 March     TRANSFER 2 there         −7 (42 × 2 ÷ 12)
//	7 March   7 March     CONSUME 10               −35
func TestAsOf(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		day := func(n int) time.Time { return time.Date(2026, 3, n, 12, 0, 0, 0, time.UTC) }
		for _, e := range []struct {
			recorded, happened int
			e                  stock.Entry
		}{
			{1, 0, stock.Entry{Event: stock.Receive, Quantity: n("10"), UnitCost: cost("2"), Doc: stock.Doc{Type: "purchase_receipt", ID: 1}}},
			{2, 0, stock.Entry{Event: stock.Consume, Quantity: n("4"), Doc: stock.Doc{Type: "sale", ID: 1}}},
			{5, 1, stock.Entry{Event: stock.Receive, Quantity: n("6"), UnitCost: cost("5"), Doc: stock.Doc{Type: "purchase_receipt", ID: 2}}},
			{6, 3, stock.Entry{Event: stock.Transfer, ToLocation: w.there, Quantity: n("2")}},
			{7, 0, stock.Entry{Event: stock.Consume, Quantity: n("10"), Doc: stock.Doc{Type: "sale", ID: 2}}},
		} {
			d.Now = func() time.Time { return day(e.recorded) }
			e.e.Item, e.e.Location = 101, w.here
			if e.happened != 0 {
				e.e.EventDate = day(e.happened)
			}
			posted(t, d, stock.Policy{}, e.e)
		}
		asOf := func(location int64, effective, recorded int) (s string) {
			var e, r time.Time
			if effective != 0 {
				e = day(effective)
			}
			if recorded != 0 {
				r = day(recorded)
			}
			dbtest.See(t, d, func(tx *db.Tx) error {
				b, err := stock.AsOf(tx, 101, location, e, r)
				s = text(b)
				return err
			})
			return s
		}
		for _, c := range []struct {
			effective, recorded int
			want                string
		}{
			{1, 0, "16 worth 50"}, {1, 1, "10 worth 20"}, {1, 4, "10 worth 20"}, {1, 5, "16 worth 50"},
			{2, 0, "12 worth 42"}, {2, 2, "6 worth 12"}, {3, 0, "10 worth 35"}, {3, 5, "12 worth 42"},
			{6, 0, "10 worth 35"}, {7, 0, "0 worth 0"}, {0, 0, "0 worth 0"}, {0, 6, "10 worth 35"},
		} {
			if s := asOf(w.here, c.effective, c.recorded); s != c.want {
				t.Errorf("on %d March as known on the %dth: %s, want %s", c.effective, c.recorded, s, c.want)
			}
		}
		if a, b := asOf(w.there, 2, 0), asOf(w.there, 3, 0); a != "0 worth 0" || b != "0 worth 0, 2 in transit, 7 transit worth" {
			t.Errorf("there: %s; %s", a, b)
		}
		explain := func(location int64, effective time.Time) (lines []string) {
			dbtest.See(t, d, func(tx *db.Tx) error {
				total, err := stock.Explain(tx, 101, location, effective, time.Time{}, func(p stock.Part) error {
					lines = append(lines, fmt.Sprintf("%s %s/%d: %s", p.Event, p.Doc.Type, p.Doc.ID, text(p.Adds)))
					return nil
				})
				lines = append(lines, text(total))
				return err
			})
			return lines
		}
		if diff := cmp.Diff([]string{"RECEIVE purchase_receipt/1: 10 worth 20", "RECEIVE purchase_receipt/2: 6 worth 30", "CONSUME sale/1: -4 worth -8",
			"TRANSFER /0: -2 worth -7", "10 worth 35"}, explain(w.here, day(3))); diff != "" {
			t.Error(diff)
		}
		if diff := cmp.Diff([]string{"TRANSFER /0: 0 worth 0, 2 in transit, 7 transit worth", "0 worth 0, 2 in transit, 7 transit worth"}, explain(w.there, time.Time{})); diff != "" {
			t.Error(diff)
		}
		audited(t, d)
	})
}

// TestEntries pages and filters the list: by the event's date, the newest
// first.
func TestEntries(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		day := func(n int) time.Time { return time.Date(2026, 3, n, 0, 0, 0, 0, time.UTC) }
		var ids []int64
		for i := range 12 {
			d.Now = func() time.Time { return day(1 + i/3) } // the days on which they are recorded run the other way
			e := stock.Entry{Event: stock.Receive, Item: 101 + int64(i%2)*8, Location: w.here, Quantity: dec.One, EventDate: day(20 - i/2), Ref: "R" + fmt.Sprint(i%4)}
			ids = append(ids, posted(t, d, stock.Policy{}, e)[0].ID)
		}
		out := posted(t, d, stock.Policy{}, stock.Entry{Event: stock.Transfer, Item: 101, Location: w.here, ToLocation: w.there, Quantity: dec.One})
		ids = append(ids, out[0].ID)
		list := func(f stock.EntryFilter) (got []int64) {
			dbtest.See(t, d, func(tx *db.Tx) error {
				entries, err := stock.Entries(tx, f)
				for _, e := range entries {
					got = append(got, e.ID)
				}
				return err
			})
			return got
		}
		at := func(index ...int) (want []int64) {
			for _, i := range index {
				want = append(want, ids[i])
			}
			return want
		}
		for name, c := range map[string]struct {
			f    stock.EntryFilter
			want []int64
		}{
			"first page":   {stock.EntryFilter{Limit: 4}, at(1, 0, 3, 2)},
			"next page":    {stock.EntryFilter{Limit: 4, After: ids[2]}, at(5, 4, 7, 6)},
			"one instant":  {stock.EntryFilter{Limit: 2, After: ids[7]}, at(6, 9)},
			"last page":    {stock.EntryFilter{Limit: 4, After: ids[10]}, at(12)},
			"materials":    {stock.EntryFilter{Kind: "material"}, at(1, 3, 5, 7, 9, 11)},
			"an item":      {stock.EntryFilter{Item: 101, Limit: 2, After: ids[4]}, at(6, 8)},
			"a ref":        {stock.EntryFilter{Ref: "R3"}, at(3, 7, 11)},
			"ref and item": {stock.EntryFilter{Ref: "R2", Item: 101, Location: w.here, Kind: "sku", Event: stock.Receive}, at(2, 6, 10)},
			"item, event":  {stock.EntryFilter{Item: 101, Event: stock.Transfer}, at(12)},
			"an event":     {stock.EntryFilter{Event: stock.Transfer}, at(12)},
			"coming there": {stock.EntryFilter{Location: w.there}, at(12)},
			"of an item":   {stock.EntryFilter{Location: w.there, Item: 101, Kind: "sku"}, at(12)},
			"of all this":  {stock.EntryFilter{Location: w.here, Item: 101, Event: stock.Receive, Kind: "sku", After: ids[4]}, at(6, 8, 10)},
			"events of it": {stock.EntryFilter{Item: 109, Event: stock.Receive, Kind: "material", From: day(18)}, at(1, 3, 5)},
			"of another":   {stock.EntryFilter{Location: w.there, Item: 109, Kind: "material"}, nil},
			"going away":   {stock.EntryFilter{Location: w.here, Kind: "sku", After: ids[8]}, at(10, 12)},
			"events there": {stock.EntryFilter{Location: w.there, Event: stock.Receive}, nil},
			"events here":  {stock.EntryFilter{Location: w.here, Event: stock.Receive, After: ids[9]}, at(8, 11, 10)},
			"dates":        {stock.EntryFilter{From: day(16), To: day(18)}, at(7, 6, 9, 8)},
			"dates here":   {stock.EntryFilter{Location: w.here, Kind: "sku", To: day(17)}, at(8, 10, 12)},
			"no entry":     {stock.EntryFilter{After: 999_999}, nil},
			"nothing":      {stock.EntryFilter{Item: 105}, nil},
		} {
			for _, long := range []int64{10_000, 5, 1, 0} { // whatever the way
				stock.WithLong(long, func() {
					if diff := cmp.Diff(c.want, list(c.f)); diff != "" {
						t.Errorf("%s, %d: %s", name, long, diff)
					}
				})
			}
		}
		dbtest.See(t, d, func(tx *db.Tx) error {
			e, err := stock.GetEntry(tx, out[0].ID)
			if diff := cmp.Diff(out[0], e); diff != "" {
				t.Error(diff)
			}
			if err != nil {
				return err
			}
			here, err := stock.LocationUse(tx, w.here)
			if err != nil {
				return err
			}
			there, err := stock.LocationUse(tx, w.there)
			if err != nil {
				return err
			}
			items, err := stock.ItemUse(tx, 109)
			if here != 13 || there != 1 || items != 6 {
				t.Errorf("used %d, %d and %d times", here, there, items)
			}
			return err
		})
	})
}

// TestLots keeps lots apart, and their dates.
func TestLots(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		soon, late := dbtest.Now.AddDate(0, 1, 0), dbtest.Now.AddDate(1, 0, 0)
		in := func(lot string, q string, expires time.Time) stock.Entry {
			return stock.Entry{Event: stock.Receive, Item: 101, Location: w.here, Quantity: n(q), UnitCost: cost("2"), Lot: lot, Expires: expires}
		}
		posted(t, d, stock.Policy{}, in("B", "5", late), in("A", "3", soon), in("C", "1", time.Time{}), in("", "4", time.Time{}), in("A", "1", time.Time{}))
		err := d.Update(t.Context(), 1, func(tx *db.Tx) error {
			_, err := stock.Post(tx, stock.Policy{}, stock.Entry{Event: stock.Consume, Item: 101, Location: w.here, Quantity: n("6"), Lot: "B"})
			return err
		})
		if diff := cmp.Diff([]stock.Short{{Item: 101, Location: w.here, Lot: "B", Available: n("5"), Wanted: n("6")}}, stock.Shortages(err)); diff != "" {
			t.Error(diff)
		}
		posted(t, d, stock.Policy{}, stock.Entry{Event: stock.Consume, Item: 101, Location: w.here, Quantity: n("5"), Lot: "B"})
		dbtest.See(t, d, func(tx *db.Tx) error {
			lots, err := stock.Lots(tx, []int64{101}, []int64{w.here})
			want := []stock.Lot{{Item: 101, Location: w.here, Lot: "A", OnHand: n("4"), Expires: soon}, {Item: 101, Location: w.here, Lot: "C", OnHand: n("1")}}
			if diff := cmp.Diff(want, lots); diff != "" {
				t.Error(diff)
			}
			return err
		})
		if s := got(t, d, 101, w.here); s != "9 worth 18" {
			t.Error(s)
		}
		audited(t, d)
	})
}
