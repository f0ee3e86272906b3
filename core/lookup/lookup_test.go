package lookup_test

import (
	"sync"
	"testing"

	"github.com/google/go-cmp/cmp"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/lookup"
	"storehouse/core/org/orgtest"
)

func create(tx *db.Tx, k lookup.Kind, names ...string) (ids []int64, err error) {
	for _, n := range names {
		e, err := lookup.Create(tx, lookup.Entry{Kind: k, Name: n})
		if err != nil {
			return nil, err
		}
		ids = append(ids, e.ID)
	}
	return ids, nil
}

func TestListKeepsItsOrder(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		orgtest.New(t, d, "acme")
		dbtest.Do(t, d, func(tx *db.Tx) error {
			ids, err := create(tx, lookup.CustomerType, " Retail ", "Wholesale", "Online")
			if err != nil {
				return err
			}
			e, err := lookup.Get(tx, lookup.CustomerType, ids[2])
			if err != nil {
				return err
			}
			e.SortOrder, e.IsActive = -5, false
			if _, err := lookup.Update(tx, e); err != nil {
				return err
			}
			list, err := lookup.List(tx, lookup.CustomerType)
			if err != nil {
				return err
			}
			var got []lookup.Entry
			for _, e := range list {
				got = append(got, lookup.Entry{Name: e.Name, SortOrder: e.SortOrder, IsActive: e.IsActive})
			}
			want := []lookup.Entry{{Name: "Online", SortOrder: -5}, {Name: "Retail", SortOrder: 0, IsActive: true}, {Name: "Wholesale", SortOrder: 1, IsActive: true}}
			if diff := cmp.Diff(want, got); diff != "" {
				t.Error(diff)
			}
			return nil
		})
	})
}

func TestNamesAreUniqueWhateverTheirCase(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		orgtest.New(t, d, "acme")
		dbtest.Do(t, d, func(tx *db.Tx) error {
			_, err := create(tx, lookup.Brand, "Levi's ÄÖ")
			return err
		})
		err := d.Update(t.Context(), 1, func(tx *db.Tx) error {
			_, err := create(tx, lookup.Brand, "LEVI'S äö ")
			return err
		})
		if !fault.Is(err, fault.Conflict) || fault.Of(err).Field() != "name" {
			t.Errorf("same brand in another case: %v, want a conflict about name", err)
		}
		dbtest.Do(t, d, func(tx *db.Tx) error {
			if _, err := create(tx, lookup.CustomerType, "Levi's ÄÖ"); err != nil {
				t.Errorf("the same name in another list: %v", err)
				return err
			}
			parents, err := create(tx, lookup.Category, "Men's", "Women's")
			if err != nil {
				return err
			}
			for _, p := range parents {
				if _, err := lookup.Create(tx, lookup.Entry{Kind: lookup.Category, Name: "Shirts", Parent: p}); err != nil {
					t.Errorf("a sub category below each parent: %v", err)
					return err
				}
			}
			for name, want := range map[string]bool{"": false, "   ": false, "x": true} {
				if _, err := create(tx, lookup.Broker, name); (err == nil) != want {
					t.Errorf("name %q: %v", name, err)
				}
			}
			return nil
		})
	})
}

func TestACategoryCannotStandBelowItself(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		orgtest.New(t, d, "acme")
		dbtest.Do(t, d, func(tx *db.Tx) error {
			top, err := lookup.Create(tx, lookup.Entry{Kind: lookup.Category, Name: "Top"})
			if err != nil {
				return err
			}
			sub, err := lookup.Create(tx, lookup.Entry{Kind: lookup.Category, Name: "Sub", Parent: top.ID})
			if err != nil {
				return err
			}
			top.Parent = sub.ID
			if _, err := lookup.Update(tx, top); !fault.Is(err, fault.Invalid) {
				t.Errorf("circle: %v, want invalid", err)
			}
			if _, err := lookup.Create(tx, lookup.Entry{Kind: lookup.Brand, Name: "B", Parent: top.ID}); !fault.Is(err, fault.Invalid) {
				t.Errorf("parent of another kind: %v, want invalid", err)
			}
			return nil
		})
	})
}

