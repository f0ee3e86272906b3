package demo

import (
	"fmt"
	"math/rand/v2"
	"sort"
	"time"

	"storehouse/base/dec"
	"storehouse/core/money"
	"storehouse/core/production"
	"storehouse/core/sale"
	"storehouse/core/stock"
	"storehouse/core/supply"
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
	if err := b.underway(); err != nil {
		return fmt.Errorf("orders under way: %w", err)
	}
	return b.returns()
}

// underway is what is ordered and planned, and has not come in.
func (b *business) underway() error {
	cost := dec.Must("11.60")
	if _, err := supply.Create(b.tx, supply.Order{Vendor: b.vendors["Highland Green Coffee"], Target: supply.Materials, State: supply.Placed, Location: b.roastery,
		ExpectedAt: b.now.AddDate(0, 0, 9), Shipping: dec.Int(60)}, []supply.NewLine{{Item: b.material["GC-02"], Quantity: dec.Int(80), UnitCost: &cost}}); err != nil {
		return err
	}
	_, err := production.Create(b.tx, production.Order{Kind: production.Production, State: production.Entered, Location: b.roastery, ExpectedAt: b.now.AddDate(0, 0, 2),
		Lines: []production.Line{{Item: b.sku["WB-03"], Quantity: dec.Int(24)}}})
	return err
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

// purchase is an order of green coffee and packaging, and one of bread for the
// counter; both come in, the first in two deliveries.
func (b *business) purchase(at time.Time) error {
	cost := func(s string) *dec.D { d := dec.Must(s); return &d }
	green, err := supply.Create(b.tx, supply.Order{Vendor: b.vendors["Highland Green Coffee"], Target: supply.Materials, State: supply.Placed, Location: b.roastery,
		PlacedAt: at.AddDate(0, 0, -4), ExpectedAt: at, Shipping: dec.Must("84.50"), Notes: "Grade 1, new crop"}, []supply.NewLine{
		{Item: b.material["GC-01"], Quantity: dec.Int(120), UnitCost: cost("7.35")}, {Item: b.material["GC-03"], Quantity: dec.Int(60), UnitCost: cost("9.95")},
		{Item: b.material["PK-01"], Quantity: dec.Int(400), UnitCost: cost("0.23")}})
	if err != nil {
		return err
	}
	half := supply.Receipt{At: at.AddDate(0, 0, -1)}
	rest := supply.Receipt{At: at}
	for i, l := range green.Lines {
		if i == 0 {
			half.Lines = append(half.Lines, supply.ReceiptLine{Line: l.ID, Quantity: dec.Int(50)})
			rest.Lines = append(rest.Lines, supply.ReceiptLine{Line: l.ID, Quantity: dec.Int(70)})
			continue
		}
		rest.Lines = append(rest.Lines, supply.ReceiptLine{Line: l.ID, Quantity: l.Quantity})
	}
	for _, r := range []supply.Receipt{half, rest} {
		if _, _, err := supply.Receive(b.tx, green.ID, r); err != nil {
			return err
		}
	}
	var bread []supply.NewLine
	for i := 1; i <= 8; i++ {
		bread = append(bread, supply.NewLine{Item: b.sku[fmt.Sprintf("BK-%02d", i)], Quantity: dec.Int(40), UnitCost: cost("1.25")})
	}
	order, err := supply.Create(b.tx, supply.Order{Vendor: b.vendors["Little Oven Bakery"], Target: supply.FinishedGoods, State: supply.Placed, Location: b.cafe, PlacedAt: at.AddDate(0, 0, -1), ExpectedAt: at}, bread)
	if err != nil {
		return err
	}
	in := supply.Receipt{At: at}
	for _, l := range order.Lines {
		in.Lines = append(in.Lines, supply.ReceiptLine{Line: l.ID, Quantity: l.Quantity})
	}
	_, _, err = supply.Receive(b.tx, order.ID, in)
	return err
}

// produce roasts a week's beans, and grinds some of them in a work order.
func (b *business) produce(at time.Time) error {
	roasting, grinding := dec.Must("0.85"), dec.Must("0.20")
	order := production.Order{Kind: production.Production, State: production.Making, Location: b.roastery, EnteredAt: at.Add(-30 * time.Hour), MakingAt: at.Add(-6 * time.Hour)}
	for i := range coffees {
		order.Lines = append(order.Lines, production.Line{Item: b.sku[fmt.Sprintf("WB-%02d", i+1)], Quantity: dec.Int(24), UnitCost: &roasting})
	}
	if err := b.make(order, at); err != nil {
		return fmt.Errorf("roast: %w", err)
	}
	ground := production.Order{Kind: production.Work, State: production.Making, Location: b.roastery, EnteredAt: at.Add(time.Hour), MakingAt: at.Add(time.Hour)}
	for i := range coffees {
		ground.Lines = append(ground.Lines, production.Line{Item: b.sku[fmt.Sprintf("GR-%02d", i+1)], Quantity: dec.Int(8), UnitCost: &grinding})
	}
	if err := b.make(ground, at.Add(3*time.Hour)); err != nil {
		return fmt.Errorf("grind: %w", err)
	}
	return nil
}

// make enters an order and receives all of it.
func (b *business) make(o production.Order, at time.Time) error {
	o, err := production.Create(b.tx, o)
	if err != nil {
		return err
	}
	r := production.Receipt{At: at}
	for _, l := range o.Lines {
		r.Lines = append(r.Lines, production.ReceiptLine{Line: l.ID, Quantity: l.Quantity})
	}
	_, _, err = production.Receive(b.tx, o.Kind, o.ID, r)
	return err
}
