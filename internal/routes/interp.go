package routes

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// An interp runs the code that sets a server up. It runs it twice: what code assigns to
// fields and package variables in the first pass is known in the second.
type interp struct {
	*Program
	pkgOf  map[*types.Package]*Package
	bodies map[*types.Func]body
	works  map[*types.Func]bool // whether a function has to do with routes; being found out: false

	byHand        map[*types.Func]bool // used by hand-written files
	setLater      map[*types.Var]bool  // fields that statements assign, or whose address is taken
	inits         map[*types.Var]value // of package variables
	globals       map[*types.Var]value // what code assigns to them
	learned       map[*types.Var]bool  // in this pass
	fields        map[*types.Var]value
	first         map[*types.Var]value     // both of these after the first pass
	later         map[*types.Var]value     // what is assigned to variables and fields that a handler has read
	behind        map[*types.Func]bool     // functions that are behind guards on all routes
	methods       map[string][]*types.Func // of the program that may ask a guard, by name
	writers       map[types.Object]bool
	harmless      map[types.Object]bool  // see trace
	recorders     map[types.Object]bool  // see replays
	inverted      map[*ast.CallExpr]bool // calls of helpers that return true if a guard denies the request
	recording     bool
	done          map[ast.Node]bool // bodies of functions and literals that were run
	ran           map[instance]bool
	pending       []*closure
	registered    []*registered
	unread        map[Unread]bool
	defaultMux    *router
	servesDefault bool                   // the program serves defaultMux
	used          map[ast.Node][]restore // by the bodies of functions
	before        map[ast.Node][]restore // in the pass before
	ofCalls       map[madeField]*router
	servers       map[token.Pos]bool // of gRPC, where they are made

	*frame
	calling     *ast.CallExpr // whose function runs next
	steps       int
	memo        map[*ast.BlockStmt]bool // of mentions
	summarizing bool
	given       []*registered // by the function that is summarized
}

type body struct {
	decl *ast.FuncDecl
	pkg  *Package
}

// A madeField is a field of what a call returns.
type madeField struct {
	call  ast.Expr
	field *types.Var
}

// An instance is a function literal with the variables around it.
type instance struct {
	lit *ast.FuncLit
	env *env
}

// A frame is a call that is running.
type frame struct {
	pkg     *Package
	env     *env
	fn      *types.Func // declared; that around a literal
	depth   int         // of conditions, with those around the call
	returns []value
	caller  *frame
	level   int // of calls
	node    ast.Node
	branch  []restore
	site    *ast.CallExpr // the call
	region  *region
}

// A region is the body of a function or a loop that runs. Code may leave it before its end, so
// that what it does after that to things that were there before is not certain.
type region struct {
	outer   *region
	began   int // the steps before it
	loop    bool
	left    bool
	jumps   bool // past what follows
	escapes bool // what it has made is returned where it is left
	certain int  // the uses of middleware before it was left
}

// step counts the steps of a pass, and returns false if there are too many.
func (in *interp) step() bool {
	in.steps++
	return in.steps <= maxSteps
}

// born returns the depth and the time of what is made now.
func (in *interp) born() born {
	if in.frame == nil {
		return born{}
	}
	return born{in.depth, in.steps}
}

// uncertain reports whether the code that runs may not run although what was born then is
// there. What is made in a region is there in the rest of it, if it is not returned before.
func (in *interp) uncertain(then born) bool {
	if in.depth > then.depth {
		return true
	}
	for r := in.region; r != nil; r = r.outer {
		if r.undoes(then) {
			return true
		}
	}
	return false
}

func (r *region) undoes(then born) bool {
	return r.left && (then.steps <= r.began || r.escapes)
}

// within runs the body of a function or a loop. What it puts before routes where it may have
// been left is taken back after it.
func (in *interp) within(loop bool, block *ast.BlockStmt) {
	r := &region{outer: in.region, began: in.steps, loop: loop}
	in.region = r
	in.block(block.List)
	in.region = r.outer
	if r.left {
		for _, use := range slices.Backward(in.branch[min(r.certain, len(in.branch)):]) {
			if r.undoes(use.router.born) {
				use.router.uses = use.router.uses[:use.uses]
			}
		}
	}
}

