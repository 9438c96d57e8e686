package model

import (
	"cmp"
	"go/token"
	"reflect"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// Resolve returns the package that the Go files of a package, its spec, or both
// describe; either may be nil. If there is any diagnostic, the package must not
// be used.
func Resolve(source, spec *annotations.Package) (*Package, diag.List) {
	r := &resolver{
		certain:   map[diagKey]bool{},
		needed:    map[string]bool{},
		forms:     map[*annotations.Type]annotations.TypeKind{},
		stands:    map[string]string{},
		promoting: map[*annotations.Type]promotion{},
		rejected:  map[string]bool{},
	}
	r.merge(source, spec)
	r.byType = map[string][]*resource{}
	r.defaults = r.resolveDefaults()
	for _, w := range r.written.Resources {
		r.addResource(w)
	}
	for _, res := range r.resources {
		r.byType[res.Type] = append(r.byType[res.Type], res)
	}
	r.nameFiles()
	r.sortResources()
	r.supers()
	for _, res := range r.resources {
		r.resolve(res, r.ownScopes)
	}
	r.declareScopes()
	r.implications()
	for _, res := range r.resources {
		r.resolve(res, r.requirements)
	}
	r.neededScopes()
	r.impliedScopes()
	for _, res := range r.resources {
		res.idents = res.Idents()
	}
	r.unansweredDefaults()
	r.sortResources()
	r.variants()
	r.identClashes()
	r.fileClashes()
	r.methodClashes()
	r.duplicates()
	r.promotions()
	r.publics()
	if r.written.Incomplete {
		r.diags = slices.DeleteFunc(r.diags, func(d diag.Diagnostic) bool {
			return cascading(d) && (r.written.LacksDeclarations || !r.certain[keyOf(d)])
		})
	}
	r.diags.Sort()
	return r.pkg(), r.diags
}

// sortResources makes the result independent of the order of the input.
func (r *resolver) sortResources() {
	slices.SortFunc(r.resources, func(a, b *resource) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Type, b.Type), cmp.Compare(a.File.Name, b.File.Name))
	})
}

// cascading reports whether a diagnostic is about something missing. It may be a
// cascading error where a part of the input was rejected.
func cascading(d diag.Diagnostic) bool {
	switch d.Code {
	case diag.NotAnswered, diag.Undeclared, diag.UnknownAction, diag.SharedScope,
		diag.SharedPolicy, diag.PromotedGuard, diag.BadSuper:
		return true
	}
	return false
}

// A diagKey identifies a diagnostic by its position and code.
type diagKey struct {
	pos  token.Position
	code diag.Code
}

func keyOf(d diag.Diagnostic) diagKey { return diagKey{d.Pos, d.Code} }

// resolve calls do for a resource, and records which diagnostics are certain even
// if keys of other resources were rejected: methods that the resource does not
// answer, actions that it does not have, and undeclared scopes whose prefix no
// other resource shares.
func (r *resolver) resolve(res *resource, do func(*resource)) {
	before := len(r.diags)
	do(res)
	if res.written.Incomplete {
		return
	}
	if len(r.diags) == before {
		return
	}
	own := map[token.Position]bool{}
	for _, w := range res.written.Requires {
		for _, t := range w.Scopes {
			own[t.Pos] = res.isOwn(t.Value)
		}
	}
	for _, d := range r.diags[before:] {
		if d.Code == diag.NotAnswered || d.Code == diag.UnknownAction || d.Code == diag.Undeclared && own[d.Pos] {
			r.certain[keyOf(d)] = true
		}
	}
}

// isOwn reports whether a scope can be yielded by the resource only: another one would
// have to share its scope name, which the resource does not acknowledge.
func (res *resource) isOwn(scope string) bool {
	const anyAction = "{action}"
	shared := res.explicit(annotations.KeyScope) || res.explicit(annotations.KeyPolicy)
	pattern := formatScope(strings.ReplaceAll(res.Format, "{ACTION}", anyAction), res.ScopeName, anyAction)
	before, after, _ := strings.Cut(pattern, anyAction)
	rest, hasBefore := strings.CutPrefix(scope, before)
	action, hasAfter := strings.CutSuffix(rest, after)
	return hasBefore && hasAfter && !shared && !strings.Contains(action, ":")
}

