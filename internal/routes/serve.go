package routes

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// serve returns the handlers that a value may stand for, at least one. The expression,
// which may be nil, is where the value is used.
func (in *interp) serve(v value, x ast.Expr) serving {
	switch v := v.(type) {
	case serving:
		if len(v) > 0 {
			return v
		}
	case *router:
		return serving{{router: v.inner()}}
	case choice:
		var all serving
		for _, v := range v {
			if v != nil {
				all = append(all, in.serve(v, x)...)
			}
		}
		return all
	case *closure:
		return in.serveClosure(v)
	case function:
		return in.serveFunction(v)
	case guardian:
		return serving{{guards: []Guard{Guard(v)}, handler: Handler{Node: x}}}
	case wrapping:
		return serving{{by: string(v), handler: Handler{Node: x}}}
	case *object:
		return in.serveType(v.typ, v, x, nil)
	case opaque:
		node := x
		if node == nil {
			node = v.node
		}
		return in.serveType(v.typ, v, node, &v)
	}
	return serving{{handler: Handler{Node: x, Unknown: "it is not known what it is"}}}
}

// serveType classifies a value by its type.
func (in *interp) serveType(t types.Type, recv value, x ast.Expr, unknown *opaque) serving {
	h := Handler{Node: x}
	named := NamedOf(t)
	if v, embedded := in.embedded(t, recv, x); embedded && (named == nil || !in.isPublic(named) && !in.isResource(named)) {
		return in.serve(v, x)
	}
	var serveHTTP *types.Func
	if t != nil {
		serveHTTP = MethodNamed(t, "ServeHTTP")
	}
	switch {
	case named != nil && (in.isPublic(named) || InRuntime(named, "Metadata")):
		h.Object, h.Public = named, true
	case named != nil && in.isResource(named) && serveHTTP != nil:
		return in.serveFunction(function{fn: serveHTTP, recv: recv, node: x, pkg: in.pkg, of: named})
	case named == nil || serveHTTP == nil || types.IsInterface(t) || isSignature(t):
		h.Unknown = "it is not known what it is"
		if unknown != nil {
			h.param = unknown.param
			if unknown.reason != "" {
				h.Unknown = unknown.reason
			}
		}
	default:
		list := in.serveFunction(function{fn: serveHTTP, recv: recv, node: x, pkg: in.pkg})
		for i := range list {
			if list[i].handler.Object == serveHTTP {
				list[i].handler.Object = named
			}
		}
		return list
	}
	return serving{{handler: h}}
}

// embedded returns what serves in a struct whose ServeHTTP is that of an embedded
// interface or router.
func (in *interp) embedded(t types.Type, recv value, x ast.Expr) (value, bool) {
	if t == nil || types.IsInterface(t) {
		return nil, false
	}
	obj, index, _ := types.LookupFieldOrMethod(t, true, nil, "ServeHTTP")
	fn, ok := obj.(*types.Func)
	if !ok || len(index) < 2 || !types.IsInterface(receiverType(fn)) && routerKind(receiverType(fn)) == "" {
		return nil, false
	}
	v := recv
	depth := in.depth
	in.depth = max(depth, maxDepth) // it is read for each request
	defer func() { in.depth = depth }()
	for _, i := range index[:len(index)-1] {
		s, ok := structOf(t)
		if !ok {
			return nil, false
		}
		v, t = in.field(v, s.Field(i), x), s.Field(i).Type()
	}
	return v, true
}

func isSignature(t types.Type) bool {
	if t == nil {
		return false
	}
	_, ok := t.Underlying().(*types.Signature)
	return ok
}

// view classifies a method of a resource that serves by itself.
func (in *interp) view(x ast.Expr, fn *types.Func, of *types.TypeName) Handler {
	return Handler{Node: x, Object: fn, Resource: of, Public: in.isPublic(fn)}
}

func (in *interp) serveFunction(f function) serving {
	h := Handler{Node: f.node, Object: f.fn}
	recv := ReceiverOf(f.fn)
	switch {
	case f.of != nil && slices.Contains(guardMethods, f.fn.Name()):
		h.Unknown = "it is the guard itself"
	case in.isPublic(f.fn), recv != nil && in.isPublic(recv), isHarmless(f.fn):
		h.Public = true
	case isInterfaceMethod(f.fn):
		h.Unknown = "it is a method of an interface"
	default:
		if by := in.GuardedBy(f.fn); by != "" {
			return serving{{handler: h, by: by}}
		}
		if read := in.readFunction(f, nil); read != nil && len(read.items) > 0 && (read.guarded() || isServeHTTP(f.fn)) {
			if f.of != nil && len(read.asks) > 0 { // it asks by itself, and then serves
				return behindAll(serving{{handler: in.view(f.node, f.fn, f.of)}}, read.items[0].guards)
			}
			return read.serving(h)
		}
		if s := in.summary(f.fn); s != nil && (len(s.Asks) > 0 || s.By != "") {
			return in.stands(s, serving{{handler: h}})
		}
		if f.of != nil {
			h = in.view(f.node, f.fn, f.of)
		}
	}
	return serving{{handler: h}}
}

