package routes

import (
	"go/ast"
	"go/types"
)

// maxDepth is the number of steps from an expression to what it stands for, so
// that a cycle ends.
const maxDepth = 10

// handlers returns the handlers that an expression stands for or wraps.
func (f *finder) handlers(e ast.Expr, depth int) []Handler {
	if depth++; depth > maxDepth {
		return nil
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		return f.handlers(f.init[f.object(e)], depth)
	case *ast.SelectorExpr:
		if isName(e, "ServeHTTP") {
			return f.handlers(e.X, depth)
		}
	case *ast.CallExpr:
		fn := f.callee(e)
		if isHandle(fn) {
			return []Handler{f.handler(e, fn.Name() == "HandleList")}
		}
		found := f.results(fn, depth)
		for _, arg := range e.Args {
			found = append(found, f.handlers(arg, depth)...)
		}
		return found
	}
	return nil
}

// isHandle reports whether a function is webapi.Handle or webapi.HandleList. It may
// be nil.
func isHandle(fn *types.Func) bool { return fn != nil && InRuntime(fn, "Handle", "HandleList") }

// handler returns what a call of webapi.Handle or webapi.HandleList makes.
func (f *finder) handler(call *ast.CallExpr, list bool) Handler {
	h := Handler{List: list, Pos: f.position(call)}
	if len(call.Args) != 2 {
		return h
	}
	t := NamedOf(f.info.TypeOf(call.Args[0]))
	if t != nil && t.Pkg() != nil && !types.IsInterface(t.Type()) {
		h.Resource = Resource{Package: t.Pkg().Path(), Type: t.Name()}
	}
	views := f.literal(call.Args[1])
	if views == nil {
		return h
	}
	var methods []string
	for _, e := range views.Elts {
		kv, ok := e.(*ast.KeyValueExpr)
		if !ok {
			return h
		}
		m, ok := f.text(kv.Key)
		if !ok {
			return h // it may be any method
		}
		if f.info.Types[kv.Value].IsNil() {
			continue
		}
		if methods = append(methods, m); m == "GET" {
			methods = append(methods, "HEAD")
		}
	}
	h.Views = canonical(methods)
	return h
}

// literal returns the composite literal of a map that an expression is, or that
// the variable it names holds. It returns nil if the map may have been changed.
func (f *finder) literal(e ast.Expr) *ast.CompositeLit {
	e = ast.Unparen(e)
	if id, ok := e.(*ast.Ident); ok {
		obj := f.object(id)
		if f.shared[obj] {
			return nil
		}
		e = ast.Unparen(f.init[obj])
	}
	lit, _ := e.(*ast.CompositeLit)
	return lit
}

// results returns the handlers that a function returns, if its source is loaded:
// those of its only return statement.
func (f *finder) results(fn *types.Func, depth int) []Handler {
	of := f.loader.finderOf(fn)
	if of == nil {
		return nil
	}
	if of != f {
		depth = 0
	}
	return of.handlers(returned(of.decls[fn]), depth)
}

// returned returns the value of a function's only return statement, or nil. The
// declaration may be nil.
func returned(decl *ast.FuncDecl) ast.Expr {
	if decl == nil || decl.Body == nil {
		return nil
	}
	var all []*ast.ReturnStmt
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false
		case *ast.ReturnStmt:
			all = append(all, n)
		}
		return true
	})
	if len(all) != 1 || len(all[0].Results) != 1 {
		return nil
	}
	return all[0].Results[0]
}
