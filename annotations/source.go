package annotations

import (
	"cmp"
	"errors"
	"go/parser"
	"go/scanner"
	"go/token"
	"path/filepath"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/annotations/language"
)

// A Source is the text of a file. Path is how diagnostics name it.
type Source struct {
	Path string
	Data []byte
}

// ReadGo reads the Go files of one folder. It returns a package for each
// package clause: the package itself and its external tests.
//
// Files that no build takes are left out: //go:build ignore, and the package
// documentation, as go/build has it. Files under any other constraint are read,
// so that the result is the same everywhere.
func ReadGo(sources []Source) ([]*Package, diag.List) {
	var diags diag.List
	fset := token.NewFileSet()
	packages := map[string]*Package{}
	for _, src := range sources {
		tree, err := parser.ParseFile(fset, src.Path, src.Data, parser.ParseComments|parser.SkipObjectResolution)
		if err != nil {
			reportSyntax(&diags, src.Path, err)
			continue
		}
		file := newFile(src, tree)
		if file.Constraint == "ignore" || tree.Name.Name == "documentation" {
			continue
		}
		pkg := packages[tree.Name.Name]
		if pkg == nil {
			pkg = &Package{
				Dir:      filepath.Dir(src.Path),
				Name:     Text{Pos: fset.PositionFor(tree.Name.Pos(), false), Value: tree.Name.Name},
				External: file.Test && strings.HasSuffix(tree.Name.Name, "_test"),
			}
			packages[tree.Name.Name] = pkg
		}
		r := reader{fset: fset, src: src.Data, tree: tree, file: file, pkg: pkg, diags: &diags}
		r.read()
	}
	list := make([]*Package, 0, len(packages))
	for _, pkg := range packages {
		list = append(list, pkg)
	}
	slices.SortFunc(list, func(a, b *Package) int { return cmp.Compare(a.Name.Value, b.Name.Value) })
	return list, diags
}

// reportSyntax adds the errors of the Go parser.
func reportSyntax(diags *diag.List, path string, err error) {
	var list scanner.ErrorList
	if !errors.As(err, &list) {
		diags.Add(token.Position{Filename: path}, language.GoSyntax, "%v", err)
		return
	}
	for _, e := range list {
		e.Pos.Filename = path
		diags.Add(e.Pos, language.GoSyntax, "%s", e.Msg)
	}
}
