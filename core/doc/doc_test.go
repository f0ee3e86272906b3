package doc_test

import (
	"bytes"
	"crypto/sha256"
	"fmt"
	"image"
	"image/png"
	"os"
	"runtime"
	"strings"
	"testing"
	"time"

	"storehouse/base/dec"
	"storehouse/base/paper"
	"storehouse/base/paper/papertest"
	"storehouse/core/doc"
	"storehouse/core/org"
)

// TestMain takes the fonts that are not embedded from the tests' own
// directory: what is drawn must not depend on the machine.
func TestMain(m *testing.M) {
	if os.Getenv("STOREHOUSE_SHOW") == "" {
		paper.UseFontDirs("../../base/paper/testdata/fonts")
	}
	os.Exit(m.Run())
}

func readOrder(t *testing.T, o doc.PurchaseOrder) papertest.PDF {
	t.Helper()
	b, err := o.PDF()
	if err != nil {
		t.Fatal(err)
	}
	p, err := papertest.Read(b)
	if err != nil {
		t.Fatal(err)
	}
	return p
}

func TestOrderSaysWhatItMust(t *testing.T) {
	o := sampleOrder(3)
	o.Lines[2].Quantity, o.Lines[2].UnitCost = dec.Must("1250.5"), dec.Must("0.0125")
	if err := o.Sum(); err != nil {
		t.Fatal(err)
	}
	p := readOrder(t, o)
	if len(p.Pages) != 1 {
		t.Fatalf("%d pages", len(p.Pages))
	}
	// 10 × 1.00 = 10.00; 20 × 2.01 = 40.20; 1250.5 × 0.0125 = 15.63125 → 15.63;
	// together 65.83, with 120.50 + 40.00 + 9.99 of costs 236.32.
	for _, want := range []string{"Harbour & Sons Trading\n", "12 Quay Street\n", "PURCHASE ORDER\n", "PO-2026-00042\n", "20 Nov 2026\n", "04 Dec 2026\n", "Net 30\n",
		"Vendor\n", "sales@alnoor.example\n", "Ship to\n", "Main warehouse\n", "MAT-0001\n", "Oak shelf, 120 cm\n", "10 pc\n", "1.00\n", "10.00\n",
		"1,250.5 pc\n", "0.0125\n", "15.63\n", "Subtotal\n", "$65.83\n", "Shipping\n", "$120.50\n", "Setup\n", "$40.00\n", "Other costs\n", "$9.99\n", "Total\n", "$236.32\n",
		"Deliver between 8:00 and 16:00.\n", "Page 1 of 1\n"} {
		if !strings.Contains(p.Pages[0], want) {
			t.Errorf("%q is not on the page:\n%s", want, p.Pages[0])
		}
	}
	if strings.Contains(p.Pages[0], "Tax\n") {
		t.Error("a tax of zero is printed")
	}
}

func TestLongOrderBreaksOverPages(t *testing.T) {
	p := readOrder(t, sampleOrder(200))
	if len(p.Pages) != 7 {
		t.Fatalf("%d pages, want 7", len(p.Pages))
	}
	next := 1
	for i, page := range p.Pages {
		if !strings.Contains(page, fmt.Sprintf("Page %d of 7\n", i+1)) || strings.Count(page, "Unit cost\n") != 1 {
			t.Errorf("page %d has no number or not one header", i+1)
		}
		for strings.Contains(page, fmt.Sprintf("MAT-%04d\n", next)) {
			next++
		}
	}
	if next != 201 {
		t.Errorf("line %d is missing", next)
	}
	if last := p.Pages[6]; !strings.Contains(last, "Total\n") || !strings.Contains(last, "Notes\n") {
		t.Error("totals and notes are not on the last page")
	}
}

// The totals never stand alone in part: no page break between subtotal and
// total, whatever the number of lines.
func TestTotalsStayTogether(t *testing.T) {
	for n := 10; n < 40; n++ {
		seen := 0
		for i, page := range readOrder(t, sampleOrder(n)).Pages {
			if _, below, ok := strings.Cut(page, "Subtotal\n"); ok {
				if seen++; !strings.Contains(below, "\nTotal\n") {
					t.Errorf("%d lines: page %d has the subtotal and not the total", n, i+1)
				}
			}
		}
		if seen != 1 {
			t.Errorf("%d lines: %d subtotals", n, seen)
		}
	}
}

