package routes

import (
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"
)

// use puts middleware before the routes of a router.
func (in *interp) use(r *router, middleware []value) {
	in.branch = append(in.branch, restore{r, len(r.uses)})
	for f := in.frame; f != nil; f = f.caller {
		in.used[f.node] = append(in.used[f.node], restore{r, len(r.uses)})
	}
	for region := in.region; region != nil; region = region.outer {
		r.replaced = r.replaced || region.jumps
	}
	r.uses = append(r.uses[:len(r.uses):len(r.uses)], flat(middleware)...)
}

// flat returns the values of a list of arguments, in which some are lists themselves.
func flat(args []value) []value {
	var all []value
	for _, v := range args {
		switch v := v.(type) {
		case spreadList:
			for _, e := range v.list {
				all = append(all, e.value)
			}
		case list:
			for _, e := range v {
				all = append(all, e.value)
			}
		default:
			all = append(all, v)
		}
	}
	return all
}

// newRegistered returns a registration without a handler.
func (in *interp) newRegistered(x *ast.CallExpr, r *router, methods []string, pattern value) *registered {
	g := &registered{router: r, uses: r.uses, loose: r.replaced, methods: methods, pos: x.Pos(), pattern: patternOf(pattern)}
	if r.kind == ServeMux || r.kind == Chi {
		if m, path, found := strings.Cut(g.pattern, " "); found {
			g.pattern = strings.TrimLeft(path, " \t")
			if g.methods = []string{m}; m == "GET" && r.kind == ServeMux {
				g.methods = append(g.methods, "HEAD")
			}
		}
	}
	g.unread = whyUnread(g.pattern, "its pattern")
	return g
}

// add registers the last of handlers, behind those before it.
func (in *interp) add(x *ast.CallExpr, r *router, methods []string, pattern value, handlers []value, chain bool) *registered {
	g := in.newRegistered(x, r, methods, pattern)
	g.chain = chain
	handlers = flat(handlers)
	if len(handlers) == 0 {
		return g
	}
	last := len(handlers) - 1
	for chain && last > 0 && isBareGuard(handlers[last]) { // too late: the handlers before it have answered
		last--
	}
	g.own = handlers[:last]
	g.handler = in.serve(handlers[last], handlerArgument(x, len(handlers)-1-last))
	in.register(g)
	return g
}

// isBareGuard reports whether a handler of a chain does nothing but ask a guard.
func isBareGuard(v value) bool {
	switch v.(type) {
	case guardian, wrapping:
		return true
	}
	return false
}

// handlerArgument returns the argument that a handler is, the i-th from the end; the last one if it is in
// a list of several.
func handlerArgument(x *ast.CallExpr, i int) ast.Expr {
	if x.Ellipsis.IsValid() {
		i = 0
	}
	return x.Args[max(0, len(x.Args)-1-i)]
}

// addBefore registers a handler of echo or huma, with the middleware after it.
func (in *interp) addBefore(x *ast.CallExpr, r *router, methods []string, pattern value, handler value, node ast.Expr, middleware []value) *registered {
	g := in.newRegistered(x, r, methods, pattern)
	g.own = flat(middleware)
	g.handler = in.serve(handler, node)
	in.register(g)
	return g
}

func (in *interp) register(g *registered) {
	g.in, g.pkg = in.fn, in.pkg
	g.pos = in.written(g.pos)
	for _, h := range g.handler {
		if h.router != nil {
			h.router.mount(g, h)
		}
	}
	if in.summarizing {
		in.given = append(in.given, g)
	} else {
		in.registered = append(in.registered, g)
	}
}

// written returns where a pattern is written: the call at pos, or the call of the
// function in which that stands, and so on, whichever has a constant text first.
func (in *interp) written(pos token.Pos) token.Pos {
	for f, at := in.frame, pos; f != nil; f = f.caller {
		if f.hasText(at) {
			return at
		}
		if f.site == nil {
			return pos
		}
		at = f.site.Pos()
	}
	return pos
}

// hasText reports whether a call at pos has a constant string among its arguments.
func (f *frame) hasText(pos token.Pos) bool {
	if f.node == nil { // at package level
		return false
	}
	found := false
	ast.Inspect(f.node, func(n ast.Node) bool {
		if call, ok := n.(*ast.CallExpr); ok && call.Pos() == pos {
			found = found || slices.ContainsFunc(call.Args, func(x ast.Expr) bool {
				_, ok := Constant(f.pkg.Info, x)
				return ok
			})
		}
		return n == nil || n.Pos() <= pos && pos < n.End()
	})
	return found
}

func (r *router) mount(g *registered, h served) {
	r.mounts = append(r.mounts, mount{g, g.mounted, h})
}

// methodsOf returns methods that are constants.
func methodsOf(v value) (methods []string, known bool) {
	elements, ok := elementsOf(v)
	if !ok {
		if m, ok := v.(text); ok {
			return []string{string(m)}, true
		}
		return nil, false
	}
	for _, e := range elements {
		m, ok := e.value.(text)
		if !ok {
			return nil, false
		}
		methods = append(methods, string(m))
	}
	return methods, true
}

// prefixed returns a group below a prefix.
func (in *interp) prefixed(r *router, prefix value) *router {
	p := patternOf(prefix)
	return in.group(r, r.kind, p, whyUnread(p, "the prefix of its group"))
}

// mount mounts a handler below a prefix, which is taken off the path for a router of chi.
func (in *interp) mount(x *ast.CallExpr, r *router, prefix, handler value) {
	for _, h := range in.serve(handler, x.Args[len(x.Args)-1]) {
		g := in.newRegistered(x, r, nil, prefix)
		g.handler = serving{h}
		if g.mounted = h.router != nil && h.router.kind == Chi; !g.mounted {
			g.pattern = strings.TrimSuffix(g.pattern, "/") + "/*"
		}
		in.register(g)
	}
}

// addMethods registers handlers for methods that an argument has.
func (in *interp) addMethods(x *ast.CallExpr, r *router, methods, pattern value, handlers []value, chain bool) *registered {
	list, known := methodsOf(methods)
	g := in.add(x, r, list, pattern, handlers, chain)
	if !known && g != nil {
		g.methods, g.unread = nil, unknownMethod
	}
	return g
}

// callBack calls a function with a router.
func (in *interp) callBack(x *ast.CallExpr, f value, r *router) {
	for _, f := range alternatives(f) {
		switch f := f.(type) {
		case *closure:
			in.runClosure(f, []value{r})
		case function:
			if b, known := in.bodies[f.fn]; known {
				in.run(b.pkg, f.fn, b.decl, b.decl.Type, b.decl.Recv, b.decl.Body, nil, f.recv, []value{r})
			} else {
				in.note(x.Pos(), "%s may register routes; it is not followed", f.fn.Name())
			}
		default:
			in.note(x.Pos(), "a function that is not known registers routes")
		}
	}
}

func elements(values []value) []element {
	list := make([]element, len(values))
	for i, v := range values {
		list[i].value = v
	}
	return list
}

// static registers a route that serves files, with the middleware among the rest of the arguments.
func (in *interp) static(x *ast.CallExpr, r *router, pattern value, name string, rest []value) {
	if !strings.Contains(name, "File") {
		pattern = partial(strings.TrimSuffix(patternOf(pattern), "/") + "/*")
	}
	var obj types.Object
	if fn := Callee(in.pkg.Info, x); fn != nil {
		obj = fn
	}
	in.addBefore(x, r, []string{"GET", "HEAD"}, pattern, serving{{handler: Handler{Node: x, Object: obj}}}, x, rest)
}
