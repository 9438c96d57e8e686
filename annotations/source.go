package annotations

import (
	"bytes"
	"errors"
	"fmt"
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

// A Source is the text of a file. Diagnostics name it by its Path.
type Source struct {
	Path string
	Data []byte
}

// ReadGo reads the Go files of one folder. It returns a package for each package name: the
// package itself and its external tests, sorted by name.
//
// Like go/build, it skips files that no build includes: those with //go:build ignore, and
// those of package documentation. It reads files with any other build constraint, so that
// the result is the same on every platform. A syntax error is reported, also if it is inside
// a function, and its file is not read.
func ReadGo(sources []Source) ([]*Package, diag.List) {
	files := make([]fileResult, len(sources))
	var workers errgroup.Group
	workers.SetLimit(runtime.GOMAXPROCS(0))
	for i, src := range sources {
		workers.Go(func() error {
			files[i] = readFile(src)
			return nil
		})
	}
	_ = workers.Wait() // the functions return no errors
	var diags diag.List
	parts := map[string][]*Package{} // by name
	for _, f := range files {
		diags = append(diags, f.diags...)
		if f.pkg != nil {
			parts[f.pkg.Name.Value] = append(parts[f.pkg.Name.Value], f.pkg)
		}
	}
	var packages []*Package
	for _, name := range slices.Sorted(maps.Keys(parts)) {
		packages = append(packages, join(parts[name]))
	}
	return packages, diags
}

// A fileResult is what one file declares of its package. The package is nil for a file
// that no build includes or that has syntax errors.
type fileResult struct {
	pkg   *Package
	diags diag.List
}

func readFile(src Source) (result fileResult) {
	fset, tree, err := parse(src)
	if err != nil {
		reportSyntax(&result.diags, src, err)
		return result
	}
	if neverBuilt(src, tree) != "" {
		return result
	}
	r := reader{fset: fset, src: src.Data, tree: tree, returns: bytes.IndexByte(src.Data, '\r') >= 0, file: newFile(src, tree), diags: &result.diags}
	r.pkg = &Package{
		Dir:         filepath.Dir(src.Path),
		Name:        r.text(tree.Name),
		External:    r.file.Test && strings.HasSuffix(tree.Name.Name, "_test"),
		Constrained: r.file.Constrained(),
	}
	r.read()
	if ast.IsGenerated(tree) { // the generator of the file would overwrite a fix
		for i := range result.diags {
			result.diags[i].Fix = nil
		}
	}
	result.pkg = r.pkg
	return result
}

// parse parses a file with its comments.
func parse(src Source) (*token.FileSet, *ast.File, error) {
	fset := token.NewFileSet()
	tree, err := parser.ParseFile(fset, src.Path, src.Data, parser.ParseComments|parser.SkipObjectResolution)
	return fset, tree, err
}

// join joins what the files of a package declare to the first.
func join(files []*Package) *Package {
	p := files[0]
	if len(files) == 1 {
		return p
	}
	for _, f := range files[1:] {
		p.Incomplete = p.Incomplete || f.Incomplete
		p.LacksDeclarations = p.LacksDeclarations || f.LacksDeclarations
		p.Constrained = p.Constrained && f.Constrained
	}
	p.Types = concat(files, func(f *Package) []*Type { return f.Types })
	p.Literals = concat(files, func(f *Package) []*Type { return f.Literals })
	p.Methods = concat(files, func(f *Package) []Method { return f.Methods })
	p.Idents = concat(files, func(f *Package) []Ident { return f.Idents })
	p.Imports = concat(files, func(f *Package) []Import { return f.Imports })
	p.Resources = concat(files, func(f *Package) []Resource { return f.Resources })
	p.Scopes = concat(files, func(f *Package) []Scope { return f.Scopes })
	p.Implies = concat(files, func(f *Package) []Implication { return f.Implies })
	p.Aliases = concat(files, func(f *Package) []ScopeAlias { return f.Aliases })
	p.Defaults = concat(files, func(f *Package) []Defaults { return f.Defaults })
	p.Public = concat(files, func(f *Package) []Public { return f.Public })
	p.Guarded = concat(files, func(f *Package) []Guarded { return f.Guarded })
	return p
}

func concat[E any](files []*Package, of func(*Package) []E) []E {
	lists := make([][]E, len(files))
	for i, f := range files {
		lists[i] = of(f)
	}
	return slices.Concat(lists...)
}

// reportSyntax adds the errors of the Go parser. It computes their positions from their
// offsets, since their lines are adjusted by //line comments.
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
		diags.Add(pos, diag.GoSyntax, "%s%s", e.Msg, conflictHint(src.Data))
	}
}

