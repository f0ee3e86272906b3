package paper

import (
	"sync"

	"github.com/go-text/typesetting/bidi"
	"github.com/go-text/typesetting/di"
	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/language"
	"github.com/go-text/typesetting/segmenter"
	"github.com/go-text/typesetting/shaping"
	"golang.org/x/image/math/fixed"
	xbidi "golang.org/x/text/unicode/bidi"
)

// em is the size at which all text is shaped: a thousand units an em, scaled
// when drawn, so that one shaping serves any size.
const em = 1000

// A shaper turns text into placed glyphs. It is not safe for concurrent use;
// pages borrow one from a pool because its plans and caches are worth keeping.
type shaper struct {
	fonts  [2]family
	shelf  *shelf
	hb     shaping.HarfbuzzShaper
	split  shaping.Segmenter
	breaks segmenter.Segmenter
	bidi   bidi.Paragraph
	faces  map[*typeface]*font.Face
	types  map[*font.Face]*typeface

	masks map[maskKey]*mask // what it drew before, as pixels,
	procs map[procKey]proc  // as a PDF's procedures,
	short map[shortKey]line // and short texts as they were set
}

// A shortKey names a text that stands on one line.
type shortKey struct {
	text, lang string
	bold, rtl  bool
}

const (
	maxShort   = 4096 // texts kept
	shortBytes = 64   // of each at most
)

var shapers = sync.Pool{New: func() any {
	return &shaper{fonts: embeddedFonts(), faces: map[*typeface]*font.Face{}, types: map[*font.Face]*typeface{}, masks: map[maskKey]*mask{},
		procs: map[procKey]proc{}, short: map[shortKey]line{}}
}}

func borrowShaper() *shaper {
	s := shapers.Get().(*shaper)
	if now := currentShelf(); s.shelf != now {
		s.shelf = now
		clear(s.short)
	}
	return s
}

// A glyph is placed by what precedes it: the pen is at the sum of the advances
// before it, and it is drawn off the pen by dx, dy (up). Units of em.
type glyph struct {
	id      font.GID
	advance float64
	dx, dy  float64
	text    string // what the cluster that begins with this glyph stands for
	members int    // how many glyphs the cluster has; 0 within a cluster
	from    int    // the cluster's first rune
}

// A span is glyphs of one font in one direction, in the order in which they
// stand on the page, left to right.
type span struct {
	face    *typeface
	missing bool // no font has these characters; the glyphs are boxes
	thicken bool // bold was asked for and this font has none
	rtl     bool
	level   int
	advance float64
	ascent  float64 // of the ink, above the base line
	descent float64 // of the ink, below it, positive
	glyphs  []glyph
	start   int // first rune of the paragraph
	end     int
}

// wanted is what fonts a text asks for; it implements shaping.FontmapScript.
type wanted struct {
	s      *shaper
	family family
	lang   string
}

func (w *wanted) SetScript(language.Script) {}

func (w *wanted) ResolveFace(r rune) *font.Face {
	t := w.family.find(r)
	if t == nil {
		t = w.s.shelf.find(r, w.lang)
	}
	if t == nil {
		t = w.family[0]
	}
	return w.s.face(t)
}

func (s *shaper) face(t *typeface) *font.Face {
	f := s.faces[t]
	if f == nil {
		f = font.NewFace(t.font)
		s.faces[t], s.types[f] = f, t
	}
	return f
}

// baseLevel is the direction of a paragraph: that of its first strong
// character, or the page's.
func baseLevel(text []rune, rtl bool) bidi.Direction {
	isolates := 0
	for _, r := range text {
		p, _ := xbidi.LookupRune(r)
		switch p.Class() {
		case xbidi.LRI, xbidi.RLI, xbidi.FSI:
			isolates++
		case xbidi.PDI:
			isolates = max(0, isolates-1)
		case xbidi.L:
			if isolates == 0 {
				return bidi.LeftToRight
			}
		case xbidi.R, xbidi.AL:
			if isolates == 0 {
				return bidi.RightToLeft
			}
		}
	}
	if rtl {
		return bidi.RightToLeft
	}
	return bidi.LeftToRight
}

// shape returns the spans of text[start:end] in the order of reading. The
// rest of the text is context: letters join across it.
func (s *shaper) shape(text []rune, runs []run, start, end int, st Style, lang string) []span {
	weight := 0
	if st.Bold {
		weight = 1
	}
	w := &wanted{s: s, family: s.fonts[weight], lang: lang}
	var out []span
	for _, r := range runs {
		from, to := max(r.start, start), min(r.end, end)
		if from >= to {
			continue
		}
		in := shaping.Input{Text: text, RunStart: from, RunEnd: to, Size: fixed.I(em), Direction: di.DirectionLTR, Language: language.NewLanguage(lang)}
		if r.level%2 == 1 {
			in.Direction = di.DirectionRTL
		}
		for _, part := range s.split.Split(in, w) {
			sp := s.span(text, s.hb.Shape(part))
			sp.level, sp.thicken = r.level, st.Bold && !w.holds(sp.face)
			out = append(out, sp)
		}
	}
	return out
}

func (w *wanted) holds(t *typeface) bool {
	for _, f := range w.family {
		if f == t {
			return true
		}
	}
	return false
}

func units(v fixed.Int26_6) float64 { return float64(v) / 64 }

func (s *shaper) span(text []rune, o shaping.Output) span {
	sp := span{face: s.types[o.Face], rtl: o.Direction.Progression() == di.TowardTopLeft, start: o.Runes.Offset, end: o.Runes.Offset + o.Runes.Count,
		ascent: units(o.GlyphBounds.Ascent), descent: -units(o.GlyphBounds.Descent), advance: units(o.Advance), glyphs: make([]glyph, 0, len(o.Glyphs))}
	seen := -1
	for _, g := range o.Glyphs {
		to := glyph{id: g.GlyphID, advance: units(g.Advance), dx: units(g.XOffset), dy: units(g.YOffset), from: g.TextIndex()}
		if c := g.TextIndex(); c != seen {
			seen = c
			to.members = g.GlyphsCount()
			if to.text = visible(text[c:min(c+g.RunesCount(), sp.end)]); to.text == "" && g.Advance == 0 {
				continue // a character that only directs the layout
			}
		}
		sp.missing = sp.missing || g.GlyphID == 0
		sp.glyphs = append(sp.glyphs, to)
	}
	return sp
}

// visible drops the characters that only direct the layout.
func visible(text []rune) string {
	out := make([]rune, 0, len(text))
	for _, r := range text {
		if r >= 0x2066 && r <= 0x2069 || r == 0x200E || r == 0x200F || r == 0x061C {
			continue
		}
		out = append(out, r)
	}
	return string(out)
}

// reorder puts the spans of a line from reading order to left-to-right order:
// rule L2 of the Unicode bidirectional algorithm.
func reorder(spans []span) {
	top := 0
	for _, sp := range spans {
		top = max(top, sp.level)
	}
	for level := top; level > 0; level-- {
		for i := 0; i < len(spans); i++ {
			if spans[i].level < level {
				continue
			}
			j := i
			for j < len(spans) && spans[j].level >= level {
				j++
			}
			for a, b := i, j-1; a < b; a, b = a+1, b-1 {
				spans[a], spans[b] = spans[b], spans[a]
			}
			i = j
		}
	}
}
