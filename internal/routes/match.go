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
// a path before a folder, and a pattern with a method before one without. Routes of
// which the pattern is not known are left out.
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
	if host, path, found := strings.Cut(pattern, "/"); found {
		return host, "/" + path
	}
	return "", pattern
}

// A step is the registration of a route, or of a router in which it is, with a router.
type step struct {
	router  Router
	pattern string   // for the path that the router sees
	only    []string // the methods that it passes on; nil: all
	below   bool     // it passes on what is below the pattern
	mounted bool     // it is one of chi.Mount, which takes the path of the pattern off
	strip   string   // that http.StripPrefix takes off
	refused []string // patterns of groups of echo, which answer 404 to what they have no route for
}

// way returns the steps from a server to the handler.
func (r *Route) way() []step {
	if r.steps == nil {
		return []step{{router: r.Router, pattern: r.Pattern, only: r.Only}}
	}
	return r.steps
}

// Path returns the pattern, without the slash at its end if that is the root of a router
// which chi mounts: requests for the path without it get to the handler too.
func (r *Route) Path() string {
	way := r.way()
	if n := len(way); n > 1 && way[n-2].mounted && way[n-1].pattern == "/" && r.Pattern != "/" {
		return strings.TrimSuffix(r.Pattern, "/")
	}
	return r.Pattern
}

// Computed reports whether a part of the pattern is not known.
func (r *Route) Computed() bool { return r.Pattern == "" || strings.Contains(r.Pattern, hole) }

// match returns the indexes of the routes that answer requests to a host.
func match(routes []*Route, method, host, target string) []int {
	var best []int
	if isPattern(target) {
		shape := parse(target, "", nil).shape
		for i, r := range routes {
			of, _ := splitHost(r.Pattern)
			if !r.Computed() && (of == "" || of == host) && r.accepts(method) && (parse(r.Pattern, r.Router, nil).shape == shape || parse(r.Path(), r.Router, nil).shape == shape) {
				best = append(best, i)
			}
		}
		return best
	}
	ways := make([][]step, len(routes))
	var all []int
	for i, r := range routes {
		ways[i] = r.way()
		if !r.Computed() {
			all = append(all, i)
		}
	}
	best = reached(ways, all, 0, method, host, target, false)
	if len(best) == 0 { // the path that some redirect to
		other, cut := strings.CutSuffix(target, "/")
		if !cut {
			other += "/"
		}
		all = slices.DeleteFunc(all, func(i int) bool { return routes[i].Router != Gin && routes[i].Router != HTTPRouter })
		best = reached(ways, all, 0, method, host, other, false)
	}
	return best
}

// reached returns those of routes that a request gets to in routers as deep as level: a router
// passes it to one registration, even if what is registered does not answer it. If the path
// was stripped, it leads elsewhere to redirect to the path that a router sees.
func reached(ways [][]step, routes []int, level int, method, host, target string, stripped bool) []int {
	steps := make([]step, len(routes))
	for i, route := range routes {
		steps[i] = ways[route][level]
	}
	var answer []int
	var targets []string
	inner := map[string][]int{} // by what they see of the path
	for _, i := range mostSpecific(steps, method, host, target, stripped) {
		route := routes[i]
		if len(ways[route]) == level+1 {
			answer = append(answer, route)
			continue
		}
		rest, ok := steps[i].rest(target)
		if !ok {
			continue
		}
		if inner[rest] == nil {
			targets = append(targets, rest)
		}
		stripped = stripped || steps[i].strip != ""
		inner[rest] = append(inner[rest], route)
	}
	for _, rest := range targets {
		answer = append(answer, reached(ways, inner[rest], level+1, method, host, rest, stripped)...)
	}
	return answer
}

// rest returns the path that the handler of a step sees, and false if it sees none.
func (s *step) rest(target string) (string, bool) {
	if _, path := splitHost(s.pattern); s.router == ServeMux && path == target+"/" { // to which it redirects
		target = path
	}
	switch {
	case s.strip != "":
		return strings.CutPrefix(target, s.strip)
	case s.mounted:
		after := strings.Split(target, "/")[strings.Count(strings.TrimSuffix(s.pattern, "/"), "/")+1:]
		return "/" + strings.Join(after, "/"), true
	}
	return target, true
}

