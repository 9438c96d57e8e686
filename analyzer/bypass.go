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
same resource, but no view that calls that of another operation, such as the view of GET
that of DELETE. A view may call that of GET, to answer with what it has written. Other
code that wants what the view does shares a function with it that takes no request, or
asks webapi.Decide before it calls the view. A view in a variable, or behind an interface
that a variable of the package holds, counts as well.

The directive //webapi:public reason="..." on the view, or on the function that
calls it, says that the call is meant.`,
	URL:      docURL,
	Requires: []*analysis.Analyzer{declared, registered},
	Run: func(pass *analysis.Pass) (any, error) {
		d := declarationsOf(pass)
		if len(d.views) == 0 {
			return nil, nil
		}
		b := &bypasses{pass: pass, declarations: d, reported: map[token.Pos]bool{}, operations: map[types.Object][]operation{}}
		for _, r := range pass.ResultOf[registered].([]*routes.Route) {
			if n := r.Handler.Node; n != nil {
				b.reported[n.Pos()] = true
			}
			b.learn(r)
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
	method   *types.Func        // that method, or nil

	operations map[types.Object][]operation // that lead to a view
}

// learn records the operations of which a route has the view.
func (b *bypasses) learn(r *routes.Route) {
	if r.State() != routes.Guarded || r.Handler.Resource == nil {
		return
	}
	t := r.Guards[len(r.Guards)-1].Resource
	for _, m := range r.Methods {
		if text := b.rules[t].requires(m); text != "" {
			b.operations[r.Handler.Object] = append(b.operations[r.Handler.Object], operation{t, m, text, r.Pos})
		}
	}
}

// declaration checks a declaration, unless it is public or asks for the guard's
// decision by itself.
func (b *bypasses) declaration(decl ast.Decl) {
	b.self, b.method = nil, nil
	if fn, ok := decl.(*ast.FuncDecl); ok {
		if hasDirective(fn.Doc, annotations.DirectivePublic) || b.decides(fn) {
			return
		}
		if obj, ok := b.info.Defs[fn.Name].(*types.Func); ok {
			b.self, b.method = routes.ReceiverOf(obj), obj
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
		b.call(n, n.Fun, nil)
	}
	return true
}

// call reports a call of a view, by its name or through the variables that hold it.
func (b *bypasses) call(call *ast.CallExpr, fun ast.Expr, through []*types.Var) {
	sel, isSelector := ast.Unparen(fun).(*ast.SelectorExpr)
	if isSelector {
		if method, t := b.methodOf(sel); method != nil {
			b.view(call.Fun, sel, method, t)
			return
		}
		if t := b.info.TypeOf(sel.X); t != nil && types.IsInterface(t) {
			b.behindInterface(call, sel)
			return
		}
	}
	v := b.assigned.variable(fun)
	if v == nil || slices.Contains(through, v) {
		return
	}
	for _, x := range b.assigned.values[v] {
		if _, isCall := ast.Unparen(x).(*ast.CallExpr); !isCall {
			b.call(call, x, append(through, v))
		}
	}
}

// behindInterface reports the call of a method of an interface, if a variable holds a
// resource of which it is a view.
func (b *bypasses) behindInterface(call *ast.CallExpr, sel *ast.SelectorExpr) {
	v := b.assigned.variable(sel.X)
	if v == nil {
		return
	}
	for _, x := range b.assigned.values[v] {
		t := routes.NamedOf(b.info.TypeOf(x))
		if !b.isResource(t) {
			continue
		}
		if method := routes.MethodNamed(t.Type(), sel.Sel.Name); method != nil {
			b.view(call.Fun, sel, method, t)
		}
	}
}

// view reports the call of a view of a resource, at the expression that is called.
func (b *bypasses) view(at, named ast.Expr, method *types.Func, t *types.TypeName) {
	if !b.views[method] || b.public[method] || b.reported[named.Pos()] {
		return
	}
	if !b.isSelf(t) {
		b.pass.ReportRangef(at, "%s.%s is a view of %s and is called past its guard; call CallMethodView, or webapi.Decide before",
			t.Name(), method.Name(), t.Name())
		return
	}
	for _, own := range b.operations[b.method] {
		for _, other := range b.operations[method] {
			if own.resource == other.resource && own.requires != other.requires && !isSafe(other.method) {
				b.pass.ReportRangef(at, "%s.%s is the view of %s, which requires %s, and is called by the view of %s, which requires %s; share a function that takes no request, or ask webapi.Decide before",
					t.Name(), method.Name(), other.method, other.requires, own.method, own.requires)
				return
			}
		}
	}
}

// isSafe reports whether a method only reads (RFC 9110, section 9.2.1).
func isSafe(method string) bool { return slices.Contains([]string{"GET", "HEAD", "OPTIONS"}, method) }

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