func (in *interp) serveClosure(c *closure) serving {
	h := Handler{Node: c.lit}
	read := in.read(c.pkg, c.in, c.lit, c.lit.Type, nil, c.lit.Body, c.env, nil, nil)
	if read == nil || len(read.items) == 0 {
		return serving{{handler: h}}
	}
	list := read.serving(h)
	for i := range list {
		if to := &list[i]; to.within == nil && to.handler.Node != c.lit && len(to.guards) == 0 {
			to.within = c.lit
		}
	}
	return list
}

// isServeHTTP reports whether fn is that of an http.Handler, not of middleware that gets
// the next handler as well.
func isServeHTTP(fn *types.Func) bool {
	return fn.Name() == "ServeHTTP" && fn.Signature().Params().Len() == 2
}

// A reading is what is read in the body of a handler.
type reading struct {
	items   []item
	whole   []Guard // asked before whatever the body does after them, up to its end
	asks    []ask
	aborts  bool   // the handlers that follow in the chain run only where it says so
	unclear bool   // a guard is asked, and it is not understood what that means
	passes  []pass // where the body returns and lets requests through
}

// An item is a handler that the body passes requests to.
type item struct {
	served
	pos  token.Pos
	next bool // it is the rest of the chain
	self bool // it is the body itself
}

// An ask is a call that asks for a guard's decision, and what runs only if that allows it: what
// the body does up to one position, and the rest of the chain of handlers up to another one.
type ask struct {
	guard           Guard
	from, to, chain token.Pos
	v               types.Object // the variable that has the decision; nil if there is none
}

// A pass is a return that says that a request is allowed, or may be if it returns a variable.
type pass struct {
	pos token.Pos
	v   types.Object
}

// aborts reports whether the guard keeps nothing from running but the rest of the chain.
func (a ask) aborts() bool { return a.from == a.to && a.chain > a.to }

func (r *reading) guarded() bool {
	return !slices.ContainsFunc(r.items, func(i item) bool { return len(i.guards) == 0 && i.by == "" && i.router == nil })
}

// skips reports whether the body lets requests through before it asks a guard, or although that
// denies them: to what follows in the chain of handlers, or to what follows a call of it.
func (r *reading) skips(chain bool) bool {
	return len(r.asks) > 0 && slices.ContainsFunc(r.passes, func(p pass) bool {
		return !slices.ContainsFunc(r.asks, func(a ask) bool {
			to := a.to
			if chain {
				to = a.chain
			}
			return a.from <= p.pos && p.pos < to || p.v != nil && p.v == a.v
		})
	})
}

func (r *reading) serving(h Handler) serving {
	var list serving
	for _, i := range r.items {
		if i.next {
			continue
		}
		if i.self {
			i.handler = h
			if r.unclear && len(i.guards) == 0 {
				i.handler.Unknown = "it is not clear whether the decision of a guard is obeyed"
			}
		}
		list = append(list, i.served)
	}
	return list
}

func (in *interp) readFunction(f function, args []value) *reading {
	b, known := in.bodies[f.fn]
	if !known || !in.mentions(b.decl.Body, b.pkg, nil) {
		return nil
	}
	return in.read(b.pkg, f.fn, b.decl, b.decl.Type, b.decl.Recv, b.decl.Body, nil, f.recv, args)
}

// read reads the body of a handler. It returns nil if that has nothing to do with
// guards and other handlers.
func (in *interp) read(pkg *Package, fn *types.Func, node ast.Node, typ *ast.FuncType, recv *ast.FieldList, block *ast.BlockStmt, outer *env, receiver value, args []value) *reading {
	if !in.mentions(block, pkg, outer) {
		return nil
	}
	if in.frame != nil && in.frame.level > maxLevel {
		return nil
	}
	level := 0 // a wrapper may be around itself
	for f := in.frame; f != nil; f = f.caller {
		if f.node == node {
			level++
		}
	}
	if level > 2 {
		return nil
	}
	f := &frame{pkg: pkg, env: newEnv(outer), fn: fn, caller: in.frame, node: node}
	f.depth = maxDepth // it runs later, or never
	if f.caller != nil {
		f.level, f.depth = f.caller.level+1, max(f.caller.depth, maxDepth)+1
	}
	in.frame = f
	defer func() { in.frame = f.caller }()
	if recv != nil {
		in.bind(recv, []value{receiver}, false)
	}
	in.bind(typ.Params, args, true)
	in.block(block.List)

	r := &reading{}
	var stack []ast.Node
	within := map[ast.Node]bool{} // what belongs to an ask
	held := in.held(block, within)
	in.chained(r, block, within)
	served := in.onlyServed(block)
	ast.Inspect(block, func(n ast.Node) bool {
		if n == nil {
			stack = stack[:len(stack)-1]
			return true
		}
		descend := true
		switch n := n.(type) {
		case *ast.FuncLit:
			descend = !served[n]
		case *ast.CallExpr:
			descend = in.readCall(r, n, append(stack, n), block, within)
		case *ast.ReturnStmt:
			if v, ok := in.passes(n, stack); ok {
				r.passes = append(r.passes, pass{n.Pos(), v})
			}
		case *ast.SelectorExpr:
			if !within[n] {
				in.readMention(r, n)
			}
		case *ast.Ident:
			if in.runsNext(n) {
				r.items = append(r.items, item{pos: n.Pos(), next: true})
			}
			if !within[n] {
				for _, i := range held[pkg.Info.Uses[n]] {
					i.pos = n.Pos()
					r.items = append(r.items, i)
				}
			}
		}
		if descend {
			stack = append(stack, n)
		}
		return descend
	})
	for i := range r.items {
		for _, a := range slices.Backward(r.asks) {
			to := a.to
			if r.items[i].next {
				to = a.chain
			}
			if a.from <= r.items[i].pos && r.items[i].pos < to {
				r.items[i].guards = append([]Guard{a.guard}, r.items[i].guards...)
			}
		}
	}
	for _, a := range r.asks {
		if a.chain >= block.Rbrace {
			r.whole = append(r.whole, a.guard)
		}
	}
	// Beside a guard the body may call what takes no request, to prepare or to log.
	asked := len(r.asks) > 0 || slices.ContainsFunc(r.items, func(i item) bool { return len(i.guards) > 0 })
	r.items = slices.DeleteFunc(r.items, func(i item) bool {
		m, ok := i.handler.Object.(*types.Func)
		return asked && len(i.guards) == 0 && ok && i.handler.Resource != nil && !TakesRequest(m.Signature())
	})
	if len(r.items) == 0 && (len(r.asks) > 0 || r.unclear) {
		self := item{pos: block.Rbrace, self: true}
		asks := slices.DeleteFunc(slices.Clone(r.asks), ask.aborts)
		whole := slices.DeleteFunc(slices.Clone(asks), func(a ask) bool { return a.to < block.Rbrace })
		if len(whole) > 0 {
			asks = whole
		}
		for _, a := range asks {
			if typ.Results == nil && !before(a, block) || answersBefore(a.from, block, pkg.Info) {
				r.unclear = true
				continue
			}
			self.guards = append(self.guards, a.guard)
		}
		r.items = append(r.items, self)
	}
	return r
}

