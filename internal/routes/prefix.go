package routes

import (
	"go/ast"
	"strings"
)

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
