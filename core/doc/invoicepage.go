package doc

import (
	"bytes"
	_ "embed"
	"encoding/base64"
	"fmt"
	"html/template"
	"image"
	"regexp"
	"sync"
)

//go:embed invoice.html
var invoiceHTML string

var invoiceTemplate = sync.OnceValue(func() *template.Template {
	return template.Must(template.New("invoice").Funcs(template.FuncMap{"say": say}).Parse(invoiceHTML))
})

// PageType is the content type of Page.
const PageType = "text/html; charset=utf-8"

// PagePolicy is the Content-Security-Policy that Page is to be served with:
// it has no scripts and loads nothing.
const PagePolicy = "default-src 'none'; style-src 'unsafe-inline'; img-src data:; base-uri 'none'; form-action 'none'; frame-ancestors 'none'"

type pageLine struct {
	Name, Code, Unit, Note           string
	Quantity, Price, Discount, Total string
	Modifier                         bool
}

// Page returns the receipt as a page for the customer's browser, to be read
// on a telephone and to be printed. It holds no scripts and no outside
// addresses but Pay.
func (r Receipt) Page() ([]byte, error) {
	lang, dir := r.Lang, "ltr"
	if !langTag.MatchString(lang) {
		lang = "en"
	}
	if r.RTL {
		dir = "rtl"
	}
	var lines []pageLine
	for _, l := range r.Lines {
		lines = append(lines, r.pageLine(l, false))
		for _, m := range l.Modifiers {
			lines = append(lines, r.pageLine(m, true))
		}
	}
	var b bytes.Buffer
	err := invoiceTemplate().Execute(&b, map[string]any{"R": r, "Title": r.heading(), "Language": lang, "Dir": dir, "Logo": logoURL(r.Logo),
		"Date": r.Format.DayTime(r.Date), "Lines": lines, "Charges": r.details(r.charges()), "Settled": r.details(r.settled()), "Included": r.details(r.Included), "Total": r.Format.Money(r.Total)})
	if err != nil {
		return nil, fmt.Errorf("invoice page: %w", err)
	}
	return b.Bytes(), nil
}

var langTag = regexp.MustCompile(`^[A-Za-z]{2,3}(-[A-Za-z0-9]{2,8})*$`)

func (r Receipt) pageLine(l ReceiptLine, modifier bool) pageLine {
	out := pageLine{Name: l.Name, Code: l.Code, Unit: l.Unit, Note: l.Note, Modifier: modifier,
		Quantity: r.Format.Quantity(l.Quantity), Price: r.Format.Cost(l.UnitPrice), Total: r.Format.Amount(l.Total)}
	if l.Discount != 0 {
		out.Discount = r.Format.Amount(-l.Discount)
	}
	return out
}

func (r Receipt) details(list []Charge) []Detail {
	out := make([]Detail, len(list))
	for i, c := range list {
		out[i] = Detail{c.Label, r.Format.Money(c.Amount)}
	}
	return out
}

// logoURL puts a picture into the page itself; the type is what the content
// says, so nothing but a picture gets there.
func logoURL(b []byte) template.URL {
	_, kind, err := image.DecodeConfig(bytes.NewReader(b))
	if err != nil {
		return ""
	}
	return template.URL("data:image/" + kind + ";base64," + base64.StdEncoding.EncodeToString(b))
}
