package annotations

import (
	"go/ast"
	"go/doc"
	"go/token"
	"slices"

	"github.com/webapi-gen/webapi-gen/annotations/diag"
)

// A Package is what was written about one Go package: in its source files, in
// a spec, or in both. It knows no default and judges nothing.
type Package struct {
	Dir      string // the folder, as the paths of its files show it
	Name     Text   // from a package clause or a spec
	External bool   // a package of external tests, NAME_test

	// Constrained says that some builds leave out all files of the package.
	Constrained bool

	// Incomplete says that something was refused while the package was read.
	// What is missing here may stand in the input all the same.
	Incomplete bool

	// LacksDeclarations says that what was refused may be more than keys of resources that are
	// there, and are incomplete themselves.
	LacksDeclarations bool

	Types     []*Type
	Literals  []*Type // struct types without a name at package level that embed something
	Methods   []Method
	Idents    []Ident // package-level declarations other than types
	Resources []Resource
	Scopes    []Scope
	Defaults  []Defaults
	Public    []Public
}

// Unannotated reports whether the package says nothing to the tool.
func (p *Package) Unannotated() bool {
	return !p.Incomplete && len(p.Resources)+len(p.Scopes)+len(p.Defaults)+len(p.Public) == 0
}

// Text is a piece of the input and its place. The zero value was not written.
type Text struct {
	Pos   token.Position
	Value string
	Raw   bool // the input has Value at Pos as it is, and for this alone, so that it can be mended there
}

// SetFix gives a diagnostic about the text the fix to write something else for it,
// if the text is raw.
func (t Text) SetFix(d *diag.Diagnostic, instead string) {
	if t.Raw {
		d.SetFix("write "+instead, t.edit(instead))
	}
}

func (t Text) edit(instead string) diag.Edit {
	return diag.Edit{Offset: t.Pos.Offset, End: t.Pos.Offset + len(t.Value), New: instead}
}

// Written reports whether the text stands in the input at all.
func (t Text) Written() bool { return t.Pos.IsValid() }

// A File is a Go source file as far as its output depends on it.
type File struct {
	Name       string // without the folder
	Test       bool   // NAME_test.go
	Constraint string // build constraint, without "//go:build "; "" if there is none
	Suffix     string // "_linux", "_amd64" or "_linux_amd64", as the name implies a constraint; else ""
}

// Constrained reports whether some builds leave the file out.
func (f *File) Constrained() bool { return f.Constraint != "" || f.Suffix != "" }

// A TypeKind is what a type declaration declares, as far as methods go.
type TypeKind int

// The forms.
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
	Of     string // the type of the same package that it is declared as: type T Of
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

// String returns the type as an error message names it.
func (t *Type) String() string {
	if t.Name.Value == "" {
		return "a struct type"
	}
	return "type " + t.Name.Value
}

// An Embed is an embedded field of a struct.
type Embed struct {
	Field   Text // the name of the field, which is the name of its type
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

// A Resource is what was written about one resource.
type Resource struct {
	Pos     token.Position // of the directive, or of the entry of the spec
	Type    Text
	Decl    *Type // the annotated declaration; nil for an entry of a spec
	Declare bool  // the spec wants the type to be declared

	// Incomplete says that some of its keys were refused.
	Incomplete bool

	Settings  Settings
	Requires  []Require
	Describes []Describe
}

// Settings are the keys of a directive or an entry that were written, each once:
// so few that it takes no map to find one.
type Settings []Setting

// A Setting is a key with its value.
type Setting struct {
	Key string
	Value
}

// Value returns the value of a key. It is false if the key is not written.
func (s Settings) Value(key string) (Value, bool) {
	for i := range s {
		if s[i].Key == key {
			return s[i].Value, true
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

// Text returns the value of a key that holds a single text.
func (s Settings) Text(key string) Text {
	if v, ok := s.Value(key); ok && len(v.Items) == 1 {
		return v.Items[0].Value
	}
	return Text{}
}

// Method returns the method as it is written in a key that holds a list or map
// of methods.
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
	Items []Item // one for a single text, any number for a list or a map
}

// An Item is an element of a value.
type Item struct {
	Key   Text // of a map only
	Value Text
}

// A Require is one alternative of what methods require.
type Require struct {
	Pos     token.Position
	Methods []Text
	Scopes  []Text // all of them
}

// A Describe is the text of an action's scope.
type Describe struct {
	Action, Text Text
}

// A Scope is a scope that the package declares besides those of its resources.
type Scope struct {
	Scope, Text Text // Text is not written if another package declares the scope
}

// Defaults are what the package's resources inherit.
type Defaults struct {
	Pos      token.Position
	Settings Settings
}

// A Public is a type or function that is unguarded on purpose.
type Public struct {
	Pos    token.Position
	Name   Text // of the type or function
	Reason Text
}

// keysOf returns the keys that a directive of that name takes.
func keysOf(directive string) []Key {
	d, _ := FindDirective(directive)
	return d.Keys
}
