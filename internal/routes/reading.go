package routes

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// A reading is what is read in the body of a handler.
type reading struct {
	items   []item
	whole   []Guard // asked before whatever the body does after them, up to its end
	asks    []ask
	aborts  bool        // the handlers that follow in the chain run only where it says so
	unclear bool        // a guard is asked, and it is not understood what that means
	passes  []pass      // where the body returns and lets requests through
	falses  []token.Pos // where it returns false
	early   early       // what the body does although no guard has let the request through
	answers bool        // where a guard has let it through, the body hands on what writes the answer
}

// An item is a handler that the body passes requests to.
type item struct {
	served
	pos  token.Pos
	next bool // it is the rest of the chain
	self bool // it is the body itself

	called bool // it is a handler of other routes, that is behind guards there
}

// An ask is a call that asks for a guard's decision, and what runs only if that allows it: what
// the body does up to one position, and the rest of the chain of handlers up to another one.
type ask struct {
	guard           Guard
	call            token.Pos
	from, to, chain token.Pos
	v               types.Object // the variable that has the decision; nil if there is none
	denies          bool         // v, or what is returned, is true if the guard denies the request
	held            bool         // it stands in a function literal that a variable holds
}

// A pass is a return that says that a request is allowed, or may be if it returns a variable.
type pass struct {
	pos token.Pos
	v   types.Object
}

// aborts reports whether the guard keeps nothing from running but the rest of the chain.
func (a ask) aborts() bool { return a.from == a.to && a.chain > a.to }

// between reports whether a position is in what begins at one and ends before another.
func between(from, pos, to token.Pos) bool { return from <= pos && pos < to }

func (r *reading) guarded() bool {
	return !slices.ContainsFunc(r.items, func(i item) bool { return len(i.guards) == 0 && i.by == "" && i.router == nil })
}

// calls reports whether a handler does nothing with guards and routers but to call handlers of other
// routes. It is a handler by itself then, and no middleware.
func (r *reading) calls() bool {
	return len(r.asks) == 0 && !r.unclear && !slices.ContainsFunc(r.items, func(i item) bool { return !i.called })
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
			return between(a.from, p.pos, to) || p.v != nil && p.v == a.v
		})
	})
}

// inverted reports whether the body of a helper returns true if the guard denies the request, and
// false if it allows it.
func (r *reading) inverted() bool {
	allowed := func(pos token.Pos) bool {
		return slices.ContainsFunc(r.asks, func(a ask) bool { return a.from <= pos && pos < a.to })
	}
	for _, p := range r.passes {
		if p.v == nil && allowed(p.pos) || p.v != nil && !slices.ContainsFunc(r.asks, func(a ask) bool { return a.v == p.v && a.denies }) {
			return false
		}
	}
	return len(r.asks) > 0 && !slices.ContainsFunc(r.falses, func(pos token.Pos) bool { return !allowed(pos) }) &&
		!slices.ContainsFunc(r.asks, func(a ask) bool { return a.from == a.to && !a.denies }) &&
		(len(r.falses) > 0 || slices.ContainsFunc(r.asks, func(a ask) bool { return a.denies }))
}

// lies reports whether a helper says what it does not mean: that a request is allowed where a guard
// denies it.
func (r *reading) lies() bool {
	return !r.inverted() && slices.ContainsFunc(r.asks, func(a ask) bool {
		return a.denies && (a.from == a.to || slices.ContainsFunc(r.passes, func(p pass) bool { return p.v == a.v && p.v != nil }))
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
			switch {
			case r.early.pos.IsValid() && len(i.guards) > 0:
				i.guards, i.handler = nil, r.early.in(h)
			case r.unclear && len(i.guards) == 0:
				i.handler.Unknown = notKnown(notClear)
			}
		}
		list = append(list, i.served)
	}
	return append(list, r.unasked(h)...)
}

