package scaffold

import (
	"go/ast"
	"go/token"
	"slices"
	"strconv"
	"strings"
	"unicode"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// A handler is a method that serves requests: it takes a response writer and a
// request, whatever it takes and returns besides.
type handler struct {
	name     string
	answers  []string // HTTP methods; none for a ServeHTTP that does not show them
	passesOn bool     // a ServeHTTP that calls another, as routers and middleware do
}

// rank returns where a handler stands among those of its type: in the order of
// the HTTP methods, and ServeHTTP at the end.
func (h handler) rank(methods []string) int {
	if h.name == serveHTTP {
		return len(methods)
	}
	return slices.Index(methods, h.answers[0])
}

// methods returns the handlers of each type, by the name of the type. It leaves
// out those of tests.
func (s *source) methods() map[string][]handler {
	receivers := map[token.Position]string{}
	for _, m := range s.in.Package.Methods {
		if !m.File.Test {
			receivers[m.Name.Pos] = m.Receiver
		}
	}
	methods := map[string][]handler{}
	for _, f := range s.files {
		for _, decl := range f.tree.Decls {
			decl, ok := decl.(*ast.FuncDecl)
			if !ok {
				continue
			}
			receiver, found := receivers[f.position(decl.Name.Pos())]
			if h, ok := handlerOf(f.tree, decl); ok && found {
				methods[receiver] = append(methods[receiver], h)
			}
		}
	}
	return methods
}

// handlerOf returns what a method serves, and whether it serves anything.
func handlerOf(tree *ast.File, decl *ast.FuncDecl) (handler, bool) {
	h := handler{name: decl.Name.Name}
	request, ok := requestOf(tree, decl.Type)
	if !ok {
		return h, false
	}
	if h.name == serveHTTP {
		h.look(decl.Body, request, packageNames(tree, "net/http"))
		return h, true
	}
	method, ok := answers[strings.ToLower(h.name)]
	if !ok {
		method, ok = answers[strings.ToLower(firstWord(h.name))]
	}
	h.answers = []string{method}
	return h, ok
}

// firstWord returns what stands before the second word of a name in mixed caps:
// Get of GetOrder, and Getter of Getter.
func firstWord(name string) string {
	for i, r := range name {
		if i > 0 && unicode.IsUpper(r) {
			return name[:i]
		}
	}
	return name
}

// requestOf returns the name of the parameter that is the request, and whether
// there is one and a response writer.
func requestOf(tree *ast.File, x *ast.FuncType) (name string, ok bool) {
	http := packageNames(tree, "net/http")
	var writer, request bool
	for _, field := range x.Params.List {
		t := ast.Unparen(field.Type)
		if star, ok := t.(*ast.StarExpr); ok && isOf(http, star.X, "Request") {
			request = true
			if len(field.Names) > 0 {
				name = field.Names[0].Name
			}
		}
		writer = writer || isOf(http, t, "ResponseWriter")
	}
	return name, writer && request
}

// packageNames returns the names by which a file calls a package; "." if its
// names stand for themselves.
func packageNames(tree *ast.File, path string) []string {
	var names []string
	for _, spec := range tree.Imports {
		switch imported, err := strconv.Unquote(spec.Path.Value); {
		case err != nil || imported != path:
		case spec.Name != nil:
			names = append(names, spec.Name.Name)
		default:
			names = append(names, path[strings.LastIndexByte(path, '/')+1:])
		}
	}
	return names
}

// isOf reports whether an expression is a name of a package.
func isOf(packages []string, x ast.Expr, name string) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.SelectorExpr:
		id, ok := x.X.(*ast.Ident)
		return ok && x.Sel.Name == name && slices.Contains(packages, id.Name)
	case *ast.Ident:
		return x.Name == name && slices.Contains(packages, ".")
	}
	return false
}

// look finds out what a ServeHTTP answers by a switch on the request's method.
func (h *handler) look(body *ast.BlockStmt, request string, http []string) {
	if body == nil {
		return
	}
	ast.Inspect(body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if called, ok := n.Fun.(*ast.SelectorExpr); ok && called.Sel.Name == serveHTTP {
				h.passesOn = true
			}
		case *ast.SwitchStmt:
			if isMethodOf(n.Tag, request) {
				h.take(n.Body, http)
			}
		}
		return true
	})
}

// isMethodOf reports whether an expression is r.Method.
func isMethodOf(x ast.Expr, request string) bool {
	sel, ok := ast.Unparen(x).(*ast.SelectorExpr)
	if !ok || sel.Sel.Name != "Method" {
		return false
	}
	id, ok := sel.X.(*ast.Ident)
	return ok && id.Name == request
}

// take takes the methods that the cases of a switch name.
func (h *handler) take(cases *ast.BlockStmt, http []string) {
	for _, stmt := range cases.List {
		clause, ok := stmt.(*ast.CaseClause)
		if !ok {
			continue
		}
		for _, x := range clause.List {
			if name := methodName(x, http); name != "" {
				h.answers = append(h.answers, name)
			}
		}
	}
}

// methodName returns the method that http.MethodGet or "GET" is, and GET for
// HEAD, which follows it; "" for anything else.
func methodName(x ast.Expr, http []string) string {
	name := ""
	if lit, ok := ast.Unparen(x).(*ast.BasicLit); ok && lit.Kind == token.STRING {
		name, _ = strconv.Unquote(lit.Value)
	}
	for _, m := range annotations.Methods() {
		if name == m || isOf(http, x, "Method"+m[:1]+strings.ToLower(m[1:])) {
			if m == "HEAD" {
				return "GET"
			}
			return m
		}
	}
	return ""
}
