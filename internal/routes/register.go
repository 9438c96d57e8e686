package routes

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// A registration is a call that registers handlers.
type registration struct {
	handlers []Handler
	route    Route // without a handler; without a pattern if that is not known
	read     bool  // all of it is understood
	dropped  bool  // it is none: what is called does nothing with the handlers
}

// registration returns what a call registers, if it is a registration.
func (f *finder) registration(call *ast.CallExpr) (registration, bool) {
	fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return registration{}, false
	}
	if path := f.packageOf(fun.X); path != "" && !(path == "net/http" && isName(fun, "Handle", "HandleFunc")) {
		return registration{}, false // it may be a wrapper that is told the pattern, which others do register
	}
	a := f.arguments(call)
	if len(a.handlers) == 0 {
		return registration{}, false
	}
	r := registration{handlers: a.handlers, dropped: a.dropped, route: Route{Below: f.isServeMux(fun.X), Pos: f.fset.Position(call.Pos())}}
	if a.dropped {
		return r, true
	}
	pattern, only, read := f.pattern(call, fun, a.words)
	wraps := !registers(fun) || isName(fun, "Handler", "HandlerFunc") && read
	switch {
	case strings.Contains(pattern, "/") && (len(a.words) > 0 || isName(fun, "Handler", "HandlerFunc")):
		r.route.Pattern, r.route.Only, r.read = pattern, only, read && !a.computed
	case wraps:
		return registration{}, false
	}
	return r, true
}

// registers reports whether a method has a name by which routers register
// handlers, so that it is a registration also where its pattern is computed.
func registers(fun *ast.SelectorExpr) bool {
	name := strings.ToUpper(fun.Sel.Name)
	return annotations.IsMethod(name) || slices.Contains([]string{
		"HANDLE", "HANDLEFUNC", "HANDLER", "HANDLERFUNC", "METHOD", "METHODFUNC", "MATCH", "ANY", "ADD", "MOUNT",
	}, name)
}

// arguments are those of a call that may be a registration.
type arguments struct {
	words    []string // constant; the last is the pattern
	handlers []Handler
	dropped  bool // the function that is called does nothing with the handlers
	computed bool // before the handlers is a text, or a list of them, that is not constant
}

func (f *finder) arguments(call *ast.CallExpr) arguments {
	a := arguments{dropped: true}
	for i, arg := range call.Args {
		if word, ok := f.text(arg); ok && len(a.handlers) == 0 {
			a.words = append(a.words, word)
			continue
		}
		list, constant := f.methodList(arg)
		a.words = append(list, a.words...)
		a.computed = a.computed || len(a.handlers) == 0 && !constant && f.isText(arg)
		if more := f.handlers(arg, 0); len(more) > 0 {
			a.handlers = append(a.handlers, more...)
			a.dropped = a.dropped && f.drops(f.callee(call), i)
		}
	}
	return a
}

// isText reports whether an expression is a string or a list of them.
func (f *finder) isText(e ast.Expr) bool {
	t := f.info.TypeOf(e)
	if t == nil {
		return false
	}
	if list, ok := t.Underlying().(*types.Slice); ok {
		t = list.Elem()
	}
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsString != 0
}

// drops reports whether a function is known to do nothing with an argument.
func (f *finder) drops(fn *types.Func, arg int) bool {
	if fn == nil {
		return false
	}
	of := f.of(fn)
	if of == nil || of.decls[fn] == nil || of.decls[fn].Body == nil {
		return false
	}
	params := fn.Signature().Params()
	if params.Len() == 0 {
		return false
	}
	param := params.At(min(arg, params.Len()-1))
	for _, used := range of.info.Uses {
		if used == param {
			return false
		}
	}
	return true
}

