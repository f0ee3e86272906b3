package doc

import (
	"strings"
	"time"

	"storehouse/base/dec"
	"storehouse/core/org"
)

// Format is how an organization writes figures and dates.
type Format struct {
	Symbol         string // of the currency: "$", "د.إ"
	SymbolAfter    bool   // "5.00 €" rather than "€5.00"
	Places         int    // decimals of an amount
	QuantityPlaces int    // most decimals of a quantity; zeros at the end are left out
	Decimal        string // "."
	Group          string // "," between thousands; may be empty
	Date           string // as in package time: "01/02/2006"
	Clock          string // "15:04"
	Zone           *time.Location
}

// FormatOf returns the format of the organization's settings. An unknown time
// zone is UTC.
func FormatOf(s org.Settings) Format {
	f := Format{Symbol: s.CurrencySymbol, Places: int(s.CurrencyPlaces), QuantityPlaces: int(s.QuantityPlaces),
		Decimal: s.DecimalSeparator, Group: s.ThousandSeparator, Date: dateLayout(s.DateFormat), Clock: "15:04", Zone: time.UTC}
	if s.TimeFormat == 12 {
		f.Clock = "03:04 PM"
	}
	if z, err := time.LoadLocation(s.TimeZone); err == nil {
		f.Zone = z
	}
	if f.Symbol == "" {
		f.Symbol = s.Currency
	}
	return f
}

// phpLayout maps the letters of PHP's date notation, in which the settings
// are kept.
var phpLayout = map[rune]string{'d': "02", 'j': "2", 'm': "01", 'n': "1", 'M': "Jan", 'F': "January", 'Y': "2006", 'y': "06", 'D': "Mon", 'l': "Monday"}

func dateLayout(php string) string {
	if php == "" {
		return time.DateOnly
	}
	var b strings.Builder
	for _, r := range php {
		if to, ok := phpLayout[r]; ok {
			b.WriteString(to)
		} else {
			b.WriteRune(r)
		}
	}
	return b.String()
}

// Amount writes a figure with the decimals of the currency: "1,234.50".
func (f Format) Amount(d dec.D) string { return f.grouped(d.Fixed(f.Places)) }

// Money writes an amount with the currency's symbol: "-$1,234.50". A symbol
// of letters stands apart: "AED 5.00".
func (f Format) Money(d dec.D) string {
	text, sign := f.Amount(d), ""
	if strings.HasPrefix(text, "-") {
		text, sign = text[1:], "-"
	}
	switch {
	case f.Symbol == "":
		return sign + text
	case f.SymbolAfter:
		return sign + text + "\u00A0" + f.Symbol
	case len(f.Symbol) > 1 && f.Symbol[len(f.Symbol)-1] < 0x80 && f.Symbol[len(f.Symbol)-1] != '$' || len([]rune(f.Symbol)) > 2:
		return sign + f.Symbol + "\u00A0" + text
	}
	return sign + f.Symbol + text
}

// Quantity writes a quantity without needless zeros: "2", "0.25".
func (f Format) Quantity(d dec.D) string {
	text := d.Fixed(f.QuantityPlaces)
	if strings.Contains(text, ".") {
		text = strings.TrimRight(strings.TrimRight(text, "0"), ".")
	}
	if text == "-0" {
		text = "0"
	}
	return f.grouped(text)
}

// Cost writes a unit cost with the decimals of the currency, or with those it
// has, where these are more: "0.0125".
func (f Format) Cost(d dec.D) string {
	text := d.String()
	if i := strings.IndexByte(text, '.'); i < 0 || len(text)-i-1 < f.Places {
		return f.Amount(d)
	}
	return f.grouped(text)
}

// Day writes a date, "" for none.
func (f Format) Day(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	return t.In(f.zone()).Format(f.date())
}

// DayTime writes a date with the time of day, "" for none.
func (f Format) DayTime(t time.Time) string {
	if t.IsZero() {
		return ""
	}
	clock := f.Clock
	if clock == "" {
		clock = "15:04"
	}
	return t.In(f.zone()).Format(f.date() + " " + clock)
}

func (f Format) zone() *time.Location {
	if f.Zone == nil {
		return time.UTC
	}
	return f.Zone
}

func (f Format) date() string {
	if f.Date == "" {
		return time.DateOnly
	}
	return f.Date
}

// grouped puts the separators into a plain figure.
func (f Format) grouped(text string) string {
	sign := ""
	if strings.HasPrefix(text, "-") {
		sign, text = "-", text[1:]
	}
	whole, part, has := strings.Cut(text, ".")
	var b strings.Builder
	b.WriteString(sign)
	for i, r := range whole {
		if i > 0 && (len(whole)-i)%3 == 0 {
			b.WriteString(f.Group)
		}
		b.WriteRune(r)
	}
	if has {
		if f.Decimal == "" {
			b.WriteString("." + part)
		} else {
			b.WriteString(f.Decimal + part)
		}
	}
	return b.String()
}
