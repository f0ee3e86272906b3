package doc_test

import (
	"context"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/core/catalog"
	"storehouse/core/doc"
	"storehouse/core/money"
	"storehouse/core/org/orgtest"
	"storehouse/core/party"
	"storehouse/core/sale"
)

type till struct {
	orgtest.Fixture
	d                    *db.DB
	customer             int64
	repair, extra, towel int64
	extras               int64 // the set of extra
	vat, dozen           int64
}

func (s *till) do(t *testing.T, fn func(*db.Tx) error) {
	t.Helper()
	err := s.d.Update(context.Background(), s.Org, func(tx *db.Tx) error {
		tx.Actor = s.User
		return fn(tx)
	})
	if err != nil {
		t.Fatal(err)
	}
}

// newTill has things to sell that are not kept in stock: a service at 437.50,
// a towel at 3 and a modifier at 12.50.
func newTill(t *testing.T, d *db.DB) *till {
	t.Helper()
	s := &till{Fixture: orgtest.New(t, d, "acme"), d: d}
	s.do(t, func(tx *db.Tx) error {
		c, err := party.Create(tx, party.Party{Name: "Ana", Mobile: "+1 555 0100", IsCustomer: true, IsActive: true})
		if err != nil {
			return err
		}
		s.customer = c.ID
		vat, err := catalog.CreateTax(tx, catalog.Tax{Name: "VAT 10", Amount: dec.Must("10")})
		if err != nil {
			return err
		}
		pieces, err := catalog.CreateUnit(tx, catalog.Unit{Name: "Pieces", ShortName: "pc"})
		if err != nil {
			return err
		}
		dozen, err := catalog.CreateUnit(tx, catalog.Unit{Name: "Dozen", ShortName: "dz", Base: pieces.ID, Multiplier: dec.Must("12")})
		if err != nil {
			return err
		}
		s.vat, s.dozen = vat.ID, dozen.ID
		for _, v := range []struct {
			item             *int64
			typ, code, price string
		}{{&s.repair, catalog.Single, "REPAIR", "437.5"}, {&s.towel, catalog.Single, "TOWEL", "3"}, {&s.extra, catalog.Modifier, "EXTRAS", "12.5"}} {
			made, err := catalog.CreateProduct(tx, catalog.Product{Type: v.typ, Code: v.code, Name: "The " + v.code, Unit: pieces.ID,
				Variations: []catalog.Variation{{Items: []catalog.Variant{{Item: catalog.Item{PurchasePrice: dec.One, SellPrice: dec.Must(v.price)}}}}}})
			if err != nil {
				return err
			}
			*v.item = made.Variations[0].Items[0].ID
			s.extras = made.ID
		}
		return nil
	})
	return s
}

func (s *till) receipt(t *testing.T, n sale.New) (r doc.Receipt) {
	t.Helper()
	var id int64
	s.do(t, func(tx *db.Tx) error {
		list, err := sale.Create(tx, n)
		if err == nil {
			id = list[0].ID
		}
		return err
	})
	dbtest.See(t, s.d, func(tx *db.Tx) error {
		v, err := sale.Get(tx, id)
		if err != nil {
			return err
		}
		r, err = doc.ReceiptOf(tx, v)
		return err
	})
	return r
}

// The reference's sell, 437.50 with 10 % off, 10 % tax, shipping and packing
// of 10 each: 453.13; 500 are given and 46.87 given back.
func TestReceiptOfASale(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := newTill(t, d)
		n := sale.New{Head: sale.Head{Origin: sale.POS, Status: sale.Final, Location: s.Location, Party: s.customer, SaleNote: "handle with care",
			Discount: sale.Off{Type: sale.PercentOff, Amount: dec.Must("10")}, Tax: s.vat, ShippingCharges: dec.Must("10"), PackingCharge: dec.Must("10")},
			Lines:    []sale.DraftLine{{LineHead: sale.LineHead{Item: s.repair, Quantity: dec.One}}},
			Payments: []money.Payment{{Method: "cash", Amount: dec.Must("500")}, {Method: "cash", Amount: dec.Must("46.87"), IsReturn: true}}}
		r := s.receipt(t, n)
		want := doc.Receipt{Number: "AS0001", Date: dbtest.Now, Notes: "handle with care",
			Shop: doc.Contact{Name: "acme", Lines: []string{"Main"}}, Customer: doc.Contact{Name: "Ana", Phone: "+1 555 0100"},
			Details:  []doc.Detail{{Label: "Cashier", Text: "Owner of acme"}},
			Lines:    []doc.ReceiptLine{{Name: "The REPAIR", Code: "REPAIR", Unit: "pc", Quantity: dec.One, UnitPrice: dec.Must("437.5"), Total: dec.Must("437.5")}},
			Subtotal: dec.Must("437.5"), DiscountLabel: "Discount 10%", Discount: dec.Must("43.75"), Taxes: []doc.Charge{{Label: "VAT 10", Amount: dec.Must("39.375")}},
			Shipping: dec.Must("10"), Packing: dec.Must("10"), Charges: []doc.Charge{{Label: "Fees"}}, Total: dec.Must("453.13"),
			Payments: []doc.Charge{{Label: "Cash", Amount: dec.Must("500")}}, Change: dec.Must("46.87")}
		r.Format = doc.Format{}
		if diff := cmp.Diff(want, r); diff != "" {
			t.Errorf("receipt (-want +got):\n%s", diff)
		}
	})
}

