package paper

import (
	"bytes"
	"embed"
	"sync"

	"github.com/go-text/typesetting/font"
)

// The embedded fonts: Latin, Greek and Cyrillic, Arabic, Hebrew, Devanagari,
// some signs of mathematics, symbols, two currency signs, and Chinese, Japanese
// and Korean for machines that have no font of their own for them. All are
// under the SIL Open Font License but DroidSansFallback, which is under the
// Apache License; fonts/OFL.txt and fonts/Apache-2.0.txt go wherever they go.
//
//go:embed fonts/*.ttf fonts/OFL.txt fonts/Apache-2.0.txt
var embedded embed.FS

// A typeface is one parsed font. It never changes, so all pages share it.
type typeface struct {
	name string
	font *font.Font
}

// A family is the embedded fonts of one weight, the first that has a glyph
// wins.
type family []*typeface

var families = [2][]string{
	{"NotoSans-Regular", "NotoSansArabic-Regular", "NotoSansHebrew-Regular", "NotoSansDevanagari-Regular", "NotoSansMath-Regular", "NotoSansSymbols2-Regular", "NotoSansTaka-Regular", "NotoSansBaht-Regular"},
	{"NotoSans-Bold", "NotoSansArabic-Bold", "NotoSansHebrew-Bold", "NotoSansDevanagari-Bold", "NotoSansMath-Regular", "NotoSansSymbols2-Regular", "NotoSansTaka-Regular", "NotoSansBaht-Regular"},
}

// embeddedFonts parses the embedded fonts, once, when the first page needs
// them: a start of the program costs nothing.
var embeddedFonts = sync.OnceValue(func() [2]family {
	var out [2]family
	byName := map[string]*typeface{}
	for weight, names := range families {
		for _, name := range names {
			if byName[name] == nil {
				byName[name] = mustParse(name)
			}
			out[weight] = append(out[weight], byName[name])
		}
	}
	return out
})

// lastResort is the embedded fonts for what neither the others nor the
// machine's own have. They are parsed when the first such character is printed.
var lastResort = sync.OnceValue(func() family {
	return family{mustParse("DroidSansFallback-Regular"), mustParse("Hangul-Regular")}
})

// mustParse parses a font that is part of the program.
func mustParse(name string) *typeface {
	b, err := embedded.ReadFile("fonts/" + name + ".ttf")
	if err != nil {
		panic("paper: " + err.Error())
	}
	face, err := font.ParseTTF(bytes.NewReader(b))
	if err != nil {
		panic("paper: font " + name + ": " + err.Error())
	}
	return &typeface{name: name, font: face.Font}
}

// find returns the first typeface of the family that has a glyph for r.
func (f family) find(r rune) *typeface {
	for _, t := range f {
		if _, ok := t.font.NominalGlyph(r); ok {
			return t
		}
	}
	return nil
}
