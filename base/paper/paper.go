// Package paper sets text, tables and barcodes on pages and draws the same
// pages as PDF or as PNG.
//
// Text may be of any script: it is shaped (Arabic is joined, Devanagari forms
// its conjuncts), ordered by the Unicode bidirectional algorithm, and each
// piece takes the first font that has it: the embedded ones, then those of
// the directories in STOREHOUSE_FONTS or of the system. What no font has is
// printed as a box. In the PDF text can be selected and searched.
//
// Lengths are points (1/72 inch), measured from the top left corner. The same
// input gives the same bytes, given the same fonts.
package paper

import (
	"image"
	"time"
)

// Options describe the pages of a document.
type Options struct {
	Width  float64
	Height float64 // 0: one page, as long as what is on it
	Margin float64
	RTL    bool    // the page reads from right to left: columns and alignment are mirrored
	Lang   string  // BCP 47; decides the form of Han characters: "zh", "zh-tw", "ja", "ko"
	Grid   float64 // bars and boxes keep to multiples of it: a pixel, for PNG; 0 for none

	Title, Author string
	Created       time.Time // zero: not told

	// Footer, if set, gives the line below each page.
	Footer func(page, pages int) string
}

// Sizes of paper.
const (
	A4Width, A4Height         = 595.28, 841.89
	LetterWidth, LetterHeight = 612, 792
	RollWidth                 = 80 / 25.4 * 72 // the 80 mm of a till's printer
	RollDPI                   = 203
)

// A Doc is a document being written, from top to bottom. Close it when it has
// been drawn. It is not safe for concurrent use.
type Doc struct {
	opt    Options
	s      *shaper
	pages  []*page
	y      float64
	header func() // drawn again on top of each page while a table lasts

	headerHeight float64
}

type page struct {
	height float64
	ops    []op
}

// An op is one thing to draw: a line of text, a filled box or an image.
type op struct {
	x, y, w, h float64 // of text: x is the left end, y the base line
	gray       uint8
	line       *line
	size       float64
	img        image.Image
}

const footerSize = 8

// New begins a document with one empty page.
func New(opt Options) *Doc {
	d := &Doc{opt: opt, s: borrowShaper()}
	d.newPage()
	return d
}

// Close gives back what the document borrowed; it cannot be used afterwards.
func (d *Doc) Close() {
	if d.s != nil {
		shapers.Put(d.s)
		d.s = nil
	}
}

// Pages returns the number of pages so far.
func (d *Doc) Pages() int { return len(d.pages) }

// Width returns the width between the margins.
func (d *Doc) Width() float64 { return d.opt.Width - 2*d.opt.Margin }

// Y returns how far down the page is used.
func (d *Doc) Y() float64 { return d.y }

// Space leaves h empty, unless the page begins here.
func (d *Doc) Space(h float64) {
	if !d.fresh() {
		d.y += h
	}
}

// Need begins a new page unless h is left on this one.
func (d *Doc) Need(h float64) {
	if d.y+h > d.bottom() && !d.fresh() {
		d.newPage()
	}
}

func (d *Doc) newPage() {
	d.pages = append(d.pages, &page{height: d.opt.Height})
	d.y = d.opt.Margin
	if d.header != nil {
		d.header()
	}
}

// fresh reports whether nothing stands on the page yet.
func (d *Doc) fresh() bool { return len(d.page().ops) == 0 }

func (d *Doc) page() *page { return d.pages[len(d.pages)-1] }

// bottom is where the room for content ends.
func (d *Doc) bottom() float64 {
	switch {
	case d.opt.Height == 0:
		return 1e9
	case d.opt.Footer != nil:
		return d.opt.Height - d.opt.Margin - 2*footerSize
	}
	return d.opt.Height - d.opt.Margin
}

// Rule draws a line across, h thick.
func (d *Doc) Rule(h float64, gray uint8) {
	d.box(d.opt.Margin, d.y, d.Width(), h, gray)
	d.y += h
}

// Dashes draws a broken line across, h thick, of dashes w long.
func (d *Doc) Dashes(w, h float64) {
	for x := 0.0; x < d.Width(); x += 2 * w {
		d.box(d.opt.Margin+x, d.y, min(w, d.Width()-x), h, 0)
	}
	d.y += h
}

func (d *Doc) box(x, y, w, h float64, gray uint8) {
	p := d.page()
	p.ops = append(p.ops, op{x: d.grid(x), y: d.grid(y), w: max(d.grid(w), d.opt.Grid), h: max(d.grid(h), d.opt.Grid), gray: gray})
}

// grid moves a length to the grid.
func (d *Doc) grid(v float64) float64 {
	if d.opt.Grid == 0 {
		return v
	}
	return float64(int(v/d.opt.Grid+0.5)) * d.opt.Grid
}

// text puts a line between x and x+w, its base line at y.
func (d *Doc) text(l *line, st Style, x, w, y float64) {
	slack := w - l.advance*st.Size/em
	switch {
	case st.Align == Center:
		x += slack / 2
	case (st.Align == End) != d.opt.RTL:
		x += slack
	}
	p := d.page()
	p.ops = append(p.ops, op{x: x, y: y, gray: st.Gray, line: l, size: st.Size})
}

// finish draws what needs the number of pages, and cuts a page without a
// height where its content ends.
func (d *Doc) finish() {
	for i, p := range d.pages {
		if p.height == 0 {
			p.height = d.y + d.opt.Margin
		}
		if d.opt.Footer == nil {
			continue
		}
		st := Style{Size: footerSize, Gray: 90, Align: Center}
		for _, l := range d.s.lines(d.opt.Footer(i+1, len(d.pages)), st, d.Width(), d.opt.RTL, d.opt.Lang) {
			slack := d.Width() - l.advance*st.Size/em
			p.ops = append(p.ops, op{x: d.opt.Margin + slack/2, y: d.opt.Height - d.opt.Margin, gray: st.Gray, line: &l, size: st.Size})
			break
		}
	}
	d.opt.Footer = nil // once
}

// Image puts an image at the reading start of the line, no larger than w by h,
// keeping its proportions, and moves below it.
func (d *Doc) Image(img image.Image, w, h float64, align Align) {
	b := img.Bounds()
	if b.Empty() {
		return
	}
	scale := min(w/float64(b.Dx()), h/float64(b.Dy()))
	w, h = float64(b.Dx())*scale, float64(b.Dy())*scale
	d.Need(h)
	x := d.opt.Margin
	switch {
	case align == Center:
		x += (d.Width() - w) / 2
	case (align == End) != d.opt.RTL:
		x += d.Width() - w
	}
	d.page().ops = append(d.page().ops, op{x: d.grid(x), y: d.grid(d.y), w: d.grid(w), h: d.grid(h), img: img})
	d.y += h
}
