package main

import (
	"context"
	"errors"
	"fmt"
	"io"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/lockfile"
	"github.com/webapi-gen/webapi-gen/internal/routes"
	"github.com/webapi-gen/webapi-gen/model"
)

// The values of --routes.
const (
	routesOfResources = "resources"
	routesAll         = "all"
	routesNone        = "none"
)

// lookAtRoutes is --routes of a command that reads all routes or none.
type lookAtRoutes bool

func (l *lookAtRoutes) Set(text string) error {
	if text != routesAll && text != routesNone {
		return errors.New("it is all or none")
	}
	*l = text == routesAll
	return nil
}

func (l *lookAtRoutes) String() string {
	if *l {
		return routesAll
	}
	return routesNone
}

func (*lookAtRoutes) Type() string { return "which" }

// A routeCheck is what check finds out about the routes.
type routeCheck struct {
	findings diag.List
	answer   string // to the question whether the packages are guarded
	found    *routes.Table
	err      error // routes were not looked at, or some cannot be known
}

// print prints the places that were not readable, and the answer.
func (c *routeCheck) print(w io.Writer) {
	if c == nil {
		return
	}
	if c.found != nil {
		unreadNote(w, c.found)
	}
	if c.answer != "" {
		fmt.Fprintf(w, "webapi-gen: %s\n", c.answer)
	}
}

// checkRoutes looks at the routes of what was generated, and at their lines in lock files.
// It returns nil if there is nothing to look at.
func (a *app) checkRoutes(ctx context.Context, result *generator.Result, mode string) *routeCheck {
	switch {
	case mode == routesNone && result.Resources == 0:
		return nil
	case mode == routesNone:
		return &routeCheck{answer: "routes were not looked at (--routes=none)"}
	}
	var packages []*model.Package
	for _, f := range result.Folders {
		packages = append(packages, f.Packages...)
	}
	read := sync.OnceValues(func() (*routes.Table, error) { return a.routes(ctx, packages) })
	stale, unlocked, err := lockfile.StaleRoutes(a.cfg.Dir, result, read)
	for _, path := range unlocked {
		fmt.Fprintf(a.stderr, "webapi-gen: %s has no lines of routes: run webapi-gen lock, so that a change of one is seen in reviews\n", visible(path))
	}
	if err == nil && result.Resources == 0 {
		return &routeCheck{findings: stale}
	}
	var found *routes.Table
	if err == nil {
		found, err = read()
	}
	if err != nil {
		return &routeCheck{err: fmt.Errorf("routes were not looked at: %w; --routes=none checks without them", err)}
	}
	c := &routeCheck{findings: stale, found: found}
	tally := map[routes.State]int{}
	seen := map[string]bool{}
	for _, r := range found.Routes {
		key := fmt.Sprint(found.Position(r.Pos), r.Only, r.Methods, r.Pattern, r.State(), r.Handler.Object)
		for _, g := range r.Guards {
			key += fmt.Sprint(g.Resource, g.List, g.Method, found.Position(g.Pos))
		}
		if seen[key] {
			continue
		}
		seen[key] = true
		tally[found.State(r)]++
		c.unguarded(r, mode)
	}
	c.misfits()
	left, certain := c.unmounted(packages, len(found.Routes) > 0)
	notMounted := "not mounted"
	if left > 0 && !certain {
		notMounted = "perhaps not mounted"
	}
	c.answer = fmt.Sprintf("%s guarded, %d public, %d guarded by a wrapper, %d unguarded, %d not readable; %s %s",
		count(tally[routes.Guarded], "route"), tally[routes.Public], tally[routes.Wrapped], tally[routes.Unguarded], tally[routes.Unknown],
		count(left, "resource"), notMounted)
	if tally[routes.Unguarded] > 0 {
		c.answer += "; webapi-gen list shows what is unguarded"
	}
	if len(found.Routes) == 0 {
		c.answer = fmt.Sprintf("no route is found, so another module must mount the guards; %s %s", count(left, "resource"), notMounted)
	}
	if slices.ContainsFunc(result.Folders, isPartOfLocked) {
		c.answer += "; check ./... also compares the routes in " + lockfile.Name
	}
	c.findings = slices.DeleteFunc(c.findings, func(d diag.Diagnostic) bool { return d.Code.Warning() && !a.cfg.Lint.Has(d.Code) })
	switch {
	case len(found.Problems) > 0:
		c.err = fmt.Errorf("packages have errors, so routes may be missing; --routes=none checks without them")
	case mode == routesAll && len(unread(found)) > 0:
		c.err = fmt.Errorf("%s of routes not readable, which --routes=all does not allow", count(len(unread(found)), "place"))
	}
	return c
}