// before reports whether a guard is asked before some statement of a body, and not after all of
// them.
func before(a ask, block *ast.BlockStmt) bool {
	for n := range ast.Preorder(block) {
		if s, ok := n.(ast.Stmt); ok && a.from <= s.Pos() {
			if _, isBlock := s.(*ast.BlockStmt); !isBlock {
				return true
			}
		}
	}
	return false
}

// passes reports whether a statement returns that a request is allowed: nil, true, a variable that
// may be one of them, or nothing where the handlers that follow in a chain run. The stack has
// the nodes around it.
func (in *interp) passes(s *ast.ReturnStmt, stack []ast.Node) (v types.Object, ok bool) {
	if slices.ContainsFunc(stack, func(n ast.Node) bool { _, isLit := n.(*ast.FuncLit); return isLit }) {
		return nil, false
	}
	if len(s.Results) > 0 {
		x := ast.Unparen(s.Results[len(s.Results)-1])
		if tv := in.pkg.Info.Types[x]; tv.IsNil() || tv.Value != nil && tv.Value.String() == "true" {
			return nil, true
		}
		if id, isID := x.(*ast.Ident); isID {
			v, ok := in.pkg.Info.ObjectOf(id).(*types.Var)
			return v, ok && v.Parent() != in.pkg.Types.Scope() && !in.isError(v, s, stack)
		}
		return nil, false
	}
	switch b := stack[len(stack)-1].(type) {
	case *ast.BlockStmt:
		return nil, !in.aborts(b.List)
	case *ast.CaseClause:
		return nil, !in.aborts(b.Body)
	}
	return nil, true
}

// isError reports whether a statement stands below a condition which says that a variable is not
// nil, or which asks something else of it, as errors.Is does.
func (in *interp) isError(v types.Object, s ast.Stmt, stack []ast.Node) bool {
	mentions := func(x ast.Expr) bool {
		for n := range ast.Preorder(x) {
			if id, ok := n.(*ast.Ident); ok && in.pkg.Info.Uses[id] == v {
				return true
			}
		}
		return false
	}
	for _, n := range stack {
		switch n := n.(type) {
		case *ast.IfStmt:
			eq, ok := n.Cond.(*ast.BinaryExpr)
			isNil := ok && eq.Op == token.EQL && in.pkg.Info.Types[eq.Y].IsNil()
			inElse := n.Else != nil && n.Else.Pos() <= s.Pos()
			if mentions(n.Cond) && isNil == inElse {
				return true
			}
		case *ast.CaseClause:
			if slices.ContainsFunc(n.List, mentions) {
				return true
			}
		}
	}
	return false
}

