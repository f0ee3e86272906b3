package sale_test

import (
	"testing"

	"storehouse/base/db"
	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/sale"
	"storehouse/core/stock"
)

// reprice changes the price of a sale's line and nothing else.
func (s *shop) reprice(line int64, price string) {
	s.t.Helper()
	s.do(func(tx *db.Tx) error {
		_, err := sale.UpdateLine(tx, line, func(l *sale.DraftLine) error { l.Price = p(price); return nil })
		return err
	})
}

// find adds goods to the main location.
func (s *shop) find(item int64, quantity, cost string) {
	s.t.Helper()
	s.do(func(tx *db.Tx) error {
		_, err := stock.Post(tx, stock.Policy{}, stock.Entry{Item: item, Location: s.Location, Event: stock.Adjust, Quantity: m(quantity), UnitCost: p(cost),
			Doc: stock.Doc{Type: "opening", ID: 3}})
		return err
	})
}

// TestAKitsPriceMovesNoGoods changes the price of a kit after it has left: its
// parts stay what they were, at the cost that they went out with.
func TestAKitsPriceMovesNoGoods(t *testing.T) {
	each(t, func(s *shop) {
		n := s.order(sale.Shipped, "1")
		n.Lines = []sale.DraftLine{line(s.Box, "3", "400")}
		for _, n := range []sale.New{n, s.sell(s.Ana, line(s.Box, "3", "400"))} {
			v := s.create(n) // 6 mugs at 2, 3 bags at 30
			posted := s.entries(v.ID)
			s.find(s.Mug, "94", "4") // 94 + 94 mugs: 188 + 376 = 564
			s.find(s.Bag, "3", "60") // 97 + 3 bags: 2910 + 180 = 3090
			s.reprice(v.Lines[0].ID, "500")
			got := s.get(v.ID)
			if got.Total != m("1500") || len(got.Lines) != 3 || got.Lines[1].ID != v.Lines[1].ID || got.Lines[2].ID != v.Lines[2].ID {
				s.t.Errorf("%s: total %s, lines %+v", v.Origin, got.Total, got.Lines)
			}
			if s.entries(v.ID) != posted {
				s.t.Errorf("%s: posted %s, and after a change of price %s", v.Origin, posted, s.entries(v.ID))
			}
			s.wantStock(s.Mug, "hand 188 value 564")
			s.wantStock(s.Bag, "hand 100 value 3090")
			s.do(func(tx *db.Tx) error { return sale.Delete(tx, v.ID) })
			s.wantStock(s.Mug, "hand 194 value 576")
			s.wantStock(s.Bag, "hand 103 value 3180")
			s.do(func(tx *db.Tx) error { // back to where it began: 100 mugs at 2, 100 bags at 30
				_, err := stock.Post(tx, stock.Policy{}, stock.Entry{Item: s.Mug, Location: s.Location, Event: stock.Dispose, Quantity: m("194"), Doc: stock.Doc{Type: "opening", ID: 4}},
					stock.Entry{Item: s.Bag, Location: s.Location, Event: stock.Dispose, Quantity: m("103"), Doc: stock.Doc{Type: "opening", ID: 4}})
				return err
			})
			s.find(s.Mug, "100", "2")
			s.find(s.Bag, "100", "30")
		}
		s.clean()
	})
}

// TestAShippedKitGoesBackThroughItsOrder: its parts are shipped items too.
func TestAShippedKitGoesBackThroughItsOrder(t *testing.T) {
	each(t, func(s *shop) {
		n := s.order(sale.Entered, "1")
		n.Lines = []sale.DraftLine{line(s.Box, "3", "400")}
		v := s.create(n)
		s.wantStock(s.Mug, "hand 100 allocated 6 value 200")
		s.wantStock(s.Bag, "hand 100 allocated 3 value 3000")
		s.move(v.ID, sale.Shipped)
		set := func(quantity string) error {
			return s.try(func(tx *db.Tx) error {
				_, err := sale.UpdateLine(tx, v.Lines[0].ID, func(l *sale.DraftLine) error { l.Quantity = m(quantity); return nil })
				return err
			})
		}
		wantFault(s.t, set("2"), fault.Transition, "shipped")
		wantFault(s.t, s.try(func(tx *db.Tx) error { return sale.RemoveLine(tx, v.Lines[0].ID) }), fault.Transition, "shipped")
		s.wantStock(s.Mug, "hand 94 value 188")
		s.move(v.ID, sale.Entered)
		if err := set("2"); err != nil {
			s.t.Fatal(err)
		}
		s.wantStock(s.Mug, "hand 100 allocated 4 value 200")
		s.wantStock(s.Bag, "hand 100 allocated 2 value 3000")
		s.clean()
	})
}

// TestAChangedKitPostsTheDifference takes a kit fewer out of a sell: one kit's
// parts come back at the cost that they went out with, and the others stay.
func TestAChangedKitPostsTheDifference(t *testing.T) {
	each(t, func(s *shop) {
		v := s.create(s.sell(s.Ana, line(s.Box, "3", "400"))) // 6 mugs at 2, 3 bags at 30
		s.find(s.Mug, "94", "4")                              // 188 mugs for 188 + 376 = 564
		s.update(v.ID, func(n *sale.New) { n.Lines[0].Quantity = m("2") })
		s.wantStock(s.Mug, "hand 190 value 568")
		s.wantStock(s.Bag, "hand 98 value 2940")
		if got := s.entries(v.ID); got != "CONSUME 6, CONSUME 3, REVERSE_CONSUME 2, REVERSE_CONSUME 1" {
			s.t.Error(got)
		}
		// A box is made of three mugs now: what was sold is not.
		s.do(func(tx *db.Tx) error {
			box, err := catalog.GetProduct(tx, s.get(v.ID).Lines[0].Product)
			if err != nil {
				return err
			}
			box.Variations[0].Items[0].Parts[0].Quantity = m("3")
			_, err = catalog.UpdateProduct(tx, box)
			return err
		})
		s.update(v.ID, func(n *sale.New) { n.Lines[0].Quantity = m("4") }) // 4 more mugs, at 568 ÷ 190: 11.957895
		s.wantStock(s.Mug, "hand 186 value 556.042105")
		if w := s.create(s.sell(s.Ana, line(s.Box, "1", "400"))); w.Lines[1].Quantity != m("3") {
			s.t.Errorf("a new box has %s mugs", w.Lines[1].Quantity)
		}
		s.clean()
	})
}
