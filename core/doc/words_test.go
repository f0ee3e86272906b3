package doc

import "testing"

func TestEveryWordIsThereInEveryLanguage(t *testing.T) {
	for word, list := range dictionary {
		if len(list) != len(languages) {
			t.Errorf("%q is there in %d of %d languages", word, len(list), len(languages))
		}
	}
	for _, c := range [][3]string{{"ar", "Total", "الإجمالي"}, {"he-IL", "Total", "סה״כ"}, {"FR", "Due", "Reste à payer"}, {"", "Due", "Due"}, {"zh-tw", "Due", "Due"}, {"de", "Due", "Due"}, {"ar", "x", "x"}} {
		if got := say(c[0], c[1]); got != c[2] {
			t.Errorf("%s: %q is %q, want %q", c[0], c[1], got, c[2])
		}
	}
}
