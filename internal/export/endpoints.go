package export

import (
	"cmp"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/internal/routes"
)

// Endpoints returns an endpoint for each path and method of the routes of an API, with paths as
// OpenAPI has them and without a prefix. It returns the routes that have no path: those
// outside of the prefix, and those of which the pattern is not known.
func Endpoints(api *API, prefix string) (endpoints []Endpoint, without []Route) {
	type key struct{ path, method string }
	index := map[key]int{}
	for _, r := range api.Routes {
		path, ok := WithoutPrefix(routes.OpenAPIPath(r.Pattern), prefix)
		if !ok || strings.Contains(r.Pattern, "{?}") {
			without = append(without, r)
			continue
		}
		methods := r.Methods
		if len(methods) == 0 {
			methods = annotations.Methods()
		}
		for _, m := range methods {
			i, known := index[key{path, m}]
			if !known {
				i = len(endpoints)
				index[key{path, m}] = i
				endpoints = append(endpoints, Endpoint{Path: path, Method: m})
			}
			endpoints[i].Routes = append(endpoints[i].Routes, r)
		}
	}
	slices.SortStableFunc(endpoints, func(a, b Endpoint) int {
		return cmp.Or(strings.Compare(a.Path, b.Path), annotations.CompareOperations(a.Method, b.Method))
	})
	return endpoints, without
}

// WithoutPrefix returns a path without the prefix of a server, and false if it is not below
// that. A prefix "" or / takes nothing away.
func WithoutPrefix(path, prefix string) (string, bool) {
	prefix = strings.TrimRight(prefix, "/")
	rest, ok := strings.CutPrefix(path, prefix)
	switch {
	case !ok || rest != "" && rest[0] != '/' || path == "":
		return "", false
	case rest == "":
		return "/", true
	}
	return rest, true
}
