package analyzer

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/internal/routes"
)

// Bypass reports calls of views and guarded handlers past the guard.
var Bypass = &analysis.Analyzer{
	Name: "bypass",
	Doc: `report calls of views and guarded handlers past the guard

A method that is given to a guard as a view, in webapi.Views or by CallMethodView,
counts on the guard having been asked. Only the guard calls it, and methods of the
same resource, but no view that calls that of another operation, such as the view of GET
that of DELETE. A view may call that of GET, to answer with what it has written. Other
code that wants what the view does shares a function with it that takes no request, or
asks webapi.Decide before it calls the view. A view in a variable, or behind an interface
that a variable of the package holds, counts as well, and so does a method of a
resource that has the signature of a view and that no guard is given, where the caller
is known to be before all guards.

A function that is mounted behind guards only, as a handler, counts on them too. What is
mounted behind a guard of the same resource may call it, if the operation is the same or
requires the same, or if the handler answers GET. A handler of another operation or
resource may not, nor may code that decides which requests get to the routes, or writes
their errors.

A handler that asks a guard by itself answers, and changes data, only where the guard has let
the request through. Before that it may answer with errors.

The directive //webapi:public reason="..." on the view or handler, or on the function
that calls it, says that the call is meant.`,
	URL:       docURL,
	Requires:  []*analysis.Analyzer{declared, registered},
	FactTypes: []analysis.Fact{new(handlerFact)},
	Run: func(pass *analysis.Pass) (any, error) {
		d := declarationsOf(pass)
		if d.nothingToCheck() {
			return nil, nil
		}
		b := &bypasses{
			pass: pass, declarations: d, decls: routes.Functions(sources(pass), pass.TypesInfo), reported: map[token.Pos]bool{},
			routes: map[*types.Func][]*routes.Route{}, literals: map[ast.Node][]*routes.Route{}, callers: map[*types.Func][]place{},
		}
		for _, r := range pass.ResultOf[registered].([]*routes.Route) {
			b.learn(r)
			if past := r.Handler.Past; past.IsValid() && r.State() == routes.Unknown && reported(pass, r) && !b.reported[past] {
				b.reported[past] = true
				pass.Reportf(past, "the handler of %s %s", cmp.Or(r.Path(), "a route"), strings.TrimPrefix(r.Handler.Unknown, "its handler "))
			}
		}
		b.export()
		for _, file := range sources(pass) {
			for _, decl := range file.Decls {
				b.declaration(decl)
			}
		}
		for _, c := range b.calls {
			b.check(c)
		}
		return nil, nil
	},
}

// A handlerFact marks a function as a handler that is mounted behind guards only.
type handlerFact struct{ Operations []handledOperation }

// A handledOperation is one of a resource; Method is "" for any.
type handledOperation struct{ Package, Type, Method string }

func (*handlerFact) AFact()         {}
func (*handlerFact) String() string { return "handler" }

type bypasses struct {
	*declarations
	pass     *analysis.Pass
	decls    map[*types.Func]*ast.FuncDecl
	reported map[token.Pos]bool              // handlers of routes, which Unguarded reports
	routes   map[*types.Func][]*routes.Route // by the function that is the handler
	literals map[ast.Node][]*routes.Route    // by the function literal that is it, or passes requests on to it
	calls    []placedCall
	callers  map[*types.Func][]place // of functions of the package
}

// A place is where code stands.
type place struct {
	fn       *types.Func    // nil at package level
	literals []*ast.FuncLit // around the code, outermost first
	asked    bool           // a guard is asked before, or the function is public
}

type placedCall struct {
	*ast.CallExpr
	place
}

