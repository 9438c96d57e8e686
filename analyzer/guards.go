package analyzer

import (
	"go/ast"
	"go/types"

	"golang.org/x/tools/go/analysis"
)

// findViews notes the methods of resources that guards of the package are given:
// in a webapi.Views, or as the view of a call of a guard.
func (d *declarations) findViews(pass *analysis.Pass) {
	for _, file := range sources(pass) {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				if isRuntimeType(pass.TypesInfo.TypeOf(n), "Views") {
					d.viewsIn(pass, n)
				}
			case *ast.AssignStmt:
				for i, to := range n.Lhs {
					x, ok := ast.Unparen(to).(*ast.IndexExpr)
					if ok && len(n.Lhs) == len(n.Rhs) && isRuntimeType(pass.TypesInfo.TypeOf(x.X), "Views") {
						d.viewsIn(pass, n.Rhs[i])
					}
				}
			case *ast.CallExpr:
				if fn := calleeOf(pass.TypesInfo, n); fn != nil && fn.Name() == "CallMethodView" && len(n.Args) > 0 {
					if asks, _ := d.asksGuard(pass.TypesInfo, n); asks {
						d.viewsIn(pass, n.Args[len(n.Args)-1])
					}
				}
			}
			return true
		})
	}
}

// viewsIn notes the method values of resources in an expression.
func (d *declarations) viewsIn(pass *analysis.Pass, x ast.Node) {
	called := map[ast.Expr]bool{}
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false // the view is the literal
		case *ast.CallExpr:
			called[ast.Unparen(n.Fun)] = true
		case *ast.SelectorExpr:
			method, _ := d.methodOf(pass.TypesInfo, n)
			if method != nil && !called[n] && !d.views[method] {
				d.views[method] = true
				if method.Pkg() == pass.Pkg {
					pass.ExportObjectFact(method, new(viewFact))
				}
			}
		}
		return true
	})
}

// methodOf returns the method of a resource that a selector names, as a value or
// expression, and the resource. Those that webapi-gen generates are none.
func (d *declarations) methodOf(info *types.Info, sel *ast.SelectorExpr) (*types.Func, *types.TypeName) {
	selection := info.Selections[sel]
	if selection == nil || selection.Kind() == types.FieldVal {
		return nil, nil
	}
	method := selection.Obj().(*types.Func).Origin()
	for _, t := range []*types.TypeName{receiverOf(method), namedOf(selection.Recv())} {
		if d.isResource(t) && !isGenerated(method) {
			return method, t
		}
	}
	return nil, nil
}

func isGenerated(method *types.Func) bool {
	for _, name := range generated {
		if method.Name() == name {
			return true
		}
	}
	return false
}

// findGuards notes the functions of the package that go through a guard. It looks
// again until it finds no more, for one may go through another.
func (d *declarations) findGuards(pass *analysis.Pass) {
	for found := true; found; {
		found = false
		for _, file := range sources(pass) {
			for _, decl := range file.Decls {
				decl, ok := decl.(*ast.FuncDecl)
				if !ok || decl.Body == nil {
					continue
				}
				fn, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func)
				if ok && !d.guards[fn] && d.goesThroughGuard(pass.TypesInfo, decl) {
					d.guards[fn], found = true, true
					pass.ExportObjectFact(fn, new(guardFact))
				}
			}
		}
	}
}

// goesThroughGuard reports whether a function asks a guard, and returns no
// handler that goes past it.
func (d *declarations) goesThroughGuard(info *types.Info, decl *ast.FuncDecl) bool {
	asks, past := false, false
	ast.Inspect(decl.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			if ok, _ := d.asksGuard(info, n); ok || d.guards[calleeOf(info, n)] {
				asks = true
			}
		case *ast.ReturnStmt:
			for _, x := range n.Results {
				past = past || d.returnsPast(info, x)
			}
		}
		return !past
	})
	return asks && !past
}

// returnsPast reports whether a returned expression is a handler that serves a
// resource without its guard.
func (d *declarations) returnsPast(info *types.Info, x ast.Expr) bool {
	if !isHandler(info.TypeOf(x)) {
		return false
	}
	for _, l := range newJudge(d, info).judge(x) {
		if l.kind == past {
			return true
		}
	}
	return false
}