// isPartOfLocked reports whether a folder is that of a module with a lock file of which the
// patterns do not name all folders.
func isPartOfLocked(f generator.Folder) bool {
	if f.Root == "" || f.EntireModule {
		return false
	}
	_, err := os.Stat(filepath.Join(f.Root, lockfile.Name))
	return err == nil
}

// unguarded adds a finding if a route is unguarded and its handler belongs to a resource,
// or all routes count.
func (c *routeCheck) unguarded(r *routes.Route, mode string) {
	if r.State() != routes.Unguarded || r.Handler.Resource == nil && mode != routesAll {
		return
	}
	of := ""
	if r.Handler.Resource != nil {
		of = " of resource " + r.Handler.Resource.Name()
	}
	route := strings.TrimPrefix(methodsCell(bareMethods(r))+" "+patternCell(r), "* ")
	c.findings.Add(c.found.Position(r.Pos), diag.UnguardedRoute, "nothing that is known guards %s: it is a route to %s%s", route, handlerCell(r.Handler), of)
}

// misfits adds a finding for each route of a method or an operation that its resource does not
// answer, and for the first route of an object if none has the path value that the key of the
// resource names.
func (c *routeCheck) misfits() {
	var resources []*model.Resource
	first := map[*model.Resource]*routes.Route{}
	known := map[*model.Resource]bool{} // some route has the path value, or may have it
	for _, r := range c.found.Routes {
		segments := strings.Split(r.Pattern, "/")
		for _, g := range r.Guards {
			res := c.found.Resources[g.Resource]
			if res == nil {
				continue
			}
			if c.denies(r, g, res) {
				break
			}
			switch {
			case g.Alone || r.Computed() || slices.ContainsFunc(segments, func(s string) bool { return routes.Wildcard(s) == res.Key }):
				known[res] = true
			case first[res] == nil && !g.List && routes.Wildcard(segments[len(segments)-1]) != "":
				resources, first[res] = append(resources, res), r
			}
		}
	}
	for _, res := range resources {
		if r := first[res]; res.Key != "" && !known[res] {
			c.findings.Add(c.found.Position(r.Pos), diag.UnfitRoute, "resource %s has key=%s, but no route of it has a path value of that name, so its objects are not known; here the pattern is %s",
				res.Name, res.Key, patternCell(r))
		}
	}
}

// denies reports whether a resource answers nothing that a guard of a route is asked for, and
// adds a finding then.
func (c *routeCheck) denies(r *routes.Route, g routes.Guard, res *model.Resource) bool {
	if r.Methods != nil && len(r.Methods) == 0 && g.Named() {
		method, _, _ := strings.Cut(g.Method, "/")
		c.findings.Add(c.found.Position(r.Pos), diag.UnfitRoute, "this route denies every request: %s of resource %s is asked by %s alone", g.Method, res.Name, method)
		return true
	}
	asked := c.asked(r, g)
	if len(asked) == 0 || slices.ContainsFunc(asked, func(name string) bool { _, ok := res.Method(name); return ok }) {
		return false
	}
	var answered []string
	for _, m := range res.Methods {
		answered = append(answered, m.Name)
	}
	c.findings.Add(c.found.Position(r.Pos), diag.UnfitRoute, "this route denies every request: resource %s does not answer %s; it answers %s",
		res.Name, strings.Join(asked, ", "), strings.Join(answered, ", "))
	return true
}

// asked returns the methods and operations that a guard of a route is asked for, apart from
// OPTIONS and HEAD; none if the route is for all methods.
func (c *routeCheck) asked(r *routes.Route, g routes.Guard) (list []string) {
	if g.Alone || g.Method == routes.UnknownOperation {
		return nil
	}
	methods := r.Methods
	if methods == nil {
		methods = r.Only
	}
	for _, m := range methods {
		if m != "HEAD" && m != "OPTIONS" {
			list = append(list, c.found.Operation(g, m))
		}
	}
	return list
}

// unmounted returns how many resources no route is known to mount, and whether none does
// for certain. It adds a finding for each if that is to be reported, and for each named
// operation of the others that no route has.
func (c *routeCheck) unmounted(packages []*model.Package, report bool) (n int, certain bool) {
	mounted, certain := c.found.Mounted()
	certain = certain && len(c.found.Unread)+len(c.found.Problems) == 0
	for _, pkg := range packages {
		for _, r := range pkg.Catalogued() {
			if mounted[r] {
				if report && certain {
					for _, m := range c.found.UnmountedOperations(r) {
						c.findings.Add(r.Pos, diag.NotMounted, "nothing mounts %s of resource %s: no route has a guard that is asked for it", m.Name, r.Name)
					}
				}
				continue
			}
			n++
			if report && certain {
				c.findings.Add(r.Pos, diag.NotMounted, "nothing mounts resource %s: no route has its guard", r.Name)
			}
		}
	}
	return n, certain
}