// readCall reads a call in the body of a handler, and reports whether to look into it.
func (in *interp) readCall(r *reading, x *ast.CallExpr, stack []ast.Node, block *ast.BlockStmt, within map[ast.Node]bool) bool {
	if within[x] {
		return false
	}
	if id := Ident(x.Fun); in.pkg.Info.Types[x.Fun].IsType() || id != nil && in.runsNext(id) {
		return true
	}
	fn := Callee(in.pkg.Info, x)
	if sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr); ok {
		within[sel] = true
		if isAbort(x, in.pkg) && len(stack) == 3 {
			r.aborts = true // at the top of the body
		}
		if callsNext(x, in.pkg.Info) {
			r.items = append(r.items, item{pos: x.Pos(), next: true})
			return false
		}
	}
	if fn != nil && InRuntime(fn, "Handle", "HandleList", "HandleOperation") {
		return false // its views are behind the guard
	}
	if g, view, ok := in.guardCall(x, fn); ok {
		if view != nil {
			in.readView(r, x, g, view)
		}
		in.decided(r, g, stack, block, view != nil)
		return false
	}
	if fn != nil && !isInterfaceMethod(fn) {
		if in.isResource(ReceiverOf(fn)) || in.isResource(in.receiver(x)) {
			if !slices.Contains(guardMethods, fn.Name()) {
				in.readMethod(r, x, fn)
			}
			return true
		}
	}
	v := in.calleeValue(x, fn)
	if len(x.Args) == 1 && isContext(in.pkg.Info.TypeOf(x.Args[0])) && slices.ContainsFunc(alternatives(v), isBareGuard) {
		// What it aborts is the rest of the chain, and not this body.
		if g, ok := v.(guardian); ok && len(stack) == 3 {
			r.asks = append(r.asks, ask{guard: Guard(g), from: x.End(), to: x.End(), chain: block.Rbrace + 1})
		} else {
			r.unclear = true
		}
		return true
	}
	switch f := v.(type) {
	case function:
		if f.of == nil && TakesRequest(f.fn.Signature()) && !isServeHTTP(f.fn) && !in.passesOn(x, fn) {
			if in.behind[f.fn] && !in.asksItself(f) {
				r.items = append(r.items, item{served: served{handler: Handler{Node: x.Fun, Object: f.fn}}, pos: x.Pos()})
				return true
			}
			in.readHelper(r, x, f, stack, block, within)
			return true
		}
	case nil:
		return true
	}
	if takesError(in.pkg.Info.TypeOf(x.Fun)) { // it writes the error
		return true
	}
	_, predicate := in.pkg.Info.TypeOf(x).(*types.Basic) // such as a Skipper of echo
	for _, h := range in.handlersIn(v, x) {
		if view, _ := h.handler.Object.(*types.Func); predicate && h.router == nil && h.handler.Resource == nil && !in.behind[view] {
			continue
		}
		r.items = append(r.items, item{served: h, pos: x.Pos()})
	}
	return true
}

// takesError reports whether a function has a parameter that is an error.
func takesError(t types.Type) bool {
	sig, ok := t.Underlying().(*types.Signature)
	return ok && slices.ContainsFunc(slices.Collect(sig.Params().Variables()), func(v *types.Var) bool {
		return types.Identical(v.Type(), types.Universe.Lookup("error").Type())
	})
}

// asksItself reports whether a handler asks a guard in its body, or does nothing but what does.
func (in *interp) asksItself(f function) bool {
	if s := in.summary(f.fn); s != nil {
		return len(s.Asks) > 0
	}
	read := in.readFunction(f, nil)
	return read != nil && len(read.items) > 0 && read.guarded()
}

// passesOn reports whether a call passes the request to a handler that a value holds: the
// method ServeHTTP is called, or a function that is no name of a declared one and returns
// nothing, or what handlers of echo return.
func (in *interp) passesOn(x *ast.CallExpr, fn *types.Func) bool {
	if fn != nil {
		return isServeHTTP(fn)
	}
	t := in.pkg.Info.TypeOf(x.Fun)
	return DeclaredAs(t, echoPath, "HandlerFunc") || in.pkg.Info.TypeOf(x) == nil || in.pkg.Info.Types[x].IsVoid()
}

// receiver returns the type on which a method is called, or nil.
func (in *interp) receiver(x *ast.CallExpr) *types.TypeName {
	sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr)
	if !ok || in.pkg.Info.Selections[sel] == nil {
		return nil
	}
	return NamedOf(in.pkg.Info.Selections[sel].Recv())
}

// calleeValue returns what is called, if that can be a handler.
func (in *interp) calleeValue(x *ast.CallExpr, fn *types.Func) value {
	t := in.pkg.Info.TypeOf(x.Fun)
	if sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr); ok && sel.Sel.Name == "ServeHTTP" {
		v := in.eval(sel.X)
		switch v.(type) {
		case serving, *router, *closure, function, choice, guardian:
			return v
		}
		return in.eval(x.Fun)
	}
	if t == nil { // the package does not compile
		return nil
	}
	sig, ok := types.Unalias(t).Underlying().(*types.Signature)
	if !ok || !TakesRequest(sig) {
		return nil
	}
	if fn != nil {
		if _, known := in.bodies[fn]; !known && in.summary(fn) == nil {
			return nil
		}
	}
	return in.eval(x.Fun)
}

func (in *interp) handlersIn(v value, x *ast.CallExpr) serving {
	switch v := v.(type) {
	case serving, *router, *closure, guardian, wrapping:
		return in.serve(v, x)
	case function:
		return in.serveFunction(v)
	case choice:
		var all serving
		for _, v := range v {
			all = append(all, in.handlersIn(v, x)...)
		}
		return all
	case opaque:
		if v.reason != "" && (IsHandler(v.typ)) {
			return in.serve(v, x)
		}
	}
	return nil
}

