package routes

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

const humaPath = "github.com/danielgtaylor/huma"

// callHuma evaluates a call of a function of huma, or of a package below it.
func (in *interp) callHuma(x *ast.CallExpr, fn *types.Func) (value, bool) {
	name, path := fn.Name(), PackageOf(fn)
	if recv := ReceiverOf(fn); recv != nil {
		if recv.Name() == "Context" && name == "Method" {
			return opaque{typ: fn.Signature().Results().At(0).Type(), reason: requestMethod, node: x}, true
		}
		return nil, false
	}
	args := in.arguments(x)
	method, isVerb := verb(name)
	switch {
	case path == humaPath && name == "NewGroup":
		return in.humaGroup(in.api(x, args[0]), flat(args[1:])), true
	case isAutoRegister(fn):
		in.autoRegister(x, args)
	case path == humaPath && name == "Register":
		in.registerHuma(x, in.api(x, args[0]), args[1], args[2], argumentOf(x, 2))
	case path == humaPath && isVerb:
		op := in.newObject(fn.Pkg().Scope().Lookup("Operation").Type())
		in.setOperation(op, "Method", text(method))
		in.setOperation(op, "Path", args[1])
		known := in.changeOperation(x, op, args[3:])
		for _, g := range in.registerHuma(x, in.api(x, args[0]), op, args[2], argumentOf(x, 2)) {
			if !known {
				g.unread = firstOf(g.unread, "its operation is changed by a function that is not followed")
			}
		}
	case strings.HasSuffix(path, "/sse") && name == "Register":
		in.registerHuma(x, in.api(x, args[0]), args[1], args[3], argumentOf(x, 3))
	case routerKind(in.pkg.Info.TypeOf(x)) == Huma:
		var prefixes []value
		if name == "NewWithPrefix" {
			prefixes = args[1:2]
		}
		for _, v := range slices.Backward(args) { // a group of a router is after it
			if r, ok := v.(*router); ok {
				return in.humaGroup(r, prefixes), true
			}
		}
	case strings.HasSuffix(path, "/autopatch"):
		in.note(x.Pos(), "%s may register routes; it is not followed", nameOfCall(fn, x))
	}
	return in.typed(x, "it is returned by "+nameOfCall(fn, x)+", which is not followed"), true
}

// humaGroup returns an API of a router, or a group of an API, which registers below each of
// the prefixes.
func (in *interp) humaGroup(of *router, prefixes []value) *router {
	g := in.group(of, Huma, "", "")
	for _, v := range prefixes {
		p := patternOf(v)
		g.prefixes, g.unread = append(g.prefixes, p), firstOf(g.unread, whyUnread(p, "the prefix of its group"))
	}
	return g
}

// api returns the API that a value is, or that a struct embeds.
func (in *interp) api(x *ast.CallExpr, v value) *router {
	t := typeOf(v)
	if s, ok := structOf(t); ok && !declares(t, "Middlewares", "Adapter") {
		for f := range s.Fields() {
			if f.Embedded() && routerKind(f.Type()) == Huma {
				v = in.field(v, f, x.Args[0])
			}
		}
	}
	if r, ok := v.(*router); ok {
		return r
	}
	r := in.newRouter(Huma, "")
	r.unread = "its API is not known"
	return r
}

// declares reports whether a type has one of the methods itself, and not that of a field.
func declares(t types.Type, methods ...string) bool {
	return slices.ContainsFunc(methods, func(name string) bool {
		fn := MethodNamed(t, name)
		return fn != nil && ReceiverOf(fn) == NamedOf(t)
	})
}

// autoRegister calls the methods of a value by which huma registers operations.
func (in *interp) autoRegister(x *ast.CallExpr, args []value) {
	methods := types.NewMethodSet(in.pkg.Info.TypeOf(argumentOf(x, 1)))
	for i := range methods.Len() {
		if fn := methods.At(i).Obj().(*types.Func); isRegisterMethod(fn) {
			in.callBack(x, function{fn: fn.Origin(), recv: args[1], node: argumentOf(x, 1), pkg: in.pkg}, in.api(x, args[0]))
		}
	}
}

func isAutoRegister(fn *types.Func) bool {
	return fn.Name() == "AutoRegister" && PackageOf(fn) == humaPath && ReceiverOf(fn) == nil
}

// isRegisterMethod reports whether huma.AutoRegister calls a method.
func isRegisterMethod(fn *types.Func) bool {
	return strings.HasPrefix(fn.Name(), "Register") && fn.Name() != "Register" && registersByParameter(fn)
}

// registerHuma registers a handler for an operation: below each prefix of the groups around it,
// behind the middleware that they have by now.
func (in *interp) registerHuma(x *ast.CallExpr, api *router, op, handler value, node ast.Expr) (all []*registered) {
	fields := map[string]value{}
	if op, ok := op.(*object); ok {
		for f, v := range op.fields {
			fields[f.Name()] = v
		}
	}
	methods, known := methodsOf(fields["Method"])
	path := fields["Path"]
	if _, ok := op.(*object); ok && path == nil {
		path = text("")
	}
	for _, r := range api.current() {
		g := in.newRegistered(x, r, methods, path)
		if !known {
			g.methods, g.unread = nil, unknownMethod
		}
		if own, ok := fields["Middlewares"].(list); ok && !api.adapter && api.modified() == "" {
			g.own = flat([]value{own})
		}
		g.unread = firstOf(g.unread, api.modified())
		g.handler = in.serve(handler, node)
		in.register(g)
		all = append(all, g)
	}
	return all
}

