package annotations

import (
	"go/ast"
	"go/doc"
	"go/token"
	"slices"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// A Package is what is written about one Go package in its source files, in a spec, or in
// both. It has no defaults, and its values are not checked.
type Package struct {
	Dir      string // the folder, as in the paths of its files
	Name     Text   // from a package clause or a spec
	External bool   // a package of external tests, NAME_test

	// Constrained reports whether some builds leave out all files of the package.
	Constrained bool

	// Incomplete reports whether a part of the input was rejected, which is missing here.
	Incomplete bool

	// LacksDeclarations reports whether more than keys of incomplete resources may be
	// missing.
	LacksDeclarations bool

	Types     []*Type
	Literals  []*Type // struct types that embed something and are not those of Types
	Methods   []Method
	Idents    []Ident // package-level declarations other than types
	Imports   []Import
	Resources []Resource
	Scopes    []Scope
	Implies   []Implication
	Aliases   []ScopeAlias
	Defaults  []Defaults
	Public    []Public
	Guarded   []Guarded
}

// Unannotated reports whether the package has no directives, not even rejected ones.
func (p *Package) Unannotated() bool {
	return !p.Incomplete && len(p.Resources)+len(p.Scopes)+len(p.Implies)+len(p.Aliases)+len(p.Defaults)+len(p.Public)+len(p.Guarded) == 0
}

// Text is a string of the input with its position. The zero value is one that is not
// written.
type Text struct {
	Pos   token.Position
	Value string
	Raw   bool // the input has Value at Pos without quotes and for this use alone, so a fix can replace it
}

// SetFix gives a diagnostic about the text the fix to replace it, if the text is raw.
func (t Text) SetFix(d *diag.Diagnostic, replacement string) {
	if t.Raw {
		edit := diag.Edit{Offset: t.Pos.Offset, End: t.Pos.Offset + len(t.Value), New: replacement}
		d.SetFix("write "+replacement, edit)
	}
}

// Written reports whether the text is written in the input.
func (t Text) Written() bool { return t.Pos.IsValid() }

// A File has the properties of a Go source file that its outputs depend on.
type File struct {
	Name       string // without the folder
	Test       bool   // NAME_test.go
	Constraint string // build constraint, without "//go:build "; "" if there is none
	Suffix     string // the PlatformSuffix of the name
}

// Constrained reports whether some builds leave out the file.
func (f *File) Constrained() bool { return f.Constraint != "" || f.Suffix != "" }

// A TypeKind is the kind of a type declaration.
type TypeKind int

// The kinds of type declarations.
const (
	Defined   TypeKind = iota // a type that can have methods
	Alias                     // type A = B
	Interface                 // type I interface{...}
	Pointer                   // type P *T
)

// A Type is a type declaration at package level.
type Type struct {
	Name   Text
	File   *File
	Kind   TypeKind
	Params int    // number of type parameters
	Of     string // T in type U T and type U = T, if it is of the same package
	Embeds []Embed
	Fields []Text // named fields

	doc *ast.CommentGroup
}

// Synopsis returns the first sentence of the type's doc comment.
func (t *Type) Synopsis() string {
	if t.doc == nil {
		return ""
	}
	return new(doc.Package).Synopsis(t.doc.Text())
}

// String returns the type for messages.
func (t *Type) String() string {
	if t.Name.Value == "" {
		return "a struct type"
	}
	return "type " + t.Name.Value
}

// An Embed is an embedded field of a struct.
type Embed struct {
	Field   Text // the name of the field, and of its type
	Local   bool // the type is declared in the same package
	Pointer bool
}

// A Method is a method declaration of the package.
type Method struct {
	Receiver string // name of the receiver's type
	Name     Text
	File     *File
}

// An Ident is a package-level constant, variable or function.
type Ident struct {
	Name Text
	File *File
}

// An Import is a name that an import declares in a file. The name of an import without one
// is taken to be the last element of its path that is no version, and that of a dot import is
// a dot.
type Import struct {
	Name    Text
	Guessed bool // the name is that of the package, which the file does not say
	Path    string
}

// A Resource is what is written about one resource.
type Resource struct {
	Pos     token.Position // of the directive, or of the entry of the spec
	Type    Text
	Decl    *Type // the annotated declaration; nil for an entry of a spec
	Declare bool  // the spec has declare: true

	// Incomplete reports whether some of its keys were rejected.
	Incomplete bool

	Settings  Settings
	Requires  []Require
	Describes []Describe
}

// Settings are the keys that a directive or an entry has, each once.
type Settings []Setting

// A Setting is a key with its value.
type Setting struct {
	Key string
	Value
}

// Value returns the value of a key, and false if the key is not written.
func (s Settings) Value(key string) (Value, bool) {
	for _, setting := range s {
		if setting.Key == key {
			return setting.Value, true
		}
	}
	return Value{}, false
}

// Keys returns the keys, sorted.
func (s Settings) Keys() []string {
	keys := make([]string, len(s))
	for i := range s {
		keys[i] = s[i].Key
	}
	slices.Sort(keys)
	return keys
}

// Text returns the value of a key that has a single text.
func (s Settings) Text(key string) Text {
	if v, ok := s.Value(key); ok && len(v.Items) == 1 {
		return v.Items[0].Value
	}
	return Text{}
}

// Method returns an operation from the value of a key that is a list or a map of them, and
// the zero Text if it is not there.
func (s Settings) Method(key, method string) Text {
	v, _ := s.Value(key)
	for _, item := range v.Items {
		for _, t := range []Text{item.Key, item.Value} {
			if t.Value == method {
				return t
			}
		}
	}
	return Text{}
}

// A Value is the value of a key.
type Value struct {
	Pos   token.Position
	Items []Item // one, or those of a list or a map
}

// An Item is an element of a value.
type Item struct {
	Key   Text // of a map only
	Value Text
}

// A Require is an alternative of the requirement of operations.
type Require struct {
	Pos     token.Position
	Methods []Text
	Scopes  []Text // all are required
}

// A Describe is a text about an action's scope.
type Describe struct {
	Action, Text Text
}

// A Scope is a scope that the package declares besides those of its resources.
type Scope struct {
	Scope, Text Text // Text is not written if another package declares the scope
}

// An Implication is a scope with the scopes that it grants.
type Implication struct {
	Scope   Text
	Implied []Text // at least one
}

// A ScopeAlias is a scope that is accepted in place of another one.
type ScopeAlias struct {
	Old, New Text
	Until    Text // a date
}

// Defaults are the settings that the package's resources inherit.
type Defaults struct {
	Pos      token.Position
	Settings Settings
}

// A Public is a type or function that is deliberately unguarded.
type Public struct {
	Pos    token.Position
	Name   Text // of the type or function
	Reason Text
}

// A Guarded is a function that guards the handlers that it wraps without the guard of a
// resource.
type Guarded struct {
	Pos  token.Position
	Name Text // of the function
	By   Text // what guards them
}
