package doc

import (
	"bytes"
	_ "embed"
	"fmt"
	"html/template"
	"sync"
	"time"

	"storehouse/core/sale"
)

//go:embed pay.html
var payHTML string

var payTemplate = sync.OnceValue(func() *template.Template { return template.Must(template.New("pay").Parse(payHTML)) })

// PayPage returns the page behind payment_link: what is due on a sale, and
// how to pay it. invoice is the address of the sale's invoice page. Be served
// with PagePolicy.
func (r Receipt) PayPage(s sale.Sale, invoice string, now time.Time) ([]byte, error) {
	data := map[string]any{"R": r, "Date": r.Format.Day(s.SoldAt), "Total": r.Format.Money(s.Total), "Invoice": invoice, "Owed": s.Status == sale.Final, "Overdue": s.PayStatus(now) == sale.Overdue}
	if r.Due > 0 {
		data["Due"] = r.Format.Money(r.Due)
	}
	if !s.DueAt.IsZero() {
		data["Until"] = r.Format.Day(s.DueAt.Add(-time.Second)) // the end of that day
	}
	var b bytes.Buffer
	if err := payTemplate().Execute(&b, data); err != nil {
		return nil, fmt.Errorf("pay page: %w", err)
	}
	return b.Bytes(), nil
}
