package routes

import (
	"go/ast"
	"go/token"
	"go/types"
	"strconv"
	"strings"
)

// A Use is a place where a program says that scopes do not apply, or which ones a
// request has.
type Use struct {
	// What is "webapi.WithUnscopedAccess", "webapi.WithToken", or
	// "webapi.Config.DangerouslyShadowScopesOf" with the names of the resources.
	What string
	Pos  token.Pos
}

// shadow is the field of webapi.Config that turns shadow mode on.
const shadow = "DangerouslyShadowScopesOf"

// usesIn returns the uses in the files of a package, in their order.
func usesIn(pkg *Package) []Use {
	var list []Use
	values := map[*ast.Ident]ast.Expr{} // of fields and variables that are set
	add := func(pos token.Pos, value ast.Expr) {
		if value != nil && pkg.Info.Types[value].IsNil() {
			return
		}
		list = append(list, Use{strings.TrimSpace("webapi.Config." + shadow + " " + constants(pkg.Info, value)), pos})
	}
	for _, file := range pkg.Files {
		for n := range ast.Preorder(file) {
			switch n := n.(type) {
			case *ast.KeyValueExpr:
				if key, ok := n.Key.(*ast.Ident); ok {
					values[key] = n.Value
				}
			case *ast.AssignStmt:
				for i, to := range n.Lhs {
					if id := Ident(to); id != nil && len(n.Lhs) == len(n.Rhs) && n.Tok == token.ASSIGN {
						values[id] = n.Rhs[i]
					}
				}
			case *ast.CompositeLit: // without names of fields
				s, ok := underlying(pkg.Info.TypeOf(n)).(*types.Struct)
				for i, value := range n.Elts {
					if _, named := value.(*ast.KeyValueExpr); ok && !named && i < s.NumFields() && isShadow(s.Field(i)) {
						add(value.Pos(), value)
					}
				}
			case *ast.Ident:
				switch obj := pkg.Info.Uses[n]; {
				case isShadow(obj):
					add(n.Pos(), values[n])
				case InRuntime(obj, "WithUnscopedAccess", "WithToken"):
					list = append(list, Use{"webapi." + obj.Name(), n.Pos()})
				}
			}
		}
	}
	return list
}

func underlying(t types.Type) types.Type {
	if t == nil {
		return nil
	}
	return t.Underlying()
}

func isShadow(obj types.Object) bool {
	field, ok := obj.(*types.Var)
	return ok && field.IsField() && InRuntime(obj, shadow)
}

// constants returns the quoted strings of a list that is written out, or "?".
func constants(info *types.Info, value ast.Expr) string {
	lit, ok := value.(*ast.CompositeLit)
	if !ok {
		return "?"
	}
	var list []string
	for _, e := range lit.Elts {
		text, ok := Constant(info, e)
		if !ok {
			return "?"
		}
		list = append(list, strconv.Quote(text))
	}
	return strings.Join(list, " ")
}

// In returns the package of a position and the function whose declaration it is in, nil
// at package level. Both are nil for a file that is not built.
func (t *Table) In(pos token.Pos) (*types.Package, *types.Func) {
	for _, pkg := range t.packages {
		for _, file := range pkg.Files {
			if pos < file.FileStart || file.FileEnd < pos {
				continue
			}
			for _, d := range file.Decls {
				if decl, ok := d.(*ast.FuncDecl); ok && decl.Pos() <= pos && pos < decl.End() {
					fn, _ := pkg.Info.Defs[decl.Name].(*types.Func)
					return pkg.Types, fn
				}
			}
			return pkg.Types, nil
		}
	}
	return nil, nil
}
