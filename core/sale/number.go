package sale

import (
	"fmt"
	"slices"
	"time"

	"storehouse/base/db"
	"storehouse/base/fault"
)

// numberTaken is the error of a caller's number that was stored by somebody
// else meanwhile.
type numberTaken struct{ number string }

func (e *numberTaken) Error() string { return takenFault(e.number).Error() }
func (e *numberTaken) Unwrap() error { return takenFault(e.number) }

// series returns the counter that a sale's number is taken from, and how the
// number is written.
func (w *world) series(s *Sale) (string, func(int64) string) {
	switch {
	case s.isOrder():
		return plain("order", w.settings.Prefix("order"))
	case s.Status == Draft:
		return yearly("draft", "", s.SoldAt.In(zone(w.settings)))
	}
	if p := w.locations[s.Location].prefix; p != "" && p != w.settings.Prefix("invoice") {
		return plain("invoice:"+p, p)
	}
	return plain("invoice", w.settings.Prefix("invoice"))
}

func plain(series, prefix string) (string, func(int64) string) {
	return series, func(n int64) string { return fmt.Sprintf("%s%04d", prefix, n) }
}

func yearly(series, prefix string, at time.Time) (string, func(int64) string) {
	y := at.Year()
	return fmt.Sprintf("%s:%d", series, y), func(n int64) string { return fmt.Sprintf("%s%d/%04d", prefix, y, n) }
}

// counted is the series that counts an organization's sales, so that the
// total of a list of them all needs no look at each.
const counted = "sale:count"

// number gives numbers to the sales and payments that have none, all series
// in one statement, and counts made new sales in the same.
func (w *world) number(tx *db.Tx, sales []*Sale, made int64) error {
	type blank struct {
		series string
		write  func(int64) string
		to     *string
	}
	var blanks []blank
	want := map[string]int64{}
	put := func(to *string, series string, write func(int64) string) {
		if *to == "" {
			blanks = append(blanks, blank{series, write, to})
			want[series]++
		}
	}
	for _, s := range sales {
		series, write := w.series(s)
		put(&s.Number, series, write)
		if s.IsRecurring && s.Status == Final {
			series, write := yearly("subscription", "", s.SoldAt.In(zone(w.settings)))
			put(&s.SubscriptionNo, series, write)
		}
		for i := range s.Payments {
			p := &s.Payments[i]
			series, write := yearly("payment", w.settings.Prefix("payment"), p.PaidOn.In(zone(w.settings)))
			put(&p.RefNo, series, write)
		}
	}
	if made != 0 {
		want[counted] = made
	}
	next, err := tx.Numbers(want)
	if err != nil {
		return err
	}
	for _, b := range blanks {
		*b.to = b.write(next[b.series])
		next[b.series]++
	}
	return nil
}

// isOrder reports whether the sale is numbered as an order. A till's sells
// have a counter of their own, so nobody waits for this one with goods in hand.
func (s *Sale) isOrder() bool { return ordered(s.Origin) || s.Origin == Loyalty }

// numberOrders gives numbers to orders before they are posted. A number that a
// caller has used before is passed over.
func (w *world) numberOrders(tx *db.Tx, sales []*Sale) error {
	var left []*Sale
	for _, s := range sales {
		if s.isOrder() && s.Number == "" {
			left = append(left, s)
		}
	}
	for len(left) > 0 {
		series, write := w.series(left[0])
		next, err := tx.Numbers(map[string]int64{series: int64(len(left))})
		if err != nil {
			return err
		}
		numbers := make([]string, len(left))
		for i, s := range left {
			s.Number = write(next[series] + int64(i))
			numbers[i] = s.Number
		}
		used, err := db.All(tx, db.Value[string], `SELECT number FROM sale WHERE org_id = ? AND number IN (`+db.Marks(len(numbers))+`)`,
			append([]any{tx.Org}, db.Args(numbers)...)...)
		if err != nil {
			return err
		}
		var again []*Sale
		for _, s := range left {
			if slices.Contains(used, s.Number) {
				s.Number = ""
				again = append(again, s)
			}
		}
		left = again
	}
	return nil
}

// insert stores sales and their lines. A number that the counter gave but that
// a caller has used before is passed over.
func (w *world) insert(tx *db.Tx, sales []*Sale) error {
	given := map[int64]bool{}
	for _, s := range sales {
		given[s.ID] = w.given[s.Number]
	}
	left := sales
	for len(left) > 0 {
		stored, err := w.insertRows(tx, left)
		if err != nil {
			return err
		}
		var again []*Sale
		for _, s := range left {
			if stored[s.ID] {
				continue
			}
			if given[s.ID] {
				return &numberTaken{s.Number}
			}
			s.Number = ""
			again = append(again, s)
		}
		if err := w.number(tx, again, 0); err != nil {
			return err
		}
		left = again
	}
	var lines []Line
	for _, s := range sales {
		lines = append(lines, s.Lines...)
	}
	return insertLines(tx, lines)
}

// saleWidth is how many columns a sale has, the organization among them.
var saleWidth = 1 + len((&Sale{}).columns())

// insertRows inserts the sales whose numbers are free and tells which they
// are.
func (w *world) insertRows(tx *db.Tx, sales []*Sale) (map[int64]bool, error) {
	const chunk = 300
	stored := map[int64]bool{}
	for len(sales) > 0 {
		part := sales[:min(chunk, len(sales))]
		sales = sales[len(part):]
		args := make([]any, 0, len(part)*saleWidth)
		for _, s := range part {
			args = values(args, tx, s.columns())
		}
		n, err := tx.InsertFlat("sale", "org_id, "+saleCols, saleWidth, args, "ON CONFLICT (org_id, number) DO NOTHING")
		if err != nil {
			return nil, err
		}
		if n == int64(len(part)) {
			for _, s := range part {
				stored[s.ID] = true
			}
			continue
		}
		ids := make([]any, 1, len(part)+1)
		ids[0] = tx.Org
		for _, s := range part {
			ids = append(ids, s.ID)
		}
		got, err := db.All(tx, db.Value[int64], `SELECT id FROM sale WHERE org_id = ? AND id IN (`+db.Marks(len(part))+`)`, ids...)
		if err != nil {
			return nil, err
		}
		for _, id := range got {
			stored[id] = true
		}
	}
	return stored, nil
}

// reloadNumber looks again who has a number.
func (w *world) reloadNumber(tx *db.Tx, number string) error {
	fresh, err := load(tx, asked{numbers: []string{number}})
	if err != nil {
		return err
	}
	for n, t := range fresh.numbers {
		w.numbers[n] = t
	}
	return nil
}

var errNoToken = fault.Missing("invoice")

// ByToken returns the sale that an invoice token opens; a wrong one is
// NotFound.
func ByToken(tx *db.Tx, token string) (Sale, error) {
	org, id, ok := tokenRow(token)
	if !ok || org != tx.Org {
		return Sale{}, errNoToken
	}
	ids, err := db.All(tx, db.Value[int64], `SELECT id FROM sale WHERE org_id = ? AND id = ? AND invoice_token = ?`, tx.Org, id, token)
	if err != nil {
		return Sale{}, err
	}
	if len(ids) == 0 {
		return Sale{}, errNoToken
	}
	return Get(tx, ids[0])
}
