package routes

import (
	"cmp"
	"go/types"
	"slices"

	"github.com/webapi-gen/webapi-gen/annotations"
)

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
