package doc

import (
	"bytes"
	_ "image/gif"  // logos
	_ "image/jpeg" // logos
	_ "image/png"  // logos
	"strconv"
	"time"

	"storehouse/base/dec"
	"storehouse/base/paper"
)

// Receipt is what a cashier hands over, and the invoice page behind
// invoice_url. Amounts of zero are not printed, except the total.
type Receipt struct {
	Format Format
	RTL    bool   // the paper reads from right to left
	Lang   string // BCP 47: "en", "ar", "ja"
	Logo   []byte // PNG, JPEG or GIF; one that cannot be read is left out

	Shop    Contact
	Heading string // "Invoice" if empty; "Quotation", "Credit note"
	Number  string // also as a barcode
	Date    time.Time

	Customer Contact
	Details  []Detail // cashier, table, kind of service: printed below the number

	Lines []ReceiptLine

	Subtotal      dec.D // of the lines, before the discount of the order
	DiscountLabel string
	Discount      dec.D // positive: taken off
	Redeemed      dec.D // points redeemed, as money, taken off
	Taxes         []Charge
	Shipping      dec.D
	Packing       dec.D
	Charges       []Charge // whatever else is added: tips, other expenses
	RoundOff      dec.D    // signed
	Total         dec.D
	Included      []Charge // taxes that the lines' amounts hold already: told below the total

	Payments []Charge // a method and its amount
	Change   dec.D
	Due      dec.D

	Notes  string
	Footer string
	Pay    string // where the customer may pay: only on the page
}

// A Detail is a labelled text.
type Detail struct{ Label, Text string }

// A Charge is a labelled amount.
type Charge struct {
	Label  string
	Amount dec.D
}

// A ReceiptLine is one line of a sale.
type ReceiptLine struct {
	Name, Code, Unit, Note string
	Quantity, UnitPrice    dec.D
	Discount               dec.D // of the whole line, positive; already in Total
	Total                  dec.D
	Modifiers              []ReceiptLine // their own Modifiers are not looked at
}

// maxReceiptLines bounds the strip of paper; what is more is counted on it.
const maxReceiptLines = 400

// Sizes on the strip, in points: 24, 22 and 31 dots of a 203 dpi printer.
var (
	tillPlain = paper.Style{Size: 8.6}
	tillBold  = paper.Style{Size: 8.6, Bold: true}
	tillSmall = paper.Style{Size: 7.6}
	tillTotal = paper.Style{Size: 12, Bold: true}
)

const dot = 72.0 / paper.RollDPI

// PNG draws the receipt on a strip of 80 mm, 640 pixels wide.
func (r Receipt) PNG() ([]byte, error) {
	d := r.draw()
	defer d.Close()
	var b bytes.Buffer
	if err := d.PNG(&b, 0, paper.RollDPI); err != nil {
		return nil, err
	}
	return b.Bytes(), nil
}

func (r Receipt) draw() *paper.Doc {
	d := paper.New(paper.Options{Width: paper.RollWidth, Margin: 32 * dot, RTL: r.RTL, Lang: r.Lang, Grid: dot})
	r.head(d)
	r.body(d)
	r.sums(d)
	r.foot(d)
	return d
}

func centered(st paper.Style) paper.Style {
	st.Align = paper.Center
	return st
}

func (r Receipt) head(d *paper.Doc) {
	if img := logo(r.Logo); img != nil {
		d.Image(img, 150, 64, paper.Center)
		d.Space(6)
	}
	d.Para(brief(r.Shop.Name, 200), paper.Style{Size: 13, Bold: true, Align: paper.Center})
	for _, b := range r.Shop.blocks(r.Lang, centered(tillSmall)) {
		d.Para(b.Text, b.Style)
	}
	d.Space(6)
	dashes(d)
	d.Para(r.heading(), paper.Style{Size: 10.5, Bold: true, Align: paper.Center})
	d.Space(3)
	lay := paper.Layout{Columns: []paper.Column{{Share: 2}, {Share: 3, Align: paper.End}}, Gap: 6}
	rows := append([]Detail{{r.say("No."), paper.LTR(brief(r.Number, 80))}, {r.say("Date"), paper.LTR(r.Format.DayTime(r.Date))}, {r.say("Customer"), r.Customer.Name},
		{r.say("Phone"), paper.LTR(r.Customer.Phone)}, {r.say("Tax no."), paper.LTR(r.Customer.TaxNumber)}}, r.Details...)
	for _, row := range rows {
		if row.Text != "" {
			d.Row(lay, paper.Cell{{Text: row.Label, Style: tillPlain}}, paper.Cell{{Text: row.Text, Style: tillPlain}})
		}
	}
	d.Space(5)
	dashes(d)
}

func (r Receipt) say(word string) string { return say(r.Lang, word) }

func (r Receipt) heading() string {
	if r.Heading == "" {
		return r.say("Invoice")
	}
	return r.Heading
}

func dashes(d *paper.Doc) {
	d.Dashes(8*dot, 2*dot)
	d.Space(5)
}

