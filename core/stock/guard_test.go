package stock_test

import (
	"slices"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/stock"
)

func TestRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		at := func(ev stock.Event, q string) stock.Entry {
			return stock.Entry{Event: ev, Item: 101, Location: w.here, Quantity: n(q)}
		}
		with := func(e stock.Entry, change func(*stock.Entry)) stock.Entry { change(&e); return e }
		for name, c := range map[string]struct {
			kind fault.Kind
			list []stock.Entry
		}{
			"no quantity":            {fault.Invalid, []stock.Entry{at(stock.Receive, "0")}},
			"a negative quantity":    {fault.Invalid, []stock.Entry{at(stock.Adjust, "-1")}},
			"an event of nobody":     {fault.Invalid, []stock.Entry{at("EAT", "1")}},
			"a reversal of nothing":  {fault.Invalid, []stock.Entry{at(stock.ReverseConsume, "1")}},
			"settles too much":       {fault.Invalid, []stock.Entry{with(at(stock.Receive, "1"), func(e *stock.Entry) { e.Settles = n("2") })}},
			"settles nothing":        {fault.Invalid, []stock.Entry{with(at(stock.Order, "1"), func(e *stock.Entry) { e.Settles = n("1") })}},
			"a transfer to nowhere":  {fault.Invalid, []stock.Entry{at(stock.Transfer, "1")}},
			"a transfer to itself":   {fault.Invalid, []stock.Entry{with(at(stock.Transfer, "1"), func(e *stock.Entry) { e.ToLocation = w.here })}},
			"a sale with a target":   {fault.Invalid, []stock.Entry{with(at(stock.Consume, "1"), func(e *stock.Entry) { e.ToLocation = w.there })}},
			"a negative cost":        {fault.Invalid, []stock.Entry{with(at(stock.Receive, "1"), func(e *stock.Entry) { e.UnitCost = cost("-1") })}},
			"an item of nobody":      {fault.NotFound, []stock.Entry{with(at(stock.Receive, "1"), func(e *stock.Entry) { e.Item = 999 })}},
			"a location of nobody":   {fault.NotFound, []stock.Entry{with(at(stock.Receive, "1"), func(e *stock.Entry) { e.Location = 999 })}},
			"no item":                {fault.Invalid, []stock.Entry{with(at(stock.Receive, "1"), func(e *stock.Entry) { e.Item = 0 })}},
			"no location":            {fault.Invalid, []stock.Entry{with(at(stock.Receive, "1"), func(e *stock.Entry) { e.Location = 0 })}},
			"too many":               {fault.Invalid, []stock.Entry{at(stock.Order, "9000000000000"), at(stock.Order, "9000000000000")}},
			"worth too much":         {fault.Invalid, []stock.Entry{with(at(stock.Receive, "9000000"), func(e *stock.Entry) { e.UnitCost = cost("9000000") })}},
			"more than there is":     {fault.Conflict, []stock.Entry{at(stock.Consume, "1")}},
			"in two lines":           {fault.Conflict, []stock.Entry{at(stock.Receive, "5"), at(stock.Consume, "3"), at(stock.Consume, "3")}},
			"thrown away":            {fault.Conflict, []stock.Entry{at(stock.Dispose, "1")}},
			"sent":                   {fault.Conflict, []stock.Entry{with(at(stock.Transfer, "1"), func(e *stock.Entry) { e.ToLocation = w.there })}},
			"set aside":              {fault.Conflict, []stock.Entry{at(stock.Allocate, "1")}},
			"shipped though it left": {fault.Conflict, []stock.Entry{at(stock.Consume, "1"), with(at(stock.Consume, "1"), func(e *stock.Entry) { e.Settles = n("1") })}},
		} {
			err := d.Update(t.Context(), 1, func(tx *db.Tx) error { _, err := stock.Post(tx, stock.Policy{}, c.list...); return err })
			if !fault.Is(err, c.kind) {
				t.Errorf("%s: %v", name, err)
			}
		}
		if s := got(t, d, 101, w.here); s != "0 worth 0" {
			t.Errorf("something was posted: %s", s)
		}
		// Where the location allows it, and not elsewhere.
		p := stock.Policy{AllowAt: map[int64]bool{w.here: true}}
		posted(t, d, p, at(stock.Consume, "2"))
		if s := got(t, d, 101, w.here); s != "-2 worth 0" {
			t.Error(s)
		}
		p = stock.Policy{Allow: true, AllowAt: map[int64]bool{w.there: false}}
		err := d.Update(t.Context(), 1, func(tx *db.Tx) error {
			e := at(stock.Consume, "1")
			e.Location = w.there
			_, err := stock.Post(tx, p, e)
			return err
		})
		if !fault.Is(err, fault.Conflict) {
			t.Error(err)
		}
		audited(t, d)
	})
}

