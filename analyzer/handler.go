package analyzer

import (
	"go/ast"
	"go/types"
	"slices"

	"github.com/webapi-gen/webapi-gen/internal/routes"
)

// A kind is the class of a handler.
type kind int

const (
	unknown   kind = iota // the handler cannot be seen
	guarded               // it goes through a guard
	bypassing             // it reaches a resource without its guard
	public                // it is unguarded on purpose
	unrelated             // it reaches no resource
)

// A handler is one that an expression stands for, behind conversions, middleware
// and variables.
type handler struct {
	kind     kind
	node     ast.Expr
	method   *types.Func     // the method that a bypassing handler reaches
	resource *types.TypeName // the resource that has the method
	obj      types.Object    // the function or type of an unrelated handler; nil if it has no name
}

// A resolver finds the handlers of one route.
type resolver struct {
	*declarations
	visited map[*types.Var]bool // variables that it has looked through
}

func newResolver(d *declarations) *resolver {
	return &resolver{declarations: d, visited: map[*types.Var]bool{}}
}

// resolve returns the handlers that an expression may stand for, at least one.
func (r *resolver) resolve(x ast.Expr) []handler {
	x = ast.Unparen(x)
	switch x := x.(type) {
	case *ast.FuncLit:
		return r.literal(x)
	case *ast.CallExpr:
		return r.call(x)
	case *ast.UnaryExpr:
		return r.resolve(x.X)
	case *ast.IndexExpr:
		return r.index(x)
	case *ast.SelectorExpr:
		if method, t := r.methodOf(x); method != nil {
			return []handler{r.method(x, method, t)}
		}
	}
	switch obj := r.info.Uses[routes.Ident(x)].(type) {
	case *types.Func:
		return []handler{r.function(x, obj.Origin())}
	case *types.Var:
		if h := r.value(x); h.kind != unknown && h.kind != unrelated {
			return []handler{h}
		}
		obj = obj.Origin()
		if values := r.assigned.values[obj]; len(values) > 0 && !r.visited[obj] {
			r.visited[obj] = true
			return r.all(values)
		}
	}
	return []handler{r.value(x)}
}

func (r *resolver) all(list []ast.Expr) []handler {
	var handlers []handler
	for _, x := range list {
		handlers = append(handlers, r.resolve(x)...)
	}
	return handlers
}

func (r *resolver) method(x ast.Expr, method *types.Func, t *types.TypeName) handler {
	switch {
	case r.public[method]:
		return handler{kind: public, node: x}
	case r.guards[method]:
		return handler{kind: guarded, node: x}
	}
	return handler{kind: bypassing, node: x, method: method, resource: t}
}

// function classifies a function, or a method of a type that is no resource.
func (r *resolver) function(x ast.Expr, fn *types.Func) handler {
	recv := routes.ReceiverOf(fn)
	switch {
	case r.guards[fn]:
		return handler{kind: guarded, node: x}
	case r.public[fn] || recv != nil && r.public[recv] || isSafe(fn):
		return handler{kind: public, node: x}
	case recv != nil && types.IsInterface(recv.Type()):
		return handler{node: x}
	}
	return handler{kind: unrelated, node: x, obj: fn}
}

// isSafe reports whether a function needs no guard and no directive: it belongs to
// the runtime, or to the standard library and serves nothing of the program.
func isSafe(fn *types.Func) bool {
	return routes.InRuntime(fn) || routes.PackageOf(fn) == "net/http" &&
		slices.Contains([]string{"NotFound", "NotFoundHandler", "Redirect", "RedirectHandler"}, fn.Name())
}

// value classifies a value by its type. The routes of a router are found where
// they are registered.
func (r *resolver) value(x ast.Expr) handler {
	t := r.info.TypeOf(x)
	named := routes.NamedOf(t)
	if named == nil || routes.IsRouter(t) {
		return handler{node: x}
	}
	serve := routes.MethodNamed(t, "ServeHTTP")
	_, isFunc := t.Underlying().(*types.Signature)
	switch {
	case r.isResource(named) && serve != nil:
		return r.method(x, serve, named)
	case r.isResource(named):
		return handler{node: x}
	case r.public[named] || routes.InRuntime(named):
		return handler{kind: public, node: x}
	case types.IsInterface(t) || serve == nil || isFunc:
		return handler{node: x}
	}
	h := r.function(x, serve)
	h.obj = named
	return h
}

