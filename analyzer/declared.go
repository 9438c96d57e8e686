package analyzer

import (
	"cmp"
	"context"
	"errors"
	"go/ast"
	"go/types"
	"os"
	"path/filepath"
	"reflect"
	"slices"
	"strings"

	"golang.org/x/tools/go/analysis"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
	"github.com/webapi-gen/webapi-gen/generator"
	"github.com/webapi-gen/webapi-gen/internal/routes"
	"github.com/webapi-gen/webapi-gen/model"
	"github.com/webapi-gen/webapi-gen/templates"
)

// declared reads what a package declares, and knows what its imports do.
var declared = &analysis.Analyzer{
	Name: "webapideclared",
	Doc:  "read the resources that the other checks are about",
	Run:  func(pass *analysis.Pass) (any, error) { return declare(pass) },
	FactTypes: []analysis.Fact{
		new(resourceFact), new(publicFact), new(guardFact), new(viewFact), new(scopesFact),
	},
	ResultType: reflect.TypeFor[*declarations](),
}

// declarations are what is known of resources in a package and its imports.
type declarations struct {
	resources map[types.Object]bool // types
	public    map[types.Object]bool // types and functions
	guards    map[types.Object]bool // functions that go through a guard
	views     map[types.Object]bool // methods of resources that a guard is given
	scopes    []declaredScope       // by value; those of the package itself first

	speaks   bool             // the package has a resource or defaults of its own
	runtime  bool             // it imports the runtime
	packages []*model.Package // what is to be generated in its folder
	givens   *givens
}

// idle reports whether there is nothing that a check could be about.
func (d *declarations) idle() bool { return len(d.resources) == 0 && !d.speaks }

func (d *declarations) isResource(t *types.TypeName) bool { return t != nil && d.resources[t] }

// declare reads the package. One without annotations, spec and guarded imports
// costs no more than a look at its comments and its folder.
func declare(pass *analysis.Pass) (*declarations, error) {
	d := &declarations{
		resources: map[types.Object]bool{}, public: map[types.Object]bool{},
		guards: map[types.Object]bool{}, views: map[types.Object]bool{},
		runtime: routes.ImportsRuntime(pass.Pkg),
	}
	d.inherit(pass)
	dir, err := folderOf(pass)
	if err != nil {
		return nil, err
	}
	if dir != "" && (directed(pass) || hasSpec(dir)) {
		if err := d.own(pass, dir); err != nil {
			return nil, err
		}
	}
	if !d.idle() || d.runtime {
		d.givens = findGivens(pass.TypesInfo, sources(pass))
		d.findViews(pass)
		d.findGuards(pass)
	}
	d.sortScopes(pass.Pkg)
	return d, nil
}

// inherit takes over the facts of imports.
func (d *declarations) inherit(pass *analysis.Pass) {
	for _, f := range pass.AllObjectFacts() {
		switch f.Fact.(type) {
		case *resourceFact:
			d.resources[f.Object] = true
		case *publicFact:
			d.public[f.Object] = true
		case *guardFact:
			d.guards[f.Object] = true
		case *viewFact:
			d.views[f.Object] = true
		}
	}
	for _, f := range pass.AllPackageFacts() {
		if fact, ok := f.Fact.(*scopesFact); ok && f.Package != pass.Pkg {
			d.addScopes(f.Package, fact.Scopes)
		}
	}
}

// own reads the package's own annotations and spec.
func (d *declarations) own(pass *analysis.Pass, dir string) error {
	marks := readMarks(pass)
	for _, obj := range marks.public {
		d.public[obj] = true
		pass.ExportObjectFact(obj, new(publicFact))
	}
	types, scopes := marks.resources, []scope(nil)
	var err error
	if d.packages, err = resolved(dir); err != nil {
		return err
	}
	for _, pkg := range d.packages {
		if !isOwn(pass, pkg) {
			continue
		}
		for _, s := range pkg.Scopes {
			scopes = append(scopes, scope{s.Value, s.Const})
		}
		for _, r := range pkg.Resources {
			types = append(types, pass.Pkg.Scope().Lookup(r.Type))
			for _, s := range r.Scopes {
				scopes = append(scopes, scope{s.Value, s.Const})
			}
		}
	}
	for _, obj := range types {
		d.addResource(pass, obj)
	}
	d.speaks = d.speaks || marks.defaults
	if len(scopes) > 0 {
		d.addScopes(pass.Pkg, scopes)
		pass.ExportPackageFact(&scopesFact{scopes})
	}
	return nil
}

func (d *declarations) addResource(pass *analysis.Pass, obj types.Object) {
	if t, ok := obj.(*types.TypeName); ok && !t.IsAlias() && !d.resources[t] { // else other files declare it, for other builds
		d.resources[t] = true
		d.speaks = true
		pass.ExportObjectFact(t, new(resourceFact))
	}
}

// A declaredScope is a scope and the package that declares it.
type declaredScope struct {
	scope
	pkg *types.Package
}

func (d *declarations) addScopes(pkg *types.Package, scopes []scope) {
	for _, s := range scopes {
		d.scopes = append(d.scopes, declaredScope{s, pkg})
	}
}

// sortScopes orders the scopes so that the constant which is nearest comes first.
func (d *declarations) sortScopes(own *types.Package) {
	far := func(s declaredScope) int {
		if s.pkg == own {
			return 0
		}
		return 1
	}
	slices.SortFunc(d.scopes, func(a, b declaredScope) int {
		return cmp.Or(cmp.Compare(a.Value, b.Value), cmp.Compare(far(a), far(b)),
			cmp.Compare(a.pkg.Path(), b.pkg.Path()), cmp.Compare(a.Const, b.Const))
	})
}

