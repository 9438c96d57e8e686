package routes

import (
	"context"
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"go/types"
	"os/exec"
	"path/filepath"
	"runtime"
	"slices"
	"strings"

	"golang.org/x/tools/go/packages"

	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/model"
	"github.com/webapi-gen/webapi-gen/templates"
)

// A Table is the routes of the packages of one module or several, with what the
// annotations say of the resources.
type Table struct {
	Found
	Resources map[*types.TypeName]*model.Resource
	Fset      *token.FileSet
	// Problems say where packages do not compile, or where the annotations of those that they
	// import are wrong, so that routes may be missing.
	Problems []string
	// Uses are in the order of their packages.
	Uses []Use
	// Imported are the resolved packages that were followed and not given.
	Imported []*model.Package

	base     string
	packages []*Package
	modules  map[string]*Found        // what the packages of each module register, by its folder
	public   map[types.Object]string  // what is webapi:public, with the reasons
	asked    map[*types.TypeName]bool // by code that no route leads to, see Mounted
}

// Read returns the routes of the packages in folders, which are relative to base, apart
// from those of their tests. Resolved are the packages that the generator resolves
// there; their folders are relative to base as well.
//
// The packages that they import are followed as well if they are of a module on this disk: the
// same one, one of its workspace, or one that a folder replaces.
//
// It runs the go command, once or twice for each module. An error says that routes were not
// looked at.
func Read(ctx context.Context, base string, folders []string, resolved []*model.Package) (*Table, error) {
	t := &Table{
		Resources: map[*types.TypeName]*model.Resource{}, Fset: token.NewFileSet(), modules: map[string]*Found{},
		public: map[types.Object]string{}, asked: map[*types.TypeName]bool{},
	}
	abs := func(dir string) (string, error) {
		if !filepath.IsAbs(dir) {
			dir = filepath.Join(base, dir)
		}
		dir, err := filepath.Abs(dir)
		if err != nil {
			return "", err
		}
		return filepath.EvalSymlinks(dir)
	}
	var err error
	if t.base, err = abs("."); err != nil {
		return nil, err
	}
	said := map[string][]*model.Package{} // by folder
	for _, pkg := range resolved {
		dir, err := abs(pkg.Dir)
		if err != nil {
			return nil, err
		}
		said[dir] = append(said[dir], pkg)
	}
	patterns := map[string][]string{} // by module
	var roots []string
	for _, folder := range folders {
		dir, err := abs(folder)
		if err != nil {
			return nil, err
		}
		root, err := generator.ModuleRoot(dir)
		if err != nil {
			return nil, err
		}
		rel, err := filepath.Rel(root, dir)
		if err != nil {
			return nil, err
		}
		if patterns[root] == nil {
			roots = append(roots, root)
		}
		patterns[root] = append(patterns[root], "./"+filepath.ToSlash(rel))
	}
	for _, root := range roots {
		if err := t.read(ctx, root, patterns[root], said); err != nil {
			return nil, err
		}
	}
	return t, nil
}

// Of returns what the packages of one module register, also where they call a function of
// another module. Root is the module's folder.
func (t *Table) Of(root string) *Found {
	if found := t.modules[root]; found != nil {
		return found
	}
	return &Found{}
}

// read adds the routes of packages of a module.
func (t *Table) read(ctx context.Context, root string, patterns []string, said map[string][]*model.Package) error {
	named, loaded, err := t.load(ctx, root, patterns)
	if err != nil {
		return err
	}
	p := &Program{Fset: t.Fset}
	guarded := map[types.Object]string{}
	var unread []Unread
	for _, l := range loaded {
		if len(l.Errors) > 0 && len(l.GoFiles) > 0 {
			errs := CompileErrors(l)
			e := errs[max(0, slices.IndexFunc(errs, func(e packages.Error) bool { return e.Kind == packages.ParseError || e.Kind == packages.TypeError }))]
			t.problem(strings.TrimPrefix(fmt.Sprintf("%s: %s", t.relative(e.Pos), e.Msg), ": "))
		}
		unread = append(unread, t.otherBuilds(l.IgnoredFiles, l.Types)...)
		if l.TypesInfo == nil { // its files are missing
			continue
		}
		pkg := &Package{Types: l.Types, Info: l.TypesInfo, Imported: !named[l.ID]}
		dir := ""
		for _, file := range l.Syntax {
			name := t.Fset.Position(file.Package).Filename
			if dir = filepath.Dir(name); !isOutput(file) {
				pkg.Files = append(pkg.Files, file)
			}
		}
		p.Packages = append(p.Packages, pkg)
		if pkg.Imported && said[dir] == nil && dir != "" {
			var err error
			if said[dir], err = generator.Packages(ctx, generator.Config{Dir: t.base, Patterns: []string{t.relative(dir)}}); err != nil {
				t.problem(strings.Split(err.Error(), "\n")...) // its guards are not known
			}
			t.Imported = append(t.Imported, said[dir]...)
		}
		for _, m := range said[dir] {
			if m.Name == l.Name {
				t.annotate(l.Types, m, guarded)
			}
		}
	}
	p.IsResource = func(t2 *types.TypeName) bool { return t.Resources[t2] != nil }
	p.IsPublic = func(obj types.Object) bool { _, ok := t.public[obj]; return ok }
	p.GuardedBy = func(obj types.Object) string { return guarded[obj] }
	t.packages = append(t.packages, p.Packages...)
	t.Uses = append(t.Uses, usesIn(p.Packages)...)
	for _, pkg := range p.Packages {
		if !pkg.Imported {
			t.findAsked(pkg)
		}
	}
	found := Find(p)
	found.Unread = append(unread, found.Unread...)
	t.modules[root] = found
	t.Uses = append(t.Uses, publicUses(p, found.Routes)...)
	t.Routes = append(t.Routes, found.Routes...)
	t.Unread = append(t.Unread, found.Unread...)
	return nil
}

