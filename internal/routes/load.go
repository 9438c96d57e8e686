package routes

import (
	"context"
	"errors"
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
)

// A Loader type-checks packages from source, without the go command and whether
// or not they compile. Imports of the same module are loaded too; what is not in
// it, the standard library included, has no types. A Loader is for one goroutine.
type Loader struct {
	base     string // what paths are relative to
	fset     *token.FileSet
	modules  []module
	folders  map[string]string  // by import path: how folders were spelt that were asked for
	packages map[string]*loaded // by import path; nil while it is being loaded
}

// A module is where the packages are whose import path begins with a path.
type module struct{ dir, path string }

// A loaded is a package that was type-checked.
type loaded struct {
	types  *types.Package
	files  []*ast.File
	info   *types.Info
	finder *finder
}

// NewLoader returns a loader for folders relative to base, "" for the current one.
func NewLoader(base string) *Loader {
	l := &Loader{base: base, fset: token.NewFileSet(), folders: map[string]string{}, packages: map[string]*loaded{}}
	for path, source := range standIns {
		l.standIn(path, source)
	}
	return l
}

// Find returns what the packages in the folders register, outside of their tests.
// Files that cannot be read or parsed are passed over: who wants to
// know about those asks the compiler.
func (l *Loader) Find(ctx context.Context, folders []string) (Found, error) {
	paths := make([]string, len(folders))
	for i, dir := range folders {
		path, err := l.ImportPath(dir)
		if err != nil {
			return Found{}, err
		}
		paths[i], l.folders[path] = path, dir
	}
	t := tally{registered: map[token.Position]bool{}}
	for _, path := range paths {
		if err := ctx.Err(); err != nil {
			return Found{}, err
		}
		if p, err := l.load(path, l.folders[path]); err == nil && p.finder != nil {
			p.finder.add(&t)
		}
	}
	return t.found(), nil
}

// ImportPath returns the import path of the package in a folder. Outside of any
// module, where none can be imported, it is the path of the folder.
func (l *Loader) ImportPath(dir string) (string, error) {
	real, err := l.real(dir)
	if err != nil {
		return "", err
	}
	m, ok := l.module(real)
	if !ok {
		return filepath.ToSlash(real), nil
	}
	below, err := filepath.Rel(m.dir, real)
	return path.Join(m.path, filepath.ToSlash(below)), err
}

// real returns the path of a folder that all spellings of it have in common.
func (l *Loader) real(dir string) (string, error) {
	if !filepath.IsAbs(dir) {
		dir = filepath.Join(l.base, dir)
	}
	abs, err := filepath.Abs(dir)
	if err != nil {
		return "", err
	}
	return filepath.EvalSymlinks(abs)
}

// module returns the module that a folder is in.
func (l *Loader) module(real string) (module, bool) {
	for dir := real; ; dir = filepath.Dir(dir) {
		if i := slices.IndexFunc(l.modules, func(m module) bool { return m.dir == dir }); i >= 0 {
			return l.modules[i], true
		}
		if data, err := os.ReadFile(filepath.Join(dir, "go.mod")); err == nil {
			m := module{dir, modfile.ModulePath(data)}
			if m.path == "" {
				return module{}, false
			}
			l.modules = append(l.modules, m)
			return m, true
		}
		if dir == filepath.Dir(dir) {
			return module{}, false
		}
	}
}

var errUnknown = errors.New("not loaded from source")

// Import returns a package of one of the modules. For other packages the error
// makes go/types take a fake, of which nothing is known.
func (l *Loader) Import(path string) (*types.Package, error) {
	if p, ok := l.packages[path]; ok {
		if p == nil {
			return nil, fmt.Errorf("%s imports itself", path)
		}
		return p.types, nil
	}
	for _, m := range l.modules {
		below, ok := strings.CutPrefix(path, m.path)
		if !ok || below != "" && below[0] != '/' {
			continue
		}
		dir := filepath.Join(m.dir, filepath.FromSlash(below))
		if own, _ := l.module(dir); own != m {
			continue
		}
		if asked, ok := l.folders[path]; ok {
			dir = asked
		}
		if p, err := l.load(path, dir); err == nil {
			return p.types, nil
		}
	}
	return nil, errUnknown
}

// load type-checks the package in a folder, once.
func (l *Loader) load(path, dir string) (*loaded, error) {
	if p, ok := l.packages[path]; ok && p != nil {
		return p, nil
	}
	files := l.parse(dir)
	if len(files) == 0 {
		return nil, errUnknown
	}
	l.packages[path] = nil
	p := l.check(path, files)
	p.finder = newFinder(files, p.info, l.fset, l.results)
	p.finder.of = l.finderOf
	l.packages[path] = p
	return p, nil
}

// check type-checks files, whatever is wrong with them.
func (l *Loader) check(path string, files []*ast.File) *loaded {
	info := &types.Info{
		Types: map[ast.Expr]types.TypeAndValue{},
		Defs:  map[*ast.Ident]types.Object{},
		Uses:  map[*ast.Ident]types.Object{},
	}
	cfg := types.Config{Importer: l, FakeImportC: true, Error: func(error) {}}
	pkg, _ := cfg.Check(path, l.fset, files, info) // what it could not make sense of has no types
	return &loaded{types: pkg, files: files, info: info}
}

// results returns the handlers that a function of a loaded package returns.
func (l *Loader) results(fn *types.Func) []Handler {
	f := l.finderOf(fn)
	if f == nil || f.decls[fn] == nil {
		return nil
	}
	return f.results(fn, 0)
}

// finderOf returns the finder of the package of a function, or nil if that is not
// loaded from source.
func (l *Loader) finderOf(fn *types.Func) *finder {
	if fn.Pkg() == nil {
		return nil
	}
	p := l.packages[fn.Pkg().Path()]
	if p == nil {
		return nil
	}
	return p.finder
}

// parse reads the Go files of a folder that are no tests. Of several packages it
// returns the one with the most files: the others are programs for go run.
func (l *Loader) parse(dir string) []*ast.File {
	where := dir
	if !filepath.IsAbs(dir) {
		where = filepath.Join(l.base, dir)
	}
	entries, err := os.ReadDir(where)
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
		data, err := os.ReadFile(filepath.Join(where, name))
		if err != nil {
			continue
		}
		file, err := parser.ParseFile(l.fset, filepath.Join(dir, name), data, parser.SkipObjectResolution)
		if err != nil {
			continue
		}
		of := file.Name.Name
		if packages[of] = append(packages[of], file); most == "" || len(packages[of]) > len(packages[most]) {
			most = of
		}
	}
	return packages[most]
}
