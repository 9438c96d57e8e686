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
	URL:      docURL,
	Requires: []*analysis.Analyzer{declared, registered},
	Run: func(pass *analysis.Pass) (any, error) {
		d := declarationsOf(pass)
		if len(d.views) == 0 {
			return nil, nil
		}
		b := &bypasses{pass: pass, declarations: d, reported: map[token.Pos]bool{}}
		for _, r := range pass.ResultOf[registered].([]route) {
			for _, h := range slices.Concat(r.before, r.handlers) {
				b.reported[h.node.Pos()] = true
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
	reported map[token.Pos]bool // handlers of routes, which Unguarded reports
	self     *types.TypeName    // the receiver of the method that is looked at
}

// declaration checks a declaration, unless it is public or asks for the guard's
// decision by itself.
func (b *bypasses) declaration(decl ast.Decl) {
	b.self = nil
	if fn, ok := decl.(*ast.FuncDecl); ok {
		if hasDirective(fn.Doc, annotations.DirectivePublic) || b.decides(fn) {
			return
		}
		if obj, ok := b.info.Defs[fn.Name].(*types.Func); ok {
			b.self = routes.ReceiverOf(obj)
		}
	}
	ast.Inspect(decl, b.visit)
}

func (b *bypasses) decides(fn *ast.FuncDecl) bool {
	for n := range ast.Preorder(fn) {
		if call, ok := n.(*ast.CallExpr); ok && isDecision(routes.Callee(b.info, call)) {
			return true
		}
	}
	return false
}

// visit reports calls of views, apart from those in what a guard is given.
func (b *bypasses) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.CompositeLit:
		return !routes.IsRuntimeType(b.info.TypeOf(n), "Views")
	case *ast.CallExpr:
		if b.asksGuard(n) {
			return false
		}
		if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok {
			b.call(sel)
		}
	}
	return true
}

func (b *bypasses) call(sel *ast.SelectorExpr) {
	method, t := b.methodOf(sel)
	if method == nil || !b.views[method] || b.public[method] || b.isSelf(t) || b.reported[sel.Pos()] {
		return
	}
	b.pass.ReportRangef(sel, "%s.%s is a view of %s and is called past its guard; call CallMethodView, or webapi.Decide before",
		t.Name(), method.Name(), t.Name())
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

// findViews records the methods of resources that guards of the package are given:
// in a webapi.Views, or as the view of a call of a guard.
func (d *declarations) findViews(pass *analysis.Pass) {
	isViews := func(x ast.Expr) bool { return routes.IsRuntimeType(d.info.TypeOf(x), "Views") }
	for _, file := range sources(pass) {
		for n := range ast.Preorder(file) {
			switch n := n.(type) {
			case *ast.CompositeLit:
				if isViews(n) {
					d.viewsIn(pass, n)
				}
			case *ast.AssignStmt:
				for i, to := range n.Lhs {
					if x, ok := ast.Unparen(to).(*ast.IndexExpr); ok && len(n.Lhs) == len(n.Rhs) && isViews(x.X) {
						d.viewsIn(pass, n.Rhs[i])
					}
				}
			case *ast.CallExpr:
				if d.asksGuard(n) && routes.Callee(d.info, n).Name() == "CallMethodView" && len(n.Args) > 0 {
					d.viewsIn(pass, n.Args[len(n.Args)-1])
				}
			}
		}
	}
}

// viewsIn records the method values of resources in an expression.
func (d *declarations) viewsIn(pass *analysis.Pass, x ast.Node) {
	called := map[ast.Expr]bool{}
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.FuncLit:
			return false // the view is the literal
		case *ast.CallExpr:
			called[ast.Unparen(n.Fun)] = true
		case *ast.SelectorExpr:
			method, _ := d.methodOf(n)
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
// expression, and the resource. It leaves out the methods of guards.
func (d *declarations) methodOf(sel *ast.SelectorExpr) (*types.Func, *types.TypeName) {
	selection := d.info.Selections[sel]
	if selection == nil || selection.Kind() == types.FieldVal || slices.Contains(guardMethods, selection.Obj().Name()) {
		return nil, nil
	}
	method := selection.Obj().(*types.Func).Origin()
	for _, t := range []*types.TypeName{routes.ReceiverOf(method), routes.NamedOf(selection.Recv())} {
		if d.isResource(t) {
			return method, t
		}
	}
	return nil, nil
}

// guardMethods are the methods that webapi-gen generates.
var guardMethods = []string{"CallMethodView", "RequiredScopes", "AccessRules"}

// findGuards records the functions of the package that go through a guard. It
// repeats the search until it finds no more, because one may go through another.
func (d *declarations) findGuards(pass *analysis.Pass) {
	functions := routes.Functions(sources(pass), d.info)
	for known := -1; known < len(d.guards); {
		known = len(d.guards)
		for fn, decl := range functions {
			if decl.Body != nil && !d.guards[fn] && d.goesThroughGuard(decl) {
				d.guards[fn] = true
				pass.ExportObjectFact(fn, new(guardFact))
			}
		}
	}
}

// goesThroughGuard reports whether a function asks a guard, and returns no
// handler that bypasses it.
func (d *declarations) goesThroughGuard(decl *ast.FuncDecl) bool {
	asks := false
	for n := range ast.Preorder(decl.Body) {
		switch n := n.(type) {
		case *ast.CallExpr:
			asks = asks || d.asksGuard(n) || d.guards[routes.Callee(d.info, n)]
		case *ast.ReturnStmt:
			if slices.ContainsFunc(n.Results, d.isBypassing) {
				return false
			}
		}
	}
	return asks
}

// isBypassing reports whether an expression is a handler that serves a resource
// without its guard.
func (d *declarations) isBypassing(x ast.Expr) bool {
	return routes.IsHandler(d.info.TypeOf(x)) && slices.ContainsFunc(newResolver(d).resolve(x), func(h handler) bool {
		return h.kind == bypassing
	})
}

// asksGuard reports whether a call passes its arguments through a guard, or asks for
// the guard's decision.
func (d *declarations) asksGuard(call *ast.CallExpr) bool {
	fn := routes.Callee(d.info, call)
	return isDecision(fn) || fn != nil && (routes.InRuntime(fn, "Handle", "HandleList", "CallMethodView") ||
		fn.Name() == "CallMethodView" && d.isResource(routes.ReceiverOf(fn)))
}

// isDecision reports whether a function, which may be nil, returns the decision of a
// guard.
func isDecision(fn *types.Func) bool {
	return fn != nil && routes.InRuntime(fn, "Decide", "DecideList")
}
