// Package model says what is meant by what was written: it fills in defaults,
// derives names, checks everything and leaves nothing to be checked after it.
package model

import (
	"go/token"
	"slices"
)

// A Package is what is to be generated for one Go package.
type Package struct {
	Dir       string
	Name      string
	External  bool        // a package of external tests, which has no catalogue
	Resources []*Resource // by name, then type, then output file
	Scopes    []Scope     // declared by the package itself, by value
	Public    []Public    // unguarded on purpose, by name; those of tests are left out
}

// A Public is a type or function that is unguarded on purpose.
type Public struct {
	Name   string // TYPE, FUNCTION or TYPE:METHOD
	Reason string
}

// A Resource is a guard to be generated. A type that is declared in several
// files of different build constraints has one for each of them; they differ
// in File only.
type Resource struct {
	Pos          token.Position // where it is declared
	File         File
	Type         string
	TypeParams   int
	Declare      bool // the type itself is to be declared
	Name         string
	ScopeName    string
	Policy       string
	Key          string
	Description  string
	OAuth2       bool
	APITokens    bool
	Methods      []Method
	Scopes       []Scope // its own, one for each action
	Super        *Super
	Base         string   // what its constants begin with
	ExplicitKeys []string // the keys that the user wrote, in order
}

// A File is where a guard goes.
type File struct {
	Name       string // without the folder
	Constraint string // without "//go:build "
	Test       bool
}

// A Method is an HTTP method that a resource answers.
type Method struct {
	Name      string
	Action    string
	Anonymous bool
	Requires  Requirement
}

// A Scope is a constant to be generated.
type Scope struct {
	ScopeRef
	Pos     token.Position // of a scope that the package declares itself: where
	Action  string         // of a resource's scope
	Methods []string       // of a resource's scope: those whose requirement names it
	Text    string         // for people; may be ""
}

// A Super is the embedded field whose guard must let through as well.
type Super struct {
	Field   string
	Pointer bool
	Base    *Resource // the resource that the field is
}

// Catalogued returns one resource for each type that the catalogue lists.
func (p *Package) Catalogued() []*Resource {
	var list []*Resource
	for _, r := range p.Resources {
		if r.File.Test || len(list) > 0 && list[len(list)-1].Type == r.Type {
			continue
		}
		list = append(list, r)
	}
	return list
}

// HasCatalog reports whether the package has a catalogue.
func (p *Package) HasCatalog() bool {
	return !p.External && (len(p.Scopes) > 0 || slices.ContainsFunc(p.Resources, func(r *Resource) bool { return !r.File.Test }))
}

// Method returns the method of that name, if the resource answers it.
func (r *Resource) Method(name string) (Method, bool) {
	for _, m := range r.Methods {
		if m.Name == name {
			return m, true
		}
	}
	return Method{}, false
}
