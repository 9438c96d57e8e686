package routes

import (
	"go/ast"
	"go/types"
	"slices"
	"strings"
)

// A Router is by whose rules patterns match.
type Router string

// The routers that are known.
const (
	ServeMux   Router = "net/http"
	Chi        Router = "chi"
	Gorilla    Router = "gorilla/mux"
	Gin        Router = "gin"
	Echo       Router = "echo"
	HTTPRouter Router = "httprouter"
	Huma       Router = "huma"
	Other      Router = "another"
)

// adaptersPath begins the import paths of the adapters.
const adaptersPath = "github.com/webapi-gen/webapi-gen/adapters/"

const (
	httprouterPath = "github.com/julienschmidt/httprouter"
)

// routerTypes are the types of routers and their groups.
var routerTypes = []struct {
	kind  Router
	path  string
	names []string
}{
	{ServeMux, "net/http", []string{"ServeMux"}},
	{Chi, chiPath, []string{"Mux", "Router"}},
	{Gorilla, gorillaPath, []string{"Router", "Route"}},
	{Gin, ginPath, []string{"Engine", "RouterGroup", "IRoutes", "IRouter"}},
	{Echo, echoPath, []string{"Echo", "Group"}},
	{HTTPRouter, httprouterPath, []string{"Router"}},
	{Huma, humaPath, []string{"API", "Adapter", "Group"}},
}

// routerKind returns the kind of a type of router, or "".
func routerKind(t types.Type) Router {
	named := NamedOf(t)
	if named == nil {
		return ""
	}
	path := PackageOf(named)
	for _, r := range routerTypes {
		if path == r.path && slices.Contains(r.names, named.Name()) {
			return r.kind
		}
	}
	return ""
}

// callPackage evaluates a call of a function of a known package that is no method of a
// router.
func (in *interp) callPackage(x *ast.CallExpr, f function) (value, bool) {
	fn, name := f.fn, f.fn.Name()
	switch PackageOf(fn) {
	case "net/http":
		return in.callHTTP(x, f)
	case gorillaPath:
		if name == "CORSMethodMiddleware" {
			return in.typed(x, "it writes a header"), true
		}
	case echoPath:
		if name == "WrapMiddleware" {
			return in.eval(x.Args[0]), true
		}
	case chiPath:
		if name == "Chain" {
			var chain list
			for _, v := range in.arguments(x) {
				chain = append(chain, element{value: v})
			}
			return chain, true
		}
		if DeclaredAs(receiverType(fn), chiPath, "Middlewares") {
			if args := in.arguments(x); len(args) == 1 {
				return in.chain(f.recv, in.serve(args[0], x.Args[0])), true
			}
		}
	case "slices", "maps":
		return in.callCollection(x, name)
	case "sync":
		if strings.HasPrefix(name, "OnceValue") {
			return in.arguments(x)[0], true
		}
	case "fmt":
		if args := in.arguments(x); name == "Sprintf" {
			return formatted(args[0], args[1:]), true
		}
	}
	if v, ok := in.callConnect(x, fn); ok {
		return v, true
	}
	if v, ok := in.callGRPC(x, fn); ok {
		return v, true
	}
	if strings.HasPrefix(PackageOf(fn), humaPath) {
		return in.callHuma(x, fn)
	}
	return nil, false
}

// formatted returns what fmt.Sprintf makes of texts.
func formatted(format value, args []value) value {
	parts := strings.Split(patternOf(format), "%")
	s := parts[0]
	for i, part := range parts[1:] {
		if part == "" || !strings.ContainsRune("sv", rune(part[0])) || i >= len(args) {
			return nil
		}
		s += patternOf(args[i]) + part[1:]
	}
	if strings.Contains(s, hole) {
		return partial(s)
	}
	return text(s)
}

// callCollection evaluates a call of a function of slices or maps that goes through elements
// which are known.
func (in *interp) callCollection(x *ast.CallExpr, name string) (value, bool) {
	if !slices.Contains([]string{"All", "Backward", "Collect", "Concat", "Keys", "Sorted", "Values"}, name) {
		return nil, false
	}
	var all list
	for _, v := range in.arguments(x) {
		elements, ok := elementsOf(v)
		if !ok {
			return in.typed(x, "it is computed"), true
		}
		all = append(all, elements...)
	}
	for i, e := range all {
		switch name {
		case "Collect", "Sorted": // of what an iterator yields
			all[i] = element{value: e.key}
		case "Concat":
			all[i] = element{value: e.value}
		case "Values":
			all[i] = element{key: e.value}
		}
	}
	if name == "Backward" {
		slices.Reverse(all)
	}
	return all, true
}

