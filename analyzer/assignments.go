package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"

	"github.com/webapi-gen/webapi-gen/internal/routes"
)

// assignments has the expressions that the variables and fields of a package are
// assigned, apart from the second and further results of a call.
type assignments struct {
	info   *types.Info
	values map[*types.Var][]ast.Expr
}

func findAssignments(info *types.Info, files []*ast.File) *assignments {
	a := &assignments{info: info, values: map[*types.Var][]ast.Expr{}}
	for _, file := range files {
		for n := range ast.Preorder(file) {
			switch n := n.(type) {
			case *ast.AssignStmt:
				if n.Tok == token.ASSIGN || n.Tok == token.DEFINE {
					a.pairs(n.Lhs, n.Rhs)
				}
			case *ast.ValueSpec:
				names := make([]ast.Expr, len(n.Names))
				for i, name := range n.Names {
					names[i] = name
				}
				a.pairs(names, n.Values)
			case *ast.CompositeLit:
				a.fields(n)
			case *ast.RangeStmt:
				for _, x := range a.elementsOf(n.X) {
					a.add(n.Value, x)
				}
			}
		}
	}
	return a
}

func (a *assignments) pairs(left, right []ast.Expr) {
	for i, x := range right {
		if len(right) == len(left) || i == 0 && len(right) == 1 {
			a.add(left[i], x)
		}
	}
}

func (a *assignments) add(to, x ast.Expr) {
	if v := a.variable(to); v != nil {
		a.values[v] = append(a.values[v], x)
	}
}

func (a *assignments) fields(lit *ast.CompositeLit) {
	t := a.info.TypeOf(lit).Underlying()
	if ptr, ok := t.(*types.Pointer); ok { // &T elided within another literal
		t = ptr.Elem().Underlying()
	}
	s, ok := t.(*types.Struct)
	if !ok {
		return
	}
	for i, x := range lit.Elts {
		if pair, ok := x.(*ast.KeyValueExpr); ok {
			a.add(pair.Key, pair.Value)
		} else if i < s.NumFields() {
			v := s.Field(i).Origin()
			a.values[v] = append(a.values[v], x)
		}
	}
}

// elementsOf returns the elements of a slice, array or map: those of a literal, or
// of the literals that a variable was assigned before.
func (a *assignments) elementsOf(x ast.Expr) []ast.Expr {
	var list []ast.Expr
	for _, x := range append([]ast.Expr{x}, a.values[a.variable(x)]...) {
		lit, ok := ast.Unparen(x).(*ast.CompositeLit)
		if !ok {
			continue
		}
		if _, ok := a.info.TypeOf(lit).Underlying().(*types.Struct); ok {
			continue
		}
		for _, e := range lit.Elts {
			if pair, ok := e.(*ast.KeyValueExpr); ok {
				e = pair.Value
			}
			list = append(list, e)
		}
	}
	return list
}

// variable returns the variable or field that an expression names, or nil.
func (a *assignments) variable(x ast.Expr) *types.Var {
	if v, ok := a.info.ObjectOf(routes.Ident(x)).(*types.Var); ok {
		return v.Origin()
	}
	return nil
}