// body prints the lines: name and amount, below them how it came about.
func (r Receipt) body(d *paper.Doc) {
	room := 0.0
	for _, l := range r.Lines[:min(len(r.Lines), maxReceiptLines)] {
		room = max(room, d.Measure(r.Format.Amount(l.Total), tillPlain))
	}
	room = min(room+1, d.Width()*0.6)
	lay := paper.Layout{Columns: []paper.Column{{Share: d.Width() - room - 8}, {Share: room, Align: paper.End}}, Gap: 8, Pad: 1.5}
	printed := 0
	for i, l := range r.Lines {
		if printed >= maxReceiptLines {
			d.Para("… + "+strconv.Itoa(len(r.Lines)-i)+" "+r.say("more lines"), centered(tillSmall))
			break
		}
		printed += 1 + len(l.Modifiers)
		cell := paper.Cell{{Text: brief(l.Name, 120), Style: tillBold}, {Text: r.times(l), Style: tillSmall}}
		if l.Discount != 0 {
			cell = append(cell, paper.Block{Text: r.say("Discount") + " " + paper.LTR(r.Format.Amount(-l.Discount)), Style: tillSmall})
		}
		if l.Note != "" {
			cell = append(cell, paper.Block{Text: brief(l.Note, 120), Style: tillSmall})
		}
		d.Row(lay, cell, paper.Cell{{Text: paper.LTR(r.Format.Amount(l.Total)), Style: tillPlain}})
		for _, m := range l.Modifiers[:min(len(l.Modifiers), maxReceiptLines)] {
			d.Row(lay, paper.Cell{{Text: "+ " + paper.Isolate(brief(m.Name, 120)), Style: tillPlain}, {Text: r.times(m), Style: tillSmall}},
				paper.Cell{{Text: paper.LTR(r.Format.Amount(m.Total)), Style: tillPlain}})
		}
	}
	d.Space(4)
	dashes(d)
}

// times is "2 Pc × 437.50", with the code before it.
func (r Receipt) times(l ReceiptLine) string {
	q := paper.LTR(r.Format.Quantity(l.Quantity))
	if l.Unit != "" {
		q += " " + paper.Isolate(brief(l.Unit, 20))
	}
	q += " × " + paper.LTR(r.Format.Cost(l.UnitPrice))
	if l.Code != "" {
		return paper.LTR(brief(l.Code, 40)) + "   " + q
	}
	return q
}

// brief cuts a text that would fill the paper to n characters.
func brief(text string, n int) string {
	if len(text) <= n {
		return text
	}
	if runes := []rune(text); len(runes) > n {
		return string(runes[:n-1]) + "…"
	}
	return text
}

// charges lists what stands between the lines and the total.
func (r Receipt) charges() []Charge {
	discount := r.say("Discount")
	if r.DiscountLabel != "" {
		discount = r.DiscountLabel
	}
	list := append([]Charge{{discount, -r.Discount}, {r.say("Points redeemed"), -r.Redeemed}}, r.Taxes...)
	list = append(list, Charge{r.say("Shipping"), r.Shipping}, Charge{r.say("Packing"), r.Packing})
	list = append(append(list, r.Charges...), Charge{r.say("Round off"), r.RoundOff})
	out := []Charge{{r.say("Subtotal"), r.Subtotal}}
	for _, c := range list {
		if c.Amount != 0 {
			out = append(out, c)
		}
	}
	return out
}

// settled lists what stands below the total.
func (r Receipt) settled() []Charge {
	out := append([]Charge(nil), r.Payments...)
	for _, c := range []Charge{{r.say("Change"), r.Change}, {r.say("Due"), r.Due}} {
		if c.Amount != 0 {
			out = append(out, c)
		}
	}
	return out
}

func (r Receipt) sums(d *paper.Doc) {
	lay := paper.Layout{Columns: []paper.Column{{Share: 1}, {Share: 1, Align: paper.End}}, Gap: 8, Pad: 0.7}
	row := func(c Charge, st paper.Style) {
		d.Row(lay, paper.Cell{{Text: c.Label, Style: st}}, paper.Cell{{Text: isolated(r.Format.Money(c.Amount)), Style: st}})
	}
	for _, c := range r.charges() {
		row(c, tillPlain)
	}
	d.Space(3)
	d.Rule(2*dot, 0)
	d.Space(2)
	row(Charge{r.say("Total"), r.Total}, tillTotal)
	d.Space(2)
	d.Rule(2*dot, 0)
	d.Space(4)
	for _, c := range r.Included {
		d.Row(lay, paper.Cell{{Text: r.say("incl.") + " " + paper.Isolate(c.Label), Style: tillSmall}},
			paper.Cell{{Text: isolated(r.Format.Money(c.Amount)), Style: tillSmall}})
	}
	for _, c := range r.settled() {
		st := tillPlain
		if c.Label == r.say("Due") {
			st = tillBold
		}
		row(c, st)
	}
}

func (r Receipt) foot(d *paper.Doc) {
	if r.Notes != "" {
		d.Space(5)
		d.Para(r.Notes, tillSmall)
	}
	d.Space(12)
	if d.Barcode(r.Number, 38, 3*dot) {
		d.Space(3)
		d.Para(brief(r.Number, 80), centered(tillSmall))
	}
	if r.Footer != "" {
		d.Space(8)
		d.Para(r.Footer, centered(tillPlain))
	}
	d.Space(6)
}
