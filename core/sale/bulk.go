package sale

import (
	"errors"
	"slices"

	"storehouse/base/db"
	"storehouse/base/fault"
)

// Verdict is what became of one row of an import: the sale's id, or the fault.
type Verdict struct {
	ID  int64
	Err *fault.Error
}

// Import records many sales, as Create does each: a bad row does not stop the
// others. Rows that are good together are stored together; only where one of
// them is refused are they tried apart.
func Import(tx *db.Tx, drafts []New) ([]Verdict, error) {
	// All ids at once: a transaction that runs out of them starts again.
	lines := 0
	for _, d := range drafts {
		lines += 3 * len(d.Lines) // with what combos add
	}
	if err := reserve(tx, len(drafts), lines); err != nil {
		return nil, err
	}
	const chunk = 250
	out := make([]Verdict, len(drafts))
	rows := make([]int, len(drafts))
	for i := range rows {
		rows[i] = i
	}
	for part := range slices.Chunk(rows, chunk) {
		if err := importPart(tx, drafts, part, out); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// reserve sees to it that blocks of ids are large enough.
func reserve(tx *db.Tx, sales, lines int) error {
	for _, r := range []struct {
		series string
		n      int
	}{{"sale", sales}, {"sale_line", lines}, {"stock_entry", 3 * lines}, {"money_entry", 4 * sales}, {"payment", sales}} {
		if err := tx.ReserveN(r.series, r.n); err != nil {
			return err
		}
	}
	return nil
}

// importPart stores some rows of an import. A row that is wrong in itself is
// left out; where the books refuse one of the others (there is not enough
// stock), they are halved until it stands alone.
func importPart(tx *db.Tx, drafts []New, rows []int, out []Verdict) error {
	part := make([]New, len(rows))
	for i, row := range rows {
		part[i] = drafts[row]
	}
	w, g, err := prepare(tx, part)
	if err != nil {
		return err
	}
	var good []int
	var sales []Sale
	for i, row := range rows {
		s, err := w.build(tx, g, part[i])
		if err == nil {
			err = w.pay(tx, &s, part[i])
		}
		if err == nil {
			good, sales = append(good, row), append(sales, s)
		} else if out[row].Err, err = verdict(err); err != nil {
			return err
		}
	}
	if len(good) == 0 {
		return nil
	}
	var stored []Sale
	err = tx.Try(func() (err error) {
		stored, err = w.create(tx, sales)
		return err
	})
	if err == nil {
		for i, row := range good {
			out[row].ID = stored[i].ID
		}
		return nil
	}
	bad, err := verdict(err)
	if err != nil {
		return err
	}
	if len(good) == 1 {
		out[good[0]].Err = bad
		return nil
	}
	half := len(good) / 2
	if err := importPart(tx, drafts, good[:half], out); err != nil {
		return err
	}
	return importPart(tx, drafts, good[half:], out)
}

// verdict returns the fault that is the answer for a row; any other error ends
// the import.
func verdict(err error) (*fault.Error, error) {
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Kind != fault.Internal {
		return f, nil
	}
	return nil, err
}
