package lockfile

import (
	"errors"
	"io/fs"
	"os"
	"path/filepath"
	"strings"

	"golang.org/x/mod/modfile"

	"github.com/webapi-gen/webapi-gen/generator"
)

// The paths of the modules whose code guards are.
const (
	runtimeModule  = "github.com/webapi-gen/webapi-gen/webapi"
	adapterModules = "github.com/webapi-gen/webapi-gen/adapters/"
)

// replaces returns the lines of go.mod, and of a go.work in the folder or above it, by
// which a build takes the runtime, or an adapter, from elsewhere.
func replaces(root string) ([]Use, error) {
	var list []Use
	add := func(path, to, file string) {
		if path == runtimeModule || strings.HasPrefix(path, adapterModules) {
			list = append(list, Use{strings.TrimSpace(path + " => " + to), file, 1})
		}
	}
	addAll := func(replace []*modfile.Replace, file string) {
		for _, r := range replace {
			add(r.Old.Path, strings.TrimSpace(quotePattern(filepath.ToSlash(r.New.Path))+" "+r.New.Version), file)
		}
	}
	text, err := generator.ReadFile(filepath.Join(root, "go.mod"))
	if errors.Is(err, fs.ErrNotExist) {
		return nil, nil
	} else if err != nil {
		return nil, err
	}
	mod, err := modfile.Parse("go.mod", text, nil)
	if err != nil {
		return nil, err
	}
	addAll(mod.Replace, "go.mod")
	for dir := root; ; dir = filepath.Dir(dir) {
		text, err := generator.ReadFile(filepath.Join(dir, "go.work"))
		if err == nil {
			work, err := modfile.ParseWork("go.work", text, nil)
			if err != nil {
				return nil, err
			}
			addAll(work.Replace, "go.work")
			for _, use := range work.Use {
				used := filepath.FromSlash(use.Path)
				if !filepath.IsAbs(used) {
					used = filepath.Join(dir, used)
				}
				if own, err := os.ReadFile(filepath.Join(used, "go.mod")); err == nil {
					add(modfile.ModulePath(own), quotePattern(use.Path), "go.work")
				}
			}
			return list, nil
		}
		if dir == filepath.Dir(dir) {
			return list, nil
		}
	}
}
