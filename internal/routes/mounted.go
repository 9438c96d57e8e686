package routes

import (
	"go/ast"
	"go/types"
	"maps"
	"slices"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/model"
)

// Mounted returns the resources whose guards some route has. The guard of a super is on
// the routes of the resources that embed it. Resources that code asks without a route, as
// servers for RPC do, are among them.
//
// Certain is false if the resource of some guard is not known: it may be any other one.
func (t *Table) Mounted() (mounted map[*model.Resource]bool, certain bool) {
	objs := maps.Clone(t.asked)
	certain = true
	for _, r := range t.Routes {
		for _, g := range r.Guards {
			if g.Resource == nil {
				certain = false
				continue
			}
			objs[g.Resource] = true
		}
	}
	mounted = map[*model.Resource]bool{}
	for obj := range objs {
		r := t.Resources[obj]
		mounted[r] = true
		for ; r != nil && r.Super != nil; r = r.Super.Base {
			base, _ := obj.Pkg().Scope().Lookup(r.Super.Base.Type).(*types.TypeName)
			mounted[t.Resources[base]] = true
		}
	}
	return mounted, certain
}

// State returns the state of a route. A route is public, and not guarded, if its guards are
// asked for public operations only, and unknown if that is not known of one of them.
func (t *Table) State(r *Route) State {
	if state := r.State(); state != Guarded {
		return state
	}
	state := Public
	for _, g := range r.Guards {
		switch {
		case g.Resource == nil || g.Method == UnknownOperation:
			state = Unknown
		case !t.isPublic(r, g):
			return Guarded
		}
	}
	return state
}

// isPublic reports whether a guard of a route lets everybody through.
func (t *Table) isPublic(r *Route, g Guard) bool {
	res := t.Resources[g.Resource]
	if res == nil {
		return false
	}
	asked := false
	for _, m := range annotations.Methods() {
		if !r.Answers(m) {
			continue
		}
		operation, answered := res.Method(t.Operation(g, m))
		if answered && !operation.Public {
			return false
		}
		asked = asked || answered
	}
	return asked
}

// Operation returns the method or the named operation of its resource that a guard is asked
// for by requests with a method.
func (t *Table) Operation(g Guard, method string) string {
	switch {
	case g.Method == UnknownOperation || g.Named():
		return g.Method
	case g.Method != "" && !(g.Method == "GET" && method == "HEAD"):
		method = g.Method
	}
	const list = "GET/list"
	if r := t.Resources[g.Resource]; r != nil && g.List && (method == "GET" || method == "HEAD") {
		if _, ok := r.Method(list); ok {
			return list
		}
	}
	return method
}

// Asks returns the methods of requests that get to a route and ask a resource for a method or
// a named operation there.
func (t *Table) Asks(r *Route, res *model.Resource, operation string) (methods []string) {
	for _, g := range r.Guards {
		if t.Resources[g.Resource] != res {
			continue
		}
		for _, m := range annotations.Methods() {
			if r.Answers(m) && t.Operation(g, m) == operation && !slices.Contains(methods, m) {
				methods = append(methods, m)
			}
		}
	}
	return methods
}

// UnmountedOperations returns the named operations of a resource that no route asks for, if
// routes have its guard and it is certain what for.
func (t *Table) UnmountedOperations(res *model.Resource) []model.Method {
	has := false
	for _, r := range t.Routes {
		for _, g := range r.Guards {
			if g.Resource == nil || t.Resources[g.Resource] == res && g.Method == UnknownOperation {
				return nil
			}
			has = has || t.Resources[g.Resource] == res
		}
	}
	for obj := range t.asked {
		has = has && t.Resources[obj] != res // for which operation is not known
	}
	if !has {
		return nil
	}
	return slices.DeleteFunc(res.Operations(), func(m model.Method) bool {
		return slices.ContainsFunc(t.Routes, func(r *Route) bool { return len(t.Asks(r, res, m.Name)) > 0 })
	})
}

// findAsked notes the resources of a package's calls of webapi.Decide, and of the guards
// of servers for RPC.
func (t *Table) findAsked(pkg *Package) {
	note := func(x ast.Expr) { t.asked[NamedOf(pkg.Info.TypeOf(x))] = true } // which may be no resource
	for _, file := range pkg.Files {
		for n := range ast.Preorder(file) {
			switch n := n.(type) {
			case *ast.CallExpr:
				if fn := Callee(pkg.Info, n); fn != nil && InRuntime(fn, "Decide", "DecideList") && len(n.Args) > 1 {
					note(n.Args[1])
				}
			case *ast.CompositeLit:
				of := NamedOf(pkg.Info.TypeOf(n))
				if of == nil || PackageOf(of) != runtimePath+"/webapirpc" { // Rule
					continue
				}
				for _, x := range n.Elts {
					if pair, ok := x.(*ast.KeyValueExpr); ok {
						x = pair.Value
					}
					note(x)
				}
			}
		}
	}
}
