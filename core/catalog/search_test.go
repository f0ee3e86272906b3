package catalog_test

import (
	"context"
	"errors"
	"fmt"
	"math/rand"
	"slices"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/core/catalog"
	"storehouse/core/lookup"
)

// TestSearch lists SKUs by every mixture of filters and compares each page
// with what looking at all of them one by one gives, while they are created,
// changed, given bills and deleted.
func TestSearch(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := setup(t, d)
		r := rand.New(rand.NewSource(2))
		var other int64
		dbtest.Do(t, d, func(tx *db.Tx) error {
			e, err := lookup.Create(tx, lookup.Entry{Kind: lookup.SKUType, Name: "Other"})
			other = e.ID
			if err != nil {
				return err
			}
			_, err = catalog.CreateProduct(tx, catalog.Product{Type: catalog.Modifier, Code: "MOD", Name: "Ale extras", Unit: s.Pieces,
				Variations: []catalog.Variation{{Items: []catalog.Variant{{Item: catalog.Item{VariationName: "Ale on top", SellPrice: dec.One}}}}}})
			return err
		})
		kept := map[int64]catalog.Item{}
		withBOM := map[int64]bool{}
		for round := range 6 {
			dbtest.Do(t, d, func(tx *db.Tx) error { return churn(tx, r, round, []int64{s.SKUType, other}, kept, withBOM) })
			dbtest.See(t, d, func(tx *db.Tx) error {
				for range 60 {
					f := randomFilter(r, []int64{0, s.SKUType, other}, kept)
					got, err := catalog.ListItems(tx, f)
					if err != nil {
						return err
					}
					if diff := cmp.Diff(byHand(f, kept, withBOM), codes(got)); diff != "" {
						t.Errorf("round %d, %+v: %s", round, f, diff)
					}
				}
				found, n, err := catalog.AuditSearch(tx)
				if len(found) > 0 || n != int64(len(kept))+1 {
					t.Errorf("round %d: %d checked, of %d: %v", round, n, len(kept)+1, found)
				}
				return err
			})
		}
	})
}

func codes(list []catalog.Item) []string {
	out := []string{}
	for _, i := range list {
		out = append(out, i.Code)
	}
	return out
}

// churn makes 100 SKUs, changes some, gives some a bill and deletes some.
func churn(tx *db.Tx, r *rand.Rand, round int, types []int64, kept map[int64]catalog.Item, withBOM map[int64]bool) error {
	names := []string{"Ale", "ale 7", "Bock", "Çiçek", "Zz", "100% malt", "under_score"}
	random := func(i catalog.Item) catalog.Item {
		i.Name, i.Type = names[r.Intn(len(names))], types[r.Intn(len(types))]
		i.ItemsPerUnit, i.OzPerItem = int64(1+r.Intn(4)), nil
		if oz := dec.Int(int64(r.Intn(3))); r.Intn(2) == 0 {
			i.OzPerItem = &oz
		}
		return i
	}
	var rows []catalog.Item
	for n := range 100 {
		rows = append(rows, random(catalog.Item{Code: fmt.Sprintf("K%d-%d", round, n)}))
	}
	verdicts, err := catalog.ImportItems(tx, catalog.SKU, rows)
	if err != nil {
		return err
	}
	for _, v := range verdicts {
		if v.Err != nil {
			return v.Err
		}
		kept[v.Item.ID] = v.Item
	}
	ids := []int64{}
	for id := range kept {
		ids = append(ids, id)
	}
	slices.Sort(ids)
	for _, id := range ids {
		switch r.Intn(12) {
		case 0:
			i := random(kept[id])
			i.IsActive = r.Intn(2) == 0
			if kept[id], err = catalog.UpdateItem(tx, i); err != nil {
				return err
			}
		case 1:
			if err := toggleBOM(tx, id, kept, withBOM); err != nil {
				return err
			}
		case 2:
			if err := catalog.DeleteItem(tx, catalog.SKU, id, nil); err == nil {
				delete(kept, id)
				delete(withBOM, id)
			}
		}
	}
	return nil
}

// toggleBOM takes the bill of a SKU away or gives it one: of the SKU with the
// greatest id, so that no circle closes.
func toggleBOM(tx *db.Tx, id int64, kept map[int64]catalog.Item, withBOM map[int64]bool) error {
	if withBOM[id] {
		delete(withBOM, id)
		return catalog.DeleteBOM(tx, id)
	}
	var last int64
	for other := range kept {
		last = max(last, other)
	}
	if last == id || withBOM[last] {
		return nil
	}
	withBOM[id] = true
	return catalog.CreateBOM(tx, id, []catalog.BOMLine{{Item: last, Quantity: dec.One}})
}

