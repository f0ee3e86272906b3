package papertest

import (
	"fmt"
	"image"
	"strings"
)

// patterns are the bar and space widths of Code 128's symbols 0 to 105, as
// the standard (ISO/IEC 15417) lists them, and of the stop symbol.
const patterns = "212222222122222221121223121322131222122213122312132212221213221312231212112232122132122231113222123122123221" +
	"223211221132221231213212223112312131311222321122321221312212322112322211212123212321232121111323131123131321" +
	"112313132113132311211313231113231311112133112331132131113123113321133121313121211331231131213113213311213131" +
	"311123311321331121312113312311332111314111221411431111111224111422121124121421141122141221112214112412122114" +
	"122411142112142211241211221114413111241112134111111242121142121241114212124112124211411212421112421211212141" +
	"214121412121111143111341131141114113114311411113411311113141114131311141411131211412211214211232"

// ReadCode128 reads the barcode that a row of pixels crosses. Dark is below
// 128. It fails unless quiet zones, symbols and check digit are right.
func ReadCode128(img *image.Gray, y int) (string, error) {
	widths, quietLeft, quietRight := runs(img, y)
	if len(widths) == 0 {
		return "", fmt.Errorf("no bars")
	}
	module := widths[0] / 2 // every start symbol begins with a bar of two modules
	if module == 0 || quietLeft < 10*module || quietRight < 10*module {
		return "", fmt.Errorf("quiet zones of %d and %d pixels at modules of %d", quietLeft, quietRight, module)
	}
	digits := make([]byte, len(widths))
	for i, w := range widths {
		if w%module != 0 || w/module > 4 {
			return "", fmt.Errorf("bar %d is %d pixels wide at modules of %d", i, w, module)
		}
		digits[i] = byte('0' + w/module)
	}
	if len(digits)%6 != 1 || !strings.HasSuffix(string(digits), "2331112") {
		return "", fmt.Errorf("no stop symbol in %s", digits)
	}
	var codes []int
	for i := 0; i+7 < len(digits); i += 6 {
		code := -1
		for c := 0; c < 106; c++ {
			if patterns[c*6:c*6+6] == string(digits[i:i+6]) {
				code = c
			}
		}
		if code < 0 {
			return "", fmt.Errorf("no symbol %s", digits[i:i+6])
		}
		codes = append(codes, code)
	}
	return decode(codes)
}

// runs returns the widths of bars and spaces, from the first bar to the last.
func runs(img *image.Gray, y int) (widths []int, left, right int) {
	last, n := false, 0
	for x := img.Rect.Min.X; x < img.Rect.Max.X; x++ {
		dark := img.GrayAt(x, y).Y < 128
		if dark != last {
			if left == 0 && len(widths) == 0 && dark {
				left = n
			} else {
				widths = append(widths, n)
			}
			last, n = dark, 0
		}
		n++
	}
	return widths, left, n
}

func decode(codes []int) (string, error) {
	if len(codes) < 3 {
		return "", fmt.Errorf("too few symbols")
	}
	sum := codes[0]
	for i, c := range codes[1 : len(codes)-1] {
		sum += (i + 1) * c
	}
	if sum%103 != codes[len(codes)-1] {
		return "", fmt.Errorf("check digit %d, want %d", codes[len(codes)-1], sum%103)
	}
	set := map[int]byte{103: 'A', 104: 'B', 105: 'C'}[codes[0]]
	var b strings.Builder
	for _, c := range codes[1 : len(codes)-1] {
		switch {
		case set == 'C' && c < 100:
			fmt.Fprintf(&b, "%02d", c)
		case c == 99 && set != 'C':
			set = 'C'
		case c == 100 && set != 'B':
			set = 'B'
		case c == 101 && set != 'A':
			set = 'A'
		case set == 'B' && c < 96 || set == 'A' && c < 64:
			b.WriteByte(byte(c + 32))
		default:
			return "", fmt.Errorf("symbol %d in set %c", c, set)
		}
	}
	return b.String(), nil
}
