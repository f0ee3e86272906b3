// Package dec is the one number type for money and quantities: an exact
// decimal with six places, held in an int64. Nothing here rounds unless its
// name says so, and nothing wraps: what does not fit is ErrRange.
package dec

import (
	"database/sql/driver"
	"errors"
	"fmt"
	"math/big"
	"math/bits"
	"slices"
	"strconv"
	"strings"
)

// D is a number of millionths. The range is ±9 223 372 036 854.775807.
type D int64

// Places is how many decimals a D holds; One is the number one.
const (
	Places   = 6
	One    D = 1_000_000
	Max    D = 1<<63 - 1
)

// The ways in which a text or a result cannot be a D.
var (
	ErrSyntax = errors.New("is not a number")
	ErrRange  = errors.New("is too big")
	ErrPlaces = errors.New("has more than 6 decimals")
)

// Int returns n as a D. It panics when n does not fit: for constants only.
func Int(n int64) D {
	if n > int64(Max/One) || n < -int64(Max/One) {
		panic("dec.Int: out of range")
	}
	return D(n) * One
}

// FromInt returns n as a D, or ErrRange.
func FromInt(n int64) (D, error) {
	if n > int64(Max/One) || n < -int64(Max/One) {
		return 0, ErrRange
	}
	return D(n) * One, nil
}

// Must parses a constant. It panics on a bad one.
func Must(s string) D {
	d, err := Parse(s)
	if err != nil {
		panic(fmt.Sprintf("dec.Must(%q): %v", s, err))
	}
	return d
}

// Parse reads "770", "+1.5", "-0.0001", "1e3" or "2.50e-1" exactly. More than
// six significant decimals is ErrPlaces, never a silent rounding.
func Parse(s string) (D, error) {
	const maxText = 64
	if s == "" || len(s) > maxText {
		return 0, ErrSyntax
	}
	mant, exp := s, 0
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		n, err := strconv.Atoi(s[i+1:])
		if err != nil {
			if errors.Is(err, strconv.ErrRange) {
				return 0, ErrRange
			}
			return 0, ErrSyntax
		}
		mant, exp = s[:i], n
	}
	neg := false
	switch {
	case strings.HasPrefix(mant, "-"):
		neg, mant = true, mant[1:]
	case strings.HasPrefix(mant, "+"):
		mant = mant[1:]
	}
	whole, frac, point := strings.Cut(mant, ".")
	digits := whole + frac
	if digits == "" || (point && whole == "" && frac == "") {
		return 0, ErrSyntax
	}
	for i := 0; i < len(digits); i++ {
		if digits[i] < '0' || digits[i] > '9' {
			return 0, ErrSyntax
		}
	}
	// value = digits × 10^(exp - len(frac)); we want it × 10^6.
	digits = strings.TrimLeft(digits, "0")
	if digits == "" {
		return 0, nil
	}
	if exp > 1000 || exp < -1000 {
		if exp > 0 {
			return 0, ErrRange
		}
		return 0, ErrPlaces
	}
	shift := exp - len(frac) + Places
	for shift < 0 && strings.HasSuffix(digits, "0") {
		digits, shift = digits[:len(digits)-1], shift+1
	}
	if shift < 0 {
		return 0, ErrPlaces
	}
	if len(digits)+shift > 19 {
		return 0, ErrRange
	}
	n, err := strconv.ParseUint(digits+strings.Repeat("0", shift), 10, 64)
	if err != nil || n > uint64(Max) {
		return 0, ErrRange
	}
	if neg {
		return -D(n), nil
	}
	return D(n), nil
}

// maxNear is how many decimals ParseNear reads. What a float64 makes of a sum
// of prices has at most 17 or so (0.1+0.2 is 0.30000000000000004).
const maxNear = 20

