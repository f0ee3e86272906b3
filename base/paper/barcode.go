package paper

import (
	"math"

	"github.com/boombuler/barcode/code128"
)

// Barcode draws text as a Code 128 symbol of height h, centered, with its
// quiet zones, as wide as fits but with modules no wider than module. It
// draws nothing and returns false where text has characters that Code 128
// lacks or the symbol does not fit.
func (d *Doc) Barcode(text string, h, module float64) bool {
	bars := modules(text)
	if bars == nil {
		return false
	}
	const quiet = 10 // modules on either side, as the standard asks
	total := float64(len(bars) + 2*quiet)
	module = math.Min(module, d.Width()/total)
	if d.opt.Grid > 0 {
		module = math.Floor(module/d.opt.Grid+0.001) * d.opt.Grid
	}
	if module < max(leastModule, d.opt.Grid*0.99) {
		return false
	}
	d.Need(h)
	x := d.grid(d.opt.Margin + (d.Width()-module*total)/2 + quiet*module)
	for i := 0; i < len(bars); {
		j := i
		for j < len(bars) && bars[j] == bars[i] {
			j++
		}
		if bars[i] {
			d.box(x+float64(i)*module, d.y, float64(j-i)*module, h, 0)
		}
		i = j
	}
	d.y += h
	return true
}

// leastModule is the narrowest bar that printers and scanners agree on where
// there are no pixels to keep to: a tenth of a millimetre.
const leastModule = 0.1 / 25.4 * 72

// modules returns the symbol: true for a dark module, nil if there is none.
func modules(text string) []bool {
	if text == "" || len(text) > 80 {
		return nil
	}
	for i := range len(text) {
		if text[i] < 0x20 || text[i] > 0x7E {
			return nil // the encoder would take some of these for its own signs
		}
	}
	code, err := code128.Encode(text)
	if err != nil {
		return nil
	}
	out := make([]bool, code.Bounds().Dx())
	for i := range out {
		r, _, _, _ := code.At(i, 0).RGBA()
		out[i] = r == 0
	}
	return out
}
