package pos

import (
	"strings"
	"time"

	"storehouse/base/fault"
	"storehouse/core/org"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// zone returns the time zone in which the organization's documents are dated.
func zone(c *web.Call) (*time.Location, error) {
	if z, err := time.LoadLocation(c.Actor.TimeZone); err == nil && c.Actor.TimeZone != "" {
		return z, nil // known since the caller was
	}
	s, err := org.LoadSettings(c.Tx)
	if err != nil {
		return nil, err
	}
	return s.Zone(), nil
}

// stamps spells times in the organization's zone.
type stamps struct{ zone *time.Location }

func (s stamps) at(t time.Time) wire.Stamp { return wire.Stamp{T: t, Zone: s.zone} }

// moments are the ways in which clients write a time; the first is the
// documented one, of whose examples one is "2020-5-7 15:20:22"; the ISO ones
// come from bridges.
var moments = []string{wire.StampLayout, "2006-1-2 15:4:5", "2006-1-2 15:4", "2006-1-2", time.RFC3339Nano, "2006-01-02T15:04:05.999999999", "2006-01-02T15:04"}

// moment reads a time as the organization writes it; "" is the zero time.
func moment(field, text string, z *time.Location) (time.Time, error) {
	text = strings.TrimSpace(text)
	if text == "" || text == "null" {
		return time.Time{}, nil
	}
	for _, layout := range moments {
		if t, err := time.ParseInLocation(layout, text, z); err == nil && t.Year() >= 1900 && t.Year() < 10000 {
			return t.UTC().Truncate(time.Microsecond), nil
		}
	}
	return time.Time{}, fault.Field(field, "does not match the format Y-m-d H:i:s")
}

// day reads a date, "2006-01-02", as the organization writes it; "" is "".
func day(field, text string) (string, error) {
	text = strings.TrimSpace(text)
	if at := strings.IndexAny(text, " T"); at > 0 {
		text = text[:at] // a time is taken for its date
	}
	if text == "" || text == "null" {
		return "", nil
	}
	t, err := time.Parse("2006-1-2", text)
	if err != nil || t.Year() < 1 {
		return "", fault.Field(field, "does not match the format Y-m-d")
	}
	return t.Format(time.DateOnly), nil
}

// between reads two dates, both included, as a span of instants in the
// organization's zone, its end excluded. An absent date is the zero time.
func between(start, end string, z *time.Location) (from, to time.Time, err error) {
	s, err := day("start_date", start)
	if err != nil {
		return from, to, err
	}
	e, err := day("end_date", end)
	if err != nil {
		return from, to, err
	}
	if s != "" {
		from, _ = time.ParseInLocation(time.DateOnly, s, z)
	}
	if e != "" {
		to, _ = time.ParseInLocation(time.DateOnly, e, z)
		to = to.AddDate(0, 0, 1)
	}
	return from, to, nil
}
