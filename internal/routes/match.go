package routes

import (
	"cmp"
	"net/http"
	"net/url"
	"regexp"
	"slices"
	"strings"
)

// Match returns the routes that answer requests with the method. The target is an
// escaped path such as /notes/42, or a pattern such as /notes/{id}, in which case the
// names and the syntax of the wildcards make no difference. A host may precede it. Match
// returns several routes if none of them is more specific than the others, or if the
// target has no host and hosts have routes of their own.
//
// Routers disagree on the order in which patterns are tried. This is that of
// net/http, by which the most specific pattern wins: /notes/new before /notes/{id},
// a path before a folder, and a pattern with a method before one without.
func Match(routes []*Route, method, target string) []*Route {
	host, escaped := splitHost(target)
	hosts := []string{host}
	if host == "" {
		for _, r := range routes {
			if h, _ := splitHost(r.Pattern); !slices.Contains(hosts, h) {
				hosts = append(hosts, h)
			}
		}
	}
	var indexes []int
	for _, h := range hosts {
		indexes = append(indexes, match(routes, method, h, escaped)...)
	}
	slices.Sort(indexes)
	var list []*Route
	for _, i := range slices.Compact(indexes) {
		list = append(list, routes[i])
	}
	return list
}

// splitHost splits a pattern or a path with a host before its first slash.
func splitHost(pattern string) (host, path string) {
	if i := strings.IndexByte(pattern, '/'); i > 0 {
		return pattern[:i], pattern[i:]
	}
	return "", pattern
}

// match returns the indexes of the routes that answer requests to a host.
func match(routes []*Route, method, host, target string) []int {
	var best []int
	var bestKey string
	parsedTarget := parse(target, false)
	served := servedByMux(routes, method, host, target)
	for i, r := range routes {
		of, _ := splitHost(r.Pattern)
		p := parse(r.Pattern, r.Router == ServeMux)
		switch {
		case of != "" && of != host || !r.accepts(method):
			continue
		case isPattern(target):
			if p.shape == parsedTarget.shape {
				best = append(best, i)
			}
			continue
		case r.Router == ServeMux && !served[r.muxPattern(method)], r.Router != ServeMux && !p.regexp.MatchString(target):
			continue
		}
		c := 1
		if len(best) > 0 {
			first := routes[best[0]]
			other, _ := splitHost(first.Pattern)
			c = cmp.Or(
				cmp.Compare(min(len(of), 1), min(len(other), 1)),
				compareKeys(p.key, bestKey),
				cmp.Compare(min(len(r.Only), 1), min(len(first.Only), 1)),
			)
		}
		switch {
		case c > 0:
			best, bestKey = []int{i}, p.key
		case c == 0:
			best = append(best, i)
		}
	}
	return best
}

// muxPattern returns the pattern of a route of net/http for one method.
func (r *Route) muxPattern(method string) string {
	if r.Only == nil {
		return r.Pattern
	}
	return method + " " + r.Pattern
}

// servedByMux returns the patterns of net/http that serve requests for an escaped path, or for
// the path that they are redirected to. It asks net/http itself. Patterns that conflict are
// those of several muxes.
func servedByMux(routes []*Route, method, host, target string) map[string]bool {
	u, err := url.ParseRequestURI(target)
	if err != nil || isPattern(target) {
		return nil
	}
	served := map[string]bool{}
	var rest []string
	for _, r := range routes {
		if r.Router == ServeMux && r.accepts(method) {
			rest = append(rest, r.muxPattern(method))
		}
	}
	slices.Sort(rest)
	for rest = slices.Compact(rest); len(rest) > 0; {
		mux := http.NewServeMux()
		others := slices.DeleteFunc(slices.Clone(rest), func(pattern string) bool { return handle(mux, pattern) })
		if len(others) == len(rest) { // they are not valid
			break
		}
		_, pattern := mux.Handler(&http.Request{Method: method, URL: u, Host: host})
		served[pattern] = true
		rest = others
	}
	return served
}