// unasked returns the handler h as it answers without a guard, and nothing if it does not, or if
// the body is nothing but that handler.
func (r *reading) unasked(h Handler) serving {
	if !r.early.pos.IsValid() || slices.ContainsFunc(r.items, func(i item) bool { return i.self }) {
		return nil
	}
	return serving{{handler: r.early.in(h)}}
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
	if in.frame.level > maxLevel {
		return nil
	}
	if in.running(node) > 2 { // a wrapper may be around itself
		return nil
	}
	f := &frame{pkg: pkg, env: newEnv(outer), fn: fn, caller: in.frame, node: node, level: in.level + 1}
	f.depth = max(in.depth+1, maxDepth) // it runs later, or never
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
			} else if in.returnsFalse(n, stack) {
				r.falses = append(r.falses, n.Pos())
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
			if between(a.from, r.items[i].pos, to) {
				r.items[i].guards = append([]Guard{a.guard}, r.items[i].guards...)
			}
		}
	}
	for _, a := range r.asks {
		if a.chain == block.End() {
			r.whole = append(r.whole, a.guard)
		}
	}
	// Beside a guard the body may call what takes no request, to prepare or to log.
	asked := len(r.asks) > 0 || slices.ContainsFunc(r.items, func(i item) bool { return len(i.guards) > 0 })
	r.items = slices.DeleteFunc(r.items, func(i item) bool {
		m, ok := i.handler.Object.(*types.Func)
		return asked && len(i.guards) == 0 && ok && i.handler.Resource != nil && !TakesRequest(m.Signature())
	})
	if asked || slices.ContainsFunc(r.items, func(i item) bool { return i.router != nil }) { // whose routes may have guards
		in.readEarly(r, block)
	}
	if !slices.ContainsFunc(r.items, func(i item) bool { return !i.next }) {
		if !asked && !r.unclear {
			return nil
		}
		self := item{pos: block.Rbrace, self: true}
		asks := slices.DeleteFunc(slices.Clone(r.asks), ask.aborts)
		whole := slices.DeleteFunc(slices.Clone(asks), func(a ask) bool { return a.to != block.End() })
		if len(whole) > 0 {
			asks = whole
		}
		for _, a := range asks {
			if a.held || typ.Results == nil && !before(a, block) {
				r.unclear = true
				continue
			}
			self.guards = append(self.guards, a.guard)
		}
		r.items = append(r.items, self)
	}
	return r
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
				in.readMethod(r, x, fn, stack, block, within)
			}
			return true
		}
	}
	v := in.calleeValue(x, fn)
	if len(x.Args) == 1 && isContext(in.pkg.Info.TypeOf(x.Args[0])) && slices.ContainsFunc(alternatives(v), isBareGuard) {
		// What it aborts is the rest of the chain, and not this body.
		if g, ok := v.(guardian); ok && len(stack) == 3 {
			r.asks = append(r.asks, ask{guard: Guard(g), call: x.Pos(), from: x.End(), to: x.End(), chain: block.End()})
		} else {
			r.unclear = true
		}
		return true
	}
	switch f := v.(type) {
	case function:
		if f.of == nil && mayAsk(f.fn.Signature()) && !isServeHTTP(f.fn) && !in.passesOn(x, fn) {
			if in.behind[f.fn] && !in.asksItself(f) {
				r.items = append(r.items, item{served: served{handler: Handler{Node: x.Fun, Object: f.fn}}, pos: x.Pos(), called: true})
				return true
			}
			sig := f.fn.Signature()
			alone := len(block.List) == 1 && len(stack) == 3 && sig.Results().Len() == 0
			if !alone && in.answersItself(sig, stack) && in.asksItself(f) && in.answersBehind(f) {
				for _, h := range in.serveFunction(f) {
					r.items = append(r.items, item{served: h, pos: x.Pos()})
				}
				return true
			}
			in.readHelper(r, x, f, stack, block, within)
			return true
		}
	case *closure:
		sig, _ := in.pkg.Info.TypeOf(f.lit).(*types.Signature)
		args := in.arguments(x)
		read := in.read(f.pkg, f.in, f.lit, f.lit.Type, nil, f.lit.Body, f.env, nil, args)
		if sig == nil || in.answersItself(sig, stack) && (read == nil || read.answers) {
			break
		}
		if read != nil && !slices.ContainsFunc(read.items, func(i item) bool { return !i.self }) {
			in.readAsked(r, x, Handler{Node: x}, read, args, stack, block, within)
			return true
		}
		if !TakesRequest(sig) {
			return true
		}
	case choice:
		if fn != nil && isInterfaceMethod(fn) && !isServeHTTP(fn) && in.readHelpers(r, x, f, stack, block, within) {
			return true
		}
	case nil:
		return true
	}
	if takesError(in.pkg.Info.TypeOf(x.Fun)) { // it writes the error
		return true
	}
	_, predicate := in.pkg.Info.TypeOf(x).(*types.Basic) // such as a Skipper of echo
	var handlers serving
	for _, v := range alternatives(v) {
		c, ok := v.(*closure)
		if !ok || !predicate {
			handlers = append(handlers, in.handlersIn(v, x)...)
		} else if read := in.read(c.pkg, c.in, c.lit, c.lit.Type, nil, c.lit.Body, c.env, nil, nil); read != nil {
			for _, h := range read.serving(Handler{Node: c.lit}) {
				h.within = c.lit
				handlers = append(handlers, h)
			}
		}
	}
	for _, h := range handlers {
		if view, _ := h.handler.Object.(*types.Func); predicate && h.router == nil && h.handler.Resource == nil && !in.behind[view] {
			continue
		}
		r.items = append(r.items, item{served: h, pos: x.Pos()})
	}
	return true
}

