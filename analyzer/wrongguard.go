package analyzer

import (
	"cmp"
	"go/ast"
	"go/token"
	"go/types"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/webapi-gen/webapi-gen/internal/routes"
)

// WrongGuard reports routes behind a guard that is not theirs.
var WrongGuard = &analysis.Analyzer{
	Name: "wrongguard",
	Doc: `report routes behind a guard that is not theirs

A guard asks for the scopes of its own resource and of the method that a request has.
What it lets through must be what these scopes are for. The check reports:

A view of one resource behind the guard of another, which is no super of that.

A view that several operations of different requirements lead to, such as the view of
DELETE that is also that of POST: whoever may do the one may do the other.

The route of an object that is mounted as a collection, by webapi.HandleList or
webapi.GuardList: what the policy of an API token says of the object does not count.

A webapi.Guard before a handler on a pattern without a method: the handler runs for any
method, with the scopes of whichever the client chose. And a guard that is asked for
another method than the route has.

A named operation, such as POST/archive, on a route of another method, where every
request gets 405; and one that no route of the package mounts, if the package mounts
others of its resource and names the operation nowhere.`,
	URL:      docURL,
	Requires: []*analysis.Analyzer{declared, registered},
	Run: func(pass *analysis.Pass) (any, error) {
		c := &wrongGuards{declarations: declarationsOf(pass), pass: pass, views: map[types.Object]operation{}, seen: map[token.Pos]bool{}}
		all := pass.ResultOf[registered].([]*routes.Route)
		for _, r := range all {
			unknown := slices.ContainsFunc(r.Guards, func(g routes.Guard) bool { return g.Resource == nil })
			if r.State() == routes.Guarded && r.Handler.Node != nil && !unknown {
				c.check(r, all)
			}
		}
		c.unmounted(all)
		return nil, nil
	},
}

type wrongGuards struct {
	*declarations
	pass  *analysis.Pass
	views map[types.Object]operation // the first operation of each view
	seen  map[token.Pos]bool
}

// An operation is a method of a resource, and what it requires.
type operation struct {
	resource *types.TypeName
	method   string
	requires string
	pos      token.Pos
}

func (c *wrongGuards) check(r *routes.Route, all []*routes.Route) {
	g := r.Guards[len(r.Guards)-1]
	h := r.Handler
	method, _ := h.Object.(*types.Func)
	isView := h.Resource != nil && method != nil && routes.TakesRequest(method.Signature())
	for _, g := range r.Guards {
		for _, m := range r.Methods {
			if g.Method != "" && m != g.Method && m != "HEAD" && !strings.HasPrefix(g.Method, m+"/") && g.Method != routes.UnknownOperation {
				c.report(h.Node, "the guard of %s is asked for %s, and the route is one of %s, so that the scopes of %s open it; pass the method of the request", g.Resource.Name(), g.Method, m, g.Method)
			}
		}
	}
	if i := slices.IndexFunc(r.Guards, func(g routes.Guard) bool { return g.Named() && !g.Alone }); i >= 0 && r.Methods != nil && len(r.Methods) == 0 {
		method, _, _ := strings.Cut(r.Guards[i].Method, "/")
		c.report(h.Node, "no request gets through the guard of %s: it is asked for %s, which is one of %s, and the route is one of %s",
			r.Guards[i].Resource.Name(), r.Guards[i].Method, method, cmp.Or(strings.Join(r.Only, ", "), "no method"))
	}
	switch {
	case isView && !slices.ContainsFunc(r.Guards, func(g routes.Guard) bool { return c.asks(g.Resource, h.Resource) }):
		c.report(h.Node, "%s.%s is a view of %s and stands behind the guard of %s, whose scopes open it; mount it behind that of %s",
			h.Resource.Name(), method.Name(), h.Resource.Name(), g.Resource.Name(), h.Resource.Name())
	case isView:
		c.operations(r, g, method)
	case !g.Views && !g.Named() && r.Only == nil && r.Pattern != "" && c.methods(g.Resource) > 1:
		c.report(h.Node, "this handler runs for any method, with the scopes of the one that the client chooses; name a method in the route, or mount views with webapi.Handle")
	}
	if fact := c.rules[g.Resource]; g.List && fact != nil && fact.Key != "" && c.isObject(r, g, fact.Key, all) {
		c.reportAt(g.Pos, r.Pos, "the route %s is that of an object and is mounted as a collection, so that the policy of an API token for the object does not count; use %s",
			r.Pattern, map[bool]string{true: "webapi.Handle", false: "Guard"}[g.Views])
	}
}

// asks reports whether the guard of a resource also asks that of another: it is the same,
// or its super.
func (d *declarations) asks(guard, of *types.TypeName) bool {
	for range 32 {
		if guard == of || guard == nil || !d.isResource(guard) {
			return guard == of
		}
		fact := d.rules[guard]
		if fact == nil || fact.Super == "" {
			return fact == nil && embeds(guard.Type(), of)
		}
		guard, _ = guard.Pkg().Scope().Lookup(fact.Super).(*types.TypeName)
	}
	return false
}