// chain returns a handler behind a list of middleware.
func (in *interp) chain(middleware value, next serving) serving {
	uses, _ := elementsOf(middleware)
	for _, e := range slices.Backward(uses) {
		next = in.around(e.value, next)
	}
	return next
}

func (in *interp) callHTTP(x *ast.CallExpr, f function) (value, bool) {
	recv := ReceiverOf(f.fn)
	switch name := f.fn.Name(); {
	case recv == nil && (name == "Handle" || name == "HandleFunc"):
		return in.callRouter(x, in.defaultMux, name, in.arguments(x)), true
	case recv == nil && name == "StripPrefix":
		args := in.arguments(x)
		list := slices.Clone(in.serve(args[1], argumentOf(x, 1)))
		for i := range list {
			if list[i].router != nil {
				list[i].prefix = patternOf(args[0])
			}
		}
		return list, true
	case name == "ListenAndServe" || name == "ListenAndServeTLS" || name == "Serve" || name == "ServeTLS":
		if recv != nil {
			in.arguments(x)
			in.servesDefault = in.servesDefault || lacksHandler(f.recv)
			return nil, true
		}
		at := 1
		if name == "ListenAndServeTLS" {
			at = 3
		}
		in.serveServer(in.arguments(x)[at], argumentOf(x, at))
		return nil, true
	}
	return nil, false
}

// lacksHandler reports whether an http.Server has no handler, so that it serves
// http.DefaultServeMux.
func lacksHandler(v value) bool {
	server, ok := v.(*object)
	if !ok {
		return false
	}
	for f := range server.fields {
		if f.Name() == "Handler" && server.fields[f] != nil {
			return false
		}
	}
	return true
}

// serveServer records the handler of a whole server. That of a router is its routes.
func (in *interp) serveServer(v value, x ast.Expr) {
	if v == nil { // http.DefaultServeMux
		in.servesDefault = true
		return
	}
	if v == value(in.defaultMux) {
		in.servesDefault = true
	}
	in.register(&registered{router: in.newRouter(ServeMux, ""), pattern: "/", handler: in.serve(v, x), pos: x.Pos(), server: true})
}

// group returns a group of a router.
func (in *interp) group(r *router, kind Router, prefix, unread string) *router {
	return &router{kind: kind, parent: r, prefix: prefix, unread: unread, outer: r.uses, late: r.late, replaced: r.replaced, born: in.born()}
}

// combined returns the middleware of a router and of those around it, as gin keeps it.
func (r *router) combined() list {
	var all list
	for uses := r.uses; r != nil; r, uses = r.parent, r.outer {
		own := make(list, len(uses))
		for i, use := range uses {
			own[i].value = use
		}
		all = append(own, all...)
	}
	return all
}

// isChain reports whether a field has the middleware of a group of gin.
func isChain(field *types.Var) bool {
	return field.Name() == "Handlers" && PackageOf(field) == ginPath
}

// replace gives a group of gin other middleware.
func (in *interp) replace(r *router, v value) {
	old := r.combined()
	elements, ok := v.(list)
	if !ok || len(elements) < len(old) || !slices.EqualFunc(old, elements[:len(old)], func(a, b element) bool { return same(a.value, b.value) }) {
		r.replaced = true
		return
	}
	var added []value
	for _, e := range elements[len(old):] {
		added = append(added, e.value)
	}
	in.use(r, added)
}

// callRouter evaluates a call of a method of a router.
func (in *interp) callRouter(x *ast.CallExpr, r *router, name string, args []value) value {
	if fn := Callee(in.pkg.Info, x); fn != nil && isInterfaceMethod(fn) && routerKind(receiverType(fn)) == "" && len(args) < leastArguments(name) {
		in.note(x.Pos(), "%s may register routes; it is not followed", nameOfCall(fn, x)) // no router has such a method
		return in.typed(x, "it is returned by a router")
	}
	switch r.kind {
	case ServeMux:
		if name == "Handle" || name == "HandleFunc" {
			in.add(x, r, nil, args[0], args[1:2], false)
			return nil
		}
	case Chi:
		return in.callChi(x, r, name, args)
	case Gorilla:
		return in.callGorilla(x, r, name, args)
	case Gin:
		return in.callGin(x, r, name, args)
	case Echo:
		return in.callEcho(x, r, name, args)
	case HTTPRouter:
		return in.callHTTPRouter(x, r, name, args)
	case Huma:
		return in.callAPI(x, r, name, args)
	case Other:
	}
	return in.typed(x, "it is returned by a router")
}

