package routes

import (
	"go/ast"
	"go/token"
	"go/types"
)

// An index has what can be said of the variables and functions of a package.
type index struct {
	files  []*ast.File
	info   *types.Info
	init   map[types.Object]ast.Expr    // what a variable holds, if that never changes; nil if it does
	shared map[types.Object]bool        // a map variable that others may have got hold of, and may change
	groups map[types.Object]*group      // where a router is mounted; nil if in several places
	only   map[*ast.CallExpr][]ast.Expr // the methods to which a call is restricted later in its chain
	decls  map[*types.Func]*ast.FuncDecl
}

// A group is a router below another.
type group struct {
	parent ast.Expr // the other router; may be nil
	path   ast.Expr // what is added to the parent's prefix; may be nil
}

func newIndex(files []*ast.File, info *types.Info) *index {
	x := &index{
		files: files, info: info,
		init:   map[types.Object]ast.Expr{},
		shared: map[types.Object]bool{},
		groups: map[types.Object]*group{},
		only:   map[*ast.CallExpr][]ast.Expr{},
		decls:  map[*types.Func]*ast.FuncDecl{},
	}
	for _, file := range files {
		for _, d := range file.Decls {
			if decl, ok := d.(*ast.FuncDecl); ok {
				if fn, ok := info.Defs[decl.Name].(*types.Func); ok {
					x.decls[fn] = decl
				}
			}
		}
	}
	for _, file := range files {
		ast.Inspect(file, x.visit)
	}
	x.share()
	return x
}

func (x *index) visit(n ast.Node) bool {
	switch n := n.(type) {
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			var value ast.Expr
			if len(n.Lhs) == len(n.Rhs) && (n.Tok == token.ASSIGN || n.Tok == token.DEFINE) {
				value = n.Rhs[i]
			}
			x.assign(left, value)
		}
	case *ast.ValueSpec:
		for i, name := range n.Names {
			if len(n.Values) == len(n.Names) {
				x.assign(name, n.Values[i])
			}
		}
	case *ast.RangeStmt:
		x.assign(n.Key, nil)
		x.assign(n.Value, nil)
	case *ast.UnaryExpr:
		if n.Op == token.AND { // whoever has the address can assign
			x.assign(n.X, nil)
		}
	case *ast.FuncType:
		for _, param := range n.Params.List {
			for _, name := range param.Names {
				x.assign(name, nil)
			}
		}
	case *ast.CallExpr:
		x.call(n)
	}
	return true
}

// assign notes that something is assigned to a variable, or to an element of it.
// A variable that is declared without a value and assigned once holds that.
func (x *index) assign(to, value ast.Expr) {
	if element, ok := to.(*ast.IndexExpr); ok {
		to, value = element.X, nil
	}
	id, ok := to.(*ast.Ident)
	if !ok {
		return
	}
	obj := x.object(id)
	if obj == nil {
		return
	}
	if _, again := x.init[obj]; again {
		value = nil
	}
	x.init[obj] = value
}

// call notes which router a call mounts, and to which methods it restricts a route.
func (x *index) call(call *ast.CallExpr) {
	fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	switch {
	case !ok:
	case isName(fun, "Methods"):
		x.restrict(fun.X, call.Args)
	case isName(fun, "StripPrefix") && x.packageOf(fun.X) == "net/http" && len(call.Args) == 2:
		x.mount(call.Args[1], &group{path: call.Args[0]})
	case x.packageOf(fun.X) != "":
	case isName(fun, "Mount") && len(call.Args) == 2:
		x.mount(call.Args[1], &group{fun.X, call.Args[0]})
	case isName(fun, "Route") && len(call.Args) == 2:
		x.mount(call.Args[1], &group{fun.X, call.Args[0]})
	case isName(fun, "Group") && len(call.Args) == 1:
		x.mount(call.Args[0], &group{fun.X, nil})
	}
}

