package report

import (
	"strings"
	"time"

	"storehouse/base/db"
	"storehouse/base/dec"
	"storehouse/core/expense"
	"storehouse/core/stock"
)

// ProfitFilter narrows a profit and loss account. What is not set does not
// narrow.
type ProfitFilter struct {
	Locations []int64
	User      int64     // whose sales, expenses and movements; the stock is everybody's
	From, To  time.Time // To excluded
}

// Profit is a profit and loss account, from the books: sales, returns and
// expenses as documents, goods at the cost at which the ledger moved them.
type Profit struct {
	OpeningStock, ClosingStock dec.D // value on hand
	Purchases                  dec.D // landed cost of what was received
	Adjusted                   dec.D // cost of what was written off, less what was found

	Sales       dec.D // totals of sales without order tax
	Discounts   dec.D // given on whole orders
	Shipping    dec.D
	Extras      dec.D // packing and other fees
	RoundOff    dec.D // rounding of totals
	Rewards     dec.D // paid with points
	Returns     dec.D // totals of returns without order tax
	Expenses    dec.D // less what came back
	CostOfSales dec.D // cost of goods sold, less that of what came back

	Gross dec.D // goods sold, without tax and order discounts, less returns and their cost
	Net   dec.D // and discounts, shipping, extras, rounding, rewards, expenses and adjustments
}

// ProfitAndLoss adds up the account, in a fixed number of statements.
func ProfitAndLoss(tx *db.Tx, f ProfitFilter) (Profit, error) {
	var p Profit
	var c dec.Calc
	if err := p.goods(tx, f, &c); err != nil {
		return p, err
	}
	goods, err := p.sales(tx, f, &c)
	if err != nil {
		return p, err
	}
	returned, err := p.returns(tx, f, &c)
	if err != nil {
		return p, err
	}
	p.Expenses, err = expense.Total(tx, expense.Filter{Locations: f.Locations, CreatedBy: f.User, From: f.From, To: f.To})
	if err != nil {
		return p, err
	}
	p.Gross = c.Sub(c.Sub(goods, returned), p.CostOfSales)
	p.Net = c.Sub(c.Add(p.Gross, p.Shipping, p.Extras, p.RoundOff), c.Add(p.Discounts, p.Rewards, p.Expenses, p.Adjusted))
	return p, c.Err()
}

// goods reads the stock ledger.
func (p *Profit) goods(tx *db.Tx, f ProfitFilter, c *dec.Calc) error {
	flows, err := stock.Flows(tx, stock.FlowFilter{Locations: f.Locations, From: f.From, To: f.To})
	if err != nil {
		return err
	}
	var before []stock.Flow
	if !f.From.IsZero() {
		if before, err = stock.Flows(tx, stock.FlowFilter{Locations: f.Locations, To: f.From}); err != nil {
			return err
		}
	}
	for _, v := range before {
		p.OpeningStock = c.Add(p.OpeningStock, v.OnHandValue())
	}
	p.ClosingStock = p.OpeningStock
	for _, v := range flows {
		p.ClosingStock = c.Add(p.ClosingStock, v.OnHandValue())
	}
	if f.User != 0 {
		if flows, err = stock.Flows(tx, stock.FlowFilter{Locations: f.Locations, From: f.From, To: f.To, User: f.User}); err != nil {
			return err
		}
	}
	for _, v := range flows {
		switch {
		case v.Event == stock.Receive:
			p.Purchases = c.Add(p.Purchases, v.Value)
		case v.Event == stock.Dispose:
			p.Adjusted = c.Add(p.Adjusted, v.Value)
		case v.Event == stock.Adjust && v.DocType != "opening":
			p.Adjusted = c.Sub(p.Adjusted, v.Value)
		case v.Event == stock.Consume && (v.DocType == "sale" || v.DocType == "sale_return"):
			p.CostOfSales = c.Add(p.CostOfSales, v.Value)
		}
	}
	return nil
}

// where is the condition on a document's location, author and time.
func (f ProfitFilter) where(tx *db.Tx, alias, at string) db.Where {
	w := db.Where{Args: []any{tx.Org}}
	db.In(&w, alias+".location_id", f.Locations)
	w.AddIf(f.User != 0, alias+".created_by = ?", f.User)
	w.AddIf(!f.From.IsZero(), alias+"."+at+" >= ?", f.From)
	w.AddIf(!f.To.IsZero(), alias+"."+at+" < ?", f.To)
	return w
}

// packingRate is a packing charge that is a percentage of the subtotal; 0 for
// one that is an amount.
const packingRate = `CASE WHEN s.packing_charge_type IN ('percent', 'percentage') THEN s.packing_charge ELSE 0 END`

