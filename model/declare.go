package model

import (
	"cmp"
	"go/token"
	"reflect"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations/diag"

	"github.com/webapi-gen/webapi-gen/annotations"
)

// addResource resolves one written resource, once for each declaration of its
// type that it speaks of.
func (r *resolver) addResource(w annotations.Resource) {
	decls := r.declarations(w)
	if len(decls) == 0 {
		r.written.Incomplete, r.written.Lost = true, true
	}
	for _, decl := range decls {
		if !r.canBeResource(w, decl) {
			r.written.Incomplete, r.written.Lost = true, true
			continue
		}
		res := &resource{written: w, decl: decl}
		r.describeType(res)
		r.ownValues(res)
		r.about(res, r.methods)
		r.resources = append(r.resources, res)
	}
}

// declarations returns the declarations of the type that a written resource
// speaks of: the annotated one, or all of that name for an entry of a spec.
// A nil one stands for a type that is to be declared.
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
			name, annotations.Suggest(name, r.typeNames()))
	}
	return decls
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
	case decl.Form == annotations.Alias && len(r.types[decl.Of]) > 0:
		why = "it is an alias and can have no methods of its own; annotate " + decl.Of
	case decl.Form == annotations.Alias:
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

// form returns the form of a declaration, which is that of the type Of for
// type T Of.
func (r *resolver) form(decl *annotations.Type) annotations.Form {
	for range r.written.Types { // more steps than there are types go in a circle
		of := r.types[decl.Of]
		if len(of) == 0 {
			break
		}
		decl = of[0]
	}
	return decl.Form
}

// describeType takes over what the declaration says.
func (r *resolver) describeType(res *resource) {
	res.Type = res.written.Type.Value
	res.Pos = res.written.Pos
	res.Base = stem(res.Type)
	res.Declare = res.decl == nil
	res.Said = res.written.Settings.Keys()
	if res.decl != nil {
		res.TypeParams = res.decl.Params
		res.Description = visible(res.decl.Synopsis())
		res.File.Constraint = res.decl.File.Constraint
		res.File.Test = res.decl.File.Test
	}
}

// variants checks that a type is a resource once: by one input, and in the same
// way in all files that declare it for different builds.
func (r *resolver) variants() {
	for _, list := range r.byType {
		slices.SortFunc(list, func(a, b *resource) int { return comparePos(a.Pos, b.Pos) })
		first := list[0]
		for _, again := range list[1:] {
			r.variant(first, again)
		}
		if first.written.Decl != nil {
			r.unannotated(first, list)
		}
	}
}

// variant checks one further resource of the same type.
func (r *resolver) variant(first, again *resource) {
	switch {
	case first.written.Decl == nil && first.Pos == again.Pos: // one entry of a spec, several declarations
	case first.written.Decl == nil || again.written.Decl == nil:
		r.diags.Add(again.Pos, diag.DeclaredTwice, "type %s is a resource already, see %s", again.Type, first.Pos)
	case !first.constrained() || !again.constrained():
		r.diags.Add(again.Pos, diag.DeclaredTwice, "type %s is declared already, see %s", again.Type, first.Pos)
	case !sameMeaning(first.Resource, again.Resource):
		r.diags.Add(again.Pos, diag.DeclaredTwice, "type %s must be annotated as in the file for other builds, see %s", again.Type, first.Pos)
	}
}

// unannotated reports declarations of a resource's type, for other builds, that
// are no resources.
func (r *resolver) unannotated(first *resource, list []*resource) {
	for _, t := range r.types[first.Type] {
		if !slices.ContainsFunc(list, func(o *resource) bool { return o.decl == t }) {
			r.diags.Add(t.Name.Pos, diag.DeclaredTwice, "type %s is a resource in %s and must be annotated here as well", first.Type, first.Pos)
		}
	}
}

func comparePos(a, b token.Position) int {
	return cmp.Or(cmp.Compare(a.Filename, b.Filename), cmp.Compare(a.Line, b.Line), cmp.Compare(a.Column, b.Column))
}

// sameMeaning reports whether two resources differ in their file at most.
func sameMeaning(a, b Resource) bool {
	for _, r := range []*Resource{&a, &b} {
		r.File, r.Pos, r.Description, r.Super, r.Said = File{}, b.Pos, "", nil, nil
	}
	return reflect.DeepEqual(a, b)
}
