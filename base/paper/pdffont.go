package paper

import (
	"bytes"
	"fmt"
	"math"
	"strconv"
	"strings"

	"github.com/go-text/typesetting/font"
)

// The fonts of a PDF are made for it: each is up to 256 glyphs as they were
// shaped, drawn by their outlines (a Type 3 font), with the text each stands
// for. So what is seen is exactly what was shaped, only the glyphs in use are
// in the file, and text can still be selected, copied and searched.

type pdfFonts struct {
	s     *shaper
	codes map[pdfGlyph]pdfCode
	parts []*pdfFont
	open  map[pdfKind]int // the font with room left
}

// A pdfKind is what one font of the file may hold.
type pdfKind struct {
	face    *typeface
	thicken bool
}

type pdfGlyph struct {
	kind pdfKind
	id   font.GID
	text string // the same glyph may stand for different texts
}

type pdfCode struct {
	font int
	code byte
}

type pdfFont struct {
	kind   pdfKind
	glyphs []pdfGlyph
}

func newPDFFonts(s *shaper) *pdfFonts {
	return &pdfFonts{s: s, codes: map[pdfGlyph]pdfCode{}, open: map[pdfKind]int{}}
}

func (f *pdfFonts) code(g pdfGlyph) pdfCode {
	if c, ok := f.codes[g]; ok {
		return c
	}
	i, ok := f.open[g.kind]
	if !ok || len(f.parts[i].glyphs) == 256 {
		i = len(f.parts)
		f.parts = append(f.parts, &pdfFont{kind: g.kind})
		f.open[g.kind] = i
	}
	p := f.parts[i]
	c := pdfCode{i, byte(len(p.glyphs))}
	p.glyphs = append(p.glyphs, g)
	f.codes[g] = c
	return c
}

// width is a glyph's advance as the font says it, in thousandths of em.
func (f *pdfFonts) width(t *typeface, id font.GID) int {
	return int(math.Round(float64(f.s.face(t).HorizontalAdvance(id)) * em / float64(t.font.Upem())))
}

// text writes a line: codes between angle brackets, and where the shaped
// place differs from the font's own advance, the difference.
func (f *pdfFonts) text(b *bytes.Buffer, o op, height float64) {
	fmt.Fprintf(b, "BT %s g 1 0 0 1 %s %s Tm\n", shade(o.gray), num(o.x), num(height-o.y))
	w := &textWriter{b: b, font: -1, size: o.size}
	pen, ideal := 0, 0.0 // where the reader's pen is, and where ours is
	for i := range o.line.spans {
		sp := &o.line.spans[i]
		kind := pdfKind{sp.face, sp.thicken}
		for _, g := range sp.glyphs {
			text := g.text
			w.end(g)
			if g.members > 1 { // several glyphs stand for the text together
				w.begin(g)
				text = ""
			}
			c := f.code(pdfGlyph{kind, g.id, text})
			w.use(c.font)
			w.rise(g.dy)
			want := int(math.Round(ideal + g.dx))
			w.show(c.code, pen-want)
			pen = want + f.width(sp.face, g.id)
			ideal += g.advance
		}
		w.end(glyph{members: 1})
	}
	w.flush()
	if w.up != 0 {
		b.WriteString("0 Ts ")
	}
	b.WriteString("ET\n")
}

// A textWriter gathers codes into as few operators as the text allows.
type textWriter struct {
	b      *bytes.Buffer
	size   float64
	font   int
	up     int // the rise, in thousandths of em
	array  strings.Builder
	hex    strings.Builder
	marked bool // within a cluster of several glyphs
}

func (w *textWriter) use(font int) {
	if font != w.font {
		w.flush()
		fmt.Fprintf(w.b, "/F%d %s Tf ", font, num(w.size))
		w.font = font
	}
}

func (w *textWriter) rise(dy float64) {
	if up := int(math.Round(dy)); up != w.up {
		w.flush()
		fmt.Fprintf(w.b, "%s Ts ", num(float64(up)*w.size/em))
		w.up = up
	}
}

func (w *textWriter) begin(g glyph) {
	w.flush()
	fmt.Fprintf(w.b, "/Span<</ActualText%s>>BDC\n", pdfText(g.text))
	w.marked = true
}

// end closes a cluster of several glyphs before the next cluster begins.
func (w *textWriter) end(next glyph) {
	if w.marked && next.members > 0 {
		w.flush()
		w.b.WriteString("EMC\n")
		w.marked = false
	}
}

// show adds a code, moved back by thousandths of em.
func (w *textWriter) show(code byte, back int) {
	if back != 0 {
		w.closeHex()
		w.array.WriteString(strconv.Itoa(back))
	}
	fmt.Fprintf(&w.hex, "%02X", code)
}

func (w *textWriter) closeHex() {
	if w.hex.Len() > 0 {
		w.array.WriteString("<" + w.hex.String() + ">")
		w.hex.Reset()
	}
}

