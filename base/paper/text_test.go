package paper

import (
	"slices"
	"strings"
	"testing"

	"pgregory.net/rapid"
)

// withFonts makes the tests independent of what fonts the machine has.
func withFonts(t *testing.T, dirs ...string) *shaper {
	t.Helper()
	shelfMu.Lock()
	old := theOne
	shelfMu.Unlock()
	UseFontDirs(dirs...)
	t.Cleanup(func() {
		shelfMu.Lock()
		theOne = old
		shelfMu.Unlock()
	})
	return borrowShaper()
}

var ten = Style{Size: 10}

// visual is what stands on the line from left to right.
func visual(l line) string {
	var b strings.Builder
	for _, sp := range l.spans {
		for _, g := range sp.glyphs {
			b.WriteString(g.text)
		}
	}
	return b.String()
}

func TestBidirectionalOrder(t *testing.T) {
	s := withFonts(t)
	for _, c := range []struct {
		about, text, want string
		rtl               bool
	}{
		{"left to right", "abc 123", "abc 123", false},
		{"a word within", "abc שלום def", "abc םולש def", false},
		{"a number between words", "abc שלום 123 עולם def", "abc םלוע 123 םולש def", false},
		{"the paragraph follows its first letter", "שלום abc", "abc םולש", false},
		{"digits keep their order", "סך 1,234.50", "1,234.50 ךס", false},
		{"brackets belong to the word before", "שלום (XL)", ")XL( םולש", false},
		{"a page from right to left", "12 + 5", "5 + 12", true},
		{"a code stays in one piece", LTR("AB-12/3"), "AB-12/3", true},
		{"a negative amount", LTR("-5.00"), "-5.00", true},
		{"an isolated name", "x " + Isolate("שלום") + ", 5 y", "x םולש, 5 y", false},
		{"without the isolate the figure would move", "x שלום, 5 y", "x 5 ,םולש y", false},
		{"a comma after a number", "x שלום 5, y", "x 5 םולש, y", false},
		{"a sign of percent", "x שלום 5% y", "x 5% םולש y", false},
		{"a decimal number", "x שלום 1,234.50 y", "x 1,234.50 םולש y", false},
		{"Arabic digits", "x سعر ٥٠ y", "x ٥٠ رعس y", false},
		{"a name that begins with a number", "+ " + Isolate("5 שלום"), "+ םולש 5", false},
		{"isolates within isolates", LTR("-" + Isolate("שח") + " 5.00"), "-חש 5.00", true},
		{"an isolate without an end", "a \u2068שלום", "a םולש", false},
		{"two amounts", LTR("2") + " × " + LTR("4.00"), "4.00 × 2", true},
		{"direction may not be overridden", "a\u202Efdp.exe", "afdp.exe", false},
	} {
		ls := s.lines(c.text, ten, 1000, c.rtl, "")
		if len(ls) != 1 {
			t.Fatalf("%s: %d lines", c.about, len(ls))
		}
		got := visual(ls[0])
		if got != c.want {
			t.Errorf("%s: %q stands as %q, want %q", c.about, c.text, got, c.want)
		}
	}
}

// glyphIDs returns the glyphs of a text in reading order.
func glyphIDs(s *shaper, text string) (ids []uint32) {
	for _, l := range s.lines(text, ten, 1000, false, "") {
		for _, sp := range l.spans {
			for _, g := range sp.glyphs {
				ids = append(ids, uint32(g.id))
			}
		}
	}
	return ids
}

func TestBracketsAreMirrored(t *testing.T) {
	s := withFonts(t)
	l := s.lines("שלום (12)", ten, 1000, false, "")[0]
	g := l.spans[0].glyphs[0]
	if want, _ := l.spans[0].face.font.NominalGlyph('('); g.id != want || g.text != ")" {
		t.Errorf("the leftmost glyph is %d for %q, want that of an opening bracket, %d", g.id, g.text, want)
	}
}

func TestArabicIsJoined(t *testing.T) {
	s := withFonts(t)
	joined := glyphIDs(s, "بيت")
	apart := slices.Concat(glyphIDs(s, "ت"), glyphIDs(s, "ي"), glyphIDs(s, "ب"))
	if len(joined) != 3 {
		t.Fatalf("%d glyphs", len(joined))
	}
	for i := range joined {
		if joined[i] == apart[i] {
			t.Errorf("letter %d from the left has the form of a letter that stands alone", i)
		}
	}
	if ligature := glyphIDs(s, "لا"); len(ligature) >= 2 && slices.Equal(ligature, slices.Concat(glyphIDs(s, "ا"), glyphIDs(s, "ل"))) {
		t.Error("lam and alef form no ligature")
	}
}

func TestDevanagariFormsConjuncts(t *testing.T) {
	s := withFonts(t)
	if n := len(glyphIDs(s, "क्ष")); n != 1 {
		t.Errorf("ksha is %d glyphs, want 1", n)
	}
	l := s.lines("कि", ten, 1000, false, "")[0]
	first := l.spans[0].glyphs[0].id
	if want, _ := l.spans[0].face.font.NominalGlyph('क'); first == want {
		t.Error("the vowel sign i does not stand before its consonant")
	}
}

