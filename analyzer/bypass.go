package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"

	"golang.org/x/tools/go/analysis"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/internal/routes"
)

// Bypass reports calls of views past the guard.
var Bypass = &analysis.Analyzer{
	Name: "bypass",
	Doc: `report calls of views past the guard

A method that is given to a guard as a view, in webapi.Views or by CallMethodView,
counts on the guard having been asked. Only the guard calls it, and methods of the
same resource. Other code that wants what the view does shares a function with it
that takes no request, or asks webapi.Decide before it calls the view.

The directive //webapi:public reason="..." on the view, or on the function that
calls it, says that the call is meant.`,
	URL:      home,
	Requires: []*analysis.Analyzer{declared, registered},
	Run: func(pass *analysis.Pass) (any, error) {
		d := declarationsOf(pass)
		if len(d.views) == 0 {
			return nil, nil
		}
		b := &bypasses{pass: pass, declarations: d, reported: map[token.Pos]bool{}}
		for _, r := range pass.ResultOf[registered].([]route) { // these are unguarded's
			for _, l := range slices.Concat(r.before, r.leaves) {
				b.reported[l.node.Pos()] = true
			}
		}
		for _, file := range sources(pass) {
			for _, decl := range file.Decls {
				b.declaration(decl)
			}
		}
		return nil, nil
	},
}

type bypasses struct {
	*declarations
	pass     *analysis.Pass
	reported map[token.Pos]bool
	self     *types.TypeName // whose methods are looked at
}

// declaration looks at a declaration, unless it may call what it likes.
func (b *bypasses) declaration(decl ast.Decl) {
	b.self = nil
	if fn, ok := decl.(*ast.FuncDecl); ok {
		if hasDirective(fn.Doc, annotations.DirectivePublic) || b.decides(fn) {
			return
		}
		if obj, ok := b.pass.TypesInfo.Defs[fn.Name].(*types.Func); ok {
			b.self = routes.ReceiverOf(obj)
		}
	}
	ast.Inspect(decl, b.visit)
}

// decides reports whether a function asks for the guard's decision by itself.
func (b *bypasses) decides(fn *ast.FuncDecl) bool {
	found := false
	ast.Inspect(fn, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && !found {
			_, found = b.asksGuard(b.pass.TypesInfo, call)
		}
		return !found
	})
	return found
}

// visit leaves out what a guard is given.
func (b *bypasses) visit(n ast.Node) bool {
	info := b.pass.TypesInfo
	switch n := n.(type) {
	case *ast.CompositeLit:
		return !routes.IsRuntimeType(info.TypeOf(n), "Views")
	case *ast.CallExpr:
		if asks, _ := b.asksGuard(info, n); asks {
			return false
		}
		if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok {
			b.call(sel)
		}
	}
	return true
}

// isSelf reports whether t is the resource whose method is looked at, or one that
// it embeds: the guard of the first has asked that of the second.
func (b *bypasses) isSelf(t *types.TypeName) bool {
	return b.self != nil && (t == b.self || b.isResource(b.self) && embeds(b.self.Type(), t))
}

// embeds reports whether a struct embeds a type, or a struct that does.
func embeds(outer types.Type, inner *types.TypeName) bool {
	s, ok := outer.Underlying().(*types.Struct)
	if !ok {
		return false
	}
	for f := range s.Fields() {
		named := routes.NamedOf(f.Type())
		if f.Embedded() && named != nil && (named == inner || embeds(named.Type(), inner)) {
			return true
		}
	}
	return false
}

func (b *bypasses) call(sel *ast.SelectorExpr) {
	method, t := b.methodOf(b.pass.TypesInfo, sel)
	if method == nil || !b.views[method] || b.public[method] || b.isSelf(t) || b.reported[sel.Pos()] {
		return
	}
	b.pass.ReportRangef(sel, "%s.%s is a view of %s and is called past its guard; call CallMethodView, or webapi.Decide before",
		t.Name(), method.Name(), t.Name())
}

// findViews notes the methods of resources that guards of the package are given:
// in a webapi.Views, or as the view of a call of a guard.
func (d *declarations) findViews(pass *analysis.Pass) {
	for _, file := range sources(pass) {
		ast.Inspect(file, func(n ast.Node) bool {
			switch n := n.(type) {
			case *ast.CompositeLit:
				if routes.IsRuntimeType(pass.TypesInfo.TypeOf(n), "Views") {
					d.viewsIn(pass, n)
				}
			case *ast.AssignStmt:
				for i, to := range n.Lhs {
					x, ok := ast.Unparen(to).(*ast.IndexExpr)
					if ok && len(n.Lhs) == len(n.Rhs) && routes.IsRuntimeType(pass.TypesInfo.TypeOf(x.X), "Views") {
						d.viewsIn(pass, n.Rhs[i])
					}
				}
			case *ast.CallExpr:
				if fn := routes.Callee(pass.TypesInfo, n); fn != nil && fn.Name() == "CallMethodView" && len(n.Args) > 0 {
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
	for _, t := range []*types.TypeName{routes.ReceiverOf(method), routes.NamedOf(selection.Recv())} {
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
			if ok, _ := d.asksGuard(info, n); ok || d.guards[routes.Callee(info, n)] {
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
	if !routes.IsHandler(info.TypeOf(x)) {
		return false
	}
	for _, l := range newJudge(d, info).judge(x) {
		if l.kind == past {
			return true
		}
	}
	return false
}

// asksGuard reports whether a call goes through a guard with what it is given,
// and decides whether it asks for the decision alone.
func (d *declarations) asksGuard(info *types.Info, call *ast.CallExpr) (asks, decides bool) {
	fn := routes.Callee(info, call)
	switch {
	case fn == nil:
	case routes.InRuntime(fn, "Handle", "HandleList", "CallMethodView"):
		return true, false
	case routes.InRuntime(fn, "Decide", "DecideList"):
		return true, true
	case fn.Name() == "CallMethodView":
		return d.isResource(routes.ReceiverOf(fn)), false
	}
	return false, false
}

// generated are the methods of a guard.
var generated = []string{"CallMethodView", "RequiredScopes", "AccessRules"}