// methods returns the number of methods that a resource answers, apart from HEAD.
func (c *wrongGuards) methods(t *types.TypeName) int {
	fact := c.rules[t]
	if fact == nil {
		return 0
	}
	return len(slices.DeleteFunc(slices.Clone(fact.Requires), func(r methodRequires) bool {
		return r.Method == "HEAD" || strings.Contains(r.Method, "/")
	}))
}

// operationsOf returns the methods and named operations that a guard of a route is asked for;
// nil if they are not known.
func (d *declarations) operationsOf(r *routes.Route, g routes.Guard) []string {
	if g.Named() {
		return []string{g.Method}
	}
	fact, methods := d.rules[g.Resource], slices.Clone(r.Methods)
	if methods == nil && fact != nil {
		for _, m := range fact.Requires {
			if !strings.Contains(m.Method, "/") {
				methods = append(methods, m.Method)
			}
		}
	}
	if g.List && fact.requires(ofList) != "" {
		methods = slices.DeleteFunc(methods, func(m string) bool { return m == "HEAD" })
		if i := slices.Index(methods, "GET"); i >= 0 {
			methods[i] = ofList
		}
	}
	return methods
}

// ofList is the operation of the route of a collection, where a resource has it.
const ofList = "GET/list"

// unmounted reports the named operations of resources of the package that none of its routes
// has, if it has other routes of the resource. An operation that code names counts as mounted:
// it may be asked for in a table, or in a function that is not followed.
func (c *wrongGuards) unmounted(all []*routes.Route) {
	asked, known := map[*types.TypeName][]string{}, map[string]bool{}
	for _, r := range all {
		for _, g := range r.Guards {
			if g.Resource == nil || g.Method == routes.UnknownOperation {
				return // it may be any
			}
			asked[g.Resource] = append(asked[g.Resource], c.operationsOf(r, g)...)
		}
	}
	for _, file := range sources(c.pass) {
		for n := range ast.Preorder(file) {
			if x, ok := n.(ast.Expr); ok {
				if text, ok := routes.Constant(c.pass.TypesInfo, x); ok {
					known[text] = true
				}
			}
		}
	}
	for t, operations := range asked {
		if t.Pkg() != c.pass.Pkg || c.rules[t] == nil {
			continue
		}
		for _, m := range c.rules[t].Requires {
			if strings.Contains(m.Method, "/") && !slices.Contains(operations, m.Method) && !known[m.Method] {
				c.pass.Reportf(t.Pos(), "nothing here mounts %s of %s: no route has a guard that is asked for it; mount it with %s",
					m.Method, t.Name(), map[bool]string{true: "webapi.HandleList", false: "webapi.HandleOperation"}[m.Method == ofList])
			}
		}
	}
}

// operations reports a view that an operation of another requirement leads to as well.
func (c *wrongGuards) operations(r *routes.Route, g routes.Guard, view *types.Func) {
	methods := c.operationsOf(r, g)
	if g.Method != "" {
		methods = []string{g.Method}
	}
	for _, m := range methods {
		text := c.rules[g.Resource].requires(m)
		if text == "" || m == "HEAD" {
			continue
		}
		first, known := c.views[view]
		if !known {
			c.views[view] = operation{g.Resource, m, text, r.Handler.Node.Pos()}
			continue
		}
		if first.requires != text && first.method != m {
			c.report(r.Handler.Node, "%s.%s is the view of %s, which requires %s, and of %s, which requires %s: who may do the one may do the other; give each a view of its own",
				r.Handler.Resource.Name(), view.Name(), first.method, first.requires, m, text)
			return
		}
	}
}

// isObject reports whether a route has the path value of an object at its end, or below
// the route of an object of the same resource.
func (c *wrongGuards) isObject(r *routes.Route, g routes.Guard, key string, all []*routes.Route) bool {
	path := strings.TrimSuffix(strings.TrimSuffix(r.Pattern, "/{$}"), "/")
	i := slices.IndexFunc(strings.Split(path, "/"), func(s string) bool { return routes.Wildcard(s) == key })
	if i < 0 {
		return false
	}
	segments := strings.Split(path, "/")
	if i == len(segments)-1 {
		return true
	}
	object := strings.Join(segments[:i+1], "/")
	return slices.ContainsFunc(all, func(other *routes.Route) bool {
		return strings.TrimSuffix(other.Pattern, "/") == object && slices.ContainsFunc(other.Guards, func(o routes.Guard) bool {
			return o.Resource == g.Resource && !o.List
		})
	})
}

func (c *wrongGuards) report(n ast.Node, format string, args ...any) {
	if !c.seen[n.Pos()] {
		c.seen[n.Pos()] = true
		c.pass.ReportRangef(n, format, args...)
	}
}

// reportAt reports at a guard, or at the route where the guard stands in another package.
func (c *wrongGuards) reportAt(guard, route token.Pos, format string, args ...any) {
	pos := guard
	if !pos.IsValid() {
		pos = route
	}
	if !c.seen[pos] {
		c.seen[pos] = true
		c.pass.Reportf(pos, format, args...)
	}
}
