package routes

import (
	"cmp"
	"go/ast"
	"go/types"
	"maps"
	"slices"
)

func (in *interp) summary(fn *types.Func) *Summary {
	if in.Summary == nil || fn == nil {
		return nil
	}
	return in.Summary(fn)
}

// applySummary evaluates a call of a function of another package, of which a summary
// is known.
func (in *interp) applySummary(x *ast.CallExpr, fn *types.Func, args []value) (value, bool) {
	s := in.summary(fn)
	if s == nil {
		return nil, false
	}
	for _, given := range s.Routes {
		in.registerGiven(x, fn, given, args)
	}
	var inner serving
	for i, arg := range x.Args {
		if IsHandler(in.pkg.Info.TypeOf(arg)) && len(s.Routes) == 0 {
			inner = append(inner, in.serve(args[i], arg)...)
		}
	}
	t := in.pkg.Info.TypeOf(x)
	if sel, ok := ast.Unparen(x.Fun).(*ast.SelectorExpr); ok && len(s.Uses) > 0 {
		if r := in.embeddedRouter(in.through(sel)); r != nil {
			in.use(r, givenFor(fn, s.Uses, args))
		}
	}
	if kind := routerKind(t); kind != "" {
		r, _ := in.symbol(t, "", 0, x).(*router)
		if of, ok := argument(args, s.Group).(*router); ok {
			r = in.group(of, kind, s.Prefix, whyUnread(s.Prefix, "the prefix of its group"))
		}
		r.uses, r.given = givenFor(fn, s.Passes, args), r.given && slices.ContainsFunc(args, isGiven)
		return r, true
	}
	guards := in.allAsked(s.Asks, x)
	switch {
	case len(guards) == 0 && s.By == "":
		return nil, s.Routes != nil
	case len(inner) == 0 && (isMiddleware(t) || isGinHandler(t)):
		var v value
		switch len(guards) {
		case 0:
		case 1:
			v = guardian(guards[0])
		default:
			var chain list
			for _, g := range guards {
				chain = append(chain, element{value: guardian(g)})
			}
			v = chain
		}
		if s.By != "" {
			v = either(v, wrapping(s.By))
		}
		return v, true
	case len(inner) == 0 && IsHandler(t):
		inner = serving{{handler: in.made(x, fn)}}
	case len(inner) == 0:
		return nil, false
	}
	return s.before(inner, guards), true
}

// before returns handlers behind the guards of a summary, and behind its wrapper.
func (s *Summary) before(h serving, guards []Guard) serving {
	var list serving
	if len(guards) > 0 {
		list = behindAll(h, guards)
	}
	if s.By != "" {
		list = append(list, h.wrapped(s.By)...)
	}
	if list == nil {
		return h
	}
	return list
}

// stands returns handlers behind what a function of another package puts before them.
func (in *interp) stands(s *Summary, h serving) serving { return s.before(h, in.allAsked(s.Asks, nil)) }

// allAsked returns the guards that a summary speaks of. The call may be nil.
func (in *interp) allAsked(list []AskedGuard, x *ast.CallExpr) []Guard {
	guards := make([]Guard, len(list))
	for i, a := range list {
		guards[i] = in.asked(a, x)
	}
	return guards
}

func behindAll(s serving, guards []Guard) serving {
	for _, g := range slices.Backward(guards) {
		s = s.behind(g)
	}
	return s
}

// asked returns the guard that a summary speaks of. The call may be nil.
func (in *interp) asked(a AskedGuard, x *ast.CallExpr) Guard {
	g := Guard{List: a.List, Views: a.Views, Alone: a.Alone, Method: a.Method}
	if x != nil {
		g.Pos = x.Pos()
		if a.Param > 0 && a.Param <= len(x.Args) {
			g = in.guardOf(x.Args[a.Param-1], a.List, x.Pos())
			g.Views, g.Alone, g.Method = a.Views, a.Alone, a.Method
			return g
		}
	}
	if a.Type != "" {
		g.Resource, _ = in.lookup(a.Package, a.Type).(*types.TypeName)
	}
	return g
}

// argument returns the argument for a parameter, which is 1 + its index, or nil.
func argument(args []value, param int) value {
	if param == 0 || param > len(args) {
		return nil
	}
	return args[param-1]
}

