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
	for _, pkg := range t.packages {
		for _, file := range pkg.Files {
			if file.FileStart <= r.Pos && r.Pos < file.FileEnd {
				return permissions(file, pkg.Info, r)
			}
		}
	}
	return nil
}

func permissions(file *ast.File, info *types.Info, r *Route) []string {
	var list []string
	in := func(n ast.Node) {
		ast.Inspect(n, func(n ast.Node) bool {
			if _, isFunc := n.(*ast.FuncLit); isFunc {
				return false
			}
			call, ok := n.(*ast.CallExpr)
			if !ok || !wraps(info, call) {
				return true
			}
			for _, arg := range call.Args {
				if text, ok := Constant(info, arg); ok && permission.MatchString(text) && !slices.Contains(list, text) {
					list = append(list, text)
				}
			}
			return true
		})
	}
	ast.Inspect(file, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && call.Pos() == r.Pos {
			in(call)
			return false
		}
		return n == nil || n.Pos() <= r.Pos && r.Pos < n.End()
	})
	return list
}

// wraps reports whether a call returns middleware, or a handler for one that it is given.
func wraps(info *types.Info, call *ast.CallExpr) bool {
	t := info.TypeOf(call)
	return isMiddleware(t) || DeclaredAs(t, ginPath, "HandlerFunc") || IsHandler(t) &&
		slices.ContainsFunc(call.Args, func(arg ast.Expr) bool { return IsHandler(info.TypeOf(arg)) })
}
