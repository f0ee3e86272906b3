package supply_test

import (
	"fmt"
	"testing"
	"time"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/core/org"
	"storehouse/core/stock"
	"storehouse/core/supply"
)

func (s shop) place(t *testing.T, d *db.DB, state supply.State, quantity int64, costs ...dec.D) (o supply.Order) {
	t.Helper()
	dbtest.Do(t, d, func(tx *db.Tx) (err error) {
		x := s.draft(state, quantity)
		for _, c := range costs {
			x.Order.Other += c
		}
		o, err = supply.Create(tx, x.Order, x.Lines)
		return err
	})
	return o
}

func (s shop) receive(t *testing.T, d *db.DB, o supply.Order, quantity string) (x supply.Receipt) {
	t.Helper()
	dbtest.Do(t, d, func(tx *db.Tx) (err error) {
		_, x, err = supply.Receive(tx, o.ID, supply.Receipt{Lines: []supply.ReceiptLine{{Line: o.Lines[0].ID, Quantity: dec.Must(quantity)}}})
		return err
	})
	return x
}

// TestDefaultMoves receives an order that goes to the default location, which
// is another one by then: nothing stays on order at the old one.
func TestDefaultMoves(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newShop(t, d)
		o := s.place(t, d, supply.Placed, 10)
		var second int64
		dbtest.Do(t, d, func(tx *db.Tx) error {
			l, err := org.CreateLocation(tx, org.Location{Name: "Second"})
			if err != nil {
				return err
			}
			second = l.ID
			set, err := org.LoadSettings(tx)
			if err != nil {
				return err
			}
			set.DefaultLocation = second
			return org.SaveSettings(tx, set)
		})
		s.receive(t, d, o, "4")
		want := map[int64]string{s.location: "hand 0 order 0", second: "hand 4 order 6"}
		for range 2 { // and when the rest comes in
			for at, want := range want {
				dbtest.See(t, d, func(tx *db.Tx) error {
					b, err := stock.Get(tx, s.malt, at)
					if got := fmt.Sprintf("hand %s order %s", b.OnHand, b.OnOrder); got != want {
						t.Errorf("location %d: %s, want %s", at, got, want)
					}
					return err
				})
			}
			if want[second] == "hand 4 order 6" {
				s.receive(t, d, o, "6")
				want[second] = "hand 10 order 0"
			}
		}
	})
}

// TestBackWhereItWas deletes the only receipt of orders: they stand where they
// stood before it, whatever their dates say.
func TestBackWhereItWas(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newShop(t, d)
		for _, state := range []supply.State{supply.Placed, supply.InTransit} {
			o := s.place(t, d, state, 2)
			dbtest.Do(t, d, func(tx *db.Tx) error { // foreseen, or forgotten
				at := map[bool]time.Time{true: tx.Now}[state == supply.Placed]
				_, err := supply.Update(tx, o.ID, func(o *supply.Order) error { o.InTransitAt = at; return nil })
				return err
			})
			for _, quantity := range []string{"1", "2"} { // Partial, Received
				x := s.receive(t, d, o, quantity)
				dbtest.Do(t, d, func(tx *db.Tx) error { return supply.DeleteReceipt(tx, x.ID) })
				dbtest.See(t, d, func(tx *db.Tx) error {
					got, err := supply.Get(tx, o.ID)
					if got.State != state || !got.PartialAt.IsZero() || !got.ReceivedAt.IsZero() {
						t.Errorf("a %s order is %s", state, got.State)
					}
					return err
				})
			}
		}
	})
}
