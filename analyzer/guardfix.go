package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/webapi-gen/webapi-gen/internal/routes"
)

// guardFix returns the fix that puts the guard of the resource before a route: where one
// call of a router of net/http or chi names the method and has the handler, a method of
// a variable, and the file imports the runtime.
func guardFix(pass *analysis.Pass, r *routes.Route, key string) []analysis.SuggestedFix {
	file, call := callAt(pass, r.Pos)
	sel, ok := ast.Unparen(r.Handler.Node.(ast.Expr)).(*ast.SelectorExpr)
	if file == nil || !ok || len(call.Args) == 0 || r.Only == nil || r.Unread != "" {
		return nil
	}
	fun, isMethod := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	runtime, http := importName(pass, file, "webapi"), importName(pass, file, "http")
	last := call.Args[len(call.Args)-1]
	if !isMethod || runtime == "" || !isPlain(sel.X) || sel.Pos() < last.Pos() || last.End() < sel.End() {
		return nil
	}
	guard := runtime + ".Guard("
	if path := strings.TrimSuffix(r.Pattern, "/"); key != "" && routes.Wildcard(path[strings.LastIndex(path, "/")+1:]) != key {
		guard = runtime + ".GuardList("
	}
	guard += types.ExprString(sel.X) + ")"
	var edits []analysis.TextEdit
	insert := func(pos token.Pos, text string) {
		edits = append(edits, analysis.TextEdit{Pos: pos, End: pos, NewText: []byte(text)})
	}
	switch {
	case r.Router == routes.Chi && fun.Sel.Name != "Mount" && hasMethod(pass, fun.X, "With"):
		insert(fun.X.End(), ".With("+guard+")")
	case r.Router == routes.ServeMux && fun.Sel.Name == "Handle":
		insert(last.Pos(), guard+"(")
		insert(last.End(), ")")
	case r.Router == routes.ServeMux && fun.Sel.Name == "HandleFunc" && http != "" && !hasMethod(pass, fun.X, "Handle"):
		insert(last.Pos(), guard+"("+http+".HandlerFunc(")
		insert(last.End(), ")).ServeHTTP")
	case r.Router == routes.ServeMux && fun.Sel.Name == "HandleFunc" && http != "":
		edits = append(edits, analysis.TextEdit{Pos: fun.Sel.Pos(), End: fun.Sel.End(), NewText: []byte("Handle")})
		insert(last.Pos(), guard+"("+http+".HandlerFunc(")
		insert(last.End(), "))")
	default:
		return nil
	}
	return []analysis.SuggestedFix{{Message: "Put " + guard + " before the route", TextEdits: edits}}
}

// hasMethod reports whether a router, or package net/http, has a function of the name. An
// interface of a router may lack it.
func hasMethod(pass *analysis.Pass, router ast.Expr, name string) bool {
	if _, ok := pass.TypesInfo.ObjectOf(routes.Ident(router)).(*types.PkgName); ok {
		return true
	}
	method, _, _ := types.LookupFieldOrMethod(pass.TypesInfo.TypeOf(router), true, pass.Pkg, name)
	_, ok := method.(*types.Func)
	return ok
}

// callAt returns the call that begins at a position, and has a constant path, and its file.
func callAt(pass *analysis.Pass, pos token.Pos) (in *ast.File, found *ast.CallExpr) {
	for _, file := range sources(pass) {
		if pos < file.FileStart || file.FileEnd < pos {
			continue
		}
		for n := range ast.Preorder(file) {
			if call, ok := n.(*ast.CallExpr); ok && call.Pos() == pos && len(call.Args) > 1 {
				if _, ok := routes.Constant(pass.TypesInfo, call.Args[0]); ok {
					return file, call
				}
			}
		}
	}
	return nil, nil
}

// importName returns the name by which a file imports the runtime, or net/http, as their
// packages are named; "" if it does not.
func importName(pass *analysis.Pass, file *ast.File, pkg string) string {
	for _, spec := range file.Imports {
		name := pass.TypesInfo.PkgNameOf(spec)
		if name == nil || name.Name() == "_" || name.Name() == "." {
			continue
		}
		path := name.Imported().Path()
		if path == "net/http" && pkg == "http" || routes.IsRuntimePath(path) && pkg == "webapi" {
			return name.Name()
		}
	}
	return ""
}

// isPlain reports whether an expression is a variable or a field, so that it can be
// written again.
func isPlain(x ast.Expr) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		return true
	case *ast.SelectorExpr:
		return isPlain(x.X)
	}
	return false
}