// readHelper reads a function that the handler calls with the request.
func (in *interp) readHelper(r *reading, x *ast.CallExpr, f function, stack []ast.Node, block *ast.BlockStmt, within map[ast.Node]bool) {
	if in.isPublic(f.fn) {
		return
	}
	// It may be all that the body does, and return nothing that says whether the request is allowed.
	answers := f.fn.Signature().Results().Len() == 0
	asks := func(guards []Guard) {
		if answers && len(guards) > 0 && len(block.List) == 1 && len(stack) == 3 {
			r.items = append(r.items, item{served: served{guards: guards, handler: Handler{Node: x, Object: f.fn}}, pos: x.Pos()})
			return
		}
		for _, g := range guards {
			in.decided(r, g, stack, block, false)
		}
	}
	if s := in.summary(f.fn); s != nil {
		asks(in.allAsked(s.Asks, x))
		return
	}
	args := in.arguments(x)
	read := in.readFunction(f, args)
	if read == nil {
		return
	}
	for i, arg := range args { // a view that the helper calls is no mere mention
		view, ok := arg.(function)
		if ok && i < len(x.Args) && slices.ContainsFunc(read.items, func(i item) bool { return i.handler.Object == view.fn }) {
			within[ast.Unparen(x.Args[i])] = true
		}
	}
	r.unclear = r.unclear || read.unclear
	if !answers && read.skips(false) {
		r.unclear = true
		return
	}
	for _, i := range read.items {
		if i.self {
			asks(i.guards)
			continue
		}
		view, _ := i.handler.Object.(*types.Func)
		if len(i.guards) > 0 || i.router != nil || i.next || i.handler.Resource != nil || in.behind[view] {
			i.pos = x.Pos()
			r.items = append(r.items, i)
		}
	}
}

// readMethod records that a method of a resource is called.
func (in *interp) readMethod(r *reading, x *ast.CallExpr, fn *types.Func) {
	f, ok := in.eval(x.Fun).(function)
	if !ok || f.of == nil || in.isPublic(fn) {
		return
	}
	if returnsHandler(fn) {
		return // its ServeHTTP is called, or nothing is
	}
	if read := in.readFunction(f, nil); read != nil && len(read.items) > 0 && read.guarded() {
		for _, i := range read.items {
			i.pos = x.Pos()
			r.items = append(r.items, i)
		}
		return
	}
	r.items = append(r.items, item{served: served{handler: in.view(x.Fun, fn, f.of)}, pos: x.Pos()})
}

// held returns the method values of resources that a block assigns to its own variables. They
// count where the variables are used.
func (in *interp) held(block *ast.BlockStmt, within map[ast.Node]bool) map[types.Object][]item {
	held := map[types.Object][]item{}
	hold := func(to *ast.Ident, x ast.Expr) {
		sel, ok := ast.Unparen(x).(*ast.SelectorExpr)
		if v := in.pkg.Info.ObjectOf(to); ok && v != nil && block.Pos() <= v.Pos() && v.Pos() < block.End() {
			var r reading
			in.readMention(&r, sel)
			held[v] = append(held[v], r.items...)
			within[sel], within[to] = true, true
		}
	}
	for n := range ast.Preorder(block) {
		switch n := n.(type) {
		case *ast.AssignStmt:
			for i, to := range n.Lhs {
				if id, ok := to.(*ast.Ident); ok && len(n.Lhs) == len(n.Rhs) {
					hold(id, n.Rhs[i])
				}
			}
		case *ast.ValueSpec:
			for i, x := range n.Values {
				if len(n.Values) == len(n.Names) {
					hold(n.Names[i], x)
				}
			}
		}
	}
	return held
}

// onlyServed returns the function literals of a block that run only as a handler on which the
// block calls ServeHTTP, or which it calls by the name of a variable: they are read there.
func (in *interp) onlyServed(block *ast.BlockStmt) map[*ast.FuncLit]bool {
	only := map[*ast.FuncLit]bool{}
	variables := map[types.Object]*ast.FuncLit{}
	reading := map[*ast.Ident]bool{}
	handler := func(x ast.Expr) *ast.FuncLit {
		if call, ok := ast.Unparen(x).(*ast.CallExpr); ok && len(call.Args) == 1 && in.pkg.Info.Types[call.Fun].IsType() {
			x = call.Args[0]
		}
		lit, ok := ast.Unparen(x).(*ast.FuncLit)
		if sig, isSig := in.pkg.Info.TypeOf(x).(*types.Signature); !ok || !isSig || !TakesRequest(sig) {
			return nil
		}
		return lit
	}
	for n := range ast.Preorder(block) {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if to, ok := n.Lhs[0].(*ast.Ident); ok && n.Tok == token.DEFINE && len(n.Lhs) == 1 {
				variables[in.pkg.Info.Defs[to]] = handler(n.Rhs[0])
			}
		case *ast.CallExpr:
			if id, ok := ast.Unparen(n.Fun).(*ast.Ident); ok {
				reading[id] = true
			}
			if sel, ok := ast.Unparen(n.Fun).(*ast.SelectorExpr); ok && sel.Sel.Name == "ServeHTTP" {
				in.servedBy(sel.X, handler, reading, only)
			}
		}
	}
	for n := range ast.Preorder(block) {
		if id, ok := n.(*ast.Ident); ok && !reading[id] {
			delete(variables, in.pkg.Info.Uses[id])
		}
	}
	for _, lit := range variables {
		only[lit] = true
	}
	return only
}

