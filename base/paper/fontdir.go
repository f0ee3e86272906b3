package paper

import (
	"cmp"
	"io/fs"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/go-text/typesetting/font"
	"github.com/go-text/typesetting/font/opentype"
	"github.com/go-text/typesetting/font/opentype/tables"
)

// DirsSetting is the environment variable that names the directories, parted
// as in PATH, where fonts are looked for that are not embedded: Thai, Bengali
// and all other scripts, and better ones for Chinese, Japanese and Korean.
const DirsSetting = "STOREHOUSE_FONTS"

const (
	maxFontFiles = 4000
	maxFontSize  = 64 << 20
)

var systemDirs = []string{"/usr/share/fonts", "/usr/local/share/fonts", "/System/Library/Fonts", "/Library/Fonts", `C:\Windows\Fonts`}

// A shelf finds fonts in directories. Nothing is read before a rune is asked
// for that no embedded font has, and then only as many files as it takes.
type shelf struct {
	dirs []string

	mu      sync.Mutex
	scanned bool
	files   []string               // ranked, those not opened yet
	opened  []*book                // in the order of the rank
	runes   map[shelfKey]*typeface // also nil: nobody has it
}

type shelfKey struct {
	r    rune
	lang string
}

// A book is one font of a file, known by its coverage until it is needed.
type book struct {
	path, family string
	index        int
	cmap         font.Cmap
	face         *typeface // set when it was needed
	bad          bool      // could not be loaded
}

var (
	shelfMu sync.Mutex
	theOne  *shelf
)

// UseFontDirs sets where fonts are looked for that are not embedded, in place
// of STOREHOUSE_FONTS and the system's own directories.
func UseFontDirs(dirs ...string) {
	shelfMu.Lock()
	defer shelfMu.Unlock()
	theOne = &shelf{dirs: dirs, runes: map[shelfKey]*typeface{}}
}

func currentShelf() *shelf {
	shelfMu.Lock()
	defer shelfMu.Unlock()
	if theOne == nil {
		dirs := filepath.SplitList(os.Getenv(DirsSetting))
		if len(dirs) == 0 {
			dirs = systemDirs
		}
		theOne = &shelf{dirs: dirs, runes: map[shelfKey]*typeface{}}
	}
	return theOne
}

// find returns a font that has r, the embedded one where the directories hold
// none, nil if there is none at all. Of a collection that
// has it in several forms, lang ("ja", "ko", "zh", "zh-tw") says which.
func (s *shelf) find(r rune, lang string) *typeface {
	s.mu.Lock()
	defer s.mu.Unlock()
	k := shelfKey{r, lang}
	if t, ok := s.runes[k]; ok {
		return t
	}
	if len(s.runes) > 1<<16 {
		clear(s.runes)
	}
	t := s.search(r, lang)
	s.runes[k] = t
	return t
}

func (s *shelf) search(r rune, lang string) *typeface {
	if !s.scanned {
		s.scanned = true
		s.files = fontFiles(s.dirs)
	}
	if t := pick(s.opened, r, lang); t != nil {
		return t
	}
	for len(s.files) > 0 {
		path := s.files[0]
		s.files = s.files[1:]
		books := openBooks(path)
		s.opened = append(s.opened, books...)
		if t := pick(books, r, lang); t != nil {
			return t
		}
	}
	return lastResort().find(r)
}

// pick returns the first that has r, one made for the language before others.
func pick(books []*book, r rune, lang string) *typeface {
	var other *book
	for _, b := range books {
		if b.bad {
			continue
		}
		if _, ok := b.cmap.Lookup(r); !ok {
			continue
		}
		if suffix := regional[lang]; suffix != "" && strings.HasSuffix(b.family, suffix) {
			if t := b.load(); t != nil {
				return t
			}
		}
		if other == nil {
			other = b
		}
	}
	if other == nil {
		return nil
	}
	return other.load()
}

// regional names the forms of the pan-Asian collections.
var regional = map[string]string{"ja": " jp", "ko": " kr", "zh": " sc", "zh-tw": " tc", "zh-hk": " hk"}

func (b *book) load() *typeface {
	if b.face != nil || b.bad {
		return b.face
	}
	b.bad = true
	defer func() { _ = recover() }() // a broken file of the system must not stop an invoice
	f, loaders, err := loaders(b.path)
	if err != nil {
		return nil
	}
	defer f.Close()
	ft, err := font.NewFont(loaders[b.index])
	if err != nil {
		return nil
	}
	b.face, b.bad = &typeface{name: strings.ReplaceAll(b.family, " ", ""), font: ft}, false
	return b.face
}

func loaders(path string) (*os.File, []*opentype.Loader, error) {
	f, err := os.Open(path)
	if err != nil {
		return nil, nil, err
	}
	list, err := opentype.NewLoaders(f)
	if err != nil {
		f.Close()
		return nil, nil, err
	}
	return f, list, nil
}

// openBooks reads what a file's fonts cover. Fonts without outlines
// (bitmaps, colour emoji) are passed over.
func openBooks(path string) (out []*book) {
	defer func() { _ = recover() }() // see load
	f, list, err := loaders(path)
	if err != nil {
		return nil
	}
	defer f.Close()
	for i, ld := range list {
		if !ld.HasTable(opentype.MustNewTag("glyf")) && !ld.HasTable(opentype.MustNewTag("CFF ")) && !ld.HasTable(opentype.MustNewTag("CFF2")) {
			continue
		}
		raw, err := ld.RawTable(opentype.MustNewTag("cmap"))
		if err != nil {
			continue
		}
		table, _, err := tables.ParseCmap(raw)
		if err != nil {
			continue
		}
		cm, _, err := font.ProcessCmap(table, 0)
		if err != nil {
			continue
		}
		d, _ := font.Describe(ld, nil)
		out = append(out, &book{path: path, family: strings.ToLower(d.Family), index: i, cmap: cm})
	}
	return out
}

// fontFiles lists the font files below dirs, the likeliest to look well first.
func fontFiles(dirs []string) []string {
	var out []string
	for _, dir := range dirs {
		_ = filepath.WalkDir(dir, func(path string, e fs.DirEntry, err error) error {
			if err != nil || e.IsDir() {
				return nil // an unreadable directory has no fonts for us
			}
			switch strings.ToLower(filepath.Ext(path)) {
			case ".ttf", ".otf", ".ttc", ".otc":
			default:
				return nil
			}
			if info, err := e.Info(); err == nil && info.Size() <= maxFontSize {
				out = append(out, path)
			}
			if len(out) >= maxFontFiles {
				return fs.SkipAll
			}
			return nil
		})
	}
	slices.SortFunc(out, func(a, b string) int {
		return cmp.Or(cmp.Compare(rank(a), rank(b)), cmp.Compare(a, b))
	})
	return out
}

// rank prefers an upright sans serif of regular weight, and the fonts that
// hold a whole script or more.
func rank(path string) int {
	name := strings.ToLower(filepath.Base(path))
	n := 40
	for i, good := range []string{"notosanscjk-regular", "sourcehansans-regular", "notosans", "dejavusans", "sans", "regular"} {
		if strings.HasPrefix(name, good) || i > 2 && strings.Contains(name, good) {
			n = i
			break
		}
	}
	for _, worse := range []string{"bold", "black", "light", "thin", "medium", "italic", "oblique", "condensed", "mono", "serif", "display", "ui-", "looped"} {
		if strings.Contains(strings.ReplaceAll(name, "sansserif", ""), worse) {
			n += 50
		}
	}
	return n
}
