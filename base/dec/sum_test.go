package dec_test

import (
	"errors"
	"testing"

	"storehouse/base/dec"
)

func TestSum(t *testing.T) {
	sum := func(list ...string) (s dec.Sum) {
		for _, v := range list {
			s = s.Plus(dec.SumOf(dec.Must(v)))
		}
		return s
	}
	const most = "9000000000000.999999" // three of them are more than a D can hold
	for _, c := range []struct {
		s    dec.Sum
		want string
	}{
		{sum(), "0"}, {sum("1.5", "-0.25"), "1.25"}, {sum("-1.5", "0.25"), "-1.25"}, {sum("0.999999", "0.000001"), "1"},
		{sum("-0.6", "-0.6"), "-1.2"}, {sum("2", "-0.000001"), "1.999999"}, {sum("-2", "0.000001"), "-1.999999"},
		{sum(most, most, most).Minus(sum(most, most)), most}, {sum(most, most).Times(-1).Plus(sum(most)), "-" + most},
		{sum(most, "7").Times(0), "0"}, {sum("9223372036854.775807"), "9223372036854.775807"}, {sum("9223372036854", "1", "-0.5"), "9223372036854.5"},
		{sum("-9223372036854.775807"), "-9223372036854.775807"},
	} {
		d, err := c.s.D()
		if err != nil || d.String() != c.want || c.s.IsZero() != (c.want == "0") {
			t.Errorf("%+v is %s (%v), want %s", c.s, d, err, c.want)
		}
	}
	if !sum("0.6", "0.6", "-1.2").IsZero() {
		t.Error("0.6 + 0.6 − 1.2 is not zero")
	}
	if d, err := sum(most, most).D(); d != dec.Max || !errors.Is(err, dec.ErrRange) {
		t.Errorf("too much is %s (%v)", d, err)
	}
	if d, err := sum(most, most).Times(-1).D(); d != -dec.Max || !errors.Is(err, dec.ErrRange) {
		t.Errorf("far too little is %s (%v)", d, err)
	}
}