// leastArguments returns how many arguments a method of an interface must have to be that of a
// router which registers routes.
func leastArguments(name string) int {
	switch name {
	case "Group", "PathPrefix", "Path", "Methods":
		return 1
	case "Add", "Match":
		return 3
	case "Handle", "HandleFunc", "Handler", "HandlerFunc", "Method", "MethodFunc", "Route", "Mount", "Any", "File", "FileFS", "Static", "StaticFS", "ServeFiles":
		return 2
	}
	if _, is := verb(name); is {
		return 2
	}
	return 0
}

// verb returns the HTTP method that a method of a router is named after.
func verb(name string) (string, bool) {
	upper := strings.ToUpper(name)
	return upper, slices.Contains(verbs, upper)
}

func methodNamed(fn *types.Func) []string {
	if fn != nil {
		if m, ok := verb(fn.Name()); ok {
			return []string{m}
		}
	}
	return nil
}

const unknownMethod = "its method is computed"

func (in *interp) callChi(x *ast.CallExpr, r *router, name string, args []value) value {
	switch {
	case name == "Use":
		in.use(r, args)
		return nil
	case name == "With":
		sub := in.group(r, Chi, "", "")
		sub.uses = flat(args)
		return sub
	case name == "Group":
		sub := in.group(r, Chi, "", "")
		in.callBack(x, args[0], sub)
		return sub
	case name == "Route":
		sub := in.prefixed(r, args[0])
		sub.mounted = true
		in.callBack(x, args[1], sub)
		return sub
	case name == "Mount":
		in.mount(x, r, args[0], args[1])
	case name == "Handle" || name == "HandleFunc":
		in.add(x, r, nil, args[0], args[1:], false)
	case name == "Method" || name == "MethodFunc":
		in.addMethods(x, r, args[0], args[1], args[2:], false)
	case name == "NotFound" || name == "MethodNotAllowed":
		in.add(x, r, nil, text("/*"), args, false)
	default:
		if m, ok := verb(name); ok {
			in.add(x, r, []string{m}, args[0], args[1:], false)
			return nil
		}
		return in.typed(x, "it is returned by a router")
	}
	return nil
}

func (in *interp) callGorilla(x *ast.CallExpr, r *router, name string, args []value) value {
	switch {
	case name == "Use":
		in.use(r, args)
		return nil
	case name == "Handle" || name == "HandleFunc":
		route := in.group(r, Gorilla, "", "")
		route.late = true
		g := in.add(x, route, nil, args[0], args[1:], false)
		route.last = g
		return route
	case name == "Handler" || name == "HandlerFunc":
		g := in.add(x, r, r.methods, text(""), args, false)
		r.last = g
		return r
	case name == "Methods":
		route := r
		if route.root() {
			route = in.group(r, Gorilla, "", "")
		}
		if m, known := methodsOf(list(elements(flat(args)))); known {
			route.methods = append(route.methods, upper(m)...)
			if route.last != nil {
				route.last.methods = route.methods
			}
		} else if route.last != nil {
			route.last.unread = unknownMethod
		} else {
			route.unread = unknownMethod
		}
		return route
	case name == "Path" || name == "PathPrefix":
		if !r.root() {
			p := patternOf(args[0])
			if r.last != nil {
				r.last.pattern += p
				r.last.unread = firstOf(r.last.unread, whyUnread(p, "its pattern"))
			} else {
				r.prefix += p
				r.unread = firstOf(r.unread, whyUnread(p, "the prefix of its group"))
			}
			r.below = r.below || name == "PathPrefix"
			return r
		}
		sub := in.prefixed(r, args[0])
		sub.below = name == "PathPrefix"
		return sub
	case name == "Subrouter":
		sub := in.group(r, Gorilla, "", "")
		sub.routerOf = true
		return sub
	case name == "NewRoute" || r.root() && slices.Contains([]string{"Host", "Schemes", "Queries", "Headers", "MatcherFunc", "Name"}, name):
		return in.group(r, Gorilla, "", "")
	}
	if routerKind(in.pkg.Info.TypeOf(x)) != "" {
		return r
	}
	return in.typed(x, "it is returned by a router")
}