// TestEdit sells 3 of 3 and then edits the sale to 2 of the same and 1 of
// another item: only the difference has to be there.
func TestEdit(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		at := func(ev stock.Event, item int64, q string) stock.Entry {
			return stock.Entry{Event: ev, Item: item, Location: w.here, Quantity: n(q), UnitCost: cost("2")}
		}
		posted(t, d, stock.Policy{}, at(stock.Receive, 101, "3"), at(stock.Receive, 102, "1"))
		sold := posted(t, d, stock.Policy{}, at(stock.Consume, 101, "3"))
		edit := func(first, second string) error {
			return d.Update(t.Context(), 1, func(tx *db.Tx) error {
				_, err := stock.Apply(tx, stock.Policy{}, []stock.Undo{{Entry: sold[0].ID}},
					[]stock.Entry{at(stock.Consume, 101, first), at(stock.Consume, 102, second)})
				return err
			})
		}
		if err := edit("4", "1"); !fault.Is(err, fault.Conflict) {
			t.Errorf("sold 4 of 3: %v", err)
		}
		if err := edit("2", "1"); err != nil {
			t.Error(err)
		}
		if a, b := got(t, d, 101, w.here), got(t, d, 102, w.here); a != "1 worth 2" || b != "0 worth 0" {
			t.Errorf("%s; %s", a, b)
		}
		if err := edit("1", "0.1"); !fault.Is(err, fault.Conflict) {
			t.Errorf("edited what was taken back: %v", err)
		}
		audited(t, d)
	})
}

// atOnce runs fn many times from one start, and returns how often it won; it
// may lose only to a Conflict.
func atOnce(t *testing.T, times int, fn func(i int) error) (won int) {
	t.Helper()
	start := make(chan struct{})
	var wg sync.WaitGroup
	var mu sync.Mutex
	for i := range times {
		wg.Go(func() {
			<-start
			err := fn(i)
			mu.Lock()
			defer mu.Unlock()
			if err == nil {
				won++
			} else if !fault.Is(err, fault.Conflict) {
				t.Error(err)
			}
		})
	}
	close(start)
	wg.Wait()
	return won
}