// leave records that a statement may leave the regions in which it stands.
func (in *interp) leave(s ast.Stmt) {
	if cond, ok := s.(*ast.IfStmt); ok {
		if is, known := in.truth(cond.Cond); in.isNever(cond.Cond) || known && !is && cond.Else == nil {
			return
		}
	}
	mark := func(loop, escapes bool) {
		for r := in.region; r != nil; r = r.outer {
			if !r.left {
				r.left, r.certain = true, len(in.branch)
			}
			if r.escapes = r.escapes || escapes; r.loop == loop {
				return
			}
		}
	}
	var inspect func(n ast.Node, breaks, continues bool)
	inspect = func(n ast.Node, breaks, continues bool) {
		ast.Inspect(n, func(inner ast.Node) bool {
			switch s := inner.(type) {
			case *ast.FuncLit:
				return false
			case *ast.ForStmt, *ast.RangeStmt:
				if inner != n {
					inspect(inner, false, false)
					return false
				}
			case *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
				if inner != n {
					inspect(inner, false, continues)
					return false
				}
			case *ast.ReturnStmt:
				if !in.fails(s) {
					mark(false, len(s.Results) > 0)
				}
			case *ast.BranchStmt:
				if s.Tok == token.BREAK && breaks || s.Tok == token.CONTINUE && continues {
					mark(true, false)
				}
				for r := in.region; s.Tok == token.GOTO && r != nil; r = r.outer {
					if r.jumps = true; !r.loop {
						break
					}
				}
			}
			return true
		})
	}
	switch s.(type) {
	case *ast.IfStmt, *ast.BlockStmt, *ast.LabeledStmt:
		inspect(s, true, true)
	case *ast.SwitchStmt, *ast.TypeSwitchStmt, *ast.SelectStmt:
		inspect(s, false, true)
	case *ast.ForStmt, *ast.RangeStmt:
		inspect(s, false, false)
	}
}

// fails reports whether a statement returns an error, or nothing in place of what the function
// makes.
func (in *interp) fails(s *ast.ReturnStmt) bool {
	if len(s.Results) == 0 {
		return false
	}
	last := s.Results[len(s.Results)-1]
	return in.pkg.Info.Types[s.Results[0]].IsNil() ||
		!in.pkg.Info.Types[last].IsNil() && types.Identical(in.pkg.Info.TypeOf(last), types.Universe.Lookup("error").Type())
}

// isNever reports whether a condition says that a variable is nil, and it is known not to be.
func (in *interp) isNever(cond ast.Expr) bool {
	x, ok := ast.Unparen(cond).(*ast.BinaryExpr)
	if !ok || x.Op != token.EQL || !in.pkg.Info.Types[x.Y].IsNil() || Ident(x.X) == nil {
		return false
	}
	if v, ok := in.pkg.Info.Uses[Ident(x.X)].(*types.Var); ok {
		if local := in.env.find(v); local != nil && local.value == nil {
			return false
		}
	}
	v := in.eval(x.X)
	one, ok := v.(choice)
	return !(ok && len(one) == 1) && !slices.ContainsFunc(alternatives(v), func(v value) bool { return !isMade(v) })
}

// A restore undoes a use of middleware after the branch in which it stands.
type restore struct {
	router *router
	uses   int
}

const (
	maxLevel = 30
	maxSteps = 2_000_000
	maxLoop  = 100
	maxDepth = 1000 // of conditions around the code that sets a server up; handlers are deeper
)

// run runs the body of a function with the values of its parameters, and returns what
// it may return.
func (in *interp) run(pkg *Package, fn *types.Func, node ast.Node, typ *ast.FuncType, recv *ast.FieldList, block *ast.BlockStmt, outer *env, receiver value, args []value) value {
	if in.frame != nil && in.frame.level > maxLevel || in.running(node) > 2 {
		in.note(node.Pos(), "the calls of this function are too deep to be followed")
		return nil
	}
	in.done[node] = true
	in.again(node)
	f := &frame{pkg: pkg, env: newEnv(outer), fn: fn, caller: in.frame, node: node, site: in.calling}
	if f.caller != nil {
		f.level, f.depth, f.region = f.caller.level+1, f.caller.depth, f.caller.region
	}
	in.frame, in.calling = f, nil
	defer func() {
		if in.frame = f.caller; in.frame != nil {
			in.branch = append(in.branch, f.branch...)
		}
	}()
	if recv != nil {
		in.bind(recv, []value{in.copyOf(receiver, pkg.Info.TypeOf(recv.List[0].Type))}, false)
	}
	in.bind(typ.Params, args, true)
	if typ.Results != nil {
		for _, field := range typ.Results.List {
			for _, name := range field.Names {
				in.declare(name, in.zero(pkg.Info.TypeOf(name)))
			}
		}
	}
	in.within(false, block)
	var result value
	for _, v := range f.returns {
		result = either(result, v)
	}
	if slices.Contains(f.returns, nil) {
		result = orNil(result)
	}
	return result
}

