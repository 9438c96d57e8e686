package routes

import (
	"go/ast"
	"go/types"
)

// incoming has the variables that hold what handlers are given: a request, a copy of it, its
// header, or the context of a framework; and a request that is passed to a handler.
type incoming map[*types.Var]bool

// findIncoming follows requests from the parameters of handlers through assignments and
// calls.
func findIncoming(packages []*Package) incoming {
	in := incoming{}
	for n := -1; n < len(in); {
		n = len(in)
		for _, pkg := range packages {
			for _, file := range pkg.Files {
				for node := range ast.Preorder(file) {
					in.visit(pkg.Info, node)
				}
			}
		}
	}
	return in
}

func (in incoming) visit(info *types.Info, n ast.Node) {
	switch n := n.(type) {
	case *ast.FuncType: // of a declaration or a literal
		in.parameters(info, n)
	case *ast.AssignStmt:
		if len(n.Lhs) == len(n.Rhs) {
			for i, to := range n.Lhs {
				in.pass(info, n.Rhs[i], info.ObjectOf(Ident(to)))
			}
		}
	case *ast.ValueSpec:
		for i, x := range n.Values {
			if len(n.Values) == len(n.Names) {
				in.pass(info, x, info.Defs[n.Names[i]])
			}
		}
	case *ast.CallExpr:
		if fn := Callee(info, n); fn != nil {
			params := fn.Signature().Params()
			for i, arg := range n.Args[:min(len(n.Args), params.Len())] {
				in.pass(info, arg, params.At(i))
			}
			if isServeHTTP(fn) && len(n.Args) == 2 && PackageOf(fn) != "net/http/httputil" { // a proxy sends it
				if v, ok := info.ObjectOf(Ident(n.Args[1])).(*types.Var); ok {
					in[v] = true
				}
			}
		}
	}
}

// parameters adds those of a function that has a response writer, or the context of a
// framework, among them. Another one with a request may be about one that goes out.
func (in incoming) parameters(info *types.Info, typ *ast.FuncType) {
	var list []*types.Var
	answers := false
	for _, field := range typ.Params.List {
		t := info.TypeOf(field.Type)
		answers = answers || DeclaredAs(t, "net/http", "ResponseWriter") || isContext(t)
		for _, name := range field.Names {
			if v, ok := info.Defs[name].(*types.Var); ok && carries(t) {
				list = append(list, v)
			}
		}
	}
	if answers {
		for _, v := range list {
			in[v] = true
		}
	}
}

// pass adds a local variable or a parameter that is given what a handler is given.
func (in incoming) pass(info *types.Info, x ast.Expr, to types.Object) {
	if v, ok := to.(*types.Var); ok && !v.IsField() && carries(v.Type()) && in.holds(info, x) {
		in[v] = true
	}
}

// carries reports whether t is a request, a header, or the context of a framework.
func carries(t types.Type) bool {
	return DeclaredAs(t, "net/http", "Request", "Header") || isContext(t)
}

// holds reports whether an expression is, or belongs to, what a handler is given. A copy of a
// header does not.
func (in incoming) holds(info *types.Info, x ast.Expr) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		v, ok := info.ObjectOf(x).(*types.Var)
		return ok && in[v]
	case *ast.SelectorExpr:
		return in.holds(info, x.X)
	case *ast.StarExpr:
		return in.holds(info, x.X)
	case *ast.UnaryExpr:
		return in.holds(info, x.X)
	case *ast.CallExpr:
		return DeclaredAs(info.TypeOf(x), "net/http", "Request") && in.holds(info, x.Fun)
	}
	return false
}
