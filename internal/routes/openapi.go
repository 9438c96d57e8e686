package routes

import (
	"cmp"
	"slices"
	"strings"
)

// OpenAPIPath returns a pattern as a path of OpenAPI: :id, {id:[0-9]+} and {id...} become
// {id}, and a wildcard without a name {path}. It leaves out a host. It returns "" if nothing
// of the pattern is known.
func OpenAPIPath(pattern string) string {
	_, pattern = splitHost(pattern)
	if !strings.HasPrefix(pattern, "/") {
		return ""
	}
	var b strings.Builder
	for _, s := range segmentsOf(pattern[1:]) {
		b.WriteByte('/')
		if name, ok := strings.CutPrefix(s, "*"); ok {
			return b.String() + "{" + cmp.Or(name, "path") + "}"
		}
		if name, ok := strings.CutPrefix(s, ":"); ok {
			b.WriteString("{" + name + "}")
			continue
		}
		for s != "" {
			before, word, after, found := cutBraces(s)
			b.WriteString(before)
			if name, _, _ := strings.Cut(strings.TrimSuffix(word, "..."), ":"); found && name != "$" {
				b.WriteString("{" + name + "}")
			}
			s = after
		}
	}
	return b.String()
}

// A PathIndex finds the routes that serve the paths of OpenAPI documents.
type PathIndex struct {
	routes  []*Route
	byShape map[string][]shaped
}

type shaped struct {
	*Route
	key string // see parsed; a parameter with a regular expression is like any other one
}

// NewPathIndex returns an index of routes.
func NewPathIndex(routes []*Route) *PathIndex {
	x := &PathIndex{routes: routes, byShape: map[string][]shaped{}}
	for _, r := range routes {
		if r.Computed() {
			continue
		}
		patterns := []string{r.Pattern, r.Path()}
		for _, pattern := range slices.Compact(patterns) {
			p := parse(pattern, r.Router, nil)
			x.byShape[p.shape] = append(x.byShape[p.shape], shaped{r, strings.ReplaceAll(p.key, mixed, wildcard)})
		}
	}
	return x
}

// Serving returns the routes that answer requests with a method for a path, in which the
// names of parameters make no difference: those whose pattern is the same path, or, if there
// is none and the path has no parameters, those that [Match] returns. There are several if
// the values of parameters decide.
func (x *PathIndex) Serving(method, path string) []*Route {
	var best []shaped
	for _, r := range x.byShape[parse(path, "", nil).shape] {
		if !r.accepts(method) {
			continue
		}
		c := 1
		if len(best) > 0 {
			c = compareKeys(r.key, best[0].key)
			if c == 0 && r.Router == ServeMux && best[0].Router == ServeMux {
				c = cmp.Compare(min(len(r.Only), 1), min(len(best[0].Only), 1))
			}
		}
		switch {
		case c > 0:
			best = []shaped{r}
		case c == 0:
			best = append(best, r)
		}
	}
	var list []*Route
	for _, r := range best {
		list = append(list, r.Route)
	}
	if len(best) == 0 && !strings.Contains(path, "{") {
		list = Match(x.routes, method, path)
	}
	return slices.DeleteFunc(list, func(r *Route) bool { return !r.Answers(method) })
}