// current returns the routers with which an API registers now.
func (r *router) current() []*router {
	if r.kind != Huma || r.parent == nil {
		c := *r
		if r.adapter {
			c.uses = nil
		}
		return []*router{&c}
	}
	parents := []*router{r.parent}
	if r.parent.kind == Huma {
		p := *r.parent
		p.adapter = p.adapter || r.adapter
		parents = p.current()
	}
	prefixes := r.prefixes
	if len(prefixes) == 0 {
		prefixes = []string{""}
	}
	var list []*router
	for _, parent := range parents {
		for _, prefix := range prefixes {
			c := *r
			c.parent, c.prefix, c.outer = parent, prefix, parent.uses
			if r.adapter {
				c.uses = nil
			}
			list = append(list, &c)
		}
	}
	return list
}

// modified returns why the operations of a group are not known; "" if they are.
func (r *router) modified() string {
	for ; r != nil; r = r.parent {
		if r.modifies {
			return "its operation is changed by a modifier of its group"
		}
	}
	return ""
}

func (in *interp) callAPI(x *ast.CallExpr, r *router, name string, args []value) value {
	switch {
	case name == "UseMiddleware":
		in.use(r, args)
	case name == "UseModifier", name == "UseSimpleModifier":
		r.modifies = r.modifies || in.modifies(args[0], x.Args[0])
	case name == "Adapter":
		a := *r
		a.adapter = true
		return &a
	case name == "Handle":
		in.registerHuma(x, r, args[0], args[1], argumentOf(x, 1))
	}
	return nil
}

// inner returns the router that serves the operations of an API.
func (r *router) inner() *router {
	for r.kind == Huma && r.parent != nil {
		r = r.parent
	}
	return r
}

func (in *interp) setOperation(op *object, name string, v value) {
	if s, ok := structOf(op.typ); ok {
		for f := range s.Fields() {
			if f.Name() == name {
				op.fields[f] = v
			}
		}
	}
}

// changeOperation calls functions that change an operation, and reports whether all of them are
// known.
func (in *interp) changeOperation(x *ast.CallExpr, op *object, functions []value) bool {
	known := true
	for i, f := range flat(functions) {
		if call, ok := ast.Unparen(x.Args[min(i+3, len(x.Args)-1)]).(*ast.CallExpr); ok {
			if fn := Callee(in.pkg.Info, call); fn != nil && PackageOf(fn) == humaPath { // OperationTags
				continue
			}
		}
		switch f := f.(type) {
		case *closure:
			in.runClosure(f, []value{op})
		case function:
			b, ok := in.bodies[f.fn]
			if known = known && ok; ok {
				in.run(b.pkg, f.fn, b.decl, b.decl.Type, b.decl.Recv, b.decl.Body, nil, f.recv, []value{op})
			}
		default:
			known = false
		}
	}
	return known
}

// modifies reports whether a function that gets an operation may change who gets to it.
func (in *interp) modifies(f value, x ast.Expr) bool {
	var body *ast.BlockStmt
	var info *types.Info
	switch f := f.(type) {
	case *closure:
		body, info = f.lit.Body, f.pkg.Info
	case function:
		b, known := in.bodies[f.fn]
		if !known {
			return true
		}
		body, info = b.decl.Body, b.pkg.Info
	default:
		call, ok := ast.Unparen(x).(*ast.CallExpr)
		return !ok || PackageOf(Callee(in.pkg.Info, call)) != humaPath || Callee(in.pkg.Info, call).Name() != "OperationTags"
	}
	for n := range ast.Preorder(body) {
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if slices.Contains([]string{"Method", "Path", "Middlewares"}, n.Sel.Name) && PackageOf(info.Uses[n.Sel]) == humaPath {
				return true
			}
		case *ast.CallExpr:
			if fn := Callee(info, n); fn != nil && slices.ContainsFunc(n.Args, func(arg ast.Expr) bool { return DeclaredAs(info.TypeOf(arg), humaPath, "Operation") }) {
				return true
			}
		}
	}
	return false
}

// isHumaMiddleware reports whether a function gets a context of huma and what runs next.
func isHumaMiddleware(sig *types.Signature) bool {
	return sig.Params().Len() == 2 && DeclaredAs(sig.Params().At(0).Type(), humaPath, "Context") && isSignature(sig.Params().At(1).Type())
}

// humaFront returns handlers behind middleware of huma: they run where that calls next, or may
// call it, since it passes it on.
func (in *interp) humaFront(m value, next serving) serving {
	var read *reading
	switch m := m.(type) {
	case *closure:
		read = in.read(m.pkg, m.in, m.lit, m.lit.Type, nil, m.lit.Body, m.env, nil, nil)
	case function:
		read = in.readFunction(m, nil)
	}
	if read == nil {
		return next
	}
	var list serving
	for _, i := range read.items {
		switch {
		case i.next:
			list = append(list, behindAll(next, i.guards)...)
		case !i.self:
			list = append(list, i.served)
		}
	}
	if len(list) == 0 {
		return next
	}
	return list
}

// runsNext reports whether an identifier is the parameter of middleware of huma which runs next.
func (in *interp) runsNext(id *ast.Ident) bool {
	v, ok := in.pkg.Info.Uses[id].(*types.Var)
	if !ok || !isSignature(v.Type()) {
		return false
	}
	sig := in.signature()
	return sig != nil && isHumaMiddleware(sig) && sig.Params().At(1) == v
}
