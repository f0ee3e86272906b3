// Package papertest reads back what package paper wrote: the text of a PDF
// and the barcode of a picture. It knows just as much of both formats as the
// tests need and shares no code with the writer.
package papertest

import (
	"bytes"
	"compress/zlib"
	"encoding/hex"
	"fmt"
	"io"
	"regexp"
	"strconv"
	"strings"
	"unicode/utf16"
)

// A PDF is a file that was read.
type PDF struct {
	Pages []string // the text of each page, a line a text line, left to right
	Fonts int
}

var (
	object   = regexp.MustCompile(`(?s)(\d+) 0 obj\n(.*?)\nendobj\n`)
	ref      = regexp.MustCompile(`(\d+) 0 R`)
	contents = regexp.MustCompile(`/Contents (\d+) 0 R`)
	kids     = regexp.MustCompile(`/Kids\[([^\]]*)\]`)
	fontRefs = regexp.MustCompile(`/F(\d+) (\d+) 0 R`)
	unicodes = regexp.MustCompile(`/ToUnicode (\d+) 0 R`)
	bfchar   = regexp.MustCompile(`<([0-9A-F]{2})><([0-9A-F]*)>`)
	token    = regexp.MustCompile(`/Span<</ActualText<([0-9A-F]*)>>>BDC|EMC|/F(\d+) \S+ Tf|<([0-9A-F]*)>|\bET\b`)
)

// Read reads a PDF. It fails where an object is not where the table of places
// says, a stream does not decompress or a font has no text for a code in use.
func Read(file []byte) (PDF, error) {
	var out PDF
	if err := places(file); err != nil {
		return out, err
	}
	objects := map[string]string{}
	for _, m := range object.FindAllSubmatch(file, -1) {
		objects[string(m[1])] = string(m[2])
	}
	fonts := map[string]map[string]string{}
	var pages []string
	for _, body := range objects {
		for _, m := range fontRefs.FindAllStringSubmatch(body, -1) {
			u := unicodes.FindStringSubmatch(objects[m[2]])
			if u == nil {
				return out, fmt.Errorf("font F%s has no ToUnicode", m[1])
			}
			table, err := inflate(objects[u[1]])
			if err != nil {
				return out, err
			}
			fonts[m[1]] = map[string]string{}
			for _, c := range bfchar.FindAllStringSubmatch(table, -1) {
				fonts[m[1]][c[1]] = text(c[2])
			}
		}
		if m := kids.FindStringSubmatch(body); m != nil {
			for _, k := range ref.FindAllStringSubmatch(m[1], -1) {
				pages = append(pages, k[1])
			}
		}
	}
	out.Fonts = len(fonts)
	for _, p := range pages {
		m := contents.FindStringSubmatch(objects[p])
		if m == nil {
			return out, fmt.Errorf("page %s has no content", p)
		}
		c, err := inflate(objects[m[1]])
		if err != nil {
			return out, err
		}
		out.Pages = append(out.Pages, page(c, fonts))
	}
	return out, nil
}

// page returns the text of a page's content.
func page(content string, fonts map[string]map[string]string) string {
	var b strings.Builder
	font, marked := "", false
	for _, m := range token.FindAllStringSubmatch(content, -1) {
		switch {
		case strings.HasPrefix(m[0], "/Span"):
			b.WriteString(strings.TrimPrefix(text(m[1]), "\uFEFF"))
			marked = true
		case m[0] == "EMC":
			marked = false
		case m[0] == "ET":
			b.WriteByte('\n')
		case m[2] != "":
			font = m[2]
		case !marked:
			for i := 0; i+2 <= len(m[3]); i += 2 {
				b.WriteString(fonts[font][m[3][i:i+2]])
			}
		}
	}
	return b.String()
}

// places checks the cross-reference table.
func places(file []byte) error {
	i := bytes.LastIndex(file, []byte("startxref\n"))
	if i < 0 || !bytes.HasPrefix(file, []byte("%PDF-1.7\n")) || !bytes.HasSuffix(file, []byte("%%EOF\n")) {
		return fmt.Errorf("no PDF")
	}
	start, err := strconv.Atoi(strings.Split(string(file[i+10:]), "\n")[0])
	if err != nil || !bytes.HasPrefix(file[start:], []byte("xref\n")) {
		return fmt.Errorf("startxref is wrong")
	}
	lines := strings.Split(string(file[start:i]), "\n")
	for n, line := range lines[3:] { // after "xref", "0 n" and the free entry
		if !strings.HasSuffix(line, " n ") {
			break
		}
		at, err := strconv.Atoi(line[:10])
		if err != nil || !bytes.HasPrefix(file[at:], fmt.Appendf(nil, "%d 0 obj\n", n+1)) {
			return fmt.Errorf("object %d is not at %d", n+1, at)
		}
	}
	return nil
}

func inflate(body string) (string, error) {
	_, data, ok := strings.Cut(body, "stream\n")
	if !ok {
		return "", fmt.Errorf("no stream: %.60q", body)
	}
	r, err := zlib.NewReader(strings.NewReader(data))
	if err != nil {
		return "", err
	}
	b, err := io.ReadAll(r)
	return string(b), err
}

func text(h string) string {
	b, err := hex.DecodeString(h)
	if err != nil {
		return "\uFFFD"
	}
	u := make([]uint16, len(b)/2)
	for i := range u {
		u[i] = uint16(b[2*i])<<8 | uint16(b[2*i+1])
	}
	return string(utf16.Decode(u))
}
