package analyzer

import (
	"go/ast"
	"go/constant"
	"go/token"
	"slices"

	"golang.org/x/tools/go/analysis"
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
		fn := calleeOf(h.info, n)
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
	tv := h.info.Types[element]
	return tv.Value != nil && tv.Value.Kind() == constant.String && scopeLike(constant.StringVal(tv.Value)) && h.isScopes(list, nil)
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
