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
fix puts the constant where the package imports it. Where the expression has the last
use of an import, the fix keeps a conversion that uses it; where it cannot, there is no
fix.

A webapi.Scope that is declared neither in this package nor in one that it imports
is reported too. Declare it in the package's doc comment: //webapi:scope SCOPE, with
a text if it is this package's and without if another package declares it.

Only expressions of type webapi.Scope count, and strings that are compared with
one: other strings may read like a scope by chance.`,
	URL:      docURL,
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
				l.fix()
			}
		}
		return nil, nil
	},
}

type literals struct {
	*declarations
	pass  *analysis.Pass
	file  *ast.File
	found []literal
}

// A literal is an expression that is to be a constant.
type literal struct {
	x        ast.Expr
	value    string
	constant string   // as the file writes it
	through  imported // that declares the constant; nil for the package itself
}

// visit reports constant scopes as a whole, and does not descend into them.
func (l *literals) visit(n ast.Node) bool {
	switch x := n.(type) {
	case *ast.BinaryExpr:
		if x.Op == token.EQL || x.Op == token.NEQ {
			l.compared(x.X, x.Y)
			l.compared(x.Y, x.X)
		}
	case *ast.SwitchStmt:
		if x.Tag != nil {
			for _, clause := range x.Body.List {
				for _, c := range clause.(*ast.CaseClause).List {
					l.compared(x.Tag, c)
				}
			}
		}
	}
	x, ok := n.(ast.Expr)
	if !ok {
		return true
	}
	tv := l.info.Types[x]
	if tv.Value == nil || tv.IsType() || !isScope(tv.Type) {
		return true
	}
	c, ok := l.info.Uses[routes.Ident(x)].(*types.Const)
	if !ok || !isScope(c.Type()) {
		l.report(x, constant.StringVal(tv.Value), "")
	}
	return false
}

// isScope reports whether a type is webapi.Scope itself.
func isScope(t types.Type) bool {
	_, ptr := types.Unalias(t).(*types.Pointer)
	return !ptr && routes.IsRuntimeType(t, "Scope")
}

// compared reports y if it is a string that equals a declared scope, and x, with
// which it is compared, is a scope that was converted to a string. Other strings
// may be compared for a reason.
func (l *literals) compared(x, y ast.Expr) {
	call, ok := ast.Unparen(x).(*ast.CallExpr)
	if !ok || len(call.Args) != 1 || !l.info.Types[call.Fun].IsType() || !isScope(l.info.TypeOf(call.Args[0])) {
		return
	}
	lit, ok := ast.Unparen(y).(*ast.BasicLit)
	if !ok || lit.Kind != token.STRING {
		return
	}
	if value, err := strconv.Unquote(lit.Value); err == nil && len(l.scopes[value]) > 0 {
		l.report(lit, value, "string")
	}
}

// report reports x, which has the value of a scope. The fix converts the constant
// to the type convert, unless that is "".
func (l *literals) report(x ast.Expr, value, convert string) {
	found := l.scopes[value]
	if value == "" {
		return // no scope
	}
	if len(found) == 0 {
		l.pass.ReportRangef(x, "no resource that this package knows of declares scope %q; //webapi:scope in a package's doc comment does", value)
		return
	}
	for _, s := range found {
		name, through := l.constant(s, x.Pos())
		if name == "" {
			continue
		}
		if convert != "" {
			if lookup(l.pass.Pkg.Scope().Innermost(x.Pos()), convert, x.Pos()) != types.Universe.Lookup(convert) {
				continue
			}
			name = convert + "(" + name + ")"
		}
		l.found = append(l.found, literal{x, value, name, through})
		return
	}
	if s := found[0]; s.Const != "" && token.IsExported(s.Const) {
		l.pass.ReportRangef(x, "scope %q is written as a string; write %s.%s of package %s", value, s.pkg.Name(), s.Const, s.pkg.Path())
	}
}

// fix reports what was found in the file. No choice of the fixes takes the last use of
// an import.
func (l *literals) fix() {
	if len(l.found) == 0 {
		return
	}
	left := l.imports(l.file)
	for _, f := range l.found {
		for name, n := range l.imports(f.x) {
			if name != f.through {
				left[name] -= n
			}
		}
	}
	replaceable := func(x ast.Expr, through imported) bool {
		for name := range l.imports(x) {
			if left[name] == 0 && name != through {
				return false
			}
		}
		return true
	}
	for _, f := range l.found {
		d := analysis.Diagnostic{
			Pos: f.x.Pos(), End: f.x.End(),
			Message: "scope " + strconv.Quote(f.value) + " is written as a string; write " + f.constant,
		}
		x := f.x
		if call, ok := ast.Unparen(x).(*ast.CallExpr); ok && len(call.Args) == 1 && !replaceable(x, f.through) {
			x = call.Args[0] // of a conversion, which stays
		}
		if replaceable(x, f.through) {
			d.SuggestedFixes = []analysis.SuggestedFix{{
				Message:   "Write " + f.constant,
				TextEdits: []analysis.TextEdit{{Pos: x.Pos(), End: x.End(), NewText: []byte(f.constant)}},
			}}
		}
		l.pass.Report(d)
	}
}

// An imported package is a *types.PkgName, or a *types.Package that has a dot for name.
type imported any

// imports returns how often each import of the file is used in a node.
func (l *literals) imports(n ast.Node) map[imported]int {
	uses := map[imported]int{}
	selected := map[*ast.Ident]bool{} // after a dot
	for n := range ast.Preorder(n) {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			selected[n.Sel] = true
		case *ast.Ident:
			obj := l.info.Uses[n]
			if name, ok := obj.(*types.PkgName); ok {
				uses[name]++
			} else if obj != nil && obj.Pkg() != nil && obj.Pkg() != l.pass.Pkg && obj.Parent() == obj.Pkg().Scope() && !selected[n] {
				uses[obj.Pkg()]++
			}
		}
	}
	return uses
}

// constant returns how code at a position of the file writes the constant of a
// scope, and the import that it uses for that. It returns "" if the constant is not
// generated yet or not visible there.
func (l *literals) constant(s declaredScope, at token.Pos) (string, imported) {
	obj := s.pkg.Scope().Lookup(s.Const)
	if s.Const == "" || obj == nil {
		return "", nil
	}
	scope := l.pass.Pkg.Scope().Innermost(at)
	if s.pkg == l.pass.Pkg {
		if lookup(scope, s.Const, at) != obj {
			return "", nil
		}
		return s.Const, nil
	}
	if !token.IsExported(s.Const) {
		return "", nil
	}
	for _, spec := range l.file.Imports {
		name := l.info.PkgNameOf(spec)
		switch {
		case name == nil || name.Imported() != s.pkg || name.Name() == "_":
		case name.Name() == "." && lookup(scope, s.Const, at) == obj:
			return s.Const, s.pkg
		case lookup(scope, name.Name(), at) == name:
			return name.Name() + "." + s.Const, name
		}
	}
	return "", nil
}

func lookup(scope *types.Scope, name string, at token.Pos) types.Object {
	if scope == nil {
		return nil
	}
	_, obj := scope.LookupParent(name, at)
	return obj
}
