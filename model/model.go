// Package model resolves what was written to what is meant: it fills in defaults,
// derives names and checks everything, so that later stages need no checks.
package model

import (
	"go/token"
	"slices"
	"strings"

	"github.com/webapi-gen/webapi-gen/annotations"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// A Package describes what to generate for one Go package.
type Package struct {
	Dir       string
	Name      string
	External  bool        // a package of external tests, which has no catalogue
	Resources []*Resource // sorted by name, type and output file
	Scopes    []Scope     // declared by the package itself, sorted by value
	Aliases   []Alias     // sorted by the old scope
	Public    []Public    // unguarded on purpose, sorted by name, without those of test files
	Guarded   []Guarded   // functions that guard in a way of their own, sorted by name, without those of test files

	TestClashes diag.List // errors if the package gets contract tests
}

// A Guarded is a function that guards the handlers that it wraps in a way of its own.
type Guarded struct {
	Name string // FUNCTION or TYPE:METHOD
	By   string
}

// A Public is a type or function that is unguarded on purpose.
type Public struct {
	Name   string // TYPE, FUNCTION or TYPE:METHOD
	Reason string
}

// A Resource is a type with a guard to generate. A type that is declared in
// several files with different build constraints has a Resource for each of them,
// which differ in Pos, File, Description, Super and ExplicitKeys only.
type Resource struct {
	Pos          token.Position // where it is declared
	File         File
	Type         string
	TypeParams   int
	Declare      bool // the generated file declares the type
	Name         string
	ScopeName    string
	Format       string // of its scopes
	Policy       string
	Key          string
	Description  string
	OAuth2       bool
	APITokens    bool
	Methods      []Method
	Scopes       []Scope // its own that something requires, one for each action
	Grants       []Grant // of the scopes that its methods declare
	Super        *Super
	Base         string   // prefix of its constants
	ExplicitKeys []string // the keys that the user wrote, in order
}

// A File is the output file of a guard.
type File struct {
	Name       string // without the folder
	Constraint string // without "//go:build "
	Test       bool
}

// A Method is an operation that a resource answers: an HTTP method, or a named one of a
// method. At most one of Public, Anonymous and Authenticated is set. A method that is public
// or authenticated requires no scopes.
type Method struct {
	Name          string // METHOD or METHOD/name
	Action        string
	Public        bool   // no credentials are looked at
	Anonymous     bool   // it is open to a request without credentials
	Authenticated bool   // it is open to any valid token
	StepUp        StepUp // unless it is public or anonymous
	Requires      Requirement
	Added         int // how many alternatives, the last of Requires, implications and aliases add
}

// Declared returns the requirement without what implications and aliases add to it.
func (m Method) Declared() Requirement { return m.Requires[:len(m.Requires)-m.Added] }

// A Scope is a scope with a constant to generate.
type Scope struct {
	ScopeRef
	Pos     token.Position // of the declaration, for a scope that the package declares itself
	Action  string         // for a resource's scope
	Methods []string       // for a resource's scope: those that declare it as their requirement
	Implies []string       // the scopes that it grants, sorted
	Text    string         // description for users; may be ""
}

// A Super is the embedded field whose guard must allow a request as well.
type Super struct {
	Field   string
	Pointer bool
	Base    *Resource // the resource that is the type of the field
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

// Operations returns the named operations.
func (r *Resource) Operations() []Method {
	return slices.DeleteFunc(slices.Clone(r.Methods), func(m Method) bool { return !m.Named() })
}

// Named reports whether the method is a named operation.
func (m Method) Named() bool { return strings.Contains(m.Name, "/") }

// answering returns the method that answers an operation as that of a super: the one of that
// name, else that of its HTTP method.
func (r *Resource) answering(operation string) (Method, bool) {
	if m, ok := r.Method(operation); ok {
		return m, true
	}
	method, _ := annotations.CutOperation(operation)
	return r.Method(method)
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
