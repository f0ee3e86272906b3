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
	for at := 0; at < len(drafts); at += chunk {
		if err := importPart(tx, drafts[at:min(at+chunk, len(drafts))], out[at:]); err != nil {
			return nil, err
		}
	}
	return out, nil
}

// reserve sees to it that blocks of ids are large enough.
func reserve(tx *db.Tx, sales, lines int) error {
	for series, n := range map[string]int{"sale": sales, "sale_line": lines, "stock_entry": 3 * lines, "money_entry": 4 * sales, "payment": sales} {
		if err := tx.ReserveN(series, n); err != nil {
			return err
		}
	}
	return nil
}

// importPart stores some rows, halving them where one is refused. Only faults
// are verdicts; any other error ends the import.
func importPart(tx *db.Tx, drafts []New, out []Verdict) error {
	if len(drafts) == 0 {
		return nil
	}
	var sales []Sale
	err := tx.Try(func() (err error) {
		sales, err = Create(tx, slices.Clone(drafts)...)
		return err
	})
	if err == nil {
		for i, s := range sales {
			out[i].ID = s.ID
		}
		return nil
	}
	bad, ok := errors.AsType[*fault.Error](err)
	if !ok || bad.Kind == fault.Internal {
		return err
	}
	if len(drafts) == 1 {
		out[0].Err = bad
		return nil
	}
	half := len(drafts) / 2
	if err := importPart(tx, drafts[:half], out); err != nil {
		return err
	}
	return importPart(tx, drafts[half:], out[half:])
}
