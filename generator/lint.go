package generator

import (
	"bytes"
	"context"
	"go/scanner"
	"go/token"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator/internal/lint"
)

// lint returns the warnings that cfg enables.
func (cfg Config) lint(ctx context.Context, folders []*folder, results []folderResult) (diag.List, error) {
	var packages []lint.Package
	var excluded []lint.ExcludedFile
	for _, r := range results {
		for _, pkg := range r.packages {
			packages = append(packages, lint.Package{Package: pkg, Folder: r.folder.resolved, EntireModule: r.folder.entireModule})
		}
		excluded = append(excluded, r.excluded...)
	}
	return lint.Run(packages, excluded, cfg.Lint, lint.Source{
		Uses:    func(identifiers []string) (map[string]bool, error) { return cfg.uses(ctx, folders, identifiers) },
		Imports: func() (map[string][]string, error) { return cfg.imports(ctx, folders) },
	})
}

// uses returns which of some identifiers the Go files of the folders have, apart from
// outputs and tests. It reads the files again, since few runs need to know.
func (cfg Config) uses(ctx context.Context, folders []*folder, identifiers []string) (map[string]bool, error) {
	used, constants := map[string]bool{}, map[string]bool{}
	for _, id := range identifiers {
		constants[id] = true
	}
	lists, err := eachFolder(ctx, folders, func(f *folder) ([]string, error) { return f.uses(cfg, constants) })
	for _, list := range lists {
		for _, id := range list {
			used[id] = true
		}
	}
	return used, err
}

// uses returns those identifiers that the Go files of a folder have. All are constants
// of scopes, and have Scope in their name.
func (f *folder) uses(cfg Config, constants map[string]bool) ([]string, error) {
	var used []string
	err := f.eachBuilt(cfg, func(path string, data []byte) {
		if bytes.Contains(data, []byte("Scope")) && originOf(path, filepath.Base(path), data, new(diag.List)) != generated {
			used = append(used, identifiersOf(data, constants)...)
		}
	})
	return used, err
}

// eachBuilt calls do for each Go file of a folder, apart from tests.
func (f *folder) eachBuilt(cfg Config, do func(path string, data []byte)) error {
	for _, name := range f.names {
		if !isGoFile(name) || strings.HasSuffix(name, "_test.go") {
			continue
		}
		path := filepath.Join(f.path, name)
		data, err := cfg.read(path)
		switch {
		case err == nil:
			do(path, data)
		case !isOutputName(name) || !isGone(open(cfg.Dir, path)): // else another run has removed it since
			return err
		}
	}
	return nil
}

// identifiersOf returns those identifiers that a Go file has.
func identifiersOf(data []byte, constants map[string]bool) []string {
	var found []string
	var s scanner.Scanner
	s.Init(token.NewFileSet().AddFile("", -1, len(data)), data, func(token.Position, string) {}, 0)
	for {
		switch _, tok, text := s.Scan(); {
		case tok == token.EOF:
			return found
		case tok == token.IDENT && constants[text]:
			found = append(found, text)
		}
	}
}

// imports returns which folders of the run each of them imports, by their resolved
// paths. Like uses it reads the files again.
func (cfg Config) imports(ctx context.Context, folders []*folder) (map[string][]string, error) {
	resolved := map[string]string{} // paths of folders by import path
	for _, f := range folders {
		module, err := f.module.path()
		if err != nil {
			return nil, err
		}
		if module != "" {
			resolved[path.Join(module, f.relPath)] = f.resolved
		}
	}
	lists, err := eachFolder(ctx, folders, func(f *folder) ([]string, error) { return f.imports(cfg, resolved) })
	imports := map[string][]string{}
	for i, list := range lists {
		imports[folders[i].resolved] = list
	}
	return imports, err
}

// imports returns the folders that the Go files of a folder import, of those given by
// import path.
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
