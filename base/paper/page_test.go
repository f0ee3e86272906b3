package paper

import (
	"bytes"
	"fmt"
	"image"
	"image/png"
	"strings"
	"testing"

	"pgregory.net/rapid"

	"storehouse/base/paper/papertest"
)

func a4(footer bool) Options {
	o := Options{Width: A4Width, Height: A4Height, Margin: 40}
	if footer {
		o.Footer = func(page, pages int) string { return fmt.Sprintf("Page %d of %d", page, pages) }
	}
	return o
}

func read(t *testing.T, d *Doc) papertest.PDF {
	t.Helper()
	var b bytes.Buffer
	if err := d.PDF(&b); err != nil {
		t.Fatal(err)
	}
	out, err := papertest.Read(b.Bytes())
	if err != nil {
		t.Fatal(err)
	}
	return out
}

var twoColumns = Layout{Columns: []Column{{Share: 1, Title: "Number"}, {Share: 3, Title: "Text"}}, Gap: 10, Pad: 3, Rule: 0.5}

func TestTableRepeatsItsHeader(t *testing.T) {
	withFonts(t)
	d := New(a4(true))
	defer d.Close()
	d.Para("Before the table", ten)
	d.Table(twoColumns, Style{Size: 10, Bold: true})
	for i := range 120 {
		d.Row(twoColumns, Cell{{fmt.Sprint(i + 1), ten}}, Cell{{"line " + fmt.Sprint(i+1), ten}})
	}
	d.EndTable()
	d.Para("After the table", ten)
	// A row is 10 × (0.98 + 0.28 + 0.08) + 2 × 3 + 0.5 = 19.9 high; below the
	// margin of 40, 745.89 are left above the footer: 37 rows, of which one is
	// the header; 36 on the first page, below a line of 13.4.
	got := read(t, d)
	if len(got.Pages) != 4 {
		t.Fatalf("%d pages, want 4", len(got.Pages))
	}
	for i, first := range []int{1, 36, 72, 108} {
		p := got.Pages[i]
		if strings.Count(p, "Number\n") != 1 {
			t.Errorf("page %d has %d headers", i+1, strings.Count(p, "Number\n"))
		}
		if !strings.Contains(p, fmt.Sprintf("Page %d of 4\n", i+1)) {
			t.Errorf("page %d has no number", i+1)
		}
		if !strings.Contains(p, fmt.Sprintf("\nline %d\n", first)) || first > 1 && strings.Contains(p, fmt.Sprintf("\nline %d\n", first-1)) {
			t.Errorf("page %d does not begin with line %d:\n%s", i+1, first, p)
		}
	}
	if !strings.Contains(got.Pages[3], "After the table\n") || strings.Contains(got.Pages[0], "After") {
		t.Error("what follows the table is not on the last page")
	}
}

// A row that is taller than a page goes on over as many as it takes, and none
// of it is lost.
func TestRowTallerThanAPage(t *testing.T) {
	withFonts(t)
	d := New(a4(true))
	defer d.Close()
	d.Table(twoColumns, ten)
	var long strings.Builder
	for i := range 200 {
		fmt.Fprintf(&long, "piece %d\n", i)
	}
	d.Row(twoColumns, Cell{{"1", ten}}, Cell{{long.String(), ten}})
	d.Row(twoColumns, Cell{{"2", ten}}, Cell{{"short", ten}})
	got := read(t, d)
	all := strings.Join(got.Pages, "")
	for i := range 200 {
		if strings.Count(all, fmt.Sprintf("piece %d\n", i)) != 1 {
			t.Errorf("piece %d stands %d times", i, strings.Count(all, fmt.Sprintf("piece %d\n", i)))
		}
	}
	if n := len(got.Pages); n != 4 || !strings.Contains(got.Pages[n-1], "short") {
		t.Errorf("%d pages", n)
	}
}

// A page too small for anything still ends.
func TestTinyPage(t *testing.T) {
	withFonts(t)
	d := New(Options{Width: 40, Height: 30, Margin: 10})
	defer d.Close()
	d.Table(twoColumns, Style{Size: 20})
	d.Row(twoColumns, Cell{{"some words", ten}}, Cell{{"more words", ten}})
	if got := read(t, d); len(got.Pages) > 30 {
		t.Errorf("%d pages", len(got.Pages))
	}
}

