package main

import (
	"cmp"
	"errors"
	"fmt"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/internal/routes"
	"github.com/webapi-gen/webapi-gen/model"
)

// isRoute reports whether a word is a route, and not METHOD:resource: it has a path, or a
// blank after its method.
func isRoute(word string) bool {
	method, _, _ := strings.Cut(word, ":")
	return strings.HasPrefix(word, "/") || strings.Contains(method, " ")
}

// routeFilters returns a filter for each route of a command line.
func routeFilters(words []string) (filters []filter, errs []error) {
	for _, word := range words {
		f := filter{route: word, matches: map[string][]*routes.Route{}}
		if err := f.splitRoute(); err != nil {
			errs = append(errs, fmt.Errorf("%s: %w", word, err))
		}
		filters = append(filters, f)
	}
	return filters, errs
}

// A servedRoute serves a route of the command line.
type servedRoute struct {
	*routes.Route
	word    string
	path    string
	methods []string // for which it does
	guards  []string // METHOD:resource of all its guards
	why     string   // why it is not known what its handler needs; "" if it is
}

// served returns what serves the route of a filter. A route with guards is returned once for each
// method, another one once for all.
func (c catalogue) served(found *routes.Table, f *filter) []servedRoute {
	names := map[*model.Resource]string{}
	for i, name := range c.short(c) {
		names[c[i].Resource] = name
	}
	methods := annotations.Methods()
	if f.method != "" {
		methods = []string{f.method}
	}
	var list []servedRoute
	index := map[string]int{} // in the list
	for _, m := range methods {
		for _, r := range f.reached(found, m) {
			s := servedRoute{Route: r, word: f.route, path: f.path, methods: []string{m}}
			if !r.Answers(m) || !s.readGuards(found, names, m) {
				continue
			}
			if len(s.guards) > 0 && m == "HEAD" && f.method == "" && r.Answers("GET") {
				continue // it needs what GET needs
			}
			key := fmt.Sprint(r.Pos, r.Pattern, r.State(), r.By, s.guards, s.why)
			i, known := index[key]
			if !known {
				index[key] = len(list)
				list = append(list, s)
			} else if !slices.Contains(list[i].methods, m) {
				list[i].methods = append(list[i].methods, m)
			}
		}
	}
	return list
}

// readGuards sets the guards that a request with the method has to get through, or why they are
// not known. It returns false if one of them does not answer the method.
func (s *servedRoute) readGuards(found *routes.Table, names map[*model.Resource]string, method string) bool {
	for _, g := range s.Guards {
		res := found.Resources[g.Resource]
		operation := found.Operation(g, method)
		switch {
		case g.Resource == nil:
			s.why = cmp.Or(s.Unread, "the resource of its guard is not known")
		case operation == routes.UnknownOperation:
			s.why = s.Unread
		case names[res] == "":
			s.why = fmt.Sprintf("it has the guard of %s, which the patterns do not name", g.Resource.Name())
		case !slices.ContainsFunc(res.Methods, func(m model.Method) bool { return m.Name == operation }):
			return false
		default:
			if name := operation + ":" + names[res]; !slices.Contains(s.guards, name) {
				s.guards = append(s.guards, name)
			}
		}
	}
	if s.why != "" {
		return true
	}
	const unknown = "which scopes it needs, if any, is not known"
	switch s.State() {
	case routes.Unguarded:
		s.why = fmt.Sprintf("nothing that is known stands before its handler %s, so %s", handlerCell(s.Handler), unknown)
	case routes.Wrapped:
		s.why = unknown
	case routes.Unknown:
		s.why = cmp.Or(s.Unread, s.Handler.Unknown, "its handler is not known")
	}
	if s.why != "" && s.Free != "" {
		s.why += "; " + s.Free
	}
	return true
}

// name returns the route for people.
func (s *servedRoute) name(found *routes.Table) string {
	pos := found.Position(s.Pos)
	methods := methodsCell(s.methods) + " "
	if methods == "* " {
		methods = ""
	}
	return fmt.Sprintf("%s%s (%s, %s:%d)", methods, visible(s.path), patternCell(s.Route), visible(pos.Filename), pos.Line)
}

// servedNotes prints what serves the routes of the command line, if it is known what that needs.
func (a *app) servedNotes(found *routes.Table, served []servedRoute) {
	for _, s := range served {
		switch {
		case s.why != "":
			continue
		case s.State() == routes.Public:
			fmt.Fprintf(a.stderr, "webapi-gen: %s is public: it needs no token\n", s.name(found))
			continue
		}
		text := "guarded by "
		if found.State(s.Route) == routes.Public {
			text = "public by "
		}
		text += strings.Join(s.guards, " and by ")
		if s.By != "" {
			text += fmt.Sprintf(", and by a wrapper that may need more: %s", visible(s.By))
		}
		if more := cmp.Or(s.Unread, s.Free); more != "" {
			text += "; there may be more guards: " + more
		}
		fmt.Fprintf(a.stderr, "webapi-gen: %s is %s\n", s.name(found), text)
	}
}

// unknownRoutes returns an error that says of which routes it is not known what they need.
func (a *app) unknownRoutes(found *routes.Table, served []servedRoute, filters []filter) error {
	var lines []string
	for _, s := range served {
		if s.why != "" {
			lines = append(lines, fmt.Sprintf("%s is %s: %s", s.name(found), guardCell(found, s.Route), s.why))
		}
	}
	for _, f := range filters {
		if !slices.ContainsFunc(served, func(s servedRoute) bool { return s.word == f.route }) {
			lines = append(lines, a.notServed(f, found).Error())
		}
	}
	if len(lines) == 0 {
		return nil
	}
	return errors.New(strings.Join(lines, "\nwebapi-gen: "))
}