// servedBy adds the variables and the literals from which a handler is made that serves.
func (in *interp) servedBy(x ast.Expr, handler func(ast.Expr) *ast.FuncLit, variables map[*ast.Ident]bool, literals map[*ast.FuncLit]bool) {
	switch in.eval(x).(type) {
	case serving, *closure:
	default:
		return
	}
	ast.Inspect(x, func(n ast.Node) bool {
		switch n := n.(type) {
		case *ast.Ident:
			variables[n] = true
		case *ast.CallExpr:
			for _, arg := range append([]ast.Expr{n}, n.Args...) {
				if lit := handler(arg); lit != nil {
					literals[lit] = true
				}
			}
		case *ast.FuncLit:
			return false
		}
		return true
	})
}

// readMention records a method value of a resource that the body has.
func (in *interp) readMention(r *reading, x *ast.SelectorExpr) {
	selection := in.pkg.Info.Selections[x]
	if selection == nil || selection.Kind() == types.FieldVal || slices.Contains(guardMethods, x.Sel.Name) {
		return
	}
	f, ok := in.eval(x).(function)
	if !ok || f.of == nil || in.isPublic(f.fn) || returnsHandler(f.fn) {
		return
	}
	if read := in.readFunction(f, nil); read != nil && len(read.items) > 0 && read.guarded() {
		return
	}
	r.items = append(r.items, item{served: served{handler: in.view(x, f.fn, f.of)}, pos: x.Pos()})
}

// readView records the view that a guard is given.
func (in *interp) readView(r *reading, x *ast.CallExpr, g Guard, view ast.Expr) {
	var inner serving
	v := in.eval(view)
	if c, ok := v.(*closure); ok {
		read := in.read(c.pkg, c.in, c.lit, c.lit.Type, nil, c.lit.Body, c.env, nil, nil)
		if read != nil {
			for _, i := range read.items {
				i.pos = x.Pos()
				i.guards = append([]Guard{g}, i.guards...)
				if i.self {
					i.self = false
					i.handler = Handler{Node: c.lit}
				}
				r.items = append(r.items, i)
			}
			if len(read.items) > 0 {
				return
			}
		}
		inner = serving{{handler: Handler{Node: c.lit}}}
	} else {
		inner = in.serve(v, view)
	}
	for _, h := range inner.behind(g) {
		r.items = append(r.items, item{served: h, pos: x.Pos()})
	}
}

// guardCall returns the guard that a call asks, and the view that it is given, nil if it
// is asked for its decision alone.
func (in *interp) guardCall(x *ast.CallExpr, fn *types.Func) (g Guard, view ast.Expr, ok bool) {
	if fn == nil {
		return g, nil, false
	}
	name := fn.Name()
	var res, method ast.Expr
	switch {
	case InRuntime(fn, "Decide", "DecideList") && len(x.Args) >= 3:
		res, method = x.Args[1], x.Args[2]
	case InRuntime(fn, "CallMethodView", "CallListMethodView", "CallObjectMethodView", "CallOperationView") && fn.Signature().Recv() == nil && len(x.Args) == 5:
		res, method, view = x.Args[0], x.Args[3], x.Args[4]
	case name == "CallMethodView" && len(x.Args) == 4:
		sel, isSel := ast.Unparen(x.Fun).(*ast.SelectorExpr)
		t := ReceiverOf(fn)
		if !isSel || t == nil || !InRuntime(t) && !in.isResource(t) && !in.isResource(in.receiver(x)) {
			return g, nil, false
		}
		res, method, view = sel.X, x.Args[2], x.Args[3]
	default:
		return g, nil, false
	}
	g = in.guardOf(res, name == "DecideList" || name == "CallListMethodView", x.Pos())
	g.Alone = view == nil
	switch m := in.eval(method).(type) {
	case text:
		g.Method = string(m)
	case opaque:
		if m.reason != requestMethod && m.param == 0 {
			g.Method = UnknownOperation
		}
	default:
		g.Method = UnknownOperation
	}
	return g, view, true
}

// decided records what runs only if a guard allows it, after its decision.
func (in *interp) decided(r *reading, g Guard, stack []ast.Node, block *ast.BlockStmt, hasView bool) {
	a, how := in.obeyed(stack)
	switch how {
	case obeyed:
		a.guard = g
		r.asks = append(r.asks, a)
	case unclear:
		if !hasView {
			r.unclear = true
		}
	}
}

type obedience int

const (
	ignored obedience = iota
	obeyed
	unclear
)

