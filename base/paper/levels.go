package paper

import (
	"github.com/go-text/typesetting/bidi"
	xbidi "golang.org/x/text/unicode/bidi"
)

// A run is runes of one embedding level; odd levels read from right to left.
type run struct{ start, end, level int }

const (
	isolateLTR   = '\u2066'
	isolateRTL   = '\u2067'
	isolateFirst = '\u2068'
	isolateEnd   = '\u2069'
	object       = '\uFFFC' // stands for a whole isolate: a neutral
	maxDepth     = 60       // isolates within isolates
)

// runs parts a paragraph by embedding level.
//
// Both libraries that implement the Unicode bidirectional algorithm in Go
// tell directions but no levels, and join a number within right-to-left text
// (level 2) with left-to-right text that follows it (level 0), which rule L2
// must not. So isolates are taken out and handled one by one, and in what is
// left the number's end is found by the algorithm's own rules.
func (s *shaper) runs(text []rune, rtl bool) []run {
	levels := make([]int, len(text))
	base := 0
	if baseLevel(text, rtl) == bidi.RightToLeft {
		base = 1
	}
	s.level(text, levels, base, 0)
	var out []run
	for i, l := range levels {
		if i == 0 || l != levels[i-1] {
			out = append(out, run{i, i, l})
		}
		out[len(out)-1].end = i + 1
	}
	return out
}

// level sets the levels of a text whose embedding level is given.
func (s *shaper) level(text []rune, levels []int, embedding, depth int) {
	var flat, at []int // places in text, of what is left and of isolates in it
	var runes []rune
	ends := map[int]int{}
	for i := 0; i < len(text); i++ {
		end := 0
		if depth < maxDepth {
			end = isolateEnds(text, i)
		}
		flat = append(flat, i)
		if end == 0 {
			runes = append(runes, text[i])
			continue
		}
		runes = append(runes, object)
		at, ends[i] = append(at, i), end
		i = end
	}
	s.flat(runes, embedding, func(i, level int) {
		levels[flat[i]] = level
		if end := ends[flat[i]]; end > 0 {
			levels[end] = level
		}
	})
	for _, i := range at {
		inner := text[i+1 : ends[i]]
		odd := text[i] == isolateRTL || text[i] == isolateFirst && baseLevel(inner, false) == bidi.RightToLeft
		next := embedding + 1
		if odd == (next%2 == 0) {
			next++
		}
		s.level(inner, levels[i+1:ends[i]], next, depth+1)
	}
}

// isolateEnds returns where the isolate ends that begins at i, 0 if none does
// or it has no end.
func isolateEnds(text []rune, i int) int {
	if text[i] < isolateLTR || text[i] > isolateFirst {
		return 0
	}
	depth := 0
	for j := i; j < len(text); j++ {
		switch text[j] {
		case isolateLTR, isolateRTL, isolateFirst:
			depth++
		case isolateEnd:
			if depth--; depth == 0 {
				return j
			}
		}
	}
	return 0
}

// flat sets the levels of a text without isolates.
func (s *shaper) flat(text []rune, embedding int, set func(i, level int)) {
	dir := bidi.LeftToRight
	if embedding%2 == 1 {
		dir = bidi.RightToLeft
	}
	found := s.bidi.Segment(text, dir)
	for n := range found.NumRuns() {
		r := found.Run(n)
		number := r.Start // up to here the run is a number between right-to-left letters
		if embedding%2 == 0 && r.Level == 2 {
			number = numberEnd(text, r.Start, r.End)
		}
		for i := r.Start; i < r.End; i++ {
			level := embedding
			switch {
			case (embedding+int(r.Level))%2 == 1 && embedding%2 == 0, r.Level%2 == 0 && embedding%2 == 1:
				level = embedding + 1
			case i < number:
				level = embedding + 2
			}
			set(i, level)
		}
	}
}

// numberEnd returns where the number ends that begins a run of level 2: after
// its last digit, or the signs that belong to it (rules W4 to W6).
func numberEnd(text []rune, start, end int) int {
	last := start
	european := false
	for i := start; i < end; i++ {
		p, _ := xbidi.LookupRune(text[i])
		switch p.Class() {
		case xbidi.EN:
			last, european = i+1, true
		case xbidi.AN:
			last, european = i+1, false
		case xbidi.ET:
			if european && last == i {
				last = i + 1
			}
		case xbidi.ES, xbidi.CS: // belongs to the number only between digits
		case xbidi.NSM, xbidi.BN:
			if last == i {
				last = i + 1
			}
		default:
			return last
		}
	}
	return last
}
