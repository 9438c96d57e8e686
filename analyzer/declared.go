package analyzer

import (
	"go/types"
	"reflect"

	"golang.org/x/tools/go/analysis"

	"github.com/webapi-gen/webapi-gen/model"
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
		runtime: importsRuntime(pass.Pkg),
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
