package doc

import (
	"bytes"
	"mime"
	"path"
	"strings"
	"unicode"
	"unicode/utf8"

	"storehouse/base/fault"
)

// kinds are the files that may be attached: what an office sends to another.
// A kind with a signature must begin with it. Pages and pictures that can run
// scripts (HTML, SVG) are not among them.
var kinds = map[string]struct {
	extensions string
	signatures []string
}{
	"application/pdf": {".pdf", []string{"%PDF-"}},
	"image/png":       {".png", []string{"\x89PNG\r\n\x1a\n"}},
	"image/jpeg":      {".jpg .jpeg", []string{"\xff\xd8\xff"}},
	"image/gif":       {".gif", []string{"GIF87a", "GIF89a"}},
	"image/webp":      {".webp", []string{"RIFF"}},
	"image/tiff":      {".tif .tiff", []string{"II*\x00", "MM\x00*"}},
	"image/bmp":       {".bmp", []string{"BM"}},
	"image/heic":      {".heic .heif", nil}, // its signature stands at byte 4
	"text/plain":      {".txt .log .md", nil},
	"text/csv":        {".csv", nil},
	"application/zip": {".zip", zipped},
	"message/rfc822":  {".eml", nil},

	"application/vnd.openxmlformats-officedocument.wordprocessingml.document":   {".docx", zipped},
	"application/vnd.openxmlformats-officedocument.spreadsheetml.sheet":         {".xlsx", zipped},
	"application/vnd.openxmlformats-officedocument.presentationml.presentation": {".pptx", zipped},
	"application/vnd.oasis.opendocument.text":                                   {".odt", zipped},
	"application/vnd.oasis.opendocument.spreadsheet":                            {".ods", zipped},
	"application/msword":            {".doc", compound},
	"application/vnd.ms-excel":      {".xls", compound},
	"application/vnd.ms-powerpoint": {".ppt", compound},
	"application/rtf":               {".rtf", []string{"{\\rtf"}},
}

var (
	zipped   = []string{"PK\x03\x04", "PK\x05\x06"}
	compound = []string{"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1"}
)

// Types lists the MIME types that are taken.
func Types() []string {
	var out []string
	for t := range kinds {
		out = append(out, t)
	}
	return out
}

func checkEntity(of EntityType) error {
	switch of {
	case OfSalesOrder, OfPurchaseOrder, OfWorkOrder:
		return nil
	}
	return fault.Field("entityType", "must be sales_order, purchase_order or work_order")
}

// check returns the type of a new document, or says what is wrong with it.
func (s *Store) check(n New) (string, error) {
	if err := checkEntity(n.EntityType); err != nil {
		return "", err
	}
	if len(n.Data) == 0 {
		return "", fault.Field("file", "is empty")
	}
	if int64(len(n.Data)) > s.Limit() {
		return "", &fault.Error{Kind: fault.TooLarge, Msg: "file is too large", Fields: []fault.Flaw{{Field: "file", Msg: "is too large"}},
			Details: map[string]any{"size": len(n.Data), "limit": s.Limit()}}
	}
	kind := kindOf(n.MimeType, n.Name)
	k, ok := kinds[kind]
	if !ok {
		return "", fault.Field("file", "has a type that is not allowed")
	}
	if !begins(n.Data, k.signatures) || strings.HasPrefix(kind, "text/") && bytes.IndexByte(n.Data, 0) >= 0 {
		return "", fault.Field("file", "is not what its type says (%s)", kind)
	}
	return kind, nil
}

// kindOf is the declared type; where that says nothing, what the name says.
func kindOf(declared, name string) string {
	t, _, err := mime.ParseMediaType(declared)
	if err == nil && t != "application/octet-stream" && t != "" {
		if t == "image/jpg" || t == "image/pjpeg" {
			return "image/jpeg"
		}
		return t
	}
	ext := strings.ToLower(path.Ext(name))
	for kind, k := range kinds {
		for _, e := range strings.Fields(k.extensions) {
			if e == ext {
				return kind
			}
		}
	}
	return t
}

func begins(data []byte, signatures []string) bool {
	for _, s := range signatures {
		if bytes.HasPrefix(data, []byte(s)) {
			return true
		}
	}
	return len(signatures) == 0
}

const maxName = 255 // bytes

// cleanName returns what of a sender's file name may be shown: its last
// element, without control characters and without characters that turn the
// direction of the text (they make "fdp.exe" look like "exe.pdf").
func cleanName(name string) string {
	name = name[strings.LastIndexAny(name, `/\`)+1:]
	name = strings.TrimSpace(strings.Map(func(r rune) rune {
		if r == utf8.RuneError || unicode.IsControl(r) || unicode.Is(unicode.Bidi_Control, r) {
			return -1
		}
		return r
	}, name))
	if ext := path.Ext(name); len(name) > maxName && len(ext) < 20 {
		name = cut(name[:len(name)-len(ext)], maxName-len(ext)) + ext
	}
	name = cut(name, maxName)
	if strings.Trim(name, ".") == "" {
		return "file"
	}
	return name
}

// cut shortens text to n bytes, between characters.
func cut(text string, n int) string {
	if len(text) <= n {
		return text
	}
	for n > 0 && !utf8.RuneStart(text[n]) {
		n--
	}
	return text[:n]
}

// Disposition is the header that makes a browser save the document under its
// name (RFC 6266), never show it.
func (v Document) Disposition() string {
	var plain, coded strings.Builder
	for _, b := range []byte(v.Name) {
		switch {
		case b >= '0' && b <= '9' || b >= 'a' && b <= 'z' || b >= 'A' && b <= 'Z' || b == '.' || b == '-' || b == '_':
			plain.WriteByte(b)
			coded.WriteByte(b)
		default:
			plain.WriteByte('_')
			coded.WriteString("%" + strings.ToUpper(string("0123456789abcdef"[b>>4])+string("0123456789abcdef"[b&15])))
		}
	}
	return `attachment; filename="` + plain.String() + `"; filename*=UTF-8''` + coded.String()
}
