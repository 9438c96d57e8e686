// Package routes finds where resources are mounted: the calls that register the
// handler of webapi.Handle or webapi.HandleList for a pattern.
//
// A registration is a call of a method, or of http.Handle or http.HandleFunc,
// with a constant pattern and, after it, a handler:
//
//	mux.Handle("GET /notes/{id}", webapi.Handle(notes, webapi.Views{"GET": notes.get}))
//
// so that it does not matter whose router it is: whatever takes a pattern and a
// handler counts, but for a function whose source is known and does nothing with
// the handler, and for what stands below if false.
//
// The handler may be wrapped in further calls, be its ServeHTTP method, or be held
// in a variable that is assigned once. It may come from a function whose only
// return statement has it. The views are a composite literal, or a variable that
// holds one and is neither changed nor handed on, since their keys are the methods
// that the route answers.
//
// The prefixes of groups, of Route and Mount as in chi, of PathPrefix as in
// gorilla and of http.StripPrefix are added where they are constants and the
// router is a variable or the parameter of a function literal. Otherwise the
// pattern is left as it is written.
//
// What depends on values that only a run has, such as a pattern that is computed
// or a resource behind an interface, is not found. Where it is, [Found] says, as of
// handlers that are made and of which no registration is found: that a route is not
// there proves nothing.
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

// maxDepth is how many steps are followed from an expression to what it stands
// for, so that a circle ends.
const maxDepth = 10

// A finder looks at one package.
type finder struct {
	*index
	fset   *token.FileSet
	others Results
	of     func(*types.Func) *finder // that of the package of a function; nil if unknown
}

func newFinder(files []*ast.File, info *types.Info, fset *token.FileSet, others Results) *finder {
	f := &finder{index: newIndex(files, info), fset: fset, others: others}
	f.of = func(*types.Func) *finder { return f }
	return f
}

// A tally is what is found in packages.
type tally struct {
	Found
	made       []token.Position        // where webapi.Handle and webapi.HandleList are called, or handed on
	registered map[token.Position]bool // those of them whose handler a registration has
}

// add adds what the package registers.
func (f *finder) add(t *tally) {
	var visit func(ast.Node) bool
	visit = f.alive(func(n ast.Node) bool {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			return true
		}
		r, ok := f.registration(call)
		if !ok {
			return true
		}
		t.add(r)
		ast.Inspect(call.Fun, visit) // the arguments are wrappers of the handler
		return false
	})
	for _, file := range f.files {
		ast.Inspect(file, visit)
		ast.Inspect(file, f.alive(t.noteMade(f)))
	}
}

// noteMade returns a visitor that notes where handlers are made. Where Handle is
// not called but handed on, nobody knows.
func (t *tally) noteMade(f *finder) func(ast.Node) bool {
	called := map[types.Object]int{}
	return func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if fn := f.callee(n); isHandle(fn) {
				called[fn]++
				t.made = append(t.made, f.fset.Position(n.Pos()))
			}
		case *ast.Ident:
			fn, ok := f.info.Uses[n].(*types.Func)
			if !ok || !isHandle(fn) {
				break
			}
			if called[fn]--; called[fn] < 0 {
				called[fn] = 0
				t.made = append(t.made, f.fset.Position(n.Pos()))
			}
		}
		return true
	}
}

// add adds the routes of a registration.
func (t *tally) add(r registration) {
	for _, h := range r.handlers {
		t.registered[h.Pos] = true
		if !h.known() || r.route.Pattern == "" {
			r.read = false
			continue
		}
		r.route.Handler = h
		t.Routes = append(t.Routes, r.route)
	}
	if !r.read && !r.dropped {
		t.Unread = append(t.Unread, r.route.Pos)
	}
}

// found returns what is found in all packages. A handler that no registration has
// is registered in a way that is not understood, or where nobody has looked.
func (t *tally) found() Found {
	for _, pos := range t.made {
		if !t.registered[pos] {
			t.Unread = append(t.Unread, pos)
		}
	}
	slices.SortFunc(t.Unread, func(a, b token.Position) int {
		return cmp.Or(cmp.Compare(a.Filename, b.Filename), cmp.Compare(a.Offset, b.Offset))
	})
	t.Unread = slices.Compact(t.Unread)
	return t.Found
}

// alive returns a visitor that passes over what stands below if false.
func (f *finder) alive(visit func(ast.Node) bool) func(ast.Node) bool {
	var alive func(ast.Node) bool
	alive = func(n ast.Node) bool {
		if branch, ok := n.(*ast.IfStmt); ok && f.isFalse(branch.Cond) {
			if branch.Else != nil {
				ast.Inspect(branch.Else, alive)
			}
			return false
		}
		return visit(n)
	}
	return alive
}

// isFalse reports whether an expression is false itself. What a constant says may
// be otherwise in another build.
func (f *finder) isFalse(e ast.Expr) bool {
	return f.object(e) == types.Universe.Lookup("false")
}

// isServeMux reports whether an expression is an http.ServeMux, or net/http with
// its own.
func (f *finder) isServeMux(e ast.Expr) bool {
	return f.packageOf(e) == "net/http" || DeclaredAs(f.info.TypeOf(e), "net/http", "ServeMux")
}
