package dec

import (
	"errors"
	"math/big"
	"strings"
	"testing"

	"github.com/shopspring/decimal"
	"pgregory.net/rapid"
)

func TestParse(t *testing.T) {
	for in, want := range map[string]D{
		"0": 0, "-0": 0, "770": 770_000_000, "770.0000": 770_000_000, "-0.0001": -100, "+1.5": 1_500_000, ".5": 500_000, "5.": 5_000_000,
		"1e3": 1_000_000_000, "2.50e-1": 250_000, "0.1000000000": 100_000, "0e999999": 0, "000000000000000000000001": 1_000_000,
		"9223372036854.775807": Max, "-9223372036854.775807": -Max, "999999999999.999999": 999_999_999_999_999_999,
	} {
		if got, err := Parse(in); err != nil || got != want {
			t.Errorf("Parse(%q) = %d, %v; want %d", in, got, err, want)
		}
	}
	for in, want := range map[string]error{
		"": ErrSyntax, "abc": ErrSyntax, "NaN": ErrSyntax, "Infinity": ErrSyntax, "1,5": ErrSyntax, "--1": ErrSyntax, "1e": ErrSyntax, "0x10": ErrSyntax, ".": ErrSyntax, " 1": ErrSyntax, "1_0": ErrSyntax, "٣": ErrSyntax,
		"1e400": ErrRange, "9223372036854.775808": ErrRange, "10000000000000": ErrRange, "1e99999999999999999999": ErrRange,
		"0.0000001": ErrPlaces, "0.123456789012345678901234567890": ErrPlaces, "1e-400": ErrPlaces,
	} {
		if _, err := Parse(in); !errors.Is(err, want) {
			t.Errorf("Parse(%q): %v, want %v", in, err, want)
		}
	}
}

func TestText(t *testing.T) {
	for d, want := range map[D][3]string{
		0:            {"0", "0.0000", "0.00"},
		770_000_000:  {"770", "770.0000", "770.00"},
		-12_250_000:  {"-12.25", "-12.2500", "-12.25"},
		453_125_000:  {"453.125", "453.1250", "453.13"},
		-453_125_000: {"-453.125", "-453.1250", "-453.13"},
		1:            {"0.000001", "0.0000", "0.00"},
		-1:           {"-0.000001", "0.0000", "0.00"},
		50:           {"0.00005", "0.0001", "0.00"},
		Max - 4_807:  {"9223372036854.771", "9223372036854.7710", "9223372036854.77"},
	} {
		if got := [3]string{d.String(), d.Fixed(4), d.Fixed(2)}; got != want {
			t.Errorf("%d: %v, want %v", int64(d), got, want)
		}
	}
}

func TestRoundIsHalfAwayFromZero(t *testing.T) {
	for in, want := range map[string]string{"0.5": "1", "-0.5": "-1", "0.499999": "0", "1.5": "2", "2.5": "3", "-2.5": "-3"} {
		if got, _ := Must(in).Round(0); got.String() != want {
			t.Errorf("%s → %s, want %s", in, got, want)
		}
	}
	if got, _ := Must("453.125").Round(2); got != Must("453.13") {
		t.Errorf("453.125 → %s", got)
	}
}

func TestOverflowIsAnError(t *testing.T) {
	var c Calc
	for name, err := range map[string]error{
		"add":   second(Max.Add(1)),
		"sub":   second((-Max).Sub(2)),
		"mul":   second(Int(5_000_000).Mul(Int(5_000_000))),
		"div":   second(Max.Div(1)),
		"share": second(Max.MulDiv(Max, 1)),
		"zero":  second(One.Div(0)),
		"round": second(Max.Round(0)),
	} {
		if err == nil {
			t.Errorf("%s passed", name)
		}
	}
	if c.Add(Max, One); c.Err() == nil || c.Add(1, 1) != 0 {
		t.Error("a calculation must keep its error")
	}
}

func second(_ D, err error) error { return err }