// learn records a route by its handler.
func (b *bypasses) learn(r *routes.Route) {
	h := r.Handler
	if r.Within != nil && r.State() == routes.Unguarded && h.Resource == nil { // it is called past the guards of its routes
		b.literals[r.Within] = append(b.literals[r.Within], r)
		return
	}
	if h.Node != nil {
		b.reported[h.Node.Pos()] = true
	}
	switch obj := h.Object.(type) {
	case *types.Func:
		b.routes[obj] = append(b.routes[obj], r)
	case *types.TypeName:
		if serve := routes.MethodNamed(obj.Type(), "ServeHTTP"); serve != nil {
			b.routes[serve] = append(b.routes[serve], r)
		}
	case nil:
		b.literals[h.Node] = append(b.literals[h.Node], r)
	}
	if r.Within != nil && r.State() == routes.Guarded {
		b.literals[r.Within] = append(b.literals[r.Within], r)
	}
}

// export exports which functions of the package are guarded handlers.
func (b *bypasses) export() {
	for fn := range b.routes {
		if fn.Pkg() != b.pass.Pkg || !fn.Exported() {
			continue
		}
		var fact handlerFact
		for _, op := range b.handled(fn) {
			fact.Operations = append(fact.Operations, handledOperation{op.resource.Pkg().Path(), op.resource.Name(), op.method})
		}
		if fact.Operations != nil {
			b.pass.ExportObjectFact(fn, &fact)
		}
	}
}

// handled returns the operations that a function answers, nil if it is no handler of the
// module that is mounted behind guards only. What answers whatever no other route does, as
// not found, is none.
func (b *bypasses) handled(fn *types.Func) []operation {
	list := b.routes[fn]
	if b.public[fn] || !routes.TakesRequest(fn.Signature()) || !b.inModule(fn) {
		return nil
	}
	var ops []operation
	for _, r := range list {
		if r.State() != routes.Guarded || r.Guards[len(r.Guards)-1].Resource == nil {
			return nil
		}
		if r.Methods == nil && (r.Pattern == "" || strings.HasSuffix(r.Pattern, "*")) {
			return nil
		}
		ops = append(ops, b.operationsOf(r)...)
	}
	var fact handlerFact
	if fn.Pkg() != b.pass.Pkg && b.pass.ImportObjectFact(fn, &fact) {
		for _, o := range fact.Operations {
			for t := range b.resources {
				if t.Name() == o.Type && t.Pkg().Path() == o.Package {
					t := t.(*types.TypeName)
					ops = append(ops, operation{t, o.Method, b.rules[t].requires(o.Method), token.NoPos})
				}
			}
		}
	}
	return ops
}

// inModule reports whether a function is of the module.
func (b *bypasses) inModule(fn *types.Func) bool {
	return fn.Pkg() == b.pass.Pkg ||
		fn.Pkg() != nil && b.pass.Module != nil && strings.HasPrefix(fn.Pkg().Path()+"/", b.pass.Module.Path+"/")
}

// operationsOf returns the operations of a guarded route, by its innermost guard.
func (b *bypasses) operationsOf(r *routes.Route) []operation {
	g := r.Guards[len(r.Guards)-1]
	t, methods := g.Resource, b.declarations.operationsOf(r, g)
	if methods == nil {
		methods = []string{""}
	}
	var ops []operation
	for _, m := range methods {
		ops = append(ops, operation{t, m, b.rules[t].requires(m), r.Pos})
	}
	return ops
}

// declaration collects the calls of a declaration.
func (b *bypasses) declaration(decl ast.Decl) {
	var p place
	if fn, ok := decl.(*ast.FuncDecl); ok {
		p.fn, _ = b.info.Defs[fn.Name].(*types.Func)
		p.asked = hasDirective(fn.Doc, annotations.DirectivePublic) || b.decides(fn)
	}
	b.collect(decl, p)
}

func (b *bypasses) decides(fn *ast.FuncDecl) bool {
	for n := range ast.Preorder(fn) {
		if call, ok := n.(*ast.CallExpr); ok && isDecision(routes.Callee(b.info, call)) {
			return true
		}
	}
	return false
}