// TestRaces sells the last goods, makes the first balances, completes a
// transfer and takes back a sale, each many times at once.
func TestRaces(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		update := func(fn func(*db.Tx) error) error { return d.Update(t.Context(), 1, fn) }
		t.Run("last goods", func(t *testing.T) {
			posted(t, d, stock.Policy{}, stock.Entry{Event: stock.Receive, Item: 101, Location: w.here, Quantity: n("10"), UnitCost: cost("3")},
				stock.Entry{Event: stock.Receive, Item: 102, Location: w.here, Quantity: n("100"), UnitCost: cost("3")})
			won := atOnce(t, 24, func(i int) error {
				list := []stock.Entry{{Event: stock.Consume, Item: 101, Location: w.here, Quantity: n("3")}, {Event: stock.Consume, Item: 102, Location: w.here, Quantity: n("1")}}
				if i%2 == 0 {
					slices.Reverse(list)
				}
				return update(func(tx *db.Tx) error { _, err := stock.Post(tx, stock.Policy{}, list...); return err })
			})
			if a, b := got(t, d, 101, w.here), got(t, d, 102, w.here); won != 3 || a != "1 worth 3" || b != "97 worth 291" {
				t.Errorf("%d won: %s; %s", won, a, b)
			}
		})
		t.Run("first posts", func(t *testing.T) {
			won := atOnce(t, 24, func(i int) error {
				var list []stock.Entry
				for _, item := range []int64{103, 104, 105, 106} {
					list = append(list, stock.Entry{Event: stock.Receive, Item: item, Location: []int64{w.here, w.there}[(i+int(item))%2], Quantity: n("1"), UnitCost: cost("1"), Lot: []string{"", "X"}[i%2]})
				}
				return update(func(tx *db.Tx) error { _, err := stock.Post(tx, stock.Policy{}, list...); return err })
			})
			var sum dec.D
			dbtest.See(t, d, func(tx *db.Tx) error {
				return stock.EachBalance(tx, stock.Filter{Items: []int64{103, 104, 105, 106}}, func(b stock.Balance) error { sum += b.OnHand; return nil })
			})
			if won != 24 || sum != n("96") {
				t.Errorf("%d won, %s on hand", won, sum)
			}
		})
		t.Run("transfer", func(t *testing.T) {
			var out stock.Entry
			dbtest.Do(t, d, func(tx *db.Tx) (err error) {
				out, err = stock.Send(tx, stock.Policy{}, stock.Move{Item: 102, From: w.here, To: w.third, Quantity: n("7")})
				return err
			})
			won := atOnce(t, 12, func(i int) error {
				return update(func(tx *db.Tx) (err error) {
					if i%3 == 2 {
						_, err = stock.Reverse(tx, out.ID)
					} else {
						_, err = stock.Complete(tx, out.Ref, time.Time{}, "")
					}
					return err
				})
			})
			a, b := got(t, d, 102, w.here), got(t, d, 102, w.third)
			if came := a == "90 worth 270" && b == "7 worth 21"; won != 1 || !came && (a != "97 worth 291" || b != "0 worth 0") {
				t.Errorf("%d won: %s; %s", won, a, b)
			}
		})
		t.Run("take back", func(t *testing.T) {
			sold := posted(t, d, stock.Policy{}, stock.Entry{Event: stock.Consume, Item: 102, Location: w.here, Quantity: n("5")})
			before := got(t, d, 102, w.here)
			won := atOnce(t, 12, func(int) error {
				return update(func(tx *db.Tx) error {
					_, err := stock.Apply(tx, stock.Policy{}, []stock.Undo{{Entry: sold[0].ID, Quantity: n("2")}}, nil)
					return err
				})
			})
			if won != 2 {
				t.Errorf("%d won: %s, then %s", won, before, got(t, d, 102, w.here))
			}
		})
		audited(t, d)
	})
}

// TestStatements counts what a Post of 50 lines takes: 3 where the balances
// exist, 4 where they are new.
func TestStatements(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := setup(t, d)
		var list []stock.Entry
		for i := range 50 {
			list = append(list, stock.Entry{Event: stock.Receive, Item: 101 + int64(i%9), Location: []int64{w.here, w.there}[i%2], Quantity: dec.One, Lot: []string{"", "L"}[i%2]})
		}
		var counts []int64
		for range 3 {
			err := d.Update(t.Context(), 1, func(tx *db.Tx) error {
				before, _ := d.Counts()
				_, err := stock.Post(tx, stock.Policy{}, list...)
				after, _ := d.Counts()
				counts = append(counts, after-before)
				return err
			})
			if err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff([]int64{4, 3, 3}, counts[len(counts)-3:]); diff != "" {
			t.Error(diff)
		}
	})
}
