package maker_test

import (
	"fmt"
	"os"
	"path/filepath"
	"regexp"
	"slices"
	"strings"
	"testing"

	"storehouse/core/org"
	"storehouse/face/maker"
)

var (
	exchangeRE = regexp.MustCompile(`(?m)^(GET|POST|PATCH|PUT|DELETE) (/api/[^\s?]*)`)
	callerRE   = regexp.MustCompile(`(?m)^As: (\S+)$`)
	statusRE   = regexp.MustCompile(`(?m)^\d{3}$`)
	openRE     = regexp.MustCompile(`\{[^}/]*\}`)
)

// bodiless are the writes that read nothing from a body.
var bodiless = []string{"POST /api/order-channels/{id}/reactivate", "POST /api/organizations/current/leave"}

// strangers are the callers in the exchange files who have no part in the
// organization, beside those who are nobody.
var strangers = []string{"rival", "bob"}

// TestEveryOperationHasItsExchanges looks for the five exchanges that each
// operation needs, as far as they can be: success, bad input, a role too low,
// another organization's id and an id that is unknown.
func TestEveryOperationHasItsExchanges(t *testing.T) {
	seen := statuses(t)
	for _, r := range maker.New(maker.Deps{}).Routes {
		if r.Hidden {
			continue
		}
		op := r.Method + " " + r.Path
		has := func(status string, who ...string) bool {
			for _, w := range who {
				if seen[op][status+" "+w] {
					return true
				}
			}
			return len(who) == 0 && seen[op][status]
		}
		withID := strings.Contains(r.Path, "{")
		missing := func(need bool, what string) {
			if need {
				t.Errorf("%s: no exchange of %s", op, what)
			}
		}
		missing(!has("200") && !has("201"), "success")
		missing(r.Method != "GET" && r.Method != "DELETE" && !slices.Contains(bodiless, op) && !has("400"), "bad input")
		missing(r.Role > org.Viewer && !has("403"), "a role too low")
		missing(r.Role == org.Viewer && !has("401") && !has("403"), "somebody who may not")
		missing(withID && !has("404"), "an id that is unknown")
		missing(withID && r.Role != org.Public && !has("404", strangers...), "another organization's id")
	}
}

// statuses returns the statuses with which each operation answers in the
// exchange files, and "status caller" where the file names the caller.
func statuses(t *testing.T) map[string]map[string]bool {
	t.Helper()
	var routes []string
	for _, r := range maker.New(maker.Deps{}).Routes {
		routes = append(routes, r.Method+" "+r.Path)
	}
	slices.SortFunc(routes, func(a, b string) int { return strings.Count(a, "{") - strings.Count(b, "{") }) // the exact ones first
	patterns := make([]*regexp.Regexp, len(routes))
	for n, r := range routes {
		patterns[n] = regexp.MustCompile("^" + openRE.ReplaceAllString(r, "[^/]+") + "$") // no route has other signs
	}
	files, err := filepath.Glob("testdata/*.txt")
	if err != nil || len(files) == 0 {
		t.Fatal(err)
	}
	seen := map[string]map[string]bool{}
	for _, file := range files {
		text, err := os.ReadFile(file)
		if err != nil {
			t.Fatal(err)
		}
		starts := exchangeRE.FindAllStringSubmatchIndex(string(text), -1)
		for i, at := range starts {
			end := len(text)
			if i+1 < len(starts) {
				end = starts[i+1][0]
			}
			part := string(text[at[0]:end])
			request := string(text[at[2]:at[3]]) + " " + string(text[at[4]:at[5]])
			n := slices.IndexFunc(patterns, func(p *regexp.Regexp) bool { return p.MatchString(request) })
			if n < 0 {
				continue
			}
			op := routes[n]
			if seen[op] == nil {
				seen[op] = map[string]bool{}
			}
			status := statusRE.FindString(part)
			seen[op][status] = true
			if who := callerRE.FindStringSubmatch(part); who != nil {
				seen[op][fmt.Sprint(status, " ", who[1])] = true
			}
		}
	}
	return seen
}
