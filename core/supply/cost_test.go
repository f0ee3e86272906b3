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
	l := Line{Quantity: dec.Must("3")}
	var sum dec.D
	for i, want := range []string{"3.333333", "3.333334", "3.333333"} {
		got, err := partOf(l, dec.Must("10"), dec.Int(int64(i)), dec.One)
		if err != nil || got != dec.Must(want) {
			t.Errorf("part %d = %s (%v), want %s", i, got, err, want)
		}
		sum += got
	}
	if sum != dec.Must("10") {
		t.Errorf("sum = %s, want 10", sum)
	}
}