// problem adds problems. That of a package may be there from another module that imports it.
func (t *Table) problem(texts ...string) {
	for _, text := range texts {
		if !slices.Contains(t.Problems, text) {
			t.Problems = append(t.Problems, text)
		}
	}
}

// load returns the packages of a module that patterns name, by their IDs, and these together with
// those that they import and that are on this disk to be changed.
func (t *Table) load(ctx context.Context, root string, patterns []string) (named map[string]bool, all []*packages.Package, err error) {
	cfg := &packages.Config{Context: ctx, Dir: root, Fset: t.Fset, Mode: packages.LoadSyntax | packages.NeedModule}
	all, err = packages.Load(cfg, patterns...)
	if err != nil || len(all) == 0 { // Load says nothing if go.mod is to be updated
		return nil, nil, listFailure(ctx, root, patterns)
	}
	named = map[string]bool{}
	for _, pkg := range all {
		named[pkg.ID] = true
	}
	var imported []string
	packages.Visit(all, nil, func(pkg *packages.Package) {
		m := pkg.Module
		isLocal := m != nil && (m.Main || m.Replace != nil && m.Replace.Version == "")
		if isLocal && !named[pkg.ID] && !ServesHTTP(pkg.PkgPath) {
			imported = append(imported, pkg.PkgPath)
		}
	})
	if len(imported) > 0 {
		all, err = packages.Load(cfg, slices.Concat(patterns, imported)...)
	}
	return named, all, err
}

// annotate notes what the annotations of a package say.
func (t *Table) annotate(pkg *types.Package, m *model.Package, guarded map[types.Object]string) {
	for _, r := range m.Catalogued() {
		if obj, ok := pkg.Scope().Lookup(r.Type).(*types.TypeName); ok {
			t.Resources[obj] = r
		}
	}
	for _, said := range m.Public {
		t.public[Named(pkg, said.Name)] = said.Reason
	}
	for _, said := range m.Guarded {
		guarded[Named(pkg, said.Name)] = said.By
	}
}

// listFailure returns why the go command does not list packages, in its own words.
func listFailure(ctx context.Context, root string, patterns []string) error {
	cmd := exec.CommandContext(ctx, "go", append([]string{"list"}, patterns...)...)
	cmd.Dir = root
	out, err := cmd.CombinedOutput()
	switch {
	case ctx.Err() != nil:
		return ctx.Err()
	case err == nil:
		return fmt.Errorf("the go command finds no packages in %s", root)
	case len(out) == 0:
		return fmt.Errorf("the go command cannot load the packages: %w", err)
	}
	return fmt.Errorf("the go command cannot load the packages: %s", oneLine(string(out)))
}

// CompileErrors returns why a package does not compile, each error in one line. If
// an import is not found it has the reason of the go command, such as a missing
// requirement. What the go command repeats of a parser is left out.
func CompileErrors(pkg *packages.Package) []packages.Error {
	var errs []packages.Error
	for _, e := range pkg.Errors {
		if path, ok := strings.CutPrefix(e.Msg, "could not import "); ok {
			path, _, _ = strings.Cut(path, " ")
			if p := pkg.Imports[path]; p != nil && p.Name == "" && len(p.Errors) > 0 {
				e.Msg = p.Errors[0].Msg
			}
		}
		e.Msg = oneLine(e.Msg)
		errs = append(errs, e)
	}
	withPosition := func(e packages.Error) bool { return e.Pos != "" }
	if slices.ContainsFunc(errs, withPosition) {
		errs = slices.DeleteFunc(errs, func(e packages.Error) bool { return !withPosition(e) && strings.HasPrefix(e.Msg, "# ") })
	}
	return errs
}