// The arithmetic agrees with an independent decimal library.
func TestAgreesWithShopspring(t *testing.T) {
	six := func(d decimal.Decimal) *big.Int { return d.Shift(6).Round(0).BigInt() }
	rapid.Check(t, func(t *rapid.T) {
		gen := rapid.Custom(func(t *rapid.T) D {
			v := rapid.Int64Range(-int64(Max), int64(Max)).Draw(t, "v")
			return D(v >> rapid.IntRange(0, 62).Draw(t, "shift"))
		})
		a, b, c := gen.Draw(t, "a"), gen.Draw(t, "b"), gen.Draw(t, "c")
		da, db, dc := decimal.New(int64(a), -6), decimal.New(int64(b), -6), decimal.New(int64(c), -6)
		same := func(name string, got D, err error, want *big.Int) {
			fits := want.IsInt64() && want.Int64() != -1<<63
			if fits != (err == nil) || (fits && int64(got) != want.Int64()) {
				t.Fatalf("%s(%s, %s, %s) = %s, %v; want %s millionths", name, a, b, c, got, err, want)
			}
		}
		got, err := a.Add(b)
		same("add", got, err, six(da.Add(db)))
		got, err = a.Sub(b)
		same("sub", got, err, six(da.Sub(db)))
		got, err = a.Mul(b)
		same("mul", got, err, six(da.Mul(db)))
		if c != 0 {
			got, err = a.MulDiv(b, c)
			same("muldiv", got, err, six(da.Mul(db).DivRound(dc, 30)))
			got, err = a.Div(c)
			same("div", got, err, six(da.DivRound(dc, 30)))
		}
		places := rapid.IntRange(0, 6).Draw(t, "places")
		got, err = a.Round(places)
		same("round", got, err, da.Round(int32(places)).Shift(6).BigInt())
		if back, err := Parse(a.String()); err != nil || back != a {
			t.Fatalf("%s does not come back: %s, %v", a, back, err)
		}
	})
}

func FuzzParse(f *testing.F) {
	for _, s := range []string{"1", "-1.5", "1e6", "9223372036854.775807", "0.0000001", "1e400", "NaN"} {
		f.Add(s)
	}
	f.Fuzz(func(t *testing.T, s string) {
		d, err := Parse(s)
		if err != nil {
			return
		}
		want, err := decimal.NewFromString(s)
		if err != nil {
			if strings.HasSuffix(strings.TrimSuffix(s, "0"), ".") || strings.ContainsAny(s, "eE.") {
				return // shopspring refuses "5." and ".": spellings, not values
			}
			t.Fatalf("Parse(%q) = %s, shopspring: %v", s, d, err)
		}
		if !decimal.New(int64(d), -6).Equal(want) {
			t.Fatalf("Parse(%q) = %s, want %s", s, d, want)
		}
	})
}

func BenchmarkParseMulRoundFormat(b *testing.B) {
	for b.Loop() {
		x, _ := Parse("437.5000")
		y, _ := Parse("3")
		z, _ := x.Mul(y)
		z, _ = z.Round(2)
		_ = z.Fixed(4)
	}
}

func TestParseNearRoundsWhatFloatingPointMakes(t *testing.T) {
	for text, want := range map[string]string{
		"36.300000000000004": "36.3", "0.30000000000000004": "0.3", "437.49999999999994": "437.5", "773924.69690448": "773924.696904", "81.7447947": "81.744795",
		"0.0000005": "0.000001", "-0.0000005": "-0.000001", "0.00000049999": "0", "1e-7": "0", "5.5e-7": "0.000001", "18991933.559766": "18991933.559766", "2": "2",
	} {
		if d, err := ParseNear(text); err != nil || d.String() != want {
			t.Errorf("%s: %v %v, want %s", text, d, err, want)
		}
	}
	for text, want := range map[string]error{
		"0.123456789012345678901234567890": ErrPlaces, "1e-30": ErrPlaces, "1e-400": ErrPlaces, "1e400": ErrRange, "abc": ErrSyntax, "": ErrSyntax,
		"9223372036854.7758074": nil, "9223372036854.7758079": ErrRange, "99999999999999.0000001": ErrRange,
	} {
		if _, err := ParseNear(text); !errors.Is(err, want) {
			t.Errorf("%s: %v, want %v", text, err, want)
		}
	}
}