// Every sample of an embedded script has all its glyphs without any font of
// the machine.
func TestEmbeddedFontsHaveTheSamples(t *testing.T) {
	s := withFonts(t)
	for _, text := range []string{"The quick brown fox jumps over the lazy dog 0123456789 .,:;!?()[]{}/\\@#%&*+-=<>|~^_`'\"",
		"ÄÖÜäöüß çñåøæœ ŁŻŹĆ ďťňřšž ğışİ ạảấầẩẫậ", "Ёлочные игрушки ЇїЄєҐґ Ђљњ", "Καρφιά γαλβανισμένα ἀρχή",
		"قماش قطني أبيض ٪ ٠١٢٣٤٥٦٧٨٩ پچگ ۰۱۲ ٹڈڑے لا", "עץ אלון מלא שָׁלוֹם ״׳", "हिन्दी क्षत्रिय स्टील पेंच ।", "$ € £ ¥ ₹ ₪ ₺ ₽ ₦ ₱ ₫ ₴ ₸ ₩ ¢ ৳ ฿ ﷼", "– — … • × ÷ ± ≤ ≥ ← → √ ∞ ■ ● ★ ✓ ♥ ½ ™ ® © ° № “ ” ‘ ’ « »"} {
		for _, bold := range []bool{false, true} {
			for _, l := range s.lines(text, Style{Size: 10, Bold: bold}, 10000, false, "") {
				for _, sp := range l.spans {
					if sp.missing {
						t.Errorf("bold %v: %q lacks glyphs", bold, string([]rune(text)[sp.start:sp.end]))
					}
				}
			}
		}
	}
}

func TestFontsOfADirectory(t *testing.T) {
	names := func(s *shaper, text, lang string) (out []string) {
		for _, sp := range s.lines(text, ten, 1000, false, lang)[0].spans {
			if sp.missing {
				out = append(out, "missing")
			} else if n := sp.face.name; len(out) == 0 || out[len(out)-1] != n {
				out = append(out, n)
			}
		}
		return out
	}
	s := withFonts(t, "testdata/fonts", "testdata/no-such-directory")
	for _, c := range []struct{ text, lang, want string }{
		{"北京烤鸭", "", "notosanscjksc"},
		{"日本語のステンレス", "", "notosanscjkjp DroidSansFallback-Regular notosanscjkjp"}, // の is not in the test's font
		{"直骨", "", "notosanscjksc"},                                                // Han alone is Chinese,
		{"直骨", "ja", "notosanscjkjp"},                                              // unless the organization is Japanese
		{"直ね", "", "notosanscjkjp"},                                                // or the text is
		{"M8 螺栓", "", "NotoSans-Regular notosanscjksc"},
		{"😀", "", "missing"},
	} {
		if got := strings.Join(names(s, c.text, c.lang), " "); got != c.want {
			t.Errorf("%q (%s) is set in %s, want %s", c.text, c.lang, got, c.want)
		}
	}
	for text, want := range map[string]string{"北京": "DroidSansFallback-Regular", "コーヒー豆": "DroidSansFallback-Regular", "스테인리스": "Hangul-Regular", "ไทย": "missing"} {
		if got := names(withFonts(t), text, ""); !slices.Equal(slices.Compact(got), []string{want}) {
			t.Errorf("%s without fonts: %v, want %s", text, got, want)
		}
	}
}

func TestWrap(t *testing.T) {
	s := withFonts(t)
	for _, c := range []struct {
		text  string
		width float64
		want  []string
	}{
		{"one two three", 45, []string{"one two", "three"}},
		{"one\ntwo", 100, []string{"one", "two"}},
		{"one\n\ntwo", 100, []string{"one", "", "two"}},
		{"  one  ", 100, []string{"  one"}},
		{"AAAAAAAAAA", 35, []string{"AAAAA", "AAAAA"}}, // 6.39 a letter
		{"", 100, nil},
		{" \n ", 100, nil},
		{"MM", 1, []string{"M", "M"}}, // nothing fits: a letter a line
		{"אחד שתיים שלוש", 55, []string{"םייתש דחא", "שולש"}},
	} {
		var got []string
		for _, l := range s.lines(c.text, ten, c.width, false, "") {
			got = append(got, visual(l))
		}
		if !slices.Equal(got, c.want) {
			t.Errorf("%q in %g: %q, want %q", c.text, c.width, got, c.want)
		}
	}
}

func TestLongTextsAreCut(t *testing.T) {
	s := withFonts(t)
	n := 0
	for _, l := range s.lines(strings.Repeat("word ", 100_000), ten, 200, false, "") {
		n += len([]rune(visual(l)))
	}
	if n > maxRunes {
		t.Errorf("%d characters", n)
	}
}

// Whatever the text, lines are no wider than the column (but for a single
// letter), nothing but space is lost and nothing fails.
func TestWrapProperties(t *testing.T) {
	s := withFonts(t, "testdata/fonts")
	letters := []rune("ab MW1-.,() אבגש قطني हिन्दी क्ष 北京日本 \u0301\u200d\u2067\u2069\u202e\n\t\x00\U0001F600é")
	rapid.Check(t, func(rt *rapid.T) {
		text := string(rapid.SliceOfN(rapid.SampledFrom(letters), 0, 60).Draw(rt, "text"))
		width := rapid.Float64Range(5, 200).Draw(rt, "width")
		rtl := rapid.Bool().Draw(rt, "rtl")
		var got []rune
		for _, l := range s.lines(text, ten, width, rtl, "") {
			if l.advance*ten.Size/em > width+0.5 && len([]rune(visual(l))) > 8 {
				rt.Errorf("%q is %g wide", visual(l), l.advance*ten.Size/em)
			}
			got = append(got, []rune(visual(l))...)
		}
		count := func(in []rune) map[rune]int {
			m := map[rune]int{}
			for _, r := range in {
				if r > ' ' {
					m[r]++
				}
			}
			return m
		}
		want := count([]rune(visible(clean(text))))
		for r, n := range count(got) {
			if want[r] != n {
				rt.Errorf("%q: %d of %U, want %d", text, n, r, want[r])
			}
			delete(want, r)
		}
		for r, n := range want {
			rt.Errorf("%q: %d of %U were lost", text, n, r)
		}
	})
}
