package routes

import (
	"go/ast"
	"go/token"
	"go/types"
	"net/url"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// call evaluates a call: it runs functions that have to do with routes, and knows what
// those of routers and of the runtime do.
func (in *interp) call(x *ast.CallExpr) value {
	if in.pkg.Info.Types[x.Fun].IsType() { // a conversion
		if len(x.Args) == 1 {
			return in.eval(x.Args[0])
		}
		return nil
	}
	if b, ok := in.pkg.Info.Uses[Ident(x.Fun)].(*types.Builtin); ok {
		return in.builtin(x, b.Name())
	}
	if !complete(x, in.pkg) {
		in.arguments(x)
		return in.typed(x, "its call lacks arguments")
	}
	fun := in.eval(x.Fun)
	if len(alternatives(fun)) == 1 {
		return in.callValue(x, alternatives(fun)[0])
	}
	var result value
	in.conditional(func() {
		for _, f := range alternatives(fun) {
			result = either(result, in.callValue(x, f))
		}
	})
	return result
}

// complete reports whether a call has as many arguments as the function takes. Where the package
// compiles it has.
func complete(x *ast.CallExpr, pkg *Package) bool {
	t := pkg.Info.TypeOf(x.Fun)
	if t == nil {
		return false
	}
	sig, ok := t.Underlying().(*types.Signature)
	if !ok {
		_, isParam := types.Unalias(t).(*types.TypeParam)
		return isParam
	}
	least := sig.Params().Len()
	if sig.Variadic() {
		least--
	}
	has := len(x.Args)
	if has == 1 {
		if results, ok := pkg.Info.TypeOf(x.Args[0]).(*types.Tuple); ok {
			has = results.Len()
		}
	}
	return has >= least
}

// argumentOf returns an argument of a call, which may be a call that returns all of them.
func argumentOf(x *ast.CallExpr, i int) ast.Expr { return x.Args[min(i, len(x.Args)-1)] }

// arguments returns the values of a call's arguments.
func (in *interp) arguments(x *ast.CallExpr) []value {
	if len(x.Args) == 1 {
		if results, ok := in.pkg.Info.TypeOf(x.Args[0]).(*types.Tuple); ok {
			return resultsOf(in.eval(x.Args[0]), results.Len())
		}
	}
	args := make([]value, len(x.Args))
	for i, arg := range x.Args {
		if args[i] = in.copied(arg); x.Ellipsis.IsValid() && i == len(x.Args)-1 {
			if elements, ok := args[i].(list); ok {
				args[i] = spreadList{elements}
			}
		}
	}
	return args
}

func (in *interp) callValue(x *ast.CallExpr, fun value) value {
	switch fun := fun.(type) {
	case *closure:
		if TakesRequest(in.signatureOf(fun)) {
			in.arguments(x)
			return nil
		}
		args := in.arguments(x)
		in.calling = x
		return in.runClosure(fun, args)
	case function:
		return in.callFunction(x, fun)
	case native:
		return in.callRouter(x, fun.router, fun.name, in.arguments(x))
	case guardian, wrapping, list:
		if args := in.arguments(x); len(args) == 1 {
			return in.around(fun, in.serve(args[0], x.Args[0]))
		}
		return fun
	}
	return in.callUnknown(x, nil, in.arguments(x))
}

func (in *interp) signatureOf(c *closure) *types.Signature {
	sig, _ := c.pkg.Info.TypeOf(c.lit).(*types.Signature)
	if sig == nil {
		sig = types.NewSignatureType(nil, nil, nil, nil, nil, false)
	}
	return sig
}

func (in *interp) runClosure(c *closure, args []value) value {
	in.ran[instance{c.lit, c.env}] = true
	return in.run(c.pkg, c.in, c.lit, c.lit.Type, nil, c.lit.Body, c.env, nil, args)
}

func (in *interp) callFunction(x *ast.CallExpr, f function) value {
	fn := f.fn
	if InRuntime(fn) {
		return in.callRuntime(x, f)
	}
	if strings.HasPrefix(PackageOf(fn), adaptersPath) && isGuard(fn.Name()) {
		return guardian(in.guardMade(x, fn, in.arguments(x)))
	}
	if r, ok := f.recv.(*router); ok {
		return in.callRouter(x, r, fn.Name(), in.arguments(x))
	}
	if v, ok := in.callPackage(x, f); ok {
		return v
	}
	if by := in.GuardedBy(fn); by != "" {
		return in.callGuarded(x, by)
	}
	if in.isPublic(fn) && !TakesRequest(fn.Signature()) && returnsHandler(fn) {
		in.arguments(x)
		return serving{{handler: Handler{Node: x, Object: fn, Public: true}}}
	}
	if f.of != nil && !slices.Contains(guardMethods, fn.Name()) && returnsHandler(fn) && !in.guards(f) {
		in.arguments(x)
		return serving{{handler: in.view(f.node, fn, f.of)}}
	}
	b, known := in.bodies[fn]
	switch {
	case TakesRequest(fn.Signature()) && !registersByParameter(fn):
		in.arguments(x)
		if returnsHandler(fn) {
			return in.typed(x, "it is made for each request")
		}
		return nil
	case known && (in.hasToDo(fn) || isRouterResult(in.pkg.Info.TypeOf(x)) || in.concernsType(in.pkg.Info.TypeOf(x))):
		args := in.arguments(x)
		in.calling = x
		v := in.run(b.pkg, fn, b.decl, b.decl.Type, b.decl.Recv, b.decl.Body, nil, f.recv, args)
		if v == nil && returnsHandler(fn) {
			return in.callUnknown(x, fn, args)
		}
		return v
	}
	opened(f.recv)
	return in.callUnknown(x, fn, in.arguments(x))
}

// guards reports whether what a method of a resource returns goes through a guard.
func (in *interp) guards(f function) bool {
	b, known := in.bodies[f.fn]
	if !known {
		s := in.summary(f.fn)
		return s != nil && (s.Asks != nil || s.By != "")
	}
	v := in.run(b.pkg, f.fn, b.decl, b.decl.Type, b.decl.Recv, b.decl.Body, nil, f.recv, nil)
	return v != nil && !slices.ContainsFunc(in.serve(v, f.node), func(h served) bool { return len(h.guards) == 0 && h.by == "" && h.router == nil })
}

// guardMethods are the methods that webapi-gen generates.
var guardMethods = []string{"CallMethodView", "RequiredScopes", "AccessRules"}

// callGuarded evaluates a call of a wrapper that is webapi:guarded: of a function that
// wraps a handler, or returns middleware.
func (in *interp) callGuarded(x *ast.CallExpr, by string) value {
	var inner serving
	for i, v := range in.arguments(x) {
		if i < len(x.Args) && IsHandler(in.pkg.Info.TypeOf(x.Args[i])) {
			inner = append(inner, in.serve(v, x.Args[i])...)
		}
	}
	if len(inner) > 0 {
		return inner.wrapped(by)
	}
	if IsHandler(in.pkg.Info.TypeOf(x)) && !isGinHandler(in.pkg.Info.TypeOf(x)) {
		return serving{{handler: Handler{Node: x}}}.wrapped(by)
	}
	return wrapping(by)
}

// callRuntime evaluates a call of a function of the runtime.
func (in *interp) callRuntime(x *ast.CallExpr, f function) value {
	fn, args := f.fn, in.arguments(x)
	switch name := fn.Name(); {
	case isGuard(name):
		return guardian(in.guardMade(x, fn, args))
	case name == "Handle" || name == "HandleList":
		g := in.guardOf(x.Args[0], name == "HandleList", x.Pos())
		g.Views = true
		return in.views(x, args[1]).behind(g)
	case name == "HandleOperation":
		g := in.guardOf(x.Args[0], false, x.Pos())
		g.Views, g.Method = true, operationOf(args[1])
		return in.serve(args[2], argumentOf(x, 2)).behind(g)
	case name == "ViewOf" || name == "ViewFunc":
		return args[0]
	case name == "NewMetadata":
		m := &object{typ: fn.Signature().Results().At(0).Type()}
		if of, ok := args[0].(*object); ok {
			m.fields = of.fields
		}
		return pair{m, nil}
	case name == "Pattern":
		return metadataPattern(f.recv)
	}
	if IsHandler(in.pkg.Info.TypeOf(x)) {
		return serving{{handler: Handler{Node: x, Object: fn, Public: true}}}
	}
	return in.typed(x, "it is computed")
}

// isGuard reports whether the runtime or an adapter has a function of that name that makes
// middleware of a guard.
func isGuard(name string) bool {
	return name == "Guard" || name == "GuardList" || name == "GuardOperation"
}

// guardMade returns the guard that a call of such a function makes middleware of.
func (in *interp) guardMade(x *ast.CallExpr, fn *types.Func, args []value) Guard {
	g := in.guardOf(x.Args[0], fn.Name() == "GuardList", x.Pos())
	if fn.Name() == "GuardOperation" {
		g.Method = operationOf(args[1])
	}
	return g
}

// operationOf returns the named operation that a value is.
func operationOf(v value) string {
	if name, ok := v.(text); ok && strings.Contains(string(name), "/") && annotations.IsOperation(string(name)) {
		return string(name)
	}
	return UnknownOperation
}

// metadataPattern returns the pattern of metadata that has the fields of its resource.
func metadataPattern(metadata value) value {
	resource := hole
	if m, ok := metadata.(*object); ok {
		for f, v := range m.fields {
			if f.Name() == "Resource" {
				resource = patternOf(v)
			}
		}
	}
	const wellKnown = "/.well-known/oauth-protected-resource"
	u, err := url.Parse(resource)
	switch {
	case err != nil || strings.Contains(resource, hole):
		return partial(wellKnown + hole + resource[strings.LastIndex(resource, hole)+len(hole):])
	case u.Path == "/":
		return text(wellKnown)
	case strings.HasSuffix(u.Path, "/"):
		return text(wellKnown + u.EscapedPath() + "{$}")
	}
	return text(wellKnown + u.EscapedPath())
}

// views returns the handlers in a webapi.Views, one for each method that has a view.
func (in *interp) views(x *ast.CallExpr, views value) serving {
	t, ok := views.(*table)
	if !ok || t.open {
		h := Handler{Node: x, Unknown: notKnown("its views are not known")}
		if v, ok := views.(opaque); ok {
			h.param = v.param
		}
		return serving{{handler: h}}
	}
	result := serving{}
	for _, e := range t.elements {
		key, ok := e.key.(text)
		if !ok {
			return serving{{handler: Handler{Node: x, Unknown: notKnown("the method of a view is computed")}}}
		}
		if e.value == nil {
			continue
		}
		methods := []string{string(key)}
		if key == "GET" {
			methods = append(methods, "HEAD")
		}
		for _, h := range in.serve(e.value, x) {
			if h.methods == nil {
				h.methods = canonical(methods)
			}
			result = append(result, h)
		}
	}
	if len(result) == 0 {
		result = append(result, served{methods: []string{}, handler: Handler{Node: x}})
	}
	return result
}

// guardOf returns the guard of the resource that an expression is.
func (in *interp) guardOf(x ast.Expr, list bool, pos token.Pos) Guard {
	g := Guard{Resource: in.resource(x), List: list, Pos: pos}
	if v, ok := in.eval(x).(opaque); ok {
		g.param = v.param
	}
	return g
}

// resource returns the type of a resource, or nil.
func (in *interp) resource(x ast.Expr) *types.TypeName {
	if t := NamedOf(in.pkg.Info.TypeOf(x)); t != nil && !types.IsInterface(t.Type()) {
		return t
	}
	var found *types.TypeName
	for _, v := range alternatives(in.eval(x)) {
		t := NamedOf(typeOf(v))
		if t == nil || types.IsInterface(t.Type()) || found != nil && found != t {
			return nil
		}
		found = t
	}
	return found
}

// callUnknown evaluates a call of a function whose body is not known. What it returns
// is taken to go to the handlers among its arguments. Function literals among them
// may run, and a router may get routes.
func (in *interp) callUnknown(x *ast.CallExpr, fn *types.Func, args []value) value {
	if v, ok := in.applySummary(x, fn, args); ok {
		return v
	}
	for _, arg := range args {
		in.mayRun(arg)
	}
	if v := passedOn(fn, args); v != nil {
		return v
	}
	var handlers serving
	var pattern value
	var registers bool
	sel, _ := ast.Unparen(x.Fun).(*ast.SelectorExpr)
	passes := IsHandler(in.pkg.Info.TypeOf(x)) // what it is given to what it returns
	for i, arg := range x.Args[:min(len(x.Args), len(args))] {
		t := in.pkg.Info.TypeOf(arg)
		if r, ok := args[i].(*router); ok && passes {
			handlers = append(handlers, served{router: r})
			continue
		}
		if _, isNative := args[i].(native); !prints(fn) && (isNative && !in.drops(fn) ||
			(routerKind(t) != "" || isRouterValue(args[i]) && !IsHandlerInterface(t)) && !takesHandler(fn, i)) {
			in.note(x.Pos(), "%s may register routes; it is not followed", nameOfCall(fn, x))
		}
		opened(args[i])
		if tab, ok := args[i].(*table); ok && (fn == nil || PackageOf(fn) != "maps" || fn.Name() == "Copy" || fn.Name() == "DeleteFunc") {
			tab.open = true
		}
		if s, ok := args[i].(text); ok && handlers == nil {
			if p := string(s); strings.HasPrefix(p, "/") || strings.Contains(p, " /") {
				pattern, registers = s, true
			}
		}
		if isServable(t, args[i]) {
			handlers = append(handlers, in.serve(args[i], arg)...)
		}
	}
	t := in.pkg.Info.TypeOf(x)
	keeps := !IsHandler(t) && !isMiddleware(t) && !in.drops(fn) && in.depth < maxDepth // what it is given, for later
	if keeps && len(handlers) > 0 && registers && (fn != nil || in.pkg.Info.Selections[sel] != nil) {
		in.register(&registered{
			router: in.newRouter(Other, "its router is of a type that is not known"), pattern: string(pattern.(text)),
			methods: methodNamed(fn), handler: handlers, pos: x.Pos(),
		})
		return nil
	}
	if handlers == nil && in.looksLikeRegistration(x, in.pkg) {
		in.note(x.Pos(), "%s looks as if it registers a route; its router is not known", nameOfCall(fn, x))
	}
	if keeps && fn != nil && PackageOf(fn) != "net/http" {
		in.keep(x, fn, args)
	}
	if fn == nil && len(handlers) > 0 && !IsHandler(in.pkg.Info.TypeOf(x)) {
		if (pattern != nil || anyGuarded(handlers)) && !isMiddleware(in.pkg.Info.TypeOf(x)) {
			in.note(x.Pos(), "a function that is not known gets a handler")
		}
	}
	switch {
	case t == nil:
		return nil
	case len(handlers) > 0 && (IsHandler(t) || isMiddleware(t)):
		return handlers
	case isRouterResult(t):
		r := in.symbol(t, "", 0, x)
		if r, ok := r.(*router); ok {
			r.given = r.given && slices.ContainsFunc(args, isGiven)
		}
		return r
	case IsHandler(t) && fn != nil && !types.IsInterface(receiverType(fn)) && routerKind(t) == "" && routerIn(t) == nil:
		return serving{{handler: in.made(x, fn)}}
	}
	if in.isResource(NamedOf(t)) {
		made := in.newObject(t)
		made.open = true
		return made
	}
	v := in.typed(x, "it is returned by "+nameOfCall(fn, x)+", which is not followed")
	if v, ok := v.(opaque); ok && !slices.ContainsFunc(args, isGiven) {
		v.made = true
		return v
	}
	return v
}

// mayRun runs a function literal, or a method of what is known, that a function is given which is
// not followed: it may run with other values in another call.
func (in *interp) mayRun(v value) {
	switch f := v.(type) {
	case *closure:
		if in.running(f.lit) == 0 && in.setsUp(f) {
			in.conditional(func() { in.runClosure(f, nil) })
		}
	case function:
		b, known := in.bodies[f.fn]
		if known && in.running(b.decl) == 0 && f.recv != nil && f.of == nil && f.fn.Signature().Params().Len() == 0 && in.hasToDo(f.fn) {
			in.conditional(func() { in.run(b.pkg, f.fn, b.decl, b.decl.Type, b.decl.Recv, b.decl.Body, nil, f.recv, nil) })
		}
	}
}

// setsUp reports whether a function literal sets up routes, and is no handler and no middleware.
func (in *interp) setsUp(c *closure) bool {
	sig := in.signatureOf(c)
	return !TakesRequest(sig) && !isMiddlewareSignature(sig) && in.mentionsRoutes(c.lit.Body, c.pkg)
}

// isGiven reports whether a value is a router that a function is given, before which its caller
// may put guards.
func isGiven(v value) bool {
	r, ok := v.(*router)
	return ok && r.given
}

// keep records the handlers that a function of another module is given, which may serve them: it
// serves a router, as a server does, and what else it does is not known.
func (in *interp) keep(x *ast.CallExpr, fn *types.Func, args []value) {
	params := fn.Signature().Params()
	for i, arg := range x.Args[:min(len(x.Args), len(args), params.Len())] {
		if !takesHandler(fn, i) && !isServingFunc(params.At(i).Type()) {
			continue
		}
		list := in.serve(args[i], arg)
		switch {
		case slices.ContainsFunc(list, func(h served) bool { return h.router != nil }):
			in.serveServer(list, arg)
		case slices.ContainsFunc(list, func(h served) bool { return !h.handler.Public }):
			in.note(x.Pos(), "%s may serve a handler that it is given; it is not followed", nameOfCall(fn, x))
		}
	}
}

// prints reports whether a function, which may be nil, is of a package that prints or logs.
func prints(fn *types.Func) bool {
	return fn != nil && slices.Contains([]string{"fmt", "log", "log/slog"}, PackageOf(fn))
}

// takesHandler reports whether a parameter of a function, which may be nil, is an http.Handler.
func takesHandler(fn *types.Func, i int) bool {
	return fn != nil && i < fn.Signature().Params().Len() && IsHandlerInterface(fn.Signature().Params().At(i).Type())
}

// isServingFunc reports whether t is a function with the signature of http.HandlerFunc.
func isServingFunc(t types.Type) bool {
	sig, ok := t.Underlying().(*types.Signature)
	return ok && sig.Params().Len() == 2 && sig.Results().Len() == 0 &&
		DeclaredAs(sig.Params().At(0).Type(), "net/http", "ResponseWriter") && DeclaredAs(sig.Params().At(1).Type(), "net/http", "Request")
}

// passedOn returns which of its arguments a generic function may return: those of the type
// parameter that its result is, as it can make no other value of that type.
func passedOn(fn *types.Func, args []value) (v value) {
	if fn == nil || fn.Signature().Results().Len() != 1 {
		return nil
	}
	result, ok := fn.Signature().Results().At(0).Type().(*types.TypeParam)
	if !ok {
		return nil
	}
	params := fn.Signature().Params()
	for i, arg := range args {
		if i >= params.Len() || params.At(i).Type() != result {
			continue
		}
		for _, w := range alternatives(arg) {
			if l, ok := w.(list); ok {
				w = changed(fn, l, args)
			}
			v = either(v, w)
		}
	}
	return v
}

// changed returns what a generic function makes of a list that it is given, with the other arguments:
// any of the elements may be missing.
func changed(fn *types.Func, l list, args []value) list {
	var more list
	if fn.Signature().Variadic() {
		for _, arg := range args[min(len(args), fn.Signature().Params().Len()-1):] {
			if s, ok := arg.(spreadList); ok {
				more = append(more, s.list...)
			} else {
				more = append(more, element{value: arg})
			}
		}
	}
	if PackageOf(fn) == "slices" {
		switch fn.Name() {
		case "Clip", "Clone", "Grow":
			return l
		case "Insert":
			if n, known := number(args[1]); known && n <= len(l) {
				return slices.Insert(slices.Clone(l), n, more...)
			}
		}
	}
	var perhaps list
	for _, e := range slices.Concat(l, more) {
		perhaps = append(perhaps, element{e.key, either(missing{}, e.value)})
	}
	return perhaps
}

// looksLikeRegistration reports whether a call has the form of a registration, of a
// router that is not known: a method that is named after an HTTP method, or begins with
// Handle, gets a path and a function.
func (in *interp) looksLikeRegistration(x *ast.CallExpr, pkg *Package) bool {
	sel, _ := ast.Unparen(x.Fun).(*ast.SelectorExpr)
	if pkg.Info.Selections[sel] == nil || len(x.Args) == 0 {
		return false
	}
	name := sel.Sel.Name
	if _, isVerb := verb(name); !isVerb && !strings.HasPrefix(name, "Handle") && name != "All" && name != "Any" {
		return false
	}
	return isSignature(pkg.Info.TypeOf(x.Args[len(x.Args)-1])) && slices.ContainsFunc(x.Args, func(x ast.Expr) bool {
		path, _ := Constant(pkg.Info, x)
		return strings.HasPrefix(path, "/")
	})
}

func receiverType(fn *types.Func) types.Type {
	if recv := fn.Signature().Recv(); recv != nil {
		return recv.Type()
	}
	return types.Typ[types.Int]
}

func isRouterResult(t types.Type) bool { return routerKind(t) != "" }

func isRouterValue(v value) bool {
	_, ok := v.(*router)
	return ok
}

func anyGuarded(list serving) bool {
	return slices.ContainsFunc(list, func(h served) bool { return len(h.guards) > 0 })
}

// isServable reports whether an argument can answer requests.
func isServable(t types.Type, v value) bool {
	if _, ok := v.(serving); ok {
		return true
	}
	return IsHandler(t) && routerKind(t) == ""
}

// drops reports whether a function of the program has a body that registers nothing, as
// one that writes documentation.
func (in *interp) drops(fn *types.Func) bool {
	_, known := in.bodies[fn]
	return known
}

func nameOfCall(fn *types.Func, x *ast.CallExpr) string {
	if fn != nil {
		name := fn.Name()
		if recv := ReceiverOf(fn); recv != nil {
			name = recv.Name() + "." + name
		}
		if fn.Pkg() != nil {
			name = fn.Pkg().Name() + "." + name
		}
		return name
	}
	return types.ExprString(x.Fun)
}

// made classifies the handler that a function of another module makes.
func (in *interp) made(x ast.Expr, fn *types.Func) Handler {
	return Handler{Node: x, Object: fn, Public: in.isPublic(fn) || isHarmless(fn)}
}

// isHarmless reports whether a function serves nothing of the program.
func isHarmless(fn *types.Func) bool {
	return InRuntime(fn) || PackageOf(fn) == "net/http" &&
		slices.Contains([]string{"NotFound", "NotFoundHandler", "Redirect", "RedirectHandler"}, fn.Name())
}

// around returns a handler behind middleware.
func (in *interp) around(middleware value, next serving) serving {
	var result serving
	for _, m := range alternatives(middleware) {
		switch m := m.(type) {
		case guardian:
			result = append(result, next.behind(Guard(m))...)
		case wrapping:
			result = append(result, next.wrapped(string(m))...)
		case *closure:
			result = append(result, in.aroundFunc(m, in.signatureOf(m), next)...)
		case function:
			result = append(result, in.aroundFunc(m, m.fn.Signature(), next)...)
		case list: // the elements of one of several
			result = append(result, in.chain(m, next)...)
		case serving: // before others in a chain
			result = append(result, next...)
			for _, h := range m {
				if h.handler.Resource != nil {
					result = append(result, h)
				}
			}
		default: // of another module
			result = append(result, next...)
		}
	}
	return result
}

// aroundFunc calls middleware of the program with the handler.
func (in *interp) aroundFunc(m value, sig *types.Signature, next serving) serving {
	if f, ok := m.(function); ok {
		if by := in.GuardedBy(f.fn); by != "" {
			return next.wrapped(by)
		}
	}
	if sig.Params().Len() == 0 {
		return next
	}
	if isHumaMiddleware(sig) {
		return in.humaFront(m, next)
	}
	if !isMiddlewareSignature(sig) { // as in gin
		return in.inFront(m, next)
	}
	var v value
	switch m := m.(type) {
	case *closure:
		v = in.runClosure(m, []value{next})
	case function:
		b, known := in.bodies[m.fn]
		if !known {
			if s := in.summary(m.fn); s != nil {
				return in.stands(s, next)
			}
			return next
		}
		v = in.run(b.pkg, m.fn, b.decl, b.decl.Type, b.decl.Recv, b.decl.Body, nil, m.recv, []value{next})
	}
	if v == nil {
		return next
	}
	return in.serve(v, nil)
}
