package sale

import (
	"testing"

	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/org"
)

var m = dec.Must

func TestPriceLine(t *testing.T) {
	tax := m("0.33")
	for name, c := range map[string]struct {
		line                                                   Line
		rate                                                   string
		given                                                  *dec.D
		before, unit, itemTax, inc, quantity, amount, complain string
	}{
		"plain":                 {line: Line{PriceBefore: m("437.5"), LineHead: LineHead{Quantity: m("1")}}, before: "437.5", unit: "437.5", itemTax: "0", inc: "437.5", quantity: "1", amount: "437.5"},
		"the reference's":       {line: Line{PriceBefore: m("70"), LineHead: LineHead{Quantity: m("10")}}, rate: "10", before: "70", unit: "70", itemTax: "7", inc: "77", quantity: "10", amount: "770"},
		"fixed off is a unit's": {line: Line{PriceBefore: m("10"), LineHead: LineHead{Quantity: m("3"), Discount: Off{FixedOff, m("2.5")}}}, rate: "20", before: "10", unit: "7.5", itemTax: "1.5", inc: "9", quantity: "3", amount: "27"},
		"percentage":            {line: Line{PriceBefore: m("9.99"), LineHead: LineHead{Quantity: m("2"), Discount: Off{PercentOff, m("15")}}}, rate: "0", before: "9.99", unit: "8.4915", itemTax: "0", inc: "8.4915", quantity: "2", amount: "16.983"},
		"rounded to four":       {line: Line{PriceBefore: m("1.23456"), LineHead: LineHead{Quantity: m("1")}}, rate: "7.7", before: "1.2346", unit: "1.2346", itemTax: "0.0951", inc: "1.3297", quantity: "1", amount: "1.3297"},
		"half of a unit":        {line: Line{PriceBefore: m("0.0001"), LineHead: LineHead{Quantity: m("0.5")}}, before: "0.0001", unit: "0.0001", itemTax: "0", inc: "0.0001", quantity: "0.5", amount: "0.0001"},
		"tax worked out":        {line: Line{PriceBefore: m("2"), LineHead: LineHead{Quantity: m("3")}}, given: &tax, before: "2", unit: "2", itemTax: "0.33", inc: "2.33", quantity: "3", amount: "6.99"},
		"two dozens":            {line: Line{PriceBefore: m("10"), Multiplier: m("12"), LineHead: LineHead{Quantity: m("2")}}, before: "0.833333", unit: "0.833333", itemTax: "0", inc: "0.833333", quantity: "24", amount: "20"},
		"a gross":               {line: Line{PriceBefore: m("1"), Multiplier: m("144"), LineHead: LineHead{Quantity: m("1")}}, rate: "10", before: "0.006944", unit: "0.006944", itemTax: "0.000694", inc: "0.007639", quantity: "144", amount: "1.1"},
		"off more than all":     {line: Line{PriceBefore: m("1"), LineHead: LineHead{Quantity: m("1"), Discount: Off{FixedOff, m("1.01")}}}, complain: "discount_amount"},
		"off more than 100":     {line: Line{PriceBefore: m("1"), LineHead: LineHead{Quantity: m("1"), Discount: Off{PercentOff, m("100.5")}}}, complain: "discount_amount"},
		"off less than none":    {line: Line{PriceBefore: m("1"), LineHead: LineHead{Quantity: m("1"), Discount: Off{FixedOff, m("-1")}}}, complain: "discount_amount"},
		"off of what":           {line: Line{PriceBefore: m("1"), LineHead: LineHead{Quantity: m("1"), Discount: Off{"half", m("1")}}}, complain: "discount_type"},
		"too big":               {line: Line{PriceBefore: m("9000000000"), LineHead: LineHead{Quantity: m("9000000000")}}, complain: "quantity"},
	} {
		t.Run(name, func(t *testing.T) {
			l := c.line
			if l.Multiplier == 0 {
				l.Multiplier = dec.One
			}
			if c.rate == "" {
				c.rate = "0"
			}
			err := priceLine(&l, m(c.rate), c.given)
			if got := fault.Of(err); err != nil && (c.complain == "" || got.Field() != c.complain) {
				t.Fatalf("refused: %v", err)
			} else if err != nil {
				return
			}
			if c.complain != "" {
				t.Fatal("was not refused")
			}
			for what, pair := range map[string][2]string{"before": {l.PriceBefore.String(), c.before}, "unit": {l.UnitPrice.String(), c.unit},
				"tax": {l.ItemTax.String(), c.itemTax}, "inc": {l.UnitPriceIncTax.String(), c.inc}, "quantity": {l.Quantity.String(), c.quantity}, "amount": {l.Amount.String(), c.amount}} {
				if pair[0] != pair[1] {
					t.Errorf("%s is %s, want %s", what, pair[0], pair[1])
				}
			}
		})
	}
}

