package routes

import (
	"go/ast"
	"go/types"
	"regexp"
	"slices"
)

// permission matches what reads like a scope or a permission: campaigns:send, notes.read.
var permission = regexp.MustCompile(`^[a-z][a-z0-9_-]*([:.][a-z0-9_*-]+)+$`)

// Permissions returns the constants that read like scopes, in the order of the source,
// among the arguments of what stands around the handler of a route or before it, in the
// call that registers it: "notes:read" in
//
//	g.GET("/notes", allow(listNotes, "notes:read"))
func (t *Table) Permissions(r *Route) []string {
	pkg, file := t.fileOf(r.Pos)
	if file == nil {
		return nil
	}
	for n := range ast.Preorder(file) {
		if call, ok := n.(*ast.CallExpr); ok && call.Pos() == r.Pos {
			return permissions(call, pkg.Info)
		}
	}
	return nil
}

func permissions(call *ast.CallExpr, info *types.Info) []string {
	var list []string
	ast.Inspect(call, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && wraps(info, call) {
			for _, arg := range call.Args {
				if text, ok := Constant(info, arg); ok && permission.MatchString(text) && !slices.Contains(list, text) {
					list = append(list, text)
				}
			}
		}
		_, isFunc := n.(*ast.FuncLit)
		return !isFunc
	})
	return list
}

// wraps reports whether a call returns middleware, or a handler for one that it is given.
func wraps(info *types.Info, call *ast.CallExpr) bool {
	t := info.TypeOf(call)
	return isMiddleware(t) || DeclaredAs(t, ginPath, "HandlerFunc") || IsHandler(t) &&
		slices.ContainsFunc(call.Args, func(arg ast.Expr) bool { return IsHandler(info.TypeOf(arg)) })
}