// index classifies an element of a literal, or an instance of a generic function.
func (r *resolver) index(x *ast.IndexExpr) []handler {
	if fn, ok := r.info.Uses[routes.Ident(x.X)].(*types.Func); ok {
		return []handler{r.function(x, fn.Origin())}
	}
	if v := r.assigned.variable(x.X); v != nil {
		if r.visited[v] {
			return []handler{{node: x}}
		}
		r.visited[v] = true
	}
	if elements := r.assigned.elementsOf(x.X); len(elements) > 0 {
		return r.all(elements)
	}
	return []handler{{node: x}}
}

// call classifies what a call returns: the arguments that can answer requests, or
// else what the function makes by itself.
func (r *resolver) call(x *ast.CallExpr) []handler {
	if r.info.Types[x.Fun].IsType() && len(x.Args) == 1 {
		return r.resolve(x.Args[0])
	}
	if r.asksGuard(x) {
		return []handler{{kind: guarded, node: x}}
	}
	fn := routes.Callee(r.info, x)
	if fn != nil && (r.guards[fn] || r.public[fn]) {
		return []handler{r.function(x, fn)}
	}
	if sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr); ok {
		if method, t := r.methodOf(sel); method != nil && routes.IsHandler(r.info.TypeOf(x)) {
			return []handler{r.method(x, method, t)}
		}
	}
	if arguments := r.arguments(x); len(arguments) > 0 {
		return arguments
	}
	if h := r.value(x); h.kind != unknown {
		return []handler{h}
	}
	if fn == nil || routes.IsRouter(r.info.TypeOf(x)) {
		return []handler{{node: x}}
	}
	return []handler{r.function(x, fn)}
}

// arguments classifies the arguments of a call that can answer requests, and then
// those that are resources. Of other functions, such as middleware among the
// arguments of middleware, it returns those that are known to be guarded, bypassing
// or public.
func (r *resolver) arguments(x *ast.CallExpr) []handler {
	var handlers, rest []handler
	for _, arg := range x.Args {
		t := r.info.TypeOf(arg)
		if t == nil {
			continue
		}
		_, isFunc := t.Underlying().(*types.Signature)
		switch {
		case routes.IsHandler(t):
			handlers = append(handlers, r.resolve(arg)...)
		case isFunc:
			rest = append(rest, slices.DeleteFunc(r.resolve(arg), func(h handler) bool {
				return h.kind == unknown || h.kind == unrelated
			})...)
		case r.isResource(routes.NamedOf(t)):
			rest = append(rest, handler{node: arg})
		}
	}
	return append(handlers, rest...)
}

// literal classifies a function literal by what it calls. Beside a call of a guard,
// it may call methods that take no request, to prepare or to log.
func (r *resolver) literal(lit *ast.FuncLit) []handler {
	var asks, decides bool
	var bypassed, served []handler
	ast.Inspect(lit.Body, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.CallExpr:
			fn := routes.Callee(r.info, n)
			decides = decides || isDecision(fn)
			if r.asksGuard(n) || r.guards[fn] {
				asks = true
				return false
			}
			if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok && sel.Sel.Name == "ServeHTTP" {
				served = append(served, r.resolve(sel.X)...)
			}
		case *ast.SelectorExpr:
			if method, t := r.methodOf(n); method != nil {
				if h := r.method(n, method, t); h.kind == bypassing {
					bypassed = append(bypassed, h)
				}
			}
		}
		return true
	})
	if asks {
		bypassed = slices.DeleteFunc(bypassed, func(h handler) bool {
			return !r.views[h.method] && !routes.TakesRequest(h.method.Signature())
		})
	}
	switch {
	case decides:
		return []handler{{kind: guarded, node: lit}}
	case len(bypassed) > 0:
		return bypassed
	case asks:
		return []handler{{kind: guarded, node: lit}}
	case len(served) > 0:
		return served
	}
	return []handler{{kind: unrelated, node: lit}}
}
