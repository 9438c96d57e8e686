package analyzer

import (
	"go/ast"
	"go/types"
	"reflect"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/webapi-gen/webapi-gen/internal/routes"
)

// registered finds the routes that a package registers.
var registered = &analysis.Analyzer{
	Name:       "webapiroutes",
	Doc:        "find the routes that are registered, and judge their handlers",
	Run:        func(pass *analysis.Pass) (any, error) { return findRoutes(pass), nil },
	Requires:   []*analysis.Analyzer{declared},
	ResultType: reflect.TypeFor[[]route](),
}

// A route is a handler that is registered, or given to a server.
type route struct {
	whole  bool          // it is all that a server has
	in     *ast.FuncDecl // the function that registers it; nil at package level
	leaves []leaf
	before []leaf // of what else stands in the chain of a gin route
}

// A routeFinder collects routes.
type routeFinder struct {
	*judge
	params map[*types.Var]parameter
	own    map[types.Object]routes.RegisterFunc // functions of the package that register a parameter
	routes []route
}

// A parameter is one of a function that has a name, or is in a variable.
type parameter struct {
	of    types.Object
	index int
}

// findRoutes finds the routes of a package. It looks again while it finds
// functions that register what they are given: their calls are routes as well.
func findRoutes(pass *analysis.Pass) []route {
	d := declarationsOf(pass)
	if d.idle() {
		return nil
	}
	f := &routeFinder{own: map[types.Object]routes.RegisterFunc{}}
	f.findParameters(pass, d.givens)
	for known := -1; known < len(f.own); {
		known, f.routes = len(f.own), nil
		for _, file := range sources(pass) {
			for _, decl := range file.Decls {
				in, _ := decl.(*ast.FuncDecl)
				ast.Inspect(decl, func(n ast.Node) bool {
					f.judge = newJudge(d, pass.TypesInfo)
					switch n := n.(type) {
					case *ast.CallExpr:
						f.call(in, n)
					case *ast.CompositeLit:
						f.server(in, n)
					}
					return true
				})
			}
		}
	}
	return f.routes
}

func (f *routeFinder) findParameters(pass *analysis.Pass, g *givens) {
	f.params = map[*types.Var]parameter{}
	add := func(of types.Object, sig *types.Signature) {
		i := 0
		for v := range sig.Params().Variables() {
			f.params[v] = parameter{of, i}
			i++
		}
	}
	for _, file := range sources(pass) {
		for _, decl := range file.Decls {
			if decl, ok := decl.(*ast.FuncDecl); ok {
				if fn, ok := pass.TypesInfo.Defs[decl.Name].(*types.Func); ok {
					add(fn, fn.Signature())
				}
			}
		}
	}
	for v, given := range g.exprs {
		for _, x := range given {
			if lit, ok := ast.Unparen(x).(*ast.FuncLit); ok {
				add(v, pass.TypesInfo.TypeOf(lit).(*types.Signature))
			}
		}
	}
}

// call adds the route that a call registers.
func (f *routeFinder) call(in *ast.FuncDecl, call *ast.CallExpr) {
	var r routes.RegisterFunc
	var ok bool
	switch callee := typeutil.Callee(f.info, call).(type) {
	case *types.Func:
		if r, ok = routes.RegisterFuncOf(callee.Origin()); !ok {
			r, ok = f.own[callee.Origin()]
		}
	case *types.Var:
		r, ok = f.own[callee.Origin()]
	}
	if !ok || r.Handler >= len(call.Args) {
		return
	}
	handlers := call.Args[r.Handler : r.Handler+1]
	if r.Chain {
		handlers = call.Args[r.Handler:]
	}
	var route route
	route.in, route.whole = in, r.Server
	for i, x := range handlers {
		leaves := f.judge.judge(x)
		for _, l := range leaves {
			f.registersParameter(l, r.Chain && call.Ellipsis.IsValid())
		}
		if i == len(handlers)-1 {
			route.leaves = leaves
		} else {
			route.before = append(route.before, leaves...)
		}
	}
	f.routes = append(f.routes, route)
}

// server adds the handler of a literal of http.Server.
func (f *routeFinder) server(in *ast.FuncDecl, lit *ast.CompositeLit) {
	if !routes.DeclaredAs(f.info.TypeOf(lit), "net/http", "Server") {
		return
	}
	for _, x := range lit.Elts {
		if pair, ok := x.(*ast.KeyValueExpr); ok && routes.Ident(pair.Key) != nil && routes.Ident(pair.Key).Name == "Handler" {
			f.routes = append(f.routes, route{in: in, whole: true, leaves: f.judge.judge(pair.Value)})
		}
	}
}

// registersParameter notes the function whose parameter is registered.
func (f *routeFinder) registersParameter(l leaf, chain bool) {
	if v := f.givens.variable(l.node); v != nil && l.kind == unseen {
		if p, ok := f.params[v]; ok {
			f.own[p.of] = routes.RegisterFunc{Handler: p.index, Chain: chain}
		}
	}
}