// handle registers a pattern, and returns false if it is not valid or conflicts with another.
func handle(mux *http.ServeMux, pattern string) (ok bool) {
	defer func() { ok = recover() == nil }()
	mux.Handle(pattern, http.NotFoundHandler())
	return
}

func isPattern(path string) bool {
	return strings.ContainsAny(path, "{*") || strings.Contains(path, "/:")
}

// A parsed is a pattern in a form that can be compared.
type parsed struct {
	regexp *regexp.Regexp
	shape  string // the pattern, with the same word for every wildcard
	key    string // a letter for each segment: the greater, the more specific
}

// The letters of a key. A pattern that ends is more specific than one that goes on.
const (
	rest     = "a" // the rest of the path
	wildcard = "b" // any segment
	mixed    = "c" // a wildcard among letters, or with a regular expression
	literal  = "d"
	end      = "e"
)

func compareKeys(a, b string) int {
	n := max(len(a), len(b))
	return strings.Compare(a+strings.Repeat(end, n-len(a)), b+strings.Repeat(end, n-len(b)))
}

// parse parses the patterns of net/http, gorilla, chi, gin and echo: {id},
// {id:[0-9]+}, {rest...}, {$}, :id, *rest and *. It ignores a host. Routers
// redirect to a path that ends in a slash, or serve it, when the slash is missing.
func parse(pattern string, below bool) parsed {
	_, pattern = splitHost(pattern)
	var p parsed
	var re strings.Builder
	segments := segmentsOf(strings.TrimPrefix(pattern, "/"))
	for i, s := range segments {
		text, shape, class := "/?", "/", literal
		switch {
		case i < len(segments)-1 || s != "" && s != "{$}":
			text, shape, class = segment(s)
			text, shape = "/"+text, "/"+shape
		case s == "" && below:
			text, class = "(?:/.*)?", rest
		}
		re.WriteString(text)
		p.shape += shape
		p.key += class
	}
	p.regexp = regexp.MustCompile(`\A(?s:` + re.String() + `)\z`)
	return p
}

// segmentsOf splits a pattern at the slashes that are not in braces.
func segmentsOf(pattern string) []string {
	var segments []string
	depth, from := 0, 0
	for i, c := range pattern {
		switch {
		case c == '{':
			depth++
		case c == '}':
			depth--
		case c == '/' && depth == 0:
			segments = append(segments, pattern[from:i])
			from = i + 1
		}
	}
	return append(segments, pattern[from:])
}

// segment returns the expression that matches a segment, its shape and its letter.
func segment(s string) (text, shape, class string) {
	switch {
	case strings.HasPrefix(s, "*"):
		return ".*", "{}", rest
	case strings.HasPrefix(s, ":"):
		return "[^/]+", "{}", wildcard
	}
	class = literal
	for s != "" {
		before, word, after, found := cutBraces(s)
		text += regexp.QuoteMeta(before)
		shape += before
		if !found {
			break
		}
		_, expr, isExpr := strings.Cut(word, ":")
		more := "[^/]+"
		class = wildcard
		switch {
		case strings.HasSuffix(word, "..."):
			more, class = ".*", rest
		case isExpr:
			class = mixed
			if _, err := regexp.Compile(expr); err == nil {
				more = "(?:" + strings.TrimSuffix(strings.TrimPrefix(expr, "^"), "$") + ")"
			}
		case text+before+after != "":
			class = mixed
		}
		text += more
		shape += "{}"
		s = after
	}
	return text, shape, class
}

// cutBraces splits a segment around its first {word}, in which braces may be nested.
func cutBraces(s string) (before, word, after string, found bool) {
	from, depth := strings.IndexByte(s, '{'), 0
	if from < 0 {
		return s, "", "", false
	}
	for i := from; i < len(s); i++ {
		switch s[i] {
		case '{':
			depth++
		case '}':
			if depth--; depth == 0 {
				return s[:from], s[from+1 : i], s[i+1:], true
			}
		}
	}
	return s, "", "", false
}