// A resolver holds the state of one call of Resolve.
type resolver struct {
	written   annotations.Package // source and spec in one
	types     map[string][]*annotations.Type
	defaults  defaults
	resources []*resource
	byType    map[string][]*resource
	declared  []Scope            // by the package itself, sorted by value
	scopes    map[string][]owner // by scope
	implied   *graph             // from a scope to those that it implies
	impliedBy *graph             // the reverse
	edges     []annotations.Text // the implied scopes
	aliases   map[string][]Alias // by the scopes that they grant
	accepted  []Alias
	needed    map[string]bool  // scopes that a requirement names
	certain   map[diagKey]bool // diagnostics that are no cascading errors
	diags     diag.List

	testClashes diag.List

	forms     map[*annotations.Type]annotations.TypeKind // results of form
	stands    map[string]string                          // results of unaliased
	promoting map[*annotations.Type]promotion            // results of promotionSearch.promoted
	rejected  map[string]bool                            // scope names of resources whose actions are not known
	unnamed   bool                                       // the scope name of a resource is not known
	compared  int                                        // names, to suggest one
}

// A resource is a Resource that is being resolved, with what was written for it.
type resource struct {
	*Resource // by itself, so that the result does not keep what was written
	written   annotations.Resource
	decl      *annotations.Type // nil if the generated file declares the type
	base      *resource         // the one that super= names
	supers    int               // length of its chain of supers
	unmapped  []string          // named operations that the method map does not have
	idents    []string          // that its files declare

	nameRejected, mapRejected bool // so that its scopes, or the actions of them, are not known
	requireRejected           bool // so that it is not known what it requires
}

// explicit reports whether the user wrote a key that holds a single text.
func (res *resource) explicit(key string) bool { return res.written.Settings.Text(key).Written() }

// An owner yields or declares a scope. The resource is nil for the package itself.
type owner struct {
	*resource
	constant string
	pos      token.Position
}

// merge joins the two inputs.
func (r *resolver) merge(source, spec *annotations.Package) {
	switch {
	case spec == nil:
		r.written = *source
	case source == nil:
		r.written = *spec
	default:
		r.written = *source
		r.written.Resources = slices.Concat(source.Resources, spec.Resources)
		r.written.Scopes = slices.Concat(source.Scopes, spec.Scopes)
		r.written.Implies = slices.Concat(source.Implies, spec.Implies)
		r.written.Aliases = slices.Concat(source.Aliases, spec.Aliases)
		r.written.Defaults = slices.Concat(source.Defaults, spec.Defaults)
		r.written.Incomplete = source.Incomplete || spec.Incomplete
		r.written.LacksDeclarations = source.LacksDeclarations || spec.LacksDeclarations
		if spec.Name.Written() && source.Name.Value != spec.Name.Value {
			r.diags.Add(spec.Name.Pos, diag.PackageNames,
				"package is %q here, but %q in %s", spec.Name.Value, source.Name.Value, source.Name.Pos)
		}
	}
	r.types = map[string][]*annotations.Type{}
	for _, t := range r.written.Types {
		r.types[t.Name.Value] = append(r.types[t.Name.Value], t)
	}
}

// pkg returns what was resolved.
func (r *resolver) pkg() *Package {
	p := &Package{
		Dir:      r.written.Dir,
		Name:     r.written.Name.Value,
		External: r.written.External,
		Scopes:   r.declared,
		Aliases:  r.accepted,
		Public:   r.unguarded(),
		Guarded:  r.guarding(),

		TestClashes: r.testClashes,
	}
	for _, res := range r.resources {
		p.Resources = append(p.Resources, res.Resource)
	}
	return p
}

// addResource resolves the type and the own keys of one written resource, once
// for each declaration of its type.
func (r *resolver) addResource(w annotations.Resource) {
	decls := r.declarations(w)
	if len(decls) == 0 {
		r.written.Incomplete, r.written.LacksDeclarations = true, true
	}
	for _, decl := range decls {
		if !r.canBeResource(w, decl) {
			r.written.Incomplete, r.written.LacksDeclarations = true, true
			continue
		}
		res := &resource{Resource: &Resource{}, written: w, decl: decl}
		r.describeType(res)
		r.ownValues(res)
		r.resolve(res, r.methods)
		r.resources = append(r.resources, res)
	}
}

// declarations returns the declarations of the type of a written resource: the
// annotated one, or all of that name for an entry of a spec. A nil element stands
// for a type that the generated file declares.
func (r *resolver) declarations(w annotations.Resource) []*annotations.Type {
	name := w.Type.Value
	if w.Decl != nil {
		return []*annotations.Type{w.Decl}
	}
	decls := r.types[name]
	switch {
	case w.Declare && len(decls) > 0:
		r.diags.Add(w.Type.Pos, diag.DeclaredTwice, "type %s has declare: true, but %s declares it", name, decls[0].Name.Pos)
		return nil
	case w.Declare && !canBeDeclared(name):
		r.diags.Add(w.Type.Pos, diag.BadName, "type %q cannot be declared: it is no Go identifier, or one that generated code uses", name)
		return nil
	case w.Declare:
		return []*annotations.Type{nil}
	case len(decls) == 0:
		r.diags.Add(w.Type.Pos, diag.UnknownType, "the package declares no type %q%s; write declare: true to have it declared",
			name, r.suggest(name, len(r.written.Types), r.typeNames))
	}
	return decls
}

