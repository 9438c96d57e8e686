package main

import (
	"cmp"
	"fmt"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"time"

	"golang.org/x/mod/modfile"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/export"
	"github.com/webapi-gen/webapi-gen/internal/routes"
	"github.com/webapi-gen/webapi-gen/model"
)

// A description is what export writes documents from.
type description struct {
	*export.API
	found *routes.Table
	names map[*model.Resource]string // the IDs
}

// describe describes packages whose folders are relative to root, the folder of their module.
// Found has their routes, which were not looked at if notLookedAt says why.
func describe(root string, packages []*model.Package, found *routes.Table, notLookedAt string) *description {
	c := catalogueOf(packages)
	d := &description{API: &export.API{Unread: []export.Place{}, NotLookedAt: notLookedAt}, found: found, names: map[*model.Resource]string{}}
	if text, err := generator.ReadFile(filepath.Join(root, "go.mod")); err == nil {
		d.Module = modfile.ModulePath(text)
	}
	for i, id := range c.short(c) {
		d.names[c[i].Resource] = id
	}
	d.Scopes = exportedScopes(packages)
	d.Resources = c.exported(d.names)
	d.addRoutes()
	if mounted, _ := found.Mounted(); notLookedAt == "" {
		for i, r := range c {
			d.Resources[i].Unmounted = !mounted[r.Resource]
		}
	}
	for _, u := range unread(found) {
		pos := found.Position(u.Pos)
		d.Unread = append(d.Unread, export.Place{File: pos.Filename, Line: pos.Line, Reason: u.Reason})
	}
	d.LeastFirst()
	return d
}

// exported returns the resources with their operations.
func (c catalogue) exported(names map[*model.Resource]string) []export.Resource {
	all := make([]export.Resource, len(c))
	for i, r := range c {
		all[i] = export.Resource{
			ID: names[r.Resource], Name: r.Name, Package: r.pkg.Name, Dir: filepath.ToSlash(r.pkg.Dir), Type: r.Type, Description: r.Description,
			OAuth2: r.OAuth2, APITokens: r.APITokens, Operations: []export.Operation{}, Grants: map[string][]string{},
		}
		for _, g := range r.Grants {
			for _, by := range g.By {
				all[i].Grants[g.Scope.Value] = append(all[i].Grants[g.Scope.Value], by.Value)
			}
		}
		for _, m := range r.Methods {
			if m.Name == "HEAD" {
				continue
			}
			method, _ := annotations.CutOperation(m.Name)
			o := export.Operation{
				Name: m.Name, Method: method, Action: m.Action, Public: m.Public, Anonymous: m.Anonymous, Authenticated: m.Authenticated,
				APITokens: r.APITokens && !m.Public && !m.StepUp.Needed(),
				Requires:  [][]string{}, ACR: nonNil(m.StepUp.ACR), MaxAge: int64(m.StepUp.MaxAge / time.Second), Routes: []export.RouteRef{},
			}
			if r.OAuth2 {
				o.Requires = m.Declared().Values()
			}
			all[i].Operations = append(all[i].Operations, o)
		}
	}
	return all
}

// exportedScopes returns the scopes that packages declare and require. It has no aliases.
func exportedScopes(packages []*model.Package) []export.Scope {
	known := map[string]*export.Scope{}
	add := func(pkg *model.Package, s model.Scope) {
		scope := known[s.Value]
		if scope == nil {
			scope = &export.Scope{Name: s.Value, Implies: []string{}}
			known[s.Value] = scope
		}
		if s.Const != "" {
			scope.Constant = cmp.Or(scope.Constant, pkg.Name+"."+s.Const)
		}
		scope.Text = cmp.Or(scope.Text, s.Text)
		scope.Implies = append(scope.Implies, s.Implies...)
	}
	for _, pkg := range packages {
		if pkg.External {
			continue
		}
		for _, s := range pkg.Scopes {
			add(pkg, s)
		}
		for _, r := range pkg.Catalogued() {
			for _, s := range r.Scopes {
				add(pkg, s)
			}
		}
	}
	for _, r := range catalogueOf(packages) {
		var named []model.ScopeRef
		for _, m := range r.Methods {
			named = append(named, slices.Concat(m.Declared()...)...)
		}
		for _, g := range r.Grants {
			named = append(named, g.By...)
		}
		for _, ref := range named {
			ref.Const = "" // it may be that of another package
			add(r.pkg, model.Scope{ScopeRef: ref})
		}
	}
	all := []export.Scope{}
	for _, name := range slices.Sorted(maps.Keys(known)) {
		scope := known[name]
		slices.Sort(scope.Implies)
		scope.Implies = slices.Compact(scope.Implies)
		all = append(all, *scope)
	}
	return all
}