// obeyed returns what runs only if the call at the end of the stack returns no error:
// what follows an if statement that ends otherwise, or the body of one.
func (in *interp) obeyed(stack []ast.Node) (ask, obedience) {
	call := stack[len(stack)-1].(*ast.CallExpr)
	for _, n := range slices.Backward(stack[:len(stack)-1]) {
		outer, ok := n.(*ast.CallExpr)
		if !ok {
			break
		}
		if in.forgives(outer) {
			return ask{}, unclear
		}
	}
	for i := len(stack) - 2; i >= 0; i-- {
		switch s := stack[i].(type) {
		case *ast.ExprStmt:
			return ask{}, ignored
		case *ast.ReturnStmt: // what else it evaluates runs whatever the guard decides
			return ask{from: s.End(), to: s.End(), chain: s.End()}, obeyed
		case *ast.AssignStmt:
			v := in.assigned(s)
			if v == nil {
				return ask{}, ignored
			}
			parent := stack[i-1]
			result := answer{call: call, v: v, assigned: s.Rhs[0]}
			if cond, init := asIf(parent); cond != nil && init == s {
				return in.branches(cond, result, stack[:i-1])
			}
			if cond := in.nextIf(parent, s, v); cond != nil {
				return in.branches(cond, result, stack[:i])
			}
			return ask{}, unclear
		case *ast.IfStmt: // the call is in its condition
			return in.branches(s, answer{call: call}, stack[:i])
		case *ast.BlockStmt, *ast.CaseClause, *ast.FuncLit:
			return ask{}, unclear
		}
	}
	return ask{}, unclear
}

// forgives reports whether a function of the program may return nil although it is given an
// error: not only in an if statement that says that it is nil.
func (in *interp) forgives(x *ast.CallExpr) bool {
	b, known := in.bodies[Callee(in.pkg.Info, x)]
	if !known {
		return false
	}
	forgives := false
	ast.Inspect(b.decl.Body, func(n ast.Node) bool {
		switch s := n.(type) {
		case *ast.IfStmt:
			if cond, ok := s.Cond.(*ast.BinaryExpr); ok && cond.Op == token.EQL && b.pkg.Info.Types[cond.Y].IsNil() {
				return false
			}
		case *ast.ReturnStmt:
			forgives = forgives || len(s.Results) > 0 && b.pkg.Info.Types[s.Results[len(s.Results)-1]].IsNil()
		}
		return true
	})
	return forgives
}

// assigned returns the variable that a statement assigns the last result to, or nil.
func (in *interp) assigned(s *ast.AssignStmt) types.Object {
	id := Ident(s.Lhs[len(s.Lhs)-1])
	if id == nil || id.Name == "_" {
		return nil
	}
	return in.pkg.Info.ObjectOf(id)
}

// nextIf returns the if statement after a statement that is the first to ask about a variable, or
// what a switch there stands for. It returns nil if the variable may be another one by then.
func (in *interp) nextIf(parent ast.Node, s *ast.AssignStmt, v types.Object) *ast.IfStmt {
	var stmts []ast.Stmt
	switch p := parent.(type) {
	case *ast.BlockStmt:
		stmts = p.List
	case *ast.CaseClause:
		stmts = p.Body
	}
	names := func(x ast.Node) bool {
		for n := range ast.Preorder(x) {
			if id, ok := n.(*ast.Ident); ok && in.pkg.Info.ObjectOf(id) == v {
				return true
			}
		}
		return false
	}
	for i, next := range stmts[slices.Index(stmts, ast.Stmt(s))+1:] {
		if i > 0 && s.Tok == token.ASSIGN { // a function that is called may set the variable
			return nil
		}
		if cond, init := asIf(next); cond != nil && (init == nil || cond == next) && names(cond.Cond) {
			return cond
		}
		for n := range ast.Preorder(next) {
			switch n := n.(type) {
			case *ast.AssignStmt:
				if slices.ContainsFunc(n.Lhs, func(x ast.Expr) bool { return names(x) }) {
					return nil
				}
			case *ast.UnaryExpr:
				if n.Op == token.AND && names(n.X) {
					return nil
				}
			}
		}
	}
	return nil
}

// An answer is the decision of a guard as the code has it: what a call returns, and the variable
// that the last result of an expression with the call is assigned to, if there is one.
type answer struct {
	call     *ast.CallExpr
	v        types.Object
	assigned ast.Expr
}

// denies reports whether a condition says that the guard denies the request, or that it allows
// it. The second result is false if it says neither.
func (in *interp) denies(x ast.Expr, a answer) (denied, known bool) {
	x = ast.Unparen(x)
	if x == a.call { // a bool, as of a helper
		return false, true
	}
	switch x := x.(type) {
	case *ast.BinaryExpr:
		of := x.X
		if in.pkg.Info.Types[of].IsNil() {
			of = x.Y
		} else if !in.pkg.Info.Types[x.Y].IsNil() {
			return false, false
		}
		within := of.Pos() <= a.call.Pos() && a.call.End() <= of.End() // as an error that is wrapped
		return x.Op == token.NEQ, within || in.isAnswer(of, a)
	case *ast.UnaryExpr:
		denied, known = in.denies(x.X, a)
		return !denied, known && x.Op == token.NOT
	}
	if in.isAnswer(x, a) {
		return in.denies(a.assigned, answer{call: a.call})
	}
	return false, false
}

// isAnswer reports whether x is the variable of an answer.
func (in *interp) isAnswer(x ast.Expr, a answer) bool {
	id := Ident(x)
	return id != nil && a.v != nil && in.pkg.Info.ObjectOf(id) == a.v
}