// setHandler registers what is assigned to a field of a router of gorilla or httprouter, which
// answers what the router has no route for. No middleware of the router stands before it.
func (in *interp) setHandler(r *router, field *types.Var, v value, x ast.Expr) {
	var only []string
	switch field.Name() {
	case "GlobalOPTIONS":
		only = []string{"OPTIONS"}
	case "NotFound", "NotFoundHandler", "MethodNotAllowed", "MethodNotAllowedHandler":
	default:
		in.note(x.Pos(), "what is assigned to the field %s of a router is not followed", field.Name())
		return
	}
	in.register(&registered{router: r, pattern: "/*", methods: only, handler: in.serve(v, x), pos: x.Pos(), apart: true})
}

// apart returns a router as it is without middleware.
func (r *router) apart() *router {
	c := *r
	c.uses, c.outer, c.late = nil, nil, false
	if c.parent != nil {
		c.parent = c.parent.apart()
	}
	return &c
}

// isFolder reports whether r is a route of gorilla for all that is below a prefix.
func (r *router) isFolder() bool { return r.below && !r.routerOf }

func upper(list []string) []string {
	all := make([]string, len(list))
	for i, s := range list {
		all[i] = strings.ToUpper(s)
	}
	return all
}

// root reports whether r is a router, and no route of gorilla.
func (r *router) root() bool { return r.parent == nil || r.routerOf }

func (in *interp) callGin(x *ast.CallExpr, r *router, name string, args []value) value {
	switch {
	case name == "Use":
		in.use(r, args)
		return r
	case name == "Group":
		sub := in.prefixed(r, args[0])
		sub.uses = flat(args[1:])
		return sub
	case name == "Handle" || name == "Match":
		in.addMethods(x, r, args[0], args[1], args[2:], true)
	case name == "Any":
		in.add(x, r, nil, args[0], args[1:], true)
	case name == "NoRoute" || name == "NoMethod":
		in.add(x, r, nil, text("/*any"), args, true)
	case strings.HasPrefix(name, "Static"):
		in.static(x, r, args[0], name, nil)
	case strings.HasPrefix(name, "Run"):
		in.serveServer(r, x)
		return nil
	case name == "Handler" || name == "With":
		return r
	default:
		if m, ok := verb(name); ok {
			in.add(x, r, []string{m}, args[0], args[1:], true)
			return r
		}
		return in.typed(x, "it is returned by a router")
	}
	return r
}

func (in *interp) callEcho(x *ast.CallExpr, r *router, name string, args []value) value {
	switch {
	case name == "Use" || name == "Pre":
		in.use(r, args)
		r.refuse()
		return nil
	case name == "Group":
		sub := in.prefixed(r, args[0])
		sub.late = false
		sub.uses = flat(args[1:])
		sub.refuse()
		return sub
	case name == "Host":
		sub := in.group(r, Echo, "", "")
		sub.late = false
		sub.uses = flat(args[1:])
		return sub
	case name == "Add" || name == "Match":
		methods, known := methodsOf(args[0])
		if g := in.addBefore(x, r, methods, args[1], args[2], argumentOf(x, 2), args[3:]); !known {
			g.methods, g.unread = nil, unknownMethod
		}
	case name == "Any" || name == "RouteNotFound":
		in.addBefore(x, r, nil, args[0], args[1], argumentOf(x, 1), args[2:])
	case name == "Static" || name == "StaticFS" || name == "File" || name == "FileFS":
		in.static(x, r, args[0], name, args[2:])
	case strings.HasPrefix(name, "Start"):
		in.serveServer(r, x)
		return nil
	case name == "AddRoute":
		in.addRoute(x, r, args[0])
	case name == "Router":
		in.note(x.Pos(), "what registers routes with the router of echo is not followed")
	default:
		if m, ok := verb(name); ok {
			in.addBefore(x, r, []string{m}, args[0], args[1], argumentOf(x, 1), args[2:])
		}
	}
	return in.typed(x, "it is returned by a router")
}

