package maker

import (
	"testing"
	"time"

	"github.com/google/go-cmp/cmp"

	"storehouse/base/dec"
	"storehouse/core/doc"
	"storehouse/core/org"
)

// What a vendor reads has to be what the buyer meant: the day as it was sent,
// also west of Greenwich, and all of the quantity.
func TestPaperSaysWhatWasOrdered(t *testing.T) {
	for _, zone := range []string{"America/Los_Angeles", "UTC", "Pacific/Kiritimati"} {
		f := orderFormat(org.Settings{TimeZone: zone, DateFormat: "Y-m-d", QuantityPlaces: 2, ThousandSeparator: ",", DecimalSeparator: "."})
		if got := f.Day(onDay(time.Date(2026, 12, 24, 0, 0, 0, 0, time.UTC), f.Zone)); got != "2026-12-24" {
			t.Errorf("%s: 2026-12-24 is printed as %s", zone, got)
		}
		if got := f.Quantity(dec.Must("1000.333333")); got != "1,000.333333" {
			t.Errorf("1000.333333 is printed as %s", got)
		}
	}
	west := orderFormat(org.Settings{TimeZone: "America/Los_Angeles", DateFormat: "Y-m-d"})
	if got := west.Day(onDay(time.Date(2026, 12, 24, 3, 0, 0, 0, time.UTC), west.Zone)); got != "2026-12-23" {
		t.Errorf("three o'clock UTC is the evening before in Los Angeles, not %s", got)
	}
	if got := onDay(time.Time{}, time.UTC); !got.IsZero() {
		t.Errorf("no date is printed as %s", got)
	}
}

func TestPaperNamesTheBuyer(t *testing.T) {
	got, err := buyerOf(nil, org.Organization{Name: "Kestrel", LegalName: "Kestrel Coffee Works LLC", Address: "1200 Harbor Way", City: "Seattle", State: "WA",
		ZipCode: "98101", Country: "US", ContactPhone: "+1 206 555 0100", ContactEmail: "buy@kestrel.example"}, org.Settings{TaxNumber1: "91-1"})
	if err != nil {
		t.Fatal(err)
	}
	want := doc.Contact{Name: "Kestrel", Lines: []string{"Kestrel Coffee Works LLC", "1200 Harbor Way", "Seattle, WA 98101", "US"},
		Phone: "+1 206 555 0100", Email: "buy@kestrel.example", TaxNumber: "91-1"}
	if diff := cmp.Diff(want, got); diff != "" {
		t.Error(diff)
	}
}