// maxCompared is how many names are compared in all to suggest one for each that is not
// known. With many of both it would take long.
const maxCompared = 200_000

// suggest is [annotations.Suggest] with the n names that candidates returns, until
// maxCompared.
func (r *resolver) suggest(got string, n int, candidates func() []string) string {
	if r.compared += n; r.compared > maxCompared {
		return ""
	}
	return annotations.Suggest(got, candidates())
}

func (r *resolver) typeNames() []string {
	var names []string
	for _, t := range r.written.Types {
		names = append(names, t.Name.Value)
	}
	return names
}

// canBeResource reports whether methods can be declared on the type.
func (r *resolver) canBeResource(w annotations.Resource, decl *annotations.Type) bool {
	if decl == nil {
		return true
	}
	why := ""
	switch form := r.form(decl); {
	case strings.Trim(decl.Name.Value, "_") == "":
		why = "its name has no letter to name a file after"
	case decl.Kind == annotations.Alias && len(r.types[decl.Of]) > 0:
		why = "it is an alias and can have no methods of its own; annotate " + decl.Of
	case decl.Kind == annotations.Alias:
		why = "it is an alias and can have no methods of its own; annotate the type that it stands for, where that is declared"
	case form == annotations.Interface:
		why = "it is an interface and can have no guard; annotate the types that implement it"
	case form == annotations.Pointer:
		why = "it is a pointer type and can have no methods; annotate the type that it points to"
	default:
		return true
	}
	r.diags.Add(w.Type.Pos, diag.NotAResource, "type %s cannot be a resource: %s", decl.Name.Value, why)
	return false
}

// form returns the form of a declaration. The form of type T Of is that of Of.
func (r *resolver) form(decl *annotations.Type) annotations.TypeKind {
	if form, known := r.forms[decl]; known {
		return form
	}
	form := decl.Kind
	r.forms[decl] = form // a cycle ends here
	if of := r.types[decl.Of]; len(of) > 0 {
		form = r.form(of[0])
	}
	r.forms[decl] = form
	return form
}

// describeType sets the fields that follow from the declaration.
func (r *resolver) describeType(res *resource) {
	res.Type = res.written.Type.Value
	res.Pos = res.written.Pos
	res.Base = Base(res.Type)
	res.Declare = res.decl == nil
	res.ExplicitKeys = res.written.Settings.Keys()
	if res.decl != nil {
		res.TypeParams = res.decl.Params
		res.Description = visible(res.decl.Synopsis())
		res.File.Constraint = res.decl.File.Constraint
		res.File.Test = res.decl.File.Test
	}
}

// variants reports types that two inputs make resources, and types whose
// declarations for different builds are annotated differently.
func (r *resolver) variants() {
	for _, list := range r.byType {
		slices.SortFunc(list, func(a, b *resource) int { return diag.ComparePos(a.Pos, b.Pos) })
		first := list[0]
		for _, again := range list[1:] {
			r.variant(first, again)
		}
		if first.written.Decl != nil {
			r.unannotated(first, list)
		}
	}
}

// variant checks another resource of the same type.
func (r *resolver) variant(first, again *resource) {
	switch {
	case first.written.Decl == nil && first.Pos == again.Pos: // one entry of a spec, several declarations
	case first.written.Decl == nil || again.written.Decl == nil:
		r.diags.Add(again.Pos, diag.DeclaredTwice, "type %s is a resource already, see %s", again.Type, first.Pos)
	case !first.constrained() || !again.constrained():
		r.diags.Add(again.Pos, diag.DeclaredTwice, "type %s is declared already, see %s", again.Type, first.Pos)
	case !sameMeaning(*first.Resource, *again.Resource):
		r.diags.Add(again.Pos, diag.DeclaredTwice, "type %s must be annotated as in the file for other builds, see %s", again.Type, first.Pos)
	}
}

// unannotated reports declarations of a resource's type for other builds that are
// not annotated.
func (r *resolver) unannotated(first *resource, list []*resource) {
	for _, t := range r.types[first.Type] {
		if !slices.ContainsFunc(list, func(o *resource) bool { return o.decl == t }) {
			r.diags.Add(t.Name.Pos, diag.DeclaredTwice, "type %s is a resource in %s and must be annotated here as well", first.Type, first.Pos)
		}
	}
}

// sameMeaning reports whether two resources have the same guard.
func sameMeaning(a, b Resource) bool {
	for _, r := range []*Resource{&a, &b} {
		r.File, r.Pos, r.Description, r.Super, r.ExplicitKeys = File{}, b.Pos, "", nil, nil
	}
	return reflect.DeepEqual(a, b)
}
