package routes

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// A Resource names the type of a resource.
type Resource struct {
	Package string // its import path
	Type    string
}

// A Handler is what webapi.Handle or webapi.HandleList returns.
type Handler struct {
	Resource Resource       // zero if it is not known
	List     bool           // it is that of HandleList
	Views    []string       // the methods that have a view, and HEAD where GET is, in canonical order; nil if they are not known
	Pos      token.Position // of the call
}

// known reports whether all is known of a handler that makes a route.
func (h Handler) known() bool { return h.Resource != (Resource{}) && h.Views != nil }

// Found is what packages register.
type Found struct {
	// Routes are in the order of the packages and their files.
	Routes []Route
	// Unread has where resources are registered in a way that is not understood, or
	// not in full, sorted: routes may be missing. Where a handler is made and no
	// registration of it is found, it has that.
	Unread []token.Position
}

// A Route is a pattern for which a handler is registered.
type Route struct {
	Handler
	Pattern string   // with the prefixes of its groups, and without a method
	Below   bool     // it is one of net/http: where it ends in a slash, it has all paths below that
	Only    []string // the methods that the registration names; nil: all
	Pos     token.Position
}

// Answers reports whether a request with the method gets to a view.
func (r Route) Answers(method string) bool {
	return r.takes(method) && slices.Contains(r.Views, method)
}

// takes reports whether the router gives a request with the method to the handler.
func (r Route) takes(method string) bool {
	return r.Only == nil || slices.Contains(r.Only, method)
}

// Results says what handlers a function of another package returns, if that is
// known. It may be nil.
type Results func(*types.Func) []Handler

// Find returns the routes that the files of a package register, in the order of
// the files. The info must have Types, Defs and Uses; it may be that of a package
// that does not type-check, in which case there is less to be found.
func Find(files []*ast.File, info *types.Info, fset *token.FileSet, others Results) []Route {
	t := tally{registered: map[token.Position]bool{}}
	newFinder(files, info, fset, others).add(&t)
	return t.Routes
}

// ResultsOf returns the handlers that each function of a package returns, for
// [Find] in a package that imports it.
func ResultsOf(files []*ast.File, info *types.Info, fset *token.FileSet, others Results) map[*types.Func][]Handler {
	f := newFinder(files, info, fset, others)
	found := map[*types.Func][]Handler{}
	for fn := range f.decls {
		if handlers := f.results(fn, 0); len(handlers) > 0 {
			found[fn] = handlers
		}
	}
	return found
}

// canonical returns the methods in the order in which methods are written
// everywhere, each once.
func canonical(methods []string) []string {
	list := []string{}
	for _, m := range annotations.Methods() {
		if slices.Contains(methods, m) {
			list = append(list, m)
		}
	}
	return list
}
