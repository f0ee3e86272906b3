package wire

import (
	"strconv"
	"time"

	"storehouse/base/dec"
)

var null = []byte("null")

// AppendJSON implements Appender.
func (d Dec4) AppendJSON(dst []byte) []byte {
	return append(dec.D(d).AppendFixed(append(dst, '"'), 4), '"')
}

// AppendJSON implements Appender.
func (d Dec4N) AppendJSON(dst []byte) []byte {
	if d.D == nil {
		return append(dst, null...)
	}
	return Dec4(*d.D).AppendJSON(dst)
}

// AppendJSON implements Appender.
func (d Dec) AppendJSON(dst []byte) []byte { return append(dec.D(d).Append(append(dst, '"')), '"') }

// AppendJSON implements Appender.
func (d DecN) AppendJSON(dst []byte) []byte {
	if d.D == nil {
		return append(dst, null...)
	}
	return Dec(*d.D).AppendJSON(dst)
}

// AppendJSON implements Appender.
func (d Number) AppendJSON(dst []byte) []byte { return dec.D(d).Append(dst) }

// AppendJSON implements Appender.
func (b Bit) AppendJSON(dst []byte) []byte {
	if b {
		return append(dst, '1')
	}
	return append(dst, '0')
}

// AppendJSON implements Appender.
func (t TextN) AppendJSON(dst []byte) []byte {
	if t == "" {
		return append(dst, null...)
	}
	return appendText(dst, string(t))
}

// AppendJSON implements Appender.
func (n IntN) AppendJSON(dst []byte) []byte {
	if n == 0 {
		return append(dst, null...)
	}
	return strconv.AppendInt(dst, int64(n), 10)
}

// AppendJSON implements Appender.
func (s Stamp) AppendJSON(dst []byte) []byte {
	if s.T.IsZero() {
		return append(dst, null...)
	}
	z := s.Zone
	if z == nil {
		z = time.UTC
	}
	return append(s.T.In(z).AppendFormat(append(dst, '"'), StampLayout), '"')
}

// AppendJSON implements Appender.
func (t ISO) AppendJSON(dst []byte) []byte {
	if time.Time(t).IsZero() {
		return append(dst, null...)
	}
	return append(time.Time(t).UTC().AppendFormat(append(dst, '"'), isoLayout), '"')
}

// AppendJSON implements Appender.
func (u UUID) AppendJSON(dst []byte) []byte {
	if u.ID == 0 {
		return append(dst, null...)
	}
	return append(append(append(dst, '"'), u.String()...), '"')
}
