package routes

import (
	"fmt"
	"go/ast"
	"go/constant"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strconv"
)

// An interp runs the code that sets a server up. It runs it twice: what code assigns to
// fields and package variables in the first pass is known in the second.
type interp struct {
	*Program
	pkgOf  map[*types.Package]*Package
	bodies map[*types.Func]body
	works  map[*types.Func]bool // whether a function has to do with routes; being found out: false

	inits         map[*types.Var]value // of package variables
	globals       map[*types.Var]value // what code assigns to them
	learned       map[*types.Var]bool  // in this pass
	fields        map[*types.Var]value
	later         map[*types.Var]value // what is assigned to variables and fields that a handler has read
	recording     bool
	done          map[ast.Node]bool // bodies of functions and literals that were run
	pending       []*closure
	registered    []*registered
	unread        map[Unread]bool
	defaultMux    *router
	servesDefault bool // the program serves defaultMux

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
	escapes bool // what it has made is returned where it is left
	certain int  // the uses of middleware before it was left
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
	if cond, ok := s.(*ast.IfStmt); ok && in.isNever(cond.Cond) {
		return
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
	return !slices.ContainsFunc(alternatives(in.eval(x.X)), func(v value) bool {
		switch v.(type) {
		case guardian, wrapping, *closure, function, native, *router, *object:
			return false
		}
		return true
	})
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
	level := 0
	for f := in.frame; f != nil; f = f.caller {
		if f.node == node {
			level++
		}
	}
	if in.frame != nil && in.frame.level > maxLevel || level > 2 {
		in.note(node.Pos(), "the calls of this function are too deep to be followed")
		return nil
	}
	in.done[node] = true
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
		in.bind(recv, []value{receiver}, false)
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
	return result
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
				rest := list{}
				for _, arg := range args[min(i, len(args)):] {
					if spread, ok := arg.(spreadList); ok {
						rest = append(rest, spread.list...)
						continue
					}
					rest = append(rest, element{value: arg})
				}
				v = rest
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

// Statements

func (in *interp) block(stmts []ast.Stmt) {
	for _, s := range stmts {
		in.stmt(s)
		in.leave(s)
	}
}

// conditional runs code that may not run. Middleware that it puts before routes is
// taken back after it, and what it assigns is joined with what was there.
func (in *interp) conditional(run func()) {
	outer := in.branch
	in.branch = nil
	in.depth++
	run()
	in.depth--
	for _, r := range slices.Backward(in.branch) {
		if r.router.born.depth <= in.depth { // it is there without the branch
			r.router.uses = r.router.uses[:r.uses]
		}
	}
	in.branch = outer
}

func (in *interp) stmt(s ast.Stmt) {
	if in.steps++; in.steps > maxSteps {
		return
	}
	switch s := s.(type) {
	case *ast.ExprStmt:
		in.eval(s.X)
	case *ast.AssignStmt:
		in.assignment(s)
	case *ast.DeclStmt:
		if d, ok := s.Decl.(*ast.GenDecl); ok {
			for _, spec := range d.Specs {
				if spec, ok := spec.(*ast.ValueSpec); ok {
					in.valueSpec(spec)
				}
			}
		}
	case *ast.ReturnStmt:
		in.returned(s)
	case *ast.BlockStmt:
		in.block(s.List)
	case *ast.LabeledStmt:
		in.stmt(s.Stmt)
	case *ast.GoStmt:
		in.eval(s.Call)
	case *ast.DeferStmt:
		in.eval(s.Call)
	case *ast.SendStmt:
		in.eval(s.Value)
	case *ast.IncDecStmt:
		op := token.ADD
		if s.Tok == token.DEC {
			op = token.SUB
		}
		in.assign(s.X, in.computed(in.eval(s.X), op, text("1"), in.pkg.Info.TypeOf(s.X)), token.ASSIGN)
	case *ast.IfStmt:
		if s.Init != nil {
			in.stmt(s.Init)
		}
		if in.pkg.Info.Uses[Ident(s.Cond)] != types.Universe.Lookup("false") { // a constant may be true in another build
			in.eval(s.Cond)
			in.conditional(func() { in.block(s.Body.List) })
		}
		if s.Else != nil {
			in.conditional(func() { in.stmt(s.Else) })
		}
	case *ast.SwitchStmt:
		if s.Init != nil {
			in.stmt(s.Init)
		}
		in.clauses(s.Body)
	case *ast.TypeSwitchStmt:
		in.stmt(s.Assign)
		in.clauses(s.Body)
	case *ast.SelectStmt:
		in.clauses(s.Body)
	case *ast.ForStmt:
		if s.Init != nil {
			in.stmt(s.Init)
		}
		in.loop(s)
	case *ast.RangeStmt:
		in.rangeOver(s)
	}
}

// loop runs the body of a loop that counts as often as that runs it, and another once.
func (in *interp) loop(s *ast.ForStmt) {
	for range maxLoop {
		switch goesOn, known := in.eval(s.Cond).(text); {
		case !known:
			in.conditional(func() { in.within(true, s.Body) })
			return
		case goesOn != "true":
			return
		}
		in.within(true, s.Body)
		if s.Post != nil {
			in.stmt(s.Post)
		}
	}
}

func (in *interp) clauses(body *ast.BlockStmt) {
	for _, c := range body.List {
		in.conditional(func() {
			switch c := c.(type) {
			case *ast.CaseClause:
				in.block(c.Body)
			case *ast.CommClause:
				if c.Comm != nil {
					in.stmt(c.Comm)
				}
				in.block(c.Body)
			}
		})
	}
}

// rangeOver runs the body once for each element that is known, or once for all.
func (in *interp) rangeOver(s *ast.RangeStmt) {
	known := false
	of := alternatives(in.eval(s.X))
	for _, v := range of {
		elements, ok := elementsOf(v)
		if n, isNumber := v.(text); isNumber && !IsString(in.pkg.Info.TypeOf(s.X)) {
			count, err := strconv.Atoi(string(n))
			if ok = err == nil && count <= maxLoop; ok {
				elements = make(list, count)
				for i := range elements {
					elements[i].key = text(strconv.Itoa(i))
				}
			}
		}
		if !ok {
			continue
		}
		known = true
		run := func() {
			for _, e := range elements {
				in.assign(s.Key, e.key, s.Tok)
				in.assign(s.Value, e.value, s.Tok)
				in.within(true, s.Body)
			}
		}
		if len(of) > 1 {
			in.conditional(run)
		} else {
			run()
		}
	}
	if known {
		return
	}
	in.conditional(func() {
		for _, x := range []ast.Expr{s.Key, s.Value} {
			if x != nil {
				in.assign(x, in.symbol(in.pkg.Info.TypeOf(x), "it is an element of a collection that is filled elsewhere", 0, x), s.Tok)
			}
		}
		in.within(true, s.Body)
	})
}

// elementsOf returns the elements of a list or a table, with their keys, if it has all of
// them.
func elementsOf(v value) (list, bool) {
	switch v := v.(type) {
	case *table:
		return v.elements, !v.open
	case list:
		elements := make(list, len(v))
		for i, e := range v {
			if elements[i] = e; e.key == nil {
				elements[i].key = text(fmt.Sprint(i))
			}
		}
		return elements, true
	}
	return nil, false
}

func isMap(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Map)
	return ok
}

func (in *interp) assignment(s *ast.AssignStmt) {
	if s.Tok != token.ASSIGN && s.Tok != token.DEFINE {
		if s.Tok == token.ADD_ASSIGN {
			old, new := in.eval(s.Lhs[0]), in.eval(s.Rhs[0])
			in.assign(s.Lhs[0], in.computed(old, token.ADD, new, in.pkg.Info.TypeOf(s.Lhs[0])), token.ASSIGN)
		}
		return
	}
	if len(s.Rhs) == 1 && len(s.Lhs) > 1 {
		results := resultsOf(in.eval(s.Rhs[0]), len(s.Lhs))
		for i, to := range s.Lhs {
			in.assign(to, results[i], s.Tok)
		}
		return
	}
	values := make([]value, len(s.Rhs))
	for i, x := range s.Rhs {
		values[i] = in.copied(x)
	}
	for i, to := range s.Lhs {
		if i < len(values) {
			in.assign(to, values[i], s.Tok)
		}
	}
}

// copied returns the value of an expression where it is assigned or passed: that of a struct is
// copied.
func (in *interp) copied(x ast.Expr) value {
	v := in.eval(x)
	t := in.pkg.Info.TypeOf(x)
	if obj, ok := v.(*object); ok && t != nil {
		if _, isStruct := t.Underlying().(*types.Struct); isStruct {
			return &object{typ: obj.typ, fields: maps.Clone(obj.fields), born: in.born()}
		}
	}
	return v
}

// computed returns what an operator makes of two values.
func (in *interp) computed(a value, op token.Token, b value, t types.Type) value {
	x, ok1 := a.(text)
	y, ok2 := b.(text)
	if t == nil {
		return opaque{reason: "it is computed"}
	}
	basic, _ := t.Underlying().(*types.Basic)
	switch {
	case basic == nil:
	case basic.Info()&types.IsString != 0 && op == token.ADD:
		if ok1 && ok2 {
			return x + y
		}
		if s := patternOf(a) + patternOf(b); s != hole+hole {
			return partial(s)
		}
	case ok1 && ok2 && basic.Info()&types.IsInteger != 0 && (op == token.ADD || op == token.SUB):
		m, err1 := strconv.Atoi(string(x))
		n, err2 := strconv.Atoi(string(y))
		if op == token.SUB {
			n = -n
		}
		if err1 == nil && err2 == nil {
			return text(strconv.Itoa(m + n))
		}
	}
	return opaque{typ: t, reason: "it is computed"}
}

// compared returns whether two numbers compare as an operator says, nil if that is not known.
func compared(a value, op token.Token, b value) value {
	x, ok1 := a.(text)
	y, ok2 := b.(text)
	m, err1 := strconv.Atoi(string(x))
	n, err2 := strconv.Atoi(string(y))
	if !ok1 || !ok2 || err1 != nil || err2 != nil {
		return nil
	}
	return text(strconv.FormatBool(constant.Compare(constant.MakeInt64(int64(m)), op, constant.MakeInt64(int64(n)))))
}

func (in *interp) valueSpec(spec *ast.ValueSpec) {
	if len(spec.Values) == 1 && len(spec.Names) > 1 {
		results := resultsOf(in.eval(spec.Values[0]), len(spec.Names))
		for i, name := range spec.Names {
			in.declare(name, results[i])
		}
		return
	}
	for i, name := range spec.Names {
		var v value
		if i < len(spec.Values) {
			v = in.copied(spec.Values[i])
		} else if t := in.pkg.Info.TypeOf(name); t != nil {
			v = in.zero(t)
		}
		in.declare(name, v)
	}
}

// zero returns the value of a variable that is declared without one.
func (in *interp) zero(t types.Type) value {
	if _, ok := t.(*types.Pointer); ok {
		return nil
	}
	if kind := routerKind(t); kind != "" && !types.IsInterface(t) {
		return in.newRouter(kind, "")
	}
	switch t.Underlying().(type) {
	case *types.Struct:
		return in.newObject(t)
	case *types.Slice:
		return list{}
	case *types.Map:
		return &table{born: in.born()}
	}
	return nil
}

func (in *interp) assign(to ast.Expr, v value, tok token.Token) {
	if to == nil {
		return
	}
	switch to := ast.Unparen(to).(type) {
	case *ast.Ident:
		if to.Name == "_" {
			return
		}
		if tok == token.DEFINE && in.pkg.Info.Defs[to] != nil {
			in.declare(to, v)
			return
		}
		obj, ok := in.pkg.Info.ObjectOf(to).(*types.Var)
		if !ok {
			return
		}
		if local := in.env.find(obj); local != nil {
			if local.read {
				in.later[obj] = either(in.later[obj], v)
			}
			if in.uncertain(local.born) {
				v = either(local.value, v)
			}
			local.value = v
		} else {
			in.learn(in.globals, obj, v)
		}
	case *ast.SelectorExpr:
		selection := in.pkg.Info.Selections[to]
		field, ok := in.pkg.Info.Uses[to.Sel].(*types.Var)
		if !ok {
			return
		}
		if selection == nil { // of a package
			in.learn(in.globals, field, v)
			return
		}
		in.setField(in.through(to), field, v, to)
	case *ast.IndexExpr:
		in.assignElement(to, v)
	case *ast.StarExpr:
		in.assign(to.X, v, token.ASSIGN)
	}
}

func (in *interp) setField(of value, field *types.Var, v value, x ast.Expr) {
	field = field.Origin()
	if obj, ok := of.(*object); ok {
		if slices.Contains(obj.read, field) {
			in.later[field] = either(in.later[field], v)
		}
		if old, was := obj.fields[field]; was && in.uncertain(obj.born) {
			v = either(old, v)
		}
		obj.fields[field] = v
	}
	in.learn(in.fields, field, v)
	if isRouterValue(of) && !field.Embedded() && in.concernsType(field.Type()) { // such as NotFoundHandler of gorilla
		in.note(x.Pos(), "what is assigned to the field %s of a router is not followed", field.Name())
	}
	if v != nil && field.Name() == "Handler" && field.Pkg() != nil && field.Pkg().Path() == "net/http" && NamedOf(typeOf(of)) != nil && NamedOf(typeOf(of)).Name() == "Server" {
		in.serveServer(v, x)
	}
}

// learn records what is assigned to a package variable or field. In the second pass that
// takes the place of what the first has found.
func (in *interp) learn(known map[*types.Var]value, v *types.Var, assigned value) {
	if !in.learned[v] {
		in.learned[v] = true
		delete(known, v)
	}
	known[v] = either(known[v], assigned)
}

// assignElement sets an element of a table, or adds one to a list that a variable holds.
func (in *interp) assignElement(to *ast.IndexExpr, v value) {
	key := in.eval(to.Index)
	switch of := in.eval(to.X).(type) {
	case *table:
		for i, e := range of.elements {
			if same(e.key, key) {
				if in.uncertain(of.born) {
					v = either(e.value, v)
				}
				of.elements[i].value = v
				return
			}
		}
		if _, known := key.(text); !known {
			key = opaque{reason: "the key is computed", node: to.Index}
		}
		of.elements = append(of.elements, element{key, v})
	case list:
		changed := slices.Clone(of)
		switch n, known := number(key); {
		case known && n < len(of):
			changed[n].value = v
		case known || len(of) == 0:
			changed = append(changed, element{nil, v})
		default: // it may be any of them
			for i, e := range of {
				changed[i].value = either(e.value, v)
			}
		}
		in.assign(to.X, changed, token.ASSIGN)
	}
}

func (in *interp) returned(s *ast.ReturnStmt) {
	switch {
	case len(s.Results) == 1:
		v := in.eval(s.Results[0])
		if t := in.resultType(); v == nil && isMiddleware(t) && in.pkg.Info.Types[s.Results[0]].IsNil() {
			v = opaque{typ: t, reason: "it may be nil"}
		}
		in.returns = append(in.returns, v)
	case len(s.Results) > 1:
		var results pair
		for _, x := range s.Results {
			results = append(results, in.eval(x))
		}
		in.returns = append(in.returns, results)
	default: // named results
		list := in.results()
		if list == nil {
			return
		}
		var results pair
		for _, field := range list.List {
			for _, name := range field.Names {
				if v, ok := in.pkg.Info.Defs[name].(*types.Var); ok {
					if local := in.env.find(v); local != nil {
						results = append(results, local.value)
					}
				}
			}
		}
		if len(results) == 1 {
			in.returns = append(in.returns, results[0])
		} else if len(results) > 1 {
			in.returns = append(in.returns, results)
		}
	}
}

// results returns the results of the function that runs, nil if there are none.
func (in *interp) results() *ast.FieldList {
	switch n := in.node.(type) {
	case *ast.FuncDecl:
		return n.Type.Results
	case *ast.FuncLit:
		return n.Type.Results
	}
	return nil
}

// resultType returns the type of the first result, or nil.
func (in *interp) resultType() types.Type {
	if list := in.results(); list != nil {
		return in.pkg.Info.TypeOf(list.List[0].Type)
	}
	return nil
}

// Expressions

func (in *interp) eval(x ast.Expr) value {
	if in.steps++; in.steps > maxSteps || x == nil {
		return nil
	}
	x = ast.Unparen(x)
	if tv, ok := in.pkg.Info.Types[x]; ok && tv.Value != nil {
		if tv.Value.Kind() == constant.String {
			return text(constant.StringVal(tv.Value))
		}
		return text(tv.Value.ExactString())
	}
	switch x := x.(type) {
	case *ast.Ident:
		return in.ident(x)
	case *ast.SelectorExpr:
		return in.selector(x)
	case *ast.CallExpr:
		return in.call(x)
	case *ast.FuncLit:
		c := &closure{x, in.env, in.pkg, in.fn}
		in.pending = append(in.pending, c)
		return c
	case *ast.CompositeLit:
		return in.composite(x)
	case *ast.UnaryExpr:
		v := in.eval(x.X)
		if t := in.pkg.Info.TypeOf(x.X); x.Op == token.AND && Ident(x.X) != nil && (IsHandlerInterface(t) || t != nil && isSignature(t) && in.concernsType(t)) {
			in.note(x.Pos(), "what is assigned through the address of %s is not followed", types.ExprString(x.X))
		}
		if x.Op == token.AND || x.Op == token.ARROW {
			return v
		}
		return nil
	case *ast.StarExpr:
		return in.eval(x.X)
	case *ast.BinaryExpr:
		a := in.eval(x.X)
		if x.Op == token.LAND || x.Op == token.LOR {
			in.conditional(func() { in.eval(x.Y) })
			return nil
		}
		b := in.eval(x.Y)
		switch x.Op {
		case token.ADD, token.SUB:
			return in.computed(a, x.Op, b, in.pkg.Info.TypeOf(x))
		case token.LSS, token.LEQ, token.GTR, token.GEQ, token.NEQ:
			return compared(a, x.Op, b)
		}
		return nil
	case *ast.IndexExpr:
		return in.index(x)
	case *ast.IndexListExpr:
		return in.eval(x.X)
	case *ast.TypeAssertExpr:
		return in.eval(x.X)
	case *ast.SliceExpr:
		return in.slice(x)
	}
	return in.typed(x, "it is computed")
}

// slice returns a part of a list.
func (in *interp) slice(x *ast.SliceExpr) value {
	of := in.eval(x.X)
	elements, ok := of.(list)
	if !ok || x.Slice3 {
		return in.typed(x, "it is a part of what is not known")
	}
	low, high := 0, len(elements)
	if n, known := number(in.eval(x.Low)); known {
		low = n
	} else if x.Low != nil {
		return in.typed(x, "it is a part that is computed")
	}
	if n, known := number(in.eval(x.High)); known {
		high = n
	} else if x.High != nil {
		return in.typed(x, "it is a part that is computed")
	}
	if low > high || high > len(elements) {
		return list{}
	}
	return elements[low:high:high]
}

// number returns the integer that a value is, if it can be an index.
func number(v value) (int, bool) {
	s, ok := v.(text)
	n, err := strconv.Atoi(string(s))
	return n, ok && err == nil && n >= 0
}

// typed returns a value that is known by the type of x.
func (in *interp) typed(x ast.Expr, reason string) value {
	t := in.pkg.Info.TypeOf(x)
	switch t := t.(type) {
	case nil:
		return nil
	case *types.Tuple:
		var p pair
		for v := range t.Variables() {
			p = append(p, in.symbol(v.Type(), reason, 0, x))
		}
		return p
	}
	return in.symbol(t, reason, 0, x)
}

func (in *interp) ident(x *ast.Ident) value {
	switch obj := in.pkg.Info.ObjectOf(x).(type) {
	case *types.Var:
		return in.variable(x, obj)
	case *types.Func:
		return function{fn: obj.Origin(), node: x, pkg: in.pkg}
	}
	return nil
}

func (in *interp) variable(x ast.Expr, obj *types.Var) value {
	if local := in.env.find(obj); local != nil {
		if local.value == nil && routerKind(obj.Type()) != "" {
			local.value = in.typed(x, "it is not assigned")
		}
		v := local.value
		if in.depth >= maxDepth && local.born.depth < maxDepth { // a handler runs later
			local.read = true
			v = either(v, in.later[obj])
		}
		return in.orTyped(v, x, "it is not known what is assigned to it")
	}
	if obj.Pkg() != nil && obj.Parent() == obj.Pkg().Scope() {
		init, hasInit := in.inits[obj]
		if v, ok := in.globals[obj]; ok || hasInit {
			return in.orTyped(either(init, v), x, "the package variable is assigned what is not known")
		}
		v := in.typed(x, fmt.Sprintf("the variable %s is assigned in code that is not followed", obj.Name()))
		if _, ok := v.(*router); ok {
			in.globals[obj] = v
		}
		return v
	}
	return in.typed(x, "it is not known what the variable holds")
}

func (in *interp) orTyped(v value, x ast.Expr, reason string) value {
	if v == nil {
		return in.typed(x, reason)
	}
	return v
}

// through returns what a selector selects from, after embedded fields.
func (in *interp) through(x *ast.SelectorExpr) value {
	v := in.eval(x.X)
	selection := in.pkg.Info.Selections[x]
	if selection == nil {
		return v
	}
	t := in.pkg.Info.TypeOf(x.X)
	for _, i := range selection.Index()[:len(selection.Index())-1] {
		if _, ok := v.(*router); ok { // which embeds another
			return v
		}
		s, ok := structOf(t)
		if !ok {
			return nil
		}
		field := s.Field(i)
		v = in.field(v, field, x)
		t = field.Type()
	}
	return v
}

const requestMethod = "it is the method of a request"

func structOf(t types.Type) (*types.Struct, bool) {
	if t == nil {
		return nil, false
	}
	if p, ok := t.Underlying().(*types.Pointer); ok {
		t = p.Elem()
	}
	s, ok := t.Underlying().(*types.Struct)
	return s, ok
}

// field returns what a field of a struct holds: of that one, if it is known, or else what
// any code assigns to the field.
func (in *interp) field(of value, field *types.Var, x ast.Expr) value {
	if r, ok := of.(*router); ok && field.Embedded() && routerKind(field.Type()) != "" { // that of an engine of gin
		return r
	}
	if field.Name() == "Method" && PackageOf(field) == "net/http" {
		return opaque{typ: field.Type(), reason: requestMethod, node: x}
	}
	field = field.Origin()
	var result value
	for _, v := range alternatives(of) {
		obj, ok := v.(*object)
		if !ok {
			continue
		}
		if v, ok := obj.fields[field]; ok {
			result = either(result, v)
		}
		if in.depth >= maxDepth && obj.born.depth < maxDepth { // a handler runs later
			obj.read = append(obj.read, field)
			result = either(result, in.later[field])
		}
	}
	if result == nil {
		result = in.fields[field]
	}
	if result == nil {
		result = in.symbol(field.Type(), fmt.Sprintf("the field %s is assigned in code that is not followed", field.Name()), 0, x)
		if obj, ok := of.(*object); ok {
			obj.fields[field] = result
		} else if _, ok := result.(*router); ok {
			in.fields[field] = result
		}
	}
	return result
}

func (in *interp) selector(x *ast.SelectorExpr) value {
	selection := in.pkg.Info.Selections[x]
	if selection == nil { // of a package
		switch obj := in.pkg.Info.Uses[x.Sel].(type) {
		case *types.Var:
			if obj.Pkg() != nil && obj.Pkg().Path() == "net/http" && obj.Name() == "DefaultServeMux" {
				return in.defaultMux
			}
			return in.variable(x, obj)
		case *types.Func:
			return function{fn: obj.Origin(), node: x, pkg: in.pkg}
		}
		return nil
	}
	switch obj := selection.Obj().(type) {
	case *types.Var:
		return in.field(in.through(x), obj, x)
	case *types.Func:
		recv := in.through(x)
		if r, ok := recv.(*router); ok && selection.Kind() == types.MethodVal {
			if obj.Name() == "ServeHTTP" {
				return r
			}
			return native{r, obj.Name()}
		}
		return in.method(x, selection, obj.Origin(), recv)
	}
	return nil
}

// method returns a method value. That of an interface is the one of the value in it, if
// that is known.
func (in *interp) method(x *ast.SelectorExpr, selection *types.Selection, fn *types.Func, recv value) value {
	if selection.Kind() == types.MethodExpr {
		recv = nil
	}
	if types.IsInterface(selection.Recv()) || isInterfaceMethod(fn) {
		var result value
		for _, v := range alternatives(recv) {
			if found := in.methodOfValue(x, v, fn.Name()); found != nil {
				result = either(result, found)
			}
		}
		if result != nil {
			return result
		}
	}
	f := function{fn: fn, recv: recv, node: x, pkg: in.pkg}
	for _, t := range []*types.TypeName{ReceiverOf(fn), NamedOf(selection.Recv())} {
		if in.isResource(t) {
			f.of = t
			break
		}
	}
	return f
}

func isInterfaceMethod(fn *types.Func) bool {
	recv := fn.Signature().Recv()
	return recv != nil && types.IsInterface(recv.Type())
}

func (in *interp) methodOfValue(x ast.Expr, v value, name string) value {
	t := typeOf(v)
	if t == nil || types.IsInterface(t) {
		if s, ok := v.(serving); ok && name == "ServeHTTP" {
			return s
		}
		if (name == "ServeHTTP") && v != nil {
			switch v.(type) {
			case *closure, function:
				return v
			}
		}
		return nil
	}
	fn := MethodNamed(t, name)
	if fn == nil {
		return nil
	}
	f := function{fn: fn, recv: v, node: x, pkg: in.pkg}
	for _, t := range []*types.TypeName{ReceiverOf(fn), NamedOf(t)} {
		if in.isResource(t) {
			f.of = t
			break
		}
	}
	return f
}

func typeOf(v value) types.Type {
	switch v := v.(type) {
	case *object:
		return v.typ
	case opaque:
		return v.typ
	}
	return nil
}

func (in *interp) isResource(t *types.TypeName) bool {
	return t != nil && in.IsResource != nil && in.IsResource(t)
}

func (in *interp) isPublic(obj types.Object) bool {
	return obj != nil && in.IsPublic != nil && in.IsPublic(obj)
}

func (in *interp) composite(x *ast.CompositeLit) value {
	t := in.pkg.Info.TypeOf(x)
	if t == nil {
		return nil
	}
	if s, ok := structOf(t); ok {
		if kind := routerKind(t); kind != "" {
			return in.newRouter(kind, "")
		}
		obj := in.newObject(t)
		for i, e := range x.Elts {
			var field *types.Var
			if kv, ok := e.(*ast.KeyValueExpr); ok {
				field, _ = in.pkg.Info.ObjectOf(Ident(kv.Key)).(*types.Var)
				e = kv.Value
			} else if i < s.NumFields() {
				field = s.Field(i)
			}
			if field != nil {
				in.setField(obj, field, in.eval(e), e)
			}
		}
		return obj
	}
	elements := list{}
	for _, e := range x.Elts {
		var key value
		if kv, ok := e.(*ast.KeyValueExpr); ok {
			key, e = in.eval(kv.Key), kv.Value
			if key == nil {
				key = opaque{reason: "the key is computed", node: kv.Key}
			}
		}
		elements = append(elements, element{key, in.eval(e)})
	}
	if isMap(t) {
		return &table{elements: elements, born: in.born()}
	}
	return elements
}

func (in *interp) index(x *ast.IndexExpr) value {
	if fn, ok := in.pkg.Info.Uses[Ident(x.X)].(*types.Func); ok { // an instance of a generic function
		return function{fn: fn.Origin(), node: x, pkg: in.pkg}
	}
	key := in.eval(x.Index)
	var result value
	for _, v := range alternatives(in.eval(x.X)) {
		elements, ok := elementsOf(v)
		if !ok {
			return in.typed(x, "it is an element of a collection that is filled elsewhere")
		}
		for _, e := range elements {
			have, known := e.key.(text)
			wanted, asked := key.(text)
			if !known || !asked || have == wanted {
				result = either(result, e.value)
			}
		}
	}
	return in.orTyped(result, x, "it is an element of a collection that is filled elsewhere")
}