// mostSpecific returns the indexes of the steps to which a request is passed.
func mostSpecific(steps []step, method, host, target string, stripped bool) []int {
	var best []int
	var bestKey string
	served := servedByMux(steps, method, host, target, !stripped)
	for i, s := range steps {
		of, _ := splitHost(s.pattern)
		if of != "" && of != host || !accepts(s.only, method) {
			continue
		}
		p := s.parse(steps)
		if s.router == ServeMux && !served[s.muxPattern(method)] || s.router != ServeMux && !p.regexp.MatchString(target) {
			continue
		}
		c := 1
		if len(best) > 0 {
			first := steps[best[0]]
			other, _ := splitHost(first.pattern)
			c = cmp.Or(
				cmp.Compare(min(len(of), 1), min(len(other), 1)),
				compareKeys(p.key, bestKey),
				cmp.Compare(min(len(s.only), 1), min(len(first.only), 1)),
			)
		}
		switch {
		case c > 0:
			best, bestKey = []int{i}, p.key
		case c == 0:
			best = append(best, i)
		}
	}
	if len(best) > 0 && steps[best[0]].router == Echo && endsBefore(steps, steps[best[0]].refused, target, bestKey) {
		return nil
	}
	return best
}

// endsBefore reports whether echo ends its search before it gets to a pattern with a key: a group
// answers 404, or a wildcard at the end of a more specific pattern has other methods.
func endsBefore(steps []step, refused []string, target, key string) bool {
	for _, s := range steps {
		if s.router == Echo {
			refused = append(refused[:len(refused):len(refused)], s.pattern)
		}
	}
	return slices.ContainsFunc(refused, func(pattern string) bool {
		p := parse(pattern, Echo, steps)
		return p.regexp.MatchString(target) && compareKeys(p.key, key) > 0 &&
			(strings.HasSuffix(pattern, "*") || !slices.ContainsFunc(steps, func(s step) bool {
				other := parse(s.pattern, Echo, steps)
				return other.shape == p.shape && other.key == p.key
			}))
	})
}

func (s *step) parse(beside []step) parsed {
	if s.mounted || s.below {
		return parse(strings.TrimSuffix(s.pattern, "/")+"/", ServeMux, nil)
	}
	return parse(s.pattern, s.router, beside)
}

// muxPattern returns the pattern of a step of net/http for one method.
func (s *step) muxPattern(method string) string {
	if s.only == nil {
		return s.pattern
	}
	return method + " " + s.pattern
}

// servedByMux returns the patterns of net/http that serve requests for an escaped path, or with
// redirects for the path that they are redirected to. It asks net/http itself. Patterns that conflict are
// those of several muxes.
func servedByMux(steps []step, method, host, target string, redirects bool) map[string]bool {
	var rest []string
	for _, s := range steps {
		if s.router == ServeMux && accepts(s.only, method) {
			rest = append(rest, s.muxPattern(method))
		}
	}
	u, err := url.ParseRequestURI(target)
	if err != nil {
		return nil
	}
	served := map[string]bool{}
	slices.Sort(rest)
	for rest = slices.Compact(rest); ; {
		mux := http.NewServeMux()
		others := slices.DeleteFunc(slices.Clone(rest), func(pattern string) bool { return handle(mux, pattern) })
		if len(others) == len(rest) { // there are none, or they are not valid
			return served
		}
		h, pattern := mux.Handler(&http.Request{Method: method, URL: u, Host: host})
		if _, ok := h.(registeredHandler); ok || redirects {
			served[pattern] = true
		}
		rest = others
	}
}

// handle registers a pattern, and returns false if it is not valid or conflicts with another.
func handle(mux *http.ServeMux, pattern string) (ok bool) {
	defer func() { ok = recover() == nil }()
	mux.Handle(pattern, registeredHandler{})
	return
}

// A registeredHandler is no redirect.
type registeredHandler struct{ http.Handler }

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
// {id:[0-9]+}, {rest...}, {$}, :id, *rest and *. It ignores a host. Beside are the
// patterns of the same router.
//
// Some routers redirect to a path that ends in a slash, or serve it, when the slash is missing.
func parse(pattern string, router Router, beside []step) parsed {
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
			if router == Echo && i == len(segments)-1 && strings.HasPrefix(s, ":") && !goesOn(pattern, beside) {
				text = "/.+"
			}
		case s == "" && router == ServeMux:
			text, class = "(?:/.*)?", rest
		case router == Chi, router == Echo:
			text = "/"
		}
		re.WriteString(text)
		p.shape += shape
		p.key += class
	}
	p.regexp = regexp.MustCompile(`\A(?s:` + re.String() + `)\z`)
	return p
}

// goesOn reports whether one of the steps has a pattern that goes on where another ends. In
// echo a parameter takes the rest of the path if none does.
func goesOn(pattern string, steps []step) bool {
	shape := parse(pattern, "", nil).shape + "/"
	longer := func(pattern string) bool { return strings.HasPrefix(parse(pattern, "", nil).shape, shape) }
	return slices.ContainsFunc(steps, func(s step) bool { return longer(s.pattern) || slices.ContainsFunc(s.refused, longer) })
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
	if before, _, found := strings.Cut(s, "*"); found && !strings.Contains(before, "{") {
		if class = mixed; before == "" {
			class = rest
		}
		return regexp.QuoteMeta(before) + ".*", before + "{}", class
	}
	if strings.HasPrefix(s, ":") {
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
