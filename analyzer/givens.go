package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
)

// givens are the expressions that variables and fields of a package are given,
// as far as they can be told one by one.
type givens struct {
	info  *types.Info
	exprs map[*types.Var][]ast.Expr
}

func findGivens(info *types.Info, files []*ast.File) *givens {
	g := &givens{info: info, exprs: map[*types.Var][]ast.Expr{}}
	for _, file := range files {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.AssignStmt:
				if n.Tok == token.ASSIGN || n.Tok == token.DEFINE {
					g.pair(n.Lhs, n.Rhs)
				}
			case *ast.ValueSpec:
				names := make([]ast.Expr, len(n.Names))
				for i, name := range n.Names {
					names[i] = name
				}
				g.pair(names, n.Values)
			case *ast.CompositeLit:
				g.fields(n)
			case *ast.RangeStmt:
				g.elements(n)
			}
			return true
		})
	}
	return g
}

// pair notes an assignment. What a call returns besides the first value is left out.
func (g *givens) pair(left, right []ast.Expr) {
	for i, x := range right {
		if len(right) == len(left) || i == 0 && len(right) == 1 {
			g.note(left[i], x)
		}
	}
}

func (g *givens) note(to, x ast.Expr) {
	var id *ast.Ident
	switch to := ast.Unparen(to).(type) {
	case *ast.Ident:
		id = to
	case *ast.SelectorExpr:
		id = to.Sel
	default:
		return
	}
	if v, ok := g.info.ObjectOf(id).(*types.Var); ok {
		g.exprs[v.Origin()] = append(g.exprs[v.Origin()], x)
	}
}

// fields notes the fields of a struct literal.
func (g *givens) fields(lit *ast.CompositeLit) {
	t := g.info.TypeOf(lit)
	if ptr, ok := t.Underlying().(*types.Pointer); ok { // &T elided within another literal
		t = ptr.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	if !ok {
		return
	}
	for i, x := range lit.Elts {
		if pair, ok := x.(*ast.KeyValueExpr); ok {
			g.note(pair.Key, pair.Value)
		} else if i < s.NumFields() {
			v := s.Field(i).Origin()
			g.exprs[v] = append(g.exprs[v], x)
		}
	}
}

// elements notes what the value of a range over a literal can be.
func (g *givens) elements(loop *ast.RangeStmt) {
	if loop.Value == nil {
		return
	}
	for _, x := range g.elementsOf(loop.X) {
		g.note(loop.Value, x)
	}
}

// elementsOf returns the elements of a slice, array or map that is a literal or
// a variable that was given one before.
func (g *givens) elementsOf(x ast.Expr) []ast.Expr {
	var list []ast.Expr
	for _, x := range append([]ast.Expr{x}, g.of(x)...) {
		lit, ok := ast.Unparen(x).(*ast.CompositeLit)
		if !ok {
			continue
		}
		if _, ok := g.info.TypeOf(lit).Underlying().(*types.Struct); ok {
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
func (g *givens) variable(x ast.Expr) *types.Var {
	var id *ast.Ident
	switch x := ast.Unparen(x).(type) {
	case *ast.Ident:
		id = x
	case *ast.SelectorExpr:
		id = x.Sel
	default:
		return nil
	}
	v, _ := g.info.ObjectOf(id).(*types.Var)
	if v != nil {
		v = v.Origin()
	}
	return v
}

// of returns what the variable that x names is given.
func (g *givens) of(x ast.Expr) []ast.Expr {
	if v := g.variable(x); v != nil {
		return g.exprs[v]
	}
	return nil
}