// oneLine returns a message of the go command without its line ends and indentation.
func oneLine(message string) string {
	return strings.Join(strings.Fields(message), " ")
}

// Why returns the reason that webapi:public gives for a handler; "" if none does.
func (t *Table) Why(h Handler) string {
	if fn, ok := h.Object.(*types.Func); ok && t.public[fn] == "" && ReceiverOf(fn) != nil {
		return t.public[ReceiverOf(fn)]
	}
	return t.public[h.Object]
}

// Named returns what a directive stands on: TYPE, FUNCTION or TYPE:METHOD. It returns nil if
// the package has no such thing.
func Named(pkg *types.Package, name string) types.Object {
	typ, method, isMethod := strings.Cut(name, ":")
	obj := pkg.Scope().Lookup(typ)
	if !isMethod || obj == nil {
		return obj
	}
	if fn := MethodNamed(obj.Type(), method); fn != nil {
		return fn
	}
	return nil
}

// isOutput reports whether webapi-gen has written a file.
func isOutput(file *ast.File) bool {
	for _, group := range file.Comments {
		for _, c := range group.List { // a licence may precede it
			if c.Slash < file.Package && strings.TrimSuffix(c.Text, "\r") == templates.Header {
				return true
			}
		}
	}
	return false
}

// otherBuilds returns the files of a package that this build leaves out, and that may register
// routes in another or declare another function that has to do with them.
func (t *Table) otherBuilds(files []string, pkg *types.Package) []Unread {
	var list []Unread
	for _, name := range files {
		data, err := generator.ReadFile(name)
		if err != nil || strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(t.Fset, name, data, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil || isOutput(file) || isIgnored(file) { // it may be no Go file
			continue
		}
		if slices.ContainsFunc(file.Imports, func(s *ast.ImportSpec) bool { return ServesHTTP(strings.Trim(s.Path.Value, "\"`")) }) ||
			slices.ContainsFunc(file.Decls, func(d ast.Decl) bool { return redeclares(d, pkg) }) {
			list = append(list, Unread{file.Name.Pos(), fmt.Sprintf("the file is not built for %s/%s", runtime.GOOS, runtime.GOARCH)})
		}
	}
	return list
}

// redeclares reports whether a declaration is that of a function which a package, that may be
// nil, declares as well, with a router, a handler or middleware in its signature.
func redeclares(d ast.Decl, pkg *types.Package) bool {
	decl, ok := d.(*ast.FuncDecl)
	if !ok || pkg == nil {
		return false
	}
	name := decl.Name.Name
	if decl.Recv != nil && len(decl.Recv.List) > 0 {
		recv := decl.Recv.List[0].Type
		if ptr, ok := recv.(*ast.StarExpr); ok {
			recv = ptr.X
		}
		name = types.ExprString(recv) + ":" + name
	}
	fn, ok := Named(pkg, name).(*types.Func)
	return ok && (&interp{Program: &Program{IsResource: func(*types.TypeName) bool { return false }}}).concerns(fn.Signature())
}

// isIgnored reports whether a file is a program for go run: its constraint is ignore.
func isIgnored(file *ast.File) bool {
	for _, group := range file.Comments {
		for _, c := range group.List {
			if x, err := constraint.Parse(c.Text); err == nil && c.Slash < file.Package {
				tag, ok := x.(*constraint.TagExpr)
				return ok && tag.Tag == "ignore"
			}
		}
	}
	return false
}

// IsRouterPackage reports whether a package is a router that is known.
func IsRouterPackage(path string) bool {
	return path != "net/http" && path != runtimePath && !strings.HasPrefix(path, adaptersPath) && ServesHTTP(path)
}

// ServesHTTP reports whether a package has routers, or guards.
func ServesHTTP(path string) bool {
	return path == runtimePath || strings.HasPrefix(path, adaptersPath) || slices.ContainsFunc(routerTypes, func(r struct {
		kind  Router
		path  string
		names []string
	}) bool {
		return strings.HasPrefix(path, r.path)
	})
}

// Position returns a position with a path relative to the folder that Read was given, or
// absolute if that is shorter, as the go command does.
func (t *Table) Position(pos token.Pos) token.Position {
	p := t.Fset.Position(pos)
	p.Filename = t.relative(p.Filename)
	return p
}

func (t *Table) relative(name string) string {
	if rel, err := filepath.Rel(t.base, name); err == nil && len(rel) < len(name) {
		return filepath.ToSlash(rel)
	}
	return name
}
