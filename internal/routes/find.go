package routes

import (
	"fmt"
	"go/ast"
	"go/token"
	"go/types"
	"maps"
	"slices"
	"strings"

	"golang.org/x/tools/go/types/typeutil"
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
					if !ok || idle[fn] || in.isForOthers(fn, pkg) || later != nil && later(fn) || TakesRequest(fn.Signature()) && !registersByParameter(fn) && !registers(decl.Body, pkg) || !in.hasToDo(fn) {
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

// isForOthers reports whether a function is one of an imported package that the other packages do
// not call.
func (in *interp) isForOthers(fn *types.Func, pkg *Package) bool {
	return pkg.Imported && !in.byHand[fn] && !(fn.Name() == "init" && ReceiverOf(fn) == nil)
}

// usedByHand returns the functions that hand-written files name, of packages that are imported only
// variables and init functions, and what those name in turn. A method of an interface that takes a router names those of all types.
func (in *interp) usedByHand() map[*types.Func]bool {
	used := map[*types.Func]bool{}
	methods := map[string][]*types.Func{}
	for fn := range in.bodies {
		if ReceiverOf(fn) != nil {
			methods[fn.Name()] = append(methods[fn.Name()], fn)
		}
	}
	var use func(fn *types.Func)
	visit := func(n ast.Node, info *types.Info) {
		for n := range ast.Preorder(n) {
			if id, ok := n.(*ast.Ident); ok {
				if fn, ok := info.Uses[id].(*types.Func); ok {
					use(fn.Origin())
				}
			}
		}
	}
	use = func(fn *types.Func) {
		if used[fn] {
			return
		}
		used[fn] = true
		if b, known := in.bodies[fn]; known {
			visit(b.decl.Body, b.pkg.Info)
		}
		if isInterfaceMethod(fn) && registersByParameter(fn) {
			for _, method := range methods[fn.Name()] {
				use(method)
			}
		}
	}
	for _, pkg := range in.Packages {
		for _, file := range pkg.Files {
			if ast.IsGenerated(file) {
				continue
			}
			for _, d := range file.Decls {
				if fn, ok := d.(*ast.FuncDecl); !ok || !pkg.Imported || fn.Recv == nil && fn.Name.Name == "init" {
					visit(d, pkg.Info)
				}
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
				case *ast.FuncDecl:
					fn, _ := pkg.Info.Defs[n.Name].(*types.Func)
					return fn == nil || !in.isForOthers(fn, pkg)
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