// conflictHint says, after the message of a syntax error, that a merge left its markers.
func conflictHint(data []byte) string {
	const marker = "\n<<<<<<< "
	i := bytes.Index(append([]byte("\n"), data...), []byte(marker))
	if i < 0 {
		return ""
	}
	return fmt.Sprintf("; line %d has a marker of a merge conflict", 1+bytes.Count(data[:i], newline))
}

var (
	newline    = []byte("\n")
	bom        = []byte("\ufeff")
	slashes    = []byte("//")
	blockStart = []byte("/*")
	blockEnd   = []byte("*/")
)

// newFile returns what the outputs of a file inherit from it.
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

// ignored is the constraint of files that no build includes, by convention.
const ignored = "ignore"

// unbuilt is the package name of files that no build includes (go/build, Import).
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

// buildLine returns the constraint of a file's //go:build line. If it has none, it returns
// that of its // +build lines, which the go command still supports: they precede all block
// comments, and a blank line follows them. Either is alone on its line.
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

// startsLine reports whether the last line of before is empty but for whitespace and a byte
// order mark.
func startsLine(before []byte) bool {
	line := before[bytes.LastIndexByte(before, '\n')+1:]
	return len(bytes.TrimSpace(bytes.TrimPrefix(line, bom))) == 0
}

func importsC(tree *ast.File) bool {
	return slices.ContainsFunc(tree.Imports, func(spec *ast.ImportSpec) bool { return spec.Path.Value == `"C"` })
}

// requires reports whether expr is false without tag.
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

// PlatformSuffix returns the end of a file's name, given without .go and _test, that
// constrains it to an operating system, an architecture or both: "_linux", "_amd64" or
// "_linux_amd64". It returns "" if there is none.
func PlatformSuffix(base string) string {
	if !strings.Contains(base, "_") || matchesPlatform(base, "", "") {
		return ""
	}
	rest, last := splitLast(base)
	start, before := splitLast(rest) // what precedes the first underscore is no constraint
	if both := "_" + before + "_" + last; start != "" && !matchesPlatform("x"+both, "", last) {
		return both
	}
	return "_" + last
}

// splitLast splits s at its last underscore.
func splitLast(s string) (before, after string) {
	if i := strings.LastIndexByte(s, '_'); i >= 0 {
		return s[:i], s[i+1:]
	}
	return "", s
}

// matchesPlatform reports whether a file of that name is built for a platform. It uses
// go/build, which has the list of platforms and opens only files whose name matches.
func matchesPlatform(base, goos, goarch string) bool {
	ctx := build.Context{
		GOOS: goos, GOARCH: goarch, Compiler: "gc",
		OpenFile: func(string) (io.ReadCloser, error) { return nil, errors.New("not read") },
	}
	_, err := ctx.MatchFile("", base+".go")
	return err != nil
}

// Imports returns the import paths of a Go file, and none for a file that some builds leave
// out. It parses the file up to its imports.
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

// NeverBuilt returns the position of the first directive of a Go file that no build
// includes, and the reason. The reason is "" if the file has no directive or is built.
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

// neverBuilt returns why no build includes a file, and "" if some do.
func neverBuilt(src Source, tree *ast.File) string {
	switch {
	case constraintOf(src.Data, tree) == ignored:
		return "its build constraint says ignore"
	case tree.Name.Name == unbuilt:
		return "its package is named " + unbuilt
	}
	return ""
}