// answersItself reports whether a function answers the request by itself where the node at the end of
// a stack calls it: it has the parameters of a handler, and the call does not obey what it returns.
func (in *interp) answersItself(sig *types.Signature, stack []ast.Node) bool {
	params, results := sig.Params(), sig.Results()
	serves := params.Len() == 1 && isContext(params.At(0).Type()) || params.Len() == 2 && isWriter(params.At(0).Type()) && DeclaredAs(params.At(1).Type(), "net/http", "Request")
	if !serves || results.Len() > 1 || results.Len() == 1 && !isErrorType(results.At(0).Type()) {
		return false
	}
	_, how := in.obeyed(stack)
	return results.Len() == 0 || how != obeyed
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
	return read != nil && read.guarded()
}

// answersBehind reports whether a handler that asks a guard answers the request where that has let it
// through.
func (in *interp) answersBehind(f function) bool {
	if s := in.summary(f.fn); s != nil {
		return s.Answers
	}
	read := in.readFunction(f, nil)
	return read != nil && read.answersBehind()
}

func (r *reading) answersBehind() bool {
	return r.answers || slices.ContainsFunc(r.items, func(i item) bool { return !i.self })
}

// passesOn reports whether a call passes the request to a handler that a value holds: the
// method ServeHTTP is called, or a function that is no name of a declared one and returns
// nothing, or what handlers of echo return.
func (in *interp) passesOn(x *ast.CallExpr, fn *types.Func) bool {
	if fn != nil {
		return isServeHTTP(fn)
	}
	t := in.pkg.Info.TypeOf(x.Fun)
	return DeclaredAs(t, echoPath, "HandlerFunc") || in.pkg.Info.Types[x].IsVoid()
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
	if !ok || !mayAsk(sig) {
		return nil
	}
	if fn == nil && !TakesRequest(sig) {
		if c, ok := in.eval(x.Fun).(*closure); ok {
			return c
		}
		return nil
	}
	if fn != nil && !(isInterfaceMethod(fn) && in.implementationAsks(fn)) {
		if _, known := in.bodies[fn]; !known && in.summary(fn) == nil {
			return nil
		}
	}
	return in.eval(x.Fun)
}