// addRoutes adds the routes, and to each operation those that ask for it.
func (d *description) addRoutes() {
	d.Routes = []export.Route{}
	seen := map[string]bool{}
	for _, r := range d.found.Routes {
		for _, route := range d.exportedRoutes(r) {
			if key := fmt.Sprint(route); !seen[key] {
				seen[key] = true
				d.Routes = append(d.Routes, route)
			}
		}
	}
	rank := func(r export.Route) string { return strings.Join(r.Methods, ",") }
	slices.SortStableFunc(d.Routes, func(a, b export.Route) int {
		return cmp.Or(cmp.Compare(a.Pattern, b.Pattern), annotations.CompareOperations(rank(a), rank(b)), cmp.Compare(rank(a), rank(b)), cmp.Compare(fmt.Sprint(a), fmt.Sprint(b)))
	})
	asked := map[export.Call]*export.Operation{}
	for i := range d.Resources {
		r := &d.Resources[i]
		for n := range r.Operations {
			asked[export.Call{Resource: r.ID, Operation: r.Operations[n].Name}] = &r.Operations[n]
		}
	}
	for _, route := range d.Routes {
		for _, call := range route.Guards {
			o := asked[call]
			ref := export.RouteRef{Method: route.Methods[0], Pattern: route.Pattern}
			if o != nil && !slices.Contains(o.Routes, ref) && !(ref.Method == "HEAD" && slices.Contains(o.Routes, export.RouteRef{Method: "GET", Pattern: ref.Pattern})) {
				o.Routes = append(o.Routes, ref)
			}
		}
	}
}

// exportedRoutes returns a route as documents have it: one for each method if it is guarded,
// since each asks for an operation of its own.
func (d *description) exportedRoutes(r *routes.Route) []export.Route {
	route := export.Route{
		Methods: nonNil(bareMethods(r)), Pattern: r.Path(), Guard: states[r.State()], Guards: []export.Call{}, By: r.By,
		Handler: handlerCell(r.Handler), Reason: cmp.Or(r.Unread, r.Free),
	}
	if route.Guard == export.Public {
		route.Why = d.found.Why(r.Handler)
	}
	if route.Guard != export.Guarded {
		if route.Guard == export.Unknown {
			route.Reason = cmp.Or(route.Reason, r.Handler.Unknown, "its handler is not known")
		}
		return []export.Route{route}
	}
	var all []export.Route
	for _, m := range annotations.Methods() {
		if !r.Answers(m) {
			continue
		}
		if one, answered := d.guarded(route, r, m); answered {
			all = append(all, one)
		}
	}
	return all
}

// guarded returns a guarded route as it answers a method, and false if a guard does not.
func (d *description) guarded(route export.Route, r *routes.Route, method string) (export.Route, bool) {
	s := servedRoute{Route: r}
	if !s.readGuards(d.found, d.names, method) {
		return route, false
	}
	route.Methods, route.Reason, route.Guards = []string{method}, cmp.Or(s.why, route.Reason), []export.Call{}
	for _, name := range s.guards {
		operation, id, _ := strings.Cut(name, ":")
		if operation == "HEAD" {
			operation = "GET"
		}
		route.Guards = append(route.Guards, export.Call{Resource: id, Operation: operation})
	}
	if len(route.Guards) == 0 {
		route.Guard = export.Unknown
	}
	return route, true
}

// states are the states of routes as documents name them.
var states = map[routes.State]export.State{
	routes.Guarded: export.Guarded, routes.Public: export.Public, routes.Wrapped: export.Wrapped,
	routes.Unguarded: export.Unguarded, routes.Unknown: export.Unknown,
}