// collect collects the calls in code. What a guard is given is behind it.
func (b *bypasses) collect(code ast.Node, p place) {
	ast.Inspect(code, func(n ast.Node) bool {
		behind := func(n ast.Node, p place) bool {
			p.asked = true
			b.collect(n, p)
			return false
		}
		switch n := n.(type) {
		case *ast.FuncLit:
			inner := p
			inner.literals = append(slices.Clip(p.literals), n)
			b.collect(n.Body, inner)
			return false
		case *ast.CompositeLit:
			if !p.asked && routes.IsRuntimeType(b.info.TypeOf(n), "Views") {
				return behind(n, p)
			}
		case *ast.CallExpr:
			if !p.asked && b.asksGuard(n) {
				return behind(n, p)
			}
			b.calls = append(b.calls, placedCall{n, p})
			if fn := routes.Callee(b.info, n); fn != nil && fn.Pkg() == b.pass.Pkg {
				b.callers[fn] = append(b.callers[fn], p)
			}
		}
		return true
	})
}

// check reports a call of a view or of a guarded handler.
func (b *bypasses) check(c placedCall) {
	if c.asked {
		return
	}
	for _, f := range b.called(c.Fun, nil) {
		if b.isResource(f.resource) && (b.views[f.fn] || isView(f.fn)) {
			b.view(c, f)
		} else if ops := b.handled(f.fn); ops != nil && !b.reported[f.named.Pos()] && b.before(c.place, asking{ops, f.oneOf}, nil) == nothing {
			b.pass.ReportRangef(c.Fun, "%s is a handler behind the guard of %s and is called past it; share a function that takes no request, or ask webapi.Decide before",
				nameOf(f.fn), ops[0].resource.Name())
			return
		}
	}
}

// A calledFunc is a function that an expression stands for.
type calledFunc struct {
	named    ast.Expr // that names it
	fn       *types.Func
	resource *types.TypeName // whose method it is, or nil
	oneOf    bool            // a field holds it, or a variable that holds others as well
}

// called returns the functions that are called by an expression: by their name, as a
// handler that a function is converted to, or through the variables that hold them.
func (b *bypasses) called(fun ast.Expr, through []*types.Var) []calledFunc {
	fun = ast.Unparen(fun)
	sel, isSelector := fun.(*ast.SelectorExpr)
	if isSelector {
		if method, t := b.methodOf(sel); method != nil {
			return []calledFunc{{named: sel, fn: method, resource: t}}
		}
		t := b.info.TypeOf(sel.X)
		if t != nil && sel.Sel.Name == "ServeHTTP" {
			if _, isFunc := t.Underlying().(*types.Signature); isFunc || types.IsInterface(t) {
				if list := b.called(sel.X, through); list != nil {
					return list
				}
			}
		}
		if t != nil && types.IsInterface(t) {
			return b.behindInterface(sel)
		}
	}
	if conversion, ok := fun.(*ast.CallExpr); ok {
		if b.info.Types[conversion.Fun].IsType() && len(conversion.Args) == 1 {
			return b.called(conversion.Args[0], through)
		}
		return nil
	}
	if fn, ok := b.info.ObjectOf(routes.Ident(fun)).(*types.Func); ok {
		return []calledFunc{{named: fun, fn: fn.Origin()}}
	}
	v := b.assigned.variable(fun)
	if v == nil || slices.Contains(through, v) {
		return nil
	}
	values := b.assigned.values[v]
	var list []calledFunc
	for _, x := range values {
		for _, f := range b.called(x, append(slices.Clip(through), v)) {
			f.oneOf = f.oneOf || v.IsField() || len(values) > 1
			list = append(list, f)
		}
	}
	return list
}

