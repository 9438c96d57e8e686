// Package routes finds where resources are mounted: the calls that register the
// handler of webapi.Handle or webapi.HandleList for a pattern. It also has what
// other searches for routes need: look-ups of types and the functions of routers.
//
// A registration is a call of a method, or of http.Handle or http.HandleFunc,
// with a constant pattern and, after it, a handler:
//
//	mux.Handle("GET /notes/{id}", webapi.Handle(notes, webapi.Views{"GET": notes.get}))
//
// The type of the router is not examined: any method that takes a pattern and a
// handler counts, except a function whose source is known and does not use the
// handler. Code below if false is skipped.
//
// The handler may be wrapped in further calls, be its ServeHTTP method, be held in
// a variable that is assigned once, or come from a function whose only return
// statement has it. The prefixes of groups, of Route and Mount as in chi, of
// PathPrefix as in gorilla and of http.StripPrefix are added where they are
// constants and the router is a variable or the parameter of a function literal.
//
// What depends on values at run time is not found. [Found] lists where that is the
// case. The absence of a route proves nothing.
package routes

import (
	"cmp"
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

// Found is what packages register.
type Found struct {
	// Routes are in the order of the packages and their files.
	Routes []Route
	// Unread has, sorted, the registrations of resources that are not understood, or
	// not in full, and the calls that make a handler of which no registration is
	// found. Each may stand for routes that are missing.
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

// Answers reports whether a view answers requests with the method.
func (r Route) Answers(method string) bool {
	return r.accepts(method) && slices.Contains(r.Views, method)
}

// accepts reports whether the router passes requests with the method to the handler.
func (r Route) accepts(method string) bool {
	return r.Only == nil || slices.Contains(r.Only, method)
}

// canonical returns the methods in canonical order, each once.
func canonical(methods []string) []string {
	return slices.DeleteFunc(annotations.Methods(), func(m string) bool { return !slices.Contains(methods, m) })
}

// A collector collects what packages register.
type collector struct {
	Found
	made       []token.Position        // where webapi.Handle and webapi.HandleList are called, or used as values
	registered map[token.Position]bool // the calls whose handler a registration has
}

func (c *collector) add(f *finder) {
	var visit func(ast.Node) bool
	visit = f.skipDeadCode(func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		r, ok := f.registration(call)
		if ok {
			c.register(r)
			ast.Inspect(call.Fun, visit) // the arguments are wrappers of the handler
		}
		return !ok
	})
	for _, file := range f.files {
		ast.Inspect(file, visit)
		ast.Inspect(file, f.skipDeadCode(c.recordConstructions(f)))
	}
}

// recordConstructions returns a visitor that records where handlers are made. It
// also records where Handle and HandleList are used as values.
func (c *collector) recordConstructions(f *finder) func(ast.Node) bool {
	called := map[*ast.Ident]bool{}
	return func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if isHandle(f.callee(n)) {
				called[Ident(n.Fun)] = true
				c.made = append(c.made, f.position(n))
			}
		case *ast.Ident:
			if fn, ok := f.info.Uses[n].(*types.Func); ok && isHandle(fn) && !called[n] {
				c.made = append(c.made, f.position(n))
			}
		}
		return true
	}
}

func (c *collector) register(r registration) {
	for _, h := range r.handlers {
		c.registered[h.Pos] = true
		if h.Resource == (Resource{}) || h.Views == nil || r.route.Pattern == "" {
			r.read = false
			continue
		}
		r.route.Handler = h
		c.Routes = append(c.Routes, r.route)
	}
	if !r.read && !r.dropped {
		c.Unread = append(c.Unread, r.route.Pos)
	}
}

func (c *collector) found() Found {
	for _, pos := range c.made {
		if !c.registered[pos] {
			c.Unread = append(c.Unread, pos)
		}
	}
	slices.SortFunc(c.Unread, func(a, b token.Position) int {
		return cmp.Or(cmp.Compare(a.Filename, b.Filename), cmp.Compare(a.Offset, b.Offset))
	})
	c.Unread = slices.Compact(c.Unread)
	return c.Found
}
