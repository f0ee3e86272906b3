package paper

import (
	"bytes"
	"compress/zlib"
	"crypto/sha256"
	"fmt"
	"image"
	"io"
	"math"
	"strconv"
	"strings"
	"time"
	"unicode/utf16"

	"golang.org/x/image/draw"
)

// PDF writes all pages.
func (d *Doc) PDF(w io.Writer) error {
	d.finish()
	f := &pdfFile{}
	catalog, pages, info, resources := f.reserve(), f.reserve(), f.reserve(), f.reserve()
	fonts := newPDFFonts(d.s)
	images := map[image.Image]string{}
	var xobjects, kids strings.Builder
	for _, p := range d.pages {
		var c bytes.Buffer
		for _, o := range p.ops {
			switch {
			case o.line != nil:
				fonts.text(&c, o, p.height)
			case o.img != nil:
				name := images[o.img]
				if name == "" {
					name = "I" + strconv.Itoa(len(images))
					images[o.img] = name
					fmt.Fprintf(&xobjects, "/%s %d 0 R ", name, f.image(o.img))
				}
				fmt.Fprintf(&c, "q %s 0 0 %s %s %s cm /%s Do Q\n", num(o.w), num(o.h), num(o.x), num(p.height-o.y-o.h), name)
			default:
				fmt.Fprintf(&c, "%s g %s %s %s %s re f\n", shade(o.gray), num(o.x), num(p.height-o.y-o.h), num(o.w), num(o.h))
			}
		}
		content := f.stream("", c.Bytes())
		id := f.add(fmt.Sprintf("<</Type/Page/Parent %d 0 R/MediaBox[0 0 %s %s]/Resources %d 0 R/Contents %d 0 R>>",
			pages, num(d.opt.Width), num(p.height), resources, content))
		fmt.Fprintf(&kids, "%d 0 R ", id)
	}
	f.object(resources, fmt.Sprintf("<</Font<<%s>>/XObject<<%s>>>>", fonts.write(f), xobjects.String()))
	f.object(pages, fmt.Sprintf("<</Type/Pages/Count %d/Kids[%s]>>", len(d.pages), kids.String()))
	direction := ""
	if d.opt.RTL {
		direction = "/Direction/R2L"
	}
	f.object(catalog, fmt.Sprintf("<</Type/Catalog/Pages %d 0 R/Lang%s/ViewerPreferences<</DisplayDocTitle true%s>>>>",
		pages, pdfText(d.opt.Lang), direction))
	f.object(info, "<<"+d.info()+">>")
	return f.finish(w, catalog, info)
}

func (d *Doc) info() string {
	s := "/Producer" + pdfText("Storehouse")
	if d.opt.Title != "" {
		s += "/Title" + pdfText(d.opt.Title)
	}
	if d.opt.Author != "" {
		s += "/Author" + pdfText(d.opt.Author)
	}
	if !d.opt.Created.IsZero() {
		s += "/CreationDate(D:" + d.opt.Created.In(time.UTC).Format("20060102150405") + "Z)"
	}
	return s
}

// A pdfFile is the objects of a file being made.
type pdfFile struct {
	objects []string // by number - 1
	zip     *zlib.Writer
}

func (f *pdfFile) reserve() int {
	f.objects = append(f.objects, "")
	return len(f.objects)
}

func (f *pdfFile) object(id int, body string) { f.objects[id-1] = body }

// add adds an object and returns its number.
func (f *pdfFile) add(body string) int {
	f.objects = append(f.objects, body)
	return len(f.objects)
}

// stream adds a compressed stream and returns its number.
func (f *pdfFile) stream(dict string, data []byte) int { return f.add(f.compressed(dict, data)) }

func (f *pdfFile) compressed(dict string, data []byte) string {
	var z bytes.Buffer
	if f.zip == nil {
		f.zip, _ = zlib.NewWriterLevel(&z, zlib.BestSpeed) // the level is a good one
	} else {
		f.zip.Reset(&z) // a new one would cost a megabyte a glyph
	}
	_, _ = f.zip.Write(data) // a bytes.Buffer takes all
	_ = f.zip.Close()
	return fmt.Sprintf("<<%s/Filter/FlateDecode/Length %d>>\nstream\n%s\nendstream", dict, z.Len(), z.Bytes())
}

// image adds a picture, its transparency laid on white.
func (f *pdfFile) image(img image.Image) int {
	b := img.Bounds()
	flat := image.NewRGBA(image.Rect(0, 0, b.Dx(), b.Dy()))
	draw.Draw(flat, flat.Rect, image.White, image.Point{}, draw.Src)
	draw.Draw(flat, flat.Rect, img, b.Min, draw.Over)
	rgb := make([]byte, 0, 3*b.Dx()*b.Dy())
	for i := 0; i < len(flat.Pix); i += 4 {
		rgb = append(rgb, flat.Pix[i], flat.Pix[i+1], flat.Pix[i+2])
	}
	return f.stream(fmt.Sprintf("/Type/XObject/Subtype/Image/Width %d/Height %d/ColorSpace/DeviceRGB/BitsPerComponent 8", b.Dx(), b.Dy()), rgb)
}

// finish writes the file with its table of places.
func (f *pdfFile) finish(w io.Writer, catalog, info int) error {
	var b bytes.Buffer
	b.WriteString("%PDF-1.7\n%\xE2\xE3\xCF\xD3\n")
	places := make([]int, len(f.objects))
	for i, o := range f.objects {
		places[i] = b.Len()
		fmt.Fprintf(&b, "%d 0 obj\n%s\nendobj\n", i+1, o)
	}
	sum := sha256.Sum256(b.Bytes())
	start := b.Len()
	fmt.Fprintf(&b, "xref\n0 %d\n0000000000 65535 f \n", len(places)+1)
	for _, p := range places {
		fmt.Fprintf(&b, "%010d 00000 n \n", p)
	}
	fmt.Fprintf(&b, "trailer\n<</Size %d/Root %d 0 R/Info %d 0 R/ID[<%x><%x>]>>\nstartxref\n%d\n%%%%EOF\n",
		len(places)+1, catalog, info, sum[:16], sum[:16], start)
	_, err := w.Write(b.Bytes())
	return err
}

// num writes a length to a hundredth of a point.
func num(v float64) string {
	return strconv.FormatFloat(math.Round(v*100)/100, 'f', -1, 64)
}

func shade(gray uint8) string {
	return strconv.FormatFloat(math.Round(float64(gray)/255*1000)/1000, 'f', -1, 64)
}

// pdfText writes a text string as UTF-16 in hexadecimal: no character needs
// an escape.
func pdfText(s string) string { return "<FEFF" + utf16Hex(s) + ">" }

func utf16Hex(s string) string {
	var b strings.Builder
	for _, u := range utf16.Encode([]rune(s)) {
		fmt.Fprintf(&b, "%04X", u)
	}
	return b.String()
}
