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
	dropped  bool  // the callee does not use the handlers, so that there is no route
}

// registration returns what a call registers, if it is a registration. A function
// of a package is none, since others register what it returns.
func (f *finder) registration(call *ast.CallExpr) (registration, bool) {
	fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	if !ok {
		return registration{}, false
	}
	if path := f.packageOf(fun.X); path != "" && !(path == "net/http" && isName(fun, "Handle", "HandleFunc")) {
		return registration{}, false
	}
	r, words, computed := f.arguments(call)
	if len(r.handlers) == 0 || r.dropped {
		return r, r.dropped
	}
	isServeMux := f.packageOf(fun.X) == "net/http" || DeclaredAs(f.info.TypeOf(fun.X), "net/http", "ServeMux")
	r.route = Route{Below: isServeMux, Pos: f.position(call)}
	pattern, only, read := f.pattern(call, fun, words)
	chained := isName(fun, "Handler", "HandlerFunc") // the pattern is earlier in the chain
	switch {
	case strings.Contains(pattern, "/") && (len(words) > 0 || chained):
		r.route.Pattern, r.route.Only, r.read = pattern, only, read && !computed
	case !registers(fun) || chained && read:
		return registration{}, false
	}
	return r, true
}

// registers reports whether a method has a name by which routers register
// handlers. Such a call is a registration even if its pattern is computed.
func registers(fun *ast.SelectorExpr) bool {
	name := strings.ToUpper(fun.Sel.Name)
	return annotations.IsMethod(name) || slices.Contains([]string{
		"HANDLE", "HANDLEFUNC", "HANDLER", "HANDLERFUNC", "METHOD", "METHODFUNC", "MATCH", "ANY", "ADD", "MOUNT",
	}, name)
}

// arguments reads the arguments of a call that may be a registration: the handlers,
// the constant words before them, of which the last is the pattern, and whether a
// string there, or a list of strings, is computed.
func (f *finder) arguments(call *ast.CallExpr) (r registration, words []string, computed bool) {
	for i, arg := range call.Args {
		if word, ok := f.text(arg); ok && len(r.handlers) == 0 {
			words = append(words, word)
			continue
		}
		methods, constant := f.methodList(arg)
		words = append(methods, words...)
		computed = computed || len(r.handlers) == 0 && !constant && f.isText(arg)
		if handlers := f.handlers(arg, 0); len(handlers) > 0 {
			r.dropped = (r.dropped || len(r.handlers) == 0) && f.drops(f.callee(call), i)
			r.handlers = append(r.handlers, handlers...)
		}
	}
	return r, words, computed
}

func (f *finder) isText(e ast.Expr) bool {
	t := f.info.TypeOf(e)
	if t == nil {
		return false
	}
	if list, ok := t.Underlying().(*types.Slice); ok {
		t = list.Elem()
	}
	return IsString(t)
}

// drops reports whether a function is known not to use an argument.
func (f *finder) drops(fn *types.Func, arg int) bool {
	of := f.loader.finderOf(fn)
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

// pattern returns the pattern of a registration with its prefix, and its methods,
// nil for all. The methods are words before the pattern, in the pattern as in
// net/http, the name of the called method, or along the chain of calls. Read reports
// whether none of these is computed.
func (f *finder) pattern(call *ast.CallExpr, fun *ast.SelectorExpr, words []string) (full string, only []string, read bool) {
	pattern := ""
	if len(words) > 0 {
		pattern, words = words[len(words)-1], words[:len(words)-1]
	}
	methods, read := f.chained(call)
	methods = append(append(methods, words...), strings.ToUpper(fun.Sel.Name))
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
// and whether it is a literal in which nothing is computed.
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
	for call != nil {
		fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok {
			break
		}
		if isName(fun, "Methods") {
			args = append(args, call.Args...)
		}
		call, _ = ast.Unparen(fun.X).(*ast.CallExpr)
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

func isName(sel *ast.SelectorExpr, names ...string) bool { return slices.Contains(names, sel.Sel.Name) }

// prefix returns what stands before the patterns of a router, as far as it is
// constant, and whether all of it is. Where the parameter of a function is mounted
// is not known.
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
		switch {
		case !ok || f.packageOf(fun.X) != "":
			return "", true
		case len(r.Args) > 0 && isName(fun, "Group", "Route", "PathPrefix", "Path"):
			return f.groupPrefix(&group{fun.X, r.Args[0]}, depth)
		}
		return f.prefix(fun.X, depth)
	}
	obj := f.object(router)
	if g, mounted := f.groups[obj]; mounted {
		return f.groupPrefix(g, depth)
	}
	return f.prefix(f.init[obj], depth)
}

// groupPrefix returns the prefix of a group, which is nil if that is not known. The
// path of a group without one is a function, as in chi.
func (f *finder) groupPrefix(g *group, depth int) (prefix string, constant bool) {
	if g == nil {
		return "", false
	}
	prefix, constant = f.prefix(g.parent, depth)
	if g.path == nil {
		return prefix, constant
	}
	text, ok := f.text(g.path)
	_, isFunc := ast.Unparen(g.path).(*ast.FuncLit)
	return join(prefix, text), constant && (ok || isFunc)
}

// join returns a prefix and a pattern, without a double slash between them.
func join(prefix, pattern string) string {
	if strings.HasPrefix(pattern, "/") {
		prefix = strings.TrimSuffix(prefix, "/")
	}
	return prefix + pattern
}
