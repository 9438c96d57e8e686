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
		new(resourceFact), new(publicFact), new(guardedFact), new(viewFact), new(scopesFact),
	},
	ResultType: reflect.TypeFor[*declarations](),
}

// declarations has what is known of resources in a package and its imports.
type declarations struct {
	resources map[types.Object]bool          // types
	public    map[types.Object]bool          // types and functions
	guarded   map[types.Object]string        // wrappers that are webapi:guarded, and by what
	views     map[types.Object]bool          // methods of resources that a guard is given
	rules     map[types.Object]*resourceFact // of resources whose annotations have no errors
	scopes    map[string][]declaredScope

	former   []*types.TypeName // resources of the lock file that have no guard any more
	declares bool              // the package has, or had, a resource or defaults of its own
	broken   bool              // what it declares has errors
	runtime  bool              // it imports the runtime
	packages []*model.Package  // what is to be generated in its folder
	info     *types.Info
	assigned *assignments // nil if nothingToCheck and not runtime
}

// A declaredScope is a scope and the package that declares it.
type declaredScope struct {
	scope
	pkg *types.Package
}

// nothingToCheck reports whether the package has no resources, defaults or imported
// resources.
func (d *declarations) nothingToCheck() bool { return len(d.resources) == 0 && !d.declares }

func (d *declarations) isResource(t *types.TypeName) bool { return t != nil && d.resources[t] }

