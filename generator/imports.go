package generator

import (
	"context"
	"os"
	"path"
	"path/filepath"
	"slices"

	"golang.org/x/mod/modfile"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// imports returns which folders of the parts each of them imports, by their real
// paths. Like uses it reads the files again.
func (cfg Config) imports(ctx context.Context, parts []part) (map[string][]string, error) {
	modules := map[string]string{} // import paths by root
	folders := map[string]string{} // folders by import path
	for _, p := range parts {
		root := p.folder.root
		if _, known := modules[root]; !known && root != "" {
			data, err := os.ReadFile(filepath.Join(root, "go.mod"))
			if err != nil {
				return nil, err
			}
			modules[root] = modfile.ModulePath(data)
		}
		if modules[root] != "" {
			folders[path.Join(modules[root], p.folder.below)] = p.folder.real
		}
	}
	lists, err := inParallel(ctx, parts, func(_ context.Context, p part) ([]string, error) {
		return p.folder.imports(cfg, folders)
	})
	imports := map[string][]string{}
	for i, list := range lists {
		imports[parts[i].folder.real] = list
	}
	return imports, err
}

// imports returns those of some folders, given by import path, that the Go files of
// a folder import.
func (f *folder) imports(cfg Config, folders map[string]string) ([]string, error) {
	var list []string
	err := f.eachBuilt(cfg, func(file string, data []byte) {
		for _, imported := range annotations.Imports(annotations.Source{Path: file, Data: data}) {
			if to := folders[imported]; to != "" && !slices.Contains(list, to) {
				list = append(list, to)
			}
		}
	})
	return list, err
}