// branches returns what an if statement lets run only if the guard allows it. Around
// holds the nodes around the statement.
func (in *interp) branches(s *ast.IfStmt, a answer, around []ast.Node) (ask, obedience) {
	denied, known := in.denies(s.Cond, a)
	if !known {
		return ask{}, unclear
	}
	end := s.End() + 1
	switch p := around[len(around)-1].(type) {
	case *ast.BlockStmt:
		end = p.Rbrace + 1
	case *ast.CaseClause:
		end = p.End() + 1
	}
	e, hasElse := s.Else.(*ast.BlockStmt)
	switch {
	case denied && in.ends(s.Body):
		return ask{from: s.Body.End(), to: end, chain: end, v: a.v}, obeyed
	case denied && in.aborts(s.Body.List):
		return ask{from: s.Body.End(), to: s.End(), chain: end, v: a.v}, obeyed
	case denied && s.Else != nil:
		return ask{from: s.Else.Pos(), to: s.Else.End(), chain: s.Else.End(), v: a.v}, obeyed
	case denied:
		return ask{}, ignored
	case hasElse && in.ends(e):
		return ask{from: s.Body.Pos(), to: end, chain: end, v: a.v}, obeyed
	case hasElse && in.aborts(e.List):
		return ask{from: s.Body.Pos(), to: s.Body.End(), chain: end, v: a.v}, obeyed
	}
	return ask{from: s.Body.Pos(), to: s.Body.End(), chain: s.Body.End(), v: a.v}, obeyed
}

// ends reports whether a block does not get to its end.
func (in *interp) ends(b *ast.BlockStmt) bool {
	for _, s := range b.List {
		switch s := s.(type) {
		case *ast.ReturnStmt:
			return true
		case *ast.BranchStmt:
			return s.Tok == token.CONTINUE
		case *ast.ExprStmt:
			if call, ok := s.X.(*ast.CallExpr); ok {
				if id, ok := call.Fun.(*ast.Ident); ok && id.Name == "panic" {
					return true
				}
			}
		}
	}
	return false
}

// aborts reports whether statements abort the chain of handlers, by themselves or in a function
// of the program. What follows in the body runs all the same.
func (in *interp) aborts(list []ast.Stmt) bool {
	return abort(list, in.pkg) || slices.ContainsFunc(list, func(s ast.Stmt) bool {
		call := callOf(s)
		if call == nil {
			return false
		}
		b, known := in.bodies[Callee(in.pkg.Info, call)]
		return known && abort(b.decl.Body.List, b.pkg)
	})
}

func abort(list []ast.Stmt, pkg *Package) bool {
	return slices.ContainsFunc(list, func(s ast.Stmt) bool {
		call := callOf(s)
		return call != nil && isAbort(call, pkg)
	})
}

// callOf returns the call that a statement is, or nil.
func callOf(s ast.Stmt) *ast.CallExpr {
	if x, ok := s.(*ast.ExprStmt); ok {
		call, _ := x.X.(*ast.CallExpr)
		return call
	}
	return nil
}

// isAbort reports whether a call is that of a method which aborts the chain of handlers.
func isAbort(x *ast.CallExpr, pkg *Package) bool {
	sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr)
	return ok && strings.HasPrefix(sel.Sel.Name, "Abort") && isContext(pkg.Info.TypeOf(sel.X))
}

// inFront returns the rest of a chain of handlers, behind a handler that stands before
// it, as in gin. What that serves by itself is added.
func (in *interp) inFront(m value, rest serving) serving {
	var read *reading
	switch m := m.(type) {
	case *closure:
		if answersBefore(m.lit.End(), m.lit.Body, m.pkg.Info) {
			rest = append(slices.Clip(rest), served{handler: Handler{Node: m.lit}})
		}
		read = in.read(m.pkg, m.in, m.lit, m.lit.Type, nil, m.lit.Body, m.env, nil, nil)
	case function:
		if b, known := in.bodies[m.fn]; known && m.of == nil && !in.isPublic(m.fn) && answersBefore(b.decl.End(), b.decl.Body, b.pkg.Info) {
			rest = append(slices.Clip(rest), served{handler: Handler{Node: m.node, Object: m.fn}})
		}
		if m.of != nil && !in.isPublic(m.fn) {
			return append(rest, in.serveFunction(m)...)
		}
		if s := in.summary(m.fn); s != nil {
			return behindAll(rest, in.allAsked(s.Before, nil))
		}
		read = in.readFunction(m, nil)
	}
	if read == nil {
		return rest
	}
	var list serving
	passed := false
	for _, i := range read.items {
		if !i.next {
			if !i.self {
				list = append(list, i.served)
			}
			continue
		}
		if len(read.whole) == 0 && read.aborts {
			passed = true
			after := rest
			for _, g := range slices.Backward(i.guards) {
				after = after.behind(g)
			}
			list = append(list, after...)
		}
	}
	if !passed {
		if read.skips(true) {
			list = append(list, rest...)
		}
		for _, g := range slices.Backward(read.whole) {
			rest = rest.behind(g)
		}
		if read.unclear && len(read.whole) == 0 {
			rest = slices.Clone(rest)
			for i := range rest {
				if rest[i].handler.Unknown == "" && len(rest[i].guards) == 0 {
					rest[i].handler.Unknown = "it is not clear whether the decision of a guard is obeyed"
				}
			}
		}
		list = append(list, rest...)
	}
	return list
}
