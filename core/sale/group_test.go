package sale_test

import (
	"testing"

	"storehouse/base/db"
	"storehouse/core/lookup"
	"storehouse/core/party"
	"storehouse/core/sale"
)

func TestCustomerGroupsHaveTheirPrices(t *testing.T) {
	each(t, func(s *shop) {
		var grouped, cheaper int64
		s.do(func(tx *db.Tx) error {
			less := m("-10")
			for _, g := range []struct {
				entry lookup.Entry
				to    *int64
			}{
				{lookup.Entry{Kind: lookup.CustomerGroup, Name: "Wholesale", Calculation: "selling_price_group", PriceGroup: s.PriceGroup}, &grouped},
				{lookup.Entry{Kind: lookup.CustomerGroup, Name: "Friends", Calculation: "percentage", Amount: &less}, &cheaper},
			} {
				e, err := lookup.Create(tx, g.entry)
				if err != nil {
					return err
				}
				c, err := party.Create(tx, party.Party{Name: g.entry.Name, IsCustomer: true, IsActive: true, CustomerGroup: e.ID})
				if err != nil {
					return err
				}
				*g.to = c.ID
			}
			return tx.Insert("item_price", "org_id, id, item_id, price_group_id, price_inc_tax, created_at, updated_at",
				[][]any{{tx.Org, 1, s.Mug, s.PriceGroup, m("4"), tx.Now, tx.Now}})
		})
		for _, c := range []struct {
			party int64
			line  sale.DraftLine
			want  string
		}{
			{s.Ana, line(s.Mug, "1", ""), "5"},
			{grouped, line(s.Mug, "1", ""), "4"},
			{grouped, line(s.Tea, "1", ""), "3"}, // which has no price there
			{cheaper, line(s.Mug, "2", ""), "9"},
			{cheaper, line(s.Mug, "1", "5"), "5"}, // the till's own price rules
		} {
			if got := s.create(s.sell(c.party, c.line)).Total; got != m(c.want) {
				s.t.Errorf("contact %d pays %s for item %d, want %s", c.party, got, c.line.Item, c.want)
			}
		}
	})
}