func TestDeleteRefusesWhatIsInUse(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		orgtest.New(t, d, "acme")
		dbtest.Do(t, d, func(tx *db.Tx) error {
			top, err := lookup.Create(tx, lookup.Entry{Kind: lookup.Category, Name: "Top"})
			if err != nil {
				return err
			}
			sub, err := lookup.Create(tx, lookup.Entry{Kind: lookup.Category, Name: "Sub", Parent: top.ID})
			if err != nil {
				return err
			}
			_, gone, err := lookup.Delete(tx, lookup.Category, top.ID)
			if gone || !fault.Is(err, fault.InUse) {
				t.Errorf("delete a parent: gone %v, %v", gone, err)
			}
			if diff := cmp.Diff(map[string]any{"subCategories": int64(1)}, fault.Of(err).Details); diff != "" {
				t.Error(diff)
			}
			if _, gone, err := lookup.Delete(tx, lookup.Category, sub.ID); !gone || err != nil {
				t.Errorf("delete the child: gone %v, %v", gone, err)
			}
			if _, gone, err := lookup.Delete(tx, lookup.Category, top.ID); !gone || err != nil {
				t.Errorf("delete the parent after its child: gone %v, %v", gone, err)
			}
			if _, _, err := lookup.Delete(tx, lookup.Category, top.ID); !fault.Is(err, fault.NotFound) {
				t.Errorf("delete again: %v, want not found", err)
			}
			if _, err := lookup.Get(tx, lookup.Brand, sub.ID); !fault.Is(err, fault.NotFound) {
				t.Errorf("another kind: %v, want not found", err)
			}
			return nil
		})
	})
}

func TestServiceTypesHavePriceGroupsByLocation(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		f := orgtest.New(t, d, "acme")
		dbtest.Do(t, d, func(tx *db.Tx) error {
			group, err := lookup.Create(tx, lookup.Entry{Kind: lookup.PriceGroup, Name: "Wholesale"})
			if err != nil {
				return err
			}
			charge := dec.Must("10")
			e, err := lookup.Create(tx, lookup.Entry{Kind: lookup.ServiceType, Name: "Home Delivery", Amount: &charge, Calculation: "fixed", LocationGroups: map[int64]int64{f.Location: group.ID}})
			if err != nil {
				return err
			}
			got, err := lookup.Get(tx, lookup.ServiceType, e.ID)
			if err != nil {
				return err
			}
			if diff := cmp.Diff(e, got); diff != "" {
				t.Error(diff)
			}
			use, err := lookup.UsageOf(tx, lookup.PriceGroup, group.ID)
			if err != nil {
				return err
			}
			if use.Counts["serviceTypes"] != 1 || !use.InUse() {
				t.Errorf("usage = %+v", use)
			}
			return nil
		})
	})
}

// TestTwoCreatorsOfAName races eight Ensures and eight Creates of one name.
func TestTwoCreatorsOfAName(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		orgtest.New(t, d, "acme")
		dbtest.Do(t, d, func(tx *db.Tx) error { _, err := tx.NextID("lookup"); return err })
		var wg sync.WaitGroup
		start := make(chan struct{})
		ids, created := make([]int64, 8), make([]error, 8)
		for n := range 8 {
			wg.Add(2)
			go func() {
				defer wg.Done()
				<-start
				err := d.Update(t.Context(), 1, func(tx *db.Tx) error {
					e, err := lookup.Ensure(tx, lookup.OrderChannel, "Web")
					ids[n] = e.ID
					return err
				})
				if err != nil {
					t.Errorf("ensure: %v", err)
				}
			}()
			go func() {
				defer wg.Done()
				<-start
				created[n] = d.Update(t.Context(), 1, func(tx *db.Tx) error {
					_, err := create(tx, lookup.Brand, "Acme")
					return err
				})
			}()
		}
		close(start)
		wg.Wait()
		won := 0
		for n := range 8 {
			if ids[n] != ids[0] || ids[n] == 0 {
				t.Errorf("ensured ids = %v, want one", ids)
				break
			}
		}
		for _, err := range created {
			if err == nil {
				won++
			} else if !fault.Is(err, fault.Conflict) {
				t.Errorf("create: %v, want a conflict", err)
			}
		}
		if won != 1 {
			t.Errorf("%d of 8 creators won, want 1", won)
		}
	})
}
