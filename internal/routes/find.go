package routes

import (
	"cmp"
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/types/typeutil"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// Find returns the routes of a program.
func Find(p *Program) *Found {
	in := &interp{
		Program: p,
		pkgOf:   map[*types.Package]*Package{}, bodies: map[*types.Func]body{}, works: map[*types.Func]bool{},
		setLater: fieldsSetLater(p.Packages), inits: map[*types.Var]value{}, globals: map[*types.Var]value{}, fields: map[*types.Var]value{},
		memo: map[*ast.BlockStmt]bool{}, later: map[*types.Var]value{}, servers: map[token.Pos]bool{},
		writers: map[types.Object]bool{}, recorders: map[types.Object]bool{}, harmless: map[types.Object]bool{}, inverted: map[*ast.CallExpr]bool{},
	}
	for _, pkg := range p.Packages {
		in.pkgOf[pkg.Types] = pkg
		for fn, decl := range Functions(pkg.Files, pkg.Info) {
			if decl.Body != nil {
				in.bodies[fn] = body{decl, pkg}
			}
		}
	}
	in.byHand = in.usedByHand()
	in.pass()
	in.first = maps.Clone(in.fields)
	maps.Copy(in.first, in.globals)
	in.learnViews()
	in.recording = true
	in.pass()
	found := &Found{}
	at := map[token.Pos][]*Route{}
	for _, g := range in.registered {
		in.frame = &frame{pkg: g.pkg, env: newEnv(nil)} // for middleware that runs around it
		for _, r := range in.place(g) {
			if !slices.ContainsFunc(at[r.Pos], r.equal) {
				at[r.Pos] = append(at[r.Pos], r)
				found.Routes = append(found.Routes, r)
			}
		}
	}
	found.Summaries = in.summaries() // which changes routers, and so is last
	for u := range in.unread {
		found.Unread = append(found.Unread, u)
	}
	if !in.step() {
		found.Unread = append(found.Unread, Unread{token.NoPos, "the program does more to register its routes than is followed"})
	}
	in.frame = nil
	in.unreached(found)
	found.sort()
	return found
}

// learnViews records the functions that are behind guards on all routes which the first pass has
// found, so that their calls in other handlers are noticed.
func (in *interp) learnViews() {
	behind := map[*types.Func]bool{}
	for _, g := range in.registered {
		in.frame = &frame{pkg: g.pkg, env: newEnv(nil)}
		for _, r := range in.place(g) {
			if fn, ok := r.Handler.Object.(*types.Func); ok && r.Handler.Resource == nil {
				others, known := behind[fn]
				behind[fn] = r.State() == Guarded && (others || !known)
			}
		}
	}
	in.frame, in.behind = nil, behind
	clear(in.memo)
}

// fieldsSetLater returns the fields that code sets apart from composite literals, and the variables
// that it sets after their declaration, or may set through their address.
func fieldsSetLater(packages []*Package) map[*types.Var]bool {
	fields := map[*types.Var]bool{}
	for _, pkg := range packages {
		add := func(x ast.Expr) {
			if sel, ok := ast.Unparen(x).(*ast.SelectorExpr); ok {
				if field, ok := pkg.Info.Uses[sel.Sel].(*types.Var); ok {
					fields[field.Origin()] = true
				}
			}
			if star, ok := ast.Unparen(x).(*ast.StarExpr); ok {
				if s, ok := structOf(pkg.Info.TypeOf(star)); ok {
					for field := range s.Fields() {
						fields[field.Origin()] = true
					}
				}
			}
			if id, ok := ast.Unparen(x).(*ast.Ident); ok {
				if v, ok := pkg.Info.Uses[id].(*types.Var); ok {
					fields[v] = true
				}
			}
		}
		for _, file := range pkg.Files {
			for n := range ast.Preorder(file) {
				switch n := n.(type) {
				case *ast.AssignStmt:
					for _, x := range n.Lhs {
						add(x)
					}
				case *ast.RangeStmt:
					add(n.Key)
					add(n.Value)
				case *ast.UnaryExpr:
					if n.Op == token.AND {
						add(n.X)
					}
				}
			}
		}
	}
	return fields
}

// pass runs all code that has to do with routes, once: what nothing calls first, and
// then what was not called with values that are known.
func (in *interp) pass() {
	in.done, in.ran, in.unread, in.pending, in.steps = map[ast.Node]bool{}, map[instance]bool{}, map[Unread]bool{}, nil, 0
	in.before, in.used = in.used, map[ast.Node][]restore{}
	in.registered, in.learned, in.ofCalls = nil, map[*types.Var]bool{}, map[madeField]*router{}
	in.defaultMux, in.servesDefault = in.newRouter(ServeMux, ""), false
	for _, pkg := range in.Packages {
		in.frame = &frame{pkg: pkg, env: newEnv(nil)}
		for _, init := range pkg.Info.InitOrder {
			in.node = init.Rhs
			results := resultsOf(in.eval(init.Rhs), len(init.Lhs))
			for i, to := range init.Lhs {
				in.inits[to] = results[i]
			}
		}
	}
	in.frame = nil
	called := in.called()
	// A function that nothing calls is run first, and one with a router as a parameter last,
	// since one of the others may call it with a router that is known.
	for _, later := range []func(*types.Func) bool{func(fn *types.Func) bool { return called[fn] }, registersByParameter, nil} {
		for _, pkg := range in.Packages {
			for _, file := range pkg.Files {
				idle := in.idle(file, pkg)
				for _, d := range file.Decls {
					decl, ok := d.(*ast.FuncDecl)
					if !ok || decl.Body == nil || in.done[decl] {
						continue
					}
					fn, ok := pkg.Info.Defs[decl.Name].(*types.Func)
					if !ok || idle[fn] || later != nil && later(fn) || TakesRequest(fn.Signature()) && !registersByParameter(fn) && !registers(decl.Body, pkg) || !in.hasToDo(fn) {
						continue
					}
					in.run(pkg, fn, decl, decl.Type, decl.Recv, decl.Body, nil, nil, nil)
				}
			}
		}
	}
	for len(in.pending) > 0 {
		pending := in.pending
		in.pending = nil
		for _, c := range pending {
			sig := in.signatureOf(c)
			if in.done[c.lit] && (in.ran[instance{c.lit, c.env}] || in.concerns(sig)) || !in.setsUp(c) {
				continue
			}
			in.runClosure(c, nil)
		}
	}
	if in.servesDefault {
		in.importedRoutes()
	}
	in.frame = nil
}

// onDefaultMux has what packages of the standard library register on http.DefaultServeMux
// when they are imported.
var onDefaultMux = map[string][]struct{ pattern, handler string }{
	"expvar": {{"/debug/vars", "Handler"}},
	"net/http/pprof": {
		{"/debug/pprof/", "Index"},
		{"/debug/pprof/cmdline", "Cmdline"},
		{"/debug/pprof/profile", "Profile"},
		{"/debug/pprof/symbol", "Symbol"},
		{"/debug/pprof/trace", "Trace"},
	},
}

// importedRoutes registers the routes of onDefaultMux, where the program imports their
// package first.
func (in *interp) importedRoutes() {
	seen := map[string]bool{}
	for _, pkg := range in.Packages {
		in.frame = &frame{pkg: pkg, env: newEnv(nil)}
		for _, file := range pkg.Files {
			for _, spec := range file.Imports {
				name := pkg.Info.PkgNameOf(spec)
				if name == nil || seen[name.Imported().Path()] {
					continue
				}
				seen[name.Imported().Path()] = true
				for _, r := range onDefaultMux[name.Imported().Path()] {
					if fn, ok := name.Imported().Scope().Lookup(r.handler).(*types.Func); ok {
						handler := in.serveFunction(function{fn: fn, node: spec.Path, pkg: pkg})
						in.register(&registered{router: in.defaultMux, pattern: r.pattern, handler: handler, pos: spec.Pos()})
					}
				}
			}
		}
	}
}

// idle returns the functions that a generated file exports for nobody, such as one more way to mount
// its routes. If hand-written files use none of them, those that do may not have been read.
func (in *interp) idle(file *ast.File, pkg *Package) map[*types.Func]bool {
	idle, used := map[*types.Func]bool{}, false
	if !ast.IsGenerated(file) {
		return nil
	}
	for _, d := range file.Decls {
		decl, ok := d.(*ast.FuncDecl)
		if !ok || decl.Recv != nil || !decl.Name.IsExported() {
			continue
		}
		if fn, ok := pkg.Info.Defs[decl.Name].(*types.Func); ok {
			idle[fn] = !in.byHand[fn]
			used = used || in.byHand[fn]
		}
	}
	if !used {
		return nil
	}
	return idle
}

// usedByHand returns the functions that hand-written files name, and what those name in turn.
func (in *interp) usedByHand() map[*types.Func]bool {
	used := map[*types.Func]bool{}
	var visit func(n ast.Node, info *types.Info)
	visit = func(n ast.Node, info *types.Info) {
		for n := range ast.Preorder(n) {
			id, ok := n.(*ast.Ident)
			if !ok {
				continue
			}
			fn, ok := info.Uses[id].(*types.Func)
			if !ok || used[fn.Origin()] {
				continue
			}
			used[fn.Origin()] = true
			if b, known := in.bodies[fn.Origin()]; known {
				visit(b.decl.Body, b.pkg.Info)
			}
		}
	}
	for _, pkg := range in.Packages {
		for _, file := range pkg.Files {
			if !ast.IsGenerated(file) {
				visit(file, pkg.Info)
			}
		}
	}
	return used
}

// called returns the functions that code of the program names. A method of an interface
// names those of all types.
func (in *interp) called() map[*types.Func]bool {
	named, ofInterfaces, auto := map[*types.Func]bool{}, map[string]bool{}, false
	for _, pkg := range in.Packages {
		for _, obj := range pkg.Info.Uses {
			if fn, ok := obj.(*types.Func); ok {
				auto = auto || isAutoRegister(fn)
				named[fn.Origin()] = true
				ofInterfaces[fn.Name()] = ofInterfaces[fn.Name()] || isInterfaceMethod(fn)
			}
		}
	}
	for fn := range in.bodies {
		if fn.Signature().Recv() != nil && (ofInterfaces[fn.Name()] || auto && isRegisterMethod(fn)) {
			named[fn] = true
		}
	}
	return named
}

// hasToDo reports whether a function has to do with routes: it registers some, makes
// handlers, middleware or routers, or calls a function that does.
func (in *interp) hasToDo(fn *types.Func) bool {
	if works, known := in.works[fn]; known {
		return works
	}
	in.works[fn] = false // a function that calls itself
	b, known := in.bodies[fn]
	if !known {
		return false
	}
	in.works[fn] = in.concerns(fn.Signature()) || in.mentionsRoutes(b.decl.Body, b.pkg)
	return in.works[fn]
}

// concerns reports whether a signature has a router, a handler, middleware or a resource.
func (in *interp) concerns(sig *types.Signature) bool {
	for _, tuple := range []*types.Tuple{sig.Params(), sig.Results()} {
		for v := range tuple.Variables() {
			if in.concernsType(v.Type()) {
				return true
			}
		}
	}
	return false
}

// concernsType reports whether a type, or that of the elements of a collection, is one of those.
func (in *interp) concernsType(t types.Type) bool {
	if t == nil {
		return false
	}
	switch u := t.Underlying().(type) {
	case *types.Slice:
		return in.concernsType(u.Elem())
	case *types.Map:
		return in.concernsType(u.Elem())
	}
	return routerKind(t) != "" || isOption(t) || IsHandler(t) || isMiddleware(t) || InRuntime(namedOrNil(t)) || in.isResource(NamedOf(t))
}

func namedOrNil(t types.Type) types.Object {
	if n := NamedOf(t); n != nil {
		return n
	}
	return nil
}

// registers reports whether code calls a method of a router, or http.Handle.
func registers(n ast.Node, pkg *Package) bool {
	for n := range ast.Preorder(n) {
		if call, ok := n.(*ast.CallExpr); ok {
			fn := Callee(pkg.Info, call)
			if fn != nil && (routerKind(receiverType(fn)) != "" && fn.Name() != "ServeHTTP" ||
				PackageOf(fn) == "net/http" && ReceiverOf(fn) == nil && strings.HasPrefix(fn.Name(), "Handle")) {
				return true
			}
		}
	}
	return false
}

// mentionsRoutes reports whether code registers routes, or makes or assigns what has to do with them,
// or calls functions that do.
func (in *interp) mentionsRoutes(n ast.Node, pkg *Package) bool {
	found := false
	ast.Inspect(n, func(n ast.Node) bool {
		if found {
			return false
		}
		switch n := n.(type) {
		case *ast.AssignStmt:
			for _, to := range n.Lhs {
				id, isID := ast.Unparen(to).(*ast.Ident)
				if obj := pkg.Info.Uses[id]; !isID || obj != nil && obj.Parent() == pkg.Types.Scope() {
					found = found || in.concernsType(pkg.Info.TypeOf(to))
				}
				if star, ok := ast.Unparen(to).(*ast.StarExpr); ok {
					found = found || in.hasFields(pkg.Info.TypeOf(star))
				}
			}
		case *ast.CompositeLit:
			found = hasHandler(n.Elts, pkg)
		case *ast.CallExpr:
			switch fn := typeutil.Callee(pkg.Info, n).(type) {
			case *types.Func:
				fn = fn.Origin()
				found = routerKind(receiverType(fn)) != "" || servesByName(fn) || isNewServer(fn) || in.concerns(fn.Signature()) || in.hasToDo(fn) ||
					hasHandler(n.Args, pkg) || in.looksLikeRegistration(n, pkg)
			case *types.Var:
				sig, ok := fn.Type().Underlying().(*types.Signature)
				found = ok && in.concerns(sig) || hasHandler(n.Args, pkg)
			}
		}
		return !found
	})
	return found
}

// hasFields reports whether a struct has fields that concern routes.
func (in *interp) hasFields(t types.Type) bool {
	s, ok := structOf(t)
	return ok && slices.ContainsFunc(slices.Collect(s.Fields()), func(f *types.Var) bool { return in.concernsType(f.Type()) })
}

// servesByName reports whether a function or method of net/http may serve without a handler.
func servesByName(fn *types.Func) bool {
	return PackageOf(fn) == "net/http" && strings.Contains(fn.Name(), "Serve")
}

// hasHandler reports whether a handler or middleware is among arguments, or the elements of a literal.
func hasHandler(list []ast.Expr, pkg *Package) bool {
	return slices.ContainsFunc(list, func(x ast.Expr) bool {
		if pair, ok := x.(*ast.KeyValueExpr); ok {
			x = pair.Value
		}
		t := pkg.Info.TypeOf(x)
		return IsHandler(t) || isMiddleware(t)
	})
}

// mentions reports whether the body of a handler may ask a guard, or pass requests to
// another handler.
func (in *interp) mentions(block *ast.BlockStmt, pkg *Package, _ *env) bool {
	if m, known := in.memo[block]; known {
		return m
	}
	in.memo[block] = false // in a circle
	found := false
	ast.Inspect(block, func(n ast.Node) bool {
		if found {
			return false
		}
		switch n := n.(type) {
		case *ast.SelectorExpr:
			if n.Sel.Name == "CallMethodView" || n.Sel.Name == "ServeHTTP" || InRuntime(pkg.Info.Uses[n.Sel], "Decide", "DecideList") {
				found = true
			}
			if s := pkg.Info.Selections[n]; s != nil && s.Kind() != types.FieldVal {
				fn, ok := s.Obj().(*types.Func)
				found = found || ok && (in.isResource(ReceiverOf(fn.Origin())) || in.isResource(NamedOf(s.Recv())))
			}
		case *ast.CallExpr:
			switch fn := typeutil.Callee(pkg.Info, n).(type) {
			case *types.Func:
				fn = fn.Origin()
				if b, known := in.bodies[fn]; known && mayAsk(fn.Signature()) {
					found = found || in.mentions(b.decl.Body, b.pkg, nil)
				}
				found = found || isInterfaceMethod(fn) && in.implementationAsks(fn)
				found = found || in.behind[fn] || InRuntime(fn, "Decide", "DecideList") || in.summary(fn) != nil
			default:
				found = found || IsHandler(pkg.Info.TypeOf(n.Fun))
			}
		}
		return !found
	})
	in.memo[block] = found
	return found
}

// A placed is where a router is mounted.
type placed struct {
	prefix  string
	unread  string
	outer   []func(serving) serving // middleware around the routes of the router, outermost first
	methods []string                // of a route of gorilla; nil: all
	router  Router
	free    string // why more may stand around it
	within  string // the prefix in the router itself
	seen    string // what is taken off the path that net/http has
	steps   []step // to the router
	group   bool   // the router is an interface or a group
	param   int    // the router is a parameter of a function that is summarized: 1 + its index
}

// places returns where a router is mounted, and the middleware of its own that applies: uses,
// or all of it if the router is late. Inner are the routers that led to it.
func (in *interp) places(r *router, uses []value, inner []*router) []placed {
	if slices.Contains(inner, r) {
		return []placed{{unread: "its router is mounted in a circle"}}
	}
	inner = append(slices.Clip(inner), r)
	if r.late {
		uses = r.uses
	}
	own := in.wraps(uses)
	var list []placed
	switch {
	case r.parent != nil:
		for _, p := range in.places(r.parent, r.outer, inner) {
			p.prefix, p.within = r.kind.join(p.prefix, r.prefix), r.kind.join(p.within, r.prefix)
			if r.kind == ServeMux {
				p.prefix, p.within = r.prefix, r.prefix
			}
			if r.mounted {
				p.steps = append(slices.Clip(p.steps), step{router: Chi, pattern: p.within, mounted: true})
				p.within = ""
			}
			p.unread = firstOf(p.unread, r.unread)
			list = append(list, p)
		}
	case len(r.mounts) > 0:
		for _, m := range r.mounts {
			if len(list) >= maxLoop {
				list[0].unread = firstOf(list[0].unread, "its router is mounted in more places than are followed")
				break
			}
			for _, p := range in.places(m.at.router, m.at.uses, inner) {
				p.unread = firstOf(p.unread, m.at.unread)
				p.unread = firstOf(p.unread, whyUnread(m.outer.prefix, "the prefix that is stripped"))
				if !m.at.server {
					p.steps = append(slices.Clip(p.steps), step{
						router: p.router, pattern: join(p.within, m.at.pattern), only: canonical(intersect(p.methods, m.at.methods)),
						below: m.at.router.isFolder(), mounted: m.mounted, strip: m.outer.prefix,
					})
				}
				p.within = ""
				switch {
				case m.outer.prefix != "":
					p.prefix = join(p.seen, m.outer.prefix)
					p.seen = p.prefix
				case m.mounted:
					p.prefix = join(p.prefix, m.at.pattern)
				default: // the patterns of the inner router have the whole path
					p.prefix = p.seen
				}
				p.outer = append(slices.Clone(p.outer), in.wraps(m.at.own)...)
				outer := m.outer
				p.outer = append(p.outer, func(s serving) serving {
					for _, g := range slices.Backward(outer.guards) {
						s = s.behind(g)
					}
					if outer.by != "" {
						s = s.wrapped(outer.by)
					}
					return s
				})
				p.methods = intersect(p.methods, m.at.methods)
				list = append(list, p)
			}
		}
	default:
		list = []placed{{prefix: r.prefix, within: r.prefix, unread: r.unread}}
		list[0].free, list[0].group, list[0].param = r.free, r.given, r.param
	}
	for i := range list {
		list[i].outer = append(slices.Clone(list[i].outer), own...)
		list[i].router = r.kind
		list[i].methods = intersect(list[i].methods, r.methods)
	}
	return list
}

func firstOf(a, b string) string {
	if a != "" {
		return a
	}
	return b
}

// firstMethods returns the methods of a handler, or those of its router.
func firstMethods(a, b []string) []string {
	if a != nil {
		return a
	}
	return b
}

// intersect returns the methods that both have; nil has all.
func intersect(a, b []string) []string {
	switch {
	case a == nil:
		return b
	case b == nil:
		return a
	}
	return slices.DeleteFunc(slices.Clone(a), func(m string) bool { return !slices.Contains(b, m) })
}

// wraps returns middleware as functions.
func (in *interp) wraps(uses []value) []func(serving) serving {
	list := make([]func(serving) serving, len(uses))
	for i, use := range uses {
		list[i] = func(s serving) serving { return in.around(use, s) }
	}
	return list
}

// place returns the routes of a registration, wherever its router is mounted.
func (in *interp) place(g *registered) []*Route {
	var list []*Route
	if i := slices.IndexFunc(g.methods, func(m string) bool { return !annotations.IsMethod(m) }); i >= 0 {
		g.methods, g.unread = nil, firstOf(g.unread, "no resource has its method "+g.methods[i])
	}
	router, uses := g.router, g.uses
	if g.apart {
		router, uses = router.apart(), nil
	}
	for _, p := range in.places(router, uses, nil) {
		own := g.handler
		for _, wrap := range slices.Backward(in.wraps(g.own)) {
			own = wrap(own)
		}
		handlers := own
		for _, wrap := range slices.Backward(p.outer) {
			handlers = wrap(handlers)
		}
		if g.loose {
			handlers = append(slices.Clip(handlers), own...)
		}
		for _, h := range handlers {
			if h.router != nil { // it has routes of its own
				continue
			}
			only := canonical(intersect(p.methods, g.methods))
			r := &Route{
				Only: only, Methods: canonical(intersect(only, h.methods)), Pattern: p.router.join(p.prefix, g.pattern), Router: p.router,
				Guards: h.guards, By: h.by, Handler: h.handler, Within: h.within, Pos: g.pos, In: g.in, Package: cmp.Or(g.from, g.pkg.Types.Path()), Server: g.server, Settled: g.settled,
				Unread: firstOf(g.unread, p.unread), Free: p.free, Group: p.group, param: p.param,
				steps: append(slices.Clip(p.steps), step{router: p.router, pattern: p.router.join(p.within, g.pattern), only: only, below: g.router.isFolder(), refused: g.router.refused()}),
			}
			if r.Pattern == hole {
				r.Pattern = ""
			}
			for _, g := range r.Guards {
				if of := g.methods(); of != nil {
					r.Methods = canonical(intersect(firstMethods(r.Methods, only), of))
				}
				switch {
				case g.Resource == nil:
					r.Unread = firstOf(r.Unread, "the resource behind the guard is not known")
				case g.Method == UnknownOperation:
					r.Unread = firstOf(r.Unread, "the operation that the guard is asked for is not known")
				}
			}
			if r.Unread == "" && r.State() == Unknown && r.Handler.Unknown != "" {
				r.Unread = r.Handler.Unknown
			}
			list = append(list, r)
		}
	}
	answering := slices.DeleteFunc(slices.Clone(list), func(r *Route) bool { return r.Methods != nil && len(r.Methods) == 0 })
	if len(answering) == 0 {
		return list[:min(1, len(list))]
	}
	return answering
}

// implementationAsks reports whether a method of the program that may stand behind one of an interface
// may ask a guard.
func (in *interp) implementationAsks(fn *types.Func) bool {
	if !mayAsk(fn.Signature()) {
		return false
	}
	if in.methods == nil {
		in.methods = map[string][]*types.Func{}
		for m := range in.bodies {
			if m.Signature().Recv() != nil && mayAsk(m.Signature()) {
				in.methods[m.Name()] = append(in.methods[m.Name()], m)
			}
		}
	}
	return slices.ContainsFunc(in.methods[fn.Name()], func(m *types.Func) bool {
		b := in.bodies[m]
		return types.Identical(types.NewSignatureType(nil, nil, nil, m.Signature().Params(), m.Signature().Results(), m.Signature().Variadic()),
			types.NewSignatureType(nil, nil, nil, fn.Signature().Params(), fn.Signature().Results(), fn.Signature().Variadic())) && in.mentions(b.decl.Body, b.pkg, nil)
	})
}

// unreached adds the calls that make guarded handlers, or register, and were not run.
func (in *interp) unreached(found *Found) {
	used := map[token.Pos]bool{}
	for _, r := range found.Routes {
		for _, g := range r.Guards {
			used[g.Pos] = true
		}
	}
	for _, pkg := range in.Packages {
		for _, file := range pkg.Files {
			var dead *ast.BlockStmt // below if false
			ast.Inspect(file, func(n ast.Node) bool {
				switch n := n.(type) {
				case *ast.IfStmt:
					if pkg.Info.Uses[Ident(n.Cond)] == types.Universe.Lookup("false") {
						dead = n.Body
					}
				case *ast.BlockStmt:
					return n != dead
				case *ast.CallExpr:
					if reason := in.unreachedCall(n, pkg); reason != "" && !used[n.Pos()] {
						found.Unread = append(found.Unread, Unread{n.Pos(), reason})
					}
				}
				return true
			})
		}
	}
}

// unreachedCall returns why a call may leave something without a route or a guard if it is not run,
// "" if it does not.
func (in *interp) unreachedCall(x *ast.CallExpr, pkg *Package) string {
	fn := Callee(pkg.Info, x)
	switch {
	case fn == nil:
	case isNewServer(fn) && !in.servers[x.Pos()]:
		return "the code that calls grpc.NewServer is not followed, so procedures may be open"
	case InRuntime(fn, "Handle", "HandleList", "HandleOperation"), isGuard(fn.Name()) && fn.Signature().Recv() == nil &&
		(InRuntime(fn) || strings.HasPrefix(PackageOf(fn), adaptersPath)):
		return fmt.Sprintf("no route is found for what %s returns", nameOfCall(fn, x))
	}
	return ""
}
