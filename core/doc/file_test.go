package doc

import (
	"strings"
	"testing"
)

func TestCleanName(t *testing.T) {
	for in, want := range map[string]string{
		"offer.pdf":             "offer.pdf",
		"../../etc/passwd":      "passwd",
		`C:\Users\me\offer.pdf`: "offer.pdf",
		"..":                    "file",
		"":                      "file",
		"/":                     "file",
		"a\x00b\r\nc.txt":       "abc.txt",
		"offer\u202Efdp.exe":    "offerfdp.exe",
		"عرض سعر.pdf":           "عرض سعر.pdf",
		"\xff\xfe.pdf":          ".pdf",
	} {
		if got := cleanName(in); got != want {
			t.Errorf("%q became %q, want %q", in, got, want)
		}
	}
	long := cleanName(strings.Repeat("é", 300) + ".pdf")
	if len(long) > maxName || !strings.HasSuffix(long, "é.pdf") {
		t.Errorf("a long name became %q (%d bytes)", long, len(long))
	}
}

func TestDisposition(t *testing.T) {
	got := Document{Name: `"ä b.pdf`}.Disposition()
	want := `attachment; filename="____b.pdf"; filename*=UTF-8''%22%C3%A4%20b.pdf`
	if got != want {
		t.Errorf("got %s, want %s", got, want)
	}
}

func TestKindOf(t *testing.T) {
	for _, c := range [][3]string{
		{"application/pdf", "a.txt", "application/pdf"},
		{"text/csv; charset=utf-8", "a", "text/csv"},
		{"", "A.XLSX", "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"},
		{"application/octet-stream", "scan.JPG", "image/jpeg"},
		{"image/jpg", "a.jpg", "image/jpeg"},
		{"", "a", ""},
		{"text/html", "a.pdf", "text/html"},
	} {
		if got := kindOf(c[0], c[1]); got != c[2] {
			t.Errorf("%q, %q: %q, want %q", c[0], c[1], got, c[2])
		}
	}
}
