package paper

// A Block is a text in a cell, below the one before it.
type Block struct {
	Text  string
	Style Style
}

// A Cell is what stands in one column of a row: blocks, one below the other.
type Cell []Block

// A Column is one column of rows. Shares of the width are relative to one
// another.
type Column struct {
	Share float64
	Title string
	Align Align
}

// Layout is how rows are set.
type Layout struct {
	Columns []Column
	Gap     float64 // between columns
	Pad     float64 // above and below a row's text
	Rule    float64 // thickness of the line below a row; 0 for none
	Shade   uint8   // gray behind a row, 0 for none
}

// laid is a line of a cell that waits for its place.
type laid struct {
	line  line
	style Style
}

const lineGap = 0.08 // of the size, between lines

func (l *laid) height() float64 {
	return (l.line.ascent+l.line.descent)*l.style.Size/em + lineGap*l.style.Size
}

// Para sets a text across the page.
func (d *Doc) Para(text string, st Style) {
	d.Row(Layout{Columns: []Column{{Share: 1, Align: st.Align}}}, Cell{{text, st}})
}

// Row sets cells side by side, wrapped in their columns. A row that does not
// fit moves to the next page whole; one taller than a page goes on there.
func (d *Doc) Row(lay Layout, cells ...Cell) {
	xs, ws := d.columns(lay)
	rest := make([][]laid, len(lay.Columns))
	for i := range rest {
		if i < len(cells) {
			rest[i] = d.lay(cells[i], ws[i], lay.Columns[i].Align)
		}
	}
	for {
		fits := make([]int, len(rest))
		whole, height := true, 0.0
		room := d.bottom() - d.y - 2*lay.Pad - lay.Rule
		for i, list := range rest {
			n, h := fill(list, room)
			fits[i], whole, height = n, whole && n == len(list), max(height, h)
		}
		start := d.opened()
		if !whole && !start && tallest(rest)+2*lay.Pad+lay.Rule <= d.bottom()-d.opt.Margin {
			d.newPage()
			continue
		}
		if !whole && start { // taller than a page: at least a line a page, or it would never end
			for i := range fits {
				if height == 0 && len(rest[i]) > 0 {
					fits[i] = 1
					height = max(height, rest[i][0].height())
				}
			}
		}
		if !whole && height == 0 {
			d.newPage()
			continue
		}
		d.draw(lay, xs, ws, rest, fits, height)
		if whole {
			return
		}
		for i := range rest {
			rest[i] = rest[i][fits[i]:]
		}
		d.newPage()
	}
}

// opened reports whether nothing but a repeated header stands on the page.
func (d *Doc) opened() bool {
	if d.header == nil {
		return d.fresh()
	}
	return d.y <= d.opt.Margin+d.headerHeight+0.01
}

func fill(list []laid, room float64) (n int, height float64) {
	for n < len(list) && height+list[n].height() <= room {
		height += list[n].height()
		n++
	}
	return n, height
}

func tallest(rest [][]laid) float64 {
	most := 0.0
	for _, list := range rest {
		_, h := fill(list, 1e12)
		most = max(most, h)
	}
	return most
}

func (d *Doc) draw(lay Layout, xs, ws []float64, rest [][]laid, fits []int, height float64) {
	if lay.Shade > 0 {
		d.box(d.opt.Margin, d.y, d.Width(), height+2*lay.Pad, lay.Shade)
	}
	for i, list := range rest {
		y := d.y + lay.Pad
		for _, l := range list[:fits[i]] {
			d.text(&l.line, l.style, xs[i], ws[i], y+l.line.ascent*l.style.Size/em+lineGap*l.style.Size/2)
			y += l.height()
		}
	}
	d.y += height + 2*lay.Pad
	if lay.Rule > 0 {
		d.box(d.opt.Margin, d.y, d.Width(), lay.Rule, 200)
		d.y += lay.Rule
	}
}

// lay wraps the blocks of a cell. A block's own alignment, where it has one,
// goes before the column's.
func (d *Doc) lay(c Cell, width float64, align Align) []laid {
	var out []laid
	for _, b := range c {
		st := b.Style
		if st.Align == Start {
			st.Align = align
		}
		for _, l := range d.s.lines(b.Text, st, width, d.opt.RTL, d.opt.Lang) {
			out = append(out, laid{l, st})
		}
	}
	return out
}

// columns returns where the columns begin and how wide they are.
func (d *Doc) columns(lay Layout) (xs, ws []float64) {
	total := 0.0
	for _, c := range lay.Columns {
		total += c.Share
	}
	room := d.Width() - lay.Gap*float64(len(lay.Columns)-1)
	x := d.opt.Margin
	for _, c := range lay.Columns {
		w := room * c.Share / total
		xs, ws = append(xs, x), append(ws, w)
		x += w + lay.Gap
	}
	if d.opt.RTL {
		for i := range xs {
			xs[i] = d.opt.Width - xs[i] - ws[i]
		}
	}
	return xs, ws
}

// Table begins a table: its header is drawn here, and again on each page
// until EndTable.
func (d *Doc) Table(lay Layout, head Style) {
	cells := make([]Cell, len(lay.Columns))
	for i, c := range lay.Columns {
		cells[i] = Cell{{c.Title, head}}
	}
	lay.Shade = 235
	d.header = nil
	_, ws := d.columns(lay)
	d.headerHeight = 0
	for i := range cells {
		_, h := fill(d.lay(cells[i], ws[i], Start), 1e12)
		d.headerHeight = max(d.headerHeight, h)
	}
	d.headerHeight += 2*lay.Pad + lay.Rule
	d.Need(3 * d.headerHeight)
	draw := func() {
		saved := d.header
		d.header = nil // a header taller than the page must not call itself
		d.Row(lay, cells...)
		d.header = saved
	}
	draw()
	if d.headerHeight <= (d.bottom()-d.opt.Margin)/2 { // else pages would hold nothing but headers
		d.header = draw
	}
}

// EndTable ends the table.
func (d *Doc) EndTable() { d.header = nil }

// Measure returns how wide a text is on one line.
func (d *Doc) Measure(text string, st Style) float64 {
	most := 0.0
	for _, l := range d.s.lines(text, st, 1e7, d.opt.RTL, d.opt.Lang) {
		most = max(most, l.advance*st.Size/em)
	}
	return most
}
