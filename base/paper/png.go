package paper

import (
	"fmt"
	"image"
	"image/color"
	"image/png"
	"io"
	"math"

	"github.com/go-text/typesetting/font"
	"golang.org/x/image/draw"
	"golang.org/x/image/vector"
)

// maxPixels bounds one image: some 2,000 lines of a till receipt.
const maxPixels = 64 << 20

// PNG draws a page, counted from 0, in shades of gray.
func (d *Doc) PNG(w io.Writer, page int, dpi float64) error {
	img, err := d.Raster(page, dpi)
	if err != nil {
		return err
	}
	// The default level takes 4 times as long and saves a sixth.
	enc := png.Encoder{CompressionLevel: png.BestSpeed}
	return enc.Encode(w, img)
}

// Raster draws a page, counted from 0.
func (d *Doc) Raster(page int, dpi float64) (*image.Gray, error) {
	d.finish()
	p := d.pages[page]
	k := dpi / 72
	width, height := int(math.Ceil(d.opt.Width*k-0.001)), int(math.Ceil(p.height*k-0.001))
	if width*height > maxPixels {
		return nil, fmt.Errorf("a page of %d x %d pixels is too large", width, height)
	}
	img := image.NewGray(image.Rect(0, 0, width, height))
	for i := range img.Pix {
		img.Pix[i] = 255
	}
	for _, o := range p.ops {
		switch {
		case o.line != nil:
			d.s.rasterLine(img, o, k)
		case o.img != nil:
			draw.CatmullRom.Scale(img, pixels(o, k), o.img, o.img.Bounds(), draw.Over, nil)
		default:
			draw.Draw(img, pixels(o, k), image.NewUniform(color.Gray{o.gray}), image.Point{}, draw.Src)
		}
	}
	return img, nil
}

// pixels returns the box in whole pixels: bars and rules stay sharp.
func pixels(o op, k float64) image.Rectangle {
	round := func(v float64) int { return int(math.Floor(v*k + 0.5)) }
	r := image.Rect(round(o.x), round(o.y), round(o.x+o.w), round(o.y+o.h))
	r.Max.X, r.Max.Y = max(r.Max.X, r.Min.X+1), max(r.Max.Y, r.Min.Y+1)
	return r
}

// rasterLine draws a line of text, its base line on a whole pixel.
func (s *shaper) rasterLine(img *image.Gray, o op, k float64) {
	scale := o.size * k / em
	x, y := o.x*k, math.Floor(o.y*k+0.5)
	for i := range o.line.spans {
		sp := &o.line.spans[i]
		for _, g := range sp.glyphs {
			s.rasterGlyph(img, sp, g.id, x+g.dx*scale, y-g.dy*scale, scale, o.gray)
			x += g.advance * scale
		}
	}
}

// steps is how many places between two pixels a glyph may begin at.
const steps = 4

type maskKey struct {
	face    *typeface
	id      font.GID
	scale   float32
	step    uint8
	thicken bool
}

// A mask is a glyph's ink in pixels, at an offset from the pixel of its pen.
type mask struct {
	img *image.Alpha
	at  image.Point
}

const maxMasks = 8192

func (s *shaper) rasterGlyph(img *image.Gray, sp *span, id font.GID, x, y, scale float64, gray uint8) {
	whole := math.Floor(x + 0.5/steps)
	step := uint8((x + 0.5/steps - whole) * steps)
	key := maskKey{sp.face, id, float32(scale), step, sp.thicken}
	m := s.masks[key]
	if m == nil {
		if len(s.masks) >= maxMasks {
			clear(s.masks)
		}
		m = s.mask(sp, id, scale, float64(step)/steps)
		s.masks[key] = m
	}
	if m.img == nil {
		return
	}
	at := m.at.Add(image.Pt(int(whole), int(math.Floor(y+0.5))))
	r := m.img.Rect.Add(at).Intersect(img.Rect)
	for py := r.Min.Y; py < r.Max.Y; py++ {
		dst := img.Pix[img.PixOffset(r.Min.X, py):]
		src := m.img.Pix[m.img.PixOffset(r.Min.X-at.X, py-at.Y):]
		for i := range r.Dx() {
			a := uint32(src[i])
			dst[i] = uint8((uint32(dst[i])*(255-a) + uint32(gray)*a + 127) / 255)
		}
	}
}

// mask rasters one glyph.
func (s *shaper) mask(sp *span, id font.GID, scale, shift float64) *mask {
	var b bounds
	s.outline(sp.face, id, &b)
	if !b.any {
		return &mask{}
	}
	fat := 0.0
	if sp.thicken {
		fat = math.Max(1, 25*scale)
	}
	x0, y0 := math.Floor(b.x0*scale+shift)-1, math.Floor(-b.y1*scale)-1
	w, h := int(math.Ceil(b.x1*scale+shift+fat)-x0)+1, int(math.Ceil(-b.y0*scale)-y0)+1
	r := &rasterPen{r: vector.NewRasterizer(w, h), scale: scale, x: shift - x0, y: -y0}
	s.outline(sp.face, id, r)
	r.r.ClosePath()
	out := image.NewAlpha(image.Rect(0, 0, w, h))
	r.r.Draw(out, out.Rect, image.Opaque, image.Point{})
	if fat > 0 {
		thicken(out, int(math.Round(fat)))
	}
	return &mask{img: out, at: image.Pt(int(x0), int(y0))}
}

// thicken smears ink to the right by n pixels: the bold of a font that has
// none.
func thicken(img *image.Alpha, n int) {
	for y := 0; y < img.Rect.Dy(); y++ {
		row := img.Pix[y*img.Stride : y*img.Stride+img.Rect.Dx()]
		for x := len(row) - 1; x >= 0; x-- {
			for i := 1; i <= n && i <= x; i++ {
				row[x] = max(row[x], row[x-i])
			}
		}
	}
}

type rasterPen struct {
	r           *vector.Rasterizer
	scale, x, y float64
}

func (p *rasterPen) at(x, y float64) (float32, float32) {
	return float32(x*p.scale + p.x), float32(p.y - y*p.scale)
}

func (p *rasterPen) move(x, y float64) {
	p.r.ClosePath()
	p.r.MoveTo(p.at(x, y))
}
func (p *rasterPen) line(x, y float64) { p.r.LineTo(p.at(x, y)) }
func (p *rasterPen) quad(x1, y1, x, y float64) {
	ax, ay := p.at(x1, y1)
	bx, by := p.at(x, y)
	p.r.QuadTo(ax, ay, bx, by)
}
func (p *rasterPen) cubic(x1, y1, x2, y2, x, y float64) {
	ax, ay := p.at(x1, y1)
	bx, by := p.at(x2, y2)
	cx, cy := p.at(x, y)
	p.r.CubeTo(ax, ay, bx, by, cx, cy)
}
