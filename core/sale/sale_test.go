package sale_test

import (
	"context"
	"strings"
	"testing"
	"time"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/catalog"
	"storehouse/core/lookup"
	"storehouse/core/money"
	"storehouse/core/org"
	"storehouse/core/org/orgtest"
	"storehouse/core/party"
	"storehouse/core/points"
	"storehouse/core/sale"
	"storehouse/core/stock"
)

var m = dec.Must

func p(s string) *dec.D {
	d := m(s)
	return &d
}

// shop is what most tests begin with: two locations, a customer and a walk-in,
// three goods with 100 each at the main location (cost 2, 30 and 1), a
// service, a combo of two mugs and a bag, and a modifier.
type shop struct {
	orgtest.Fixture
	t                                       *testing.T
	d                                       *db.DB
	Second                                  int64
	Ana, WalkIn                             int64
	Mug, Bag, Tea, Labour, Box, Cheese      int64 // items
	MugProduct, CheeseSet                   int64
	Tax, Dozen, Channel, PriceGroup, Broker int64
}

func open(t *testing.T, d *db.DB) *shop {
	t.Helper()
	s := &shop{Fixture: orgtest.New(t, d, "acme"), t: t, d: d}
	s.do(func(tx *db.Tx) error {
		l, err := org.CreateLocation(tx, org.Location{Name: "Second"})
		if err != nil {
			return err
		}
		s.Second = l.ID
		return s.people(tx)
	})
	s.do(s.goods)
	s.do(func(tx *db.Tx) error {
		var list []stock.Entry
		for item, cost := range map[int64]string{s.Mug: "2", s.Bag: "30", s.Tea: "1"} {
			list = append(list, stock.Entry{Item: item, Location: s.Location, Event: stock.Adjust, Quantity: m("100"), UnitCost: p(cost), Doc: stock.Doc{Type: "opening", ID: 1}})
		}
		_, err := stock.Post(tx, stock.Policy{}, list...)
		return err
	})
	return s
}

func (s *shop) people(tx *db.Tx) error {
	ana, err := party.Create(tx, party.Party{Name: "Ana", IsCustomer: true, IsActive: true})
	if err != nil {
		return err
	}
	walkIn, err := party.EnsureDefault(tx)
	if err != nil {
		return err
	}
	s.Ana, s.WalkIn = ana.ID, walkIn.ID
	for kind, id := range map[lookup.Kind]*int64{lookup.OrderChannel: &s.Channel, lookup.PriceGroup: &s.PriceGroup, lookup.Broker: &s.Broker} {
		e, err := lookup.Create(tx, lookup.Entry{Kind: kind, Name: "Wholesale"})
		if err != nil {
			return err
		}
		*id = e.ID
	}
	return nil
}

func (s *shop) goods(tx *db.Tx) error {
	tax, err := catalog.CreateTax(tx, catalog.Tax{Name: "VAT 10", Amount: m("10")})
	if err != nil {
		return err
	}
	pieces, err := catalog.CreateUnit(tx, catalog.Unit{Name: "Pieces", ShortName: "pc"})
	if err != nil {
		return err
	}
	dozen, err := catalog.CreateUnit(tx, catalog.Unit{Name: "Dozen", ShortName: "dz", Base: pieces.ID, Multiplier: m("12")})
	if err != nil {
		return err
	}
	s.Tax, s.Dozen = tax.ID, dozen.ID
	make := func(item *int64, typ, code, price string, stocked bool, parts ...catalog.ComboPart) int64 {
		if err != nil {
			return 0
		}
		var made catalog.Product
		made, err = catalog.CreateProduct(tx, catalog.Product{Type: typ, Code: code, Name: code, Unit: pieces.ID, EnableStock: stocked,
			Variations: []catalog.Variation{{Items: []catalog.Variant{{Item: catalog.Item{PurchasePrice: m("1"), SellPrice: m(price)}, Parts: parts}}}}})
		if err == nil {
			*item = made.Variations[0].Items[0].ID
		}
		return made.ID
	}
	s.MugProduct = make(&s.Mug, catalog.Single, "MUG", "5", true)
	make(&s.Bag, catalog.Single, "BAG", "437.5", true)
	make(&s.Tea, catalog.Single, "TEA", "3", true)
	make(&s.Labour, catalog.Single, "LABOUR", "50", false)
	s.CheeseSet = make(&s.Cheese, catalog.Modifier, "EXTRAS", "12.5", false)
	make(&s.Box, catalog.Combo, "BOX", "440", true, catalog.ComboPart{Item: s.Mug, Quantity: m("2")}, catalog.ComboPart{Item: s.Bag, Quantity: m("1")})
	return err
}

func (s *shop) do(fn func(*db.Tx) error) {
	s.t.Helper()
	if err := s.try(fn); err != nil {
		s.t.Fatal(err)
	}
}

func (s *shop) try(fn func(*db.Tx) error) error {
	return s.d.Update(context.Background(), s.Org, func(tx *db.Tx) error {
		tx.Actor = s.User
		return fn(tx)
	})
}

func (s *shop) create(n sale.New) sale.Sale {
	s.t.Helper()
	v, err := s.tryCreate(n)
	if err != nil {
		s.t.Fatal(err)
	}
	return v
}

func (s *shop) tryCreate(n sale.New) (v sale.Sale, err error) {
	err = s.try(func(tx *db.Tx) error {
		list, err := sale.Create(tx, n)
		if err == nil {
			v = list[0]
		}
		return err
	})
	return v, err
}

func (s *shop) update(id int64, change func(*sale.New)) sale.Sale {
	s.t.Helper()
	v, err := s.tryUpdate(id, change)
	if err != nil {
		s.t.Fatal(err)
	}
	return v
}