// ParseNear is Parse for numbers that come out of floating-point arithmetic:
// what is beyond six decimals is rounded, half away from zero. A number of
// more than 20 decimals is nobody's arithmetic: ErrPlaces.
func ParseNear(s string) (D, error) {
	d, err := Parse(s)
	if !errors.Is(err, ErrPlaces) {
		return d, err
	}
	mant, exp := s, 0
	if i := strings.IndexAny(s, "eE"); i >= 0 {
		if exp, err = strconv.Atoi(s[i+1:]); err != nil {
			return 0, ErrSyntax
		}
		mant = s[:i]
	}
	whole, frac, _ := strings.Cut(mant, ".")
	if len(frac)-exp > maxNear || exp > maxNear {
		return 0, ErrPlaces
	}
	num, ok := new(big.Int).SetString(whole+frac, 10)
	if !ok {
		return 0, ErrSyntax
	}
	// num × 10^(exp-len(frac)) has too many decimals, so this is a division.
	by := new(big.Int).Exp(big.NewInt(10), big.NewInt(int64(len(frac)-exp-Places)), nil)
	rest := new(big.Int)
	num.QuoRem(num, by, rest)
	if rest.Lsh(rest.Abs(rest), 1).Cmp(by) >= 0 {
		up := int64(1)
		if strings.HasPrefix(mant, "-") {
			up = -1
		}
		num.Add(num, big.NewInt(up))
	}
	if !num.IsInt64() || num.Int64() == -1<<63 {
		return 0, ErrRange
	}
	return D(num.Int64()), nil
}

// String writes the number without trailing zeros: "770", "0.5", "-12.25".
func (d D) String() string { return string(d.Append(make([]byte, 0, 24))) }

// Append writes the number as String does, after dst.
func (d D) Append(dst []byte) []byte { return d.append(dst, 0, Places) }

// Fixed writes the number with exactly n decimals, n at most 6, rounding half
// away from zero: Fixed(4) is "770.0000".
func (d D) Fixed(n int) string { return string(d.AppendFixed(make([]byte, 0, 24), n)) }

// AppendFixed writes the number as Fixed does, after dst.
func (d D) AppendFixed(dst []byte, n int) []byte {
	if n >= Places {
		return d.append(dst, Places, Places)
	}
	r, err := d.Round(n)
	if err != nil {
		r = d // only within a half unit of the range's end
	}
	return r.append(dst, n, n)
}

func (d D) append(b []byte, least, most int) []byte {
	u := uint64(d)
	if d < 0 {
		u = -u
	}
	frac := u % uint64(One)
	var f [Places]byte
	for i := Places - 1; i >= 0; i-- {
		f[i] = byte('0' + frac%10)
		frac /= 10
	}
	n := most
	for n > least && f[n-1] == '0' {
		n--
	}
	// What is cut off leaves no sign behind: never "-0".
	if d < 0 && (u >= uint64(One) || slices.ContainsFunc(f[:n], func(c byte) bool { return c != '0' })) {
		b = append(b, '-')
	}
	b = strconv.AppendUint(b, u/uint64(One), 10)
	if n > 0 {
		b = append(append(b, '.'), f[:n]...)
	}
	return b
}

var pow10 = [...]int64{1, 10, 100, 1000, 10_000, 100_000, 1_000_000}

// Round rounds to n decimals (0 to 6), half away from zero, as PHP and MySQL
// do.
func (d D) Round(n int) (D, error) {
	if n >= Places {
		return d, nil
	}
	unit := pow10[Places-n]
	return mulDiv(int64(d), 1, unit, unit)
}

// mulDiv returns a × b ÷ c, rounded half away from zero to an integer, × unit.
func mulDiv(a, b, c, unit int64) (D, error) {
	if c == 0 {
		return 0, errors.New("division by zero")
	}
	neg := (a < 0) != (b < 0) != (c < 0)
	hi, lo := bits.Mul64(abs(a), abs(b))
	uc := abs(c)
	if hi >= uc {
		return 0, ErrRange
	}
	q, r := bits.Div64(hi, lo, uc)
	if r >= uc-r { // r ≥ c/2
		q++
	}
	hi, q = bits.Mul64(q, uint64(unit))
	if hi != 0 || q > uint64(Max) {
		return 0, ErrRange
	}
	if neg {
		return -D(q), nil
	}
	return D(q), nil
}

