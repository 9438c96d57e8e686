package routes

import (
	"go/ast"
	"go/token"
	"go/types"
)

// A finder searches one package. It has what is known of the variables and
// functions of the package.
type finder struct {
	loader *Loader
	files  []*ast.File
	info   *types.Info
	init   map[types.Object]ast.Expr    // what a variable holds; nil if that changes
	shared map[types.Object]bool        // the variables whose map code elsewhere may change
	groups map[types.Object]*group      // where a router is mounted; nil if in several places
	only   map[*ast.CallExpr][]ast.Expr // the methods to which a call is restricted later in its chain
	decls  map[*types.Func]*ast.FuncDecl
}

// A group is a router that is mounted in another.
type group struct {
	parent ast.Expr // the other router; may be nil
	path   ast.Expr // what is added to the parent's prefix; may be nil
}

func newFinder(l *Loader, files []*ast.File, info *types.Info) *finder {
	f := &finder{
		loader: l, files: files, info: info,
		init:   map[types.Object]ast.Expr{},
		shared: map[types.Object]bool{},
		groups: map[types.Object]*group{},
		only:   map[*ast.CallExpr][]ast.Expr{},
		decls:  Functions(files, info),
	}
	for _, file := range files {
		for n := range ast.Preorder(file) {
			f.record(n)
		}
	}
	f.findShared()
	return f
}

// record records assignments and mounted routers.
func (f *finder) record(n ast.Node) {
	switch n := n.(type) {
	case *ast.AssignStmt:
		for i, left := range n.Lhs {
			var value ast.Expr
			if len(n.Lhs) == len(n.Rhs) && (n.Tok == token.ASSIGN || n.Tok == token.DEFINE) {
				value = n.Rhs[i]
			}
			f.assign(left, value)
		}
	case *ast.ValueSpec:
		if len(n.Values) == len(n.Names) {
			for i, name := range n.Names {
				f.assign(name, n.Values[i])
			}
		}
	case *ast.RangeStmt:
		f.assign(n.Key, nil)
		f.assign(n.Value, nil)
	case *ast.UnaryExpr:
		if n.Op == token.AND { // code that has the address can assign
			f.assign(n.X, nil)
		}
	case *ast.FuncType:
		for _, param := range n.Params.List {
			for _, name := range param.Names {
				f.assign(name, nil)
			}
		}
	case *ast.CallExpr:
		f.recordCall(n)
	}
}

// assign records what is assigned to a variable, or to an element of it. A
// variable that is declared without a value and assigned once holds that.
func (f *finder) assign(to, value ast.Expr) {
	if element, ok := to.(*ast.IndexExpr); ok {
		to, value = element.X, nil
	}
	id, ok := to.(*ast.Ident)
	if !ok {
		return
	}
	if obj := f.object(id); obj != nil {
		if _, again := f.init[obj]; again {
			value = nil
		}
		f.init[obj] = value
	}
}

// recordCall records which router a call mounts, and to which methods it restricts
// a route.
func (f *finder) recordCall(call *ast.CallExpr) {
	fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr)
	switch {
	case !ok:
	case isName(fun, "Methods"):
		f.restrict(fun.X, call.Args)
	case isName(fun, "StripPrefix") && f.packageOf(fun.X) == "net/http" && len(call.Args) == 2:
		f.mount(call.Args[1], &group{path: call.Args[0]})
	case f.packageOf(fun.X) != "":
	case isName(fun, "Mount", "Route") && len(call.Args) == 2:
		f.mount(call.Args[1], &group{fun.X, call.Args[0]})
	case isName(fun, "Group") && len(call.Args) == 1:
		f.mount(call.Args[0], &group{fun.X, nil})
	}
}

// mount records where a router is mounted: one in a variable, one that a function
// of the package makes, or the parameter of a function literal.
func (f *finder) mount(router ast.Expr, g *group) {
	var obj types.Object
	switch r := ast.Unparen(router).(type) {
	case *ast.FuncLit:
		if params := r.Type.Params.List; len(params) == 1 && len(params[0].Names) == 1 {
			obj = f.info.Defs[params[0].Names[0]]
		}
	case *ast.CallExpr:
		obj = f.object(returned(f.decls[f.callee(r)]))
	default:
		obj = f.object(r)
	}
	if obj == nil {
		return
	}
	if _, again := f.groups[obj]; again {
		g = nil
	}
	f.groups[obj] = g
}

// restrict records the methods of a route, as in r.Handle("/", h).Methods("GET"),
// at each call of the chain.
func (f *finder) restrict(chain ast.Expr, args []ast.Expr) {
	call, ok := ast.Unparen(chain).(*ast.CallExpr)
	if !ok {
		return
	}
	f.only[call] = args
	if fun, ok := ast.Unparen(call.Fun).(*ast.SelectorExpr); ok {
		f.restrict(fun.X, args)
	}
}

// findShared records the variables that are used otherwise than to read or set what
// they hold: under another name, or in another function, a map can grow. So it can
// where other packages see the variable.
func (f *finder) findShared() {
	read := map[*ast.Ident]bool{}
	for _, file := range f.files {
		for n := range ast.Preorder(file) {
			for _, e := range f.reads(n) {
				if id, ok := ast.Unparen(e).(*ast.Ident); ok {
					read[id] = true
				}
			}
		}
	}
	for id, obj := range f.info.Uses {
		if v, ok := obj.(*types.Var); ok && !read[id] {
			f.shared[v] = true
		}
	}
	for _, obj := range f.info.Defs {
		if v, ok := obj.(*types.Var); ok && v.Exported() && v.Pkg() != nil && v.Pkg().Name() != "main" && v.Parent() == v.Pkg().Scope() {
			f.shared[v] = true
		}
	}
}

// reads returns the operands of a node whose value it only reads, or sets as assign
// records.
func (f *finder) reads(n ast.Node) []ast.Expr {
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
		fun, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr)
		ofMaps := ok && f.packageOf(fun.X) == "maps" && isName(fun, "Clone", "Keys", "Values")
		if ofMaps || isHandle(f.callee(n)) || f.object(n.Fun) == types.Universe.Lookup("len") {
			return n.Args
		}
	}
	return nil
}

func (f *finder) position(n ast.Node) token.Position { return f.loader.fset.Position(n.Pos()) }

// object returns what an expression names, or nil.
func (f *finder) object(e ast.Expr) types.Object { return f.info.ObjectOf(Ident(e)) }

func (f *finder) callee(call *ast.CallExpr) *types.Func { return Callee(f.info, call) }

// text returns the value of a constant string, and whether e is one.
func (f *finder) text(e ast.Expr) (string, bool) { return Constant(f.info, e) }

// packageOf returns the import path of the package that an expression names, or "".
func (f *finder) packageOf(e ast.Expr) string {
	if id, ok := ast.Unparen(e).(*ast.Ident); ok {
		if name, ok := f.info.Uses[id].(*types.PkgName); ok {
			return name.Imported().Path()
		}
	}
	return ""
}

// skipDeadCode returns a visitor that skips what stands below if false. A constant
// that is false counts for nothing, since it may be true in another build.
func (f *finder) skipDeadCode(visit func(ast.Node) bool) func(ast.Node) bool {
	var skip func(ast.Node) bool
	skip = func(n ast.Node) bool {
		branch, ok := n.(*ast.IfStmt)
		if !ok || f.object(branch.Cond) != types.Universe.Lookup("false") {
			return visit(n)
		}
		if branch.Else != nil {
			ast.Inspect(branch.Else, skip)
		}
		return false
	}
	return skip
}
