package lockfile

import (
	"cmp"
	"context"
	"errors"
	"fmt"
	"go/token"
	"go/types"
	"io/fs"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/routes"
	"github.com/webapi-gen/webapi-gen/model"
)

// ReadRoutes reads the routes of the module in which cfg.Dir is from its source. It runs
// the go command. The error says that routes are not known.
func ReadRoutes(ctx context.Context, cfg generator.Config) (*Routes, error) {
	root, err := generator.ModuleRoot(cfg.Dir)
	if err != nil {
		return nil, err
	}
	packages, err := generator.ModulePackages(ctx, cfg)
	if err != nil {
		return nil, err
	}
	return readRoutes(ctx, root, packages)
}

// readRoutes reads the routes of a module, of which packages are all.
func readRoutes(ctx context.Context, root string, packages []*model.Package) (*Routes, error) {
	folders, err := generator.Folders(ctx, generator.Config{Dir: root, Patterns: []string{"./..."}})
	if err != nil {
		return nil, err
	}
	table, err := routes.Read(ctx, root, folders, packages)
	if err != nil {
		return nil, fmt.Errorf("the routes of the module are not known: %w", err)
	}
	return RoutesOf(table, root)
}

// RoutesOf returns those of the routes that the packages of a module register. The table must have all
// packages of the module. The error says that routes may be missing.
func RoutesOf(table *routes.Table, root string) (*Routes, error) {
	if len(table.Problems) > 0 {
		return nil, fmt.Errorf("the routes of the module are not known, since a package has errors: %s", table.Problems[0])
	}
	text, err := generator.ReadFile(filepath.Join(root, "go.mod"))
	if err != nil && !errors.Is(err, fs.ErrNotExist) {
		return nil, err
	}
	m := reader{table: table, root: root, path: modfile.ModulePath(text), inModule: map[string]bool{}}
	found := &Routes{}
	registered := table.Of(root)
	for _, r := range registered.Routes {
		found.Routes = append(found.Routes, m.route(r)...)
	}
	for _, u := range registered.Unread {
		found.Routes = append(found.Routes, Route{
			Method: unknown, Pattern: unknown, State: NotReadable, Handler: unknown, In: m.in(u.Pos), Reason: diag.Visible(u.Reason),
		})
	}
	mounted, certain := table.Mounted()
	for obj, r := range table.Resources {
		if certain && !mounted[r] && m.has(obj.Pos()) && !r.File.Test {
			found.Unmounted = append(found.Unmounted, m.name(obj))
		}
	}
	counts := map[Use]int{}
	for _, u := range table.Uses {
		if m.has(u.Pos) {
			what := u.What
			if u.Func != nil {
				what = m.name(u.Func)
			}
			counts[Use{What: what, In: m.in(u.Pos)}]++
		}
	}
	for use, n := range counts {
		use.Count = n
		found.Uses = append(found.Uses, use)
	}
	replaced, err := replaces(root)
	found.Uses = append(found.Uses, replaced...)
	found.sort()
	return found, err
}

// A reader takes the routes of a module out of a table.
type reader struct {
	table    *routes.Table
	root     string
	path     string          // the module's
	inModule map[string]bool // by folder
}

// has reports whether a position is in the module.
func (m *reader) has(pos token.Pos) bool {
	dir := filepath.Dir(m.table.Fset.Position(pos).Filename)
	in, known := m.inModule[dir]
	if !known {
		root, err := generator.ModuleRoot(dir)
		in = err == nil && root == m.root
		m.inModule[dir] = in
	}
	return in
}

// in returns the qualified name of the function, or of the variable of a package, that a position
// is in.
func (m *reader) in(pos token.Pos) string {
	pkg, obj := m.table.In(pos)
	switch {
	case pkg == nil: // another build's
		name := m.table.Fset.Position(pos).Filename
		if rel, err := filepath.Rel(m.root, name); err == nil {
			name = rel
		}
		return filepath.ToSlash(name)
	case obj == nil:
		return m.qualified(pkg, "init")
	}
	return m.name(obj)
}

// name returns the qualified name of a function, a method or a type.
func (m *reader) name(obj types.Object) string {
	name := obj.Name()
	if fn, ok := obj.(*types.Func); ok {
		if recv := routes.ReceiverOf(fn); recv != nil {
			name = recv.Name() + "." + name
		}
	}
	return m.qualified(obj.Pkg(), name)
}

func (m *reader) qualified(pkg *types.Package, name string) string {
	switch {
	case pkg == nil:
		return unknown
	case pkg.Path() == m.path:
		return "." + name
	case strings.HasPrefix(pkg.Path(), m.path+"/"):
		return pkg.Path()[len(m.path)+1:] + "." + name
	}
	return strconv.Quote(pkg.Path()) + "." + name
}

// route returns a line for each method of a route.
func (m *reader) route(r *routes.Route) []Route {
	line := Route{Pattern: cmp.Or(r.Pattern, unknown), Wrapper: r.By, Handler: unknown, Reason: cmp.Or(r.Unread, r.Free)}
	switch r.State() {
	case routes.Public:
		line.State = PublicRoute
	case routes.Unguarded:
		line.State = Unguarded
	case routes.Unknown:
		if len(r.Guards) == 0 {
			line.State = NotReadable
		}
	}
	switch {
	case r.Handler.Object != nil:
		line.Handler = m.name(r.Handler.Object)
	case r.Handler.Unknown == "" && r.Handler.Node != nil:
		line.Handler = m.in(r.Handler.Node.Pos()) + ".func"
	}
	if line.Reason != "" {
		line.In, line.Reason = m.in(r.Pos), diag.Visible(line.Reason)
	}
	methods := r.Methods
	switch {
	case methods == nil && r.Only == nil:
		methods = []string{allMethods}
	case methods == nil:
		methods = r.Only
	case len(methods) == 0:
		methods = []string{noKey}
	}
	var list []Route
	for _, method := range methods {
		if line.Method, line.Guards = method, m.guards(r, method); method != head || !slices.Contains(methods, "GET") {
			list = append(list, line)
		}
	}
	return list
}

// guards returns the guards of a route for requests with a method. One that is asked for another
// method than that of the request has it, as that of a named operation has its operation.
func (m *reader) guards(r *routes.Route, method string) []Guard {
	var guards []Guard
	for _, g := range r.Guards {
		typ, operation := unknown, ""
		if g.Resource != nil {
			typ = m.name(g.Resource)
		}
		switch {
		case g.Method == "", g.Method == method, g.Method == "GET" && method == head:
		case annotations.IsOperation(g.Method):
			operation = g.Method
		default:
			operation = unknown
		}
		guards = append(guards, Guard{typ, g.List, operation})
	}
	return guards
}
