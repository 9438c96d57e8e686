package routes

import (
	"context"
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"go/types"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/webapi-gen/webapi-gen/generator"
)

// A Loader type-checks packages from source, without the go command and whether
// or not they compile. It also loads imports of the same module. Other packages,
// the standard library included, have no types. A Loader is for one goroutine.
type Loader struct {
	base     string // what paths are relative to
	fset     *token.FileSet
	modules  []module
	folders  map[string]string  // the folders of Find as given, by import path
	packages map[string]*loaded // by import path; nil while it is being loaded
}

// A module is the folder and the path of a module.
type module struct{ dir, path string }

// A loaded is a package that was type-checked.
type loaded struct {
	types  *types.Package
	finder *finder // nil for a stub package
}

// NewLoader returns a loader for folders relative to base, "" for the current one.
func NewLoader(base string) *Loader {
	l := &Loader{base: base, fset: token.NewFileSet(), folders: map[string]string{}, packages: map[string]*loaded{}}
	for path, source := range stubs {
		if file, err := parser.ParseFile(l.fset, path, source, parser.SkipObjectResolution); err == nil {
			pkg, _ := l.check(path, []*ast.File{file})
			l.packages[path] = &loaded{types: pkg}
		}
	}
	return l
}

// stubs are the sources of stub packages. They declare what must be known of two
// packages that are not loaded: the constants of patterns and views, and the
// functions that are looked for.
var stubs = map[string]string{
	"net/http": `package http

const (
	MethodGet     = "GET"
	MethodHead    = "HEAD"
	MethodPost    = "POST"
	MethodPut     = "PUT"
	MethodPatch   = "PATCH"
	MethodDelete  = "DELETE"
	MethodConnect = "CONNECT"
	MethodTrace   = "TRACE"
	MethodOptions = "OPTIONS"
)

type ServeMux struct{}

func NewServeMux() *ServeMux

var DefaultServeMux *ServeMux`,
	runtimePath: `package webapi

type Views map[string]any

func Handle(res any, views Views) any
func HandleList(res any, views Views) any`,
}

// Find returns what the packages in the folders register, apart from their tests.
// It skips files that cannot be read or parsed, which the compiler reports.
func (l *Loader) Find(ctx context.Context, folders []string) (Found, error) {
	paths := make([]string, len(folders))
	for i, dir := range folders {
		path, err := l.ImportPath(dir)
		if err != nil {
			return Found{}, err
		}
		paths[i], l.folders[path] = path, dir
	}
	c := collector{registered: map[token.Position]bool{}}
	for _, path := range paths {
		if err := ctx.Err(); err != nil {
			return Found{}, err
		}
		if p := l.load(path, l.folders[path]); p != nil && p.finder != nil {
			c.add(p.finder)
		}
	}
	return c.found(), nil
}

// ImportPath returns the import path of the package in a folder. Outside of any
// module, where none can be imported, it is the path of the folder.
func (l *Loader) ImportPath(dir string) (string, error) {
	abs, err := filepath.Abs(l.open(dir))
	if err != nil {
		return "", err
	}
	resolved, err := filepath.EvalSymlinks(abs)
	if err != nil {
		return "", err
	}
	m := l.module(resolved)
	if m.path == "" {
		return filepath.ToSlash(resolved), nil
	}
	rel, err := filepath.Rel(m.dir, resolved)
	return path.Join(m.path, filepath.ToSlash(rel)), err
}

// open returns the path by which the system finds a folder.
func (l *Loader) open(dir string) string {
	if filepath.IsAbs(dir) {
		return dir
	}
	return filepath.Join(l.base, dir)
}

// module returns the module of a folder, given by its path without symbolic links.
// It returns the zero module if there is none.
func (l *Loader) module(dir string) module {
	for ; ; dir = filepath.Dir(dir) {
		if i := slices.IndexFunc(l.modules, func(m module) bool { return m.dir == dir }); i >= 0 {
			return l.modules[i]
		}
		if data, err := generator.ReadFile(filepath.Join(dir, "go.mod")); err == nil {
			m := module{dir, modfile.ModulePath(data)}
			if m.path == "" {
				return module{}
			}
			l.modules = append(l.modules, m)
			return m
		}
		if dir == filepath.Dir(dir) {
			return module{}
		}
	}
}

// Import returns a package of one of the modules, as a [types.Importer]. For other
// packages it returns an error, and go/types declares an empty package.
func (l *Loader) Import(path string) (*types.Package, error) {
	if p, ok := l.packages[path]; ok {
		if p == nil {
			return nil, fmt.Errorf("%s imports itself", path)
		}
		return p.types, nil
	}
	for _, m := range l.modules {
		rel, ok := strings.CutPrefix(path, m.path)
		if !ok || rel != "" && rel[0] != '/' {
			continue
		}
		dir := filepath.Join(m.dir, filepath.FromSlash(rel))
		if l.module(dir) != m {
			continue
		}
		if given, ok := l.folders[path]; ok {
			dir = given
		}
		if p := l.load(path, dir); p != nil {
			return p.types, nil
		}
	}
	return nil, fmt.Errorf("%s is not loaded from source", path)
}

// load type-checks the package in a folder, once. It returns nil if the folder has
// no package.
func (l *Loader) load(path, dir string) *loaded {
	if p := l.packages[path]; p != nil {
		return p
	}
	files := l.parse(dir)
	if len(files) == 0 {
		return nil
	}
	l.packages[path] = nil
	pkg, info := l.check(path, files)
	l.packages[path] = &loaded{pkg, newFinder(l, files, info)}
	return l.packages[path]
}

// check type-checks files. What has errors has no types.
func (l *Loader) check(path string, files []*ast.File) (*types.Package, *types.Info) {
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{},
		Defs:  map[*ast.Ident]types.Object{},
		Uses:  map[*ast.Ident]types.Object{},
	}
	cfg := types.Config{Importer: l, FakeImportC: true, Error: func(error) {}}
	pkg, _ := cfg.Check(path, l.fset, files, info)
	return pkg, info
}

// finderOf returns the finder of the package of a function, or nil if that is not
// loaded from source. The function may be nil.
func (l *Loader) finderOf(fn *types.Func) *finder {
	if fn == nil || fn.Pkg() == nil {
		return nil
	}
	if p := l.packages[fn.Pkg().Path()]; p != nil {
		return p.finder
	}
	return nil
}

// parse reads the Go files of a folder, apart from tests. Of several packages it
// returns the one with the most files: the others are programs for go run.
func (l *Loader) parse(dir string) []*ast.File {
	entries, err := os.ReadDir(l.open(dir))
	if err != nil {
		return nil
	}
	packages := map[string][]*ast.File{}
	most := ""
	for _, e := range entries {
		name := e.Name()
		if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, "_test.go") || name[0] == '_' || name[0] == '.' {
			continue
		}
		data, err := generator.ReadFile(l.open(filepath.Join(dir, name)))
		if err != nil {
			continue
		}
		file, err := parser.ParseFile(l.fset, filepath.Join(dir, name), data, parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		pkg := file.Name.Name
		if packages[pkg] = append(packages[pkg], file); most == "" || len(packages[pkg]) > len(packages[most]) {
			most = pkg
		}
	}
	return packages[most]
}