// sales reads the final sales and returns the price of their goods without
// tax, before discounts on whole orders.
func (p *Profit) sales(tx *db.Tx, f ProfitFilter, c *dec.Calc) (dec.D, error) {
	w := f.where(tx, "s", "sold_at")
	var goods, total, orderTax dec.D
	// A percentage is worked out on the sum of the sales that have it.
	err := tx.Each(func(r db.Row) error {
		var kind string
		var rate, packingRate, n, before, final, tax, shipping, packing, fees, rewards dec.D
		if err := r.Scan(&kind, &rate, &packingRate, &n, &before, &final, &tax, &shipping, &packing, &fees, &rewards); err != nil {
			return err
		}
		packing = c.Add(packing, c.Percent(before, packingRate))
		discount := c.Mul(rate, n)
		if strings.HasPrefix(kind, "percent") {
			discount = c.Percent(before, rate)
		}
		goods, total, orderTax = c.Add(goods, before), c.Add(total, final), c.Add(orderTax, tax)
		p.Discounts, p.Shipping, p.Extras, p.Rewards = c.Add(p.Discounts, discount), c.Add(p.Shipping, shipping), c.Add(p.Extras, packing, fees), c.Add(p.Rewards, rewards)
		return c.Err()
	}, `SELECT s.discount_type, s.discount_amount, `+packingRate+`, CAST(COUNT(*) * 1000000 AS bigint), CAST(SUM(s.total_before_tax) AS bigint), CAST(SUM(s.final_total) AS bigint),
			CAST(SUM(s.tax_amount) AS bigint), CAST(SUM(s.shipping_charges) AS bigint), CAST(SUM(s.packing_charge) AS bigint) - CAST(SUM(`+packingRate+`) AS bigint), CAST(SUM(s.fees) AS bigint),
			CAST(SUM(s.rp_redeemed_amount) AS bigint)
		FROM sale s WHERE s.org_id = ? AND s.status = 'final'`+w.And()+` GROUP BY s.discount_type, s.discount_amount, `+packingRate, w.Args...)
	if err != nil {
		return 0, err
	}
	tax, err := lineTaxes(tx, c, `SELECT l.item_tax, CAST(SUM(l.quantity) AS bigint) FROM sale_line l JOIN sale s ON s.org_id = l.org_id AND s.id = l.sale_id
		WHERE l.org_id = ? AND s.status = 'final' AND l.item_tax <> 0 AND l.amount <> 0`+w.And()+` GROUP BY l.item_tax`, w.Args)
	if err != nil {
		return 0, err
	}
	p.Sales = c.Sub(total, orderTax)
	// What the parts do not add up to is rounding, asked for or not.
	p.RoundOff = c.Sub(p.Sales, c.Sub(c.Add(goods, p.Shipping, p.Extras), c.Add(p.Discounts, p.Rewards)))
	return c.Sub(goods, tax), c.Err()
}

// returns reads the returns and returns the price of their goods without tax.
func (p *Profit) returns(tx *db.Tx, f ProfitFilter, c *dec.Calc) (dec.D, error) {
	w := f.where(tx, "s", "returned_at")
	_, err := db.One(tx, func(r db.Row, _ *struct{}) error { return r.Scan(&p.Returns) },
		`SELECT CAST(COALESCE(SUM(s.final_total - s.tax_amount), 0) AS bigint) FROM sale_return s WHERE s.org_id = ?`+w.And(), w.Args...)
	if err != nil {
		return 0, err
	}
	tax, err := lineTaxes(tx, c, `SELECT l.item_tax, CAST(SUM(r.quantity) AS bigint) FROM sale_return_line r
		JOIN sale_return s ON s.org_id = r.org_id AND s.id = r.return_id JOIN sale_line l ON l.org_id = r.org_id AND l.id = r.line_id
		WHERE r.org_id = ? AND l.item_tax <> 0 AND l.amount <> 0`+w.And()+` GROUP BY l.item_tax`, w.Args)
	return c.Sub(p.Returns, tax), err
}

// lineTaxes adds up taxes a unit times the units that have them.
func lineTaxes(tx *db.Tx, c *dec.Calc, query string, args []any) (sum dec.D, err error) {
	err = tx.Each(func(r db.Row) error {
		var tax, n dec.D
		if err := r.Scan(&tax, &n); err != nil {
			return err
		}
		sum = c.Add(sum, c.Mul(tax, n))
		return c.Err()
	}, query, args...)
	return sum, err
}
