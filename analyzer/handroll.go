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

// Handroll reports tests of a token's scope string that are made by hand.
var Handroll = &analysis.Analyzer{
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
	URL:      home,
	Requires: []*analysis.Analyzer{declared},
	Run: func(pass *analysis.Pass) (any, error) {
		d := declarationsOf(pass)
		if !d.speaks && !d.runtime {
			return nil, nil
		}
		h := &handrolls{pass: pass, givens: d.givens}
		for _, file := range sources(pass) {
			if !ast.IsGenerated(file) {
				ast.Inspect(file, h.visit)
			}
		}
		return nil, nil
	},
}

type handrolls struct {
	*givens
	pass *analysis.Pass
}

// tests are the functions of the standard library that test their first argument
// for their second.
var tests = map[string][]string{
	"strings": {"Contains", "HasPrefix", "HasSuffix", "EqualFold", "Index", "LastIndex", "Count", "Compare", "Cut", "CutPrefix", "CutSuffix"},
	"slices":  {"Contains", "Index"},
}

func (h *handrolls) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CallExpr:
		fn := routes.Callee(h.info, n)
		if fn == nil || fn.Pkg() == nil || len(n.Args) != 2 || !slices.Contains(tests[fn.Pkg().Path()], fn.Name()) {
			break
		}
		either := fn.Name() == "EqualFold" || fn.Name() == "Compare"
		if h.tests(n.Args[0], n.Args[1]) || either && h.tests(n.Args[1], n.Args[0]) {
			h.report(n, fn.Pkg().Name()+"."+fn.Name())
		}
	case *ast.BinaryExpr:
		if (n.Op == token.EQL || n.Op == token.NEQ) && (h.tests(n.X, n.Y) || h.tests(n.Y, n.X)) {
			h.report(n, n.Op.String())
		}
	}
	return true
}

func (h *handrolls) report(n ast.Node, how string) {
	h.pass.ReportRangef(n, "the scopes of a token are tested by %s; webapi.ParseScopes reads them, and Has compares them whole", how)
}

// tests reports whether list is the scope string of a token, and element a
// constant that can be a scope.
func (h *handrolls) tests(list, element ast.Expr) bool {
	value, ok := routes.Constant(h.info, element)
	return ok && scopeLike(value) && h.isScopes(list, nil)
}

// scopeLike reports whether a text can be a scope or the beginning of one: a
// scope-token of RFC 6749, section 3.3, that has a letter.
func scopeLike(s string) bool {
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

// lists are the functions that take a scope string apart or rewrite it.
var lists = []string{"Split", "SplitN", "SplitAfter", "SplitSeq", "Fields", "FieldsSeq", "ToLower", "ToUpper", "TrimSpace", "Trim"}

// isScopes reports whether x is the scope string of a token, or what was made of
// one. It goes through variables, each once.
func (h *handrolls) isScopes(x ast.Expr, been []*types.Var) bool {
	switch x := ast.Unparen(x).(type) {
	case *ast.TypeAssertExpr:
		return h.isScopes(x.X, been)
	case *ast.IndexExpr:
		key, _ := routes.Constant(h.info, x.Index)
		return saysScopes(key) && h.isToken(x.X)
	case *ast.SelectorExpr:
		if saysScopes(x.Sel.Name) && h.isText(x) && h.isToken(x.X) {
			return true
		}
	case *ast.CallExpr:
		return h.makesScopes(x, been)
	}
	v := h.variable(x)
	if v == nil || slices.Contains(been, v) || !h.isText(x) {
		return false
	}
	return slices.ContainsFunc(h.exprs[v], func(given ast.Expr) bool { return h.isScopes(given, append(been, v)) })
}

// makesScopes reports whether a call returns a scope string, or makes something
// of one.
func (h *handrolls) makesScopes(call *ast.CallExpr, been []*types.Var) bool {
	fn := routes.Callee(h.info, call)
	sel, isSel := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	switch {
	case h.info.Types[call.Fun].IsType() && len(call.Args) == 1:
		return h.isScopes(call.Args[0], been)
	case fn == nil:
		return false
	case routes.InRuntime(fn, "String") && routes.ReceiverOf(fn) != nil && routes.ReceiverOf(fn).Name() == "Scopes":
		return true
	case fn.Pkg() != nil && fn.Pkg().Path() == "strings" && slices.Contains(lists, fn.Name()):
		return h.isScopes(call.Args[0], been)
	}
	name := strings.TrimPrefix(fn.Name(), "Get")
	return isSel && saysScopes(name) && len(call.Args) == 0 && h.isText(call) && h.isToken(sel.X)
}

// isText reports whether x is a string, a list of strings or of any type.
func (h *handrolls) isText(x ast.Expr) bool {
	t := h.info.TypeOf(x)
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
	basic, ok := t.Underlying().(*types.Basic)
	return ok && basic.Info()&types.IsString != 0 || types.IsInterface(t)
}

// saysScopes reports whether a name is one that tokens have their scopes under.
func saysScopes(name string) bool {
	name = strings.ToLower(name)
	return name == "scope" || name == "scopes" || name == "scp"
}

// isToken reports whether the name or the type of x speaks of a token.
func (h *handrolls) isToken(x ast.Expr) bool {
	if named := routes.NamedOf(h.info.TypeOf(x)); named != nil && saysToken(named.Name()) {
		return true
	}
	switch x := ast.Unparen(x).(type) {
	case *ast.CallExpr:
		return h.isToken(x.Fun)
	case *ast.TypeAssertExpr:
		return h.isToken(x.X)
	default:
		id := routes.Ident(x)
		return id != nil && saysToken(id.Name)
	}
}

func saysToken(name string) bool {
	name = strings.ToLower(name)
	return slices.ContainsFunc([]string{"token", "claim", "introspect"}, func(word string) bool { return strings.Contains(name, word) })
}