// running returns how many calls of a function or a literal are running.
func (in *interp) running(node ast.Node) int {
	n := 0
	for f := in.frame; f != nil; f = f.caller {
		if f.node == node {
			n++
		}
	}
	return n
}

// again takes back what the body of a function has put before routes in the pass before, as it
// runs again.
func (in *interp) again(node ast.Node) {
	for _, use := range in.before[node] {
		use.router.uses = use.router.uses[:min(use.uses, len(use.router.uses))]
	}
	delete(in.before, node)
}

// bind gives parameters their values. One without is known by its type.
func (in *interp) bind(params *ast.FieldList, args []value, count bool) {
	i := 0
	for _, field := range params.List {
		names := field.Names
		if len(names) == 0 {
			names = []*ast.Ident{nil}
		}
		for _, name := range names {
			var v value
			if i < len(args) {
				v = args[i]
			}
			if _, variadic := field.Type.(*ast.Ellipsis); variadic && args != nil {
				v = in.rest(args[min(i, len(args)):])
			}
			i++
			if name == nil || name.Name == "_" {
				continue
			}
			if v == nil {
				n := 0
				if count && args == nil {
					n = i
				}
				v = in.symbol(in.pkg.Info.TypeOf(name), fmt.Sprintf("it is the parameter %s of %s, whose calls are not known", name.Name, in.functionName()), n, name)
			}
			in.declare(name, v)
		}
	}
}

// A spreadList is an argument with three dots after it.
type spreadList struct{ list }

// rest returns what a variadic parameter holds.
func (in *interp) rest(args []value) value {
	rest := list{}
	for _, arg := range args {
		switch arg := arg.(type) {
		case spreadList: // which is the parameter
			if len(rest) == 0 {
				return arg.list
			}
			return append(rest, arg.list...)
		case choice:
			if in.site != nil && in.site.Ellipsis.IsValid() {
				return in.appended(in.site, rest, arg)
			}
		}
		rest = append(rest, element{value: arg})
	}
	return rest
}

// symbol returns a value that is known by its type.
func (in *interp) symbol(t types.Type, reason string, param int, node ast.Expr) value {
	if kind := routerKind(t); kind != "" {
		r := in.newRouter(kind, reason)
		r.param = param
		r.given = types.IsInterface(t) || DeclaredAs(t, ginPath, "RouterGroup") || DeclaredAs(t, echoPath, "Group") || DeclaredAs(t, gorillaPath, "Route")
		return r
	}
	return opaque{typ: t, reason: reason, param: param, node: node}
}

func (in *interp) newRouter(kind Router, free string) *router {
	return &router{kind: kind, late: kind == Gorilla || kind == Echo, free: free, born: in.born()}
}

func (in *interp) newObject(t types.Type) *object {
	return &object{typ: t, fields: map[*types.Var]value{}, born: in.born()}
}

func (in *interp) declare(name *ast.Ident, v value) {
	if obj, ok := in.pkg.Info.Defs[name].(*types.Var); ok {
		in.env.vars[obj] = &variable{value: v, born: in.born()}
	}
}

func (in *interp) note(pos token.Pos, format string, args ...any) {
	if in.recording {
		in.unread[Unread{pos, fmt.Sprintf(format, args...)}] = true
	}
}

// functionName returns the name of the function that runs.
func (in *interp) functionName() string {
	if _, isLit := in.node.(*ast.FuncLit); isLit || in.fn == nil {
		return "a function literal"
	}
	return in.fn.Name()
}

// signature returns the signature of the function that runs, or nil.
func (in *interp) signature() *types.Signature {
	switch n := in.node.(type) {
	case *ast.FuncLit:
		sig, _ := in.pkg.Info.TypeOf(n).(*types.Signature)
		return sig
	case *ast.FuncDecl:
		return in.fn.Signature()
	}
	return nil
}