// addRoute registers an echo.Route.
func (in *interp) addRoute(x *ast.CallExpr, r *router, route value) {
	obj, ok := route.(*object)
	if !ok {
		in.note(x.Pos(), "the route that it registers is not known")
		return
	}
	fields := map[string]value{}
	for f, v := range obj.fields {
		fields[f.Name()] = v
	}
	methods, known := methodsOf(fields["Method"])
	if g := in.addBefore(x, r, methods, fields["Path"], fields["Handler"], x.Args[0], []value{fields["Middlewares"]}); !known {
		g.methods, g.unread = nil, unknownMethod
	}
}

// refuse records a group of echo that has middleware, and so answers 404 itself.
func (r *router) refuse() {
	top, has := r, false
	for ; top.parent != nil; top = top.parent {
		has = has || len(top.uses) > 0
	}
	if has {
		top.groups = append(top.groups, r)
	}
}

// refused returns the patterns of the groups of an echo server that answer 404 themselves.
func (r *router) refused() []string {
	for r.parent != nil {
		r = r.parent
	}
	var patterns []string
	for _, g := range r.groups {
		prefix := ""
		for ; g != nil; g = g.parent {
			prefix = g.prefix + prefix
		}
		patterns = append(patterns, prefix, prefix+"/*")
	}
	return patterns
}

func (in *interp) callHTTPRouter(x *ast.CallExpr, r *router, name string, args []value) value {
	switch {
	case name == "Handle" || name == "Handler" || name == "HandlerFunc":
		in.addMethods(x, r, args[0], args[1], args[2:], false)
	case name == "ServeFiles":
		in.static(x, r, args[0], "File", nil)
	default:
		if m, ok := verb(name); ok {
			in.add(x, r, []string{m}, args[0], args[1:], false)
			return nil
		}
		return in.typed(x, "it is returned by a router")
	}
	return nil
}

// join returns a prefix and a pattern as the router joins them: gin puts a slash between
// them, echo before both.
func (k Router) join(prefix, pattern string) string {
	if (k == Gin || k == Echo && prefix == "") && pattern != "" && pattern[0] != '/' && !strings.HasPrefix(pattern, hole) && !strings.HasSuffix(prefix, "/") {
		pattern = "/" + pattern
	}
	return join(prefix, pattern)
}

// join returns a prefix and a pattern, without a double slash between them.
func join(prefix, pattern string) string {
	if strings.HasPrefix(pattern, "/") {
		prefix = strings.TrimSuffix(prefix, "/")
	}
	return prefix + pattern
}

// isContext reports whether t is a context of gin or echo.
func isContext(t types.Type) bool {
	return t != nil && (DeclaredAs(t, ginPath, "Context") || DeclaredAs(t, echoPath, "Context"))
}

func isGinHandler(t types.Type) bool {
	if t == nil {
		return false
	}
	sig, ok := t.Underlying().(*types.Signature)
	return ok && sig.Params().Len() == 1 && DeclaredAs(sig.Params().At(0).Type(), ginPath, "Context")
}

// IsHandlerInterface reports whether t is http.Handler or the like.
func IsHandlerInterface(t types.Type) bool {
	return t != nil && types.IsInterface(t) && routerKind(t) == "" && MethodNamed(t, "ServeHTTP") != nil
}

// isMiddleware reports whether t is a function that returns a handler for a handler.
func isMiddleware(t types.Type) bool {
	if t == nil {
		return false
	}
	sig, ok := t.Underlying().(*types.Signature)
	return ok && isMiddlewareSignature(sig)
}

func isMiddlewareSignature(sig *types.Signature) bool {
	return sig.Params().Len() >= 1 && sig.Results().Len() == 1 && IsHandler(sig.Results().At(0).Type())
}

// returnsHandler reports whether a function returns what can answer requests.
func returnsHandler(fn *types.Func) bool {
	results := fn.Signature().Results()
	return results.Len() > 0 && IsHandler(results.At(0).Type())
}

// registersByParameter reports whether a function has a router among its parameters.
func registersByParameter(fn *types.Func) bool {
	for v := range fn.Signature().Params().Variables() {
		if routerKind(v.Type()) != "" {
			return true
		}
	}
	return false
}
