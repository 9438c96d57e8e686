package webapitest

import (
	"errors"
	"fmt"
	"maps"
	"net/http"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/webapi"
)

// Table says who may do what on some routes, usually those of one resource.
type Table struct {
	// Routes are the methods that are answered. A method that a path is not
	// listed with is expected to be refused with 405; HEAD is answered where
	// GET is, by the same scopes, unless it is listed.
	Routes Routes
	// Anonymous lists the methods that are open to a request without
	// credentials.
	Anonymous []string
	// NoOAuth2 says that no OAuth2 token is accepted (oauth2=deny). The routes
	// then have no scopes.
	NoOAuth2 bool
	// APITokens says that API tokens are accepted (apitokens=allow).
	APITokens bool
	// Request makes the request for a method and a path, for views that want
	// a body or a header. It must not have credentials. Nil means that of
	// [httptest.NewRequest] without a body.
	Request func(method, path string) *http.Request
}

// Routes has the scopes that a route requires, by method and path, such as
// "GET /notes/7". Each string is an alternative: a list of scopes, with a space
// between them, that are all needed.
type Routes map[string][]string

// methods are those that every path is asked for.
var methods = []string{"GET", "HEAD", "OPTIONS", "POST", "PUT", "PATCH", "DELETE"}

// rule is what the table says of one method of one path.
type rule struct {
	method, path string
	answered     bool
	anonymous    bool
	alternatives []webapi.Scopes
}

// met reports whether held meets an alternative.
func (r rule) met(held webapi.Scopes) bool {
	return slices.ContainsFunc(r.alternatives, func(a webapi.Scopes) bool {
		for s := range a.All() {
			if !held.Has(s) {
				return false
			}
		}
		return a.Len() > 0
	})
}

// rules returns the rules of every method of every path of the table, in
// order. The error says what of the table is malformed.
func (t Table) rules() ([]rule, error) {
	listed := map[string]map[string]rule{} // by path, by method
	for route, alternatives := range t.Routes {
		method, path, ok := strings.Cut(route, " ")
		if !ok || !slices.Contains(methods, method) || !strings.HasPrefix(path, "/") {
			return nil, fmt.Errorf("route %q: want a method and a path, such as %q", route, "GET /notes/7")
		}
		r := rule{method: method, path: path, answered: true, anonymous: slices.Contains(t.Anonymous, method)}
		for _, list := range alternatives {
			scopes, err := webapi.ParseScopes(list)
			if err != nil || scopes.Len() == 0 {
				return nil, fmt.Errorf("route %q: %q is no list of scopes", route, list)
			}
			r.alternatives = append(r.alternatives, scopes)
		}
		if t.NoOAuth2 != (len(r.alternatives) == 0) {
			return nil, fmt.Errorf("route %q: want scopes, or NoOAuth2 and none", route)
		}
		if listed[path] == nil {
			listed[path] = map[string]rule{}
		}
		listed[path][method] = r
	}
	if len(listed) == 0 {
		return nil, errors.New("no routes")
	}
	for _, method := range t.Anonymous {
		if !slices.ContainsFunc(slices.Collect(maps.Keys(t.Routes)), func(route string) bool { return strings.HasPrefix(route, method+" ") }) {
			return nil, fmt.Errorf("%q is anonymous, but no route has that method", method)
		}
	}
	return everyMethod(listed), nil
}

// everyMethod adds the methods that are not listed: HEAD as GET, others as not
// answered.
func everyMethod(listed map[string]map[string]rule) []rule {
	var all []rule
	for _, path := range slices.Sorted(maps.Keys(listed)) {
		for _, method := range methods {
			r, ok := listed[path][method]
			if get, answered := listed[path]["GET"]; !ok && method == "HEAD" && answered {
				r = get
			}
			r.method, r.path = method, path
			all = append(all, r)
		}
	}
	return all
}
