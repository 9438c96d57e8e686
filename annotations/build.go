package annotations

import (
	"bytes"
	"go/ast"
	"go/parser"
	"go/token"
	"strconv"
)

// Imports returns the import paths of a Go file, of one that every build takes: of
// another one it returns none. It reads the file up to its imports.
func Imports(src Source) []string {
	tree, err := parser.ParseFile(token.NewFileSet(), src.Path, src.Data, parser.ImportsOnly|parser.ParseComments|parser.SkipObjectResolution)
	if err != nil || tree.Name.Name == unbuilt || newFile(src, tree).Constrained() {
		return nil
	}
	var paths []string
	for _, spec := range tree.Imports {
		if path, err := strconv.Unquote(spec.Path.Value); err == nil {
			paths = append(paths, path)
		}
	}
	return paths
}

// NeverBuilt returns where the first directive of a Go file stands that no build
// takes, and why none does: "" if the file has no directive, or builds take it.
func NeverBuilt(src Source) (token.Position, string) {
	if !bytes.Contains(src.Data, []byte(ignored)) && !bytes.Contains(src.Data, []byte(unbuilt)) {
		return token.Position{}, ""
	}
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, src.Path, src.Data, parser.ParseComments|parser.SkipObjectResolution)
	if err != nil {
		return token.Position{}, ""
	}
	why := neverBuilt(src, tree)
	if why == "" {
		return token.Position{}, ""
	}
	for _, group := range tree.Comments {
		for _, c := range group.List {
			if isOurs(c) {
				return fset.PositionFor(c.Pos(), false), why
			}
		}
	}
	return token.Position{}, ""
}

// neverBuilt returns why no build takes a file, "" if some do.
func neverBuilt(src Source, tree *ast.File) string {
	switch {
	case constraintOf(src.Data, tree) == ignored:
		return "its build constraint says ignore"
	case tree.Name.Name == unbuilt:
		return "its package is named " + unbuilt
	}
	return ""
}
