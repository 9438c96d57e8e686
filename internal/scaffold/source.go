package scaffold

import (
	"fmt"
	"go/ast"
	"go/build/constraint"
	"go/parser"
	"go/token"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/mod/module"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/generator"
)

// A source is the package with its parsed files.
type source struct {
	place
	in           *generator.Input
	name         string
	files        []*file
	generateLine string // makes go generate run the tool
}

// A file is a Go file that some build can have.
type file struct {
	path string
	data []byte
	fset *token.FileSet
	tree *ast.File
	test bool

	edits     []edit
	added     string // what the edits add, besides annotations
	annotated int    // how many types they annotate
	isNew     bool
}

// newSource parses the files of the package. Without any, only a spec can be written,
// and a Go file for the go:generate line.
func newSource(in *generator.Input, mod *goModule, opts Options) (*source, error) {
	s := &source{place: mod.place, in: in, generateLine: "//go:generate " + mod.tool(mod.dir)}
	for _, src := range in.Sources {
		if pkgs, _ := annotations.ReadGo([]annotations.Source{src}); len(pkgs) == 0 {
			continue // a file with //go:build ignore
		}
		f := &file{path: src.Path, data: src.Data, fset: token.NewFileSet(), test: strings.HasSuffix(src.Path, "_test.go")}
		var err error
		if f.tree, err = parser.ParseFile(f.fset, src.Path, src.Data, parser.ParseComments|parser.SkipObjectResolution); err != nil {
			return nil, err
		}
		s.files = append(s.files, f)
	}
	switch {
	case slices.ContainsFunc(s.files, func(f *file) bool { return !f.test }):
		s.name = in.Package.Name.Value
	case !opts.YAML:
		return nil, usage("no Go file in %s is one of a package, tests aside; init sets up a package that is there, or with --yaml one that has its resources in a spec alone",
			s.folder)
	default:
		s.name = s.packageName(mod)
	}
	if opts.YAML && in.SpecPath != "" {
		return nil, usage("the package in %s has a spec already, %s", s.folder, in.SpecPath)
	}
	if !token.IsIdentifier(s.name) || s.name == "_" || s.name == "documentation" {
		return nil, usage("the folder %s gives no name for a package, got %q; write a Go file with a package clause first", s.folder, s.name)
	}
	return s, nil
}

// packageName returns the name of a package that has no Go file apart from tests:
// that of the tests, else one derived from the name of the folder, or from the
// module's if the folder is its root.
func (s *source) packageName(mod *goModule) string {
	if len(s.files) > 0 {
		return strings.TrimSuffix(s.files[0].tree.Name.Name, "_test")
	}
	name := filepath.Base(s.dir)
	if s.dir == s.root && mod.file.Module != nil {
		prefix, _, _ := module.SplitPathVersion(mod.file.Module.Mod.Path)
		name = path.Base(prefix)
	}
	return strings.Map(func(c rune) rune {
		if token.IsIdentifier("x" + string(c)) {
			return c
		}
		return -1
	}, strings.ToLower(name))
}

// add adds a new Go file under the first name that is free: a generated file, or one
// that no build has, may have the usual name.
func (s *source) add() *file {
	exists := func(name string) bool {
		_, err := os.Lstat(filepath.Join(s.dir, name))
		return err == nil
	}
	name := "doc.go"
	for n := 1; exists(name); n++ {
		name = "generate" + strings.TrimPrefix(strconv.Itoa(n), "1") + ".go"
	}
	f := &file{path: filepath.Join(s.in.Path, name), fset: token.NewFileSet(), isNew: true}
	f.data = fmt.Appendf(nil, "package %s\n", s.name)
	if s.in.Package == nil { // no file has a doc comment of the package
		f.data = fmt.Appendf(nil, "// Package %[1]s has the resources of %[2]s.\npackage %[1]s\n", s.name, specName)
	}
	f.tree = &ast.File{Name: ast.NewIdent(s.name)}
	s.files = append(s.files, f)
	return f
}

// changes plans the files that have edits.
func (s *source) changes(p *Plan) {
	for _, f := range s.files {
		if len(f.edits) == 0 {
			continue
		}
		c := Change{What: f.what(), File: generator.File{Path: f.path, Content: f.edited(), Status: generator.Created}}
		if !f.isNew {
			c.Path, c.Old, c.Status = s.place.name(filepath.Join(s.dir, filepath.Base(f.path))), f.data, generator.Changed
		}
		p.Changes = append(p.Changes, c)
	}
	slices.SortStableFunc(p.Changes, func(a, b Change) int { return strings.Compare(a.Path, b.Path) })
}

func (f *file) position(pos token.Pos) token.Position { return f.fset.PositionFor(pos, false) }

func (f *file) offset(pos token.Pos) int { return f.position(pos).Offset }

// constrained reports whether some builds leave the file out, and go generate with
// them.
func (f *file) constrained() bool {
	base := strings.TrimSuffix(path.Base(filepath.ToSlash(f.path)), ".go")
	if annotations.PlatformSuffix(base) != "" {
		return true
	}
	return slices.ContainsFunc(f.tree.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == `"C"` }) ||
		slices.ContainsFunc(f.tree.Comments, func(group *ast.CommentGroup) bool {
			return group.Pos() < f.tree.Package && slices.ContainsFunc(group.List, func(c *ast.Comment) bool {
				return constraint.IsGoBuild(c.Text) || constraint.IsPlusBuild(c.Text)
			})
		})
}
