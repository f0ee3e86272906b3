package search

import "testing"

// FuzzEach takes bodies apart that nobody has packed: nothing but whole rows
// comes of them, and these are as they were packed.
func FuzzEach(f *testing.F) {
	f.Add(pack(Row{ID: 7, Key: "ale", Also: "s1", Marks: Marks{1, -1}}))
	f.Add("!0oooooooooooooooooo")
	f.Fuzz(func(t *testing.T, body string) {
		n := 0
		each(body, func(raw string, r *Row) {
			n += len(raw)
			each(pack(*r), func(_ string, again *Row) {
				if *again != *r && len(r.Key) <= maxText && len(r.Also) <= maxText {
					t.Errorf("%+v became %+v", *r, *again)
				}
			})
		})
		if n > len(body) {
			t.Errorf("%d bytes of %d", n, len(body))
		}
	})
}
