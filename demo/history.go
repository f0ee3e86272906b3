package demo

import (
	"fmt"
	"math/rand/v2"
	"sort"
	"time"

	"storehouse/base/dec"
	"storehouse/core/catalog"
	"storehouse/core/money"
	"storehouse/core/sale"
	"storehouse/core/stock"
)

// days is how long the demo has been in business.
const days = 30

// history is a month of business, told day by day. Chance is seeded: every
// demo has the same month.
func (b *business) history(*Credentials) error {
	chance := rand.New(rand.NewPCG(7, 1))
	if err := b.opening(); err != nil {
		return fmt.Errorf("opening stock: %w", err)
	}
	for day := days; day >= 1; day-- {
		at := b.now.AddDate(0, 0, -day).Truncate(24 * time.Hour)
		if day%7 == 2 {
			if err := b.purchase(at.Add(15 * time.Hour)); err != nil {
				return fmt.Errorf("purchase, day %d: %w", day, err)
			}
			if err := b.produce(at.Add(16 * time.Hour)); err != nil {
				return fmt.Errorf("production, day %d: %w", day, err)
			}
		}
		if err := b.counter(chance, at); err != nil {
			return fmt.Errorf("counter, day %d: %w", day, err)
		}
		if day%3 == 0 {
			if err := b.order(chance, at, day); err != nil {
				return fmt.Errorf("order, day %d: %w", day, err)
			}
		}
	}
	return b.returns()
}

// opening is what was there when the books began.
func (b *business) opening() error {
	at := b.now.AddDate(0, 0, -days-1)
	var list []stock.Entry
	add := func(item, location int64, quantity, cost dec.D) {
		list = append(list, stock.Entry{Item: item, Location: location, Event: stock.Adjust, Quantity: quantity, UnitCost: &cost, EventDate: at,
			Doc: stock.Doc{Type: "opening", ID: 1}, Notes: "opening stock"})
	}
	for _, code := range b.stocked() {
		add(b.sku[code], b.cafe, dec.Int(150), b.cost[code])
		add(b.sku[code], b.roastery, dec.Int(240), b.cost[code])
	}
	for _, m := range []struct{ code, quantity, cost string }{{"GC-01", "420", "7.20"}, {"GC-02", "160", "11.50"}, {"GC-03", "180", "9.80"}, {"GC-04", "90", "10.40"},
		{"PK-01", "2000", "0.22"}, {"PK-02", "4000", "0.04"}, {"PK-03", "200", "0.85"}, {"PK-04", "3000", "0.05"}, {"IN-01", "60", "1.10"}} {
		add(b.material[m.code], b.roastery, dec.Must(m.quantity), dec.Must(m.cost))
	}
	_, err := stock.Post(b.tx, stock.Policy{}, list...)
	return err
}

// stocked lists the codes of SKUs that are kept in stock, in a fixed order.
func (b *business) stocked() []string {
	var list []string
	for _, g := range goods() {
		list = append(list, g.code)
	}
	for _, size := range []string{"S", "M", "L", "XL"} {
		list = append(list, "TS-"+size)
	}
	sort.Strings(list)
	return list
}

func (b *business) line(code string, quantity int64) sale.DraftLine {
	return sale.DraftLine{LineHead: sale.LineHead{Product: b.product[code], Item: b.sku[code], Quantity: dec.Int(quantity)}}
}

// counter is a day behind the counter: drinks and something to eat, now and
// then a bag of beans or a gift set.
func (b *business) counter(chance *rand.Rand, at time.Time) error {
	tx := b.tx
	defer func(a int64) { tx.Actor = a }(tx.Actor)
	tx.Actor = b.cashier
	var list []sale.New
	for n := 6 + chance.IntN(6); n > 0; n-- {
		s := sale.New{Head: sale.Head{Origin: sale.POS, Status: sale.Final, Location: b.cafe, Party: b.walkIn, SoldAt: at.Add(time.Duration(15*60+chance.IntN(9*60)) * time.Minute)}}
		if chance.IntN(3) == 0 {
			s.Party = b.customers[chance.IntN(len(b.customers))]
		}
		drink := b.line(drinks[chance.IntN(len(drinks))].code, int64(1+chance.IntN(2)))
		if chance.IntN(2) == 0 {
			drink.Modifiers = []sale.DraftModifier{{Item: b.sku["MOD-MILK-1"], Product: b.product["MOD-MILK-1"], Quantity: drink.Quantity}}
		}
		s.Lines = append(s.Lines, drink)
		if chance.IntN(2) == 0 {
			s.Lines = append(s.Lines, b.line(fmt.Sprintf("BK-%02d", 1+chance.IntN(8)), 1))
		}
		switch chance.IntN(6) {
		case 0:
			s.Lines = append(s.Lines, b.line(fmt.Sprintf("WB-%02d", 1+chance.IntN(5)), 1))
		case 1:
			s.Lines = append(s.Lines, b.line([]string{"EQ-02", "EQ-08", "MR-01", "TS-M", "CP-01"}[chance.IntN(5)], 1))
		case 2:
			if chance.IntN(4) == 0 {
				s.Lines = append(s.Lines, b.line(fmt.Sprintf("GS-%02d", 1+chance.IntN(3)), 1))
				s.Discount = sale.Off{Type: sale.PercentOff, Amount: dec.Int(10)}
			}
		}
		list = append(list, s)
	}
	made, err := sale.Create(tx, list...)
	if err != nil {
		return err
	}
	// Guests pay what it came to; one in nine on another day.
	for i, s := range made {
		if i == 0 && at.Day()%3 == 0 && s.Party != b.walkIn {
			continue
		}
		method := []string{"card", "cash", "card"}[i%3]
		if _, err := sale.Update(tx, s.ID, func(n *sale.New) error {
			n.Payments = append(n.Payments, money.Payment{Amount: s.Total, Method: method, PaidOn: s.SoldAt})
			return nil
		}); err != nil {
			return err
		}
	}
	return nil
}

