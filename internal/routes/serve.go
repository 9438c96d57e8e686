package routes

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
)

// serve returns the handlers that a value may stand for, at least one. The expression,
// which may be nil, is where the value is used.
func (in *interp) serve(v value, x ast.Expr) serving {
	switch v := v.(type) {
	case serving:
		return v
	case *router:
		return serving{{router: v.inner()}}
	case choice:
		var all serving
		for _, v := range v {
			all = append(all, in.serve(v, x)...)
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
	return serving{{handler: Handler{Node: x, Unknown: notKnown("")}}}
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
		h.Unknown = notKnown("")
		if unknown != nil {
			h.param = unknown.param
			if unknown.reason != "" {
				h.Unknown = notKnown(unknown.reason)
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
	if t == nil {
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
		h.Unknown = notKnown("it is the guard itself")
	case in.isPublic(f.fn), recv != nil && in.isPublic(recv), isHarmless(f.fn):
		h.Public = true
	case isInterfaceMethod(f.fn):
		h.Unknown = notKnown("it is a method of an interface")
	default:
		if by := in.GuardedBy(f.fn); by != "" {
			return serving{{handler: h, by: by}}
		}
		if read := in.readFunction(f, nil); read != nil && !read.calls() && (read.guarded() || isServeHTTP(f.fn)) {
			if f.of != nil && len(read.asks) > 0 && !read.early.pos.IsValid() { // it asks by itself, and then serves
				return behindAll(serving{{handler: in.view(f.node, f.fn, f.of)}}, read.items[0].guards)
			}
			return read.serving(h)
		}
		if f.of != nil {
			h = in.view(f.node, f.fn, f.of)
		}
		if s := in.summary(f.fn); s != nil {
			return in.stands(s, serving{{handler: h}})
		}
	}
	return serving{{handler: h}}
}

func (in *interp) serveClosure(c *closure) serving {
	h := in.adapted(c)
	read := in.read(c.pkg, c.in, c.lit, c.lit.Type, nil, c.lit.Body, c.env, nil, nil)
	if read == nil || read.calls() {
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

// adapted returns the handler that a function literal is: the function of the program that the code
// around it holds in a variable and that it calls with the writer, or with what it makes of that, as
// adapters of functions with parameters or results of their own do. If there is none, or if there are
// several, it is the literal itself.
func (in *interp) adapted(c *closure) Handler {
	h, found := Handler{Node: c.lit}, map[*types.Func]function{}
	made := map[types.Object]bool{} // of the writer
	for _, param := range c.lit.Type.Params.List {
		for _, name := range param.Names {
			t := c.pkg.Info.TypeOf(param.Type)
			made[c.pkg.Info.Defs[name]] = isWriter(t) || isContext(t)
		}
	}
	uses := func(x ast.Expr) bool {
		for n := range ast.Preorder(x) {
			if id, ok := n.(*ast.Ident); ok && made[c.pkg.Info.Uses[id]] {
				return true
			}
		}
		return false
	}
	for n := range ast.Preorder(c.lit.Body) {
		switch n := n.(type) {
		case *ast.AssignStmt:
			if id, ok := n.Lhs[0].(*ast.Ident); ok && n.Tok == token.DEFINE && slices.ContainsFunc(n.Rhs, uses) {
				made[c.pkg.Info.Defs[id]] = true
			}
		case *ast.CallExpr:
			id, _ := ast.Unparen(n.Fun).(*ast.Ident)
			if v, ok := c.pkg.Info.Uses[id].(*types.Var); ok && slices.ContainsFunc(n.Args, uses) && !takesError(v.Type()) {
				if held := c.env.find(v); held != nil {
					if f, ok := held.value.(function); ok && in.bodies[f.fn].decl != nil {
						found[f.fn] = f
					} else {
						return h
					}
				}
			}
		}
	}
	for fn, f := range found {
		if len(found) == 1 {
			h.Object, h.Resource, h.Public = fn, f.of, in.isPublic(fn)
		}
	}
	return h
}

// isServeHTTP reports whether fn is that of an http.Handler, not of middleware that gets
// the next handler as well.
func isServeHTTP(fn *types.Func) bool {
	return fn.Name() == "ServeHTTP" && fn.Signature().Params().Len() == 2
}

// inFront returns the rest of a chain of handlers, behind a handler that stands before
// it, as in gin. What that serves by itself is added.
func (in *interp) inFront(m value, rest serving) serving {
	var read *reading
	var own serving // what it answers by itself
	switch m := m.(type) {
	case *closure:
		read = in.read(m.pkg, m.in, m.lit, m.lit.Type, nil, m.lit.Body, m.env, nil, nil)
		own = in.answering(Handler{Node: m.lit}, m.lit.Body, m.pkg, read, rest)
	case function:
		if m.of != nil && !in.isPublic(m.fn) {
			return append(rest, in.serveFunction(m)...)
		}
		if s := in.summary(m.fn); s != nil {
			return behindAll(rest, in.allAsked(s.Before, nil))
		}
		read = in.readFunction(m, nil)
		if b, known := in.bodies[m.fn]; known && !in.isPublic(m.fn) {
			own = in.answering(Handler{Node: m.node, Object: m.fn}, b.decl.Body, b.pkg, read, rest)
		}
	}
	return append(slices.Clip(in.passed(read, rest)), own...)
}

// answering returns a handler that stands before others and writes to the client, behind the
// guards that it asks before, and nothing if it writes nothing. It may do so in some cases, or when
// the others return, of which a guard has aborted the request.
func (in *interp) answering(h Handler, block *ast.BlockStmt, pkg *Package, read *reading, rest serving) serving {
	if !answersBefore(block.End(), block, pkg.Info) {
		var e early
		if read != nil {
			e = read.early
		}
		if anyGuarded(rest) && (read == nil || len(read.asks) == 0) {
			e = in.besides(block, pkg)
		}
		if !e.pos.IsValid() {
			return nil
		}
		return serving{{handler: e.in(h)}}
	}
	own := served{handler: h}
	if read != nil {
		for _, a := range read.asks {
			if a.to == block.End() && !answersBefore(a.from, block, pkg.Info) {
				own.guards = append(own.guards, a.guard)
			}
		}
	}
	return serving{own}
}

// passed returns the rest of a chain as a handler that was read passes requests on to it, and
// what that serves besides.
func (in *interp) passed(read *reading, rest serving) serving {
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
				if rest[i].handler.Unknown == "" {
					rest[i].handler.Unknown = notKnown(notClear)
				}
			}
		}
		list = append(list, rest...)
	}
	return list
}
