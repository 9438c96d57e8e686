package annotations

import (
	"bytes"
	"cmp"
	"errors"
	"go/ast"
	"go/build"
	"go/build/constraint"
	"go/parser"
	"go/scanner"
	"go/token"
	"io"
	"maps"
	"path/filepath"
	"runtime"
	"slices"
	"strconv"
	"strings"

	"golang.org/x/sync/errgroup"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
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
// so that the result is the same everywhere. A file with a syntax error is
// reported and not read, even if the error is inside a function.
func ReadGo(sources []Source) ([]*Package, diag.List) {
	parts := make([]*part, len(sources))
	var workers errgroup.Group
	workers.SetLimit(runtime.GOMAXPROCS(0))
	for i, src := range sources {
		workers.Go(func() error {
			parts[i] = readFile(src)
			return nil
		})
	}
	_ = workers.Wait() // no file returns an error
	var diags diag.List
	packages := map[string]*Package{}
	for _, p := range parts {
		diags = append(diags, p.diags...)
		name := p.pkg.Name.Value
		switch have := packages[name]; {
		case name == "": // no build takes the file, or it is not Go
		case have == nil:
			packages[name] = &p.pkg
		default:
			have.add(&p.pkg)
		}
	}
	byName := func(a, b *Package) int { return cmp.Compare(a.Name.Value, b.Name.Value) }
	return slices.SortedFunc(maps.Values(packages), byName), diags
}

// A part is what one file says of its package.
type part struct {
	pkg   Package
	diags diag.List
}

func readFile(src Source) *part {
	var p part
	fset, tree, err := parse(src)
	if err != nil {
		reportSyntax(&p.diags, src, err)
		return &p
	}
	file := newFile(src, tree)
	if neverBuilt(src, tree) != "" {
		return &p
	}
	r := reader{fset: fset, src: src.Data, tree: tree, file: file, pkg: &p.pkg, diags: &p.diags}
	p.pkg = Package{
		Dir:         filepath.Dir(src.Path),
		Name:        r.text(tree.Name),
		External:    file.Test && strings.HasSuffix(tree.Name.Name, "_test"),
		Constrained: file.Constrained(),
	}
	r.read()
	if ast.IsGenerated(tree) { // what is mended here would be lost with the next run of its tool
		for i := range p.diags {
			p.diags[i].Fix = nil
		}
	}
	return &p
}

// parse parses a file with its comments.
func parse(src Source) (*token.FileSet, *ast.File, error) {
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, src.Path, src.Data, parser.ParseComments|parser.SkipObjectResolution)
	return fset, tree, err
}

// add adds what a further file says of the package.
func (p *Package) add(more *Package) {
	p.Incomplete = p.Incomplete || more.Incomplete
	p.LacksDeclarations = p.LacksDeclarations || more.LacksDeclarations
	p.Constrained = p.Constrained && more.Constrained
	p.Types = append(p.Types, more.Types...)
	p.Literals = append(p.Literals, more.Literals...)
	p.Methods = append(p.Methods, more.Methods...)
	p.Idents = append(p.Idents, more.Idents...)
	p.Resources = append(p.Resources, more.Resources...)
	p.Scopes = append(p.Scopes, more.Scopes...)
	p.Defaults = append(p.Defaults, more.Defaults...)
	p.Public = append(p.Public, more.Public...)
}

// reportSyntax adds the errors of the Go parser. Their lines are those that
// //line comments speak of; only their offset is where the text stands.
func reportSyntax(diags *diag.List, src Source, err error) {
	var list scanner.ErrorList
	if !errors.As(err, &list) {
		diags.Add(token.Position{Filename: src.Path}, diag.GoSyntax, "%v", err)
		return
	}
	for _, e := range list {
		before := src.Data[:min(e.Pos.Offset, len(src.Data))]
		pos := token.Position{
			Filename: src.Path,
			Offset:   len(before),
			Line:     1 + bytes.Count(before, newline),
			Column:   len(before) - bytes.LastIndexByte(before, '\n'),
		}
		diags.Add(pos, diag.GoSyntax, "%s", e.Msg)
	}
}

var (
	newline    = []byte("\n")
	bom        = []byte("\ufeff")
	slashes    = []byte("//")
	blockStart = []byte("/*")
	blockEnd   = []byte("*/")
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
	fset, tree, err := parse(src)
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
