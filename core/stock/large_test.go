package stock_test

import (
	"testing"
	"time"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/fault"
	"storehouse/core/stock"
)

// TestSumsThatAreLargerOnTheirWay finds nine million million pieces and loses
// them, three times: what was found in all is more than a figure can be, what
// there is is not.
func TestSumsThatAreLargerOnTheirWay(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		day := func(n int) time.Time { return time.Date(2026, 3, n, 0, 0, 0, 0, time.UTC) }
		most := n("9000000000000.5")
		entry := func(ev stock.Event, on int) stock.Entry {
			return stock.Entry{Event: ev, Item: 101, Location: w.here, Quantity: most, EventDate: day(on), Doc: stock.Doc{Type: "adjustment"}}
		}
		dear := entry(stock.Adjust, 1)
		dear.UnitCost = cost("1")
		posted(t, d, stock.Policy{}, dear)
		for on := range 2 {
			posted(t, d, stock.Policy{}, entry(stock.Dispose, 5+on))
			posted(t, d, stock.Policy{}, entry(stock.Adjust, 2+on))
		}
		audited(t, d)
		dbtest.See(t, d, func(tx *db.Tx) error {
			b, err := stock.AsOf(tx, 101, w.here, time.Time{}, time.Time{})
			if err != nil {
				return err
			}
			if b.OnHand != most || b.Value != most {
				t.Errorf("now: %s worth %s", b.OnHand, b.Value)
			}
			b, err = stock.AsOf(tx, 101, w.here, day(1), time.Time{})
			if b.OnHand != most || b.Value != most {
				t.Errorf("on the first: %s worth %s", b.OnHand, b.Value)
			}
			return err
		})
		dbtest.See(t, d, func(tx *db.Tx) error {
			b, err := stock.Explain(tx, 101, w.here, time.Time{}, time.Time{}, func(stock.Part) error { return nil })
			if b.OnHand != most || b.Value != most {
				t.Errorf("explained: %s worth %s", b.OnHand, b.Value)
			}
			return err
		})
		dbtest.See(t, d, func(tx *db.Tx) error { // found three times before it was lost, says the calendar
			if _, err := stock.AsOf(tx, 101, w.here, day(4), time.Time{}); !fault.Is(err, fault.Invalid) {
				t.Errorf("on the fourth: %v", err)
			}
			return nil
		})
		dbtest.See(t, d, func(tx *db.Tx) error {
			flows, err := stock.Flows(tx, stock.FlowFilter{Items: []int64{101}, From: day(5)})
			if len(flows) != 1 || !fault.Is(err, fault.Invalid) {
				t.Errorf("what was lost is %+v, %v", flows, err)
			}
			return nil
		})
	})
}
