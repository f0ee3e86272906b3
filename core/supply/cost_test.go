package supply

import (
	"testing"

	"github.com/google/go-cmp/cmp"

	"storehouse/base/dec"
)

func TestLandedCost(t *testing.T) {
	d := dec.Must
	for _, c := range []struct {
		name  string
		order Order
		want  map[int64]dec.D
	}{
		{"shares by value", Order{Shipping: d("10"), Setup: d("5"), Lines: []Line{
			{ID: 1, Quantity: d("100"), UnitCost: d("0.9")}, {ID: 2, Quantity: d("10"), UnitCost: d("6")}}},
			map[int64]dec.D{1: d("99"), 2: d("66")}},
		{"the last digit goes to one of them", Order{Other: d("1"), Lines: []Line{
			{ID: 1, Quantity: d("1"), UnitCost: d("1")}, {ID: 2, Quantity: d("1"), UnitCost: d("1")}, {ID: 3, Quantity: d("1"), UnitCost: d("1")}}},
			map[int64]dec.D{1: d("1.333333"), 2: d("1.333334"), 3: d("1.333333")}},
		{"lines without a value share by quantity", Order{Shipping: d("9"), Lines: []Line{{ID: 1, Quantity: d("1")}, {ID: 2, Quantity: d("2")}}},
			map[int64]dec.D{1: d("3"), 2: d("6")}},
		{"no lines", Order{Shipping: d("9")}, map[int64]dec.D{}},
	} {
		got, err := landed(c.order)
		if err != nil {
			t.Fatal(err)
		}
		if diff := cmp.Diff(c.want, got); diff != "" {
			t.Errorf("%s: %s", c.name, diff)
		}
	}
}

func TestPartsOfALineAddUp(t *testing.T) {
	d := dec.Must
	for _, c := range []struct {
		name, whole, received, quantity string
		had                             came
		want                            string
	}{
		{"the first", "10", "0", "1", came{}, "3.333333"},
		{"the second", "10", "1", "1", came{1, d("3.333333")}, "3.333334"},
		{"the third", "10", "2", "1", came{2, d("6.666667")}, "3.333333"},
		{"the second again", "10", "2", "1", came{2, d("6.666666")}, "3.333334"},
		{"the first two again", "10", "1", "2", came{1, d("3.333333")}, "6.666667"},
		{"the rest at another price", "40", "2", "1", came{2, d("6.666667")}, "13.333333"},
		{"nothing is less than nothing", "0.000001", "1", "0.1", came{2, d("0.000002")}, "0"},
	} {
		got, err := partOf(Line{Quantity: dec.Int(3), Received: d(c.received)}, d(c.whole), d(c.quantity), c.had)
		if err != nil || got != d(c.want) {
			t.Errorf("%s: %s (%v), want %s", c.name, got, err, c.want)
		}
	}
}
