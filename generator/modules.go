package generator

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"golang.org/x/mod/modfile"
)

// A module is what folders have in common.
type module struct {
	root   string                 // the resolved path of the folder with go.mod; "" for a folder that is in no module
	top    string                 // root, or the folder that is in none
	path   func() (string, error) // the import path of the root; "" if there is none
	header func() (string, error) // the comment that outputs begin with, followed by a blank line; "" if there is none
}

func newModule(root, top string) *module {
	m := &module{root: root, top: top}
	m.path = sync.OnceValues(m.readPath) // each folder asks
	m.header = sync.OnceValues(func() (string, error) { return readHeader(m.headerPath()) })
	return m
}

func (m *module) readPath() (string, error) {
	if m.root == "" {
		return "", nil
	}
	data, err := ReadFile(filepath.Join(m.root, "go.mod"))
	return modfile.ModulePath(data), err
}

// headerPath returns the path of the file that has the header.
func (m *module) headerPath() string { return filepath.Join(m.top, headerName) }

// folderOf returns the path of the folder of a package, if it is one of the module.
func (m *module) folderOf(importPath string) (path string, ok bool) {
	module, err := m.path()
	rel, ok := strings.CutPrefix(importPath+"/", module+"/")
	rel = filepath.FromSlash(strings.TrimSuffix(rel, "/"))
	return filepath.Join(m.root, rel), err == nil && module != "" && ok && (rel == "" || filepath.IsLocal(rel))
}

// module returns the module of the nearest folder with a go.mod, the given one or one above
// it, or nil.
func (f *finder) module(dir string) *module {
	m, known := f.modules[dir]
	if known {
		return m
	}
	if hasModule(dir) {
		m = newModule(dir, dir)
	} else if above := filepath.Dir(dir); above != dir {
		m = f.module(above)
	}
	f.modules[dir] = m
	return m
}

// root returns the root of the module of a folder, or the folder itself if it is in none.
func (f *finder) root(dir string) string {
	if m := f.module(dir); m != nil {
		return m.root
	}
	return dir
}

// workName is the name of the file of a workspace.
const workName = "go.work"

// Modules returns the modules of a folder, as paths that are relative to it, with
// slashes: "." for the folder itself, whether it has a go.mod or not, and the modules
// below it, but for those in folders that ./... skips.
func Modules(ctx context.Context, dir string) ([]string, error) {
	resolved, err := resolvePath(dir, ".")
	if err != nil {
		return nil, err
	}
	modules := []string{"."}
	err = walkModules(ctx, resolved, ".", &modules)
	slices.Sort(modules)
	return modules, err
}

// WorkModules returns Modules and those that a go.work in the folder uses. If the go.work is
// wrong or uses a module that is not below the folder, it returns the others and an error.
func WorkModules(ctx context.Context, dir string) ([]string, error) {
	modules, err := Modules(ctx, dir)
	if err != nil {
		return nil, err
	}
	resolved, err := resolvePath(dir, ".")
	if err != nil {
		return nil, err
	}
	used, err := workModules(resolved)
	modules = append(modules, used...)
	slices.Sort(modules)
	return slices.Compact(modules), err
}

// walkModules adds the modules below a folder, nested ones included.
func walkModules(ctx context.Context, dir, path string, modules *[]string) error {
	if err := ctx.Err(); err != nil {
		return err
	}
	entries, err := os.ReadDir(dir)
	if err != nil {
		return err
	}
	for _, e := range entries {
		if !e.IsDir() || skipped(e.Name()) {
			continue
		}
		below, name := filepath.Join(dir, e.Name()), filepath.Join(path, e.Name())
		if hasModule(below) {
			*modules = append(*modules, filepath.ToSlash(name))
		}
		if err := walkModules(ctx, below, name, modules); err != nil {
			return err
		}
	}
	return nil
}

// workModules returns the modules that the go.work in a folder uses.
func workModules(dir string) ([]string, error) {
	path := filepath.Join(dir, workName)
	switch {
	case isGone(path):
		return nil, nil
	case LeadsOut(dir, path):
		return nil, errLeadsOut(workName)
	}
	text, err := ReadFile(path)
	if err != nil {
		return nil, err
	}
	work, err := modfile.ParseWork(workName, text, nil)
	if err != nil {
		return nil, err
	}
	var modules []string
	for _, use := range work.Use {
		resolved, noFolder := resolvePath(dir, filepath.FromSlash(use.Path))
		name, noPath := filepath.Rel(dir, resolved)
		switch {
		case noFolder != nil || !hasModule(resolved):
			err = cmp.Or(err, fmt.Errorf("%s:%d: there is no module in %s", workName, use.Syntax.Start.Line, use.Path))
		case noPath != nil || !filepath.IsLocal(name):
			err = cmp.Or(err, fmt.Errorf("%s:%d: the module in %s is not below the folder of %[1]s, so it cannot be read with the others",
				workName, use.Syntax.Start.Line, use.Path))
		default:
			modules = append(modules, filepath.ToSlash(name))
		}
	}
	return modules, err
}
