package analyzer

import (
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/analysis"

	"github.com/webapi-gen/webapi-gen/internal/routes"
)

// Literal reports scopes that are written as strings.
var Literal = &analysis.Analyzer{
	Name: "literal",
	Doc: `report scopes that are written as strings

Each declared scope has a constant. A string in its place is not found when the
scope is renamed or removed, and a misspelt one is a scope that no token holds. The
fix puts the constant where the package imports it.

A webapi.Scope that is declared neither in this package nor in one that it imports
is reported too. Declare it in the package's doc comment: //webapi:scope SCOPE, with
a text if it is this package's and without if another package declares it.

Only expressions of type webapi.Scope count, and strings that are compared with
one: other strings may read like a scope by chance.`,
	URL:      home,
	Requires: []*analysis.Analyzer{declared},
	Run: func(pass *analysis.Pass) (any, error) {
		d := declarationsOf(pass)
		if len(d.scopes) == 0 {
			return nil, nil
		}
		for _, file := range sources(pass) {
			if !ast.IsGenerated(file) {
				l := &literals{declarations: d, pass: pass, file: file}
				ast.Inspect(file, l.visit)
			}
		}
		return nil, nil
	},
}

type literals struct {
	*declarations
	pass *analysis.Pass
	file *ast.File
}

// visit reports constant scopes as a whole, and does not look into them.
func (l *literals) visit(n ast.Node) bool {
	info := l.pass.TypesInfo
	switch x := n.(type) {
	case *ast.BinaryExpr:
		if x.Op == token.EQL || x.Op == token.NEQ {
			l.compared(x.X, x.Y)
			l.compared(x.Y, x.X)
		}
	case *ast.SwitchStmt:
		if x.Tag != nil && l.isConverted(x.Tag) {
			for _, clause := range x.Body.List {
				for _, c := range clause.(*ast.CaseClause).List {
					l.asString(c)
				}
			}
		}
	}
	x, ok := n.(ast.Expr)
	if !ok {
		return true
	}
	tv := info.Types[x]
	if tv.Value == nil || tv.IsType() || !isScope(tv.Type) {
		return true
	}
	if id := routes.Ident(x); id == nil || !isScopeConst(info.Uses[id]) {
		l.report(x, constant.StringVal(tv.Value), "")
	}
	return false
}

// isScope reports whether a type is webapi.Scope itself.
func isScope(t types.Type) bool {
	_, ptr := types.Unalias(t).(*types.Pointer)
	return !ptr && routes.IsRuntimeType(t, "Scope")
}

// isScopeConst reports whether obj is a constant that was declared as a scope.
func isScopeConst(obj types.Object) bool {
	c, ok := obj.(*types.Const)
	return ok && isScope(c.Type())
}

// compared reports y if it is compared with a scope that was made a string.
func (l *literals) compared(x, y ast.Expr) {
	if l.isConverted(x) {
		l.asString(y)
	}
}

// isConverted reports whether x is string(scope).
func (l *literals) isConverted(x ast.Expr) bool {
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	return ok && len(call.Args) == 1 && l.pass.TypesInfo.Types[call.Fun].IsType() && isScope(l.pass.TypesInfo.TypeOf(call.Args[0]))
}

// asString reports a string that equals a declared scope. Another may be compared
// for a reason.
func (l *literals) asString(x ast.Expr) {
	lit, ok := ast.Unparen(x).(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return
	}
	if value, err := strconv.Unquote(lit.Value); err == nil && len(l.declaring(value)) > 0 {
		l.report(lit, value, "string")
	}
}

// report reports x, of the value of a scope, that is to be of another type than
// webapi.Scope unless convert is "".
func (l *literals) report(x ast.Expr, value, convert string) {
	found := l.declaring(value)
	if value == "" {
		return // it says that there is none
	}
	if len(found) == 0 {
		l.pass.ReportRangef(x, "no resource that this package knows of declares scope %q; //webapi:scope in a package's doc comment does", value)
		return
	}
	for _, s := range found {
		name := l.reach(s, x.Pos())
		if name == "" {
			continue
		}
		if convert != "" {
			name = convert + "(" + name + ")"
		}
		l.pass.Report(analysis.Diagnostic{
			Pos: x.Pos(), End: x.End(),
			Message: "scope " + strconv.Quote(value) + " is written as a string; write " + name,
			SuggestedFixes: []analysis.SuggestedFix{{
				Message:   "Write " + name,
				TextEdits: []analysis.TextEdit{{Pos: x.Pos(), End: x.End(), NewText: []byte(name)}},
			}},
		})
		return
	}
	if s := found[0]; s.Const != "" && token.IsExported(s.Const) {
		l.pass.ReportRangef(x, "scope %q is written as a string; write %s.%s of package %s", value, s.pkg.Name(), s.Const, s.pkg.Path())
	}
}

// reach returns how the constant of a scope is written at a place of the file,
// or "" if it cannot be.
func (l *literals) reach(s declaredScope, at token.Pos) string {
	if s.Const == "" {
		return ""
	}
	scope := l.pass.Pkg.Scope().Innermost(at)
	if s.pkg == l.pass.Pkg {
		if obj := s.pkg.Scope().Lookup(s.Const); obj == nil || lookup(scope, s.Const, at) != obj {
			return "" // not generated yet, or hidden
		}
		return s.Const
	}
	if !token.IsExported(s.Const) || s.pkg.Scope().Lookup(s.Const) == nil {
		return ""
	}
	for _, spec := range l.file.Imports {
		name := l.pass.TypesInfo.PkgNameOf(spec)
		if name == nil || name.Imported() != s.pkg || name.Name() == "_" {
			continue
		}
		if name.Name() == "." {
			return s.Const
		}
		if lookup(scope, name.Name(), at) == name {
			return name.Name() + "." + s.Const
		}
	}
	return ""
}

func lookup(scope *types.Scope, name string, at token.Pos) types.Object {
	if scope == nil {
		return nil
	}
	_, obj := scope.LookupParent(name, at)
	return obj
}
