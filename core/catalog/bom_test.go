package catalog_test

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"storehouse/base/db"
	"storehouse/base/db/dbtest"
	"storehouse/base/dec"
	"storehouse/base/fault"
	"storehouse/core/catalog"
)

// parts makes SKUs and materials by code: materials begin with M.
func parts(t *testing.T, d *db.DB, s stock, codes ...string) map[string]int64 {
	t.Helper()
	ids := map[string]int64{}
	dbtest.Do(t, d, func(tx *db.Tx) error {
		for _, c := range codes {
			kind, typ := catalog.SKU, s.SKUType
			if c[0] == 'M' {
				kind, typ = catalog.Material, s.MaterialType
			}
			i, err := catalog.CreateItem(tx, kind, catalog.Item{Code: c, Name: "Name of " + c, Type: typ})
			if err != nil {
				return err
			}
			ids[c] = i.ID
		}
		return nil
	})
	return ids
}

func TestBillsNestAndExplode(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := setup(t, d)
		id := parts(t, d, s, "CASE", "BOTTLE", "M1", "M2")
		dbtest.Do(t, d, func(tx *db.Tx) error {
			// A case is 12 bottles and a box (M1); a bottle is 0.35 of M2 and 0.5 of M1.
			if err := catalog.CreateBOM(tx, id["CASE"], []catalog.BOMLine{{id["BOTTLE"], dec.Int(12)}, {id["M1"], dec.Int(1)}}); err != nil {
				return err
			}
			return catalog.CreateBOM(tx, id["BOTTLE"], []catalog.BOMLine{{id["M2"], dec.Must("0.35")}, {id["M1"], dec.Must("0.5")}})
		})
		dbtest.See(t, d, func(tx *db.Tx) error {
			two := map[int64]dec.D{id["CASE"]: dec.Int(2)}
			near, err := catalog.Inputs(tx, two)
			if err != nil {
				return err
			}
			if diff := cmp.Diff(map[int64]dec.D{id["BOTTLE"]: dec.Int(24), id["M1"]: dec.Int(2)}, near); diff != "" {
				t.Errorf("one level: %s", diff)
			}
			far, err := catalog.Explode(tx, two)
			if err != nil {
				return err
			}
			// 24 bottles: 8.4 of M2 and 12 of M1; and 2 boxes of M1.
			if diff := cmp.Diff(map[int64]dec.D{id["M2"]: dec.Must("8.4"), id["M1"]: dec.Int(14)}, far); diff != "" {
				t.Errorf("all levels: %s", diff)
			}
			rows, err := catalog.ListBOMs(tx, catalog.ItemFilter{Q: "bott"})
			if len(rows) != 1 || rows[0].Code != "BOTTLE" || rows[0].Lines != 2 {
				t.Errorf("list = %+v", rows)
			}
			return err
		})
		dbtest.Do(t, d, func(tx *db.Tx) error {
			if err := catalog.DeleteItem(tx, catalog.Material, id["M2"], nil); !fault.Is(err, fault.InUse) || fault.Of(err).Details["boms"] != int64(1) {
				t.Errorf("delete an input: %v, want in use", err)
			}
			if err := catalog.ReplaceBOM(tx, id["BOTTLE"], []catalog.BOMLine{{id["M1"], dec.Int(3)}}); err != nil {
				return err
			}
			lines, err := catalog.BOM(tx, id["BOTTLE"])
			if diff := cmp.Diff([]catalog.BOMLine{{id["M1"], dec.Int(3)}}, lines); diff != "" {
				t.Errorf("replaced: %s", diff)
			}
			if err != nil {
				return err
			}
			if err := catalog.DeleteItem(tx, catalog.Material, id["M2"], nil); err != nil {
				return err
			}
			return catalog.DeleteItem(tx, catalog.SKU, id["CASE"], nil) // its own bill goes with it
		})
	})
}

func TestBadBillsAreRefused(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := setup(t, d)
		id := parts(t, d, s, "A", "B", "C", "M1")
		dbtest.Do(t, d, func(tx *db.Tx) error {
			if err := catalog.CreateBOM(tx, id["A"], []catalog.BOMLine{{id["B"], dec.One}}); err != nil {
				return err
			}
			return catalog.CreateBOM(tx, id["B"], []catalog.BOMLine{{id["C"], dec.One}})
		})
		for name, c := range map[string]struct {
			output int64
			lines  []catalog.BOMLine
			want   fault.Kind
		}{
			"of itself":         {id["C"], []catalog.BOMLine{{id["C"], dec.One}}, fault.Invalid},
			"a circle of three": {id["C"], []catalog.BOMLine{{id["M1"], dec.One}, {id["A"], dec.One}}, fault.Invalid},
			"nothing":           {id["C"], nil, fault.Invalid},
			"quantity 0":        {id["C"], []catalog.BOMLine{{id["M1"], 0}}, fault.Invalid},
			"twice":             {id["C"], []catalog.BOMLine{{id["M1"], 1}, {id["M1"], 1}}, fault.Invalid},
			"unknown input":     {id["C"], []catalog.BOMLine{{999, 1}}, fault.Invalid},
			"unknown output":    {999, []catalog.BOMLine{{id["M1"], 1}}, fault.NotFound},
			"of a material":     {id["M1"], []catalog.BOMLine{{id["A"], 1}}, fault.NotFound},
		} {
			dbtest.Do(t, d, func(tx *db.Tx) error {
				if err := catalog.CreateBOM(tx, c.output, c.lines); !fault.Is(err, c.want) {
					t.Errorf("%s: %v", name, err)
				}
				return nil
			})
		}
		if err := d.Update(t.Context(), 1, func(tx *db.Tx) error {
			return catalog.CreateBOM(tx, id["A"], []catalog.BOMLine{{id["M1"], dec.One}})
		}); !fault.Is(err, fault.Conflict) {
			t.Errorf("a second bill: %v, want a conflict", err)
		}
		dbtest.Do(t, d, func(tx *db.Tx) error {
			if err := catalog.ReplaceBOM(tx, id["C"], []catalog.BOMLine{{id["M1"], dec.One}}); !fault.Is(err, fault.NotFound) {
				t.Errorf("replace what is not there: %v", err)
			}
			if err := catalog.DeleteBOM(tx, id["C"]); !fault.Is(err, fault.NotFound) {
				t.Errorf("delete what is not there: %v", err)
			}
			return catalog.DeleteBOM(tx, id["A"])
		})
	})
}

// TestTwoBillsCannotCloseACircle races A made of B with B made of A.
func TestTwoBillsCannotCloseACircle(t *testing.T) {
	dbtest.Each(t, func(t *testing.T, d *db.DB) {
		s := setup(t, d)
		id := parts(t, d, s, "A", "B")
		errs := race(d, t, func(tx *db.Tx) error {
			return catalog.CreateBOM(tx, id["A"], []catalog.BOMLine{{id["B"], dec.One}})
		}, func(tx *db.Tx) error {
			return catalog.CreateBOM(tx, id["B"], []catalog.BOMLine{{id["A"], dec.One}})
		})
		if (errs[0] == nil) == (errs[1] == nil) {
			t.Errorf("errors = %v, want one to be refused", errs)
		}
	})
}
