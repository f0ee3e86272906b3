// Package doc makes the papers of the business (purchase orders, receipts,
// invoice pages) from plain structs, and keeps the files that users attach to
// orders. The papers are pure functions: the same input gives the same bytes.
package doc

import (
	"bytes"
	"image"
	"strconv"
	"strings"
	"time"

	"storehouse/base/dec"
	"storehouse/base/paper"
)

// A Contact is a party's block on a paper. What is empty is not printed.
type Contact struct {
	Name      string
	Lines     []string // the address
	Phone     string
	Email     string
	TaxNumber string
}

// PurchaseOrder is what a buyer sends to a vendor.
type PurchaseOrder struct {
	Format Format
	RTL    bool   // the paper reads from right to left
	Lang   string // BCP 47, for the form of Han characters: "ja", "zh-tw"
	Letter bool   // US letter rather than A4
	Logo   []byte // PNG, JPEG or GIF; one that cannot be read is left out

	Buyer, Vendor, ShipTo Contact

	Number   string
	Status   string
	Ordered  time.Time
	Expected time.Time // zero: not printed
	Terms    string
	Made     time.Time // when the file was made, told in its properties

	Lines []OrderLine

	Subtotal, Shipping, Setup, Other, Tax, Total dec.D // costs of zero are not printed

	Notes string
}

// An OrderLine is one line of a purchase order.
type OrderLine struct {
	Code, Name, Unit          string
	Quantity, UnitCost, Total dec.D
}

// Sum fills the line totals, the subtotal and the total from quantities, unit
// costs and the other costs, each rounded to the currency's decimals. The only
// error is overflow.
func (o *PurchaseOrder) Sum() error {
	var c dec.Calc
	o.Subtotal = 0
	for i := range o.Lines {
		l := &o.Lines[i]
		l.Total = c.Round(c.Mul(l.Quantity, l.UnitCost), o.Format.Places)
		o.Subtotal = c.Add(o.Subtotal, l.Total)
	}
	o.Total = c.Round(c.Add(o.Subtotal, o.Shipping, o.Setup, o.Other, o.Tax), o.Format.Places)
	return c.Err()
}

var (
	small = paper.Style{Size: 8.5}
	label = paper.Style{Size: 7.5, Bold: true, Gray: 90}
	plain = paper.Style{Size: 9}
	bold  = paper.Style{Size: 9, Bold: true}
)