func randomFilter(r *rand.Rand, types []int64, kept map[int64]catalog.Item) catalog.ItemFilter {
	f := catalog.ItemFilter{Kind: catalog.SKU, Limit: []int{0, 1, 3, 40}[r.Intn(4)]}
	f.Q = []string{"", "ALE", "a", "7", "k1-", "zz", "%", "_", "çi", "nowhere", "extras"}[r.Intn(11)]
	f.Type = types[r.Intn(len(types))]
	f.WithBOM = r.Intn(4) == 0
	if r.Intn(3) == 0 {
		on := r.Intn(2) == 0
		f.Active = &on
	}
	f.ItemsPerUnitMin, f.ItemsPerUnitMax = int64(r.Intn(4)), int64(r.Intn(5))
	if oz := dec.Int(int64(r.Intn(3))); r.Intn(3) == 0 {
		f.OzPerItemMin = &oz
	}
	if oz := dec.Int(int64(r.Intn(3))); r.Intn(3) == 0 {
		f.OzPerItemMax = &oz
	}
	if r.Intn(2) == 0 {
		for _, i := range kept { // any
			at := i.Cursor()
			f.After = &at
			break
		}
	}
	return f
}

// byHand returns the codes of the SKUs that a filter means, in order.
func byHand(f catalog.ItemFilter, kept map[int64]catalog.Item, withBOM map[int64]bool) []string {
	var list []catalog.Item
	q := strings.ToLower(f.Q)
	for _, i := range kept {
		at := i.Cursor()
		ok := (strings.Contains(strings.ToLower(i.Name), q) || strings.Contains(strings.ToLower(i.Code), q)) &&
			(f.Type == 0 || i.Type == f.Type) && (!f.WithBOM || withBOM[i.ID]) && (f.Active == nil || i.IsActive == *f.Active) &&
			i.ItemsPerUnit >= f.ItemsPerUnitMin && (f.ItemsPerUnitMax == 0 || i.ItemsPerUnit <= f.ItemsPerUnitMax) &&
			(f.OzPerItemMin == nil || i.OzPerItem != nil && *i.OzPerItem >= *f.OzPerItemMin) &&
			(f.OzPerItemMax == nil || i.OzPerItem != nil && *i.OzPerItem <= *f.OzPerItemMax) &&
			(f.After == nil || at.Key > f.After.Key || at.Key == f.After.Key && at.ID > f.After.ID)
		if ok {
			list = append(list, i)
		}
	}
	slices.SortFunc(list, func(a, b catalog.Item) int {
		if c := strings.Compare(strings.ToLower(a.Name), strings.ToLower(b.Name)); c != 0 {
			return c
		}
		return int(a.ID - b.ID)
	})
	if f.Limit > 0 && len(list) > f.Limit {
		list = list[:f.Limit]
	}
	return codes(list)
}

// TestSearchOfWritersThatMeet gives a SKU its bill while another transaction
// has renamed it and is about to commit: who comes last takes in what both
// did.
func TestSearchOfWritersThatMeet(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := setup(t, d)
		var made, input int64
		dbtest.Do(t, d, func(tx *db.Tx) error {
			verdicts, err := catalog.ImportItems(tx, catalog.SKU, []catalog.Item{{Code: "MADE", Name: "Made", Type: s.SKUType}, {Code: "INPUT", Name: "Input", Type: s.SKUType}})
			made, input = verdicts[0].Item.ID, verdicts[1].Item.ID
			return err
		})
		renamed := make(chan struct{})
		var once sync.Once
		var wg sync.WaitGroup
		for _, act := range []func(*db.Tx) error{
			func(tx *db.Tx) error {
				i, err := catalog.GetItem(tx, catalog.SKU, made)
				if err != nil {
					return err
				}
				i.Name = "Renamed"
				_, err = catalog.UpdateItem(tx, i)
				once.Do(func() { close(renamed) })
				time.Sleep(200 * time.Millisecond) // the other waits for the commit by now
				return err
			},
			func(tx *db.Tx) error {
				return catalog.CreateBOM(tx, made, []catalog.BOMLine{{Item: input, Quantity: dec.One}})
			},
		} {
			wg.Add(1)
			go func() {
				defer wg.Done()
				if err := d.Update(context.Background(), 1, act); err != nil {
					t.Error(err)
				}
			}()
			<-renamed
		}
		wg.Wait()
		dbtest.See(t, d, func(tx *db.Tx) error {
			found, n, err := catalog.AuditSearch(tx)
			if len(found) > 0 || n != 2 {
				t.Errorf("%d checked: %v", n, found)
			}
			list, err2 := catalog.ListItems(tx, catalog.ItemFilter{Kind: catalog.SKU, Q: "renamed", WithBOM: true})
			if diff := cmp.Diff([]string{"MADE"}, codes(list)); diff != "" {
				t.Error(diff)
			}
			return errors.Join(err, err2)
		})
	})
}
