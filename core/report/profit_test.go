package report_test

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/core/catalog"
	"storehouse/core/expense"
	"storehouse/core/org/orgtest"
	"storehouse/core/party"
	"storehouse/core/report"
	"storehouse/core/sale"
	"storehouse/core/stock"
)

var m = dec.Must

func p(s string) *dec.D {
	d := m(s)
	return &d
}

// A day's business, worked out by hand:
//
//	the day before   100 mugs found at 2: 200
//	received         10 bags at 30: 300
//	written off      5 mugs (10), found 1 mug at 2: 8 lost
//	sale A           10 mugs at 5 + 10 % = 55, less 10 % (5.50), shipping 10, packing 5: 64.50; cost 20
//	sale B           2 bags at 437.50 = 875, less 75, + 10 % order tax (80): 880; cost 60
//	returned of A    2 mugs at 5.50 = 11; cost 4
//	expenses         40, of which 10 came back: 30
func TestProfitAndLoss(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := orgtest.New(t, d, "acme")
		do := func(fn func(tx *db.Tx) error) {
			t.Helper()
			dbtest.Do(t, d, func(tx *db.Tx) error { tx.Actor = f.User; return fn(tx) })
		}
		var mug, bag, customer int64
		var tax catalog.Tax
		do(func(tx *db.Tx) (err error) {
			if tax, err = catalog.CreateTax(tx, catalog.Tax{Name: "VAT", Amount: m("10")}); err != nil {
				return err
			}
			c, err := party.Create(tx, party.Party{Name: "Ana", IsCustomer: true})
			customer = c.ID
			return err
		})
		do(func(tx *db.Tx) error {
			unit, err := catalog.CreateUnit(tx, catalog.Unit{Name: "Pieces", ShortName: "pc"})
			if err != nil {
				return err
			}
			for code, item := range map[string]*int64{"MUG": &mug, "BAG": &bag} {
				made, err := catalog.CreateProduct(tx, catalog.Product{Type: catalog.Single, Code: code, Name: code, Unit: unit.ID, EnableStock: true,
					Variations: []catalog.Variation{{Items: []catalog.Variant{{Item: catalog.Item{SellPrice: m("5"), PurchasePrice: m("1")}}}}}})
				if err != nil {
					return err
				}
				*item = made.Variations[0].Items[0].ID
			}
			return nil
		})
		day := dbtest.Now.Truncate(24 * time.Hour)
		do(func(tx *db.Tx) error {
			_, err := stock.Post(tx, stock.Policy{},
				stock.Entry{Item: mug, Location: f.Location, Event: stock.Adjust, Quantity: m("100"), UnitCost: p("2"), EventDate: day.Add(-time.Hour), Doc: stock.Doc{Type: "adjustment", ID: 1}},
				stock.Entry{Item: bag, Location: f.Location, Event: stock.Receive, Quantity: m("10"), UnitCost: p("30"), Doc: stock.Doc{Type: "purchase_receipt", ID: 1}})
			return err
		})
		do(func(tx *db.Tx) error {
			_, err := stock.Post(tx, stock.Policy{},
				stock.Entry{Item: mug, Location: f.Location, Event: stock.Dispose, Quantity: m("5"), Doc: stock.Doc{Type: "adjustment", ID: 2}})
			return err
		})
		do(func(tx *db.Tx) error {
			_, err := stock.Post(tx, stock.Policy{},
				stock.Entry{Item: mug, Location: f.Location, Event: stock.Adjust, Quantity: m("1"), UnitCost: p("2"), Doc: stock.Doc{Type: "adjustment", ID: 3}})
			return err
		})
		line := func(item int64, quantity, price string, tax int64) sale.DraftLine {
			return sale.DraftLine{LineHead: sale.LineHead{Item: item, Quantity: m(quantity), Tax: tax}, Price: p(price)}
		}
		head := sale.Head{Origin: sale.POS, Status: sale.Final, Location: f.Location, Party: customer}
		var a sale.Sale
		do(func(tx *db.Tx) error {
			first, second, draft := head, head, head
			first.Discount, first.ShippingCharges, first.PackingCharge = sale.Off{Type: sale.PercentOff, Amount: m("10")}, m("10"), m("5")
			second.Discount, second.Tax = sale.Off{Type: sale.FixedOff, Amount: m("75")}, tax.ID
			draft.Status = sale.Draft
			list, err := sale.Create(tx, sale.New{Head: first, Lines: []sale.DraftLine{line(mug, "10", "5", tax.ID)}},
				sale.New{Head: second, Lines: []sale.DraftLine{line(bag, "2", "437.5", 0)}}, sale.New{Head: draft, Lines: []sale.DraftLine{line(bag, "1", "437.5", 0)}})
			if err == nil {
				a = list[0]
				if list[0].Total != m("64.5") || list[1].Total != m("880") {
					t.Errorf("totals %s and %s", list[0].Total, list[1].Total)
				}
			}
			return err
		})
		do(func(tx *db.Tx) error {
			_, err := sale.Returns(tx, sale.NewReturn{Sale: a.ID, Lines: []sale.NewReturnLine{{Line: a.Lines[0].ID, Quantity: m("2")}}})
			return err
		})
		for _, e := range []expense.Expense{{FinalTotal: m("40")}, {FinalTotal: m("10"), IsRefund: true}} {
			do(func(tx *db.Tx) error {
				e.Location = f.Location
				_, err := expense.Create(tx, e, nil)
				return err
			})
		}
		want := report.Profit{OpeningStock: m("200"), ClosingStock: m("416"), Purchases: m("300"), Adjusted: m("8"), Sales: m("864.5"), Discounts: m("80.5"),
			Shipping: m("10"), Extras: m("5"), Returns: m("11"), Expenses: m("30"), CostOfSales: m("76"), Gross: m("839"), Net: m("735.5")}
		dbtest.See(t, d, func(tx *db.Tx) error {
			got, err := report.ProfitAndLoss(tx, report.ProfitFilter{From: day, To: day.AddDate(0, 0, 1), Locations: []int64{f.Location}})
			if diff := cmp.Diff(want, got); err != nil || diff != "" {
				t.Errorf("%v %s", err, diff)
			}
			value := dec.D(0)
			err = stock.EachBalance(tx, stock.Filter{}, func(b stock.Balance) error { value += b.Value; return nil })
			if value != want.ClosingStock {
				t.Errorf("the books hold %s", value)
			}
			if err != nil {
				return err
			}
			none, err := report.ProfitAndLoss(tx, report.ProfitFilter{From: day.AddDate(0, 0, 1)})
			if diff := cmp.Diff(report.Profit{OpeningStock: m("416"), ClosingStock: m("416")}, none); err != nil || diff != "" {
				t.Errorf("the day after: %v %s", err, diff)
			}
			rows, n, err := stock.Shelf(tx, stock.ShelfFilter{}, 15, 0)
			if err != nil || n != 2 || rows[0].Code != "BAG" || rows[0].OnHand != m("8") || rows[0].Value != m("240") || rows[1].OnHand != m("88") || rows[1].Value != m("176") {
				t.Errorf("shelf %+v, %d, %v", rows, n, err)
			}
			return err
		})
	})
}