func (w *textWriter) flush() {
	w.closeHex()
	if w.array.Len() > 0 {
		w.b.WriteString("[" + w.array.String() + "]TJ\n")
		w.array.Reset()
	}
}

// write adds the fonts to the file and returns their entries in the
// resources.
func (f *pdfFonts) write(file *pdfFile) string {
	var entries strings.Builder
	for i, p := range f.parts {
		var procs, names, widths strings.Builder
		for code, g := range p.glyphs {
			fmt.Fprintf(&procs, "/g%d %d 0 R", code, file.add(string(f.proc(file, p.kind, g.id))))
			fmt.Fprintf(&names, "/g%d", code)
			fmt.Fprintf(&widths, "%d ", f.width(p.kind.face, g.id))
		}
		id := file.add(fmt.Sprintf("<</Type/Font/Subtype/Type3/Name/F%d/FontBBox[0 0 0 0]/FontMatrix[.001 0 0 .001 0 0]/FirstChar 0/LastChar %d"+
			"/Widths[%s]/CharProcs<<%s>>/Encoding<</Type/Encoding/Differences[0%s]>>/Resources<<>>/ToUnicode %d 0 R>>",
			i, len(p.glyphs)-1, widths.String(), procs.String(), names.String(), file.stream("", toUnicode(p.glyphs))))
		fmt.Fprintf(&entries, "/F%d %d 0 R", i, id)
	}
	return entries.String()
}

// A proc is the object that draws one glyph, compressed.
type proc string

type procKey struct {
	kind pdfKind
	id   font.GID
}

const maxProcs = 8192

// proc draws one glyph, or finds it drawn.
func (f *pdfFonts) proc(file *pdfFile, kind pdfKind, id font.GID) proc {
	key := procKey{kind, id}
	if p, ok := f.s.procs[key]; ok {
		return p
	}
	if len(f.s.procs) >= maxProcs {
		clear(f.s.procs)
	}
	out := proc(file.compressed("", f.draw(kind, id)))
	f.s.procs[key] = out
	return out
}

func (f *pdfFonts) draw(kind pdfKind, id font.GID) []byte {
	var box bounds
	f.s.outline(kind.face, id, &box)
	p := &pdfPen{}
	fmt.Fprintf(&p.b, "%d 0 %d %d %d %d d1\n", f.width(kind.face, id),
		int(math.Floor(box.x0))-20, int(math.Floor(box.y0))-20, int(math.Ceil(box.x1))+20, int(math.Ceil(box.y1))+20)
	if !box.any {
		return p.b.Bytes()
	}
	if kind.thicken {
		p.b.WriteString("30 w 1 j\n")
	}
	f.s.outline(kind.face, id, p)
	if kind.thicken {
		p.b.WriteString("b\n")
	} else {
		p.b.WriteString("h f\n")
	}
	return p.b.Bytes()
}

// toUnicode says what text each code stands for.
func toUnicode(glyphs []pdfGlyph) []byte {
	var b bytes.Buffer
	b.WriteString("/CIDInit/ProcSet findresource begin 12 dict begin begincmap\n" +
		"/CIDSystemInfo<</Registry(Adobe)/Ordering(UCS)/Supplement 0>>def/CMapName/Adobe-Identity-UCS def/CMapType 2 def\n" +
		"1 begincodespacerange<00><FF>endcodespacerange\n")
	var lines []string
	for code, g := range glyphs {
		if g.text != "" {
			lines = append(lines, fmt.Sprintf("<%02X><%s>\n", code, utf16Hex(g.text)))
		}
	}
	for len(lines) > 0 {
		n := min(len(lines), 100)
		fmt.Fprintf(&b, "%d beginbfchar\n%sendbfchar\n", n, strings.Join(lines[:n], ""))
		lines = lines[n:]
	}
	b.WriteString("endcmap CMapName currentdict/CMap defineresource pop end end\n")
	return b.Bytes()
}

// A pdfPen writes an outline as path operators.
type pdfPen struct {
	b    bytes.Buffer
	x, y float64
	open bool
}

func (p *pdfPen) put(op string, v ...float64) {
	for _, c := range v {
		p.b.WriteString(strconv.FormatFloat(math.Round(c*10)/10, 'f', -1, 64))
		p.b.WriteByte(' ')
	}
	p.b.WriteString(op)
	p.b.WriteByte('\n')
	p.x, p.y = v[len(v)-2], v[len(v)-1]
}

func (p *pdfPen) move(x, y float64) {
	if p.open {
		p.b.WriteString("h\n")
	}
	p.open = true
	p.put("m", x, y)
}
func (p *pdfPen) line(x, y float64) { p.put("l", x, y) }
func (p *pdfPen) quad(x1, y1, x, y float64) {
	p.cubic(p.x+(x1-p.x)*2/3, p.y+(y1-p.y)*2/3, x+(x1-x)*2/3, y+(y1-y)*2/3, x, y)
}
func (p *pdfPen) cubic(x1, y1, x2, y2, x, y float64) { p.put("c", x1, y1, x2, y2, x, y) }
