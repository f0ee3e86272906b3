package sale_test

import (
	"testing"

	"storehouse/base/db"
	"storehouse/core/lookup"
	"storehouse/core/sale"
)

// A mug costs 5, at the main location 4 for those who have it brought home;
// bringing takes 10 % of the goods before the discount for packing.
func TestATypeOfServiceHasItsPricesAndItsPackingCharge(t *testing.T) {
	each(t, func(s *shop) {
		var home, pickup, retail int64
		s.do(func(tx *db.Tx) error {
			ten, two := m("10"), m("2")
			for _, e := range []struct {
				entry lookup.Entry
				to    *int64
			}{
				{lookup.Entry{Kind: lookup.ServiceType, Name: "Home", Amount: &ten, Calculation: "percent",
					LocationGroups: map[int64]int64{s.Location: s.PriceGroup, s.Second: 0}}, &home},
				{lookup.Entry{Kind: lookup.ServiceType, Name: "Pick-up", Amount: &two, Calculation: "fixed"}, &pickup},
				{lookup.Entry{Kind: lookup.PriceGroup, Name: "Retail"}, &retail},
			} {
				made, err := lookup.Create(tx, e.entry)
				if err != nil {
					return err
				}
				*e.to = made.ID
			}
			return tx.Insert("item_price", "org_id, id, item_id, price_group_id, price_inc_tax, created_at, updated_at",
				[][]any{{tx.Org, 1, s.Mug, s.PriceGroup, m("4"), tx.Now, tx.Now}})
		})
		for name, c := range map[string]struct {
			line        sale.DraftLine
			say         func(*sale.New)
			total, pack string
		}{
			"its price, and 10 % of 8":            {line(s.Mug, "2", ""), func(*sale.New) {}, "8.8", "10"},
			"the till's price":                    {line(s.Mug, "2", "5"), func(*sale.New) {}, "11", "10"},
			"the sell's own price group":          {line(s.Mug, "2", ""), func(n *sale.New) { n.PriceGroup = retail }, "11", "10"},
			"no packing charge, as the till says": {line(s.Mug, "2", ""), func(n *sale.New) { n.PackingGiven = true }, "8", "0"},
			"the till's charge":                   {line(s.Mug, "2", ""), func(n *sale.New) { n.PackingCharge, n.PackingChargeType = m("3"), "fixed" }, "11", "3"},
			"8 less 20 %, 10 % of 8":              {line(s.Mug, "2", ""), func(n *sale.New) { n.Discount = sale.Off{Type: sale.PercentOff, Amount: m("20")} }, "7.2", "10"},
			"where it has no price group":         {line(s.Labour, "1", ""), func(n *sale.New) { n.Location = s.Second }, "55", "10"},
		} {
			n := s.sell(s.Ana, c.line)
			n.ServiceType = home
			c.say(&n)
			if v := s.create(n); v.Total != m(c.total) || v.PackingCharge != m(c.pack) {
				s.t.Errorf("%s: total %s with packing %s, want %s with %s", name, v.Total, v.PackingCharge, c.total, c.pack)
			}
		}

		n := s.sell(s.Ana, line(s.Mug, "2", ""))
		n.ServiceType = home
		v := s.create(n)
		for _, step := range []struct {
			change func(*sale.New)
			total  string
		}{
			{func(n *sale.New) { n.ServiceType = pickup }, "10"}, // 8 and the other's 2
			{func(n *sale.New) { n.StaffNote = "x" }, "10"},
			{func(n *sale.New) { n.PackingCharge, n.PackingGiven = 0, true }, "8"},
			{func(n *sale.New) { n.StaffNote = "y" }, "8"},
			{func(n *sale.New) { n.ServiceType = home }, "8.8"},
			{func(n *sale.New) { n.ServiceType = 0 }, "8"},
		} {
			if v = s.update(v.ID, step.change); v.Total != m(step.total) {
				s.t.Errorf("changed: total %s, want %s", v.Total, step.total)
			}
		}
		s.clean()
	})
}
