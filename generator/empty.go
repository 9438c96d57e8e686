package generator

import (
	"bytes"
	"fmt"
	"go/parser"
	"go/token"
	"path/filepath"
	"slices"

	"github.com/webapi-gen/webapi-gen/templates"
)

// emptiedHead is how a file begins that a run under go generate has emptied. No build
// includes it, so that the next go generate does not list it.
const emptiedHead = templates.Header + "\n\n//go:build ignore\n"

// emptied returns the text to replace that of an output by.
func emptied(old []byte) []byte {
	name := "ignored"
	if tree, err := parser.ParseFile(token.NewFileSet(), "", old, parser.PackageClauseOnly); err == nil {
		name = tree.Name.Name
	}
	header, _, _ := splitHeader(old)
	return fmt.Appendf(header[:len(header):len(header)], "%s\n// This file guards nothing any more. It is left because go generate fails if a run removes\n"+
		"// a file (golang.org/issue/36068). Delete it, or let webapi-gen do so outside of go generate.\n\npackage %s\n", emptiedHead, name)
}

func isEmptied(text []byte) bool {
	_, rest, _ := splitHeader(lineFeeds(text))
	return bytes.HasPrefix(rest, []byte(emptiedHead))
}

// emptyRemoved empties the files that would be removed.
func emptyRemoved(files []File) {
	for i, f := range files {
		if f.Status == Removed {
			files[i].Status, files[i].Content = Emptied, emptied(f.Old)
		}
	}
}

// emptiedPaths returns the paths of the files that an earlier run has emptied, other than those
// that this one writes again.
func (to destination) emptiedPaths(files []File) []string {
	var paths []string
	for _, name := range to.emptied {
		path := filepath.Join(to.path, name)
		if to.removes && !slices.ContainsFunc(files, func(f File) bool { return f.Path == path }) {
			paths = append(paths, path)
		}
	}
	return paths
}
