package analyzer

import (
	"go/ast"
	"go/token"
	"go/types"
	"reflect"

	"golang.org/x/tools/go/analysis"
	"golang.org/x/tools/go/types/typeutil"

	"github.com/webapi-gen/webapi-gen/internal/routes"
)

// registered finds the routes that a package registers.
var registered = &analysis.Analyzer{
	Name:       "webapiroutes",
	Doc:        "find the routes that are registered, and classify their handlers",
	Run:        func(pass *analysis.Pass) (any, error) { return findRoutes(pass), nil },
	Requires:   []*analysis.Analyzer{declared},
	ResultType: reflect.TypeFor[[]route](),
}

// A route is a call that registers a handler, or gives one to a server.
type route struct {
	server   bool          // the handler is that of a whole server
	in       *ast.FuncDecl // the function that registers it; nil at package level
	handlers []handler
	before   []handler // the other handlers in the chain of a gin route
}

// A routeFinder collects routes.
type routeFinder struct {
	*declarations
	params map[*types.Var]parameter
	own    map[types.Object]routes.RegisterFunc // functions of the package that register a parameter
	routes []route
}

// A parameter is one of a function that has a name, or is in a variable.
type parameter struct {
	of    types.Object
	index int
}

// findRoutes returns the routes of a package. It repeats the search while it finds
// functions that register a parameter, because their calls are routes as well.
func findRoutes(pass *analysis.Pass) []route {
	d := declarationsOf(pass)
	if d.nothingToCheck() {
		return nil
	}
	f := &routeFinder{declarations: d, params: map[*types.Var]parameter{}, own: map[types.Object]routes.RegisterFunc{}}
	files := sources(pass)
	f.findParameters(files)
	for known := -1; known < len(f.own); {
		known, f.routes = len(f.own), nil
		for _, file := range files {
			for _, decl := range file.Decls {
				in, _ := decl.(*ast.FuncDecl)
				for n := range ast.Preorder(decl) {
					switch n := n.(type) {
					case *ast.CallExpr:
						f.call(in, n)
					case *ast.CompositeLit:
						f.server(in, n)
					}
				}
			}
		}
	}
	return f.routes
}

func (f *routeFinder) findParameters(files []*ast.File) {
	add := func(of types.Object, sig *types.Signature) {
		for i := range sig.Params().Len() {
			f.params[sig.Params().At(i)] = parameter{of, i}
		}
	}
	for fn := range routes.Functions(files, f.info) {
		add(fn, fn.Signature())
	}
	for v, values := range f.assigned.values {
		for _, x := range values {
			if lit, ok := ast.Unparen(x).(*ast.FuncLit); ok {
				add(v, f.info.TypeOf(lit).(*types.Signature))
			}
		}
	}
}

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
	args := call.Args[r.Handler : r.Handler+1]
	if r.Chain {
		args = call.Args[r.Handler:]
	}
	found := route{in: in, server: r.Server}
	resolver := newResolver(f.declarations)
	for _, x := range args {
		found.before = append(found.before, found.handlers...)
		found.handlers = resolver.resolve(x)
		for _, h := range found.handlers {
			f.registersParameter(h, r.Chain && call.Ellipsis.IsValid())
		}
	}
	f.routes = append(f.routes, found)
}

// server adds the handler of a literal of http.Server.
func (f *routeFinder) server(in *ast.FuncDecl, lit *ast.CompositeLit) {
	if !routes.DeclaredAs(f.info.TypeOf(lit), "net/http", "Server") {
		return
	}
	for _, x := range lit.Elts {
		if pair, ok := x.(*ast.KeyValueExpr); ok && routes.Ident(pair.Key) != nil && routes.Ident(pair.Key).Name == "Handler" {
			f.routes = append(f.routes, route{in: in, server: true, handlers: newResolver(f.declarations).resolve(pair.Value)})
		}
	}
}

// registersParameter records the function whose parameter is registered, if h is one.
func (f *routeFinder) registersParameter(h handler, chain bool) {
	if v := f.assigned.variable(h.node); v != nil && h.kind == unknown {
		if p, ok := f.params[v]; ok {
			f.own[p.of] = routes.RegisterFunc{Handler: p.index, Chain: chain}
		}
	}
}

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