func TestEmptyPapers(t *testing.T) {
	if p := readOrder(t, doc.PurchaseOrder{}); len(p.Pages) != 1 {
		t.Errorf("%d pages", len(p.Pages))
	}
	if _, err := (doc.Receipt{}).PNG(); err != nil {
		t.Error(err)
	}
	if _, err := (doc.Receipt{}).Page(); err != nil {
		t.Error(err)
	}
}

// Broken, huge and hostile input is drawn as far as it goes.
func TestPapersOfHostileInput(t *testing.T) {
	long := strings.Repeat("very long ", 3000)
	o := doc.PurchaseOrder{Format: dollars, Logo: []byte("\x89PNG\r\n\x1a\nbroken"), Number: long, Notes: "\xff\xfe\x00" + long, Buyer: doc.Contact{Name: long}}
	for range 3 {
		o.Lines = append(o.Lines, doc.OrderLine{Code: long, Name: long, Unit: long, Quantity: dec.Must("999999999999"), UnitCost: dec.Must("-0.000001")})
	}
	if p := readOrder(t, o); len(p.Pages) < 3 || len(p.Pages) > 200 {
		t.Errorf("%d pages", len(p.Pages))
	}
	r := doc.Receipt{Format: dollars, Number: long, Shop: doc.Contact{Name: long}, Footer: long}
	for range 10_000 {
		r.Lines = append(r.Lines, doc.ReceiptLine{Name: "نص طويل " + long, Quantity: dec.One, Total: dec.Must("999999999999.99")})
	}
	b, err := r.PNG()
	if err != nil {
		t.Fatal(err)
	}
	if c, err := png.DecodeConfig(bytes.NewReader(b)); err != nil || c.Width != 640 || c.Height > 100_000 {
		t.Errorf("%v, %v", c, err)
	}
}

func gray(t *testing.T, b []byte) *image.Gray {
	t.Helper()
	img, err := png.Decode(bytes.NewReader(b))
	if err != nil {
		t.Fatal(err)
	}
	return img.(*image.Gray)
}

func TestReceiptBarcodeIsTheNumber(t *testing.T) {
	for _, number := range []string{"AS-2026-000317", "0001", "#9 (copy)", "123456789012345678"} {
		r := sampleReceipt()
		r.Number = number
		b, err := r.PNG()
		if err != nil {
			t.Fatal(err)
		}
		img, found := gray(t, b), ""
		for y := img.Rect.Dy() / 2; y < img.Rect.Dy() && found == ""; y++ {
			found, _ = papertest.ReadCode128(img, y)
		}
		if found != number {
			t.Errorf("read %q, want %q", found, number)
		}
	}
}

// Nothing is cut off at the edges: the margins are white, top and bottom too.
func TestReceiptKeepsItsMargins(t *testing.T) {
	for _, rtl := range []bool{false, true} {
		r := sampleReceipt()
		r.RTL = rtl
		b, err := r.PNG()
		if err != nil {
			t.Fatal(err)
		}
		img := gray(t, b)
		for y := range img.Rect.Dy() {
			for x := range img.Rect.Dx() {
				if in := x >= 30 && x < 610 && y >= 20 && y < img.Rect.Dy()-20; !in && img.GrayAt(x, y).Y != 255 {
					t.Fatalf("ink at %d, %d", x, y)
				}
			}
		}
	}
}

func TestPapersAreDeterministic(t *testing.T) {
	draw := func() (out [3]string) {
		for i, f := range []func() ([]byte, error){sampleOrder(40).PDF, sampleReceipt().PNG, sampleReceipt().Page} {
			b, err := f()
			if err != nil {
				t.Fatal(err)
			}
			out[i] = fmt.Sprintf("%x", sha256.Sum256(b))[:16]
		}
		return out
	}
	first := draw()
	for range 3 {
		if got := draw(); got != first {
			t.Fatalf("%v and %v", first, got)
		}
	}
	// What was looked at and found good, in the tests' own fonts. Another architecture may round the
	// outlines' curves in another way.
	if want := [3]string{"54d1e1d7545d3ec5", "a512d7ea30536267", "17e2e8138826963e"}; runtime.GOARCH == "amd64" && os.Getenv("STOREHOUSE_SHOW") == "" && first != want {
		t.Errorf("the papers have changed: %q, were %q. Look at them (STOREHOUSE_SHOW=dir), then set the new values.", first, want)
	}
}

