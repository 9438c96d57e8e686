package routes

import (
	"go/ast"
	"go/token"
	"go/types"
)

// share notes which variables are used otherwise than to read what they hold: by
// another name, or in another function, a map can grow. So it can where other
// packages see the variable.
func (x *index) share() {
	read := map[*ast.Ident]bool{}
	for _, file := range x.files {
		ast.Inspect(file, func(n ast.Node) bool {
			for _, e := range x.reads(n) {
				if id, ok := ast.Unparen(e).(*ast.Ident); ok {
					read[id] = true
				}
			}
			return true
		})
	}
	for id, obj := range x.info.Uses {
		if v, ok := obj.(*types.Var); ok && !read[id] {
			x.shared[v] = true
		}
	}
	for _, obj := range x.info.Defs {
		if v, ok := obj.(*types.Var); ok && v.Exported() && v.Pkg() != nil && v.Pkg().Name() != "main" && v.Parent() == v.Pkg().Scope() {
			x.shared[v] = true
		}
	}
}

// reads returns the expressions of which a node reads what they hold, or sets it,
// which assign notes.
func (x *index) reads(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.AssignStmt:
		return n.Lhs
	case *ast.IndexExpr:
		return []ast.Expr{n.X}
	case *ast.RangeStmt:
		return []ast.Expr{n.Key, n.Value, n.X}
	case *ast.BinaryExpr:
		if n.Op == token.EQL || n.Op == token.NEQ {
			return []ast.Expr{n.X, n.Y}
		}
	case *ast.CallExpr:
		if x.isHandle(x.callee(n)) || x.callsBuiltin(n, "len") || x.callsOf(n, "maps", "Clone", "Keys", "Values") {
			return n.Args
		}
	}
	return nil
}

func (x *index) callsBuiltin(call *ast.CallExpr, name string) bool {
	return x.object(call.Fun) == types.Universe.Lookup(name)
}

func (x *index) callsOf(call *ast.CallExpr, path string, names ...string) bool {
	fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	return ok && x.packageOf(fun.X) == path && isName(fun, names...)
}
