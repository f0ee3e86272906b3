package paper

import (
	"strings"
	"unicode"
	"unicode/utf8"
)

// Align says where text stands in its width. Start is left, or right on a
// page that is read from right to left.
type Align int

// The alignments.
const (
	Start Align = iota
	Center
	End
)

// Style is how a text is set.
type Style struct {
	Size  float64 // in points
	Bold  bool
	Align Align
	Gray  uint8 // 0 is black, 255 white
}

// maxRunes bounds one text: what is longer is cut and ends in an ellipsis.
const maxRunes = 4000

// A line is one line of text, its spans from left to right. Lengths in em.
type line struct {
	spans   []span
	advance float64
	ascent  float64
	descent float64
}

// The least room a line takes, so that lines of Latin text are evenly set
// whatever letters they have; deeper scripts take what their ink needs.
const (
	leastAscent  = 0.98 * em
	leastDescent = 0.28 * em
)

// Isolate keeps a code, a number or a name of another script from changing
// the order of what stands around it.
func Isolate(text string) string {
	if text == "" {
		return ""
	}
	return "\u2068" + text + "\u2069"
}

// LTR is Isolate for what always reads from left to right: codes, numbers,
// amounts with a sign.
func LTR(text string) string {
	if text == "" {
		return ""
	}
	return "\u2066" + text + "\u2069"
}

// clean returns what can be printed of a text from outside: valid UTF-8, no
// control characters but the line break, no characters that override the
// direction (they could make a line read as something else).
func clean(text string) []rune {
	out := make([]rune, 0, min(utf8.RuneCountInString(text), maxRunes))
	for _, r := range strings.ReplaceAll(text, "\r\n", "\n") {
		switch {
		case r == '\n' || r == '\r' || r == '\u2028' || r == '\u2029' || r == '\v' || r == '\f' || r == '\u0085':
			r = '\n'
		case r >= 0x202A && r <= 0x202E:
			continue
		case unicode.IsControl(r):
			r = ' '
		}
		if len(out) == maxRunes-1 {
			return append(out, '…')
		}
		out = append(out, r)
	}
	return out
}

// lines sets a text in lines no wider than width points. An empty text has no
// lines.
func (s *shaper) lines(text string, st Style, width float64, rtl bool, lang string) []line {
	key := shortKey{text, lang, st.Bold, rtl}
	if l, ok := s.short[key]; ok && l.advance*st.Size <= width*em {
		return []line{l}
	}
	all := clean(text)
	for len(all) > 0 && unicode.IsSpace(all[len(all)-1]) {
		all = all[:len(all)-1]
	}
	if len(all) == 0 {
		return nil
	}
	if lang == "" || lang == "zh" {
		lang = guess(all, lang)
	}
	var out []line
	for len(all) > 0 {
		n := 0
		for n < len(all) && all[n] != '\n' {
			n++
		}
		out = append(out, s.paragraph(all[:n], st, width*em/st.Size, rtl, lang)...)
		all = all[min(n+1, len(all)):]
	}
	if len(out) == 1 && len(text) <= shortBytes && width > 0 {
		if len(s.short) >= maxShort {
			clear(s.short)
		}
		s.short[key] = out[0]
	}
	return out
}

// guess tells Japanese and Korean from Chinese, for the form of the Han
// characters.
func guess(text []rune, lang string) string {
	for _, r := range text {
		switch {
		case unicode.In(r, unicode.Hiragana, unicode.Katakana):
			return "ja"
		case unicode.Is(unicode.Hangul, r):
			return "ko"
		case lang == "" && unicode.Is(unicode.Han, r):
			lang = "zh"
		}
	}
	return lang
}

func (s *shaper) paragraph(text []rune, st Style, width float64, rtl bool, lang string) []line {
	if len(text) == 0 {
		return []line{{ascent: leastAscent, descent: leastDescent}}
	}
	runs := s.runs(text, rtl)
	spans := s.shape(text, runs, 0, len(text), st, lang)
	total := 0.0
	for _, sp := range spans {
		total += sp.advance
	}
	if total <= width {
		return []line{finish(spans)}
	}
	var out []line
	for _, r := range s.wrap(text, spans, width) {
		out = append(out, finish(s.shape(text, runs, r[0], r[1], st, lang)))
	}
	return out
}

// wrap says which runes each line has: as many words as fit, and where one
// word does not fit, as many of its letters.
func (s *shaper) wrap(text []rune, spans []span, width float64) [][2]int {
	at := offsets(text, spans)
	s.breaks.Init(text)
	var words, letters []int
	for it := s.breaks.LineIterator(); it.Next(); {
		words = append(words, it.Line().Offset+len(it.Line().Text))
	}
	for it := s.breaks.GraphemeIterator(); it.Next(); {
		letters = append(letters, it.Grapheme().Offset+len(it.Grapheme().Text))
	}
	var out [][2]int
	for start := 0; start < len(text); {
		fits := func(end int) bool { return at[trim(text, start, end)]-at[start] <= width }
		end := last(words, start, fits)
		if end == start {
			end = last(letters, start, fits)
		}
		if end == start { // not even one letter: it sticks out
			end = next(letters, start, len(text))
		}
		if to := trim(text, start, end); to > start {
			out = append(out, [2]int{start, to})
		}
		start = end
	}
	return out
}

// last returns the last place after start up to which all fits, or start.
func last(places []int, start int, fits func(int) bool) int {
	end := start
	for _, p := range places {
		if p <= start {
			continue
		}
		if !fits(p) {
			break
		}
		end = p
	}
	return end
}

func next(places []int, start, end int) int {
	for _, p := range places {
		if p > start {
			return p
		}
	}
	return end
}

func trim(text []rune, start, end int) int {
	for end > start && unicode.IsSpace(text[end-1]) {
		end--
	}
	return end
}

// offsets returns how far each rune stands from the beginning if all stood in
// one line, in the order of reading.
func offsets(text []rune, spans []span) []float64 {
	at := make([]float64, len(text)+1)
	for _, sp := range spans {
		for _, g := range sp.glyphs {
			at[g.from+1] += g.advance
		}
	}
	for i := 1; i < len(at); i++ {
		at[i] += at[i-1]
	}
	return at
}

// finish puts the spans in the order of the page and measures the line.
func finish(spans []span) line {
	reorder(spans)
	l := line{spans: spans, ascent: leastAscent, descent: leastDescent}
	for _, sp := range spans {
		l.advance += sp.advance
		l.ascent, l.descent = max(l.ascent, sp.ascent), max(l.descent, sp.descent)
	}
	return l
}
