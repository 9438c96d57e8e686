package generator

import (
	"cmp"
	"context"
	"fmt"
	"os"
	"path/filepath"
	"slices"

	"golang.org/x/mod/modfile"
)

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
