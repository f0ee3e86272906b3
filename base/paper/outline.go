package paper

import (
	"math"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
)

// A pen receives an outline, in units of em with y up.
type pen interface {
	move(x, y float64)
	line(x, y float64)
	quad(x1, y1, x, y float64)
	cubic(x1, y1, x2, y2, x, y float64)
}

// outline draws a glyph with the pen. A glyph without ink draws nothing.
func (s *shaper) outline(t *typeface, id font.GID, p pen) {
	o, ok := s.face(t).GlyphDataOutline(id)
	if !ok {
		return
	}
	k := em / float64(t.font.Upem())
	at := func(a opentype.SegmentPoint) (x, y float64) { return float64(a.X) * k, float64(a.Y) * k }
	for _, seg := range o.Segments {
		x0, y0 := at(seg.Args[0])
		x1, y1 := at(seg.Args[1])
		x2, y2 := at(seg.Args[2])
		switch seg.Op {
		case opentype.SegmentOpMoveTo:
			p.move(x0, y0)
		case opentype.SegmentOpLineTo:
			p.line(x0, y0)
		case opentype.SegmentOpQuadTo:
			p.quad(x0, y0, x1, y1)
		case opentype.SegmentOpCubeTo:
			p.cubic(x0, y0, x1, y1, x2, y2)
		}
	}
}

// bounds is a pen that only measures.
type bounds struct {
	x0, y0, x1, y1 float64
	any            bool
}

func (b *bounds) add(x, y float64) {
	if !b.any {
		*b = bounds{x, y, x, y, true}
		return
	}
	b.x0, b.y0, b.x1, b.y1 = math.Min(b.x0, x), math.Min(b.y0, y), math.Max(b.x1, x), math.Max(b.y1, y)
}

func (b *bounds) move(x, y float64) { b.add(x, y) }
func (b *bounds) line(x, y float64) { b.add(x, y) }
func (b *bounds) quad(x1, y1, x, y float64) {
	b.add(x1, y1)
	b.add(x, y)
}
func (b *bounds) cubic(x1, y1, x2, y2, x, y float64) {
	b.add(x1, y1)
	b.add(x2, y2)
	b.add(x, y)
}
