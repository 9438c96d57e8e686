package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/webapi-gen/webapi-gen/internal/routes"
)

// ManualScopeCheck reports tests of a token's scope string that do not use the
// runtime.
var ManualScopeCheck = &analysis.Analyzer{
	Name: "handroll",
	Doc: `report tests of a token's scope string that are made by hand

A scope string is a list with spaces between, and its elements compare byte by
byte: strings.Contains finds "note:read" in "footnote:read", a prefix opens what it
should not, and EqualFold takes "NOTE:READ" for a scope. The guard tests scopes. Where
code must do so by itself, webapi.ParseScopes, webapi.ParseScopeClaim or
webapi.ScopesFromClaims read them, and Scopes.Has and Requirement.Met tell.

What counts is a field, method or map key named scope, scopes or scp of a value
whose name or type speaks of a token, claims or introspection, and the text of
webapi.Scopes, where it is tested for a constant that can be a scope. Packages
that neither declare resources nor import package webapi are left out.`,
	URL:      docURL,
	Requires: []*analysis.Analyzer{declared},
	Run: func(pass *analysis.Pass) (any, error) {
		d := declarationsOf(pass)
		if !d.declares && !d.runtime {
			return nil, nil
		}
		c := &manualChecks{pass: pass, declarations: d}
		for _, file := range sources(pass) {
			if !ast.IsGenerated(file) {
				for n := range ast.Preorder(file) {
					c.check(n)
				}
			}
		}
		return nil, nil
	},
}

type manualChecks struct {
	*declarations
	pass *analysis.Pass
}

// tests are the functions of the standard library that test their first argument
// for their second.
var tests = map[string][]string{
	"strings": {"Contains", "HasPrefix", "HasSuffix", "EqualFold", "Index", "LastIndex", "Count", "Compare", "Cut", "CutPrefix", "CutSuffix"},
	"slices":  {"Contains", "Index"},
}

func (c *manualChecks) check(n ast.Node) {
	switch n := n.(type) {
	case *ast.CallExpr:
		fn := routes.Callee(c.info, n)
		if fn == nil || fn.Pkg() == nil || len(n.Args) != 2 || !slices.Contains(tests[fn.Pkg().Path()], fn.Name()) {
			return
		}
		symmetric := fn.Name() == "EqualFold" || fn.Name() == "Compare"
		if c.tests(n.Args[0], n.Args[1]) || symmetric && c.tests(n.Args[1], n.Args[0]) {
			c.report(n, fn.Pkg().Name()+"."+fn.Name())
		}
	case *ast.BinaryExpr:
		if (n.Op == token.EQL || n.Op == token.NEQ) && (c.tests(n.X, n.Y) || c.tests(n.Y, n.X)) {
			c.report(n, n.Op.String())
		}
	}
}

func (c *manualChecks) report(n ast.Node, how string) {
	c.pass.ReportRangef(n, "the scopes of a token are tested by %s; webapi.ParseScopes reads them, and Has compares them whole", how)
}

// tests reports whether list is the scope string of a token, and element a
// constant that can be a scope.
func (c *manualChecks) tests(list, element ast.Expr) bool {
	value, ok := routes.Constant(c.info, element)
	return ok && mayBeScope(value) && c.isScopes(list, nil)
}

// mayBeScope reports whether a text can be a scope or the beginning of one: a
// scope-token of RFC 6749, section 3.3, that has a letter.
func mayBeScope(s string) bool {
	letter := false
	for i := range len(s) {
		c := s[i]
		if c <= ' ' || c > '~' || c == '"' || c == '\\' {
			return false
		}
		letter = letter || c|0x20 >= 'a' && c|0x20 <= 'z'
	}
	return letter
}

// rewrites are the functions of package strings that split a scope string or
// return it in another form.
var rewrites = []string{"Split", "SplitN", "SplitAfter", "SplitSeq", "Fields", "FieldsSeq", "ToLower", "ToUpper", "TrimSpace", "Trim"}

// isScopes reports whether x is the scope string of a token, or derived from one.
// It follows variables other than those already visited.
func (c *manualChecks) isScopes(x ast.Expr, visited []*types.Var) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.TypeAssertExpr:
		return c.isScopes(x.X, visited)
	case *ast.IndexExpr:
		key, _ := routes.Constant(c.info, x.Index)
		return namesScopes(key) && c.isToken(x.X)
	case *ast.SelectorExpr:
		if namesScopes(x.Sel.Name) && c.isText(x) && c.isToken(x.X) {
			return true
		}
	case *ast.CallExpr:
		return c.returnsScopes(x, visited)
	}
	v := c.assigned.variable(x)
	if v == nil || slices.Contains(visited, v) || !c.isText(x) {
		return false
	}
	return slices.ContainsFunc(c.assigned.values[v], func(value ast.Expr) bool { return c.isScopes(value, append(visited, v)) })
}

// returnsScopes reports whether a call returns a scope string, or something that is
// derived from one.
func (c *manualChecks) returnsScopes(call *ast.CallExpr, visited []*types.Var) bool {
	fn := routes.Callee(c.info, call)
	switch {
	case c.info.Types[call.Fun].IsType() && len(call.Args) == 1:
		return c.isScopes(call.Args[0], visited)
	case fn == nil:
		return false
	case routes.InRuntime(fn, "String") && routes.ReceiverOf(fn) != nil && routes.ReceiverOf(fn).Name() == "Scopes":
		return true
	case fn.Pkg() != nil && fn.Pkg().Path() == "strings" && slices.Contains(rewrites, fn.Name()):
		return c.isScopes(call.Args[0], visited)
	}
	sel, isSel := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	return isSel && namesScopes(strings.TrimPrefix(fn.Name(), "Get")) && len(call.Args) == 0 && c.isText(call) && c.isToken(sel.X)
}

// isText reports whether x is a string, an interface or a list of either, and no
// type of the runtime.
func (c *manualChecks) isText(x ast.Expr) bool {
	t := c.info.TypeOf(x)
	if t == nil {
		return false
	}
	if tuple, ok := t.(*types.Tuple); ok && tuple.Len() > 0 {
		t = tuple.At(0).Type()
	}
	if isScope(t) || routes.IsRuntimeType(t, "Scopes") {
		return false
	}
	if list, ok := t.Underlying().(*types.Slice); ok {
		t = list.Elem()
	}
	return routes.IsString(t) || types.IsInterface(t)
}

// namesScopes reports whether tokens have their scopes under a name.
func namesScopes(name string) bool {
	name = strings.ToLower(name)
	return name == "scope" || name == "scopes" || name == "scp"
}

// isToken reports whether the name or the type of x contains a word for tokens.
func (c *manualChecks) isToken(x ast.Expr) bool {
	if named := routes.NamedOf(c.info.TypeOf(x)); named != nil && namesToken(named.Name()) {
		return true
	}
	switch x := ast.Unparen(x).(type) {
	case *ast.CallExpr:
		return c.isToken(x.Fun)
	case *ast.TypeAssertExpr:
		return c.isToken(x.X)
	}
	id := routes.Ident(x)
	return id != nil && namesToken(id.Name)
}

func namesToken(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{"token", "claim", "introspect"}, func(word string) bool { return strings.Contains(name, word) })
}