// Sold on the 2nd of January with 30 days to pay: until the 1st of February.
// Who carries it reads where to; once it is paid nothing more is asked for.
func TestReceiptOfADeliveryOnCredit(t *testing.T) {
	d := dbtest.SQLite(t)
	s := newTill(t, d)
	n := sale.New{Head: sale.Head{Origin: sale.POS, Status: sale.Final, Location: s.Location, Party: s.customer, SoldAt: time.Date(2026, 1, 2, 12, 0, 0, 0, time.UTC),
		PayTermNumber: 30, PayTermType: "days", ShippingAddress: "Pier 4"}, Lines: []sale.DraftLine{{LineHead: sale.LineHead{Item: s.repair, Quantity: dec.One}}}}
	r := s.receipt(t, n)
	want := []doc.Detail{{Label: "Cashier", Text: "Owner of acme"}, {Label: "Ship to", Text: "Pier 4"},
		{Label: "Pay by", Text: r.Format.Day(time.Date(2026, 2, 1, 12, 0, 0, 0, time.UTC))}}
	if diff := cmp.Diff(want, r.Details); diff != "" || r.Due != dec.Must("437.5") {
		t.Errorf("details (-want +got):\n%s", diff)
	}
	n.Payments = []money.Payment{{Method: "cash", Amount: dec.Must("437.5")}}
	if r := s.receipt(t, n); len(r.Details) != 2 {
		t.Errorf("a paid one says %v", r.Details)
	}
}

// Two dozen towels at 36 less 4 a dozen, plus 10 %: (36 − 4) × 1.1 = 35.20 a
// dozen, 70.40 together; and an extra of 2 × 12.50 on it.
func TestReceiptOfSubUnitsDiscountsAndModifiers(t *testing.T) {
	d := dbtest.SQLite(t)
	s := newTill(t, d)
	price := dec.Must("36")
	n := sale.New{Head: sale.Head{Origin: sale.POS, Status: sale.Final, Location: s.Location, Party: s.customer},
		Lines: []sale.DraftLine{{LineHead: sale.LineHead{Item: s.towel, Quantity: dec.Int(2), SubUnit: s.dozen, Tax: s.vat, Discount: sale.Off{Amount: dec.Must("4")}, Note: "blue"}, Price: &price,
			Modifiers: []sale.DraftModifier{{Item: s.extra, Product: s.extras, Quantity: dec.Int(2)}}}}}
	r := s.receipt(t, n)
	want := []doc.ReceiptLine{{Name: "The TOWEL", Code: "TOWEL", Unit: "dz", Note: "blue", Quantity: dec.Int(2), UnitPrice: dec.Must("39.2"), Discount: dec.Must("8"), Total: dec.Must("70.4"),
		Modifiers: []doc.ReceiptLine{{Name: r.Lines[0].Modifiers[0].Name, Code: r.Lines[0].Modifiers[0].Code, Unit: "pc", Quantity: dec.Int(2), UnitPrice: dec.Must("12.5"), Total: dec.Must("25")}}}}
	if diff := cmp.Diff(want, r.Lines); diff != "" {
		t.Errorf("lines (-want +got):\n%s", diff)
	}
	if diff := cmp.Diff([]doc.Charge{{Label: "VAT 10", Amount: dec.Must("6.4")}}, r.Included); diff != "" {
		t.Errorf("taxes in the lines (-want +got):\n%s", diff)
	}
	if r.Due != dec.Must("95.4") || r.Total != dec.Must("95.4") {
		t.Errorf("total %s, due %s, want 95.4", r.Total, r.Due)
	}
	if b, err := r.PNG(); err != nil {
		t.Error(err)
	} else {
		keep(t, "receipt-of-sale.png", b)
	}
}

func TestReceiptOfAQuotationInHebrew(t *testing.T) {
	d := dbtest.SQLite(t)
	s := newTill(t, d)
	s.do(t, func(tx *db.Tx) error {
		_, err := tx.Exec(`UPDATE organization SET name = ? WHERE id = ?`, "חנות הים", tx.Org)
		return err
	})
	r := s.receipt(t, sale.New{Head: sale.Head{Origin: sale.POS, Status: sale.Draft, SubStatus: sale.Quotation, Location: s.Location, Party: s.customer},
		Lines: []sale.DraftLine{{LineHead: sale.LineHead{Item: s.repair, Quantity: dec.One}}}})
	if !r.RTL || r.Lang != "he" || r.Heading != "הצעת מחיר" || r.Due != 0 || r.Date != dbtest.Now.In(time.UTC) {
		t.Errorf("%v %q %q due %s on %v", r.RTL, r.Lang, r.Heading, r.Due, r.Date)
	}
}