// behindInterface returns the methods of resources that variables hold, for a method of an
// interface.
func (b *bypasses) behindInterface(sel *ast.SelectorExpr) []calledFunc {
	v := b.assigned.variable(sel.X)
	if v == nil {
		return nil
	}
	var list []calledFunc
	for _, x := range b.assigned.values[v] {
		t := routes.NamedOf(b.info.TypeOf(x))
		if !b.isResource(t) {
			continue
		}
		if method := routes.MethodNamed(t.Type(), sel.Sel.Name); method != nil {
			list = append(list, calledFunc{named: sel, fn: method, resource: t})
		}
	}
	return list
}

// isView reports whether a method has the signature of a view.
func isView(fn *types.Func) bool {
	sig := fn.Signature()
	return sig.Params().Len() == 2 && sig.Results().Len() == 1 &&
		routes.DeclaredAs(sig.Params().At(0).Type(), "net/http", "ResponseWriter") &&
		routes.DeclaredAs(sig.Params().At(1).Type(), "net/http", "Request") &&
		types.Identical(sig.Results().At(0).Type(), types.Universe.Lookup("error").Type())
}

// view reports the call of a view of a resource, at the expression that is called.
func (b *bypasses) view(c placedCall, f calledFunc) {
	t, method := f.resource, f.fn
	if b.public[method] || b.reported[f.named.Pos()] {
		return
	}
	if !b.isSelf(c.place, t) {
		ops := b.operations(method)
		known := ops != nil
		if !known {
			ops = []operation{{resource: t}}
		}
		before := b.before(c.place, asking{ops, f.oneOf}, nil)
		if before == nothing || b.views[method] && (before == unknown || !known) {
			b.pass.ReportRangef(c.Fun, "%s.%s is a view of %s and is called past its guard; call CallMethodView, or webapi.Decide before",
				t.Name(), method.Name(), t.Name())
		}
		return
	}
	if c.fn == nil {
		return
	}
	for _, own := range b.operations(c.fn) {
		for _, other := range b.operations(method) {
			if own.resource == other.resource && own.requires != other.requires && !isSafe(other.method) {
				b.pass.ReportRangef(c.Fun, "%s.%s is the view of %s, which requires %s, and is called by the view of %s, which requires %s; share a function that takes no request, or ask webapi.Decide before",
					t.Name(), method.Name(), other.method, other.requires, own.method, own.requires)
				return
			}
		}
	}
}

// operations returns those that lead to a view, as far as it is known what they require.
func (b *bypasses) operations(view *types.Func) []operation {
	var ops []operation
	for _, r := range b.routes[view] {
		if r.State() == routes.Guarded && r.Handler.Resource != nil && r.Methods != nil {
			ops = append(ops, b.operationsOf(r)...)
		}
	}
	return slices.DeleteFunc(ops, func(o operation) bool { return o.requires == "" })
}

// A standing is what stands before code that calls a handler; the greater is the worse.
type standing int

const (
	covered standing = iota // a guard that asks for the same, or what is public
	unknown                 // it is not known how a request gets there
	nothing                 // nothing, or another guard
)

// An asking is what must be asked before a function is called: what one of operations
// requires. OneOf is that of the function.
type asking struct {
	operations []operation
	oneOf      bool
}

// before returns what stands before a place.
func (b *bypasses) before(p place, a asking, seen []*types.Func) standing {
	if p.asked {
		return covered
	}
	for _, lit := range slices.Backward(p.literals) {
		sig := b.info.TypeOf(lit).(*types.Signature)
		if list := b.literals[lit]; list != nil {
			return b.behind(list, a)
		}
		if routes.TakesRequest(sig) {
			return b.unmounted(sig, lit.Body, a)
		}
	}
	if p.fn == nil {
		return nothing
	}
	if slices.Contains(seen, p.fn) {
		return covered
	}
	list, callers := b.routes[p.fn], b.callers[p.fn]
	switch {
	case len(list) > 0: // a call of it is reported by itself
		return b.behind(list, a)
	case len(callers) > 0:
	case b.isSelf(p, a.operations[0].resource):
		return covered
	default:
		return b.unmounted(p.fn.Signature(), b.decls[p.fn].Body, a)
	}
	worst := covered
	for _, caller := range callers {
		worst = max(worst, b.before(caller, a, append(slices.Clip(seen), p.fn)))
	}
	return worst
}

