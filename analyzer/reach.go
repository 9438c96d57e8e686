package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"

	"golang.org/x/tools/go/analysis"
)

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
