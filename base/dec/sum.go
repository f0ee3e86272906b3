package dec

// Sum is a sum of decimals that may be larger on its way than a D can hold:
// whole units and what is left over, each added up for itself.
type Sum struct{ Whole, Rest int64 }

// SumOf returns d as a Sum.
func SumOf(d D) Sum { return Sum{int64(d / One), int64(d % One)} }

// Plus returns s + t.
func (s Sum) Plus(t Sum) Sum { return Sum{s.Whole + t.Whole, s.Rest + t.Rest} }

// Minus returns s − t.
func (s Sum) Minus(t Sum) Sum { return Sum{s.Whole - t.Whole, s.Rest - t.Rest} }

// Times returns s, −s or nothing, as sign is 1, −1 or 0.
func (s Sum) Times(sign int64) Sum { return Sum{sign * s.Whole, sign * s.Rest} }

// IsZero reports whether it adds up to nothing.
func (s Sum) IsZero() bool { return s.Rest%int64(One) == 0 && s.Whole == -s.Rest/int64(One) }

// D returns what it adds up to. What does not fit is ErrRange, with the
// nearest that does.
func (s Sum) D() (D, error) {
	whole, rest := s.Whole+s.Rest/int64(One), s.Rest%int64(One)
	switch { // both of one sign, so that neither is larger than the sum
	case whole > 0 && rest < 0:
		whole, rest = whole-1, rest+int64(One)
	case whole < 0 && rest > 0:
		whole, rest = whole+1, rest-int64(One)
	}
	d, err := FromInt(whole)
	if err == nil {
		d, err = d.Add(D(rest))
	}
	if err != nil && (whole > 0 || rest > 0) {
		return Max, err
	}
	if err != nil {
		return -Max, err
	}
	return d, nil
}
