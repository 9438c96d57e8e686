package routes

import (
	"go/ast"
	"go/types"
)

// handlers returns the handlers that an expression stands for or wraps.
func (f *finder) handlers(e ast.Expr, depth int) []Handler {
	if depth++; depth > maxDepth {
		return nil
	}
	switch e := ast.Unparen(e).(type) {
	case *ast.Ident:
		if init := f.init[f.object(e)]; init != nil {
			return f.handlers(init, depth)
		}
	case *ast.SelectorExpr:
		if isName(e, "ServeHTTP") {
			return f.handlers(e.X, depth)
		}
	case *ast.CallExpr:
		return f.called(e, depth)
	}
	return nil
}

// called returns the handlers that a call returns: its own, those of the function
// that is called, and those that it wraps.
func (f *finder) called(call *ast.CallExpr, depth int) []Handler {
	fn := f.callee(call)
	if isHandle(fn) {
		return []Handler{f.handler(call, fn.Name() == "HandleList")}
	}
	found := f.results(fn, depth)
	for _, arg := range call.Args {
		found = append(found, f.handlers(arg, depth)...)
	}
	return found
}

// isHandle reports whether a function is webapi.Handle or webapi.HandleList.
func isHandle(fn *types.Func) bool { return fn != nil && InRuntime(fn, "Handle", "HandleList") }

// handler returns what a call of webapi.Handle or webapi.HandleList makes.
func (f *finder) handler(call *ast.CallExpr, list bool) Handler {
	h := Handler{List: list, Pos: f.fset.Position(call.Pos())}
	if len(call.Args) != 2 {
		return h
	}
	h.Resource, _ = resource(f.info.TypeOf(call.Args[0]))
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
			return h // it may be any
		}
		if f.info.Types[kv.Value].IsNil() {
			continue // a nil view is none
		}
		if methods = append(methods, m); m == "GET" {
			methods = append(methods, "HEAD")
		}
	}
	h.Views = canonical(methods)
	return h
}

// resource returns the name of a type, or of what it points to.
func resource(t types.Type) (Resource, bool) {
	named := NamedOf(t)
	if named == nil || named.Pkg() == nil || types.IsInterface(named.Type()) {
		return Resource{}, false
	}
	return Resource{Package: named.Pkg().Path(), Type: named.Name()}, true
}

// literal returns the composite literal of a map that an expression is or stands
// for. A variable does not if anybody may have changed the map.
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

// results returns the handlers that a function returns: what its only return
// statement has.
func (f *finder) results(fn *types.Func, depth int) []Handler {
	if fn == nil {
		return nil
	}
	decl := f.decls[fn]
	if decl == nil {
		if f.others == nil {
			return nil
		}
		return f.others(fn)
	}
	if e := returned(decl); e != nil {
		return f.handlers(e, depth)
	}
	return nil
}

// returned returns the value of a function's only return statement.
func returned(decl *ast.FuncDecl) ast.Expr {
	if decl.Body == nil {
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