func TestPriceSale(t *testing.T) {
	lines := func(amounts ...string) []Line {
		var list []Line
		for _, a := range amounts {
			list = append(list, Line{Amount: m(a)})
		}
		return list
	}
	for name, c := range map[string]struct {
		sale                 Sale
		rate                 string
		places               int
		subtotal, tax, total string
		complain             string
	}{
		// 437.50 − 43.75 = 393.75; 10 % of it 39.375; + 10 + 10 = 453.125.
		"the reference's": {sale: Sale{Head: Head{Discount: Off{PercentOff, m("10")}, ShippingCharges: m("10"), PackingCharge: m("10")}, Lines: lines("437.5")},
			rate: "10", places: 2, subtotal: "437.5", tax: "39.375", total: "453.13"},
		// 5 × 1.25 = 6.25; less 10 % 5.625.
		"the return's sale": {sale: Sale{Head: Head{Discount: Off{PercentOff, m("10")}}, Lines: lines("6.25")}, places: 2, subtotal: "6.25", tax: "0", total: "5.63"},
		// 962.5 − 19.5.
		"fixed off": {sale: Sale{Head: Head{Discount: Off{FixedOff, m("19.5")}}, Lines: lines("962.5")}, places: 2, subtotal: "962.5", tax: "0", total: "943"},
		// Packing 5 % of 200 = 10; total 200 − 20 + 10 = 190.
		"packing in percent": {sale: Sale{Head: Head{Discount: Off{FixedOff, m("20")}, PackingCharge: m("5"), PackingChargeType: "percent"}, Lines: lines("150", "50")},
			places: 2, subtotal: "200", tax: "0", total: "190"},
		"round-off and points": {sale: Sale{Head: Head{RoundOff: m("-0.05"), RedeemedPoints: m("5"), RedeemedAmount: m("13.5"), Fees: m("1")}, Lines: lines("100.05")},
			places: 2, subtotal: "100.05", tax: "0", total: "87.5"},
		"half a cent up":    {sale: Sale{Lines: lines("0.005")}, places: 2, subtotal: "0.005", tax: "0", total: "0.01"},
		"no minor unit":     {sale: Sale{Lines: lines("1000.5")}, places: 0, subtotal: "1000.5", tax: "0", total: "1001"},
		"three places":      {sale: Sale{Lines: lines("1.23449")}, places: 3, subtotal: "1.23449", tax: "0", total: "1.234"},
		"nothing":           {sale: Sale{}, places: 2, subtotal: "0", tax: "0", total: "0"},
		"off more than all": {sale: Sale{Head: Head{Discount: Off{FixedOff, m("11")}}, Lines: lines("10")}, places: 2, complain: "discount_amount"},
		"redeemed more":     {sale: Sale{Head: Head{RedeemedAmount: m("11")}, Lines: lines("10")}, places: 2, complain: "final_total"},
		"too big":           {sale: Sale{Lines: lines("9000000000000", "9000000000000")}, places: 2, complain: "final_total"},
	} {
		t.Run(name, func(t *testing.T) {
			s := c.sale
			if c.rate == "" {
				c.rate = "0"
			}
			err := priceSale(&s, m(c.rate), c.places)
			if c.complain != "" {
				if fault.Of(err).Field() != c.complain {
					t.Fatalf("got %v, want a complaint about %s", err, c.complain)
				}
				return
			}
			if err != nil {
				t.Fatal(err)
			}
			if s.Subtotal != m(c.subtotal) || s.TaxAmount != m(c.tax) || s.Total != m(c.total) {
				t.Errorf("subtotal %s tax %s total %s, want %s %s %s", s.Subtotal, s.TaxAmount, s.Total, c.subtotal, c.tax, c.total)
			}
		})
	}
}

func TestPriceReturn(t *testing.T) {
	// The reference's: 3 units of 1.00, less 12 %, is 2.64.
	r := Return{Discount: Off{PercentOff, m("12")}, Lines: []ReturnLine{{Quantity: m("3"), UnitPriceIncTax: m("1")}}}
	if err := priceReturn(&r, 0, 2); err != nil || r.Subtotal != m("3") || r.Total != m("2.64") {
		t.Errorf("got %s of %s, %v", r.Total, r.Subtotal, err)
	}
}

func TestEarned(t *testing.T) {
	rule := org.PointsRule{Enabled: true, AmountPerPoint: m("10"), MinOrder: m("20"), MaxPerOrder: m("50")}
	for total, want := range map[string]string{"19.99": "0", "20": "2", "29.99": "2", "453.13": "45", "500": "50", "9999": "50"} {
		if got := earned(rule, m(total)); got != m(want) {
			t.Errorf("%s earns %s, want %s", total, got, want)
		}
	}
}

func TestPaymentStatus(t *testing.T) {
	for _, c := range [][3]string{{"10", "0", Due}, {"10", "9.99", PartPaid}, {"10", "10", PaidUp}, {"10", "12", PaidUp}, {"0", "0", PaidUp}, {"10", "-1", Due}} {
		if got := paymentStatus(m(c[0]), m(c[1])); got != c[2] {
			t.Errorf("%s of %s paid is %s, want %s", c[1], c[0], got, c[2])
		}
	}
}
