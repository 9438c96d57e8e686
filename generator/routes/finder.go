package routes

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/language"
)

// maxDepth is how many steps are followed from an expression to what it stands
// for, so that a circle ends.
const maxDepth = 10

// A finder looks at one package.
type finder struct {
	*index
	fset   *token.FileSet
	others Results
}

func newFinder(files []*ast.File, info *types.Info, fset *token.FileSet, others Results) *finder {
	return &finder{newIndex(files, info), fset, others}
}

// routes returns what the package registers.
func (f *finder) routes() []Route {
	var found []Route
	for _, file := range f.files {
		ast.Inspect(file, func(n ast.Node) bool {
			call, ok := n.(*ast.CallExpr)
			if !ok {
				return true
			}
			routes := f.registered(call)
			found = append(found, routes...)
			return len(routes) == 0 // else what is within are wrappers of the handler
		})
	}
	return found
}

// registered returns the routes that a call registers, if it is a registration.
func (f *finder) registered(call *ast.CallExpr) []Route {
	fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return nil
	}
	if path := f.packageOf(fun.X); path != "" && !(path == "net/http" && isName(fun, "Handle", "HandleFunc")) {
		return nil // it may be a wrapper that is told the pattern, which others do register
	}
	words, handlers := f.arguments(call)
	if len(handlers) == 0 || len(words) == 0 && !isName(fun, "Handler", "HandlerFunc") {
		return nil
	}
	pattern, only := f.pattern(call, fun, words)
	if !strings.Contains(pattern, "/") {
		return nil
	}
	var routes []Route
	for _, h := range handlers {
		routes = append(routes, Route{Handler: h, Pattern: pattern, Below: f.isServeMux(fun.X), Only: only, Pos: f.fset.Position(call.Pos())})
	}
	return routes
}

// isServeMux reports whether an expression is an http.ServeMux, or net/http with
// its own.
func (f *finder) isServeMux(e ast.Expr) bool {
	if f.packageOf(e) == "net/http" {
		return true
	}
	of, ok := resource(f.info.TypeOf(e))
	return ok && of == Resource{"net/http", "ServeMux"}
}

// arguments returns the constant words of a call, the last of which is the
// pattern, and the handlers after them.
func (f *finder) arguments(call *ast.CallExpr) (words []string, handlers []Handler) {
	for _, arg := range call.Args {
		if word, ok := f.text(arg); ok && len(handlers) == 0 {
			words = append(words, word)
			continue
		}
		words = append(f.methodList(arg), words...)
		handlers = append(handlers, f.handlers(arg, 0)...)
	}
	return words, handlers
}

// pattern returns the pattern of a registration and the methods that it is for,
// nil for all. They are named by a word before the pattern, in the pattern of
// net/http, by the name of what is called, or along the chain of calls.
func (f *finder) pattern(call *ast.CallExpr, fun *ast.SelectorExpr, words []string) (string, []string) {
	pattern := ""
	if len(words) > 0 {
		pattern, words = words[len(words)-1], words[:len(words)-1]
	}
	methods := append(f.chained(call), words...)
	methods = append(methods, strings.ToUpper(fun.Sel.Name))
	if method, path, found := strings.Cut(pattern, " "); found {
		pattern = strings.TrimLeft(path, " \t")
		if methods = append(methods, method); method == "GET" {
			methods = append(methods, "HEAD")
		}
	}
	only := canonical(methods)
	if len(only) == 0 {
		only = nil
	}
	return join(f.prefix(fun.X, 0), pattern), only
}

// methodList returns the methods of an argument such as []string{"GET", "POST"}.
func (f *finder) methodList(arg ast.Expr) []string {
	lit, ok := ast.Unparen(arg).(*ast.CompositeLit)
	if !ok {
		return nil
	}
	var methods []string
	for _, e := range lit.Elts {
		if m, ok := f.text(e); ok && language.IsMethod(m) {
			methods = append(methods, m)
		}
	}
	return methods
}

// chained returns the methods that a chain of calls names, as in
// r.Handle("/", h).Methods("GET") and r.Methods("GET").Path("/").Handler(h).
func (f *finder) chained(call *ast.CallExpr) []string {
	args := f.only[call]
	for ok := true; ok; {
		var fun *ast.SelectorExpr
		if fun, ok = ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
			if isName(fun, "Methods") {
				args = append(args, call.Args...)
			}
			call, ok = ast.Unparen(fun.X).(*ast.CallExpr)
		}
	}
	var methods []string
	for _, arg := range args {
		if m, ok := f.text(arg); ok {
			methods = append(methods, m)
		}
	}
	return methods
}

// isName reports whether what is selected has one of the names.
func isName(sel *ast.SelectorExpr, names ...string) bool {
	return slices.Contains(names, sel.Sel.Name)
}
