package maker

import (
	"storehouse/base/fault"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// maxRows is how many rows one bulk import may bring.
const maxRows = 10_000

// bulkIn is the body of a bulk import.
type bulkIn[T any] struct {
	Rows web.Rows[T] `json:"rows" required:"true" doc:"At most 10,000 rows; a row at fault does not stop the others."`
}

// bulkOut answers a bulk import, as both forms of the reference: the ids of
// what was made, and a verdict a row.
type bulkOut struct {
	IDs     []wire.UUID `json:"ids"`
	Results []verdict   `json:"results"`
}

type verdict struct {
	Index  int         `json:"index"`
	Status string      `json:"status" enum:"created,error"`
	ID     *wire.UUID  `json:"id,omitempty"`
	Error  *faultError `json:"error,omitempty"`
}

// bulk imports rows: each is turned into the core's form by read, and those
// without fault are made by create, which gives an id or an error for each.
func bulk[T, R any](in bulkIn[T], k wire.Kind, read func(T) (R, error), create func([]R) ([]made, error)) (bulkOut, error) {
	if err := in.Rows.Limit("rows", maxRows); err != nil {
		return bulkOut{}, err
	}
	results := make([]made, len(in.Rows.List))
	var rows []R
	var at []int
	for i, r := range in.Rows.List {
		err := r.Err
		if err == nil {
			var row R
			if row, err = read(r.Row); err == nil {
				rows, at = append(rows, row), append(at, i)
			}
		}
		results[i].err = err
	}
	done, err := create(rows)
	if err != nil {
		return bulkOut{}, err
	}
	for i, m := range done {
		results[at[i]] = m
	}
	return verdicts(k, results)
}

// made is what became of a row.
type made struct {
	id  int64
	err error
}

func verdicts(k wire.Kind, results []made) (bulkOut, error) {
	out := bulkOut{IDs: []wire.UUID{}, Results: make([]verdict, len(results))}
	for i, m := range results {
		v := verdict{Index: i, Status: "created"}
		if m.err != nil {
			f := fault.Of(m.err)
			if f.Kind == fault.Internal {
				return out, m.err // an outage is no verdict on a row
			}
			_, e := spellFault(f)
			v.Status, v.Error = "error", &e
		} else {
			id := wire.UUID{Kind: k, ID: m.id}
			v.ID = &id
			out.IDs = append(out.IDs, id)
		}
		out.Results[i] = v
	}
	return out, nil
}
