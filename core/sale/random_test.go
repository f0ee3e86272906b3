package sale_test

import (
	"fmt"
	"testing"

	"pgregory.net/rapid"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/money"
	"storehouse/core/org"
	"storehouse/core/sale"
	"storehouse/core/stock"
)

// TestRandomHistories makes, changes, returns, moves and deletes sales at
// random. The ledgers always refold to their balances, stock is what the sales
// that stand have not taken, and when all is undone everything is where it
// was.
func TestRandomHistories(t *testing.T) {
	each(t, func(s *shop) {
		s.settings(func(o *org.Settings) {
			o.Points = org.PointsRule{Enabled: true, Name: "Points", AmountPerPoint: m("3"), RedeemValue: m("1"), ExpiryUnit: "year"}
		})
		s.do(func(tx *db.Tx) error { // an average with no end: 233 ÷ 103
			_, err := stock.Post(tx, stock.Policy{}, stock.Entry{Item: s.Mug, Location: s.Location, Event: stock.Adjust, Quantity: m("3"), UnitCost: p("11"), Doc: stock.Doc{Type: "opening", ID: 2}})
			return err
		})
		rapid.Check(s.t, func(r *rapid.T) {
			h := history{s: s, r: r}
			for range rapid.IntRange(3, 9).Draw(r, "steps") {
				h.step()
			}
			h.check()
			for _, id := range h.ids {
				h.undo(id)
			}
			for _, item := range []int64{s.Mug, s.Bag, s.Tea} {
				want := map[int64]string{s.Mug: "hand 103 value 233", s.Bag: "hand 100 value 3000", s.Tea: "hand 100 value 100"}[item]
				if got := s.stockOf(item, s.Location); got != want {
					r.Fatalf("after all is undone there is %s, want %s", got, want)
				}
			}
			if got := s.owed(s.Ana); got != "due 0 return 0 advance 0" || s.points(s.Ana) != 0 {
				r.Fatalf("after all is undone: %s, %s points", got, s.points(s.Ana))
			}
			s.clean()
		})
	})
}

type history struct {
	s   *shop
	r   *rapid.T
	ids []int64
}

func (h *history) quantity(name string) dec.D {
	return dec.D(rapid.Int64Range(1, 400_000).Draw(h.r, name)) * 100 // up to 40, with four decimals
}

func (h *history) lines() []sale.DraftLine {
	var list []sale.DraftLine
	for i := range rapid.IntRange(1, 3).Draw(h.r, "lines") {
		l := line([]int64{h.s.Mug, h.s.Bag, h.s.Tea, h.s.Box, h.s.Labour}[rapid.IntRange(0, 4).Draw(h.r, fmt.Sprint("item", i))], "1", "")
		l.Quantity = h.quantity(fmt.Sprint("quantity", i))
		if rapid.Bool().Draw(h.r, "taxed") {
			l.Tax = h.s.Tax
		}
		list = append(list, l)
	}
	return list
}

// step does one thing; the books may refuse it.
func (h *history) step() {
	s, r := h.s, h.r
	pick := func() int64 { return h.ids[rapid.IntRange(0, len(h.ids)-1).Draw(r, "which")] }
	op := rapid.IntRange(0, 9).Draw(r, "op")
	if len(h.ids) == 0 || op < 3 {
		h.make()
		return
	}
	var err error
	switch op {
	case 3, 4:
		_, err = s.tryUpdate(pick(), func(n *sale.New) {
			n.Lines = h.lines()
			n.Discount = sale.Off{Type: sale.PercentOff, Amount: m("7.5")}
		})
	case 5:
		_, err = s.tryUpdate(pick(), func(n *sale.New) {
			if n.Status == sale.Draft {
				n.Status = sale.Final
			} else {
				n.Status = sale.Draft
			}
		})
	case 6, 7:
		v := s.get(pick())
		share := dec.D(rapid.Int64Range(0, 100).Draw(r, "share"))
		in := sale.NewReturn{Sale: v.ID}
		for _, l := range v.Lines {
			if l.Parent == 0 {
				in.Lines = append(in.Lines, sale.NewReturnLine{Line: l.ID, Quantity: l.Quantity / 100 * share})
			}
		}
		_, err = s.tryReturn(in)
	case 8:
		_, err = s.tryMove(pick(), rapid.SampledFrom(sale.States).Draw(r, "state"))
	case 9:
		_, err = s.tryUpdate(pick(), func(n *sale.New) {
			n.Payments = append(n.Payments, pay("cash", rapid.SampledFrom([]string{"1", "9.5", "100"}).Draw(r, "amount")))
		})
	}
	h.allowed(err)
}

func (h *history) make() {
	n := sale.New{Head: sale.Head{Origin: sale.POS, Status: sale.Final, Location: h.s.Location, Party: h.s.Ana}, Lines: h.lines()}
	if rapid.Bool().Draw(h.r, "order") {
		n.Origin, n.Channel, n.FulfillmentLocation = sale.Maker, h.s.Channel, h.s.Location
		n.State = rapid.SampledFrom(sale.States).Draw(h.r, "state")
	} else {
		n.Payments = []money.Payment{pay("cash", "10")}
	}
	v, err := h.s.tryCreate(n)
	if h.allowed(err); err == nil {
		h.ids = append(h.ids, v.ID)
	}
}

func (h *history) allowed(err error) {
	if k := fault.Of(err).Kind; err != nil && k != fault.Conflict && k != fault.Transition && k != fault.Invalid {
		h.r.Fatal(err)
	}
}

// check compares what the sales have taken with what is gone.
func (h *history) check() {
	taken := map[int64]dec.D{}
	for _, id := range h.ids {
		v := h.s.get(id)
		for _, l := range v.Lines {
			if l.Stocked && v.Stage == sale.Gone {
				taken[l.Item] += l.Quantity - l.Returned
			}
		}
	}
	for item, had := range map[int64]dec.D{h.s.Mug: m("103"), h.s.Bag: m("100"), h.s.Tea: m("100")} {
		var b stock.Balance
		h.s.do(func(tx *db.Tx) (err error) {
			b, err = stock.Get(tx, item, h.s.Location)
			return err
		})
		if b.OnHand != had-taken[item] {
			h.r.Fatalf("item %d: %s on hand, want %s; %s", item, b.OnHand, had-taken[item], h.story())
		}
	}
	h.s.clean()
}

func (h *history) undo(id int64) {
	v := h.s.get(id)
	in := sale.NewReturn{Sale: id}
	for _, l := range v.Lines {
		if l.Returned > 0 && l.Children != sale.Combo {
			in.Lines = append(in.Lines, sale.NewReturnLine{Line: l.ID})
		}
	}
	if len(in.Lines) > 0 {
		h.s.giveBack(in)
	}
	h.s.do(func(tx *db.Tx) error { return sale.Delete(tx, id) })
}

// story tells how the sales stand.
func (h *history) story() (text string) {
	for _, id := range h.ids {
		v := h.s.get(id)
		text += fmt.Sprintf("\n%d %s %s %s stage %d: %s", id, v.Origin, v.Status, v.State, v.Stage, h.s.entries(id))
		for _, l := range v.Lines {
			text += fmt.Sprintf(" [%d %s of %d returned %s promised %s]", l.ID, l.Quantity, l.Item, l.Returned, l.Allocated)
		}
	}
	return text
}