func (s *shop) tryUpdate(id int64, change func(*sale.New)) (v sale.Sale, err error) {
	err = s.try(func(tx *db.Tx) (err error) {
		v, err = sale.Update(tx, id, func(n *sale.New) error { change(n); return nil })
		return err
	})
	return v, err
}

func (s *shop) get(id int64) (v sale.Sale) {
	s.t.Helper()
	dbtest.See(s.t, s.d, func(tx *db.Tx) (err error) {
		v, err = sale.Get(tx, id)
		return err
	})
	return v
}

// sell is a final sell at the main location.
func (s *shop) sell(party int64, lines ...sale.DraftLine) sale.New {
	return sale.New{Head: sale.Head{Origin: sale.POS, Status: sale.Final, Location: s.Location, Party: party}, Lines: lines}
}

func line(item int64, quantity, price string) sale.DraftLine {
	l := sale.DraftLine{LineHead: sale.LineHead{Item: item, Quantity: m(quantity)}}
	if price != "" {
		l.Price = p(price)
	}
	return l
}

func pay(method, amount string) money.Payment {
	return money.Payment{Method: method, Amount: m(amount)}
}

// stockOf describes an item's balance: "hand 99 demand 0 allocated 0 value 198".
func (s *shop) stockOf(item, location int64) string {
	s.t.Helper()
	var out string
	dbtest.See(s.t, s.d, func(tx *db.Tx) error {
		b, err := stock.Get(tx, item, location)
		out = "hand " + b.OnHand.String()
		if b.Demand != 0 {
			out += " demand " + b.Demand.String()
		}
		if b.Allocated != 0 {
			out += " allocated " + b.Allocated.String()
		}
		out += " value " + b.Value.String()
		return err
	})
	return out
}

func (s *shop) wantStock(item int64, want string) {
	s.t.Helper()
	if got := s.stockOf(item, s.Location); got != want {
		s.t.Errorf("stock is %q, want %q", got, want)
	}
}

// owed describes a party's money: what it owes for sales, is owed for returns
// and has as an advance.
func (s *shop) owed(party int64) string {
	s.t.Helper()
	var out string
	dbtest.See(s.t, s.d, func(tx *db.Tx) error {
		m, err := money.PartyBalances(tx, party)
		b := m[party]
		out = "due " + b.Due().String() + " return " + b.ReturnDue().String() + " advance " + b.Advance.String()
		return err
	})
	return out
}

func (s *shop) points(party int64) dec.D {
	s.t.Helper()
	var out dec.D
	dbtest.See(s.t, s.d, func(tx *db.Tx) error {
		m, err := points.Balances(tx, party)
		out = m[party].Balance
		return err
	})
	return out
}

// clean refolds the ledgers.
func (s *shop) clean() {
	s.t.Helper()
	dbtest.See(s.t, s.d, func(tx *db.Tx) error {
		a, _, err := stock.Audit(tx)
		if err != nil {
			return err
		}
		b, _, err := money.Audit(tx)
		if err != nil {
			return err
		}
		c, _, err := points.Audit(tx)
		if len(a)+len(b)+len(c) > 0 {
			s.t.Errorf("audit: %v %v %v", a, b, c)
		}
		return err
	})
}

func (s *shop) settings(change func(*org.Settings)) {
	s.t.Helper()
	s.do(func(tx *db.Tx) error {
		v, err := org.LoadSettings(tx)
		if err != nil {
			return err
		}
		change(&v)
		return org.SaveSettings(tx, v)
	})
}

func each(t *testing.T, fn func(*shop)) {
	t.Helper()
	dbtest.Each(t, func(t *testing.T, d *db.DB) { fn(open(t, d)) })
}

func wantFault(t *testing.T, err error, kind fault.Kind, text string) {
	t.Helper()
	if err == nil || fault.Of(err).Kind != kind || !strings.Contains(err.Error(), text) {
		t.Errorf("got %v, want a fault of kind %d about %q", err, kind, text)
	}
}

func TestTheReferencesSell(t *testing.T) {
	each(t, func(s *shop) {
		n := s.sell(s.WalkIn, line(s.Bag, "1", "437.5"))
		n.SoldAt = time.Date(2020, 7, 22, 15, 48, 29, 0, time.UTC)
		n.Discount, n.Tax, n.ShippingCharges, n.PackingCharge = sale.Off{Type: sale.PercentOff, Amount: m("10")}, s.Tax, m("10"), m("10")
		n.Payments = []money.Payment{pay("cash", "453.13")}
		v := s.create(n)
		if v.Subtotal != m("437.5") || v.TaxAmount != m("39.375") || v.Total != m("453.13") || v.PaymentStatus != sale.PaidUp {
			s.t.Errorf("subtotal %s tax %s total %s, %s", v.Subtotal, v.TaxAmount, v.Total, v.PaymentStatus)
		}
		if v.Number != "AS0001" || v.Payments[0].RefNo != "SP2026/0001" || v.State != sale.Completed || v.Fulfillment != sale.Fulfilled {
			s.t.Errorf("number %s ref %s state %s %s", v.Number, v.Payments[0].RefNo, v.State, v.Fulfillment)
		}
		s.wantStock(s.Bag, "hand 99 value 2970")
		if got := s.owed(s.WalkIn); got != "due 0 return 0 advance 0" {
			s.t.Error(got)
		}
		if got := s.get(v.ID); got.Total != v.Total || len(got.Lines) != 1 || len(got.Payments) != 1 || got.Lines[0].Amount != m("437.5") || got.InvoiceToken != v.InvoiceToken {
			s.t.Errorf("read back: %+v", got)
		}
		s.clean()
	})
}

func pay1(party int64, amount string) money.Payment {
	p := pay("cash", amount)
	p.Party = party
	return p
}