// mount notes where a router is mounted: one in a variable, one that a function
// of the package makes, or the parameter of a function literal.
func (x *index) mount(router ast.Expr, g *group) {
	var obj types.Object
	switch r := ast.Unparen(router).(type) {
	case *ast.FuncLit:
		if params := r.Type.Params.List; len(params) == 1 && len(params[0].Names) == 1 {
			obj = x.info.Defs[params[0].Names[0]]
		}
	case *ast.CallExpr:
		if decl := x.decls[x.callee(r)]; decl != nil {
			obj = x.object(returned(decl))
		}
	default:
		obj = x.object(r)
	}
	if obj == nil {
		return
	}
	if _, again := x.groups[obj]; again {
		g = nil
	}
	x.groups[obj] = g
}

// restrict notes the methods of a route, as in r.Handle("/", h).Methods("GET"),
// at each call of the chain.
func (x *index) restrict(chain ast.Expr, args []ast.Expr) {
	for {
		call, ok := ast.Unparen(chain).(*ast.CallExpr)
		if !ok {
			return
		}
		x.only[call] = args
		fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
		if !ok {
			return
		}
		chain = fun.X
	}
}

// object returns what an expression names, or nil.
func (x *index) object(e ast.Expr) types.Object { return x.info.ObjectOf(Ident(e)) }

// callee returns the function or method that a call names, or nil.
func (x *index) callee(call *ast.CallExpr) *types.Func { return Callee(x.info, call) }

// text returns the value of a constant string, and whether e is one.
func (x *index) text(e ast.Expr) (string, bool) { return Constant(x.info, e) }

// packageOf returns the import path of the package that an expression names, or "".
func (x *index) packageOf(e ast.Expr) string {
	if id, ok := ast.Unparen(e).(*ast.Ident); ok {
		if name, ok := x.info.Uses[id].(*types.PkgName); ok {
			return name.Imported().Path()
		}
	}
	return ""
}

// share notes which variables are used otherwise than to read what they hold: by
// another name, or in another function, a map can grow. So it can where other
// packages see the variable.
func (x *index) share() {
	read := map[*ast.Ident]bool{}
	for _, file := range x.files {
		ast.Inspect(file, func(n ast.Node) bool {
			for _, e := range x.reads(n) {
				if id, ok := ast.Unparen(e).(*ast.Ident); ok {
					read[id] = true
				}
			}
			return true
		})
	}
	for id, obj := range x.info.Uses {
		if v, ok := obj.(*types.Var); ok && !read[id] {
			x.shared[v] = true
		}
	}
	for _, obj := range x.info.Defs {
		if v, ok := obj.(*types.Var); ok && v.Exported() && v.Pkg() != nil && v.Pkg().Name() != "main" && v.Parent() == v.Pkg().Scope() {
			x.shared[v] = true
		}
	}
}

// reads returns the expressions of which a node reads what they hold, or sets it,
// which assign notes.
func (x *index) reads(n ast.Node) []ast.Expr {
	switch n := n.(type) {
	case *ast.AssignStmt:
		return n.Lhs
	case *ast.IndexExpr:
		return []ast.Expr{n.X}
	case *ast.RangeStmt:
		return []ast.Expr{n.Key, n.Value, n.X}
	case *ast.BinaryExpr:
		if n.Op == token.EQL || n.Op == token.NEQ {
			return []ast.Expr{n.X, n.Y}
		}
	case *ast.CallExpr:
		if isHandle(x.callee(n)) || x.callsBuiltin(n, "len") || x.callsOf(n, "maps", "Clone", "Keys", "Values") {
			return n.Args
		}
	}
	return nil
}

func (x *index) callsBuiltin(call *ast.CallExpr, name string) bool {
	return x.object(call.Fun) == types.Universe.Lookup(name)
}

func (x *index) callsOf(call *ast.CallExpr, path string, names ...string) bool {
	fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	return ok && x.packageOf(fun.X) == path && isName(fun, names...)
}
