package annotations

import (
	"bytes"
	"cmp"
	"errors"
	"go/ast"
	"go/parser"
	"go/scanner"
	"go/token"
	"maps"
	"path/filepath"
	"slices"
	"strings"
	"sync"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator/parallel"
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
// so that the result is the same everywhere. What is wrong in a function that says
// nothing to this package, after its name, is for the compiler to report.
func ReadGo(sources []Source) ([]*Package, diag.List) {
	parts := make([]*part, len(sources))
	parallel.Do(len(sources), func(i int) { parts[i] = readFile(sources[i]) })
	var diags diag.List
	packages := map[string]*Package{}
	for i, p := range parts {
		diags = append(diags, p.diags...)
		name := p.pkg.Name.Value
		switch have := packages[name]; {
		case name == "": // no build takes the file, or it is not Go
		case have == nil:
			packages[name] = &p.pkg
			p.pkg.grow(parts[i+1:])
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
	tree, where, err := parse(src)
	if err != nil {
		reportSyntax(&p.diags, src, err)
		return &p
	}
	file := newFile(src, tree)
	if neverBuilt(src, tree) != "" {
		return &p
	}
	p.pkg = Package{
		Dir:      filepath.Dir(src.Path),
		Name:     Text{Pos: where.position(tree.Name.Pos()), Value: tree.Name.Name},
		External: file.Test && strings.HasSuffix(tree.Name.Name, "_test"),

		Constrained: file.Constrained(),
	}
	r := reader{layout: where, src: src.Data, tree: tree, file: file, pkg: &p.pkg, diags: &p.diags}
	r.read()
	if ast.IsGenerated(tree) { // what is mended here would be lost with the next run of its tool
		for i := range p.diags {
			p.diags[i].Fix = nil
		}
	}
	return &p
}

// parse parses a file as far as it says something to this package. What is wrong
// is said of the whole file.
func parse(src Source) (*ast.File, *layout, error) {
	const mode = parser.ParseComments | parser.SkipObjectResolution
	room := rooms.Get().(*[]byte)
	defer rooms.Put(room)
	text, omitted := skim(src.Data, *room)
	tree, err := parser.ParseFile(token.NewFileSet(), src.Path, text, mode)
	if omitted != nil {
		*room = text // of which the tree holds copies
	}
	if err != nil && omitted != nil {
		omitted = nil
		tree, err = parser.ParseFile(token.NewFileSet(), src.Path, src.Data, mode)
	}
	if err != nil {
		return nil, nil, err
	}
	return tree, newLayout(src, tree, omitted), nil
}

// rooms are what files are skimmed into.
var rooms = sync.Pool{New: func() any { return new([]byte) }}

// grow makes room for what further files say.
func (p *Package) grow(more []*part) {
	var types, methods, idents, resources int
	for _, m := range more {
		types += len(m.pkg.Types)
		methods += len(m.pkg.Methods)
		idents += len(m.pkg.Idents)
		resources += len(m.pkg.Resources)
	}
	p.Types = slices.Grow(p.Types, types)
	p.Methods = slices.Grow(p.Methods, methods)
	p.Idents = slices.Grow(p.Idents, idents)
	p.Resources = slices.Grow(p.Resources, resources)
}

// add adds what a further file says of the package.
func (p *Package) add(more *Package) {
	p.Incomplete = p.Incomplete || more.Incomplete
	p.Lost = p.Lost || more.Lost
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
	newline  = []byte("\n")
	bom      = []byte("\ufeff")
	blockEnd = []byte("*/")

	slashes    = []byte("//")
	blockStart = []byte("/*")
)