// order is a shop's order by the case, further along the older it is.
func (b *business) order(chance *rand.Rand, at time.Time, day int) error {
	state := sale.Completed
	switch {
	case day <= 3:
		state = sale.Received
	case day <= 6:
		state = sale.Entered
	case day <= 12:
		state = sale.Shipped
	case day <= 18:
		state = sale.Invoiced
	}
	s := sale.New{Head: sale.Head{Origin: sale.Maker, State: state, Fulfillment: sale.Pending, Channel: b.lookups["order_channel/Wholesale"], Location: b.roastery,
		FulfillmentLocation: b.roastery, Party: b.shops[chance.IntN(len(b.shops))], SoldAt: at.Add(11 * time.Hour), MABD: at.AddDate(0, 0, 7).Format(time.DateOnly)}}
	for _, code := range []string{fmt.Sprintf("WB-%02d", 1+chance.IntN(5)), fmt.Sprintf("GR-%02d", 1+chance.IntN(5)), fmt.Sprintf("CP-%02d", 1+chance.IntN(4))} {
		l := b.line(code, int64(6*(1+chance.IntN(2))))
		price, err := b.price[code].MulDiv(dec.Int(70), dec.Int(100))
		if err != nil {
			return err
		}
		l.Price = &price
		s.Lines = append(s.Lines, l)
	}
	if _, err := sale.Create(b.tx, s); err != nil {
		return fmt.Errorf("%s: %w", state, err)
	}
	return nil
}

// returns takes a few things back.
func (b *business) returns() error {
	f := sale.Filter{Limit: 400}
	list, _, err := sale.List(b.tx, f)
	if err != nil {
		return err
	}
	n := 0
	for _, s := range list {
		if s.Origin != sale.POS || s.Status != sale.Final || n == 4 {
			continue
		}
		for _, l := range s.Lines {
			if l.Stocked && l.Parent == 0 && l.Children == "" {
				if _, err := sale.Returns(b.tx, sale.NewReturn{Sale: s.ID, At: s.SoldAt.Add(20 * time.Hour),
					Lines: []sale.NewReturnLine{{Line: l.ID, Quantity: dec.One, UnitPriceIncTax: &l.UnitPriceIncTax}}}); err != nil {
					return fmt.Errorf("return: %w", err)
				}
				n++
				break
			}
		}
	}
	return nil
}

// roast is what one week's production makes.
var roast = []string{"WB-01", "WB-02", "WB-03", "WB-04", "WB-05"}

// purchase brings in green coffee and packaging, and bread for the counter.
func (b *business) purchase(at time.Time) error {
	var list []stock.Entry
	add := func(item, location int64, quantity, cost string) {
		c := dec.Must(cost)
		list = append(list, stock.Entry{Item: item, Location: location, Event: stock.Receive, Quantity: dec.Must(quantity), UnitCost: &c, EventDate: at,
			Doc: stock.Doc{Type: "purchase_receipt", ID: at.Unix()}})
	}
	add(b.material["GC-01"], b.roastery, "120", "7.35")
	add(b.material["GC-03"], b.roastery, "60", "9.95")
	add(b.material["PK-01"], b.roastery, "400", "0.23")
	for i := 1; i <= 8; i++ {
		add(b.sku[fmt.Sprintf("BK-%02d", i)], b.cafe, "40", "1.25")
	}
	_, err := stock.Post(b.tx, stock.Policy{}, list...)
	return err
}

// produce roasts a week's beans.
func (b *business) produce(at time.Time) error {
	quantity := dec.Int(24)
	for i, code := range roast {
		inputs, err := catalog.Inputs(b.tx, map[int64]dec.D{b.sku[code]: quantity})
		if err != nil {
			return err
		}
		doc := stock.Doc{Type: "production_order", ID: at.Unix() + int64(i)}
		var used []stock.Entry
		for item, q := range inputs {
			used = append(used, stock.Entry{Item: item, Location: b.roastery, Event: stock.Consume, Quantity: q, EventDate: at, Doc: doc})
		}
		posted, err := stock.Post(b.tx, stock.Policy{}, used...)
		if err != nil {
			return err
		}
		var c dec.Calc
		cost := c.Mul(quantity, dec.Must("0.85")) // roasting
		for _, e := range posted {
			cost = c.Add(cost, e.Value)
		}
		if c.Err() != nil {
			return c.Err()
		}
		if _, err := stock.Post(b.tx, stock.Policy{}, stock.Entry{Item: b.sku[code], Location: b.roastery, Event: stock.Produce, Quantity: quantity, Cost: &cost, EventDate: at, Doc: doc}); err != nil {
			return err
		}
	}
	return nil
}
