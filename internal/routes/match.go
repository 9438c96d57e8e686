package routes

import (
	"cmp"
	"regexp"
	"strings"
)

// Match returns the routes that answer requests with the method. The target is a
// path such as /notes/42, or a pattern such as /notes/{id}, in which case the names
// and the syntax of the wildcards make no difference. Match returns several routes
// if none of them is more specific than the others.
//
// Routers disagree on the order in which patterns are tried. This is that of
// net/http, by which the most specific pattern wins: /notes/new before /notes/{id},
// a path before a folder, and a pattern with a method before one without.
func Match(routes []Route, method, target string) []Route {
	var best []Route
	var bestKey string
	parsedTarget := parse(target, false)
	for _, r := range routes {
		p := parse(r.Pattern, r.Below)
		switch {
		case !r.accepts(method):
			continue
		case isPattern(target):
			if p.shape == parsedTarget.shape {
				best = append(best, r)
			}
			continue
		case !p.regexp.MatchString(target):
			continue
		}
		c := 1
		if len(best) > 0 {
			c = cmp.Or(compareKeys(p.key, bestKey), cmp.Compare(min(len(r.Only), 1), min(len(best[0].Only), 1)))
		}
		switch {
		case c > 0:
			best, bestKey = []Route{r}, p.key
		case c == 0:
			best = append(best, r)
		}
	}
	return best
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
	if i := strings.IndexByte(pattern, '/'); i > 0 {
		pattern = pattern[i:]
	}
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