// pattern returns the pattern of a registration and the methods that it is for,
// nil for all. They are named by a word before the pattern, in the pattern of
// net/http, by the name of what is called, or along the chain of calls. It is not
// read in full where one of them, or a prefix, is computed.
func (f *finder) pattern(call *ast.CallExpr, fun *ast.SelectorExpr, words []string) (full string, only []string, read bool) {
	pattern := ""
	if len(words) > 0 {
		pattern, words = words[len(words)-1], words[:len(words)-1]
	}
	methods, read := f.chained(call)
	methods = append(methods, words...)
	methods = append(methods, strings.ToUpper(fun.Sel.Name))
	if method, path, found := strings.Cut(pattern, " "); found {
		pattern = strings.TrimLeft(path, " \t")
		if methods = append(methods, method); method == "GET" {
			methods = append(methods, "HEAD")
		}
	}
	if only = canonical(methods); len(only) == 0 {
		only = nil
	}
	prefix, constant := f.prefix(fun.X, 0)
	return join(prefix, pattern), only, read && constant
}

// methodList returns the methods of an argument such as []string{"GET", "POST"},
// and whether it is one, without anything that is computed.
func (f *finder) methodList(arg ast.Expr) (methods []string, constant bool) {
	lit, constant := ast.Unparen(arg).(*ast.CompositeLit)
	if !constant {
		return nil, false
	}
	for _, e := range lit.Elts {
		m, ok := f.text(e)
		if constant = constant && ok; annotations.IsMethod(m) {
			methods = append(methods, m)
		}
	}
	return methods, constant
}

// chained returns the methods that a chain of calls names, as in
// r.Handle("/", h).Methods("GET") and r.Methods("GET").Path("/").Handler(h), and
// whether none of them is computed.
func (f *finder) chained(call *ast.CallExpr) (methods []string, read bool) {
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
	read = true
	for _, arg := range args {
		m, ok := f.text(arg)
		if read = read && ok; ok {
			methods = append(methods, m)
		}
	}
	return methods, read
}

// isName reports whether what is selected has one of the names.
func isName(sel *ast.SelectorExpr, names ...string) bool {
	return slices.Contains(names, sel.Sel.Name)
}

// prefix returns what stands before the patterns of a router, as far as it is
// constant, and whether all of it is. Nothing is known of where the parameter of a
// function is mounted.
func (f *finder) prefix(router ast.Expr, depth int) (prefix string, constant bool) {
	if depth++; depth > maxDepth || router == nil {
		return "", true
	}
	switch r := ast.Unparen(router).(type) {
	case *ast.UnaryExpr:
		return f.prefix(r.X, depth)
	case *ast.StarExpr:
		return f.prefix(r.X, depth)
	case *ast.CallExpr:
		fun, ok := ast.Unparen(r.Fun).(*ast.SelectorExpr)
		if !ok || f.packageOf(fun.X) != "" {
			return "", true
		}
		if len(r.Args) > 0 && isName(fun, "Group", "Route", "PathPrefix", "Path") {
			return f.below(fun.X, r.Args[0], depth)
		}
		return f.prefix(fun.X, depth)
	}
	obj := f.object(router)
	g, mounted := f.groups[obj]
	switch {
	case obj == nil:
	case mounted && g == nil:
		return "", false
	case mounted:
		return f.below(g.parent, g.path, depth)
	case f.init[obj] != nil:
		return f.prefix(f.init[obj], depth)
	}
	return "", true
}

// below returns the prefix of a group of a router; the path may be nil. That of a
// group without a path is a function, as in chi.
func (f *finder) below(parent, path ast.Expr, depth int) (prefix string, constant bool) {
	prefix, constant = f.prefix(parent, depth)
	if path == nil {
		return prefix, constant
	}
	text, ok := f.text(path)
	_, function := ast.Unparen(path).(*ast.FuncLit)
	return join(prefix, text), constant && (ok || function)
}

// join returns a prefix and a pattern, with no double slash between them.
func join(prefix, pattern string) string {
	if strings.HasPrefix(pattern, "/") {
		prefix = strings.TrimSuffix(prefix, "/")
	}
	return prefix + pattern
}
