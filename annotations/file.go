package annotations

import (
	"bytes"
	"errors"
	"go/ast"
	"go/build"
	"go/build/constraint"
	"io"
	"path/filepath"
	"slices"
	"strings"
)

// newFile takes from a file what its outputs inherit.
func newFile(src Source, tree *ast.File) *File {
	name := filepath.Base(src.Path)
	base, test := strings.CutSuffix(strings.TrimSuffix(name, ".go"), "_test")
	return &File{
		Name:       name,
		Test:       test,
		Constraint: constraintOf(src.Data, tree),
		Suffix:     PlatformSuffix(base),
	}
}

// ignored is the constraint of files that no build takes, by convention.
const ignored = "ignore"

// unbuilt is the package name of files that no build takes (go/build, Import).
const unbuilt = "documentation"

// constraintOf returns the build constraint of a file: its //go:build line, and
// cgo if the file imports "C".
func constraintOf(src []byte, tree *ast.File) string {
	expr := buildLine(src, tree)
	if importsC(tree) {
		cgo := &constraint.TagExpr{Tag: "cgo"}
		switch {
		case expr == nil:
			expr = cgo
		case expr.String() != ignored && !requires(expr, "cgo"):
			expr = &constraint.AndExpr{X: expr, Y: cgo}
		}
	}
	if expr == nil {
		return ""
	}
	return expr.String()
}

// buildLine returns the //go:build line of a file, else its older // +build
// lines, which stand before all block comments and must have a blank line after
// them. The go command still goes by those. Either has its line to itself.
func buildLine(src []byte, tree *ast.File) constraint.Expr {
	var older constraint.Expr
	ended := false // by a block comment
	for _, group := range tree.Comments {
		if group.Pos() > tree.Package {
			break
		}
		ended = ended || group == tree.Doc || slices.ContainsFunc(group.List, isBlock)
		for _, c := range group.List {
			expr, err := constraint.Parse(c.Text)
			switch {
			case err != nil || !startsLine(src[:c.Slash-tree.FileStart]):
			case constraint.IsGoBuild(c.Text):
				return expr
			case ended:
			case older == nil:
				older = expr
			default:
				older = &constraint.AndExpr{X: older, Y: expr}
			}
		}
	}
	return older
}

func isBlock(c *ast.Comment) bool { return strings.HasPrefix(c.Text, "/*") }

// startsLine reports whether what follows before is the first on its line.
func startsLine(before []byte) bool {
	line := before[bytes.LastIndexByte(before, '\n')+1:]
	return len(bytes.TrimSpace(bytes.TrimPrefix(line, []byte("\ufeff")))) == 0
}

func importsC(tree *ast.File) bool {
	for _, spec := range tree.Imports {
		if spec.Path.Value == `"C"` {
			return true
		}
	}
	return false
}

// requires reports whether expr cannot hold without tag.
func requires(expr constraint.Expr, tag string) bool {
	switch x := expr.(type) {
	case *constraint.TagExpr:
		return x.Tag == tag
	case *constraint.AndExpr:
		return requires(x.X, tag) || requires(x.Y, tag)
	case *constraint.OrExpr:
		return requires(x.X, tag) && requires(x.Y, tag)
	}
	return false
}

// PlatformSuffix returns the end of a file's name, given without .go and _test,
// that binds it to an operating system, an architecture or both: "_linux",
// "_amd64" or "_linux_amd64"; "" if none does.
func PlatformSuffix(base string) string {
	if !strings.Contains(base, "_") || builds(base, "", "") {
		return ""
	}
	rest, last := cutLast(base)
	start, before := cutLast(rest) // what stands before the first underscore never binds
	if both := "_" + before + "_" + last; start != "" && !builds("x"+both, "", last) {
		return both
	}
	return "_" + last
}

// cutLast cuts s at its last underscore.
func cutLast(s string) (before, after string) {
	if i := strings.LastIndexByte(s, '_'); i >= 0 {
		return s[:i], s[i+1:]
	}
	return "", s
}

// builds reports whether the name of a file lets it be built for a platform.
// It asks go/build, which has the list of platforms and opens only such files.
func builds(base, goos, goarch string) bool {
	ctx := build.Context{
		GOOS: goos, GOARCH: goarch, Compiler: "gc",
		OpenFile: func(string) (io.ReadCloser, error) { return nil, errOpened },
	}
	_, err := ctx.MatchFile("", base+".go")
	return err != nil
}

var errOpened = errors.New("opened")
