package sale

import (
	"slices"

	"storehouse/base/db"
)

// Import records many sales, as Create does each: a bad row does not stop the
// others. Rows are stored together, in few statements, and apart where the
// books refuse one of them.
func Import(tx *db.Tx, drafts []New) ([]db.Verdict, error) {
	// All ids at once: a transaction that runs out of them starts again.
	lines := 0
	for _, d := range drafts {
		lines += 3 * len(d.Lines) // with what combos add
	}
	if err := reserve(tx, len(drafts), lines); err != nil {
		return nil, err
	}
	out := make([]db.Verdict, 0, len(drafts))
	for part := range slices.Chunk(drafts, 250) {
		list, err := importPart(tx, part)
		if err != nil {
			return nil, err
		}
		out = append(out, list...)
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

// importPart stores some rows of an import.
func importPart(tx *db.Tx, drafts []New) ([]db.Verdict, error) {
	w, g, err := prepare(tx, drafts)
	if err != nil {
		return nil, err
	}
	build := func(row int) (Sale, error) {
		s, err := w.build(tx, g, drafts[row])
		if err == nil {
			err = w.pay(tx, &s, drafts[row])
		}
		return s, err
	}
	return tx.Apart(len(drafts), func(row int) error {
		_, err := build(row)
		return err
	}, func(rows []int) ([]int64, error) {
		sales, ids := make([]Sale, len(rows)), make([]int64, len(rows))
		for i, row := range rows {
			s, err := build(row) // anew: storing completes it
			if err != nil {
				return nil, err
			}
			sales[i] = s
		}
		stored, err := w.create(tx, sales)
		for i, s := range stored {
			ids[i] = s.ID
		}
		return ids, err
	})
}
