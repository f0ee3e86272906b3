package production_test

import (
	"fmt"
	"testing"
	"time"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/core/catalog"
	"storehouse/core/production"
	"storehouse/core/stock"
)

func (s shop) order(t *testing.T, d *db.DB, o production.Order) (got production.Order) {
	t.Helper()
	dbtest.Do(t, d, func(tx *db.Tx) (err error) {
		got, err = production.Create(tx, o)
		return err
	})
	return got
}

// stands compares what the books say of an item.
func (s shop) stands(t *testing.T, d *db.DB, item int64, want string) {
	t.Helper()
	dbtest.See(t, d, func(tx *db.Tx) error {
		b, err := stock.Get(tx, item, s.location)
		if got := fmt.Sprintf("hand %s value %s order %s demand %s set %s", b.OnHand, b.Value, b.OnOrder, b.Demand, b.Allocated); got != want {
			t.Errorf("item %d: %s, want %s", item, got, want)
		}
		return err
	})
}

// TestMoreWentIn makes five of ten ales, into which more went than the bill
// says, of what is all set aside for them: it may be used, and is missing for
// the rest. Taken back, all is as it was.
func TestMoreWentIn(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newShop(t, d)
		s.open(t, d, 3, s.malt)
		s.open(t, d, 50, s.can)
		o := s.order(t, d, s.draft(production.Work, production.Making, s.ale, 10)) // 3 malts and 10 cans
		s.stands(t, d, s.malt, "hand 3 value 3 order 0 demand 0 set 3")
		var x production.Receipt
		dbtest.Do(t, d, func(tx *db.Tx) (err error) {
			_, x, err = production.Receive(tx, production.Work, o.ID, production.Receipt{Lines: []production.ReceiptLine{{Line: o.Lines[0].ID, Quantity: dec.Int(5),
				Inputs: []production.ReceiptInput{{Item: s.malt, Kind: catalog.Material, Quantity: dec.Int(1)}, {Item: s.malt, Kind: catalog.Material, Quantity: dec.Must("1.2")},
					{Item: s.can, Kind: catalog.Material, Quantity: dec.Int(4)}}}}})
			return err
		})
		s.stands(t, d, s.malt, "hand 0.8 value 0.8 order 0 demand 0.7 set 0.8") // the rest wants 1.5
		s.stands(t, d, s.can, "hand 46 value 46 order 0 demand 0 set 5")
		s.stands(t, d, s.ale, "hand 5 value 6.2 order 5 demand 0 set 0")
		dbtest.Do(t, d, func(tx *db.Tx) error { return production.DeleteReceipt(tx, production.Work, x.ID) })
		s.stands(t, d, s.malt, "hand 3 value 3 order 0 demand 0 set 3")
		s.stands(t, d, s.can, "hand 50 value 50 order 0 demand 0 set 10")
		s.stands(t, d, s.ale, "hand 0 value 0 order 10 demand 0 set 0")
		audited(t, d)
	})
}

// TestBackWhereItWas deletes the only receipt of orders: they stand where they
// stood before it, whatever their dates say.
func TestBackWhereItWas(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newShop(t, d)
		s.open(t, d, 100, s.malt, s.can)
		placed := time.Date(2025, 12, 20, 0, 0, 0, 0, time.UTC)
		for _, state := range []production.State{production.Entered, production.Placed, production.Making, production.InTransit} {
			o := s.draft(production.Work, state, s.ale, 2)
			o.PlacedAt = placed // an order date says nothing of the state
			o = s.order(t, d, o)
			for _, quantity := range []int64{1, 2} { // Partial, Received
				var got production.Order
				dbtest.Do(t, d, func(tx *db.Tx) error {
					_, x, err := production.Receive(tx, production.Work, o.ID, production.Receipt{Lines: []production.ReceiptLine{{Line: o.Lines[0].ID, Quantity: dec.Int(quantity)}}})
					if err != nil {
						return err
					}
					if err := production.DeleteReceipt(tx, production.Work, x.ID); err != nil {
						return err
					}
					got, err = production.Get(tx, production.Work, o.ID)
					return err
				})
				if got.State != state || !got.PlacedAt.Equal(placed) || !got.PartialAt.IsZero() || !got.ReceivedAt.IsZero() {
					t.Errorf("%s order is %s, placed at %s", state, got.State, got.PlacedAt)
				}
			}
		}
	})
}
