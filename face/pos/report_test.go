package pos_test

import (
	"testing"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/contract/stage"
	"storehouse/core/expense"
	"storehouse/core/party"
	"storehouse/core/sale"
	"storehouse/core/stock"
)

func init() { seeded("report", trading) }

// trading is the catalogue with some business: 10 of AS0001 received at 50
// each, 4 sold at 130 (no tax) with 10 shipping, 1 of them returned, 2 sent to
// the branch, 1 written off, 30 spent. With the catalogue's 25 and 50 at no
// cost, AS0001 costs 500 ÷ 30 = 16.666666… a piece at location 1.
func trading(t *testing.T, s *stage.Stage) {
	catalogue(t, s)
	do := func(fn func(*db.Tx) error) {
		t.Helper()
		s.Do(t, s.Acme.Org, func(tx *db.Tx) error { tx.Actor = 1; return fn(tx) })
	}
	do(func(tx *db.Tx) error {
		cost := dec.Int(50)
		_, err := stock.Post(tx, stock.Policy{}, stock.Entry{Item: 3, Location: 1, Event: stock.Receive, Quantity: dec.Int(10), UnitCost: &cost,
			Doc: stock.Doc{Type: "purchase_receipt", ID: 1}})
		return err
	})
	var sold sale.Sale
	do(func(tx *db.Tx) error {
		walkin, err := party.EnsureDefault(tx)
		if err != nil {
			return err
		}
		price := dec.Int(130)
		list, err := sale.Create(tx, sale.New{Head: sale.Head{Origin: sale.POS, Status: sale.Final, Location: 1, Party: walkin.ID, ShippingCharges: dec.Int(10)},
			Lines: []sale.DraftLine{{LineHead: sale.LineHead{Item: 3, Quantity: dec.Int(4)}, Price: &price}}})
		if err == nil {
			sold = list[0]
		}
		return err
	})
	do(func(tx *db.Tx) error {
		_, err := sale.Returns(tx, sale.NewReturn{Sale: sold.ID, Lines: []sale.NewReturnLine{{Line: sold.Lines[0].ID, Quantity: dec.One}}})
		return err
	})
	do(func(tx *db.Tx) error {
		_, err := stock.Send(tx, stock.Policy{}, stock.Move{Item: 3, From: 1, To: 3, Quantity: dec.Int(2), Ref: "TR-1"})
		return err
	})
	do(func(tx *db.Tx) error {
		_, err := stock.Post(tx, stock.Policy{}, stock.Entry{Item: 3, Location: 1, Event: stock.Dispose, Quantity: dec.One, Doc: stock.Doc{Type: "adjustment", ID: 1}})
		return err
	})
	do(func(tx *db.Tx) error {
		_, err := expense.Create(tx, expense.Expense{Location: 1, FinalTotal: dec.Int(30)}, nil)
		return err
	})
}