func abs(n int64) uint64 {
	if n < 0 {
		return -uint64(n)
	}
	return uint64(n)
}

// Add returns d + e, or ErrRange.
func (d D) Add(e D) (D, error) {
	s := d + e
	if (e > 0 && s < d) || (e < 0 && s > d) || s < -Max {
		return 0, ErrRange
	}
	return s, nil
}

// Sub returns d − e, or ErrRange.
func (d D) Sub(e D) (D, error) {
	s := d - e
	if (e > 0 && s > d) || (e < 0 && s < d) || s < -Max {
		return 0, ErrRange
	}
	return s, nil
}

// Mul returns d × e rounded to six decimals, or ErrRange.
func (d D) Mul(e D) (D, error) { return mulDiv(int64(d), int64(e), int64(One), 1) }

// Div returns d ÷ e rounded to six decimals, or an error.
func (d D) Div(e D) (D, error) { return mulDiv(int64(d), int64(One), int64(e), 1) }

// MulDiv returns d × e ÷ f with one rounding, to six decimals: a share of a
// value, a percentage.
func (d D) MulDiv(e, f D) (D, error) { return mulDiv(int64(d), int64(e), int64(f), 1) }

// Abs returns the number without its sign.
func (d D) Abs() D {
	if d < 0 {
		return -d
	}
	return d
}

// Floor returns the whole number at or below d.
func (d D) Floor() D {
	r := d % One
	if r < 0 {
		r += One
	}
	return d - r
}

// IsInt reports whether d has no decimals.
func (d D) IsInt() bool { return d%One == 0 }

// Int returns the whole part of d.
func (d D) Int() int64 { return int64(d / One) }

// Value stores the number as its millionths.
func (d D) Value() (driver.Value, error) { return int64(d), nil }

// Scan reads the number from its millionths; NULL is zero.
func (d *D) Scan(v any) error {
	switch n := v.(type) {
	case nil:
		*d = 0
	case int64:
		*d = D(n)
	default:
		return fmt.Errorf("dec: cannot scan %T", v)
	}
	return nil
}

// Calc does arithmetic and keeps the first error, so that a formula can be
// written as one and checked once:
//
//	var c dec.Calc
//	total := c.Add(c.Mul(price, qty), shipping)
//	if err := c.Err(); err != nil { … }
//
// After an error every result is zero.
type Calc struct{ err error }

// Err returns the first error of the calculation.
func (c *Calc) Err() error { return c.err }

func (c *Calc) keep(d D, err error) D {
	if c.err != nil {
		return 0
	}
	if err != nil {
		c.err = err
		return 0
	}
	return d
}

// Add returns the sum of all numbers.
func (c *Calc) Add(list ...D) D {
	var sum D
	for _, d := range list {
		sum = c.keep(sum.Add(d))
	}
	return sum
}

// Sub returns a − b.
func (c *Calc) Sub(a, b D) D { return c.keep(a.Sub(b)) }

// Mul returns a × b, rounded to six decimals.
func (c *Calc) Mul(a, b D) D { return c.keep(a.Mul(b)) }

// Div returns a ÷ b, rounded to six decimals.
func (c *Calc) Div(a, b D) D { return c.keep(a.Div(b)) }

// MulDiv returns a × b ÷ d with one rounding.
func (c *Calc) MulDiv(a, b, d D) D { return c.keep(a.MulDiv(b, d)) }

// Percent returns p per cent of a.
func (c *Calc) Percent(a, p D) D { return c.keep(a.MulDiv(p, 100*One)) }

// Round rounds to n decimals, half away from zero.
func (c *Calc) Round(a D, n int) D { return c.keep(a.Round(n)) }

// Big returns the number of millionths, for sums that may leave the range.
func (d D) Big() *big.Int { return big.NewInt(int64(d)) }