// behind returns what stands before the handler of routes.
func (b *bypasses) behind(list []*routes.Route, a asking) standing {
	worst := covered
	for _, r := range list {
		switch r.State() {
		case routes.Unknown:
			worst = max(worst, unknown)
		case routes.Unguarded:
			if !reported(b.pass, r) {
				worst = max(worst, unknown)
				continue
			}
			return nothing
		case routes.Guarded:
			if !slices.ContainsFunc(a.operations, func(o operation) bool { return b.allows(r, o) }) {
				return nothing
			}
		}
	}
	return worst
}

// allows reports whether the guards of a route ask for what an operation requires, or for
// its resource if the operation only reads.
func (b *bypasses) allows(r *routes.Route, o operation) bool {
	if !slices.ContainsFunc(r.Guards, func(g routes.Guard) bool { return b.asks(g.Resource, o.resource) }) {
		return false
	}
	return o.method == "" || isSafe(o.method) || slices.ContainsFunc(b.operationsOf(r), func(own operation) bool {
		return own.method == "" || own.method == o.method || own.requires == o.requires && own.requires != ""
	})
}

// unmounted returns what stands before a function of which no route and no call is known.
// If it passes requests on, it stands before the routes; if it is given an error as well, it
// writes that; and if it is given no request, it makes one.
func (b *bypasses) unmounted(sig *types.Signature, body *ast.BlockStmt, a asking) standing {
	for v := range sig.Params().Variables() {
		if t := v.Type(); types.IsInterface(t) && t.Underlying().(*types.Interface).NumMethods() == 0 || t == types.Universe.Lookup("error").Type() {
			return nothing
		}
	}
	if !routes.TakesRequest(sig) || !a.oneOf && b.passesOn(body) {
		return nothing
	}
	return unknown
}

// passesOn reports whether code calls other handlers.
func (b *bypasses) passesOn(body *ast.BlockStmt) bool {
	for n := range ast.Preorder(body) {
		call, ok := n.(*ast.CallExpr)
		if !ok {
			continue
		}
		id := routes.Ident(call.Fun)
		switch obj := b.info.ObjectOf(id).(type) {
		case *types.Func:
			if obj.Name() == "ServeHTTP" || obj.Name() == "Next" && obj.Pkg() != nil && routes.IsRouterPackage(obj.Pkg().Path()) {
				return true
			}
		case *types.Var:
			if sig, ok := obj.Type().Underlying().(*types.Signature); ok && routes.TakesRequest(sig) {
				return true
			}
		}
	}
	return false
}

// isSafe reports whether a method only reads (RFC 9110, section 9.2.1).
func isSafe(method string) bool { return slices.Contains([]string{"GET", "HEAD", "OPTIONS"}, method) }

// isSelf reports whether a place is in a method of the resource, or of one that embeds
// it: the guard of the second has asked that of the first.
func (b *bypasses) isSelf(p place, t *types.TypeName) bool {
	if p.fn == nil {
		return false
	}
	self := routes.ReceiverOf(p.fn)
	return self != nil && (t == self || b.isResource(self) && embeds(self.Type(), t))
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
	return isDecision(fn) || fn != nil && (routes.InRuntime(fn, "Handle", "HandleList", "HandleOperation", "CallMethodView") ||
		fn.Name() == "CallMethodView" && d.isResource(routes.ReceiverOf(fn)))
}

// isDecision reports whether a function, which may be nil, returns the decision of a
// guard.
func isDecision(fn *types.Func) bool {
	return fn != nil && routes.InRuntime(fn, "Decide", "DecideList")
}