func (in *interp) handlersIn(v value, x *ast.CallExpr) serving {
	switch v := v.(type) {
	case serving, *router, *closure, guardian, wrapping, opaque:
		return in.serve(v, x)
	case function:
		return in.serveFunction(v)
	}
	return nil
}

// readHelpers reads the methods that stand behind one of an interface, and reports whether one of them
// asks a guard.
func (in *interp) readHelpers(r *reading, x *ast.CallExpr, methods choice, stack []ast.Node, block *ast.BlockStmt, within map[ast.Node]bool) (asks bool) {
	all := make([]reading, len(methods))
	for i, v := range methods {
		if f, ok := v.(function); ok {
			in.readHelper(&all[i], x, f, stack, block, within)
		}
		asks = asks || len(all[i].asks) > 0
	}
	same := !slices.ContainsFunc(all, func(other reading) bool { return !slices.Equal(other.asks, all[0].asks) || other.unclear })
	if asks && same {
		r.asks = append(r.asks, all[0].asks...)
	}
	r.unclear = r.unclear || asks && !same
	return asks
}

// readHelper reads a function that the handler calls with the request, or its context.
func (in *interp) readHelper(r *reading, x *ast.CallExpr, f function, stack []ast.Node, block *ast.BlockStmt, within map[ast.Node]bool) {
	if in.isPublic(f.fn) {
		return
	}
	h := Handler{Node: x, Object: f.fn}
	if s := in.summary(f.fn); s != nil {
		r.answers = r.answers || s.Answers
		in.asks(r, in.allAsked(s.Asks, x), h, stack, block)
		return
	}
	args := in.arguments(x)
	read := in.readFunction(f, args)
	if read != nil && (TakesRequest(f.fn.Signature()) || len(read.asks) > 0 || read.unclear) {
		in.readAsked(r, x, h, read, args, stack, block, within)
	}
}

// asks records guards that a helper asks. It may be all that the body does, and return nothing that
// says whether the request is allowed.
func (in *interp) asks(r *reading, guards []Guard, h Handler, stack []ast.Node, block *ast.BlockStmt) {
	if in.pkg.Info.Types[h.Node.(ast.Expr)].IsVoid() && len(guards) > 0 && len(block.List) == 1 && len(stack) == 3 {
		r.items = append(r.items, item{served: served{guards: guards, handler: h}, pos: h.Node.Pos()})
		return
	}
	for _, g := range guards {
		in.decided(r, g, stack, block, false)
	}
}

// readAsked records what a helper does that was read: h, which a call names with arguments.
func (in *interp) readAsked(r *reading, x *ast.CallExpr, h Handler, read *reading, args []value, stack []ast.Node, block *ast.BlockStmt, within map[ast.Node]bool) {
	for i, arg := range x.Args[:min(len(x.Args), len(args))] { // a view that the helper calls is no mere mention
		view, _ := args[i].(function)
		if slices.ContainsFunc(read.items, func(i item) bool { return i.handler.Object == view.fn }) {
			within[ast.Unparen(arg)] = true
		}
	}
	r.unclear, r.answers = r.unclear || read.unclear, r.answers || read.answersBehind()
	if !slices.ContainsFunc(r.asks, func(a ask) bool { return between(a.from, x.Pos(), a.to) }) {
		r.early = cmp.Or(r.early, read.early)
	}
	if inverted := read.inverted(); inverted {
		in.inverted[x] = true
	} else if !in.pkg.Info.Types[x].IsVoid() && (read.skips(false) || read.lies()) {
		r.unclear = true
		return
	}
	for _, i := range read.items {
		view, _ := i.handler.Object.(*types.Func)
		if i.self {
			in.asks(r, i.guards, h, stack, block)
		} else if len(i.guards) > 0 || i.router != nil || i.next || i.handler.Resource != nil || in.behind[view] {
			i.pos = x.Pos()
			r.items = append(r.items, i)
		}
	}
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
			return
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