// declare reads the package. For one without annotations, spec and guarded imports
// it reads no more than the comments and the names in the folder.
func declare(pass *analysis.Pass) (*declarations, error) {
	d := &declarations{
		resources: map[types.Object]bool{}, public: map[types.Object]bool{},
		guarded: map[types.Object]string{}, views: map[types.Object]bool{}, rules: map[types.Object]*resourceFact{},
		scopes:  map[string][]declaredScope{},
		runtime: routes.ImportsRuntime(pass.Pkg), info: pass.TypesInfo,
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
	if dir != "" && !d.broken { // else more types may be resources
		d.findFormer(pass, dir)
	}
	if !d.nothingToCheck() || d.runtime {
		d.assigned = findAssignments(d.info, sources(pass))
		d.findViews(pass)
	}
	d.sortScopes(pass.Pkg)
	return d, nil
}

func (d *declarations) inherit(pass *analysis.Pass) {
	for _, f := range pass.AllObjectFacts() {
		switch fact := f.Fact.(type) {
		case *resourceFact:
			d.resources[f.Object], d.rules[f.Object] = true, fact
		case *publicFact:
			d.public[f.Object] = true
		case *guardedFact:
			d.guarded[f.Object] = fact.By
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

func (d *declarations) own(pass *analysis.Pass, dir string) error {
	found := readDirectives(pass)
	for _, obj := range found.public {
		d.public[obj] = true
		pass.ExportObjectFact(obj, new(publicFact))
	}
	d.declares = found.defaults
	var err error
	if d.packages, d.broken, err = resolved(dir); err != nil {
		return err
	}
	resources, scopes := found.resources, []scope(nil)
	rules := map[string]*resourceFact{}
	for _, pkg := range d.packages {
		if !isOwn(pass, pkg) {
			continue
		}
		for _, g := range pkg.Guarded {
			if obj := routes.Named(pass.Pkg, g.Name); obj != nil {
				d.guarded[obj] = g.By
				pass.ExportObjectFact(obj, &guardedFact{g.By})
			}
		}
		for _, s := range pkg.Scopes {
			scopes = append(scopes, scope{s.Value, s.Const})
		}
		for _, r := range pkg.Resources {
			resources = append(resources, pass.Pkg.Scope().Lookup(r.Type))
			rules[r.Type] = rulesOf(r)
			for _, s := range r.Scopes {
				scopes = append(scopes, scope{s.Value, s.Const})
			}
		}
	}
	for _, obj := range resources {
		// A file of another build may declare the type, so that obj is something else.
		if t, ok := obj.(*types.TypeName); ok && !t.IsAlias() && !d.resources[t] {
			d.resources[t], d.declares = true, true
			fact := new(resourceFact)
			if known := rules[t.Name()]; known != nil {
				fact = known
				d.rules[t] = known
			}
			pass.ExportObjectFact(t, fact)
		}
	}
	if len(scopes) > 0 {
		d.addScopes(pass.Pkg, scopes)
		pass.ExportPackageFact(&scopesFact{scopes})
	}
	return nil
}

// rulesOf returns what the checks know of a resource.
func rulesOf(r *model.Resource) *resourceFact {
	fact := &resourceFact{Key: r.Key}
	for _, m := range r.Methods {
		text := m.Requires.String()
		switch {
		case m.Public:
			text = "nothing"
		case m.Authenticated:
			text = "any valid token"
		}
		if m.Anonymous {
			text = "anonymous or " + text
		}
		fact.Requires = append(fact.Requires, methodRequires{m.Name, text})
	}
	if r.Super != nil {
		fact.Super = r.Super.Base.Type
	}
	return fact
}

func (d *declarations) addScopes(pkg *types.Package, scopes []scope) {
	for _, s := range scopes {
		d.scopes[s.Value] = append(d.scopes[s.Value], declaredScope{s, pkg})
	}
}

// sortScopes puts the declarations of each scope in order, those of the package
// itself first.
func (d *declarations) sortScopes(own *types.Package) {
	imported := func(s declaredScope) int {
		if s.pkg == own {
			return 0
		}
		return 1
	}
	for _, list := range d.scopes {
		slices.SortFunc(list, func(a, b declaredScope) int {
			return cmp.Or(cmp.Compare(imported(a), imported(b)), cmp.Compare(a.pkg.Path(), b.pkg.Path()), cmp.Compare(a.Const, b.Const))
		})
	}
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
// "" for a file of cgo. The output of cgo lies in another folder, under any name,
// and has line directives with the name of its source.
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

// directed reports whether a comment of the package is a directive of the tool.
func directed(pass *analysis.Pass) bool {
	return anyComment(pass, func(text string) bool { return strings.HasPrefix(text, "//"+annotations.Tool+":") })
}

func anyComment(pass *analysis.Pass, holds func(string) bool) bool {
	for _, file := range pass.Files {
		for _, group := range file.Comments {
			if slices.ContainsFunc(group.List, func(c *ast.Comment) bool { return holds(c.Text) }) {
				return true
			}
		}
	}
	return false
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

// resolved returns what is to be generated in a folder, or that the input is wrong,
// which [Stale] reports: the directives are known all the same.
func resolved(dir string) (packages []*model.Package, broken bool, err error) {
	packages, err = generator.Packages(context.Background(), generator.Config{Dir: dir})
	var diags diag.List
	if errors.As(err, &diags) {
		return nil, true, nil
	}
	return packages, false, err
}

// isOwn reports whether a package of the folder is that of the pass: a folder may
// have external tests as well.
func isOwn(pass *analysis.Pass, p *model.Package) bool { return p.Name == pass.Pkg.Name() }

// isOutput reports whether webapi-gen has written a file, by its name and its
// generated line as the generator does.
func isOutput(pass *analysis.Pass, file *ast.File) bool {
	name := filepath.Base(fileName(pass, file.FileStart))
	if name != model.CatalogFile && !strings.Contains(name, "_webapi") {
		return false
	}
	for _, group := range file.Comments {
		for _, c := range group.List { // a licence may precede it
			if c.Slash < file.Package && strings.TrimSuffix(c.Text, "\r") == templates.Header {
				return true
			}
		}
	}
	return false
}

// directives has the declarations with a directive. The generator reads
// directives in full and reports mistakes.
type directives struct {
	resources, public []types.Object
	defaults          bool
}

func readDirectives(pass *analysis.Pass) directives {
	var found directives
	read := func(name *ast.Ident, docs ...*ast.CommentGroup) {
		obj := pass.TypesInfo.Defs[name]
		if obj == nil {
			return
		}
		for _, doc := range docs {
			if hasDirective(doc, annotations.DirectiveResource) {
				found.resources = append(found.resources, obj)
			}
			if hasDirective(doc, annotations.DirectivePublic) {
				found.public = append(found.public, obj)
			}
		}
	}
	for _, file := range pass.Files {
		found.defaults = found.defaults || hasDirective(file.Doc, annotations.DirectiveDefaults)
		for _, decl := range file.Decls {
			switch decl := decl.(type) {
			case *ast.FuncDecl:
				read(decl.Name, decl.Doc)
			case *ast.GenDecl:
				for _, spec := range decl.Specs {
					if spec, ok := spec.(*ast.TypeSpec); ok && decl.Lparen.IsValid() {
						read(spec.Name, spec.Doc)
					} else if ok {
						read(spec.Name, spec.Doc, decl.Doc)
					}
				}
			}
		}
	}
	return found
}

func hasDirective(doc *ast.CommentGroup, name string) bool {
	return doc != nil && slices.ContainsFunc(doc.List, func(c *ast.Comment) bool {
		d, ok := ast.ParseDirective(c.Slash, c.Text)
		return ok && d.Tool == annotations.Tool && d.Name == name
	})
}
