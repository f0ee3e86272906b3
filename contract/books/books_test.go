package books

import (
	"context"
	"flag"
	"testing"

	"pgregory.net/rapid"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/stock"
)

// history is one history on its way.
type history struct {
	*rapid.T
	*world
	m *model
}

// step is one thing that may happen: what the program does, and what the
// model does, which says how the program should have refused it. The model is
// asked second: it is told the ids that the program has given.
type step struct {
	name string
	do   func(*db.Tx) error
	then func() fault.Kind
}

// TestRandomHistories drives random histories of all documents against the
// model: every quantity, promise and value after every step, which steps are
// refused and how, value in = value out + value on hand to the last digit, and
// the audit. In the end all documents are deleted, and nothing is promised
// any more.
func TestRandomHistories(t *testing.T) {
	if f := flag.Lookup("rapid.checks"); f.Value.String() == f.DefValue { // histories are long
		if err := f.Value.Set("40"); err != nil {
			t.Fatal(err)
		}
	}
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		w := newWorld(t, d)
		seen := map[string]int{}
		rapid.Check(t, func(r *rapid.T) {
			h := history{r, w, w.goods(r)}
			for _, at := range w.locations() { // as the history before left it
				h.play("refuse", h.policyStep(at, false))
			}
			for _, item := range w.all() { // what was there before
				h.play("open", h.found(item, w.Location, 20*one, price(h.cost("opening cost"))))
			}
			for range 40 + h.pick("steps", 30) {
				h.step(seen)
			}
			h.end()
		})
		for _, name := range kinds {
			if seen[name.name] == 0 {
				t.Errorf("no history had: %s", name.name)
			}
		}
		audited(t, d)
		t.Logf("good steps: %v", seen)
	})
}

func audited(t *testing.T, d *db.DB) {
	t.Helper()
	dbtest.See(t, d, func(tx *db.Tx) error {
		diff, _, err := stock.Audit(tx)
		if len(diff) > 0 {
			t.Errorf("audit: %+v", diff)
		}
		return err
	})
}

// kinds are the steps of which histories are made. A kind returns nil where
// there is nothing that it could happen to.
var kinds = []struct {
	name string
	make func(history) *step
}{
	{"adjust", history.adjust}, {"dispose", history.dispose}, {"send", history.send}, {"complete", history.complete}, {"oversell", history.changePolicy}, {"bill", history.changeBill}, {"price", history.changePrice},
	{"buy", history.buy}, {"buy", history.buy}, {"buy: move", history.movePurchase}, {"buy: costs", history.costs}, {"buy: place", history.placePurchase}, {"buy: add", history.addBought},
	{"buy: change", history.changeBought}, {"buy: remove", history.removeBought}, {"buy: receive", history.receive}, {"buy: receive", history.receive},
	{"buy: receive", history.receive}, {"buy: redate", history.redateReceipt}, {"buy: unreceive", history.unreceive}, {"buy: delete", history.dropPurchase},
	{"make", history.make}, {"make", history.make}, {"make: move", history.moveMaking}, {"make: move", history.moveMaking}, {"make: place", history.placeMaking}, {"make: add", history.addMade},
	{"make: change", history.changeMade}, {"make: remove", history.removeMade}, {"make: receive", history.produce}, {"make: receive", history.produce},
	{"make: receive", history.produce}, {"make: receive", history.produce}, {"make: redate", history.redateMade}, {"make: unreceive", history.unmake}, {"make: delete", history.dropMaking},
	{"sell", history.sell}, {"sell", history.sell}, {"order", history.order}, {"order", history.order}, {"order: move", history.moveOrder}, {"order: move", history.moveOrder},
	{"order: move", history.moveOrder}, {"order: word", history.wordOrder}, {"order: place", history.placeOrder}, {"order: add", history.addSold}, {"sale: change", history.changeSold},
	{"sale: change", history.changeSold}, {"sale: item", history.replaceSold}, {"sale: price", history.repriceSold}, {"kit", history.changeKit}, {"sale: remove", history.removeSold}, {"sell: status", history.finalize}, {"sale: return", history.giveBack}, {"sale: return", history.giveBack},
	{"sale: return", history.giveBack}, {"sale: delete", history.dropOrder},
}

