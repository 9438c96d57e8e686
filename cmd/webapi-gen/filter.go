package main

import (
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/internal/access"
	"github.com/webapi-gen/webapi-gen/internal/routes"
	"github.com/webapi-gen/webapi-gen/model"
)

// A filter says what list shows.
type filter struct {
	scopes    []string
	methods   []string
	resources []string
	route     string

	method, path string                   // of the route
	only         map[*model.Resource]bool // those of resources
}

// check refuses words that name nothing.
func (f *filter) check(c catalogue) error {
	if len(c) == 0 { // any name is unknown then, and that is not what is wrong
		f.scopes, f.resources = nil, nil
	}
	errs := c.unknownScopes("scope", f.scopes)
	for _, m := range f.methods {
		if err := methodWord(m); err != nil {
			errs = append(errs, fmt.Errorf("--method: %w", err))
		}
	}
	f.only = map[*model.Resource]bool{}
	for _, word := range f.resources {
		r, err := c.find(word)
		if err != nil {
			errs = append(errs, fmt.Errorf("--resource: %w", err))
			continue
		}
		f.only[r.Resource] = true
	}
	if f.route != "" {
		if err := f.splitRoute(); err != nil {
			errs = append(errs, fmt.Errorf("--route: %w", err))
		}
	}
	return mistakes(errs)
}

// splitRoute splits a route into a method, which may be missing, and a path.
func (f *filter) splitRoute() error {
	f.path = f.route
	if method, path, found := strings.Cut(f.route, " "); found {
		f.method, f.path = method, strings.TrimLeft(path, " ")
		if err := methodWord(f.method); err != nil {
			return err
		}
	}
	if !strings.HasPrefix(f.path, "/") {
		return fmt.Errorf("%q does not begin with a slash: a route is a path or a pattern, as in /notes/42 and /notes/{id}, or a method, a space and one of them", f.path)
	}
	if strings.ContainsAny(f.path, "?#") {
		return errors.New("a route is a path, without a query and a fragment")
	}
	return nil
}

// reached returns the routes of requests with the method.
func (f *filter) reached(all []routes.Route, method string) []routes.Route {
	if f.route == "" {
		return all
	}
	return routes.Match(all, method, f.path)
}

// shows reports whether a row is to be shown, and completes it.
func (f *filter) shows(r *row) bool {
	switch {
	case len(f.methods) > 0 && !slices.Contains(f.methods, r.method.Name),
		len(f.resources) > 0 && !f.only[r.Resource],
		f.method != "" && r.method.Name != f.method,
		f.route != "" && len(r.routes) == 0:
		return false
	case len(f.scopes) == 0:
		return true
	}
	required := access.Of(r.method.Requires)
	r.missing, _ = required.Missing(f.scopes)
	return len(required.Naming(f.scopes)) > 0
}