// declaring returns the declarations of a scope.
func (d *declarations) declaring(value string) []declaredScope {
	byValue := func(s declaredScope, v string) int { return cmp.Compare(s.Value, v) }
	first, found := slices.BinarySearchFunc(d.scopes, value, byValue)
	if !found {
		return nil
	}
	last := first
	for last < len(d.scopes) && d.scopes[last].Value == value {
		last++
	}
	return d.scopes[first:last]
}

// specName is the name of a folder's spec.
const specName = "webapi.yaml"

// folderOf returns the folder of a package, or "" if it has no file.
func folderOf(pass *analysis.Pass) (string, error) {
	for _, file := range pass.Files {
		if name := original(pass, file); name != "" {
			abs, err := filepath.Abs(name)
			return filepath.Dir(abs), err
		}
	}
	return "", nil
}

// original returns the name of the file that a person or another tool wrote, or
// "" for one of cgo's own. What cgo has made of a file lies elsewhere, under
// whatever name, but says where that one is.
func original(pass *analysis.Pass, file *ast.File) string {
	name := fileName(pass, file.Package)
	if !strings.HasSuffix(name, ".go") || strings.HasSuffix(name, ".cgo1.go") {
		name = pass.Fset.Position(file.Package).Filename
	}
	if !strings.HasSuffix(name, ".go") || filepath.Base(name) == "_cgo_gotypes.go" {
		return ""
	}
	return name
}

// directed reports whether a comment of the package is a directive of ours.
func directed(pass *analysis.Pass) bool {
	return anyComment(pass, func(text string) bool { return strings.HasPrefix(text, "//"+annotations.Tool+":") })
}

// mentioned reports whether a comment of the package may be a directive, or a near
// miss, which the generator reports. This takes longer.
func mentioned(pass *analysis.Pass) bool {
	return anyComment(pass, func(text string) bool { return annotations.MayHaveDirective([]byte(text)) })
}

func anyComment(pass *analysis.Pass, holds func(string) bool) bool {
	for _, file := range pass.Files {
		for _, group := range file.Comments {
			for _, c := range group.List {
				if holds(c.Text) {
					return true
				}
			}
		}
	}
	return false
}

// ignoredMention reports whether a file that this build leaves out may have a
// directive.
func ignoredMention(pass *analysis.Pass) (bool, error) {
	for _, name := range pass.IgnoredFiles {
		if !strings.HasSuffix(name, ".go") {
			continue
		}
		data, err := pass.ReadFile(name)
		if err != nil {
			return false, err
		}
		if annotations.MayHaveDirective(data) {
			return true, nil
		}
	}
	return false, nil
}

// hasSpec reports whether a folder, or one above it in its module, has a spec.
func hasSpec(dir string) bool {
	for dir != "" {
		if exists(filepath.Join(dir, specName)) {
			return true
		}
		above := filepath.Dir(dir)
		if above == dir || exists(filepath.Join(dir, "go.mod")) {
			break
		}
		dir = above
	}
	return false
}

func exists(path string) bool {
	_, err := os.Stat(path)
	return err == nil
}

// resolved returns what is to be generated in a folder. If the input is
// wrong nothing is known but what the directives themselves say; [Stale] reports
// the mistakes.
func resolved(dir string) ([]*model.Package, error) {
	packages, err := generator.Packages(context.Background(), generator.Config{Dir: dir})
	var mistakes diag.List
	if errors.As(err, &mistakes) {
		return nil, nil
	}
	return packages, err
}

// isOwn reports whether a package of the folder is that of the pass, and not its
// external tests or the other way round.
func isOwn(pass *analysis.Pass, p *model.Package) bool { return p.Name == pass.Pkg.Name() }

// isOutput reports whether webapi-gen has written a file, by its name and its
// first line as the generator does.
func isOutput(pass *analysis.Pass, file *ast.File) bool {
	name := filepath.Base(fileName(pass, file.FileStart))
	if len(file.Comments) == 0 || name != model.CatalogFile && !strings.Contains(name, "_webapi") {
		return false
	}
	first := file.Comments[0].List[0]
	return first.Slash == file.FileStart && strings.TrimSuffix(first.Text, "\r") == templates.Header
}

// marks are what directives say of declarations, as the syntax tree has them.
// They are read once more in full by the generator, which reports mistakes.
type marks struct {
	resources, public []types.Object
	defaults          bool
}

func readMarks(pass *analysis.Pass) marks {
	var m marks
	take := func(name *ast.Ident, docs ...*ast.CommentGroup) {
		obj := pass.TypesInfo.Defs[name]
		if obj == nil {
			return
		}
		for _, doc := range docs {
			if hasDirective(doc, annotations.DirectiveResource) {
				m.resources = append(m.resources, obj)
			}
			if hasDirective(doc, annotations.DirectivePublic) {
				m.public = append(m.public, obj)
			}
		}
	}
	for _, file := range pass.Files {
		m.defaults = m.defaults || hasDirective(file.Doc, annotations.DirectiveDefaults)
		for _, decl := range file.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				take(decl.Name, decl.Doc)
			case *ast.GenDecl:
				for _, spec := range decl.Specs {
					if spec, ok := spec.(*ast.TypeSpec); ok && decl.Lparen.IsValid() {
						take(spec.Name, spec.Doc)
					} else if ok {
						take(spec.Name, spec.Doc, decl.Doc)
					}
				}
			}
		}
	}
	return m
}

// hasDirective reports whether a doc comment has the directive of that name.
func hasDirective(doc *ast.CommentGroup, name string) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool {
		d, ok := ast.ParseDirective(c.Slash, c.Text)
		return ok && d.Tool == annotations.Tool && d.Name == name
	})
}
