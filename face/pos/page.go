package pos

import (
	"encoding/json"
	"io"
	"maps"
	"net/http"
	"net/url"
	"strconv"
	"strings"

	"storehouse/base/fault"
	"storehouse/face/web"
	"storehouse/face/wire"
)

// paging is the query of a list. Its answer is Laravel's page envelope; -1
// streams everything, without links and meta (real-clients.md §1.2).
type paging struct {
	Page    wire.Int `query:"page" doc:"Which page, from 1."`
	PerPage wire.Int `query:"per_page" doc:"Total records per page. default: 10, Set -1 for no pagination"`
}

const maxPerPage = 3000

// all reports whether everything was asked for.
func (p paging) all() bool { return p.PerPage.Set && p.PerPage.N == -1 }

// perPage is the page's size: 10 unless told, at most 3000.
func (p paging) perPage() int {
	if !p.PerPage.Set || p.PerPage.N == 0 {
		return 10
	}
	return int(min(max(p.PerPage.N, 1), maxPerPage))
}

func (p paging) number() int {
	if p.Page.N < 1 {
		return 1
	}
	return int(min(p.Page.N, 1<<40))
}

// offset is how many rows come before the page.
func (p paging) offset() int { return (p.number() - 1) * p.perPage() }

// check refuses sizes that make no sense.
func (p paging) check() error {
	if p.PerPage.Set && p.PerPage.N < -1 {
		return fault.Field("per_page", "must be -1 or more")
	}
	return nil
}

// pageOf is Laravel's page envelope.
type pageOf[T any] struct {
	Data  []T   `json:"data"`
	Links links `json:"links" required:"false"`
	Meta  meta  `json:"meta" required:"false"`
}

type links struct {
	First string  `json:"first"`
	Last  *string `json:"last"`
	Prev  *string `json:"prev"`
	Next  *string `json:"next"`
}

type meta struct {
	Current  int    `json:"current_page"`
	From     *int   `json:"from"`
	LastPage int    `json:"last_page"`
	Path     string `json:"path"`
	PerPage  int    `json:"per_page"`
	To       *int   `json:"to"`
	Total    int    `json:"total"`
}

// question is what a list was asked for: the request, and its filters wherever
// they stood.
type question struct {
	r     *http.Request
	query url.Values
}

// asked reads the filters of a list. Those of a JSON body count as if they had
// been in the query, so that a link to the next page has them too.
func asked(c *web.Call) question {
	q := c.R.URL.Query()
	tree, _, err := c.Input()
	if m, ok := tree.(map[string]any); ok && err == nil {
		for name, v := range m {
			if text := filterText(v); text != "" && !q.Has(name) {
				q.Set(name, text)
			}
		}
	}
	return question{c.R, q}
}

// filterText spells a filter of a body as it would stand in a query.
func filterText(v any) string {
	switch x := v.(type) {
	case string:
		return x
	case json.Number:
		return x.String()
	case bool:
		if x {
			return "1"
		}
		return "0"
	case []any:
		parts := make([]string, 0, len(x))
		for _, e := range x {
			if s := filterText(e); s != "" {
				parts = append(parts, s)
			}
		}
		return strings.Join(parts, ",")
	}
	return ""
}

// paged puts one page of a list of total rows in its envelope. Links are
// absolute and repeat the filters: the vendor's app follows links.next verbatim.
func paged[T any](f *face, ask question, p paging, rows []T, total int) pageOf[T] {
	n, per := p.number(), p.perPage()
	last := max(1, (total+per-1)/per)
	path := f.origin(ask.r) + ask.r.URL.Path
	link := func(page int) *string {
		q := maps.Clone(ask.query)
		q.Set("page", strconv.Itoa(page))
		s := path + "?" + q.Encode()
		return &s
	}
	out := pageOf[T]{Data: rows, Links: links{First: *link(1), Last: link(last)},
		Meta: meta{Current: n, LastPage: last, Path: path, PerPage: per, Total: total}}
	if out.Data == nil {
		out.Data = []T{}
	}
	if n > 1 {
		out.Links.Prev = link(n - 1)
	}
	if n < last {
		out.Links.Next = link(n + 1)
	}
	if len(rows) > 0 {
		from, to := p.offset()+1, p.offset()+len(rows)
		out.Meta.From, out.Meta.To = &from, &to
	}
	return out
}

// origin is the address under which the client reached the program.
func (f *face) origin(r *http.Request) string {
	if f.BaseURL != "" {
		return strings.TrimRight(f.BaseURL, "/")
	}
	scheme := "http"
	if r.TLS != nil || r.Header.Get("X-Forwarded-Proto") == "https" {
		scheme = "https"
	}
	return scheme + "://" + r.Host
}

// stream writes {"data":[…]} row by row, for per_page=-1. each calls its
// argument for every row.
func stream[T any](each func(emit func(T) error) error) web.Stream {
	return web.Stream{Write: func(w io.Writer) error {
		if _, err := io.WriteString(w, `{"data":[`); err != nil {
			return err
		}
		first := true
		err := each(func(v T) error {
			if !first {
				if _, err := io.WriteString(w, ","); err != nil {
					return err
				}
			}
			first = false
			b, err := wire.JSON(v)
			if err != nil {
				return err
			}
			_, err = w.Write(b)
			return err
		})
		if err != nil {
			return err
		}
		_, err = io.WriteString(w, `]}`)
		return err
	}}
}

func itoa(n int) string { return strconv.Itoa(n) }

// ids reads the comma-separated ids of a path: "55,56". What is no id matches
// no row.
func ids(path string) []int64 {
	var out []int64
	for _, s := range strings.Split(path, ",") {
		if n, err := strconv.ParseInt(strings.TrimSpace(s), 10, 64); err == nil && n > 0 {
			out = append(out, n)
		}
	}
	return out
}