// registerGiven registers what a function of another package registers with the
// arguments of a call.
func (in *interp) registerGiven(x *ast.CallExpr, fn *types.Func, given GivenRoute, args []value) {
	g := &registered{pattern: given.Pattern, methods: given.Only, pos: x.Pos()}
	if r, ok := argument(args, given.Router).(*router); ok {
		g.router, g.uses = r, r.uses
	} else {
		g.router = in.newRouter(Other, "")
	}
	if given.Handler > 0 && given.Handler <= len(x.Args) {
		arg := x.Args[given.Handler-1]
		if IsRuntimeType(in.pkg.Info.TypeOf(arg), "Views") {
			g.handler = in.views(x, argument(args, given.Handler))
		} else {
			g.handler = in.serve(argument(args, given.Handler), arg)
		}
	} else {
		h := Handler{Node: x, Public: given.Public, Unknown: given.Unknown}
		if t, ok := in.lookup(given.Package, given.Type).(*types.TypeName); ok {
			if in.isResource(t) {
				h.Resource = t
			}
			if m := MethodNamed(t.Type(), given.Name); m != nil {
				h.Object = m
			}
		} else if obj := in.lookup(given.Package, given.Name); obj != nil {
			h.Object = obj
		}
		g.handler, g.from, g.settled = serving{{handler: h, by: given.By}}, given.In, given.Settled
	}
	g.handler = behindAll(g.handler, in.allAsked(given.Asks, x))
	if given.Methods != nil {
		g.handler = slices.Clone(g.handler)
		for i := range g.handler {
			g.handler[i].methods = given.Methods
		}
	}
	in.register(g)
}

// lookup returns what a package that the program imports declares, or nil.
func (in *interp) lookup(path, name string) types.Object {
	seen := map[*types.Package]bool{}
	var find func(p *types.Package) types.Object
	find = func(p *types.Package) types.Object {
		if seen[p] {
			return nil
		}
		seen[p] = true
		if p.Path() == path {
			return p.Scope().Lookup(name)
		}
		for _, imported := range p.Imports() {
			if obj := find(imported); obj != nil {
				return obj
			}
		}
		return nil
	}
	if name == "" {
		return nil
	}
	for _, pkg := range in.Packages {
		if obj := find(pkg.Types); obj != nil {
			return obj
		}
	}
	return nil
}

// summaries returns what the exported functions of the program do.
func (in *interp) summaries() map[*types.Func]*Summary {
	all := map[*types.Func]*Summary{}
	in.recording = false
	in.before = in.used
	for _, fn := range slices.SortedFunc(maps.Keys(in.bodies), func(a, b *types.Func) int { return cmp.Compare(a.Pos(), b.Pos()) }) {
		b := in.bodies[fn]
		if !fn.Exported() || !in.hasToDo(fn) && !mayAsk(fn.Signature()) {
			continue
		}
		if s := in.summarize(fn, b); !s.isEmpty() {
			all[fn] = s
		}
	}
	return all
}

// summarize runs a function with parameters that are known by their types alone.
func (in *interp) summarize(fn *types.Func, b body) *Summary {
	in.frame = &frame{pkg: b.pkg, env: newEnv(nil)}
	defer func() { in.frame = nil }()
	var list serving
	s := &Summary{}
	if mayAsk(fn.Signature()) && !registersByParameter(fn) && !returnsHandler(fn) {
		f := function{fn: fn, pkg: b.pkg}
		isHelper := fn.Signature().Results().Len() > 0 // whose caller goes on
		if read := in.readFunction(f, nil); read != nil && read.guarded() && !(isHelper && (read.skips(false) || read.lies() || read.inverted())) {
			list, s.Answers = read.serving(Handler{}), read.answersBehind()
		}
		if isGinHandler(fn.Type()) {
			s.Before, _ = agreed(slices.DeleteFunc(in.served(f, fn), func(h served) bool { return h.handler.Unknown != isNext }))
		}
	} else {
		in.given, in.summarizing = nil, true
		in.again(b.decl)
		embedded, of := in.embeddedRouter(in.typedReceiver(fn)), 0
		if embedded != nil {
			of = len(embedded.uses)
		}
		v := in.run(b.pkg, fn, b.decl, b.decl.Type, b.decl.Recv, b.decl.Body, nil, nil, nil)
		in.summarizing = false
		s.Routes = in.givenRoutes()
		s.Passes, s.Group, s.Prefix = passed(v)
		if embedded != nil {
			s.Uses = parametersOf(embedded.uses[min(of, len(embedded.uses)):])
			embedded.uses = embedded.uses[:of]
		}
		for _, v := range alternatives(v) {
			list = append(list, in.served(v, fn)...)
		}
	}
	s.Asks, s.By = agreed(list)
	return s
}

// typedReceiver returns the receiver of a method, which is known by its type, or nil.
func (in *interp) typedReceiver(fn *types.Func) value {
	if recv := fn.Signature().Recv(); recv != nil && routerKind(recv.Type()) == "" {
		return opaque{typ: recv.Type()}
	}
	return nil
}

// embeddedRouter returns the router that a value embeds, or nil.
func (in *interp) embeddedRouter(v value) *router {
	if f := routerIn(typeOf(v)); f != nil {
		r, _ := in.field(v, f, nil).(*router)
		return r
	}
	return nil
}

