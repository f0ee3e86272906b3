package pos

import (
	"cmp"
	"slices"

	"storehouse/base/fault"
	"storehouse/face/web"
)

// unique returns ids sorted and without repeats.
func unique[T cmp.Ordered](list []T) []T { return slices.Compact(slices.Sorted(slices.Values(list))) }

// or returns the first text that is not empty.
func or(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// descending reads a direction; without one a list ascends.
func descending(field, direction string) (bool, error) {
	switch direction {
	case "desc":
		return true, nil
	case "asc", "":
		return false, nil
	}
	return false, fault.Field(field, "must be asc or desc")
}

// streamedRows is how many rows of a list without pages are in memory at once.
const streamedRows = 500

// list answers one page of a list, or streams all of it.
func list[T any](f *face, c *web.Call, p paging, count func() (int64, error), load func(limit, offset int) ([]T, error)) (any, error) {
	if p.all() {
		return stream(func(emit func(T) error) error {
			for offset := 0; ; offset += streamedRows {
				rows, err := load(streamedRows, offset)
				if err != nil {
					return err
				}
				for _, r := range rows {
					if err := emit(r); err != nil {
						return err
					}
				}
				if len(rows) < streamedRows {
					return nil
				}
			}
		}), nil
	}
	rows, err := load(p.perPage(), p.offset())
	if err != nil {
		return nil, err
	}
	total, err := count()
	if err != nil {
		return nil, err
	}
	return paged(f, asked(c), p, rows, int(total)), nil
}
