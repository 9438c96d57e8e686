package lockfile

import (
	"bytes"
	"cmp"
	"fmt"
	"slices"
	"strconv"
	"strings"
)

// Routes are the routes of a module, and what goes around its guards.
type Routes struct {
	Routes    []Route
	Unmounted []string // resources whose guard is on no route, by qualified name
	Uses      []Use
}

// A Route is what answers the requests with a method for a pattern.
type Route struct {
	Method  string  // "*" for every method, "-" if no method gets to the handler
	Pattern string  // with "{?}" for a part that is not known; "?" if nothing of it is
	Wrapper string  // the argument of webapi:guarded of a wrapper around the handler, "" without one
	Guards  []Guard // inside of the wrapper, outermost first
	State   string  // one of the states of a route that has neither: public, unguarded or not-readable
	Handler string  // the qualified name of the function; NAME.func for a literal in a function or a variable; "?" if it is not known
	In      string  // where the route is registered, if something of it is not known
	Reason  string  // what that is
}

// A Guard is one of a resource, on a route.
type Guard struct {
	Type string // the qualified name of the resource; "?" if it is not known
	List bool   // it is that of the collection
	// Operation is the named operation that it is asked for, or the method if that is not the
	// one of the request, which stands after the type; "?" if that is not known, else "".
	Operation string
}

// A Use is a function that decides who a request is or what it may do, or that has middleware of
// another module, or a replace of the runtime.
type Use struct {
	What  string // such as webapi.WithUnscopedAccess, or a quoted name of middleware
	In    string // the function, or the file
	Count int    // how often the function does it
}

// The states of a route without a guard and a wrapper.
const (
	PublicRoute = "public"
	Unguarded   = "unguarded"
	NotReadable = "not-readable"
)

// The comment before the routes.
const routesPreface = `# What stands before each handler. webapi-gen lock writes these lines too, from the
# source of the module; a run that generates keeps them. * is every method, /list the
# guard of a collection, and ? what is not known.
#
#     route METHOD PATTERN GUARD -> HANDLER
`

// The words of lines of routes.
const (
	routeWord   = "route"
	usesWord    = "uses"
	noneWord    = "none" // no route has the guard of a resource
	wrapperWord = "wrapper"
	arrow       = "->"
	inWord      = "in"
	unknown     = "?"
	allMethods  = "*"
	listSuffix  = "/list"
)

// String returns the route as its line has it, after the first word.
func (r Route) String() string {
	return r.Subject() + " " + r.Answer()
}

// Subject returns the method and the pattern.
func (r Route) Subject() string { return r.Method + " " + quotePattern(r.Pattern) }

// Answer returns what stands before the handler, and the handler.
func (r Route) Answer() string {
	text := r.Before() + " " + arrow + " " + r.Handler
	if r.In != "" {
		text += " " + inWord + " " + r.In + ": " + r.Reason
	}
	return text
}

// Before returns what stands before the handler.
func (r Route) Before() string {
	var terms []string
	if r.Wrapper != "" {
		terms = append(terms, wrapperWord+" "+strconv.QuoteToASCII(r.Wrapper))
	}
	for _, g := range r.Guards {
		terms = append(terms, g.String())
	}
	return cmp.Or(strings.Join(terms, " "+and+" "), r.State)
}

// String returns the guard as a line has it.
func (g Guard) String() string {
	text := g.Type
	if g.List {
		text += listSuffix
	}
	if g.Operation != "" {
		text += " " + g.Operation
	}
	return text
}

// String returns the use as its line has it, after the first word.
func (u Use) String() string {
	text := u.What + " " + inWord + " " + u.In
	if u.Count > 1 {
		text += fmt.Sprintf(" (%d times)", u.Count)
	}
	return text
}

// quotePattern returns a pattern as one word of a line.
func quotePattern(pattern string) string {
	if pattern == "" || pattern[0] == '"' || pattern != strings.Trim(strconv.QuoteToASCII(pattern), `"`) || strings.ContainsRune(pattern, ' ') {
		return strconv.QuoteToASCII(pattern)
	}
	return pattern
}

// format writes the section of routes and that of uses.
func (r *Routes) format(b *bytes.Buffer) {
	fmt.Fprintf(b, "\n%s\n", routesPreface)
	for _, route := range r.Routes {
		fmt.Fprintln(b, routeWord, route)
	}
	for _, typ := range r.Unmounted {
		fmt.Fprintln(b, routeWord, noneWord, typ)
	}
	if len(r.Routes)+len(r.Unmounted) == 0 {
		fmt.Fprintln(b, routeWord, noneWord)
	}
	if len(r.Uses) > 0 {
		b.WriteByte('\n')
	}
	for _, use := range r.Uses {
		fmt.Fprintln(b, usesWord, use)
	}
}

func (r *Routes) sort() {
	slices.SortFunc(r.Routes, func(a, b Route) int {
		return cmp.Or(strings.Compare(a.Pattern, b.Pattern), strings.Compare(a.Method, b.Method), strings.Compare(a.Answer(), b.Answer()))
	})
	r.Routes = slices.CompactFunc(r.Routes, func(a, b Route) bool { return a.String() == b.String() })
	slices.Sort(r.Unmounted)
	slices.SortFunc(r.Uses, func(a, b Use) int { return cmp.Or(strings.Compare(a.What, b.What), strings.Compare(a.In, b.In)) })
}

// Named returns the routes with each name of a type or function, which is that of a
// folder of the module or has the import path of another module in quotes, replaced.
func (r *Routes) Named(name func(string) string) *Routes {
	named := &Routes{Uses: slices.Clone(r.Uses)}
	for _, route := range r.Routes {
		route.Guards = slices.Clone(route.Guards)
		for i := range route.Guards {
			route.Guards[i].Type = name(route.Guards[i].Type)
		}
		route.Handler = name(route.Handler)
		if route.In != "" {
			route.In = name(route.In)
		}
		named.Routes = append(named.Routes, route)
	}
	for i := range named.Uses {
		named.Uses[i].In = name(named.Uses[i].In)
	}
	for _, typ := range r.Unmounted {
		named.Unmounted = append(named.Unmounted, name(typ))
	}
	return named
}

// Equal reports whether two modules have the same lines of routes.
func (r *Routes) Equal(other *Routes) bool {
	if r == nil || other == nil {
		return r == other
	}
	var a, b bytes.Buffer
	r.format(&a)
	other.format(&b)
	return bytes.Equal(a.Bytes(), b.Bytes())
}