// routerIn returns the router that a struct embeds, or nil.
func routerIn(t types.Type) *types.Var {
	if s, ok := structOf(t); ok {
		for f := range s.Fields() {
			if f.Embedded() && routerKind(f.Type()) != "" {
				return f
			}
		}
	}
	return nil
}

// passed returns the parameters that are middleware of a router, or of each that a value may be,
// and the parameter whose group with a prefix the router is.
func passed(v value) (all []int, of int, prefix string) {
	for i, v := range alternatives(v) {
		r, ok := v.(*router)
		if !ok {
			return nil, 0, ""
		}
		own, param, below := parametersOf(r.uses), 0, ""
		for ; r != nil; r = r.parent {
			param, below = r.param, r.prefix+below
		}
		if i == 0 {
			all, of, prefix = own, param, below
		}
		if of != param || prefix != below {
			of, prefix = 0, ""
		}
		all = slices.DeleteFunc(all, func(param int) bool { return !slices.Contains(own, param) })
	}
	return all, of, prefix
}

// parametersOf returns the parameters that are among values.
func parametersOf(values []value) (all []int) {
	for _, v := range values {
		if v, ok := v.(opaque); ok && v.param > 0 {
			all = append(all, v.param)
		}
	}
	return all
}

// givenFor returns the arguments that are given for parameters of a function, the last of which
// may be variadic.
func givenFor(fn *types.Func, params []int, args []value) (all []value) {
	for _, param := range params {
		last := param
		if fn.Signature().Variadic() && param == fn.Signature().Params().Len() {
			last = len(args)
		}
		if param <= len(args) {
			all = append(all, args[param-1:last]...)
		}
	}
	return flat(all)
}

// agreed returns the guards that all handlers are behind, apart from those that are behind a
// wrapper, and that.
func agreed(list serving) (asks []AskedGuard, by string) {
	for _, h := range list {
		if h.by != "" && len(h.guards) == 0 {
			by = h.by
			continue
		}
		own, known := askedGuards(h.guards)
		if !known || len(own) == 0 || asks != nil && !slices.Equal(own, asks) { // one of several
			return nil, ""
		}
		asks = own
	}
	return asks, by
}

const isNext = "it is the next handler"

// served returns the handlers that a function returns, or that its middleware makes of
// another.
func (in *interp) served(v value, fn *types.Func) serving {
	next := serving{{handler: Handler{Unknown: isNext}}}
	var sig *types.Signature
	switch v := v.(type) {
	case guardian:
		return next.behind(Guard(v))
	case *closure:
		sig = in.signatureOf(v)
	case function:
		sig = v.fn.Signature()
	}
	switch {
	case v == nil:
		return nil
	case sig != nil && (isMiddlewareSignature(sig) || sig.Params().Len() == 1 && TakesRequest(sig)):
		return in.around(v, next)
	case returnsHandler(fn):
		return in.serve(v, nil)
	}
	return nil
}

func askedGuards(guards []Guard) (list []AskedGuard, known bool) {
	for _, g := range guards {
		a := AskedGuard{Param: g.param, List: g.List, Views: g.Views, Alone: g.Alone, Method: g.Method}
		if g.param == 0 {
			if g.Resource == nil {
				return nil, false
			}
			a.Package, a.Type = g.Resource.Pkg().Path(), g.Resource.Name()
		}
		list = append(list, a)
	}
	return list, true
}

// givenRoutes returns the routes of the function that was summarized, of which a router
// or the handler is a parameter.
func (in *interp) givenRoutes() []GivenRoute {
	var list []GivenRoute
	for _, g := range in.given {
		for _, r := range in.place(g) {
			if r.param == 0 && r.Handler.param == 0 {
				continue
			}
			asks, known := askedGuards(r.Guards)
			if !known {
				continue
			}
			given := GivenRoute{
				Router: r.param, Handler: r.Handler.param, Only: r.Only, Methods: r.Methods, Pattern: r.Pattern,
				Asks: asks, By: r.By, In: r.Package, Public: r.Handler.Public || r.Handler.Resource == nil && in.isPublic(r.In), Unknown: r.Handler.Unknown,
			}
			given.Settled = !r.OfCaller() && r.Handler.param == 0 && !slices.ContainsFunc(asks, func(a AskedGuard) bool { return a.Param > 0 })
			if obj := r.Handler.Object; obj != nil && obj.Pkg() != nil {
				given.Package, given.Name = obj.Pkg().Path(), obj.Name()
				t := r.Handler.Resource
				if fn, ok := obj.(*types.Func); ok && t == nil {
					t = ReceiverOf(fn)
				}
				if t != nil {
					given.Package, given.Type = t.Pkg().Path(), t.Name()
				}
			}
			list = append(list, given)
		}
	}
	return list
}