func TestPageEscapesAndMirrors(t *testing.T) {
	r := sampleReceipt()
	r.RTL, r.Lang = true, `ar"><script>`
	r.Lines[0].Name, r.Pay, r.Logo = "<script>alert(1)</script>", "javascript:alert(1)", []byte("no picture")
	b, err := r.Page()
	if err != nil {
		t.Fatal(err)
	}
	page := string(b)
	for _, bad := range []string{"<script", "javascript:", "<img"} {
		if strings.Contains(page, bad) {
			t.Errorf("the page has %q", bad)
		}
	}
	for _, want := range []string{`<html lang="en" dir="rtl">`, "&lt;script&gt;alert(1)", `<bdi dir="ltr">AS-2026-000317</bdi>`, "<bdi>محمد العربي</bdi>", `<bdi dir="ltr">-$96.44</bdi>`, `<bdi dir="ltr">$975.00</bdi>`} {
		if !strings.Contains(page, want) {
			t.Errorf("the page lacks %q", want)
		}
	}
}

func TestFormat(t *testing.T) {
	euro := doc.Format{Symbol: "€", SymbolAfter: true, Places: 2, QuantityPlaces: 4, Decimal: ",", Group: "."}
	dirham := doc.Format{Symbol: "AED", Places: 2, Decimal: ".", Group: ","}
	yen := doc.Format{Symbol: "¥", Places: 0, Decimal: ".", Group: ","}
	for _, c := range [][2]string{
		{dollars.Money(dec.Must("1234567.5")), "$1,234,567.50"},
		{dollars.Money(dec.Must("-0.004")), "$0.00"},
		{dollars.Money(dec.Must("-96.44")), "-$96.44"},
		{euro.Money(dec.Must("-1234.5")), "-1.234,50\u00a0€"},
		{dirham.Money(dec.Must("5")), "AED\u00a05.00"},
		{yen.Money(dec.Must("1500.5")), "¥1,501"},
		{doc.Format{}.Money(dec.Must("12345")), "12345"},
		{dollars.Quantity(dec.Must("2")), "2"},
		{dollars.Quantity(dec.Must("1000.2500")), "1,000.25"},
		{dollars.Quantity(dec.Must("-0.0001")), "0"},
		{euro.Quantity(dec.Must("0.1234")), "0,1234"},
		{dollars.Cost(dec.Must("0.0125")), "0.0125"},
		{dollars.Cost(dec.Must("12")), "12.00"},
	} {
		if c[0] != c[1] {
			t.Errorf("got %q, want %q", c[0], c[1])
		}
	}
}

func TestFormatOfSettings(t *testing.T) {
	f := doc.FormatOf(org.Settings{Currency: "EUR", CurrencyPlaces: 2, DecimalSeparator: ",", DateFormat: "d.m.Y", TimeFormat: 12, TimeZone: "Asia/Dubai"})
	at := time.Date(2026, 11, 22, 21, 30, 0, 0, time.UTC)
	if got := f.DayTime(at); got != "23.11.2026 01:30 AM" {
		t.Errorf("got %q", got)
	}
	if got := f.Money(dec.One); got != "EUR\u00a01,00" {
		t.Errorf("got %q", got)
	}
	if got := (doc.Format{}).Day(time.Time{}); got != "" {
		t.Errorf("no date is %q", got)
	}
}

func BenchmarkReceipt(b *testing.B) {
	r := sampleReceipt()
	for b.Loop() {
		if _, err := r.PNG(); err != nil {
			b.Fatal(err)
		}
	}
}

func BenchmarkOrder(b *testing.B) {
	for _, n := range []int{20, 200} {
		o := sampleOrder(n)
		b.Run(fmt.Sprintf("%d_lines", n), func(b *testing.B) {
			for b.Loop() {
				if _, err := o.PDF(); err != nil {
					b.Fatal(err)
				}
			}
		})
	}
}
