package main

import (
	"cmp"
	"context"
	"fmt"
	"go/ast"
	"go/types"
	"io"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/routes"
	"github.com/webapi-gen/webapi-gen/model"
)

// routes returns the routes of the packages that the patterns name. An error says that
// they were not looked at.
func (a *app) routes(ctx context.Context, packages []*model.Package) (*routes.Table, error) {
	folders, err := generator.Folders(ctx, a.cfg)
	if err != nil {
		return nil, err
	}
	type answer struct {
		found *routes.Table
		err   error
	}
	read, err := unlessDone(ctx, func() answer {
		found, err := routes.Read(ctx, a.cfg.Dir, folders, packages)
		return answer{found, err}
	})
	return read.found, cmp.Or(err, read.err)
}

// where returns the patterns of the command line.
func (a *app) where() string {
	if len(a.cfg.Patterns) == 0 {
		return "."
	}
	return visible(strings.Join(a.cfg.Patterns, " "))
}

// A bareRoute is a route that no guard of a resource of the catalogue protects.
type bareRoute struct {
	*routes.Route
	methods []string // nil: all
}

// bareRoutes returns the routes that no guard of a resource of the catalogue protects, each once.
func bareRoutes(found *routes.Table, c catalogue) []bareRoute {
	var list []bareRoute
	seen, listed := map[string]bool{}, map[*model.Resource]bool{}
	for _, r := range c {
		listed[r.Resource] = true
	}
	for _, r := range found.Routes {
		if r.State() == routes.Guarded && slices.ContainsFunc(r.Guards, func(g routes.Guard) bool { return g.Resource == nil || listed[found.Resources[g.Resource]] }) {
			continue
		}
		b := bareRoute{r, bareMethods(r)}
		if key := fmt.Sprint(b.cells(found)); !seen[key] {
			seen[key] = true
			list = append(list, b)
		}
	}
	return list
}

// bareMethods returns the methods with which requests get to a handler, nil for all.
func bareMethods(r *routes.Route) []string {
	if r.Methods != nil {
		return r.Methods
	}
	return r.Only
}

// methodsCell returns the methods of a route for people.
func methodsCell(methods []string) string {
	if methods == nil || len(methods) == len(annotations.Methods()) {
		return "*"
	}
	return strings.Join(methods, ",")
}

// patternCell returns the pattern of a route for people.
func patternCell(r *routes.Route) string {
	if r.Pattern == "" {
		return unknownCell
	}
	return visible(r.Pattern)
}

// guardCell returns what stands before a handler, for people.
func guardCell(found *routes.Table, r *routes.Route) string {
	if by := guardedBy(found, r); by != "" {
		return "guarded by " + visible(by)
	}
	return found.State(r).String()
}

// guardedBy returns what guards a route: a wrapper, or resources of other packages than those
// that are listed.
func guardedBy(found *routes.Table, r *routes.Route) string {
	switch found.State(r) {
	case routes.Wrapped:
		return r.By
	case routes.Guarded:
		var names []string
		for _, g := range r.Guards {
			if g.Resource != nil {
				names = append(names, g.Resource.Pkg().Name()+"."+g.Resource.Name())
			}
		}
		return strings.Join(names, ", ")
	}
	return ""
}

// handlerCell returns the name of a handler, or its expression if it has none.
func handlerCell(h routes.Handler) string {
	switch obj := h.Object.(type) {
	case *types.Func:
		name := obj.Name()
		if recv := routes.ReceiverOf(obj); recv != nil {
			name = recv.Name() + "." + name
		}
		if obj.Pkg() != nil {
			name = obj.Pkg().Name() + "." + name
		}
		return name
	case *types.TypeName:
		if obj.Pkg() != nil {
			return obj.Pkg().Name() + "." + obj.Name()
		}
		return obj.Name()
	}
	switch node := h.Node.(type) {
	case *ast.FuncLit:
		return "func literal"
	case ast.Expr:
		const most = 40
		text := types.ExprString(node)
		if len(text) > most {
			text = text[:most] + "..."
		}
		return visible(strings.ToValidUTF8(text, ""))
	}
	return unknownCell
}

// cells returns the line of a table of routes.
func (b bareRoute) cells(found *routes.Table) []string {
	pos := found.Position(b.Pos)
	return []string{methodsCell(b.methods), patternCell(b.Route), guardCell(found, b.Route), handlerCell(b.Handler), fmt.Sprintf("%s:%d", visible(pos.Filename), pos.Line)}
}

// printBare prints routes that no guard of a listed resource protects.
func printBare(w io.Writer, found *routes.Table, list []bareRoute) error {
	t := table{titles: []string{"METHOD", "PATTERN", "GUARD", "HANDLER", positionTitle}}
	for _, b := range list {
		t.lines = append(t.lines, b.cells(found))
	}
	return t.print(w, nil)
}

// unmountedNote prints the resources that no route mounts.
func (a *app) unmountedNote(names []string, found *routes.Table) {
	const most = 10
	if len(names) == 0 {
		return
	}
	text := strings.Join(names[:min(most, len(names))], ", ")
	if len(names) > most {
		text += fmt.Sprintf(" and %d more", len(names)-most)
	}
	if _, certain := found.Mounted(); !certain {
		fmt.Fprintf(a.stderr, "webapi-gen: nothing that can be read mounts %s in %s\n", text, a.where())
		return
	}
	fmt.Fprintf(a.stderr, "webapi-gen: nothing mounts %s in %s: no route has the guard\n", text, a.where())
}

// unreadNote prints what could not be read of the routes, since some may be missing from
// the list. Of many places with one reason, such as those below one prefix, a few stand for all, so
// that they do not hide another.
func unreadNote(w io.Writer, found *routes.Table) {
	const most, mostAlike = 10, 3
	lines, places := slices.Clone(found.Problems), unread(found)
	all, seen := map[string]int{}, map[string]int{}
	for _, u := range places {
		all[u.Reason]++
	}
	for _, u := range places {
		seen[u.Reason]++
		if seen[u.Reason] > mostAlike {
			continue
		}
		pos := found.Position(u.Pos)
		line := fmt.Sprintf("%s:%d: %s", pos.Filename, pos.Line, u.Reason)
		if more := all[u.Reason] - mostAlike; more > 0 && seen[u.Reason] == mostAlike {
			line += fmt.Sprintf(", and so in %s more", count(more, "place"))
		}
		lines = append(lines, line)
	}
	if len(lines) == 0 {
		return
	}
	fmt.Fprintf(w, "webapi-gen: %s not readable, so routes may be missing:\n", count(len(found.Problems)+len(places), "place"))
	for i, line := range lines {
		if i == most {
			fmt.Fprintf(w, "\tand %d more\n", len(lines)-most)
			break
		}
		fmt.Fprintf(w, "\t%s\n", visible(line))
	}
}

// unread returns what is not known of routes.
func unread(found *routes.Table) []routes.Unread {
	list := slices.Clone(found.Unread)
	for _, r := range found.Routes {
		if r.Unread != "" {
			list = append(list, routes.Unread{Pos: r.Pos, Reason: r.Unread})
		}
	}
	slices.SortStableFunc(list, func(a, b routes.Unread) int { return cmp.Compare(a.Pos, b.Pos) })
	seen := map[string]bool{} // a package may have been loaded for several modules
	return slices.DeleteFunc(list, func(u routes.Unread) bool {
		key := fmt.Sprint(found.Position(u.Pos), u.Reason)
		old := seen[key]
		seen[key] = true
		return old
	})
}
