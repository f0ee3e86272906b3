package sale_test

import (
	"strings"
	"testing"

	"storehouse/base/db"
	"storehouse/core/sale"
	"storehouse/core/stock"
)

// TestWhatAnOrderPostsRefersToIt also when it is numbered by the program, and
// when a number of the series is a sell's already: then it is passed over.
func TestWhatAnOrderPostsRefersToIt(t *testing.T) {
	each(t, func(s *shop) {
		n := s.sell(s.Ana, line(s.Tea, "1", "5"))
		n.Number = "SO-0002"
		s.create(n)
		refs := func(v sale.Sale) (list []string) {
			s.do(func(tx *db.Tx) error {
				entries, err := stock.OfDoc(tx, stock.Doc{Type: "sale", ID: v.ID})
				list = nil
				for _, e := range entries {
					list = append(list, string(e.Event)+" "+e.Ref)
				}
				return err
			})
			return list
		}
		for _, c := range []struct {
			state sale.State
			want  string
		}{
			{sale.Received, "DEMAND SO-0001"}, {sale.Entered, "DEMAND SO-0003, ALLOCATE SO-0003"},
			{sale.Completed, "DEMAND SO-0004, ALLOCATE SO-0004, CONSUME SO-0004"}, {sale.Rejected, ""},
		} {
			v := s.create(s.order(c.state, "1"))
			if got := strings.Join(refs(v), ", "); got != c.want {
				s.t.Errorf("%s posted %s, want %s", c.state, got, c.want)
			}
		}
		v := s.create(s.order(sale.Received, "1"))
		s.move(v.ID, sale.Entered)
		if got := strings.Join(refs(v), ", "); v.Number != "SO-0006" || got != "DEMAND SO-0006, ALLOCATE SO-0006" {
			s.t.Errorf("%s posted %s", v.Number, got)
		}
		s.clean()
	})
}