func (h history) step(seen map[string]int) {
	h.Helper()
	k := kinds[h.pick("what", len(kinds))]
	if s := k.make(h); s != nil && h.play(k.name, s) {
		seen[k.name]++
		for _, c := range h.m.Cells {
			if c.Hand < 0 {
				seen["below zero"]++
				break
			}
		}
	}
}

// play lets the program and the model do a step, and compares them.
func (h history) play(name string, s *step) bool {
	h.Helper()
	if s.name != "" {
		name += " " + s.name
	}
	h.Log(name)
	before := h.m.clone()
	err := h.world.do(s.do)
	got := none
	if err != nil {
		if got = fault.Of(err).Kind; got == fault.Internal || got == fault.NotFound {
			h.Fatalf("%s: %v", name, err)
		}
	}
	want := s.then()
	if got != want {
		h.Fatalf("%s: %v; the model says %d (0 is an error, -1 none)", name, err, want)
	}
	if err != nil {
		*h.m = *before
	}
	h.compare(h.T, h.m, name)
	return err == nil
}

// end deletes every document: what is left on hand was found, lost or moved,
// and nothing is promised.
func (h history) end() {
	for n := len(h.m.Orders) - 1; n >= 0; n-- {
		for _, l := range h.m.Orders[n].ordered() {
			if l.Back > 0 {
				h.play("take back what was returned", h.giveStep(n, l.ID, 0))
			}
		}
		h.play("delete a sale", h.dropOrderStep(n))
	}
	for n := len(h.m.Makings) - 1; n >= 0; n-- {
		h.play("delete a making", h.dropMakingStep(n))
	}
	for n := len(h.m.Purchases) - 1; n >= 0; n-- {
		h.play("delete a purchase", h.dropPurchaseStep(n))
	}
	err := h.d.View(context.Background(), h.Org, func(tx *db.Tx) error {
		list, err := stock.Balances(tx, stock.Filter{Items: h.all()})
		for _, b := range list {
			if b.OnOrder != 0 || b.Demand != 0 || b.Allocated != 0 {
				h.Errorf("all documents are deleted and there is %+v", b)
			}
		}
		return err
	})
	if err != nil {
		h.Fatal(err)
	}
}

// draws

// tenBits draws evenly: rapid's ranges favour their ends, and a history needs all kinds of
// steps alike.
var tenBits = rapid.Custom(func(t *rapid.T) (n int) {
	for _, bit := range rapid.SliceOfN(rapid.Bool(), 10, 10).Draw(t, "bits") {
		if n *= 2; bit {
			n++
		}
	}
	return n
})

// pick draws a number below n, which is far below a thousand, evenly.
func (h history) pick(what string, n int) int { return tenBits.Draw(h.T, what) % n }

// amount draws a quantity in halves, up to most.
func (h history) amount(what string, most int64) int64 {
	return int64(1+h.pick(what, int(max(1, 2*most/one)))) * (one / 2)
}

func (h history) cost(what string) int64 { return rapid.Int64Range(0, 9*one).Draw(h.T, what) }

func (h history) at() int64 { return h.locations()[h.pick("location", 2)] }

func (h history) of(items ...int64) int64 { return items[h.pick("item", len(items))] }

// likely picks one of the steps that are allowed, and now and then any.
func likely[S ~string](h history, what string, all []S, allowed []string) S {
	if len(allowed) == 0 || h.pick("any", 4) == 0 {
		return all[h.pick(what, len(all))]
	}
	return S(allowed[h.pick(what, len(allowed))])
}

func price(cost int64) *dec.D {
	d := dec.D(cost)
	return &d
}