func TestTextOfEachScriptCanBeRead(t *testing.T) {
	withFonts(t, "testdata/fonts")
	d := New(a4(false))
	defer d.Close()
	for _, text := range []string{"Oak & ash, fi fl", "Ёлка", "Καρφιά", "北京烤鸭", "日本語", "क्षत्रिय हिन्दी"} {
		d.Para(text, ten)
	}
	d.Para("سلام", ten)
	got := read(t, d).Pages[0]
	for _, want := range []string{"Oak & ash, fi fl\n", "Ёлка\n", "Καρφιά\n", "北京烤鸭\n", "日本語\n", "क्षत्रिय हिन्दी\n", "م" + "لا" + "س\n"} { // the glyphs stand from left to right; the one of lam and alef stands for both, in reading order
		if !strings.Contains(got, want) {
			t.Errorf("%q is not in the text:\n%s", want, got)
		}
	}
}

func TestMissingGlyphsAreBoxes(t *testing.T) {
	withFonts(t)
	d := New(Options{Width: 100, Margin: 10})
	defer d.Close()
	d.Para("北", Style{Size: 20})
	img, err := d.Raster(0, 144)
	if err != nil {
		t.Fatal(err)
	}
	dark := 0
	for _, p := range img.Pix {
		if p < 100 {
			dark++
		}
	}
	if dark < 50 {
		t.Errorf("%d dark pixels: nothing shows that a character is missing", dark)
	}
}

func TestBarcodeCanBeRead(t *testing.T) {
	withFonts(t)
	const grid = 72.0 / RollDPI
	rapid.Check(t, func(rt *rapid.T) {
		text := rapid.StringMatching(`[ -~]{1,20}`).Draw(rt, "text")
		d := New(Options{Width: RollWidth, Margin: 10, Grid: grid})
		defer d.Close()
		if !d.Barcode(text, 30, 3*grid) {
			rt.Fatalf("%q was not drawn", text)
		}
		img, err := d.Raster(0, RollDPI)
		if err != nil {
			rt.Fatal(err)
		}
		for _, y := range []int{img.Rect.Dy() * 2 / 5, img.Rect.Dy() * 3 / 5} {
			if got, err := papertest.ReadCode128(img, y); err != nil || got != text {
				rt.Fatalf("%q was read as %q, %v", text, got, err)
			}
		}
	})
}

func TestBarcodeRefuses(t *testing.T) {
	withFonts(t)
	d := New(Options{Width: RollWidth, Margin: 10, Grid: 72.0 / RollDPI})
	defer d.Close()
	for _, text := range []string{"", "Nº 5", "شركة", "a\nb", "\u00f1", strings.Repeat("A", 60)} {
		if d.Barcode(text, 30, 1) {
			t.Errorf("%q was drawn", text)
		}
	}
	if d.Y() != 10 {
		t.Error("room was taken")
	}
}

// The same page, drawn at once by many, is the same to the byte.
func TestDrawingIsConcurrentAndDeterministic(t *testing.T) {
	withFonts(t, "testdata/fonts")
	draw := func() string {
		d := New(a4(true))
		defer d.Close()
		logo := image.NewGray(image.Rect(0, 0, 9, 9))
		d.Image(logo, 20, 20, End)
		d.Para("Text شركة "+LTR("-5")+" क्षत्रिय 北京烤鸭", Style{Size: 11, Bold: true})
		d.Barcode("A-1", 20, 1)
		var b bytes.Buffer
		if err := d.PDF(&b); err != nil {
			return err.Error()
		}
		if err := d.PNG(&b, 0, 100); err != nil {
			return err.Error()
		}
		return b.String()
	}
	want := draw()
	got := make(chan string)
	for range 8 {
		go func() { got <- draw() }()
	}
	for range 8 {
		if <-got != want {
			t.Error("not the same")
		}
	}
}

func TestPNGIsGrayAndOfTheSizeOfThePaper(t *testing.T) {
	withFonts(t)
	d := New(Options{Width: RollWidth, Margin: 10})
	defer d.Close()
	d.Space(5)
	d.Para("x", ten)
	var b bytes.Buffer
	if err := d.PNG(&b, 0, RollDPI); err != nil {
		t.Fatal(err)
	}
	img, err := png.Decode(&b)
	if err != nil {
		t.Fatal(err)
	}
	// 80 mm at 203 dpi are 639.4 dots; 10 + 13.4 + 10 points are 94.2.
	if _, ok := img.(*image.Gray); !ok || img.Bounds().Dx() != 640 || img.Bounds().Dy() != 95 {
		t.Errorf("%T of %v", img, img.Bounds())
	}
}

func TestPageTooLargeForAPicture(t *testing.T) {
	withFonts(t)
	d := New(Options{Width: RollWidth, Margin: 10})
	defer d.Close()
	d.y = 1e6
	if _, err := d.Raster(0, RollDPI); err == nil {
		t.Error("no error")
	}
}
