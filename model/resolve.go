package model

import (
	"cmp"
	"go/token"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"
	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// Resolve returns what is meant by what was written in the Go files of a
// package, in its spec, or in both; either may be nil. If there is any
// diagnostic, the package must not be used.
func Resolve(source, spec *annotations.Package) (*Package, diag.List) {
	r := &resolver{certain: map[place]bool{}}
	r.merge(source, spec)
	count := len(r.written.Resources)
	r.byType = make(map[string][]*resource, count)
	r.resources = make([]*resource, 0, count)
	r.defaults = r.resolveDefaults()
	inParts(r, r.written.Resources, (*resolver).addResource)
	for _, res := range r.resources {
		r.byType[res.Type] = append(r.byType[res.Type], res)
	}
	r.nameFiles()
	r.sortResources()
	r.supers()
	inParts(r, r.resources, func(r *resolver, res *resource) { r.about(res, r.ownScopes) })
	r.declareScopes()
	r.allRequirements()
	r.sortResources()
	r.variants()
	r.atOnce((*resolver).identClashes, (*resolver).fileClashes, (*resolver).methodClashes, (*resolver).shared, (*resolver).promotions, (*resolver).publics)
	if r.written.Incomplete {
		r.diags = slices.DeleteFunc(r.diags, func(d diag.Diagnostic) bool {
			return consequence(d) && (r.written.Lost || !r.certain[placeOf(d)])
		})
	}
	r.diags.Sort()
	return r.pkg(), r.diags
}

// sortResources makes the outcome independent of where in the input each
// resource stands.
func (r *resolver) sortResources() {
	slices.SortFunc(r.resources, func(a, b *resource) int {
		return cmp.Or(cmp.Compare(a.Name, b.Name), cmp.Compare(a.Type, b.Type), cmp.Compare(a.File.Name, b.File.Name))
	})
}

// consequence reports whether a diagnostic says that something is not there.
// Where a part of the input was refused, it may follow from that.
func consequence(d diag.Diagnostic) bool {
	switch d.Code {
	case diag.NotAnswered, diag.Undeclared, diag.UnknownAction, diag.SharedScope,
		diag.SharedPolicy, diag.PromotedGuard, diag.BadSuper:
		return true
	}
	return false
}

// A place is where a diagnostic stands, and of what kind it is.
type place struct {
	pos  token.Position
	code diag.Code
}

func placeOf(d diag.Diagnostic) place { return place{d.Pos, d.Code} }

// about calls do for a resource, and notes which diagnostics are certain even if
// keys of other resources were refused: what the resource does not answer or has
// no action for, and scopes under a scope name that is its own alone.
func (r *resolver) about(res *resource, do func(*resource)) {
	before := len(r.diags)
	do(res)
	if res.written.Incomplete {
		return
	}
	for _, d := range r.diags[before:] {
		if d.Code == diag.NotAnswered || d.Code == diag.UnknownAction || d.Code == diag.Undeclared && r.isOwn(res, d.Pos) {
			r.certain[placeOf(d)] = true
		}
	}
}

// isOwn reports whether the scope that a requirement of a resource names at pos
// is one that no other resource can yield: they would have to share its scope
// name, and it does not say that it does.
func (r *resolver) isOwn(res *resource, pos token.Position) bool {
	for _, w := range res.written.Requires {
		for _, t := range w.Scopes {
			if t.Pos == pos {
				action, own := strings.CutPrefix(t.Value, res.ScopeName+":")
				settings := res.written.Settings
				said := settings.Text(annotations.KeyScope).Written() || settings.Text(annotations.KeyPolicy).Written()
				return own && !said && !strings.Contains(action, ":")
			}
		}
	}
	return false
}

// A resolver holds what is known of one package while it is resolved.
type resolver struct {
	written   annotations.Package // source and spec in one
	types     map[string][]*annotations.Type
	defaults  defaults
	resources []*resource
	byType    map[string][]*resource
	declared  []Scope            // by the package itself
	scopes    map[string][]owner // who yields or declares a scope
	certain   map[place]bool     // diagnostics that follow from nothing that was refused
	diags     diag.List
}

// A resource is one while it is resolved: what it will mean, with what was written.
type resource struct {
	Resource
	written annotations.Resource
	decl    *annotations.Type // nil if the type is to be declared
	base    *resource         // the one that super= names
	idents  []string          // to be generated
}

// An owner is a resource that yields a scope, or nil for the package itself.
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
		r.written.Defaults = slices.Concat(source.Defaults, spec.Defaults)
		r.written.Incomplete = source.Incomplete || spec.Incomplete
		r.written.Lost = source.Lost || spec.Lost
		if spec.Name.Written() && source.Name.Value != spec.Name.Value {
			r.diags.Add(spec.Name.Pos, diag.PackageNames,
				"package is %q here, but %q in %s", spec.Name.Value, source.Name.Value, source.Name.Pos)
		}
	}
	r.types = make(map[string][]*annotations.Type, len(r.written.Types))
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
	}
	for _, res := range r.resources {
		p.Resources = append(p.Resources, &res.Resource)
	}
	p.Public = r.unguarded()
	return p
}
