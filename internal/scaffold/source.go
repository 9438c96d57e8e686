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
	"github.com/webapi-gen/webapi-gen/internal/schema"
	"github.com/webapi-gen/webapi-gen/templates"
)

// A source is the package: its files, parsed.
type source struct {
	place
	in    *generator.Input
	name  string
	files []*file
}

// A file is a Go file that a build can take.
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

// newSource parses the files of the package. Where there is none, a spec can
// have one made for the go:generate line, and nothing else makes sense.
func newSource(in *generator.Input, mod *goModule, opts Options) (*source, error) {
	s := &source{place: mod.place, in: in}
	for _, src := range in.Sources {
		if pkgs, _ := annotations.ReadGo([]annotations.Source{src}); len(pkgs) == 0 {
			continue // a file that says ignore
		}
		f := &file{path: src.Path, data: src.Data, fset: token.NewFileSet()}
		f.test = strings.HasSuffix(src.Path, "_test.go")
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

// packageName returns the name of a package that has no Go file but tests: that
// which the tests say, else one made of the folder's name, or of the module's if
// that is its folder.
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

// add adds a Go file that is not there yet, of the first name that is free: a file
// that is generated, or that no build takes, may have the usual one.
func (s *source) add() *file {
	name := "doc.go"
	for n := 1; s.occupied(name); n++ {
		name = "generate" + strings.TrimPrefix(strconv.Itoa(n), "1") + ".go"
	}
	f := &file{path: filepath.Join(s.in.Path, name), fset: token.NewFileSet(), isNew: true}
	f.data = fmt.Appendf(nil, "package %s\n", s.name)
	if s.in.Package == nil { // nothing else says what the package is
		f.data = fmt.Appendf(nil, "// Package %[1]s has the resources of %[2]s.\npackage %[1]s\n", s.name, specName)
	}
	f.tree = &ast.File{Name: ast.NewIdent(s.name)}
	s.files = append(s.files, f)
	return f
}

// occupied reports whether the folder has something of that name.
func (s *source) occupied(name string) bool {
	_, err := os.Lstat(filepath.Join(s.dir, name))
	return err == nil
}

// changes plans the files that have edits.
func (s *source) changes(p *Plan) {
	for _, f := range s.files {
		if len(f.edits) == 0 {
			continue
		}
		c := Change{What: f.what(), File: generator.File{Path: f.path, Content: templates.TextOf(f.edited()), Status: generator.Created}}
		if !f.isNew {
			c.Path, c.Old, c.Status = s.place.name(filepath.Join(s.dir, filepath.Base(f.path))), f.data, generator.Changed
		}
		p.Changes = append(p.Changes, c)
	}
	slices.SortStableFunc(p.Changes, func(a, b Change) int { return strings.Compare(a.Path, b.Path) })
}

// position returns a place as diagnostics show it.
func (f *file) position(pos token.Pos) token.Position { return f.fset.PositionFor(pos, false) }

// offset returns where in the text a place is.
func (f *file) offset(pos token.Pos) int { return f.position(pos).Offset }

// byHand reports whether people write the file, in which case more can be added.
func (f *file) byHand() bool { return !f.test && !f.isNew && !ast.IsGenerated(f.tree) }

// bound reports whether some builds leave the file out: go generate does not see
// what is in it there.
func (f *file) bound() bool {
	base := strings.TrimSuffix(path.Base(filepath.ToSlash(f.path)), ".go")
	if annotations.PlatformSuffix(base) != "" {
		return true
	}
	if slices.ContainsFunc(f.tree.Imports, func(i *ast.ImportSpec) bool { return i.Path.Value == `"C"` }) {
		return true
	}
	for _, group := range f.tree.Comments {
		for _, c := range group.List {
			if c.Pos() < f.tree.Package && (constraint.IsGoBuild(c.Text) || constraint.IsPlusBuild(c.Text)) {
				return true
			}
		}
	}
	return false
}

// addSpec plans a spec with the types that are proposed. Those that have an
// annotation are left out: a type is declared in one place.
func (s *source) addSpec(p *Plan) {
	var types []Proposal
	for _, t := range p.Writable() {
		if !slices.ContainsFunc(types, func(o Proposal) bool { return o.Type == t.Type }) {
			types = append(types, t)
		}
	}
	what := "an example of a resource"
	if len(types) > 0 {
		what = count(len(types), "resource")
	}
	switch {
	case p.Resources == 1:
		what += "; 1 annotated type is left out"
	case p.Resources > 1:
		what += fmt.Sprintf("; %d annotated types are left out", p.Resources)
	}
	p.Spec = filepath.Join(s.in.Path, specName)
	p.Changes = append(p.Changes, Change{What: what, File: generator.File{
		Path: p.Spec, Content: templates.TextOf(spec(s.name, types)), Status: generator.Created,
	}})
}

// spec returns the text of a spec. What it says of directives and keys is what
// the registry of the language says.
func spec(pkg string, types []Proposal) []byte {
	w := &specWriter{}
	w.line("# yaml-language-server: $schema=%s", schema.URL)
	w.line("")
	w.prose("The resources of package " + pkg + ", for each of which webapi-gen writes a guard.")
	w.line("version: 1")
	w.line("package: %s", scalar(pkg))
	w.directive(annotations.DirectiveDefaults, "defaults: {map: {PATCH: write}, anonymous: []}")
	w.directive(annotations.DirectiveScope, `scopes: {admin: Full control, "org:read": ""}`)
	w.line("")
	w.keys()
	if len(types) == 0 {
		w.prose("", "For example:", "")
		for line := range strings.Lines(example) {
			w.line("# %s", strings.TrimSuffix(line, "\n"))
		}
		return []byte(w.String())
	}
	w.line("")
	w.line("resources:")
	for _, t := range types {
		w.line("  - type: %s # %s", scalar(t.Type), t.Evidence())
		w.line("    methods: [%s]", strings.Join(t.Methods, ", "))
	}
	return []byte(w.String())
}

// example is what stands in a spec for want of resources.
const example = `resources:
  - type: NoteResource
    declare: true
    methods: [GET, POST, DELETE]
    require: {DELETE: [[note:destroy, note:write]]}
    describe: {read: See your notes}
`

// A specWriter writes a spec with comments.
type specWriter struct{ strings.Builder }

func (w *specWriter) line(format string, args ...any) {
	fmt.Fprintf(&w.Builder, format+"\n", args...)
}

// width is how long a line of a comment may be.
const width = 96

// prose writes comment lines.
func (w *specWriter) prose(lines ...string) {
	for _, text := range lines {
		w.wrapped("#", "#", text)
	}
}

// wrapped writes a text as comment lines that begin with one of two prefixes:
// that of the first, or that of the others.
func (w *specWriter) wrapped(first, others, text string) {
	line := first
	for _, word := range strings.Fields(text) {
		if len(line)+1+len(word) > width {
			w.line("%s", line)
			line = others
		}
		line += " " + word
	}
	w.line("%s", line)
}

// directive writes what a directive does that has an entry in the spec of its
// own, with an example that is commented out.
func (w *specWriter) directive(name, example string) {
	d, _ := annotations.FindDirective(name)
	w.line("")
	w.prose(d.Doc)
	if len(d.Keys) > 0 {
		w.prose("It can have " + strings.Join(annotations.KeyNames(d.Keys), ", ") + ".")
	}
	w.line("#")
	w.line("# %s", example)
}

// keys writes what the entries of a resource are.
func (w *specWriter) keys() {
	w.prose("A resource has a type, and any of the other keys:", "")
	for _, k := range annotations.ResourceEntries() {
		doc := k.Doc + form(k)
		if k.Default != "" {
			doc += ". Default: " + k.Default + "."
		}
		w.key(k.Name, doc)
	}
}

// key writes what one entry is.
func (w *specWriter) key(name, doc string) {
	const column = 13
	w.wrapped("#   "+name+strings.Repeat(" ", max(0, column-len(name)-1)), "#   "+strings.Repeat(" ", column-1), doc)
}

// form says how the value of a key is written if it is no single word.
func form(k annotations.Key) string {
	switch k.Kind {
	case annotations.KindChoice:
		return ": " + strings.Join(k.Values, " or ")
	case annotations.KindList:
		return ", as [GET, POST]"
	case annotations.KindMap:
		return ", as {PATCH: write}"
	}
	return ""
}

// scalar returns an identifier as a string of YAML: in quotes if some version of
// it takes the word for something else.
func scalar(ident string) string {
	switch strings.ToLower(ident) {
	case "null", "true", "false", "yes", "no", "on", "off", "y", "n":
		return strconv.Quote(ident)
	}
	return ident
}
