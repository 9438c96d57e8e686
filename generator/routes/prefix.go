package routes

import (
	"go/ast"
	"strings"
)

// prefix returns what stands before the patterns of a router.
func (f *finder) prefix(router ast.Expr, depth int) string {
	if depth++; depth > maxDepth || router == nil {
		return ""
	}
	switch r := ast.Unparen(router).(type) {
	case *ast.UnaryExpr:
		return f.prefix(r.X, depth)
	case *ast.StarExpr:
		return f.prefix(r.X, depth)
	case *ast.CallExpr:
		fun, ok := ast.Unparen(r.Fun).(*ast.SelectorExpr)
		if !ok || f.packageOf(fun.X) != "" {
			return ""
		}
		prefix := f.prefix(fun.X, depth)
		if len(r.Args) > 0 && isName(fun, "Group", "Route", "PathPrefix", "Path") {
			path, _ := f.text(r.Args[0])
			prefix = join(prefix, path)
		}
		return prefix
	}
	obj := f.object(router)
	if g := f.groups[obj]; g != nil && obj != nil {
		path := ""
		if g.path != nil {
			path, _ = f.text(g.path)
		}
		return join(f.prefix(g.parent, depth), path)
	}
	if obj != nil && f.init[obj] != nil {
		return f.prefix(f.init[obj], depth)
	}
	return ""
}

// join returns a prefix and a pattern, with no double slash between them.
func join(prefix, pattern string) string {
	if strings.HasPrefix(pattern, "/") {
		prefix = strings.TrimSuffix(prefix, "/")
	}
	return prefix + pattern
}