// PDF draws the order.
func (o PurchaseOrder) PDF() ([]byte, error) {
	o.Number = brief(o.Number, 80)
	d := o.draw()
	defer d.Close()
	var b bytes.Buffer
	if err := d.PDF(&b); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func (o PurchaseOrder) draw() *paper.Doc {
	opt := paper.Options{Width: paper.A4Width, Height: paper.A4Height, Margin: 42, RTL: o.RTL, Lang: o.Lang,
		Title: strings.TrimSpace("Purchase order " + o.Number), Author: o.Buyer.Name, Created: o.Made,
		Footer: func(page, pages int) string {
			of := strings.NewReplacer("{n}", strconv.Itoa(page), "{all}", strconv.Itoa(pages)).Replace(o.say("Page {n} of {all}"))
			return o.say("Purchase order") + " " + paper.LTR(o.Number) + "  ·  " + of
		}}
	if o.Letter {
		opt.Width, opt.Height = paper.LetterWidth, paper.LetterHeight
	}
	d := paper.New(opt)
	o.head(d)
	o.parties(d)
	o.lines(d)
	o.totals(d)
	if o.Notes != "" {
		d.Space(16)
		d.Need(40)
		d.Para(o.say("Notes"), label)
		d.Space(2)
		d.Para(o.Notes, plain)
	}
	return d
}

func (o PurchaseOrder) say(word string) string { return say(o.Lang, word) }

func (o PurchaseOrder) head(d *paper.Doc) {
	if img := logo(o.Logo); img != nil {
		d.Image(img, 160, 56, paper.Start)
		d.Space(8)
	}
	left := append(paper.Cell{{Text: o.Buyer.Name, Style: paper.Style{Size: 15, Bold: true}}}, o.Buyer.blocks(o.Lang, small)...)
	right := paper.Cell{{Text: strings.ToUpper(o.say("Purchase order")), Style: paper.Style{Size: 15, Bold: true}}, {Text: paper.LTR(o.Number), Style: paper.Style{Size: 11}}}
	d.Row(paper.Layout{Columns: []paper.Column{{Share: 6}, {Share: 5, Align: paper.End}}, Gap: 16}, left, right)
	d.Space(10)
	d.Rule(1.2, 0)
	d.Space(8)
	var columns []paper.Column
	var cells []paper.Cell
	for _, f := range [][2]string{{"Order date", o.Format.Day(o.Ordered)}, {"Expected", o.Format.Day(o.Expected)}, {"Terms", o.Terms}, {"Status", o.Status}} {
		if f[1] != "" {
			columns = append(columns, paper.Column{Share: 1})
			cells = append(cells, paper.Cell{{Text: o.say(f[0]), Style: label}, {Text: paper.Isolate(f[1]), Style: plain}})
		}
	}
	if len(cells) > 0 {
		d.Row(paper.Layout{Columns: columns, Gap: 12}, cells...)
		d.Space(12)
	}
}

// parties prints vendor and ship-to side by side.
func (o PurchaseOrder) parties(d *paper.Doc) {
	block := func(title string, c Contact) paper.Cell {
		return append(paper.Cell{{Text: o.say(title), Style: label}, {Text: c.Name, Style: bold}}, c.blocks(o.Lang, small)...)
	}
	d.Row(paper.Layout{Columns: []paper.Column{{Share: 1}, {Share: 1}}, Gap: 24}, block("Vendor", o.Vendor), block("Ship to", o.ShipTo))
	d.Space(16)
}

func (c Contact) blocks(lang string, st paper.Style) (out paper.Cell) {
	for _, l := range c.Lines {
		out = append(out, paper.Block{Text: l, Style: st})
	}
	for _, f := range [][2]string{{"", c.Phone}, {"", c.Email}, {say(lang, "Tax no.") + " ", c.TaxNumber}} {
		if f[1] != "" {
			out = append(out, paper.Block{Text: f[0] + paper.LTR(f[1]), Style: st})
		}
	}
	return out
}

func (o PurchaseOrder) lines(d *paper.Doc) {
	quantity, cost, total := o.say("Quantity"), o.say("Unit cost"), o.say("Total")
	wq, wc, wt := d.Measure(quantity, label), d.Measure(cost, label), d.Measure(total, label)
	wn, code := d.Measure("#"+strconv.Itoa(len(o.Lines)), plain), d.Measure(o.say("Code"), label)
	for _, l := range o.Lines {
		wq = max(wq, d.Measure(o.quantity(l), plain))
		wc = max(wc, d.Measure(o.Format.Cost(l.UnitCost), plain))
		wt = max(wt, d.Measure(o.Format.Amount(l.Total), plain))
		code = max(code, d.Measure(l.Code, plain))
	}
	code, wq, wc, wt = min(code, 110), min(wq, 90), min(wc, 90), min(wt, 110)
	const gap = 10
	lay := paper.Layout{Gap: gap, Pad: 3.5, Rule: 0.5, Columns: []paper.Column{{Share: wn, Title: "#"}, {Share: code, Title: o.say("Code")},
		{Share: d.Width() - wn - code - wq - wc - wt - 5*gap, Title: o.say("Item")}, {Share: wq, Title: quantity, Align: paper.End},
		{Share: wc, Title: cost, Align: paper.End}, {Share: wt, Title: total, Align: paper.End}}}
	d.Table(lay, label)
	one := func(text string) paper.Cell { return paper.Cell{{Text: text, Style: plain}} }
	for i, l := range o.Lines {
		d.Row(lay, one(strconv.Itoa(i+1)), one(paper.LTR(l.Code)), one(l.Name), one(o.quantity(l)),
			one(paper.LTR(o.Format.Cost(l.UnitCost))), one(paper.LTR(o.Format.Amount(l.Total))))
	}
	d.EndTable()
}

func (o PurchaseOrder) quantity(l OrderLine) string {
	q := paper.LTR(o.Format.Quantity(l.Quantity))
	if l.Unit != "" {
		q += " " + paper.Isolate(l.Unit)
	}
	return q
}

// totals stand together, below the columns of figures.
func (o PurchaseOrder) totals(d *paper.Doc) {
	rows := [][2]string{{o.say("Subtotal"), o.Format.Money(o.Subtotal)}}
	for _, c := range []struct {
		name string
		cost dec.D
	}{{"Shipping", o.Shipping}, {"Setup", o.Setup}, {"Other costs", o.Other}, {"Tax", o.Tax}} {
		if c.cost != 0 {
			rows = append(rows, [2]string{o.say(c.name), o.Format.Money(c.cost)})
		}
	}
	lay := paper.Layout{Gap: 10, Pad: 1.5, Columns: []paper.Column{{Share: 5}, {Share: 3, Align: paper.End}, {Share: 3, Align: paper.End}}}
	d.Need(18*float64(len(rows)) + 34)
	d.Space(8)
	for _, r := range rows {
		d.Row(lay, nil, paper.Cell{{Text: r[0], Style: plain}}, paper.Cell{{Text: isolated(r[1]), Style: plain}})
	}
	d.Space(3)
	d.Rule(0.8, 0)
	d.Space(3)
	strong := paper.Style{Size: 12, Bold: true}
	d.Row(lay, nil, paper.Cell{{Text: o.say("Total"), Style: strong}}, paper.Cell{{Text: isolated(o.Format.Money(o.Total)), Style: strong}})
}

// isolated keeps an amount in one piece and in order, whatever the script of
// the currency's symbol.
func isolated(money string) string { return paper.LTR(money) }

// Logos larger than this are left out: they would cost more memory than a
// paper is worth.
const maxLogoSide = 4000

func logo(b []byte) image.Image {
	if len(b) == 0 {
		return nil
	}
	c, _, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil || c.Width > maxLogoSide || c.Height > maxLogoSide {
		return nil
	}
	img, _, err := image.Decode(bytes.NewReader(b))
	if err != nil {
		return nil
	}
	return img
}
