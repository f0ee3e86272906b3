package db

import (
	"errors"

	"storehouse/base/fault"
)

// Verdict is what became of one row of an import: the id of what was made of
// it, or the fault for which it was refused.
type Verdict struct {
	ID  int64
	Err error
}

// Apart stores n rows that check finds good in themselves: together, and where
// that is refused in ever smaller parts, down to single rows, so that one at
// fault does not stop the others. store stores rows in their order, in a
// savepoint, and returns their ids. An error that is no answer to a caller
// ends it.
func (t *Tx) Apart(n int, check func(row int) error, store func(rows []int) ([]int64, error)) ([]Verdict, error) {
	out := make([]Verdict, n)
	var good []int
	for row := range out {
		var err error
		if out[row].Err, err = verdict(check(row)); err != nil {
			return nil, err
		}
		if out[row].Err == nil {
			good = append(good, row)
		}
	}
	return out, t.apart(good, store, out)
}

// parts is into how many parts rows are taken that were refused together. Of
// 250 rows one that is refused costs as much as by halves, and if all are,
// each is tried three times.
const parts = 16

func (t *Tx) apart(rows []int, store func([]int) ([]int64, error), out []Verdict) error {
	if len(rows) == 0 {
		return nil
	}
	var ids []int64
	bad, err := verdict(t.Try(func() (err error) {
		ids, err = store(rows)
		return err
	}))
	switch {
	case err != nil:
		return err
	case bad == nil:
		for n, row := range rows {
			out[row].ID = ids[n]
		}
		return nil
	case len(rows) == 1:
		out[rows[0]].Err = bad
		return nil
	}
	size := (len(rows) + parts - 1) / parts
	for from := 0; from < len(rows); from += size {
		if err := t.apart(rows[from:min(from+size, len(rows))], store, out); err != nil {
			return err
		}
	}
	return nil
}

// verdict tells a fault that is the answer for a row from an error that ends
// an import.
func verdict(err error) (bad, broken error) {
	if f, ok := errors.AsType[*fault.Error](err); ok && f.Kind != fault.Internal {
		return f, nil
	}
	return nil, err
}
